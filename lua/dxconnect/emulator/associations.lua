--- What associations of gateways with Direct Connect gateways, and proposals of them, share.

local interfaces = require "dxconnect.emulator.interfaces"
local service_error = require "dxconnect.emulator.service_error"

local associations = {}

-- Seconds.
local ASSOCIATING, UPDATING, DISASSOCIATING, DISASSOCIATED = 600, 120, 300, 900

--- A gateway by its id as associations show it.
function associations.gateway(world, id, owner)
  local is_transit = id:find("^tgw%-") ~= nil
  if not is_transit then
    interfaces.note_virtual_gateway(world, id)
  end
  return {
    id = id,
    type = is_transit and "transitGateway" or "virtualPrivateGateway",
    ownerAccount = owner or world.account,
    region = world.region,
  }
end

--- The association of a pair that is not over; nil where there is none.
function associations.find(world, direct_connect_gateway_id, gateway_id)
  for _, one in ipairs(world:list("association")) do
    if one.directConnectGatewayId == direct_connect_gateway_id and one.associatedGateway.id == gateway_id
      and one.associationState ~= "disassociated" then
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

--- Makes an association.
-- @tparam table world
-- @tparam table direct_connect_gateway
-- @tparam table gateway as of `associations.gateway`
-- @tparam table prefixes
-- @treturn table the association
function associations.new(world, direct_connect_gateway, gateway, prefixes)
  local is_virtual = gateway.type == "virtualPrivateGateway"
  local association = world:add("association", {
    associationId = world:new_uuid(),
    directConnectGatewayId = direct_connect_gateway.directConnectGatewayId,
    directConnectGatewayOwnerAccount = direct_connect_gateway.ownerAccount,
    associatedGateway = gateway,
    allowedPrefixesToDirectConnectGateway = prefixes,
    virtualGatewayId = is_virtual and gateway.id or nil,
    virtualGatewayRegion = is_virtual and gateway.region or nil,
    virtualGatewayOwnerAccount = is_virtual and gateway.ownerAccount or nil,
  }, direct_connect_gateway.ownerAccount)
  association._accounts[gateway.ownerAccount] = true
  world:move(association, "associating", { ASSOCIATING, "associated" })
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
  world:move(association, "updating", { UPDATING, "associated" })
end

--- Ends an association.
function associations.delete(world, association)
  world:move(association, "disassociating", { DISASSOCIATING, "disassociated", DISASSOCIATED, world.GONE })
end

return associations
