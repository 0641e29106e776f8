--- What one wait is after, seen from poll to poll: the resource, or the parts of it, and their states.

local names = require "dxconnect.operations"
local polls = require "dxconnect.workflows.polls"
local ports = require "dxconnect.resources.ports"
local resources = require "dxconnect.resources.kinds"
local set = require "dxconnect.set"
local state_machines = require "dxconnect.resources.states"

local kinds = resources.kinds

local methods = {}
local mt = { __index = methods }

local leaving = set { "deleting", "deleted", "rejected" }

local function lower(value)
  return type(value) == "string" and value:lower() or nil
end

-- ---- opening

local function source_of(kind, params, options)
  return {
    operation = kind.operation,
    params = params,
    options = options,
    id = kind.id,
    match = kind.match,
    wide = kind.wide,
    list = kind.list,
    member = kind.member,
  }
end

-- The kinds that may be asked for what the params name, with the params to do so.
local function candidates_of(kind, params)
  local owner = kind.inside and kind.inside[1]
  if owner == "port" then
    local list = {}
    for i, name in ipairs(ports.kinds_of(params.connectionId)) do
      list[i] = { kind = kinds[name], params = { [kinds[name].id] = params.connectionId } }
    end
    return list
  elseif owner then
    return { { kind = kinds[owner], params = { [kinds[owner].id] = params[kinds[owner].id] } } }
  end
  return { { kind = kind, params = params } }
end

--- Begins to watch.
-- @tparam table client
-- @tparam table kind of resources.kinds
-- @tparam table params checked; stay as they are
-- @tparam ?table options of each call
-- @tparam table times `{delay, limit, total_timeout}`, see polls.open
-- @treturn table watch
local function open(client, kind, params, options, times)
  local copy = {}
  for name, value in pairs(params) do
    copy[name] = value
  end
  local self = setmetatable({
    client = client,
    kind = kind,
    params = copy,
    options = options,
    times = times,
    candidates = candidates_of(kind, copy),
  }, mt)
  self:poll(1)
  return self
end

--- The poll of a candidate.
-- @tparam integer i
-- @treturn table
function methods:poll(i)
  local candidate = self.candidates[i]
  if not candidate.poll then
    local times = self.times
    candidate.poll = polls.open(self.client, source_of(candidate.kind, candidate.params, self.options), times.delay,
      times.limit, times.total_timeout)
  end
  return candidate.poll
end

-- ---- looking

