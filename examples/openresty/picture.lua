--- Draws a network (see network.lua) as SVG: ports and LAGs to the left, virtual interfaces in the middle, gateways to
-- the right, joined by lines. A state is told by words, by a symbol and by a colour. Below stands the same as a table.
-- What could not be looked at is drawn as it was seen last and marked with its age; what was never seen is unknown.
-- Everything that comes from the service is escaped. Pure: what it returns depends on what it is given.

local WIDTH = 1120 -- of the picture
local NODE = 330 -- width of a box
local COLUMNS = { 10, 395, 780 } -- where the columns begin
local TOP = 44 -- where boxes begin, below the columns' names
local GAP = 14 -- between boxes
local LINE = 17 -- from one line of a box to the next
local STALE = 15 -- seconds after which nobody can have looked lately

-- What a character takes in the widest of the likely fonts.
local WIDTHS = { name = 9.8, pill = 8.8, id = 7.3, detail = 8, extra = 8.6 }

local SYMBOLS = { good = "✓", busy = "…", bad = "✕", gone = "–", unknown = "?", plain = "" }

local classes = {
  good = "available associated attached up",
  busy = "ordering requested pending verifying confirming testing associating disassociating updating attaching "
    .. "detaching deleting",
  bad = "down rejected",
  gone = "deleted disassociated detached",
}

local class_of = {}
for class, states in pairs(classes) do
  for state in states:gmatch("%S+") do
    class_of[state] = class
  end
end

-- ---- text

local entities = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;", ["'"] = "&#39;" }

local function escape(value)
  return (tostring(value):gsub("[%z\1-\31\127]", " "):gsub("[&<>\"']", entities))
end

-- What fits into a width, as the kind of text that it is; the whole of it stands in the table.
local function shortened(text, kind, width)
  text = tostring(text)
  local n = math.floor(width / WIDTHS[kind])
  local count, at = 0, 1
  while at <= #text do
    count = count + 1
    if count == n and #text:sub(at):gsub("[\128-\191]", "") > 1 then
      return text:sub(1, at - 1) .. "…"
    end
    at = at + 1
    while (text:byte(at) or 0) >= 128 and text:byte(at) < 192 do
      at = at + 1
    end
  end
  return text
end

