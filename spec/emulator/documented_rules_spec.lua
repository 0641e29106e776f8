--- Rules that the service's documentation states, by operation.

local dxconnect = require "dxconnect"
local emulated = require "spec.support.emulated"

local failure = emulated.failure

describe("in the emulator", function()
  local client, emulator, record

  before_each(function()
    client, emulator, record = emulated.world()
  end)

  -- Sends what the client itself would refuse.
  local function send(operation, params)
    local request = assert(client:prepare("describe_lags"))
    local target = "OvertureService." .. operation
    request.headers["x-amz-target"] = target
    request.body = params
    request = assert(dxconnect.sign({
      method = "POST", url = request.url, body = params,
      headers = { ["x-amz-target"] = target, ["content-type"] = "application/x-amz-json-1.1" },
    }, {
      region = "us-east-1", service = "directconnect", clock = record.clock,
      credentials = { access_key_id = "a", secret_access_key = "b" },
    }))
    local response = emulator.transport(request)
    return response.status == 200 and response.body
      or response.body:match('"__type":"([^"]*)"') .. ": " .. response.body:match('"message":"(.*)"}$')
  end

  local function port(params)
    return emulated.connection(client, record, params)
  end

  local function private(id, params)
    local new = { virtualInterfaceName = "v", vlan = 101, asn = 65001, virtualGatewayId = "vgw-1" }
    for name, value in pairs(params or {}) do
      new[name] = value or nil
    end
    return client:create_private_virtual_interface({ connectionId = id, newPrivateVirtualInterface = new })
  end

  describe("a port that is not available", function()
    it("takes no key and no interface", function()
      local made = assert(client:create_connection {
        location = "EqDC2", bandwidth = "10Gbps", connectionName = "early", requestMACSec = true,
      })
      local id = made.connectionId
      local key = { connectionId = id, ckn = ("0a"):rep(32), cak = ("0b"):rep(32) }
      assert.matches("The port is not in available state to associate the key",
        failure(client:associate_mac_sec_key(key)))
      assert.matches("The specified Connection ID is not available: Connection .* is in state requested",
        failure(private(id)))
      record.now = record.now + 300
      assert(private(id))
      assert(client:associate_mac_sec_key(key))
    end)

    it("is one whose key is put on or taken off", function()
      local id = port()
      local first = { connectionId = id, ckn = ("0a"):rep(32), cak = ("0b"):rep(32) }
      local second = { connectionId = id, ckn = ("0c"):rep(32), cak = ("0d"):rep(32) }
      local third = { connectionId = id, ckn = ("0e"):rep(32), cak = ("0f"):rep(32) }
      local arn = assert(client:associate_mac_sec_key(first)).macSecKeys[1].secretARN
      assert.equal("pending", emulator:get(id).connectionState)
      record.now = record.now + 60
      assert.equal("available", emulator:get(id).connectionState)
      local other = assert(client:associate_mac_sec_key(second)).macSecKeys[2].secretARN
      assert.equal("pending", emulator:get(id).connectionState)
      assert.matches("not in available state", failure(client:associate_mac_sec_key(third)))
      record.now = record.now + 60
      assert(client:disassociate_mac_sec_key { connectionId = id, secretARN = other })
      record.now = record.now + 60
      assert.equal("available", emulator:get(id).connectionState)
      assert(client:disassociate_mac_sec_key { connectionId = id, secretARN = arn })
      assert.equal("pending", emulator:get(id).connectionState)
      assert.matches("not in available state", failure(client:associate_mac_sec_key(second)))
      record.now = record.now + 60
      assert(client:associate_mac_sec_key(second))
    end)

    it("takes several keys at once while it has none that works", function()
      local id = port()
      for _, digits in ipairs { "0a", "0c", "0e" } do
        assert(client:associate_mac_sec_key { connectionId = id, ckn = digits:rep(32), cak = ("0b"):rep(32) })
      end
      assert.equal("pending", emulator:get(id).connectionState)
    end)
  end)

  describe("create_private_virtual_interface", function()
    it("needs an ASN", function()
      assert.matches("^DirectConnectClientException: asn or asnLong is required", failure(private(port(), {
        asn = false,
      })))
    end)

    it("takes asnLong where asn is given as well", function()
      local id = port()
      local body = send("CreatePrivateVirtualInterface", ('{"connectionId":"%s","newPrivateVirtualInterface":{'
        .. '"virtualInterfaceName":"v","vlan":5,"asn":65001,"asnLong":4200000000,"virtualGatewayId":"vgw-1"}}')
        :format(id))
      assert.matches('"asnLong":4200000000', body)
      assert.matches('"asn":0', body)
    end)

    it("refuses what only prose states with the code that it lists", function()
      local id = port()
      for _, members in ipairs {
        '"vlan":4095,"asn":1', '"vlan":0,"asn":1', '"vlan":5,"asn":0', '"vlan":5,"asn":2147483647',
        '"vlan":5,"asnLong":4294967295', '"vlan":5,"asn":1,"mtu":9001', '"vlan":5,"asn":1,"authKey":"12345"',
        '"vlan":5,"asn":1,"directConnectGatewayId":"g"',
      } do
        local body = '{"connectionId":"%s","newPrivateVirtualInterface":{"virtualInterfaceName":"v",'
          .. '"virtualGatewayId":"vgw-1",%s}}'
        assert.matches("^DirectConnectClientException: newPrivateVirtualInterface",
          send("CreatePrivateVirtualInterface", body:format(id, members)))
      end
    end)

    it("takes names of a hundred characters, whatever their bytes", function()
      local id = port()
      assert(private(id, { virtualInterfaceName = ("é"):rep(100) }))
      assert.matches("^DirectConnectClientException: .* 1 to 100 characters",
        failure(private(id, { vlan = 102, virtualInterfaceName = ("n"):rep(101) })))
      assert.matches("1 to 100 characters", failure(client:update_virtual_interface_attributes {
        virtualInterfaceId = assert(private(id, { vlan = 103 })).virtualInterfaceId,
        virtualInterfaceName = ("n"):rep(101),
      }))
    end)

    it("refuses addresses that are none, of the other family, or the same twice", function()
      local id = port()
      for _, pair in ipairs {
        { "10.0.0.256/30", "10.0.0.2/30" }, { "x", "10.0.0.2/30" }, { "10.0.0.1/33", "10.0.0.2/30" },
        { "2001:db8::1/125", "2001:db8::2/125" }, { "10.0.0.1/30", "10.0.0.1/30" }, { "1.2.3", "10.0.0.2/30" },
      } do
        assert.matches("^DirectConnectClientException: .*Address",
          failure(private(id, { amazonAddress = pair[1], customerAddress = pair[2] })))
      end
      assert(private(id, { amazonAddress = "10.0.0.1/30", customerAddress = "10.0.0.2/30" }))
    end)

    it("takes the rate limits that the service supports, up to the port's speed", function()
      local id = port()
      for vlan, rate in ipairs { "50Mbps", "1.2Gbps", "10Gbps" } do
        assert.equal(rate, assert(private(id, { vlan = vlan, rateLimit = rate })).rateLimit)
      end
      assert.equal("11250Mbps", emulator:get(id).rateLimiterStatus.totalBandwidth)
      for _, rate in ipairs { "51Mbps", "0Mbps", "1.3Gbps", "25Gbps", "fast", "1gbps", "10Tbps", "" } do
        assert.matches("^DirectConnectClientException: Rate limit", failure(private(id, { rateLimit = rate })))
      end
      assert.matches("exceeds the bandwidth", failure(private(id, { rateLimit = "12Gbps" })))
    end)

    it("has ten rate limiters a port", function()
      local id = port()
      for vlan = 1, 10 do
        assert(private(id, { vlan = vlan, rateLimit = "50Mbps" }))
      end
      assert.matches("^LimitExceededException: .* maximum number of rate limiters: 10",
        failure(private(id, { rateLimit = "50Mbps" })))
      local free = assert(private(id)).virtualInterfaceId
      assert.matches("maximum number of rate limiters: 10", failure(client:update_virtual_interface_attributes {
        virtualInterfaceId = free, rateLimit = "50Mbps",
      }))
    end)

    it("keeps as many prefixes as are in use", function()
      local id = assert(private(port())).virtualInterfaceId
      record.now = record.now + 120
      assert.matches("can't be less than the prefixes in use: 1", failure(client:update_virtual_interface_attributes {
        virtualInterfaceId = id, prefixPoolAllocatedCountIpv4 = 0,
      }))
      assert(client:update_virtual_interface_attributes { virtualInterfaceId = id, prefixPoolAllocatedCountIpv6 = 0 })
    end)

    it("never gives more prefixes than the pool has", function()
      local id = port()
      for vlan = 1, 5 do
        assert(private(id, { vlan = vlan, prefixPoolAllocatedCountIpv4 = vlan < 5 and 1000 or 950 }))
      end
      assert.equal(50, assert(private(id)).prefixPoolAllocatedCountIpv4)
      assert.equal(0, emulator:get(id).prefixPoolUnallocatedCountIpv4)
    end)
  end)

  describe("create_public_virtual_interface", function()
    it("needs addresses for IPv4, and prefixes always", function()
      local id = port()
      local vlan = 5
      local function public(members)
        return send("CreatePublicVirtualInterface", ('{"connectionId":"%s","newPublicVirtualInterface":{'
          .. '"virtualInterfaceName":"v","vlan":%d,"asn":65001%s}}'):format(id, vlan, members))
      end
      local prefixes = ',"routeFilterPrefixes":[{"cidr":"%s"}]'
      local both = ',"amazonAddress":"203.0.113.1/30","customerAddress":"203.0.113.2/30"'
      assert.matches("^DirectConnectClientException: .* required", public(prefixes:format("198.51.100.0/24")))
      assert.matches("^DirectConnectClientException: routeFilterPrefixes", public(both))
      assert.matches("^DirectConnectClientException: .* required", public(',"addressFamily":"ipv6"'))
      assert.matches("^DirectConnectClientException: .* not allowed",
        public(prefixes:format("2001:db8::/32") .. ',"addressFamily":"ipv6"' .. both))
      for _, cidr in ipairs { "198.51.100.0", "198.51.100.0/33", "300.1.1.0/24", "x/8", "2001:db8::/65", "" } do
        assert.matches("^DirectConnectClientException: CIDR", public(both .. prefixes:format(cidr)))
      end
      assert.matches("^{", public(both .. prefixes:format("198.51.100.0/24, 203.0.113.0/24")))
      vlan = 6
      assert.matches("^{", public(',"addressFamily":"ipv6"' .. prefixes:format("2001:db8::/64")))
    end)
  end)

  it("allocate_private_virtual_interface is for another account than the port's", function()
    local id = port()
    assert.matches("owns " .. id:gsub("%-", "%%-"), failure(client:allocate_private_virtual_interface {
      connectionId = id, ownerAccount = "111122223333",
      newPrivateVirtualInterfaceAllocation = { virtualInterfaceName = "v", vlan = 5, asn = 65001 },
    }))
  end)

  it("create_direct_connect_gateway has the private range of ASNs", function()
    for _, asn in ipairs { "64511", "65535", "4199999999", "4294967295" } do
      assert.matches("^DirectConnectClientException: amazonSideAsn must be 64512 to 65534 or 4200000000 to 4294967294",
        send("CreateDirectConnectGateway", '{"directConnectGatewayName":"g","amazonSideAsn":' .. asn .. "}"))
    end
  end)

  it("tag keys and group names keep to their patterns", function()
    local id = port()
    local function tag(key)
      return send("TagResource", ('{"resourceArn":"arn:aws:directconnect:us-east-1:111122223333:dxcon/%s","tags":'
        .. '[{"key":"%s","value":"v"}]}'):format(id, key))
    end
    for _, key in ipairs { "a b", "é", "日本", "a_b.c:d/e=f+g-h@i", "x9" } do
      assert.equal("{}", tag(key))
    end
    for _, key in ipairs { "a#b", "a!b", "a*", "€", "a,b", "{", "\\u0001", "\\n" } do
      assert.matches("^ValidationException", tag(key))
    end
    for _, name in ipairs { "a b", "é", "a.b", "" } do
      assert.matches("^ValidationException", send("CreateResiliencyGroup",
        ('{"resiliencyGroupName":"%s","intendedResiliencyModel":"high-resiliency"}'):format(name)))
    end
    assert.matches("resiliencyGroup", send("CreateResiliencyGroup",
      '{"resiliencyGroupName":"a-B_9","intendedResiliencyModel":"high-resiliency"}'))
  end)

  it("update_virtual_interface_attributes answers a full pool with a code that it lists", function()
    local listed = {}
    for _, code in ipairs(dxconnect.model.operations.UpdateVirtualInterfaceAttributes.errors) do
      listed[code] = true
    end
    local id = assert(private(port())).virtualInterfaceId
    local text = failure(client:update_virtual_interface_attributes {
      virtualInterfaceId = id, prefixPoolAllocatedCountIpv4 = 1001,
    })
    assert.is_true(listed[text:match("^%w+")], text)
  end)

  describe("gateways:", function()
    local function gateway()
      return assert(client:create_direct_connect_gateway { directConnectGatewayName = "g" })
        .directConnectGateway.directConnectGatewayId
    end

    local function associate(gate, id, prefixes)
      return client:create_direct_connect_gateway_association {
        directConnectGatewayId = gate, gatewayId = id, addAllowedPrefixesToDirectConnectGateway = prefixes,
      }
    end

    it("a virtual private gateway is associated with one only", function()
      local one, other = gateway(), gateway()
      local id = assert(associate(one, "vgw-1")).directConnectGatewayAssociation.associationId
      assert.matches("vgw%-1 belongs to another Direct Connect Gateway, " .. one:gsub("%-", "%%-"),
        failure(associate(other, "vgw-1")))
      record.now = record.now + 600
      assert(client:delete_direct_connect_gateway_association { associationId = id })
      assert.matches("another Direct Connect Gateway", failure(associate(other, "vgw-1")))
      record.now = record.now + 300
      assert(associate(other, "vgw-1"))
    end)

    it("a transit gateway is associated with prefixes only, and with several", function()
      local one, other = gateway(), gateway()
      assert.matches("^DirectConnectClientException: addAllowedPrefixesToDirectConnectGateway is required",
        failure(associate(one, "tgw-1")))
      assert(associate(one, "tgw-1", { { cidr = "10.0.0.0/8" } }))
      assert(associate(other, "tgw-1", { { cidr = "10.0.0.0/8" } }))
    end)

    it("proposals are for a gateway that stays", function()
      local gate = gateway()
      local function propose(id)
        return client:create_direct_connect_gateway_association_proposal {
          directConnectGatewayId = gate, directConnectGatewayOwnerAccount = "111122223333", gatewayId = id,
        }
      end
      local open = assert(propose("vgw-1")).directConnectGatewayAssociationProposal.proposalId
      assert(client:delete_direct_connect_gateway { directConnectGatewayId = gate })
      assert.matches("is deleting", failure(propose("vgw-2")))
      assert.matches("is deleting", failure(client:accept_direct_connect_gateway_association_proposal {
        directConnectGatewayId = gate, proposalId = open, associatedGatewayOwnerAccount = "111122223333",
      }))
    end)

    it("deleted ones are not listed", function()
      local gate, stays = gateway(), gateway()
      assert(client:delete_direct_connect_gateway { directConnectGatewayId = gate })
      assert.equal(2, #assert(client:describe_direct_connect_gateways()).directConnectGateways)
      record.now = record.now + 60
      local list = assert(client:describe_direct_connect_gateways()).directConnectGateways
      assert.equal(1, #list)
      assert.equal(stays, list[1].directConnectGatewayId)
      assert.same({}, assert(client:describe_direct_connect_gateways { directConnectGatewayId = gate })
        .directConnectGateways)
    end)

    it("one carries private interfaces and gateways, or transit ones", function()
      local gate, id = gateway(), port()
      assert(private(id, { virtualGatewayId = false, directConnectGatewayId = gate }))
      assert.matches("carries private", failure(associate(gate, "tgw-1", { { cidr = "10.0.0.0/8" } })))
      assert.matches("carries private", failure(client:create_transit_virtual_interface {
        connectionId = id,
        newTransitVirtualInterface = {
          virtualInterfaceName = "t", vlan = 9, asn = 65001, directConnectGatewayId = gate,
        },
      }))
      assert(associate(gate, "vgw-1"))
    end)
  end)

  describe("resiliency groups", function()
    local function group(token)
      return assert(client:create_resiliency_group {
        resiliencyGroupName = "g", intendedResiliencyModel = "high-resiliency", clientToken = token,
      }).resiliencyGroup.resiliencyGroupId
    end

    it("lose a connection that is deleted, and can go then", function()
      local id, connection = group(), port()
      assert(client:associate_connections_to_resiliency_group {
        resiliencyGroupId = id, connectionIdentifiers = { connection },
      })
      record.now = record.now + 60
      assert.matches("has connections", failure(client:delete_resiliency_group { resiliencyGroupId = id }))
      assert(client:delete_connection { connectionId = connection })
      record.now = record.now + 60
      assert(client:delete_resiliency_group { resiliencyGroupId = id })
      record.now = record.now + 60
      assert.same({}, assert(client:list_resiliency_group_associations { resiliencyGroupId = id }).items)
    end)

    it("bill two flat rates of one speed and tier, on different devices, as a pair", function()
      local id = group()
      local function flat(tier, location)
        return port { billingMode = "FlatRateTier" .. tier, location = location }
      end
      local one, same_device, other = flat(1, "EqDC2"), flat(1, "EqDC2"), flat(1, "CSVA1")
      local tier_two = flat(2, "CSVA1")
      assert(client:associate_connections_to_resiliency_group {
        resiliencyGroupId = id, connectionIdentifiers = { one, same_device, tier_two },
      })
      record.now = record.now + 60
      assert.equal("FlatRateTier1", emulator:get(one).billingMode)
      assert(client:associate_connections_to_resiliency_group {
        resiliencyGroupId = id, connectionIdentifiers = { other },
      })
      record.now = record.now + 60
      assert.equal("PortPairFlatRateTier1", emulator:get(one).billingMode)
      assert.equal("PortPairFlatRateTier1", emulator:get(other).billingMode)
      assert.equal("FlatRateTier1", emulator:get(same_device).billingMode)
      assert.equal("FlatRateTier2", emulator:get(tier_two).billingMode)
    end)

    it("answer a client token's repeat, unless the group is gone", function()
      local first = group("token")
      assert.equal(first, group("token"))
      assert(client:delete_resiliency_group { resiliencyGroupId = first })
      record.now = record.now + 1000
      assert.not_equal(first, group("token"))
    end)
  end)

  it("tag_resource and describe_tags are for the owner's ARNs", function()
    local keys = { access_key_id = "A", secret_access_key = "one", account_id = "111122223333" }
    local others = { access_key_id = "B", secret_access_key = "two", account_id = "444455556666" }
    client, emulator, record = emulated.world({ credentials = { keys, others } }, { credentials = keys })
    local theirs = emulated.client(emulator, record, { credentials = others })
    local id = port()
    local arn = "arn:aws:directconnect:us-east-1:%s:dxcon/" .. id
    local tags = { { key = "a", value = "b" } }
    assert(client:tag_resource { resourceArn = arn:format("111122223333"), tags = tags })
    for account, who in pairs { ["111122223333"] = theirs, ["444455556666"] = client } do
      assert.matches("does not exist", failure(who:tag_resource { resourceArn = arn:format(account), tags = tags }))
      assert.matches("does not exist", failure(who:describe_tags { resourceArns = { arn:format(account) } }))
    end
    assert.matches("does not exist", failure(client:tag_resource {
      resourceArn = arn:format("111122223333"):gsub("aws", "aws-cn", 1), tags = tags,
    }))
  end)
end)

describe("partners in the emulator", function()
  local keys = { access_key_id = "A", secret_access_key = "one", account_id = "111122223333" }
  local others = { access_key_id = "B", secret_access_key = "two", account_id = "444455556666" }

  local function world(kind)
    local partner = { partner = kind }
    for name, value in pairs(keys) do
      partner[name] = value
    end
    local client, emulator, record = emulated.world({ credentials = { partner, others } }, { credentials = keys })
    return client, emulated.client(emulator, record, { credentials = others }), record, emulator
  end

  local function interconnect(client, record)
    local id = assert(client:create_interconnect {
      interconnectName = "i", bandwidth = "10Gbps", location = "EqDC2",
    }).interconnectId
    record.now = record.now + 3600
    return id
  end

  local function host(client, parent, bandwidth, vlan)
    return client:allocate_hosted_connection {
      connectionId = parent, ownerAccount = "444455556666", bandwidth = bandwidth, connectionName = "h",
      vlan = vlan or 5,
    }
  end

  it("host what their type allows", function()
    for kind, able in pairs { v1 = { "50Mbps", "500Mbps" }, v2 = { "1Gbps", "10Gbps" } } do
      local client, _, record = world(kind)
      local parent = interconnect(client, record)
      assert.equal(kind, assert(client:describe_customer_metadata()).nniPartnerType)
      for vlan, bandwidth in ipairs(able) do
        assert(host(client, parent, bandwidth, vlan))
      end
      local other = kind == "v1" and "1Gbps" or "500Mbps"
      assert.matches("a " .. kind .. " partner", failure(host(client, parent, other, 9)))
    end
  end)

  it("are of the type that their first hosted connection tells, where none is given", function()
    local client, _, record = world()
    local parent = interconnect(client, record)
    assert(host(client, parent, "100Mbps"))
    assert.equal("v1", assert(client:describe_customer_metadata()).nniPartnerType)
    assert.matches("a v1 partner", failure(host(client, parent, "1Gbps", 6)))
  end)

  it("alone may order interconnects and look at what they host", function()
    local client = world("nonPartner")
    assert.equal("nonPartner", assert(client:describe_customer_metadata()).nniPartnerType)
    local text = "Account 111122223333 is not an authorized Direct Connect partner"
    assert.matches(text, failure(client:create_interconnect {
      interconnectName = "i", bandwidth = "10Gbps", location = "EqDC2",
    }))
    assert.matches(text, failure(client:describe_interconnects()))
    assert.matches(text, failure(client:describe_hosted_connections { connectionId = "dxcon-x" }))
  end)

  it("have LAGs that host, without pools and interfaces; others have the opposite", function()
    local client, theirs, record, emulator = world("v2")
    local function lag(who)
      local id = assert(who:create_lag {
        location = "EqDC2", connectionsBandwidth = "10Gbps", numberOfConnections = 1, lagName = "l",
      }).lagId
      record.now = record.now + 3600
      return id
    end
    local function interface(who, id)
      return who:create_private_virtual_interface {
        connectionId = id,
        newPrivateVirtualInterface = { virtualInterfaceName = "v", vlan = 5, asn = 65001, virtualGatewayId = "vgw-1" },
      }
    end
    local hosting, plain = lag(client), lag(theirs)
    assert.is_true(emulator:get(hosting).allowsHostedConnections)
    assert.is_nil(emulator:get(hosting).prefixPoolSizeIpv4)
    assert(host(client, hosting, "1Gbps"))
    assert.matches("carries hosted connections", failure(interface(client, hosting)))
    assert.is_false(emulator:get(plain).allowsHostedConnections)
    assert.equal(5000, emulator:get(plain).prefixPoolSizeIpv4)
    assert(interface(theirs, plain))
    assert.matches("does not allow hosted connections", failure(host(theirs, plain, "1Gbps")))
  end)

  it("can't confirm what they allocated; declining it is the owner's", function()
    local client, theirs, record, emulator = world()
    local parent = interconnect(client, record)
    local one = assert(host(client, parent, "1Gbps", 5)).connectionId
    local other = assert(host(client, parent, "1Gbps", 6)).connectionId
    assert.matches("belongs to another account", failure(client:confirm_connection { connectionId = one }))
    assert.equal("deleting", assert(client:delete_connection { connectionId = one }).connectionState)
    assert.equal("rejected", assert(theirs:delete_connection { connectionId = other }).connectionState)
    record.now = record.now + 60
    assert.equal("deleted", emulator:get(one).connectionState)
    local third = assert(host(client, parent, "1Gbps", 7)).connectionId
    assert.equal("pending", assert(theirs:confirm_connection { connectionId = third }).connectionState)
  end)

  it("take what they delete out of its owner's resiliency groups, into which only the owner puts it", function()
    local client, theirs, record = world()
    local hosted = assert(host(client, interconnect(client, record), "1Gbps")).connectionId
    local function group(who)
      return assert(who:create_resiliency_group {
        resiliencyGroupName = "g", intendedResiliencyModel = "high-resiliency",
      }).resiliencyGroup.resiliencyGroupId
    end
    local id = group(theirs)
    assert(theirs:associate_connections_to_resiliency_group {
      resiliencyGroupId = id, connectionIdentifiers = { hosted },
    })
    assert.matches("Could not find Connection", failure(client:associate_connections_to_resiliency_group {
      resiliencyGroupId = group(client), connectionIdentifiers = { hosted },
    }))
    assert(client:delete_connection { connectionId = hosted })
    assert.equal("disassociating", assert(theirs:list_resiliency_group_associations { resiliencyGroupId = id })
      .items[1].state)
  end)

  it("have interconnects of 1, 10 and 100 Gbps", function()
    local client = world("v2")
    assert.matches("Bandwidth 400Gbps is not available for interconnects", failure(client:create_interconnect {
      interconnectName = "i", bandwidth = "400Gbps", location = "EqDC2",
    }))
  end)
end)
