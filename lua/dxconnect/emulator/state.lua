--- The state of an emulator: everything that exists in it and when what happens next, as plain data, so that it can be
-- saved and taken up again. Lists, indexes and the queue of timers are made from that and are not part of it.

local copy = require "dxconnect.emulator.copy"
local core = require "dxconnect.core"
local delays = require "dxconnect.emulator.delays"
local interfaces = require "dxconnect.emulator.interfaces"
local kinds = require "dxconnect.emulator.kinds"
local ports = require "dxconnect.emulator.ports"
local quotas = require "dxconnect.resources.quotas"
local timeline = require "dxconnect.emulator.timeline"
local timers = require "dxconnect.async.timers"
local usage = require "dxconnect.emulator.usage"
local wire = require "dxconnect.emulator.wire"
local worlds = require "dxconnect.emulator.world"

local map_type = core.shape_type(core.MAP) -- so that an empty one is {} in JSON

local FORMAT, VERSION = "dxconnect-state", 1

-- Counters, and tables by name; all of them are data.
local counters = { "sequence", "order", "last_id", "last_address" }
local tables = {
  "devices", "secrets", "agreements", "partners", "virtual_gateways", "client_tokens", "sessions",
}
local holds_strings = { devices = true, partners = true } -- the others hold tables

local states = {}

-- Empties a state. What its owner set up (clock, delays, quotas) stays.
local function clear(state)
  for _, name in ipairs(counters) do
    state[name] = 0
  end
  for _, name in ipairs(tables) do
    state[name] = {}
  end
  for _, name in ipairs { "lists", "indexes", "named", "owners", "parts", "entries", "views" } do
    state[name] = {}
  end
  state.timers, state.usage = timers.new(), usage.new()
  state.has_accounts = state.tells_accounts
end

--- The defaults, with what is given laid over them.
local function merged_delays(given)
  local merged = copy.deep(delays)
  for kind, by_state in pairs(given or {}) do
    for name, seconds in pairs(by_state) do
      merged[kind][name] = seconds
      if kind == "connection" and not (given.hosted_connection and given.hosted_connection[name]) then
        merged.hosted_connection[name] = seconds
      end
    end
  end
  return merged
end

local function merged_quotas(given)
  local merged = {}
  for name, number in pairs(quotas) do
    local own = type(given) == "table" and given[name]
    if given == false or type(given) == "table" and given[name] == false then
      own = math.huge
    end
    merged[name] = own or number
  end
  return merged
end

--- Makes a state in which there is nothing.
-- @tparam function clock returns Unix seconds
-- @tparam[opt] table options `has_accounts` (each account sees only its own), `delays`, `quotas` as the emulator's
-- @treturn table
function states.new(clock, options)
  options = options or {}
  local state = {
    clock = clock, offset = 0, now = clock(), tells_accounts = options.has_accounts or false,
    delays = merged_delays(options.delays), quotas = merged_quotas(options.quotas),
  }
  clear(state)
  function state.view(record)
    return worlds.view(state, record._region, record._account)
  end
  return state
end

--- Empties a state and sets its clock back.
function states.reset(state)
  clear(state)
  state.offset = 0
  state.now = state.clock()
end

-- ---- as data

local function has_earlier_sequence(a, b)
  return a._sequence < b._sequence
end

