local emulated = require "spec.support.emulated"

local failure = emulated.failure

describe("virtual interfaces in the emulator", function()
  local client, emulator, record, connection

  before_each(function()
    client, emulator, record = emulated.world()
    connection = emulated.connection(client, record)
  end)

  local function pass(seconds)
    record.now = record.now + seconds
  end

  local function gateway()
    local made = assert(client:create_direct_connect_gateway { directConnectGatewayName = "gate" })
    pass(60)
    return made.directConnectGateway.directConnectGatewayId
  end

  local function private(params)
    local new = { virtualInterfaceName = "one", vlan = 101, asn = 65001, virtualGatewayId = "vgw-1" }
    for name, value in pairs(params or {}) do
      new[name] = value or nil
    end
    return client:create_private_virtual_interface { connectionId = connection, newPrivateVirtualInterface = new }
  end

  local function described(id)
    return assert(client:describe_virtual_interfaces { virtualInterfaceId = id }).virtualInterfaces[1]
  end

  it("are private, with a peer whose addresses and key were made up", function()
    local interface = assert(private { tags = { { key = "a", value = "b" } } })
    assert.matches("^dxvif%-%w+$", interface.virtualInterfaceId)
    local expected = {
      virtualInterfaceType = "private", virtualInterfaceState = "pending", virtualInterfaceName = "one", vlan = 101,
      asn = 65001, asnLong = 65001, amazonSideAsn = 64512, addressFamily = "ipv4", connectionId = connection,
      location = "EqDC2", mtu = 1500, region = "us-east-1", virtualGatewayId = "vgw-1", ownerAccount = "111122223333",
    }
    for member, value in pairs(expected) do
      assert.equal(value, interface[member], member)
    end
    assert.same({ { key = "a", value = "b" } }, interface.tags)
    assert.equal(1, #interface.bgpPeers)
    local peer = interface.bgpPeers[1]
    assert.matches("^169%.254%.", peer.amazonAddress)
    assert.not_equal(peer.amazonAddress, peer.customerAddress)
    assert.is_true(#peer.authKey >= 6)
    assert.equal("down", peer.bgpStatus)
    assert.same(interface, described(interface.virtualInterfaceId))
    assert.is_nil(tostring(interface):find(peer.authKey, 1, true))
  end)

  it("become available, with BGP up, and show a 32-bit ASN", function()
    local id = assert(private { asn = false, asnLong = 4200000000, authKey = "secret-key" }).virtualInterfaceId
    pass(120)
    local interface = described(id)
    assert.equal("available", interface.virtualInterfaceState)
    assert.equal(0, interface.asn)
    assert.equal(4200000000, interface.asnLong)
    assert.equal("secret-key", interface.authKey)
    assert.equal("available", interface.bgpPeers[1].bgpPeerState)
    assert.equal("up", interface.bgpPeers[1].bgpStatus)
    emulator:set(id, { virtualInterfaceState = "down" })
    interface = described(id)
    assert.equal("down", interface.virtualInterfaceState)
    assert.equal("down", interface.bgpPeers[1].bgpStatus)
  end)

  it("are public, and verified first", function()
    local interface = assert(client:create_public_virtual_interface {
      connectionId = connection,
      newPublicVirtualInterface = {
        virtualInterfaceName = "one", vlan = 5, asn = 65001, amazonAddress = "203.0.113.1/30",
        customerAddress = "203.0.113.2/30", routeFilterPrefixes = { { cidr = "198.51.100.0/24" } },
        addressFamily = "ipv4",
      },
    })
    assert.equal("public", interface.virtualInterfaceType)
    assert.equal("verifying", interface.virtualInterfaceState)
    assert.equal("203.0.113.2/30", interface.customerAddress)
    assert.same({ { cidr = "198.51.100.0/24" } }, interface.routeFilterPrefixes)
    pass(300)
    assert.equal("pending", described(interface.virtualInterfaceId).virtualInterfaceState)
    pass(120)
    assert.equal("available", described(interface.virtualInterfaceId).virtualInterfaceState)
    assert.matches("no MTU", failure(client:update_virtual_interface_attributes {
      virtualInterfaceId = interface.virtualInterfaceId, mtu = 8500,
    }))
  end)

  it("are transit, attached to a gateway, and nested in the answer", function()
    local gate = gateway()
    local interface = assert(client:create_transit_virtual_interface {
      connectionId = connection,
      newTransitVirtualInterface = {
        virtualInterfaceName = "one", vlan = 7, asn = 65001, directConnectGatewayId = gate, mtu = 8500,
      },
    }).virtualInterface
    assert.equal("transit", interface.virtualInterfaceType)
    assert.equal(8500, interface.mtu)
    local function attachment()
      local list = assert(client:describe_direct_connect_gateway_attachments { directConnectGatewayId = gate })
      return list.directConnectGatewayAttachments[1]
    end
    assert.equal("attaching", attachment().attachmentState)
    assert.equal("TransitVirtualInterface", attachment().attachmentType)
    pass(60)
    assert.equal("attached", attachment().attachmentState)
    assert.matches("has attached virtual interfaces",
      failure(client:delete_direct_connect_gateway { directConnectGatewayId = gate }))
    pass(60)
    assert(client:delete_virtual_interface { virtualInterfaceId = interface.virtualInterfaceId })
    assert.equal("detaching", attachment().attachmentState)
    pass(60)
    assert.equal("detached", attachment().attachmentState)
    assert(client:delete_direct_connect_gateway { directConnectGatewayId = gate })
  end)

  it("have a VLAN of their own on a port", function()
    assert(private())
    assert.matches("VLAN 101 is already in use", failure(private()))
    assert(private { vlan = 102 })
  end)

  it("need a port and a gateway that are there", function()
    assert.matches("Could not find Connection with ID dxcon%-nowhere", failure(client:create_private_virtual_interface {
      connectionId = "dxcon-nowhere",
      newPrivateVirtualInterface = { virtualInterfaceName = "x", vlan = 1, asn = 65001, virtualGatewayId = "vgw-1" },
    }))
    assert.matches("Direct Connect Gateway with ID nowhere does not exist",
      failure(private { virtualGatewayId = false, directConnectGatewayId = "nowhere" }))
    assert.matches("does not exist", failure(client:describe_virtual_interfaces { virtualInterfaceId = "dxvif-no" }))
    assert.matches("Could not find", failure(client:describe_virtual_interfaces { connectionId = "dxcon-no" }))
  end)

  it("keep their port from being deleted, and stay listed for a quarter of an hour", function()
    local id = assert(private()).virtualInterfaceId
    assert.matches("has virtual interfaces", failure(client:delete_connection { connectionId = connection }))
    pass(120)
    assert.equal("deleting", assert(client:delete_virtual_interface { virtualInterfaceId = id }).virtualInterfaceState)
    assert.equal("deleting", assert(client:delete_virtual_interface { virtualInterfaceId = id }).virtualInterfaceState)
    pass(60)
    assert.equal("deleted", described(id).virtualInterfaceState)
    assert(client:delete_connection { connectionId = connection })
    pass(900)
    assert.matches("does not exist", failure(client:describe_virtual_interfaces { virtualInterfaceId = id }))
  end)

  it("take from their port's pools and give back", function()
    local function left()
      local port = assert(client:describe_connections { connectionId = connection }).connections[1]
      return port.prefixPoolUnallocatedCountIpv4, port.rateLimiterStatus
    end
    local id = assert(private { prefixPoolAllocatedCountIpv4 = 600, rateLimit = "2Gbps" }).virtualInterfaceId
    local prefixes, limiters = left()
    assert.equal(4400, prefixes)
    assert.same({ maxAllowed = 10, inUse = 1, remaining = 9, totalBandwidth = "2000Mbps" }, limiters)
    assert.matches("LimitExceededException", failure(private { vlan = 9, prefixPoolAllocatedCountIpv4 = 1001 }))
    for vlan = 1, 4 do
      assert(private { vlan = vlan, prefixPoolAllocatedCountIpv4 = 1000 })
    end
    assert.matches("has left: 400", failure(private { vlan = 9, prefixPoolAllocatedCountIpv4 = 401 }))
    assert.equal(1000, assert(client:update_virtual_interface_attributes {
      virtualInterfaceId = id, prefixPoolAllocatedCountIpv4 = 1000,
    }).prefixPoolAllocatedCountIpv4)
    assert.equal(0, (left()))
    pass(120)
    assert(client:delete_virtual_interface { virtualInterfaceId = id })
    assert.equal(1000, (left()))
    assert.matches("written like 500Mbps", failure(private { vlan = 9, rateLimit = "fast" }))
  end)

  it("change what can be changed", function()
    local gate = gateway()
    local id = assert(private()).virtualInterfaceId
    assert.matches("SiteLink needs", failure(client:update_virtual_interface_attributes {
      virtualInterfaceId = id, enableSiteLink = true,
    }))
    local other = assert(private { vlan = 102, virtualGatewayId = false, directConnectGatewayId = gate })
    local changed = assert(client:update_virtual_interface_attributes {
      virtualInterfaceId = other.virtualInterfaceId, enableSiteLink = true, mtu = 8500, virtualInterfaceName = "two",
    })
    assert.is_true(changed.siteLinkEnabled)
    assert.equal(8500, changed.mtu)
    assert.equal("two", changed.virtualInterfaceName)
    assert.equal(200, assert(client:describe_direct_connect_gateways { directConnectGatewayId = gate })
      .directConnectGateways[1].totalPrefixPoolAllocations)
  end)

  it("move to another port, and are busy meanwhile", function()
    local other = emulated.connection(client, record)
    local id = assert(private()).virtualInterfaceId
    pass(120)
    local moved = assert(client:associate_virtual_interface { virtualInterfaceId = id, connectionId = other })
    assert.equal(other, moved.connectionId)
    assert.matches("is in a transitioning state", failure(client:delete_virtual_interface { virtualInterfaceId = id }))
    assert.same({}, assert(client:describe_virtual_interfaces { connectionId = connection }).virtualInterfaces)
    pass(60)
    assert.matches("already associated", failure(client:associate_virtual_interface {
      virtualInterfaceId = id, connectionId = other,
    }))
    assert(client:delete_virtual_interface { virtualInterfaceId = id })
  end)

  describe("for another account", function()
    local owner, owner_keys

    before_each(function()
      local keys = { access_key_id = "AKIDEXAMPLE", secret_access_key = "one", account_id = "111122223333" }
      owner_keys = { access_key_id = "AKIDOTHER", secret_access_key = "two", account_id = "444455556666" }
      client, emulator, record = emulated.world({ credentials = { keys, owner_keys } }, { credentials = keys })
      connection = emulated.connection(client, record)
      owner = emulated.client(emulator, record, { credentials = owner_keys })
    end)

    it("are confirmed by it, however often", function()
      local given = {
        private = { virtualInterfaceName = "one", vlan = 1, asn = 65001 },
        public = {
          virtualInterfaceName = "two", vlan = 2, asn = 65001, amazonAddress = "203.0.113.1/30",
          customerAddress = "203.0.113.2/30", routeFilterPrefixes = { { cidr = "198.51.100.0/24" } },
          addressFamily = "ipv4",
        },
        transit = { virtualInterfaceName = "three", vlan = 3, asn = 65001 },
      }
      local gate = assert(owner:create_direct_connect_gateway { directConnectGatewayName = "gate" })
        .directConnectGateway.directConnectGatewayId
      local function check(kind, confirmation)
        local result = assert(client:call("allocate_" .. kind .. "_virtual_interface", {
          connectionId = connection,
          ownerAccount = "444455556666",
          ["new" .. kind:gsub("^%l", string.upper) .. "VirtualInterfaceAllocation"] = given[kind],
        }))
        local interface = result.virtualInterface or result
        assert.equal("confirming", interface.virtualInterfaceState)
        assert.equal("444455556666", interface.ownerAccount)
        confirmation.virtualInterfaceId = interface.virtualInterfaceId
        assert.matches("belongs to another account",
          failure(client:call("confirm_" .. kind .. "_virtual_interface", confirmation)))
        local first = assert(owner:call("confirm_" .. kind .. "_virtual_interface", confirmation))
        assert.equal(kind == "public" and "verifying" or "pending", first.virtualInterfaceState)
        assert.same(first, assert(owner:call("confirm_" .. kind .. "_virtual_interface", confirmation)))
        record.now = record.now + 420
        assert.equal("available", assert(owner:describe_virtual_interfaces {
          virtualInterfaceId = interface.virtualInterfaceId,
        }).virtualInterfaces[1].virtualInterfaceState)
      end
      check("private", { virtualGatewayId = "vgw-9" })
      check("public", {})
      check("transit", { directConnectGatewayId = gate })
      assert.same({ { virtualGatewayId = "vgw-9", virtualGatewayState = "available" } },
        assert(owner:describe_virtual_gateways()).virtualGateways)
      assert.same({}, assert(client:describe_virtual_gateways()).virtualGateways)
    end)

    it("are rejected when it deletes them unconfirmed", function()
      local id = assert(client:allocate_private_virtual_interface {
        connectionId = connection, ownerAccount = "444455556666",
        newPrivateVirtualInterfaceAllocation = { virtualInterfaceName = "one", vlan = 1, asn = 65001 },
      }).virtualInterfaceId
      assert.equal("rejected", assert(owner:delete_virtual_interface { virtualInterfaceId = id }).virtualInterfaceState)
    end)
  end)

  it("go one to a hosted connection, on its VLAN", function()
    local interconnect = assert(client:create_interconnect {
      interconnectName = "x", bandwidth = "10Gbps", location = "EqDC2",
    }).interconnectId
    pass(3600)
    local hosted = assert(client:allocate_hosted_connection {
      connectionId = interconnect, ownerAccount = "111122223333", bandwidth = "500Mbps", connectionName = "h",
      vlan = 77,
    }).connectionId
    assert(client:confirm_connection { connectionId = hosted })
    pass(120)
    local function create(id, vlan, given)
      local new = { virtualInterfaceName = "x", vlan = vlan, asn = 65001, virtualGatewayId = "vgw-1" }
      for name, value in pairs(given or {}) do
        new[name] = value
      end
      return client:create_private_virtual_interface { connectionId = id, newPrivateVirtualInterface = new }
    end
    assert.matches("with VLAN 77", failure(create(hosted, 78)))
    assert.matches("has no prefix pool", failure(create(hosted, 77, { prefixPoolAllocatedCountIpv4 = 10 })))
    local id = assert(create(hosted, 77)).virtualInterfaceId
    assert.matches("carries one virtual interface", failure(create(hosted, 77)))
    assert.matches("is an interconnect", failure(create(interconnect, 5)))
    pass(120)
    assert.matches("move the connection", failure(client:associate_virtual_interface {
      virtualInterfaceId = id, connectionId = connection,
    }))
  end)
end)
