local locations = require "dxconnect.emulator.locations"

describe("the emulator's locations", function()
  it("have codes of their own, and are found by them from anywhere", function()
    local seen = {}
    for _, region in ipairs { "us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-central-1", "xx-new-1" } do
      for _, location in ipairs(locations.of(region)) do
        assert.is_nil(seen[location.locationCode])
        seen[location.locationCode] = region
        assert.equal(location.locationCode, locations.find(region, location.locationCode).locationCode)
      end
    end
    assert.equal("EqDC2", locations.of("us-east-1")[1].locationCode)
    assert.equal("us-east-1", locations.find("eu-central-1", "EqDC2").region)
    assert.is_nil(locations.find("us-east-1", "XXNEW1A"))
    assert.is_nil(locations.find("us-east-1", ""))
  end)

  it("offer billing modes for the speeds that they have", function()
    for _, location in ipairs(locations.of("us-east-1")) do
      assert.equal("PayAsYouGo", location.availableBillingModes[1].billingMode)
      assert.same(location.availablePortSpeeds, location.availableBillingModes[1].availablePortSpeeds)
    end
  end)
end)
