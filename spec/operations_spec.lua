local names = require "dxconnect.operations"
local model = require("dxconnect").model

describe("names", function()
  it("finds every operation in both spellings", function()
    assert.equal(73, #names.operations)
    for _, op in ipairs(names.operations) do
      assert.equal(op, names.find(op.name))
      assert.equal(op, names.find(op.method))
      assert.equal(model.operations[op.name].method, op.method)
    end
  end)

  it("spells as boto3 does", function()
    for name, method in pairs {
      AssociateMacSecKey = "associate_mac_sec_key", CreateBGPPeer = "create_bgp_peer",
      DeleteBGPPeer = "delete_bgp_peer", StartBgpFailoverTest = "start_bgp_failover_test", DescribeLoa = "describe_loa",
      DescribeConnectionsOnInterconnect = "describe_connections_on_interconnect",
      AssociateConnectionsToResiliencyGroup = "associate_connections_to_resiliency_group",
      ListVirtualInterfaceTestHistory = "list_virtual_interface_test_history",
    } do
      assert.equal(method, names.find(name).method)
    end
  end)

  it("finds nothing else, whatever it is asked", function()
    for _, name in ipairs { "", "Describe", "describe_Lags", "DESCRIBELAGS", " describe_lags", 1, true,
      {}, print, 0 / 0 } do
      assert.is_nil(names.find(name))
    end
    assert.is_nil(names.find(nil))
  end)

  it("suggests the nearest, in the spelling that was tried", function()
    for misspelt, nearest in pairs {
      describe_lag = "describe_lags", DescribeLag = "DescribeLags", asociate_mac_sec_key = "associate_mac_sec_key",
      describeLags = "describe_lags", CreateBgpPeer = "CreateBGPPeer", create_bpg_peer = "create_bgp_peer",
      delete_interconect = "delete_interconnect",
    } do
      assert.equal(nearest, names.nearest(misspelt))
    end
  end)

  it("suggests nothing where nothing is near", function()
    for _, name in ipairs { "", "x", "terminate_instances", ("describe_lags"):rep(1000), "\0\255", 5, {}, false } do
      assert.is_nil(names.nearest(name))
    end
    assert.is_nil(names.nearest(nil))
  end)
end)
