local ports = require "dxconnect.resources.ports"

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
