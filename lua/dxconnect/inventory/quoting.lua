--- Text from a service inside of XML, DOT and Prometheus text: escaped, and always valid UTF-8. Pure.

local REPLACEMENT = "\239\191\189" -- U+FFFD

-- The length of the character that begins at a byte; nil where there is none.
local function character_length(text, at)
  local first = text:byte(at)
  if first < 0x80 then
    return 1
  end
  local length = first >= 0xF0 and first <= 0xF4 and 4 or first >= 0xE0 and first < 0xF0 and 3
    or first >= 0xC2 and first < 0xE0 and 2
  if not length or not text:find("^" .. ("[\128-\191]"):rep(length - 1), at + 1) then
    return nil
  end
  local second = text:byte(at + 1)
  if first == 0xE0 and second < 0xA0 or first == 0xED and second > 0x9F or first == 0xF0 and second < 0x90
    or first == 0xF4 and second > 0x8F then -- overlong, a surrogate, or beyond Unicode
    return nil
  end
  return length
end

--- A value as valid UTF-8.
-- @param value
-- @treturn string
local function utf8_text(value)
  local text = tostring(value)
  if not text:find("[\128-\255]") then
    return text
  end
  local out, at = {}, 1
  while at <= #text do
    local length = character_length(text, at)
    out[#out + 1] = length and text:sub(at, at + length - 1) or REPLACEMENT
    at = at + (length or 1)
  end
  return table.concat(out)
end

local entities = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;", ["'"] = "&#39;" }

--- For XML and HTML, as text or in an attribute.
local function xml(value)
  return (utf8_text(value):gsub("[%z\1-\31\127]", " "):gsub("[&<>\"']", entities))
end

--- For DOT, between double quotes.
local function dot(value)
  return (utf8_text(value):gsub("[%z\1-\31\127]", " "):gsub('[\\"]', "\\%0"))
end

local label_escapes = { ["\\"] = "\\\\", ['"'] = '\\"', ["\n"] = "\\n" }

--- For the value of a Prometheus label, in double quotes.
local function label(value)
  return '"' .. utf8_text(value):gsub('[\\"\n]', label_escapes) .. '"'
end

return { xml = xml, dot = dot, label = label, utf8 = utf8_text, character_length = character_length }
