local emulated = require "spec.support.emulated"

local failure = emulated.failure
local routers = require "dxconnect.resources.routers"

describe("router configurations in the emulator", function()
  it("name what the router needs, and are hidden when printed", function()
    local client, _, record = emulated.world()
    local interface = assert(client:create_private_virtual_interface {
      connectionId = emulated.connection(client, record),
      newPrivateVirtualInterface = {
        virtualInterfaceName = "one", vlan = 101, asn = 65001, authKey = "bgp-secret", virtualGatewayId = "vgw-1",
      },
    })
    local id = interface.virtualInterfaceId
    local result = assert(client:describe_router_configuration { virtualInterfaceId = id })
    assert.equal("CiscoSystemsInc-2900SeriesRouters-IOS124", result.router.routerTypeIdentifier)
    assert.equal("one", result.virtualInterfaceName)
    local address = interface.bgpPeers[1].customerAddress
    for _, part in ipairs { "dot1Q 101", "router bgp 65001", "password bgp%-secret", "address " .. address } do
      assert.matches(part, result.customerRouterConfig)
    end
    assert.matches("<bgp_auth_key>bgp%-secret</bgp_auth_key>", interface.customerRouterConfig)
    assert.is_nil(tostring(result):find("bgp-secret", 1, true))
    local juniper = assert(client:describe_router_configuration {
      virtualInterfaceId = id, routerTypeIdentifier = "JuniperNetworksInc-MMXSeriesRouters-JunOS95",
    })
    assert.equal("Juniper Networks, Inc.", juniper.router.vendor)
    assert.matches("set interfaces ge%-0/0/1 unit 101 vlan%-id 101", juniper.customerRouterConfig)
    assert.matches('authentication%-key "bgp%-secret"', juniper.customerRouterConfig)
    assert.is_nil(juniper.customerRouterConfig:find("dot1Q", 1, true))
    for _, router in ipairs(routers) do
      local text = assert(client:describe_router_configuration {
        virtualInterfaceId = id, routerTypeIdentifier = router.routerTypeIdentifier,
      }).customerRouterConfig
      assert.matches("65001", text)
      assert.matches("bgp%-secret", text)
    end
    assert.matches("Router type Nobody does not exist; there are Cisco", failure(client:describe_router_configuration {
      virtualInterfaceId = id, routerTypeIdentifier = "Nobody",
    }))
    assert.matches("does not exist", failure(client:describe_router_configuration { virtualInterfaceId = "dxvif-no" }))
  end)
end)
