--- What goes along when something moves to another port, and what keeps it from moving.

local emulated = require "spec.support.emulated"

local failure = emulated.failure

describe("in the emulator", function()
  local client, emulator, record

  before_each(function()
    client, emulator, record = emulated.world()
  end)

  local function interface(port, params)
    local new = { virtualInterfaceName = "v", vlan = 101, asn = 65001, virtualGatewayId = "vgw-1" }
    for name, value in pairs(params or {}) do
      new[name] = value
    end
    return assert(client:create_private_virtual_interface { connectionId = port, newPrivateVirtualInterface = new })
      .virtualInterfaceId
  end

  local function new_lag()
    local lag = assert(client:create_lag {
      location = "EqDC2", connectionsBandwidth = "10Gbps", numberOfConnections = 1, lagName = "l",
    }).lagId
    record.now = record.now + 3600
    return lag
  end

  local function port(params)
    return emulated.connection(client, record, params or { requestMACSec = false })
  end

  describe("associate_connection_with_lag", function()
    it("moves the virtual interfaces, with what they take of pools and rate limiters", function()
      local lag, id = new_lag(), port()
      local moved = interface(id, { prefixPoolAllocatedCountIpv4 = 300, rateLimit = "1Gbps" })
      assert(client:associate_connection_with_lag { connectionId = id, lagId = lag })
      assert.equal(lag, emulator:get(moved).connectionId)
      local shown = emulator:get(lag)
      assert.equal(4700, shown.prefixPoolUnallocatedCountIpv4)
      assert.equal(1, shown.rateLimiterStatus.inUse)
      assert.equal("1000Mbps", shown.rateLimiterStatus.totalBandwidth)
      assert.equal(5000, emulator:get(id).prefixPoolUnallocatedCountIpv4)
      assert.equal(0, emulator:get(id).rateLimiterStatus.inUse)
    end)

    it("is refused where the LAG has an interface of the same VLAN", function()
      local lag, id = new_lag(), port()
      interface(id)
      interface(lag)
      assert.matches("VLAN 101 is already in use on " .. lag:gsub("%-", "%%-"),
        failure(client:associate_connection_with_lag { connectionId = id, lagId = lag }))
      assert.equal(1, #emulator:get(lag).connections)
    end)

    it("is refused where the LAG has an interface with the same address", function()
      local lag, id = new_lag(), port()
      interface(id, { amazonAddress = "10.0.0.1/30", customerAddress = "10.0.0.2/30" })
      interface(lag, { vlan = 102, amazonAddress = "10.0.0.1/30", customerAddress = "10.0.0.3/30" })
      assert.matches("IP address 10.0.0.1/30 is already in use",
        failure(client:associate_connection_with_lag { connectionId = id, lagId = lag }))
    end)

    it("is refused where the LAG's pool has too few prefixes left", function()
      local lag, id = new_lag(), port()
      for vlan = 1, 3 do
        interface(lag, { vlan = vlan, prefixPoolAllocatedCountIpv4 = 1000 })
        interface(id, { vlan = vlan + 10, prefixPoolAllocatedCountIpv4 = 1000 })
      end
      assert.matches("prefix pool of .* has 2000 left",
        failure(client:associate_connection_with_lag { connectionId = id, lagId = lag }))
    end)

    it("leaves the interfaces of a LAG that the connection was in", function()
      local first, second = new_lag(), new_lag()
      local id = emulator:get(first).connections[1].connectionId
      local stays = interface(first)
      interface(second)
      assert(client:associate_connection_with_lag { connectionId = id, lagId = second })
      assert.equal(first, emulator:get(stays).connectionId)
    end)

    it("of an interconnect moves its hosted connections, VLAN by VLAN", function()
      local function interconnect()
        local id = assert(client:create_interconnect {
          interconnectName = "i", bandwidth = "10Gbps", location = "EqDC2",
        }).interconnectId
        record.now = record.now + 3600
        return id
      end
      local function host(parent, vlan)
        return assert(client:allocate_hosted_connection {
          connectionId = parent, ownerAccount = "444455556666", bandwidth = "1Gbps", connectionName = "h", vlan = vlan,
        }).connectionId
      end
      local first, second, third = interconnect(), interconnect(), interconnect()
      local lag = assert(client:create_lag {
        location = "EqDC2", connectionsBandwidth = "10Gbps", numberOfConnections = 1, lagName = "l",
        connectionId = first,
      }).lagId
      host(lag, 5)
      host(second, 5)
      local moves = host(third, 6)
      assert.matches("VLAN 5 is already in use",
        failure(client:associate_connection_with_lag { connectionId = second, lagId = lag }))
      assert(client:associate_connection_with_lag { connectionId = third, lagId = lag })
      local listed = {}
      for _, hosted in ipairs(assert(client:describe_hosted_connections { connectionId = lag }).connections) do
        listed[hosted.connectionId] = true
      end
      assert.is_true(listed[moves])
      assert.is_nil(emulator:get(lag).prefixPoolSizeIpv4)
    end)

    it("takes no interconnect into a LAG of connections, nor the other way", function()
      local id = assert(client:create_interconnect {
        interconnectName = "i", bandwidth = "10Gbps", location = "EqDC2",
      }).interconnectId
      local connection = port()
      local lag = assert(client:create_lag {
        location = "EqDC2", connectionsBandwidth = "10Gbps", numberOfConnections = 1, lagName = "l",
        connectionId = id,
      }).lagId
      record.now = record.now + 3600
      assert.matches("a connection can't be part of it",
        failure(client:associate_connection_with_lag { connectionId = connection, lagId = lag }))
    end)
  end)

  describe("create_lag with a connection", function()
    it("is made on the connection's device", function()
      local id = port()
      emulator:set(id, { awsDeviceV2 = "EqDC2-other", awsDevice = "EqDC2-other", awsLogicalDeviceId = "EqDC2-other" })
      local lag = assert(client:create_lag {
        location = "EqDC2", connectionsBandwidth = "10Gbps", numberOfConnections = 1, lagName = "l", connectionId = id,
      })
      assert.equal("EqDC2-other", lag.awsDeviceV2)
      assert.matches("not on the same device", failure(client:associate_connection_with_lag {
        connectionId = port(), lagId = lag.lagId,
      }))
    end)
  end)

  describe("associate_virtual_interface", function()
    local there

    before_each(function()
      there = port { location = "CSVA1", requestMACSec = false }
    end)

    it("shows location and devices of the new port, peers too", function()
      local id = interface(port())
      local moved = assert(client:associate_virtual_interface { virtualInterfaceId = id, connectionId = there })
      local to = emulator:get(there)
      assert.equal("CSVA1", moved.location)
      assert.equal(to.awsDeviceV2, moved.awsDeviceV2)
      assert.equal(to.awsLogicalDeviceId, moved.awsLogicalDeviceId)
      assert.equal(to.awsDeviceV2, moved.bgpPeers[1].awsDeviceV2)
      assert.equal(4900, to.prefixPoolUnallocatedCountIpv4)
    end)

    it("is refused for a VLAN or an address that the other port has", function()
      local id = interface(port(), { amazonAddress = "10.0.0.1/30", customerAddress = "10.0.0.2/30" })
      interface(there, { vlan = 7, amazonAddress = "10.0.0.5/30", customerAddress = "10.0.0.2/30" })
      assert.matches("IP address 10.0.0.2/30 is already in use",
        failure(client:associate_virtual_interface { virtualInterfaceId = id, connectionId = there }))
      interface(there, { vlan = 101 })
      assert.matches("VLAN 101 is already in use",
        failure(client:associate_virtual_interface { virtualInterfaceId = id, connectionId = there }))
    end)

    it("is refused while the other port is not available", function()
      local id = interface(port())
      emulator:set(there, { connectionState = "requested" })
      assert.matches("The specified Connection ID is not available",
        failure(client:associate_virtual_interface { virtualInterfaceId = id, connectionId = there }))
    end)
  end)

  describe("associate_hosted_connection", function()
    it("takes along location and device of what is on it, and minds addresses", function()
      local function interconnect(location)
        local id = assert(client:create_interconnect {
          interconnectName = "i", bandwidth = "10Gbps", location = location,
        }).interconnectId
        record.now = record.now + 3600
        return id
      end
      local first, second = interconnect "EqDC2", interconnect "CSVA1"
      local function host(parent, vlan, address)
        local id = assert(client:allocate_hosted_connection {
          connectionId = parent, ownerAccount = "111122223333", bandwidth = "1Gbps", connectionName = "h", vlan = vlan,
        }).connectionId
        assert(client:confirm_connection { connectionId = id })
        record.now = record.now + 60
        return id, interface(id, { vlan = vlan, amazonAddress = "10.0.0.1/30", customerAddress = address })
      end
      local hosted, carried = host(first, 5, "10.0.0.2/30")
      host(second, 6, "10.0.0.3/30")
      assert.matches("IP address 10.0.0.1 is already in use", failure(client:associate_hosted_connection {
        connectionId = hosted, parentConnectionId = second,
      }))
      local third = interconnect "CSVA1"
      assert(client:associate_hosted_connection { connectionId = hosted, parentConnectionId = third })
      assert.equal("CSVA1", emulator:get(carried).location)
      assert.equal(emulator:get(third).awsDeviceV2, emulator:get(carried).awsDeviceV2)
    end)
  end)

  it("delete_connection is not kept by an interface that was rejected", function()
    local keys = { access_key_id = "A", secret_access_key = "one", account_id = "111122223333" }
    local others = { access_key_id = "B", secret_access_key = "two", account_id = "444455556666" }
    client, emulator, record = emulated.world({ credentials = { keys, others } }, { credentials = keys })
    local owner = emulated.client(emulator, record, { credentials = others })
    local id = port()
    local offered = assert(client:allocate_private_virtual_interface {
      connectionId = id, ownerAccount = "444455556666",
      newPrivateVirtualInterfaceAllocation = { virtualInterfaceName = "v", vlan = 5, asn = 65001 },
    }).virtualInterfaceId
    assert.matches("has virtual interfaces", failure(client:delete_connection { connectionId = id }))
    assert.equal("rejected", assert(owner:delete_virtual_interface { virtualInterfaceId = offered })
      .virtualInterfaceState)
    assert(client:delete_connection { connectionId = id })
  end)
end)
