local core = require "dxconnect.core"
local rooms = require "dxconnect.emulator.rooms"

describe("the emulator's rooms", function()
  it("have a handler for every operation of the model, and none besides", function()
    local operations = core.model().operations
    for name in pairs(operations) do
      assert.is_function(rooms[name], name)
    end
    for name in pairs(rooms) do
      assert.is_table(operations[name], name)
    end
  end)
end)
