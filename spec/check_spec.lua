local check = require "dxconnect.check"

local function raised(f, ...)
  local ok, message = pcall(f, ...)
  assert.is_false(ok)
  return message
end

describe("checks of arguments", function()
  it("raise with the caller's line", function()
    local function method(params, options)
      check.arguments("describe_lags", params, options)
    end
    local line = debug.getinfo(1, "l").currentline + 1
    local message = raised(function() method(1) end)
    assert.matches("check_spec%.lua:" .. line .. ": describe_lags: params must be a table, got a number$", message)
    assert.matches("options must be a table, got a boolean$", raised(function() method({}, true) end))
    method()
    method({}, {})
  end)

  it("take nil where it may be left out, and only there", function()
    check.is_table_or_nil("options", nil)
    check.is_table_or_nil("options", {})
    check.is_table("clients", {})
    assert.matches("clients must be a table, got a nil", raised(check.is_table, "clients", nil))
    assert.matches("options must be a table, got a string", raised(check.is_table_or_nil, "options", ""))
  end)
end)

describe("the nearest name", function()
  it("is the one with the fewest changes, in either case", function()
    assert.equal("region", check.nearest("Regoin", { "profile", "region" }))
    assert.is_nil(check.nearest("colour", { "profile", "region" }))
    assert.is_nil(check.nearest(5, { "profile" }))
  end)

  it("never means the opposite", function()
    for _, case in ipairs {
      { "connection_up", { "connection_down", "connection_upp" }, "connection_upp" },
      { "connection_up", { "connection_down" } },
      { "removePrefixes", { "addPrefixes" } },
      { "cancel_bgp_failover_test", { "start_bgp_failover_test", "stop_bgp_failover_test" }, "stop_bgp_failover_test" },
      { "reject_proposal_of_a_gateway", { "accept_proposal_of_a_gateway" } },
      { "rejct_proposal_of_a_gateway", { "accept_proposal_of_a_gateway" } },
      { "gateway_attached", { "gateway_detached" } },
      { "AssociateKey", { "DisassociateKey" } },
      { "Associte", { "Disassociate", "Associate" }, "Associate" },
      { "utag_resource", { "tag_resource", "untag_resource" }, "untag_resource" },
      { "atach", { "attach", "detach" }, "attach" },
    } do
      assert.equal(case[3], check.nearest(case[1], case[2]), case[1])
    end
  end)

  it("is told at the end of a message", function()
    assert.equal("there is no option regoin; did you mean region?", check.unknown("option", "regoin", { "region" }))
    assert.equal("there is no option named by a number", check.unknown("option", 5, { "region" }))
    assert.equal("", check.suggestion("colour", { "region" }))
    assert.equal("there is no state " .. ("x"):rep(128) .. "...", check.unknown("state", ("x"):rep(1e6), { "region" }))
  end)
end)
