--- Dedicated connections: ordered, described, renamed, given back. Hosted ones are in hosted_connections.lua.

local billing = require "dxconnect.emulator.billing"
local groups = require "dxconnect.emulator.groups"
local lag_members = require "dxconnect.emulator.lag_members"
local ports = require "dxconnect.emulator.ports"
local service_error = require "dxconnect.emulator.service_error"

local handlers = {}

function handlers.CreateConnection(world, params)
  ports.check_order(world, params.location, params.bandwidth, params.requestMACSec)
  local lag = lag_members.of_order(world, params, "connection")
  params.billingMode = billing.of_new(world, params.location, params.billingMode, lag)
  ports.check_room_at(world, params.location, 1)
  local connection = ports.new_connection(world, params, params.connectionName)
  if lag then
    lag_members.join(world, lag, connection)
  end
  return ports.present(world, connection)
end

function handlers.DescribeConnections(world, params)
  if params.connectionId then
    return { connections = { ports.present(world, world:get("connection", params.connectionId)) } }
  end
  return world:page(params, world:list("connection"), "connections", ports.presenter(world), function(connection)
    return world:is_own(connection)
  end)
end

function handlers.UpdateConnection(world, params)
  local connection = world:get("connection", params.connectionId)
  ports.check_mode(connection, params.encryptionMode)
  if ports.is_ended(connection) then
    service_error.client("Connection %s is %s", params.connectionId, connection.connectionState)
  elseif params.encryptionMode and connection.lagId then
    service_error.client("Connection %s is part of Lag %s: set the encryption mode of the Lag", params.connectionId,
      connection.lagId)
  end
  connection.connectionName = params.connectionName or connection.connectionName
  connection.encryptionMode = params.encryptionMode or connection.encryptionMode
  return ports.present(world, connection)
end

function handlers.DeleteConnection(world, params)
  local connection = world:get("connection", params.connectionId)
  if ports.is_ended(connection) then
    return ports.present(world, connection)
  end
  world:check_settled(connection)
  if ports.has_interfaces(world, params.connectionId) then
    service_error.client("Connection %s has virtual interfaces: delete them first", params.connectionId)
  end
  local lag = connection.lagId and world:get("lag", connection.lagId)
  if lag then
    lag_members.check_leaving(world, lag, connection)
    lag_members.leave(world, lag, connection)
  else
    ports.check_keys_settled(connection)
  end
  groups.drop(world, connection)
  if connection.connectionState == "ordering" and world:is_own(connection) then
    world:walk(connection, { "rejected", world.GONE })
  else
    ports.delete(world, connection)
  end
  return ports.present(world, connection)
end

return handlers
