--- A process that creates something once and is killed on the way: when its n-th request was answered, which it does
-- not get to see; so it stands before its next one. Prints the result's identifier and whether it was found, unless it
-- was killed.
--   lua create_once_child.lua URL CLOCK-AHEAD OPERATION PARAMS-AS-JSON TOKEN [N]

local cjson = require("cjson").new()
local core = require "dxconnect.core"
local curl = require "dxconnect.transport.curl"
local dxconnect = require "dxconnect"

local url, ahead, operation, params, token, n = (table.unpack or unpack)(arg) -- luacheck: ignore

local sent = 0
local session = assert(curl.new { values = {}, no_proxy = "*" })

local client = assert(dxconnect.client {
  region = "us-east-1",
  endpoint_url = url,
  credentials = require("spec.support.emulatord").keys,
  system = {
    clock = function()
      return core.clock() + ahead
    end,
  },
  transport = function(request)
    sent = sent + 1
    local ex = core.exchange()
    assert(ex:load(request))
    local ok, message, kind = session:send(ex, 5, 30)
    if sent == tonumber(n) then
      os.execute("kill -KILL $PPID")
    end
    if not ok then
      return nil, message, kind
    end
    return { status = ex:status(), headers = ex:headers(), body = ex:body() }
  end,
})

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
