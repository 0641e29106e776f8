local ports = require "dxconnect.emulator.ports"
local service_error = require "dxconnect.emulator.service_error"
local states = require "dxconnect.emulator.state"

describe("the emulator's ports", function()
  local world

  before_each(function()
    world = states.view(states.new(function()
      return 1000
    end), "us-east-1", "111122223333")
  end)

  local function add(kind, record)
    record.macSecKeys = record.macSecKeys or {}
    return world:add(kind, record)
  end

  it("are found by their ids, of whatever kind", function()
    local records = {}
    for kind, member in pairs { connection = "connectionId", interconnect = "interconnectId", lag = "lagId" } do
      local record = { [member] = world:new_id(kind == "lag" and "dxlag" or "dxcon") }
      records[record[member]] = add(kind, record)
    end
    for id, record in pairs(records) do
      assert.equal(record, ports.get(world, id))
    end
    local ok, raised = pcall(ports.get, world, "dxcon-x")
    assert.is_false(ok)
    assert.is_true(service_error.is(raised))
  end)

  it("share the device of their location", function()
    local device = ports.device(world, "EqDC2")
    assert.matches("^EqDC2%-", device)
    assert.equal(device, ports.device(world, "EqDC2"))
    assert.not_equal(device, ports.device(world, "CSVA1"))
  end)

  it("encrypt with a key in use, light, and a mode that lets them", function()
    local function status(state, mode, key)
      return ports.present(world, {
        connectionId = "x", connectionState = state, encryptionMode = mode, macSecKeys = { { state = key } },
        _kind = "connection",
      }).portEncryptionStatus
    end
    assert.equal("Encryption Up", status("available", "should_encrypt", "associated"))
    assert.equal("Encryption Up", status("available", "must_encrypt", "associated"))
    assert.equal("Encryption Down", status("down", "should_encrypt", "associated"))
    assert.equal("Encryption Down", status("available", "no_encrypt", "associated"))
    for _, key in ipairs { "associating", "disassociating", "disassociated" } do
      assert.equal("Encryption Down", status("available", "should_encrypt", key))
    end
  end)

  it("show an interconnect in the shape of a connection", function()
    local shown = ports.as_connection(world, {
      interconnectId = "a", interconnectName = "b", interconnectState = "c", _account = "d", bandwidth = "e",
    })
    shown._account = nil
    assert.same({
      connectionId = "a", connectionName = "b", connectionState = "c", ownerAccount = "d", bandwidth = "e",
    }, shown)
    local connection = { connectionId = "a" }
    assert.equal(connection, ports.as_connection(world, connection))
  end)
end)
