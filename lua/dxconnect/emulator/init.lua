--- A Direct Connect of one's own, for tests and for learning: in process as a transport, or served over HTTP.
-- Resources are kept, states move with a clock that the test can set, mistakes are answered in the service's words,
-- signatures are checked, and faults happen to order.

local core = require "dxconnect.core"
local faults = require "dxconnect.emulator.faults"
local kinds = require "dxconnect.emulator.kinds"
local names = require "dxconnect.operations"
local ports = require "dxconnect.emulator.ports"
local service = require "dxconnect.emulator.service"
local wire = require "dxconnect.emulator.wire"
local worlds = require "dxconnect.emulator.world"

local methods = {}
local mt = { __index = methods, __name = "dxconnect.emulator" }

local option_types = {
  credentials = { table = true, ["function"] = true },
  clock = { ["function"] = true },
  sleep = { ["function"] = true },
  region = { string = true },
}

local function check_options(options)
  for name, value in pairs(options) do
    local types = option_types[name]
    if not types then
      local nearest = type(name) == "string" and core.nearest(name, { "credentials", "clock", "sleep", "region" })
      error(("dxconnect.emulator: there is no option %s%s"):format(tostring(name),
        nearest and "; did you mean " .. nearest .. "?" or ""), 3)
    elseif not types[type(value)] then
      error(("dxconnect.emulator: the option %s can't be a %s"):format(name, type(value)), 3)
    end
  end
end

-- A function that returns the list of accounts, or nil where any key will do.
local function accounts_of(given)
  local function as_list(value)
    return type(value) == "table" and value[1] == nil and { value } or value
  end
  if type(given) == "function" then
    return function()
      return as_list(given())
    end
  end
  local list = as_list(given)
  return function()
    return list
  end
end

local function is_several(list)
  local first
  for _, account in ipairs(list or {}) do
    local id = account.account_id or service.DEFAULT_ACCOUNT
    if first and id ~= first then
      return true
    end
    first = id
  end
  return false
end

-- ---- requests

local function with_lower_case(headers)
  local lower = {}
  for name, value in pairs(headers or {}) do
    lower[name:lower()] = value
  end
  return lower
end

--- Answers a request, without waiting; what carries requests (transport, server) sees to the trouble.
-- @tparam table request `{method, url, headers, body}`
-- @treturn ?table response
-- @treturn ?table trouble `{latency, lost}`
function methods:answer(request)
  return service.answer(self, {
    method = request.method,
    url = request.url,
    headers = with_lower_case(request.headers),
    body = request.body or "",
  })
end

local function transport_of(emulator)
  return function(request)
    local response, trouble = emulator:answer(request)
    if trouble and trouble.latency then
      local timeout = request.timeout
      if timeout and trouble.latency > timeout then
        emulator.sleep(timeout)
        return nil, ("no answer within %g seconds"):format(timeout), "timeout"
      end
      emulator.sleep(trouble.latency)
    end
    if trouble and trouble.lost or not response then
      return nil, "the connection was closed before an answer came", "reset"
    end
    return response
  end
end

-- ---- what a test can order

