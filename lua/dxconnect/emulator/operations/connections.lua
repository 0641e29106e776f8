--- Dedicated connections: ordered, described, renamed, given back. Hosted ones are in hosted_connections.lua.

local billing = require "dxconnect.emulator.billing"
local ports = require "dxconnect.emulator.ports"
local service_error = require "dxconnect.emulator.service_error"
local lag_members = require "dxconnect.emulator.lag_members"

local handlers = {}

function handlers.CreateConnection(world, params)
  ports.check_order(world, params.location, params.bandwidth, params.requestMACSec)
  local lag = lag_members.of_order(world, params)
  params.billingMode = billing.of_new(world, params.location, params.billingMode, lag)
  local connection = ports.new_connection(world, params, params.connectionName)
  if lag then
    lag_members.join(lag, connection)
  end
  return ports.present(world, connection)
end

function handlers.DescribeConnections(world, params)
  local list = params.connectionId and { world:get("connection", params.connectionId) }
    or world:list("connection", function(connection)
      return world:is_own(connection)
    end)
  return world:page(params, ports.present_all(world, list), "connections")
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
  if #ports.interfaces(world, params.connectionId) > 0 then
    service_error.client("Connection %s has virtual interfaces: delete them first", params.connectionId)
  end
  local lag = connection.lagId and world:get("lag", connection.lagId)
  if lag then
    lag_members.check_leaving(lag)
    lag_members.leave(lag, connection)
  else
    ports.check_keys_settled(connection)
  end
  if connection.connectionState == "ordering" then
    world:move(connection, "rejected", { ports.durations.deleted, world.GONE })
  else
    ports.delete(world, connection)
  end
  return ports.present(world, connection)
end

return handlers
