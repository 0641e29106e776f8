--- What operations on virtual interfaces share: what fits on a port, the way from an order to traffic, attachments to
-- Direct Connect gateways, what interfaces take from their port's pools, and what answers show.

local copy = require "dxconnect.emulator.copy"
local peers = require "dxconnect.emulator.peers"
local ports = require "dxconnect.emulator.ports"
local router_text = require "dxconnect.emulator.router_text"
local service_error = require "dxconnect.emulator.service_error"
local usage = require "dxconnect.emulator.usage"

local interfaces = {}

local DEFAULT_PREFIXES = 100
local PUBLIC_ASN, PRIVATE_ASN = 7224, 64512
local MAX_NAME = 100

--- Whether an interface is on its way out, or gone.
function interfaces.is_ended(interface)
  return ports.is_end(interface.virtualInterfaceState)
end

--- The interface with that id, for something that changes it.
function interfaces.get_live(world, id)
  local interface = world:get("virtual_interface", id)
  if interfaces.is_ended(interface) then
    service_error.client("Virtual Interface %s is %s", id, interface.virtualInterfaceState)
  end
  world:check_settled(interface)
  return interface
end

-- ---- what a port has to give

--- Raises where a port has a hosted connection, or a virtual interface, of a VLAN.
-- @tparam table world
-- @tparam string id of the port
-- @tparam integer vlan
-- @tparam[opt] table hosted connection that may have it
function interfaces.check_hosted_vlan(world, id, vlan, hosted)
  for _, other in ipairs(ports.hosted(world, id)) do
    if other.vlan == vlan and other ~= hosted then
      service_error.client("VLAN %d is already in use on %s", vlan, id)
    end
  end
end

-- Raises where a port is of a kind that can't carry a virtual interface of a VLAN.
local function check_kind(world, port, id, vlan)
  if port._kind == "interconnect" then
    service_error.client("%s is an interconnect: it carries hosted connections, not virtual interfaces", id)
  elseif port.allowsHostedConnections then
    service_error.client("Lag %s carries hosted connections, not virtual interfaces", id)
  end
  ports.check_live(port, id)
  if port.lagId and port._kind ~= "lag" then
    service_error.client("Connection %s is part of Lag %s: virtual interfaces go on the Lag", id, port.lagId)
  elseif port._parent and port.vlan ~= vlan then
    service_error.client("Connection %s is a hosted connection with VLAN %d", id, port.vlan)
  end
  world:check_settled(port)
end

local function check_vlan(world, id, vlan)
  if usage.of_port(world.state, id).vlans[vlan] then
    service_error.client("VLAN %d is already in use on %s", vlan, id)
  end
end

-- Raises where a port has as many virtual interfaces as it can have.
local function check_count(world, port, id, more, more_transit)
  local used = usage.of_port(world.state, id)
  if port._parent then
    local most = world:quota("interfaces_per_hosted_connection")
    if used.total + more > most then
      service_error.of("LimitExceededException", "Connection %s is a hosted connection: it carries %s", id,
        most == 1 and "one virtual interface" or ("the maximum number of virtual interfaces: %.0f"):format(most))
    end
    return
  end
  local text = ("%s has the maximum number of %%s"):format(id)
  world:check_quota("interfaces_per_port", used.total + more, text:format("virtual interfaces"))
  if port._kind == "connection" then
    world:check_quota("transit_interfaces_per_connection", used.transit + more_transit,
      text:format("transit virtual interfaces"))
    world:check_quota("private_and_public_interfaces_per_connection", used.other + more - more_transit,
      text:format("private and public virtual interfaces"))
  end
end

--- Raises where a port is not ready for a virtual interface.
function interfaces.check_available(world, port, id)
  local state = ports.state(world, port)
  if state ~= "available" then
    service_error.client("The specified Connection ID is not available: Connection %s is in state %s", id, state)
  end
end

--- Raises where a port can't carry a new virtual interface.
-- @tparam table world
-- @tparam string id of the port
-- @tparam integer vlan
-- @tparam string kind of the interface
-- @treturn table the port
function interfaces.check_port(world, id, vlan, kind)
  local port = ports.get(world, id)
  check_kind(world, port, id, vlan)
  interfaces.check_available(world, port, id)
  check_count(world, port, id, 1, kind == "transit" and 1 or 0)
  check_vlan(world, id, vlan)
  return port
end

local families = { Ipv4 = "prefixes_ipv4", Ipv6 = "prefixes_ipv6" }

