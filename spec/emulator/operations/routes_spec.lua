local emulated = require "spec.support.emulated"

local failure = emulated.failure

describe("routes in the emulator", function()
  local client, record, id, _

  before_each(function()
    client, _, record = emulated.world()
    local gate = assert(client:create_direct_connect_gateway { directConnectGatewayName = "gate" })
      .directConnectGateway.directConnectGatewayId
    id = assert(client:create_private_virtual_interface {
      connectionId = emulated.connection(client, record),
      newPrivateVirtualInterface = {
        virtualInterfaceName = "one", vlan = 101, asn = 65001, directConnectGatewayId = gate,
      },
    }).virtualInterfaceId
    assert(client:create_direct_connect_gateway_association {
      directConnectGatewayId = gate, gatewayId = "vgw-1",
      addAllowedPrefixesToDirectConnectGateway = { { cidr = "10.1.0.0/16" }, { cidr = "2001:db8:1::/48" } },
    })
  end)

  local function cidrs(params)
    params = params or {}
    params.virtualInterfaceId = id
    local list = {}
    for one in client:items("list_virtual_interface_routes", params) do
      list[#list + 1] = one.cidr
    end
    return list
  end

  it("are there once the interface is up, and the associations stand", function()
    assert.same({}, cidrs())
    record.now = record.now + 120
    assert.same({ "10.101.1.0/24" }, cidrs())
    record.now = record.now + 600
    assert.same({ "10.101.1.0/24", "10.1.0.0/16", "2001:db8:1::/48" }, cidrs())
  end)

  it("are filtered and paged", function()
    record.now = record.now + 720
    local function filtered(filters)
      return cidrs { filters = filters, maxResults = 1 }
    end
    assert.same({ "10.101.1.0/24", "10.1.0.0/16", "2001:db8:1::/48" }, filtered {})
    assert.same({ "10.101.1.0/24" }, filtered { routeDirection = "accepted" })
    assert.same({ "10.1.0.0/16", "2001:db8:1::/48" }, filtered { routeDirection = "advertised" })
    assert.same({ "2001:db8:1::/48" }, filtered { addressFamily = "ipv6" })
    assert.same({ "10.1.0.0/16" }, filtered { cidrs = { "10.1.0.0/16", "10.9.0.0/16" } })
    assert.same({ "10.101.1.0/24" }, filtered { asPath = { 65001 } })
    assert.same({}, filtered { communities = { "7224:1" } })
  end)

  it("are those of an interface", function()
    assert.matches("virtualInterfaceId is required", failure(client:list_virtual_interface_routes()))
    assert.matches("does not exist", failure(client:list_virtual_interface_routes { virtualInterfaceId = "dxvif-no" }))
  end)
end)
