--- The service's side of the protocol: bodies of requests read, and answers written, by the model's shapes.
-- Written apart from the client's own code on purpose, and strict where the client is lenient: an answer with a member
-- or a type that the model does not have is a mistake in a handler, and raises.

local cjson = require "cjson"
local core = require "dxconnect.core"
local service_error = require "dxconnect.emulator.service_error"

local json = cjson.new()
json.decode_invalid_numbers(false)
local null = cjson.null

local shapes = core.model().shapes

local wire = { shapes = shapes }

-- ---- requests

local tointeger = math.tointeger or function(value)
  return value
end

local json_names = {
  string = "STRING_VALUE", number = "NUMBER_VALUE", boolean = "TRUE_VALUE", table = "START_OBJECT", ["nil"] = "NULL",
}

local function refuse_type(value, wanted)
  service_error.of("SerializationException", "%s can not be converted to %s", json_names[type(value)], wanted)
end

local function is_list(value)
  local n = 0
  for _ in pairs(value) do
    n = n + 1
  end
  return n == #value
end

local read = {}

local function read_shape(name, value)
  local shape = shapes[name]
  return read[shape.type](value, shape)
end

function read.structure(value, shape)
  if type(value) ~= "table" or #value > 0 then
    refuse_type(value, "a structure")
  end
  local result = {}
  for member, given in pairs(value) do
    local known = shape.members[member]
    if known and given ~= null then
      result[member] = read_shape(known.shape, given)
    end
  end
  return result
end

function read.list(value, shape)
  if type(value) ~= "table" or not is_list(value) then
    refuse_type(value, "a list")
  end
  local result = {}
  for i, item in ipairs(value) do
    if item == null then
      refuse_type(nil, "an item of a list")
    end
    result[i] = read_shape(shape.member, item)
  end
  return result
end

function read.map(value, shape)
  if type(value) ~= "table" then
    refuse_type(value, "a map")
  end
  local result = {}
  for key, item in pairs(value) do
    result[key] = read_shape(shape.member, item)
  end
  return result
end

function read.string(value)
  return type(value) == "string" and value or refuse_type(value, "a String")
end

function read.boolean(value)
  if type(value) ~= "boolean" then
    refuse_type(value, "a Boolean")
  end
  return value
end

function read.integer(value)
  local is_whole = type(value) == "number" and value % 1 == 0 and value >= -2 ^ 63 and value < 2 ^ 63
  return is_whole and tointeger(value) or refuse_type(value, "an Integer")
end

read.long = read.integer

function read.number(value)
  return type(value) == "number" and value or refuse_type(value, "a Double")
end

read.timestamp = read.number

function read.blob(value)
  local bytes = type(value) == "string" and core.unbase64(value)
  return bytes or refuse_type(value, "a Blob")
end

--- Reads the body of a request. Raises a service error where a type is wrong.
-- @tparam table op from the model
-- @tparam string body
-- @treturn table params, without nulls and without members that the model does not have
function wire.read(op, body)
  local ok, value = pcall(json.decode, body)
  if not ok or type(value) ~= "table" or body:find("^%s*%[") then
    service_error.of("SerializationException", "the body is not a JSON object")
  end
  return op.input and read_shape(op.input, value) or {}
end

-- ---- answers

local write = {}

local function write_shape(name, value, path)
  local shape = shapes[name]
  return write[shape.type](value, shape, path)
end

local function check_type(value, wanted, path)
  if type(value) ~= wanted then
    error(("emulator: %s: expected a %s, got a %s"):format(path, wanted, type(value)), 0)
  end
end

-- What begins with an underscore is the emulator's own and is not written.
local function refuse_unknown(value, shape, path)
  for member in pairs(value) do
    if type(member) ~= "string" or member:sub(1, 1) ~= "_" and not shape.members[member] then
      error(("emulator: %s: %s has no member %s"):format(path, shape.name, tostring(member)), 0)
    end
  end
end

function write.structure(value, shape, path)
  check_type(value, "table", path)
  refuse_unknown(value, shape, path)
  local parts = {}
  for _, member in ipairs(shape.order) do
    if value[member] ~= nil then
      parts[#parts + 1] = ('"%s":%s'):format(member,
        write_shape(shape.members[member].shape, value[member], path .. "." .. member))
    end
  end
  return "{" .. table.concat(parts, ",") .. "}"
end

function write.list(value, shape, path)
  check_type(value, "table", path)
  if not is_list(value) then
    error(("emulator: %s: expected a list"):format(path), 0)
  end
  local parts = {}
  for i, item in ipairs(value) do
    parts[i] = write_shape(shape.member, item, path .. "[]")
  end
  return "[" .. table.concat(parts, ",") .. "]"
end

function write.map(value, shape, path)
  check_type(value, "table", path)
  local parts = {}
  for key, item in pairs(value) do
    parts[#parts + 1] = json.encode(key) .. ":" .. write_shape(shape.member, item, path .. "." .. key)
  end
  return "{" .. table.concat(parts, ",") .. "}"
end

function write.string(value, _, path)
  check_type(value, "string", path)
  return json.encode(value)
end

function write.boolean(value, _, path)
  check_type(value, "boolean", path)
  return tostring(value)
end

function write.integer(value, _, path)
  check_type(value, "number", path)
  if value % 1 ~= 0 then
    error(("emulator: %s: expected an integer, got %s"):format(path, tostring(value)), 0)
  end
  return ("%.0f"):format(value)
end

write.long = write.integer

function write.timestamp(value, _, path)
  check_type(value, "number", path)
  return value % 1 == 0 and ("%.0f"):format(value) or ("%.3f"):format(value)
end

function write.number(value, _, path)
  check_type(value, "number", path)
  return ("%.14g"):format(value)
end

function write.blob(value, _, path)
  check_type(value, "string", path)
  return json.encode(core.base64(value))
end

--- Writes an answer. Raises, as a plain string, where a handler gave what the model does not have.
-- @tparam table op from the model
-- @tparam table result
-- @treturn string
function wire.write(op, result)
  if not op.output then
    return "{}"
  end
  return write_shape(op.output, result, op.output)
end

--- Raises, as a plain string, where a member can't have a value.
-- @tparam table shape a structure of the model
-- @tparam string member one of its members
-- @param value
function wire.check_member(shape, member, value)
  local of, path = shapes[shape.members[member].shape], shape.name .. "." .. member
  write_shape(of.name, value, path)
  for _, known in ipairs(of.enum or { value }) do
    if known == value then
      return
    end
  end
  error(("emulator: %s: there is no %s, only %s"):format(path, tostring(value), table.concat(of.enum, ", ")), 0)
end

--- Writes the body of an error.
function wire.write_error(code, message)
  return ('{"__type":%s,"message":%s}'):format(json.encode(code), json.encode(message))
end

return wire
