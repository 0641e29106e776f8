--- An inventory as a picture: SVG in four columns, from ports over virtual interfaces and gateways to what these join.
-- A state is told by a sign, by words and by colour. What could not be read is grey and named. The picture is
-- self-contained: no script, no reference to anything outside, no secret. Pure: equal inventories give equal pictures.

local appearance = require "dxconnect.inventory.appearance"
local boxes_of = require "dxconnect.inventory.boxes"
local quoting = require "dxconnect.inventory.quoting"

local xml = quoting.xml

local NODE = 300 -- width of a box
local SPACE = 64 -- between columns
local MARGIN = 12
local TOP = 48 -- where boxes begin, below the columns' names
local GAP = 12 -- between boxes
local LINE = 17 -- from one line of a box to the next
local HEAD = 46 -- of a box: name and id
local TITLES = { "Ports", "Virtual interfaces", "Gateways", "Joined to" }
local WIDTH = 2 * MARGIN + #TITLES * NODE + (#TITLES - 1) * SPACE
local STACKED_WIDTH = 2 * MARGIN + NODE -- of a picture for a narrow screen

local MAX_OPERATIONS = 4 -- named of those that could not be read in a place

-- What a character takes in the widest of the likely fonts.
local WIDTHS = { name = 8.6, state = 8.2, id = 7.3, detail = 7.2 }

