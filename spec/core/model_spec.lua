--- The model as Lua sees it, and the generator that made it.

local dxconnect = require "dxconnect"
local official = require "spec.support.official"
local shell = require "spec.support.shell"

local model = dxconnect.model

local function labels_of(name)
  return table.concat(model.operations[name].labels, " ")
end

describe("dxconnect.model", function()
  it("has all operations and shapes, that each other name", function()
    assert.equal(73, #official.sorted(model.operations))
    for name, op in pairs(model.operations) do
      assert.equal(name, op.name)
      assert.is_function(dxconnect[op.method])
      for _, shape in ipairs { op.input, op.output } do
        assert.equal("structure", model.shapes[shape].type)
      end
      for _, err in ipairs(op.errors) do
        assert.is_true(model.shapes[err].exception)
      end
      if op.use_instead then
        assert.is_true(op.deprecated)
        assert.is_table(model.operations[op.use_instead])
      end
    end
    for name, shape in pairs(model.shapes) do
      assert.equal(name, shape.name)
      if shape.type == "list" then
        assert.is_table(model.shapes[shape.member])
      elseif shape.type == "structure" then
        local count = 0
        for member, entry in pairs(shape.members) do
          count = count + 1
          assert.is_table(model.shapes[entry.shape], name .. "." .. member)
          assert.is_true(entry.use_instead == nil or shape.members[entry.use_instead] ~= nil)
        end
        assert.equal(count, #shape.order)
        for _, member in ipairs(shape.required) do
          assert.is_true(shape.members[member].required)
        end
      end
    end
  end)

  it("tells types, required members, limits, values and patterns", function()
    assert.same({ "connectionId" }, model.shapes.AssociateMacSecKeyRequest.required)
    assert.same({ "connectionId", "secretARN", "ckn", "cak" }, model.shapes.AssociateMacSecKeyRequest.order)
    local members = model.shapes.AssociateMacSecKeyRequest.members
    assert.equal(64, members.ckn.hex_digits)
    assert.is_true(members.cak.secret)
    assert.is_nil(members.ckn.secret)
    assert.same({ { kind = "one", groups = { { "secretARN" }, { "ckn", "cak" } } } },
      model.shapes.AssociateMacSecKeyRequest.rules)
    assert.equal("integer", model.shapes.VLAN.type)
    assert.equal("long", model.shapes.LongAsn.type)
    assert.equal("timestamp", model.shapes.LoaIssueTime.type)
    assert.equal("blob", model.shapes.LoaContent.type)
    assert.equal(1, model.shapes.NewPrivateVirtualInterface.members.vlan.min)
    assert.equal(4094, model.shapes.NewPrivateVirtualInterface.members.vlan.max)
    assert.same({ { min = 1500, max = 1500 }, { min = 8500, max = 8500 } },
      model.shapes.NewPrivateVirtualInterface.members.mtu.ranges)
    assert.is_nil(model.shapes.VirtualInterface.members.mtu.ranges) -- others may be read back
    assert.equal(128, model.shapes.TagKey.max)
    assert.is_string(model.shapes.TagKey.pattern)
    assert.same({ "ipv4", "ipv6" }, model.shapes.AddressFamily.enum)
  end)

  it("knows what is secret, wherever it stands", function()
    local found = {}
    for _, shape in pairs(model.shapes) do
      for name, member in pairs(shape.members or {}) do
        if member.secret then
          found[name] = true
        end
      end
    end
    assert.same({ "authKey", "cak", "customerRouterConfig" }, official.sorted(found))
  end)

  it("knows what is out of use, and what to use instead", function()
    for name, instead in pairs {
      AllocateConnectionOnInterconnect = "AllocateHostedConnection", DescribeConnectionLoa = "DescribeLoa",
      DescribeInterconnectLoa = "DescribeLoa", DescribeConnectionsOnInterconnect = "DescribeHostedConnections",
    } do
      assert.is_true(model.operations[name].deprecated)
      assert.equal(instead, model.operations[name].use_instead)
    end
    assert.is_false(model.operations.DescribeLoa.deprecated)
    for _, name in ipairs { "Connection", "Interconnect", "Lag" } do
      assert.is_true(model.shapes[name].members.awsDevice.deprecated)
      assert.equal("awsDeviceV2", model.shapes[name].members.awsDevice.use_instead)
    end
    local members = model.shapes.CreateDirectConnectGatewayAssociationRequest.members
    assert.is_true(members.virtualGatewayId.deprecated)
    assert.equal("gatewayId", members.virtualGatewayId.use_instead)
    assert.is_nil(model.shapes.NewPrivateVirtualInterface.members.virtualGatewayId.deprecated)
  end)

  it("knows the lists, and which of them page", function()
    local paged = {}
    for name, op in pairs(model.operations) do
      if op.pages then
        paged[name] = op.pages.items
        assert.equal(op.items, op.pages.items)
        assert.is_table(model.shapes[op.input].members[op.pages.input])
        assert.is_table(model.shapes[op.input].members[op.pages.limit])
        assert.is_table(model.shapes[op.output].members[op.pages.output])
      end
    end
    assert.same({
      DescribeConnections = "connections",
      DescribeDirectConnectGatewayAssociationProposals = "directConnectGatewayAssociationProposals",
      DescribeDirectConnectGatewayAssociations = "directConnectGatewayAssociations",
      DescribeDirectConnectGatewayAttachments = "directConnectGatewayAttachments",
      DescribeDirectConnectGateways = "directConnectGateways",
      DescribeHostedConnections = "connections",
      DescribeInterconnects = "interconnects",
      DescribeLags = "lags",
      DescribeVirtualInterfaces = "virtualInterfaces",
      ListResiliencyGroupAssociations = "items",
      ListResiliencyGroups = "items",
      ListVirtualInterfaceRoutes = "routes",
      ListVirtualInterfaceTestHistory = "virtualInterfaceTestHistory",
    }, paged)
    assert.equal("locations", model.operations.DescribeLocations.items)
  end)

  it("knows what may be sent twice", function()
    local repeatable = { "^Delete", "^Disassociate", "^Confirm", "^Accept", "^Tag", "^Untag", "^Update", "^Stop" }
    local token = {
      AssociateConnectionsToResiliencyGroup = true, CreateResiliencyGroup = true, UpdateResiliencyGroup = true,
      DisassociateConnectionsFromResiliencyGroup = true,
    }
    for name, op in pairs(model.operations) do
      local expected = "once"
      if name:find("^Describe") or name:find("^List") or name:find("^Get") then
        expected = "read"
      elseif token[name] then
        expected = "token"
        assert.equal("clientToken", op.token)
      elseif name ~= "UpdateConnectionsBillingMode" then
        for _, pattern in ipairs(repeatable) do
          expected = name:find(pattern) and "repeatable" or expected
        end
      end
      assert.equal(expected, op.retry, name)
      assert.equal(expected == "read" and "reads" or "changes", op.labels[1])
      assert.is_true(op.labels[op.labels[1]])
    end
  end)

  it("knows what bills, interrupts and spends a quota", function()
    local expected = {
      AllocateConnectionOnInterconnect = "changes bills",
      AllocateHostedConnection = "changes bills",
      AssociateConnectionWithLag = "changes interrupts",
      AssociateHostedConnection = "changes interrupts",
      AssociateVirtualInterface = "changes interrupts",
      ConfirmConnection = "changes bills",
      CreateConnection = "changes bills",
      CreateInterconnect = "changes bills",
      CreateLag = "changes interrupts bills",
      DisassociateConnectionFromLag = "changes interrupts",
      StartBgpFailoverTest = "changes interrupts",
      UpdateConnectionsBillingMode = "changes spends_quota",
      UpdateDirectConnectGatewayAssociation = "changes interrupts",
      UpdateVirtualInterfaceAttributes = "changes interrupts",
    }
    for name, op in pairs(model.operations) do
      assert.equal(expected[name] or op.labels[1], labels_of(name), name)
    end
    assert.equal("connectionId", model.operations.CreateLag.interrupts_with)
    assert.equal("mtu", model.operations.UpdateVirtualInterfaceAttributes.interrupts_with)
    assert.equal("removeAllowedPrefixesToDirectConnectGateway",
      model.operations.UpdateDirectConnectGatewayAssociation.interrupts_with)
  end)
end)

-- ---- the generator

-- What the generator makes of a model, and what it says.
local function generate(text, facts)
  local paths = { os.tmpname(), os.tmpname(), os.tmpname(), os.tmpname() }
  shell.write(paths[1], text)
  if facts then
    shell.write(paths[4], facts)
  end
  local command = "env -u LD_PRELOAD lua5.4 csrc/model/generate.lua %s %s >%s 2>%s"
  os.execute(command:format(paths[1], facts and paths[4] or "", paths[2], paths[3]))
  local made, said = shell.read(paths[2]), shell.read(paths[3])
  for _, path in ipairs(paths) do
    os.remove(path)
  end
  return made, said
end

describe("the generator", function()
  it("makes the committed tables of the model that they came from, without its sentences", function()
    local made, said = generate(official.text())
    assert.equal("", said)
    assert.is_true(made == shell.read("csrc/model/model.c"))
    assert.is_nil(made:find("and so on", 1, true))
  end)

  it("takes a new member, of any type, with few lines of difference", function()
    local lag = official.shape(model.shapes.Lag):gsub('"members":{', '"members":{"brandNew":{"shape":"BrandNew"},')
    local made, said = generate(official.text(nil, {
      Lag = lag,
      more = '"BrandNew":{"type":"map","key":{"shape":"LagName"},"value":{"shape":"Share"}},"Share":{"type":"double"}',
    }))
    assert.equal("", said)
    assert.truthy(made:find('{ "brandNew", 8, N_brandNew, 0, &dx_shapes[S_BrandNew], NULL },', 1, true))
    local before, more = {}, 0
    for line in shell.read("csrc/model/model.c"):gmatch("[^\n]+") do
      before[line] = true
    end
    for line in made:gmatch("[^\n]+") do
      more = more + (before[line] and 0 or 1)
    end
    assert.is_true(more < 12, more)
  end)

  it("takes the model's word for a client token of another name", function()
    local group = official.shape(model.shapes.CreateResiliencyGroupRequest):gsub("clientToken", "onceToken"):gsub(
      '"onceToken":{', '%0"idempotencyToken":true,')
    local made, said = generate(official.text(nil, { CreateResiliencyGroupRequest = group }))
    assert.equal("", said)
    assert.truthy(made:find('{ "onceToken", 9, N_onceToken, DX_TOKEN, ', 1, true))
    assert.truthy(made:find('DX_RETRY_TOKEN, 0, NULL, "onceToken"', 1, true))
  end)

  it("fails for an operation that the facts have no entry for, and names it", function()
    local new = '"DescribeNewThings":{"name":"DescribeNewThings","output":{"shape":"Lags"}}'
    local made, said = generate(official.text(new))
    assert.equal("", made)
    assert.matches("no entry for the operation DescribeNewThings", said)
    local facts = shell.read("csrc/model/facts.lua"):gsub("DescribeLags = ",
      'DescribeNewThings = { "read" },\n    %0', 1)
    made, said = generate(official.text(new), facts)
    assert.equal("", said)
    assert.truthy(made:find('"DescribeNewThings", "describe_new_things"', 1, true))
  end)

  it("fails for facts about what the model does not have", function()
    for from, to in pairs {
      ["DescribeLags = "] = 'DescribeNothing = { "read" },\n    %0',
      ['"authKey", '] = '"noSuchMember", ',
      ["testDurationInMinutes = {"] = "testDurationInHours = {",
      ['%["Lag%.awsDevice"%]'] = '["Lag.awsDevices"]',
      ['CreateResiliencyGroup = { "token" }'] = 'CreateResiliencyGroup = { "once" }',
    } do
      local facts, count = shell.read("csrc/model/facts.lua"):gsub(from, to)
      assert.is_true(count > 0, from)
      local made, said = generate(official.text(), facts)
      assert.equal("", made)
      assert.matches("^generate.lua: [^\n]+\n$", said)
    end
  end)

  it("fails in a line for what is no model", function()
    for _, text in ipairs { "", "{", "[]", "{}", '{"operations":{},"shapes":[5]}' } do
      local made, said = generate(text)
      assert.equal("", made)
      assert.matches("^generate.lua: [^\n]+\n$", said)
    end
  end)
end)
