local set = require "dxconnect.set"

describe("set", function()
  it("has each name of a list as a key, and nothing besides", function()
    assert.same({ a = true, b = true }, set { "a", "b", "a" })
    assert.same({}, set {})
  end)
end)
