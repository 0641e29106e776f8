--- Holds answers of the emulator against the model, member by member: read apart from the emulator's own writer, from
-- the bytes, where `[]` and `{}` are two things.

local core = require "dxconnect.core"
local dkjson = require "dkjson"
local dxconnect = require "dxconnect"

local model = dxconnect.model

local answers = {}

local function fail(path, message)
  error(("the answer's %s: %s"):format(path, message), 0)
end

local check = {}

local function check_shape(value, name, path)
  local shape = model.shapes[name]
  check[shape.type](value, shape, path)
  if shape.enum then
    local is_listed = false
    for _, known in ipairs(shape.enum) do
      is_listed = is_listed or known == value
    end
    if not is_listed then
      fail(path, tostring(value) .. " is not in the enumeration")
    end
  end
end

local function expect(ok, path, message)
  if not ok then
    fail(path, message)
  end
end

local function is_json(value, kind)
  return type(value) == "table" and getmetatable(value).__jsontype == kind
end

function check.structure(value, shape, path)
  expect(is_json(value, "object"), path, "is not an object")
  for member, given in pairs(value) do
    expect(shape.members[member], path, "has an unknown member " .. member)
    check_shape(given, shape.members[member].shape, path .. "." .. member)
  end
  for _, member in ipairs(shape.required) do
    expect(value[member] ~= nil, path, "lacks " .. member)
  end
end

function check.list(value, shape, path)
  expect(is_json(value, "array"), path, "is not an array")
  for i, item in ipairs(value) do
    check_shape(item, shape.member, ("%s[%d]"):format(path, i))
  end
end

function check.string(value, shape, path)
  expect(type(value) == "string", path, "is not a string")
  expect(#value >= (shape.min or 0) and #value <= (shape.max or math.huge), path, "is too short or too long")
end

function check.boolean(value, _, path)
  expect(type(value) == "boolean", path, "is not a boolean")
end

function check.integer(value, shape, path)
  expect(type(value) == "number" and value % 1 == 0, path, "is not an integer")
  expect(value >= (shape.min or -math.huge) and value <= (shape.max or math.huge), path, "is out of range")
end

check.long = check.integer

function check.timestamp(value, _, path)
  expect(type(value) == "number" and value > 0, path, "is not a time")
end

function check.blob(value, _, path)
  expect(type(value) == "string" and core.unbase64(value), path, "is not base64")
end

--- Raises where an answer is not as the model has it.
-- @tparam table request that it answers
-- @tparam table response `{status, headers, body}`
function answers.check(request, response)
  local name = request.headers["x-amz-target"]:match("%.(%w+)$")
  expect(response.headers["x-amzn-requestid"], "x-amzn-requestid", "is missing")
  expect(response.headers["content-type"] == "application/x-amz-json-1.1", "content-type", "is wrong")
  local body = dkjson.decode(response.body)
  if response.status == 200 then
    local op = model.operations[name]
    if op.output then
      check_shape(body, op.output, op.output)
    else
      expect(response.body == "{}", "body", "is not empty")
    end
  else
    expect(type(body.__type) == "string" and body.__type ~= "", "__type", "is missing")
    expect(type(body.message) == "string" and body.message ~= "", "message", "is missing")
    expect(body.__type ~= "InternalFailure", "error", body.message)
  end
end

return answers
