--- JSON documents of credentials, read and written by a decoder instance of our own.
-- No content of a document goes into an error. The decoder's messages quote it, so they are dropped.

local json = require("cjson").new()

json.decode_max_depth(32)
json.decode_invalid_numbers(false)
json.encode_sparse_array(true) -- as an object: what was read is written, whatever it looks like

local function without_null(t)
  for key, value in pairs(t) do
    if value == json.null then
      t[key] = nil
    elseif type(value) == "table" then
      without_null(value)
    end
  end
  return t
end

--- Reads a document.
-- @tparam string text
-- @treturn ?table the object; nil where it is none. Members that are null are absent.
local function read(text)
  local ok, value = pcall(json.decode, text)
  if ok and type(value) == "table" and value[1] == nil then
    return without_null(value)
  end
  return nil
end

--- Writes a document.
-- @tparam table value
-- @treturn string JSON
local function write(value)
  return json.encode(value)
end

--- A string member; nil where it is absent, empty or something else.
-- @tparam table document
-- @tparam string name
-- @treturn ?string
local function text(document, name)
  local value = document[name]
  return type(value) == "string" and value ~= "" and value or nil
end

--- The fields of credentials in a document that has names of its own for them.
-- @tparam table document
-- @tparam table names the document's name for each field
-- @treturn table
local function fields(document, names)
  local found = {}
  for field, name in pairs(names) do
    found[field] = document[name]
  end
  return found
end

--- A member that is a number of seconds to live, as a number or in digits; nil where it is none.
-- @tparam table document
-- @tparam string name
-- @treturn ?number
local function lifetime(document, name)
  local seconds = tonumber(document[name])
  return seconds and seconds > 0 and seconds < 2 ^ 31 and seconds or nil
end

return {
  fields = fields,
  lifetime = lifetime,
  read = read,
  write = write,
  text = text,
}
