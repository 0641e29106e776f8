--- One connection of nginx's cosockets: every step has a deadline, and a failure is kept with its kind. It has a
-- cosocket's methods, so that lua-resty-http can work on it. Nothing here raises: each call of nginx's API, which does
-- (for a handshake in a wrong state, for example), is guarded.

local core = require "dxconnect.core"
local threads = require "dxconnect.async.nginx"

local ngx = ngx
local monotonic = core.monotonic

local FOREVER = 24 * 3600 -- seconds, where there is no time-out

local methods = {}
local mt = { __index = methods }

-- Calls a cosocket's method; what it raises becomes its error.
local function guarded(sock, name, ...)
  local method = sock[name]
  if not method then
    return nil, "this nginx's Lua module is too old: its sockets have no " .. name
  end
  local ok, result, message, partial = pcall(method, sock, ...)
  if not ok then
    return nil, tostring(result)
  end
  return result, message and tostring(message), partial
end

--- Keeps the first failure.
-- @tparam string kind
-- @tparam string message
function methods:fail(kind, message)
  if not self.failure then
    self.failure = { kind = kind, message = message }
  end
  return nil, message
end

local function seconds_left(self)
  local deadline = self.deadline
  if self.stage ~= "open" and self.connect_deadline and (not deadline or self.connect_deadline < deadline) then
    deadline = self.connect_deadline
  end
  return deadline and deadline - monotonic() or FOREVER
end

-- Sets the cosocket's time-outs to what is left; nil where nothing is.
local function set_time(self)
  local left = seconds_left(self)
  if left <= 0 then
    return nil
  end
  local milliseconds = math.max(1, math.ceil(math.min(left, FOREVER) * 1000))
  guarded(self.sock, "settimeouts", milliseconds, milliseconds, milliseconds)
  return left
end

local function is_address(host)
  return host:find("^%d+%.%d+%.%d+%.%d+$") ~= nil or host:sub(1, 1) == "["
end

--- Connects, or takes an idle connection from its pool.
-- @tparam string host
-- @tparam integer port
function methods:connect(host, port)
  local address = host .. ":" .. tostring(port)
  local left = set_time(self)
  if not left then
    return self:fail("timeout", address .. ": no connection in time")
  end
  if host:lower() == "localhost" then
    host = "127.0.0.1" -- nginx asks its resolver for any name
  end
  local ok, message
  local function connect()
    return guarded(self.sock, "connect", host, port, { pool = self.pool, pool_size = self.pool_size })
  end
  if is_address(host) then
    ok, message = connect()
  else
    ok, message = threads.bounded(left, connect) -- nginx's look-up of names knows no time-out of ours
  end
  if ok then
    return ok
  elseif message:find("no resolver defined", 1, true) then
    return self:fail("config", ("%s can't be looked up: nginx needs the directive resolver, such as `resolver "
      .. "127.0.0.53;`, in http, server or location"):format(host))
  elseif message:find("timeout", 1, true) or message:find("timed out", 1, true) then
    return self:fail("timeout", address .. ": no connection in time")
  end
  return self:fail("connect", address .. ": " .. message)
end

--- How often the connection was used before.
-- @treturn integer
function methods:getreusedtimes()
  return guarded(self.sock, "getreusedtimes") or 0
end

local function handshake_failure(self, message)
  if message:find("timeout", 1, true) or message:find("timed out", 1, true) then
    return self:fail("timeout", "no TLS handshake in time")
  elseif message == "closed" or message:find("reset by peer", 1, true) or message:find("broken pipe", 1, true) then
    return self:fail("connect", "the connection broke in the TLS handshake: " .. message)
  end
  message = "TLS: " .. message
  if message:find("issuer certificate", 1, true) or message:find("self.signed certificate") then
    message = message .. " (whom nginx's Lua trusts is told by the directive lua_ssl_trusted_certificate)"
  elseif message:find("chain too long", 1, true) then
    message = message .. " (nginx's directive lua_ssl_verify_depth allows longer chains)"
  end
  return self:fail("tls", message)
