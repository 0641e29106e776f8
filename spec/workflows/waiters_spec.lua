local dxconnect = require "dxconnect"

local model = dxconnect.model

-- The states that the model lists, by resource.
local shapes = {
  connection = "ConnectionState",
  interconnect = "InterconnectState",
  lag = "LagState",
  virtual_interface = "VirtualInterfaceState",
  bgp_peer = "BGPPeerState",
  gateway = "DirectConnectGatewayState",
  gateway_association = "DirectConnectGatewayAssociationState",
  gateway_attachment = "DirectConnectGatewayAttachmentState",
  gateway_proposal = "DirectConnectGatewayAssociationProposalState",
  resiliency_group = "ResiliencyGroupState",
}

describe("dxconnect.waiters", function()
  it("has every state of every resource that the model lists, those of keys, and two that come up", function()
    local expected = { bgp_status_up = true, port_encryption_up = true }
    for resource, shape in pairs(shapes) do
      for _, state in ipairs(model.shapes[shape].enum) do
        expected[resource .. "_" .. state] = true
      end
    end
    for _, state in ipairs { "associating", "associated", "disassociating", "disassociated" } do
      expected["mac_sec_key_" .. state] = true
    end
    local found = {}
    for name in pairs(dxconnect.waiters) do
      found[name] = true
    end
    assert.same(expected, found)
  end)

  it("tells the operation, the delay and the time-out of each, and nothing else", function()
    for name, waiter in pairs(dxconnect.waiters) do
      local op = model.operations[waiter.operation]
      assert.equal("read", op and op.retry, name)
      assert.is_true(waiter.delay > 0 and waiter.timeout >= 10 * waiter.delay, name)
      local members = 0
      for _ in pairs(waiter) do
        members = members + 1
      end
      assert.equal(3, members)
    end
  end)

  it("gives associations more than the three quarters of an hour that they can take", function()
    assert.is_true(dxconnect.waiters.gateway_association_associated.timeout > 45 * 60)
  end)
end)
