--- Connections in resiliency groups: found, added, taken out.

local service_error = require "dxconnect.emulator.service_error"

local groups = {}

--- Whether a group is on its way out, or gone.
function groups.is_ended(group)
  return group.state == "deleting" or group.state == "deleted"
end

--- The group with that id, for something that changes it.
function groups.get_live(world, id)
  local group = world:get("resiliency_group", id)
  if groups.is_ended(group) then
    service_error.client("Resiliency Group %s is %s", id, group.state)
  end
  return group
end

--- The association of a connection with a group, unless it is over.
function groups.find(group, connection_id)
  for _, association in ipairs(group._associations) do
    if association._connection == connection_id and association.state ~= "disassociated" then
      return association
    end
  end
end

--- Ends the association of a connection with a group.
function groups.disassociate(world, association)
  if association.state ~= "disassociating" then
    world:walk(association, { "disassociating", "disassociated", world.GONE })
  end
end

--- Takes a connection that is deleted out of all groups, whoever's they are.
function groups.drop(world, connection)
  for _, association in ipairs(world.state.parts[world:arn_of(connection)] or {}) do
    if association.state ~= "disassociated" then
      groups.disassociate(world, association)
    end
  end
end

-- The connections of a group that can be one of a pair with this one, itself among them, in the order in which they
-- joined.
local function candidates(world, group, connection)
  local list = {}
  for _, association in ipairs(group._associations) do
    local other = association.state == "associated" and world.state.named[association._connection]
    if other and other.billingMode == connection.billingMode and other.bandwidth == connection.bandwidth then
      list[#list + 1] = other
    end
  end
  return list
end

-- Whether a connection has a pair in a list: each pairs with the first that is free, on another device.
local function is_paired(list, connection)
  local paired = {}
  for i, one in ipairs(list) do
    for j = i + 1, #list do
      local other = list[j]
      if not paired[one] and not paired[other] and one.awsDeviceV2 ~= other.awsDeviceV2 then
        paired[one], paired[other] = true, true
      end
    end
  end
  return paired[connection] == true
end

--- The billing mode that a connection shows: a flat rate has another name where two connections of a group are billed
-- as a pair, of one speed and tier and on different devices.
function groups.billing_mode(world, connection)
  local tier = connection.billingMode and connection.billingMode:match("^FlatRate(Tier%d)$")
  for _, association in ipairs(tier and world.state.parts[world:arn_of(connection)] or {}) do
    local group = world.state.owners[association]
    if association.state == "associated" and is_paired(candidates(world, group, connection), connection) then
      return "PortPairFlatRate" .. tier
    end
  end
  return connection.billingMode
end

return groups
