--- Hosted connections: a partner allocates one on an interconnect or LAG, its owner confirms it.

local interfaces = require "dxconnect.emulator.interfaces"
local partners = require "dxconnect.emulator.partners"
local ports = require "dxconnect.emulator.ports"
local rules = require "dxconnect.emulator.rules"
local service_error = require "dxconnect.emulator.service_error"
local usage = require "dxconnect.emulator.usage"

local handlers = {}

-- What can host: an interconnect or a LAG of interconnects.
local function get_parent(world, id)
  if id:find("^dxlag%-") then
    return world:get("lag", id)
  elseif world:find("connection", id) then
    service_error.client("Connection %s is not an interconnect", id)
  end
  return world:get("interconnect", id)
end

local function check_parent(world, id, vlan, bandwidth)
  local parent = get_parent(world, id)
  ports.check_live(parent, id)
  if parent._kind == "lag" and not parent.allowsHostedConnections then
    service_error.client("Lag %s does not allow hosted connections", id)
  elseif parent.lagId and parent._kind ~= "lag" then
    service_error.client("Interconnect %s is part of Lag %s: hosted connections go on the Lag", id, parent.lagId)
  elseif usage.megabits(bandwidth) > ports.megabits(parent) then
    service_error.client("Bandwidth %s exceeds that of %s", bandwidth, id)
  end
  interfaces.check_hosted_vlan(world, id, vlan)
  return parent
end

local function allocate(world, id, params)
  partners.check(world)
  rules.check_account(params.ownerAccount)
  get_parent(world, id)
  partners.check_bandwidth(world, params.bandwidth)
  local parent = check_parent(world, id, params.vlan, params.bandwidth)
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
  world:walk(hosted, { "ordering" })
  return ports.present(world, hosted)
end

function handlers.AllocateHostedConnection(world, params)
  return allocate(world, params.connectionId, params)
end

function handlers.AllocateConnectionOnInterconnect(world, params)
  if params.bandwidth == "25Gbps" then
    service_error.client("Bandwidth %s is not available for hosted connections", params.bandwidth)
  end
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
  if not world:is_own(hosted) then
    service_error.client("Connection %s belongs to another account, which confirms it", params.connectionId)
  elseif ports.is_ended(hosted) then
    service_error.client("Connection %s is %s", params.connectionId, hosted.connectionState)
  elseif hosted.connectionState == "ordering" then
    world:walk(hosted, { "pending", "available" })
  end
  return { connectionState = ports.state(world, hosted) }
end

function handlers.DescribeHostedConnections(world, params)
  partners.check(world)
  local id = params.connectionId
  if not id:find("^dxlag%-") and not world:find("interconnect", id) and not world:find("connection", id) then
    service_error.client("DescribeHostedConnections failed for connection %s doesn't exist.", id)
  end
  get_parent(world, id)
  return world:page(params, world:list_by("connection", "_parent", id), "connections", ports.presenter(world))
end

function handlers.DescribeConnectionsOnInterconnect(world, params)
  partners.check(world)
  world:get("interconnect", params.interconnectId)
  local list = {}
  for hosted in world:each_by("connection", "_parent", params.interconnectId) do
    list[#list + 1] = ports.present(world, hosted)
  end
  return { connections = list }
end

-- Raises where what is on a hosted connection has an address that the other port's hosted connections have.
local function check_addresses(world, hosted, parent_id)
  local own = usage.of_port(world.state, hosted.connectionId).addresses
  for _, other in ipairs(ports.hosted(world, parent_id)) do
    for address in pairs(usage.of_port(world.state, other.connectionId).addresses) do
      if own[address] then
        service_error.client("IP address %s is already in use on %s", address, parent_id)
      end
    end
  end
end

function handlers.AssociateHostedConnection(world, params)
  partners.check(world)
  local hosted = get_hosted(world, params.connectionId)
  if ports.is_ended(hosted) then
    service_error.client("Connection %s is %s", params.connectionId, hosted.connectionState)
  elseif hosted._parent == params.parentConnectionId then
    service_error.client("Connection %s is already associated with %s", params.connectionId, params.parentConnectionId)
  end
  world:check_settled(hosted)
  local parent = check_parent(world, params.parentConnectionId, hosted.vlan, hosted.bandwidth)
  check_addresses(world, hosted, params.parentConnectionId)
  interfaces.put_hosted_on(world, hosted, parent)
  world:make_busy(hosted)
  return ports.present(world, hosted)
end

return handlers
