--- What follows where something goes down: people test their monitoring with it.

local emulated = require "spec.support.emulated"

describe("in the emulator", function()
  local client, emulator, record, port, interface

  before_each(function()
    client, emulator, record = emulated.world()
    port = emulated.connection(client, record)
    interface = assert(client:create_private_virtual_interface {
      connectionId = port,
      newPrivateVirtualInterface = { virtualInterfaceName = "v", vlan = 5, asn = 65001, virtualGatewayId = "vgw-1" },
    }).virtualInterfaceId
    record.now = record.now + 3600
  end)

  local function shown()
    return assert(client:describe_virtual_interfaces { virtualInterfaceId = interface }).virtualInterfaces[1]
  end

  it("a connection that is down takes its interfaces and BGP with it, and back", function()
    assert.equal("available", shown().virtualInterfaceState)
    emulator:set(port, { connectionState = "down" })
    assert.equal("down", shown().virtualInterfaceState)
    assert.equal("down", shown().bgpPeers[1].bgpStatus)
    assert.equal("Encryption Down", emulator:get(port).portEncryptionStatus)
    emulator:set(port, { connectionState = "available" })
    assert.equal("available", shown().virtualInterfaceState)
    assert.equal("up", shown().bgpPeers[1].bgpStatus)
  end)

  it("a peer that is down takes its interface with it, unless another one is up", function()
    local peer = shown().bgpPeers[1].bgpPeerId
    emulator:set(peer, { bgpStatus = "down" })
    assert.equal("down", shown().virtualInterfaceState)
    assert(client:create_bgp_peer {
      virtualInterfaceId = interface, newBGPPeer = { asn = 65001, addressFamily = "ipv6" },
    })
    record.now = record.now + 120
    assert.equal("available", shown().virtualInterfaceState)
    emulator:set(shown().bgpPeers[2].bgpPeerId, { bgpStatus = "down" })
    assert.equal("down", shown().virtualInterfaceState)
    emulator:set(peer, { bgpStatus = "up" })
    assert.equal("available", shown().virtualInterfaceState)
  end)

  it("a LAG is down with fewer working links than its minimum, or without any", function()
    local lag = assert(client:create_lag {
      location = "EqDC2", connectionsBandwidth = "10Gbps", numberOfConnections = 3, lagName = "l",
    })
    record.now = record.now + 3600
    local on_lag = assert(client:create_private_virtual_interface {
      connectionId = lag.lagId,
      newPrivateVirtualInterface = { virtualInterfaceName = "v", vlan = 5, asn = 65001, virtualGatewayId = "vgw-1" },
    }).virtualInterfaceId
    record.now = record.now + 3600
    assert(client:update_lag { lagId = lag.lagId, minimumLinks = 2 })
    local function state()
      return assert(client:describe_lags { lagId = lag.lagId }).lags[1].lagState, emulator:get(on_lag)
        .virtualInterfaceState
    end
    assert.same({ "available", "available" }, { state() })
    emulator:set(lag.connections[1].connectionId, { connectionState = "down" })
    assert.same({ "available", "available" }, { state() })
    emulator:set(lag.connections[2].connectionId, { connectionState = "down" })
    assert.same({ "down", "down" }, { state() })
    assert(client:update_lag { lagId = lag.lagId, minimumLinks = 0 })
    assert.same({ "available", "available" }, { state() })
    emulator:set(lag.connections[3].connectionId, { connectionState = "down" })
    assert.same({ "down", "down" }, { state() })
  end)

  it("a LAG keeps the links that work when one that is down leaves it", function()
    local lag = assert(client:create_lag {
      location = "EqDC2", connectionsBandwidth = "10Gbps", numberOfConnections = 2, lagName = "l",
    })
    record.now = record.now + 3600
    assert(client:update_lag { lagId = lag.lagId, minimumLinks = 1 })
    local working, dark = lag.connections[1].connectionId, lag.connections[2].connectionId
    emulator:set(dark, { connectionState = "down" })
    assert.matches("would fall below its minimum number of links: 1",
      emulated.failure(client:disassociate_connection_from_lag { connectionId = working, lagId = lag.lagId }))
    assert(client:disassociate_connection_from_lag { connectionId = dark, lagId = lag.lagId })
    assert(client:disassociate_connection_from_lag { connectionId = working, lagId = lag.lagId })
    assert.equal(0, emulator:get(lag.lagId).numberOfConnections)
  end)

  it("a hosted connection is down where its interconnect is, with what it carries", function()
    local parent = assert(client:create_interconnect {
      interconnectName = "i", bandwidth = "10Gbps", location = "EqDC2",
    }).interconnectId
    record.now = record.now + 3600
    local hosted = assert(client:allocate_hosted_connection {
      connectionId = parent, ownerAccount = "111122223333", bandwidth = "1Gbps", connectionName = "h", vlan = 7,
    }).connectionId
    assert(client:confirm_connection { connectionId = hosted })
    record.now = record.now + 60
    local on_hosted = assert(client:create_private_virtual_interface {
      connectionId = hosted,
      newPrivateVirtualInterface = { virtualInterfaceName = "v", vlan = 7, asn = 65001, virtualGatewayId = "vgw-1" },
    }).virtualInterfaceId
    record.now = record.now + 3600
    emulator:set(parent, { interconnectState = "down" })
    assert.equal("down", emulator:get(hosted).connectionState)
    assert.equal("down", emulator:get(on_hosted).virtualInterfaceState)
    emulator:set(parent, { interconnectState = "available" })
    assert.equal("available", emulator:get(on_hosted).virtualInterfaceState)
  end)

  it("a failover test holds down only the peers that it names", function()
    assert(client:create_bgp_peer {
      virtualInterfaceId = interface, newBGPPeer = { asn = 65001, addressFamily = "ipv6" },
    })
    record.now = record.now + 120
    local first = shown().bgpPeers[1].bgpPeerId
    assert(client:start_bgp_failover_test { virtualInterfaceId = interface, bgpPeers = { first } })
    assert.equal("testing", shown().virtualInterfaceState)
    assert.equal("down", shown().bgpPeers[1].bgpStatus)
    assert.equal("up", shown().bgpPeers[2].bgpStatus)
  end)

  it("set takes the states that exist, on every port that has a key", function()
    for id, members in pairs {
      [port] = { connectionState = "broken" }, [interface] = { virtualInterfaceState = "dow" },
    } do
      assert.error_matches(function()
        emulator:set(id, members)
      end, "there is no")
    end
    local other = emulated.connection(client, record)
    local arn = assert(client:associate_mac_sec_key {
      connectionId = port, ckn = ("0a"):rep(32), cak = ("0b"):rep(32),
    }).macSecKeys[1].secretARN
    assert(client:associate_mac_sec_key { connectionId = other, secretARN = arn })
    record.now = record.now + 60
    assert.error_matches(function()
      emulator:set(arn, { state = "gone" })
    end, "never gone")
    emulator:set(arn, { state = "disassociating" })
    assert.equal("disassociating", emulator:get(port).macSecKeys[1].state)
    assert.equal("disassociating", emulator:get(other).macSecKeys[1].state)
  end)
end)
