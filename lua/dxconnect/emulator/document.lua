--- A state as a file: JSON that anything can read, the same bytes for the same state.
-- Lists that are empty stay lists: which tables are lists is told by their names, where their content can't tell.

local cjson = require "cjson"

local json = cjson.new()
json.decode_invalid_numbers(false)
local null = cjson.null

local tointeger = math.tointeger or function(value)
  return value
end

local document = {}

-- Tables of names to values; every other empty table is a list.
local maps = {
  resources = true, devices = true, secrets = true, agreements = true, partners = true, virtual_gateways = true,
  client_tokens = true, sessions = true,
}

local write

local function write_number(value)
  if value % 1 == 0 and value > -2 ^ 53 and value < 2 ^ 53 then
    return ("%.0f"):format(value)
  end
  return ("%.17g"):format(value)
end

local function write_table(value, name, parts)
  if value[1] ~= nil or next(value) == nil and not maps[name] then
    parts[#parts + 1] = "["
    for i, item in ipairs(value) do
      parts[#parts + 1] = i > 1 and "," or nil
      write(item, nil, parts)
    end
    parts[#parts + 1] = "]"
    return
  end
  local names = {}
  for member in pairs(value) do
    names[#names + 1] = member
  end
  table.sort(names)
  parts[#parts + 1] = "{"
  for i, member in ipairs(names) do
    parts[#parts + 1] = (i > 1 and "," or "") .. json.encode(member) .. ":"
    write(value[member], member, parts)
  end
  parts[#parts + 1] = "}"
end

function write(value, name, parts)
  local kind = type(value)
  if kind == "table" then
    write_table(value, name, parts)
  elseif kind == "number" then
    parts[#parts + 1] = write_number(value)
  else
    parts[#parts + 1] = json.encode(value)
  end
end

--- The text of a state.
-- @tparam table data of `states.snapshot`
-- @treturn string
function document.write(data)
  local parts = {}
  write(data, nil, parts)
  parts[#parts + 1] = "\n"
  return table.concat(parts)
end

-- Integers as Lua has them, and no nulls.
local function normal(value)
  if type(value) == "number" then
    return value % 1 == 0 and tointeger(value) or value
  elseif type(value) ~= "table" then
    return value
  end
  for name, one in pairs(value) do
    if one == null then
      value[name] = nil
    else
      value[name] = normal(one)
    end
  end
  return value
end

--- Reads a text.
-- @tparam string text
-- @treturn[1] table
-- @treturn[2] nil
-- @treturn[2] string message
function document.read(text)
  local ok, value = pcall(json.decode, text)
  if not ok or type(value) ~= "table" then
    return nil, "it is not a JSON object"
  end
  return normal(value)
end

return document
