--- One call from parameters to result: check, confirm, sign, send, read, and again where that is safe.
-- Straight-line code over a transport that blocks or yields; it does not know which. The state of a client comes in as
-- the first argument (see client.lua, which makes it).

local clocks = require "dxconnect.retry.clock"
local confirmed = require "dxconnect.call.confirm"
local core = require "dxconnect.core"
local errors = require "dxconnect.errors"
local failure = require "dxconnect.call.failure" -- not at the first failure: no descriptor may be left then
local operations = require "dxconnect.operations"
local retry = require "dxconnect.retry"
local types = require "dxconnect.text.types"

local meta_type = types.new("meta", { line = true })
local headers_type = types.shape "map"

-- The exchange's methods, found once for all calls.
local exchange = getmetatable(core.exchange())
local ex_answer, ex_clear, ex_finish = exchange.answer, exchange.clear, exchange.finish
local ex_header, ex_request, ex_sign, ex_status = exchange.header, exchange.request, exchange.sign, exchange.status

local SPARE_CALLS = 64 -- tables of calls that a client keeps for the next ones

-- ---- the table of a call, reused from call to call

-- Everything that is known of a call while it lasts, with the exchange that holds its request and answer.
local function new_call(state)
  return {
    state = state,
    system = state.system,
    ex = core.exchange(),
    settings = false,
    op = false,
    headers = nil, -- further ones of the request
    max_attempts = 0,
    started = 0, -- monotonic, as `sent` and `deadline`
    deadline = nil,
    attempt = 0,
    endpoint = nil, -- and the two below: what the attempt was signed for and by
    signer = nil,
    credentials = nil,
    sent = 0,
    offset = 0, -- of the service's clock, by which the attempt was signed
    signed = 0, -- the time in its signature
    date = nil, -- of the answer, where it can be used
    learnt_date = nil, -- whether the client's clock follows it
    is_wire_logged = false,
    trial_offset = nil, -- to sign one more attempt by, after a refusal
    is_ambiguous = false, -- an attempt may have taken effect
    cost = nil, -- what the last retry took from the bucket
    clock_corrected = nil,
    credentials_renewed = nil,
    renewal_error = nil,
  }
end

local function take(state, settings, op, headers)
  local spare = state.spare_calls
  local n = #spare
  local call = spare[n]
  if call then
    spare[n] = nil
  else
    call = new_call(state)
  end
  call.settings, call.op, call.headers = settings, op, headers
  return call
end

-- The call's time begins.
local function start(call)
  local values, serve = call.settings.values, call.system.serve
  if serve then
    serve()
  end
  local started = call.system.monotonic()
  call.max_attempts = values.max_attempts
  call.started = started
  call.deadline = values.total_timeout and started + values.total_timeout
  call.attempt, call.is_ambiguous = 0, false
  call.cost, call.clock_corrected, call.credentials_renewed, call.renewal_error = nil, nil, nil, nil
  call.trial_offset = nil
  call.is_wire_logged = values.logger and require("dxconnect.text.log").is_wire(values.logger)
end

local function release(call)
  local state = call.state
  local spare = state.spare_calls
  local n = #spare
  ex_clear(call.ex)
  if n < SPARE_CALLS and not state.closed then
    call.op, call.headers, call.credentials, call.signer = false, nil, nil, nil
    spare[n + 1] = call
  end
end

-- ---- what a call needs besides its parameters

--- Where calls with these settings go, made once for each.
-- @tparam table state of the client
-- @tparam table settings of the call
-- @treturn[1] userdata endpoint
-- @treturn[2] nil
-- @treturn[2] table error
local function endpoint_of(state, settings)
  local endpoint = state.endpoints[settings]
  if not endpoint then
    local message
    endpoint, message = core.endpoint(settings.url, state.user_agent)
    if not endpoint then
      return nil, errors.config("endpoint_url: " .. message)
    end
    state.endpoints[settings] = endpoint
  end
  return endpoint
end

-- One signer for each region, for as long as the credentials stay the same.
local function signer_of(state, settings, deadline)
  local credentials, err = state.provider:get(nil, deadline)
  if not credentials then
    return nil, err
  end
  local region = settings.signing_region
  local signers = state.signers
  if state.signers_credentials ~= credentials then
    for _, old in pairs(signers) do
      old:close()
    end
    signers = {}
    state.signers, state.signers_credentials = signers, credentials
  end
  local signer = signers[region]
  if not signer then
    local message
    signer, message = core.signer(credentials.access_key_id, credentials.secret_access_key, credentials.session_token,
      region, "directconnect")
    if not signer then
      return nil, errors.credentials(message)
    end
    signers[region] = signer
  end
  return signer, credentials
