--- Values as text for people: nested tables indented, names sorted, strings quoted, secrets hidden.
-- What a table's type says (see text/types.lua) decides what is a time, what is hidden, and what is shown as a table of
-- columns. Reads tables raw, so that nothing in them can interfere, and ends on tables that contain themselves.

local columns = require "dxconnect.text.columns"
local literal = require "dxconnect.text.literal"
local table_text = require "dxconnect.text.table"
local types = require "dxconnect.text.types"

local WIDTH = 100 -- columns up to which a table stays on one line
local DEPTH_MAX = 40
local LONG_LIST = 20 -- resources up to which each is shown whole

local MORE = "-- there is more: client:items(name, params) and client:all(name, params) read every page"

-- Names before numbers before the rest, each in their order.
local function is_before(a, b)
  local type_a, type_b = type(a), type(b)
  if type_a ~= type_b then
    return type_a == "string" or (type_a == "number" and type_b ~= "string")
  elseif type_a == "string" or type_a == "number" then
    return a < b
  end
  return tostring(a) < tostring(b)
end

local value_text

local function number_text(n, info, name)
  local time = info and info.times and info.times[name] and literal.time(n)
  return literal.number(n) .. (time and " (" .. time .. ")" or "")
end

-- The value of a member, in the table whose type is `info`.
local function member_text(value, info, name, depth, open)
  local kind = type(value)
  if kind ~= "userdata" and types.is_secret(info, name) then
    return "<hidden>"
  elseif kind == "number" then
    return number_text(value, info, name)
  elseif kind == "string" and info and info.blobs and info.blobs[name] then
    return literal.bytes(value)
  end
  return value_text(value, depth, open)
end

-- The entries of a table as lines of their own, without indent.
local function entries(t, info, depth, open)
  local parts, names = {}, {}
  local listed = 0
  while rawget(t, listed + 1) ~= nil do
    listed = listed + 1
    parts[listed] = value_text(rawget(t, listed), depth, open)
  end
  for key in next, t do
    if not (type(key) == "number" and key >= 1 and key <= listed and key == math.floor(key)) then
      names[#names + 1] = key
    end
  end
  table.sort(names, is_before)
  for _, key in ipairs(names) do
    parts[#parts + 1] = literal.key(key) .. " = " .. member_text(rawget(t, key), info, key, depth, open)
  end
  return parts
end

-- Whether a list is long, and each of its items a table.
local function is_long_list(t, info)
  if not info or info.kind ~= "list" or #t <= LONG_LIST then
    return false
  end
  for i = 1, #t do
    if type(rawget(t, i)) ~= "table" then
      return false
    end
  end
  return true
end

-- A long list as a table of its main columns, with how many there are.
local function list_text(t, depth)
  local indent = ("  "):rep(depth > 0 and depth + 1 or 0)
  local lines = table_text.lines(t, columns.of(t), math.max(table_text.default_width() - #indent, 1))
  table.insert(lines, 1, ("%d %s"):format(#t, columns.plural(t)))
  return table.concat(lines, "\n" .. indent)
end

local function contents(t, info, depth, open)
  local parts = entries(t, info, depth + 1, open)
  if #parts == 0 then
    return "{}"
  end
  local line = table.concat(parts, ", ")
  if (#line + 2 * depth + 4 <= WIDTH and not line:find("\n", 1, true)) or (info and info.line) then
    return "{ " .. line:gsub("%s*\n%s*", " ") .. " }"
  end
  local indent = ("  "):rep(depth)
  return "{\n" .. indent .. "  " .. table.concat(parts, ",\n" .. indent .. "  ") .. ",\n" .. indent .. "}"
end

local function nested_text(t, depth, open)
  local info = types.of(t)
  if open[t] then
    return "<the table it is in>"
  elseif depth >= DEPTH_MAX then
    return "<nested too deep to show>"
  elseif info and info.text then
    return (info.text(t):gsub("\n", "\n" .. ("  "):rep(depth)))
  elseif is_long_list(t, info) then
    return list_text(t, depth)
  end
  open[t] = true
  local text = contents(t, info, depth, open)
  open[t] = nil
  return text
end

function value_text(value, depth, open)
  local kind = type(value)
  if kind == "table" then
    return nested_text(value, depth, open)
  elseif kind == "string" then
    return literal.quoted(value)
  elseif kind == "number" then
    return literal.number(value)
  elseif kind == "userdata" then -- a secret says so; anything else may raise
    local ok, text = pcall(tostring, value)
    return ok and text or "<userdata>"
  end
  return tostring(value)
end

-- Whether a value is an answer that goes on in another one.
local function has_more(value)
  local info = types.of(value)
  local token = info and info.members and info.members.nextToken and rawget(value, "nextToken")
  return token ~= nil and token ~= false and token ~= ""
end

--- A value as readable text, with secrets hidden.
-- @param value anything; a result, usually
-- @treturn string
local function text(value)
  return value_text(value, 0, {}) .. (has_more(value) and "\n" .. MORE or "")
end

return { text = text }
