--- A Direct Connect of one's own, for tests and for learning: in process as a transport, or served over HTTP.
-- Resources are kept, states move with a clock that the test can set, mistakes are answered in the service's words,
-- signatures are checked, and faults happen to order.

local check = require "dxconnect.check"
local copy = require "dxconnect.emulator.copy"
local core = require "dxconnect.core"
local delays = require "dxconnect.emulator.delays"
local errors = require "dxconnect.errors"
local faults = require "dxconnect.emulator.faults"
local interfaces = require "dxconnect.emulator.interfaces"
local json = require "dxconnect.text.json"
local kinds = require "dxconnect.emulator.kinds"
local machines = require("dxconnect.resources.states").machines
local operations = require "dxconnect.operations"
local ports = require "dxconnect.emulator.ports"
local quotas = require "dxconnect.resources.quotas"
local requests = require "dxconnect.emulator.requests"
local seeds = require "dxconnect.emulator.seed"
local service = require "dxconnect.emulator.service"
local states = require "dxconnect.emulator.state"
local systems = require "dxconnect.system"
local timeline = require "dxconnect.emulator.timeline"
local usage = require "dxconnect.emulator.usage"
local wire = require "dxconnect.emulator.wire"

local methods = {}
local mt = { __index = methods, __name = "dxconnect.emulator" }

function mt.__tostring(self)
  return ("dxconnect.emulator (%d requests)"):format(self:count())
end

local option_types = {
  clock = { ["function"] = true },
  credentials = { table = true, ["function"] = true },
  delays = { table = true },
  quotas = { table = true, boolean = true },
  region = { string = true },
  sleep = { ["function"] = true },
  state = { string = true },
}

