local resources = require "dxconnect.resources.kinds"
local observed = require "dxconnect.workflows.observed"
local world = require "spec.support.world"

local ok = world.ok

local TIMES = { delay = 10, limit = math.huge }

-- Observes what an account has.
local function observing(kind_name, params, body)
  local client = world.client { ok(body) }
  return observed.open(client, resources.kinds[kind_name], params, nil, TIMES)
end

describe("an observed resource", function()
  it("shows what is meant, its state in lower case, and its name", function()
    local it = observing("connection", { connectionId = "c-1" },
      '{"connections":[{"connectionId":"c-1","connectionState":"Pending"}]}')
    local part = assert(it:look())[1]
    assert.equal("pending", it:state(part))
    assert.equal("connection c-1", it:label(part))
    assert.equal("DescribeConnections", it:operation())
    assert.same({ "underway" }, { it:judge(part, "available") })
    assert.same({ "reached" }, { it:judge(part, "pending") })
    local verdict, why = it:judge(part, "ordering")
    assert.equal("hopeless", verdict)
    assert.matches("pending.*ordering", why)
  end)

  it("shows a state that nobody knows as it is, and none as unknown", function()
    local it = observing("gateway", { directConnectGatewayId = "g" }, '{"directConnectGateways":['
      .. '{"directConnectGatewayId":"g","directConnectGatewayState":"Migrating"},{"directConnectGatewayId":"h"}]}')
    local parts = assert(it:look())
    assert.equal("Migrating", it:state(parts[1]))
    assert.equal("unknown", it:state(parts[2]))
    assert.equal("underway", (it:judge(parts[1], "available")))
  end)

  it("shows the parts of an owner that are meant, and the owner", function()
    local body = '{"virtualInterfaces":[{"virtualInterfaceId":"v","bgpPeers":[{"bgpPeerId":"a"},{"bgpPeerId":"b"}]}]}'
    local parts = assert(observing("bgp_peer", { virtualInterfaceId = "v" }, body):look())
    assert.equal(2, #parts)
    assert.equal("v", parts[2].owner.virtualInterfaceId)
    parts = assert(observing("bgp_peer", { virtualInterfaceId = "v", bgpPeerId = "b" }, body):look())
    assert.equal(1, #parts)
    assert.equal("b", parts[1].item.bgpPeerId)
  end)

  it("names what is missing by its params", function()
    local it = observing("bgp_peer", { virtualInterfaceId = "v", bgpPeerId = "b" }, "{}")
    assert.same({}, it:look())
    assert.equal("BGP peer with bgpPeerId b, virtualInterfaceId v", it:missing_label())
  end)

  it("keeps to params as they were when it began", function()
    local client, record = world.client { ok "{}" }
    local params = { connectionId = "c-1" }
    local it = observed.open(client, resources.kinds.connection, params, nil, TIMES)
    params.connectionId = "c-2"
    it:look()
    assert.equal('{"connectionId":"c-1"}', record.requests[1].body)
  end)
end)
