--- Help at the REPL: `dxconnect.help()` and `dxconnect.help(name)` return text. `lookup.lua` finds names.
-- The first page is kept as text, so that `dxconnect help` costs little beside starting; it is made anew where the
-- model has other operations than it had then.

local operations = require "dxconnect.operations"

local function first_page()
  local saved, methods = require "dxconnect.help.overview", {}
  for i, op in ipairs(operations.operations) do
    methods[i] = op.method
  end
  if table.concat(methods, " ") == saved.methods then
    return saved.text
  end
  return require("dxconnect.help.lookup").text("")
end

--- Text about the module, or about what has that name.
-- @tparam[opt] string name an operation in either spelling, a topic, a shape, a function, an option, a state to wait
-- for, "errors", "retries", "options", "waiters", "meta", "command", or a word to look for
-- @treturn string
local function help(name)
  if name == nil then
    return first_page()
  end
  return require("dxconnect.help.lookup").text(name)
end

return help
