--- HTTP/1.1 as text: writes a request, reads an answer. Pure: bytes come from a `source`, so that the strictness here
-- (caps, lengths, chunks, what may follow an answer) is the same whoever opened the connection.
-- A source has one method, `source:receive(max)`, which returns between 1 and `max` bytes, or nil and "closed",
-- "timeout" or other words.

local HEAD_MAX = 256 * 1024
local BODY_MAX = 128 * 1024 * 1024
local CHUNK_LINE_MAX = 4096
local PIECE = 64 * 1024

-- ---- URLs

--- Takes an absolute URL apart.
-- @tparam string url
-- @treturn[1] table `{scheme, host, port, path, authority}`; an IPv6 host keeps its brackets
-- @treturn[2] nil
local function split_url(url)
  local scheme, rest = url:match("^(%a[%w+.-]*)://(.*)$")
  if not scheme then
    return nil
  end
  scheme = scheme:lower()
  local authority, path = rest:match("^([^/?#]*)([^#]*)")
  local userinfo, place = authority:match("^(.*)@([^@]*)$")
  place = place or authority
  local host, port = place:match("^(%[[^%]]*%])$"), nil
  if not host then
    host, port = place:match("^(%[[^%]]*%]):(%d*)$")
  end
  if not host then
    host, port = place:match("^([^:]*):(%d*)$")
  end
  if not host then
    host = place:match("^[^:]*$")
  end
  if not host or host == "" or host:find("[%s%c]") then
    return nil
  end
  port = port and port ~= "" and tonumber(port) or (scheme == "https" and 443 or 80)
  if port < 1 or port > 65535 then
    return nil
  elseif path:sub(1, 1) ~= "/" then
    path = "/" .. path
  end
  return { scheme = scheme, host = host, port = port, path = path, authority = place, userinfo = userinfo }
end

-- ---- the request

local with_body = { POST = true, PUT = true, PATCH = true }

