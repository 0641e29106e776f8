--- Virtual interfaces: made for oneself or for another account, confirmed, described, changed, moved, deleted.

local interfaces = require "dxconnect.emulator.interfaces"
local ports = require "dxconnect.emulator.ports"
local service_error = require "dxconnect.emulator.service_error"

local handlers = {}

-- Makes an interface on a port.
local function make(world, params, kind, given, owner)
  local port = interfaces.check_port(world, params.connectionId, given.vlan)
  local gateway = given.directConnectGatewayId and interfaces.get_gateway(world, given.directConnectGatewayId)
  if given.enableSiteLink and not gateway then
    service_error.client("SiteLink needs a Direct Connect Gateway")
  end
  interfaces.check_pools(world, port, given)
  local interface = interfaces.new(world, port, params.connectionId, kind, given, owner)
  if gateway then
    interfaces.attach(world, interface, gateway)
  end
  return interface
end

local function create(world, params, kind, given)
  local interface = make(world, params, kind, given)
  interfaces.begin(world, interface)
  return interfaces.present(world, interface)
end

local function allocate(world, params, kind, given)
  local account = params.ownerAccount
  if #account ~= 12 or not account:find("^%d+$") then
    service_error.client("Account %s does not exist: an account's id has 12 digits", account)
  end
  return interfaces.present(world, make(world, params, kind, given, account))
end

function handlers.CreatePrivateVirtualInterface(world, params)
  return create(world, params, "private", params.newPrivateVirtualInterface)
end

function handlers.CreatePublicVirtualInterface(world, params)
  return create(world, params, "public", params.newPublicVirtualInterface)
end

function handlers.CreateTransitVirtualInterface(world, params)
  return { virtualInterface = create(world, params, "transit", params.newTransitVirtualInterface) }
end

function handlers.AllocatePrivateVirtualInterface(world, params)
  return allocate(world, params, "private", params.newPrivateVirtualInterfaceAllocation)
end

function handlers.AllocatePublicVirtualInterface(world, params)
  return allocate(world, params, "public", params.newPublicVirtualInterfaceAllocation)
end

function handlers.AllocateTransitVirtualInterface(world, params)
  return { virtualInterface = allocate(world, params, "transit", params.newTransitVirtualInterfaceAllocation) }
end

-- ---- confirmation

-- The interface that its owner confirms; whether it still needs that.
local function to_confirm(world, id, kind)
  local interface = interfaces.get_live(world, id)
  if interface.virtualInterfaceType ~= kind then
    service_error.client("Virtual Interface %s is %s, not %s", id, interface.virtualInterfaceType, kind)
  elseif not world:is_own(interface) then
    service_error.client("Virtual Interface %s belongs to another account, which confirms it", id)
  end
  return interface, interface.virtualInterfaceState == "confirming"
end

local function confirm(world, interface, gateway)
  if gateway then
    interfaces.attach(world, interface, gateway)
  end
  interfaces.begin(world, interface)
end

function handlers.ConfirmPrivateVirtualInterface(world, params)
  local interface, is_open = to_confirm(world, params.virtualInterfaceId, "private")
  if (params.virtualGatewayId == nil) == (params.directConnectGatewayId == nil) then
    service_error.client("Name either virtualGatewayId or directConnectGatewayId")
  end
  if is_open then
    local gateway = params.directConnectGatewayId and interfaces.get_gateway(world, params.directConnectGatewayId)
    interface.virtualGatewayId = params.virtualGatewayId
    if params.virtualGatewayId then
      interfaces.note_virtual_gateway(world, params.virtualGatewayId)
    end
    confirm(world, interface, gateway)
  end
  return { virtualInterfaceState = interface.virtualInterfaceState }
end

function handlers.ConfirmPublicVirtualInterface(world, params)
  local interface, is_open = to_confirm(world, params.virtualInterfaceId, "public")
  if is_open then
    confirm(world, interface)
  end
  return { virtualInterfaceState = interface.virtualInterfaceState }
end

