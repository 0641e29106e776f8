local places = require "dxconnect.emulator.places"

describe("the emulator's places", function()
  it("have codes of their own, and are found by them from anywhere", function()
    local seen = {}
    for _, region in ipairs { "us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-central-1", "xx-new-1" } do
      for _, place in ipairs(places.of(region)) do
        assert.is_nil(seen[place.locationCode])
        seen[place.locationCode] = region
        assert.equal(place.locationCode, places.find(region, place.locationCode).locationCode)
      end
    end
    assert.equal("EqDC2", places.of("us-east-1")[1].locationCode)
    assert.equal("us-east-1", places.find("eu-central-1", "EqDC2").region)
    assert.is_nil(places.find("us-east-1", "XXNEW1A"))
    assert.is_nil(places.find("us-east-1", ""))
  end)

  it("offer billing modes for the speeds that they have", function()
    for _, place in ipairs(places.of("us-east-1")) do
      assert.equal("PayAsYouGo", place.availableBillingModes[1].billingMode)
      assert.same(place.availablePortSpeeds, place.availableBillingModes[1].availablePortSpeeds)
    end
  end)
end)
