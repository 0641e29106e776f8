--- What Ctrl-C raises gets through every function of the user's that a workflow calls.

local dxconnect = require "dxconnect"
local failovers = require "spec.support.failovers"
local rotations = require "spec.support.rotations"

local function interrupt()
  error("interrupted!", 0)
end

local function assert_interrupted(f, ...)
  local fine, raised = pcall(f, ...)
  assert.is_false(fine)
  assert.equal("interrupted!", raised)
end

describe("an interrupt", function()
  it("ends a wait out of on_poll", function()
    local port = rotations.new_port("connection", 0)
    assert_interrupted(port.client.wait_until, port.client, "connection_available", { connectionId = port.id }, {
      on_poll = interrupt,
    })
  end)

  it("ends a rotation out of configure and on_poll, and one of a fleet out of on_progress", function()
    local port = rotations.new_port("connection", 1)
    assert_interrupted(rotations.rotate, port, nil, { configure = interrupt })
    assert_interrupted(rotations.rotate, port, nil, { on_poll = interrupt })
    assert.is_true(port.least >= 1)
    assert_interrupted(dxconnect.macsec.rotate_all, { port.client }, { older_than = 0, on_progress = interrupt })
  end)

  it("ends a failover test out of abort_if and on_poll", function()
    for _, name in ipairs { "abort_if", "on_poll" } do
      local paths = failovers.new()
      assert_interrupted(failovers.test, paths, { [name] = interrupt })
    end
  end)
end)
