--- What connections, LAGs and interconnects have in common: location, speed, MACsec, the way from order to light.

local copy = require "dxconnect.emulator.copy"
local groups = require "dxconnect.emulator.groups"
local locations = require "dxconnect.emulator.locations"
local service_error = require "dxconnect.emulator.service_error"
local states = require "dxconnect.resources.states"
local usage = require "dxconnect.emulator.usage"

local ports = {}

local quotas_of_lag = { ["100Gbps"] = "fast_links_per_lag", ["400Gbps"] = "fast_links_per_lag" }
local POOL = 5000 -- prefixes of an address family that a port's virtual interfaces share

-- ---- orders

local function has_speed(speeds, bandwidth)
  for _, speed in ipairs(speeds) do
    if speed == bandwidth then
      return true
    end
  end
  return false
end

--- Raises where a location, or a speed at it, can't be ordered.
-- @tparam table world
-- @tparam string code of the location
-- @tparam string bandwidth
-- @tparam ?boolean wants_mac_sec
function ports.check_order(world, code, bandwidth, wants_mac_sec)
  local location = locations.find(world.region, code)
  if not location then
    service_error.client("Location %s does not exist", code)
  elseif not has_speed(location.availablePortSpeeds, bandwidth) then
    service_error.client("Bandwidth %s is not available at location %s: it has %s", bandwidth, code,
      table.concat(location.availablePortSpeeds, ", "))
  elseif wants_mac_sec and not has_speed(location.availableMacSecPortSpeeds, bandwidth) then
    service_error.client("MACsec is not available on ports of %s at location %s", bandwidth, code)
  end
end

--- Raises where an account has its dedicated connections at a location.
-- @tparam number more how many are ordered
function ports.check_room_at(world, code, more)
  if world:quota("connections_per_location") == math.huge then
    return
  end
  local count = more
  for connection in world:each_by("connection", "location", code) do
    if connection._region == world.region and world:owner_of(connection) == world.account
      and not connection._parent and not ports.is_ended(connection) then
      count = count + 1
    end
  end
  world:check_quota("connections_per_location", count,
    ("Account %s has the maximum number of connections at location %s"):format(world.account, code))
end

--- The members that a new port has whatever its kind.
function ports.common(world, params)
  local has_mac_sec = params.requestMACSec == true
  local device = ports.device(world, params.location)
  return {
    ownerAccount = world.account,
    region = world.region,
    location = params.location,
    providerName = params.providerName,
    awsDevice = device,
    awsDeviceV2 = device,
    awsLogicalDeviceId = device,
    hasLogicalRedundancy = "yes",
    jumboFrameCapable = true,
    tags = params.tags or {},
    macSecCapable = has_mac_sec,
    encryptionMode = has_mac_sec and "should_encrypt" or "no_encrypt",
    macSecKeys = {},
  }
end

--- Gives a port the pool that its virtual interfaces share; others don't have one.
function ports.add_pools(record, billing_mode)
  record.billingMode = billing_mode
  record.prefixPoolSizeIpv4, record.prefixPoolSizeIpv6 = POOL, POOL
  return record
end

--- The device at a location, one for all: so any two ports there can join in a LAG.
function ports.device(world, location)
  local devices = world.state.devices
  if not devices[location] then
    devices[location] = world:new_id(location)
  end
  return devices[location]
end

--- Puts a new port on its way.
function ports.order(world, record)
  world:walk(record, { "requested", "pending", "available" })
end

--- Puts a port on its way out.
function ports.delete(world, record)
  world:walk(record, { "deleting", "deleted", world.GONE })
end

--- Orders a connection.
-- @tparam table world
-- @tparam table params of CreateConnection, checked, with its billingMode
-- @tparam string name
-- @tparam[opt] string delays kind of what it is ordered with
-- @treturn table the record
function ports.new_connection(world, params, name, delays)
  local connection = ports.common(world, params)
  connection.connectionId = world:new_id("dxcon")
  connection.connectionName = name
  connection.bandwidth = params.bandwidth
  connection._delays = delays
  ports.add_pools(connection, params.billingMode)
  world:add("connection", connection)
  ports.order(world, connection)
  return connection
