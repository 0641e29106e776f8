--- One call from parameters to result: check, sign, send, read, and again where that is safe.
-- Straight-line code over a transport that blocks or yields; it does not know which. The state of a client comes in as
-- the first argument (see client.lua, which makes it).

local core = require "dxconnect.core"
local errors = require "dxconnect.errors"
local retry = require "dxconnect.retry"
local types = require "dxconnect.text.types"

local meta_type = types.new("meta", { line = true })

-- The exchange's methods, found once for all calls.
local exchange = getmetatable(core.exchange())
local ex_answer, ex_clear, ex_finish = exchange.answer, exchange.clear, exchange.finish
local ex_marshal, ex_marshal_any = exchange.marshal, exchange.marshal_any
local ex_request, ex_sign = exchange.request, exchange.sign

local POOL_SIZE = 64 -- runs kept for the next calls

-- ---- runs, reused from call to call

-- Everything that is known of a call while it runs, in one table, with the exchange that holds its request and answer.
local function new_run(state)
  return {
    state = state,
    system = state.system,
    ex = core.exchange(),
    settings = false,
    op = false,
    headers = nil, -- further ones of the request
    max_attempts = 0,
    started = 0,
    deadline = nil,
    attempt = 0,
    clock_offset = 0, -- by which the attempt was signed
    ambiguous = false, -- an attempt before may have taken effect
    cost = nil, -- what the last retry took from the bucket
    clock_corrected = nil,
    credentials_renewed = nil,
    renewal_error = nil,
  }
end

local function take_run(state, settings, op, headers)
  local pool = state.pool
  local n = #pool
  local run = pool[n]
  if run then
    pool[n] = nil
  else
    run = new_run(state)
  end
  run.settings, run.op, run.headers = settings, op, headers
  return run
end

-- The call's time begins.
local function start(run)
  local values = run.settings.values
  local started = run.system.monotonic()
  run.max_attempts = values.max_attempts
  run.started = started
  run.deadline = values.total_timeout and started + values.total_timeout
  run.attempt, run.ambiguous = 0, false
  run.cost, run.clock_corrected, run.credentials_renewed, run.renewal_error = nil, nil, nil, nil
end

local function give_back(run)
  local state = run.state
  local pool = state.pool
  local n = #pool
  ex_clear(run.ex)
  if n < POOL_SIZE and not state.closed then
    run.headers = nil
    pool[n + 1] = run
  end
end

-- ---- what a call needs besides its parameters

--- Where calls with these settings go, made once for each.
-- @tparam table state of the client
-- @tparam table settings of the call
local function target_of(state, settings)
  local target = state.targets[settings]
  if not target then
    local message
    target, message = core.target(settings.url, state.user_agent)
    if not target then
      return nil, errors.config("endpoint_url: " .. message)
    end
    state.targets[settings] = target
  end
  return target
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
-- @tparam table event
local function emit(settings, event)
  local logger = settings.values.logger
  if logger then
    pcall(logger, event)
  end
end

-- ---- one attempt's failure as an error

-- The service's and the network's words can repeat what we sent them.
local function scrub(ex, credentials, text)
  if credentials then
    return ex:redact(text, credentials.secret_access_key, credentials.session_token)
  end
  return ex:redact(text)
end

-- The answer's request id; nil where it has none.
local function request_id_of(ex, credentials)
  local id = ex:header("x-amzn-requestid")
  return id and scrub(ex, credentials, id)
end

-- A module that failures alone need; nil where it can't be loaded any more: there may be no descriptor left, say.
local function late(name)
  local ok, module = pcall(require, name)
  return ok and module or nil
end

local function transport_failure(ex, credentials, message, kind)
  return errors.transport(scrub(ex, credentials, message), kind)
end

local function answer_failure(ex, credentials, kind, code, message)
  message = scrub(ex, credentials, message)
  local fields = { status = ex:status(), request_id = request_id_of(ex, credentials) }
  if kind == "service" then
    code = scrub(ex, credentials, code)
    if message == "" then
      message = "no explanation came with it"
    end
    local reasons = late "dxconnect.resources.reasons"
    if reasons then
      fields.reason, fields.hint = reasons.of(code, message)
    end
  end
  return errors.new(kind, code, message, fields)
end

-- ---- confirmation

-- Whether a member is there; an empty list asks for nothing.
local function has(params, member)
  local value = params and rawget(params, member)
  return value ~= nil and (type(value) ~= "table" or next(value) ~= nil)
end

-- The label that makes this call worth a question; nil for the others.
local function blast_label(op, params)
  local labels = op.labels
  if labels.interrupts and (not op.interrupts_with or has(params, op.interrupts_with)) then
    return "interrupts"
  end
  return labels.bills and "bills" or nil
end

local function confirmed(settings, op, params)
  local confirm = settings.values.confirm
  local label = confirm and blast_label(op, params)
  if not label then
    return true
  end
  local ok, answer = pcall(confirm, op.name, label, params)
  if ok and answer == true then
    return true
  end
  local why = ok and "the confirm function did not return true" or "the confirm function raised an error"
  return nil, errors.new("params", "NotConfirmedError", why .. ": nothing was sent (this call " .. label .. ")", {
    operation = op.name,
  })
