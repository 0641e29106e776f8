--- What one wait observes from look to look: a resource, or parts of one, and their states.

local describes = require "dxconnect.workflows.describes"
local ports = require "dxconnect.resources.ports"
local resources = require "dxconnect.resources.kinds"
local states = require "dxconnect.resources.states"

local kinds = resources.kinds

local methods = {}
local mt = { __index = methods }

local function lower(value)
  return type(value) == "string" and value:lower() or nil
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

--- Begins to observe.
-- @tparam table client
-- @tparam table kind of resources.kinds
-- @tparam table params checked; they are copied
-- @tparam ?table options of each call
-- @tparam table times see describes.open
-- @treturn table
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
  self:describes(1)
  return self
end

--- The describes of a candidate.
-- @tparam integer i
-- @treturn table
function methods:describes(i)
  local candidate = self.candidates[i]
  candidate.describes = candidate.describes
    or describes.open(self.client, candidate.kind, candidate.params, self.options, self.times)
  return candidate.describes
end

-- ---- looks

-- The resources that the params name, or that hold what they name.
local function look_at_owners(self, absence_counts)
  local first_cause
  for i = self.found or 1, self.found or #self.candidates do
    local list, cause = self:describes(i):look(absence_counts and #self.candidates == 1)
    if not list then
      return nil, cause
    elseif #list > 0 then
      self.found, self.list_type = i, getmetatable(list)
      return list
    end
    first_cause = first_cause or cause
  end
  self.cause = first_cause
  return {}
end

local function is_meant(params, part)
  return (params.ckn == nil or lower(part.ckn) == params.ckn:lower())
    and (params.secretARN == nil or part.secretARN == params.secretARN)
    and (params.bgpPeerId == nil or part.bgpPeerId == params.bgpPeerId)
end

-- The parts of an owner that are meant; the owner itself where the kind has none.
local function add_parts(self, owner, parts)
  local member = self.kind.inside and self.kind.inside[2]
  self.list_type = member and owner[member] and getmetatable(owner[member]) or self.list_type
  for _, item in ipairs(member and (owner[member] or {}) or { owner }) do
    if not member or is_meant(self.params, item) then
      parts[#parts + 1] = { item = item, owner = owner }
    end
  end
end

-- What is gone, but still listed, counts only where nothing else is there.
local function without_gone(kind, parts)
  local member, gone = kind.machine_state or kind.state, states.ends[kind.machine] or "deleted"
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
-- @treturn[1] {table,...} `{item, owner}` each: what is meant, and the resource that it is part of (itself where it is
--   no part)
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
  return self:describes(self.found or 1):next_wait(now, random)
end

--- The whole of the resource that was seen last, where that was a summary.
-- @tparam table resource
function methods:whole(resource)
  return self.found and self:describes(self.found):whole(resource) or resource
end

--- Ends it.
function methods:close()
  for _, candidate in ipairs(self.candidates) do
    if candidate.describes then
      candidate.describes:close()
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
  return kind.machine and states.machines[kind.machine][known] == nil and state or known
end

-- Why a session or encryption can't come up; nil where it can.
local function what_keeps_down(self, part)
  local owner = part.owner
  if self.kind == kinds.bgp_status then
    local peer, interface = part.item.bgpPeerState, owner.virtualInterfaceState
    return states.is_leaving(peer) and "the peer is " .. peer:lower()
      or states.is_leaving(interface) and "its virtual interface is " .. interface:lower() or nil
  end
  local state = ports.state(owner)
  return states.is_leaving(state) and "the port is " .. state
    or owner.macSecCapable == false and "the port is not capable of MACsec"
    or lower(owner.encryptionMode) == "no_encrypt" and "the encryption mode is no_encrypt" or nil
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
  elseif kind.goes_down and state == "down" and not (target == "deleting" or target == "deleted") then
    return "reached"
  elseif not states.leads(kind.machine, state, target) then
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

--- The operation that the last look was made with, in the service's spelling.
function methods:operation()
  return self.candidates[self.found or 1].kind.operation
end

return { open = open }
