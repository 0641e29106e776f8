local emulated = require "spec.support.emulated"

local failure = emulated.failure

describe("tags in the emulator", function()
  local client, arn

  before_each(function()
    client = emulated.world()
    local connection = assert(client:create_connection {
      location = "EqDC2", bandwidth = "10Gbps", connectionName = "one", tags = { { key = "a", value = "1" } },
    })
    arn = "arn:aws:directconnect:us-east-1:111122223333:dxcon/" .. connection.connectionId
  end)

  local function tags()
    local result = assert(client:describe_tags { resourceArns = { arn } })
    assert.equal(arn, result.resourceTags[1].resourceArn)
    return result.resourceTags[1].tags
  end

  it("are set, replaced and removed", function()
    assert.same({}, assert(client:tag_resource {
      resourceArn = arn, tags = { { key = "b", value = "2" }, { key = "a", value = "3" } },
    }))
    assert.same({ { key = "a", value = "3" }, { key = "b", value = "2" } }, tags())
    assert.same(tags(), assert(client:describe_connections()).connections[1].tags)
    assert.same({}, assert(client:untag_resource { resourceArn = arn, tagKeys = { "a", "unknown" } }))
    assert.same({ { key = "b", value = "2" } }, tags())
    assert(client:untag_resource { resourceArn = arn, tagKeys = { "b" } })
    assert.same({}, tags())
  end)

  it("are fifty at most", function()
    local list = {}
    for i = 1, 50 do
      list[i] = { key = "k" .. i }
    end
    local text = failure(client:tag_resource { resourceArn = arn, tags = list })
    assert.matches("^TooManyTagsException: ", text)
    table.remove(list)
    assert(client:tag_resource { resourceArn = arn, tags = list })
    assert.equal(50, #tags())
    assert(client:tag_resource { resourceArn = arn, tags = { { key = "k1", value = "again" } } })
  end)

  it("have each key once in a request", function()
    local twice = { { key = "b", value = "2" }, { key = "b", value = "3" } }
    assert.matches("^DuplicateTagKeysException: ", failure(client:tag_resource { resourceArn = arn, tags = twice }))
    assert.matches("^DuplicateTagKeysException: ", failure(client:create_connection {
      location = "EqDC2", bandwidth = "10Gbps", connectionName = "one", tags = twice,
    }))
    assert.equal(1, #assert(client:describe_connections()).connections)
  end)

  it("are on LAGs and interconnects too", function()
    local lag = assert(client:create_lag {
      location = "EqDC2", connectionsBandwidth = "10Gbps", numberOfConnections = 1, lagName = "l",
    })
    local interconnect = assert(client:create_interconnect {
      location = "EqDC2", bandwidth = "10Gbps", interconnectName = "i",
    })
    for _, path in ipairs { "dxlag/" .. lag.lagId, "dxcon/" .. interconnect.interconnectId } do
      arn = "arn:aws:directconnect:us-east-1:111122223333:" .. path
      assert(client:tag_resource { resourceArn = arn, tags = { { key = "a", value = "b" } } })
      assert.same({ { key = "a", value = "b" } }, tags())
    end
  end)

  it("need something to be on", function()
    local elsewhere, other_kind = arn:gsub("us%-east%-1", "us-east-2"), arn:gsub("dxcon/", "dxlag/")
    for _, unknown in ipairs { arn .. "x", "x", elsewhere, other_kind } do
      for _, result in ipairs {
        failure(client:tag_resource { resourceArn = unknown, tags = { { key = "a" } } }),
        failure(client:untag_resource { resourceArn = unknown, tagKeys = { "a" } }),
        failure(client:describe_tags { resourceArns = { arn, unknown } }),
      } do
        assert.equal("DirectConnectClientException: Resource " .. unknown .. " does not exist", result)
      end
    end
  end)
end)
