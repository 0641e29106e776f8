--- HTTP/1.1 over sockets of Lua's. Writes a request as text, and reads an answer into an exchange by the core's reader,
-- which the transport over libcurl uses too. Bytes come from a `source`, a table with one method: `source:receive(max)`
-- returns 1 to `max` bytes, or nil and "closed", "timeout" or another message.

local core = require "dxconnect.core"

local PIECE = 64 * 1024 -- bytes asked for at once

-- ---- the request

local with_body = { POST = true, PUT = true, PATCH = true }

--- The head of a request as it is sent, with the empty line.
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
  head = head,
  read = read,
}
