--- Resiliency groups, and the connections in them. A repeat with the same client token gets the first answer again.

local core = require "dxconnect.core"
local ports = require "dxconnect.emulator.ports"
local service_error = require "dxconnect.emulator.service_error"

-- Seconds.
local PENDING, DELETING, DELETED = 30, 60, 900
local ASSOCIATING, DISASSOCIATING, DISASSOCIATED = 60, 60, 60

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

-- Runs an action, or gives its result once more where the token was there before.
local function once(world, operation, params, action)
  local token = params.clientToken
  if not token then
    return action()
  end
  local state = world.state
  local name = table.concat({ operation, world.account, world.region, token }, "/")
  local seen, text = state.client_tokens[name], print_of(params)
  if not seen then
    local result = action()
    state.client_tokens[name] = { params = text, result = result }
    return result
  elseif seen.params ~= text then
    service_error.client("The clientToken %s was used before with other parameters", token)
  end
  return seen.result
end

-- ---- groups

local function get_live(world, id)
  local group = world:get("resiliency_group", id)
  if group.state == "deleting" or group.state == "deleted" then
    service_error.client("Resiliency Group %s is %s", id, group.state)
  end
  return group
end

local function new_group_id(world)
  local start = world:new_id("dxrg")
  return start .. core.hex(core.sha256(start)):sub(1, 9)
end

function handlers.CreateResiliencyGroup(world, params)
  return once(world, "create", params, function()
    local id = new_group_id(world)
    local group = world:add("resiliency_group", {
      resiliencyGroupId = id,
      resiliencyGroupArn = world:arn("dx-resiliency-group/" .. id, true),
      resiliencyGroupName = params.resiliencyGroupName,
      resiliencyGroupType = "Managed",
      ownerAccount = world.account,
      tags = params.tags or {},
      _associations = {},
    })
    group._region = "" -- of its ARN, which names none
    world:move(group, "pending", { PENDING, "available" })
    return { resiliencyGroup = group }
  end)
end

function handlers.GetResiliencyGroup(world, params)
  return { resiliencyGroup = world:get("resiliency_group", params.resiliencyGroupId) }
end

function handlers.UpdateResiliencyGroup(world, params)
  return once(world, "update", params, function()
    local group = get_live(world, params.resiliencyGroupId)
    group.resiliencyGroupName = params.resiliencyGroupName
    return { resiliencyGroup = group }
  end)
end

function handlers.DeleteResiliencyGroup(world, params)
  local group = world:get("resiliency_group", params.resiliencyGroupId)
  if group.state ~= "deleting" and group.state ~= "deleted" then
    for _, association in ipairs(group._associations) do
      if association.state ~= "disassociated" then
        service_error.client("Resiliency Group %s has connections: disassociate them first", params.resiliencyGroupId)
      end
    end
    world:move(group, "deleting", { DELETING, "deleted", DELETED, world.GONE })
  end
  return { resiliencyGroup = group }
end

local summary_members = {
  "resiliencyGroupId", "resiliencyGroupArn", "resiliencyGroupName", "resiliencyGroupType", "ownerAccount", "state",
  "_sequence",
}

function handlers.ListResiliencyGroups(world, params)
  local list = world:list("resiliency_group")
  for i, group in ipairs(list) do
    local summary = {}
    for _, member in ipairs(summary_members) do
      summary[member] = group[member]
    end
    list[i] = summary
  end
  return world:page(params, list, "items")
end

function handlers.ListResiliencyGroupAssociations(world, params)
  return world:page(params, world:get("resiliency_group", params.resiliencyGroupId)._associations, "items")
end

-- ---- connections in them

local function connection_named(world, identifier)
  local connection = identifier:find("^arn:") and world:find_arn(identifier)
    or not identifier:find("^arn:") and world:find("connection", identifier)
  if not connection or connection._kind ~= "connection" then
    service_error.client("Could not find Connection with ID %s", identifier)
  end
  return connection
end

local function arn_of(world, connection)
  return world:arn(connection._path)
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

local function find_association(group, connection)
  for _, association in ipairs(group._associations) do
    if association._connection == connection and association.state ~= "disassociated" then
      return association
    end
  end
end

local function check_addition(group, connection)
  local id = connection.connectionId
  if ports.is_ended(connection) then
    service_error.client("Connection %s is %s", id, connection.connectionState)
  elseif find_association(group, connection) then
    service_error.client("Connection %s is already associated with Resiliency Group %s", id, group.resiliencyGroupId)
  end
end

function handlers.AssociateConnectionsToResiliencyGroup(world, params)
  return once(world, "associate", params, function()
    local group = get_live(world, params.resiliencyGroupId)
    local connections = connections_named(world, params.connectionIdentifiers)
    for _, connection in ipairs(connections) do
      check_addition(group, connection)
    end
    local made = {}
    for i, connection in ipairs(connections) do
      made[i] = {
        resiliencyGroupId = group.resiliencyGroupId,
        connectionArn = arn_of(world, connection),
        _shape = "ResiliencyGroupAssociation",
        _state_member = "state",
        _connection = connection,
      }
      table.insert(group._associations, made[i])
      world:move(made[i], "associating", { ASSOCIATING, "associated" }, "state")
    end
    return { resiliencyGroupAssociations = made }
  end)
end

local function remove(group, association)
  for i, one in ipairs(group._associations) do
    if one == association then
      table.remove(group._associations, i)
      return
    end
  end
end

function handlers.DisassociateConnectionsFromResiliencyGroup(world, params)
  return once(world, "disassociate", params, function()
    local group = get_live(world, params.resiliencyGroupId)
    local leaving = {}
    for i, connection in ipairs(connections_named(world, params.connectionIdentifiers)) do
      leaving[i] = find_association(group, connection)
      if not leaving[i] then
        service_error.client("Connection %s is not associated with Resiliency Group %s", connection.connectionId,
          params.resiliencyGroupId)
      end
    end
    for _, association in ipairs(leaving) do
      if association.state ~= "disassociating" then
        world:move(association, "disassociating", {
          DISASSOCIATING, "disassociated",
          DISASSOCIATED, function()
            remove(group, association)
          end,
        }, "state")
      end
    end
    return { resiliencyGroupAssociations = leaving }
  end)
end

return handlers
