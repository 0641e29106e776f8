--- The rules by which an inventory is judged. Each is data: a name, a severity, words, and one pure function over the
-- inventory that returns findings `{id, message, hint, severity}`; a finding without a severity has its rule's.
-- What an inventory could not read is never judged as well, nor as gone: see the rule `incomplete`.

local ports = require "dxconnect.resources.ports"
local quotas = require "dxconnect.resources.quotas"
local resilience = require "dxconnect.inventory.resiliency"
local states = require "dxconnect.resources.states"

local DAY = 86400
local LOA_LIFE = 90 * DAY
local LOA_NOTICE = 15 * DAY
local QUOTA_SHARE = 0.8
local POOL_SHARE = 0.9

local PORT_KINDS = { "connection", "interconnect", "lag" }

-- ---- what the rules share

local function lower(value)
  return type(value) == "string" and value:lower() or nil
end

local function count(value)
  return type(value) == "number" and value or 0
end

local function is_present(resource)
  return not resource.placeholder and not states.is_leaving(resource.state)
end

-- Iterates over what is there of some kinds.
local function present(inventory, kinds)
  local wanted = {}
  for _, kind in ipairs(kinds) do
    wanted[kind] = true
  end
  return inventory:each {
    kind = function(kind)
      return wanted[kind]
    end,
    id = function(id)
      return is_present(inventory:find(id))
    end,
  }
end

local function named(resource)
  return resource.name and ("%s (%s)"):format(resource.id, resource.name) or resource.id
end

local function is_member(inventory, port)
  return #inventory:links_of(port, "member") > 0 and port.kind ~= "lag"
end

-- ---- resiliency

local function judge(list, context, id, what, judged)
  local target = context.targets[id] or context.target
  local level = judged.level
  if level == "unknown" then
    list[#list + 1] = {
      id = id, severity = "note",
      message = ("%s: whether the level %s is reached can't be told"):format(what, target),
      hint = "see inventory:resiliency(id).why for what isn't told",
    }
  elseif resilience.RANKS[level] < resilience.RANKS[target] then
    list[#list + 1] = {
      id = id, severity = level == "none" and "critical" or "warning",
      message = ("%s: resiliency is %s, the target is %s"):format(what, level, target),
      hint = target == "maximum" and "two locations with two devices each make it maximum"
        or target == "high" and "a port at a second location makes it high"
        or "a second port on another device makes it basic",
    }
  end
end

local function find_resiliency(inventory, context)
  local list = {}
  for gateway in present(inventory, { "gateway", "virtual_private_gateway" }) do
    local judged = resilience.resiliency(inventory, gateway)
    if #judged.paths > 0 then
      judge(list, context, gateway.id, "paths to " .. named(gateway), judged)
    end
  end
  for group in present(inventory, { "resiliency_group" }) do
    judge(list, context, group.id, "ports of " .. named(group), resilience.resiliency(inventory, group))
  end
  local public = {}
  for interface in present(inventory, { "virtual_interface" }) do
    if interface.data.virtualInterfaceType == "public" then
      local owner = interface.account or "unknown"
      public[owner] = public[owner] or {}
      table.insert(public[owner], interface)
    end
  end
  for owner, interfaces in pairs(public) do
    judge(list, context, interfaces[1].id, "public interfaces of account " .. owner,
      resilience.resiliency_of_interfaces(inventory, interfaces))
  end
  return list
end

-- ---- down

-- A session that was never up yet is not down.
local ARRIVING = { confirming = true, verifying = true, pending = true }

local function find_down(inventory)
  local list = {}
  for port in present(inventory, PORT_KINDS) do
    if lower(port.state) == "down" then
      list[#list + 1] = {
        id = port.id, message = named(port) .. " is down: no light on the line",
        hint = "check the cross connect, the optics and your router's port",
      }
    end
  end
  for interface in present(inventory, { "virtual_interface" }) do
    local sessions_down = 0
    local is_test = lower(interface.state) == "testing"
    local peers = ARRIVING[lower(interface.state) or ""] and {} or inventory:linked(interface, "peer")
    for _, peer in ipairs(peers) do
      if is_present(peer) and not ARRIVING[lower(peer.state) or ""] and lower(peer.data.bgpStatus) == "down" then
        sessions_down = sessions_down + 1
        list[#list + 1] = {
          id = peer.id, severity = is_test and "note" or nil,
          message = ("BGP of %s, %s, is down%s"):format(named(interface), peer.data.addressFamily or "unknown family",
            is_test and ": a failover test is running" or ""),
          hint = is_test and "it comes back when the test ends" or "check addresses, ASN and authentication key, then "
            .. "how many prefixes you announce",
        }
      end
    end
    if sessions_down == 0 and lower(interface.state) == "down" then
      list[#list + 1] = {
        id = interface.id, message = named(interface) .. " is down",
        hint = "check the port under it and the BGP session",
      }
    end
  end
  return list
