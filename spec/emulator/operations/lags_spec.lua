local emulated = require "spec.support.emulated"

local failure = emulated.failure

describe("LAGs in the emulator", function()
  local client, _, record

  before_each(function()
    client, _, record = emulated.world()
  end)

  local function create(params)
    local all = { location = "EqDC2", connectionsBandwidth = "10Gbps", numberOfConnections = 2, lagName = "l" }
    for name, value in pairs(params or {}) do
      all[name] = value
    end
    return client:create_lag(all)
  end

  local function described(id)
    return assert(client:describe_lags { lagId = id }).lags[1]
  end

  it("come with their connections", function()
    local lag = assert(create {
      requestMACSec = true, tags = { { key = "a", value = "b" } }, childConnectionTags = { { key = "c", value = "d" } },
    })
    assert.matches("^dxlag%-%w+$", lag.lagId)
    assert.equal("requested", lag.lagState)
    assert.equal(2, lag.numberOfConnections)
    assert.equal(0, lag.minimumLinks)
    assert.equal("should_encrypt", lag.encryptionMode)
    assert.same({ { key = "a", value = "b" } }, lag.tags)
    for i, connection in ipairs(lag.connections) do
      assert.equal(lag.lagId, connection.lagId)
      assert.equal(("Requested Connection %d for Lag %s"):format(i, lag.lagId), connection.connectionName)
      assert.is_true(connection.macSecCapable)
      assert.equal(lag.awsDeviceV2, connection.awsDeviceV2)
      assert.same({ { key = "c", value = "d" } }, connection.tags)
    end
    assert.same(lag, described(lag.lagId))
    assert.equal(2, #assert(client:describe_connections()).connections)
    record.now = record.now + 120
    assert.equal("pending", described(lag.lagId).lagState)
    record.now = record.now + 180
    assert.equal("available", described(lag.lagId).lagState)
    assert.equal("available", described(lag.lagId).connections[2].connectionState)
  end)

  it("have four connections at most, two from 100 Gbps up", function()
    assert(create { numberOfConnections = 4 })
    assert.matches("must be 1 to 4", failure(create { numberOfConnections = 5 }))
    assert.matches("must be 1 to 4", failure(create { numberOfConnections = 0 }))
    assert.matches("must be 1 to 2", failure(create { numberOfConnections = 3, connectionsBandwidth = "400Gbps" }))
  end)

  it("take an existing connection in", function()
    local id = emulated.connection(client, record)
    local lag = assert(create { connectionId = id, requestMACSec = true })
    assert.equal(2, lag.numberOfConnections)
    assert.equal(id, lag.connections[1].connectionId)
    assert.equal("one", lag.connections[1].connectionName)
    assert.matches("is in a transitioning state",
      failure(client:disassociate_connection_from_lag { connectionId = id, lagId = lag.lagId }))
    assert.matches("Connection .* is at location EqDC2, not CSVA1",
      failure(create { connectionId = emulated.connection(client, record), location = "CSVA1" }))
    assert.matches("has a bandwidth of 1Gbps, not 10Gbps", failure(create {
      connectionId = emulated.connection(client, record, { bandwidth = "1Gbps", requestMACSec = false }),
    }))
    assert.matches("is not capable of MACsec", failure(create {
      connectionId = emulated.connection(client, record, { requestMACSec = false }), requestMACSec = true,
    }))
    assert.matches("Could not find Connection with ID dxcon%-x", failure(create { connectionId = "dxcon-x" }))
    local gone = emulated.connection(client, record)
    assert(client:delete_connection { connectionId = gone })
    assert.matches("can't be part of a Lag", failure(create { connectionId = gone }))
    assert.matches("can't be part of a Lag", failure(client:associate_connection_with_lag {
      connectionId = gone, lagId = lag.lagId,
    }))
  end)

  it("take over the keys and the virtual interfaces of the connection that they begin with", function()
    local id = emulated.connection(client, record)
    assert(client:associate_mac_sec_key { connectionId = id, ckn = ("0a"):rep(32), cak = ("0b"):rep(32) })
    record.now = record.now + 60
    local interface = assert(client:create_private_virtual_interface {
      connectionId = id,
      newPrivateVirtualInterface = { virtualInterfaceName = "v", vlan = 5, asn = 65001, virtualGatewayId = "vgw-1" },
    }).virtualInterfaceId
    record.now = record.now + 60
    local lag = assert(create { connectionId = id, requestMACSec = true })
    assert.equal("associated", lag.macSecKeys[1].state)
    record.now = record.now + 3600
    local found = assert(client:describe_virtual_interfaces { virtualInterfaceId = interface }).virtualInterfaces[1]
    assert.equal(lag.lagId, found.connectionId)
    assert.matches("has virtual interfaces", failure(client:delete_lag { lagId = lag.lagId }))
  end)

  it("gain and lose connections", function()
    local id = emulated.connection(client, record, { requestMACSec = false })
    local lag = assert(create())
    local joined = assert(client:associate_connection_with_lag { connectionId = id, lagId = lag.lagId })
    assert.equal(lag.lagId, joined.lagId)
    assert.matches("is already associated",
      failure(client:associate_connection_with_lag { connectionId = id, lagId = lag.lagId }))
    assert.equal(3, described(lag.lagId).numberOfConnections)
    record.now = record.now + 60
    assert(client:update_lag { lagId = lag.lagId, minimumLinks = 3 })
    assert.matches("would fall below its minimum number of links: 3",
      failure(client:disassociate_connection_from_lag { connectionId = id, lagId = lag.lagId }))
    assert(client:update_lag { lagId = lag.lagId, minimumLinks = 2 })
    local left = assert(client:disassociate_connection_from_lag { connectionId = id, lagId = lag.lagId })
    assert.is_nil(left.lagId)
    assert.equal(2, described(lag.lagId).numberOfConnections)
    assert.matches("is not associated with Lag",
      failure(client:disassociate_connection_from_lag { connectionId = id, lagId = lag.lagId }))
  end)

  it("refuse connections that do not fit", function()
    local lag = assert(create { requestMACSec = true, numberOfConnections = 3 })
    local function associate(params)
      return failure(client:associate_connection_with_lag {
        connectionId = emulated.connection(client, record, params), lagId = lag.lagId,
      })
    end
    assert.matches("not on the same device", associate { location = "CSVA1" })
    assert.matches("bundles connections of 10Gbps, not of 100Gbps", associate { bandwidth = "100Gbps" })
    assert.matches("is capable of MACsec", associate { requestMACSec = false })
    assert(client:associate_connection_with_lag {
      connectionId = emulated.connection(client, record), lagId = lag.lagId,
    })
    assert.matches("^LimitExceededException: .* has the maximum number of connections: 4", associate())
    assert.matches("^DirectConnectClientException: .* has the maximum number of connections: 4",
      failure(client:create_connection {
        location = "EqDC2", bandwidth = "10Gbps", connectionName = "x", lagId = lag.lagId, requestMACSec = true,
      }))
    assert.matches("an interconnect can't be part of it", failure(client:create_interconnect {
      location = "EqDC2", bandwidth = "10Gbps", interconnectName = "x", lagId = lag.lagId, requestMACSec = true,
    }))
  end)

  it("move a connection from one to another", function()
    local one, other = assert(create()), assert(create())
    local id = one.connections[1].connectionId
    assert(client:associate_connection_with_lag { connectionId = id, lagId = other.lagId })
    assert.equal(1, described(one.lagId).numberOfConnections)
    assert.equal(3, described(other.lagId).numberOfConnections)
    assert(client:update_lag { lagId = other.lagId, minimumLinks = 3 })
    id = other.connections[1].connectionId
    assert.matches("would fall below its minimum number of links",
      failure(client:associate_connection_with_lag { connectionId = id, lagId = one.lagId }))
    assert.matches("would fall below its minimum number of links", failure(create { connectionId = id }))
  end)

  it("are renamed and changed, their connections with them", function()
    local lag = assert(create { requestMACSec = true })
    local changed = assert(client:update_lag {
      lagId = lag.lagId, lagName = "m", minimumLinks = 1, encryptionMode = "must_encrypt",
    })
    assert.equal("m", changed.lagName)
    assert.equal(1, changed.minimumLinks)
    assert.equal("must_encrypt", changed.encryptionMode)
    assert.equal("must_encrypt", changed.connections[2].encryptionMode)
    assert.matches("must be 0 to 2", failure(client:update_lag { lagId = lag.lagId, minimumLinks = 3 }))
    assert.matches("set the encryption mode of the Lag", failure(client:update_connection {
      connectionId = changed.connections[1].connectionId, encryptionMode = "no_encrypt",
    }))
  end)

  it("are deleted; their connections live on alone", function()
    local lag = assert(create())
    record.now = record.now + 3600
    local spare = emulated.connection(client, record, { requestMACSec = false })
    for _ = 1, 2 do
      assert.equal("deleting", assert(client:delete_lag { lagId = lag.lagId }).lagState)
    end
    assert.matches("is deleting", failure(client:associate_connection_with_lag {
      connectionId = spare, lagId = lag.lagId,
    }))
    assert.matches("is deleting", failure(client:update_lag { lagId = lag.lagId, lagName = "m" }))
    local connection = assert(client:describe_connections()).connections[1]
    assert.is_nil(connection.lagId)
    assert.equal("available", connection.connectionState)
    record.now = record.now + 30
    assert(client:delete_lag { lagId = lag.lagId })
    record.now = record.now + 30
    assert.equal("deleted", described(lag.lagId).lagState)
    record.now = record.now + 900
    assert.equal("DirectConnectClientException: Could not find Lag with ID " .. lag.lagId,
      failure(client:describe_lags { lagId = lag.lagId }))
  end)

  it("lose a connection that is deleted", function()
    local lag = assert(create())
    assert(client:delete_connection { connectionId = lag.connections[1].connectionId })
    assert.equal(1, described(lag.lagId).numberOfConnections)
  end)
end)
