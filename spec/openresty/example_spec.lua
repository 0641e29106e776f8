--- examples/openresty: what it draws and lists, and the whole of it at work: the emulator, nginx, the page.

local cjson = require("cjson").new()
local nginx = require "spec.support.nginx"
local shell = require "spec.support.shell"
local socket = require "socket"
local world = require "spec.support.world"

local FOLDER = "examples/openresty/"

describe("the example's picture #nginx", function()
  local picture = assert(loadfile(FOLDER .. "picture.lua"))()

  local NOW = 1e9 -- 01:46:40 UTC

  local function seen_at(network, when)
    network.seen = {}
    for _, name in ipairs { "connections", "interconnects", "lags", "virtual_interfaces", "gateways",
      "virtual_gateways" } do
      network.seen[name] = network[name] and when
    end
    return network
  end

  local function network()
    return seen_at({
      problems = {},
      looked = NOW,
      connections = {
        { connectionId = "dxcon-1", connectionName = "berlin", connectionState = "down", bandwidth = "10Gbps",
          macSecCapable = true, encryptionMode = "must_encrypt", portEncryptionStatus = "Encryption Down",
          macSecKeys = {} },
        { connectionId = "dxcon-2", connectionName = "member", connectionState = "available", lagId = "dxlag-1",
          macSecCapable = true, encryptionMode = "should_encrypt", portEncryptionStatus = "Encryption Up",
          macSecKeys = { { state = "associated" }, { state = "associating" } } },
      },
      lags = { { lagId = "dxlag-1", lagName = "frankfurt", lagState = "pending", numberOfConnections = 1 } },
      interconnects = { { interconnectId = "dxcon-3", interconnectName = "partner", interconnectState = "deleted" } },
      virtual_interfaces = {
        { virtualInterfaceId = "dxvif-1", virtualInterfaceName = "production", virtualInterfaceState = "available",
          virtualInterfaceType = "private", vlan = 101, asnLong = 4200000000, connectionId = "dxlag-1",
          directConnectGatewayId = "gateway-1", bgpPeers = { { addressFamily = "ipv4", bgpStatus = "down" } } },
        { virtualInterfaceId = "dxvif-2", virtualInterfaceState = "confirming", connectionId = "dxcon-1",
          virtualGatewayId = "vgw-1" },
      },
      gateways = {
        { directConnectGatewayId = "gateway-1", directConnectGatewayName = "core",
          directConnectGatewayState = "available", amazonSideAsn = 64512, associations = {
            { associationState = "associated", associatedGateway = { id = "tgw-1", region = "us-east-1" } },
          } },
      },
      virtual_gateways = { { virtualGatewayId = "vgw-1", virtualGatewayState = "surprising" } },
    }, NOW)
  end

  -- Of what is fine.
  local function fine(when)
    return seen_at({
      problems = {}, looked = when, lags = {}, interconnects = {}, virtual_interfaces = {}, gateways = {},
      virtual_gateways = {},
      connections = { { connectionId = "dxcon-1", connectionName = "berlin", connectionState = "available" } },
    }, when)
  end

  -- Each box of the picture by its title.
  local function boxes(html)
    local found = {}
    for class, title in html:gmatch('<g class="box (%l+)"><title>(.-)</title>') do
      found[title] = class
    end
    return found
  end

  it("shows every port, LAG, virtual interface and gateway, its state by words, symbol and colour", function()
    local html = picture.render(network(), NOW)
    assert.same({
      ["Port · berlin · dxcon-1 · down"] = "bad",
      ["Port · member · dxcon-2 · available"] = "good",
      ["LAG · frankfurt · dxlag-1 · pending"] = "busy",
      ["Port · partner · dxcon-3 · deleted"] = "gone",
      ["Virtual interface · production · dxvif-1 · available"] = "good",
      ["Virtual interface · dxvif-2 · confirming"] = "busy",
      ["Direct Connect gateway · core · gateway-1 · available"] = "good",
      ["Virtual private gateway · vgw-1 · surprising"] = "unknown",
    }, boxes(html))
    for _, text in ipairs { ">✕ down<", ">✓ available<", ">… pending<", ">– deleted<", ">? surprising<",
      ">✕ BGP ipv4 · down<", ">✓ Encryption Up · 1 key<", ">✕ Encryption Down<", ">✓ associated tgw-1 · us-east-1<" } do
      assert.truthy(html:find(text, 1, true), text)
    end
    local _, lines = html:gsub('<path class="line', "")
    assert.equal(4, lines)
    assert.truthy(html:find("3 ports, 2 virtual interfaces, 2 gateways; 2 need attention", 1, true))
  end)

  it("has a title, a description and the same as a table", function()
    local html = picture.render(network(), NOW)
    local title, description = html:match('<svg role="img" aria%-labelledby="(%S+) (%S+)"')
    assert.truthy(html:find('<title id="' .. title .. '">', 1, true))
    assert.truthy(html:find('<desc id="' .. description .. '">', 1, true))
    local _, rows = html:match("<tbody>(.*)</tbody>"):gsub("<tr", "")
    assert.equal(8, rows)
    assert.truthy(html:find("<caption>", 1, true))
  end)

  it("escapes whatever the service says", function()
    local evil = [[<script>alert("1")</script>'&]]
    local function poison(value)
      if type(value) ~= "table" then
        return type(value) == "string" and evil or value
      end
      local copy = {}
      for key, inner in pairs(value) do
        copy[key] = poison(inner)
      end
      return copy
    end
    local poisoned = poison(network())
    poisoned.problems = { evil }
    poisoned.seen = network().seen
    local html = picture.render(poisoned, NOW)
    assert.is_nil(html:find("<script", 1, true))
    assert.is_nil(html:find('alert("', 1, true))
    assert.truthy(html:find("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;", 1, true))
    local tags = "svg title desc g rect path text p div details summary table caption thead tbody tr th td code br "
    for tag in html:gmatch("<(%a+)") do
      assert.truthy(tags:find(tag .. " ", 1, true), tag)
    end
  end)

  it("of nothing says so", function()
    local nothing = fine(NOW)
    nothing.connections = {}
    local html = picture.render(nothing, NOW)
    assert.truthy(html:find("No port in this region", 1, true))
    assert.truthy(html:find("0 ports, 0 virtual interfaces, 0 gateways; nothing is down", 1, true))
  end)

  it("of what was never seen says that it is unknown", function()
    local html = picture.render({ problems = { "it does not answer" }, seen = {}, looked = NOW }, NOW)
    assert.truthy(html:find('role="alert">✕ it does not answer', 1, true))
    assert.truthy(html:find("ports unknown, virtual interfaces unknown, gateways unknown", 1, true))
    assert.truthy(html:find("whether anything is down is unknown", 1, true))
    assert.truthy(html:find("Unknown: ports could not be asked for", 1, true))
    assert.is_nil(html:find("nothing is down", 1, true))
    assert.is_nil(html:find("No port", 1, true))
    assert.is_nil(html:find("0 ports", 1, true))
  end)

  it("of what could not be asked for again has what was seen, with its age", function()
    for _, is_all in ipairs { true, false } do
      local stale = fine(NOW)
      stale.looked = NOW + 100
      stale.problems = { "it does not answer" }
      if not is_all then
        seen_at(stale, NOW + 100)
        stale.seen.connections = NOW
      end
      local html = picture.render(stale, NOW + 101)
      assert.same({ ["Port · berlin · dxcon-1 · available"] = "good" }, boxes(html))
      assert.truthy(html:find("? Stale: what is marked was seen 101 s ago, its state now is unknown", 1, true))
      assert.truthy(html:find('<g class="stale"><text class="column" x="10" y="24">Ports and LAGs, seen 01:46:40 UTC',
        1, true))
      assert.truthy(html:find("0 virtual interfaces, 0 gateways; whether anything is down is unknown", 1, true))
      assert.truthy(html:find("✓ available, seen 01:46:40 UTC<", 1, true))
      assert.is_nil(html:find("nothing is down", 1, true))
      assert.equal(is_all, html:find("Gateways, seen", 1, true) ~= nil)
    end
  end)

  it("is stale where nobody has looked for long", function()
    assert.truthy(picture.render(fine(NOW), NOW + 5):find("nothing is down", 1, true))
    local html = picture.render(fine(NOW), NOW + 60)
    assert.truthy(html:find("seen 60 s ago", 1, true))
    assert.is_nil(html:find("nothing is down", 1, true))
  end)

  it("cuts long names between characters", function()
    local long = fine(NOW)
    long.connections[1].connectionName = ("ü"):rep(80)
    local html = picture.render(long, NOW)
    local name = html:match('<text class="name"[^>]*>([^<]*)<')
    assert.truthy(name:find("^[ü]+…$"))
    assert.is_true(#name < 80)
  end)
end)

describe("the example's list of connections #nginx", function()
  local network = assert(loadfile(FOLDER .. "network.lua"))()

  it("is JSON, with lists where there is nothing", function()
    local client = world.client { world.ok('{"connections":[{"connectionId":"dxcon-1","macSecKeys":[]},'
      .. '{"connectionId":"dxcon-2","macSecKeys":[{"ckn":"c","state":"associated"}]}]}') }
    local text = assert(network.connections_json(client))
    assert.truthy(text:find('"macSecKeys":[]', 1, true))
    assert.same({ connections = {
      { connectionId = "dxcon-1", macSecKeys = {} },
      { connectionId = "dxcon-2", macSecKeys = { { ckn = "c", state = "associated" } } },
    } }, cjson.decode(text))
    assert.equal('{"connections":[]}', network.connections_json(world.client { world.ok('{"connections":[]}') }))
  end)

  it("is an error as JSON where the call fails", function()
    local text, err = network.connections_json((world.client {
      world.fault(400, "DirectConnectClientException", "no <b>such</b> thing"),
    }))
    assert.is_nil(text)
    assert.equal("DirectConnectClientException", cjson.decode(network.error_json(err)).error.code)
  end)
end)

describe("the example's network #nginx", function()
  local network = assert(loadfile(FOLDER .. "network.lua"))()

  -- What is seen at a time by a client for which some operations fail.
  local function look(now, before, failing)
    return network.look((world.client { function(request)
      local operation = request.headers["x-amz-target"]:match("%.(.*)")
      if failing[operation] or failing.all then
        return world.fault(400, "DirectConnectClientException", "not today")
      end
      return world.ok('{"connections":[{"connectionId":"dxcon-1"}],"directConnectGateways":'
        .. '[{"directConnectGatewayId":"g"}],"directConnectGatewayAssociations":[{"associationId":"a"}]}')
    end }), now, before)
  end

  it("tells of lists that failed, and has the others", function()
    local seen = look(100, nil, { DescribeLags = true })
    assert.equal("dxcon-1", seen.connections[1].connectionId)
    assert.equal("a", seen.gateways[1].associations[1].associationId)
    assert.is_nil(seen.lags)
    assert.is_nil(seen.seen.lags)
    assert.equal(100, seen.seen.connections)
    assert.equal(1, #seen.problems)
    assert.truthy(seen.problems[1]:find("not today", 1, true))
  end)

  it("keeps what was seen last where it can't be seen again", function()
    local seen = look(102, look(100, nil, {}), { all = true })
    assert.equal("dxcon-1", seen.connections[1].connectionId)
    assert.equal("a", seen.gateways[1].associations[1].associationId)
    assert.equal(100, seen.seen.connections)
    assert.equal(102, seen.looked)
    assert.equal(6, #seen.problems)
    seen = look(104, seen, { DescribeDirectConnectGatewayAssociations = true })
    assert.equal("a", seen.gateways[1].associations[1].associationId)
    assert.equal(104, seen.seen.connections)
    assert.equal(100, seen.seen.gateways)
  end)
end)

describe("the example at work #nginx", function()
  local port, pipe, pid

  local function get(path)
    local client = assert(socket.connect("127.0.0.1", port))
    client:settimeout(20)
    assert(client:send(("GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n"):format(path)))
    local answer = client:receive("*a")
    client:close()
    local head, body = answer:match("^(.-\r\n)\r\n(.*)$")
    return body, head
  end

  -- Asks until the answer has all the words, half a minute at most.
  local function eventually(path, ...)
    local till = os.time() + 30
    local body
    repeat
      body = get(path)
      local has_all = true
      for _, text in ipairs { ... } do
        has_all = has_all and body:find(text, 1, true) ~= nil
      end
      if has_all then
        return body
      end
      socket.sleep(0.01)
    until os.time() > till
    error("not in time: " .. body)
  end

  lazy_setup(function()
    nginx.build()
    port = nginx.ports(1)
    local command = "exec env -u LD_PRELOAD PORT=%d SPEED=5000 sh -c 'echo $$; exec 9>&-; exec sh %srun.sh' 2>&1"
    pipe = assert(io.popen(command:format(port, FOLDER)))
    pid = pipe:read("*l")
    local first = pipe:read("*l")
    assert(first:find("http://127.0.0.1:" .. port .. "/", 1, true), first)
  end)

  lazy_teardown(function()
    os.execute("kill " .. pid)
    local rest = pipe:read("*a")
    pipe:close()
    assert.is_nil((socket.connect("127.0.0.1", port)))
    assert.truthy(rest:find("^[^\n]*JSON\nCtrl%-C ends it%.\n$"), rest) -- nothing was left out, nothing went wrong
  end)

  it("gives the connections with their keys as JSON", function()
    local list = cjson.decode(eventually("/connections", '"state":"associated"', "berlin-1", "hamburg-2")).connections
    local by_name = {}
    for _, connection in ipairs(list) do
      by_name[connection.connectionName] = connection
    end
    assert.equal(5, #list)
    assert.equal("associated", by_name["berlin-1"].macSecKeys[1].state)
    assert.truthy(by_name["berlin-1"].macSecKeys[1].ckn:find("^%x+$"))
    local _, head = get("/connections")
    assert.truthy(head:find("Content-Type: application/json", 1, true))
  end)

  it("shows all of it in a page, refreshed by a timer", function()
    local body = eventually("/", "berlin-1", "frankfurt", "production", "backup", "core", "laboratory", "hamburg-2")
    assert.truthy(body:find("^<!doctype html>"))
    assert.truthy(body:find("us-east-1", 1, true))
    assert.is_nil(body:find("role=\"alert\"", 1, true))
    assert.is_nil(body:find("@%u+@"))
    -- the test of BGP shows without a reload by anybody but the timer
    assert.truthy(eventually("/picture", "✕ BGP ipv4 · down", "✓ BGP ipv4 · up"))
  end)

  it("lets the page load nothing from elsewhere, and run nothing but its own script", function()
    local _, head = get("/")
    assert.truthy(head:find("Content-Security-Policy: default-src 'none'", 1, true))
    assert.is_nil(shell.read(FOLDER .. "page.html"):find("https?://"))
    for path, kind in pairs { ["/page.js"] = "text/javascript", ["/page.css"] = "text/css" } do
      local body
      body, head = get(path)
      assert.equal(shell.read(FOLDER .. path:sub(2)), body)
      assert.truthy(head:find("Content-Type: " .. kind, 1, true), head)
    end
    _, head = get("/nginx.conf")
    assert.truthy(head:find("^HTTP/1.1 404"))
  end)
end)
