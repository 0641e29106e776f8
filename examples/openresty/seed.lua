--- Orders what the demonstration shows, from the emulator: `make demo-openresty` runs it. Refuses to run without
-- AWS_ENDPOINT_URL_DIRECT_CONNECT: at the real service it would order ports.

local dxconnect = require "dxconnect"

if not os.getenv("AWS_ENDPOINT_URL_DIRECT_CONNECT") then
  io.stderr:write("This orders connections. Run it against the emulator: make demo-openresty\n")
  os.exit(2)
end

local client = assert(dxconnect.client())

-- What the emulator can't do is left out of the picture.
local function try(what, result, err)
  if not result then
    io.stderr:write(what, ": ", tostring(err), "\n")
  end
  return result or {}
end

local place
for location in client:items("describe_locations") do
  if location.availableMacSecPortSpeeds and #location.availableMacSecPortSpeeds > 0 then
    place = place or location.locationCode
  end
end

local function order(name)
  return try(name, client:create_connection {
    location = place, bandwidth = "10Gbps", connectionName = name, requestMACSec = true,
  })
end

local function add_key(port)
  local key = dxconnect.macsec.generate()
  try("a key for " .. port, client:associate_mac_sec_key { connectionId = port, ckn = key.ckn, cak = key.cak })
end

local berlin = order "berlin-1"
order "hamburg-1"
local lag = try("a LAG", client:create_lag {
  location = place, connectionsBandwidth = "10Gbps", numberOfConnections = 2, lagName = "frankfurt",
  requestMACSec = true,
})
local function wait_for(port)
  return try(port, client:wait_until(port == lag.lagId and "lag_available" or "connection_available",
    port == lag.lagId and { lagId = port } or { connectionId = port }, { delay = 0.2, timeout = 30 }))
end
for _, port in ipairs { berlin.connectionId or false, lag.lagId or false } do
  wait_for(port)
  add_key(port)
  wait_for(port) -- it is pending for a while with a new key
end

local function gateway(name)
  local made = try(name, client:create_direct_connect_gateway { directConnectGatewayName = name })
  return made.directConnectGateway and made.directConnectGateway.directConnectGatewayId
end

local function interface(name, port, vlan, gateway_id)
  if port and gateway_id then
    return try(name, client:create_private_virtual_interface {
      connectionId = port,
      newPrivateVirtualInterface = {
        virtualInterfaceName = name, vlan = vlan, asn = 65001, directConnectGatewayId = gateway_id,
      },
    }).virtualInterfaceId
  end
end

local core, laboratory = gateway "core", gateway "laboratory"
interface("production", lag.lagId, 101, core)
interface("backup", berlin.connectionId, 102, core)
local testing = interface("testing", berlin.connectionId, 103, laboratory)
order "hamburg-2"

-- BGP of one of them goes down on purpose.
if testing then
  local _, err = client:wait_until("virtual_interface_available", { virtualInterfaceId = testing }, {
    delay = 0.2, timeout = 60,
  })
  try("a failover test", not err and client:start_bgp_failover_test {
    virtualInterfaceId = testing, testDurationInMinutes = 4320,
  }, err)
end
