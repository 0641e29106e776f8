local core = require "dxconnect.core"
local handlers = require "dxconnect.emulator.operations"

describe("the emulated operations", function()
  it("have a handler for every operation of the model, and none besides", function()
    local operations = core.model().operations
    for name in pairs(operations) do
      assert.is_function(handlers[name], name)
    end
    for name in pairs(handlers) do
      assert.is_table(operations[name], name)
    end
  end)
end)
