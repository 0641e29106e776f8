local dxconnect = require "dxconnect"
local emulated = require "spec.support.emulated"
local random_calls = require "spec.support.random_calls"

describe("emulator:seed", function()
  local client, emulator, record

  before_each(function()
    client, emulator, record = emulated.world()
  end)

  it('of "estate" is two locations, a LAG, keys, interfaces, gateways, that all calls see', function()
    assert.is_true(emulator:seed "estate")
    local codes = {}
    for _, connection in ipairs(assert(client:describe_connections()).connections) do
      assert.equal("available", connection.connectionState)
      codes[connection.location] = true
    end
    assert.same({ EqDC2 = true, CSVA1 = true }, codes)
    local lag = assert(client:describe_lags()).lags[1]
    assert.equal("available", lag.lagState)
    assert.equal(2, #lag.connections)
    assert.equal(2, #lag.macSecKeys)
    assert.equal("Encryption Up", lag.connections[1].portEncryptionStatus)
    local types = {}
    for _, interface in ipairs(assert(client:describe_virtual_interfaces()).virtualInterfaces) do
      assert.equal("available", interface.virtualInterfaceState)
      assert.equal("up", interface.bgpPeers[1].bgpStatus)
      types[interface.virtualInterfaceType] = true
    end
    assert.same({ private = true, public = true, transit = true }, types)
    assert.equal(2, #assert(client:describe_direct_connect_gateways()).directConnectGateways)
    for _, gateway in ipairs(assert(client:describe_direct_connect_gateways()).directConnectGateways) do
      assert.equal("associated", assert(client:describe_direct_connect_gateway_associations {
        directConnectGatewayId = gateway.directConnectGatewayId,
      }).directConnectGatewayAssociations[1].associationState)
    end
    local group = assert(client:list_resiliency_groups()).items[1]
    assert.equal(2, #assert(client:list_resiliency_group_associations {
      resiliencyGroupId = group.resiliencyGroupId,
    }).items)
    random_calls.check(emulator)
  end)

  it("twice leaves one of everything, and what calls made", function()
    assert.is_true(emulator:seed "estate")
    local first = emulator:snapshot()
    local own = assert(client:create_connection {
      location = "EqDC2", bandwidth = "10Gbps", connectionName = "own",
    }).connectionId
    local hangs = assert(client:create_private_virtual_interface {
      connectionId = "dxcon-estate03",
      newPrivateVirtualInterface = { virtualInterfaceName = "v", vlan = 9, asn = 65001, virtualGatewayId = "vgw-1" },
    }).virtualInterfaceId
    local lag = assert(client:create_lag {
      location = "EqDC2", connectionsBandwidth = "10Gbps", numberOfConnections = 1, lagName = "own",
    }).lagId
    assert(client:associate_connection_with_lag { connectionId = own, lagId = lag })
    assert.is_true(emulator:seed "estate")
    local second = emulator:snapshot()
    assert.equal(#first.resources.connection + 2, #second.resources.connection)
    assert.equal(#first.resources.virtual_interface, #second.resources.virtual_interface)
    assert.equal("own", emulator:get(own).connectionName)
    assert.is_nil(emulator:get(hangs))
    random_calls.check(emulator)
  end)

  it("of a table keeps the ids that are given, and makes up the rest", function()
    assert.is_true(emulator:seed {
      connection = {
        { connectionId = "dxcon-mine", macSecKeys = { { ckn = ("0a"):rep(32) } }, tags = { { key = "a" } } },
        { connectionName = "two", connectionState = "requested" },
      },
      gateway = { { directConnectGatewayId = "g-1", directConnectGatewayName = "g" } },
      virtual_interface = {
        { virtualInterfaceId = "dxvif-mine", connectionId = "dxcon-mine", directConnectGatewayId = "g-1" },
        { connectionId = "dxcon-mine" },
      },
    })
    local mine = emulator:get "dxcon-mine"
    assert.equal("available", mine.connectionState)
    assert.equal("associated", mine.macSecKeys[1].state)
    assert.equal("Encryption Up", mine.portEncryptionStatus)
    assert.equal(4800, mine.prefixPoolUnallocatedCountIpv4)
    local attachments = assert(client:describe_direct_connect_gateway_attachments { virtualInterfaceId = "dxvif-mine" })
    assert.equal("attached", attachments.directConnectGatewayAttachments[1].attachmentState)
    record.now = record.now + 300
    for connection in client:items("describe_connections") do
      assert.equal("available", connection.connectionState)
    end
    assert(client:disassociate_mac_sec_key { connectionId = "dxcon-mine", secretARN = mine.macSecKeys[1].secretARN })
    assert(client:delete_virtual_interface { virtualInterfaceId = "dxvif-mine" })
    random_calls.check(emulator)
  end)

  it("again replaces what it brought before", function()
    assert.is_true(emulator:seed { connection = { { connectionId = "dxcon-a" }, { connectionId = "dxcon-b" } } })
    assert.is_true(emulator:seed { connection = { { connectionId = "dxcon-a", connectionName = "new" } } })
    local list = assert(client:describe_connections()).connections
    assert.equal(1, #list)
    assert.equal("new", list[1].connectionName)
  end)

  it("takes the resources of an inventory's kinds, with what others are in", function()
    assert.is_true(emulator:seed {
      interconnect = { { interconnectId = "dxcon-i" } },
      connection = {
        { connectionId = "dxcon-h", parentConnectionId = "dxcon-i", vlan = 7, bandwidth = "1Gbps" },
        { connectionId = "dxcon-l", lagId = "dxlag-l" },
      },
      lag = { { lagId = "dxlag-l" } },
      resiliency_group = { { resiliencyGroupName = "g", connectionIdentifiers = { "dxcon-l" } } },
      gateway = { { directConnectGatewayId = "g" } },
      gateway_association = { { directConnectGatewayId = "g", associatedGateway = { id = "tgw-1" } } },
      gateway_proposal = { { directConnectGatewayId = "g", associatedGateway = { id = "vgw-9" } } },
      virtual_private_gateway = { { virtualGatewayId = "vgw-7" } },
      virtual_interface = { { virtualInterfaceId = "dxvif-a", connectionId = "dxlag-l" } },
      bgp_peer = { { virtualInterfaceId = "dxvif-a", bgpPeerId = "dxpeer-b", addressFamily = "ipv6" } },
      mac_sec_key = { { connectionId = "dxlag-l", ckn = ("0c"):rep(32) } },
      transit_gateway = { {} }, location = {}, core_network = {},
    })
    assert.equal("dxcon-l", emulator:get("dxlag-l").connections[1].connectionId)
    assert.equal(("0c"):rep(32), emulator:get("dxlag-l").connections[1].macSecKeys[1].ckn)
    assert.equal(1, #assert(client:describe_hosted_connections { connectionId = "dxcon-i" }).connections)
    assert.equal("dxpeer-b", emulator:get("dxvif-a").bgpPeers[2].bgpPeerId)
    assert.equal("vgw-7", assert(client:describe_virtual_gateways()).virtualGateways[1].virtualGatewayId)
    assert.equal("requested", assert(client:describe_direct_connect_gateway_association_proposals())
      .directConnectGatewayAssociationProposals[1].proposalState)
    random_calls.check(emulator)
  end)

  it("says what is wrong, and changes nothing", function()
    assert.is_true(emulator:seed { connection = { { connectionId = "dxcon-a" } } })
    for pattern, what in pairs {
      ["no kind conection; did you mean connection"] = { conection = {} },
      ["connection 1: Connection has no member nme"] = { connection = { { nme = "x" } } },
      ["connection 1: .*expected a string, got a number"] = { connection = { { connectionName = 5 } } },
      ["there is no broken"] = { connection = { { connectionState = "broken" } } },
      ["connectionId is required"] = { virtual_interface = { {} } },
      ["connectionId names nothing that is there: dxcon%-x"] = { virtual_interface = { { connectionId = "dxcon-x" } } },
      ["connection: expected a list"] = { connection = 5 },
      ["interface 3: dxcon%-a has an interface of VLAN 7 already: number 2"] = {
        connection = { { connectionId = "dxcon-a" } },
        virtual_interface = {
          { connectionId = "dxcon-a", vlan = 7, virtualInterfaceState = "deleted" },
          { connectionId = "dxcon-a", vlan = 7 }, { connectionId = "dxcon-a", vlan = 7 },
        },
      },
      ["no seed estat; did you mean estate"] = "estat",
    } do
      local ok, err = emulator:seed(what)
      assert.is_nil(ok)
      assert.matches(pattern, err.message)
      assert.equal("config", err.kind)
    end
    assert.equal("available", emulator:get("dxcon-a").connectionState)
    assert.error_matches(function()
      emulator:seed(5)
    end, "expected a name or a table")
  end)

  it("fills the region and the account of the emulator", function()
    local keys = { access_key_id = "A", secret_access_key = "s", account_id = "999988887777" }
    emulator = dxconnect.emulator { clock = record.clock, credentials = keys, region = "eu-central-1" }
    client = emulated.client(emulator, record, { credentials = keys, region = "eu-central-1" })
    assert.is_true(emulator:seed "estate")
    local connection = assert(client:describe_connections()).connections[1]
    assert.equal("999988887777", connection.ownerAccount)
    assert.equal("eu-central-1", connection.region)
    assert.equal("EqFA5", connection.location)
  end)
end)
