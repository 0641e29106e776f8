--- create_once by processes that are killed at every request boundary, against an emulator served over HTTP, and once
-- more with the same token.

local cjson = require("cjson").new()
local clock = require("dxconnect.system").new().clock
local dxconnect = require "dxconnect"
local emulatord = require "spec.support.emulatord"
local shell = require "spec.support.shell"

local MOST_REQUESTS = 6 -- no create needs more, killed or not

local served, client
local ahead = 0 -- seconds that the emulator's clock is ahead

-- Runs the child, which is killed at its n-th request. Returns what it printed, nil where it was killed.
local function run(operation, params, token, n)
  local words = { shell.quote(served.url), ahead, operation, shell.quote(cjson.encode(params)), shell.quote(token), n }
  local command = ("LUA_PATH=%s LUA_CPATH=%s exec %s spec/support/create_once_child.lua %s"):format(
    shell.quote(package.path), shell.quote(package.cpath), shell.lua, table.concat(words, " "))
  return shell.lines(command)[1]
end

-- A day passes after locations were asked for: ports become available.
local DAY = 86400
local ORDERS = ([[
  local answer = emulator.answer
  function emulator.answer(self, request)
    local response, trouble = answer(self, request)
    if request.headers["x-amz-target"]:find("DescribeLocations") then
      pass(%d)
    end
    return response, trouble
  end]]):format(DAY)


setup(function()
  served = emulatord.start(ORDERS)
  client = assert(dxconnect.client {
    region = "us-east-1",
    endpoint_url = served.url,
    credentials = emulatord.keys,
    system = {
      getenv = function() end,
      clock = function()
        return clock() + ahead
      end,
    },
  })
end)

teardown(function()
  client:close()
  served:stop()
end)

-- ---- what there has to be already, made when first needed

local there = {}

local function needed(name, make)
  if not there[name] then
    there[name] = make()
    assert(client:describe_locations())
    ahead = ahead + DAY
  end
  return there[name]
end

local port = { location = "EqDC2", bandwidth = "10Gbps" }

local function with(params, more)
  local all = {}
  for _, t in ipairs { params, more } do
    for name, value in pairs(t) do
      all[name] = value
    end
  end
  return all
end

local function connection()
  return needed("connection", function()
    return assert(client:create_connection(with(port, { connectionName = "parent" }))).connectionId
  end)
end

local function interconnect()
  return needed("interconnect", function()
    return assert(client:create_interconnect(with(port, { interconnectName = "parent" }))).interconnectId
  end)
end

local function gateway()
  return needed("gateway", function()
    return assert(client:create_direct_connect_gateway { directConnectGatewayName = "parent" })
      .directConnectGateway.directConnectGatewayId
  end)
end

local vlan = 100

local function next_vlan()
  vlan = vlan + 1
  return vlan
end

local function new_interface()
  return assert(client:create_private_virtual_interface {
    connectionId = connection(),
    newPrivateVirtualInterface = {
      virtualInterfaceName = "parent", vlan = next_vlan(), asn = 65001, virtualGatewayId = "vgw-1",
    },
  }).virtualInterfaceId
end

-- ---- the creates: for a name, parameters and a function that counts what there is

-- How many of what an operation shows have the name.
local function counter(operation, filter, member, name)
  return function()
    local n = 0
    for item in client:items(operation, filter) do
      n = n + (item[member] == name and 1 or 0)
    end
    return n
  end
end

local function interface(member, details, is_allocated)
  return function(name)
    local params = {
      connectionId = connection(),
      ownerAccount = is_allocated and "999999999999" or nil,
      [member] = with({ virtualInterfaceName = name, vlan = next_vlan(), asn = 65001 }, details()),
    }
    return params, counter("DescribeVirtualInterfaces", { connectionId = connection() }, "virtualInterfaceName", name)
  end
end

local function nothing()
  return {}
end

local function public()
  return {
    addressFamily = "ipv4", amazonAddress = "198.51.100.1/30", customerAddress = "198.51.100.2/30",
    routeFilterPrefixes = { { cidr = "198.51.100.0/24" } },
  }
end

local function transit()
  return { directConnectGatewayId = gateway() }
end

local function hosted(member)
  return function(name)
    local parent = interconnect()
    return { [member] = parent, ownerAccount = "999999999999", bandwidth = "50Mbps", connectionName = name,
      vlan = next_vlan() }, counter("DescribeHostedConnections", { connectionId = parent }, "connectionName", name)
  end
end

