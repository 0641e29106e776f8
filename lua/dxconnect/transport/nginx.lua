--- The transport inside nginx: cosockets, which wait without blocking the worker. Connections are kept alive in
-- nginx's own pools, one for each host, TLS, trust and proxy. lua-resty-http opens connections where it is installed.
-- Tunnels and answers are ours either way, so that limits and strictness do not depend on it. Nothing of a request is
-- kept here: a client made in `init_by_lua` serves every request of every worker.

local async = require "dxconnect.async"
local core = require "dxconnect.core"
local cosocket = require "dxconnect.transport.cosocket"
local errors = require "dxconnect.errors"
local http1 = require "dxconnect.transport.http1"
local proxies = require "dxconnect.transport.proxy"
local trust = require "dxconnect.transport.trust"

local ngx = ngx

local IDLE = 30 -- seconds that a connection stays in its pool
local POOL_SIZE = 64 -- idle connections of a pool, in each worker

local methods = {}
local mt = { __index = methods, __name = "dxconnect.transport.resty" }

-- ---- where nginx allows what

local NO_SOCKETS = "a call needs sockets, and %s: make the call from a timer (ngx.timer.at), or make the client with "
  .. 'transport = "curl", which blocks the worker'

-- ---- settings

local no_ca_bundle = "ca_bundle (from %s): this nginx's Lua module has no certificates by connection: name the file in "
  .. "the directive lua_ssl_trusted_certificate, and leave ca_bundle out"

-- The store of the client's own certificates; nil where it has none; false, message where it can't be had.
local function own_trust(self, connection)
  if not self.ca_bundle then
    return nil
  elseif type(connection.sock.settrustedstore) ~= "function" then
    return false, no_ca_bundle:format(self.ca_bundle_origin)
  end
  if not self.store then
    local store, message = trust.store(self.ca_bundle)
    if not store then
      return false, "ca_bundle: " .. message
    end
    self.store = store
  end
  return self.store
end

local function proxy_for(self, url)
  return self.proxy and proxies.is_used(self, url) and self.proxy or nil
end

