--- Interconnects: a partner's ports, on which connections of customers are hosted.

local lag_members = require "dxconnect.emulator.lag_members"
local partners = require "dxconnect.emulator.partners"
local ports = require "dxconnect.emulator.ports"
local service_error = require "dxconnect.emulator.service_error"

local speeds = { ["1Gbps"] = true, ["10Gbps"] = true, ["100Gbps"] = true }

local handlers = {}

function handlers.CreateInterconnect(world, params)
  partners.check(world)
  if not speeds[params.bandwidth] then
    service_error.client("Bandwidth %s is not available for interconnects: there are 1Gbps, 10Gbps, 100Gbps",
      params.bandwidth)
  end
  ports.check_order(world, params.location, params.bandwidth, params.requestMACSec)
  local lag = lag_members.of_order(world, params, "interconnect")
  local interconnect = ports.new_interconnect(world, params)
  if lag then
    lag_members.join(world, lag, interconnect)
  end
  return ports.present(world, interconnect)
end

function handlers.DescribeInterconnects(world, params)
  partners.check(world)
  if params.interconnectId then
    return { interconnects = { ports.present(world, world:get("interconnect", params.interconnectId)) } }
  end
  return world:page(params, world:list("interconnect"), "interconnects", ports.presenter(world))
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
      lag_members.check_leaving(world, lag, interconnect)
      lag_members.leave(world, lag, interconnect)
    else
      ports.check_keys_settled(interconnect)
    end
    ports.delete(world, interconnect)
  end
  return { interconnectState = interconnect.interconnectState }
end

return handlers
