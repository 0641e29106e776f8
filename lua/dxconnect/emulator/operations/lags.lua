--- LAGs: ordered, described, changed, deleted; connections put in and taken out.

local billing = require "dxconnect.emulator.billing"
local ports = require "dxconnect.emulator.ports"
local service_error = require "dxconnect.emulator.service_error"
local lag_members = require "dxconnect.emulator.lag_members"

local handlers = {}

-- The port to begin a LAG with, where the request names one; raises where it doesn't fit.
local function first_member(world, params)
  if not params.connectionId then
    return nil
  end
  local connection = ports.get_line(world, params.connectionId)
  if ports.is_ended(connection) or connection._parent then
    service_error.client("Connection %s can't be part of a Lag", params.connectionId)
  end
  world:check_settled(connection)
  if connection.lagId then
    lag_members.check_leaving(world:get("lag", connection.lagId))
  end
  if connection.location ~= params.location then
    service_error.client("Connection %s is at location %s, not %s", params.connectionId, connection.location,
      params.location)
  elseif connection.bandwidth ~= params.connectionsBandwidth then
    service_error.client("Connection %s has a bandwidth of %s, not %s", params.connectionId, connection.bandwidth,
      params.connectionsBandwidth)
  elseif params.requestMACSec and not connection.macSecCapable then
    service_error.client("Connection %s is not capable of MACsec", params.connectionId)
  end
  return connection
end

-- Puts an existing port into a LAG. What a port of its own carries comes along.
local function migrate(world, lag, connection)
  local old = connection.lagId and world:get("lag", connection.lagId)
  if old then
    lag_members.leave(old, connection)
  else
    local id = world:id_of(connection)
    for _, interface in ipairs(ports.interfaces(world, id)) do
      interface.connectionId = lag.lagId
    end
    for _, hosted in ipairs(ports.hosted(world, id)) do
      hosted._parent = lag.lagId
    end
  end
  lag_members.join(lag, connection)
  world:make_busy(connection, ports.durations.reattaching)
end

function handlers.CreateLag(world, params)
  ports.check_order(world, params.location, params.connectionsBandwidth, params.requestMACSec)
  local limit = lag_members.limit(params.connectionsBandwidth)
  if params.numberOfConnections < 1 or params.numberOfConnections > limit then
    service_error.client("The number of connections must be 1 to %d for %s", limit, params.connectionsBandwidth)
  end
  local first = first_member(world, params)
  local mode = billing.of_new(world, params.location, params.billingMode or first and first.billingMode)
  if first and first.billingMode and first.billingMode ~= mode then
    service_error.client("Connection %s has the billing mode %s, not %s", params.connectionId, first.billingMode, mode)
  end
  local lag = ports.common(world, params)
  lag.lagId = world:new_id("dxlag")
  lag.lagName = params.lagName
  lag.connectionsBandwidth = params.connectionsBandwidth
  lag.minimumLinks = 0
  lag.allowsHostedConnections = true
  lag._members = {}
  ports.add_pools(lag, mode)
  if first and params.requestMACSec then
    lag.macSecKeys, lag.encryptionMode = first.macSecKeys, first.encryptionMode
  end
  world:add("lag", lag)
  ports.order(world, lag)
  if first then
    migrate(world, lag, first)
  end
  for i = #lag._members + 1, params.numberOfConnections do
    lag_members.join(lag, ports.new_connection(world, {
      location = params.location, bandwidth = params.connectionsBandwidth, providerName = params.providerName,
      requestMACSec = params.requestMACSec, billingMode = mode, tags = params.childConnectionTags,
    }, ("Requested Connection %d for Lag %s"):format(i, lag.lagId)))
  end
  return ports.present(world, lag)
end

function handlers.DescribeLags(world, params)
  local list = params.lagId and { world:get("lag", params.lagId) } or world:list("lag")
  return world:page(params, ports.present_all(world, list), "lags")
end

function handlers.UpdateLag(world, params)
  local lag = world:get("lag", params.lagId)
  local links = params.minimumLinks
  ports.check_mode(lag, params.encryptionMode)
  if ports.is_ended(lag) then
    service_error.client("Lag %s is %s", params.lagId, lag.lagState)
  elseif links and (links < 0 or links > #lag._members) then
    service_error.client("The minimum number of links must be 0 to %d for Lag %s", #lag._members, params.lagId)
  end
  lag.lagName = params.lagName or lag.lagName
  lag.minimumLinks = links or lag.minimumLinks
  if params.encryptionMode then
    ports.set_mode(lag, params.encryptionMode)
  end
  return ports.present(world, lag)
end

function handlers.DeleteLag(world, params)
  local lag = world:get("lag", params.lagId)
  if ports.is_ended(lag) then
    return ports.present(world, lag)
  end
  world:check_settled(lag)
  if #ports.interfaces(world, params.lagId) > 0 then
    service_error.client("Lag %s has virtual interfaces: delete them first", params.lagId)
  elseif #ports.hosted(world, params.lagId) > 0 then
    service_error.client("Lag %s has hosted connections: delete them first", params.lagId)
  end
  ports.check_keys_settled(lag)
  for i = #lag._members, 1, -1 do
    lag_members.leave(lag, lag._members[i])
  end
  ports.delete(world, lag)
  return ports.present(world, lag)
end

function handlers.AssociateConnectionWithLag(world, params)
  local connection = ports.get_line(world, params.connectionId)
  local lag = world:get("lag", params.lagId)
  if ports.is_ended(connection) or connection._parent then
    service_error.client("Connection %s can't be part of a Lag", params.connectionId)
  elseif connection.lagId == params.lagId then
    service_error.client("Connection %s is already associated with Lag %s", params.connectionId, params.lagId)
  end
  world:check_settled(connection)
  lag_members.check_new(world, lag, connection)
  lag_members.check_room(lag, "LimitExceededException")
  if connection.lagId then
    lag_members.check_leaving(world:get("lag", connection.lagId))
  end
  migrate(world, lag, connection)
  return ports.as_connection(ports.present(world, connection))
end

function handlers.DisassociateConnectionFromLag(world, params)
  local connection = ports.get_line(world, params.connectionId)
  local lag = world:get("lag", params.lagId)
  if connection.lagId ~= params.lagId then
    service_error.client("Connection %s is not associated with Lag %s", params.connectionId, params.lagId)
  end
  world:check_settled(connection)
  lag_members.check_leaving(lag)
  lag_members.leave(lag, connection)
  world:make_busy(connection, ports.durations.reattaching)
  return ports.as_connection(ports.present(world, connection))
end

return handlers
