--- What virtual interfaces take from the port that they are on and the gateway that they are attached to: VLANs,
-- addresses, prefixes and rate limiters, summed up as interfaces come, change and go, so that nobody has to look at all
-- of them. It is made from the interfaces and is not saved.

local states = require "dxconnect.resources.states"

local usage = {}

--- Makes sums in which there is nothing.
function usage.new()
  return { ports = {}, gateways = {}, counted = {} }
end

local function new_port()
  return {
    total = 0, transit = 0, other = 0, prefixes_ipv4 = 0, prefixes_ipv6 = 0, limiters = 0, megabits = 0, vlans = {},
    addresses = {},
  }
end

local function new_gateway()
  return { interfaces = 0, prefixes = 0, transit = 0 }
end

local units = { M = 1, G = 1000, T = 1000000 }

--- Mbps of a bandwidth such as "500Mbps" or "1.2Gbps"; nil where it is none.
function usage.megabits(text)
  local number, unit = text:match("^(%d+%.?%d*)([MGT])bps$")
  return number and math.floor(tonumber(number) * units[unit] + 0.5) or nil
end

--- The host address of a text such as "169.254.0.1/30".
function usage.host_of(address)
  return (address:gsub("/.*", "")):lower()
end

-- What an interface takes.
local function share_of(interface)
  local share = {
    port = interface.connectionId, gateway = interface.directConnectGatewayId, vlan = interface.vlan,
    is_transit = interface.virtualInterfaceType == "transit",
    ipv4 = interface.prefixPoolAllocatedCountIpv4 or 0, ipv6 = interface.prefixPoolAllocatedCountIpv6 or 0,
    megabits = interface.rateLimit and usage.megabits(interface.rateLimit), addresses = {},
  }
  for _, peer in ipairs(interface.bgpPeers) do
    if not states.is_leaving(peer.bgpPeerState) then
      for _, address in pairs { peer.amazonAddress, peer.customerAddress } do
        share.addresses[#share.addresses + 1] = usage.host_of(address)
      end
    end
  end
  return share
end

local function sum_at(sums, id, new)
  if not sums[id] then
    sums[id] = new()
  end
  return sums[id]
end

local function count_in(numbers, name, sign)
  local number = (numbers[name] or 0) + sign
  numbers[name] = number > 0 and number or nil
end

local function apply(all, share, sign)
  local port = sum_at(all.ports, share.port, new_port)
  port.total = port.total + sign
  port.transit = port.transit + (share.is_transit and sign or 0)
  port.other = port.other + (share.is_transit and 0 or sign)
  port.prefixes_ipv4 = port.prefixes_ipv4 + sign * share.ipv4
  port.prefixes_ipv6 = port.prefixes_ipv6 + sign * share.ipv6
  if share.megabits then
    port.limiters, port.megabits = port.limiters + sign, port.megabits + sign * share.megabits
  end
  count_in(port.vlans, share.vlan, sign)
  for _, address in ipairs(share.addresses) do
    count_in(port.addresses, address, sign)
  end
  if port.total == 0 then
    all.ports[share.port] = nil
  end
  if share.gateway then
    local gateway = sum_at(all.gateways, share.gateway, new_gateway)
    gateway.interfaces = gateway.interfaces + sign
    gateway.transit = gateway.transit + (share.is_transit and sign or 0)
    gateway.prefixes = gateway.prefixes + sign * (share.ipv4 + share.ipv6)
    if gateway.interfaces == 0 then
      all.gateways[share.gateway] = nil
    end
  end
end

--- Brings the sums up to date after a record came, changed or is on its way out. Only virtual interfaces count.
function usage.update(state, record)
  if record._kind ~= "virtual_interface" then
    return
  end
  local all, id = state.usage, record.virtualInterfaceId
  local before = all.counted[id]
  if before then
    apply(all, before, -1)
    all.counted[id] = nil
  end
  if not states.is_leaving(record.virtualInterfaceState) and state.named[id] == record then
    local share = share_of(record)
    apply(all, share, 1)
    all.counted[id] = share
  end
end

local empty_port, empty_gateway = new_port(), new_gateway()

--- What a port has in use.
function usage.of_port(state, id)
  return state.usage.ports[id] or empty_port
end

--- What a gateway has in use.
function usage.of_gateway(state, id)
  return state.usage.gateways[id] or empty_gateway
end

return usage
