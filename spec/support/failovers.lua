--- Two paths to one gateway on an emulator, for specs of failover tests.

local dxconnect = require "dxconnect"
local emulated = require "spec.support.emulated"
local world = require "spec.support.world"

local failovers = {}

-- A virtual interface on a connection of its own at a location.
local function interface(client, location, vlan, gateway)
  local connection = assert(client:create_connection {
    location = location, bandwidth = "10Gbps", connectionName = location,
  }).connectionId
  assert(client:wait_until("connection_available", { connectionId = connection }))
  return assert(client:create_private_virtual_interface {
    connectionId = connection,
    newPrivateVirtualInterface = {
      virtualInterfaceName = location, vlan = vlan, asn = 65001, authKey = "bgp-secret",
      directConnectGatewayId = gateway,
    },
  }).virtualInterfaceId
end

--- Builds the paths with a client; returns the ids of the interface, its backup, and the gateway.
function failovers.build(client)
  local locations = assert(client:describe_locations()).locations
  local gateway = assert(client:create_direct_connect_gateway { directConnectGatewayName = "g" }).directConnectGateway
    .directConnectGatewayId
  local ids = {}
  for i = 1, 2 do
    ids[i] = interface(client, locations[i].locationCode, 100 + i, gateway)
  end
  for i = 1, 2 do
    assert(client:wait_until("virtual_interface_available", { virtualInterfaceId = ids[i] }))
    assert(client:wait_until("bgp_status_up", { virtualInterfaceId = ids[i] }))
  end
  return ids[1], ids[2], gateway
end

--- A new world with two paths. `paths.hook(number, send, request)`, where set, stands between client and emulator;
-- `paths.requests` has the operations in order, and how many there were of each.
-- @tparam[opt] table options of the client
function failovers.new(options)
  local maker, emulator, record = emulated.world()
  local paths = { maker = maker, emulator = emulator, record = record, requests = {} }
  paths.id, paths.backup, paths.gateway = failovers.build(maker)
  local settings = {
    region = "us-east-1", credentials = world.KEYS, system = maker.system,
    transport = function(request)
      local name = request.headers["x-amz-target"]:match("%.(.*)")
      paths.requests[#paths.requests + 1] = name
      paths.requests[name] = (paths.requests[name] or 0) + 1
      if paths.hook then
        return paths.hook(#paths.requests, emulator.transport, request)
      end
      return emulator.transport(request)
    end,
  }
  for name, value in pairs(options or {}) do
    settings[name] = value
  end
  paths.client = assert(dxconnect.client(settings))
  return paths
end

--- Tests the first path for some minutes.
function failovers.test(paths, options, params)
  local given = { virtualInterfaceId = paths.id, testDurationInMinutes = 5 }
  for name, value in pairs(params or {}) do
    given[name] = value
  end
  return paths.client:failover_test(given, options)
end

--- The test that runs; nil where there is none.
function failovers.running(paths)
  return assert(paths.maker:list_virtual_interface_test_history {
    virtualInterfaceId = paths.id, status = "in_progress",
  }).virtualInterfaceTestHistory[1]
end

return failovers
