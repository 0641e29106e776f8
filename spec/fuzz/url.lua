--- URLs and proxies, read by the core and by the transport for OpenResty: where both take a URL, they mean the same
-- host, so that nothing is signed for one and sent to another. An input is the URL.

local core = require "dxconnect.core"
local judge = require "spec.fuzz.judge"
local proxy = require "dxconnect.transport.proxy"

return function(input)
  local parts = core.url(input)
  local place, message = proxy.parse(input)
  judge.holds(place or type(message) == "string", "a proxy without words")
  local excepted = proxy.excepted("host.example.org", 443, input)
  judge.holds(type(excepted) == "boolean", "no answer")
  local target, problem = core.endpoint(input, "agent")
  if not target then
    judge.holds(type(problem) == "string" and #problem < 100, "the words %s", tostring(problem))
    return
  end
  local ex = core.exchange()
  assert(ex:marshal_any("DescribeNothing", {}))
  assert(ex:sign(target, nil, 1700000000, "id", 1, 1))
  local request = ex:request()
  local host = request.headers.host
  judge.holds(type(host) == "string" and host ~= "" and not host:find("[%c%s/@?#]"), "the host %q", tostring(host))
  judge.holds(parts, "the other transport does not read %q", input)
  local has_port = parts.port ~= (parts.scheme == "https" and 443 or 80)
  local other = parts.host:lower() .. (has_port and ":" .. parts.port or "")
  judge.holds(other == host, "the hosts %q and %q", host, other)
  judge.holds(not request.url:find("[%c ]"), "the URL %q", request.url)
end
