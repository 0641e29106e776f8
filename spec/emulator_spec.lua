local emulated = require "spec.support.emulated"

describe("the emulator", function()
  it("keeps what a client orders, and lets it become available as time passes", function()
    local client, _, record = emulated.world()
    local ordered = assert(client:create_connection {
      location = "EqDC2", bandwidth = "10Gbps", connectionName = "one", tags = { { key = "a", value = "b" } },
    })
    assert.equal("requested", ordered.connectionState)
    local seen = {}
    for _ = 1, 10 do
      local found = assert(client:describe_connections { connectionId = ordered.connectionId }).connections[1]
      seen[#seen + 1] = seen[#seen] ~= found.connectionState and found.connectionState or nil
      record.now = record.now + 60
    end
    assert.same({ "requested", "pending", "available" }, seen)
  end)

  it("answers an unknown resource in the service's words", function()
    local client = emulated.world()
    local _, err = client:describe_connections { connectionId = "dxcon-nowhere" }
    assert.equal("DirectConnectClientException", err.code)
    assert.equal(400, err.status)
    assert.equal("Could not find Connection with ID dxcon-nowhere", err.message)
    assert.equal("not_found", err.reason)
  end)
end)
