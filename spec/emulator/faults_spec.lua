local faults = require "dxconnect.emulator.faults"

describe("the emulator's faults", function()
  it("are met by the calls that they are for, once unless told", function()
    local list = faults.new()
    local fault = list:order { operation = "describe_lags", lost = true }
    assert.is_nil(list:meet("DescribeConnections", {}))
    assert.equal(fault, list:meet("DescribeLags", {}))
    assert.is_nil(list:meet("DescribeLags", {}))
    assert.equal(1, fault.hits)
    assert.equal("fault of DescribeLags, hits: 1", tostring(fault))
  end)

  it("are met in the order in which they were ordered", function()
    local list = faults.new()
    local any, lags = list:order { times = 2 }, list:order { operation = "DescribeLags" }
    assert.equal(any, list:meet("DescribeLags", {}))
    assert.equal(any, list:meet("DescribeLocations", {}))
    assert.equal(lags, list:meet("DescribeLags", {}))
  end)

  it("let some pass, and meet another meanwhile", function()
    local list = faults.new()
    local late, now = list:order { skip = 1 }, list:order {}
    assert.equal(now, list:meet("DescribeLags", {}))
    assert.equal(late, list:meet("DescribeLags", {}))
  end)

  it("are called off", function()
    local list = faults.new()
    list:order { times = math.huge }
    list:order {}
    list:clear()
    assert.is_nil(list:meet("DescribeLags", {}))
  end)

  it("are not what a test hands in, which may change", function()
    local list = faults.new()
    local given = { code = "One" }
    list:order(given)
    given.code = "Two"
    assert.equal("One", list:meet("DescribeLags", {}).code)
  end)
end)
