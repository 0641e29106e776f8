--- Quotas and delays of the emulator: on by default, lifted, set.

local dxconnect = require "dxconnect"
local emulated = require "spec.support.emulated"

local failure = emulated.failure

describe("the emulator's quotas", function()
  local function world(options)
    return emulated.world(options)
  end

  local function order(client, location)
    return client:create_connection { location = location or "EqDC2", bandwidth = "10Gbps", connectionName = "c" }
  end

  local function interface(client, port, vlan, more)
    local new = { virtualInterfaceName = "v", vlan = vlan, asn = 65001 }
    for name, value in pairs(more or { virtualGatewayId = "vgw-1" }) do
      new[name] = value
    end
    return client:create_private_virtual_interface { connectionId = port, newPrivateVirtualInterface = new }
  end

  it("are ten connections a location, members of LAGs counted, what is deleted not", function()
    local client = world()
    local ids = {}
    for i = 1, 8 do
      ids[i] = assert(order(client)).connectionId
    end
    assert.matches("maximum number of connections at location EqDC2: 10", failure(client:create_lag {
      location = "EqDC2", connectionsBandwidth = "10Gbps", numberOfConnections = 3, lagName = "l",
    }))
    assert(client:create_lag {
      location = "EqDC2", connectionsBandwidth = "10Gbps", numberOfConnections = 2, lagName = "l",
    })
    local _, err = order(client)
    assert.equal("DirectConnectClientException", err.code)
    assert.equal("quota", err.reason)
    assert(order(client, "CSVA1"))
    assert(client:delete_connection { connectionId = ids[1] })
    assert(order(client))
  end)

  it("are fifty private and public interfaces of a connection, 51 of a LAG", function()
    local client, _, record = world()
    local port = emulated.connection(client, record)
    for vlan = 1, 50 do
      assert(interface(client, port, vlan))
    end
    assert.matches("^LimitExceededException: .* private and public virtual interfaces: 50",
      failure(interface(client, port, 51)))
    local lag = assert(client:create_lag {
      location = "EqDC2", connectionsBandwidth = "10Gbps", numberOfConnections = 1, lagName = "l",
    }).lagId
    record.now = record.now + 3600
    for vlan = 1, 51 do
      assert(interface(client, lag, vlan))
    end
    assert.matches("maximum number of virtual interfaces: 51", failure(interface(client, lag, 52)))
  end)

  it("are thirty interfaces and twenty virtual private gateways of a gateway", function()
    local client, _, record = world()
    local port = emulated.connection(client, record)
    local gateway = assert(client:create_direct_connect_gateway { directConnectGatewayName = "g" })
      .directConnectGateway.directConnectGatewayId
    for vlan = 1, 30 do
      assert(interface(client, port, vlan, { directConnectGatewayId = gateway }))
    end
    assert.matches("^LimitExceededException: .* maximum number of virtual interfaces: 30",
      failure(interface(client, port, 31, { directConnectGatewayId = gateway })))
    local function associate(i)
      return client:create_direct_connect_gateway_association {
        directConnectGatewayId = gateway, gatewayId = "vgw-" .. i,
      }
    end
    for i = 1, 20 do
      assert(associate(i))
    end
    assert.matches("^DirectConnectClientException: .* maximum number of virtual private gateways: 20",
      failure(associate(21)))
  end)

  it("are six transit gateways of a gateway, and twenty gateways of a transit gateway", function()
    local client = world()
    local function gateway()
      return assert(client:create_direct_connect_gateway { directConnectGatewayName = "g" })
        .directConnectGateway.directConnectGatewayId
    end
    local function associate(gate, id)
      return client:create_direct_connect_gateway_association {
        directConnectGatewayId = gate, gatewayId = id,
        addAllowedPrefixesToDirectConnectGateway = { { cidr = "10.0.0.0/8" } },
      }
    end
    local first = gateway()
    for i = 1, 6 do
      assert(associate(first, "tgw-" .. i))
    end
    assert.matches("maximum number of transit gateways: 6", failure(associate(first, "tgw-7")))
    for _ = 2, 20 do
      assert(associate(gateway(), "tgw-1"))
    end
    assert.matches("maximum number of Direct Connect gateways: 20", failure(associate(gateway(), "tgw-1")))
  end)

  it("are ten LAGs a region, and 200 gateways an account", function()
    local client = world { quotas = { connections_per_location = false } }
    local function lag()
      return client:create_lag {
        location = "EqDC2", connectionsBandwidth = "10Gbps", numberOfConnections = 1, lagName = "l",
      }
    end
    for _ = 1, 10 do
      assert(lag())
    end
    assert.matches("maximum number of Lags: 10", failure(lag()))
    local function gateway()
      return client:create_direct_connect_gateway { directConnectGatewayName = "g" }
    end
    for _ = 1, 200 do
      assert(gateway())
    end
    assert.matches("maximum number of Direct Connect gateways: 200", failure(gateway()))
  end)

  it("are lifted with false, all or one, and set with a table", function()
    local client = world { quotas = false }
    for _ = 1, 12 do
      assert(order(client))
    end
    client = world { quotas = { connections_per_location = 2, gateways = 1, lags = false } }
    assert(order(client))
    assert(order(client))
    assert.matches("location EqDC2: 2", failure(order(client)))
    assert(client:create_direct_connect_gateway { directConnectGatewayName = "g" })
    assert.matches("gateways: 1", failure(client:create_direct_connect_gateway { directConnectGatewayName = "g" }))
  end)

  it("that don't exist, or are no numbers, are a mistake of the test", function()
    for pattern, options in pairs {
      ["no quota gatways; did you mean gateways"] = { quotas = { gatways = 1 } },
      ["quotas.gateways must be a number"] = { quotas = { gateways = "1" } },
      ["quotas is a table, or false"] = { quotas = true },
      ["no kind to delay conection; did you mean connection"] = { delays = { conection = {} } },
      ["no state that connection stays in: pendin"] = { delays = { connection = { pendin = 1 } } },
      ["delays.connection.pending must be a number"] = { delays = { connection = { pending = -1 } } },
      ["delays.connection must be a table"] = { delays = { connection = 5 } },
    } do
      assert.error_matches(function()
        dxconnect.emulator(options)
      end, pattern)
    end
  end)
end)

