local emulated = require "spec.support.emulated"

local failure = emulated.failure

describe("connections in the emulator", function()
  local client, emulator, record

  before_each(function()
    client, emulator, record = emulated.world()
  end)

  local function described(id)
    return assert(client:describe_connections { connectionId = id }).connections[1]
  end

  it("are as ordered", function()
    local connection = assert(client:create_connection {
      location = "EqDC2", bandwidth = "100Gbps", connectionName = "one", requestMACSec = true, providerName = "Zayo",
      tags = { { key = "a", value = "b" }, { key = "c" } },
    })
    assert.matches("^dxcon%-%w+$", connection.connectionId)
    local expected = {
      bandwidth = "100Gbps", billingMode = "PayAsYouGo", connectionName = "one", connectionState = "requested",
      encryptionMode = "should_encrypt", jumboFrameCapable = true, location = "EqDC2", macSecCapable = true,
      ownerAccount = "111122223333", portEncryptionStatus = "Encryption Down", providerName = "Zayo",
      region = "us-east-1",
    }
    for member, value in pairs(expected) do
      assert.equal(value, connection[member], member)
    end
    assert.same({ { key = "a", value = "b" }, { key = "c" } }, connection.tags)
    assert.same({}, connection.macSecKeys)
    assert.same(connection, described(connection.connectionId))
  end)

  it("are no MACsec ports unless asked for", function()
    local connection = assert(client:create_connection {
      location = "EqDC2", bandwidth = "10Gbps", connectionName = "one",
    })
    assert.is_false(connection.macSecCapable)
    assert.equal("no_encrypt", connection.encryptionMode)
  end)

  it("are refused where the location does not have them", function()
    local function create(location, bandwidth, mac_sec)
      return failure(client:create_connection {
        location = location, bandwidth = bandwidth, connectionName = "one", requestMACSec = mac_sec,
      })
    end
    assert.matches("^DirectConnectClientException: Location Nowhere does not exist", create("Nowhere", "10Gbps"))
    assert.matches("^DirectConnectClientException: Bandwidth 40Gbps is not available", create("EqDC2", "40Gbps"))
    assert.matches("^DirectConnectClientException: Bandwidth 100Gbps is not available", create("CSNY1", "100Gbps"))
    assert.matches("^DirectConnectClientException: MACsec is not available", create("EqDC2", "1Gbps", true))
    assert.same({}, assert(client:describe_connections()).connections)
  end)

  it("are renamed, and change their encryption mode", function()
    local id = emulated.connection(client, record)
    assert.equal("two", assert(client:update_connection { connectionId = id, connectionName = "two" }).connectionName)
    local changed = assert(client:update_connection { connectionId = id, encryptionMode = "must_encrypt" })
    assert.equal("two", changed.connectionName)
    assert.equal("must_encrypt", changed.encryptionMode)
    assert.matches("^DirectConnectClientException: Encryption mode sometimes is not valid",
      failure(client:update_connection { connectionId = id, encryptionMode = "sometimes" }))
    local plain = emulated.connection(client, record, { requestMACSec = false })
    assert.matches("needs a port that is capable of MACsec",
      failure(client:update_connection { connectionId = plain, encryptionMode = "must_encrypt" }))
  end)

  it("go through deleting and deleted, and are gone after a while", function()
    local id = emulated.connection(client, record)
    assert.equal("deleting", assert(client:delete_connection { connectionId = id }).connectionState)
    assert.equal("deleting", assert(client:delete_connection { connectionId = id }).connectionState)
    assert.matches("is deleting", failure(client:update_connection { connectionId = id, connectionName = "x" }))
    record.now = record.now + 30
    assert(client:delete_connection { connectionId = id })
    record.now = record.now + 30
    assert.equal("deleted", described(id).connectionState)
    record.now = record.now + 900
    assert.equal("DirectConnectClientException: Could not find Connection with ID " .. id,
      failure(client:describe_connections { connectionId = id }))
    assert.same({}, assert(client:describe_connections()).connections)
  end)

  it("can be deleted before they are available, and stay deleted", function()
    local id = assert(client:create_connection {
      location = "EqDC2", bandwidth = "10Gbps", connectionName = "one",
    }).connectionId
    assert(client:delete_connection { connectionId = id })
    record.now = record.now + 130
    assert.equal("deleted", described(id).connectionState)
  end)

  it("are not deleted while a key is on its way", function()
    local id = emulated.connection(client, record)
    assert(client:associate_mac_sec_key { connectionId = id, ckn = ("0a"):rep(32), cak = ("0b"):rep(32) })
    local result, err = client:delete_connection { connectionId = id }
    assert.is_nil(result)
    assert.matches("is in a transitioning state", err.message)
    assert.equal("transitioning", err.reason)
    record.now = record.now + 60
    assert.equal("deleting", assert(client:delete_connection { connectionId = id }).connectionState)
  end)

  it("are not deleted while virtual interfaces are on them", function()
    local id = emulated.connection(client, record)
    local interface = assert(client:create_private_virtual_interface {
      connectionId = id,
      newPrivateVirtualInterface = { virtualInterfaceName = "v", vlan = 5, asn = 65001, virtualGatewayId = "vgw-1" },
    })
    record.now = record.now + 3600
    assert.matches("has virtual interfaces", failure(client:delete_connection { connectionId = id }))
    assert(client:delete_virtual_interface { virtualInterfaceId = interface.virtualInterfaceId })
    record.now = record.now + 600
    assert(client:delete_connection { connectionId = id })
  end)

  it("go into a LAG that is named, where they fit", function()
    local lag = assert(client:create_lag {
      location = "EqDC2", connectionsBandwidth = "10Gbps", numberOfConnections = 1, lagName = "l",
    })
    local connection = assert(client:create_connection {
      location = "EqDC2", bandwidth = "10Gbps", connectionName = "one", lagId = lag.lagId,
    })
    assert.equal(lag.lagId, connection.lagId)
    assert.equal(2, assert(client:describe_lags()).lags[1].numberOfConnections)
    assert.matches("bundles connections of 10Gbps, not of 1Gbps", failure(client:create_connection {
      location = "EqDC2", bandwidth = "1Gbps", connectionName = "one", lagId = lag.lagId,
    }))
    assert.matches("Could not find Lag with ID dxlag%-x", failure(client:create_connection {
      location = "EqDC2", bandwidth = "1Gbps", connectionName = "one", lagId = "dxlag-x",
    }))
  end)

  it("go down when a test says so, and stay there", function()
    local id = emulated.connection(client, record)
    emulator:set(id, { connectionState = "down" })
    record.now = record.now + 86400
    assert.equal("down", described(id).connectionState)
  end)
end)
