--- An inventory as Prometheus text, format 0.0.4: what a server scrapes. Ages are as of the reading.

local estate = require "dxconnect.inventory.estate"
local ports = require "dxconnect.resources.ports"
local quoting = require "dxconnect.inventory.quoting"
local rules = require "dxconnect.inventory.rules"

local SEVERITIES = { "critical", "warning", "note" }

-- ---- samples

-- Adds a sample to a family; labels are a list of name, value, name, value.
local function add(family, value, labels)
  local parts = {}
  for i = 1, #labels, 2 do
    parts[#parts + 1] = labels[i] .. "=" .. quoting.label(labels[i + 1])
  end
  local number = value % 1 == 0 and ("%d"):format(value) or ("%.3f"):format(value)
  family[#family + 1] = ("%s%s %s"):format(family.name, #parts > 0 and "{" .. table.concat(parts, ",") .. "}" or "",
    number)
end

local function lower(value)
  return type(value) == "string" and value:lower() or nil
end

-- 1 for the first word, 0 for the second; nil for anything else, which is unknown and gives no sample.
local function truth(value, yes, no)
  value = lower(value)
  return value == yes and 1 or value == no and 0 or nil
end

-- ---- families

local families = {}

local function family(name, help, collect)
  families[#families + 1] = { name = name, help = help, collect = collect }
end

family("dxconnect_up", "Whether a list of a client in a region could be read.", function(out, inventory)
  local order, ok = {}, {}
  for _, read in ipairs(estate.inside(inventory).reads) do
    local key = table.concat({ read.client, read.region, read.operation }, "\0")
    if ok[key] == nil then
      order[#order + 1] = { key = key, read = read }
      ok[key] = true
    end
    ok[key] = ok[key] and read.ok
  end
  for _, entry in ipairs(order) do
    add(out, ok[entry.key] and 1 or 0, {
      "client", entry.read.client, "region", entry.read.region, "operation", entry.read.operation,
    })
  end
end)

family("dxconnect_resource_state", "The state of a resource, as a label; always 1.", function(out, inventory)
  for _, resource in ipairs(inventory.resources) do
    if resource.state then
      add(out, 1, {
        "kind", resource.kind, "id", resource.id, "name", resource.name or "", "state", resource.state,
      })
    end
  end
end)

family("dxconnect_bgp_up", "Whether a BGP session is up.", function(out, inventory)
  for peer in inventory:each { kind = "bgp_peer" } do
    local up = truth(peer.data.bgpStatus, "up", "down")
    if up then
      local interface = inventory:linked(peer, "peer")[1]
      add(out, up, {
        "id", peer.id, "interface", interface and interface.id or "",
        "address_family", type(peer.data.addressFamily) == "string" and peer.data.addressFamily or "",
      })
    end
  end
end)

local PORT_KINDS = { connection = true, interconnect = true, lag = true }

local function each_port(inventory)
  return inventory:each {
    kind = function(kind)
      return PORT_KINDS[kind]
    end,
  }
end

family("dxconnect_encryption_up", "Whether a port encrypts by MACsec.", function(out, inventory)
  for port in each_port(inventory) do
    local up = truth(ports.encryption_status(port.data), "encryption up", "encryption down")
    if up and not port.placeholder then
      add(out, up, { "id", port.id, "name", port.name or "" })
    end
  end
end)

family("dxconnect_mac_sec_keys", "MACsec keys of a port, by state.", function(out, inventory)
  for port in each_port(inventory) do
    local counts, states = {}, {}
    for _, key in ipairs(inventory:linked(port, "key")) do
      local state = key.state or "unknown"
      if not counts[state] then
        states[#states + 1] = state
      end
      counts[state] = (counts[state] or 0) + 1
    end
    table.sort(states)
    for _, state in ipairs(states) do
      add(out, counts[state], { "id", port.id, "state", state })
    end
  end
end)

family("dxconnect_mac_sec_key_age_seconds", "How long ago a MACsec key took effect.", function(out, inventory)
  local read_at = inventory:read_at()
  for key in inventory:each { kind = "mac_sec_key" } do
    local start = ports.start_of(key.data)
    local port = inventory:linked(key, "key")[1]
    if start and read_at then
      add(out, math.max(0, math.floor(read_at - start)), {
        "id", port and port.id or "", "ckn", type(key.data.ckn) == "string" and key.data.ckn or "",
        "state", key.state or "unknown",
      })
    end
  end
end)

local function pool_family(name, member, help)
  family(name, help, function(out, inventory)
    for port in each_port(inventory) do
      for _, address_family in ipairs { "Ipv4", "Ipv6" } do
        local value = port.data[member .. address_family]
        if type(value) == "number" then
          add(out, value, { "id", port.id, "address_family", address_family:lower() })
        end
      end
    end
  end)
end
pool_family("dxconnect_prefix_pool_size", "prefixPoolSize", "Prefixes in the pool of a port.")
pool_family("dxconnect_prefix_pool_unallocated", "prefixPoolUnallocatedCount",
  "Prefixes of a port's pool that no interface has.")

local function quota_uses(inventory)
  for _, rule in ipairs(rules) do
    if rule.use then
      return rule.use(inventory)
    end
  end
end

for _, member in ipairs { "used", "allowed" } do
  family("dxconnect_quota_" .. member, member == "used" and "How much of a quota is used."
    or "How much a quota allows by default.", function(out, inventory)
    for _, use in ipairs(quota_uses(inventory)) do
      if use.used > 0 then
        add(out, use[member], { "id", use.id, "quota", use.quota })
      end
    end
  end)
end

family("dxconnect_findings", "Findings of the assessment, by rule and severity.", function(out, inventory)
  local counts = {}
  for _, finding in ipairs(inventory:assess()) do
    local key = finding.rule .. "\0" .. finding.severity
    counts[key] = (counts[key] or 0) + 1
  end
  for _, rule in ipairs(rules) do
    for _, severity in ipairs(SEVERITIES) do
      local found = counts[rule.name .. "\0" .. severity]
      if found or severity == rule.severity then
        add(out, found or 0, { "rule", rule.name, "severity", severity })
      end
    end
  end
end)

family("dxconnect_read_timestamp_seconds", "When the inventory was read, in Unix seconds.", function(out, inventory)
  local read_at = inventory:read_at()
  if read_at then
    add(out, read_at, {})
  end
end)

--- The inventory as Prometheus text. Every family is a gauge. What is unknown gives no sample, rather than 0.
-- @tparam table inventory
-- @treturn string
local function metrics(inventory)
  local lines = {}
  for _, entry in ipairs(families) do
    local samples = { name = entry.name }
    entry.collect(samples, inventory)
    if #samples > 0 then
      lines[#lines + 1] = ("# HELP %s %s"):format(entry.name, entry.help)
      lines[#lines + 1] = ("# TYPE %s gauge"):format(entry.name)
      for _, sample in ipairs(samples) do
        lines[#lines + 1] = sample
      end
    end
  end
  return table.concat(lines, "\n") .. "\n"
end

return { metrics = metrics, families = families }