local rates = {}
for rate in ([[
  50Mbps 100Mbps 200Mbps 300Mbps 400Mbps 500Mbps 600Mbps 700Mbps 800Mbps 900Mbps 1Gbps 1.2Gbps 1.5Gbps 1.8Gbps 2Gbps
  2.1Gbps 2.4Gbps 2.7Gbps 3Gbps 3.2Gbps 3.6Gbps 4Gbps 5Gbps 6Gbps 7Gbps 8Gbps 9Gbps 10Gbps 12Gbps 15Gbps 18Gbps
  20Gbps 21Gbps 24Gbps 27Gbps 30Gbps 32Gbps 36Gbps 40Gbps 50Gbps 60Gbps 70Gbps 80Gbps 100Gbps 120Gbps 150Gbps 180Gbps
  200Gbps 210Gbps 240Gbps 270Gbps 300Gbps 320Gbps 360Gbps 400Gbps 450Gbps 480Gbps 500Gbps 540Gbps 600Gbps 700Gbps
  800Gbps 900Gbps 1Tbps 1.1Tbps 1.2Tbps 1.3Tbps 1.4Tbps 1.5Tbps 1.6Tbps
]]):gmatch("%S+") do
  rates[rate] = true
end

local function check_speed(port, id, rate)
  if usage.megabits(rate) > ports.megabits(port) then
    service_error.client("Rate limit %s exceeds the bandwidth of %s", rate, id)
  end
end

local function check_limiters(world, port, id, more)
  world:check_quota("rate_limiters_per_connection", usage.of_port(world.state, id).limiters + more,
    ("%s has the maximum number of rate limiters"):format(id))
  return port
end

local function check_rate(world, port, id, rate, has_one)
  if not usage.megabits(rate) then
    service_error.client("Rate limit %s is not valid: it is written like 500Mbps", rate)
  elseif not rates[rate] then
    service_error.client("Rate limit %s is not one of those that the service supports", rate)
  elseif not port.prefixPoolSizeIpv4 then
    service_error.client("Rate limits are for virtual interfaces on dedicated connections and Lags")
  end
  check_speed(port, id, rate)
  if not has_one then
    check_limiters(world, port, id, 1)
  end
end

local function check_gateway_prefixes(world, gateway_id, more)
  if gateway_id then
    world:check_quota("prefixes_per_gateway", usage.of_gateway(world.state, gateway_id).prefixes + more,
      ("Direct Connect Gateway %s has the maximum number of prefix allocations"):format(gateway_id))
  end
end

--- Raises where the pools or the rate limiters of a port can't give what is asked for.
-- @tparam table world
-- @tparam table port
-- @tparam string port_id
-- @tparam table given the members asked for
-- @tparam[opt] table interface the one that exists and asks for other numbers
function interfaces.check_pools(world, port, port_id, given, interface)
  interface = interface or {}
  local used, sum = usage.of_port(world.state, port_id), 0
  for family, in_use in pairs(families) do
    local member = "prefixPoolAllocatedCount" .. family
    local wanted, has = given[member], interface[member] or 0
    if wanted then
      local size = port["prefixPoolSize" .. family]
      if not size then
        service_error.client("%s has no prefix pool: that is for dedicated connections and Lags", member)
      end
      world:check_quota("prefixes_per_interface", wanted, member .. " can be at most")
      local left = size - used[in_use]
      if wanted - has > left then
        service_error.client("%s exceeds what the prefix pool has left: %d", member, left)
      end
      sum = sum + wanted - has
    end
  end
  check_gateway_prefixes(world, given.directConnectGatewayId or interface.directConnectGatewayId, sum)
  if given.rateLimit then
    check_rate(world, port, port_id, given.rateLimit, interface.rateLimit ~= nil)
  end
end

--- Raises where an interface can't go to another port.
function interfaces.check_move(world, port, interface)
  local id = world:id_of(port)
  check_kind(world, port, id, interface.vlan)
  check_vlan(world, id, interface.vlan)
  for _, peer in ipairs(interface.bgpPeers) do
    if peers.is_live(peer) then
      peers.check_addresses(world, id, { peer.amazonAddress, peer.customerAddress })
    end
  end
end

