--- The emulated operations: which handler answers which.
-- A file here returns a table of handlers by the operation's name in the service's spelling:
--
--     local service_error = require "dxconnect.emulator.service_error"
--     local handlers = {}
--
--     function handlers.DeleteThing(world, params)
--       local thing = world:get("thing", params.thingId)      -- raises "Could not find ..." where there is none
--       world:check_settled(thing)                            -- raises "... is in a transitioning state"
--       if thing._users > 0 then
--         service_error.client("Thing %s is in use", params.thingId)
--       end
--       world:move(thing, "deleting", { 60, "deleted", 900, world.GONE })
--       return thing
--     end
--
--     return handlers
--
-- `params` are checked against the model already. A handler returns a table of the operation's output shape; members
-- whose names begin with an underscore are left out, any other that the shape does not have is a mistake and answered
-- with InternalFailure. Errors are raised by service_error.lua: check everything first, then change. What `world` can
-- do is in world.lua; a new kind of resource is an entry of kinds.lua; a new file is a line here.

local handlers = {}

for _, name in ipairs {
  "agreements",
  "bgp_peers",
  "billing_modes",
  "connections",
  "failover_tests",
  "gateway_associations",
  "gateway_proposals",
  "gateways",
  "hosted_connections",
  "interconnects",
  "lags",
  "letters_of_authorization",
  "locations",
  "mac_sec_keys",
  "resiliency_groups",
  "router_configurations",
  "routes",
  "tags",
  "virtual_interfaces",
} do
  for operation, handler in pairs(require("dxconnect.emulator.operations." .. name)) do
    assert(handlers[operation] == nil, operation)
    handlers[operation] = handler
  end
end

return handlers
