--- A process that creates something once and is killed on the way: when its n-th request was answered, which it does
-- not get to see; so it stands before its next one. Prints the result's identifier and whether it was found, unless it
-- was killed.
--   lua create_once_child.lua URL CLOCK-AHEAD OPERATION PARAMS-AS-JSON TOKEN [N]

local cjson = require("cjson").new()
local killed_client = require "spec.support.killed_client"

local url, ahead, operation, params, token, n = (table.unpack or unpack)(arg) -- luacheck: ignore

local client = killed_client.new(url, tonumber(ahead), tonumber(n))

local result, err, meta = client:create_once(operation, cjson.decode(params), { token = token })
if not result then
  print("failed: " .. tostring(err))
  os.exit(1)
end
for _, member in ipairs { "virtualInterface", "resiliencyGroup", "directConnectGateway",
  "directConnectGatewayAssociation", "directConnectGatewayAssociationProposal" } do
  result = result[member] or result
end
print(("%s %s"):format(result.virtualInterfaceId or result.lagId or result.connectionId or result.interconnectId
  or result.associationId or result.proposalId or result.directConnectGatewayId or result.resiliencyGroupId,
  tostring(meta.found)))
