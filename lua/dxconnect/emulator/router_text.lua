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

--- The commands that set up a router.
-- @tparam table interface
-- @tparam table router
-- @treturn string
function router_text.commands(interface, router)
  local lines = {
    ("! %s for %s %s, %s"):format(interface.virtualInterfaceId, router.vendor, router.platform, router.software),
    ("interface GigabitEthernet0/1.%d"):format(interface.vlan),
    ("  description Direct Connect to %s"):format(interface.virtualInterfaceId),
    ("  encapsulation dot1Q %d"):format(interface.vlan),
  }
  for _, peer in ipairs(interface.bgpPeers) do
    local protocol = peer.addressFamily == "ipv6" and "ipv6" or "ip"
    lines[#lines + 1] = ("  %s address %s"):format(protocol, peer.customerAddress)
  end
  lines[#lines + 1] = ("router bgp %.0f"):format(interface.asnLong or 0)
  for _, peer in ipairs(interface.bgpPeers) do
    local neighbor = "  neighbor " .. address_of(peer.amazonAddress)
    lines[#lines + 1] = ("%s remote-as %.0f"):format(neighbor, interface.amazonSideAsn)
    lines[#lines + 1] = ("%s password %s"):format(neighbor, peer.authKey)
  end
  lines[#lines + 1] = ""
  return table.concat(lines, "\n")
end

return router_text