end

-- ---- the attempts

-- Seconds this attempt may take; nil where the call's time is used up.
local function attempt_timeouts(run)
  local values = run.settings.values
  local connect_timeout, timeout = values.connect_timeout, values.timeout
  if run.deadline then
    local left = run.deadline - run.system.monotonic()
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

-- What to do where a request may have taken effect.
local function hint_of(op)
  if op.retry ~= "once" then
    return "the request may have taken effect: sending it again does no harm"
  end
  return "the request may have taken effect: look " .. (op.look_with and "with " .. op.look_with .. " " or "")
    .. "before sending it again"
end

local function finish_error(run, err, what)
  local op = run.op
  err.operation = op.name
  err.attempts = run.attempt
  if what then
    err.throttling = what.throttling or false
    err.retryable = ((what.transient or what.throttling) and retry.may_resend(op.retry, what)) or false
  end
  if run.ambiguous and op.retry ~= "read" then
    err.maybe_applied = true
    err.hint = hint_of(op)
  end
  err.cause = err.cause or run.renewal_error
  return nil, err
end

-- Whether the call's time suffices for a wait.
local function has_time(run, seconds)
  return not run.deadline or run.system.monotonic() + seconds < run.deadline
end

-- Takes over the service's clock, once a call. The answer's date is held against the clock that this attempt was signed
-- by: another call may have corrected it since.
local function correct_clock(run)
  local clock = run.system.clock()
  local http_date = late "dxconnect.text.http_date"
  local correction = not run.clock_corrected and retry.skew(clock + run.clock_offset,
    http_date and http_date.parse(run.ex:header("date")))
  if not correction then
    return false
  end
  run.clock_corrected = true
  run.state.clock_offset = run.clock_offset + correction
  return true
end

-- Has refused credentials fetched anew, once a call.
local function renew_credentials(run, refused)
  if run.credentials_renewed then
    return false
  end
  run.credentials_renewed = true
  local renewed
  renewed, run.renewal_error = run.state.provider:refresh(refused, run.deadline)
  return renewed ~= nil
end

-- What the client learned from a refusal; nil where the outcome is another one. The next call profits where this one
-- has no attempt left.
local function learn(run, what, credentials)
  if what.clock then
    return correct_clock(run)
  elseif what.expired then
    return renew_credentials(run, credentials)
  end
  return nil
end

-- Seconds until the next attempt; nil where there is to be none.
local function delay_of(run, what, learnt)
  local ex, bucket = run.ex, run.state.bucket
  if run.attempt >= run.max_attempts then
    return nil
  elseif learnt ~= nil then
    return learnt and 0 or nil
  elseif not (what.transient or what.throttling) or not retry.may_resend(run.op.retry, what) then
    return nil
  end
  local cost = bucket:take(what)
  if not cost then
    return nil
  end
  run.cost = cost
  return retry.delay(run.attempt, what, run.system.random(), retry.asked_for(ex))
end

-- What to do about a failed attempt: true to try again.
local function recover(run, err, what, credentials)
  local learnt = learn(run, what, credentials)
  local seconds = delay_of(run, what, learnt)
  if not seconds or not has_time(run, seconds) then
    return false
  end
  emit(run.settings, {
    type = "retry",
    operation = run.op.name,
    attempt = run.attempt,
    delay = seconds,
    status = err.status,
    code = err.code,
    request_id = err.request_id,
  })
  if not learnt then -- else there is nothing to wait for
    run.system.sleep(seconds)
  end
  return true
end

-- Sends once. Returns the result, or nil, error, outcome, credentials.
local function attempt(run)
  local state, settings, ex, op, system = run.state, run.settings, run.ex, run.op, run.system
  if state.limiter then -- before the signer is at hand, which other tasks may replace meanwhile
    local seconds = state.limiter:take(system.monotonic())
    if seconds > 0 then
      if not has_time(run, seconds) then
        return nil, errors.transport("total_timeout is too short for the rate that the service allows now", "timeout")
      end
      emit(settings, { type = "wait", operation = op.name, delay = seconds })
      system.sleep(seconds)
    end
  end
  if state.closed then
    return nil, errors.closed()
  end
  local target, signer, credentials, message, kind, sent, err
  target, err = target_of(state, settings)
  if not target then
    return nil, err
  end
  signer, credentials = signer_of(state, settings, run.deadline)
  if not signer then
    return nil, credentials
  end
  local connect_timeout, timeout, in_time = attempt_timeouts(run)
  if not in_time then
    return nil, errors.transport("total_timeout ran out before the request could be sent", "timeout")
  end
  local ok
  run.clock_offset = state.clock_offset
  ok, message = ex_sign(ex, target, signer, system.clock() + run.clock_offset, nil, run.attempt, run.max_attempts,
    run.headers)
  if not ok then
    return nil, errors.config("headers: " .. message)
  end
  ok, message, kind, sent = state.transport:send(ex, connect_timeout, timeout, op.retry)
  local result, code
  if ok then
    result, kind, code, message = ex_finish(ex, op.id)
    if result ~= nil then
      return result
    end
    local what = retry.outcome(kind, code, ex:status())
    return nil, answer_failure(ex, credentials, kind, code, message), what, credentials
  elseif kind == "config" then
    return nil, errors.config(message)
  end
  local what = retry.outcome("transport", kind, nil, sent)
  return nil, transport_failure(ex, credentials, message, kind), what, credentials