local function joined(parts, separator)
  local list = {}
  for i = 1, parts.n do
    if parts[i] and parts[i] ~= "" then
      list[#list + 1] = tostring(parts[i])
    end
  end
  return table.concat(list, separator or " · ")
end

local function words(...)
  return joined({ n = select("#", ...), ... })
end

-- ---- boxes: what is drawn and listed of a resource

local function state(text)
  text = text or "unknown"
  return { text = text, class = class_of[text] or "unknown" }
end

-- Lines about a port's MACsec. A LAG has no status of its own: its members have.
local function mac_sec(port)
  if not port.macSecCapable then
    return {}
  end
  local in_use, status = 0, port.portEncryptionStatus
  for _, key in ipairs(port.macSecKeys or {}) do
    in_use = in_use + (key.state == "associated" and 1 or 0)
  end
  local class = "plain"
  if status == "Encryption Up" then
    class = "good"
  elseif status and (in_use > 0 or port.encryptionMode == "must_encrypt") then
    class = "bad"
  end
  local lines = { { text = words("MACsec", port.encryptionMode, in_use == 0 and "no key"), class = "plain" } }
  if in_use > 0 or class == "bad" then
    local count = in_use == 1 and "1 key" or in_use .. " keys"
    lines[2] = { text = words(status, in_use > 0 and count), class = class }
  end
  return lines
end

local function port_box(port, id, name, port_state)
  return {
    kind = "Port",
    id = id,
    name = name,
    state = state(port_state),
    detail = words("Port", port.bandwidth, port.location),
    extra = mac_sec(port),
  }
end

local function lag_box(lag)
  return {
    kind = "LAG",
    id = lag.lagId,
    name = lag.lagName,
    state = state(lag.lagState),
    detail = words(("LAG of %d × %s"):format(lag.numberOfConnections or 0, lag.connectionsBandwidth or "?"),
      lag.location),
    extra = mac_sec(lag),
    members = {},
  }
end

local function interface_box(interface)
  local box = {
    kind = "Virtual interface",
    id = interface.virtualInterfaceId,
    name = interface.virtualInterfaceName,
    state = state(interface.virtualInterfaceState),
    detail = words(interface.virtualInterfaceType, interface.vlan and "VLAN " .. interface.vlan,
      "AS " .. tostring(interface.asnLong or interface.asn or "?")),
    extra = {},
    port = interface.connectionId,
    gateway = interface.directConnectGatewayId or interface.virtualGatewayId,
  }
  for _, peer in ipairs(interface.bgpPeers or {}) do
    local status = peer.bgpStatus or "unknown"
    box.extra[#box.extra + 1] = {
      text = words("BGP " .. (peer.addressFamily or ""), status,
        peer.bgpPeerState ~= "available" and peer.bgpPeerState),
      class = class_of[status] or "unknown",
    }
  end
  return box
end

local function gateway_box(gateway)
  local box = {
    kind = "Direct Connect gateway",
    id = gateway.directConnectGatewayId,
    name = gateway.directConnectGatewayName,
    state = state(gateway.directConnectGatewayState),
    detail = words("Direct Connect gateway", "AS " .. tostring(gateway.amazonSideAsn or "?"), gateway.stateChangeError),
    extra = {},
  }
  if not gateway.associations then
    box.extra[1] = { text = "associations unknown", class = "unknown" }
  end
  for _, association in ipairs(gateway.associations or {}) do
    local there = association.associatedGateway or {}
    local joined_state = state(association.associationState)
    box.extra[#box.extra + 1] = {
      text = words(joined_state.text .. " " .. (there.id or association.virtualGatewayId or "core network"),
        there.region),
      class = joined_state.class,
    }
  end
  return box
end

local function virtual_gateway_box(gateway)
  return {
    kind = "Virtual private gateway",
    id = gateway.virtualGatewayId,
    state = state(gateway.virtualGatewayState),
    detail = "Virtual private gateway",
    extra = {},
  }
end

local function by_name(a, b)
  local first, second = tostring(a.name or ""), tostring(b.name or "")
  if first ~= second then
    return first < second
  end
  return tostring(a.id) < tostring(b.id)
end

-- All ports, each in its LAG where it has one.
local function port_boxes(network)
  local boxes, lags = {}, {}
  for _, lag in ipairs(network.lags or {}) do
    local box = lag_box(lag)
    boxes[#boxes + 1], lags[lag.lagId or ""] = box, box
  end
  local function add(port, id, name, port_state)
    local box = port_box(port, id, name, port_state)
    local lag = lags[port.lagId or ""]
    local list = lag and lag.members or boxes
    list[#list + 1] = box
  end
  for _, port in ipairs(network.connections or {}) do
    add(port, port.connectionId, port.connectionName, port.connectionState)
  end
  for _, port in ipairs(network.interconnects or {}) do
    add(port, port.interconnectId, port.interconnectName, port.interconnectState)
  end
  table.sort(boxes, by_name)
  for _, box in pairs(lags) do
    table.sort(box.members, by_name)
  end
  return boxes
end

-- In the order of what they hang on, so that few lines cross.
local function sort_along(boxes, rank_of)
  local ranks = {}
  for i, box in ipairs(boxes) do
    ranks[box] = rank_of(box) or 1e6 + i
  end
  table.sort(boxes, function(a, b)
    if ranks[a] ~= ranks[b] then
      return ranks[a] < ranks[b]
    end
    return by_name(a, b)
  end)
end

local function ranks_of(boxes)
  local ranks, n = {}, 0
  for _, box in ipairs(boxes) do
    n = n + 1
    ranks[box.id or box] = n
    for _, member in ipairs(box.members or {}) do
      n = n + 1
      ranks[member.id or member] = n
    end
  end
  return ranks
end

local function columns_of(network)
  local ports, interfaces, gateways = port_boxes(network), {}, {}
  for i, interface in ipairs(network.virtual_interfaces or {}) do
    interfaces[i] = interface_box(interface)
  end
  local ranks = ranks_of(ports)
  sort_along(interfaces, function(box)
    return ranks[box.port]
  end)
  for _, gateway in ipairs(network.gateways or {}) do
    gateways[#gateways + 1] = gateway_box(gateway)
  end
  for _, gateway in ipairs(network.virtual_gateways or {}) do
    gateways[#gateways + 1] = virtual_gateway_box(gateway)
  end
  local first = {}
  for i = #interfaces, 1, -1 do
    first[interfaces[i].gateway or ""] = i
  end
  sort_along(gateways, function(box)
    return first[box.id]
  end)
  return { ports, interfaces, gateways }
end

-- ---- how old the columns are

-- The lists that each column is made of.
local sources = {
  { "connections", "interconnects", "lags" }, { "virtual_interfaces" }, { "gateways", "virtual_gateways" },
}

local function clock_of(seconds)
  return os.date("!%H:%M:%S UTC", seconds)
end

local function age_of(seconds)
  return seconds < 120 and ("%d s ago"):format(seconds) or seconds < 7200 and ("%d min ago"):format(seconds / 60)
    or ("%d h ago"):format(seconds / 3600)
end

-- Gives each column `is_unknown` where a part of it was never seen, `stale_since` where it is not of the last look or
-- that was long ago. Returns when the oldest part was seen, and whether there are such columns.
local function date(columns, network, now)
  local oldest, is_any_unknown, is_any_stale = network.looked, false, false
  for i, column in ipairs(columns) do
    local since = network.looked
    for _, name in ipairs(sources[i]) do
      column.is_unknown = column.is_unknown or not network[name]
      since = math.min(since, network.seen[name] or since)
    end
    if since < network.looked or now - since > STALE then
      column.stale_since = since
    end
    oldest = math.min(oldest, since)
    is_any_unknown = is_any_unknown or column.is_unknown
    is_any_stale = is_any_stale or column.stale_since ~= nil
  end
  return oldest, is_any_unknown, is_any_stale
end

-- ---- drawing

local function text_element(class, x, y, text, anchor)
  return ('<text class="%s" x="%d" y="%d"%s>%s</text>'):format(class, x, y, anchor or "", escape(text))
end

local function with_symbol(class, text)
  return SYMBOLS[class] == "" and text or SYMBOLS[class] .. " " .. text
end

local function height_of(box)
  local height = 50 + LINE * (1 + #box.extra)
  for _, member in ipairs(box.members or {}) do
    height = height + height_of(member) + 8
  end
  return height + (box.members and #box.members > 0 and 6 or 0)
end

-- Draws a box, and notes where lines may end.
local function draw_box(out, places, box, x, y, width)
  local height, inner = height_of(box), width - 26
  places[box.id or box] = { x = x, right = x + width, y = y + 24 }
  out[#out + 1] = ('<g class="box %s"><title>%s</title>'
    .. '<rect class="frame" x="%d" y="%d" width="%d" height="%d" rx="6"/><rect class="edge" x="%d" y="%d" width="6" '
    .. 'height="%d" rx="3"/>'):format(box.state.class, escape(words(box.kind, box.name, box.id, box.state.text)), x, y,
    width, height, x, y, height)
  local named = box.name and box.name ~= "" and box.name or box.id or "?"
  local status = with_symbol(box.state.class, shortened(box.state.text, "pill", 140))
  local room = inner - (#status:gsub("[\128-\191]", "") + 1) * WIDTHS.pill
  out[#out + 1] = text_element("name", x + 16, y + 21, shortened(named, "name", room))
  out[#out + 1] = text_element("pill", x + width - 10, y + 21, status, ' text-anchor="end"')
  out[#out + 1] = text_element("id", x + 16, y + 38, shortened(box.id or "", "id", inner))
  out[#out + 1] = text_element("detail", x + 16, y + 38 + LINE, shortened(box.detail, "detail", inner))
  local at = y + 38 + LINE
  for _, line in ipairs(box.extra) do
    at = at + LINE
    out[#out + 1] = text_element("extra " .. line.class, x + 16, at,
      shortened(with_symbol(line.class, line.text), line.class == "plain" and "detail" or "extra", inner))
  end
  out[#out + 1] = "</g>"
  at = at + 18
  for _, member in ipairs(box.members or {}) do
    draw_box(out, places, member, x + 16, at, width - 26)
    at = at + height_of(member) + 8
  end
  return height
end

local function draw_line(out, from, to, status)
  if from and to then
    local x1, x2 = from.right, to.x
    local middle = math.floor((x1 + x2) / 2)
    out[#out + 1] = ('<path class="line %s" d="M%d %dC%d %d %d %d %d %d"/>'):format(status.class, x1, from.y, middle,
      from.y, middle, to.y, x2, to.y)
  end
end

local names = { "Ports and LAGs", "Virtual interfaces", "Gateways" }
local none = { "No port in this region", "No virtual interface", "No gateway" }
local unknown = { "Unknown: ports could not be asked for", "Unknown: interfaces could not be asked for",
  "Unknown: gateways could not be asked for" }

-- In words: how many there are, and how many have something down or rejected. Only a fresh look at all of it may say
-- that nothing is.
local function summarize(columns, is_fresh)
  local ports, attention = 0, 0
  local function see(box)
    local is_bad = box.state.class == "bad"
    for _, line in ipairs(box.extra) do
      is_bad = is_bad or line.class == "bad"
    end
    attention = attention + (is_bad and 1 or 0)
    ports = ports + (box.kind == "Port" and 1 or 0)
    for _, member in ipairs(box.members or {}) do
      see(member)
    end
  end
  for _, column in ipairs(columns) do
    for _, box in ipairs(column) do
      see(box)
    end
  end
  local counts = { ports, #columns[2], #columns[3] }
  for i, what in ipairs { "ports", "virtual interfaces", "gateways" } do
    counts[i] = columns[i].is_unknown and what .. " unknown" or counts[i] .. " " .. what
  end
  local words_of_attention = attention == 1 and "1 needs attention" or attention .. " need attention"
  if not is_fresh then
    words_of_attention = (attention > 0 and words_of_attention .. ", the rest" or "whether anything is down")
      .. " is unknown"
  elseif attention == 0 then
    words_of_attention = "nothing is down"
  end
  return table.concat(counts, ", ") .. "; " .. words_of_attention
end

local function draw(columns, summary)
  local boxes, lines, places, bottom = {}, {}, {}, TOP
  for i, column in ipairs(columns) do
    local y = TOP
    local name = names[i] .. (column.stale_since and ", seen " .. clock_of(column.stale_since) or "")
    boxes[#boxes + 1] = column.stale_since and '<g class="stale">' or "<g>"
    boxes[#boxes + 1] = ('<text class="column" x="%d" y="24">%s</text>'):format(COLUMNS[i], name)
    for _, box in ipairs(column) do
      y = y + draw_box(boxes, places, box, COLUMNS[i], y, NODE) + GAP
    end
    if #column == 0 or column.is_unknown then
      boxes[#boxes + 1] = ('<text class="none" x="%d" y="%d">%s</text>'):format(COLUMNS[i], y + 20,
        column.is_unknown and unknown[i] or none[i])
      y = y + 34
    end
    boxes[#boxes + 1] = "</g>"
    bottom = math.max(bottom, y)
  end
  for _, box in ipairs(columns[2]) do
    draw_line(lines, places[box.port or ""], places[box.id], box.state)
    draw_line(lines, places[box.id], places[box.gateway or ""], box.state)
  end
  return ('<svg role="img" aria-labelledby="picture-title picture-summary" viewBox="0 0 %d %d" '
    .. 'xmlns="http://www.w3.org/2000/svg"><title id="picture-title">Direct Connect, from ports to gateways</title>'
    .. '<desc id="picture-summary">%s</desc>%s%s</svg>'):format(WIDTH, bottom, summary, table.concat(lines),
    table.concat(boxes))
end

-- ---- the same as a table

local function rows(out, box, within, stale_since)
  local more = {}
  for i, line in ipairs(box.extra) do
    more[i] = escape(line.text)
  end
  out[#out + 1] = ('<tr class="%s"><td>%s</td><td>%s</td><td><code>%s</code></td><td class="state">%s %s</td>'
    .. "<td>%s</td></tr>"):format(box.state.class, escape(box.kind), escape(box.name or ""), escape(box.id or ""),
    SYMBOLS[box.state.class], escape(box.state.text) .. (stale_since and ", seen " .. clock_of(stale_since) or ""),
    table.concat({
      escape(words(box.detail, within and "in " .. within, box.port and "on " .. box.port,
        box.gateway and "to " .. box.gateway)), table.concat(more, "<br>"),
    }, #more > 0 and "<br>" or ""))
  for _, member in ipairs(box.members or {}) do
    rows(out, member, box.id, stale_since)
  end
end

local function tabulate(columns)
  local out = {}
  for _, column in ipairs(columns) do
    for _, box in ipairs(column) do
      rows(out, box, nil, column.stale_since)
    end
  end
  return "<table><caption>Every port, LAG, virtual interface and gateway</caption><thead><tr>"
    .. '<th scope="col">What</th><th scope="col">Name</th><th scope="col">Id</th><th scope="col">State</th>'
    .. '<th scope="col">More</th></tr></thead><tbody>' .. table.concat(out) .. "</tbody></table>"
end

--- Draws a network.
-- @tparam table network as of network.look
-- @tparam number now in Unix seconds
-- @treturn string HTML: when, problems, the picture, the table
local function render(network, now)
  local columns = columns_of(network)
  local oldest, is_any_unknown, is_any_stale = date(columns, network, now)
  local summary = summarize(columns, not (is_any_unknown or is_any_stale))
  local out = { '<div class="status">' }
  if is_any_stale then
    out[#out + 1] = ('<p class="problem" role="alert">%s Stale: what is marked was seen %s, its state now is unknown.'
      .. "</p>"):format(SYMBOLS.unknown, age_of(math.max(now - oldest, 0)))
  end
  out[#out + 1] = ('<p class="when">As of %s: %s.</p>'):format(clock_of(network.looked), summary)
  for _, problem in ipairs(network.problems or {}) do
    out[#out + 1] = ('<p class="problem" role="alert">%s %s</p>'):format(SYMBOLS.bad, escape(problem))
  end
  out[#out + 1] = '</div><div class="picture" role="group" aria-label="Picture" tabindex="0">' .. draw(columns, summary)
    .. "</div>"
  out[#out + 1] = '<details><summary>The same as a table</summary><div class="table">' .. tabulate(columns)
    .. "</div></details>"
  return table.concat(out, "\n")
end

return {
  render = render,
  escape = escape,
}
