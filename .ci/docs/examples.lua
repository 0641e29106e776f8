--- An example of each operation that runs as it stands: an emulator with what the call needs, a client, the call.

local example = require "dxconnect.help.example"

local CONNECTION, HOSTED, LAG, INTERCONNECT = "dxcon-ffabc123", "dxcon-ffabc789", "dxlag-ffabc123", "dxcon-ffabc456"
local INTERFACE, GATEWAY, PRIVATE = "dxvif-ffabc123", "5f294f92-bafb-4011-916d-9b0bec1a2b3c", "vgw-0a1b2c3d"
local ASSOCIATION, PROPOSAL = "be85116d-46eb-4b43-a27a-da0c2ad648de", "c2ede9b4-bbc6-4d33-923c-bc4feEXAMPLE"
local PEER = "dxpeer-ffabc123"
local GROUP, TRANSIT = "dxrg-0a1b2c3d4e5f67890", "tgw-0a1b2c3d4e5f67890"
local SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:directconnect!prod/us-east-1/directconnect/x"

-- A value as Lua source; short tables on one line.
local function source(value, indent)
  if type(value) ~= "table" then
    return type(value) == "string" and ("%q"):format(value) or tostring(value)
  end
  local names, parts = {}, {}
  for name in pairs(value) do
    names[#names + 1] = name
  end
  table.sort(names)
  for i, name in ipairs(names) do
    parts[i] = (type(name) == "string" and name .. " = " or "") .. source(value[name], indent .. "  ")
  end
  local line = "{ " .. table.concat(parts, ", ") .. " }"
  if #line + #indent < 60 and not line:find("\n", 1, true) then
    return line
  end
  return "{\n" .. indent .. "  " .. table.concat(parts, ",\n" .. indent .. "  ") .. ",\n" .. indent .. "}"
end

-- What the ids of the examples name: kind, the resource, and the ids that it needs.
local world = {
  [CONNECTION] = { "connection", {
    connectionId = CONNECTION, connectionName = "berlin-1", location = "EqDC2", bandwidth = "10Gbps",
    macSecCapable = true,
  } },
  [LAG] = { "lag", {
    lagId = LAG, lagName = "berlin", location = "EqDC2", connectionsBandwidth = "10Gbps", macSecCapable = true,
    connections = { { connectionId = "dxcon-ffabc321" } },
  } },
  [INTERCONNECT] = { "interconnect", {
    interconnectId = INTERCONNECT, interconnectName = "partner-1", location = "EqDC2", bandwidth = "10Gbps",
  } },
  [HOSTED] = { "connection", {
    connectionId = HOSTED, parentConnectionId = INTERCONNECT, bandwidth = "500Mbps",
  }, { INTERCONNECT } },
  [GATEWAY] = { "gateway", { directConnectGatewayId = GATEWAY, directConnectGatewayName = "backbone" } },
  [PRIVATE] = { "virtual_private_gateway", { virtualGatewayId = PRIVATE } },
  [INTERFACE] = { "virtual_interface", {
    virtualInterfaceId = INTERFACE, virtualInterfaceName = "office", connectionId = CONNECTION, vlan = 100, asn = 65000,
    directConnectGatewayId = GATEWAY,
  }, { CONNECTION, GATEWAY } },
  [ASSOCIATION] = { "gateway_association", {
    associationId = ASSOCIATION, directConnectGatewayId = GATEWAY, associatedGateway = { id = TRANSIT },
    allowedPrefixesToDirectConnectGateway = { { cidr = "10.10.0.0/16" } },
  }, { GATEWAY } },
  [PROPOSAL] = { "gateway_proposal", {
    proposalId = PROPOSAL, directConnectGatewayId = GATEWAY, associatedGateway = { id = TRANSIT },
    requestedAllowedPrefixesToDirectConnectGateway = { { cidr = "10.10.0.0/16" } },
  }, { GATEWAY } },
  [PEER] = { "bgp_peer", {
    bgpPeerId = PEER, virtualInterfaceId = INTERFACE, asn = 65000, addressFamily = "ipv6",
  }, { INTERFACE } },
  [GROUP] = { "resiliency_group", { resiliencyGroupId = GROUP, resiliencyGroupName = "frankfurt" } },
}

-- Changes for operations that need another world: `with`, members by id; `before`, lines that come before the call.
local changes = {
  associate_hosted_connection = { with = { [LAG] = { allowsHostedConnections = true } } },
  confirm_connection = { with = { [HOSTED] = { connectionState = "ordering" } } },
  confirm_private_virtual_interface = { with = { [INTERFACE] = { virtualInterfaceState = "confirming" } } },
  confirm_public_virtual_interface = { with = { [INTERFACE] = {
    virtualInterfaceType = "public", virtualInterfaceState = "confirming", amazonAddress = "203.0.113.1/30",
    customerAddress = "203.0.113.2/30", routeFilterPrefixes = { { cidr = "198.51.100.0/24" } },
    directConnectGatewayId = false,
  } } },
  confirm_transit_virtual_interface = { with = { [INTERFACE] = {
    virtualInterfaceType = "transit", virtualInterfaceState = "confirming",
  } } },
  disassociate_connection_from_lag = { with = { [CONNECTION] = { lagId = LAG } } },
  disassociate_connections_from_resiliency_group = { with = { [GROUP] = { connectionIdentifiers = { CONNECTION } } } },
  disassociate_mac_sec_key = { with = { [CONNECTION] = {
    macSecKeys = { { secretARN = SECRET, ckn = ("0123456789abcdef"):rep(4), state = "associated" } },
  } } },
  stop_bgp_failover_test = { before = 'assert(client:start_bgp_failover_test{ virtualInterfaceId = "' .. INTERFACE
    .. '" })' },
}

local function ids_in(value, found)
  if type(value) == "table" then
    for _, inner in pairs(value) do
      ids_in(inner, found)
    end
  elseif type(value) == "string" then
    local id = value:match("^arn:aws:directconnect:.*/([^/]+)$") or value
    found[id] = world[id] and true or nil
  end
  return found
end

local function need(id, needed)
  needed[id] = true
  for _, other in ipairs(world[id][3] or {}) do
    need(other, needed)
  end
end

-- The seed for a call with these params.
local function seed_for(params, change)
  local needed, seed = {}, {}
  for id in pairs(ids_in(params, {})) do
    need(id, needed)
  end
  for id in pairs(needed) do
    local kind, resource = world[id][1], {}
    for name, value in pairs(world[id][2]) do
      resource[name] = value
    end
    for name, value in pairs((change.with or {})[id] or {}) do
      resource[name] = value or nil
    end
    seed[kind] = seed[kind] or {}
    table.insert(seed[kind], resource)
  end
  for _, list in pairs(seed) do
    table.sort(list, function(a, b)
      return (a.connectionId or "") < (b.connectionId or "")
    end)
  end
  return seed
end

--- The program of an operation.
-- @tparam table model
-- @tparam table op
-- @treturn string Lua source
local function program(model, op)
  local change = changes[op.method] or {}
  local seed = seed_for(example.params(model, op), change)
  local lines = { 'local dxconnect = require "dxconnect"', "local emulator = dxconnect.emulator()" }
  if next(seed) then
    lines[#lines + 1] = ("assert(emulator:seed(%s))"):format(source(seed, ""))
  end
  lines[#lines + 1] = [[
local client = assert(dxconnect.client{
  region = "us-east-1", transport = emulator.transport,
  credentials = { access_key_id = "test", secret_access_key = "test" },
})
]]
  lines[#lines + 1] = change.before
  lines[#lines + 1] = (example.assignment(model, op):gsub("^local result, err =", "local result ="))
    :gsub("^(local result =%s)(.*)$", "%1assert(%2)") .. "\nprint(result)"
  return table.concat(lines, "\n")
end

return { program = program }
