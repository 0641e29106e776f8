--- HTTP/1.1 for transports whose sockets are Lua's: writes a request as text, reads an answer into an exchange by the
-- core's reader, which is the one that the transport over libcurl has, too. Bytes come from a `source`, whoever opened
-- the connection. A source has one method, `source:receive(max)`, which returns between 1 and `max` bytes, or nil and
-- "closed", "timeout" or other words.

local core = require "dxconnect.core"

local PIECE = 64 * 1024 -- bytes asked for at once

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

-- ---- the answer

--- Reads the answer to a request into an exchange; 1xx answers before it are skipped. Where it fails, the exchange has
-- no answer.
-- @param source
-- @param ex the exchange
-- @tparam string method of the request
-- @treturn[1] true
-- @treturn[1] boolean is_reusable the connection may carry another request; behind CONNECT: it is a tunnel
-- @treturn[2] nil
-- @treturn[2] string message
-- @treturn[2] string kind "timeout" or "reset"
local function read(source, ex, method)
  local reader = core.reader(ex, method)
  local is_over, result = false, nil
  while is_over == false do
    local bytes, words = source:receive(PIECE)
    if bytes then
      is_over, result = reader:feed(ex, bytes)
    elseif words == "closed" then
      is_over, result = reader:finish(ex)
    else
      reader:abandon(ex)
      if words == "timeout" then
        return nil, "the answer did not come in time", "timeout"
      end
      return nil, words, "reset"
    end
  end
  if not is_over then
    return nil, result, "reset"
  end
  return true, result
end

return {
  split_url = split_url,
  head = head,
  read = read,
}
