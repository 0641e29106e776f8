local dxconnect = require "dxconnect"
local operations = require "dxconnect.operations"
local samples = require "spec.support.samples"
local world = require "spec.support.world"

local ok, fault = world.ok, world.fault
local model = dxconnect.model

local function params_of(op, seed)
  return samples.params(samples.random(seed), model, model.operations[op.name])
end

describe("a call asks for confirmation", function()
  local expected = {
    AllocateConnectionOnInterconnect = "bills", AllocateHostedConnection = "bills", ConfirmConnection = "bills",
    CreateConnection = "bills", CreateInterconnect = "bills", CreateLag = "bills",
    AssociateConnectionWithLag = "interrupts", AssociateHostedConnection = "interrupts",
    AssociateVirtualInterface = "interrupts", DisassociateConnectionFromLag = "interrupts",
    StartBgpFailoverTest = "interrupts",
  }
  local by_member = {
    CreateLag = "connectionId", UpdateVirtualInterfaceAttributes = "mtu",
    UpdateDirectConnectGatewayAssociation = "removeAllowedPrefixesToDirectConnectGateway",
  }

  local function asked_for(op, params)
    local asked = {}
    local client, record = world.client({ fault(429), ok("{}") }, {
      confirm = function(name, label, given)
        asked[#asked + 1] = label
        assert.equal(op.name, name)
        assert.equal(params, given)
        return true
      end,
    })
    assert(client:call(op.name, params))
    assert.equal(2, #record.requests)
    assert(client:prepare(op.name, params))
    return asked
  end

  it("once for what bills or interrupts, and for nothing else", function()
    for i, op in ipairs(operations.operations) do
      local params = params_of(op, i)
      local member = by_member[op.name]
      if member then
        params[member] = nil
      end
      assert.same({ expected[op.name] }, asked_for(op, params), op.name)
      if member then
        params[member] = op.name == "CreateLag" and "dxcon-1" or member == "mtu" and 1500
          or { { cidr = "10.0.0.0/8" } }
        assert.same({ "interrupts" }, asked_for(op, params), op.name)
      end
    end
  end)

  it("not for the removal of no prefix at all", function()
    local op = operations.find("UpdateDirectConnectGatewayAssociation")
    assert.same({}, asked_for(op, { associationId = "a", removeAllowedPrefixesToDirectConnectGateway = {} }))
  end)

  it("as the labels of the model say", function()
    for name, op in pairs(dxconnect.model.operations) do
      assert.equal(expected[name] == "bills", op.labels.bills or false, name)
      assert.equal(expected[name] == "interrupts" or by_member[name] ~= nil, op.labels.interrupts or false, name)
      assert.equal(name == "UpdateConnectionsBillingMode", op.labels.spends_quota or false, name)
      local reads = name:find("^Describe") or name:find("^List") or name:find("^Get")
      assert.equal(reads ~= nil, op.labels.reads or false, name)
      assert.equal(reads == nil, op.labels.changes or false, name)
    end
  end)
end)
