--- What there is of Direct Connect in a region: ports with their keys, LAGs, virtual interfaces, gateways.
-- The lists are asked for side by side, all their pages. Where one fails, the network has what was seen last, and says
-- when that was.

local cjson = require("cjson").new()
local dxconnect = require "dxconnect"

local lists = {
  { name = "connections", operation = "describe_connections" },
  { name = "interconnects", operation = "describe_interconnects" },
  { name = "lags", operation = "describe_lags" },
  { name = "virtual_interfaces", operation = "describe_virtual_interfaces" },
  { name = "gateways", operation = "describe_direct_connect_gateways" },
  { name = "virtual_gateways", operation = "describe_virtual_gateways" },
}

local function all_items(client, operation, params)
  local items = {}
  for item in client:items(operation, params) do
    items[#items + 1] = item
  end
  return items
end

-- What an earlier look saw of a gateway's associations.
local function earlier_associations(before, gateway)
  for _, known in ipairs(before.gateways or {}) do
    if known.directConnectGatewayId == gateway.directConnectGatewayId then
      return known.associations
    end
  end
end

--- Asks for all of it.
-- @tparam table client
-- @tparam number now in Unix seconds
-- @tparam[opt] table before what an earlier look returned
-- @treturn table `{connections, interconnects, lags, virtual_interfaces, gateways, virtual_gateways}`, each a list or,
-- where it was never seen, nil; `seen`: when each list was seen; `looked`: now; `problems`: errors in words. A gateway
-- has its `associations`, or none where they were never seen
local function look(client, now, before)
  before = before or { seen = {} }
  local network, problems = { problems = {}, seen = {}, looked = now }, {}
  local tasks = {}
  for i, list in ipairs(lists) do
    tasks[i] = function()
      return all_items(client, list.operation)
    end
  end
  for i, answer in ipairs(dxconnect.parallel(tasks)) do
    local name = lists[i].name
    network[name], network.seen[name] = answer.result, now
    if not answer.result then
      network[name], network.seen[name] = before[name], before.seen[name]
      problems[#problems + 1] = answer.error
    end
  end

  local gateways = network.seen.gateways == now and network.gateways or {}
  tasks = {}
  for i, gateway in ipairs(gateways) do
    tasks[i] = function()
      return all_items(client, "describe_direct_connect_gateway_associations", {
        directConnectGatewayId = gateway.directConnectGatewayId,
      })
    end
  end
  for i, answer in ipairs(dxconnect.parallel(tasks)) do
    gateways[i].associations = answer.result
    if not answer.result then
      gateways[i].associations = earlier_associations(before, gateways[i])
      network.seen.gateways = before.seen.gateways or 0
      problems[#problems + 1] = answer.error
    end
  end
  for i, problem in ipairs(problems) do
    network.problems[i] = tostring(problem)
  end
  return network
end

-- lua-cjson writes an empty table as an object, so lists are put together here.
local function json_list(list, encode)
  local texts = {}
  for i, item in ipairs(list) do
    texts[i] = encode(item)
  end
  return "[" .. table.concat(texts, ",") .. "]"
end

local shown = {
  "connectionId", "connectionName", "connectionState", "location", "bandwidth", "lagId", "macSecCapable",
  "encryptionMode", "portEncryptionStatus",
}

--- All connections and their MACsec keys, as JSON: `{"connections": [{…, "macSecKeys": […]}]}`.
-- @tparam table client
-- @treturn[1] string
-- @treturn[2] nil
-- @treturn[2] table error
local function connections_json(client)
  local ok, list = pcall(all_items, client, "describe_connections")
  if not ok then
    return nil, list
  end
  return '{"connections":' .. json_list(list, function(connection)
    local fields = {}
    for _, name in ipairs(shown) do
      fields[name] = connection[name]
    end
    local keys = json_list(connection.macSecKeys or {}, function(key)
      return cjson.encode({ ckn = key.ckn, secretARN = key.secretARN, state = key.state, startOn = key.startOn })
    end)
    return cjson.encode(fields):sub(1, -2) .. ',"macSecKeys":' .. keys .. "}"
  end) .. "}"
end

--- An error as JSON: `{"error": {"code", "message"}}`.
local function error_json(err)
  local code = type(err) == "table" and err.code or "Error"
  return cjson.encode({ error = { code = code, message = tostring(err) } })
end

return {
  look = look,
  connections_json = connections_json,
  error_json = error_json,
}
