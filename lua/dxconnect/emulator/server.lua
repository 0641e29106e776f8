--- The emulator over HTTP on loopback: one thread, any number of connections at once, none of which waits for another.
-- Inside dxconnect.parallel the other tasks go on meanwhile, and so does on_ready: they can be the server's clients.

local async = require "dxconnect.async"
local core = require "dxconnect.core"
local http_message = require "dxconnect.emulator.http_message"

local LOOPBACK = "127.0.0.1"
local BACKLOG = 128
local MAX_CONNECTIONS = 500 -- more wait until one ends; `select` of C takes no more than 1,024 descriptors
local CHUNK = 65536
local REQUEST_TIMEOUT = 30 -- seconds that a request may take to arrive, or a piece of an answer to be taken
local IDLE_TIMEOUT = 120 -- seconds that a connection is kept without one
local TICK = 0.1 -- seconds after which a stop, or a signal, is noticed at the latest
local PAUSE = 0.002 -- seconds that other tasks have between two looks at the sockets

local now = core.monotonic

-- ---- a connection: bytes in, one request after the other answered, bytes out

local connection_methods = {}
local connection_mt = { __index = connection_methods }

local function new_connection(socket, limits)
  socket:settimeout(0)
  socket:setoption("tcp-nodelay", true)
  return setmetatable({
    socket = socket, limits = limits, input = "", output = "", sent = 0, deadline = now() + limits.idle,
  }, connection_mt)
end

function connection_methods:close()
  self.is_closed = true
  self.socket:close()
end

local function send(self, bytes)
  self.output = self.output:sub(self.sent + 1) .. bytes
  self.sent = 0
end

-- What is to be sent, and whether the connection lives on.
local function finish(self, bytes, keep_alive)
  send(self, bytes)
  self.closes = not keep_alive
  self.head, self.due, self.pending = nil, nil, nil
  self.deadline = now() + self.limits.idle
end

local function refuse(self, status)
  finish(self, http_message.write({ status = status, headers = {}, body = "" }, false), false)
end

-- Answers the request that has come in whole. An answer that is late is kept until it is due.
local function answer(self, emulator)
  local head = self.head
  local stop = head.body_at + head.length
  local body = self.input:sub(head.body_at, stop - 1)
  self.input = self.input:sub(stop)
  local response, trouble = emulator:answer {
    method = head.method, url = head.url, headers = head.headers, body = body,
  }
  if not response or trouble and trouble.lost then
    self.pending = "" -- nothing, and then the end
  else
    self.pending = http_message.write(response, head.keep_alive)
  end
  self.due = now() + (trouble and trouble.latency or 0)
end

-- Goes as far as the bytes at hand allow.
function connection_methods:advance(emulator)
  while not self.closes do
    if self.due then
      if self.due > now() then
        return
      end
      finish(self, self.pending, self.head.keep_alive and self.pending ~= "")
    elseif not self.head then
      local status
      self.head, status = http_message.parse_head(self.input)
      if status then
        return refuse(self, status)
      elseif not self.head then
        return
      end
      if self.head.expects_continue and #self.input < self.head.body_at + self.head.length - 1 then
        send(self, "HTTP/1.1 100 Continue\r\n\r\n")
      end
    elseif #self.input < self.head.body_at + self.head.length - 1 then
      return
    else
      answer(self, emulator)
    end
  end
end

function connection_methods:wants_input()
  return not self.closes and not self.due
end

function connection_methods:wants_output()
  return self.sent < #self.output
end

function connection_methods:read()
  local bytes, problem, part = self.socket:receive(CHUNK)
  bytes = bytes or part
  if bytes and bytes ~= "" then
    if self.input == "" then
      self.deadline = now() + self.limits.request
    end
    self.input = self.input .. bytes
  end
  if problem == "closed" then
    self.closes = true
  end
end

function connection_methods:write()
  local last, problem, part = self.socket:send(self.output, self.sent + 1, math.min(#self.output, self.sent + CHUNK))
  if last or part and part > self.sent then
    self.sent, self.deadline = last or part, now() + self.limits.request
  end
  if problem == "closed" then
    self:close()
  elseif self.sent >= #self.output then
    self.output, self.sent = "", 0
    self.deadline = now() + self.limits[self.input == "" and "idle" or "request"]
  end
end

-- Closes the connection where it has come to its end.
function connection_methods:settle()
  local is_late = not self.due and now() > self.deadline
  if not self.is_closed and (is_late or self.closes and not self:wants_output()) then
    self:close()
  end
end

-- ---- the loop

local function accept(listener, connections, limits)
  while #connections < limits.connections do
    local socket = listener:accept()
    if not socket then
      return
    end
    connections[#connections + 1] = new_connection(socket, limits)
  end
end

-- The sockets to wait for, and the seconds until a late answer is due, or `seconds` where that is sooner.
local function interests(listener, connections, limits, seconds)
  local readers, writers = {}, {}
  if #connections < limits.connections then
    readers[1] = listener
  end
  local time = now()
  for _, connection in ipairs(connections) do
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
  return readers, writers, seconds
end

-- Serves who is there within `patience` seconds.
local function turn(select, emulator, listener, connections, limits, patience)
  local readers, writers, seconds = interests(listener, connections, limits, patience)
  local readable, writable = select(readers, writers, seconds)
  for _, connection in ipairs(connections) do
    if readable[connection.socket] then
      connection:read()
    end
    connection:advance(emulator)
    if not connection.is_closed and (writable[connection.socket] or connection:wants_output()) then
      connection:write()
    end
    connection:settle()
  end
  for i = #connections, 1, -1 do
    if connections[i].is_closed then
      table.remove(connections, i)
    end
  end
  if readable[listener] then
    accept(listener, connections, limits)
  end
end

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

--- Serves an emulator until it is stopped.
-- @tparam table emulator
-- @tparam table options `{port, on_ready, request_timeout, idle_timeout, max_connections}`, times in seconds
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] string message
local function serve(emulator, options)
  local found, socket = pcall(require, "socket")
  if not found then
    return nil, "serving the emulator needs LuaSocket (Debian: lua-socket)"
  end
  local listener, problem = socket.bind(LOOPBACK, options.port or 0, BACKLOG)
  if not listener then
    return nil, ("port %s of %s can't be listened on: %s"):format(tostring(options.port or 0), LOOPBACK, problem)
  end
  listener:settimeout(0)
  local _, port = listener:getsockname()
  local connections = {}
  local limits = {
    request = options.request_timeout or REQUEST_TIMEOUT,
    idle = options.idle_timeout or IDLE_TIMEOUT,
    connections = options.max_connections or MAX_CONNECTIONS,
  }
  emulator.is_stopped = false
  local is_alone = not async.can_wait()
  local function serve_some()
    turn(socket.select, emulator, listener, connections, limits, 0)
    async.sleep(PAUSE)
  end
  local ok, raised = pcall(function()
    if options.on_ready then
      serve_beside(function()
        options.on_ready(("http://%s:%d"):format(LOOPBACK, port), function()
          emulator:stop()
        end)
      end, serve_some)
    end
    while not emulator.is_stopped do
      if is_alone then -- and in no coroutine: there Ctrl-C would not be noticed
        turn(socket.select, emulator, listener, connections, limits, TICK)
      else
        serve_some()
      end
    end
  end)
  for _, connection in ipairs(connections) do
    connection:close()
  end
  listener:close()
  if not ok then
    error(raised, 0)
  end
  return true
end

return { serve = serve }
