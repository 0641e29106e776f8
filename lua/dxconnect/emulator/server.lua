--- The emulator over HTTP: one thread, any number of connections at once, none of which waits for another.
-- Inside dxconnect.parallel the other tasks go on meanwhile, and so does on_ready: they can be the server's clients.

local async = require "dxconnect.async"
local connections_of = require "dxconnect.emulator.connection"
local core = require "dxconnect.core"

local LOOPBACK = "127.0.0.1"
local BACKLOG = 128
local MAX_CONNECTIONS = 500 -- more wait until one ends; `select` of C takes no more than 1,024 descriptors
local REQUEST_TIMEOUT = 30 -- seconds that a request may take to arrive, or a piece of an answer to be taken
local IDLE_TIMEOUT = 120 -- seconds that a connection is kept without one
local TICK = 0.1 -- seconds after which a stop, or a signal, is noticed at the latest
local PAUSE = 0.002 -- seconds that other tasks have between two looks at the sockets
local ANSWERS_ALONE = 32 -- answered in a row where nobody else is connected
local SMALL_STATE = 1024 * 1024 -- bytes up to which the state is written at every change
local SAVING_SHARE = 10 -- writing a larger one takes no more than one part in so many of the time

local now = core.monotonic

-- ---- the loop

local server_methods = {}
local server_mt = { __index = server_methods }

-- Takes those who want to connect, as far as there is room.
local function accept(self)
  while #self.connections < self.limits.connections do
    local socket = self.listener:accept()
    if not socket then
      return
    end
    socket:setoption("tcp-nodelay", true)
    if self.tls then
      local wrapped = self.ssl.wrap(socket, self.tls)
      if wrapped then
        table.insert(self.connections, connections_of.new(wrapped, self.limits, true))
      else
        socket:close()
      end
    else
      table.insert(self.connections, connections_of.new(socket, self.limits))
    end
  end
end

