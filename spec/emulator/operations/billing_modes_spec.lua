local emulated = require "spec.support.emulated"

local failure = emulated.failure

describe("billing modes in the emulator", function()
  local client, _, record, one, two

  before_each(function()
    client, _, record = emulated.world()
    one, two = emulated.connection(client, record), emulated.connection(client, record)
  end)

  local function update(ids, mode)
    return client:update_connections_billing_mode { connectionIds = ids, billingMode = mode }
  end

  it("change for all connections of a location at once", function()
    local result = assert(update({ one, two, one }, "FlatRateTier2"))
    assert.equal("FlatRateTier2", result.billingMode)
    assert.equal(2, #result.connections)
    for _, connection in ipairs(assert(client:describe_connections()).connections) do
      assert.equal("FlatRateTier2", connection.billingMode)
    end
    assert(update({ one }, "FlatRateTier3"))
  end)

  it("are by usage or flat, not mixed at a location", function()
    assert.matches("must be PayAsYouGo or all at a flat rate", failure(update({ one }, "FlatRateTier1")))
    assert(update({ one, two }, "FlatRateTier1"))
    local other = emulated.connection(client, record, { location = "CSVA1" })
    assert(update({ other }, "PayAsYouGo"))
    assert.matches("must be PayAsYouGo or all at a flat rate", failure(client:create_connection {
      location = "EqDC2", bandwidth = "10Gbps", connectionName = "x", billingMode = "PayAsYouGo",
    }))
    assert.equal("FlatRateTier1", assert(client:create_connection {
      location = "EqDC2", bandwidth = "10Gbps", connectionName = "x",
    }).billingMode)
  end)

  it("change three times in six months", function()
    for _, mode in ipairs { "FlatRateTier1", "FlatRateTier2", "FlatRateTier2", "FlatRateTier3" } do
      assert(update({ one, two }, mode))
    end
    assert.matches("maximum number of billing mode changes", failure(update({ one, two }, "FlatRateTier4")))
    record.now = record.now + 184 * 86400
    assert(update({ one, two }, "FlatRateTier4"))
  end)

  it("are the same for all members of a LAG", function()
    local lag = assert(client:create_lag {
      location = "CSVA1", connectionsBandwidth = "10Gbps", numberOfConnections = 2, lagName = "l",
      billingMode = "FlatRateTier1",
    })
    assert.equal("FlatRateTier1", lag.billingMode)
    local first, second = lag.connections[1].connectionId, lag.connections[2].connectionId
    assert.equal("FlatRateTier1", lag.connections[2].billingMode)
    assert.matches("must have the same billing mode", failure(update({ first }, "FlatRateTier2")))
    assert.matches("must have the same billing mode", failure(client:create_connection {
      location = "CSVA1", bandwidth = "10Gbps", connectionName = "x", lagId = lag.lagId, billingMode = "FlatRateTier2",
    }))
    local other = emulated.connection(client, record, { location = "CSVA1", billingMode = "FlatRateTier3" })
    assert.matches("has the billing mode FlatRateTier1, the connection FlatRateTier3", failure(
      client:associate_connection_with_lag { connectionId = other, lagId = lag.lagId }))
    assert.matches("has the billing mode FlatRateTier3, not FlatRateTier1", failure(client:create_lag {
      location = "CSVA1", connectionsBandwidth = "10Gbps", numberOfConnections = 1, lagName = "l",
      billingMode = "FlatRateTier1", connectionId = other,
    }))
    assert(update({ first, second }, "FlatRateTier2"))
    assert.equal("FlatRateTier2", assert(client:describe_lags()).lags[1].billingMode)
  end)

  it("are for dedicated connections that exist", function()
    assert.matches("Could not find Connection with ID dxcon%-x", failure(update({ one, "dxcon-x" }, "FlatRateTier1")))
    local interconnect = assert(client:create_interconnect {
      location = "EqDC2", bandwidth = "10Gbps", interconnectName = "i",
    }).interconnectId
    local hosted = assert(client:allocate_hosted_connection {
      connectionId = interconnect, ownerAccount = "123456789012", bandwidth = "1Gbps", connectionName = "h", vlan = 5,
    }).connectionId
    assert.matches("is a hosted connection", failure(update({ hosted }, "FlatRateTier1")))
    assert.matches("^ValidationException: ", failure(update({ one }, "PortPairFlatRateTier1")))
    assert(client:delete_connection { connectionId = one })
    assert.matches("is deleting", failure(update({ one }, "FlatRateTier1")))
    assert(update({ two }, "FlatRateTier1"))
  end)
end)
