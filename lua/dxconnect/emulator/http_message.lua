--- HTTP/1.1 as the emulator's server speaks it: requests read from bytes, answers written. Pure.

local HEAD_MAX = 65536
local BODY_MAX = 4 * 1024 * 1024

local reasons = {
  [200] = "OK", [400] = "Bad Request", [403] = "Forbidden", [404] = "Not Found", [413] = "Content Too Large",
  [429] = "Too Many Requests", [431] = "Request Header Fields Too Large", [500] = "Internal Server Error",
  [501] = "Not Implemented", [502] = "Bad Gateway", [503] = "Service Unavailable", [504] = "Gateway Timeout",
  [505] = "HTTP Version Not Supported",
}

local http_message = {}

-- Header lines as a table, names in lower case; values of one name are joined by commas. Nil where they can't be read.
local function parse_headers(text)
  local headers = {}
  for line in text:gmatch("([^\n]*)\n") do
    local name, value = line:match("^([%w!#$%%&'*+.^_`|~-]+):[ \t]*(.-)[ \t]*\r?$")
    if not name then
      return nil
    end
    name = name:lower()
    headers[name] = headers[name] and headers[name] .. "," .. value or value
  end
  return headers
end

--- Reads the head of a request.
-- @tparam string bytes all that came so far
-- @treturn ?table `{method, url, headers, length, body_at, keep_alive, expects_continue}`; nil while it is incomplete
-- @treturn ?number status to refuse it with
function http_message.parse_head(bytes)
  local from, to = bytes:find("\r?\n\r?\n")
  if not from then
    return nil, #bytes > HEAD_MAX and 431 or nil
  elseif from > HEAD_MAX then
    return nil, 431
  end
  local line, rest = bytes:sub(1, from - 1):match("^([^\r\n]*)\r?\n?(.*)$")
  local method, target, version = line:match("^(%u+) (%S+) HTTP/(%d%.%d)$")
  local headers = method and parse_headers(rest == "" and "" or rest .. "\n")
  if not headers then
    return nil, 400
  elseif version ~= "1.1" and version ~= "1.0" then
    return nil, 505
  elseif headers["transfer-encoding"] then
    return nil, 501
  end
  local length = headers["content-length"] or "0"
  if not length:find("^%d+$") or version == "1.1" and not headers.host then
    return nil, 400
  elseif #length > 15 or tonumber(length) > BODY_MAX then
    return nil, 413
  end
  local connection = (headers.connection or ""):lower()
  return {
    method = method,
    url = target:find("^%a+://") and target or "http://" .. (headers.host or "localhost") .. target,
    headers = headers,
    length = tonumber(length),
    body_at = to + 1,
    keep_alive = version == "1.1" and not connection:find("close", 1, true),
    expects_continue = (headers.expect or ""):lower() == "100-continue",
  }
end

--- Writes an answer.
-- @tparam table response `{status, headers, body}`
-- @tparam boolean keep_alive
-- @treturn string
function http_message.write(response, keep_alive)
  local body = response.body or ""
  local lines = { ("HTTP/1.1 %d %s"):format(response.status, reasons[response.status] or "Unknown") }
  for name, value in pairs(response.headers or {}) do
    lines[#lines + 1] = name .. ": " .. tostring(value)
  end
  lines[#lines + 1] = ("content-length: %d"):format(#body)
  if not keep_alive then
    lines[#lines + 1] = "connection: close"
  end
  lines[#lines + 1] = "\r\n"
  return table.concat(lines, "\r\n") .. body
end

return http_message
