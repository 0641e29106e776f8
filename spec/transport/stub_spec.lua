local dxconnect = require "dxconnect"
local world = require "spec.support.world"

local function client_over(stub, options)
  options = options or {}
  options.transport, options.region, options.credentials = stub, "us-east-1", world.KEYS
  return assert(dxconnect.client(options))
end

describe("a stub", function()
  it("answers each call with what was added for it", function()
    local stub = dxconnect.stub()
    stub:add("describe_lags", { lagId = "dxlag-1" }, { lags = { { lagId = "dxlag-1", numberOfConnections = 2 } } })
    stub:add("DescribeLags", nil, { lags = {} })
    stub:add("describe_loa", { connectionId = "dxcon-1" },
      { loaContent = "%PDF\0", loaContentType = "application/pdf" })
    stub:add_error("delete_lag", "DirectConnectClientException", "Lag dxlag-1 has connections")
    local client = client_over(stub)
    assert.same({ lags = {} }, assert(client:describe_lags()))
    assert.equal(2, assert(client:describe_lags { lagId = "dxlag-1" }).lags[1].numberOfConnections)
    assert.equal("%PDF\0", assert(client:describe_loa { connectionId = "dxcon-1" }).loaContent)
    local done, problem = stub:done()
    assert.is_nil(done)
    assert.equal("nobody asked the stub for: DeleteLag", problem.message)
    local _, err = client:delete_lag { lagId = "dxlag-1" }
    assert.equal("DirectConnectClientException", err.code)
    assert.equal("Lag dxlag-1 has connections", err.message)
    assert.is_string(err.request_id)
    assert.is_true(stub:done())
  end)

  it("makes a call that nothing was added for an error, which is not tried again", function()
    local stub = dxconnect.stub():add("describe_lags", { lagId = "dxlag-1" }, {})
    local client = client_over(stub)
    local _, err = client:describe_lags { lagId = "dxlag-2" }
    assert.equal("ConfigError", err.code)
    assert.equal('the stub has no answer for DescribeLags {"lagId":"dxlag-2"}; it has one for DescribeLags '
      .. '{"lagId":"dxlag-1"}', err.message)
    _, err = client:describe_loa { connectionId = "dxcon-1" }
    assert.matches("the stub has no answer for DescribeLoa", err.message)
  end)

  it("takes tokens that the client makes for none", function()
    local group = { resiliencyGroupName = "g", intendedResiliencyModel = "high-resiliency" }
    local stub = dxconnect.stub():add("create_resiliency_group", group, {})
    assert(client_over(stub):create_resiliency_group(group))
    assert.is_true(stub:done())
  end)

  it("raises for what does not fit the model, at the line that adds it", function()
    local stub = dxconnect.stub()
    for _, case in ipairs {
      { function() stub:add("describe_lag", nil, {}) end, "did you mean describe_lags" },
      { function() stub:add("describe_lags", { lagID = 5 }, {}) end, "did you mean lagId" },
      { function() stub:add("describe_lags", nil, { lag = {} }) end, "there is no member lag; did you mean lags" },
      { function() stub:add("describe_lags", nil, { lags = { { lagId = 5 } } }) end, "lagId: expected a string" },
      { function() stub:add("describe_lags", nil, { lags = { lagId = "x" } }) end, "expected a list" },
      { function() stub:add("describe_lags", nil, { lags = "x" }) end, "expected a table" },
      { function() stub:add("describe_lags", nil, { lags = { { numberOfConnections = 1.5 } } }) end, "an? integer" },
      { function() stub:add("describe_lags", 5) end, "params must be a table" },
      { function() stub:add_error("describe_lags", 5) end, "code" },
    } do
      local raised, message = pcall(case[1])
      assert.is_false(raised)
      assert.matches("stub_spec.lua:" .. debug.getinfo(case[1], "S").linedefined .. ": ", message)
      assert.matches(case[2], message)
    end
    assert.is_true(stub:done())
  end)
end)