end

--- Orders an interconnect.
-- @tparam table world
-- @tparam table params of CreateInterconnect, checked
-- @tparam[opt] string delays kind of what it is ordered with
-- @treturn table the record
function ports.new_interconnect(world, params, delays)
  local interconnect = ports.common(world, params)
  interconnect.ownerAccount = nil
  interconnect.interconnectId = world:new_id("dxcon")
  interconnect.interconnectName = params.interconnectName
  interconnect.bandwidth = params.bandwidth
  interconnect._delays = delays
  world:add("interconnect", interconnect)
  ports.order(world, interconnect)
  return interconnect
end

-- ---- states

--- Whether a state, of a port or of a virtual interface, is that of something on its way out, or gone.
-- @tparam string state
-- @treturn boolean
function ports.is_end(state)
  return states.is_leaving(state)
end

-- The state that a port is in by itself.
local function own_state(port)
  return port.connectionState or port.lagState or port.interconnectState
end

--- Whether a port is on its way out, or gone.
function ports.is_ended(port)
  return ports.is_end(own_state(port))
end

--- The records of a LAG's members, in the order in which they came.
function ports.members(world, lag)
  local list = {}
  for i, id in ipairs(lag._members) do
    list[i] = world.state.named[id]
  end
  return list
end

--- How many members of a LAG have light, one of them left out. While the LAG itself is on its way, so are they, and
-- count.
function ports.working_links(world, lag, left_out)
  local count, is_young = 0, lag.lagState == "requested" or lag.lagState == "pending"
  for _, member in ipairs(ports.members(world, lag)) do
    local state = own_state(member)
    local works = state == "available" or is_young and (state == "requested" or state == "pending")
    count = count + (member ~= left_out and works and 1 or 0)
  end
  return count
end

--- The state of a port, of whatever kind: its own, but down where a LAG has fewer working links than it needs, or where
-- what a hosted connection is on is down.
function ports.state(world, port)
  local state = own_state(port)
  if state ~= "available" then
    return state
  elseif port._kind == "lag" then
    return ports.working_links(world, port) >= math.max(1, port.minimumLinks) and state or "down"
  end
  local parent = port._parent and world.state.named[port._parent]
  return parent and ports.state(world, parent) == "down" and "down" or state
end

--- Raises where a port is on its way out, or gone.
function ports.check_live(port, id)
  if ports.is_ended(port) then
    service_error.client("%s is %s", id, own_state(port) == "deleting" and "being deleted" or own_state(port))
  end
end

-- ---- looking them up

--- The connection or interconnect with that id; raises where there is none.
function ports.get_line(world, id)
  return world:find("interconnect", id) or world:get("connection", id)
end

--- The port with that id, of whatever kind; raises where there is none.
function ports.get(world, id)
  return id:find("^dxlag%-") and world:get("lag", id) or ports.get_line(world, id)
end

--- Whether virtual interfaces are on a port that are not gone.
function ports.has_interfaces(world, id)
  for interface in world:each_by("virtual_interface", "connectionId", id) do
    local state = interface.virtualInterfaceState
    if state ~= "deleted" and state ~= "rejected" then
      return true
    end
  end
  return false
end

