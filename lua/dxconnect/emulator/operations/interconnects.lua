--- Interconnects: a partner's ports, on which connections of customers are hosted.

local lag_members = require "dxconnect.emulator.lag_members"
local ports = require "dxconnect.emulator.ports"
local service_error = require "dxconnect.emulator.service_error"

local handlers = {}

function handlers.CreateInterconnect(world, params)
  ports.check_order(world, params.location, params.bandwidth, params.requestMACSec)
  local lag = lag_members.of_order(world, params)
  local interconnect = ports.common(world, params)
  interconnect._owner, interconnect.ownerAccount = interconnect.ownerAccount, nil
  interconnect.interconnectId = world:new_id("dxcon")
  interconnect.interconnectName = params.interconnectName
  interconnect.bandwidth = params.bandwidth
  world:add("interconnect", interconnect)
  ports.order(world, interconnect)
  if lag then
    lag_members.join(lag, interconnect)
  end
  return ports.present(world, interconnect)
end

function handlers.DescribeInterconnects(world, params)
  local list = params.interconnectId and { world:get("interconnect", params.interconnectId) }
    or world:list("interconnect")
  return world:page(params, ports.present_all(world, list), "interconnects")
end

function handlers.DeleteInterconnect(world, params)
  local id = params.interconnectId
  local interconnect = world:get("interconnect", id)
  if not ports.is_ended(interconnect) then
    world:check_settled(interconnect)
    if #ports.hosted(world, id) > 0 then
      service_error.client("Interconnect %s has hosted connections: delete them first", id)
    end
    local lag = interconnect.lagId and world:get("lag", interconnect.lagId)
    if lag then
      lag_members.check_leaving(lag)
      lag_members.leave(lag, interconnect)
    else
      ports.check_keys_settled(interconnect)
    end
    ports.delete(world, interconnect)
  end
  return { interconnectState = interconnect.interconnectState }
end

return handlers