local function sorted_names(values)
  local names = {}
  for name in pairs(values) do
    names[#names + 1] = name
  end
  table.sort(names)
  return names
end

local function refuse_unknown(what, name, known)
  error(("dxconnect.emulator: there is no %s %s%s"):format(what, tostring(name),
    check.suggestion(name, sorted_names(known))), 4)
end

local function is_amount(value)
  return type(value) == "number" and value >= 0 and value < math.huge
end

local function check_delays(given)
  for kind, by_state in pairs(given) do
    if not delays[kind] then
      refuse_unknown("kind to delay", kind, delays)
    elseif type(by_state) ~= "table" then
      error(("dxconnect.emulator: delays.%s must be a table, got a %s"):format(kind, type(by_state)), 3)
    end
    for name, seconds in pairs(by_state) do
      if not delays[kind][name] then
        refuse_unknown(("state that %s stays in:"):format(kind), name, delays[kind])
      elseif not is_amount(seconds) then
        error(("dxconnect.emulator: delays.%s.%s must be a number of seconds"):format(kind, name), 3)
      end
    end
  end
end

local function check_quotas(given)
  if given == true then
    error("dxconnect.emulator: the option quotas is a table, or false", 3)
  end
  for name, number in pairs(given or {}) do
    if not quotas[name] then
      refuse_unknown("quota", name, quotas)
    elseif number ~= false and not (type(number) == "number" and number >= 0) then
      error(("dxconnect.emulator: quotas.%s must be a number, or false"):format(name), 3)
    end
  end
end

local function check_options(options)
  for name, value in pairs(options) do
    local types = option_types[name]
    if not types then
      error(("dxconnect.emulator: there is no option %s%s"):format(tostring(name),
        check.suggestion(name, sorted_names(option_types))), 3)
    elseif not types[type(value)] then
      error(("dxconnect.emulator: the option %s can't be a %s"):format(name, type(value)), 3)
    end
  end
  check_delays(options.delays or {})
  check_quotas(options.quotas)
  for i, account in ipairs(type(options.credentials) == "table" and options.credentials or {}) do
    if type(account) ~= "table" then
      error(("dxconnect.emulator: credentials: item %d must be a table of keys, got a %s"):format(i, type(account)), 3)
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
-- @tparam table fault `operation` (either spelling; any, where left out), `match` (members that must be equal, or a
-- function of the params that says whether a call is meant), `times` (1 by default; math.huge for ever), `skip` (so
-- many calls pass first), and what happens: `throttle = true` (refused with ThrottlingException); `status`, `code`,
-- `message` (an error of one's own); `body`, `headers` (an answer of one's own, such as a proxy's HTML); `lost = true`
-- (no answer arrives); `latency` in seconds (alone or with the others); `applied` (whether the operation takes effect
-- all the same: by default yes where the answer gets lost or is late, no where an error is answered)
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
  local op = operations.find(operation)
  if not op then
    error("emulator: there is no operation " .. tostring(operation), 2)
  end
  return self.counts[op.name] or 0
end

local function world_of(self, record)
  return states.view(self.state, record._region, record._account)
end

-- What has an id: a record, and where it is none, the parts of that name.
local function named(self, id)
  states.advance(self.state)
  local record = self.state.named[id]
  if record then
    return { record }
  end
  return self.state.parts[id] or {}
end

-- What is wrong with members that something should have; nil where nothing is.
local function fault_of(record, members)
  local shape, kind = wire.shapes[kinds[record._kind].shape], kinds[record._kind]
  for member, value in pairs(members) do
    if type(member) ~= "string" or not shape.members[member] then
      return ("emulator: %s has no member %s%s"):format(shape.name, tostring(member),
        check.suggestion(member, shape.order))
    elseif member == kind.id then
      return ("emulator: the id of a %s can't be changed"):format(shape.name)
    end
    local ok, message = pcall(wire.check_member, shape, member, value)
    if not ok then
      return message
    end
    local machine = member == kind.state and machines[record._kind]
    if machine and machine[value] == nil then
      return ("emulator: a %s is never %s%s"):format(shape.name, value, check.suggestion(value, sorted_names(machine)))
    end
  end
end

local function apply(self, record, members)
  local state, world = self.state, world_of(self, self.state.owners[record] or record)
  local state_member = kinds[record._kind].state
  if members[state_member] and record._test then
    timeline.actions.end_test(world, record)
  end
  local is_indexed = {}
  for _, member in ipairs(kinds[record._kind].indexed or {}) do
    is_indexed[member] = true
  end
  for member, value in pairs(members) do
    if member == state_member then
      timeline.halt(state, record)
    else
      record._pinned = record._pinned or {}
      record._pinned[member] = true
    end
    if is_indexed[member] then
      world:put(record, member, value)
    else
      record[member] = copy.deep(value)
    end
  end
  usage.update(state, state.owners[record] or record)
end

--- Sets members of anything that has an id: a resource, a BGP peer, or a MACsec key by its secretARN, on every port
-- that has it. A state that is set stays until a call or another `set` moves it. What the emulator works out itself,
-- such as portEncryptionStatus, stays as set.
-- @tparam string id
-- @tparam table members such as `{ connectionState = "down" }`
function methods:set(id, members)
  local ok, message = self:patch(id, members)
  if not ok then
    error(message, 2)
  end
end

--- As `set`, for members that come from elsewhere.
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] string message
-- @treturn[2] boolean whether nothing has that id
function methods:patch(id, members)
  local list = named(self, id)
  if not list[1] then
    return nil, ("emulator: there is nothing with the id %s"):format(tostring(id)), true
  end
  for _, record in ipairs(list) do
    local fault = fault_of(record, members)
    if fault then
      return nil, fault
    end
  end
  for _, record in ipairs(list) do
    apply(self, record, members)
  end
  return true
end

--- What the emulator holds under an id, as a table of its own; nil where there is nothing.
-- @tparam string id as for `set`
-- @treturn ?table
function methods:get(id)
  local record = named(self, id)[1]
  local kind = record and kinds[record._kind]
  if kind and kind.is_port then
    return copy.visible(ports.present(world_of(self, record), record))
  elseif kind and record._kind == "virtual_interface" then
    return copy.visible(interfaces.present(world_of(self, record), record))
  elseif kind and record._kind == "gateway" then
    return copy.visible(interfaces.present_gateway(world_of(self, record), record))
  end
  return copy.visible(record)
end

-- ---- time

--- The emulator's time, in Unix seconds.
function methods:now()
  states.advance(self.state)
  return self.state.now
end

--- Moves the emulator's time ahead of its clock.
-- @tparam number seconds
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] table error
function methods:advance(seconds)
  if not is_amount(seconds) then
    return nil, errors.config("the emulator's time moves by a number of seconds, and only ahead")
  elseif not timeline.is_time(self:now() + seconds) then
    return nil, errors.config("the emulator's time ends with the year 9999")
  end
  states.advance(self.state)
  self.state.offset = self.state.offset + seconds
  states.advance(self.state)
  return true
end

--- Sets the emulator's time. It goes on from there.
-- @tparam number time Unix seconds, not before what it is
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] table error
function methods:set_time(time)
  if type(time) ~= "number" or time ~= time then
    return nil, errors.config("the emulator's time is set to Unix seconds")
  end
  return self:advance(time - self:now())
end

-- ---- the state as data

--- Everything that exists, as plain data that JSON can hold.
-- @treturn table
function methods:snapshot()
  return states.snapshot(self.state)
end

--- Takes up what `snapshot` gave, in place of what there is.
-- @tparam table data
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] table error; everything is as it was
function methods:restore(data)
  local ok, message = states.restore(self.state, data)
  if not ok then
    return nil, errors.config(message)
  end
  return true
end

