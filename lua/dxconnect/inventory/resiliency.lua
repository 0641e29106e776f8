--- How resilient the paths of a gateway, or the ports of a group, are: "maximum", "high", "basic" or "none".
-- A device or location that isn't told counts as neither the same nor another one: the level is worked out for the
-- worst and for the best that may be true. Where these differ, it is "unknown".

local errors = require "dxconnect.errors"
local estate = require "dxconnect.inventory.estate"
local states = require "dxconnect.resources.states"

local RANKS = { none = 0, basic = 1, high = 2, maximum = 3 }

local function lower(value)
  return type(value) == "string" and value:lower() or "unknown"
end

-- ---- levels

-- Counts of devices at the locations that are told, most first, and of ports whose location isn't.
local function counts_of(ports, is_best_case)
  local by_location, elsewhere = {}, 0
  for _, port in ipairs(ports) do
    if port.location then
      local at = by_location[port.location] or { devices = {}, told = 0, untold = 0 }
      by_location[port.location] = at
      if not port.device then
        at.untold = at.untold + 1
      elseif not at.devices[port.device] then
        at.devices[port.device] = true
        at.told = at.told + 1
      end
    else
      elsewhere = elsewhere + 1
    end
  end
  local counts = {}
  for _, at in pairs(by_location) do
    counts[#counts + 1] = is_best_case and at.told + at.untold or math.max(at.told, 1)
  end
  table.sort(counts, function(a, b)
    return a > b
  end)
  return counts, elsewhere
end

-- The level of ports, where `spare` of them may be at any location and on any device.
local function level_of(counts, spare)
  local first, second = counts[1] or 0, counts[2] or 0
  if math.max(0, 2 - first) + math.max(0, 2 - second) <= spare then
    return "maximum"
  elseif #counts + spare >= 2 then
    return "high"
  elseif first + spare >= 2 then
    return "basic"
  end
  return "none"
end

-- The level, from the ports that count for sure and those that may.
local function judge(paths, may_be_more)
  local sure, possible, seen = {}, {}, {}
  for _, path in ipairs(paths) do
    if path.counts ~= false and not seen[path.port or path] then
      seen[path.port or path] = true
      possible[#possible + 1] = path
      if path.counts == true then
        sure[#sure + 1] = path
      end
    end
  end
  local worst = level_of((counts_of(sure, false)), 0)
  local counts, elsewhere = counts_of(possible, true)
  local best = may_be_more and "maximum" or level_of(counts, elsewhere)
  return RANKS[worst] < RANKS[best] and "unknown" or worst, worst, best
end

-- ---- paths

local function is_hosted(port)
  return port.kind == "connection" and port.data.vlan ~= nil
end

-- Whether the ports of a region could be read, so that one that isn't there is really another account's.
local function could_see_ports(inventory)
  for _, read in ipairs(estate.inside(inventory).reads) do
    if not read.ok and (read.operation == "DescribeConnections" or read.operation == "DescribeLags") then
      return false
    end
  end
  return true
end

-- Decides whether a port counts: true, false or "unknown", and why.
local function weigh_port(inventory, port)
  if port.placeholder then
    if could_see_ports(inventory) then
      return true, "port of another account"
    end
    return "unknown", "the port could not be read"
  elseif is_hosted(port) then
    return false, "hosted connection: not counted among dedicated ones"
  elseif port.state == nil or lower(port.state) == "unknown" then
    return "unknown", "the port's state is unknown"
  elseif not states.is_deployed(port.state) then
    return false, "the port is " .. port.state
  end
  return true
end

local function told(...)
  for i = 1, select("#", ...) do
    local value = select(i, ...)
    if type(value) == "string" and value ~= "" then
      return value
    end
  end
end

-- The path by an interface to what it is attached to.
local function path_by_interface(inventory, interface, link)
  local port = inventory:linked(interface, "on")[1]
  local port_data = port and port.data or {}
  local path = {
    interface = interface.id,
    port = port and port.id,
    location = told(port_data.location, interface.data.location),
    device = told(port_data.awsDeviceV2, interface.data.awsDeviceV2),
    state = interface.state,
  }
  if interface.placeholder or interface.state == nil or lower(interface.state) == "unknown" then
    path.counts, path.why = "unknown", "the interface could not be read"
  elseif not states.is_deployed(interface.state) then
    path.counts, path.why = false, "the interface is " .. interface.state
  elseif link and states.is_leaving(link.state) then
    path.counts, path.why = false, "the attachment is " .. link.state
  elseif not port then
    path.counts, path.why = "unknown", "the port isn't told"
  else
    path.counts, path.why = weigh_port(inventory, port)
  end
  return path
end

local function path_by_port(inventory, port)
  local path = {
    port = port.id,
    location = told(port.data.location),
    device = told(port.data.awsDeviceV2),
    state = port.state,
  }
  path.counts, path.why = weigh_port(inventory, port)
  if port.placeholder and path.counts == true then
    path.counts, path.why = "unknown", "the port could not be read"
  end
  return path
end

local function paths_of(inventory, resource)
  local paths = {}
  local kind = resource.kind == "resiliency_group" and "grouped" or "attached"
  for _, link in ipairs(inventory:links_of(resource, kind)) do
    local from = link.to == resource.id and inventory:find(link.from)
    if from and kind == "attached" then
      paths[#paths + 1] = path_by_interface(inventory, from, link)
    elseif from and not states.is_leaving(link.state) then
      paths[#paths + 1] = path_by_port(inventory, from)
    end
  end
  return paths
end

-- Whether there may be paths that the inventory did not see.
local function may_have_more(inventory, resource)
  if resource.placeholder then
    return true
  end
  local lists = { DescribeVirtualInterfaces = true }
  if resource.kind == "resiliency_group" then
    lists = { ListResiliencyGroupAssociations = true }
  elseif resource.kind == "gateway" then
    lists = { DescribeDirectConnectGatewayAttachments = true }
  end
  for _, read in ipairs(estate.inside(inventory).reads) do
    if not read.ok and lists[read.operation] and (read.parent == nil or read.parent == resource.id) then
      return true
    end
  end
  return false
end

-- ---- words

local function sorted_keys(set)
  local list = {}
  for key in pairs(set) do
    list[#list + 1] = key
  end
  table.sort(list)
  return list
end

local function line_of(path)
  local what = path.interface and path.interface .. " on " .. (path.port or "an unknown port") or path.port
  local counts = path.counts == true and "counts" or path.counts == false and "does not count" or "may count"
  return ("%s, location %s, device %s: %s%s"):format(what, path.location or "unknown", path.device or "unknown", counts,
    path.why and " (" .. path.why .. ")" or "")
end

local function why_of(level, worst, best, paths, may_be_more)
  local lines = {}
  if level == "unknown" then
    lines[1] = ("unknown: at least %s, at most %s, by what isn't told"):format(worst, best)
  else
    lines[1] = ("%s: %d %s"):format(level, #paths, #paths == 1 and "path" or "paths")
  end
  for _, path in ipairs(paths) do
    lines[#lines + 1] = line_of(path)
  end
  if may_be_more then
    lines[#lines + 1] = "there may be paths that could not be read"
  end
  return table.concat(lines, "\n")
end

-- Judges paths: the level and what it follows from.
local function judged(paths, may_be_more)
  local level, worst, best = judge(paths, may_be_more)
  local locations, devices = {}, {}
  for _, path in ipairs(paths) do
    if path.counts ~= false then
      locations[path.location or "unknown"] = true
      devices[path.device or "unknown"] = true
    end
  end
  return {
    level = level,
    paths = paths,
    locations = sorted_keys(locations),
    devices = sorted_keys(devices),
    why = why_of(level, worst, best, paths, may_be_more),
  }
end

--- Judges how resilient the paths to a gateway are, or the ports of a resiliency group.
-- @tparam table inventory
-- @tparam string|table of id or resource of a gateway, virtual private gateway or resiliency group
-- @treturn[1] table `{level, paths, locations, devices, why}`: level "maximum", "high", "basic", "none" or "unknown";
--   a path is `{interface, port, location, device, state, counts, why}`
-- @treturn[2] nil
-- @treturn[2] table error of kind "params"
local function resiliency(inventory, of)
  local id = type(of) == "table" and of.id or of
  local resource = inventory:find(id)
  if not resource then
    return nil, errors.param("resiliency", "", "there is no resource " .. tostring(id) .. " in this inventory")
  elseif resource.kind ~= "gateway" and resource.kind ~= "virtual_private_gateway"
    and resource.kind ~= "resiliency_group" then
    return nil, errors.param("resiliency", "", ("expected a gateway or a resiliency group, got %s, a %s"):format(id,
      resource.kind))
  end
  return judged(paths_of(inventory, resource), may_have_more(inventory, resource))
end

--- Judges interfaces by themselves, as public ones are.
-- @tparam table inventory
-- @tparam {table,...} interfaces resources
-- @treturn table as of `resiliency`
local function resiliency_of_interfaces(inventory, interfaces)
  local paths = {}
  for i, interface in ipairs(interfaces) do
    paths[i] = path_by_interface(inventory, interface)
  end
  return judged(paths, false)
end

return {
  RANKS = RANKS,
  resiliency = resiliency,
  resiliency_of_interfaces = resiliency_of_interfaces,
}
