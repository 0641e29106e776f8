--- Configurations for the customer's router.

local interfaces = require "dxconnect.emulator.interfaces"
local router_text = require "dxconnect.emulator.router_text"
local service_error = require "dxconnect.emulator.service_error"

local handlers = {}

function handlers.DescribeRouterConfiguration(world, params)
  local interface = interfaces.present(world, world:get("virtual_interface", params.virtualInterfaceId))
  local router = router_text.find(params.routerTypeIdentifier)
  if not router then
    service_error.client("Router type %s does not exist; there are %s", params.routerTypeIdentifier,
      table.concat(router_text.identifiers(), ", "))
  end
  return {
    customerRouterConfig = router_text.commands(interface, router),
    router = router,
    virtualInterfaceId = interface.virtualInterfaceId,
    virtualInterfaceName = interface.virtualInterfaceName,
  }
end

return handlers