end

--- Tells the logger of these settings. One that raises is ignored.
-- @tparam table settings
-- @tparam table event the logger gets it, and `{time, region, profile, key}`: what it is told about
local function emit(settings, event)
  local values = settings.values
  if values.logger then
    errors.protected(values.logger, event, {
      time = settings.system.clock(),
      region = values.region,
      profile = settings.origins.profile ~= "default" and values.profile or nil,
      key = settings.system, -- a client's own
    })
  end
end

-- Whether the call's time suffices for a wait.
local function has_time(call, seconds)
  return not call.deadline or call.system.monotonic() + seconds < call.deadline
end

-- ---- the clock

-- Seconds that the service's clock is ahead, as the next attempt is to be signed by.
local function clock_offset(call)
  if call.settings.values.disable_clock_skew_correction then
    return 0
  end
  return call.trial_offset or call.state.clock.offset
end

-- Learns the time from an answer, which has these headers.
local function learn_date(call, date, age)
  call.date = nil
  if not date or call.settings.values.disable_clock_skew_correction then
    return
  end
  local clock, elapsed = call.state.clock, call.system.monotonic() - call.sent
  date = clock:read(date, age, elapsed)
  if date then
    call.date, call.learnt_date = date, clock:learn(date, call.system.clock(), elapsed)
  end
end

-- Whether a refusal over the date is explained by our clock, which follows the refusal's date from now on, for one
-- attempt at least. Where the refusal tells no date, what an earlier answer taught may be to blame.
local function is_clock_wrong(call)
  local clock, date, offset = call.state.clock, call.date, call.offset
  if date then
    if not clocks.explains(date, call.signed) then
      return false
    elseif not call.learnt_date then
      call.trial_offset = clocks.trial(date, call.system.clock())
      return call.trial_offset ~= nil
    end
    return true
  elseif offset ~= 0 and offset == clock.offset then
    clock.offset = 0
    return clocks.explains(0, offset)
  end
  return false
end

-- After a refusal over the date: true where another attempt may help. Once a call.
local function correct_clock(call)
  if call.clock_corrected or call.settings.values.disable_clock_skew_correction or not is_clock_wrong(call) then
    return false
  end
  call.clock_corrected = true
  if call.offset ~= 0 and call.attempt >= call.max_attempts then -- what an earlier answer taught costs no attempt
    call.max_attempts = call.attempt + 1
  end
  return true
end

-- ---- one attempt

-- Seconds this attempt may take; nil where the call's time is used up.
local function attempt_timeouts(call)
  local values = call.settings.values
  local connect_timeout, timeout = values.connect_timeout, values.timeout
  if call.deadline then
    local left = call.deadline - call.system.monotonic()
    if left <= 0 then
      return nil
    end
    if not timeout or timeout > left then
      timeout = left
    end
    if connect_timeout and connect_timeout > left then
      connect_timeout = left
    end
  end
  return connect_timeout, timeout, true
end

-- Waits until the rate that the service allows lets another request through. Returns nil, error where that is too late.
local function keep_to_rate(call)
  local seconds = call.state.limiter:take(call.system.monotonic())
  if seconds > 0 then
    if not has_time(call, seconds) then
      return nil, errors.transport("total_timeout is too short for the rate that the service allows now", "timeout")
    end
    emit(call.settings, { type = "wait", operation = call.op.name, delay = seconds })
    local _, err = call.system.sleep(seconds)
    if err then
      return nil, err
    end
  end
  return true
end

-- How requests of Direct Connect are signed and their answers read; service.lua has the same for other services.
local direct_connect = {}

-- Has at hand what signing needs; it may have to be fetched. Returns true; or nil, error.
function direct_connect.prepare(call)
  local state, settings = call.state, call.settings
  local endpoint, err = endpoint_of(state, settings)
  if not endpoint then
    return nil, err
  end
  local signer, credentials = signer_of(state, settings, call.deadline)
  if not signer then
    return nil, credentials
  end
  call.endpoint, call.signer, call.credentials = endpoint, signer, credentials
  return true
