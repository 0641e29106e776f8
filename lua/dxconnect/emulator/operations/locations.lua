--- Locations of the region.

local locations = require "dxconnect.emulator.locations"

local handlers = {}

function handlers.DescribeLocations(world)
  return { locations = locations.of(world.region) }
end

return handlers