function handlers.ConfirmTransitVirtualInterface(world, params)
  local interface, is_open = to_confirm(world, params.virtualInterfaceId, "transit")
  if is_open then
    confirm(world, interface, interfaces.get_gateway(world, params.directConnectGatewayId))
  end
  return { virtualInterfaceState = interface.virtualInterfaceState }
end

-- ---- the rest of its life

function handlers.DescribeVirtualInterfaces(world, params)
  local port_id = params.connectionId
  if port_id then
    ports.get(world, port_id)
  end
  local list
  if params.virtualInterfaceId then
    local one = world:get("virtual_interface", params.virtualInterfaceId)
    list = (not port_id or one.connectionId == port_id) and { one } or {}
  else
    list = world:list("virtual_interface", function(interface)
      return not port_id or interface.connectionId == port_id
    end)
  end
  return world:page(params, interfaces.present_all(world, list), "virtualInterfaces")
end

function handlers.UpdateVirtualInterfaceAttributes(world, params)
  local interface = interfaces.get_live(world, params.virtualInterfaceId)
  local id, kind = params.virtualInterfaceId, interface.virtualInterfaceType
  local has_pools = params.prefixPoolAllocatedCountIpv4 or params.prefixPoolAllocatedCountIpv6
  if kind == "public" and (params.mtu or params.enableSiteLink ~= nil or has_pools) then
    service_error.client("Virtual Interface %s is public: it has no MTU, SiteLink or prefix pool to change", id)
  elseif params.mtu and params.mtu > 1500 and not interface.jumboFrameCapable then
    service_error.client("Virtual Interface %s is not capable of jumbo frames", id)
  elseif params.enableSiteLink and not interface.directConnectGatewayId then
    service_error.client("SiteLink needs a Direct Connect Gateway")
  end
  interfaces.check_pools(world, ports.get(world, interface.connectionId), params, interface)
  for member, given in pairs {
    mtu = "mtu", virtualInterfaceName = "virtualInterfaceName", siteLinkEnabled = "enableSiteLink",
    rateLimit = "rateLimit", prefixPoolAllocatedCountIpv4 = "prefixPoolAllocatedCountIpv4",
    prefixPoolAllocatedCountIpv6 = "prefixPoolAllocatedCountIpv6",
  } do
    if params[given] ~= nil then
      interface[member] = params[given]
    end
  end
  interfaces.refresh_port(world, interface.connectionId)
  interfaces.refresh_gateway(world, interface.directConnectGatewayId)
  return interfaces.present(world, interface)
end

function handlers.AssociateVirtualInterface(world, params)
  local interface = interfaces.get_live(world, params.virtualInterfaceId)
  local from, to = interface.connectionId, params.connectionId
  if from == to then
    service_error.client("Virtual Interface %s is already associated with %s", params.virtualInterfaceId, to)
  end
  local port = interfaces.check_port(world, to, interface.vlan)
  local old = world.state.named[from]
  if old and old._parent then
    service_error.client("Virtual Interface %s is on a hosted connection: move the connection",
      params.virtualInterfaceId)
  elseif not world:is_own(port) then
    service_error.client("%s belongs to another account", to)
  end
  interface.connectionId = to
  interface.location = port.location
  interface.awsDeviceV2, interface.awsLogicalDeviceId = port.awsDeviceV2, port.awsLogicalDeviceId
  interfaces.refresh_port(world, from)
  interfaces.refresh_port(world, to)
  world:make_busy(interface, interfaces.durations.moving)
  return interfaces.present(world, interface)
end

function handlers.DeleteVirtualInterface(world, params)
  local interface = world:get("virtual_interface", params.virtualInterfaceId)
  if not interfaces.is_ended(interface) then
    world:check_settled(interface)
    if interface.virtualInterfaceState == "testing" then
      service_error.client("Virtual Interface %s is in a failover test: stop it first", params.virtualInterfaceId)
    end
    interfaces.delete(world, interface)
  end
  return { virtualInterfaceState = interface.virtualInterfaceState }
end

return handlers
