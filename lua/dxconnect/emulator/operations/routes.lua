--- Routes of virtual interfaces: what the customer's router announced, and what is announced to it.

local interfaces = require "dxconnect.emulator.interfaces"
local service_error = require "dxconnect.emulator.service_error"

local handlers = {}

local function family_of(cidr)
  return cidr:find(":", 1, true) and "ipv6" or "ipv4"
end

local function route(interface, cidr, direction, asn)
  return {
    cidr = cidr,
    routeDirection = direction,
    addressFamily = family_of(cidr),
    asPath = { { pathType = "seq", path = { asn } } },
    communities = interface.virtualInterfaceType == "public" and { "7224:9100" } or {},
    awsLogicalDeviceId = interface.awsLogicalDeviceId,
    routeInstalledAt = interface._routes_since,
  }
end

-- What the customer's router announces: a public interface's prefixes, else a made-up one for each peer that is up.
local function accepted(interface)
  local list = {}
  if interface.virtualInterfaceType == "public" then
    for _, prefix in ipairs(interface.routeFilterPrefixes) do
      list[#list + 1] = route(interface, prefix.cidr, "accepted", interface.asnLong)
    end
    return list
  end
  for i, peer in ipairs(interface.bgpPeers) do
    if peer.bgpStatus == "up" then
      local cidr = peer.addressFamily == "ipv6" and ("2001:db8:%x:%x::/64"):format(interface.vlan, i)
        or ("10.%d.%d.0/24"):format(interface.vlan % 256, i)
      list[#list + 1] = route(interface, cidr, "accepted", peer.asnLong or 0)
    end
  end
  return list
end

-- What is announced to it: the prefixes that associations of its gateway allow.
local function advertised(world, interface)
  local list = {}
  local gateway = interface.directConnectGatewayId
  for association in world:each_by("gateway_association", "directConnectGatewayId", gateway) do
    local is_on = association.associationState == "associated"
    for _, prefix in ipairs(is_on and association.allowedPrefixesToDirectConnectGateway or {}) do
      list[#list + 1] = route(interface, prefix.cidr, "advertised", interface.amazonSideAsn)
    end
  end
  return list
end

local function contains(list, wanted)
  for _, value in ipairs(list) do
    if value == wanted then
      return true
    end
  end
  return false
end

local function contains_all(list, wanted)
  for _, value in ipairs(wanted or {}) do
    if not contains(list, value) then
      return false
    end
  end
  return true
end

local function passes(one, filters)
  local has_cidr = filters.cidrs == nil or #filters.cidrs == 0 or contains(filters.cidrs, one.cidr)
  return has_cidr
    and (not filters.routeDirection or one.routeDirection == filters.routeDirection)
    and (not filters.addressFamily or one.addressFamily == filters.addressFamily)
    and contains_all(one.asPath[1].path, filters.asPath)
    and contains_all(one.communities, filters.communities)
end

function handlers.ListVirtualInterfaceRoutes(world, params)
  if not params.virtualInterfaceId then
    service_error.client("virtualInterfaceId is required")
  end
  local record = world:get("virtual_interface", params.virtualInterfaceId)
  local interface, list = interfaces.present(world, record), {}
  if interface.virtualInterfaceState == "available" then
    record._routes_since = record._routes_since or world:now()
    interface._routes_since = record._routes_since
    for _, routes in ipairs { accepted(interface), advertised(world, interface) } do
      for _, one in ipairs(routes) do
        if passes(one, params.filters or {}) then
          list[#list + 1] = one
        end
      end
    end
  end
  local result = world:page(params, list, "routes")
  result.virtualInterfaceId = params.virtualInterfaceId
  return result
end

return handlers
