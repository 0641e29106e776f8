--- `dxconnect.replay`: a transport that answers from a tape. Its clock is the tape's, and waits take no time.

local check = require "dxconnect.check"
local core = require "dxconnect.core"
local errors = require "dxconnect.errors"
local record = require "dxconnect.transport.tape.record"
local requests = require "dxconnect.transport.tape.request"
local scrub = require "dxconnect.transport.tape.scrub"
local systems = require "dxconnect.system"

local SHOWN_MAX = 300 -- bytes of an exchange in a message
local LISTED_MAX = 5

local methods = {}
local mt = { __index = methods, __name = "dxconnect.replay" }

-- ---- reading a tape

local function unreadable(path, what)
  return nil, errors.config(("replay: %s %s"):format(errors.shown(path), what))
end

local function check_head(path, head)
  if type(head) ~= "table" or head.format ~= record.FORMAT then
    return unreadable(path, "is no tape")
  elseif type(head.version) ~= "number" or head.version > record.VERSION then
    return unreadable(path, "is a tape of a newer version of dxconnect")
  end
  return true
end

local function is_exchange(entry)
  if type(entry) ~= "table" or type(entry.operation) ~= "string" then
    return false
  end
  local answer, failure = entry.answer, entry.failure
  return type(answer) == "table" and type(answer.status) == "number" or type(failure) == "table"
end

-- The exchanges of a tape, in their order; and its beginning on the clock.
local function read(path, text)
  local exchanges, start = {}, nil
  local number = 0
  if text:sub(-1) ~= "\n" then
    return unreadable(path, "is no tape, or is cut off")
  end
  for line in text:gmatch("([^\n]*)\n") do
    number = number + 1
    local entry = core.json_decode(line)
    if number == 1 then
      local ok, err = check_head(path, entry)
      if not ok then
        return nil, err
      end
    elseif not is_exchange(entry) then
      return unreadable(path, ("is damaged: line %d is no exchange"):format(number))
    else
      entry.params = entry.params or {}
      entry.key = requests.key(entry.operation, entry.params)
      start = start or type(entry.time) == "number" and entry.time or nil
      exchanges[#exchanges + 1] = entry
    end
  end
  return exchanges, start or core.clock()
end

-- ---- looking for an exchange

-- The unused exchanges of a key, in order: {first = index of the next, …}.
local function index(exchanges)
  local by_key = {}
  for _, entry in ipairs(exchanges) do
    local list = by_key[entry.key]
    if not list then
      list = { first = 1 }
      by_key[entry.key] = list
    end
    list[#list + 1] = entry
  end
  return by_key
end

-- The first unused exchange that was recorded for such a request, at the same host if there is one.
local function take(self, key, host)
  local list = self.by_key[key]
  if not list then
    return nil
  end
  local found
  for i = list.first, #list do
    local entry = list[i]
    if not entry.is_used and (entry.host == host or not found) then
      found = entry
      if entry.host == host then
        break
      end
    end
  end
  if found then
    found.is_used = true
    self.used = self.used + 1
    while list[list.first] and list[list.first].is_used do
      list.first = list.first + 1
    end
  end
  return found
end

local function cut(text)
  return #text > SHOWN_MAX and text:sub(1, SHOWN_MAX) .. "..." or text
end

-- How many members differ.
local function difference(a, b)
  local n = 0
  for _, pair in ipairs { { a, b }, { b, a } } do
    for name, value in pairs(pair[1]) do
      local other = pair[2][name]
      if other == nil or core.json_encode({ value }, false, true) ~= core.json_encode({ other }, false, true) then
        n = n + 1
      end
    end
  end
  return n
end

-- The unused exchange that is nearest to a request: of the same operation with the fewest differences, else of the
-- operation with the nearest name, else the next one.
local function nearest(self, asked)
  local best, least, names, next_one
  for _, entry in ipairs(self.exchanges) do
    if not entry.is_used then
      next_one, names = next_one or entry, names or {}
      names[#names + 1] = entry.operation
      local n = entry.operation == asked.operation and difference(entry.params, asked.params)
      if n and (not least or n < least) then
        best, least = entry, n
      end
    end
  end
  local near = not best and names and check.nearest(asked.operation, names)
  for _, entry in ipairs(near and self.exchanges or {}) do
    best = best or (not entry.is_used and entry.operation == near and entry) or nil
  end
  return best or next_one
end

local function unexpected(self, asked, key)
  local near = nearest(self, asked)
  return nil, ("the tape %s has no exchange left for %s; %s"):format(errors.shown(self.path), cut(key),
    near and "the nearest one is " .. cut(near.key) or "all of them were used"), "config", false
end

-- ---- answering

local function answer_of(entry)
  local failure, answer = entry.failure, entry.answer
  if failure then
    return nil, tostring(failure.message), failure.kind, failure.sent
  end
  local body = answer.text or ""
  if answer.json ~= nil then
    body = core.json_encode(answer.json, false, true)
  elseif answer.base64 then
    body = core.unbase64(answer.base64)
  end
  local headers = {}
  for name, value in pairs(answer.headers or {}) do
    headers[name] = value
  end
  return { status = answer.status, headers = headers, body = body }
end

function mt.__call(self, request)
  local asked = requests.describe(request, self.scrubber)
  local key = requests.key(asked.operation, asked.params)
  local entry = take(self, key, asked.host)
  if not entry then
    return unexpected(self, asked, key)
  end
  if type(entry.time) == "number" and entry.time > self.time then
    self.time = entry.time
  end
  return answer_of(entry)
end

function mt.__tostring(self)
  return ("a replay of %s (%d of %d exchanges used)"):format(errors.shown(self.path), self.used, #self.exchanges)
end

--- Whether every exchange was used.
-- @treturn[1] true
-- @treturn[2] nil
-- @treturn[2] table error that names what was left over
function methods:done()
  local left = #self.exchanges - self.used
  if left == 0 then
    return true
  end
  local listed = {}
  for _, entry in ipairs(self.exchanges) do
    if not entry.is_used and #listed < LISTED_MAX then
      listed[#listed + 1] = cut(entry.key)
    end
  end
  return nil, errors.config(("%d exchange%s of the tape %s left over: %s%s"):format(left, left == 1 and "" or "s",
    left == 1 and "was" or "were", table.concat(listed, ", "), left > #listed and ", ..." or ""))
end

--- Makes a transport that answers from a tape.
-- @tparam string path of the file
-- @tparam[opt] table options there are none yet
-- @treturn[1] table transport, with `done()`
-- @treturn[2] nil
-- @treturn[2] table error of kind "config"
local function replay(path, options)
  if type(path) ~= "string" then
    error("dxconnect.replay: the path must be a string, got a " .. type(path), 2)
  end
  check.is_table_or_nil("dxconnect.replay: options", options)
  if options and next(options) ~= nil then
    return nil, errors.config("replay: " .. check.unknown("option", next(options), {}))
  end
  local text, message = systems.new().read_file(path)
  if not text then
    return nil, errors.config(("replay: %s can't be read: %s"):format(errors.shown(path), tostring(message)))
  end
  local exchanges, start = read(path, text)
  if not exchanges then
    return nil, start
  end
  local self = { path = path, exchanges = exchanges, by_key = index(exchanges), used = 0, time = start,
    scrubber = scrub.new(false) }
  function self.clock()
    return self.time
  end
  function self.sleep(seconds)
    self.time = self.time + seconds
  end
  return setmetatable(self, mt)
end

return { replay = replay }
