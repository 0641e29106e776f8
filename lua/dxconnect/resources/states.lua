--- The states of everything that has some: which follow on which. Pure data and one question.
-- Written by hand: the model lists states, but not the ways between them. A state that is not here, one newer than this
-- list or the service's own "unknown", may lead anywhere.

local UNKNOWN = "unknown"

-- By state, those that may come next. One without any is an end.
local port = {
  requested = { "pending", "deleting" },
  pending = { "available", "down", "deleting" },
  available = { "down", "deleting" },
  down = { "available", "deleting" },
  deleting = { "deleted" },
  deleted = {},
}

local machines = {
  connection = {
    ordering = { "requested", "pending", "rejected", "deleting" },
    requested = port.requested,
    pending = port.pending,
    available = port.available,
    down = port.down,
    deleting = port.deleting,
    deleted = port.deleted,
    rejected = { "deleting", "deleted" },
    [UNKNOWN] = false,
  },
  interconnect = {
    requested = port.requested,
    pending = port.pending,
    available = port.available,
    down = port.down,
    deleting = port.deleting,
    deleted = port.deleted,
    [UNKNOWN] = false,
  },
  virtual_interface = {
    confirming = { "verifying", "pending", "rejected", "deleting" },
    verifying = { "pending", "rejected", "deleting" },
    pending = { "available", "down", "deleting" },
    available = { "down", "testing", "deleting" },
    down = { "available", "testing", "deleting" },
    testing = { "available", "down", "deleting" },
    deleting = { "deleted" },
    deleted = {},
    rejected = { "deleting", "deleted" },
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
    deleting = { "deleted" },
    deleted = {},
  },
  gateway_association = {
    associating = { "associated", "updating", "disassociating" },
    associated = { "updating", "disassociating" },
    updating = { "associated", "disassociating" },
    disassociating = { "disassociated" },
    disassociated = {},
  },
  gateway_attachment = {
    attaching = { "attached", "detaching" },
    attached = { "detaching" },
    detaching = { "detached" },
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
machines.lag = machines.interconnect
machines.resiliency_group = machines.gateway

-- The states that can be reached, by machine and state.
local reachable = {}
for name, machine in pairs(machines) do
  reachable[name] = {}
  for from, following in pairs(machine) do
    local found, queue = { [from] = true }, {}
    for _, state in ipairs(following or {}) do
      queue[#queue + 1] = state
    end
    while #queue > 0 do
      local state = table.remove(queue)
      if not found[state] then
        found[state] = true
        for _, further in ipairs(machine[state]) do
          queue[#queue + 1] = further
        end
      end
    end
    found[UNKNOWN] = following == false or #following > 0
    reachable[name][from] = found
  end
end

--- Whether something in one state can ever come to another.
-- @tparam string name of the machine
-- @tparam string from a state, in lower case
-- @tparam string to a state of the machine
-- @treturn boolean
local function leads(name, from, to)
  local found = reachable[name][from]
  return from == to or from == UNKNOWN or found == nil or found[to] == true
end

return {
  machines = machines,
  leads = leads,
}
