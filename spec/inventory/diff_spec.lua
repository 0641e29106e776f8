local estates = require "spec.support.estates"

local function lists(changes)
  local all = {
    DescribeConnections = { estates.port "dxcon-1" },
    DescribeVirtualInterfaces = { estates.interface("dxvif-1", "dxcon-1", "gw-1", {
      mtu = 1500, authKey = "first-key-1234", tags = { { key = "a", value = "1" }, { key = "b", value = "2" } },
    }) },
    DescribeDirectConnectGateways = { estates.gateway "gw-1" },
    DescribeDirectConnectGatewayAssociations = { estates.association("gw-1", "vgw-1") },
  }
  for name, value in pairs(changes or {}) do
    all[name] = value
  end
  return all
end

local function diff(changes, older)
  return estates.inventory(lists(changes)):diff(older or estates.inventory(lists()))
end

local function interface(members)
  local all = {
    mtu = 1500, authKey = "first-key-1234", tags = { { key = "a", value = "1" }, { key = "b", value = "2" } },
  }
  for name, value in pairs(members) do
    all[name] = value
  end
  return { DescribeVirtualInterfaces = { estates.interface("dxvif-1", "dxcon-1", "gw-1", all) } }
end

local FAILED = { __type = "AccessDeniedException", message = "no" }

describe("inventory:diff", function()
  it("finds nothing where nothing changed, whatever the order of tags", function()
    assert.same({}, diff())
    assert.equal("no change", tostring(diff()))
    assert.same({}, diff(interface { tags = { { key = "b", value = "2" }, { key = "a", value = "1" } } }))
  end)

  it("finds what was added and removed", function()
    local changes = diff { DescribeConnections = { estates.port "dxcon-1", estates.port "dxcon-2" } }
    assert.equal(1, #changes)
    assert.equal("added", changes[1].change)
    assert.equal("dxcon-2", changes[1].id)
    assert.equal("connection", changes[1].kind)
    assert.equal("name of dxcon-2", changes[1].name)
    changes = diff { DescribeDirectConnectGateways = {}, DescribeVirtualInterfaces = {} }
    local removed = {}
    for _, change in ipairs(changes) do
      assert.equal("removed", change.change)
      removed[change.id] = true
    end
    assert.same({ ["dxvif-1"] = true, ["peer-dxvif-1"] = true, ["gw-1"] = true }, removed)
  end)

  it("tells each path that changed once, with before and after", function()
    local changes = diff(interface { virtualInterfaceState = "down", mtu = 8500, tags = { { key = "a", value = "9" },
      { key = "b", value = "2" } } })
    assert.equal(3, #changes, tostring(changes))
    local by_path = {}
    for _, change in ipairs(changes) do
      assert.equal("changed", change.change)
      by_path[change.path] = { change.before, change.after }
    end
    assert.same({ state = { "available", "down" }, ["data.mtu"] = { 1500, 8500 }, ["tags.a"] = { "1", "9" } }, by_path)
    assert.matches("dxvif%-1.*state: available %-> down", tostring(changes))
  end)

  it("leaves volatile members out", function()
    assert.same({}, diff { DescribeConnections = { estates.port("dxcon-1", { loaIssueTime = 1700000000 }) } })
  end)

  it("takes nothing for gone that could not be read, and nothing for new that could not be read before", function()
    for _, operation in ipairs { "DescribeConnections", "DescribeVirtualInterfaces", "DescribeDirectConnectGateways",
      "DescribeDirectConnectGatewayAssociations" } do
      local complete, cut = estates.inventory(lists()), estates.inventory(lists { [operation] = FAILED })
      assert.same({}, cut:diff(complete), operation)
      assert.same({}, complete:diff(cut), operation)
    end
  end)

  it("tells associations that come, go and change", function()
    local changes = diff { DescribeDirectConnectGatewayAssociations = {
      estates.association("gw-1", "vgw-1", { associationState = "disassociating" }),
      estates.association("gw-1", "vgw-2"),
    } }
    assert.equal(2, #changes, tostring(changes))
    assert.equal("gw-1", changes[1].id)
    assert.equal("associated.vgw-1", changes[1].path)
    assert.equal("disassociating", changes[1].after)
    assert.equal("associated.vgw-2", changes[2].path)
    assert.is_nil(changes[2].before)
  end)

  it("shows no secret, and compares none that is hidden", function()
    local changes = diff(interface { authKey = "second-key-5678" })
    assert.equal(1, #changes)
    assert.equal("data.authKey", changes[1].path)
    for _, change in ipairs(changes) do
      assert.is_nil(tostring(change.before):find("key", 1, true))
      assert.is_nil(tostring(change.after):find("key", 1, true))
    end
    assert.same({}, diff(interface { authKey = "<hidden>" }))
  end)

  it("refuses what is no inventory", function()
    local changes, err = diff(nil, {})
    assert.is_nil(changes)
    assert.equal("params", err.kind)
  end)
end)
