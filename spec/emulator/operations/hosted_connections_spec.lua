local emulated = require "spec.support.emulated"

local failure = emulated.failure

describe("hosted connections in the emulator", function()
  local client, _, record, parent

  before_each(function()
    client, _, record = emulated.world()
    parent = assert(client:create_interconnect {
      interconnectName = "i", bandwidth = "10Gbps", location = "EqDC2", requestMACSec = true,
    }).interconnectId
    record.now = record.now + 3600
  end)

  local function allocate(params)
    local all = {
      connectionId = parent, ownerAccount = "123456789012", bandwidth = "500Mbps", connectionName = "h", vlan = 101,
    }
    for name, value in pairs(params or {}) do
      all[name] = value
    end
    return client:allocate_hosted_connection(all)
  end

  local function state_of(id)
    return assert(client:describe_connections { connectionId = id }).connections[1].connectionState
  end

  it("wait for their owner's word", function()
    local hosted = assert(allocate { tags = { { key = "a", value = "b" } } })
    assert.equal("ordering", hosted.connectionState)
    assert.equal("123456789012", hosted.ownerAccount)
    assert.equal(101, hosted.vlan)
    assert.equal("500Mbps", hosted.bandwidth)
    assert.is_false(hosted.macSecCapable)
    assert.is_true(hosted.partnerInterconnectMacSecCapable)
    assert.is_string(hosted.partnerName)
    assert.is_nil(hosted.billingMode)
    record.now = record.now + 86400
    assert.equal("ordering", state_of(hosted.connectionId))
    assert.equal("pending", assert(client:confirm_connection { connectionId = hosted.connectionId }).connectionState)
    record.now = record.now + 60
    assert.equal("available", state_of(hosted.connectionId))
    assert.equal("available", assert(client:confirm_connection { connectionId = hosted.connectionId }).connectionState)
  end)

  it("are rejected by deleting them", function()
    local id = assert(allocate()).connectionId
    assert.equal("rejected", assert(client:delete_connection { connectionId = id }).connectionState)
    assert.matches("is rejected", failure(client:confirm_connection { connectionId = id }))
    local lag = assert(client:create_lag {
      location = "EqDC2", connectionsBandwidth = "10Gbps", numberOfConnections = 1, lagName = "l",
    }).lagId
    assert.matches("is rejected", failure(client:associate_hosted_connection {
      connectionId = id, parentConnectionId = lag,
    }))
  end)

  it("are not what a dedicated connection is", function()
    assert.matches("is not a hosted connection",
      failure(client:confirm_connection { connectionId = emulated.connection(client, record) }))
    local hosted = assert(allocate()).connectionId
    assert.matches("the LOA is its partner's", failure(client:describe_loa { connectionId = hosted }))
    assert.matches("can't be part of a Lag", failure(client:create_lag {
      location = "EqDC2", connectionsBandwidth = "10Gbps", numberOfConnections = 1, lagName = "l",
      connectionId = hosted,
    }))
  end)

  it("are listed by what they are on, by both names", function()
    local one, two = assert(allocate()), assert(allocate { vlan = 102 })
    local page = assert(client:describe_hosted_connections { connectionId = parent, maxResults = 1 })
    assert.equal(one.connectionId, page.connections[1].connectionId)
    page = assert(client:describe_hosted_connections { connectionId = parent, nextToken = page.nextToken })
    assert.equal(two.connectionId, page.connections[1].connectionId)
    assert.is_nil(page.nextToken)
    assert.equal(2, #assert(client:describe_connections_on_interconnect { interconnectId = parent }).connections)
    assert.equal("DirectConnectClientException: DescribeHostedConnections failed for connection dxcon-x doesn't exist.",
      failure(client:describe_hosted_connections { connectionId = "dxcon-x" }))
  end)

  it("are refused where they do not fit", function()
    assert(allocate())
    assert.matches("VLAN 101 is already in use", failure(allocate()))
    assert.matches("Bandwidth 40Gbps is not available", failure(allocate { vlan = 102, bandwidth = "40Gbps" }))
    assert.matches("Account 12 does not exist", failure(allocate { vlan = 102, ownerAccount = "12" }))
    assert.matches("Could not find Interconnect with ID dxcon%-x", failure(allocate { connectionId = "dxcon-x" }))
    assert.matches("is not an interconnect",
      failure(allocate { connectionId = emulated.connection(client, record) }))
    assert.matches("has hosted connections", failure(client:delete_interconnect { interconnectId = parent }))
    local gone = assert(client:create_interconnect {
      interconnectName = "i", bandwidth = "10Gbps", location = "EqDC2",
    }).interconnectId
    assert(client:delete_interconnect { interconnectId = gone })
    assert.matches("is being deleted", failure(allocate { connectionId = gone }))
  end)

  it("come by the older operation too", function()
    local hosted = assert(client:allocate_connection_on_interconnect {
      interconnectId = parent, ownerAccount = "123456789012", bandwidth = "1Gbps", connectionName = "h", vlan = 5,
    })
    assert.equal("ordering", hosted.connectionState)
    assert.equal(5, hosted.vlan)
  end)

  it("have no MACsec keys", function()
    local id = assert(allocate()).connectionId
    assert(client:confirm_connection { connectionId = id })
    record.now = record.now + 60
    assert.matches("is a hosted connection", failure(client:associate_mac_sec_key {
      connectionId = id, ckn = ("0a"):rep(32), cak = ("0b"):rep(32),
    }))
  end)

  it("move to another interconnect or LAG", function()
    local hosted = assert(allocate())
    local lag = assert(client:create_lag {
      location = "CSVA1", connectionsBandwidth = "10Gbps", numberOfConnections = 1, lagName = "l",
    })
    local moved = assert(client:associate_hosted_connection {
      connectionId = hosted.connectionId, parentConnectionId = lag.lagId,
    })
    assert.equal("CSVA1", moved.location)
    assert.same({}, assert(client:describe_hosted_connections { connectionId = parent }).connections)
    assert.equal(1, #assert(client:describe_hosted_connections { connectionId = lag.lagId }).connections)
    assert.matches("is already associated", failure(client:associate_hosted_connection {
      connectionId = hosted.connectionId, parentConnectionId = lag.lagId,
    }))
    assert.matches("is in a transitioning state", failure(client:associate_hosted_connection {
      connectionId = hosted.connectionId, parentConnectionId = parent,
    }))
    assert(allocate())
    record.now = record.now + 60
    assert.matches("VLAN 101 is already in use", failure(client:associate_hosted_connection {
      connectionId = hosted.connectionId, parentConnectionId = parent,
    }))
    assert.matches("has hosted connections", failure(client:delete_lag { lagId = lag.lagId }))
  end)
end)
