--- An inventory as text: a table for each kind, and CSV.

local csv_text = require "dxconnect.text.csv"
local kinds = require("dxconnect.resources.kinds").kinds
local table_text = require "dxconnect.text.table"

-- The kinds in the order in which people read them.
local ORDER = {
  "location", "connection", "interconnect", "lag", "mac_sec_key", "virtual_interface", "bgp_peer", "gateway",
  "virtual_private_gateway", "transit_gateway", "core_network", "resiliency_group",
}

-- What each kind shows beside id, name, state, region and account.
local COLUMNS = {
  connection = { "bandwidth", "location", "device" },
  interconnect = { "bandwidth", "location", "device" },
  lag = { "bandwidth", "location", "device" },
  virtual_interface = { "type", "vlan", "port", "asn" },
  bgp_peer = { "interface", "status", "family", "asn" },
  gateway = { "asn" },
}

local function text(value)
  return (type(value) == "string" or type(value) == "number") and value or nil
end

-- A resource as a row of atoms.
local function row_of(inventory, resource)
  local data = resource.data
  local port = resource.kind == "virtual_interface" and inventory:linked(resource, "on")[1]
    or resource.kind == "mac_sec_key" and inventory:linked(resource, "key")[1]
  local interface = resource.kind == "bgp_peer" and inventory:linked(resource, "peer")[1]
  return {
    kind = resource.kind, id = resource.id, name = resource.name, state = resource.state, client = resource.client,
    region = resource.region, account = resource.account,
    bandwidth = text(data.bandwidth) or text(data.connectionsBandwidth),
    location = text(data.location), device = text(data.awsDeviceV2), type = text(data.virtualInterfaceType),
    vlan = text(data.vlan), asn = text(data.asnLong) or text(data.asn) or text(data.amazonSideAsn),
    port = port and port.id or nil, interface = interface and interface.id or nil,
    status = text(data.bgpStatus), family = text(data.addressFamily),
    since = text(data.startOn),
  }
end

local function columns_of(kind, rows)
  if kind == "mac_sec_key" then -- its id is as wide as a terminal
    return { "port", "state", "since", "id" }
  end
  local names = { "id", "name", "state" }
  for _, name in ipairs(COLUMNS[kind] or {}) do
    names[#names + 1] = name
  end
  names[#names + 1] = "region"
  names[#names + 1] = "account"
  local used = {}
  for _, name in ipairs(names) do -- a column in which nothing is told is left out
    for _, row in ipairs(rows) do
      if row[name] ~= nil then
        used[#used + 1] = name
        break
      end
    end
  end
  return used
end

local function plural(noun, count)
  return count == 1 and noun or noun:gsub("([^aeiou])y$", "%1ie") .. "s"
end

--- The inventory as text: how many there are of each kind, a table of them, and what could not be read.
-- @tparam table inventory
-- @treturn string
local function to_text(inventory)
  local by_kind = {}
  for _, resource in ipairs(inventory.resources) do
    by_kind[resource.kind] = by_kind[resource.kind] or {}
    table.insert(by_kind[resource.kind], row_of(inventory, resource))
  end
  local parts = {}
  for _, entry in ipairs(inventory.errors) do
    parts[#parts + 1] = ("could not be read: %s, %s: %s"):format(entry.client, entry.region ~= "" and entry.region
      or "no region", tostring(entry.error))
  end
  for _, kind in ipairs(ORDER) do
    local rows = by_kind[kind]
    if rows then
      parts[#parts + 1] = ("%d %s\n%s"):format(#rows, plural(kinds[kind].noun, #rows), assert(table_text.render(rows, {
        columns = columns_of(kind, rows),
      })))
    end
  end
  if #inventory.resources == 0 then
    parts[#parts + 1] = inventory.complete and "nothing is there" or "nothing could be read"
  end
  return table.concat(parts, "\n\n")
end

local CSV_COLUMNS = { "kind", "id", "name", "state", "client", "account", "region", "location", "tags" }

--- The inventory as CSV: a line for each resource.
-- @tparam table inventory
-- @treturn string
local function to_csv(inventory)
  local rows = {}
  for i, resource in ipairs(inventory.resources) do
    rows[i] = row_of(inventory, resource)
    local tags = {}
    for key, value in pairs(resource.tags) do
      tags[#tags + 1] = key .. "=" .. value
    end
    table.sort(tags)
    rows[i].tags = table.concat(tags, ";")
  end
  return assert(csv_text.render(rows, { columns = CSV_COLUMNS }))
end

return { text = to_text, csv = to_csv }
