local dxconnect = require "dxconnect"
local operations = require "dxconnect.operations"
local resources = require "dxconnect.resources.kinds"
local states = require "dxconnect.resources.states"

local model = dxconnect.model

local function item_of(list_shape)
  return model.shapes[model.shapes[list_shape].member]
end

-- The structure of a kind's resources.
local function shape_of(kind)
  local owner = kind.inside and resources.kinds[kind.inside[1] == "port" and "connection" or kind.inside[1]]
  if owner then
    local shape = shape_of(owner)
    return kind.inside[2] and item_of(shape.members[kind.inside[2]].shape) or shape
  end
  local output = model.shapes[model.operations[kind.operation].output]
  if kind.single then
    return model.shapes[output.members[kind.single].shape]
  end
  return item_of(output.members[kind.items].shape)
end

describe("kinds of resources", function()
  for name, kind in pairs(resources.kinds) do
    if kind.operation then
      it("go by members that the model has: " .. name, function()
        local shape = shape_of(kind)
        for _, member in ipairs { "id", "name", "state", "account", "region", "machine_state" } do
          assert.is_true(kind[member] == nil or shape.members[kind[member]] ~= nil, member)
        end
        for _, link in ipairs(kind.links or {}) do
          local within = shape
          for _, member in ipairs(type(link[2]) == "table" and link[2] or { link[2] }) do
            assert.is_table(within.members[member], member)
            within = model.shapes[within.members[member].shape]
          end
        end
        local input_shape = model.operations[kind.operation].input
        for _, members in ipairs { kind.matches or {}, kind.listed_by or {} } do
          for key, member in pairs(members) do
            member = member == true and key or member
            assert.is_table(model.shapes[input_shape].members[member], member)
            assert.is_table(shape.members[member], member)
          end
        end
        assert.equal("read", model.operations[kind.operation].retry)
        if kind.items then
          assert.equal(kind.items, operations.find(kind.operation).items)
        end
        if kind.list then
          assert.equal(kind.list[2], operations.find(kind.list[1]).items)
        end
      end)
    end

    it("have the states of a machine, or a status and what is waited for: " .. name, function()
      assert.is_string(kind.noun)
      if kind.machine then
        assert.is_table(states.machines[kind.machine])
        assert.is_string(states.ends[kind.machine])
        assert.is_nil(kind.target)
        assert.is_true(kind.delay > 0 and kind.timeout > kind.delay)
      end
    end)
  end

  it("have an operation each that lists them without params, or what it is that lists them", function()
    for name, kind in pairs(resources.kinds) do
      if kind.listed_by and #kind.listed_by == 0 and not kind.list then
        local input = model.shapes[model.operations[kind.operation].input]
        assert.same({}, input.required or {}, name)
      end
    end
  end)
end)
