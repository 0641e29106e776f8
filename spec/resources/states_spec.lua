local state_machines = require "dxconnect.resources.states"

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
      { "gateway_association", "disassociating", "associated", true },
      { "gateway_attachment", "detaching", "attached", true },
      { "gateway", "deleting", "available", true },
      { "gateway", "deleting", "pending", false },
      { "resiliency_group", "deleting", "available", true },
      { "mac_sec_key", "disassociating", "associated", false },
      { "bgp_peer", "deleting", "available", false },
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

  it("tell what is leaving or gone, and what is not there yet", function()
    for _, state in ipairs { "deleting", "Deleted", "rejected", "disassociating", "disassociated", "detaching",
      "detached" } do
      assert.is_true(state_machines.is_leaving(state), state)
      assert.is_false(state_machines.is_deployed(state), state)
    end
    for _, state in ipairs { "available", "down", "testing", "unknown" } do
      assert.is_false(state_machines.is_leaving(state), state)
      assert.is_true(state_machines.is_deployed(state), state)
    end
    for _, state in ipairs { "ordering", "requested", "pending" } do
      assert.is_false(state_machines.is_leaving(state), state)
      assert.is_false(state_machines.is_deployed(state), state)
    end
    assert.is_false(state_machines.is_leaving(nil))
  end)
end)
