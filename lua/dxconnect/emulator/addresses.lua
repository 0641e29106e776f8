--- Addresses and prefixes: whether a text is one, and of which family.

local addresses = {}

local function is_ipv4(text)
  local a, b, c, d = text:match("^(%d+)%.(%d+)%.(%d+)%.(%d+)$")
  if not a then
    return false
  end
  for _, octet in ipairs { a, b, c, d } do
    if #octet > 3 or tonumber(octet) > 255 then
      return false
    end
  end
  return true
end

-- Counts the groups of one side of "::"; nil where one is none.
local function groups_of(text)
  local count = 0
  if text == "" then
    return count
  end
  for group in (text .. ":"):gmatch("([^:]*):") do
    if not group:find("^%x%x?%x?%x?$") then
      return nil
    end
    count = count + 1
  end
  return count
end

local function is_ipv6(text)
  if not text:find(":", 1, true) then
    return false
  end
  local left, right = text:match("^(.-)::(.*)$")
  if not left then
    return groups_of(text) == 8
  end
  local before, after = groups_of(left), groups_of(right)
  return before ~= nil and after ~= nil and before + after < 8
end

local longest = { ipv4 = 32, ipv6 = 128 }

--- The family of an address, with or without a length.
-- @tparam string text such as "169.254.0.1/30" or "2001:db8::1/125"
-- @treturn ?string "ipv4", "ipv6", or nil where it is no address
-- @treturn ?number its length in bits, where it has one
function addresses.family_of(text)
  local host, bits = text:match("^([^/]+)/(%d%d?%d?)$")
  host = host or text
  local family = is_ipv4(host) and "ipv4" or is_ipv6(host) and "ipv6" or nil
  local length = bits and tonumber(bits)
  if not family or length and length > longest[family] then
    return nil
  end
  return family, length
end

--- Whether a text is a prefix, or several with commas between them. Those of IPv6 are /64 or shorter.
function addresses.is_prefix(text)
  local count = 0
  for one in (text .. ","):gmatch("%s*([^,]*),") do
    local family, length = addresses.family_of((one:gsub("%s+$", "")))
    if not length or family == "ipv6" and length > 64 then
      return false
    end
    count = count + 1
  end
  return count > 0
end

return addresses