--- Hosted connections on an interconnect or LAG that are neither deleted nor rejected.
function ports.hosted(world, id)
  local list = {}
  for connection in world:each_by("connection", "_parent", id) do
    list[#list + 1] = not ports.is_ended(connection) and connection or nil
  end
  return list
end

--- What a port can carry, in Mbps.
function ports.megabits(port)
  if port._kind == "lag" then
    return usage.megabits(port.connectionsBandwidth) * #port._members
  end
  return usage.megabits(port.bandwidth)
end

--- The quota for the members of a LAG.
function ports.member_quota(bandwidth)
  return quotas_of_lag[bandwidth] or "links_per_lag"
end

-- ---- MACsec

--- Raises where a MACsec key of a port is on its way on or off.
function ports.check_keys_settled(port)
  for _, key in ipairs(port.macSecKeys) do
    if key.state == "associating" or key.state == "disassociating" then
      service_error.client("MACsec key %s is in a transitioning state", key.secretARN)
    end
  end
end

local modes = { no_encrypt = true, should_encrypt = true, must_encrypt = true }

--- Raises where a port can't have an encryption mode.
function ports.check_mode(record, mode)
  if mode == nil then
    return
  elseif not modes[mode] then
    service_error.client("Encryption mode %s is not valid: it must be no_encrypt, should_encrypt or must_encrypt", mode)
  elseif not record.macSecCapable and mode ~= "no_encrypt" then
    service_error.client("Encryption mode %s needs a port that is capable of MACsec", mode)
  end
end

-- ---- what answers show

-- Sets a member that is computed, unless a test holds it in place (emulator:set).
local function update(view, record, member, value)
  if not (record._pinned and record._pinned[member]) then
    view[member] = value
  end
end

local function add_pool_members(world, view, port, id)
  if not port.prefixPoolSizeIpv4 then
    return
  end
  local used = usage.of_port(world.state, id)
  update(view, port, "prefixPoolUnallocatedCountIpv4", port.prefixPoolSizeIpv4 - used.prefixes_ipv4)
  update(view, port, "prefixPoolUnallocatedCountIpv6", port.prefixPoolSizeIpv6 - used.prefixes_ipv6)
  local most = world:quota("rate_limiters_per_connection")
  most = most == math.huge and 4094 or most
  update(view, port, "rateLimiterStatus", {
    maxAllowed = most, inUse = used.limiters, remaining = math.max(0, most - used.limiters),
    totalBandwidth = ("%dMbps"):format(used.megabits),
  })
end

local function encrypts(state, mode, keys)
  if mode == "no_encrypt" or state ~= "available" and state ~= "pending" then -- pending: another key is put on
    return false
  end
  for _, key in ipairs(keys) do
    if key.state == "associated" then
      return true
    end
  end
  return false
end

--- A connection or interconnect in the shape of a connection, as LAGs show both.
-- @tparam table copy of `present`
function ports.as_connection(world, view)
  if view.interconnectId then
    view.connectionId, view.interconnectId = view.interconnectId, nil
    view.connectionName, view.interconnectName = view.interconnectName, nil
    view.connectionState, view.interconnectState = view.interconnectState, nil
    view.ownerAccount = world:owner_of(view)
  end
  return view
end

--- What an answer shows of a port: its members, and what follows from the rest.
-- @treturn table a copy
function ports.present(world, port)
  local view, kind = copy.shallow(port), port._kind
  if kind == "lag" then
    view.lagState = ports.state(world, port)
    view.connections = {}
    for i, member in ipairs(ports.members(world, port)) do
      view.connections[i] = ports.as_connection(world, ports.present(world, member))
    end
    add_pool_members(world, view, port, port.lagId)
    return view
  end
  local state = ports.state(world, port)
  view[kind == "connection" and "connectionState" or "interconnectState"] = state
  if kind == "connection" then
    update(view, port, "billingMode", groups.billing_mode(world, port))
  end
  local lag = port.lagId and world.state.named[port.lagId]
  if lag then
    view.macSecKeys = lag.macSecKeys
    update(view, port, "encryptionMode", lag.encryptionMode)
  end
  update(view, port, "portEncryptionStatus",
    encrypts(state, view.encryptionMode, view.macSecKeys) and "Encryption Up" or "Encryption Down")
  add_pool_members(world, view, port, world:id_of(port))
  return view
end

--- A function that presents ports, for `world:page`.
function ports.presenter(world)
  return function(port)
    return ports.present(world, port)
  end
end

return ports
