--- A connection of the served emulator: bytes in, one request after the other answered, bytes out. It never blocks.
--
--   handshake (TLS only) -> head -> body -> answer, at once or late -> head … -> closes

local control = require "dxconnect.emulator.control"
local core = require "dxconnect.core"
local errors = require "dxconnect.errors"
local http_message = require "dxconnect.emulator.http_message"
local json = require "dxconnect.text.json"

local CHUNK = 65536
local INPUT_MAX = 1024 * 1024 -- bytes that wait to be read as requests; more stay in the socket

local now = core.monotonic

-- What an operation that reads is called: all others may change the state.
local READS = { "^Describe", "^List", "^Get" }

local methods = {}
local mt = { __index = methods }

--- Makes a connection of an accepted socket.
-- @param socket of LuaSocket, wrapped by LuaSec where `needs_handshake`
-- @tparam table limits `request` and `idle`, in seconds
-- @tparam[opt] boolean needs_handshake
local function new(socket, limits, needs_handshake)
  socket:settimeout(0)
  return setmetatable({
    socket = socket, limits = limits, input = "", at = 1, output = {}, sending = "", sent = 0,
    needs_handshake = needs_handshake, deadline = now() + (needs_handshake and limits.request or limits.idle),
  }, mt)
end

function methods:close()
  if not self.is_closed then
    self.is_closed = true
    self.socket:close()
  end
end

-- What is to be sent, and whether the connection lives on.
local function finish(self, bytes, keep_alive)
  self.output[#self.output + 1] = bytes
  self.closes = not keep_alive
  self.head, self.due, self.pending = nil, nil, nil
  self.deadline = now() + self.limits[self.at > #self.input and "idle" or "request"]
end

local function refuse(self, status)
  finish(self, http_message.write({ status = status, headers = {}, body = "" }, false), false)
end

local function changes_state(request)
  local target = request.headers["x-amz-target"]
  local name = type(target) == "string" and target:match("%.(%w+)$")
  for _, pattern in ipairs(READS) do
    if name and name:find(pattern) then
      return false
    end
  end
  return true
end

local function answer_of(emulator, request)
  local response, changed = control.answer(emulator, request)
  if response then
    return response, changed
  end
  local trouble
  response, trouble = emulator:answer(request)
  return response, changes_state(request), trouble
end

-- A mistake of the emulator's own, in a state that was written to it for example, is one request's and not the server's
-- end.
local function own_fault(message)
  return { status = 500, headers = { ["content-type"] = "application/x-amz-json-1.1" }, body = json.encode {
    __type = "InternalFailure", message = "the emulator failed: " .. errors.message_of(message),
  } }
end

-- Answers the request that has come in whole. An answer that is late is kept until it is due.
local function answer(self, emulator, body)
  local head = self.head
  local request = { method = head.method, url = head.url, path = head.path, headers = head.headers, body = body }
  local ok, response, changed, trouble = errors.protected(answer_of, emulator, request)
  if not ok then
    response = own_fault(response)
  end
  self.has_changed = self.has_changed or changed
  if not response or trouble and trouble.lost then
    self.pending = "" -- nothing, and then the end
  else
    self.pending = http_message.write(response, head.keep_alive)
  end
  self.due = now() + (trouble and trouble.latency or 0)
end

-- Takes the next step; false where more bytes, or more time, are needed. The second value: a request was answered.
local function step(self, emulator)
  if self.due then
    if self.due > now() then
      return false
    end
    finish(self, self.pending, self.head.keep_alive and self.pending ~= "")
    return true
  elseif not self.head then
    local head, status = http_message.parse_head(self.input, self.at)
    if status then
      refuse(self, status)
      return true
    end
    self.head = head
    return head ~= nil
  end
  local body, next_at = http_message.read_body(self.head, self.input)
  if body then
    self.at = next_at
    answer(self, emulator, body)
    return true, true
  elseif next_at then
    refuse(self, next_at)
    return true
  elseif self.head.expects_continue then
    self.head.expects_continue = false
    self.output[#self.output + 1] = "HTTP/1.1 100 Continue\r\n\r\n"
  end
  return false
end

--- Goes as far as the bytes at hand allow, but answers no more than `count` requests.
-- @treturn boolean whether there may be more to answer at once
function methods:advance(emulator, count)
  while not self.closes do
    local goes_on, has_answered = step(self, emulator)
    if not goes_on then
      self.closes = self.has_ended and not self.due
      return false
    elseif has_answered then
      count = count - 1
      if count <= 0 and self.due <= now() then
        step(self, emulator)
        return self.at <= #self.input
      end
    end
  end
  return false
end

function methods:wants_input()
  return not (self.closes or self.has_ended or self.due or self.wants_write) and #self.input - self.at < INPUT_MAX
end

function methods:wants_output()
  return self.wants_write or self.sent < #self.sending or #self.output > 0
end

-- Goes on with the handshake of TLS; whether it is over.
local function shake_hands(self)
  local ok, problem = self.socket:dohandshake()
  self.wants_write = problem == "wantwrite"
  if ok then
    self.needs_handshake, self.deadline = nil, now() + self.limits.idle
  elseif problem ~= "wantread" and problem ~= "wantwrite" and problem ~= "timeout" then
    self:close()
  end
  return ok
end

local WAITS = { timeout = true, wantread = true, wantwrite = true }

--- Takes bytes that have come.
function methods:read()
  if self.needs_handshake and not shake_hands(self) then
    return
  end
  local bytes, problem, part = self.socket:receive(CHUNK)
  bytes = bytes or part
  if bytes and bytes ~= "" then
    if self.at > #self.input then
      self.deadline = now() + self.limits.request
    end
    if self.at > 1 and not self.head then -- nothing refers to what is before it
      self.input, self.at = self.input:sub(self.at), 1
    end
    self.input = self.input .. bytes
  end
  if problem and not WAITS[problem] then -- it sends no more, but may wait for answers
    self.has_ended = true
  end
end

--- Sends what is to be sent.
function methods:write()
  if self.needs_handshake then
    shake_hands(self)
    return
  elseif self.sent >= #self.sending then
    self.sending, self.output, self.sent = table.concat(self.output), {}, 0
  end
  if self.sending == "" then
    return
  end
  local last, problem, part = self.socket:send(self.sending, self.sent + 1, math.min(#self.sending, self.sent + CHUNK))
  if last or part and part > self.sent then
    self.sent, self.deadline = last or part, now() + self.limits.request
  end
  if problem and not WAITS[problem] then
    self:close()
  elseif self.sent >= #self.sending and #self.output == 0 then
    self.deadline = now() + self.limits[self.at > #self.input and "idle" or "request"]
  end
end

--- Closes the connection where it has come to its end.
function methods:settle()
  local is_late = not self.due and now() > self.deadline
  if is_late or self.closes and not self:wants_output() then
    self:close()
  end
end

return { new = new }