end

local function log_attempt(run, err, began)
  local ex = run.ex
  local status = ex:status()
  emit(run.settings, {
    type = "attempt",
    operation = run.op.name,
    attempt = run.attempt,
    status = status > 0 and status or nil,
    code = err and err.code,
    elapsed = run.system.monotonic() - began,
    request_id = status > 0 and request_id_of(ex, run.state.signers_credentials) or nil,
  })
end

-- Sends until there is a result or no hope.
local function send(run)
  local state, settings, ex = run.state, run.settings, run.ex
  local monotonic = run.system.monotonic
  local logger = settings.values.logger
  while true do
    run.attempt = run.attempt + 1
    local began = logger and monotonic()
    local result, err, what, credentials = attempt(run)
    if logger and (result ~= nil or what) then
      log_attempt(run, err, began)
    end
    if state.limiter and (result ~= nil or what) then
      state.limiter:answered(monotonic(), what and what.throttling)
    end
    if result ~= nil then
      state.bucket:refund(run.cost)
      local request_id, status, headers = ex_answer(ex)
      return result, nil, setmetatable({
        request_id = request_id,
        status = status,
        attempts = run.attempt,
        elapsed = monotonic() - run.started,
        headers = headers,
      }, meta_type)
    end
    if not what then -- it never left: nothing to classify, nothing to repeat
      run.attempt = run.attempt - 1
      return finish_error(run, err)
    end
    run.ambiguous = run.ambiguous or what.ambiguous or false
    if not recover(run, err, what, credentials) then
      return finish_error(run, err, what)
    end
  end
end

-- ---- entry points

-- Fills an exchange with a checked, marshalled request.
local function marshal(ex, op, params, unmodeled)
  local ok, problems
  if op.id then
    ok, problems = ex_marshal(ex, op.id, params, op.token and core.uuid(), unmodeled)
  else
    ok, problems = ex_marshal_any(ex, op.name, params)
  end
  if not ok then
    return nil, errors.params(op.name, problems)
  end
  return true
end

--- Checks the parameters of a call, and sends nothing.
-- @tparam table op
-- @tparam ?table params
-- @tparam ?boolean unmodeled
-- @treturn[1] true
-- @treturn[2] nil
-- @treturn[2] table error of kind "params"
local function check(op, params, unmodeled)
  local ex = core.exchange()
  local ok, err = marshal(ex, op, params, unmodeled)
  ex:clear()
  return ok, err
end

--- Makes a call.
-- @tparam table state the client's
-- @tparam table settings the client's settings, or those of this call
-- @tparam table op the operation, from names.lua, or `{name, retry, labels}` of one outside the model
-- @tparam ?table params
-- @tparam ?table headers further headers of the request
-- @tparam ?boolean unmodeled members the model does not know are sent too
-- @treturn[1] table result
-- @treturn[1] nil
-- @treturn[1] table meta
-- @treturn[2] nil
-- @treturn[2] table error
local function call(state, settings, op, params, headers, unmodeled)
  local run = take_run(state, settings, op, headers)
  local ok, err = marshal(run.ex, op, params, unmodeled)
  if ok then
    ok, err = confirmed(settings, op, params)
  end
  local result, meta
  if ok then
    start(run)
    result, err, meta = send(run)
  end
  give_back(run)
  if err then
    return nil, err -- no third value: of several, LuaJIT's assert raises the last
  end
  return result, nil, meta
end

-- Makes the request that the run's exchange holds into one that can be sent, and returns it.
local function signed_request(run)
  local state, settings, ex = run.state, run.settings, run.ex
  local target, signer, err
  target, err = target_of(state, settings)
  if not target then
    return nil, err
  end
  signer, err = signer_of(state, settings)
  if not signer then
    return nil, err
  end
  local ok, message = ex_sign(ex, target, signer, state.system.clock() + state.clock_offset, nil, 1,
    settings.values.max_attempts, run.headers)
  if not ok then
    return nil, errors.config("headers: " .. message)
  end
  return ex_request(ex)
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
  local run = take_run(state, settings, op, headers)
  local request
  local ok, err = marshal(run.ex, op, params, unmodeled)
  if ok then
    request, err = signed_request(run)
    if err then
      err.operation = op.name
    end
  end
  give_back(run)
  return request, err
end

return {
  call = call,
  target = target_of,
  check = check,
  emit = emit,
  prepare = prepare,
}