end

-- A failure that nginx does not explain: a second try may.
local function unclear_failure(self, message)
  self:fail("tls", "TLS: " .. message)
  self.failure.is_unclear = true
  return nil, message
end

--- The TLS handshake. The certificate and its name are verified whatever the caller asks for.
function methods:sslhandshake(_, name)
  self.stage = "tls"
  if not set_time(self) then
    return self:fail("timeout", "no TLS handshake in time")
  end
  if self.trust then
    local ok, message = guarded(self.sock, "settrustedstore", self.trust)
    if not ok then
      return self:fail("config", "ca_bundle: " .. tostring(message))
    end
  end
  local ok, message = guarded(self.sock, "sslhandshake", false, name, true)
  if message == "handshake failed" then
    return unclear_failure(self, "the handshake was broken off, or there is no protocol in common (nginx's directives "
      .. "lua_ssl_protocols and lua_ssl_ciphers say what it offers; its error log has more)")
  elseif not ok then
    return handshake_failure(self, message or "the handshake failed")
  elseif not guarded(self.sock, "getreusedtimes") then
    -- nginx reports success, and has closed the connection, where a certificate is refused before it ever had to wait
    return unclear_failure(self, "the certificate is not for " .. name .. ", or by nobody whom nginx's Lua trusts (the "
      .. "directive lua_ssl_trusted_certificate)")
  end
  self.is_verified = true
  return ok
end

--- Sends; bytes may have left as soon as this was tried.
-- @tparam string data
function methods:send(data)
  if not set_time(self) then
    return self:fail("timeout", "the request could not be sent in time")
  end
  self.sent = true
  local ok, message = guarded(self.sock, "send", data)
  if ok then
    return ok
  elseif message == "timeout" then
    return self:fail("timeout", "the request could not be sent in time")
  end
  return self:fail("reset", "the request could not be sent: " .. tostring(message))
end

--- Whatever has come, at most `max` bytes. nil, "closed" or "timeout" or another message.
-- @tparam integer max
function methods:receiveany(max)
  if not set_time(self) then
    return nil, "timeout"
  end
  return guarded(self.sock, "receiveany", max)
end

--- As lua-resty-http reads a proxy's answer: a line ("*l", the default) or exactly so many bytes.
function methods:receive(what)
  if not set_time(self) then
    return nil, "timeout"
  end
  return guarded(self.sock, "receive", what)
end

-- The deadlines above hold, whatever a library sets.
function methods.settimeout() end
function methods.settimeouts() end

--- Puts the connection into its pool for `seconds`.
-- @tparam ?number seconds
function methods:setkeepalive(seconds)
  local ok = guarded(self.sock, "setkeepalive", seconds and seconds * 1000)
  if not ok then
    guarded(self.sock, "close")
  end
  return ok
end

--- Ends the connection.
function methods:close()
  return guarded(self.sock, "close")
end

local function new_socket()
  local ok, sock = pcall(ngx.socket.tcp)
  return ok and sock or nil
end

--- Starts again with another socket, within the same deadlines.
-- @treturn boolean
function methods:renew()
  self:close()
  self.sock = new_socket()
  self.stage, self.sent, self.failure, self.is_verified = "connect", false, nil, false
  return self.sock ~= nil
end

--- Makes one, not yet connected.
-- @tparam ?number connect_timeout
-- @tparam ?number timeout for all of it, both in seconds
-- @treturn table, for which its maker sets `pool`, a name, `pool_size` and perhaps `trust`, a store of certificates
-- for `settrustedstore`
local function new(connect_timeout, timeout)
  local sock = ngx.socket.tcp()
  local now = monotonic()
  return setmetatable({
    sock = sock,
    deadline = timeout and now + timeout,
    connect_deadline = connect_timeout and now + connect_timeout,
    stage = "connect",
    sent = false,
  }, mt)
end

return { new = new }
