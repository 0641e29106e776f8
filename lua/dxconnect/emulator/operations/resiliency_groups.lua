--- Resiliency groups, and the connections in them. A repeat with the same client token gets the first answer again.

local copy = require "dxconnect.emulator.copy"
local core = require "dxconnect.core"
local groups = require "dxconnect.emulator.groups"
local ports = require "dxconnect.emulator.ports"
local service_error = require "dxconnect.emulator.service_error"

local handlers = {}

-- ---- client tokens

-- The params as a text that is the same for the same params.
local function print_of(value)
  if type(value) ~= "table" then
    return ("%q"):format(tostring(value))
  end
  local names, parts = {}, {}
  for name in pairs(value) do
    names[#names + 1] = name
  end
  table.sort(names, function(a, b)
    return tostring(a) < tostring(b)
  end)
  for i, name in ipairs(names) do
    parts[i] = tostring(name) .. "=" .. print_of(value[name])
  end
  return "{" .. table.concat(parts, ",") .. "}"
end

-- Runs an action, or gives its result once more where the token was there before. A token is forgotten with its group.
local function once(world, operation, params, action)
  local token = params.clientToken
  if not token then
    return action()
  end
  local known = world.state.client_tokens
  local name = table.concat({ operation, world.account, world.region, token }, "/")
  local seen, text = known[name], print_of(params)
  local group = seen and world:find("resiliency_group", seen.group)
  if not group or groups.is_ended(group) then
    local result, id = action()
    known[name] = { params = text, result = copy.visible(result), group = id }
    return result
  elseif seen.params ~= text then
    service_error.client("The clientToken %s was used before with other parameters", token)
  end
  return seen.result
end

-- ---- groups

local function new_group_id(world)
  local start = world:new_id("dxrg")
  return start .. core.hex(core.sha256(start)):sub(1, 9)
end

function handlers.CreateResiliencyGroup(world, params)
  return once(world, "create", params, function()
    local id = new_group_id(world)
    local group = world:add("resiliency_group", {
      resiliencyGroupId = id,
      resiliencyGroupArn = world:group_arn(id),
      resiliencyGroupName = params.resiliencyGroupName,
      resiliencyGroupType = "Managed",
      ownerAccount = world.account,
      tags = params.tags or {},
      _associations = {},
    })
    world:walk(group, { "pending", "available" })
    return { resiliencyGroup = group }, id
  end)
end

function handlers.GetResiliencyGroup(world, params)
  return { resiliencyGroup = world:get("resiliency_group", params.resiliencyGroupId) }
end

function handlers.UpdateResiliencyGroup(world, params)
  return once(world, "update", params, function()
    local group = groups.get_live(world, params.resiliencyGroupId)
    group.resiliencyGroupName = params.resiliencyGroupName
    return { resiliencyGroup = group }, params.resiliencyGroupId
  end)
end

function handlers.DeleteResiliencyGroup(world, params)
  local group = world:get("resiliency_group", params.resiliencyGroupId)
  if not groups.is_ended(group) then
    for _, association in ipairs(group._associations) do
      if association.state ~= "disassociated" then
        service_error.client("Resiliency Group %s has connections: disassociate them first", params.resiliencyGroupId)
      end
    end
    world:walk(group, { "deleting", "deleted", world.GONE })
  end
  return { resiliencyGroup = group }
end

local summary_members = {
  "resiliencyGroupId", "resiliencyGroupArn", "resiliencyGroupName", "resiliencyGroupType", "ownerAccount", "state",
}

function handlers.ListResiliencyGroups(world, params)
  return world:page(params, world:list("resiliency_group"), "items", function(group)
    local summary = {}
    for _, member in ipairs(summary_members) do
      summary[member] = group[member]
    end
    return summary
  end)
end

function handlers.ListResiliencyGroupAssociations(world, params)
  return world:page(params, world:get("resiliency_group", params.resiliencyGroupId)._associations, "items")
end

-- ---- connections in them

local function connection_named(world, identifier)
  local connection = identifier:find("^arn:") and world:find_arn(identifier)
    or not identifier:find("^arn:") and world:find("connection", identifier)
  if not connection or connection._kind ~= "connection" or not world:is_own(connection) then
    service_error.client("Could not find Connection with ID %s", identifier)
  end
  return connection
end

local function connections_named(world, identifiers)
  local list, seen = {}, {}
  for _, identifier in ipairs(identifiers) do
    local connection = connection_named(world, identifier)
    if not seen[connection] then
      seen[connection] = true
      list[#list + 1] = connection
    end
  end
  return list
end

local function check_addition(group, connection)
  local id = connection.connectionId
  if ports.is_ended(connection) then
    service_error.client("Connection %s is %s", id, connection.connectionState)
  elseif groups.find(group, id) then
    service_error.client("Connection %s is already associated with Resiliency Group %s", id, group.resiliencyGroupId)
  end
end

function handlers.AssociateConnectionsToResiliencyGroup(world, params)
  return once(world, "associate", params, function()
    local group = groups.get_live(world, params.resiliencyGroupId)
    local connections = connections_named(world, params.connectionIdentifiers)
    for _, connection in ipairs(connections) do
      check_addition(group, connection)
    end
    local made = {}
    for i, connection in ipairs(connections) do
      made[i] = world:add_part(group, "_associations", {
        resiliencyGroupId = group.resiliencyGroupId,
        connectionArn = world:arn_of(connection),
        _connection = connection.connectionId,
      })
      world:walk(made[i], { "associating", "associated" })
    end
    return { resiliencyGroupAssociations = made }, group.resiliencyGroupId
  end)
end

function handlers.DisassociateConnectionsFromResiliencyGroup(world, params)
  return once(world, "disassociate", params, function()
    local group = groups.get_live(world, params.resiliencyGroupId)
    local leaving = {}
    for i, connection in ipairs(connections_named(world, params.connectionIdentifiers)) do
      leaving[i] = groups.find(group, connection.connectionId)
      if not leaving[i] then
        service_error.client("Connection %s is not associated with Resiliency Group %s", connection.connectionId,
          params.resiliencyGroupId)
      end
    end
    for _, association in ipairs(leaving) do
      groups.disassociate(world, association)
    end
    return { resiliencyGroupAssociations = leaving }, group.resiliencyGroupId
  end)
end

return handlers
