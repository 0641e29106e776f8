--- Proxies: their URLs taken apart, and which hosts are reached without. No I/O.

local core = require "dxconnect.core"

local function decoded(text)
  return (text:gsub("%%(%x%x)", function(digits)
    return string.char(tonumber(digits, 16))
  end))
end

--- Takes a proxy's URL apart.
-- @tparam string url
-- @treturn[1] table `{scheme, host, port, authorization}`
-- @treturn[2] nil
-- @treturn[2] string message, without the URL: it may hold a password
local function parse(url)
  if not url:find("://", 1, true) then
    url = "http://" .. url
  end
  local parts = core.url(url)
  if not parts then
    return nil, "proxy: expected a URL such as http://host:port"
  end
  local authorization
  if parts.userinfo and parts.userinfo ~= "" then
    local user, password = parts.userinfo:match("^([^:]*):?(.*)$")
    authorization = "Basic " .. core.base64(decoded(user) .. ":" .. decoded(password))
  end
  return { scheme = parts.scheme, host = parts.host, port = parts.port, authorization = authorization }
end

-- ---- addresses, as lists of numbers, the most significant first

local function ipv4(address)
  local parts = { address:match("^(%d+)%.(%d+)%.(%d+)%.(%d+)$") }
  for i, part in ipairs(parts) do
    parts[i] = tonumber(part)
    if parts[i] > 255 then
      return nil
    end
  end
  return #parts == 4 and parts or nil
end

-- The groups of a part of an IPv6 address. An IPv4 address at its end counts as two groups.
local function groups_of(text)
  local groups = {}
  if text == "" then
    return groups
  end
  local front, last = text:match("^(.-)([^:]*%.[^:]*)$")
  local tail = last and ipv4(last)
  if last and not tail then
    return nil
  end
  for group in (tail and front or text .. ":"):gmatch("([^:]*):") do
    if not group:find("^%x%x?%x?%x?$") then
      return nil
    end
    groups[#groups + 1] = tonumber(group, 16)
  end
  if tail then
    groups[#groups + 1] = tail[1] * 256 + tail[2]
    groups[#groups + 1] = tail[3] * 256 + tail[4]
  end
  return groups
end

local function ipv6(address)
  if not address:find(":", 1, true) then
    return nil
  end
  local front, back = address:match("^(.-)::(.*)$")
  local first, second = groups_of(front or address), groups_of(back or "")
  if not first or not second then
    return nil
  end
  local missing = 8 - #first - #second
  if front and missing < 1 or not front and missing ~= 0 then
    return nil
  end
  for _ = 1, missing do
    first[#first + 1] = 0
  end
  for _, group in ipairs(second) do
    first[#first + 1] = group
  end
  return first
end

-- Whether the first `bits` bits of two addresses are equal. Each number of the lists has `size` bits.
local function same_start(a, b, bits, size)
  for i = 1, #a do
    if bits <= 0 then
      return true
    end
    local unit = 2 ^ (bits < size and size - bits or 0)
    if math.floor(a[i] / unit) ~= math.floor(b[i] / unit) then
      return false
    end
    bits = bits - size
  end
  return bits <= 0
end

local function in_network(host, network, bits)
  local a, b = ipv4(host), ipv4(network)
  if a and b then
    return bits <= 32 and same_start(a, b, bits, 8)
  end
  a, b = ipv6(host), ipv6(network)
  return a and b and bits <= 128 and same_start(a, b, bits, 16) or false
end

local function is_same_address(a, b)
  return in_network(a, b, 32) and ipv4(a) ~= nil or in_network(a, b, 128)
end

-- ---- hosts that are reached without

local function matches(host, port, entry)
  if entry == "*" then
    return true
  end
  local network, bits = entry:match("^%[?([%x.:]+)%]?/(%d%d?%d?)$")
  if network then
    return in_network(host, network, tonumber(bits))
  end
  local bracketed, wanted_port = entry:match("^(%[.*%]):(%d+)$")
  if not bracketed then
    bracketed, wanted_port = entry:match("^([^:]*):(%d+)$")
  end
  if bracketed then
    if tonumber(wanted_port) ~= port then
      return false
    end
    entry = bracketed
  end
  entry = entry:gsub("^%[", ""):gsub("%]$", ""):gsub("^%*?%.", ""):gsub("%.$", "")
  if entry == "" then
    return false
  elseif host == entry or is_same_address(host, entry) then
    return true
  end
  return not ipv4(host) and host:sub(-#entry - 1) == "." .. entry
end

--- Whether a host is among those that are reached without the proxy.
-- @tparam string host an IPv6 address in brackets or without
-- @tparam number port
-- @tparam ?string list separated by commas or blanks: names (with their subdomains), addresses,
-- networks, `*`
local function excepted(host, port, list)
  host = host:lower():gsub("^%[", ""):gsub("%]$", ""):gsub("%.$", "")
  for entry in (list or ""):lower():gmatch("[^,%s]+") do
    if matches(host, port, entry) then
      return true
    end
  end
  return false
end

--- Whether a request goes through the proxy that there is.
-- @tparam table settings `{proxy_for_https_only, no_proxy}`
-- @tparam table url taken apart
-- @treturn boolean
local function is_used(settings, url)
  if settings.proxy_for_https_only and url.scheme ~= "https" then
    return false
  end
  return not excepted(url.host, url.port, settings.no_proxy)
end

return {
  parse = parse,
  excepted = excepted,
  is_used = is_used,
}
