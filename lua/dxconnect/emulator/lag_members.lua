--- Connections and interconnects that join and leave a LAG: what must fit, and what changes with it.
-- A LAG keeps its members' records in `_members`, in the order in which they came; `connections` shows them.

local ports = require "dxconnect.emulator.ports"
local service_error = require "dxconnect.emulator.service_error"

local lag_members = {}

--- How many ports of a bandwidth a LAG can bundle.
function lag_members.limit(bandwidth)
  return (bandwidth == "100Gbps" or bandwidth == "400Gbps") and 2 or 4
end

--- Raises where a connection doesn't fit into a LAG.
-- @tparam table world
-- @tparam table lag
-- @tparam table connection at least `{location, bandwidth, macSecCapable}`
function lag_members.check_new(world, lag, connection)
  local id = lag.lagId
  if ports.is_ended(lag) then
    service_error.client("Lag %s is %s", id, lag.lagState)
  end
  world:check_settled(lag)
  if connection.location ~= lag.location then
    service_error.client("Lag %s is not on the same device as the connection: it is at location %s", id, lag.location)
  elseif connection.bandwidth ~= lag.connectionsBandwidth then
    service_error.client("Lag %s bundles connections of %s, not of %s", id, lag.connectionsBandwidth,
      connection.bandwidth)
  elseif lag.macSecCapable and not connection.macSecCapable then
    service_error.client("Lag %s is capable of MACsec: so must be every connection in it", id)
  elseif connection.billingMode and connection.billingMode ~= lag.billingMode then
    service_error.client("Lag %s has the billing mode %s, the connection %s", id, lag.billingMode,
      connection.billingMode)
  end
end

--- Raises where a LAG has no room for another connection.
-- @tparam table lag
-- @tparam string code of the error
function lag_members.check_room(lag, code)
  if #lag._members >= lag_members.limit(lag.connectionsBandwidth) then
    service_error.of(code, "Lag %s has the maximum number of connections: %d", lag.lagId, #lag._members)
  end
end

--- The LAG that an order names, nil where it names none; raises where what is ordered doesn't fit into it.
-- @tparam table world
-- @tparam table params of the order
-- @treturn ?table lag
function lag_members.of_order(world, params)
  local lag = params.lagId and world:get("lag", params.lagId)
  if lag then
    lag_members.check_new(world, lag, {
      location = params.location, bandwidth = params.bandwidth, macSecCapable = params.requestMACSec == true,
    })
    lag_members.check_room(lag, "DirectConnectClientException")
  end
  return lag
end

--- Puts a connection into a LAG; from now on it shows the LAG's keys and mode.
function lag_members.join(lag, connection)
  lag._members[#lag._members + 1] = connection
  lag.numberOfConnections = #lag._members
  connection.lagId = lag.lagId
  connection.macSecKeys, connection.encryptionMode = lag.macSecKeys, lag.encryptionMode
  connection.awsDevice, connection.awsDeviceV2 = lag.awsDevice, lag.awsDeviceV2
  connection.awsLogicalDeviceId = lag.awsLogicalDeviceId
end

--- Raises where a LAG can't spare a connection.
function lag_members.check_leaving(lag)
  local left = #lag._members - 1
  if left > 0 and left < lag.minimumLinks then
    service_error.client("Lag %s would fall below its minimum number of links: %d", lag.lagId, lag.minimumLinks)
  end
end

--- Takes a connection out of a LAG; it keeps no keys.
function lag_members.leave(lag, connection)
  for i, member in ipairs(lag._members) do
    if member == connection then
      table.remove(lag._members, i)
      break
    end
  end
  lag.numberOfConnections = #lag._members
  connection.lagId = nil
  connection.macSecKeys = {}
  connection.encryptionMode = connection.macSecCapable and "should_encrypt" or "no_encrypt"
end

return lag_members
