--- What waits look at: for each kind of resource how it is asked for, where in the answer it is, and where its state.
-- Kinds by the names that waiters have. Delays and time-outs are in seconds and fit what the service needs: minutes for
-- most, three quarters of an hour for associations, days for what people or other parties have to do.

local core = require "dxconnect.core"
local errors = require "dxconnect.errors"
local names = require "dxconnect.operations"
local pipeline = require "dxconnect.call"
local set = require "dxconnect.set"

local MINUTE, HOUR, DAY = 60, 3600, 86400

-- Members:
--   operation   that describes it
--   id, state   members of the resource
--   noun        in messages
--   machine     in state_machines.lua; without one `state` is a status that comes and goes, `target` what is waited
--               for, and `machine_state` the member with the state
--   gone        the state that being gone counts as
--   is_linked   "down" is a state of it, which ends waits
--   match, wide, list, member as in polls.lua
--   delay, timeout; ending: those for what the service does by itself when something is deleted
--   takes       the members of params where these are not the operation's; true: required
--   inside      it is part of another kind: `{kind, list}`
local kinds = {
  connection = {
    operation = "DescribeConnections", id = "connectionId", state = "connectionState", noun = "connection",
    machine = "connection", gone = "deleted", is_linked = true, match = set { "connectionId" }, wide = {},
    delay = MINUTE, timeout = 14 * DAY, ending = { delay = 15, timeout = HOUR },
  },
  interconnect = {
    operation = "DescribeInterconnects", id = "interconnectId", state = "interconnectState", noun = "interconnect",
    machine = "interconnect", gone = "deleted", is_linked = true, match = set { "interconnectId" }, wide = {},
    delay = MINUTE, timeout = 14 * DAY, ending = { delay = 15, timeout = HOUR },
  },
  lag = {
    operation = "DescribeLags", id = "lagId", state = "lagState", noun = "LAG",
    machine = "lag", gone = "deleted", is_linked = true, match = set { "lagId" }, wide = {},
    delay = MINUTE, timeout = 14 * DAY, ending = { delay = 15, timeout = HOUR },
  },
  virtual_interface = {
    operation = "DescribeVirtualInterfaces", id = "virtualInterfaceId", state = "virtualInterfaceState",
    noun = "virtual interface", machine = "virtual_interface", gone = "deleted", is_linked = true,
    match = set { "virtualInterfaceId" }, wide = {},
    delay = 15, timeout = 3 * DAY, ending = { delay = 10, timeout = HOUR },
  },
  bgp_peer = {
    operation = "DescribeVirtualInterfaces", id = "bgpPeerId", state = "bgpPeerState", noun = "BGP peer",
    machine = "bgp_peer", gone = "deleted", inside = { "virtual_interface", "bgpPeers" },
    takes = { virtualInterfaceId = true, bgpPeerId = false },
    delay = 15, timeout = 3 * DAY, ending = { delay = 10, timeout = HOUR },
  },
  bgp_status = {
    operation = "DescribeVirtualInterfaces", id = "bgpPeerId", state = "bgpStatus",
    machine_state = "bgpPeerState", noun = "BGP session with peer",
    target = "up", inside = { "virtual_interface", "bgpPeers" },
    takes = { virtualInterfaceId = true, bgpPeerId = false },
    delay = 15, timeout = HOUR,
  },
  gateway = {
    operation = "DescribeDirectConnectGateways", id = "directConnectGatewayId", state = "directConnectGatewayState",
    noun = "gateway", machine = "gateway", gone = "deleted", match = set { "directConnectGatewayId" }, wide = {},
    delay = 5, timeout = 10 * MINUTE,
  },
  gateway_association = {
    operation = "DescribeDirectConnectGatewayAssociations", id = "associationId", state = "associationState",
    noun = "gateway association", machine = "gateway_association", gone = "disassociated",
    match = set { "associationId", "directConnectGatewayId", "virtualGatewayId" }, wide = { "directConnectGatewayId" },
    delay = 15, timeout = 90 * MINUTE,
  },
  gateway_attachment = {
    operation = "DescribeDirectConnectGatewayAttachments", id = "virtualInterfaceId", state = "attachmentState",
    noun = "gateway attachment of", machine = "gateway_attachment", gone = "detached",
    match = set { "directConnectGatewayId", "virtualInterfaceId" }, wide = { "directConnectGatewayId" },
    delay = 15, timeout = HOUR,
  },
  gateway_proposal = {
    operation = "DescribeDirectConnectGatewayAssociationProposals", id = "proposalId", state = "proposalState",
    noun = "gateway association proposal", machine = "gateway_proposal", gone = "deleted",
    match = set { "proposalId" }, wide = {},
    delay = MINUTE, timeout = 7 * DAY,
  },
  resiliency_group = {
    operation = "GetResiliencyGroup", id = "resiliencyGroupId", state = "state", noun = "resiliency group",
    machine = "resiliency_group", gone = "deleted",
    match = set { "resiliencyGroupId" }, wide = {},
    list = "ListResiliencyGroups", member = "resiliencyGroup",
    delay = 5, timeout = HOUR,
  },
  mac_sec_key = {
    operation = "DescribeConnections", id = "ckn", state = "state", noun = "MACsec key", machine = "mac_sec_key",
    gone = "disassociated", inside = { "port", "macSecKeys" },
    takes = { connectionId = true, ckn = false, secretARN = false },
    delay = 5, timeout = 30 * MINUTE,
  },
  port_encryption = {
    operation = "DescribeConnections", id = "connectionId", state = "portEncryptionStatus", noun = "encryption of",
    target = "encryption up", inside = { "port" },
    takes = { connectionId = true },
    delay = 10, timeout = 30 * MINUTE,
  },
}

-- ---- parameters

-- Problems of params that are not an operation's own.
local function problems_of(kind, params)
  local problems, known = {}, {}
  for name in pairs(kind.takes) do
    known[#known + 1] = name
  end
  table.sort(known)
  for name, value in pairs(params) do
    if kind.takes[name] == nil then
      local nearest = type(name) == "string" and core.nearest(name, known)
      local message = ("unknown member (a %s)"):format(type(value))
      problems[#problems + 1] = {
        path = tostring(name),
        message = nearest and ("%s, did you mean %s?"):format(message, nearest) or message,
      }
    elseif type(value) ~= "string" or value == "" then
      problems[#problems + 1] = {
        path = name,
        message = "expected a string, got " .. (value == "" and "an empty one" or "a " .. type(value)),
      }
    end
  end
  for _, name in ipairs(known) do
    if kind.takes[name] and params[name] == nil then
      problems[#problems + 1] = { path = name, message = "missing: required" }
    end
  end
  table.sort(problems, function(a, b)
    return a.path < b.path
  end)
  return problems
end

--- Whether params can name something of this kind.
-- @tparam table kind
-- @tparam table params
-- @treturn[1] true
-- @treturn[2] nil
-- @treturn[2] table error of kind "params"
local function check(kind, params)
  if not kind.takes then
    return pipeline.check(names.find(kind.operation), params)
  end
  local problems = problems_of(kind, params)
  if #problems > 0 then
    return nil, errors.params(kind.operation, problems)
  end
  return true
end

return {
  kinds = kinds,
  check = check,
}
