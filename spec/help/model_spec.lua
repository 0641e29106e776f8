local dxconnect = require "dxconnect"

describe("dxconnect.model", function()
  it("has operations in either spelling, and shapes", function()
    local model = dxconnect.model
    assert.equal("describe_lags", model.operations.DescribeLags.method)
    assert.equal(model.operations.DescribeLags, model.operations.describe_lags)
    assert.is_nil(model.operations.describe_nothing)
    assert.equal("structure", model.shapes.Lag.type)
    for name in pairs(model.operations) do
      assert.matches("^%u", name)
    end
  end)

  it("prints at every level, and can be written as JSON", function()
    local model = dxconnect.model
    assert.matches("DescribeLags", tostring(model))
    assert.matches("^%d+ operations\n", tostring(model.operations))
    assert.matches('method = "describe_lags"', tostring(model.operations.describe_lags))
    assert.matches("^%d+ shapes\n", tostring(model.shapes))
    assert.matches("lagId", tostring(model.shapes.Lag))
    assert.matches("shape", tostring(model.shapes.Lag.members.lagId))
    assert.is_string((dxconnect.json(model)))
    assert.matches('"labels":%["reads"%]', dxconnect.json(model.operations.DescribeLags))
  end)
end)
