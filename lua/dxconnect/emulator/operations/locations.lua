--- Locations of the region.

local places = require "dxconnect.emulator.places"

local handlers = {}

function handlers.DescribeLocations(world)
  return { locations = places.of(world.region) }
end

return handlers
