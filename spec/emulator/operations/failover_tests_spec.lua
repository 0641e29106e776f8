local emulated = require "spec.support.emulated"

local failure = emulated.failure

describe("failover tests in the emulator", function()
  local client, record, id, peer, _

  before_each(function()
    client, _, record = emulated.world()
    local interface = assert(client:create_private_virtual_interface {
      connectionId = emulated.connection(client, record),
      newPrivateVirtualInterface = {
        virtualInterfaceName = "one", vlan = 101, asn = 65001, virtualGatewayId = "vgw-1",
      },
    })
    id, peer = interface.virtualInterfaceId, interface.bgpPeers[1].bgpPeerId
  end)

  local function interface()
    return assert(client:describe_virtual_interfaces { virtualInterfaceId = id }).virtualInterfaces[1]
  end

  local function history(params)
    return assert(client:list_virtual_interface_test_history(params)).virtualInterfaceTestHistory
  end

  it("hold the peers down until the time is over", function()
    assert.matches("needs one that is available", failure(client:start_bgp_failover_test { virtualInterfaceId = id }))
    record.now = record.now + 120
    local test = assert(client:start_bgp_failover_test { virtualInterfaceId = id, testDurationInMinutes = 5 })
      .virtualInterfaceTest
    assert.equal(5, test.testDurationInMinutes)
    assert.same({ peer }, test.bgpPeers)
    assert.equal(record.now, test.startTime)
    assert.equal("testing", interface().virtualInterfaceState)
    assert.equal("down", interface().bgpPeers[1].bgpStatus)
    assert.matches("stop it first", failure(client:delete_virtual_interface { virtualInterfaceId = id }))
    record.now = record.now + 300
    assert.equal("available", interface().virtualInterfaceState)
    assert.equal("up", interface().bgpPeers[1].bgpStatus)
    local entry = history { virtualInterfaceId = id }[1]
    assert.equal("completed", entry.status)
    assert.equal(record.now, entry.endTime)
  end)

  it("are ended early, and listed by what is asked for", function()
    record.now = record.now + 120
    local first = assert(client:start_bgp_failover_test { virtualInterfaceId = id, bgpPeers = { peer } })
      .virtualInterfaceTest
    assert.equal(180, first.testDurationInMinutes)
    record.now = record.now + 60
    local stopped = assert(client:stop_bgp_failover_test { virtualInterfaceId = id }).virtualInterfaceTest
    assert.equal("stopped", stopped.status)
    assert.equal("available", interface().virtualInterfaceState)
    assert.matches("is not in a failover test", failure(client:stop_bgp_failover_test { virtualInterfaceId = id }))
    local second = assert(client:start_bgp_failover_test { virtualInterfaceId = id }).virtualInterfaceTest
    assert.equal(2, #history())
    assert.same({ second }, history { testId = second.testId })
    assert.same({ second }, history { status = "in_progress" })
    assert.equal(2, #history { bgpPeers = { peer } })
    assert.same({}, history { bgpPeers = { "dxpeer-no" } })
    assert.same({}, history { virtualInterfaceId = "dxvif-no" })
    local page = assert(client:list_virtual_interface_test_history { maxResults = 1 })
    assert.equal(first.testId, page.virtualInterfaceTestHistory[1].testId)
    assert.is_string(page.nextToken)
  end)

  it("name peers that are there", function()
    record.now = record.now + 120
    assert.matches("BGP peer dxpeer%-no does not exist", failure(client:start_bgp_failover_test {
      virtualInterfaceId = id, bgpPeers = { "dxpeer-no" },
    }))
    assert.equal("available", interface().virtualInterfaceState)
  end)
end)