end

-- Signs the request in the exchange. Returns true; or nil, message.
function direct_connect.sign(call, time)
  local ok, message = ex_sign(call.ex, call.endpoint, call.signer, time, nil, call.attempt, call.max_attempts,
    call.headers)
  return ok, message and "headers: " .. message
end

-- Reads the answer. Returns the result; or nil, kind, code, message.
function direct_connect.finish(call)
  return ex_finish(call.ex, call.op.id)
end

local function sign(call)
  local protocol = call.op.protocol or direct_connect
  local ok, err = protocol.prepare(call)
  if not ok then
    return nil, err
  end
  local offset = clock_offset(call)
  local time = call.system.clock() + offset
  call.offset, call.signed = offset, time
  local message
  ok, message = protocol.sign(call, time)
  if not ok then
    return nil, errors.config(message)
  end
  return true
end

-- Sends once. Returns the result; or nil, error and, unless it never left, the outcome.
local function attempt(call)
  local state, ex, op = call.state, call.ex, call.op
  local ok, err, message, kind, sent
  if state.limiter then -- before the signer is at hand, which other tasks may replace meanwhile
    ok, err = keep_to_rate(call)
    if not ok then
      return nil, err
    end
  end
  if state.closed then
    return nil, errors.closed()
  end
  ok, err = sign(call)
  if not ok then
    return nil, err
  end
  local connect_timeout, timeout, in_time = attempt_timeouts(call)
  if not in_time then
    return nil, errors.transport("total_timeout ran out before the request could be sent", "timeout")
  end
  if call.is_wire_logged then
    emit(call.settings, require("dxconnect.call.wire").request(call))
  end
  call.sent = call.system.monotonic()
  ok, message, kind, sent = state.transport:send(ex, connect_timeout, timeout, op.retry)
  if not ok then
    call.date = nil
    if kind == "config" then
      return nil, errors.config(message)
    end
    return nil, failure.of_transport(call, message, kind, sent), retry.outcome("transport", kind, nil, sent)
  end
  if call.is_wire_logged then
    emit(call.settings, require("dxconnect.call.wire").answer(call))
  end
  local result, code
  result, kind, code, message = (op.protocol or direct_connect).finish(call)
  if result ~= nil then
    return result
  end
  call.trial_offset = nil
  learn_date(call, ex_header(ex, "date"), ex_header(ex, "age"))
  return nil, failure.of_answer(call, kind, code, message), retry.outcome(kind, code, ex_status(ex))
end

-- ---- after an attempt

local function log_attempt(call, err)
  local ex = call.ex
  local status = ex_status(ex)
  emit(call.settings, {
    type = "attempt",
    operation = call.op.name,
    attempt = call.attempt,
    status = status > 0 and status or nil,
    code = err and err.code,
    elapsed = call.system.monotonic() - call.sent,
    request_id = status > 0 and failure.request_id(call) or nil,
  })
end

-- The meta of a call that has a result. Keeps what the answer taught.
local function succeed(call)
  local state = call.state
  local request_id, status, headers = ex_answer(call.ex)
  if call.trial_offset then
    state.clock.offset = call.offset
  end
  learn_date(call, headers.date, headers.age)
  state.bucket:refund(call.cost)
  return setmetatable({
    request_id = request_id,
    status = status,
    attempts = call.attempt,
    elapsed = call.system.monotonic() - call.started,
    headers = setmetatable(headers, headers_type),
  }, meta_type)
end

-- Has refused credentials fetched anew, once a call.
local function renew_credentials(call)
  if call.credentials_renewed then
    return false
  end
  call.credentials_renewed = true
  local renewed
  renewed, call.renewal_error = call.state.provider:refresh(call.credentials, call.deadline)
  return renewed ~= nil
end

-- Whether the next attempt is another one, of which there is no need to wait; nil where the outcome taught nothing. The
-- next call profits where this one has no attempt left.
local function learn(call, outcome)
  if outcome.clock then
    return correct_clock(call)
  elseif outcome.expired then
    return renew_credentials(call)
  end
  return nil
end

