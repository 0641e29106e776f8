--- The kinds of resources, as data: the operation that describes them, where they are in its answer, and by which of
-- their members they are named, have a state, and hang on others. Waiters, audits, create_once and inventories read it.
--
-- Members:
--   noun       in messages
--   operation  that describes resources of this kind; none where they are only named by others
--   items      the member of the answer that lists them; `single` where the answer holds one
--   list       an operation, and its member, that lists summaries where `operation` describes one
--   inside     they are part of another kind: `{kind, member}`
--   id, name, state, account, region: their members; `describe_by`, the one that describes them by id, is `id` unless
--              told otherwise
--   machine    in states.lua; without one, `state` is a status that comes and goes, and `target` what is waited for
--   machine_state  the member with the state where `state` is a status
--   is_port, is_global (the same in every region), goes_down ("down" is a state that ends waits)
--   links      what follows from their own members: `{kind of link, member or {member, member}, kind of the other}`
--   takes      the members of a wait's params where these are not the operation's; true: required
--   matches    members that mean the same in params and answers
--   listed_by  members that, as params, list a resource with others; empty: everything is listed without params
--   delay, timeout  of waits, in seconds; `ending`: those for what the service does alone when something is deleted.
--              Minutes fit most, three quarters of an hour associations, days what people have to do.

local MINUTE, HOUR, DAY = 60, 3600, 86400

local function set(...)
  local members = {}
  for _, name in ipairs { ... } do
    members[name] = true
  end
  return members
end

local at, member_of = { "at", "location", "location" }, { "member", "lagId", "lag" }
local deletion_of_a_port = { delay = 15, timeout = HOUR }
local deletion_of_an_interface = { delay = 10, timeout = HOUR }

