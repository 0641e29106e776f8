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

return groups