end

-- ---- MACsec keys

local KEY_PROBLEMS = {
  ["no key"] = { message = "has no MACsec key", hint = "client:rotate_mac_sec_key makes one and waits for it" },
  stuck = { message = "has a MACsec key that is on its way for more than an hour", hint = "ask AWS support" },
  down = {
    severity = "critical", message = "does not encrypt", hint = "compare CKN, CAK and cipher suite with your router",
  },
  ["one key"] = {
    message = "must encrypt and has one MACsec key: if it fails, traffic stops", hint = "associate a second one",
  },
}

local function find_keys(inventory, context)
  local list = {}
  for port in present(inventory, PORT_KINDS) do
    for _, problem in ipairs(ports.problems(port.data, context.now)) do
      local words = KEY_PROBLEMS[problem] or { message = problem }
      if not (problem == "down" and lower(port.state) == "down") then -- the port itself is: see the rule `down`
        list[#list + 1] = {
          id = port.id, severity = words.severity, message = named(port) .. " " .. words.message, hint = words.hint,
        }
      end
    end
  end
  return list
end

-- ---- quotas

-- The used and allowed number of each quota that an inventory tells: `{id, quota, used, allowed}`.
local function quota_use(inventory)
  local list = {}
  local function note(id, quota, used, allowed)
    list[#list + 1] = { id = id, quota = quota, used = used, allowed = allowed or quotas[quota] }
  end
  local per_place, per_region, per_account = {}, {}, {}
  local function add(sums, key)
    sums[key] = (sums[key] or 0) + 1
  end
  for connection in present(inventory, { "connection" }) do
    local is_hosted = connection.data.vlan ~= nil
    if not is_hosted then
      add(per_place, table.concat({ connection.account or "?", connection.region or "?",
        tostring(connection.data.location or "?") }, "/"))
    end
    if not is_member(inventory, connection) then
      local by_type = {}
      for _, interface in ipairs(inventory:linked(connection, "on")) do
        if is_present(interface) then
          add(by_type, interface.data.virtualInterfaceType == "transit" and "transit" or "other")
        end
      end
      local transit, other = by_type.transit or 0, by_type.other or 0
      if is_hosted then
        note(connection.id, "interfaces_per_hosted_connection", transit + other)
      else
        note(connection.id, "interfaces_per_port", transit + other)
        note(connection.id, "private_and_public_interfaces_per_connection", other)
        note(connection.id, "transit_interfaces_per_connection", transit)
      end
    end
  end
  for lag in present(inventory, { "lag" }) do
    add(per_region, (lag.account or "?") .. "/" .. (lag.region or "?"))
    local used = 0
    for _, interface in ipairs(inventory:linked(lag, "on")) do
      used = used + (is_present(interface) and 1 or 0)
    end
    note(lag.id, "interfaces_per_port", used)
    local speed = tonumber(tostring(lag.data.connectionsBandwidth):match("^(%d+)%s*[Gg]")) or 0
    note(lag.id, speed >= 100 and "fast_links_per_lag" or "links_per_lag", count(lag.data.numberOfConnections))
  end
  for gateway in present(inventory, { "gateway" }) do
    add(per_account, gateway.account or "?")
    local joined, attached = {}, 0
    for _, link in ipairs(inventory:links_of(gateway, "associated")) do
      local other = inventory:find(link.to)
      if other and not states.is_leaving(link.state) then
        add(joined, other.kind)
      end
    end
    for _, link in ipairs(inventory:links_of(gateway, "attached")) do
      attached = attached + (states.is_leaving(link.state) and 0 or 1)
    end
    note(gateway.id, "interfaces_per_gateway", attached)
    note(gateway.id, "virtual_private_gateways_per_gateway", joined.virtual_private_gateway or 0)
    note(gateway.id, "transit_gateways_per_gateway", joined.transit_gateway or 0)
    note(gateway.id, "prefixes_per_gateway", count(gateway.data.totalPrefixPoolAllocations))
  end
  for transit_gateway in inventory:each { kind = "transit_gateway" } do
    note(transit_gateway.id, "gateways_per_transit_gateway", #inventory:linked(transit_gateway, "associated"))
  end
  for port in present(inventory, PORT_KINDS) do
    if not is_member(inventory, port) then
      note(port.id, "mac_sec_keys_per_port", #ports.keys(port.data))
    end
  end
  for resource in present(inventory, { "connection", "interconnect", "lag", "virtual_interface", "gateway",
    "resiliency_group" }) do
    local tags = 0
    for _ in pairs(resource.tags) do
      tags = tags + 1
    end
    note(resource.id, "tags_per_resource", tags)
  end
  for key, used in pairs(per_place) do
    note(key, "connections_per_location", used)
  end
  for key, used in pairs(per_region) do
    note(key, "lags", used)
  end
  for key, used in pairs(per_account) do
    note(key, "gateways", used)
  end
  table.sort(list, function(a, b)
    if a.id ~= b.id then
      return a.id < b.id
    end
    return a.quota < b.quota
  end)
  return list
end

local function find_quota(inventory)
  local list = {}
  for _, use in ipairs(quota_use(inventory)) do
    if use.allowed > 1 and use.used >= QUOTA_SHARE * use.allowed then
      list[#list + 1] = {
        id = use.id, message = ("%d of %d: %s"):format(use.used, use.allowed, (use.quota:gsub("_", " "))),
        hint = "ask for a higher quota, or spread over more ports and gateways",
      }
    end
  end
  return list
end

-- ---- prefix pools

local function find_prefix_pool(inventory)
  local list = {}
  for port in present(inventory, { "connection", "lag" }) do
    for _, family in ipairs { "Ipv4", "Ipv6" } do
      local size, left = port.data["prefixPoolSize" .. family], port.data["prefixPoolUnallocatedCount" .. family]
      if type(size) == "number" and type(left) == "number" and size > 0 and size - left >= POOL_SHARE * size then
        list[#list + 1] = {
          id = port.id,
          message = ("%s: %d of %d %s prefixes of the pool are allocated"):format(named(port), size - left, size,
            family == "Ipv4" and "IPv4" or "IPv6"),
          hint = "enlarge the pool, or allocate less to interfaces that announce less",
        }
      end
    end
  end
  return list
end

-- ---- unattached

local UNDECIDED = { confirming = true, verifying = true }

local function could_read(inventory, gateway, kind)
  return inventory:could_read(gateway.id, kind)
end

local function find_unattached(inventory)
  local list = {}
  for interface in present(inventory, { "virtual_interface" }) do
    local kind = interface.data.virtualInterfaceType
    if kind ~= "public" and not UNDECIDED[lower(interface.state) or ""]
      and #inventory:linked(interface, "attached") == 0 then
      list[#list + 1] = {
        id = interface.id, message = named(interface) .. " is attached to no gateway",
        hint = "delete it, or make it anew with a gateway",
      }
    end
  end
  for gateway in present(inventory, { "gateway" }) do
    if #inventory:links_of(gateway, "associated") == 0 and could_read(inventory, gateway, "associated") then
      list[#list + 1] = {
        id = gateway.id,
        message = named(gateway) .. " joins no virtual private gateway, transit gateway or core network",
        hint = "associate one, or delete the gateway",
      }
    elseif #inventory:links_of(gateway, "attached") == 0 and could_read(inventory, gateway, "attached") then
      list[#list + 1] = {
        id = gateway.id, message = named(gateway) .. " carries no virtual interface",
        hint = "attach one, or delete the gateway",
      }
    end
  end
  return list
end

-- ---- minimum links

local function find_minimum_links(inventory)
  local list = {}
  for lag in present(inventory, { "lag" }) do
    local minimum, up, members = count(lag.data.minimumLinks), 0, inventory:linked(lag, "member")
    local is_told = #members > 0
    for _, member in ipairs(members) do
      is_told = is_told and not member.placeholder
      up = up + (lower(member.state) == "available" and 1 or 0)
    end
    if minimum > 0 and is_told and up <= minimum then
      list[#list + 1] = {
        id = lag.id, severity = up < minimum and "critical" or nil,
        message = ("%s: %d of %d links are up, the minimum is %d"):format(named(lag), up, #members, minimum),
        hint = up < minimum and "the LAG is down until more links are up, or the minimum is lowered"
          or "one more link down takes the LAG down: lower the minimum or add a link",
      }
    end
  end
  return list
end

-- ---- deadlines

local WAITING = { ordering = true, requested = true, pending = true }

local function find_deadline(inventory, context)
  local list = {}
  for port in present(inventory, PORT_KINDS) do
    local issued = port.data.loaIssueTime
    local left = type(issued) == "number" and context.now and WAITING[lower(port.state) or ""]
      and issued + LOA_LIFE - context.now
    if left and left <= LOA_NOTICE then
      list[#list + 1] = {
        id = port.id,
        message = left > 0 and ("the LOA of %s ends in %d days"):format(named(port), math.floor(left / DAY))
          or ("the LOA of %s has ended"):format(named(port)),
        hint = "have the cross connect made now; downloading the LOA again renews it",
      }
    end
  end
  return list
end

-- ---- flat rate

local function tier_of(port)
  return type(port.data.billingMode) == "string" and port.data.billingMode:match("FlatRateTier(%d+)$")
end

local function may_pair(a, b)
  return a.id ~= b.id and is_present(b) and tier_of(b) == tier_of(a) and a.data.bandwidth == b.data.bandwidth
    and (a.data.awsDeviceV2 == nil or b.data.awsDeviceV2 == nil or a.data.awsDeviceV2 ~= b.data.awsDeviceV2)
end

local function has_pair(inventory, port)
  for _, group in ipairs(inventory:linked(port, "grouped")) do
    for _, other in ipairs(inventory:linked(group, "grouped")) do
      if may_pair(port, other) then
        return true
      end
    end
  end
  return false
end

local function find_flat_rate(inventory)
  local list = {}
  for port in present(inventory, { "connection" }) do
    local mode = port.data.billingMode
    if type(mode) == "string" and mode:find("^FlatRateTier") and not has_pair(inventory, port)
      and inventory:could_read(nil, "grouped") then
      list[#list + 1] = {
        id = port.id, message = named(port) .. " is billed by a flat rate and has no pair",
        hint = "pair it in a resiliency group with a port of the same speed and tier on another device",
      }
    end
  end
  return list
end

-- ---- tags, and what could not be read

local function find_untagged(inventory)
  local list = {}
  for port in present(inventory, PORT_KINDS) do
    if next(port.tags) == nil then
      list[#list + 1] = {
        id = port.id, message = named(port) .. " has no tag", hint = "tag it with its owner and purpose",
      }
    end
  end
  return list
end

local function find_incomplete(inventory)
  local list = {}
  for _, entry in ipairs(inventory.errors) do
    list[#list + 1] = {
      id = entry.region ~= "" and entry.client .. "/" .. entry.region or entry.client,
      message = ("%s could not be read: %s"):format(entry.operation, tostring(entry.error)),
      hint = "what is missing is judged neither as well nor as gone",
    }
  end
  return list
end

return {
  { name = "resiliency", severity = "warning", find = find_resiliency,
    words = "The paths of each gateway, the ports of each resiliency group and public interfaces reach the target." },
  { name = "down", severity = "critical", find = find_down, words = "Ports, interfaces and BGP sessions are up." },
  { name = "keys", severity = "warning", find = find_keys,
    words = "Ports that can do MACsec have working keys, as `macsec.audit` sees it." },
  { name = "quota", severity = "warning", find = find_quota, use = quota_use,
    words = "Less than 80 % of each quota that is more than 1 is used." },
  { name = "prefix_pool", severity = "warning", find = find_prefix_pool,
    words = "Less than 90 % of each prefix pool is allocated." },
  { name = "unattached", severity = "warning", find = find_unattached,
    words = "Interfaces are attached to a gateway; gateways join something and carry interfaces." },
  { name = "minimum_links", severity = "warning", find = find_minimum_links,
    words = "LAGs have more links up than their minimum." },
  { name = "deadline", severity = "warning", find = find_deadline,
    words = "Letters of authorization of ports that are not up have more than 15 days left." },
  { name = "flat_rate", severity = "note", find = find_flat_rate, words = "Ports billed by a flat rate have a pair." },
  { name = "untagged", severity = "note", find = find_untagged, words = "Ports have tags." },
  { name = "incomplete", severity = "warning", find = find_incomplete, words = "Everything could be read." },
}
