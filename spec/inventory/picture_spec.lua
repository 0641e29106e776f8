local estates = require "spec.support.estates"

local function big(n, last_state)
  local lists = { DescribeConnections = {}, DescribeVirtualInterfaces = {},
    DescribeDirectConnectGateways = { estates.gateway "gw-1" } }
  for i = 1, n do
    lists.DescribeConnections[i] = estates.port(("dxcon-%04d"):format(i), {
      connectionState = i == n and (last_state or "down") or "available",
    })
    lists.DescribeVirtualInterfaces[i] = estates.interface(("dxvif-%04d"):format(i), ("dxcon-%04d"):format(i), "gw-1")
  end
  return estates.inventory(lists)
end

local function count(text, pattern)
  return select(2, text:gsub(pattern, ""))
end

describe("inventory:svg", function()
  it("is one XML element with a title and a description, without script or outside reference", function()
    local svg = big(3):svg { title = "A & B" }
    assert.matches("^<svg ", svg)
    assert.matches("</svg>\n$", svg)
    assert.matches('<title id="dxconnect%-title">A &amp; B</title>', svg)
    assert.matches("<desc ", svg)
    assert.is_nil(svg:find("<script", 1, true))
    assert.is_nil(svg:gsub('xmlns="http://www.w3.org/2000/svg"', ""):find("http", 1, true))
    assert.equal(count(svg, "<g"), count(svg, "</g>"))
  end)

  it("tells states by sign and text, and links by the state of what they join", function()
    local svg = big(2):svg()
    assert.matches("✓ available", svg)
    assert.matches("✕ down", svg)
    assert.matches('class="link bad"', svg)
    assert.matches("1 needs attention", svg)
  end)

  it("says what could not be read, and never that nothing is down", function()
    local svg = estates.inventory({ DescribeConnections = { __type = "AccessDeniedException", message = "no" } }):svg()
    assert.matches("not read: main, us%-east%-1: DescribeConnections", svg)
    assert.is_nil(svg:find("; nothing is down", 1, true))
    assert.matches("that could be read", svg)
  end)

  it("has one line for all that could not be read in a place", function()
    local denied = { __type = "AccessDeniedException", message = "no" }
    local svg = estates.inventory(setmetatable({}, { __index = function()
      return denied
    end })):svg()
    assert.equal(1, count(svg, "not read: main, us%-east%-1: DescribeConnections,"))
    assert.matches("and 3 more", svg)
  end)

  it("is grey and says so where it is old", function()
    local svg = big(1):svg { stale = "as of 12:00, three minutes ago" }
    assert.matches('class="dxconnect stale"', svg)
    assert.matches("as of 12:00, three minutes ago", svg)
  end)

  it("never says that nothing is down where it is old", function()
    assert.matches("; nothing is down", big(1, "available"):svg())
    local svg = big(1, "available"):svg { stale = "as of 12:00" }
    assert.is_nil(svg:find("nothing is down", 1, true))
    assert.matches("the state now is unknown", svg)
  end)

  it("has its columns one below the other for a narrow screen, and links as words", function()
    local svg = big(2):svg { stacked = true }
    assert.matches('viewBox="0 0 324 ', svg)
    assert.is_nil(svg:find('class="link', 1, true))
    assert.matches("✓ on name of dxcon%-0001", svg)
    assert.matches("✓ to name of gw%-1", svg)
    assert.is_nil(svg:find('id="dxconnect-title"', 1, true))
  end)

  it("links boxes to the addresses of what they show, where told", function()
    assert.matches('<a href="#dxcon%-0001">', big(1):svg { addresses = true })
    assert.is_nil(big(1):svg():find("<a ", 1, true))
  end)

  it("escapes names, whatever is in them", function()
    local svg = estates.inventory({ DescribeConnections = { estates.port("dxcon-1", {
      connectionName = '<script>alert("1")</script>\1\255', bandwidth = "<b>",
    }) } }):svg()
    assert.is_nil(svg:find("<script", 1, true))
    assert.is_nil(svg:find("\1", 1, true))
    assert.is_nil(svg:find("\255", 1, true))
  end)

  it("shows each of 100 ports and interfaces, and folds more: what needs attention stays", function()
    assert.equal(201 - 2, count(big(99):svg(), '<g class="box '))
    local svg = big(400):svg()
    assert.is_true(count(svg, '<g class="box ') < 20)
    assert.matches("399 more", svg)
    assert.matches("name of dxcon%-0400", svg)
    assert.is_true(#svg < 60000)
  end)
end)

describe("inventory:dot", function()
  it("is a graph with every resource and link", function()
    local inventory = big(2)
    local dot = inventory:dot()
    assert.matches("^digraph dxconnect {", dot)
    assert.equal(#inventory.links, count(dot, "%->"))
    assert.equal(#inventory.resources, count(dot, "shape="))
  end)

  it("escapes names", function()
    local port = estates.port("dxcon-1", { connectionName = 'a"b\\c\n' })
    local dot = estates.inventory({ DescribeConnections = { port } }):dot()
    assert.is_truthy(dot:find('a\\"b\\\\c ', 1, true))
  end)
end)
