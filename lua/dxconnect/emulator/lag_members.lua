--- Connections and interconnects that join and leave a LAG: what must fit, and what changes with it.
-- A LAG keeps the ids of its members in `_members`, in the order in which they came; `connections` shows them. It
-- bundles dedicated connections, or interconnects, and then hosts connections and has no pools.

local interfaces = require "dxconnect.emulator.interfaces"
local ports = require "dxconnect.emulator.ports"
local service_error = require "dxconnect.emulator.service_error"

local lag_members = {}

--- Raises where a connection doesn't fit into a LAG.
-- @tparam table world
-- @tparam table lag
-- @tparam table connection at least `{_kind, location, bandwidth, macSecCapable}`
function lag_members.check_new(world, lag, connection)
  local id = lag.lagId
  if ports.is_ended(lag) then
    service_error.client("Lag %s is %s", id, lag.lagState)
  end
  world:check_settled(lag)
  if connection.location ~= lag.location or connection.awsDeviceV2 and connection.awsDeviceV2 ~= lag.awsDeviceV2 then
    service_error.client("Lag %s is not on the same device as the connection: it is at location %s", id, lag.location)
  elseif connection.bandwidth ~= lag.connectionsBandwidth then
    service_error.client("Lag %s bundles connections of %s, not of %s", id, lag.connectionsBandwidth,
      connection.bandwidth)
  elseif lag.macSecCapable and not connection.macSecCapable then
    service_error.client("Lag %s is capable of MACsec: so must be every connection in it", id)
  elseif (connection._kind == "interconnect") ~= lag.allowsHostedConnections then
    service_error.client("Lag %s bundles %s", id, lag.allowsHostedConnections and "interconnects: a connection can't "
      .. "be part of it" or "connections: an interconnect can't be part of it")
  elseif connection.billingMode and connection.billingMode ~= lag.billingMode then
    service_error.client("Lag %s has the billing mode %s, the connection %s", id, lag.billingMode,
      connection.billingMode)
  end
end

--- Raises where a LAG has no room for another connection.
function lag_members.check_room(world, lag)
  world:check_quota(ports.member_quota(lag.connectionsBandwidth), #lag._members + 1,
    ("Lag %s has the maximum number of connections"):format(lag.lagId))
end

--- The LAG that an order names, nil where it names none; raises where what is ordered doesn't fit into it.
-- @tparam table world
-- @tparam table params of the order
-- @tparam string kind of what is ordered
-- @treturn ?table lag
function lag_members.of_order(world, params, kind)
  local lag = params.lagId and world:get("lag", params.lagId)
  if lag then
    lag_members.check_new(world, lag, {
      _kind = kind, location = params.location, bandwidth = params.bandwidth,
      macSecCapable = params.requestMACSec == true,
    })
    lag_members.check_room(world, lag)
  end
  return lag
end

--- Puts a connection into a LAG; from now on it shows the LAG's keys and mode.
function lag_members.join(world, lag, connection)
  for i = #connection.macSecKeys, 1, -1 do
    world:remove_part(connection.macSecKeys[i])
  end
  lag._members[#lag._members + 1] = world:id_of(connection)
  lag.numberOfConnections = #lag._members
  connection.lagId = lag.lagId
  connection.encryptionMode = lag.encryptionMode
  connection.awsDevice, connection.awsDeviceV2 = lag.awsDevice, lag.awsDeviceV2
  connection.awsLogicalDeviceId = lag.awsLogicalDeviceId
end

--- Raises where a LAG can't spare a connection: what is left must be enough for it to work, unless nothing is left.
function lag_members.check_leaving(world, lag, connection)
  if #lag._members > 1 and ports.working_links(world, lag, connection) < lag.minimumLinks then
    service_error.client("Lag %s would fall below its minimum number of links: %d", lag.lagId, lag.minimumLinks)
  end
end

--- Takes a connection out of a LAG; it keeps no keys.
function lag_members.leave(world, lag, connection)
  local id = world:id_of(connection)
  for i, member in ipairs(lag._members) do
    if member == id then
      table.remove(lag._members, i)
      break
    end
  end
  lag.numberOfConnections = #lag._members
  lag.minimumLinks = math.min(lag.minimumLinks, #lag._members)
  connection.lagId = nil
  connection.encryptionMode = connection.macSecCapable and "should_encrypt" or "no_encrypt"
end

-- Raises where a LAG has no room for what a connection carries: VLANs, addresses, prefixes and rate limiters.
local function check_carried(world, lag, connection, id)
  local to_move = {}
  for interface in world:each_by("virtual_interface", "connectionId", id) do
    if not interfaces.is_ended(interface) then
      interfaces.check_move(world, lag, interface)
      to_move[#to_move + 1] = interface
    end
  end
  interfaces.check_room_for(world, lag, to_move)
  for _, hosted in ipairs(ports.hosted(world, id)) do
    interfaces.check_hosted_vlan(world, lag.lagId, hosted.vlan, hosted)
  end
  return connection
end

--- Raises where an existing port can't come into a LAG.
function lag_members.check_migration(world, lag, connection)
  if not connection.lagId then
    check_carried(world, lag, connection, world:id_of(connection))
  end
end

--- Puts an existing port into a LAG. What a port of its own carries comes along; what is on the LAG that it was in
-- stays there.
function lag_members.migrate(world, lag, connection)
  local old = connection.lagId and world:any("lag", connection.lagId)
  local id = world:id_of(connection)
  if old then
    lag_members.leave(world, old, connection)
  end
  lag_members.join(world, lag, connection)
  if not old then
    local carried = {}
    for interface in world:each_by("virtual_interface", "connectionId", id) do
      carried[#carried + 1] = interface
    end
    for _, interface in ipairs(carried) do
      interfaces.put_on(world, interface, lag)
    end
    for _, hosted in ipairs(ports.hosted(world, id)) do
      interfaces.put_hosted_on(world, hosted, lag)
    end
  end
  world:make_busy(connection)
end

return lag_members
