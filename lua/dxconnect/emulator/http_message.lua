--- HTTP/1.1 as the emulator's server speaks it: requests read from bytes, answers written. Pure.

local HEAD_MAX = 65536
local BODY_MAX = 4 * 1024 * 1024
local CHUNK_LINE_MAX = 1024

local reasons = {
  [200] = "OK", [400] = "Bad Request", [403] = "Forbidden", [404] = "Not Found", [405] = "Method Not Allowed",
  [413] = "Content Too Large", [429] = "Too Many Requests", [431] = "Request Header Fields Too Large",
  [500] = "Internal Server Error", [501] = "Not Implemented", [502] = "Bad Gateway", [503] = "Service Unavailable",
  [504] = "Gateway Timeout", [505] = "HTTP Version Not Supported",
}

local http_message = {}

-- Header lines as a table, names in lower case; values of one name are joined by commas. Nil where they can't be read.
local function parse_headers(text)
  local headers, repeated = {}, nil
  for line in text:gmatch("([^\n]*)\n") do
    local name, value = line:match("^([%w!#$%%&'*+.^_`|~-]+):[ \t]*(.*)$")
    if not name then
      return nil
    end
    name, value = name:lower(), value:match("^(.*[^ \t\r])") or ""
    if headers[name] then
      repeated = repeated or {}
      repeated[name] = repeated[name] or { headers[name] }
      table.insert(repeated[name], value)
    else
      headers[name] = value
    end
  end
  for name, values in pairs(repeated or {}) do
    headers[name] = table.concat(values, ",")
  end
  return headers
end

-- How the body is framed: its length, or "chunked"; nil and a status where that can't be told.
local function framing_of(headers)
  local encoding = headers["transfer-encoding"]
  if encoding then
    if encoding:lower() ~= "chunked" then
      return nil, 501
    elseif headers["content-length"] then
      return nil, 400
    end
    return "chunked"
  end
  local length = headers["content-length"] or "0"
  if not length:find("^%d+$") then
    return nil, 400
  elseif #length > 15 or tonumber(length) > BODY_MAX then
    return nil, 413
  end
  return tonumber(length)
end

-- The lines of a head without the empty one that ends it, and where the body begins; nil while there is no such line.
-- Looks no further than a head may be long, since other requests may follow. Lines end with CRLF or LF.
local function split_head(bytes, from)
  local text = bytes:sub(from, from + HEAD_MAX + 2)
  local stop, to = text:find("\n\r\n", 1, true)
  local lone, lone_to = (stop and text:sub(1, stop) or text):find("\n\n", 1, true)
  if lone then
    stop, to = lone, lone_to
  end
  return stop and text:sub(1, stop - 1), stop and from + to
end

--- Reads the head of a request.
-- @tparam string bytes
-- @tparam[opt=1] number from where the request begins; empty lines before it are passed over
-- @treturn ?table `{method, url, path, headers, length, is_chunked, body_at, keep_alive, expects_continue}`; nil while
--   it is incomplete
-- @treturn ?number status to refuse it with
function http_message.parse_head(bytes, from)
  from = bytes:find("[^\r\n]", from or 1)
  if not from then
    return nil
  elseif not bytes:find("^%u", from) then -- no method: the hello of TLS, say
    return nil, 400
  end
  local text, body_at = split_head(bytes, from)
  if not text then
    return nil, #bytes - from > HEAD_MAX and 431 or nil
  end
  local line, rest = text:match("^([^\r\n]*)\r?\n?(.*)$")
  local method, target, version = line:match("^(%u+) (%S+) HTTP/(%d%.%d)$")
  local headers = method and parse_headers(rest == "" and "" or rest .. "\n")
  if not headers then
    return nil, 400
  elseif version ~= "1.1" and version ~= "1.0" then
    return nil, 505
  elseif version == "1.1" and not headers.host then
    return nil, 400
  end
  local length, status = framing_of(headers)
  if not length then
    return nil, status
  end
  local connection = (headers.connection or ""):lower()
  local url = target:find("^%a+://") and target or "http://" .. (headers.host or "localhost") .. target
  return {
    method = method,
    url = url,
    path = url:match("^%a+://[^/?#]*([^?#]*)"),
    headers = headers,
    length = length ~= "chunked" and length or 0,
    is_chunked = length == "chunked",
    body_at = body_at,
    keep_alive = version == "1.1" and not connection:find("close", 1, true),
    expects_continue = version == "1.1" and (headers.expect or ""):lower() == "100-continue",
  }
end

-- Reads chunks from where the last call stopped; head.chunks has those that are whole.
local function read_chunks(head, bytes)
  head.chunks, head.chunk_at, head.size = head.chunks or {}, head.chunk_at or head.body_at, head.size or 0
  while true do
    local line_end, next_at = bytes:find("\r?\n", head.chunk_at)
    if not line_end then
      return nil, #bytes - head.chunk_at > CHUNK_LINE_MAX and 400 or nil
    end
    local digits = bytes:sub(head.chunk_at, line_end - 1):match("^(%x+)[ \t]*;?")
    local size = digits and #digits <= 8 and tonumber(digits, 16)
    if not size then
      return nil, 400
    elseif head.size + size > BODY_MAX then
      return nil, 413
    elseif size == 0 then
      local _, trailers_end = bytes:find("^\r?\n", next_at + 1)
      if not trailers_end then
        _, trailers_end = bytes:find("\r?\n\r?\n", next_at)
      end
      if trailers_end then
        return table.concat(head.chunks), trailers_end + 1
      end
      return nil, #bytes - next_at > HEAD_MAX and 431 or nil
    elseif #bytes < next_at + size + 1 then
      return nil
    end
    local after = next_at + size + 1
    local _, data_end = bytes:find("^\r?\n", after)
    if not data_end then
      return nil, (#bytes > after or bytes:sub(after, after) ~= "\r") and 400 or nil
    end
    head.chunks[#head.chunks + 1] = bytes:sub(next_at + 1, next_at + size)
    head.size, head.chunk_at = head.size + size, data_end + 1
  end
end

--- Reads the body of a request, once it is whole.
-- @tparam table head of `parse_head`
-- @tparam string bytes the same ones, with what came since
-- @treturn[1] string body
-- @treturn[1] number where the next request begins
-- @treturn[2] nil while it is incomplete
-- @treturn[2] ?number status to refuse it with
function http_message.read_body(head, bytes)
  if head.is_chunked then
    return read_chunks(head, bytes)
  end
  local stop = head.body_at + head.length
  if #bytes < stop - 1 then
    return nil
  end
  return bytes:sub(head.body_at, stop - 1), stop
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
