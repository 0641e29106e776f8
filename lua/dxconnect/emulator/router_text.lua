--- The texts that configure a customer's router for a virtual interface: the description as XML that every interface
-- has, and the commands for a router that is known here. Both hold BGP keys.

local routers = require "dxconnect.resources.routers"

local router_text = {}

local entities = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }

local function element(name, value)
  local text = type(value) == "number" and ("%.0f"):format(value) or tostring(value)
  return ("  <%s>%s</%s>\n"):format(name, text:gsub('[&<>"]', entities), name)
end

--- A router by its identifier, the first without one; nil where none is known by it.
function router_text.find(identifier)
  for _, router in ipairs(routers) do
    if identifier == nil or router.routerTypeIdentifier == identifier then
      return router
    end
  end
end

--- The identifiers of the routers that are known.
function router_text.identifiers()
  local list = {}
  for i, router in ipairs(routers) do
    list[i] = router.routerTypeIdentifier
  end
  return list
end

--- An interface's description as XML.
function router_text.xml(interface)
  local parts = {
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    ('<logical_connection id="%s">\n'):format(interface.virtualInterfaceId),
    element("vlan", interface.vlan),
  }
  for _, peer in ipairs(interface.bgpPeers) do
    for _, pair in ipairs {
      { "customer_address", peer.customerAddress }, { "amazon_address", peer.amazonAddress },
      { "bgp_asn", peer.asnLong or 0 }, { "bgp_auth_key", peer.authKey },
    } do
      parts[#parts + 1] = element(pair[1], pair[2])
    end
  end
  parts[#parts + 1] = element("amazon_bgp_asn", interface.amazonSideAsn)
  parts[#parts + 1] = element("connection_type", interface.virtualInterfaceType)
  parts[#parts + 1] = "</logical_connection>\n"
  return table.concat(parts)
end

local function address_of(text)
  return (text:gsub("/.*", ""))
end

local function length_of(text)
  return text:match("/(%d+)$") or (text:find(":", 1, true) and "128" or "32")
end

local function is_ipv6(peer)
  return peer.addressFamily == "ipv6"
end

local function asn(number)
  return ("%.0f"):format(number or 0)
end

local writers = {}

writers["Cisco Systems, Inc."] = function(interface, lines)
  local function add(format, ...)
    lines[#lines + 1] = format:format(...)
  end
  add("interface GigabitEthernet0/1.%d", interface.vlan)
  add("  description Direct Connect to %s", interface.virtualInterfaceId)
  add("  encapsulation dot1Q %d", interface.vlan)
  for _, peer in ipairs(interface.bgpPeers) do
    add("  %s address %s", is_ipv6(peer) and "ipv6" or "ip", peer.customerAddress)
  end
  add("router bgp %s", asn(interface.asnLong))
  for _, peer in ipairs(interface.bgpPeers) do
    local neighbor = "  neighbor " .. address_of(peer.amazonAddress)
    add("%s remote-as %s", neighbor, asn(interface.amazonSideAsn))
    add("%s password %s", neighbor, peer.authKey)
  end
end

writers["Juniper Networks, Inc."] = function(interface, lines)
  local function add(format, ...)
    lines[#lines + 1] = format:format(...)
  end
  local unit = ("set interfaces ge-0/0/1 unit %d"):format(interface.vlan)
  add('%s description "Direct Connect to %s"', unit, interface.virtualInterfaceId)
  add("%s vlan-id %d", unit, interface.vlan)
  for _, peer in ipairs(interface.bgpPeers) do
    add("%s family %s address %s", unit, is_ipv6(peer) and "inet6" or "inet", peer.customerAddress)
  end
  add("set routing-options autonomous-system %s", asn(interface.asnLong))
  for _, peer in ipairs(interface.bgpPeers) do
    local neighbor = ("set protocols bgp group %s neighbor %s"):format(interface.virtualInterfaceId,
      address_of(peer.amazonAddress))
    add("%s peer-as %s", neighbor, asn(interface.amazonSideAsn))
    add('%s authentication-key "%s"', neighbor, peer.authKey)
  end
end

writers["Palo Alto Networks"] = function(interface, lines)
  local function add(format, ...)
    lines[#lines + 1] = format:format(...)
  end
  local unit = ("set network interface ethernet ethernet1/1 layer3 units ethernet1/1.%d"):format(interface.vlan)
  add("%s tag %d", unit, interface.vlan)
  for _, peer in ipairs(interface.bgpPeers) do
    add("%s %s %s/%s", unit, is_ipv6(peer) and "ipv6 address" or "ip", address_of(peer.customerAddress),
      length_of(peer.customerAddress))
  end
  local bgp = "set network virtual-router default protocol bgp"
  add("%s local-as %s", bgp, asn(interface.asnLong))
  for _, peer in ipairs(interface.bgpPeers) do
    add("%s auth-profile %s secret %s", bgp, peer.bgpPeerId, peer.authKey)
    local neighbor = ("%s peer-group %s peer %s"):format(bgp, interface.virtualInterfaceId, peer.bgpPeerId)
    add("%s peer-as %s", neighbor, asn(interface.amazonSideAsn))
    add("%s peer-address ip %s", neighbor, address_of(peer.amazonAddress))
    add("%s connection-options authentication %s", neighbor, peer.bgpPeerId)
  end
end

local comments = { ["Cisco Systems, Inc."] = "!" }

--- The commands that set up a router, in its vendor's language.
-- @tparam table interface
-- @tparam table router
-- @treturn string
function router_text.commands(interface, router)
  local lines = {
    ("%s %s for %s %s, %s"):format(comments[router.vendor] or "#", interface.virtualInterfaceId, router.vendor,
      router.platform, router.software),
  }
  writers[router.vendor](interface, lines)
  lines[#lines + 1] = ""
  return table.concat(lines, "\n")
end

return router_text
