--- Clients of hand-made estates: lists by operation, answered by a function transport. What a spec leaves out is empty.

local dxconnect = require "dxconnect"
local operations = require "dxconnect.operations"

local function encode(value)
  return require("cjson").new().encode(value)
end

local M = {}

-- What a list answers: a table of items by region or for all, a function of (params, region), or `{__type, message}`.
local function answer_of(lists, op, params, region)
  local list = lists[op.name]
  if type(list) == "function" then
    list = list(params, region)
  end
  if type(list) == "table" and list.__type then
    return { status = list.status or 400, headers = {}, body = encode(list) }
  end
  local body = list and #list > 0 and encode { [op.items] = list } or "{}"
  return { status = 200, headers = { ["content-type"] = "application/x-amz-json-1.1" }, body = body }
end

--- A client whose lists are these.
-- @tparam table lists by the service's names of operations
-- @tparam[opt] table options of the client
-- @treturn table client
-- @treturn table requests: names of operations, in order
function M.client(lists, options)
  local requests = {}
  local all = {
    region = "us-east-1", max_attempts = 1,
    credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = "example" },
    transport = function(request)
      local name = request.headers["x-amz-target"]:match("%.(.*)$")
      local region = request.url:match("directconnect%.([%w-]+)%.")
      requests[#requests + 1] = name
      local params = require("cjson").new().decode(request.body)
      return answer_of(lists, operations.find(name), params, region)
    end,
  }
  for name, value in pairs(options or {}) do
    all[name] = value
  end
  return assert(dxconnect.client(all)), requests
end

--- An inventory of such a client.
function M.inventory(lists, options)
  local client = M.client(lists, options)
  return assert(dxconnect.inventory { clients = { main = client } })
end

--- A dedicated connection.
function M.port(id, members)
  local port = {
    connectionId = id, connectionName = "name of " .. id, connectionState = "available", bandwidth = "10Gbps",
    location = "EqDC2", awsDeviceV2 = "EqDC2-1", ownerAccount = "111122223333", region = "us-east-1",
    tags = { { key = "owner", value = "network" } },
  }
  for name, value in pairs(members or {}) do
    port[name] = value ~= M.NONE and value or nil
  end
  return port
end

--- A private interface on a port, with a peer that is up.
function M.interface(id, port, gateway, members)
  local interface = {
    virtualInterfaceId = id, virtualInterfaceName = "name of " .. id, virtualInterfaceState = "available",
    virtualInterfaceType = "private", connectionId = port, directConnectGatewayId = gateway, vlan = 100, asn = 65001,
    ownerAccount = "111122223333", region = "us-east-1",
    bgpPeers = { { bgpPeerId = "peer-" .. id, bgpPeerState = "available", bgpStatus = "up", addressFamily = "ipv4" } },
  }
  for name, value in pairs(members or {}) do
    interface[name] = value ~= M.NONE and value or nil
  end
  return interface
end

--- A gateway.
function M.gateway(id, members)
  local gateway = {
    directConnectGatewayId = id, directConnectGatewayName = "name of " .. id, directConnectGatewayState = "available",
    ownerAccount = "111122223333", amazonSideAsn = 64512,
  }
  for name, value in pairs(members or {}) do
    gateway[name] = value
  end
  return gateway
end

--- An association of a gateway with a virtual private gateway.
function M.association(gateway, id, members)
  local association = {
    directConnectGatewayId = gateway, associationState = "associated",
    directConnectGatewayOwnerAccount = "111122223333",
    associatedGateway = {
      id = id, type = "virtualPrivateGateway", ownerAccount = "111122223333", region = "eu-west-1",
    },
  }
  for name, value in pairs(members or {}) do
    association[name] = value
  end
  return association
end

M.NONE = {} -- as a member's value: the member is left out

return M