--- Raises where a port has no room for all of some interfaces that are to come: their number, prefixes, rate limiters.
function interfaces.check_room_for(world, port, list)
  local id, transit, limiters = world:id_of(port), 0, 0
  local sums = { Ipv4 = 0, Ipv6 = 0 }
  for _, interface in ipairs(list) do
    transit = transit + (interface.virtualInterfaceType == "transit" and 1 or 0)
    if interface.rateLimit then
      limiters = limiters + 1
      check_speed(port, id, interface.rateLimit)
    end
    for family, sum in pairs(sums) do
      sums[family] = sum + (interface["prefixPoolAllocatedCount" .. family] or 0)
    end
  end
  check_count(world, port, id, #list, transit)
  if limiters > 0 then
    check_limiters(world, port, id, limiters)
  end
  local used = usage.of_port(world.state, id)
  for family, sum in pairs(sums) do
    local left = (port["prefixPoolSize" .. family] or 0) - used[families[family]]
    if sum > left then
      service_error.client("The prefix pool of %s has %d left, too few for what is to come", id, left)
    end
  end
end

local function take_over_device(target, port)
  target.awsDeviceV2, target.awsLogicalDeviceId = port.awsDeviceV2, port.awsLogicalDeviceId
end

-- Lets an interface, and its peers, be where its port is.
local function put_at(interface, port)
  interface.location = port.location
  interface.jumboFrameCapable = port.jumboFrameCapable and interface.virtualInterfaceType ~= "public" or false
  take_over_device(interface, port)
  for _, peer in ipairs(interface.bgpPeers) do
    take_over_device(peer, port)
  end
end

--- Puts an interface on another port.
function interfaces.put_on(world, interface, port)
  world:put(interface, "connectionId", world:id_of(port))
  put_at(interface, port)
  usage.update(world.state, interface)
end

--- Puts a hosted connection, and what is on it, on another interconnect or LAG.
function interfaces.put_hosted_on(world, hosted, parent)
  world:put(hosted, "_parent", world:id_of(parent))
  world:put(hosted, "location", parent.location)
  hosted.awsDevice = parent.awsDevice
  take_over_device(hosted, parent)
  hosted.partnerInterconnectMacSecCapable = parent.macSecCapable
  for interface in world:each_by("virtual_interface", "connectionId", hosted.connectionId) do
    put_at(interface, hosted)
  end
end

-- ---- attachments to Direct Connect gateways

--- The gateway with that id; raises where nothing can be attached to it.
function interfaces.get_gateway(world, id)
  local gateway = world:get("gateway", id)
  if gateway.directConnectGatewayState ~= "available" and gateway.directConnectGatewayState ~= "pending" then
    service_error.client("Direct Connect Gateway %s is %s", id, gateway.directConnectGatewayState)
  end
  return gateway
end

--- Raises where a gateway carries the other type of interfaces or gateways: private virtual interfaces go with virtual
-- private gateways, transit ones with transit gateways.
function interfaces.check_gateway_type(world, id, is_transit)
  local used = usage.of_gateway(world.state, id)
  local has_other = is_transit and used.interfaces > used.transit or not is_transit and used.transit > 0
  for association in world:each_by("gateway_association", "directConnectGatewayId", id) do
    has_other = has_other or association.associationState ~= "disassociated"
      and (association.associatedGateway.type == "transitGateway") ~= is_transit
  end
  if has_other then
    service_error.client("Direct Connect Gateway %s carries %s virtual interfaces and gateways", id,
      is_transit and "private" or "transit")
  end
end

--- Raises where an interface can't be attached to a gateway.
-- @tparam table world
-- @tparam string id
-- @tparam boolean is_transit
-- @tparam number prefixes that the interface brings
-- @treturn table the gateway
function interfaces.check_attachable(world, id, is_transit, prefixes)
  local gateway = interfaces.get_gateway(world, id)
  interfaces.check_gateway_type(world, id, is_transit)
  world:check_quota("interfaces_per_gateway", usage.of_gateway(world.state, id).interfaces + 1,
    ("Direct Connect Gateway %s has the maximum number of virtual interfaces"):format(id))
  check_gateway_prefixes(world, id, prefixes)
  return gateway
end

--- Attaches an interface to a gateway.
function interfaces.attach(world, interface, gateway)
  local id = gateway.directConnectGatewayId
  interface.directConnectGatewayId = id
  interface.amazonSideAsn = gateway.amazonSideAsn
  local attachment = world:add("gateway_attachment", {
    _id = id .. "/" .. interface.virtualInterfaceId,
    directConnectGatewayId = id,
    virtualInterfaceId = interface.virtualInterfaceId,
    virtualInterfaceRegion = interface.region,
    virtualInterfaceOwnerAccount = interface.ownerAccount,
    attachmentType = interface.virtualInterfaceType == "transit" and "TransitVirtualInterface"
      or "PrivateVirtualInterface",
  }, { gateway.ownerAccount, interface.ownerAccount })
  world:walk(attachment, { "attaching", "attached" })
  usage.update(world.state, interface)
  return attachment
end

-- Parts an interface from its gateway, where it has one.
local function detach(world, interface)
  local id = interface.directConnectGatewayId
  local attachment = id and world.state.named[id .. "/" .. interface.virtualInterfaceId]
  if attachment then
    world:walk(attachment, { "detaching", "detached", world.GONE })
  end
end

--- Keeps a virtual private gateway that a call named, so that it is listed from then on.
function interfaces.note_virtual_gateway(world, id)
  local known = world.state.virtual_gateways
  local name = world.region .. "/" .. world.account
  known[name] = known[name] or {}
  for _, one in ipairs(known[name]) do
    if one == id then
      return
    end
  end
  table.insert(known[name], id)
end

-- ---- interfaces

--- Raises where an interface can't have a name.
function interfaces.check_name(name)
  local _, length = (name or "x"):gsub("[^\128-\191]", "") -- characters, in UTF-8
  if length > MAX_NAME or length == 0 then
    service_error.client("The name of a virtual interface has 1 to %d characters", MAX_NAME)
  end
end

--- Raises where an interface can't have what a request says of it, whatever the port.
-- @tparam table world
-- @tparam string kind "private", "public" or "transit"
-- @tparam table given
function interfaces.check_request(world, kind, given)
  interfaces.check_name(given.virtualInterfaceName)
  peers.check(given, kind)
  local prefixes = given.routeFilterPrefixes
  if kind == "public" and (not prefixes or #prefixes == 0) then
    service_error.client("routeFilterPrefixes are required for a public virtual interface")
  end
  world:check_quota("route_filter_prefixes_per_interface", prefixes and #prefixes or 0,
    "a virtual interface has the maximum number of prefixes")
end

--- Puts an interface on its way to traffic.
function interfaces.begin(world, interface)
  if interface.virtualInterfaceType == "public" then
    world:walk(interface, { "verifying", "pending", "available" })
  else
    world:walk(interface, { "pending", "available" })
  end
  for _, peer in ipairs(interface.bgpPeers) do
    peers.begin(world, interface, peer)
  end
end

-- What a new interface gets of a pool that it asks nothing of.
local function default_prefixes(world, port, port_id, family)
  local size = port["prefixPoolSize" .. family]
  return math.min(DEFAULT_PREFIXES, size - usage.of_port(world.state, port_id)[families[family]])
end

--- Makes an interface, which waits for `begin` or its owner's confirmation.
-- @tparam table world
-- @tparam table port
-- @tparam string port_id
-- @tparam string kind "private", "public" or "transit"
-- @tparam table given what the request says of it, checked
-- @tparam[opt] string owner another account
-- @treturn table the interface
function interfaces.new(world, port, port_id, kind, given, owner)
  local has_pools = kind ~= "public" and port.prefixPoolSizeIpv4 ~= nil
  local interface = {
    ownerAccount = owner or world.account,
    virtualInterfaceId = world:new_id("dxvif"),
    virtualInterfaceName = given.virtualInterfaceName,
    virtualInterfaceType = kind,
    virtualInterfaceState = "confirming",
    location = port.location,
    connectionId = port_id,
    vlan = given.vlan,
    amazonSideAsn = kind == "public" and PUBLIC_ASN or PRIVATE_ASN,
    mtu = kind ~= "public" and given.mtu or 1500,
    jumboFrameCapable = port.jumboFrameCapable and kind ~= "public",
    virtualGatewayId = given.virtualGatewayId,
    routeFilterPrefixes = given.routeFilterPrefixes, -- nil and false ones are shown, not kept: there may be many
    bgpPeers = {},
    region = world.region,
    awsDeviceV2 = port.awsDeviceV2,
    awsLogicalDeviceId = port.awsLogicalDeviceId,
    tags = given.tags or {},
    siteLinkEnabled = given.enableSiteLink or nil,
    rateLimit = given.rateLimit,
  }
  if has_pools then
    for family in pairs(families) do
      local member = "prefixPoolAllocatedCount" .. family
      interface[member] = given[member] or default_prefixes(world, port, port_id, family)
    end
  end
  local peer = peers.add(world, interface, given)
  for _, member in ipairs { "asn", "asnLong", "authKey", "addressFamily", "amazonAddress", "customerAddress" } do
    interface[member] = peer[member]
  end
  world:add("virtual_interface", interface)
  world:add_part(interface, "bgpPeers", peer)
  if given.virtualGatewayId then
    interfaces.note_virtual_gateway(world, given.virtualGatewayId)
  end
  usage.update(world.state, interface)
  return interface
end

--- Puts an interface on its way out. Its owner declines one that it has not confirmed.
function interfaces.delete(world, interface)
  if interfaces.is_ended(interface) then
    return
  elseif interface.virtualInterfaceState == "confirming" and world:is_own(interface) then
    world:walk(interface, { "rejected", world.GONE })
  else
    world:walk(interface, { "deleting", "deleted", world.GONE })
  end
  for _, peer in ipairs(interface.bgpPeers) do
    if peers.is_live(peer) then
      world:walk(peer, { "deleting", "deleted" })
    end
  end
  detach(world, interface)
  usage.update(world.state, interface)
end

-- ---- what follows from the rest

local function is_pinned(record, member)
  return record._pinned and record._pinned[member]
end

-- Whether the port of an interface has light.
local function has_light(world, interface)
  local port = world.state.named[interface.connectionId]
  return port ~= nil and ports.state(world, port) ~= "down"
end

local function status_of(interface, peer, is_lit)
  if is_pinned(peer, "bgpStatus") then
    return peer.bgpStatus
  end
  local state = interface.virtualInterfaceState
  local is_up = is_lit and peer.bgpPeerState == "available" and (state == "available" or state == "testing")
  return is_up and "up" or "down"
end

--- Raises where an interface would get fewer prefixes than its peers announce: one for each that is up, as its routes
-- show.
function interfaces.check_in_use(world, interface, given)
  local is_lit, in_use = has_light(world, interface), { ipv4 = 0, ipv6 = 0 }
  for _, peer in ipairs(interface.bgpPeers) do
    if status_of(interface, peer, is_lit) == "up" then
      in_use[peer.addressFamily] = in_use[peer.addressFamily] + 1
    end
  end
  for family, count in pairs(in_use) do
    local member = "prefixPoolAllocatedCount" .. family:gsub("^i", "I")
    if given[member] and given[member] < count then
      service_error.client("%s can't be less than the prefixes in use: %d", member, count)
    end
  end
end

--- The state of an interface: its own, but down where its port is, or none of its peers is up that could be.
function interfaces.state(world, interface)
  local state = interface.virtualInterfaceState
  if state ~= "available" then
    return state
  elseif not has_light(world, interface) then
    return "down"
  end
  local is_down = false
  for _, peer in ipairs(interface.bgpPeers) do
    if peer.bgpPeerState == "available" then
      if status_of(interface, peer, true) == "up" then
        return state
      end
      is_down = true
    end
  end
  return is_down and "down" or state
end

--- What an answer shows of an interface: its members, and what follows from the rest: BGP, whether it is down, and the
-- configuration for the router.
-- @treturn table a copy
function interfaces.present(world, interface)
  local view = copy.shallow(interface)
  local is_lit = has_light(world, interface)
  view.virtualInterfaceState = interfaces.state(world, interface)
  view.routeFilterPrefixes = interface.routeFilterPrefixes or {}
  view.siteLinkEnabled = interface.siteLinkEnabled or false
  view.bgpPeers = {}
  local tested = {}
  for _, id in ipairs(interface._test and world.state.named[interface._test].bgpPeers or {}) do
    tested[id] = true
  end
  for i, peer in ipairs(interface.bgpPeers) do
    view.bgpPeers[i] = copy.shallow(peer)
    local is_held = tested[peer.bgpPeerId] and not is_pinned(peer, "bgpStatus")
    view.bgpPeers[i].bgpStatus = is_held and "down" or status_of(interface, peer, is_lit)
  end
  view.customerRouterConfig = router_text.xml(interface)
  return view
end

--- What an answer shows of a gateway: its members, and how many prefixes its interfaces have.
-- @treturn table a copy
function interfaces.present_gateway(world, gateway)
  local view = copy.shallow(gateway)
  view.totalPrefixPoolAllocations = usage.of_gateway(world.state, gateway.directConnectGatewayId).prefixes
  return view
end

--- A function that presents interfaces, for `world:page`.
function interfaces.presenter(world)
  return function(interface)
    return interfaces.present(world, interface)
  end
end

return interfaces
