local dxconnect = require "dxconnect"
local estates = require "spec.support.estates"

local NOW = 1800000000
local DAY = 86400

local function assess(lists, options)
  local client = estates.client(lists, { system = { clock = function()
    return NOW
  end } })
  return dxconnect.inventory { clients = { main = client } }:assess(options)
end

-- The ids that a rule points at.
local function found(lists, rule, options)
  local ids = {}
  for _, finding in ipairs(assert(assess(lists, options))) do
    if finding.rule == rule then
      ids[#ids + 1] = finding.id
      assert.is_string(finding.message)
      assert.is_string(finding.hint)
      assert.is_true(finding.severity == "critical" or finding.severity == "warning" or finding.severity == "note")
    end
  end
  table.sort(ids)
  return ids
end

local function ports(members, more)
  return { DescribeConnections = { estates.port("dxcon-1", members), more } }
end

describe("inventory:assess", function()
  it("finds nothing in an estate that is in order", function()
    local function pair(n, location, device)
      return estates.port("dxcon-" .. n, { location = location, awsDeviceV2 = device }),
        estates.interface("dxvif-" .. n, "dxcon-" .. n, "gw-1")
    end
    local a, on_a = pair(1, "A", "A-1")
    local b, on_b = pair(2, "B", "B-1")
    local findings = assess {
      DescribeConnections = { a, b }, DescribeVirtualInterfaces = { on_a, on_b },
      DescribeDirectConnectGateways = { estates.gateway "gw-1" },
      DescribeDirectConnectGatewayAssociations = { estates.association("gw-1", "vgw-1") },
    }
    assert.equal(0, #findings, tostring(findings[1] and findings[1].message))
  end)

  it("refuses a target that does not exist, and options", function()
    for _, options in ipairs {
      { target = "best" }, { targets = { ["gw-1"] = "best" } }, { targets = { nowhere = "high" } }, { aim = "high" }, 5,
    } do
      local findings, err = assess({ DescribeDirectConnectGateways = { estates.gateway "gw-1" } }, options)
      assert.is_nil(findings)
      assert.equal("params", err.kind)
    end
  end)

  it("puts the worst first", function()
    local findings = assess(ports({ connectionState = "down", tags = estates.NONE }))
    assert.equal("critical", findings[1].severity)
    assert.equal("note", findings[#findings].severity)
    local text = tostring(findings)
    assert.matches("critical  down           dxcon%-1 %(name of dxcon%-1%) is down", text)
    for line in text:gmatch("[^\n]+") do
      assert.is_true(#line <= 80, line)
    end
  end)

  it("resiliency: below the target, by gateway", function()
    local lists = ports()
    lists.DescribeDirectConnectGateways = { estates.gateway "gw-1" }
    lists.DescribeVirtualInterfaces = { estates.interface("dxvif-1", "dxcon-1", "gw-1") }
    assert.same({ "gw-1" }, found(lists, "resiliency"))
    table.insert(lists.DescribeConnections, estates.port("dxcon-2", { awsDeviceV2 = "EqDC2-2" }))
    table.insert(lists.DescribeVirtualInterfaces, estates.interface("dxvif-2", "dxcon-2", "gw-1"))
    assert.same({}, found(lists, "resiliency", { target = "basic" }))
    assert.same({ "gw-1" }, found(lists, "resiliency", { target = "maximum" }))
    assert.same({}, found(lists, "resiliency", { target = "maximum", targets = { ["gw-1"] = "basic" } }))
  end)

  it("down: ports and sessions, not those that are on their way", function()
    assert.same({ "dxcon-1" }, found(ports { connectionState = "down" }, "down"))
    assert.same({}, found(ports { connectionState = "requested" }, "down"))
    local function with_session(status, peer_state, interface_state)
      local lists = ports()
      lists.DescribeVirtualInterfaces = { estates.interface("dxvif-1", "dxcon-1", nil, {
        virtualInterfaceState = interface_state or "available",
        bgpPeers = { { bgpPeerId = "peer-1", bgpPeerState = peer_state, bgpStatus = status } },
      }) }
      return lists
    end
    assert.same({ "peer-1" }, found(with_session("down", "available"), "down"))
    assert.same({}, found(with_session("up", "available"), "down"))
    assert.same({}, found(with_session("unknown", "available"), "down"))
    assert.same({}, found(with_session("down", "deleted"), "down"))
    assert.same({}, found(with_session("down", "available", "confirming"), "down"))
  end)

  it("keys: as the audit of MACsec sees it", function()
    local capable = { macSecCapable = true, encryptionMode = "must_encrypt", portEncryptionStatus = "Encryption Up" }
    local function with_keys(...)
      local members = { macSecKeys = select("#", ...) > 0 and { ... } or estates.NONE }
      for name, value in pairs(capable) do
        members[name] = value
      end
      return ports(members)
    end
    local key = { ckn = ("ab"):rep(32), state = "associated", startOn = "2026-01-01T00:00:00Z" }
    local other = { ckn = ("cd"):rep(32), state = "associated", startOn = "2026-01-01T00:00:00Z" }
    assert.same({ "dxcon-1" }, found(with_keys(), "keys"))
    assert.same({ "dxcon-1" }, found(with_keys(key), "keys"))
    assert.same({}, found(with_keys(key, other), "keys"))
    local stuck = { ckn = ("ef"):rep(32), state = "associating", startOn = "2026-01-01T00:00:00Z" }
    assert.same({ "dxcon-1" }, found(with_keys(key, other, stuck), "keys"))
    assert.same({}, found(ports(), "keys"))
  end)

  it("quota: from 80 %, of those that are more than 1", function()
    local function with_interfaces(n)
      local lists = ports()
      lists.DescribeVirtualInterfaces = {}
      for i = 1, n do
        lists.DescribeVirtualInterfaces[i] = estates.interface("dxvif-" .. i, "dxcon-1", nil, { vlan = i })
      end
      return lists
    end
    assert.same({}, found(with_interfaces(39), "quota"))
    assert.same({ "dxcon-1" }, found(with_interfaces(40), "quota"))
    local hosted = ports { vlan = 12 }
    hosted.DescribeVirtualInterfaces = { estates.interface("dxvif-1", "dxcon-1") }
    assert.same({}, found(hosted, "quota"))
    assert.same({ "dxlag-1" }, found({ DescribeLags = {
      { lagId = "dxlag-1", numberOfConnections = 2, connectionsBandwidth = "100Gbps" },
      { lagId = "dxlag-2", numberOfConnections = 3, connectionsBandwidth = "10Gbps" },
    } }, "quota"))
  end)

  it("prefix_pool: from 90 %", function()
    assert.same({ "dxcon-1" }, found(ports { prefixPoolSizeIpv4 = 1000, prefixPoolUnallocatedCountIpv4 = 100 },
      "prefix_pool"))
    assert.same({}, found(ports { prefixPoolSizeIpv4 = 1000, prefixPoolUnallocatedCountIpv4 = 101 }, "prefix_pool"))
    assert.same({}, found(ports { prefixPoolSizeIpv4 = 0, prefixPoolUnallocatedCountIpv4 = 0 }, "prefix_pool"))
  end)

  it("unattached: interfaces and gateways, unless that could not be read", function()
    local lists = ports()
    lists.DescribeVirtualInterfaces = {
      estates.interface("dxvif-1", "dxcon-1"),
      estates.interface("dxvif-2", "dxcon-1", nil, { virtualInterfaceType = "public" }),
      estates.interface("dxvif-3", "dxcon-1", nil, { virtualInterfaceState = "confirming" }),
    }
    lists.DescribeDirectConnectGateways = { estates.gateway "gw-1" }
    assert.same({ "dxvif-1", "gw-1" }, found(lists, "unattached"))
    lists.DescribeDirectConnectGatewayAssociations = { __type = "AccessDeniedException" }
    lists.DescribeDirectConnectGatewayAttachments = { __type = "AccessDeniedException" }
    assert.same({ "dxvif-1" }, found(lists, "unattached"))
  end)

  it("minimum_links: no more links up than the minimum", function()
    local function lag(minimum, up)
      local members = {}
      for i = 1, 3 do
        members[i] = estates.port("dxcon-m" .. i, {
          lagId = "dxlag-1", connectionState = i <= up and "available" or "down",
        })
      end
      return { DescribeLags = { { lagId = "dxlag-1", lagState = "available", minimumLinks = minimum,
        numberOfConnections = 3, connections = members } } }
    end
    assert.same({ "dxlag-1" }, found(lag(2, 2), "minimum_links"))
    assert.same({ "dxlag-1" }, found(lag(2, 1), "minimum_links"))
    assert.same({}, found(lag(2, 3), "minimum_links"))
    assert.same({}, found(lag(0, 0), "minimum_links"))
  end)

  it("deadline: an LOA within 15 days of its end, of a port that is not up", function()
    local function loa(days, state)
      return ports { connectionState = state or "pending", loaIssueTime = NOW - days * DAY }
    end
    assert.same({ "dxcon-1" }, found(loa(75), "deadline"))
    assert.same({ "dxcon-1" }, found(loa(95), "deadline"))
    assert.same({}, found(loa(74), "deadline"))
    assert.same({}, found(loa(80, "available"), "deadline"))
  end)

  it("flat_rate: ports without a pair", function()
    local function group(device)
      return {
        DescribeConnections = {
          estates.port("dxcon-1", { billingMode = "FlatRateTier1" }),
          estates.port("dxcon-2", { billingMode = "FlatRateTier1", awsDeviceV2 = device }),
        },
        ListResiliencyGroups = { { resiliencyGroupId = "dxrg-00000000000000001", state = "available" } },
        ListResiliencyGroupAssociations = {
          { resiliencyGroupId = "dxrg-00000000000000001", connectionArn = "a/dxcon-1" },
          { resiliencyGroupId = "dxrg-00000000000000001", connectionArn = "a/dxcon-2" },
        },
      }
    end
    assert.same({ "dxcon-1", "dxcon-2" }, found(group("EqDC2-1"), "flat_rate"))
    assert.same({}, found(group("EqDC2-2"), "flat_rate"))
    assert.same({}, found(ports { billingMode = "PortPairFlatRateTier1" }, "flat_rate"))
    assert.same({}, found(ports { billingMode = "PayAsYouGo" }, "flat_rate"))
  end)

  it("untagged: ports without any tag", function()
    assert.same({ "dxcon-1" }, found(ports { tags = estates.NONE }, "untagged"))
    assert.same({}, found(ports(), "untagged"))
  end)

  it("incomplete: what could not be read", function()
    assert.same({ "main/us-east-1" }, found({ DescribeConnections = { __type = "AccessDeniedException" } },
      "incomplete"))
    assert.same({}, found(ports(), "incomplete"))
  end)

  it("has its rules as data", function()
    local names = {}
    for _, rule in ipairs(dxconnect.inventory.rules) do
      names[rule.name] = true
      assert.is_string(rule.words)
      assert.is_string(rule.severity)
      assert.is_function(rule.find)
    end
    for _, name in ipairs { "resiliency", "down", "keys", "quota", "prefix_pool", "unattached", "minimum_links",
      "deadline", "flat_rate", "untagged", "incomplete" } do
      assert.is_true(names[name], name)
    end
  end)
end)