--- Head of a request as it goes onto the wire, up to and with the empty line.
-- @tparam table request `{method, headers, body}`, header names in lower case
-- @tparam string target the request line's target
-- @tparam string authority the Host where the headers have none
-- @tparam[opt] table extra further lines, `{name = value}`
-- @treturn string
local function head(request, target, authority, extra)
  local headers = request.headers or {}
  local method = request.method or "POST"
  local body = request.body or ""
  local lines = { method .. " " .. target .. " HTTP/1.1", "host: " .. (headers.host or authority) }
  local names = {}
  for name in pairs(headers) do
    local lower = name:lower()
    if lower ~= "host" and lower ~= "content-length" then
      names[#names + 1] = name
    end
  end
  table.sort(names)
  for _, name in ipairs(names) do
    lines[#lines + 1] = name .. ": " .. headers[name]
  end
  for name, value in pairs(extra or {}) do
    lines[#lines + 1] = name .. ": " .. value
  end
  if body ~= "" or with_body[method] then
    lines[#lines + 1] = ("content-length: %d"):format(#body)
  end
  lines[#lines + 1] = "\r\n"
  return table.concat(lines, "\r\n")
end

-- ---- reading

local function failed(words)
  if words == "timeout" then
    return nil, "the answer did not come in time", "timeout"
  end
  return nil, words, "reset"
end

-- Reads on; true, or nil and what the source said.
local function fill(reader, max)
  local bytes, words = reader.source:receive(max or PIECE)
  if not bytes then
    reader.ended = words
    return nil, words
  end
  reader.begun = true
  if reader.at > #reader.buffer then
    reader.buffer = bytes
  else
    reader.buffer = reader.buffer:sub(reader.at) .. bytes
  end
  reader.at = 1
  return true
end

local function cut_short(reader, words)
  if words ~= "closed" then
    return failed(words)
  elseif not reader.begun then
    return failed("the connection was closed before an answer came")
  end
  return failed("the answer was cut short")
end

-- A line without its end; `room` is what its kind may have in all, and what is left of it is returned.
local function read_line(reader, room, what)
  local searched = reader.at
  while true do
    local stop = reader.buffer:find("\n", searched, true)
    if stop then
      local from = reader.at
      reader.at = stop + 1
      room = room - (stop - from + 1)
      if room < 0 then
        return failed(what .. " too large")
      end
      local last = stop - 1
      if last >= from and reader.buffer:byte(last) == 13 then
        last = last - 1
      end
      return reader.buffer:sub(from, last), room
    end
    local unread = #reader.buffer - reader.at + 1
    if unread > room then
      return failed(what .. " too large")
    end
    local ok, words = fill(reader)
    if not ok then
      return cut_short(reader, words)
    end
    searched = reader.at + unread
  end
end

-- Pieces of a body: joined now and then, so that many small ones do not become many tables' worth of memory.
local function add_piece(body, piece)
  body.size = body.size + #piece
  local pieces = body.pieces
  pieces[#pieces + 1] = piece
  if #pieces >= 1024 then
    body.blocks[#body.blocks + 1] = table.concat(pieces)
    body.pieces = {}
  end
end

local function new_body()
  return { size = 0, pieces = {}, blocks = {} }
end

local function body_text(body)
  body.blocks[#body.blocks + 1] = table.concat(body.pieces)
  return table.concat(body.blocks)
end

-- Moves exactly `count` bytes into the body.
local function read_bytes(reader, body, count)
  if body.size + count > BODY_MAX then
    return failed("the answer is too large")
  end
  while count > 0 do
    local unread = #reader.buffer - reader.at + 1
    if unread == 0 then
      local ok, words = fill(reader, count < PIECE and count or PIECE)
      if not ok then
        return cut_short(reader, words)
      end
      unread = #reader.buffer
    end
    local taken = unread < count and unread or count
    if reader.at == 1 and taken == #reader.buffer then
      add_piece(body, reader.buffer)
    else
      add_piece(body, reader.buffer:sub(reader.at, reader.at + taken - 1))
    end
    reader.at = reader.at + taken
    count = count - taken
  end
  return true
end

local function read_to_end(reader, body)
  while true do
    local unread = #reader.buffer - reader.at + 1
    if unread > 0 then
      local ok, message, kind = read_bytes(reader, body, unread)
      if not ok then
        return nil, message, kind
      end
    end
    local ok, words = fill(reader)
    if not ok then
      if words == "closed" then
        return true
      end
      return failed(words)
    end
  end
end

-- Chunked; the trailer's fields are dropped, and count against the headers' cap.
local function read_chunks(reader, body, room)
  while true do
    local line, message, kind = read_line(reader, CHUNK_LINE_MAX, "the length of a chunk is")
    if not line then
      return nil, message, kind
    end
    local digits = line:match("^(%x+)[ \t]*$") or line:match("^(%x+)[ \t]*;")
    local significant = digits and digits:gsub("^0+", "")
    if not digits or #significant > 8 then
      return failed("the answer is badly chunked")
    end
    local size = tonumber(digits, 16)
    if size == 0 then
      break
    end
    local ok
    ok, message, kind = read_bytes(reader, body, size)
    if not ok then
      return nil, message, kind
    end
    line, message, kind = read_line(reader, 2, "what stands behind a chunk is")
    if not line then
      return nil, message, kind
    elseif line ~= "" then
      return failed("the answer is badly chunked")
    end
  end
  while true do
    local line, left, kind = read_line(reader, room, "the answer's headers are")
    if not line then
      return nil, left, kind
    elseif line == "" then
      return true
    end
    room = left
  end
end

-- Status line and headers of one answer, a 1xx perhaps.
local function read_head(reader, room)
  local line, left, kind = read_line(reader, room, "the answer's headers are")
  if not line then
    return nil, left, kind
  end
  local minor, status = line:match("^HTTP/1%.(%d) (%d%d%d) ")
  if not minor then
    minor, status = line:match("^HTTP/1%.(%d) (%d%d%d)$")
  end
  if not minor or tonumber(status) < 100 then
    return failed("what came is no answer in HTTP/1.1")
  end
  local headers, last = {}, nil
  while true do
    room = left
    line, left, kind = read_line(reader, room, "the answer's headers are")
    if not line then
      return nil, left, kind
    elseif line == "" then
      break
    elseif line:find("%z") then
      return failed("a header of the answer is malformed")
    end
    line = line:gsub("\r", " ") -- alone it ends no line
    local name, value = line:match("^([^%s:%c]+):[ \t]*(.-)[ \t]*$")
    local continued = line:match("^[ \t]+(.-)[ \t]*$")
    if continued and last then
      headers[last] = headers[last] .. " " .. continued
    elseif not name then
      return failed("a header of the answer is malformed")
    else
      last = name:lower()
      if last == "content-length" and headers[last] and headers[last] ~= value then
        return failed("the answer has two lengths")
      elseif last ~= "content-length" and headers[last] then
        value = headers[last] .. ", " .. value
      end
      headers[last] = value
    end
  end
  return { status = tonumber(status), minor = tonumber(minor), headers = headers }, left
end

local function has_token(value, wanted)
  for token in (value or ""):lower():gmatch("[^,%s]+") do
    if token == wanted then
      return true
    end
  end
  return false
end

-- How an answer's body ends: "none", "chunked", "closed" or a number of bytes.
local function framing(method, answer)
  local status, headers = answer.status, answer.headers
  if method == "HEAD" or status == 204 or status == 304 or (method == "CONNECT" and status >= 200 and status < 300) then
    return "none"
  end
  local coding = headers["transfer-encoding"]
  if coding then
    if coding:lower() ~= "chunked" or answer.minor == 0 then
      return nil, "the answer's transfer-encoding is unknown"
    end
    return "chunked"
  end
  local length = headers["content-length"]
  if not length then
    return "closed"
  elseif not length:find("^%d+$") then
    return nil, "the answer's length is malformed"
  end
  if #length:gsub("^0+", "") > 12 then
    return nil, "the answer is too large"
  end
  return tonumber(length)
end

local function read_body(reader, how, room)
  local body = new_body()
  local ok, message, kind
  if how == "none" then
    ok = true
  elseif how == "chunked" then
    ok, message, kind = read_chunks(reader, body, room)
  elseif how == "closed" then
    ok, message, kind = read_to_end(reader, body)
  else
    ok, message, kind = read_bytes(reader, body, how)
  end
  if not ok then
    return nil, message, kind
  end
  return body_text(body)
end

--- Reads the answer to a request; 1xx answers before it are skipped.
-- @param source
-- @tparam string method of the request
-- @treturn[1] table `{status, headers, body, reusable}`; header names in lower case, repeated ones joined by ", ";
-- `reusable`: the connection may carry another request
-- @treturn[2] nil
-- @treturn[2] string message
-- @treturn[2] string kind "timeout" or "reset"
local function read(source, method)
  local reader = { source = source, buffer = "", at = 1 }
  local room = HEAD_MAX
  local answer, left, kind
  repeat
    answer, left, kind = read_head(reader, room)
    if not answer then
      return nil, left, kind
    end
    room = left
  until answer.status >= 200 or answer.status == 101
  if answer.status == 101 then
    return failed("the other side wants another protocol")
  end
  local how, message = framing(method, answer)
  if not how then
    return failed(message)
  end
  local body
  body, message, kind = read_body(reader, how, room)
  if not body then
    return nil, message, kind
  end
  answer.body = body
  local connection = answer.headers.connection
  answer.reusable = how ~= "closed"
    and reader.at > #reader.buffer
    and not has_token(connection, "close")
    and (answer.minor >= 1 or has_token(connection, "keep-alive"))
    and not (answer.headers["transfer-encoding"] and answer.headers["content-length"])
  return answer
end

return {
  split_url = split_url,
  head = head,
  read = read,
}
