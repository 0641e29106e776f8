--- Strings, numbers and keys as Lua writes them, safe to print: what could steer a terminal is escaped.

local core = require "dxconnect.core"
local timestamp = require "dxconnect.text.timestamp"

local STRING_MAX = 400 -- bytes of a string that are shown
local BINARY_MAX = 16 -- bytes of binary data that are shown

local keywords = {}
for word in ("and break do else elseif end false for function goto if in local nil not or repeat return then true "
  .. "until while"):gmatch("%a+") do
  keywords[word] = true
end

local escapes = { ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t", ['"'] = '\\"', ["\\"] = "\\\\" }

local function escape_byte(c)
  return escapes[c] or ("\\%03d"):format(c:byte())
end

local function escape_bytes(s)
  return (s:gsub(".", function(c)
    return ("\\%03d"):format(c:byte())
  end))
end

-- Escapes what is more than one byte long: the controls U+0080 to U+009F, line and paragraph separators, and the marks
-- that turn the direction of text round.
local function escape_wide(s)
  if s:find("[\194\226]") then
    s = s:gsub("\194[\128-\159]", escape_bytes):gsub("\226\128[\142\143\168-\174]", escape_bytes)
    s = s:gsub("\226\129[\166-\169]", escape_bytes)
  end
  return s
end

--- A text in one line that steers no terminal: controls and bytes that are not UTF-8 are escaped.
-- @tparam string s
-- @treturn string
local function line(s)
  if core.text_width(s) == nil then
    return (s:gsub("[^\32-\126]", escape_byte))
  end
  return escape_wide((s:gsub("%c", escape_byte)))
end

--- Binary data: how much it is, and how it begins.
-- @tparam string s
-- @treturn string
local function bytes(s)
  local hex = s:sub(1, BINARY_MAX):gsub(".", function(c)
    return ("%02x"):format(c:byte())
  end)
  return ("<%d bytes: %s%s>"):format(#s, hex, #s > BINARY_MAX and "..." or "")
end

--- A string in quotes; what is not UTF-8, or holds a NUL, as binary data. A long one is cut.
-- @tparam string s
-- @treturn string
local function quoted(s)
  local shown = s
  if #s > STRING_MAX then
    local stop = STRING_MAX
    while stop > STRING_MAX - 4 and s:find("^[\128-\191]", stop + 1) do -- not inside a character
      stop = stop - 1
    end
    shown = s:sub(1, stop)
  end
  if shown:find("%z") or core.text_width(shown) == nil then
    return bytes(s)
  end
  local text = escape_wide((shown:gsub('[%c"\\]', escape_byte)))
  return #s > STRING_MAX and ('"%s..." (%d bytes)'):format(text, #s) or '"' .. text .. '"'
end

--- A number, an integer without a fraction.
-- @tparam number n
-- @treturn string
local function number(n)
  if n == math.floor(n) and n >= -2 ^ 63 and n < 2 ^ 63 then
    return ("%d"):format(n)
  end
  return ("%.14g"):format(n)
end

--- A time as ISO 8601; nil where no calendar has it.
-- @tparam number seconds Unix seconds
-- @treturn ?string
local function time(seconds)
  return seconds > -6e10 and seconds < 2.5e11 and timestamp.format(seconds) or nil
end

--- A table's key: a name as it is, anything else in brackets.
-- @param value
-- @treturn string
local function key(value)
  if type(value) == "string" then
    if value:find("^[%a_][%w_]*$") and not keywords[value] then
      return value
    end
    return "[" .. quoted(value) .. "]"
  end
  return "[" .. (type(value) == "number" and number(value) or tostring(value)) .. "]"
end

return {
  line = line,
  bytes = bytes,
  quoted = quoted,
  number = number,
  time = time,
  key = key,
}