-- Seconds until the next attempt; nil where there is to be none.
local function delay_of(call, outcome, learnt)
  if call.attempt >= call.max_attempts then
    return nil
  elseif learnt ~= nil then
    return learnt and 0 or nil
  elseif not (outcome.transient or outcome.throttling) or not retry.may_resend(call.op.retry, outcome) then
    return nil
  end
  local cost = call.state.bucket:take(outcome)
  if not cost then
    return nil
  end
  call.cost = cost
  return retry.delay(call.attempt, outcome, call.system.random(), retry.asked_for(call.ex))
end

-- What to do about a failed attempt: true to try again.
local function recover(call, err, outcome)
  local learnt = learn(call, outcome)
  local seconds = delay_of(call, outcome, learnt)
  if not seconds or not has_time(call, seconds) then
    return false
  end
  emit(call.settings, {
    type = "retry",
    operation = call.op.name,
    attempt = call.attempt,
    delay = seconds,
    status = err.status,
    code = err.code,
    request_id = err.request_id,
  })
  if not learnt then -- else there is nothing to wait for
    local _, problem = call.system.sleep(seconds)
    return problem == nil -- inside nginx there is code in which nothing can wait
  end
  return true
end

-- Sends until there is a result or no hope.
local function perform(call)
  local limiter, logger = call.state.limiter, call.settings.values.logger
  while true do
    call.attempt = call.attempt + 1
    local result, err, outcome = attempt(call)
    if result ~= nil or outcome then
      if logger then
        log_attempt(call, err)
      end
      if limiter then
        limiter:answered(call.system.monotonic(), outcome and outcome.throttling)
      end
    end
    if result ~= nil then
      return result, nil, succeed(call)
    elseif not outcome then -- it never left: nothing to classify, nothing to repeat
      call.attempt = call.attempt - 1
      return nil, failure.complete(call, err)
    end
    call.is_ambiguous = call.is_ambiguous or outcome.ambiguous or false
    if not recover(call, err, outcome) then
      return nil, failure.complete(call, err, outcome)
    end
  end
end

-- ---- entry points

--- Makes a call.
-- @tparam table state the client's
-- @tparam table settings the client's settings, or those of this call
-- @tparam table op the operation, from operations.lua, or `{name, retry, labels}` of one outside the model
-- @tparam ?table params
-- @tparam ?table headers further headers of the request
-- @tparam ?boolean unmodeled members the model does not know are sent too
-- @treturn[1] table result
-- @treturn[1] nil
-- @treturn[1] table meta
-- @treturn[2] nil
-- @treturn[2] table error
local function make(state, settings, op, params, headers, unmodeled)
  local call = take(state, settings, op, headers)
  local ok, err = operations.marshal(call.ex, op, params, unmodeled)
  if ok and settings.values.confirm then
    ok, err = confirmed(settings, op, params)
  end
  local result, meta
  if ok then
    start(call)
    result, err, meta = perform(call)
  end
  release(call)
  if err then
    return nil, err -- no third value: of several, LuaJIT's assert raises the last
  end
  return result, nil, meta
end

--- Calls another service.
-- @tparam table state of the client
-- @tparam table settings of the call
-- @tparam table request see service.lua
-- @tparam table options see service.lua
-- @return what `make` returns
local function send(state, settings, request, options)
  local op, err = require("dxconnect.call.service").operation(settings, request, options)
  if not op then
    return nil, err
  end
  local call = take(state, settings, op)
  start(call)
  local result, meta
  result, err, meta = perform(call)
  release(call)
  if err then
    return nil, err
  end
  return result, nil, meta
end

--- The signed request of a call, not sent.
-- @tparam table state of the client
-- @tparam table settings of the call
-- @tparam table op
-- @tparam ?table params
-- @tparam ?table headers of the user's
-- @tparam ?boolean unmodeled
-- @treturn[1] table `{method, url, headers, body}`
-- @treturn[2] nil
-- @treturn[2] table error
local function prepare(state, settings, op, params, headers, unmodeled)
  local call = take(state, settings, op, headers)
  local request
  local ok, err = operations.marshal(call.ex, op, params, unmodeled)
  if ok then
    start(call)
    call.attempt = 1
    ok, err = sign(call)
    if ok then
      request = ex_request(call.ex)
    else
      err.operation = op.name
    end
  end
  release(call)
  return request, err
end

return {
  make = make,
  endpoint = endpoint_of,
  check = operations.check,
  emit = emit,
  prepare = prepare,
  send = send,
}
