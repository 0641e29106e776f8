--- From a request to the service's answer: signature, operation, parameters, a fault that was ordered, the handler.

local core = require "dxconnect.core"
local handlers = require "dxconnect.emulator.operations"
local names = require "dxconnect.operations"
local service_error = require "dxconnect.emulator.service_error"
local signature = require "dxconnect.emulator.signature"
local timestamp = require "dxconnect.text.timestamp"
local wire = require "dxconnect.emulator.wire"
local worlds = require "dxconnect.emulator.world"

local CONTENT_TYPE = "application/x-amz-json-1.1"
local DEFAULT_ACCOUNT = "111122223333"

local operations = core.model().operations

local service = { DEFAULT_ACCOUNT = DEFAULT_ACCOUNT }

-- ---- answers

local week_days = { [0] = "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed" }
local months = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" }

local function http_date(seconds)
  local y, mo, d, time = timestamp.format(seconds):match("^(%d+)-(%d+)-(%d+)T(.*)Z$")
  return ("%s, %s %s %s %s GMT"):format(week_days[math.floor(seconds / 86400) % 7], d, months[tonumber(mo)], y, time)
end

local function answer(emulator, status, body)
  return {
    status = status,
    headers = {
      ["content-type"] = CONTENT_TYPE,
      ["date"] = http_date(emulator.state.now),
      ["x-amzn-requestid"] = core.uuid(),
    },
    body = body,
  }
end

local function error_answer(emulator, status, code, message)
  return answer(emulator, status, wire.write_error(code, message))
end

-- Runs a step; returns its value, or nil and the answer to what it raised.
local function attempt(emulator, step, ...)
  local ok, value, more = pcall(step, ...)
  if ok then
    return value, nil, more
  elseif service_error.is(value) then
    return nil, error_answer(emulator, value.status, value.code, value.message)
  end
  return nil, error_answer(emulator, 500, "InternalFailure", tostring(value))
end

-- ---- the request

local function find_operation(request)
  local target = request.headers["x-amz-target"]
  local name = type(target) == "string" and target:match("^OvertureService%.(%w+)$")
  local op = name and operations[name]
  if not op then
    service_error.of("UnknownOperationException", "the header x-amz-target names no operation of this service")
  elseif request.method ~= "POST" then
    service_error.of("UnknownOperationException", "the method must be POST")
  end
  local content_type = request.headers["content-type"]
  if type(content_type) ~= "string" or content_type:sub(1, #CONTENT_TYPE) ~= CONTENT_TYPE then
    service_error.of("UnknownOperationException", "the content-type must be %s", CONTENT_TYPE)
  end
  return names.find(name), op
end

local function run(world, op, params)
  local handler = handlers[op.name]
  if not handler then
    service_error.with_status(501, "NotImplementedException", "the emulator has no " .. op.name .. " yet")
  end
  return wire.write(op, handler(world, params) or {})
end

-- ---- faults

local function faulty_answer(emulator, fault)
  if fault.throttle then
    return error_answer(emulator, fault.status or 400, fault.code or "ThrottlingException",
      fault.message or "Rate exceeded")
  elseif fault.code or fault.message or fault.status and not fault.body then
    local status = fault.status or 400
    return error_answer(emulator, status,
      fault.code or status >= 500 and "DirectConnectServerException" or "DirectConnectClientException",
      fault.message or "a fault that a test ordered")
  end
  return answer(emulator, fault.status or 200, fault.body)
end

-- The answer with a fault laid over it.
local function with_fault(emulator, fault, apply)
  local is_answered = fault.throttle or fault.code or fault.message or fault.status or fault.body
  local applied = fault.applied
  if applied == nil then
    applied = not is_answered
  end
  local response = applied and apply()
  if is_answered then
    response = faulty_answer(emulator, fault)
  end
  if response then
    for name, value in pairs(fault.headers or {}) do
      response.headers[name:lower()] = value
    end
  end
  return response or nil, { latency = fault.latency, lost = fault.lost }
end

--- Answers a request.
-- @tparam table emulator its state, accounts, region and faults
-- @tparam table request `{method, url, headers, body}`, header names in lower case
-- @treturn ?table response `{status, headers, body}`; nil where the request was lost before it had an effect
-- @treturn ?table trouble `{latency, lost}`: seconds that the answer takes, whether it gets lost on the way
function service.answer(emulator, request)
  worlds.advance(emulator.state)
  local named, failure, op = attempt(emulator, find_operation, request)
  if not named then
    return failure
  end
  local region, account
  region, failure, account = attempt(emulator, signature.check, request, emulator.accounts(), emulator.state.now,
    emulator.region)
  if not region then
    return failure
  end
  op.id = named.id
  local params
  params, failure = attempt(emulator, wire.read, op, request.body)
  if not params then
    return failure
  end
  emulator.counts[op.name] = (emulator.counts[op.name] or 0) + 1
  local world = worlds.view(emulator.state, region, account and account.account_id or DEFAULT_ACCOUNT)
  local function apply()
    local body, problem = attempt(emulator, run, world, op, params)
    return body and answer(emulator, 200, body) or problem
  end
  local fault = emulator.faults:meet(op.name, params)
  if fault then
    return with_fault(emulator, fault, apply)
  end
  return apply()
end

return service
