--- Failover tests: BGP peers held down for a while, to see the other paths take over.

local interfaces = require "dxconnect.emulator.interfaces"
local service_error = require "dxconnect.emulator.service_error"

local DEFAULT_MINUTES = 180

local handlers = {}

local function tests_of(world)
  return world.state.failover_tests
end

-- The peers to hold down: those named, or all.
local function chosen_peers(interface, ids)
  local chosen = {}
  if not ids or #ids == 0 then
    for i, peer in ipairs(interface.bgpPeers) do
      chosen[i] = peer
    end
    return chosen
  end
  for i, id in ipairs(ids) do
    for _, peer in ipairs(interface.bgpPeers) do
      chosen[i] = peer.bgpPeerId == id and peer or chosen[i]
    end
    if not chosen[i] then
      service_error.client("BGP peer %s does not exist on Virtual Interface %s", id, interface.virtualInterfaceId)
    end
  end
  return chosen
end

local function finish(world, test, status)
  test.status = status
  test.endTime = world:now()
  for _, peer in ipairs(test._peers) do
    peer._in_test = nil
  end
  test._interface._test = nil
end

function handlers.StartBgpFailoverTest(world, params)
  local id = params.virtualInterfaceId
  local interface = interfaces.get_live(world, id)
  if interface.virtualInterfaceState ~= "available" and interface.virtualInterfaceState ~= "down" then
    service_error.client("Virtual Interface %s is %s: a test needs one that is available", id,
      interface.virtualInterfaceState)
  end
  local peers, ids = chosen_peers(interface, params.bgpPeers), {}
  for i, peer in ipairs(peers) do
    peer._in_test = true
    ids[i] = peer.bgpPeerId
  end
  local minutes = params.testDurationInMinutes or DEFAULT_MINUTES
  local tests = tests_of(world)
  local test = {
    testId = world:new_uuid(),
    virtualInterfaceId = id,
    bgpPeers = ids,
    status = "in_progress",
    ownerAccount = interface.ownerAccount,
    testDurationInMinutes = minutes,
    startTime = world:now(),
    _interface = interface,
    _peers = peers,
    _sequence = #tests + 1,
    _region = world.region,
  }
  tests[#tests + 1] = test
  interface._test = test
  local before = interface.virtualInterfaceState
  world:move(interface, "testing", { minutes * 60, function()
    finish(world, test, "completed")
    interface.virtualInterfaceState = before
  end })
  test._before = before
  return { virtualInterfaceTest = test }
end

function handlers.StopBgpFailoverTest(world, params)
  local interface = interfaces.get_live(world, params.virtualInterfaceId)
  local test = interface._test
  if not test then
    service_error.client("Virtual Interface %s is not in a failover test", params.virtualInterfaceId)
  end
  finish(world, test, "stopped")
  world:move(interface, test._before)
  return { virtualInterfaceTest = test }
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
  local list = {}
  for _, test in ipairs(tests_of(world)) do
    if test._region == world.region and world:is_own(test)
      and (not params.testId or test.testId == params.testId)
      and (not params.virtualInterfaceId or test.virtualInterfaceId == params.virtualInterfaceId)
      and (not params.status or test.status == params.status)
      and has_any(test.bgpPeers, params.bgpPeers or {}) then
      list[#list + 1] = test
    end
  end
  return world:page(params, list, "virtualInterfaceTestHistory")
end

return handlers
