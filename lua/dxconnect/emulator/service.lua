--- From a request to the service's answer: signature, operation, parameters, a fault that was ordered, the handler.

local core = require "dxconnect.core"
local handlers = require "dxconnect.emulator.operations"
local rules = require "dxconnect.emulator.rules"
local service_error = require "dxconnect.emulator.service_error"
local signature = require "dxconnect.emulator.signature"
local states = require "dxconnect.emulator.state"
local sts = require "dxconnect.emulator.sts"
local timestamp = require "dxconnect.text.timestamp"
local wire = require "dxconnect.emulator.wire"

local CONTENT_TYPE = "application/x-amz-json-1.1"
local DEFAULT_ACCOUNT = "111122223333"
local CLIENT_ERROR = "DirectConnectClientException"

local modeled = core.model().operations

local service = { DEFAULT_ACCOUNT = DEFAULT_ACCOUNT }

-- ---- answers

local week_days = { [0] = "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed" }
local months = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" }

local function http_date(seconds)
  local y, mo, d, time = timestamp.format(seconds):match("^(%d+)-(%d+)-(%d+)T(.*)Z$")
  return ("%s, %s %s %s %s GMT"):format(week_days[math.floor(seconds / 86400) % 7], d, months[tonumber(mo)], y, time)
end

-- The date is the clock's, however far a test moved the emulator's time, so that no client takes its own for wrong.
local function answer(emulator, status, body, content_type)
  return {
    status = status,
    headers = {
      ["content-type"] = content_type or CONTENT_TYPE,
      ["date"] = http_date(emulator.state.clock()),
      ["x-amzn-requestid"] = core.uuid(),
    },
    body = body,
  }
end

-- Errors that only some operations list; from the others they come as the service's general one.
local listed_codes = {
  LimitExceededException = true, TooManyTagsException = true, DuplicateTagKeysException = true,
}

local function code_for(op, code)
  if not op or not listed_codes[code] then
    return code
  end
  for _, listed in ipairs(op.errors) do
    if listed == code then
      return code
    end
  end
  return CLIENT_ERROR
end

local function error_answer(emulator, status, code, message, op)
  return answer(emulator, status, wire.write_error(code_for(op, code), message)), code_for(op, code)
end

-- Runs a step; returns its values behind true, or false with the answer to what it raised and its code.
local function attempt(emulator, op, step, ...)
  local ok, value, second, third = pcall(step, ...)
  if ok then
    return true, value, second, third
  elseif service_error.is(value) then
    return false, error_answer(emulator, value.status, value.code, value.message, op)
  end
  return false, error_answer(emulator, 500, "InternalFailure", tostring(value))
end

-- ---- the request

