--- Failover tests: BGP peers held down for a while, to see the other paths take over.

local interfaces = require "dxconnect.emulator.interfaces"
local peers = require "dxconnect.emulator.peers"
local service_error = require "dxconnect.emulator.service_error"
local timeline = require "dxconnect.emulator.timeline"

local DEFAULT_MINUTES = 180

local handlers = {}

-- The ids of the peers to hold down: those named, or all.
local function chosen_peers(interface, wanted)
  local live, is_live, chosen, seen = {}, {}, {}, {}
  for _, peer in ipairs(interface.bgpPeers) do
    if peers.is_live(peer) then
      live[#live + 1] = peer.bgpPeerId
      is_live[peer.bgpPeerId] = true
    end
  end
  for _, id in ipairs(wanted and #wanted > 0 and wanted or live) do
    if not is_live[id] then
      service_error.client("BGP peer %s does not exist on Virtual Interface %s", id, interface.virtualInterfaceId)
    elseif not seen[id] then
      seen[id] = true
      chosen[#chosen + 1] = id
    end
  end
  return chosen
end

-- Ends the test of an interface, which goes back into the state that it was in before.
local function finish(world, interface, status)
  local test = world.state.named[interface._test]
  test.endTime = world:now()
  world:walk(test, { status, world.GONE })
  interface._test = nil
  world:walk(interface, { test._before })
  return test
end

function timeline.actions.end_test(world, interface)
  finish(world, interface, "completed")
end

function handlers.StartBgpFailoverTest(world, params)
  local id = params.virtualInterfaceId
  local interface = interfaces.get_live(world, id)
  local state = interfaces.state(world, interface)
  if state ~= "available" and state ~= "down" then
    service_error.client("Virtual Interface %s is %s: a test needs one that is available", id, state)
  end
  local ids = chosen_peers(interface, params.bgpPeers)
  local minutes = params.testDurationInMinutes or DEFAULT_MINUTES
  local test = world:add("failover_test", {
    testId = world:new_uuid(),
    virtualInterfaceId = id,
    bgpPeers = ids,
    ownerAccount = interface.ownerAccount,
    testDurationInMinutes = minutes,
    startTime = world:now(),
    _before = interface.virtualInterfaceState,
  })
  world:walk(test, { "in_progress" })
  interface._test = test.testId
  world:walk(interface, { "testing", "@end_test" }, minutes * 60)
  return { virtualInterfaceTest = test }
end

function handlers.StopBgpFailoverTest(world, params)
  local interface = interfaces.get_live(world, params.virtualInterfaceId)
  if not interface._test then
    service_error.client("Virtual Interface %s is not in a failover test", params.virtualInterfaceId)
  end
  return { virtualInterfaceTest = finish(world, interface, "stopped") }
end

local function has_any(list, wanted)
  for _, one in ipairs(wanted) do
    for _, id in ipairs(list) do
      if id == one then
        return true
      end
    end
  end
  return #wanted == 0
end

function handlers.ListVirtualInterfaceTestHistory(world, params)
  return world:page(params, world:list("failover_test"), "virtualInterfaceTestHistory", nil, function(test)
    return world:is_own(test)
      and (not params.testId or test.testId == params.testId)
      and (not params.virtualInterfaceId or test.virtualInterfaceId == params.virtualInterfaceId)
      and (not params.status or test.status == params.status)
      and has_any(test.bgpPeers, params.bgpPeers or {})
  end)
end

return handlers
