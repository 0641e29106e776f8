local dxconnect = require "dxconnect"
local resources = require "dxconnect.resources.kinds"
local state_machines = require "dxconnect.resources.states"

local model = dxconnect.model

-- The structure that an operation describes.
local function described(kind)
  local op = model.operations[kind.operation]
  local output = model.shapes[op.output]
  if kind.member then
    return model.shapes[output.members[kind.member].shape]
  end
  return model.shapes[model.shapes[output.members[op.items].shape].member]
end

describe("kinds of resources", function()
  for name, kind in pairs(resources.kinds) do
    it("go by members that the model has: " .. name, function()
      local shape = described(kind)
      local inner = kind.inside and kind.inside[2]
      if inner then
        shape = model.shapes[model.shapes[shape.members[inner].shape].member]
      end
      for _, member in ipairs { kind.id, kind.state, kind.machine_state } do
        assert.is_table(shape.members[member], member)
      end
      local input = model.shapes[model.operations[kind.operation].input]
      for member in pairs(kind.match or {}) do
        assert.is_table(input.members[member], member)
        assert.is_table(shape.members[member], member)
      end
      for _, member in ipairs(kind.wide or {}) do
        assert.is_table(input.members[member], member)
        assert.is_table(shape.members[member], member)
      end
      if kind.list then
        assert.is_table(model.operations[kind.list].pages)
      end
      if kind.machine then
        assert.is_not_nil(state_machines.machines[kind.machine][kind.gone])
      end
    end)
  end

  it("can be listed with others without params only where the operation needs none", function()
    for name, kind in pairs(resources.kinds) do
      if kind.wide and #kind.wide == 0 and not kind.list then
        assert.is_true((resources.check(kind, {})), name)
      end
    end
  end)

  it("check the params that are no operation's own", function()
    local kind = resources.kinds.mac_sec_key
    assert.is_true((resources.check(kind, { connectionId = "x", ckn = "a" })))
    local _, err = resources.check(kind, { ckn = "", secretArn = "x", [1] = "y" })
    local problems = {}
    for i, problem in ipairs(err.problems) do
      problems[i] = problem.path .. ": " .. problem.message
    end
    assert.same({
      "1: unknown member (a string)",
      "ckn: expected a string, got an empty one",
      "connectionId: missing: required",
      "secretArn: unknown member (a string), did you mean secretARN?",
    }, problems)
    assert.equal("DescribeConnections", err.operation)
  end)
end)
