--- Requests and answers as events of the wire log, with secrets, signatures and tokens hidden.

local core = require "dxconnect.core"

local BODY_MAX = 32 * 1024 -- bytes of an answer's body that are shown

-- Hides what pages are asked by, and what makes a request unique: none of it is needed to understand a call.
local function hide_tokens(value)
  for name, inner in next, value do
    if type(inner) == "table" then
      hide_tokens(inner)
    elseif type(name) == "string" and name:lower():find("token$") then
      value[name] = "<hidden>"
    end
  end
end

-- A JSON text without secrets and tokens; nil where it is no JSON.
local function shown(body)
  local value = body and core.json_decode(body)
  if type(value) ~= "table" then
    return nil
  end
  hide_tokens(value)
  return core.json_encode(value)
end

--- The request that is about to be sent.
-- @tparam table call
-- @treturn table event
local function request(call)
  local event = call.ex:shown_request()
  event.type, event.operation, event.attempt = "request", call.op.name, call.attempt
  event.body = shown(event.body)
  return event
end

--- The answer that came. Of one that is no JSON only the size is told.
-- @tparam table call
-- @treturn table event
local function answer(call)
  local ex, credentials = call.ex, call.credentials
  local event = ex:shown_answer()
  event.type, event.operation, event.attempt = "answer", call.op.name, call.attempt
  local body = event.size <= BODY_MAX and shown(ex:body())
  if body then
    event.body = ex:redact(body, credentials.secret_access_key, credentials.session_token)
  end
  for name, value in pairs(event.headers) do
    event.headers[name] = ex:redact(value, credentials.secret_access_key, credentials.session_token)
  end
  return event
end

return { request = request, answer = answer }
