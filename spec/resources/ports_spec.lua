local ports = require "dxconnect.resources.ports"
local world = require "spec.support.world"

local ok, fault = world.ok, world.fault

describe("ports", function()
  it("are told apart by their members, not by the form of their ids", function()
    assert.equal("c", ports.id { connectionId = "c", lagId = "l" })
    assert.equal("i", ports.id { interconnectId = "i", lagId = "l" })
    assert.equal("l", ports.id { lagId = "l" })
    assert.is_true(ports.is_member { connectionId = "c", lagId = "l" })
    assert.is_false(ports.is_member { connectionId = "c", lagId = "" })
    assert.is_false(ports.is_member { lagId = "l" })
    assert.equal("down", ports.state { interconnectState = "Down" })
    assert.is_nil(ports.state {})
  end)

  describe("described", function()
    -- A client on which one operation knows the port.
    local function service(operation, body, other)
      return world.client { function(request)
        return request.headers["x-amz-target"]:find(operation) and ok(body) or other
          or fault(400, "DirectConnectClientException", "Could not find it")
      end }
    end

    it("are found whichever kind they are, in one look where the id is of the usual form", function()
      local client, record = service("DescribeLags", '{"lags":[{"lagId":"dxlag-1"}]}')
      local port, metatable = ports.describe(client, "dxlag-1")
      assert.equal("dxlag-1", port.lagId)
      assert.is_function(metatable.__tostring)
      assert.equal(1, #record.requests)
      client, record = service("DescribeConnections", '{"connections":[{"connectionId":"dxcon-1"}]}')
      assert.equal("dxcon-1", ports.describe(client, "dxcon-1").connectionId)
      assert.equal(1, #record.requests)
      client, record = service("DescribeInterconnects", '{"interconnects":[{"interconnectId":"dxcon-1"}]}')
      assert.equal("dxcon-1", ports.describe(client, "dxcon-1").interconnectId)
      assert.equal(2, #record.requests)
      client = service("DescribeLags", '{"lags":[{"lagId":"strange"}]}', ok "{}")
      assert.equal("strange", ports.describe(client, "strange").lagId)
    end)

    it("are not found, in the service's words where it has some", function()
      local _, err = ports.describe(service("Nothing", "{}"), "dxcon-1")
      assert.equal("DirectConnectClientException", err.code)
      assert.equal("not_found", err.reason)
      _, err = ports.describe(service("Nothing", "{}", ok "{}"), "dxcon-1")
      assert.equal("not_found", err.reason)
      assert.matches("dxcon%-1", err.message)
    end)

    it("give another error as it is, at once", function()
      local client, record = service("Nothing", "{}", fault(400, "AccessDeniedException", "no"))
      local _, err = ports.describe(client, "dxcon-1")
      assert.equal("AccessDeniedException", err.code)
      assert.equal(1, #record.requests)
    end)
  end)

  it("tell when a key takes effect, in every form of a date", function()
    for text, seconds in pairs {
      ["2023-11-14T22:13:20Z"] = 1700000000,
      ["2023-11-14T22:13:20.000+00:00"] = 1700000000,
      ["2023-11-14 22:13:20"] = 1700000000,
      ["Tue, 14 Nov 2023 22:13:20 GMT"] = 1700000000,
      ["2023-11-14"] = 1699920000,
      ["1700000000"] = 1700000000,
    } do
      assert.equal(seconds, ports.start_of { startOn = text }, text)
    end
    assert.equal(5, ports.start_of { startOn = 5 })
    assert.is_nil(ports.start_of { startOn = "tomorrow" })
    assert.is_nil(ports.start_of {})
  end)

  it("have the keys that are not off yet, and states in any case", function()
    local keys = ports.keys {
      macSecKeys = { { state = "associated" }, { state = "Disassociated" }, { state = "disassociating" }, {} },
    }
    local states = {}
    for i, key in ipairs(keys) do
      states[i] = ports.key_state(key)
    end
    assert.same({ "associated", "disassociating", "unknown" }, states)
    assert.same({}, ports.keys {})
  end)

  it("that are LAGs encrypt when all their connections in use do", function()
    local function lag(...)
      local members = {}
      for i, member in ipairs { ... } do
        members[i] = { connectionState = member[1], portEncryptionStatus = member[2] }
      end
      return ports.encryption_status { lagId = "l", lagState = "available", connections = members }
    end
    local up, down = "Encryption Up", "Encryption Down"
    assert.equal(up, lag({ "available", up }, { "available", up }))
    assert.equal(down, lag({ "available", up }, { "available", down }))
    assert.equal(down, lag({ "available", up }, { "down", down }))
    assert.equal(up, lag({ "available", up }, { "requested", down }, { "available" }))
    assert.is_nil(lag())
    assert.equal(down, ports.encryption_status { connectionId = "c", portEncryptionStatus = down })
    assert.equal(up, ports.encryption_status { lagState = "available", portEncryptionStatus = up, connections = {} })
  end)

  it("must encrypt where their mode says so, in any case", function()
    assert.is_true(ports.must_encrypt { encryptionMode = "MUST_ENCRYPT" })
    assert.is_false(ports.must_encrypt { encryptionMode = "should_encrypt" })
    assert.is_false(ports.must_encrypt {})
  end)
end)
