--- Every create operation of the model, and a service on which to try them (see ledger.lua).

local ledger = require "spec.support.ledger"
local world = require "spec.support.world"

local creates = {}

local private = {
  virtualInterfaceName = "v", vlan = 101, asn = 65000, virtualGatewayId = "vgw-1", addressFamily = "ipv4",
  customerAddress = "10.0.0.1/30", amazonAddress = "10.0.0.2/30", authKey = "a-secret-key",
  tags = { { key = "team", value = "net" } },
}
local public = {
  virtualInterfaceName = "p", vlan = 102, asn = 65000, addressFamily = "ipv4", customerAddress = "198.51.100.1/30",
  amazonAddress = "198.51.100.2/30", routeFilterPrefixes = { { cidr = "198.51.100.0/24" } },
}
local transit = { virtualInterfaceName = "t", vlan = 103, asnLong = 4200000001, directConnectGatewayId = "gw-1" }

--- All of them: `{operation, list where what it makes is kept, params, changes that contradict a natural key}`.
creates.all = {
  { "AllocateConnectionOnInterconnect", "connections", {
    bandwidth = "50Mbps", connectionName = "c", ownerAccount = "111122223333", interconnectId = "dxcon-9", vlan = 7,
  }, { ownerAccount = "999999999999" } },
  { "AllocateHostedConnection", "connections", {
    connectionId = "dxcon-9", ownerAccount = "111122223333", bandwidth = "50Mbps", connectionName = "c", vlan = 7,
  } },
  { "AllocatePrivateVirtualInterface", "virtualInterfaces", {
    connectionId = "dxcon-1", ownerAccount = "111122223333",
    newPrivateVirtualInterfaceAllocation = { virtualInterfaceName = "v", vlan = 101, asn = 65000, mtu = 8500 },
  }, { mtu = 1500 } },
  { "AllocatePublicVirtualInterface", "virtualInterfaces", {
    connectionId = "dxcon-1", ownerAccount = "111122223333", newPublicVirtualInterfaceAllocation = public,
  }, { routeFilterPrefixes = { { cidr = "203.0.113.0/24" } } } },
  { "AllocateTransitVirtualInterface", "virtualInterfaces", {
    connectionId = "dxcon-1", ownerAccount = "111122223333",
    newTransitVirtualInterfaceAllocation = { virtualInterfaceName = "t", vlan = 103, asnLong = 4200000001 },
  }, { asnLong = 4200000002 } },
  { "CreateBGPPeer", "bgpPeers", {
    virtualInterfaceId = "dxvif-1", newBGPPeer = { addressFamily = "ipv6", asn = 65001, authKey = "another-key" },
  }, { asn = 65002 } },
  { "CreateConnection", "connections", {
    location = "EqDC2", bandwidth = "10Gbps", connectionName = "one", tags = { { key = "team", value = "net" } },
  } },
  { "CreateDirectConnectGateway", "directConnectGateways", { directConnectGatewayName = "gw" } },
  { "CreateDirectConnectGatewayAssociation", "directConnectGatewayAssociations", {
    directConnectGatewayId = "gw-1", gatewayId = "tgw-1",
    addAllowedPrefixesToDirectConnectGateway = { { cidr = "10.0.0.0/8" } },
  }, { addAllowedPrefixesToDirectConnectGateway = { { cidr = "10.0.0.0/16" } } } },
  { "CreateDirectConnectGatewayAssociationProposal", "directConnectGatewayAssociationProposals", {
    directConnectGatewayId = "gw-1", gatewayId = "vgw-1", directConnectGatewayOwnerAccount = "111122223333",
    addAllowedPrefixesToDirectConnectGateway = { { cidr = "10.0.0.0/8" }, { cidr = "172.16.0.0/12" } },
  }, { addAllowedPrefixesToDirectConnectGateway = { { cidr = "10.0.0.0/16" } } } },
  { "CreateInterconnect", "interconnects", { interconnectName = "i", bandwidth = "10Gbps", location = "EqDC2" } },
  { "CreateLag", "lags", {
    numberOfConnections = 2, location = "EqDC2", connectionsBandwidth = "10Gbps", lagName = "l",
  } },
  { "CreatePrivateVirtualInterface", "virtualInterfaces", {
    connectionId = "dxcon-1", newPrivateVirtualInterface = private,
  }, { authKey = "not-that-key" } },
  { "CreatePublicVirtualInterface", "virtualInterfaces", {
    connectionId = "dxcon-1", newPublicVirtualInterface = public,
  }, { customerAddress = "198.51.100.9/30" } },
  { "CreateResiliencyGroup", "resiliencyGroups", {
    resiliencyGroupName = "g", intendedResiliencyModel = "high-resiliency",
  } },
  { "CreateTransitVirtualInterface", "virtualInterfaces", {
    connectionId = "dxcon-1", newTransitVirtualInterface = transit,
  }, { virtualInterfaceName = "another" } },
}

--- The params of one of them, by the operation's name.
creates.params = {}
for _, case in ipairs(creates.all) do
  creates.params[case[1]] = case[3]
end

--- A copy of params with changes, each where its member stands: on top, or in the new interface or peer.
function creates.with(params, changes)
  local made = ledger.copy(params)
  for name, value in pairs(changes) do
    local at = made
    for member, inner in pairs(made) do
      if member:find("^new") and type(inner) == "table" then
        at = inner
      end
    end
    if made[name] ~= nil then
      at = made
    end
    at[name] = value
  end
  return made
end

--- A service with one interface to add peers to, a client of it, and what the client did (see world.lua).
function creates.new_service(options)
  local service = ledger.new()
  service:keep("virtualInterfaces", { connectionId = "dxcon-0", vlan = 1, virtualInterfaceType = "private" })
  options = options or {}
  options.transport = service.transport
  local client, record = world.client({}, options)
  return service, client, record
end

--- How many of a kind there are, the interface of new_service not counted.
function creates.count(service, list)
  return #service[list] - (list == "virtualInterfaces" and 1 or 0)
end

--- The identifier of a result, wherever it is nested.
function creates.id_of(result, list)
  local thing = result
  for _, member in ipairs { "virtualInterface", "directConnectGateway", "directConnectGatewayAssociation",
    "directConnectGatewayAssociationProposal", "resiliencyGroup" } do
    thing = result[member] or thing
  end
  if list == "bgpPeers" then
    thing = thing.bgpPeers[1]
  end
  for _, id in ipairs { "bgpPeerId", "virtualInterfaceId", "proposalId", "associationId", "resiliencyGroupId", "lagId",
    "interconnectId", "connectionId", "directConnectGatewayId" } do
    if thing[id] then
      return thing[id]
    end
  end
end

return creates
