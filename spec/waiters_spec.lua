local dxconnect = require "dxconnect"
local state_machines = require "dxconnect.state_machines"

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

describe("state machines", function()
  it("lead from every state to its own, and from no end anywhere else", function()
    for name, machine in pairs(state_machines.machines) do
      for from, following in pairs(machine) do
        assert.is_true(state_machines.leads(name, from, from))
        if following and #following == 0 then
          for to in pairs(machine) do
            assert.equal(from == to, state_machines.leads(name, from, to), name .. " " .. from .. " " .. to)
          end
        end
      end
    end
  end)

  it("lead over several states, and not back", function()
    for _, case in ipairs {
      { "connection", "ordering", "available", true },
      { "connection", "requested", "rejected", false },
      { "connection", "rejected", "available", false },
      { "connection", "available", "pending", false },
      { "lag", "down", "available", true },
      { "virtual_interface", "confirming", "testing", true },
      { "virtual_interface", "deleting", "available", false },
      { "gateway_association", "updating", "associated", true },
      { "gateway_association", "disassociating", "associated", false },
      { "gateway_proposal", "accepted", "requested", false },
      { "mac_sec_key", "associating", "disassociated", true },
    } do
      assert.equal(case[4], state_machines.leads(case[1], case[2], case[3]), table.concat(case, " ", 1, 3))
    end
  end)

  it("know no way out of what the service knows no state for, and of states newer than they are", function()
    assert.is_true(state_machines.leads("connection", "unknown", "ordering"))
    assert.is_true(state_machines.leads("gateway", "migrating", "available"))
    assert.is_true(state_machines.leads("lag", "available", "unknown"))
    assert.is_false(state_machines.leads("lag", "deleted", "unknown"))
  end)
end)
