--- Lists of clients as the functions over several accounts take them: a list, or a table of names.

local client_module = require "dxconnect.client"

local function is_client(value)
  return type(value) == "table" and getmetatable(value) ~= nil and value.describe_connections ~= nil
end

-- Places in a list before names, each in their order.
local function is_before(a, b)
  if type(a) ~= type(b) then
    return type(a) == "number"
  end
  return a < b
end

--- The clients, and what to call them: the name in a table of names, else the profile that was chosen. Raises for
-- anything else, with the caller's line.
-- @tparam string what the function, for messages
-- @tparam table clients
-- @tparam integer level as for `error`: 1 is the function that calls this one
-- @treturn {table,...} `{client, name, region}` each; the name is nil where neither tells one
local function read(what, clients, level)
  if type(clients) ~= "table" then
    error(("%s: expected a list of clients, got a %s"):format(what, type(clients)), level + 1)
  elseif is_client(clients) then
    error(("%s: expected a list of clients, got a client: macsec.%s{ client }"):format(what, what), level + 1)
  end
  local keys = {}
  for key, client in pairs(clients) do
    if type(key) ~= "number" and type(key) ~= "string" then
      error(("%s: expected names of clients as keys, got a %s"):format(what, type(key)), level + 1)
    elseif not is_client(client) then
      error(("%s: item %s is no client but a %s"):format(what, tostring(key), type(client)), level + 1)
    end
    keys[#keys + 1] = key
  end
  table.sort(keys, is_before)
  local list = {}
  for i, key in ipairs(keys) do
    local client = clients[key]
    local profile = client_module.setting(client, "profile")
    list[i] = {
      client = client,
      name = type(key) == "string" and key or profile ~= "default" and profile or nil,
      region = client_module.setting(client, "region"),
    }
  end
  return list
end

return { read = read }
