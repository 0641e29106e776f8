local core = require "dxconnect.core"
local kinds = require "dxconnect.emulator.kinds"

describe("the emulator's kinds of resources", function()
  it("name members that their shapes have", function()
    local shapes = core.model().shapes
    for name, kind in pairs(kinds) do
      local shape = shapes[kind.shape]
      assert.is_table(shape, name)
      assert.is_table(shape.members[kind.state], name)
      assert.is_true(shape.members[kind.id] ~= nil or kind.id:sub(1, 1) == "_", name)
      if not kind.is_part then
        assert.matches("%%s", kind.not_found)
        assert.is_string(kind.arn, name)
      end
    end
  end)
end)
