--- What a picture of an inventory shows: boxes in four columns, in groups by account and region, and the links between
-- them. Beyond MAX_BOXES what is in order is folded, group by group, into one box. Pure.

local appearance = require "dxconnect.inventory.appearance"
local ports = require "dxconnect.resources.ports"
local states = require "dxconnect.resources.states"

local MAX_BOXES = 200
local MAX_SHOWN = 12 -- of a folded group

local NOUNS = {
  connection = "connection", interconnect = "interconnect", lag = "LAG", virtual_interface = "virtual interface",
  gateway = "Direct Connect gateway", virtual_private_gateway = "virtual private gateway",
  transit_gateway = "transit gateway", core_network = "core network",
}

-- ---- words

local function joined(...)
  local parts = {}
  for i = 1, select("#", ...) do
    local part = select(i, ...)
    if part ~= nil and part ~= "" and part ~= false then
      parts[#parts + 1] = tostring(part)
    end
  end
  return table.concat(parts, " · ")
end

local function whole(value)
  return type(value) == "number" and ("%d"):format(value) or nil
end

local function string_of(value)
  return type(value) == "string" and value or nil
end

-- ---- lines of a box

local function mac_sec_lines(lines, port, now)
  if port.data.macSecCapable ~= true and #ports.keys(port.data) == 0 then
    return
  end
  local count = #ports.keys(port.data)
  local problems = ports.problems(port.data, now)
  lines[#lines + 1] = { text = joined("MACsec", string_of(port.data.encryptionMode), count .. (count == 1 and " key"
    or " keys")) }
  local status = joined(ports.encryption_status(port.data), table.concat(problems, ", "))
  if status ~= "" then
    lines[#lines + 1] = { class = #problems > 0 and "bad" or count > 0 and "good" or nil, text = status }
  end
end

local function port_lines(inventory, port, now)
  local data, lines = port.data, {}
  local speed = port.kind == "lag" and ("%s × %s"):format(whole(data.numberOfConnections) or "?",
    string_of(data.connectionsBandwidth) or "?") or string_of(data.bandwidth)
  lines[1] = { text = joined(port.kind ~= "connection" and NOUNS[port.kind], speed, string_of(data.location)) }
  lines[2] = data.awsDeviceV2 and { text = "device " .. tostring(data.awsDeviceV2) } or nil
  for _, parent in ipairs(inventory:links_of(port, "hosted_on")) do
    if parent.from == port.id then
      lines[#lines + 1] = { text = joined("hosted on " .. parent.to, data.vlan and "VLAN " .. tostring(data.vlan)) }
    end
  end
  for _, group in ipairs(inventory:linked(port, "grouped")) do
    lines[#lines + 1] = { text = "in group " .. (group.name or group.id) }
  end
  mac_sec_lines(lines, port, now)
  return lines
end

local function interface_lines(inventory, interface)
  local data = interface.data
  local asn = whole(data.asnLong) or whole(data.asn) or "?"
  local lines = { {
    text = joined(string_of(data.virtualInterfaceType), whole(data.vlan) and "VLAN " .. whole(data.vlan), "AS " .. asn),
  } }
  for _, peer in ipairs(inventory:linked(interface, "peer")) do
    lines[#lines + 1] = {
      class = appearance.class_of(peer),
      text = joined("BGP " .. (string_of(peer.data.addressFamily) or ""), string_of(peer.data.bgpStatus) or "unknown",
        peer.state ~= "available" and peer.state or nil),
    }
  end
  return lines
end

local function gateway_lines(_, gateway)
  return { {
    text = joined(NOUNS[gateway.kind], whole(gateway.data.amazonSideAsn) and "AS " .. whole(gateway.data.amazonSideAsn),
      string_of(gateway.data.stateChangeError)),
  } }
end

local function joined_lines(_, resource)
  return { { text = joined(NOUNS[resource.kind], resource.region) } }
end

-- ---- boxes

local function box_of(inventory, resource, lines, now)
  local state = resource.state or "unknown"
  return {
    id = resource.id,
    ids = { resource.id },
    name = resource.name or resource.id,
    subtitle = resource.id,
    state = state,
    class = appearance.class_of(resource, now),
    title = joined(NOUNS[resource.kind], resource.name, resource.id, state, resource.account, resource.region),
    lines = lines(inventory, resource, now),
    members = {},
    group = joined(resource.account and "account " .. resource.account, resource.region),
  }
end

-- Members of a LAG are in its box.
local function lag_of(inventory, port)
  if port.kind == "lag" then
    return nil
  end
  local lag = inventory:linked(port, "member")[1]
  return lag and not lag.placeholder and lag.id or nil
end

local function sort_key(box)
  return box.group .. "\0" .. box.name .. "\0" .. tostring(box.id)
end

local function by_key(a, b)
  return sort_key(a) < sort_key(b)
end

local function columns_of(inventory)
  local now = inventory:read_at()
  local columns, by_id = { {}, {}, {}, {} }, {}
  local function add(column, resource, lines)
    local box = box_of(inventory, resource, lines, now)
    by_id[resource.id] = box
    table.insert(columns[column], box)
  end
  local members = {}
  for _, resource in ipairs(inventory.resources) do
    local kind = resource.kind
    if kind == "connection" or kind == "interconnect" or kind == "lag" then
      local lag = lag_of(inventory, resource)
      if lag then
        members[#members + 1] = { lag = lag, box = box_of(inventory, resource, port_lines, now) }
      else
        add(1, resource, port_lines)
      end
    elseif kind == "virtual_interface" then
      add(2, resource, interface_lines)
    elseif kind == "gateway" then
      add(3, resource, gateway_lines)
    elseif kind == "virtual_private_gateway" or kind == "transit_gateway" or kind == "core_network" then
      local is_joined = #inventory:links_of(resource, "associated") > 0
      local carries = #inventory:links_of(resource, "attached") > 0
      add((carries and not is_joined) and 3 or 4, resource, joined_lines)
    end
  end
  for _, member in ipairs(members) do
    local box = by_id[member.lag]
    box.members[#box.members + 1] = member.box
  end
  for _, box in pairs(by_id) do
    table.sort(box.members, by_key)
  end
  return columns
end

-- Sorts a column along the one before, so that few lines cross.
local function sort_along(boxes, before, links)
  local rank, count = {}, 0
  local function number(box)
    count = count + 1
    for _, id in ipairs(box.ids) do
      rank[id] = count
    end
    for _, member in ipairs(box.members) do
      number(member)
    end
  end
  for _, box in ipairs(before) do
    number(box)
  end
  local first = {}
  for _, link in ipairs(links) do
    local at = rank[link.left]
    if at and (not first[link.right] or at < first[link.right]) then
      first[link.right] = at
    end
  end
  table.sort(boxes, function(a, b)
    local rank_a, rank_b = first[a.id] or 1e9, first[b.id] or 1e9
    if rank_a ~= rank_b then
      return rank_a < rank_b
    end
    return by_key(a, b)
  end)
end

-- ---- links

local function links_of(inventory)
  local links = {}
  local function add(left, right, link, class)
    links[#links + 1] = {
      left = left, right = right, class = class, kind = link.kind, state = link.state,
      title = ("%s → %s: %s"):format(left, right, link.state or link.kind),
    }
  end
  for _, link in ipairs(inventory.links) do
    if link.kind == "on" then
      local interface, port = inventory:find(link.from), inventory:find(link.to)
      local is_down = port and not port.placeholder and appearance.class_of_text(port.state) == "bad"
      add(link.to, link.from, link, is_down and "bad" or interface and appearance.class_of(interface) or "unknown")
    elseif link.kind == "attached" or link.kind == "associated" then
      add(link.from, link.to, link, appearance.class_of_link(link))
    end
  end
  return links
end

-- The links as lines of the boxes, for a picture that draws none.
local function write_links(columns, links)
  local by_id = {}
  local function collect(box)
    by_id[box.id] = box
    for _, member in ipairs(box.members) do
      collect(member)
    end
  end
  for _, boxes in ipairs(columns) do
    for _, box in ipairs(boxes) do
      collect(box)
    end
  end
  for _, link in ipairs(links) do
    local left, right = by_id[link.left], by_id[link.right]
    if link.kind == "on" and right then
      table.insert(right.lines, { class = link.class, text = "on " .. (left and left.name or link.left) })
    elseif link.kind ~= "on" and left then
      table.insert(left.lines, {
        class = link.class, text = joined("to " .. (right and right.name or link.right), link.state),
      })
    end
  end
end

-- ---- folding

local function is_quiet(box)
  if box.class ~= "good" and box.class ~= "gone" then
    return false
  end
  for _, line in ipairs(box.lines) do
    if line.class and line.class ~= "good" then
      return false
    end
  end
  for _, member in ipairs(box.members) do
    if not is_quiet(member) then
      return false
    end
  end
  return true
end

local function collect_ids(ids, box)
  for _, id in ipairs(box.ids) do
    ids[#ids + 1] = id
  end
  for _, member in ipairs(box.members) do
    collect_ids(ids, member)
  end
end

local function folded(boxes, class, words)
  local ids = {}
  for _, box in ipairs(boxes) do
    collect_ids(ids, box)
  end
  return {
    ids = ids, name = ("%d more"):format(#boxes), subtitle = boxes[1].subtitle .. " …", state = words, class = class,
    title = ("%d folded: %s"):format(#boxes, words), lines = {}, members = {}, group = boxes[1].group,
  }
end

-- One box for what is in order; the others stay, as far as there is room.
local function fold(boxes)
  local shown, quiet, rest = {}, {}, {}
  for _, box in ipairs(boxes) do
    local list = is_quiet(box) and quiet or #shown < MAX_SHOWN and shown or rest
    list[#list + 1] = box
  end
  if #quiet == 1 then
    shown[#shown + 1] = quiet[1]
  elseif #quiet > 1 then
    shown[#shown + 1] = folded(quiet, "good", "in order")
  end
  if #rest > 0 then
    shown[#shown + 1] = folded(rest, "bad", "need attention")
  end
  return shown
end

local function count_of(boxes)
  local count = 0
  for _, box in ipairs(boxes) do
    count = count + 1 + #box.members
  end
  return count
end

-- Boxes as groups by account and region, in the order of their first boxes.
local function groups_of(boxes, is_folded)
  local groups, by_title = {}, {}
  for _, box in ipairs(boxes) do
    local group = by_title[box.group]
    if not group then
      group = { title = box.group, boxes = {} }
      by_title[box.group] = group
      groups[#groups + 1] = group
    end
    group.boxes[#group.boxes + 1] = box
  end
  for _, group in ipairs(groups) do
    group.boxes = is_folded and fold(group.boxes) or group.boxes
  end
  return groups
end

-- ---- the whole

local function summary_of(inventory, columns, is_stale)
  local attention, unknown, port_count = 0, 0, 0
  for i, boxes in ipairs(columns) do
    for _, box in ipairs(boxes) do
      port_count = port_count + (i == 1 and 1 + #box.members or 0)
    end
  end
  for _, resource in ipairs(inventory.resources) do
    local class = appearance.class_of(resource, inventory:read_at())
    attention = attention + (class == "bad" and not states.is_leaving(resource.state) and 1 or 0)
    unknown = unknown + (resource.placeholder and 1 or 0)
  end
  local words = is_stale and "this is how it was seen last: the state now is unknown"
    or attention == 1 and "1 needs attention" or attention > 1 and attention .. " need attention"
    or inventory.complete and "nothing is down" or "nothing that could be read is down"
  if not inventory.complete then
    words = words .. (", %d lists could not be read: their state is unknown"):format(#inventory.errors)
  end
  return ("%d ports, %d virtual interfaces, %d gateways; %s"):format(port_count, #columns[2], #columns[3], words)
end

local EMPTY = { "no port", "no virtual interface", "no gateway", "nothing is joined" }

--- What to draw.
-- @tparam table inventory
-- @tparam table options `stale`, `stacked`, as of picture.lua
-- @treturn table `{columns, links, summary}`: a column is `{groups, empty}`, a group `{title, boxes}`, a box `{id, ids,
--   name, subtitle, state, class, title, lines, members}`
return function(inventory, options)
  local columns, links = columns_of(inventory), links_of(inventory)
  local count = 0
  table.sort(columns[1], by_key)
  for i = 2, #columns do
    sort_along(columns[i], columns[i - 1], links)
  end
  for _, boxes in ipairs(columns) do
    count = count + count_of(boxes)
  end
  if options.stacked then
    write_links(columns, links)
  end
  local drawing = { columns = {}, links = links, summary = summary_of(inventory, columns, options.stale ~= nil) }
  for i, boxes in ipairs(columns) do
    drawing.columns[i] = {
      groups = groups_of(boxes, count > MAX_BOXES),
      empty = inventory.complete and EMPTY[i] or EMPTY[i] .. " that could be read",
    }
  end
  return drawing
end
