--- Requests of credential sources: to STS, single sign-on, sign-in, containers and instance metadata. They use the
-- client's transport, with its proxy, certificates and time-outs. Transient failures are retried.

local core = require "dxconnect.core"
local errors = require "dxconnect.errors"
local retry = require "dxconnect.retry"

local unpack = table.unpack or unpack -- luacheck: ignore

--- A value as it stands in a query or a form.
-- @param value
-- @treturn string percent-encoded
local function escape(value)
  return (tostring(value):gsub("[^%w%-._~]", function(c)
    return ("%%%02X"):format(c:byte())
  end))
end

local function is_server_fault(response)
  return response.status >= 500 or response.status == 429
end

-- Seconds left of the call that the renewal is done for; nil where it has no end.
local function time_left(context, limit)
  return limit and limit.deadline and limit.deadline - context.system.monotonic()
end

local function shorter(seconds, left)
  return left and (not seconds or left < seconds) and left or seconds
end

--- Seconds that one step of a renewal may take: an attempt's time-out, or what is left of the call.
-- @tparam table context
-- @tparam ?table limit of the renewal
-- @treturn number
local function time_for(context, limit)
  return math.max(0, shorter(context.settings.values.timeout, time_left(context, limit)))
end

-- Waits before the next attempt; false where the call's time would not suffice.
local function wait(context, ex, attempt, limit, throttling)
  local seconds = retry.delay(attempt, { transient = true, throttling = throttling }, context.system.random(),
    retry.asked_for(ex))
  local left = time_left(context, limit)
  if left and seconds >= left then
    limit.passed = true
    return false
  end
  if context.logger then
    pcall(context.logger, {
      type = "retry",
      attempt = attempt,
      delay = seconds,
      status = ex:status() > 0 and ex:status() or nil,
    })
  end
  local _, problem = context.system.sleep(seconds)
  return problem == nil
end

-- Loads and sends once: response; or nil, error, kind.
local function attempt_once(context, ex, request, policy)
  local ok, message, kind
  ok, message = ex:load(request)
  if not ok then
    return nil, errors.credentials("the request can't be made: " .. message)
  end
  local limit, values = policy.limit, context.settings.values
  local left = time_left(context, limit)
  local transport = policy.is_direct and context.direct_transport() or context.transport
  if left and left <= 0 then
    limit.passed = true
    return nil, errors.transport("total_timeout ran out while credentials were looked for", "timeout")
  end
  local timeout = policy.timeout or values.timeout
  local sent
  ok, message, kind, sent = transport:send(ex, shorter(policy.connect_timeout or values.connect_timeout, left),
    shorter(timeout, left))
  if context.is_wire_logged and ok then -- nothing of what is said: credentials are all that it is about
    context.logger { type = "exchange", status = ex:status(), size = #ex:body() }
  end
  if kind == "timeout" and left and shorter(timeout, left) == left then
    limit.passed = true
  end
  if kind == "config" then
    return nil, errors.config(message), kind
  elseif not ok then
    return nil, errors.transport(ex:redact(message, unpack(policy.secrets or {})), kind), kind, sent
  end
  return { status = ex:status(), body = ex:body(), date = ex:header("date") }
end

--- Sends a request, again where that may help.
-- @tparam table context of the credentials
-- @tparam table|function request `{method, url, headers, body}`, or a function that makes one for each attempt and may
-- return nil, error
-- @tparam[opt] table policy `{attempts, silent_attempts, timeout, connect_timeout, is_transient, secrets, is_direct,
-- is_once, limit}`: silent_attempts holds where nothing answers, is_transient judges a response, secrets stay out of
-- messages, is_direct bypasses the proxy, is_once forbids to send again what may have arrived, limit `{deadline,
-- passed}` is the renewal's: `passed` is set where it cut the request
-- @treturn[1] table response `{status, body, date}`
-- @treturn[2] nil
-- @treturn[2] table error
local function send(context, request, policy)
  policy = policy or {}
  local attempts = policy.attempts or context.settings.values.max_attempts
  local is_transient = policy.is_transient or is_server_fault
  local ex = core.exchange()
  local attempt = 0
  while true do
    attempt = attempt + 1
    local made = request
    if type(request) == "function" then
      local unmade
      made, unmade = request()
      if not made then
        return nil, unmade
      end
    end
    made.headers["user-agent"] = context.user_agent
    local response, err, kind, sent = attempt_once(context, ex, made, policy)
    local again
    if response then
      again = is_transient(response) and attempt < attempts and not policy.is_once
    else
      again = kind and kind ~= "tls" and kind ~= "cancelled" and kind ~= "config"
        and attempt < (policy.silent_attempts or attempts) and not (policy.is_once and sent)
    end
    if not again or not wait(context, ex, attempt, policy.limit, response and response.status == 429) then
      ex:clear()
      return response, err
    end
  end
end

return {
  escape = escape,
  time_for = time_for,
  send = send,
}
