local emulated = require "spec.support.emulated"

describe("locations in the emulator", function()
  it("are those of the region, and can be ordered at", function()
    for _, region in ipairs { "us-east-1", "eu-central-1", "xx-new-9" } do
      local client = emulated.world({}, { region = region })
      local locations = assert(client:describe_locations()).locations
      assert.is_true(#locations >= 2)
      for _, location in ipairs(locations) do
        assert.equal(region, location.region)
        for _, speed in ipairs(location.availableMacSecPortSpeeds) do
          assert(client:create_connection {
            location = location.locationCode, bandwidth = speed, connectionName = "x", requestMACSec = true,
          })
        end
      end
      assert.same({ "10Gbps", "100Gbps", "400Gbps" }, locations[1].availableMacSecPortSpeeds)
    end
  end)
end)
