--- Checks of what a caller gives: that arguments are tables, and the nearest name to a misspelt one.
-- Arguments of a wrong type are a misuse of Lua and raise with the caller's line. Levels count as for `error`: 1 is the
-- function that calls the check, 2 the function that called that one.

local core = require "dxconnect.core"
local errors = require "dxconnect.errors"

--- Raises unless the value is a table.
-- @tparam string what names the value, as in "batch: item 3"
-- @param value
-- @tparam[opt=2] integer level
local function is_table(what, value, level)
  if type(value) ~= "table" then
    error(("%s must be a table, got a %s"):format(what, type(value)), (level or 2) + 1)
  end
end

--- Raises unless the value is a table or nil.
-- @tparam string what
-- @param value
-- @tparam[opt=2] integer level
local function is_table_or_nil(what, value, level)
  if value ~= nil and type(value) ~= "table" then
    error(("%s must be a table, got a %s"):format(what, type(value)), (level or 2) + 1)
  end
end

--- Raises unless the params and the options of a call are tables or nil.
-- @tparam string name of the function or method, for the message
-- @param params
-- @param options
-- @tparam[opt=2] integer level
local function arguments(name, params, options, level)
  if params ~= nil and type(params) ~= "table" then
    error(("%s: params must be a table, got a %s"):format(name, type(params)), (level or 2) + 1)
  elseif options ~= nil and type(options) ~= "table" then
    error(("%s: options must be a table, got a %s"):format(name, type(options)), (level or 2) + 1)
  end
end

--- The nearest of the known names to a misspelt one; nil where none is near. Never one that means the opposite.
-- @param name of any type
-- @tparam {string,...} known in the order that decides between names equally near
-- @treturn ?string
local function nearest(name, known)
  return type(name) == "string" and core.nearest(name, known) or nil
end

--- The end of a message about an unknown name: "; did you mean NAME?", or "" where none is near.
-- @param name of any type
-- @tparam {string,...} known
-- @treturn string
local function suggestion(name, known)
  local near = nearest(name, known)
  return near and "; did you mean " .. near .. "?" or ""
end

--- The message about an unknown name: "there is no option NAME; did you mean OTHER?".
-- @tparam string what "option", "state", …
-- @param name of any type
-- @tparam {string,...} known
-- @treturn string
local function unknown(what, name, known)
  return ("there is no %s %s%s"):format(what, type(name) == "string" and errors.shown(name) or "named by a "
    .. type(name), suggestion(name, known))
end

--- Adds a problem for each option that does not exist.
-- @tparam table options
-- @tparam {string,...} known
-- @tparam {table,...} problems list of `{path, message}`, added to
local function known_options(options, known, problems)
  local is_known, unknown_names = {}, {}
  for _, name in ipairs(known) do
    is_known[name] = true
  end
  for name in pairs(options) do
    if not is_known[name] then
      unknown_names[#unknown_names + 1] = name
    end
  end
  table.sort(unknown_names, function(a, b)
    return tostring(a) < tostring(b)
  end)
  for _, name in ipairs(unknown_names) do
    problems[#problems + 1] = { path = "", message = unknown("option", name, known) }
  end
end

return {
  is_table = is_table,
  is_table_or_nil = is_table_or_nil,
  arguments = arguments,
  nearest = nearest,
  suggestion = suggestion,
  unknown = unknown,
  known_options = known_options,
}
