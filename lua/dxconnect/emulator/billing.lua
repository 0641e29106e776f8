--- Which billing modes can stand side by side: all connections of an account at a location are billed by usage, or all
-- at a flat rate; so are the connections of one LAG.

local ports = require "dxconnect.emulator.ports"
local service_error = require "dxconnect.emulator.service_error"

local DEFAULT = "PayAsYouGo"

local billing = {}

local function is_flat(mode)
  return mode ~= DEFAULT
end

-- A connection of this account at a location that has a billing mode of its own and is not among those left out. Which
-- one does not matter: they all agree.
local function neighbour(world, location, left_out)
  for connection in world:each_by("connection", "location", location) do
    if connection.billingMode ~= nil and connection._region == world.region
      and not (left_out and left_out[connection]) and world:is_own(connection) and not ports.is_ended(connection) then
      return connection
    end
  end
end

--- Raises where connections at a location can't have a billing mode.
-- @tparam table world
-- @tparam string location
-- @tparam string mode
-- @tparam[opt] table changed set of the connections that change to it as well
function billing.check(world, location, mode, changed)
  local other = neighbour(world, location, changed)
  if other and is_flat(other.billingMode) ~= is_flat(mode) then
    service_error.client("All connections at location %s must be PayAsYouGo or all at a flat rate: %s is %s", location,
      other.connectionId, other.billingMode)
  end
end

--- The billing mode of a new connection: what is asked for, else what the others have; raises where it can't be.
-- @tparam table world
-- @tparam string location
-- @tparam ?string mode that is asked for
-- @tparam[opt] table lag that it goes into
-- @treturn string
function billing.of_new(world, location, mode, lag)
  if lag and mode and mode ~= lag.billingMode then
    service_error.client("All connections of Lag %s must have the same billing mode: %s", lag.lagId, lag.billingMode)
  end
  local other = neighbour(world, location)
  mode = mode or lag and lag.billingMode or other and other.billingMode or DEFAULT
  billing.check(world, location, mode)
  return mode
end

return billing
