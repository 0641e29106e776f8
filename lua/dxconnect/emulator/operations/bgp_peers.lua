--- BGP peers of virtual interfaces beyond the first, which comes with the interface.

local interfaces = require "dxconnect.emulator.interfaces"
local peers = require "dxconnect.emulator.peers"
local service_error = require "dxconnect.emulator.service_error"
local usage = require "dxconnect.emulator.usage"

local MAX_PEERS = 2 -- of an address family, where the port's device is redundant

local handlers = {}

local function interface_of(world, params)
  if not params.virtualInterfaceId then
    service_error.client("virtualInterfaceId is required")
  end
  return interfaces.get_live(world, params.virtualInterfaceId)
end

function handlers.CreateBGPPeer(world, params)
  local interface = interface_of(world, params)
  local given = params.newBGPPeer or {}
  local family = given.addressFamily or "ipv4"
  peers.check(given, interface.virtualInterfaceType)
  local count = 0
  for _, peer in ipairs(interface.bgpPeers) do
    count = count + (peers.is_live(peer) and peer.addressFamily == family and 1 or 0)
    if peers.is_live(peer) and given.customerAddress and peer.customerAddress == given.customerAddress then
      service_error.client("A BGP peer with customer address %s already exists on Virtual Interface %s",
        given.customerAddress, params.virtualInterfaceId)
    end
  end
  local port = world.state.named[interface.connectionId]
  local limit = port.hasLogicalRedundancy == "yes" and MAX_PEERS or 1
  if count >= limit then
    service_error.client("Virtual Interface %s has the maximum number of %s BGP peers: %d", params.virtualInterfaceId,
      family, limit)
  end
  local peer = world:add_part(interface, "bgpPeers", peers.add(world, interface, given))
  if interface.virtualInterfaceState ~= "confirming" then
    peers.begin(world, interface, peer)
  end
  usage.update(world.state, interface)
  return { virtualInterface = interfaces.present(world, interface) }
end

local function is_meant(peer, params)
  if params.bgpPeerId then
    return peer.bgpPeerId == params.bgpPeerId
  end
  return peer.asnLong == (params.asnLong or params.asn) and peer.customerAddress == params.customerAddress
end

function handlers.DeleteBGPPeer(world, params)
  local interface = interface_of(world, params)
  local found
  local live = 0
  for _, peer in ipairs(interface.bgpPeers) do
    live = live + (peers.is_live(peer) and 1 or 0)
    found = is_meant(peer, params) and peer or found
  end
  if not found then
    service_error.client("BGP peer %s does not exist on Virtual Interface %s",
      params.bgpPeerId or params.customerAddress, params.virtualInterfaceId)
  elseif peers.is_live(found) then
    if live == 1 then
      service_error.client("The last BGP peer of Virtual Interface %s can't be deleted", params.virtualInterfaceId)
    end
    peers.delete(world, interface, found)
  end
  return { virtualInterface = interfaces.present(world, interface) }
end

return handlers
