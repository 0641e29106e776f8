--- Associations of virtual private and transit gateways with Direct Connect gateways.

local associations = require "dxconnect.emulator.associations"
local interfaces = require "dxconnect.emulator.interfaces"
local service_error = require "dxconnect.emulator.service_error"

local handlers = {}

function handlers.CreateDirectConnectGatewayAssociation(world, params)
  local direct = interfaces.get_gateway(world, params.directConnectGatewayId)
  local id = params.gatewayId or params.virtualGatewayId
  if associations.find(world, params.directConnectGatewayId, id) then
    service_error.client("%s is already associated with Direct Connect Gateway %s", id, params.directConnectGatewayId)
  end
  local gateway = associations.gateway(world, id)
  local prefixes = associations.merge(params.addAllowedPrefixesToDirectConnectGateway)
  associations.check_new(world, direct, gateway, prefixes)
  return { directConnectGatewayAssociation = associations.new(world, direct, gateway, prefixes) }
end

function handlers.UpdateDirectConnectGatewayAssociation(world, params)
  if not params.associationId then
    service_error.client("associationId is required")
  end
  local association = world:get("gateway_association", params.associationId)
  associations.check_stable(association)
  local prefixes = associations.merge(association.allowedPrefixesToDirectConnectGateway,
    params.addAllowedPrefixesToDirectConnectGateway, params.removeAllowedPrefixesToDirectConnectGateway)
  associations.check_prefixes(world, association.associatedGateway, prefixes)
  associations.update(world, association, prefixes)
  return { directConnectGatewayAssociation = association }
end

function handlers.DeleteDirectConnectGatewayAssociation(world, params)
  local association = params.associationId and world:get("gateway_association", params.associationId)
    or associations.find(world, params.directConnectGatewayId, params.virtualGatewayId)
  if not association then
    service_error.client("The association of %s with Direct Connect Gateway %s does not exist",
      params.virtualGatewayId, params.directConnectGatewayId)
  end
  local state = association.associationState
  if state ~= "disassociating" and state ~= "disassociated" then
    associations.check_stable(association)
    associations.delete(world, association)
  end
  return { directConnectGatewayAssociation = association }
end

function handlers.DescribeDirectConnectGatewayAssociations(world, params)
  local gateway_id = params.associatedGatewayId or params.virtualGatewayId
  if params.associationId then
    world:get("gateway_association", params.associationId)
  elseif params.directConnectGatewayId then
    world:get("gateway", params.directConnectGatewayId)
  end
  local list = world:list("gateway_association")
  if gateway_id then
    list = world:list_by("gateway_association", "_gateway", gateway_id)
  elseif params.directConnectGatewayId then
    list = world:list_by("gateway_association", "directConnectGatewayId", params.directConnectGatewayId)
  end
  return world:page(params, list, "directConnectGatewayAssociations", nil, function(one)
    return world:is_visible(one) and (not params.associationId or one.associationId == params.associationId)
      and (not params.directConnectGatewayId or one.directConnectGatewayId == params.directConnectGatewayId)
      and (not gateway_id or one._gateway == gateway_id)
  end)
end

return handlers
