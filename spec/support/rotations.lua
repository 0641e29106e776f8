--- Ports on an emulator whose MACsec keys are rotated.

local dxconnect = require "dxconnect"
local emulated = require "spec.support.emulated"
local world = require "spec.support.world"

local rotations = {}

--- Options with which a wait looks rarely: states take a minute.
rotations.SLOW = { delay = 60 }

--- A pair of one's own.
rotations.GIVEN = { ckn = ("0a"):rep(32), cak = ("Ff"):rep(32) }

-- Orders a port of each kind, and returns its id.
local orders = {
  connection = function(maker, location)
    return assert(maker:create_connection {
      location = location, bandwidth = "10Gbps", connectionName = "c", requestMACSec = true,
    }).connectionId
  end,
  lag = function(maker, location)
    return assert(maker:create_lag {
      location = location, connectionsBandwidth = "10Gbps", numberOfConnections = 2, lagName = "l",
      requestMACSec = true,
    }).lagId
  end,
  interconnect = function(maker, location)
    return assert(maker:create_interconnect {
      location = location, bandwidth = "10Gbps", interconnectName = "i", requestMACSec = true,
    }).interconnectId
  end,
}

--- A port on an emulator, with so many associated keys on it. `port.hook(number, send, request)`, where set, stands
-- between client and emulator. Every request is followed by a look at how many keys work.
function rotations.new_port(kind, keys, options)
  local maker, emulator, record = emulated.world()
  local port = { emulator = emulator, record = record, requests = {}, maker = maker, least = math.huge }
  port.id = orders[kind](maker, emulated.mac_sec_location(maker))
  assert(maker:wait_until(kind .. "_available", { [kind .. "Id"] = port.id }))
  function port.add(ckn, arn)
    assert(maker:associate_mac_sec_key {
      connectionId = port.id, ckn = ckn, cak = ckn and rotations.GIVEN.cak, secretARN = arn,
    })
    assert(maker:wait_until("mac_sec_key_associated", { connectionId = port.id, ckn = ckn, secretARN = arn },
      rotations.SLOW))
  end
  function port.keys(state)
    local list = {}
    for _, key in ipairs(emulator:get(port.id).macSecKeys) do
      if key.state == state or state == nil and key.state ~= "disassociated" then
        list[#list + 1] = key
      end
    end
    return list
  end
  for i = 1, keys do
    port.add(("%02x"):format(i):rep(32))
  end
  local function send(request)
    local response, message, problem = emulator.transport(request)
    if #port.keys() > 0 then
      port.least = math.min(port.least, #port.keys "associated")
    end
    return response, message, problem
  end
  local settings = {
    region = "us-east-1", credentials = world.KEYS, system = maker.system,
    transport = function(request)
      local name = request.headers["x-amz-target"]:match("%.(.*)")
      port.requests[#port.requests + 1] = name
      port.requests[name] = (port.requests[name] or 0) + 1
      if port.hook then
        return port.hook(#port.requests, send, request)
      end
      return send(request)
    end,
  }
  for name, value in pairs(options or {}) do
    settings[name] = value
  end
  port.client = assert(dxconnect.client(settings))
  return port
end

--- Rotates the key of a port.
-- @treturn table the port, or nil, err
function rotations.rotate(port, params, options)
  local given = { connectionId = port.id }
  for name, value in pairs(params or {}) do
    given[name] = value
  end
  return port.client:rotate_mac_sec_key(given, options)
end

--- The CKNs of keys.
function rotations.ckns(keys)
  local list = {}
  for i, key in ipairs(keys) do
    list[i] = key.ckn
  end
  return list
end

return rotations
