--- The error of an attempt that failed, and what a call that ends with it says: attempts, retries, doubts.

local core = require "dxconnect.core"
local errors = require "dxconnect.errors"
local reasons = require "dxconnect.resources.reasons"
local retry = require "dxconnect.retry"

local unpack = table.unpack or unpack -- luacheck: ignore

-- Hides the call's secrets: the service's and the network's messages can repeat what we sent them.
local function scrub(call, text)
  local ex, credentials, secrets = call.ex, call.credentials, call.op.secrets
  if secrets and secrets[1] then
    text = ex:redact(text, unpack(secrets))
  end
  return ex:redact(text, credentials.secret_access_key, credentials.session_token)
end

--- The service's id of the answered request; nil where the answer has none.
-- @tparam table call
-- @treturn ?string
local function request_id(call)
  local ex = call.ex
  local id = ex:header("x-amzn-requestid") or ex:header("x-amz-request-id")
  return id and scrub(call, id)
end

-- The settings that a connection depends on, with their origins.
local function route(call)
  local settings, url = call.settings, call.op.url or call.settings.url
  local values, origins = settings.values, settings.origins
  local words
  if call.op.service then
    words = ("the endpoint of %s is %s (from %s)"):format(call.op.service, call.op.base_url, call.op.origin)
  elseif values.endpoint_url then
    words = ("the endpoint is endpoint_url (from %s)"):format(origins.endpoint_url)
  else
    words = ("the endpoint follows from the region %s (from %s)"):format(errors.shown(values.region), origins.region)
  end
  url = settings.proxy and core.url(url)
  if url and require("dxconnect.transport.proxy").is_used(settings, url) then
    words = ("%s, the proxy is from %s"):format(words, origins.proxy)
  end
  return words
end

--- The error of a request that got no answer. One that could not be sent names the settings that led there.
-- @tparam table call
-- @tparam string message
-- @tparam string kind of the transport's failure
-- @tparam ?boolean sent whether the request may have been sent
-- @treturn table error
local function of_transport(call, message, kind, sent)
  message = scrub(call, message)
  if not sent and kind ~= "cancelled" then
    message = ("%s (%s)"):format(message, route(call))
  end
  return errors.transport(message, kind)
end

--- The error of an answer that is no result.
-- @tparam table call
-- @tparam string kind "service" or "response"
-- @tparam string code
-- @tparam string message
-- @treturn table error
local function of_answer(call, kind, code, message)
  message = scrub(call, message)
  local fields = { status = call.ex:status(), request_id = request_id(call) }
  if kind == "service" then
    code = scrub(call, code)
    if message == "" then
      message = "no explanation came with it"
    end
    fields.reason, fields.hint = reasons.of(code, message)
  end
  return errors.new(kind, code, message, fields)
end

-- What to do where a request may have taken effect.
local function doubt_hint(op)
  if op.retry ~= "once" then
    return "the request may have taken effect: sending it again does no harm"
  end
  return "the request may have taken effect: look " .. (op.look_with and "with " .. op.look_with .. " " or "")
    .. "before sending it again"
end

--- Completes the error that ends a call.
-- @tparam table call
-- @tparam table err
-- @tparam ?table outcome of the last attempt; nil where nothing was sent in it
-- @treturn table err
local function complete(call, err, outcome)
  local op = call.op
  err.operation = op.name
  err.attempts = call.attempt
  if outcome then
    err.throttling = outcome.throttling or false
    err.retryable = ((outcome.transient or outcome.throttling) and retry.may_resend(op.retry, outcome)) or false
  end
  if call.is_ambiguous and op.retry ~= "read" then
    err.maybe_applied = true
    err.hint = doubt_hint(op)
  end
  err.cause = err.cause or call.renewal_error
  return err
end

return {
  request_id = request_id,
  of_transport = of_transport,
  of_answer = of_answer,
  complete = complete,
}
