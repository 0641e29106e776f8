--- Virtual interfaces: made for oneself or for another account, confirmed, described, changed, moved, deleted.

local interfaces = require "dxconnect.emulator.interfaces"
local ports = require "dxconnect.emulator.ports"
local rules = require "dxconnect.emulator.rules"
local service_error = require "dxconnect.emulator.service_error"
local usage = require "dxconnect.emulator.usage"

local handlers = {}

-- Makes an interface on a port.
local function make(world, params, kind, given, owner)
  interfaces.check_request(world, kind, given)
  local port_id = params.connectionId
  local port = interfaces.check_port(world, port_id, given.vlan, kind)
  if owner and owner == world:owner_of(port) then
    service_error.client("Account %s owns %s: create the virtual interface instead of allocating it", owner, port_id)
  elseif given.enableSiteLink and not given.directConnectGatewayId then
    service_error.client("SiteLink needs a Direct Connect Gateway")
  elseif given.mtu and given.mtu > 1500 and not port.jumboFrameCapable then
    service_error.client("%s is not capable of jumbo frames", port_id)
  end
  interfaces.check_pools(world, port, port_id, given)
  local gateway = given.directConnectGatewayId
    and interfaces.check_attachable(world, given.directConnectGatewayId, kind == "transit", 0)
  local interface = interfaces.new(world, port, port_id, kind, given, owner)
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
  rules.check_account(params.ownerAccount)
  return interfaces.present(world, make(world, params, kind, given, params.ownerAccount))
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

local function prefixes_of(interface)
  return (interface.prefixPoolAllocatedCountIpv4 or 0) + (interface.prefixPoolAllocatedCountIpv6 or 0)
end

local function confirm(world, interface, gateway_id)
  if gateway_id then
    local gateway = interfaces.check_attachable(world, gateway_id, interface.virtualInterfaceType == "transit",
      prefixes_of(interface))
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
    confirm(world, interface, params.directConnectGatewayId)
    interface.virtualGatewayId = params.virtualGatewayId
    if params.virtualGatewayId then
      interfaces.note_virtual_gateway(world, params.virtualGatewayId)
    end
  end
  return { virtualInterfaceState = interfaces.state(world, interface) }
end

function handlers.ConfirmPublicVirtualInterface(world, params)
  local interface, is_open = to_confirm(world, params.virtualInterfaceId, "public")
  if is_open then
    confirm(world, interface)
  end
  return { virtualInterfaceState = interfaces.state(world, interface) }
end

function handlers.ConfirmTransitVirtualInterface(world, params)
  local interface, is_open = to_confirm(world, params.virtualInterfaceId, "transit")
  if is_open then
    confirm(world, interface, params.directConnectGatewayId)
  end
  return { virtualInterfaceState = interfaces.state(world, interface) }
end

-- ---- the rest of its life

function handlers.DescribeVirtualInterfaces(world, params)
  local port_id = params.connectionId
  if port_id then
    ports.get(world, port_id)
  end
  if params.virtualInterfaceId then
    local one = world:get("virtual_interface", params.virtualInterfaceId)
    local is_there = not port_id or one.connectionId == port_id
    return { virtualInterfaces = is_there and { interfaces.present(world, one) } or {} }
  end
  local list = port_id and world:list_by("virtual_interface", "connectionId", port_id)
    or world:list("virtual_interface")
  return world:page(params, list, "virtualInterfaces", interfaces.presenter(world), function(interface)
    return world:is_visible(interface)
  end)
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
  interfaces.check_name(params.virtualInterfaceName)
  interfaces.check_in_use(world, interface, params)
  interfaces.check_pools(world, world.state.named[interface.connectionId], interface.connectionId, params, interface)
  for member, given in pairs {
    mtu = "mtu", virtualInterfaceName = "virtualInterfaceName", siteLinkEnabled = "enableSiteLink",
    rateLimit = "rateLimit", prefixPoolAllocatedCountIpv4 = "prefixPoolAllocatedCountIpv4",
    prefixPoolAllocatedCountIpv6 = "prefixPoolAllocatedCountIpv6",
  } do
    if params[given] ~= nil then
      interface[member] = params[given]
    end
  end
  usage.update(world.state, interface)
  return interfaces.present(world, interface)
end

function handlers.AssociateVirtualInterface(world, params)
  local interface = interfaces.get_live(world, params.virtualInterfaceId)
  local from, to = interface.connectionId, params.connectionId
  if from == to then
    service_error.client("Virtual Interface %s is already associated with %s", params.virtualInterfaceId, to)
  end
  local port, old = ports.get(world, to), world.state.named[from]
  if old._parent then
    service_error.client("Virtual Interface %s is on a hosted connection: move the connection",
      params.virtualInterfaceId)
  elseif not world:is_own(interface) and not world:is_own(old) then
    service_error.client("Virtual Interface %s and the connection that it is on belong to other accounts",
      params.virtualInterfaceId)
  elseif not world:is_own(port) then
    service_error.client("%s belongs to another account", to)
  end
  interfaces.check_available(world, port, to)
  interfaces.check_move(world, port, interface)
  interfaces.check_room_for(world, port, { interface })
  interfaces.put_on(world, interface, port)
  world:make_busy(interface)
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
  return { virtualInterfaceState = interfaces.state(world, interface) }
end

return handlers
