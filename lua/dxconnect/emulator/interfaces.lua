--- What operations on virtual interfaces, BGP peers and failover tests share: what fits on a port, peers, the way from
-- an order to traffic, attachments to Direct Connect gateways, and what interfaces take from their port's pools.

local core = require "dxconnect.core"
local ports = require "dxconnect.emulator.ports"
local router_text = require "dxconnect.emulator.router_text"
local service_error = require "dxconnect.emulator.service_error"

local interfaces = {}

--- Seconds that things take.
local durations = {
  verifying = 300, -- of what is public
  pending = 120,
  deleting = 60,
  deleted = 900, -- that a deleted thing is still shown
  attaching = 60,
  detaching = 60,
  moving = 60, -- to another port
  peer_deleting = 30,
}
interfaces.durations = durations

local WAIT_FOR_PORT = 60 -- seconds between looks whether the port is there
local MAX_PREFIXES, MAX_GATEWAY_PREFIXES = 1000, 10000
local DEFAULT_PREFIXES = 100
local PUBLIC_ASN, PRIVATE_ASN = 7224, 64512
local MAX_SHORT_ASN = 2147483647

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

-- Live interfaces whose member names something, whoever's they are.
local function live_on(world, member, id)
  local list = {}
  for _, record in pairs(world.state.named) do
    if record._kind == "virtual_interface" and record[member] == id and not interfaces.is_ended(record) then
      list[#list + 1] = record
    end
  end
  return list
end

-- ---- what a port has to give

--- Raises where a port can't carry a virtual interface of a VLAN.
-- @tparam table world
-- @tparam string id of the port
-- @tparam integer vlan
-- @treturn table the port
function interfaces.check_port(world, id, vlan)
  local port = ports.get(world, id)
  if port.interconnectState then
    service_error.client("%s is an interconnect: it carries hosted connections, not virtual interfaces", id)
  elseif ports.is_ended(port) then
    service_error.client("%s is %s", id, ports.state(port))
  elseif port.lagId and not port.lagState then
    service_error.client("Connection %s is part of Lag %s: virtual interfaces go on the Lag", id, port.lagId)
  end
  local others = live_on(world, "connectionId", id)
  if port._parent and #others > 0 then
    service_error.client("Connection %s is a hosted connection: it carries one virtual interface", id)
  elseif port._parent and port.vlan ~= vlan then
    service_error.client("Connection %s is a hosted connection with VLAN %d", id, port.vlan)
  end
  for _, other in ipairs(others) do
    if other.vlan == vlan then
      service_error.client("VLAN %d is already in use on %s", vlan, id)
    end
  end
  return port
end

local families = { "Ipv4", "Ipv6" }

local function in_use(list, member)
  local sum = 0
  for _, interface in ipairs(list) do
    sum = sum + (interface[member] or 0)
  end
  return sum
end

-- Mbps of a rate limit such as "500Mbps" or "2Gbps".
local function megabits(rate)
  local number, unit = rate:match("^(%d+)([MG])bps$")
  if not number then
    service_error.client("Rate limit %s is not valid: it is written like 500Mbps", rate)
  end
  return tonumber(number) * (unit == "G" and 1000 or 1)
end

local function rate_limits(list)
  local count, sum = 0, 0
  for _, interface in ipairs(list) do
    if interface.rateLimit then
      count, sum = count + 1, sum + megabits(interface.rateLimit)
    end
  end
  return count, sum
end

--- Brings what a port shows of its pools up to date.
function interfaces.refresh_port(world, port_id)
  local port = world.state.named[port_id]
  if not port or not port.prefixPoolSizeIpv4 then
    return
  end
  local list = live_on(world, "connectionId", port_id)
  for _, family in ipairs(families) do
    port["prefixPoolUnallocatedCount" .. family] = port["prefixPoolSize" .. family]
      - in_use(list, "prefixPoolAllocatedCount" .. family)
  end
  local count, sum = rate_limits(list)
  local status = port.rateLimiterStatus
  port.rateLimiterStatus = {
    maxAllowed = status.maxAllowed,
    inUse = count,
    remaining = status.maxAllowed - count,
    totalBandwidth = ("%dMbps"):format(sum),
  }
end

--- Raises where the pools or the rate limiters of a port can't give what is asked for.
-- @tparam table world
-- @tparam table port
-- @tparam table given the members asked for
-- @tparam[opt] table interface the one that exists and asks for other numbers
function interfaces.check_pools(world, port, given, interface)
  interface = interface or {}
  local gateway = world.state.named[given.directConnectGatewayId or interface.directConnectGatewayId or ""]
  for _, family in ipairs(families) do
    local member = "prefixPoolAllocatedCount" .. family
    local wanted, has = given[member], interface[member] or 0
    local left = port["prefixPoolUnallocatedCount" .. family]
    if wanted and not left then
      service_error.client("%s has no prefix pool: that is for dedicated connections and Lags", member)
    elseif wanted and wanted > MAX_PREFIXES then
      service_error.of("LimitExceededException", "%s can be at most %d", member, MAX_PREFIXES)
    elseif wanted and wanted - has > left then
      service_error.client("%s exceeds what the prefix pool has left: %d", member, left)
    elseif wanted and gateway and gateway.totalPrefixPoolAllocations + wanted - has > MAX_GATEWAY_PREFIXES then
      service_error.of("LimitExceededException", "the prefix allocations of a Direct Connect Gateway can be at most %d",
        MAX_GATEWAY_PREFIXES)
    end
  end
  if given.rateLimit then
    megabits(given.rateLimit)
    local status = port.rateLimiterStatus
    if not status then
      service_error.client("Rate limits are for virtual interfaces on dedicated connections and Lags")
    elseif not interface.rateLimit and status.remaining < 1 then
      service_error.of("LimitExceededException", "the connection has the maximum number of rate limiters: %d",
        status.maxAllowed)
    end
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

--- Brings what a gateway shows of its interfaces up to date.
function interfaces.refresh_gateway(world, gateway_id)
  local gateway = gateway_id and world.state.named[gateway_id]
  if not gateway then
    return
  end
  local list, sum = live_on(world, "directConnectGatewayId", gateway_id), 0
  for _, family in ipairs(families) do
    sum = sum + in_use(list, "prefixPoolAllocatedCount" .. family)
  end
  gateway.totalPrefixPoolAllocations = sum
end

--- Attaches an interface to a gateway.
function interfaces.attach(world, interface, gateway)
  local id = gateway.directConnectGatewayId
  interface.directConnectGatewayId = id
  interface.amazonSideAsn = gateway.amazonSideAsn
  local attachment = world:add("attachment", {
    _id = id .. "/" .. interface.virtualInterfaceId,
    directConnectGatewayId = id,
    virtualInterfaceId = interface.virtualInterfaceId,
    virtualInterfaceRegion = interface.region,
    virtualInterfaceOwnerAccount = interface.ownerAccount,
    attachmentType = interface.virtualInterfaceType == "transit" and "TransitVirtualInterface"
      or "PrivateVirtualInterface",
  }, gateway.ownerAccount)
  world:move(attachment, "attaching", { durations.attaching, "attached" })
  interfaces.refresh_gateway(world, id)
end

-- Parts an interface from its gateway, where it has one.
local function detach(world, interface)
  local id = interface.directConnectGatewayId
  local attachment = id and world.state.named[id .. "/" .. interface.virtualInterfaceId]
  if attachment then
    world:move(attachment, "detaching", { durations.detaching, "detached", durations.deleted, world.GONE })
    interfaces.refresh_gateway(world, id)
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

-- ---- BGP peers

local function asns(given)
  local long = given.asnLong or given.asn
  return long and long <= MAX_SHORT_ASN and long or 0, long
end

-- A pair of addresses out of a range, others for each peer.
local function assigned_addresses(world, family)
  local state = world.state
  state.last_address = state.last_address + 1
  if family == "ipv6" then
    return ("2001:db8:0:%x::1/125"):format(state.last_address), ("2001:db8:0:%x::2/125"):format(state.last_address)
  end
  local offset = state.last_address * 4 % 65536
  local high, low = math.floor(offset / 256), offset % 256
  return ("169.254.%d.%d/30"):format(high, low + 1), ("169.254.%d.%d/30"):format(high, low + 2)
end

local function new_auth_key()
  return "0x" .. core.uuid():gsub("-", ""):sub(1, 24)
end

local function is_up(interface, peer)
  return peer.bgpPeerState == "available" and interface.virtualInterfaceState == "available"
end

--- Adds a BGP peer to an interface.
-- @tparam table world
-- @tparam table interface
-- @tparam table given the members of the request
-- @treturn table the peer
function interfaces.add_peer(world, interface, given)
  local family = given.addressFamily or "ipv4"
  local amazon, customer = given.amazonAddress, given.customerAddress
  if not amazon or not customer then
    local first, second = assigned_addresses(world, family)
    amazon, customer = amazon or first, customer or second
  end
  local asn, asn_long = asns(given)
  local peer = {
    bgpPeerId = world:new_id("dxpeer"),
    asn = asn_long and asn or nil,
    asnLong = asn_long,
    authKey = given.authKey or new_auth_key(),
    addressFamily = family,
    amazonAddress = amazon,
    customerAddress = customer,
    bgpStatus = "down",
    awsDeviceV2 = interface.awsDeviceV2,
    awsLogicalDeviceId = interface.awsLogicalDeviceId,
    _shape = "BGPPeer",
    _state_member = "bgpPeerState",
  }
  table.insert(interface.bgpPeers, peer)
  world:name_part(peer.bgpPeerId, peer)
  return peer
end

--- Lets a peer become ready.
function interfaces.begin_peer(world, interface, peer)
  if interface.virtualInterfaceType == "public" then
    world:move(peer, "verifying", { durations.verifying, "pending", durations.pending, "available" }, "bgpPeerState")
  else
    world:move(peer, "pending", { durations.pending, "available" }, "bgpPeerState")
  end
end

--- Puts a peer on its way out.
function interfaces.end_peer(world, interface, peer)
  world:move(peer, "deleting", {
    durations.peer_deleting, "deleted",
    durations.pending, function()
      for i, one in ipairs(interface.bgpPeers) do
        if one == peer then
          table.remove(interface.bgpPeers, i)
          world:name_part(peer.bgpPeerId, nil)
          return
        end
      end
    end,
  }, "bgpPeerState")
end

-- ---- interfaces

-- Traffic flows as soon as the port is there.
local function come_up(world, interface)
  local port = world.state.named[interface.connectionId]
  if port and ports.state(port) == "available" then
    interface.virtualInterfaceState = "available"
  elseif port and not ports.is_ended(port) then
    world:move(interface, "pending", { WAIT_FOR_PORT, function()
      come_up(world, interface)
    end })
  end
end

--- Puts an interface on its way to traffic.
function interfaces.begin(world, interface)
  local last = function()
    come_up(world, interface)
  end
  if interface.virtualInterfaceType == "public" then
    world:move(interface, "verifying", { durations.verifying, "pending", durations.pending, last })
  else
    world:move(interface, "pending", { durations.pending, last })
  end
  for _, peer in ipairs(interface.bgpPeers) do
    interfaces.begin_peer(world, interface, peer)
  end
end

local function amazon_side_asn(kind)
  return kind == "public" and PUBLIC_ASN or PRIVATE_ASN
end

--- Makes an interface, which waits for `begin` or its owner's confirmation.
-- @tparam table world
-- @tparam table port
-- @tparam string port_id
-- @tparam string kind "private", "public" or "transit"
-- @tparam table given what the request says of it
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
    amazonSideAsn = amazon_side_asn(kind),
    mtu = kind ~= "public" and (given.mtu or 1500) or 1500,
    jumboFrameCapable = port.jumboFrameCapable and kind ~= "public",
    virtualGatewayId = given.virtualGatewayId,
    routeFilterPrefixes = given.routeFilterPrefixes or {},
    bgpPeers = {},
    region = world.region,
    awsDeviceV2 = port.awsDeviceV2,
    awsLogicalDeviceId = port.awsLogicalDeviceId,
    tags = given.tags or {},
    siteLinkEnabled = given.enableSiteLink or false,
    rateLimit = given.rateLimit,
    prefixPoolAllocatedCountIpv4 = has_pools and (given.prefixPoolAllocatedCountIpv4 or DEFAULT_PREFIXES) or nil,
    prefixPoolAllocatedCountIpv6 = has_pools and (given.prefixPoolAllocatedCountIpv6 or DEFAULT_PREFIXES) or nil,
  }
  local peer = interfaces.add_peer(world, interface, given)
  for _, member in ipairs { "asn", "asnLong", "authKey", "addressFamily", "amazonAddress", "customerAddress" } do
    interface[member] = peer[member]
  end
  world:move(peer, kind == "public" and "verifying" or "pending", nil, "bgpPeerState")
  world:add("virtual_interface", interface)
  if given.virtualGatewayId then
    interfaces.note_virtual_gateway(world, given.virtualGatewayId)
  end
  interfaces.refresh_port(world, port_id)
  return interface
end

--- Puts an interface on its way out.
function interfaces.delete(world, interface)
  local state = interface.virtualInterfaceState
  if interfaces.is_ended(interface) then
    return
  elseif state == "confirming" and world:is_own(interface) then
    world:move(interface, "rejected", { durations.deleted, world.GONE })
  else
    world:move(interface, "deleting", { durations.deleting, "deleted", durations.deleted, world.GONE })
  end
  detach(world, interface)
  interfaces.refresh_port(world, interface.connectionId)
end

--- Brings up to date what follows from the rest: BGP, and the configuration for the router.
-- @treturn table the interface
function interfaces.present(world, interface)
  for _, peer in ipairs(interface.bgpPeers) do
    world:update(peer, "bgpStatus", is_up(interface, peer) and not peer._in_test and "up" or "down")
  end
  interface.customerRouterConfig = router_text.xml(interface)
  return interface
end

--- As `present`, of every interface of a list.
function interfaces.present_all(world, list)
  for _, interface in ipairs(list) do
    interfaces.present(world, interface)
  end
  return list
end

return interfaces
