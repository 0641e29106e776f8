local emulated = require "spec.support.emulated"

local failure = emulated.failure

describe("interconnects in the emulator", function()
  local client, _, record

  before_each(function()
    client, _, record = emulated.world()
  end)

  local function create(params)
    local all = { interconnectName = "i", bandwidth = "10Gbps", location = "EqDC2", tags = { { key = "a" } } }
    for name, value in pairs(params or {}) do
      all[name] = value
    end
    return client:create_interconnect(all)
  end

  it("come, become available and go", function()
    local interconnect = assert(create())
    local id = interconnect.interconnectId
    assert.equal("requested", interconnect.interconnectState)
    assert.same({ { key = "a" } }, interconnect.tags)
    record.now = record.now + 300
    local found = assert(client:describe_interconnects { interconnectId = id }).interconnects
    assert.equal("available", found[1].interconnectState)
    assert.same({ interconnectState = "deleting" }, assert(client:delete_interconnect { interconnectId = id }))
    record.now = record.now + 60
    assert.equal("deleted", assert(client:describe_interconnects()).interconnects[1].interconnectState)
    record.now = record.now + 900
    assert.equal("DirectConnectClientException: Could not find Interconnect with ID " .. id,
      failure(client:describe_interconnects { interconnectId = id }))
  end)

  it("are no connections", function()
    local id = assert(create()).interconnectId
    assert.same({}, assert(client:describe_connections()).connections)
    assert.matches("Could not find Connection", failure(client:describe_connections { connectionId = id }))
  end)

  it("form LAGs, which take their hosted connections over and show them as connections", function()
    local id = assert(create()).interconnectId
    record.now = record.now + 300
    local hosted = assert(client:allocate_hosted_connection {
      connectionId = id, ownerAccount = "123456789012", bandwidth = "1Gbps", connectionName = "h", vlan = 5,
    })
    local lag = assert(client:create_lag {
      location = "EqDC2", connectionsBandwidth = "10Gbps", numberOfConnections = 1, lagName = "l", connectionId = id,
    })
    assert.equal(id, lag.connections[1].connectionId)
    assert.equal("i", lag.connections[1].connectionName)
    assert.equal("available", lag.connections[1].connectionState)
    local on_lag = assert(client:describe_hosted_connections { connectionId = lag.lagId }).connections
    assert.equal(hosted.connectionId, on_lag[1].connectionId)
    assert.equal(lag.lagId, assert(create { lagId = lag.lagId }).lagId)
    assert.matches("bundles connections of 10Gbps, not of 1Gbps",
      failure(create { lagId = lag.lagId, bandwidth = "1Gbps" }))
    local third = assert(create { lagId = lag.lagId }).interconnectId
    assert(client:delete_interconnect { interconnectId = third })
    assert.equal(2, assert(client:describe_lags()).lags[1].numberOfConnections)
    record.now = record.now + 60
    local left = assert(client:disassociate_connection_from_lag { connectionId = id, lagId = lag.lagId })
    assert.equal(id, left.connectionId)
    assert.equal(1, assert(client:describe_lags()).lags[1].numberOfConnections)
  end)
end)
