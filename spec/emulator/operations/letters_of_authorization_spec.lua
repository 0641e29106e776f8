local emulated = require "spec.support.emulated"

local failure = emulated.failure

describe("letters of authorization in the emulator", function()
  local client, _, record

  before_each(function()
    client, _, record = emulated.world()
  end)

  it("are there once the port is past requested, and leave their date", function()
    local id = assert(client:create_connection {
      location = "EqDC2", bandwidth = "10Gbps", connectionName = "one",
    }).connectionId
    assert.matches("LOA of .* is not available yet", failure(client:describe_loa { connectionId = id }))
    record.now = record.now + 120.5
    local loa = assert(client:describe_loa { connectionId = id, providerName = "Zayo" })
    assert.equal("application/pdf", loa.loaContentType)
    assert.matches("^%%PDF%-1%.4\n", loa.loaContent)
    assert.truthy(loa.loaContent:find(id, 1, true))
    assert.truthy(loa.loaContent:find("Zayo", 1, true))
    assert.equal(1700000120, assert(client:describe_connections()).connections[1].loaIssueTime)
  end)

  it("are of LAGs and interconnects too, by old and new names", function()
    local lag = assert(client:create_lag {
      location = "EqDC2", connectionsBandwidth = "10Gbps", numberOfConnections = 1, lagName = "l",
    })
    local interconnect = assert(client:create_interconnect {
      location = "EqDC2", bandwidth = "10Gbps", interconnectName = "i",
    }).interconnectId
    record.now = record.now + 300
    local connection = lag.connections[1].connectionId
    for _, loa in ipairs {
      assert(client:describe_loa { connectionId = lag.lagId }),
      assert(client:describe_loa { connectionId = interconnect }),
      assert(client:describe_connection_loa { connectionId = connection }).loa,
      assert(client:describe_interconnect_loa { interconnectId = interconnect }).loa,
    } do
      assert.matches("^%%PDF", loa.loaContent)
    end
    assert.equal(record.now, assert(client:describe_interconnects()).interconnects[1].loaIssueTime)
    assert.equal(record.now, assert(client:describe_lags()).lags[1].connections[1].loaIssueTime)
  end)

  it("need a port", function()
    assert.matches("Could not find Connection with ID dxcon%-x",
      failure(client:describe_loa { connectionId = "dxcon-x" }))
    assert.matches("Could not find Lag with ID dxlag%-x", failure(client:describe_loa { connectionId = "dxlag-x" }))
    local id = emulated.connection(client, record)
    assert.matches("^ValidationException: .*application/pdf",
      failure(client:describe_loa { connectionId = id, loaContentType = "text/plain" }))
    assert(client:delete_connection { connectionId = id })
    assert.matches("has no LOA", failure(client:describe_loa { connectionId = id }))
  end)
end)
