local emulated = require "spec.support.emulated"

local failure = emulated.failure

describe("BGP peers in the emulator", function()
  local client, emulator, record, id

  before_each(function()
    client, emulator, record = emulated.world()
    id = assert(client:create_private_virtual_interface {
      connectionId = emulated.connection(client, record),
      newPrivateVirtualInterface = {
        virtualInterfaceName = "one", vlan = 101, asn = 65001, virtualGatewayId = "vgw-1",
      },
    }).virtualInterfaceId
    record.now = record.now + 120
  end)

  local function peers()
    return assert(client:describe_virtual_interfaces { virtualInterfaceId = id }).virtualInterfaces[1].bgpPeers
  end

  local function create(given)
    return client:create_bgp_peer { virtualInterfaceId = id, newBGPPeer = given }
  end

  it("come up some time after they were added", function()
    local interface = assert(create { asn = 65001, addressFamily = "ipv6" }).virtualInterface
    assert.equal(2, #interface.bgpPeers)
    local peer = interface.bgpPeers[2]
    assert.matches("^dxpeer%-", peer.bgpPeerId)
    assert.equal("ipv6", peer.addressFamily)
    assert.matches(":", peer.customerAddress)
    assert.equal("pending", peer.bgpPeerState)
    assert.equal("down", peer.bgpStatus)
    record.now = record.now + 120
    assert.equal("available", peers()[2].bgpPeerState)
    assert.equal("up", peers()[2].bgpStatus)
    emulator:set(peer.bgpPeerId, { bgpStatus = "down" })
    assert.equal("down", peers()[2].bgpStatus)
  end)

  it("are two of a family at most, each with another address", function()
    assert(create { asn = 65001, customerAddress = "10.0.0.2/30", amazonAddress = "10.0.0.1/30" })
    assert.matches("already exists", failure(create { asn = 65001, customerAddress = "10.0.0.2/30" }))
    assert.matches("has the maximum number of ipv4 BGP peers: 2", failure(create { asn = 65001 }))
  end)

  it("are deleted by id, or by ASN and address, but never the last one", function()
    local first = peers()[1]
    assert.matches("The last BGP peer", failure(client:delete_bgp_peer {
      virtualInterfaceId = id, bgpPeerId = first.bgpPeerId,
    }))
    assert(create { asn = 65002, customerAddress = "10.0.0.2/30", amazonAddress = "10.0.0.1/30" })
    local answer = assert(client:delete_bgp_peer {
      virtualInterfaceId = id, asn = 65002, customerAddress = "10.0.0.2/30",
    }).virtualInterface
    assert.equal("deleting", answer.bgpPeers[2].bgpPeerState)
    assert(client:delete_bgp_peer { virtualInterfaceId = id, bgpPeerId = answer.bgpPeers[2].bgpPeerId })
    record.now = record.now + 30
    assert.equal("deleted", peers()[2].bgpPeerState)
    record.now = record.now + 120
    assert.same({ first }, peers())
    assert.matches("does not exist", failure(client:delete_bgp_peer {
      virtualInterfaceId = id, bgpPeerId = "dxpeer-no",
    }))
  end)

  it("need an interface", function()
    assert.matches("virtualInterfaceId is required", failure(client:create_bgp_peer { newBGPPeer = { asn = 1 } }))
    assert.matches("does not exist", failure(client:create_bgp_peer {
      virtualInterfaceId = "dxvif-no", newBGPPeer = { asn = 1 },
    }))
  end)
end)