--- The state as plain data, which printed hides its secrets.
-- @treturn table
function states.snapshot(state)
  timeline.advance(state)
  local data = setmetatable({
    format = FORMAT, version = VERSION, time = state.now, has_accounts = state.has_accounts,
    resources = setmetatable({}, map_type),
  }, map_type)
  for _, name in ipairs(counters) do
    data[name] = state[name]
  end
  for _, name in ipairs(tables) do
    data[name] = setmetatable(copy.deep(state[name]), map_type)
  end
  for _, signed in pairs(data.agreements) do
    setmetatable(signed, map_type)
  end
  for _, record in pairs(state.named) do
    local list = data.resources[record._kind] or {}
    data.resources[record._kind] = list
    list[#list + 1] = copy.deep(record)
  end
  for _, list in pairs(data.resources) do
    table.sort(list, has_earlier_sequence)
  end
  return data
end

local function is_list_of_strings(value)
  for _, one in ipairs(type(value) == "table" and value or { false }) do
    if type(one) ~= "string" then
      return false
    end
  end
  return true
end

-- Raises where a member is none of a shape's, or of another type.
local function check_members(shape, target)
  for member, value in pairs(target) do
    if member:sub(1, 1) ~= "_" then
      wire.check_member(shape, member, value)
    end
  end
end

-- Whether a record, or a part of one, is whole: its id, its state, where it is on the way to, members of its shape.
local function is_whole(target, kind)
  if type(target) ~= "table" or type(target[kind.id]) ~= "string" or type(target._sequence) ~= "number"
    or type(target[kind.state]) ~= "string" then
    return false
  end
  local move = target._move
  if move ~= nil and (type(move) ~= "table" or type(move.at) ~= "number" or type(move.order) ~= "number"
    or not is_list_of_strings(move.states)) then
    return false
  end
  return (pcall(check_members, wire.shapes[kind.shape], target))
end

local function is_whole_record(record, kind)
  if not is_whole(record, kind) or type(record._region) ~= "string" or type(record._account) ~= "string"
    or not is_list_of_strings(record._accounts) then
    return false
  end
  for list, part_kind in pairs(kind.parts) do
    for _, part in ipairs(type(record[list]) == "table" and record[list] or { false }) do
      if not is_whole(part, kinds[part_kind]) then
        return false
      end
    end
  end
  return true
end

-- What is wrong with data that should be a state; nil where nothing is.
local function fault_of(data)
  if type(data) ~= "table" or data.format ~= FORMAT then
    return "this is no state of an emulator: its format is not " .. FORMAT
  elseif type(data.version) ~= "number" or data.version % 1 ~= 0 or data.version < 1 then
    return "the state has no version"
  elseif data.version > VERSION then
    return ("the state is of version %.0f, newer than this module reads: %d"):format(data.version, VERSION)
  elseif type(data.time) ~= "number" or type(data.resources) ~= "table" then
    return "the state is cut: it lacks its time or its resources"
  elseif not timeline.is_time(data.time) then
    return "the state's time is past the year 9999"
  end
  for _, name in ipairs(counters) do
    if type(data[name]) ~= "number" then
      return "the state is cut: it lacks " .. name
    end
  end
  for _, name in ipairs(tables) do
    if data[name] ~= nil and type(data[name]) ~= "table" then
      return ("the state's %s is not an object"):format(name)
    end
    for _, entry in pairs(data[name] or {}) do
      if type(entry) ~= (holds_strings[name] and "string" or "table") then
        return ("the state's %s holds a %s"):format(name, type(entry))
      end
    end
  end
  for name, list in pairs(data.resources) do
    local kind = kinds[name]
    if not kind or kind.is_part or type(list) ~= "table" then
      return ("the state has resources of no known kind: %s"):format(tostring(name):sub(1, 64))
    end
    for _, record in ipairs(list) do
      if not is_whole_record(record, kind) then
        return ("the state has a %s that is not whole"):format(name)
      end
    end
  end
end

-- Fills an empty state.
local function fill(state, data)
  for _, name in ipairs(counters) do
    state[name] = data[name]
  end
  for _, name in ipairs(tables) do
    state[name] = data[name] or {}
  end
  state.has_accounts = state.has_accounts or data.has_accounts == true
  state.now = data.time
  state.offset = data.time - state.clock()
  local records, targets = {}, {}
  for kind, list in pairs(data.resources) do
    for _, record in ipairs(list) do
      record._kind = kind
      records[#records + 1] = record
    end
  end
  table.sort(records, has_earlier_sequence)
  for _, record in ipairs(records) do
    worlds.enlist(state, record)
    targets[#targets + 1] = record
    for list, kind in pairs(kinds[record._kind].parts) do
      for _, part in ipairs(record[list]) do
        part._kind = kind
        targets[#targets + 1] = part
      end
    end
  end
  for _, record in ipairs(records) do
    usage.update(state, record)
  end
  timeline.rebuild(state, targets)
  for _, record in ipairs(records) do -- raises where one names another that isn't there
    if kinds[record._kind].is_port then
      ports.present(state.view(record), record)
    elseif record._kind == "virtual_interface" then
      interfaces.present(state.view(record), record)
    end
  end
end

--- Takes up data that `snapshot` gave, in place of what there is. The clock shows the data's time from then on.
-- @tparam table state
-- @tparam table data
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] string message; the state is as it was
function states.restore(state, data)
  local fault = fault_of(data)
  if fault then
    return nil, fault
  end
  local before = {}
  for name, value in pairs(state) do
    before[name] = value
  end
  clear(state)
  local ok = pcall(fill, state, copy.deep(data))
  if not ok then
    for name, value in pairs(before) do
      state[name] = value
    end
    return nil, "the state contradicts itself"
  end
  return true
end

states.view = worlds.view
states.advance = timeline.advance

return states
