--- JSON of anything the module returns, or of plain tables, and back.
-- Writing goes by the types of tables (see text/types.lua): an empty list is `[]`, an empty structure or map `{}`,
-- bytes are base64, members stand in the model's order and others sorted, secrets are "<hidden>". Reading gives tables
-- that know whether they were a list or an object.

local columns = require "dxconnect.text.columns"
local core = require "dxconnect.core"

local options_known = { pretty = "boolean", reveal = "boolean" }

--- A value as JSON.
-- @param value
-- @tparam[opt] table options `pretty = true` for lines of their own, `reveal = true` shows secrets
-- @treturn[1] string
-- @treturn[2] nil
-- @treturn[2] string what is wrong
-- @treturn[2] ?string where: a path like `connections[1].tags`, "" for the value itself
local function encode(value, options)
  local problem
  options, problem = columns.check_options(options, options_known)
  if not options then
    return nil, problem
  end
  return core.json_encode(value, options.pretty, options.reveal)
end

--- Reads JSON: null is nil, integers are Lua's, tables have the type `list` or `map`.
-- @tparam string text of at most two million values, 64 deep
-- @return[1] the value
-- @return[2] nil
-- @treturn[2] string what is wrong, without anything of the text
local function decode(text)
  return core.json_decode(text)
end

return { encode = encode, decode = decode }
