--- The states of resources: which may follow on which, and which mean that a resource is gone or leaving. Data.
-- The model lists the states but not their order, so the order is written here. A state that is not listed, one newer
-- than this table or the service's own "unknown", may lead anywhere.

local UNKNOWN = "unknown"

-- By state, the states that may come next. A state without any is an end. Where a deletion is not known to be final,
-- the table has the way back: a gateway with associations goes from deleting to available again, and the resources
-- that have a stateChangeError (gateways, associations, attachments), or are deleted in the background (resiliency
-- groups), may fail to go. The deletion of ports, interfaces, peers and keys is final.
-- While a MACsec key is put on or taken off, an available port may read pending for a while. Pending still leads to
-- available; but nobody can count on an available port to become pending, so that is no way here.
local machines = {
  connection = {
    ordering = { "requested", "pending", "rejected", "deleting" },
    requested = { "pending", "deleting" },
    pending = { "available", "down", "deleting" },
    available = { "down", "deleting" },
    down = { "available", "deleting" },
    rejected = { "deleting", "deleted" },
    deleting = { "deleted" },
    deleted = {},
    [UNKNOWN] = false,
  },
  virtual_interface = {
    confirming = { "verifying", "pending", "rejected", "deleting" },
    verifying = { "pending", "rejected", "deleting" },
    pending = { "available", "down", "deleting" },
    available = { "down", "testing", "deleting" },
    down = { "available", "testing", "deleting" },
    testing = { "available", "down", "deleting" },
    rejected = { "deleting", "deleted" },
    deleting = { "deleted" },
    deleted = {},
    [UNKNOWN] = false,
  },
  bgp_peer = {
    verifying = { "pending", "deleting" },
    pending = { "available", "deleting" },
    available = { "deleting" },
    deleting = { "deleted" },
    deleted = {},
  },
  gateway = {
    pending = { "available", "deleting" },
    available = { "deleting" },
    deleting = { "available", "deleted" },
    deleted = {},
  },
  gateway_association = {
    associating = { "associated", "updating", "disassociating" },
    associated = { "updating", "disassociating" },
    updating = { "associated", "disassociating" },
    disassociating = { "associated", "disassociated" },
    disassociated = {},
  },
  gateway_attachment = {
    attaching = { "attached", "detaching" },
    attached = { "detaching" },
    detaching = { "attached", "detached" },
    detached = {},
  },
  gateway_proposal = {
    requested = { "accepted", "deleted" },
    accepted = { "deleted" },
    deleted = {},
  },
  mac_sec_key = {
    associating = { "associated", "disassociating" },
    associated = { "disassociating" },
    disassociating = { "disassociated" },
    disassociated = {},
  },
}

-- The states of interconnects and LAGs are those of connections, without the two of hosted ones.
local port = {}
for state, following in pairs(machines.connection) do
  if state ~= "ordering" and state ~= "rejected" then
    port[state] = following
  end
end
machines.interconnect, machines.lag = port, port
machines.resiliency_group = machines.gateway

-- Gone or leaving: the one list of these states, whatever the kind.
local leaving = {
  deleting = true, deleted = true, rejected = true, disassociating = true, disassociated = true, detaching = true,
  detached = true,
}

-- Not there yet: a port or an interface in one of these carries no traffic.
local arriving = { ordering = true, requested = true, pending = true, confirming = true, verifying = true }

-- Every state that can be reached, by machine and state.
local reachable, ends = {}, {}

local function reach(machine, from)
  local found, queue = { [from] = true }, { from }
  while #queue > 0 do
    for _, state in ipairs(machine[table.remove(queue)] or {}) do
      if not found[state] then
        found[state] = true
        queue[#queue + 1] = state
      end
    end
  end
  return found
end

for name, machine in pairs(machines) do
  reachable[name] = {}
  for from, following in pairs(machine) do
    reachable[name][from] = reach(machine, from)
    if following and #following == 0 then
      ends[name] = from
    else
      reachable[name][from][UNKNOWN] = true
    end
  end
end

--- Whether a resource can ever come from one state to another.
-- @tparam string name of the machine
-- @tparam string from a state, in lower case
-- @tparam string to a state of the machine
-- @treturn boolean
local function leads(name, from, to)
  local found = reachable[name][from]
  return from == to or from == UNKNOWN or found == nil or found[to] == true
end

--- Whether a state means that a resource is gone or leaving.
-- @param state in any case; nil, and what is no string, does not
-- @treturn boolean
local function is_leaving(state)
  return type(state) == "string" and leaving[state:lower()] == true
end

--- Whether a port or an interface in this state is in place: ordered, built, and not leaving.
-- @param state in any case
-- @treturn boolean
local function is_deployed(state)
  return not is_leaving(state) and not (type(state) == "string" and arriving[state:lower()] == true)
end

return {
  machines = machines,
  ends = ends, -- the state that being gone counts as, by machine
  leads = leads,
  is_leaving = is_leaving,
  is_deployed = is_deployed,
}