--- Orders a fault. Returns it; its `hits` counts how often it was met. With `clear_faults` all of them end.
-- @tparam table fault `operation` (either spelling; any, where left out), `match` (function of the params that says
-- whether a call is meant), `times` (1 by default; math.huge for ever), `skip` (so many calls pass first), and what
-- happens: `throttle = true` (refused with ThrottlingException); `status`, `code`, `message` (an error of one's own);
-- `body`, `headers` (an answer of one's own, such as a proxy's HTML); `lost = true` (no answer arrives); `latency` in
-- seconds (alone or with the others); `applied` (whether the operation takes effect all the same: by default yes where
-- the answer gets lost or is late, no where an error is answered)
-- @treturn table
function methods:fault(fault)
  return self.faults:order(fault)
end

--- Calls all faults off.
function methods:clear_faults()
  self.faults:clear()
end

--- How many requests there were, with a signature that holds and parameters that fit; those that met a fault count.
-- @tparam[opt] string operation either spelling; without it, of all operations
-- @treturn number
function methods:count(operation)
  if operation == nil then
    local sum = 0
    for _, number in pairs(self.counts) do
      sum = sum + number
    end
    return sum
  end
  local op = names.find(operation)
  if not op then
    error("emulator: there is no operation " .. tostring(operation), 2)
  end
  return self.counts[op.name] or 0
end

local function named(self, id, level)
  worlds.advance(self.state)
  local record = self.state.named[id]
  if not record then
    error(("emulator: there is nothing with the id %s"):format(tostring(id)), level + 1)
  end
  return record
end

local function shape_of(record)
  return wire.shapes[record._shape or kinds[record._kind].shape]
end

--- Sets members of anything that has an id: a resource, a MACsec key by its secretARN, a BGP peer.
-- A state that is set stays until a call or another `set` moves it. What the emulator works out itself, such as
-- portEncryptionStatus, stays as set.
-- @tparam string id
-- @tparam table members such as `{ connectionState = "down" }`
function methods:set(id, members)
  local record = named(self, id, 2)
  local shape = shape_of(record)
  for member in pairs(members) do
    if not shape.members[member] then
      local nearest = core.nearest(tostring(member), shape.order)
      error(("emulator: %s has no member %s%s"):format(shape.name, tostring(member),
        nearest and "; did you mean " .. nearest .. "?" or ""), 2)
    end
  end
  for member, value in pairs(members) do
    local ok, message = pcall(wire.check_member, shape, member, value)
    if not ok then
      error(message, 2)
    end
  end
  local state_member = record._state_member or kinds[record._kind].state
  for member, value in pairs(members) do
    if member == state_member then
      worlds.halt(record, member)
    else
      record._pinned = record._pinned or {}
      record._pinned[member] = true
    end
    record[member] = value
  end
end

-- The members that a record shows, copied through and through.
local function copy_of(value)
  if type(value) ~= "table" then
    return value
  end
  local copy = {}
  for member, one in pairs(value) do
    if type(member) == "number" or member:sub(1, 1) ~= "_" then
      copy[member] = copy_of(one)
    end
  end
  return copy
end

--- What the emulator holds under an id, as a table of its own; nil where there is nothing.
-- @tparam string id as for `set`
-- @treturn ?table
function methods:get(id)
  worlds.advance(self.state)
  local record = self.state.named[id]
  if record and record._kind and kinds[record._kind].is_port then
    ports.present(record._world, record)
  end
  return copy_of(record)
end

--- Answers HTTP requests on a loopback port until the emulator is stopped; needs LuaSocket.
-- @tparam[opt] table options `port` (0, the default, for a free one), `on_ready`: function(url, stop), called once it
-- listens; `request_timeout` (30) and `idle_timeout` (120): seconds that a request may take to arrive, and that a
-- connection is kept without one; `max_connections` (500): more wait
-- @treturn[1] boolean true, after it was stopped
-- @treturn[2] nil
-- @treturn[2] string message
function methods:serve(options)
  return require("dxconnect.emulator.server").serve(self, options or {})
end

--- Ends `serve`.
function methods:stop()
  self.is_stopped = true
end

--- Makes an emulator.
-- @tparam[opt] table options `credentials`: `{access_key_id, secret_access_key, session_token, account_id}`, a list of
-- such tables, or a function that returns either: then signatures are checked to the last bit, and accounts see only
-- what is theirs; without it any key will do, but a signature must be there. `clock`: function returning Unix seconds;
-- the system's by default. `region`: the only one; without it there is every region that a request is signed for.
-- `sleep`: function(seconds) for latency that a test ordered
-- @treturn table the emulator; its `transport` goes into a client's options
local function new(options)
  if options ~= nil and type(options) ~= "table" then
    error("dxconnect.emulator: options must be a table, got a " .. type(options), 2)
  end
  options = options or {}
  check_options(options)
  local accounts = accounts_of(options.credentials)
  local emulator = setmetatable({
    accounts = accounts,
    region = options.region,
    sleep = options.sleep or require("dxconnect.system").new().sleep,
    faults = faults.new(),
    counts = {}, -- of requests, by operation
    state = worlds.new_state(options.clock or core.clock, is_several(accounts())),
  }, mt)
  emulator.transport = transport_of(emulator)
  return emulator
end

return { new = new }
