--- BGP peers of virtual interfaces: their addresses, keys and states.

local addresses = require "dxconnect.emulator.addresses"
local service_error = require "dxconnect.emulator.service_error"
local usage = require "dxconnect.emulator.usage"

local peers = {}

local MAX_SHORT_ASN = 2147483647

-- ---- what is asked for

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

--- Raises where a peer can't have what is asked for.
-- @tparam table world
-- @tparam table given the members of the request
-- @tparam string kind of the virtual interface
function peers.check(given, kind)
  local family = given.addressFamily or "ipv4"
  if not given.asnLong and not given.asn then
    service_error.client("asn or asnLong is required")
  elseif family == "ipv6" and (given.amazonAddress or given.customerAddress) then
    service_error.client("amazonAddress and customerAddress are assigned where the address family is ipv6")
  elseif kind == "public" and family == "ipv4" and not (given.amazonAddress and given.customerAddress) then
    service_error.client("amazonAddress and customerAddress are required for a public virtual interface with IPv4")
  end
  for _, member in ipairs { "amazonAddress", "customerAddress" } do
    if given[member] and addresses.family_of(given[member]) ~= family then
      service_error.client("%s %s is not an %s address", member, given[member], family == "ipv6" and "IPv6" or "IPv4")
    end
  end
  if given.amazonAddress and given.customerAddress
    and usage.host_of(given.amazonAddress) == usage.host_of(given.customerAddress) then
    service_error.client("amazonAddress and customerAddress are the same: %s", given.amazonAddress)
  end
end

--- Raises where a port has one of some addresses in use.
-- @tparam table world
-- @tparam string port_id
-- @tparam table of addresses, missing ones left out
function peers.check_addresses(world, port_id, list)
  local taken = usage.of_port(world.state, port_id).addresses
  for _, address in pairs(list) do
    if taken[usage.host_of(address)] then
      service_error.client("IP address %s is already in use on %s", address, port_id)
    end
  end
end

-- ---- their life

--- Adds a BGP peer to an interface.
-- @tparam table world
-- @tparam table interface
-- @tparam table given the members of the request, checked
-- @treturn table the peer
function peers.add(world, interface, given)
  local family = given.addressFamily or "ipv4"
  local amazon, customer = given.amazonAddress, given.customerAddress
  if not amazon or not customer then
    local first, second = assigned_addresses(world, family)
    amazon, customer = amazon or first, customer or second
  end
  local asn = given.asnLong or given.asn
  return {
    bgpPeerId = world:new_id("dxpeer"),
    asn = asn <= MAX_SHORT_ASN and asn or 0,
    asnLong = asn,
    authKey = given.authKey or "0x" .. world:new_digits("key"):sub(1, 24),
    addressFamily = family,
    amazonAddress = amazon,
    customerAddress = customer,
    bgpStatus = "down",
    bgpPeerState = interface.virtualInterfaceType == "public" and "verifying" or "pending",
    awsDeviceV2 = interface.awsDeviceV2,
    awsLogicalDeviceId = interface.awsLogicalDeviceId,
  }
end

--- Lets a peer become ready.
function peers.begin(world, interface, peer)
  if interface.virtualInterfaceType == "public" then
    world:walk(peer, { "verifying", "pending", "available" })
  else
    world:walk(peer, { "pending", "available" })
  end
end

--- Puts a peer on its way out.
function peers.delete(world, interface, peer)
  world:walk(peer, { "deleting", "deleted", world.GONE })
  usage.update(world.state, interface)
end

--- Whether a peer is neither deleted nor on its way out.
function peers.is_live(peer)
  return peer.bgpPeerState ~= "deleting" and peer.bgpPeerState ~= "deleted"
end

return peers
