local estates = require "spec.support.estates"

local function link_of(inventory, kind, from, to)
  for _, link in ipairs(inventory.links) do
    if link.kind == kind and link.from == from and link.to == to then
      return link
    end
  end
end

describe("the graph of an inventory", function()
  local inventory

  setup(function()
    inventory = estates.inventory {
      DescribeConnections = {
        estates.port("dxcon-1", { macSecKeys = { { ckn = ("ab"):rep(32), state = "associated" } } }),
        estates.port("dxcon-m", { lagId = "dxlag-1" }),
      },
      DescribeLags = {
        { lagId = "dxlag-1", lagName = "lag", lagState = "available", location = "EqDC2", region = "us-east-1",
          ownerAccount = "111122223333", connections = { estates.port("dxcon-m", { lagId = "dxlag-1" }) } },
      },
      DescribeVirtualInterfaces = {
        estates.interface("dxvif-1", "dxcon-1", "gw-1"),
        estates.interface("dxvif-2", "dxcon-of-another", nil, {
          virtualGatewayId = "vgw-9", bgpPeers = { { asn = 65001, addressFamily = "ipv6" } },
          tags = { { key = "env", value = "prod" }, { key = "empty" } },
        }),
      },
      DescribeVirtualGateways = { { virtualGatewayId = "vgw-9", virtualGatewayState = "available" } },
      DescribeDirectConnectGateways = { estates.gateway "gw-1" },
      DescribeDirectConnectGatewayAssociations = {
        estates.association("gw-1", "vgw-1"),
        { directConnectGatewayId = "gw-1", associationState = "associating",
          associatedGateway = { id = "tgw-1", type = "transitGateway", region = "eu-central-1" } },
        { directConnectGatewayId = "gw-1", associationState = "associated",
          associatedCoreNetwork = { id = "core-network-1", ownerAccount = "444455556666" } },
      },
      DescribeDirectConnectGatewayAttachments = {
        { directConnectGatewayId = "gw-1", virtualInterfaceId = "dxvif-1", attachmentState = "attached" },
        { directConnectGatewayId = "gw-1", virtualInterfaceId = "dxvif-other", attachmentState = "attaching",
          virtualInterfaceOwnerAccount = "444455556666", virtualInterfaceRegion = "eu-west-1" },
      },
      ListResiliencyGroups = {
        { resiliencyGroupId = "dxrg-00000000000000001", resiliencyGroupName = "both", state = "available",
          resiliencyGroupArn = "arn:aws:directconnect:us-east-1:111122223333:resiliency-group/dxrg-00000000000000001" },
      },
      ListResiliencyGroupAssociations = {
        { resiliencyGroupId = "dxrg-00000000000000001", state = "associated",
          connectionArn = "arn:aws:directconnect:us-east-1:111122223333:dxcon/dxcon-1" },
      },
      DescribeLocations = { { locationCode = "EqDC2", locationName = "Equinix" }, { locationCode = "other" } },
    }
  end)

  it("has every kind, sorted by kind and id", function()
    local kinds, before = {}, nil
    for _, resource in ipairs(inventory.resources) do
      kinds[resource.kind] = true
      assert.is_true(not before or before.kind < resource.kind or before.kind == resource.kind
        and before.id < resource.id)
      before = resource
    end
    for _, kind in ipairs { "bgp_peer", "connection", "core_network", "gateway", "lag", "location", "mac_sec_key",
      "resiliency_group", "transit_gateway", "virtual_interface", "virtual_private_gateway" } do
      assert.is_true(kinds[kind], kind)
    end
  end)

  it("links what hangs together, in words of its own", function()
    for _, wanted in ipairs {
      { "at", "dxcon-1", "EqDC2" }, { "member", "dxcon-m", "dxlag-1" }, { "on", "dxvif-1", "dxcon-1" },
      { "peer", "peer-dxvif-1", "dxvif-1" }, { "key", "dxcon-1/" .. ("ab"):rep(32), "dxcon-1" },
      { "attached", "dxvif-2", "vgw-9" }, { "associated", "gw-1", "tgw-1" }, { "associated", "gw-1", "vgw-1" },
      { "associated", "gw-1", "core-network-1" }, { "grouped", "dxcon-1", "dxrg-00000000000000001" },
    } do
      assert.is_truthy(link_of(inventory, wanted[1], wanted[2], wanted[3]), table.concat(wanted, " "))
    end
    assert.equal("attached", link_of(inventory, "attached", "dxvif-1", "gw-1").state)
    assert.equal("associating", link_of(inventory, "associated", "gw-1", "tgw-1").state)
  end)

  it("has placeholders for what is named and can't be seen", function()
    for id, kind in pairs {
      ["dxcon-of-another"] = "connection", ["tgw-1"] = "transit_gateway", ["core-network-1"] = "core_network",
      ["vgw-1"] = "virtual_private_gateway", ["dxvif-other"] = "virtual_interface",
    } do
      local resource = inventory:find(id)
      assert.equal(kind, resource.kind)
      assert.equal("unknown", resource.state)
      assert.is_true(resource.placeholder)
    end
    assert.equal("444455556666", inventory:find("dxvif-other").account)
    assert.equal("eu-west-1", inventory:find("dxvif-other").region)
    assert.is_nil(inventory:find("dxcon-1").placeholder)
  end)

  it("shows a resource by its own members", function()
    local interface = inventory:find("dxvif-2")
    assert.same({ env = "prod", empty = "" }, interface.tags)
    assert.equal("name of dxvif-2", interface.name)
    assert.equal("available", interface.state)
    assert.equal("111122223333", interface.account)
    assert.equal("us-east-1", interface.region)
    assert.equal(100, interface.data.vlan)
    assert.is_truthy(inventory:find("dxvif-2/ipv6/65001"))
    assert.equal("Equinix", inventory:find("EqDC2").name)
    assert.is_nil(inventory:find("other"))
  end)

  it("is asked by filters: values, functions, patterns, tags", function()
    local function ids(filter)
      local list = {}
      for resource in inventory:each(filter) do
        list[#list + 1] = resource.id
      end
      return list
    end
    assert.same({ "dxvif-1", "dxvif-2", "dxvif-other" }, ids { kind = "virtual_interface" })
    assert.same({ "dxvif-2" }, ids { tags = { env = "~^pr" } })
    assert.same({ "dxvif-2" }, ids { tags = { env = "prod" }, state = "available" })
    assert.same({ "dxcon-1", "dxcon-m" }, ids { name = "~dxcon" })
    assert.same({ "gw-1" }, ids { kind = "gateway", account = function(account)
      return account == "111122223333"
    end })
    assert.equal(#inventory.resources, #ids())
    assert.has_error(function()
      inventory:each { kinds = "gateway" }
    end)
  end)

  it("finds what is linked, in both directions", function()
    assert.equal("dxcon-1", inventory:linked("dxvif-1", "on")[1].id)
    assert.equal("dxvif-1", inventory:linked(inventory:find("dxcon-1"), "on")[1].id)
    assert.same({}, inventory:linked("nothing"))
    assert.is_true(#inventory:linked("dxvif-1") >= 3)
  end)
end)
