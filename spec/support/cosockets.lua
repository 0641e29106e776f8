--- A real nginx whose requests send over the cosocket transport, for its specs: `cosockets.start()`, then
-- `cosockets.call(url, given)` and `cosockets.eval(code)`, which return what `send` left inside nginx.

local cjson = require("cjson").new()
local faultd = require "spec.support.faultd"
local nginx = require "spec.support.nginx"
local socket = require "socket"

local cosockets = {}

local web, port, dns

-- What the code inside nginx starts with.
local PRELUDE = [[
  local cjson, core, resty = require "cjson", require "dxconnect.core", require "dxconnect.transport.nginx"
  local function open(settings)
    return assert(resty.new {
      values = { ca_bundle = settings.ca_bundle },
      origins = { ca_bundle = "AWS_CA_BUNDLE" },
      proxy = settings.proxy,
      proxy_for_https_only = settings.proxy_for_https_only,
      no_proxy = settings.no_proxy or "",
    })
  end
  local function call(transport, url, given)
    local ex = core.exchange()
    assert(ex:load {
      method = given.method or "POST",
      url = url,
      headers = given.headers or { ["content-type"] = "application/x-amz-json-1.1" },
      body = given.fill and ("x"):rep(given.fill) or given.body or "{}",
    })
    local began = core.monotonic()
    local done, message, kind, sent = transport:send(ex, given.connect_timeout or 60, given.timeout or 60,
      given.repetition)
    return {
      done = done, message = message, kind = kind, sent = sent, status = ex:status(), body = ex:body(),
      headers = ex:status() > 0 and ex:headers() or nil, elapsed = core.monotonic() - began,
    }
  end
]]

--- Runs code that returns a table; at the port of another nginx than ours where one is given.
function cosockets.eval(code, at)
  return cjson.decode(nginx.eval(at or port, PRELUDE .. code))
end

local function quoted(value)
  return ("require('cjson').decode(%q)"):format(cjson.encode(value))
end

local function code_of(url, given)
  given = given or {}
  return ("local given = %s\nreturn call(open(given), %q, given)"):format(quoted(given), url)
end

--- One call. `given` has settings of the transport (`proxy`, `ca_bundle`, …) and of the call (`method`, `timeout`, …).
-- @treturn table `{done, message, kind, sent, status, body, headers, elapsed}`
function cosockets.call(url, given, at)
  return cosockets.eval(code_of(url, given), at)
end

--- One call, and f meanwhile.
function cosockets.call_while(url, given, f)
  return cjson.decode(nginx.eval_while(port, PRELUDE .. code_of(url, given), f))
end

--- A fault server's URL by the name that its certificate has.
function cosockets.https(server)
  return "https://localhost:" .. server.port
end

--- A certificate of the fault server's, by a path that nginx understands.
function cosockets.certificate(name)
  return nginx.path(faultd.certificate(name))
end

--- How many descriptors the worker has open, after a full collection.
function cosockets.descriptors()
  return tonumber(nginx.eval(port, [[
    collectgarbage() collectgarbage()
    local n = 0
    for fd = 0, 255 do
      local file = io.open("/proc/self/fdinfo/" .. fd)
      if file then
        n = n + 1
        file:close()
      end
    end
    return n
  ]]))
end

--- Starts it: a server that trusts the specs' certificates, and one that trusts none.
-- @treturn number port of the latter
function cosockets.start()
  dns = assert(socket.udp())
  assert(dns:setsockname("127.0.0.1", 0))
  dns:settimeout(10)
  local bare_port
  port, bare_port = nginx.ports(2)
  web = nginx.start {
    http = ([[
      lua_socket_log_errors off;
      resolver 127.0.0.1:%d ipv6=off;
      resolver_timeout 30s;
      server { listen 127.0.0.1:%d; lua_ssl_trusted_certificate %s; %s }
      server { listen 127.0.0.1:%d; %s }
    ]]):format(select(2, dns:getsockname()), port, cosockets.certificate("ca"), nginx.eval_location, bare_port,
      nginx.eval_location),
  }
  return bare_port
end

--- Ends it; its log must tell of no error in Lua.
function cosockets.stop()
  local log = web:log()
  web:stop()
  dns:close()
  for _, sign in ipairs { "[alert]", "stack traceback", "aborted" } do
    assert(not log:find(sign, 1, true), log)
  end
end

--- Answers nginx's question for a name: with the loopback address, or that there is no such name.
function cosockets.answer_name(wanted, is_there)
  local labels = wanted:gsub("([^.]+)%.?", function(label)
    return string.char(#label) .. label
  end) .. "\0"
  local question, host, from
  repeat
    question, host, from = assert(dns:receivefrom())
  until question:sub(13, 12 + #labels) == labels
  local flags = is_there and "\129\128\0\1\0\1\0\0\0\0" or "\129\131\0\1\0\0\0\0\0\0"
  dns:sendto(question:sub(1, 2) .. flags .. question:sub(13, 12 + #labels + 4)
    .. (is_there and "\192\12\0\1\0\1\0\0\0\0\0\4\127\0\0\1" or ""), host, from)
end

return cosockets
