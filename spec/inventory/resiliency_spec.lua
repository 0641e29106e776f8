local estates = require "spec.support.estates"

-- An estate of one gateway, whose ports are `{location, device, members…}`.
local function estate_of(ports, more)
  local connections, interfaces, attachments = {}, {}, {}
  for i, members in ipairs(ports) do
    local id = "dxcon-" .. i
    local port = { location = members[1] or estates.NONE, awsDeviceV2 = members[2] or estates.NONE }
    for name, value in pairs(members) do
      if type(name) == "string" then
        port[name] = value
      end
    end
    connections[i] = estates.port(id, port)
    interfaces[i] = estates.interface("dxvif-" .. i, id, "gw-1")
    attachments[i] = {
      directConnectGatewayId = "gw-1", virtualInterfaceId = "dxvif-" .. i, attachmentState = "attached",
    }
  end
  local lists = {
    DescribeConnections = connections, DescribeVirtualInterfaces = interfaces,
    DescribeDirectConnectGateways = { estates.gateway "gw-1" },
    DescribeDirectConnectGatewayAttachments = attachments,
    DescribeDirectConnectGatewayAssociations = { estates.association("gw-1", "vgw-1") },
  }
  for name, value in pairs(more or {}) do
    lists[name] = value
  end
  return estates.inventory(lists)
end

local function level_of(ports, more)
  return estate_of(ports, more):resiliency("gw-1").level
end

describe("inventory:resiliency", function()
  it("knows the levels", function()
    assert.equal("maximum", level_of { { "A", "A-1" }, { "A", "A-2" }, { "B", "B-1" }, { "B", "B-2" } })
    assert.equal("maximum", level_of { { "A", "A-1" }, { "A", "A-2" }, { "B", "B-1" }, { "B", "B-2" }, { "C", "C-1" } })
    assert.equal("high", level_of { { "A", "A-1" }, { "B", "B-1" } })
    assert.equal("high", level_of { { "A", "A-1" }, { "A", "A-2" }, { "B", "B-1" } })
    assert.equal("high", level_of { { "A", "A-1" }, { "B", "B-1" }, { "C", "C-1" } })
    assert.equal("basic", level_of { { "A", "A-1" }, { "A", "A-2" } })
    assert.equal("none", level_of { { "A", "A-1" }, { "A", "A-1" } })
    assert.equal("none", level_of { { "A", "A-1" } })
    assert.equal("none", level_of {})
  end)

  it("is unknown where it turns on what isn't told, and only there", function()
    assert.equal("unknown", level_of { { "A" }, { "A" } })
    assert.equal("unknown", level_of { { "A", "A-1" }, { "A", "A-2" }, { "B", "B-1" }, { "B" } })
    assert.equal("high", level_of { { "A" }, { "B" } })
    assert.equal("unknown", level_of { { "A", "A-1" }, { nil, "B-1" } })
    assert.equal("maximum", level_of { { "A", "A-1" }, { "A", "A-2" }, { "B", "B-1" }, { "B", "B-2" }, { nil } })
    assert.equal("none", level_of { { "A" } })
  end)

  it("counts dedicated ports that are deployed, each once", function()
    for _, state in ipairs { "ordering", "requested", "pending", "rejected", "deleting", "deleted" } do
      assert.equal("none", level_of { { "A", "A-1" }, { "B", "B-1", connectionState = state } }, state)
    end
    assert.equal("high", level_of { { "A", "A-1" }, { "B", "B-1", connectionState = "down" } })
    local hosted = estate_of { { "A", "A-1" }, { "B", "B-1", vlan = 5 } }:resiliency("gw-1")
    assert.equal("none", hosted.level)
    assert.matches("hosted", hosted.why)
    assert.equal("unknown", level_of { { "A", "A-1" }, { "B", "B-1", connectionState = "unknown" } })
  end)

  it("takes a LAG for one port on one device", function()
    local lists = {
      DescribeConnections = {},
      DescribeLags = { { lagId = "dxlag-1", lagState = "available", location = "A", awsDeviceV2 = "A-1",
        connections = {
          estates.port("dxcon-a", { lagId = "dxlag-1" }), estates.port("dxcon-b", { lagId = "dxlag-1" }),
        } } },
      DescribeVirtualInterfaces = { estates.interface("dxvif-1", "dxlag-1", "gw-1") },
    }
    assert.equal("none", level_of({}, lists))
  end)

  it("never calls well, nor less, what it could not read", function()
    local failed = { __type = "AccessDeniedException", message = "no" }
    local ports = { { "A", "A-1" }, { "B", "B-1" } }
    assert.equal("unknown", level_of(ports, { DescribeDirectConnectGatewayAttachments = failed }))
    assert.equal("unknown", level_of(ports, { DescribeConnections = failed }))
    assert.equal("unknown", level_of(ports, { DescribeVirtualInterfaces = failed }))
  end)

  it("does not count an interface that carries nothing, or is on its way off", function()
    local lists = {
      DescribeVirtualInterfaces = {
        estates.interface("dxvif-1", "dxcon-1", "gw-1"),
        estates.interface("dxvif-2", "dxcon-2", "gw-1", { virtualInterfaceState = "deleting" }),
      },
    }
    assert.equal("none", level_of({ { "A", "A-1" }, { "B", "B-1" } }, lists))
  end)

  it("explains itself path by path", function()
    local judged = estate_of { { "A", "A-1" }, { "B" } }:resiliency("gw-1")
    assert.equal(2, #judged.paths)
    assert.same({ "A", "B" }, judged.locations)
    assert.same({ "A-1", "unknown" }, judged.devices)
    assert.matches("dxvif%-2 on dxcon%-2, location B, device unknown: counts", judged.why)
  end)

  it("refuses what has no paths", function()
    local inventory = estate_of { { "A", "A-1" } }
    for _, of in ipairs { "nothing", "dxcon-1" } do
      local judged, err = inventory:resiliency(of)
      assert.is_nil(judged)
      assert.equal("params", err.kind)
    end
  end)

  it("judges the ports of a resiliency group", function()
    local inventory = estate_of({ { "A", "A-1" }, { "B", "B-1" } }, {
      ListResiliencyGroups = { { resiliencyGroupId = "dxrg-00000000000000001", state = "available" } },
      ListResiliencyGroupAssociations = {
        { resiliencyGroupId = "dxrg-00000000000000001", state = "associated",
          connectionArn = "arn:aws:directconnect:r:1:dxcon/dxcon-1" },
        { resiliencyGroupId = "dxrg-00000000000000001", state = "disassociated",
          connectionArn = "arn:aws:directconnect:r:1:dxcon/dxcon-2" },
      },
    })
    assert.equal("none", inventory:resiliency("dxrg-00000000000000001").level)
  end)
end)
