--- Lists as a table of columns, for people.

local columns = require "dxconnect.text.columns"
local core = require "dxconnect.core"
local literal = require "dxconnect.text.literal"
local types = require "dxconnect.text.types"

local WIDTH = 80 -- columns where there is no terminal
local WIDTH_MIN, WIDTH_MAX = 10, 100000
local NAME_MIN = 12 -- columns that a name keeps at least
local ITEMS_MAX = 20 -- items of a list that a cell shows
local GAP = "  "
local ELLIPSIS = "…"

local HIDDEN = "<hidden>"

local options_known = { columns = "table", width = "number", reveal = "boolean" }

-- ---- cells

local cell

-- The parts of a nested table in one cell: a list's scalars, tags as key=value, anything else by its number of entries.
local function nested_cell(value, reveal)
  local info = types.of(value)
  if info and info.text then
    return literal.line(info.text(value))
  end
  local id = columns.id(value)
  if id then
    return literal.line(tostring(id))
  end
  local parts, count = {}, 0
  for i = 1, math.min(#value, ITEMS_MAX) do
    local item = rawget(value, i)
    if type(item) ~= "table" then
      parts[#parts + 1] = cell(item, nil, nil, reveal)
    elseif type(rawget(item, "key")) == "string" then
      parts[#parts + 1] = rawget(item, "key") .. "=" .. cell(rawget(item, "value"), nil, rawget(item, "key"), reveal)
    end
  end
  if #parts > 0 and #parts == math.min(#value, ITEMS_MAX) then
    return table.concat(parts, ", ") .. (#value > ITEMS_MAX and ", " .. ELLIPSIS or "")
  end
  for _ in next, value do
    count = count + 1
  end
  return count == 0 and "" or ("(%d)"):format(count)
end

-- The text of a value, in one line.
function cell(value, info, name, reveal)
  local kind = type(value)
  if value == nil then
    return ""
  elseif name and not reveal and types.is_secret(info, name) then
    return HIDDEN
  elseif kind == "table" then
    return nested_cell(value, reveal)
  elseif kind == "number" then
    return info and info.times and info.times[name] and literal.time(value) or literal.number(value)
  elseif kind == "string" then
    return info and info.blobs and info.blobs[name] and literal.bytes(value) or literal.line(value)
  elseif kind == "userdata" then
    local is_secret = core.is_secret(value)
    return is_secret and reveal and literal.line((value:reveal()) or "") or is_secret and HIDDEN or "<userdata>"
  end
  return tostring(value)
end

local function width_of(text)
  return (core.text_width(text))
end

-- The beginning of a text that fits, with a mark that more was there.
local function cut(text, width)
  if width_of(text) <= width then
    return text
  end
  local _, bytes = core.text_width(text, width - 1)
  return text:sub(1, bytes) .. ELLIPSIS
end

-- ---- layout

-- Endings of the names of columns that hold words of people.
local words = { "name$", "description$", "message$", "error$", "hint$", "reason$", "speeds$", "^why$", "^value$" }

-- Whether a column's texts can be read when they are cut: words can, ids, states, addresses and numbers can't.
local function may_be_cut(name)
  local last = name:match("[^.]*$"):lower()
  for _, ending in ipairs(words) do
    if last:find(ending) then
      return true
    end
  end
  return name == "tags" or name:find("^tags%.") ~= nil
end

-- Narrows names until the columns up to `last` fit; false where they can't.
local function narrow(names, natural, last, width)
  local widths, total = {}, -#GAP
  for i = 1, last do
    widths[i] = may_be_cut(names[i]) and math.min(natural[i], math.max(width, NAME_MIN)) or natural[i]
    total = total + widths[i] + #GAP
  end
  while total > width do
    local widest
    for i = 1, last do
      if may_be_cut(names[i]) and widths[i] > NAME_MIN and not (widest and widths[i] <= widths[widest]) then
        widest = i
      end
    end
    if not widest then
      return last == 1 and widths
    end
    widths[widest] = widths[widest] - 1
    total = total - 1
  end
  return widths
end

-- Widths of as many columns as fit when they are as narrow as they can be, the first one always.
local function layout(names, natural, width)
  local last, total = 0, -#GAP
  for i = 1, #names do
    total = total + #GAP + (may_be_cut(names[i]) and math.min(natural[i], NAME_MIN) or natural[i])
    if total > width and i > 1 then
      break
    end
    last = i
  end
  return narrow(names, natural, last, width) or {}
end

local function line_of(cells, widths)
  local parts = {}
  for i = 1, #widths do
    local text = cut(cells[i], widths[i])
    parts[i] = i < #widths and text .. (" "):rep(widths[i] - width_of(text)) or text
  end
  return (table.concat(parts, GAP):gsub(" +$", ""))
end

-- Adds a text's words to the lines, as many to each as fit.
local function add_wrapped(found, text, width)
  local line
  for word in text:gmatch("%S+") do
    if line and width_of(line) + 1 + width_of(word) > width then
      found[#found + 1] = line
      line = nil
    end
    line = line and line .. " " .. word or word
  end
  found[#found + 1] = line
end

--- The lines of a table.
-- @tparam table list
-- @tparam {string,...} names of the columns
-- @tparam integer width
-- @tparam ?boolean reveal
-- @treturn {string,...}
local function lines(list, names, width, reveal)
  local rows, natural = {}, {}
  for i, name in ipairs(names) do
    natural[i] = width_of(literal.line(name))
  end
  for k = 1, #list do
    local cells = {}
    for i, name in ipairs(names) do
      local value, info, member = columns.value(rawget(list, k), name)
      local text = cell(value, info, member, reveal)
      cells[i] = text
      natural[i] = math.max(natural[i], width_of(text))
    end
    rows[k] = cells
  end
  local widths = layout(names, natural, width)
  local head = {}
  for i, name in ipairs(names) do
    head[i] = literal.line(name)
  end
  local found = { #widths > 0 and line_of(head, widths) or nil }
  for _, cells in ipairs(rows) do
    found[#found + 1] = line_of(cells, widths)
  end
  if #widths < #names then
    add_wrapped(found, ("(no room for: %s)"):format(table.concat(head, ", ", #widths + 1)), width)
  end
  return found
end

--- The width that a table keeps to unless told: the terminal's.
-- @treturn integer
local function default_width()
  return math.max(core.terminal_columns() or WIDTH, WIDTH_MIN)
end

--- A list as a table.
-- @tparam table list or a result that holds one list
-- @tparam[opt] table options `{columns, width, reveal}`
-- @treturn[1] string
-- @treturn[2] nil
-- @treturn[2] string what is wrong
local function render(list, options)
  local found, names, problem
  options, problem = columns.check_options(options, options_known)
  if options then
    found, problem = columns.list_of(list)
  end
  if found then
    names, problem = columns.choose(found, options.columns)
  end
  if not names then
    return nil, problem
  end
  local width = options.width or default_width()
  if not (width >= 1 and width <= WIDTH_MAX and width == math.floor(width)) then
    return nil, ("width: expected a whole number from 1 to %d"):format(WIDTH_MAX)
  end
  return table.concat(lines(found, names, width, options.reveal), "\n")
end

return { render = render, lines = lines, default_width = default_width }