--- Writes the state to a file, whole or not at all, that only its owner can read: BGP keys are in it.
-- @tparam string path
-- @treturn[1] boolean true
-- @treturn[1] number how many bytes the file has
-- @treturn[2] nil
-- @treturn[2] table error
function methods:save(path)
  if type(path) ~= "string" then
    error(("emulator:save: the path must be a string, got a %s"):format(type(path)), 2)
  end
  local text, ok, message
  text, message = json.encode(self:snapshot(), { reveal = true })
  if text then
    ok, message = self.system.write_file(path, text .. "\n")
  end
  if not ok then
    return nil, errors.config(("the state can't be written to %s: %s"):format(path, errors.message_of(message)))
  end
  return true, #text + 1
end

local function load_state(self, path)
  local text, message = self.system.read_file(path)
  if not text then
    return nil, errors.config(("the state can't be read from %s: %s"):format(path, errors.message_of(message)))
  end
  local ok, problem
  local data = json.decode(text)
  if data == nil then
    problem = "it is not JSON, or cut"
  else
    ok, problem = states.restore(self.state, data)
  end
  if not ok then
    return nil, errors.config(("the state can't be taken up from %s: %s"):format(path, problem))
  end
  return true
end

--- Fills the emulator. What an earlier seed brought goes first.
-- @tparam string|table what "estate", or resources by kind: `{connection = {{connectionId = "dxcon-1"}}}`, kinds as an
-- inventory's, with the service's members; what is missing is made up, ids that are given stay
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] table error; everything is as it was
function methods:seed(what)
  if type(what) ~= "string" and type(what) ~= "table" then
    error(("emulator:seed: expected a name or a table, got a %s"):format(type(what)), 2)
  end
  states.advance(self.state)
  local account = (self.accounts() or {})[1]
  local ok, message = seeds.apply(self.state, what, self.region or "us-east-1",
    account and account.account_id or service.DEFAULT_ACCOUNT)
  if not ok then
    return nil, errors.config(message)
  end
  return true
end

--- Empties the emulator, calls its faults off, forgets its log, and sets its clock back.
function methods:reset()
  states.reset(self.state)
  self.faults:clear()
  self.counts = {}
  self.log = requests.new()
end

--- The last requests, oldest first: `{time, operation, region, account, params, status, code, request_id, lost}`,
-- secrets hidden.
-- @treturn table
function methods:requests()
  return self.log:list()
end

--- Answers HTTP requests until the emulator is stopped; needs LuaSocket. Beside the service it answers
-- `/_dxconnect/…`, by which tests in any language drive it.
-- @tparam[opt] table options `port` (0, the default, for a free one), `host` ("127.0.0.1"), `on_ready`: function(url,
-- stop, certificate), called once it listens; `tls`: true serves HTTPS, with a certificate made for it (needs LuaSec
-- and the program openssl); `state`: path of the file that the state is written to when something changed, and at the
-- end; `should_stop`: function, asked in between; `request_timeout` (30) and `idle_timeout` (120): seconds that a
-- request may take to arrive, and that a connection is kept without one; `max_connections` (500): more wait
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
-- @tparam[opt] table options `credentials`: `{access_key_id, secret_access_key, session_token, account_id, partner}`, a
-- list of such tables, or a function that returns either: then signatures are checked to the last bit, and accounts
-- see only what is theirs; `partner` ("v1", "v2", "nonPartner") is what an account may host; without it any key will
-- do, but a signature must be there. `clock`: function returning Unix seconds; the system's by default. `region`: the
-- only one; without it there is every region that a request is signed for. `sleep`: function(seconds) for latency that
-- a test ordered. `state`: path of a file that `save` wrote. `quotas`: false lifts the service's, a table sets some by
-- their names. `delays`: `{kind = {state = seconds}}`, how long states take
-- @treturn[1] table the emulator; its `transport` goes into a client's options
-- @treturn[2] nil
-- @treturn[2] table error, where the state can't be taken up
local function new(options)
  if options ~= nil and type(options) ~= "table" then
    error("dxconnect.emulator: options must be a table, got a " .. type(options), 2)
  end
  options = options or {}
  check_options(options)
  local accounts = accounts_of(options.credentials)
  local system = systems.new()
  local emulator = setmetatable({
    accounts = accounts,
    region = options.region,
    system = system,
    sleep = options.sleep or system.sleep,
    faults = faults.new(),
    counts = {}, -- of requests, by operation
    log = requests.new(),
    state = states.new(options.clock or core.clock, {
      has_accounts = is_several(accounts()), delays = options.delays, quotas = options.quotas,
    }),
  }, mt)
  if type(options.credentials) == "function" then -- further accounts may come
    function emulator.accounts()
      local list = accounts()
      emulator.state.has_accounts = emulator.state.has_accounts or is_several(list)
      return list
    end
  end
  emulator.transport = transport_of(emulator)
  if options.state then
    local ok, err = load_state(emulator, options.state)
    if not ok then
      return nil, err
    end
  end
  return emulator
end

return { new = new }