describe("the emulator's delays", function()
  it("are how long states take", function()
    local client, emulator, record = emulated.world {
      delays = { connection = { requested = 5, pending = 7 }, mac_sec_key = { associating = 3 } },
    }
    local id = assert(client:create_connection {
      location = "EqDC2", bandwidth = "10Gbps", connectionName = "c", requestMACSec = true,
    }).connectionId
    local function state_after(seconds)
      record.now = record.now + seconds
      return emulator:get(id).connectionState
    end
    assert.equal("requested", state_after(4))
    assert.equal("pending", state_after(1))
    assert.equal("pending", state_after(6))
    assert.equal("available", state_after(1))
    assert(client:associate_mac_sec_key { connectionId = id, ckn = ("0a"):rep(32), cak = ("0b"):rep(32) })
    assert.equal("pending", state_after(2))
    assert.equal("available", state_after(1))
    assert.equal("associated", emulator:get(id).macSecKeys[1].state)
  end)

  it("of a LAG are its connections' too", function()
    local client, emulator, record = emulated.world { delays = { lag = { requested = 1, pending = 1 } } }
    local lag = assert(client:create_lag {
      location = "EqDC2", connectionsBandwidth = "10Gbps", numberOfConnections = 2, lagName = "l",
    }).lagId
    record.now = record.now + 2
    assert.equal("available", emulator:get(lag).lagState)
    assert.equal("available", emulator:get(lag).connections[2].connectionState)
  end)

  it("may be none", function()
    local client, emulator = emulated.world { delays = { gateway = { pending = 0 } } }
    local id = assert(client:create_direct_connect_gateway { directConnectGatewayName = "g" })
      .directConnectGateway.directConnectGatewayId
    assert.equal("available", emulator:get(id).directConnectGatewayState)
  end)
end)
