--- What connections, LAGs and interconnects have in common: location, speed, MACsec, the way from order to light.

local places = require "dxconnect.emulator.places"
local service_error = require "dxconnect.emulator.service_error"
local set = require "dxconnect.set"

local ports = {}

--- Seconds that things take.
ports.durations = {
  requested = 120, -- until the letter of authorization is there
  pending = 180, -- until light is on the line
  deleting = 60,
  deleted = 900, -- that a deleted thing is still shown
  reattaching = 60, -- a port that moves into or out of a LAG
}

local POOL = 5000 -- prefixes of an address family that a port's virtual interfaces share

--- Raises where a location, or a speed at it, can't be ordered.
-- @tparam table world
-- @tparam string code of the location
-- @tparam string bandwidth
-- @tparam ?boolean wants_mac_sec
-- @treturn table the location
function ports.check_order(world, code, bandwidth, wants_mac_sec)
  local place = places.find(world.region, code)
  if not place then
    service_error.client("Location %s does not exist", code)
  elseif not set(place.availablePortSpeeds)[bandwidth] then
    service_error.client("Bandwidth %s is not available at location %s: it has %s", bandwidth, code,
      table.concat(place.availablePortSpeeds, ", "))
  elseif wants_mac_sec and not set(place.availableMacSecPortSpeeds)[bandwidth] then
    service_error.client("MACsec is not available on ports of %s at location %s", bandwidth, code)
  end
  return place
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

--- The members that only ports with virtual interfaces of their own have.
function ports.add_pools(record, billing_mode)
  record.billingMode = billing_mode
  record.prefixPoolSizeIpv4, record.prefixPoolSizeIpv6 = POOL, POOL
  record.prefixPoolUnallocatedCountIpv4, record.prefixPoolUnallocatedCountIpv6 = POOL, POOL
  record.rateLimiterStatus = { maxAllowed = 10, inUse = 0, remaining = 10, totalBandwidth = "0Mbps" }
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
  local durations = ports.durations
  world:move(record, "requested", { durations.requested, "pending", durations.pending, "available" })
end

--- Puts a port on its way out.
function ports.delete(world, record)
  local durations = ports.durations
  world:move(record, "deleting", { durations.deleting, "deleted", durations.deleted, world.GONE })
end

--- The state of a port, of whatever kind.
function ports.state(port)
  return port.connectionState or port.lagState or port.interconnectState
end

local ended = { deleting = true, deleted = true, rejected = true }

--- Whether a state, of a port or of a virtual interface, is that of something on its way out, or gone.
-- @tparam string state
-- @treturn boolean
function ports.is_end(state)
  return ended[state] == true
end

--- Whether a port is on its way out, or gone.
function ports.is_ended(port)
  return ports.is_end(ports.state(port))
end

--- The connection or interconnect with that id; raises where there is none.
function ports.get_line(world, id)
  return world:find("interconnect", id) or world:get("connection", id)
end

--- The port with that id, of whatever kind; raises where there is none.
function ports.get(world, id)
  return id:find("^dxlag%-") and world:get("lag", id) or ports.get_line(world, id)
end

--- Orders a connection.
-- @tparam table world
-- @tparam table params of CreateConnection, checked, with its billingMode
-- @tparam string name
-- @treturn table the record
function ports.new_connection(world, params, name)
  local connection = ports.common(world, params)
  connection.connectionId = world:new_id("dxcon")
  connection.connectionName = name
  connection.bandwidth = params.bandwidth
  ports.add_pools(connection, params.billingMode)
  world:add("connection", connection)
  ports.order(world, connection)
  return connection
end

--- Raises where a MACsec key of a port is on its way on or off.
function ports.check_keys_settled(port)
  for _, key in ipairs(port.macSecKeys) do
    if key.state == "associating" or key.state == "disassociating" then
      service_error.client("MACsec key %s is in a transitioning state", key.secretARN)
    end
  end
end

--- Sets the encryption mode of a port, and with a LAG that of its connections.
function ports.set_mode(port, mode)
  port.encryptionMode = mode
  for _, member in ipairs(port._members or {}) do
    member.encryptionMode = mode
  end
end

--- A connection or interconnect in the shape of a connection, as LAGs show both.
function ports.as_connection(member)
  if member.connectionId then
    return member
  end
  local connection = {}
  for name, value in pairs(member) do
    connection[name] = value
  end
  connection.connectionId, connection.interconnectId = member.interconnectId, nil
  connection.connectionName, connection.interconnectName = member.interconnectName, nil
  connection.connectionState, connection.interconnectState = member.interconnectState, nil
  connection.ownerAccount = member._owner
  return connection
end

--- Brings up to date what follows from the rest: whether the port encrypts.
-- @treturn table the port
function ports.present(world, port)
  if port.lagState then
    port.connections = {}
    for i, member in ipairs(port._members) do
      port.connections[i] = ports.as_connection(ports.present(world, member))
    end
    return port
  end
  local is_up = false
  if ports.state(port) == "available" and port.encryptionMode ~= "no_encrypt" then
    for _, key in ipairs(port.macSecKeys) do
      is_up = is_up or key.state == "associated"
    end
  end
  world:update(port, "portEncryptionStatus", is_up and "Encryption Up" or "Encryption Down")
  return port
end

--- As `present`, of every record of a list.
function ports.present_all(world, list)
  for _, port in ipairs(list) do
    ports.present(world, port)
  end
  return list
end

--- Virtual interfaces on a port that are not deleted.
function ports.interfaces(world, id)
  return world:list("virtual_interface", function(interface)
    return interface.connectionId == id and interface.virtualInterfaceState ~= "deleted"
  end)
end

--- Hosted connections on an interconnect or LAG that are neither deleted nor rejected.
function ports.hosted(world, id)
  return world:list("connection", function(connection)
    return connection._parent == id and not ports.is_ended(connection)
  end)
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

return ports
