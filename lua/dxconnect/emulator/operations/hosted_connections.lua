--- Hosted connections: a partner allocates one on an interconnect or LAG, its owner confirms it.

local ports = require "dxconnect.emulator.ports"
local service_error = require "dxconnect.emulator.service_error"

local bandwidths = {
  ["50Mbps"] = true, ["100Mbps"] = true, ["200Mbps"] = true, ["300Mbps"] = true, ["400Mbps"] = true,
  ["500Mbps"] = true, ["1Gbps"] = true, ["2Gbps"] = true, ["5Gbps"] = true, ["10Gbps"] = true, ["25Gbps"] = true,
}

local CONFIRMING = 60 -- seconds from the owner's word to light

local handlers = {}

-- What can host: an interconnect or a LAG.
local function get_parent(world, id)
  if id:find("^dxlag%-") then
    return world:get("lag", id)
  elseif world:find("connection", id) then
    service_error.client("Connection %s is not an interconnect", id)
  end
  return world:get("interconnect", id)
end

local function check_parent(world, id, vlan)
  local parent = get_parent(world, id)
  if ports.is_ended(parent) then
    service_error.client("%s is being deleted", id)
  end
  for _, hosted in ipairs(ports.hosted(world, id)) do
    if hosted.vlan == vlan then
      service_error.client("VLAN %d is already in use on %s", vlan, id)
    end
  end
  return parent
end

local function allocate(world, id, params)
  local parent = check_parent(world, id, params.vlan)
  if not bandwidths[params.bandwidth] then
    service_error.client("Bandwidth %s is not available for hosted connections", params.bandwidth)
  elseif not params.ownerAccount:find("^%d+$") or #params.ownerAccount ~= 12 then
    service_error.client("Account %s does not exist: an account's id has 12 digits", params.ownerAccount)
  end
  local hosted = {
    ownerAccount = params.ownerAccount,
    connectionId = world:new_id("dxcon"),
    connectionName = params.connectionName,
    region = world.region,
    location = parent.location,
    bandwidth = params.bandwidth,
    vlan = params.vlan,
    partnerName = "Partner " .. world.account,
    providerName = parent.providerName,
    awsDevice = parent.awsDevice,
    awsDeviceV2 = parent.awsDeviceV2,
    awsLogicalDeviceId = parent.awsLogicalDeviceId,
    hasLogicalRedundancy = parent.hasLogicalRedundancy,
    jumboFrameCapable = parent.jumboFrameCapable,
    tags = params.tags or {},
    macSecCapable = false,
    encryptionMode = "no_encrypt",
    macSecKeys = {},
    partnerInterconnectMacSecCapable = parent.macSecCapable,
    _parent = id,
  }
  world:add("connection", hosted)
  world:move(hosted, "ordering")
  return ports.present(world, hosted)
end

function handlers.AllocateHostedConnection(world, params)
  return allocate(world, params.connectionId, params)
end

function handlers.AllocateConnectionOnInterconnect(world, params)
  return allocate(world, world:get("interconnect", params.interconnectId).interconnectId, params)
end

local function get_hosted(world, id)
  local connection = world:get("connection", id)
  if not connection._parent then
    service_error.client("Connection %s is not a hosted connection", id)
  end
  return connection
end

function handlers.ConfirmConnection(world, params)
  local hosted = get_hosted(world, params.connectionId)
  if ports.is_ended(hosted) then
    service_error.client("Connection %s is %s", params.connectionId, hosted.connectionState)
  elseif hosted.connectionState == "ordering" then
    world:move(hosted, "pending", { CONFIRMING, "available" })
  end
  return { connectionState = hosted.connectionState }
end

local function on_parent(world, id)
  return ports.present_all(world, world:list("connection", function(connection)
    return connection._parent == id
  end))
end

function handlers.DescribeHostedConnections(world, params)
  get_parent(world, params.connectionId)
  return world:page(params, on_parent(world, params.connectionId), "connections")
end

function handlers.DescribeConnectionsOnInterconnect(world, params)
  world:get("interconnect", params.interconnectId)
  return { connections = on_parent(world, params.interconnectId) }
end

function handlers.AssociateHostedConnection(world, params)
  local hosted = get_hosted(world, params.connectionId)
  if ports.is_ended(hosted) then
    service_error.client("Connection %s is %s", params.connectionId, hosted.connectionState)
  elseif hosted._parent == params.parentConnectionId then
    service_error.client("Connection %s is already associated with %s", params.connectionId, params.parentConnectionId)
  end
  world:check_settled(hosted)
  local parent = check_parent(world, params.parentConnectionId, hosted.vlan)
  hosted._parent = params.parentConnectionId
  hosted.location = parent.location
  hosted.awsDevice, hosted.awsDeviceV2 = parent.awsDevice, parent.awsDeviceV2
  hosted.awsLogicalDeviceId = parent.awsLogicalDeviceId
  hosted.partnerInterconnectMacSecCapable = parent.macSecCapable
  world:make_busy(hosted, ports.durations.reattaching)
  return ports.present(world, hosted)
end

return handlers
