--- Errors that the emulated service answers with.
-- A handler raises one where it finds the request wrong; service.lua catches it and makes the answer of it. So it reads
-- straight on: what comes after a check may rely on it. Check everything first, change afterwards.

local error_mt = { __name = "dxconnect.emulator.service_error" }

local function raise(code, status, message)
  error(setmetatable({ code = code, status = status, message = message }, error_mt), 0)
end

local service_error = {}

--- Raises an error of any code.
-- @tparam string code such as "LimitExceededException"
-- @tparam string format of the message, as for string.format, with its values
function service_error.of(code, format, ...)
  raise(code, 400, format:format(...))
end

--- Raises a DirectConnectClientException, the service's word for nearly everything that is wrong with a request.
-- @tparam string format of the message, with its values
function service_error.client(format, ...)
  raise("DirectConnectClientException", 400, format:format(...))
end

--- Raises an error with a status of its own.
-- @tparam number status of HTTP
-- @tparam string code
-- @tparam string message
function service_error.with_status(status, code, message)
  raise(code, status, message)
end

--- Whether a raised value is one of these.
function service_error.is(value)
  return getmetatable(value) == error_mt
end

return service_error