local STYLE = [[
svg.dxconnect{--paper:#fff;--ink:#1b1f24;--soft:#57606a;--box:#f6f8fa;--rule:#d0d7de;background:var(--paper)}
svg.dxconnect text{fill:var(--ink);font:13px system-ui,"DejaVu Sans",sans-serif}
svg.dxconnect .column{font-size:16px;font-weight:700}
svg.dxconnect .group{fill:var(--soft);font-size:13px;font-weight:700}
svg.dxconnect .frame{fill:var(--box);stroke:var(--rule)}
svg.dxconnect .edge{fill:var(--state)}
svg.dxconnect .name{font-size:14px;font-weight:600}
svg.dxconnect .id{fill:var(--soft);font:12px ui-monospace,"DejaVu Sans Mono",monospace}
svg.dxconnect .detail{fill:var(--soft)}
svg.dxconnect .state,svg.dxconnect .note{fill:var(--state);font-weight:600}
svg.dxconnect .link{fill:none;stroke:var(--state);stroke-width:2;opacity:.8}
svg.dxconnect .link.busy{stroke-dasharray:7 5}
svg.dxconnect .link.bad{stroke-dasharray:2 4;stroke-width:3}
svg.dxconnect .link.gone,svg.dxconnect .link.unknown{stroke-dasharray:1 6}
svg.dxconnect .unknown>.frame{stroke-dasharray:4 4}
svg.dxconnect .bad>.frame{stroke:var(--state);stroke-width:2}
svg.dxconnect .problem{fill:var(--state);font-weight:600}
svg.dxconnect a{cursor:pointer}
svg.dxconnect a:focus .frame,svg.dxconnect a:hover .frame{stroke:var(--ink);stroke-width:2}
svg.dxconnect.stale .body{opacity:.55;filter:grayscale(1)}
]]

local function style()
  local rules, dark = { STYLE }, {}
  for _, class in ipairs { "good", "busy", "bad", "gone", "unknown" } do
    local look = appearance.classes[class]
    rules[#rules + 1] = ("svg.dxconnect .%s{--state:%s}"):format(class, look.colour)
    dark[#dark + 1] = ("svg.dxconnect .%s{--state:%s}"):format(class, look.dark)
  end
  rules[#rules + 1] = "\n@media (prefers-color-scheme:dark){svg.dxconnect{--paper:#0d1117;--ink:#e6edf3;--soft:#9aa4af;"
    .. "--box:#161b22;--rule:#30363d}" .. table.concat(dark) .. "}"
  return "<style>" .. table.concat(rules) .. "</style>"
end

-- ---- text that fits

-- What fits into a width, as the kind of text that it is. The whole of it is in the box's title.
local function fitted(value, kind, width)
  local text = quoting.utf8(value)
  local room = math.floor(width / WIDTHS[kind])
  local count, at = 0, 1
  while at <= #text do
    count = count + 1
    local after = at + quoting.character_length(text, at)
    if count == room and after <= #text then
      return text:sub(1, at - 1) .. "…"
    end
    at = after
  end
  return text
end

local function text_element(class, x, y, text, more)
  return ('<text class="%s" x="%d" y="%d"%s>%s</text>'):format(class, x, y, more or "", xml(text))
end

-- ---- boxes

local function height_of(box)
  local height = HEAD + LINE * #box.lines + 8
  for _, member in ipairs(box.members) do
    height = height + height_of(member) + 6
  end
  return height + (#box.members > 0 and 4 or 0)
end

-- Draws a box and those in it, and notes where lines may end.
local function draw_box(out, places, box, x, y, width, has_addresses)
  local height = height_of(box)
  local look = appearance.classes[box.class]
  for _, id in ipairs(box.ids) do
    places[id] = { left = x, right = x + width, y = y + 22, box = box }
  end
  local is_address = has_addresses and box.id
  if is_address then
    out[#out + 1] = ('<a href="#%s">'):format(xml(box.id))
  end
  out[#out + 1] = ('<g class="box %s"%s><title>%s</title><rect class="frame" x="%d" y="%d" width="%d" height="%d" '
    .. 'rx="6"/><rect class="edge" x="%d" y="%d" width="6" height="%d" rx="3"/>'):format(box.class,
    box.id and (' data-id="%s"'):format(xml(box.id)) or "", xml(box.title), x, y, width, height, x, y, height)
  local state = fitted(look.sign .. " " .. box.state, "state", 150)
  local room = width - 34 - (select(2, state:gsub("[^\128-\191]", "")) + 1) * WIDTHS.state
  out[#out + 1] = text_element("name", x + 14, y + 20, fitted(box.name, "name", room))
  out[#out + 1] = text_element("state", x + width - 10, y + 20, state, ' text-anchor="end"')
  out[#out + 1] = text_element("id", x + 14, y + 37, fitted(box.subtitle, "id", width - 24))
  local at = y + 37
  for _, line in ipairs(box.lines) do
    at = at + LINE
    local text = line.class and appearance.classes[line.class].sign .. " " .. line.text or line.text
    out[#out + 1] = text_element(line.class and "note " .. line.class or "detail", x + 14, at,
      fitted(text, "detail", width - 24))
  end
  out[#out + 1] = is_address and "</g></a>" or "</g>"
  at = y + HEAD + LINE * #box.lines + 8
  for _, member in ipairs(box.members) do
    draw_box(out, places, member, x + 14, at, width - 22, has_addresses)
    at = at + height_of(member) + 6
  end
  return height
end

-- Returns where the column ends.
local function draw_column(out, places, column, x, y, has_addresses)
  for _, group in ipairs(column.groups) do
    if group.title ~= "" then
      out[#out + 1] = text_element("group", x, y + 12, fitted(group.title, "state", NODE + MARGIN + SPACE / 2))
      y = y + 22
    end
    for _, box in ipairs(group.boxes) do
      y = y + draw_box(out, places, box, x, y, NODE, has_addresses) + GAP
    end
  end
  if #column.groups == 0 then
    out[#out + 1] = text_element("group", x, y + 14, column.empty)
    y = y + 30
  end
  return y
end

-- ---- lines

local RANK = { bad = 5, unknown = 4, busy = 3, gone = 2, good = 1 }

-- One line for all links between two boxes: the one that looks worst.
local function draw_links(out, places, links)
  local drawn, order = {}, {}
  for _, link in ipairs(links) do
    local from, to = places[link.left], places[link.right]
    if from and to and from.box ~= to.box then
      local key = from.left .. ":" .. from.y .. ":" .. to.left .. ":" .. to.y
      local known = drawn[key]
      if not known then
        order[#order + 1] = key
      end
      if not known or RANK[link.class] > RANK[known.class] then
        drawn[key] = { from = from, to = to, class = link.class, title = link.title }
      end
    end
  end
  for _, key in ipairs(order) do
    local line = drawn[key]
    local middle = math.floor((line.from.right + line.to.left) / 2)
    out[#out + 1] = ('<path class="link %s" d="M%d %dC%d %d %d %d %d %d"><title>%s</title></path>'):format(line.class,
      line.from.right, line.from.y, middle, line.from.y, middle, line.to.y, line.to.left, line.to.y, xml(line.title))
  end
end

-- ---- the whole

-- Words as lines of a width.
local function wrapped(words, width)
  local lines, line, room = {}, nil, math.floor(width / WIDTHS.state)
  for word in words:gmatch("%S+") do
    if line and #line + 1 + #word <= room then
      line = line .. " " .. word
    else
      lines[#lines + 1] = line
      line = word
    end
  end
  lines[#lines + 1] = line
  return lines
end

-- What could not be read, and that the picture is old, above the columns.
local function problems_of(inventory, options)
  local lines = {}
  if options.stale then
    lines[1] = { class = "unknown", text = options.stale }
  end
  local by_place = {}
  for _, entry in ipairs(inventory.errors) do
    local place = ("not read: %s, %s: "):format(entry.client, entry.region)
    local line = by_place[place]
    if not line then
      line = { class = "bad", operations = {}, place = place, title = tostring(entry.error) }
      by_place[place] = line
      lines[#lines + 1] = line
    end
    table.insert(line.operations, entry.operation)
  end
  for _, line in pairs(by_place) do
    local more = #line.operations - MAX_OPERATIONS
    line.text = line.place .. table.concat(line.operations, ", ", 1, math.min(#line.operations, MAX_OPERATIONS))
      .. (more > 0 and (", and %d more"):format(more) or "")
  end
  return lines
end

-- Draws what could not be read; returns its height.
local function draw_problems(out, inventory, options, width)
  local top = 0
  for _, problem in ipairs(problems_of(inventory, options)) do
    local lines = wrapped(appearance.classes[problem.class].sign .. " " .. problem.text, width - 2 * MARGIN)
    out[#out + 1] = ('<g class="%s"><title>%s</title>'):format(problem.class, xml(problem.title or problem.text))
    for _, line in ipairs(lines) do
      top = top + 20
      out[#out + 1] = text_element("problem", MARGIN, top, fitted(line, "state", width - 2 * MARGIN))
    end
    out[#out + 1] = "</g>"
  end
  return top > 0 and top + 6 or 0
end

-- Draws the columns one beside the other, or one below the other; returns the height.
local function draw_columns(out, drawing, options)
  local boxes, lines, places, bottom = {}, {}, {}, TOP
  local top = TOP
  for i, column in ipairs(drawing.columns) do
    local x = options.stacked and MARGIN or MARGIN + (i - 1) * (NODE + SPACE)
    boxes[#boxes + 1] = text_element("column", x, top - 18, TITLES[i])
    local finish = draw_column(boxes, places, column, x, top, options.addresses)
    bottom = math.max(bottom, finish)
    top = options.stacked and finish + TOP - 12 or top
  end
  if not options.stacked then
    draw_links(lines, places, drawing.links)
  end
  for _, list in ipairs { lines, boxes } do
    for _, text in ipairs(list) do
      out[#out + 1] = text
    end
  end
  return bottom
end

--- The inventory as SVG.
-- @tparam table inventory
-- @tparam[opt] table options `title`: of the picture; `stale`: words that say how old it is, where it is old: the
--   picture is grey then, and its states are those of that time; `stacked`: true has the columns one below the other,
--   for a narrow screen, and links as words; `addresses`: true makes each box a link to `#ID`, for a page that has
--   something there
-- @treturn string
local function svg(inventory, options)
  options = options or {}
  local drawing = boxes_of(inventory, options)
  local width = options.stacked and STACKED_WIDTH or WIDTH
  local name = options.stacked and "dxconnect-stacked" or "dxconnect" -- both may be in one page
  local notes, body = {}, {}
  local top = draw_problems(notes, inventory, options, width)
  local height = top + draw_columns(body, drawing, options)
  return ('<svg xmlns="http://www.w3.org/2000/svg" class="dxconnect%s" role="%s" '
    .. 'aria-labelledby="%s-title %s-summary" width="%d" height="%d" viewBox="0 0 %d %d">'
    .. '<title id="%s-title">%s</title><desc id="%s-summary">%s</desc>%s%s'
    .. '<g class="body" transform="translate(0 %d)">%s</g></svg>\n'):format(options.stale and " stale" or "",
    options.addresses and "group" or "img", name, name, width, height, width, height, name,
    xml(options.title or "Direct Connect, from ports to what the gateways join"), name, xml(drawing.summary), style(),
    table.concat(notes), top, table.concat(body))
end

return { svg = svg }