-- The sockets to wait for, and the seconds until a late answer is due, or `seconds` where that is sooner.
local function interests(self, seconds)
  local readers, writers = {}, {}
  if #self.connections < self.limits.connections then
    readers[1] = self.listener
  end
  local time = now()
  for _, connection in ipairs(self.connections) do
    if connection:wants_input() then
      readers[#readers + 1] = connection.socket
    end
    if connection:wants_output() then
      writers[#writers + 1] = connection.socket
    end
    if connection.due then
      seconds = math.max(0, math.min(seconds, connection.due - time))
    end
  end
  return readers, writers, self.has_more and 0 or seconds
end

-- Serves who is there within `patience` seconds. Each connection has one request answered in its turn, so that one that
-- sends many ahead takes nobody's share.
function server_methods:turn(patience)
  local readable, writable = self.select(interests(self, patience))
  local count = #self.connections > 1 and 1 or ANSWERS_ALONE
  self.has_more = false
  for _, connection in ipairs(self.connections) do
    if readable[connection.socket] then
      connection:read()
    end
    if not connection.is_closed and not connection.needs_handshake then
      self.has_more = connection:advance(self.emulator, count) or self.has_more
      if connection.has_changed then -- kept before it is answered
        connection.has_changed, self.is_changed = nil, true
        self:keep()
      end
    end
    if not connection.is_closed and (writable[connection.socket] or connection:wants_output()) then
      connection:write()
    end
    if not connection.is_closed then
      connection:settle()
    end
  end
  for i = #self.connections, 1, -1 do
    if self.connections[i].is_closed then
      table.remove(self.connections, i)
    end
  end
  if readable[self.listener] then
    accept(self)
  end
  self:keep()
end

-- ---- the state's file

--- Writes the state where something changed, before the change is answered; a large one not at every change.
function server_methods:keep(is_last)
  if not self.state_path or not (self.is_changed or is_last) then
    return true
  end
  local start = now()
  if not is_last and start < self.next_save then
    return true
  end
  local ok, size = self.emulator:save(self.state_path)
  self.is_changed = not ok
  if ok and size > SMALL_STATE then
    self.next_save = now() + SAVING_SHARE * (now() - start)
  end
  return ok, size
end

-- ---- beginning and end

-- Calls on_ready, and `serve_some` over and over beside it until it is done. What either raises is raised.
local function serve_beside(on_ready, serve_some)
  local is_ready = false
  async.each(2, 2, function(i)
    if i == 1 then
      on_ready()
      is_ready = true
    else
      while not is_ready do
        serve_some()
      end
    end
  end)
end

-- What TLS needs: LuaSec, and a certificate of our own. Nil and a message where something is missing.
local function prepare_tls(self)
  local found, ssl = pcall(require, "ssl")
  if not found then
    return nil, "serving over TLS needs LuaSec (Debian: lua-sec)"
  end
  local files, problem = require("dxconnect.emulator.certificate").make()
  if not files then
    return nil, problem
  end
  local context
  context, problem = ssl.newcontext {
    mode = "server", protocol = "any", certificate = files.certificate, key = files.key,
    options = { "all", "no_sslv2", "no_sslv3", "no_tlsv1", "no_tlsv1_1" },
  }
  if not context then
    files.remove()
    return nil, "the certificate can't be used: " .. tostring(problem)
  end
  self.ssl, self.tls, self.files = ssl, context, files
  return true
end

local function listen(socket, options)
  local host = options.host or LOOPBACK
  local listener, problem = socket.bind(host, options.port or 0, BACKLOG)
  if not listener then
    return nil, ("port %s of %s can't be listened on: %s"):format(tostring(options.port or 0), tostring(host), problem)
  end
  listener:settimeout(0)
  return listener
end

local function url_of(listener, is_tls)
  local host, port = listener:getsockname()
  if host == "0.0.0.0" or host == "::" then
    host = LOOPBACK
  end
  return ("%s://%s:%d"):format(is_tls and "https" or "http", host:find(":", 1, true) and "[" .. host .. "]" or host,
    port)
end

local function run(self, options)
  local emulator = self.emulator
  local is_alone = not async.can_wait()
  local function serve_some()
    self:turn(0)
    if not self.has_more then
      async.sleep(PAUSE)
    end
  end
  if options.on_ready then
    serve_beside(function()
      options.on_ready(url_of(self.listener, self.tls), function()
        emulator:stop()
      end, self.files and self.files.certificate)
    end, serve_some)
  end
  while not emulator.is_stopped and not (options.should_stop and options.should_stop()) do
    if is_alone then -- and in no coroutine: there Ctrl-C would not be noticed
      self:turn(TICK)
    else
      serve_some()
    end
  end
end

-- As pcall. Plain Lua 5.1 yields through no pcall: inside a task there, errors are raised at once, and sockets are
-- closed when they are collected.
local function protected(f, ...)
  if _VERSION == "Lua 5.1" and not rawget(_G, "jit") and async.can_wait() then
    f(...)
    return true
  end
  return pcall(f, ...)
end

--- Serves an emulator until it is stopped.
-- @tparam table emulator
-- @tparam table options `{host, port, tls, state, on_ready, should_stop, request_timeout, idle_timeout,
--   max_connections}`, times in seconds; see emulator:serve
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] string message
local function serve(emulator, options)
  local found, socket = pcall(require, "socket")
  if not found then
    return nil, "serving the emulator needs LuaSocket (Debian: lua-socket)"
  end
  local self = setmetatable({
    emulator = emulator, connections = {}, select = socket.select, state_path = options.state, next_save = 0,
    limits = {
      request = options.request_timeout or REQUEST_TIMEOUT,
      idle = options.idle_timeout or IDLE_TIMEOUT,
      connections = options.max_connections or MAX_CONNECTIONS,
    },
  }, server_mt)
  local ok, problem = self:keep(true)
  if not ok then
    return nil, tostring(problem)
  end
  if options.tls then
    ok, problem = prepare_tls(self)
    if not ok then
      return nil, problem
    end
  end
  self.listener, problem = listen(socket, options)
  local raised
  if self.listener then
    emulator.is_stopped = false
    ok, raised = protected(run, self, options)
    for _, connection in ipairs(self.connections) do
      connection:close()
    end
    self.listener:close()
    local kept, err = self:keep(true)
    if ok and not kept then
      problem = tostring(err)
    end
  end
  if self.files then
    self.files.remove()
  end
  if raised ~= nil and not ok then
    error(raised, 0)
  elseif problem then
    return nil, problem
  end
  return true
end

return { serve = serve }
