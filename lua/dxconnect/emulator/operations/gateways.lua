--- Direct Connect gateways, the interfaces attached to them, and virtual private gateways as far as calls named them.

local interfaces = require "dxconnect.emulator.interfaces"
local service_error = require "dxconnect.emulator.service_error"

local DEFAULT_ASN = 64512

local handlers = {}

local function is_live(gateway)
  return gateway.directConnectGatewayState == "pending" or gateway.directConnectGatewayState == "available"
end

local function check_quota(world)
  if world:quota("gateways") == math.huge then
    return
  end
  local count = 1
  for gateway in world:list("gateway"):each() do
    count = count + (is_live(gateway) and world:owner_of(gateway) == world.account and 1 or 0)
  end
  world:check_quota("gateways", count,
    ("Account %s has the maximum number of Direct Connect gateways"):format(world.account))
end

function handlers.CreateDirectConnectGateway(world, params)
  check_quota(world)
  local gateway = world:add("gateway", {
    directConnectGatewayId = world:new_uuid(),
    directConnectGatewayName = params.directConnectGatewayName,
    amazonSideAsn = params.amazonSideAsn or DEFAULT_ASN,
    ownerAccount = world.account,
    tags = params.tags or {},
  })
  world:walk(gateway, { "pending", "available" })
  return { directConnectGateway = interfaces.present_gateway(world, gateway) }
end

function handlers.DescribeDirectConnectGateways(world, params)
  local id = params.directConnectGatewayId
  local list = id and { world:get("gateway", id) } or world:list("gateway")
  return world:page(params, list, "directConnectGateways", function(gateway)
    return interfaces.present_gateway(world, gateway)
  end, function(gateway)
    return gateway.directConnectGatewayState ~= "deleted"
  end)
end

function handlers.UpdateDirectConnectGateway(world, params)
  local gateway = world:get("gateway", params.directConnectGatewayId)
  if not is_live(gateway) then
    service_error.client("Direct Connect Gateway %s is %s", params.directConnectGatewayId,
      gateway.directConnectGatewayState)
  end
  gateway.directConnectGatewayName = params.newDirectConnectGatewayName
  return { directConnectGateway = interfaces.present_gateway(world, gateway) }
end

local function has_user(world, kind, id, state, last)
  for record in world:each_by(kind, "directConnectGatewayId", id) do
    if record[state] ~= last then
      return true
    end
  end
  return false
end

function handlers.DeleteDirectConnectGateway(world, params)
  local id = params.directConnectGatewayId
  local gateway = world:get("gateway", id)
  if is_live(gateway) then
    if has_user(world, "gateway_attachment", id, "attachmentState", "detached") then
      service_error.client("Direct Connect Gateway %s has attached virtual interfaces: delete them first", id)
    elseif has_user(world, "gateway_association", id, "associationState", "disassociated") then
      service_error.client("Direct Connect Gateway %s has associated gateways: disassociate them first", id)
    end
    world:walk(gateway, { "deleting", "deleted", world.GONE })
  end
  return { directConnectGateway = interfaces.present_gateway(world, gateway) }
end

function handlers.DescribeDirectConnectGatewayAttachments(world, params)
  local gateway_id, interface_id = params.directConnectGatewayId, params.virtualInterfaceId
  if gateway_id then
    world:get("gateway", gateway_id)
  end
  local list = interface_id and world:list_by("gateway_attachment", "virtualInterfaceId", interface_id)
    or world:list_by("gateway_attachment", "directConnectGatewayId", gateway_id)
  return world:page(params, list, "directConnectGatewayAttachments", nil, function(attachment)
    return world:is_visible(attachment) and (not gateway_id or attachment.directConnectGatewayId == gateway_id)
  end)
end

function handlers.DescribeVirtualGateways(world)
  local list = {}
  for i, id in ipairs(world.state.virtual_gateways[world.region .. "/" .. world.account] or {}) do
    list[i] = { virtualGatewayId = id, virtualGatewayState = "available" }
  end
  return { virtualGateways = list }
end

return handlers