local function find_operation(request)
  local target = request.headers["x-amz-target"]
  local name = type(target) == "string" and target:match("^OvertureService%.(%w+)$")
  local op = name and modeled[name]
  if not op then
    service_error.of("UnknownOperationException", "the header x-amz-target names no operation of this service")
  elseif request.method ~= "POST" then
    service_error.of("UnknownOperationException", "the method must be POST")
  end
  local content_type = request.headers["content-type"]
  if type(content_type) ~= "string" or content_type:sub(1, #CONTENT_TYPE) ~= CONTENT_TYPE then
    service_error.of("UnknownOperationException", "the content-type must be %s", CONTENT_TYPE)
  end
  return op
end

local function read(emulator, op, body)
  local params = wire.read(op, body)
  rules.check(op, params, emulator.state.quotas.tags_per_resource)
  return params
end

local function run(world, op, params)
  return wire.write(op, handlers[op.name](world, params) or {})
end

-- The keys that are known, those of assumed roles among them; nil where any key will do.
local function known_keys(emulator)
  local accounts = emulator.accounts()
  if not accounts or next(emulator.state.sessions) == nil then
    return accounts
  end
  local list = sts.accounts(emulator.state)
  for _, account in ipairs(accounts) do
    list[#list + 1] = account
  end
  return list
end

-- ---- faults

local function faulty_answer(emulator, fault)
  if fault.throttle then
    return error_answer(emulator, fault.status or 400, fault.code or "ThrottlingException",
      fault.message or "Rate exceeded")
  elseif fault.code or fault.message or fault.status and not fault.body then
    local status = fault.status or 400
    return error_answer(emulator, status, fault.code or status >= 500 and "DirectConnectServerException"
      or CLIENT_ERROR, fault.message or "a fault that a test ordered")
  end
  return answer(emulator, fault.status or 200, fault.body)
end

-- The answer with a fault laid over it, and its code.
local function with_fault(emulator, fault, apply)
  local is_answered = fault.throttle or fault.code or fault.message or fault.status or fault.body
  local applied = fault.applied
  if applied == nil then
    applied = not is_answered
  end
  local response, code
  if applied then
    response, code = apply()
  end
  if is_answered then
    response, code = faulty_answer(emulator, fault)
  end
  for name, value in pairs(response and fault.headers or {}) do
    response.headers[name:lower()] = value
  end
  return response, code, { latency = fault.latency, lost = fault.lost }
end

-- ---- services

-- Whether a request is signed for the token service.
local function is_for_sts(request)
  local authorization = request.headers.authorization
  return type(authorization) == "string" and authorization:find("Credential=[^,%s]+/%d+/[^/,]*/sts/aws4_request") ~= nil
end

-- Direct Connect itself. Fills in the log's entry.
local function answer_direct_connect(emulator, request, op, region, account, entry)
  entry.operation = op.name
  local read_ok, params, problem = attempt(emulator, op, read, emulator, op, request.body)
  if not read_ok then
    return params, problem
  end
  entry.params = params
  emulator.counts[op.name] = (emulator.counts[op.name] or 0) + 1
  local world = states.view(emulator.state, region, account)
  local function apply()
    local done, body, failure = attempt(emulator, op, run, world, op, params)
    if not done then
      return body, failure
    end
    return answer(emulator, 200, body)
  end
  local fault = emulator.faults:meet(op.name, params)
  if fault then
    return with_fault(emulator, fault, apply)
  end
  return apply()
end

local function answer_sts(emulator, request, region, account, key, entry)
  local id = core.uuid()
  entry.operation = "sts"
  local ok, body = pcall(sts.answer, emulator.state, request, region, account, key, id)
  local status, code = 200, nil
  if not ok then
    local problem = service_error.is(body) and body
      or { status = 500, code = "InternalFailure", message = tostring(body) }
    status, code, body = problem.status, problem.code, sts.write_error(problem.code, problem.message, id)
  end
  local response = answer(emulator, status, body, "text/xml")
  response.headers["x-amzn-requestid"] = id
  return response, code
end

--- Answers a request.
-- @tparam table emulator its state, accounts, region, faults and log
-- @tparam table request `{method, url, headers, body}`, header names in lower case
-- @treturn ?table response `{status, headers, body}`; nil where the request was lost before it had an effect
-- @treturn ?table trouble `{latency, lost}`: seconds that the answer takes, whether it gets lost on the way
function service.answer(emulator, request)
  states.advance(emulator.state)
  local entry = { time = emulator.state.now }
  local is_sts = is_for_sts(request)
  local found, op, problem = true, nil, nil
  if not is_sts then
    found, op, problem = attempt(emulator, nil, find_operation, request)
  end
  local ok, region, key = false, op, problem
  if found then
    ok, region, key = attempt(emulator, nil, signature.check, request, known_keys(emulator), emulator.state.clock(),
      emulator.region)
  end
  local response, code, trouble
  if not ok then
    response, code = region, key
  else
    local account = key and key.account_id or DEFAULT_ACCOUNT
    entry.region, entry.account = region, account
    if key and key.partner then
      emulator.state.partners[account] = key.partner
    end
    if is_sts then
      response, code = answer_sts(emulator, request, region, account, key, entry)
    else
      response, code, trouble = answer_direct_connect(emulator, request, op, region, account, entry)
    end
  end
  entry.status, entry.code = response and response.status, code
  entry.request_id = response and response.headers["x-amzn-requestid"]
  entry.lost = trouble and trouble.lost or nil
  emulator.log:add(entry)
  return response, trouble
end

return service