-- Connections of one name may stand in for each other.
local function pool_name(self, url, proxy)
  local parts = { "dxconnect", url.scheme, url.host:lower(), url.port }
  if url.scheme == "https" then
    parts[#parts + 1] = self.ca_bundle or ""
  end
  if proxy then
    parts[#parts + 1] = proxy.host .. ":" .. proxy.port
    parts[#parts + 1] = core.hex(core.sha256(proxy.authorization or "")):sub(1, 16)
  end
  return table.concat(parts, "|")
end

-- The name that a certificate must have, and SNI: without brackets or a dot at the end.
local function server_name(url)
  return (url.host:gsub("^%[", ""):gsub("%]$", ""):gsub("%.$", ""))
end

-- ---- opening a connection

-- Reads the answer to what was sent into ex: see http1.read.
local function read(connection, ex, method)
  return http1.read({ receive = function(_, max)
    return connection:receiveany(max)
  end }, ex, method)
end

-- Asks a proxy for a tunnel. Nothing of the request itself was sent by that.
local function open_tunnel(connection, url, proxy)
  local authority = url.host .. ":" .. url.port
  local ok = connection:send(http1.head({ method = "CONNECT", headers = {} }, authority, authority, {
    ["proxy-authorization"] = proxy.authorization,
  }))
  connection.sent = false
  if not ok then
    return nil, "the proxy could not be asked: " .. connection.failure.message, connection.failure.kind
  end
  local ex = core.exchange()
  local done, result, kind = read(connection, ex, "CONNECT")
  if not done then
    return nil, "the proxy gave no tunnel: " .. result, kind
  elseif ex:status() > 299 then
    return nil, ("the proxy refused the tunnel with status %d"):format(ex:status()), "connect"
  elseif not result then
    return nil, "the proxy's answer is followed by bytes of its own", "connect"
  end
  return true
end

-- Without a library.
local function open_plainly(connection, url, proxy)
  local peer = proxy or url
  if not connection:connect(peer.host, peer.port) then
    return nil
  end
  if url.scheme ~= "https" or connection:getreusedtimes() > 0 then
    return true
  end
  if proxy then
    local ok, message, kind = open_tunnel(connection, url, proxy)
    if not ok then
      connection.failure = nil
      return connection:fail(kind == "timeout" and "timeout" or "connect", message)
    end
  end
  return connection:sslhandshake(false, server_name(url), true) and true or nil
end

-- With lua-resty-http, which works on our guarded socket instead of its own.
local function open_with(library, connection, url)
  local client = library.new()
  client.sock = connection
  local ok, message = client:connect {
    scheme = url.scheme,
    host = url.host,
    port = url.port,
    pool = connection.pool,
    pool_size = POOL_SIZE,
    ssl_verify = true,
    ssl_server_name = server_name(url),
    ssl_reused_session = false,
    proxy_opts = {}, -- not what others set for the whole worker
  }
  if ok then
    return true
  end
  return connection:fail("connect", "lua-resty-http: " .. tostring(message))
end

-- lua-resty-http from 0.16 on, whose `connect` knows TLS; false where there is none. Looked for once in
-- each worker, in a phase with sockets.
local library

local function resty_http()
  if library == nil then
    local ok, found = pcall(require, "resty.http")
    local version = ok and type(found) == "table" and type(found._VERSION) == "string"
      and found._VERSION:match("^0%.(%d+)")
    local major = ok and type(found) == "table" and tostring(found._VERSION):match("^(%d+)%.")
    library = (version and tonumber(version) >= 16 or major and tonumber(major) >= 1) and found or false
  end
  return library
end

local function open_once(connection, url, proxy)
  local found = not proxy and resty_http()
  if not found then
    return open_plainly(connection, url, proxy)
  end
  local ok, result = pcall(open_with, found, connection, url)
  if not ok then
    return connection:fail("connect", "lua-resty-http: " .. tostring(result))
  elseif result and url.scheme == "https" and not connection.is_verified and connection:getreusedtimes() == 0 then
    return connection:fail("tls", "lua-resty-http opened a connection without TLS")
  end
  return result
end

-- nginx does not tell a handshake that broke off from one that was refused. The latter fails the second time as well.
local function open(connection, url, proxy)
  local result = open_once(connection, url, proxy)
  if not result and connection.failure and connection.failure.is_unclear and connection:renew() then
    result = open_once(connection, url, proxy)
  end
  return result
end

-- ---- one request

-- Gives nginx a turn, in which it drops the idle connections that the other side closed or sent bytes on: those would
-- be taken for the answer. While the running code kept the worker busy it had none. Costs a millisecond.
local function look_at_idle()
  ngx.sleep(0.001)
end

-- Sends the request and reads its answer into ex. Returns what http1.read does.
local function exchange(connection, ex, request, url, proxy)
  local target, extra = url.path, nil
  if proxy and url.scheme == "http" then
    target = "http://" .. url.authority .. url.path
    extra = { ["proxy-authorization"] = proxy.authorization }
  end
  connection.stage = "open"
  local head = http1.head(request, target, url.authority, extra)
  local body = request.body
  if not connection:send((body == nil or body == "") and head or { head, body }) then
    return nil, connection.failure.message, connection.failure.kind
  end
  return read(connection, ex, request.method)
end

-- The request's URL taken apart and its proxy, with the certificates set; or nil and what is wrong.
local function route_of(self, connection, request)
  local url = core.url(request.url or "")
  if not url or (url.scheme ~= "http" and url.scheme ~= "https") then
    return nil, "the URL is not one of http or https"
  end
  if url.scheme == "https" then
    local problem
    connection.trust, problem = own_trust(self, connection)
    if problem then
      return nil, problem
    end
  end
  return url, proxy_for(self, url)
end

local function send(self, ex, connect_timeout, timeout)
  local can_wait, problem = async.can_wait()
  local task = async.current()
  if not can_wait then
    return nil, NO_SOCKETS:format(problem), "config", false
  elseif task and task.dead then
    return nil, "the task was cancelled", "cancelled", false
  end
  local connection = cosocket.new(connect_timeout, timeout)
  local request = ex:request()
  local url, proxy = route_of(self, connection, request)
  if not url then
    return nil, proxy, "config", false
  end
  look_at_idle()
  connection.pool, connection.pool_size = pool_name(self, url, proxy), POOL_SIZE
  if not open(connection, url, proxy) then
    connection:close()
    local failure = connection.failure or { kind = "connect", message = "no connection" }
    return nil, failure.message, failure.kind, false
  end
  local done, result, kind = exchange(connection, ex, request, url, proxy)
  if done and result and not self.closed then
    connection:setkeepalive(IDLE)
  else
    connection:close()
  end
  if not done then
    return nil, result, kind, connection.sent
  end
  return true
end

--- Sends an exchange's request.
-- @param ex the exchange, which gets the answer
-- @tparam ?number connect_timeout seconds
-- @tparam ?number timeout seconds for all of it
-- @treturn[1] true
-- @treturn[2] nil
-- @treturn[2] string message
-- @treturn[2] string kind "connect", "tls", "timeout", "reset" or "config"
-- @treturn[2] boolean sent whether bytes of the request may have left
function methods:send(ex, connect_timeout, timeout)
  if self.closed then
    return nil, errors.closed().message, "config", false
  end
  local ok, result, message, kind, sent = pcall(send, self, ex, connect_timeout, timeout)
  if not ok then
    return nil, "nginx: " .. tostring(result), "reset", true
  end
  return result, message, kind, sent
end

--- Ends it. Idle connections are nginx's: they leave their pool after a while by themselves.
function methods:close()
  self.closed = true
  self.store = nil
end

--- Makes the transport; no socket, nothing that yields: it works in every phase.
-- @tparam table settings
-- @treturn[1] table
-- @treturn[2] nil
-- @treturn[2] string message
local function new(settings)
  if type(ngx) ~= "table" or type(ngx.socket) ~= "table" then
    return nil, 'transport: "resty" works inside nginx only; outside it is "curl"'
  end
  local self = {
    ca_bundle = settings.values.ca_bundle,
    ca_bundle_origin = settings.origins.ca_bundle,
    no_proxy = settings.no_proxy,
    proxy_for_https_only = settings.proxy_for_https_only,
    closed = false,
  }
  if settings.ca_text then
    return nil, ("ca_bundle (from %s): inside nginx it must be a regular file"):format(settings.origins.ca_bundle)
  elseif settings.proxy then
    local message
    self.proxy, message = proxies.parse(settings.proxy)
    if not self.proxy then
      return nil, message
    elseif self.proxy.scheme ~= "http" then
      return nil, ("proxy (from %s): inside nginx it must be an http:// one"):format(settings.origins.proxy)
    end
  end
  return setmetatable(self, mt)
end

return { new = new }
