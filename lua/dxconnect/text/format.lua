--- Results as text for people: nested tables indented, names sorted, strings quoted, secrets hidden.
-- Reads tables raw, so that nothing in them can interfere, and ends on tables that contain themselves.

local core = require "dxconnect.core"

local WIDTH = 100 -- columns up to which a table stays on one line
local DEPTH_MAX = 40
local STRING_MAX = 400 -- bytes of a string that are shown
local BINARY_MAX = 16 -- bytes of binary data that are shown

local is_secret = {}
for _, name in ipairs(core.secret_members()) do
  is_secret[name] = true
end

local keywords = {}
for word in ("and break do else elseif end false for function goto if in local nil not or repeat return then true "
  .. "until while"):gmatch("%a+") do
  keywords[word] = true
end

local escapes = { ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t", ['"'] = '\\"', ["\\"] = "\\\\" }

local function escape(c)
  return escapes[c] or ("\\%03d"):format(c:byte())
end

-- UTF-8 without control characters but line ends and tabs; anything else is binary data.
local function is_text(s)
  if s:find("[%z\1-\8\11\12\14-\31\127]") then
    return false
  end
  local rest = s:gsub("[\240-\244][\128-\191][\128-\191][\128-\191]", "")
  rest = rest:gsub("[\224-\239][\128-\191][\128-\191]", ""):gsub("[\194-\223][\128-\191]", "")
  return not rest:find("[\128-\255]")
end

local function string_text(s)
  if not is_text(s) then
    local hex = s:sub(1, BINARY_MAX):gsub(".", function(c)
      return ("%02x"):format(c:byte())
    end)
    return ("<%d bytes: %s%s>"):format(#s, hex, #s > BINARY_MAX and "..." or "")
  elseif #s > STRING_MAX then
    local stop = STRING_MAX
    while s:find("^[\128-\191]", stop + 1) do -- not inside a character
      stop = stop - 1
    end
    return ('"%s..." (%d bytes)'):format(s:sub(1, stop):gsub('[%c"\\]', escape), #s)
  end
  return '"' .. s:gsub('[%c"\\]', escape) .. '"'
end

local function number_text(n)
  if n == math.floor(n) and n >= -2 ^ 63 and n < 2 ^ 63 then
    return ("%d"):format(n)
  end
  return ("%.14g"):format(n)
end

local function key_text(key)
  if type(key) == "string" then
    if key:find("^[%a_][%w_]*$") and not keywords[key] then
      return key
    end
    return "[" .. string_text(key) .. "]"
  end
  return "[" .. (type(key) == "number" and number_text(key) or tostring(key)) .. "]"
end

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

-- The entries of a table as lines of their own, without indent.
local function entries(t, depth, open)
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
    local value = rawget(t, key)
    parts[#parts + 1] = key_text(key) .. " = "
      .. (is_secret[key] and type(value) ~= "userdata" and "<hidden>" or value_text(value, depth, open))
  end
  return parts
end

local function table_text(t, depth, open)
  if open[t] then
    return "<the table it is in>"
  elseif depth >= DEPTH_MAX then
    return "<nested too deep to show>"
  end
  open[t] = true
  local parts = entries(t, depth + 1, open)
  open[t] = nil
  if #parts == 0 then
    return "{}"
  end
  local line = table.concat(parts, ", ")
  if #line + 2 * depth + 4 <= WIDTH and not line:find("\n", 1, true) then
    return "{ " .. line .. " }"
  end
  local indent = ("  "):rep(depth)
  return "{\n" .. indent .. "  " .. table.concat(parts, ",\n" .. indent .. "  ") .. ",\n" .. indent .. "}"
end

function value_text(value, depth, open)
  local kind = type(value)
  if kind == "table" then
    return table_text(value, depth, open)
  elseif kind == "string" then
    return string_text(value)
  elseif kind == "number" then
    return number_text(value)
  elseif kind == "userdata" then -- a secret says so; anything else may raise
    local ok, text = pcall(tostring, value)
    return ok and text or "<userdata>"
  end
  return tostring(value)
end

--- A value as readable text, with secrets hidden.
-- @param value anything; a result, usually
-- @treturn string
local function text(value)
  return value_text(value, 0, {})
end

return { text = text }