local function pair(name, more)
  local id = "vgw-" .. name:gsub("%W", ""):lower()
  local params = with({
    directConnectGatewayId = more.directConnectGatewayId or gateway(), gatewayId = id,
    addAllowedPrefixesToDirectConnectGateway = { { cidr = "10.0.0.0/16" } },
  }, more)
  return params, function(operation)
    local n = 0
    for item in client:items(operation, { directConnectGatewayId = params.directConnectGatewayId }) do
      n = n + (item.associatedGateway.id == id and 1 or 0)
    end
    return n
  end
end

local creates = {
  AllocateConnectionOnInterconnect = hosted("interconnectId"),
  AllocateHostedConnection = hosted("connectionId"),
  AllocatePrivateVirtualInterface = interface("newPrivateVirtualInterfaceAllocation", nothing, true),
  AllocatePublicVirtualInterface = interface("newPublicVirtualInterfaceAllocation", public, true),
  AllocateTransitVirtualInterface = interface("newTransitVirtualInterfaceAllocation", nothing, true),
  CreateBGPPeer = function()
    local id = new_interface()
    return { virtualInterfaceId = id, newBGPPeer = { addressFamily = "ipv6", asn = 65001 } }, function()
      local n = 0
      local peers = assert(client:describe_virtual_interfaces { virtualInterfaceId = id }).virtualInterfaces[1].bgpPeers
      for _, peer in ipairs(peers) do
        n = n + (peer.addressFamily == "ipv6" and 1 or 0)
      end
      return n
    end
  end,
  CreateConnection = function(name)
    return with(port, { connectionName = name, tags = { { key = "team", value = "net" } } }),
      counter("DescribeConnections", {}, "connectionName", name)
  end,
  CreateDirectConnectGateway = function(name)
    return { directConnectGatewayName = name },
      counter("DescribeDirectConnectGateways", {}, "directConnectGatewayName", name)
  end,
  CreateDirectConnectGatewayAssociation = function(name)
    local own = assert(client:create_direct_connect_gateway { directConnectGatewayName = name })
      .directConnectGateway.directConnectGatewayId
    local params, count = pair(name, { directConnectGatewayId = own })
    return params, function()
      return count("DescribeDirectConnectGatewayAssociations")
    end
  end,
  CreateDirectConnectGatewayAssociationProposal = function(name)
    local params, count = pair(name, { directConnectGatewayOwnerAccount = "111122223333" })
    return params, function()
      return count("DescribeDirectConnectGatewayAssociationProposals")
    end
  end,
  CreateInterconnect = function(name)
    return with(port, { interconnectName = name }), counter("DescribeInterconnects", {}, "interconnectName", name)
  end,
  CreateLag = function(name)
    return { location = "EqDC2", connectionsBandwidth = "10Gbps", numberOfConnections = 1, lagName = name },
      counter("DescribeLags", {}, "lagName", name)
  end,
  CreatePrivateVirtualInterface = interface("newPrivateVirtualInterface", function()
    return { virtualGatewayId = "vgw-1" }
  end),
  CreatePublicVirtualInterface = interface("newPublicVirtualInterface", public),
  CreateResiliencyGroup = function(name)
    name = name:gsub("%W", "-")
    return { resiliencyGroupName = name, intendedResiliencyModel = "high-resiliency" },
      counter("ListResiliencyGroups", {}, "resiliencyGroupName", name)
  end,
  CreateTransitVirtualInterface = interface("newTransitVirtualInterface", transit),
}

describe("create_once, killed", function()
  it("is tried with every create", function()
    for name in pairs(dxconnect.model.operations) do
      assert.equal(name:find("^Create") ~= nil or name:find("^Allocate") ~= nil, creates[name] ~= nil, name)
    end
  end)

  for operation, params_of in pairs(creates) do
    local looks = operation ~= "CreateResiliencyGroup" -- which has a client token

    it("at every request of " .. operation .. ", leaves one after a rerun", function()
      local killed, line = 0, nil
      while not line and killed < MOST_REQUESTS do
        local n = killed + 1
        local name = ("%s %d"):format(operation, n)
        local params, count = params_of(name)
        line = run(operation, params, name, n)
        assert.is_true(count() <= 1)
        if not line then
          killed = n
          local again = run(operation, params, name)
          assert.matches("^%w+%-%w+", again)
          assert.equal(looks and n >= 2, again:find(" true$") ~= nil, again)
        else
          assert.matches("^%w+%-%S+ nil$", line)
          assert.matches(looks and "^%S+ true$" or "^%S+ nil$", run(operation, params, name))
        end
        assert.equal(1, count())
      end
      assert.equal(looks and 2 or 1, killed)
    end)
  end
end)