local kinds = {
  connection = {
    noun = "connection", operation = "DescribeConnections", items = "connections",
    id = "connectionId", name = "connectionName", state = "connectionState", account = "ownerAccount",
    region = "region", machine = "connection", is_port = true, goes_down = true, links = { at, member_of },
    matches = set "connectionId", listed_by = {},
    delay = MINUTE, timeout = 14 * DAY, ending = deletion_of_a_port,
  },
  interconnect = {
    noun = "interconnect", operation = "DescribeInterconnects", items = "interconnects",
    id = "interconnectId", name = "interconnectName", state = "interconnectState", region = "region",
    machine = "interconnect", is_port = true, goes_down = true, links = { at, member_of },
    matches = set "interconnectId", listed_by = {},
    delay = MINUTE, timeout = 14 * DAY, ending = deletion_of_a_port,
  },
  lag = {
    noun = "LAG", operation = "DescribeLags", items = "lags",
    id = "lagId", name = "lagName", state = "lagState", account = "ownerAccount", region = "region",
    machine = "lag", is_port = true, goes_down = true, links = { at },
    matches = set "lagId", listed_by = {},
    delay = MINUTE, timeout = 14 * DAY, ending = deletion_of_a_port,
  },
  virtual_interface = {
    noun = "virtual interface", operation = "DescribeVirtualInterfaces", items = "virtualInterfaces",
    id = "virtualInterfaceId", name = "virtualInterfaceName", state = "virtualInterfaceState",
    account = "ownerAccount", region = "region", machine = "virtual_interface", goes_down = true,
    links = {
      { "on", "connectionId", "port" },
      { "attached", "directConnectGatewayId", "gateway" },
      { "attached", "virtualGatewayId", "virtual_private_gateway" },
    },
    matches = set "virtualInterfaceId", listed_by = {},
    delay = 15, timeout = 3 * DAY, ending = deletion_of_an_interface,
  },
  bgp_peer = {
    noun = "BGP peer", operation = "DescribeVirtualInterfaces", inside = { "virtual_interface", "bgpPeers" },
    id = "bgpPeerId", state = "bgpPeerState", machine = "bgp_peer",
    takes = { virtualInterfaceId = true, bgpPeerId = false },
    delay = 15, timeout = 3 * DAY, ending = deletion_of_an_interface,
  },
  bgp_status = {
    noun = "BGP session with peer", operation = "DescribeVirtualInterfaces",
    inside = { "virtual_interface", "bgpPeers" },
    id = "bgpPeerId", state = "bgpStatus", target = "up", machine_state = "bgpPeerState",
    takes = { virtualInterfaceId = true, bgpPeerId = false },
    delay = 15, timeout = HOUR,
  },
  mac_sec_key = {
    noun = "MACsec key", operation = "DescribeConnections", inside = { "port", "macSecKeys" },
    id = "ckn", state = "state", machine = "mac_sec_key",
    takes = { connectionId = true, ckn = false, secretARN = false },
    delay = 5, timeout = 30 * MINUTE,
  },
  port_encryption = {
    noun = "encryption of", operation = "DescribeConnections", inside = { "port" },
    id = "connectionId", state = "portEncryptionStatus", target = "encryption up",
    takes = { connectionId = true },
    delay = 10, timeout = 30 * MINUTE,
  },
  gateway = {
    noun = "gateway", operation = "DescribeDirectConnectGateways", items = "directConnectGateways",
    id = "directConnectGatewayId", name = "directConnectGatewayName", state = "directConnectGatewayState",
    account = "ownerAccount", machine = "gateway", is_global = true,
    matches = set "directConnectGatewayId", listed_by = {},
    delay = 5, timeout = 10 * MINUTE,
  },
  gateway_association = {
    noun = "gateway association", operation = "DescribeDirectConnectGatewayAssociations",
    items = "directConnectGatewayAssociations", id = "associationId", state = "associationState",
    account = "directConnectGatewayOwnerAccount", machine = "gateway_association", is_global = true,
    links = {
      { "associated", { "associatedGateway", "id" } }, -- of the kind that associatedGateway.type tells
      { "associated", { "associatedCoreNetwork", "id" }, "core_network" },
      { "associated", "virtualGatewayId", "virtual_private_gateway" },
    },
    matches = set("associationId", "directConnectGatewayId", "virtualGatewayId"),
    listed_by = { "directConnectGatewayId" },
    delay = 15, timeout = 90 * MINUTE,
  },
  gateway_attachment = {
    noun = "gateway attachment of", operation = "DescribeDirectConnectGatewayAttachments",
    items = "directConnectGatewayAttachments", id = "virtualInterfaceId", state = "attachmentState",
    account = "virtualInterfaceOwnerAccount", region = "virtualInterfaceRegion", machine = "gateway_attachment",
    is_global = true, links = { { "attached", "directConnectGatewayId", "gateway" } },
    matches = set("directConnectGatewayId", "virtualInterfaceId"), listed_by = { "directConnectGatewayId" },
    delay = 15, timeout = HOUR,
  },
  gateway_proposal = {
    noun = "gateway association proposal", operation = "DescribeDirectConnectGatewayAssociationProposals",
    items = "directConnectGatewayAssociationProposals", id = "proposalId", state = "proposalState",
    account = "directConnectGatewayOwnerAccount", machine = "gateway_proposal", is_global = true,
    matches = set "proposalId", listed_by = {},
    delay = MINUTE, timeout = 7 * DAY,
  },
  resiliency_group = {
    noun = "resiliency group", operation = "GetResiliencyGroup", single = "resiliencyGroup",
    list = { "ListResiliencyGroups", "items" },
    id = "resiliencyGroupId", name = "resiliencyGroupName", state = "state", account = "ownerAccount",
    machine = "resiliency_group", matches = set "resiliencyGroupId", listed_by = {},
    delay = 5, timeout = HOUR,
  },
  virtual_private_gateway = {
    noun = "virtual private gateway", operation = "DescribeVirtualGateways", items = "virtualGateways",
    id = "virtualGatewayId", state = "virtualGatewayState",
  },
  location = {
    noun = "location", operation = "DescribeLocations", items = "locations",
    id = "locationCode", name = "locationName", region = "region",
  },
  transit_gateway = { noun = "transit gateway", id = "id" },
  core_network = { noun = "core network", id = "id" },
}

-- The kinds that a port can be of, in the order in which an id is looked for.
local ports = { "connection", "interconnect", "lag" }

return {
  kinds = kinds,
  ports = ports,
}