-- The resources that the params name, or hold what they name.
local function look_at_owners(self, absence_counts)
  local cause
  for i = self.found or 1, self.found or #self.candidates do
    local list, metatable, words = self:poll(i):look(absence_counts and #self.candidates == 1)
    if not list then
      return nil, metatable
    elseif #list > 0 then
      self.found = i
      self.metatable = metatable
      return list
    end
    cause = cause or words
  end
  self.cause = cause
  return {}
end

local function is_meant(params, part)
  return (params.ckn == nil or lower(part.ckn) == params.ckn:lower())
    and (params.secretARN == nil or part.secretARN == params.secretARN)
    and (params.bgpPeerId == nil or part.bgpPeerId == params.bgpPeerId)
end

-- Adds the parts of an owner that are meant; itself, where it has none.
local function add_parts(self, owner, parts)
  local list_name = self.kind.inside and self.kind.inside[2]
  if not list_name then
    parts[#parts + 1] = { item = owner, owner = owner }
    return
  end
  for _, item in ipairs(owner[list_name] or {}) do
    if is_meant(self.params, item) then
      parts[#parts + 1] = { item = item, owner = owner }
    end
  end
end

-- What is gone, but still listed, counts only where nothing else is there.
local function without_gone(kind, parts)
  local member, gone = kind.machine_state or kind.state, kind.gone or "deleted"
  local left = {}
  for _, part in ipairs(parts) do
    if lower(part.item[member]) ~= gone then
      left[#left + 1] = part
    end
  end
  return #left > 0 and left or parts
end

--- Looks.
-- @tparam boolean gone_counts being gone is what is waited for: not being in a list is enough, and what is gone but
--   still listed is shown
-- @treturn[1] table list of `{item, owner}`: what is meant, and the resource that it is in (itself, or a part of it)
-- @treturn[2] nil
-- @treturn[2] table error
function methods:look(gone_counts)
  local owners, err = look_at_owners(self, gone_counts)
  if not owners then
    return nil, err
  end
  local parts = {}
  for _, owner in ipairs(owners) do
    add_parts(self, owner, parts)
  end
  return gone_counts and parts or without_gone(self.kind, parts)
end

--- Seconds until the next look.
-- @tparam number now the client's monotonic clock
-- @tparam number random in [0, 1)
-- @treturn number
function methods:next_wait(now, random)
  return self:poll(self.found or 1):next_wait(now, random)
end

--- The whole of a resource that was seen last, where that was a summary.
-- @tparam table resource
function methods:whole(resource)
  return self.found and self:poll(self.found):whole(resource) or resource
end

--- Ends it.
function methods:close()
  for _, candidate in ipairs(self.candidates) do
    if candidate.poll then
      candidate.poll:close()
    end
  end
end

-- ---- states

--- The state of a part, as the service spells it where it is none that we know.
-- @tparam table part
-- @treturn string
function methods:state(part)
  local kind = self.kind
  if kind == kinds.port_encryption then
    return ports.encryption_status(part.item) or "unknown"
  end
  local state = part.item[kind.state]
  if type(state) ~= "string" then
    return "unknown"
  end
  local known = state:lower()
  if kind.machine and state_machines.machines[kind.machine][known] == nil then
    return state
  end
  return known
end

-- Why a session or encryption can't come up; nil where it can.
local function what_keeps_down(self, part)
  local owner = part.owner
  if self.kind == kinds.bgp_status then
    local peer, interface = lower(part.item.bgpPeerState), lower(owner.virtualInterfaceState)
    return leaving[peer] and "the peer is " .. peer
      or leaving[interface] and "its virtual interface is " .. interface or nil
  end
  local state = ports.state(owner)
  if leaving[state] then
    return "the port is " .. state
  elseif owner.macSecCapable == false then
    return "the port is not capable of MACsec"
  elseif lower(owner.encryptionMode) == "no_encrypt" then
    return "the encryption mode is no_encrypt"
  end
end

--- Whether a part has come to a state, still can, or can't.
-- @tparam table part
-- @tparam string target
-- @treturn string "reached", "underway" or "hopeless"
-- @treturn ?string why it can't
function methods:judge(part, target)
  local kind = self.kind
  local state = self:state(part):lower()
  if state == target then
    return "reached"
  elseif not kind.machine then
    local why = what_keeps_down(self, part)
    return why and "hopeless" or "underway", why
  elseif kind.is_linked and state == "down" and not (target == "deleting" or target == "deleted") then
    return "reached"
  elseif not state_machines.leads(kind.machine, state, target) then
    return "hopeless", ("from %s there is no way to %s"):format(state, target)
  end
  return "underway"
end

--- What to call a part in a message.
-- @tparam table part
-- @treturn string
function methods:label(part)
  local kind = self.kind
  local id = kind == kinds.port_encryption and ports.id(part.item) or part.item[kind.id]
  return kind.noun .. " " .. tostring(id or "without an id")
end

--- What to call what is not there.
-- @treturn string
function methods:missing_label()
  local named = {}
  for name, value in pairs(self.params) do
    named[#named + 1] = ("%s %s"):format(name, tostring(value))
  end
  table.sort(named)
  return self.kind.noun .. (#named > 0 and " with " .. table.concat(named, ", ") or "")
end

--- The operation, in the service's spelling, that the last look was made with.
function methods:operation()
  return names.find(self.candidates[self.found or 1].kind.operation).name
end

return { open = open }
