--- What a failover test must know before it begins: whether the interface and its peers are up, whether a test runs
-- already, and which other path to the same gateway is up. Only reads; a read that fails is an error, never an answer.

local errors = require "dxconnect.errors"
local pages = require "dxconnect.workflows.pages"
local resources = require "dxconnect.resources.kinds"
local states = require "dxconnect.resources.states"

local OPERATION = "StartBgpFailoverTest"

local kind = resources.kinds.virtual_interface

local function lower(value)
  return type(value) == "string" and value:lower() or nil
end

local function failed(message, fields)
  fields = fields or {}
  fields.operation = OPERATION
  return errors.waiter("WaiterFailedError", message, fields)
end

-- ---- interfaces and peers

local function state_of(interface)
  return lower(interface[kind.state]) or "unknown"
end

-- The peers of an interface that are not leaving.
local function peers_of(interface)
  local list = {}
  for _, peer in ipairs(interface.bgpPeers or {}) do
    if not states.is_leaving(peer.bgpPeerState) then
      list[#list + 1] = peer
    end
  end
  return list
end

local function is_peer_up(peer)
  return lower(peer.bgpStatus) == "up"
end

local function family_of(peer)
  local address = peer.customerAddress or peer.amazonAddress
  return lower(peer.addressFamily) or type(address) == "string" and address:find(":", 1, true) and "ipv6" or "ipv4"
end

--- What of an interface is up: by peer id, true.
-- @tparam table interface
-- @treturn table
local function peers_up(interface)
  local up = {}
  for i, peer in ipairs(peers_of(interface)) do
    up[peer.bgpPeerId or i] = is_peer_up(peer) or nil
  end
  return up
end

--- Whether an interface is available and has every one of these peers up.
-- @tparam table interface
-- @tparam table peers by id, as of `peers_up`
-- @treturn boolean
local function is_up(interface, peers)
  local now = peers_up(interface)
  for id in pairs(peers) do
    if not now[id] then
      return false
    end
  end
  return state_of(interface) == "available"
end

-- ---- tests

local is_ended = {
  completed = true, complete = true, stopped = true, failed = true, cancelled = true, canceled = true, aborted = true,
  ended = true, finished = true,
}

--- Whether a test of the history is running. A status that is not known counts as running until its end.
-- @tparam table test
-- @tparam number now Unix seconds
-- @treturn boolean
local function is_running(test, now)
  local status = (lower(test.status) or ""):gsub("%A", "")
  if is_ended[status] then
    return false
  end
  return status == "inprogress" or type(test.endTime) ~= "number" or test.endTime > now
end

--- The test of an interface that is running.
-- @tparam table client
-- @tparam string id of the interface
-- @tparam ?table calls options of the calls
-- @tparam[opt] string test_id a test that is returned also where it has ended
-- @treturn[1] table test; false where there is none
-- @treturn[2] nil
-- @treturn[2] table error
local function find_test(client, id, calls, test_id)
  local list, err = pages.collect(client, "ListVirtualInterfaceTestHistory", {
    virtualInterfaceId = id,
    testId = test_id,
  }, calls)
  if not list then
    return nil, err
  end
  local now = client.system.clock()
  for _, test in ipairs(list) do
    if test_id and test.testId == test_id or not test_id and is_running(test, now) then
      return test
    end
  end
  return false
end

--- How to stop a test, for a hint.
-- @tparam string id of the interface
-- @treturn string
local function how_to_stop(id)
  return ('client:stop_bgp_failover_test{ virtualInterfaceId = "%s" } stops it'):format(id)
end

-- ---- other paths

local function given(value)
  return type(value) == "string" and value ~= "" and value or nil
end

-- Whether every prefix that a public interface announces is announced by another one, too.
local function has_prefixes(candidate, interface)
  local there = {}
  for _, prefix in ipairs(candidate.routeFilterPrefixes or {}) do
    there[prefix.cidr or ""] = true
  end
  for _, prefix in ipairs(interface.routeFilterPrefixes or {}) do
    if not there[prefix.cidr or ""] then
      return false
    end
  end
  return true
end

local function gateway_of(interface)
  return given(interface.directConnectGatewayId) or given(interface.virtualGatewayId)
end

local function leads_there(candidate, interface)
  if candidate.virtualInterfaceId == interface.virtualInterfaceId then
    return false
  end
  local gateway = gateway_of(interface)
  if gateway then
    return gateway_of(candidate) == gateway
  end
  return lower(interface.virtualInterfaceType) == "public" and lower(candidate.virtualInterfaceType) == "public"
    and has_prefixes(candidate, interface)
end

local function is_same_device(a, b)
  if given(a.connectionId) and a.connectionId == b.connectionId then
    return true
  elseif given(a.awsDeviceV2) and given(b.awsDeviceV2) then
    return a.awsDeviceV2 == b.awsDeviceV2
  end
  return given(a.awsLogicalDeviceId) ~= nil and a.awsLogicalDeviceId == b.awsLogicalDeviceId
end

-- Why an interface is no backup for another one; nil where it is one.
local function why_no_backup(candidate, interface)
  if state_of(candidate) ~= "available" then
    return "is " .. state_of(candidate)
  end
  local up = {}
  for _, peer in ipairs(peers_of(candidate)) do
    up[family_of(peer)] = up[family_of(peer)] or is_peer_up(peer)
  end
  for _, peer in ipairs(peers_of(interface)) do
    if not up[family_of(peer)] then
      return "has no " .. family_of(peer) .. " session that is up"
    end
  end
  return is_same_device(candidate, interface) and "is on the same device" or nil
end

-- Looks for a backup among interfaces; adds why the others are none.
local function pick(list, interface, reasons)
  for _, candidate in ipairs(list) do
    if leads_there(candidate, interface) then
      local why = why_no_backup(candidate, interface)
      if not why then
        return candidate
      end
      reasons[#reasons + 1] = ("%s %s"):format(tostring(candidate.virtualInterfaceId), why)
    end
  end
end

local function with_region(calls, region)
  local options = { region = region }
  for name, value in pairs(calls or {}) do
    options[name] = value
  end
  options.region = region
  return options
end

-- The other regions in which interfaces are attached to the gateway.
local function other_regions(client, interface, calls)
  local list, err = pages.collect(client, "DescribeDirectConnectGatewayAttachments", {
    directConnectGatewayId = interface.directConnectGatewayId,
  }, calls)
  if not list then
    return nil, err
  end
  local regions, seen = {}, { [interface.region or ""] = true }
  for _, attachment in ipairs(list) do
    local region = given(attachment.virtualInterfaceRegion)
    if region and not seen[region] and not states.is_leaving(attachment.attachmentState) then
      seen[region] = true
      regions[#regions + 1] = region
    end
  end
  table.sort(regions)
  return regions
end

-- The other path that is to carry the traffic, and the options of calls that show it.
local function find_backup(client, interface, calls)
  local reasons = {}
  local list, err = pages.collect(client, kind.operation, nil, calls)
  if not list then
    return nil, err
  end
  local backup = pick(list, interface, reasons)
  if backup then
    return backup, calls
  end
  local regions = {}
  if given(interface.directConnectGatewayId) and given(interface.region) then
    regions, err = other_regions(client, interface, calls)
    if not regions then
      return nil, err
    end
  end
  for _, region in ipairs(regions) do
    local options = with_region(calls, region)
    list, err = pages.collect(client, kind.operation, nil, options)
    if not list then
      return nil, err
    end
    backup = pick(list, interface, reasons)
    if backup then
      return backup, options
    end
  end
  return nil, failed(("no other path to %s is up%s%s"):format(gateway_of(interface) or "the same prefixes",
    #reasons > 0 and ": " or "", table.concat(reasons, ", ")), {
      hint = "require_backup = false tests without one",
    })
end

-- ---- the preflight

local function check_interface(interface)
  local id, state = interface.virtualInterfaceId, state_of(interface)
  if state ~= "available" then
    return nil, failed(("%s is %s: a test needs it available"):format(id, state), { state = state })
  end
  local peers, down = peers_of(interface), {}
  for _, peer in ipairs(peers) do
    if not is_peer_up(peer) then
      down[#down + 1] = ("%s is %s"):format(tostring(peer.bgpPeerId or family_of(peer)),
        lower(peer.bgpStatus) or "unknown")
    end
  end
  if #peers == 0 or #down > 0 then
    return nil, failed(("%s: a test needs all its BGP peers up, but %s"):format(id,
      #peers == 0 and "it has none" or table.concat(down, ", ")))
  end
  return true
end

local function running_test(test, id)
  return failed(("failover test %s is running on %s already"):format(tostring(test.testId), id), {
    reason = "conflict",
    hint = "wait for its end, or stop it: " .. how_to_stop(id),
    test = test,
  })
end

--- Looks whether a test may begin.
-- @tparam table client
-- @tparam string id of the interface
-- @tparam boolean needs_backup
-- @tparam ?table calls options of the calls
-- @treturn[1] table `{interface, backup, backup_calls}`; the last one: options of the calls that show the backup
-- @treturn[2] nil
-- @treturn[2] table error
local function preflight(client, id, needs_backup, calls)
  local list, err = pages.collect(client, kind.operation, { virtualInterfaceId = id }, calls)
  if not list then
    return nil, err
  elseif #list == 0 then
    return nil, failed(("virtual interface %s was not found"):format(id), { reason = "not_found" })
  end
  local test
  test, err = find_test(client, id, calls)
  if err then
    return nil, err
  elseif test then
    return nil, running_test(test, id)
  end
  local interface = list[1]
  local ok
  ok, err = check_interface(interface)
  if not ok then
    return nil, err
  end
  local ready = { interface = interface }
  if needs_backup then
    ready.backup, ready.backup_calls = find_backup(client, interface, calls)
    if not ready.backup then
      return nil, ready.backup_calls
    end
  end
  return ready
end

return {
  preflight = preflight,
  find_test = find_test,
  how_to_stop = how_to_stop,
  is_running = is_running,
  is_up = is_up,
  peers_up = peers_up,
  state = state_of,
}
