--- `dxconnect.stub`: a transport of hand-made answers, checked against the model's shapes. What is added wrongly
-- raises with the line that added it: a test that runs without it tells nothing.

local check = require "dxconnect.check"
local core = require "dxconnect.core"
local errors = require "dxconnect.errors"
local operations = require "dxconnect.operations"
local requests = require "dxconnect.transport.tape.request"
local scrub = require "dxconnect.transport.tape.scrub"
local types = require "dxconnect.text.types"

local methods = {}
local mt = { __index = methods, __name = "dxconnect.stub" }

-- ---- answers, checked

local function is_integer(value)
  return type(value) == "number" and value % 1 == 0
end

local is_scalar = {
  string = function(value) return type(value) == "string" end,
  blob = function(value) return type(value) == "string" end,
  boolean = function(value) return type(value) == "boolean" end,
  integer = is_integer,
  long = is_integer,
  number = function(value) return type(value) == "number" end,
  timestamp = function(value) return type(value) == "number" end,
}

local check_value

local function check_structure(value, info, path)
  for name, inner in pairs(value) do
    local member = info.members[name]
    if not member then
      return ("%s: there is no member %s%s"):format(path, errors.shown(name), check.suggestion(name, info.order))
    end
    local problem = check_value(inner, member.shape, path .. "." .. name)
    if problem then
      return problem
    end
  end
end

-- What is wrong with a value for a shape; nil where nothing is.
function check_value(value, shape, path)
  local info = types.of_shape(shape)
  if is_scalar[info.kind] then
    local is_right = is_scalar[info.kind](value)
    return not is_right and ("%s: expected a %s, got a %s"):format(path, info.kind, type(value)) or nil
  elseif type(value) ~= "table" then
    return ("%s: expected a table, got a %s"):format(path, type(value))
  elseif info.kind == "structure" then
    return check_structure(value, info, path)
  end
  for name, inner in pairs(value) do
    local problem = info.kind == "list" and type(name) ~= "number" and path .. ": expected a list"
      or check_value(inner, info.item, ("%s[%s]"):format(path, tostring(name)))
    if problem then
      return problem
    end
  end
end

local function deep_copy(value)
  if type(value) ~= "table" then
    return value
  end
  local copy = {}
  for name, inner in pairs(value) do
    copy[name] = deep_copy(inner)
  end
  return copy
end

local function body_of(op, result)
  local shape = op.output
  if not shape then
    return "{}"
  end
  return core.json_encode(types.mark(deep_copy(result), shape), false, true)
end

-- ---- adding

local function resolve(name, level)
  local op, err = operations.resolve(name)
  if not op then
    error(err.message, level + 1)
  end
  return op, core.model().operations[op.name]
end

-- The params as they are sent.
local function sent_params(op, params, level)
  local ex = core.exchange()
  local ok, err = operations.marshal(ex, op, params)
  if not ok then
    error(tostring(err), level + 1)
  end
  local body = ex:request().body
  ex:clear()
  return requests.describe({
    method = "POST", url = "https://stub/", headers = { ["x-amz-target"] = "OvertureService." .. op.name }, body = body,
  }, scrub.new(false)).params
end

local function add(self, op, key, response)
  local entry = { operation = op.name, key = key, response = response }
  local waiting = self.waiting[op.name] or {}
  self.waiting[op.name] = waiting
  waiting[#waiting + 1] = entry
  return self
end

--- Adds an answer, for one call.
-- @tparam string operation in either spelling
-- @tparam ?table params that the call must have; nil: any
-- @tparam ?table result with the service's members
-- @treturn table the stub
function methods:add(operation, params, result)
  local op, model = resolve(operation, 2)
  check.is_table_or_nil("stub:add: params", params)
  check.is_table_or_nil("stub:add: the result", result)
  local problem = result and model.output and check_value(result, model.output, op.name)
  if problem then
    error("stub:add: " .. problem, 2)
  end
  return add(self, op, params and requests.key(op.name, sent_params(op, params, 2)), {
    status = 200, headers = { ["content-type"] = "application/x-amz-json-1.1" }, body = body_of(model, result or {}),
  })
end

--- Adds an error of the service's, for one call with any params.
-- @tparam string operation in either spelling
-- @tparam string code "DirectConnectClientException", …
-- @tparam[opt] string message
-- @treturn table the stub
function methods:add_error(operation, code, message)
  local op = resolve(operation, 2)
  if type(code) ~= "string" or not code:find("^[%w.]+$") then
    error("stub:add_error: expected the code of an error, got a " .. type(code), 2)
  elseif message ~= nil and type(message) ~= "string" then
    error("stub:add_error: expected a message, got a " .. type(message), 2)
  end
  local body, problem = core.json_encode({ __type = code, message = message or "" }, false, true)
  if not body then
    error("stub:add_error: " .. tostring(problem), 2)
  end
  return add(self, op, nil, {
    status = code == "DirectConnectServerException" and 500 or 400,
    headers = { ["content-type"] = "application/x-amz-json-1.1" }, body = body,
  })
end

-- ---- answering

local function text_of(entry)
  return entry.key or entry.operation
end

function mt.__call(self, request)
  local asked = requests.describe(request, self.scrubber)
  local key = requests.key(asked.operation, asked.params)
  local waiting = self.waiting[asked.operation] or {}
  for i, entry in ipairs(waiting) do
    if not entry.key or entry.key == key then
      table.remove(waiting, i)
      local response = deep_copy(entry.response)
      response.headers["x-amzn-requestid"] = core.uuid()
      return response
    end
  end
  local names = {}
  for name, list in pairs(self.waiting) do
    names[#names + 1] = list[1] and name or nil
  end
  table.sort(names)
  return nil, ("the stub has no answer for %s%s"):format(key, waiting[1] and "; it has one for " .. text_of(waiting[1])
    or check.suggestion(asked.operation, names)), "config", false
end

--- Whether every answer was asked for.
-- @treturn[1] true
-- @treturn[2] nil
-- @treturn[2] table error that names what was not
function methods:done()
  local left = {}
  for _, waiting in pairs(self.waiting) do
    for _, entry in ipairs(waiting) do
      left[#left + 1] = text_of(entry)
    end
  end
  if #left == 0 then
    return true
  end
  table.sort(left)
  return nil, errors.config("nobody asked the stub for: " .. table.concat(left, ", "))
end

function mt.__tostring(self)
  local n = 0
  for _, waiting in pairs(self.waiting) do
    n = n + #waiting
  end
  return ("a stub with %d answer%s left"):format(n, n == 1 and "" or "s")
end

--- Makes a stub without answers.
-- @treturn table transport, with `add`, `add_error` and `done`
local function new()
  return setmetatable({ waiting = {}, scrubber = scrub.new(false) }, mt)
end

return { new = new }
