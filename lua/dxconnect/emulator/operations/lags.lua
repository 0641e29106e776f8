--- LAGs: ordered, described, changed, deleted; connections put in and taken out.

local billing = require "dxconnect.emulator.billing"
local lag_members = require "dxconnect.emulator.lag_members"
local partners = require "dxconnect.emulator.partners"
local ports = require "dxconnect.emulator.ports"
local service_error = require "dxconnect.emulator.service_error"

local handlers = {}

-- Raises where a port can't be part of any LAG.
local function check_candidate(world, connection, id)
  if ports.is_ended(connection) or connection._parent then
    service_error.client("Connection %s can't be part of a Lag", id)
  end
  world:check_settled(connection)
  ports.check_keys_settled(connection)
end

-- The port to begin a LAG with, where the request names one; raises where it doesn't fit.
local function first_member(world, params)
  if not params.connectionId then
    return nil
  end
  local connection = ports.get_line(world, params.connectionId)
  check_candidate(world, connection, params.connectionId)
  if connection.lagId then
    lag_members.check_leaving(world, world:get("lag", connection.lagId), connection)
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

local function check_lag_quota(world)
  local count = 1
  for lag in world:list("lag"):each() do
    count = count + (world:is_own(lag) and not ports.is_ended(lag) and 1 or 0)
  end
  world:check_quota("lags", count, ("Account %s has the maximum number of Lags"):format(world.account))
end

-- Orders what a new LAG lacks of its members.
local function order_members(world, lag, params, mode)
  for i = #lag._members + 1, params.numberOfConnections do
    local order = {
      location = params.location, bandwidth = params.connectionsBandwidth, providerName = params.providerName,
      requestMACSec = params.requestMACSec, billingMode = mode, tags = params.childConnectionTags,
    }
    local name = ("Requested Connection %d for Lag %s"):format(i, lag.lagId)
    order.interconnectName = name
    lag_members.join(world, lag, lag.allowsHostedConnections and ports.new_interconnect(world, order, "lag")
      or ports.new_connection(world, order, name, "lag"))
  end
end

function handlers.CreateLag(world, params)
  ports.check_order(world, params.location, params.connectionsBandwidth, params.requestMACSec)
  local limit = world:quota(ports.member_quota(params.connectionsBandwidth))
  if params.numberOfConnections < 1 or params.numberOfConnections > limit then
    service_error.client("The number of connections must be 1 to %.0f for %s", limit, params.connectionsBandwidth)
  end
  local first = first_member(world, params)
  local hosts = first and first._kind == "interconnect" or not first and partners.is_partner(world)
  local mode
  if not hosts then
    mode = billing.of_new(world, params.location, params.billingMode or first and first.billingMode)
    if first and first.billingMode ~= mode then
      service_error.client("Connection %s has the billing mode %s, not %s", params.connectionId, first.billingMode,
        mode)
    end
    ports.check_room_at(world, params.location, params.numberOfConnections - (first and 1 or 0))
  end
  check_lag_quota(world)
  local lag = ports.common(world, params)
  lag.lagId = world:new_id("dxlag")
  lag.lagName = params.lagName
  lag.connectionsBandwidth = params.connectionsBandwidth
  lag.minimumLinks = 0
  lag.numberOfConnections = 0
  lag.allowsHostedConnections = hosts
  lag._members = {}
  if first then
    lag.awsDevice, lag.awsDeviceV2 = first.awsDevice, first.awsDeviceV2
    lag.awsLogicalDeviceId = first.awsLogicalDeviceId
  end
  if not hosts then
    ports.add_pools(lag, mode)
  end
  world:add("lag", lag)
  ports.order(world, lag)
  if first then
    if params.requestMACSec and not first.lagId then
      lag.encryptionMode = first.encryptionMode
      for i = 1, #first.macSecKeys do
        world:move_part(first.macSecKeys[1], lag, "macSecKeys")
        assert(#lag.macSecKeys == i)
      end
    end
    lag_members.migrate(world, lag, first)
  end
  order_members(world, lag, params, mode)
  return ports.present(world, lag)
end

function handlers.DescribeLags(world, params)
  if params.lagId then
    return { lags = { ports.present(world, world:get("lag", params.lagId)) } }
  end
  return world:page(params, world:list("lag"), "lags", ports.presenter(world))
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
  lag.encryptionMode = params.encryptionMode or lag.encryptionMode
  return ports.present(world, lag)
end

function handlers.DeleteLag(world, params)
  local lag = world:get("lag", params.lagId)
  if ports.is_ended(lag) then
    return ports.present(world, lag)
  end
  world:check_settled(lag)
  if ports.has_interfaces(world, params.lagId) then
    service_error.client("Lag %s has virtual interfaces: delete them first", params.lagId)
  elseif #ports.hosted(world, params.lagId) > 0 then
    service_error.client("Lag %s has hosted connections: delete them first", params.lagId)
  end
  ports.check_keys_settled(lag)
  local members = ports.members(world, lag)
  for i = #members, 1, -1 do
    lag_members.leave(world, lag, members[i])
  end
  ports.delete(world, lag)
  return ports.present(world, lag)
end

function handlers.AssociateConnectionWithLag(world, params)
  local connection = ports.get_line(world, params.connectionId)
  local lag = world:get("lag", params.lagId)
  if connection.lagId == params.lagId then
    service_error.client("Connection %s is already associated with Lag %s", params.connectionId, params.lagId)
  end
  check_candidate(world, connection, params.connectionId)
  lag_members.check_new(world, lag, connection)
  lag_members.check_room(world, lag)
  if connection.lagId then
    lag_members.check_leaving(world, world:get("lag", connection.lagId), connection)
  end
  lag_members.check_migration(world, lag, connection)
  lag_members.migrate(world, lag, connection)
  return ports.as_connection(world, ports.present(world, connection))
end

function handlers.DisassociateConnectionFromLag(world, params)
  local connection = ports.get_line(world, params.connectionId)
  local lag = world:get("lag", params.lagId)
  if connection.lagId ~= params.lagId then
    service_error.client("Connection %s is not associated with Lag %s", params.connectionId, params.lagId)
  end
  world:check_settled(connection)
  lag_members.check_leaving(world, lag, connection)
  lag_members.leave(world, lag, connection)
  world:make_busy(connection)
  return ports.as_connection(world, ports.present(world, connection))
end

return handlers
