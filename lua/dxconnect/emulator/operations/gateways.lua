--- Direct Connect gateways, the interfaces attached to them, and virtual private gateways as far as calls named them.

local service_error = require "dxconnect.emulator.service_error"

local DEFAULT_ASN = 64512

-- Seconds.
local PENDING, DELETING, DELETED = 60, 60, 900

local handlers = {}

function handlers.CreateDirectConnectGateway(world, params)
  local gateway = world:add("gateway", {
    directConnectGatewayId = world:new_uuid(),
    directConnectGatewayName = params.directConnectGatewayName,
    amazonSideAsn = params.amazonSideAsn or DEFAULT_ASN,
    ownerAccount = world.account,
    totalPrefixPoolAllocations = 0,
    tags = params.tags or {},
  })
  world:move(gateway, "pending", { PENDING, "available" })
  return { directConnectGateway = gateway }
end

function handlers.DescribeDirectConnectGateways(world, params)
  local id = params.directConnectGatewayId
  local list = id and { world:get("gateway", id) } or world:list("gateway")
  return world:page(params, list, "directConnectGateways")
end

function handlers.UpdateDirectConnectGateway(world, params)
  local gateway = world:get("gateway", params.directConnectGatewayId)
  local state = gateway.directConnectGatewayState
  if state == "deleting" or state == "deleted" then
    service_error.client("Direct Connect Gateway %s is %s", params.directConnectGatewayId, state)
  end
  gateway.directConnectGatewayName = params.newDirectConnectGatewayName
  return { directConnectGateway = gateway }
end

local function find_user(world, kind, id, state, last)
  for _, record in ipairs(world:list(kind)) do
    if record.directConnectGatewayId == id and record[state] ~= last then
      return record
    end
  end
end

function handlers.DeleteDirectConnectGateway(world, params)
  local id = params.directConnectGatewayId
  local gateway = world:get("gateway", id)
  if gateway.directConnectGatewayState == "pending" or gateway.directConnectGatewayState == "available" then
    if find_user(world, "attachment", id, "attachmentState", "detached") then
      service_error.client("Direct Connect Gateway %s has attached virtual interfaces: delete them first", id)
    elseif find_user(world, "association", id, "associationState", "disassociated") then
      service_error.client("Direct Connect Gateway %s has associated gateways: disassociate them first", id)
    end
    world:move(gateway, "deleting", { DELETING, "deleted", DELETED, world.GONE })
  end
  return { directConnectGateway = gateway }
end

function handlers.DescribeDirectConnectGatewayAttachments(world, params)
  local gateway_id, interface_id = params.directConnectGatewayId, params.virtualInterfaceId
  if gateway_id then
    world:get("gateway", gateway_id)
  end
  local list = world:list("attachment", function(attachment)
    return (not gateway_id or attachment.directConnectGatewayId == gateway_id)
      and (not interface_id or attachment.virtualInterfaceId == interface_id)
  end)
  return world:page(params, list, "directConnectGatewayAttachments")
end

function handlers.DescribeVirtualGateways(world)
  local list = {}
  for i, id in ipairs(world.state.virtual_gateways[world.region .. "/" .. world.account] or {}) do
    list[i] = { virtualGatewayId = id, virtualGatewayState = "available" }
  end
  return { virtualGateways = list }
end

return handlers
