--- Which proxy a request goes through: none, or one taken apart. Pure.

local core = require "dxconnect.core"
local http1 = require "dxconnect.transport.http1"

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
  local parts = http1.split_url(url)
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

local function number_of(address)
  local a, b, c, d = address:match("^(%d+)%.(%d+)%.(%d+)%.(%d+)$")
  if not a or tonumber(a) > 255 or tonumber(b) > 255 or tonumber(c) > 255 or tonumber(d) > 255 then
    return nil
  end
  return ((a * 256 + b) * 256 + c) * 256 + d
end

local function in_network(host, network, bits)
  local address, base = number_of(host), number_of(network)
  bits = tonumber(bits)
  if not address or not base or bits > 32 then
    return false
  end
  local size = 2 ^ (32 - bits)
  return math.floor(address / size) == math.floor(base / size)
end

local function matches(host, port, entry)
  if entry == "*" then
    return true
  end
  local network, bits = entry:match("^([%d.]+)/(%d+)$")
  if network then
    return in_network(host, network, bits)
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
  elseif host == entry then
    return true
  end
  return not number_of(host) and host:sub(-#entry - 1) == "." .. entry
end

--- Whether a host is among those that are reached without the proxy.
-- @tparam string host an IPv6 address in brackets or without
-- @tparam number port
-- @tparam ?string list separated by commas or blanks: names (with their subdomains), addresses, IPv4 networks, `*`
local function excepted(host, port, list)
  host = host:lower():gsub("^%[", ""):gsub("%]$", ""):gsub("%.$", "")
  for entry in (list or ""):lower():gmatch("[^,%s]+") do
    if matches(host, port, entry) then
      return true
    end
  end
  return false
end

return {
  parse = parse,
  excepted = excepted,
}
