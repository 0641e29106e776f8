--- HTTP/1.1 as the transport for OpenResty reads it: an answer is the same however it is cut into pieces, and a
-- connection is used again only where the answer ended exactly there. An input is the size of the pieces (one byte) and
-- the answer.

local http1 = require "dxconnect.transport.http1"
local judge = require "spec.fuzz.judge"

local function source(text, size)
  local at = 1
  return {
    receive = function(_, max)
      if at > #text then
        return nil, "closed"
      end
      local piece = text:sub(at, at + math.min(size, max) - 1)
      at = at + #piece
      return piece
    end,
  }
end

return function(input)
  local size, text = (input:byte(1) or 0) % 16 + 1, input:sub(2)
  local method = #text % 5 == 0 and "HEAD" or "POST"
  local answer, message, kind = http1.read(source(text, 65536), method)
  local other, other_message, other_kind = http1.read(source(text, size), method)
  if not answer then
    judge.holds(type(message) == "string" and (kind == "reset" or kind == "timeout"), "the kind %s", tostring(kind))
    judge.holds(not other and other_kind == kind, "in pieces it is read: %s, %s", message, tostring(other_message))
    return
  end
  judge.holds(other, "in pieces it is not read: %s", tostring(other_message))
  judge.holds(answer.status == other.status and answer.body == other.body and judge.same(answer.headers, other.headers),
    "in pieces it is another answer")
  judge.holds(answer.status >= 200 and answer.status <= 999, "the status %d", answer.status)
  for name, value in pairs(answer.headers) do
    judge.holds(name == name:lower() and not value:find("[\r\n%z]"), "the header %q: %q", name, value)
  end
  if answer.reusable then
    local longer = http1.read(source(text .. "HTTP/1.1 200 OK\r\n", 65536), method)
    judge.holds(longer and not longer.reusable, "it is used again with something behind the answer")
    judge.holds(longer.body == answer.body, "what stands behind it is part of it")
  end
end
