--- A user's function as a transport: `transport(request) -> response`, or `nil, message, kind`.
-- What it raises, or returns in another shape, is a transport error like any other.

local errors = require "dxconnect.errors"

-- The last two come from a real transport that the function calls.
local known_kinds = { connect = true, tls = true, timeout = true, reset = true, cancelled = true, config = true }

-- Of these the function says that nothing of the request was sent.
local unsent_kinds = { connect = true, tls = true, config = true }

-- May raise: the response may have metamethods.
local function read(response)
  return response.status, response.headers, response.body
end

local methods = {}
local mt = { __index = methods }

--- Sends an exchange's request through the function.
-- @tparam userdata ex exchange
-- @tparam number connect_timeout seconds
-- @tparam number timeout seconds
-- @treturn[1] true the answer is in the exchange
-- @treturn[2] nil
-- @treturn[2] string message
-- @treturn[2] string kind
-- @treturn[2] boolean sent whether the request may have been sent
function methods:send(ex, connect_timeout, timeout)
  local request = ex:request()
  request.connect_timeout = connect_timeout
  request.timeout = timeout
  local ok, response, message, kind, sent = errors.protected(self.call, request)
  if not ok then
    return nil, "the transport function raised: " .. errors.message_of(response), "reset", true
  elseif response == nil then
    kind = known_kinds[kind] and kind or "reset"
    return nil, errors.message_of(message or "the transport function gave no reason"), kind,
      sent ~= false and not unsent_kinds[kind]
  elseif type(response) ~= "table" then
    return nil, "the transport function returned a " .. type(response) .. " instead of a response", "reset", true
  end
  local is_read, status, headers, body = errors.protected(read, response)
  if not is_read then
    return nil, "reading what the transport function returned raised: " .. errors.message_of(status), "reset", true
  elseif type(status) ~= "number" or status % 1 ~= 0 or status < 100 or status > 999 then
    return nil, "the transport function returned no status", "reset", true
  end
  local done, problem = ex:respond(status, headers, body)
  if not done then
    return nil, "the transport function returned an unusable response: " .. tostring(problem), "reset", true
  end
  return true
end

--- There is nothing of ours to close.
function methods.close()
end

--- Makes the transport of settings whose `transport` is a function or a callable table.
-- @tparam table settings
-- @treturn table a transport
local function new(settings)
  return setmetatable({ call = settings.values.transport }, mt)
end

return { new = new }
