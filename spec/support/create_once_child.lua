--- A process that creates something once and is killed on the way: right before its n-th request leaves, or right after
-- the answer to it came, which nobody gets to see. Prints the result's identifier and whether it was found, unless it
-- was killed.
--   lua create_once_child.lua URL OPERATION PARAMS-AS-JSON TOKEN [before|after N]

local cjson = require("cjson").new()
local core = require "dxconnect.core"
local curl = require "dxconnect.transport.curl"
local dxconnect = require "dxconnect"

local url, operation, params, token, when, n = (table.unpack or unpack)(arg) -- luacheck: ignore

local sent = 0
local session = assert(curl.new { values = {}, no_proxy = "*" })

local function die_if(moment)
  if moment == when and sent == tonumber(n) then
    os.execute("kill -KILL $PPID")
  end
end

local client = assert(dxconnect.client {
  region = "us-east-1",
  endpoint_url = url,
  credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" },
  transport = function(request)
    sent = sent + 1
    die_if("before")
    local ex = core.exchange()
    assert(ex:load(request))
    local ok, message, kind = session:send(ex, 5, 30)
    die_if("after")
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
local thing = result.virtualInterface or result.directConnectGateway or result.directConnectGatewayAssociation
  or result.directConnectGatewayAssociationProposal or result
print(("%s %s"):format(thing.virtualInterfaceId or thing.lagId or thing.connectionId or thing.interconnectId
  or thing.associationId or thing.proposalId or thing.directConnectGatewayId, tostring(meta.found)))
