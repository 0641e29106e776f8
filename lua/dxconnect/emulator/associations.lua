--- What associations of gateways with Direct Connect gateways, and proposals of them, share.

local interfaces = require "dxconnect.emulator.interfaces"
local service_error = require "dxconnect.emulator.service_error"

local associations = {}

local TRANSIT = "transitGateway"

--- A gateway by its id as associations show it.
function associations.gateway(world, id)
  local is_transit = id:find("^tgw%-") ~= nil
  return {
    id = id,
    type = is_transit and TRANSIT or "virtualPrivateGateway",
    ownerAccount = world.account,
    region = world.region,
  }
end

--- The association of a pair that is not over; nil where there is none.
function associations.find(world, direct_connect_gateway_id, gateway_id)
  for one in world:each_by("gateway_association", "_gateway", gateway_id) do
    if one.directConnectGatewayId == direct_connect_gateway_id and one.associationState ~= "disassociated"
      and world:is_visible(one) then
      return one
    end
  end
end

--- A copy of a list of prefixes, with some added and some removed, each once.
function associations.merge(prefixes, added, removed)
  local is_removed, seen, result = {}, {}, {}
  for _, prefix in ipairs(removed or {}) do
    is_removed[prefix.cidr or 0] = true
  end
  for _, list in ipairs { prefixes or {}, added or {} } do
    for _, prefix in ipairs(list) do
      local cidr = prefix.cidr
      if cidr and not seen[cidr] and (list == added or not is_removed[cidr]) then
        seen[cidr] = true
        result[#result + 1] = { cidr = cidr }
      end
    end
  end
  return result
end

--- Raises where a gateway can't have some prefixes.
function associations.check_prefixes(world, gateway, prefixes)
  if gateway.type == TRANSIT then
    if #prefixes == 0 then
      service_error.client("addAllowedPrefixesToDirectConnectGateway is required for transit gateway %s", gateway.id)
    end
    world:check_quota("prefixes_per_transit_gateway", #prefixes,
      ("Transit Gateway %s has the maximum number of allowed prefixes"):format(gateway.id))
  end
end

local function live_count(world, member, id, kind)
  local count = 0
  for one in world:each_by("gateway_association", member, id) do
    count = count + (one.associationState ~= "disassociated" and one.associatedGateway.type == kind and 1 or 0)
  end
  return count
end

--- Raises where a gateway can't be associated with a Direct Connect gateway.
-- @tparam table world
-- @tparam table direct_connect_gateway
-- @tparam table gateway as of `associations.gateway`
-- @tparam table prefixes
function associations.check_new(world, direct_connect_gateway, gateway, prefixes)
  local direct_id = direct_connect_gateway.directConnectGatewayId
  local is_transit = gateway.type == TRANSIT
  associations.check_prefixes(world, gateway, prefixes)
  for one in world:each_by("gateway_association", "_gateway", gateway.id) do
    local is_over = one.associationState == "disassociated"
    if not is_over and not is_transit and one.associatedGateway.region == gateway.region then
      service_error.client("Virtual Private Gateway %s belongs to another Direct Connect Gateway, %s", gateway.id,
        one.directConnectGatewayId)
    end
  end
  interfaces.check_gateway_type(world, direct_id, is_transit)
  local text = "%s has the maximum number of %s"
  if is_transit then
    world:check_quota("transit_gateways_per_gateway",
      live_count(world, "directConnectGatewayId", direct_id, TRANSIT) + 1,
      text:format("Direct Connect Gateway " .. direct_id, "transit gateways"))
    world:check_quota("gateways_per_transit_gateway", live_count(world, "_gateway", gateway.id, TRANSIT) + 1,
      text:format("Transit Gateway " .. gateway.id, "Direct Connect gateways"))
  else
    world:check_quota("virtual_private_gateways_per_gateway",
      live_count(world, "directConnectGatewayId", direct_id, gateway.type) + 1,
      text:format("Direct Connect Gateway " .. direct_id, "virtual private gateways"))
  end
end

--- Makes an association.
-- @tparam table world
-- @tparam table direct_connect_gateway
-- @tparam table gateway as of `associations.gateway`
-- @tparam table prefixes
-- @tparam[opt] string id
-- @treturn table the association
function associations.new(world, direct_connect_gateway, gateway, prefixes, id)
  local is_virtual = gateway.type ~= TRANSIT
  if is_virtual and gateway.ownerAccount == world.account then
    interfaces.note_virtual_gateway(world, gateway.id)
  end
  local association = world:add("gateway_association", {
    associationId = id or world:new_uuid(),
    directConnectGatewayId = direct_connect_gateway.directConnectGatewayId,
    directConnectGatewayOwnerAccount = direct_connect_gateway.ownerAccount,
    associatedGateway = gateway,
    allowedPrefixesToDirectConnectGateway = prefixes,
    virtualGatewayId = is_virtual and gateway.id or nil,
    virtualGatewayRegion = is_virtual and gateway.region or nil,
    virtualGatewayOwnerAccount = is_virtual and gateway.ownerAccount or nil,
    _gateway = gateway.id,
  }, { direct_connect_gateway.ownerAccount, gateway.ownerAccount })
  world:walk(association, { "associating", "associated" })
  return association
end

--- Raises where an association can't be changed now.
function associations.check_stable(association)
  if association.associationState ~= "associated" then
    service_error.client("The association %s is in a transitioning state: %s", association.associationId,
      association.associationState)
  end
end

--- Gives an association other prefixes.
function associations.update(world, association, prefixes)
  association.allowedPrefixesToDirectConnectGateway = prefixes
  world:walk(association, { "updating", "associated" })
end

--- Ends an association.
function associations.delete(world, association)
  world:walk(association, { "disassociating", "disassociated", world.GONE })
end

return associations
