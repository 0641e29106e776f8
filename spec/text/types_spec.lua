local core = require "dxconnect.core"
local operations = require "dxconnect.operations"
local types = require "dxconnect.text.types"
require "dxconnect" -- sets what prints

local function decoded(name, text)
  return assert(core.decode(name and operations.find(name).id, text))
end

local function name_of(value)
  return types.of(value).name
end

describe("types", function()
  it("are on every table of a result, by its shape", function()
    local result = decoded("DescribeVirtualInterfaces", '{"virtualInterfaces":[{"bgpPeers":[{"asn":1}],'
      .. '"routeFilterPrefixes":[],"tags":[{"key":"a"}]}]}')
    local interface = result.virtualInterfaces[1]
    assert.equal("VirtualInterfaces", name_of(result))
    assert.equal("VirtualInterfaceList", name_of(result.virtualInterfaces))
    assert.equal("VirtualInterface", name_of(interface))
    assert.equal("BGPPeer", name_of(interface.bgpPeers[1]))
    assert.equal("RouteFilterPrefixList", name_of(interface.routeFilterPrefixes))
    assert.equal("Tag", name_of(interface.tags[1]))
    assert.equal("structure", types.of(interface).kind)
    assert.equal("list", types.of(interface.tags).kind)
  end)

  it("are made once for each shape", function()
    local first = decoded("DescribeLags", '{"lags":[{"connections":[{}]},{"connections":[{}]}]}').lags
    local second = decoded("DescribeConnections", '{"connections":[{"connectionId":"a"}]}').connections
    assert.equal(getmetatable(first[1]), getmetatable(first[2]))
    assert.equal(getmetatable(first[1].connections[1]), getmetatable(second[1]))
    assert.equal(types.shape("Connection"), getmetatable(second[1]))
  end)

  it("tell lists and maps apart where the model knows nothing", function()
    local result = decoded("DescribeLags", '{"newer":[],"other":{},"deep":[[{"a":[]}]]}')
    assert.equal("list", types.of(result.newer).kind)
    assert.equal("map", types.of(result.other).kind)
    assert.equal("list", types.of(result.deep[1]).kind)
    assert.equal("list", types.of(result.deep[1][1].a).kind)
    assert.equal("map", types.of(decoded(nil, "{}")).kind)
  end)

  it("change nothing about how a table is used", function()
    local result = decoded("DescribeConnections", '{"connections":[{"connectionId":"a"},{"connectionId":"b"}]}')
    assert.same({ connections = { { connectionId = "a" }, { connectionId = "b" } } }, result)
    assert.equal(2, #result.connections)
    assert.is_nil(result.connections[1].nothing)
    local names = {}
    for i, connection in ipairs(result.connections) do
      for name, value in pairs(connection) do
        names[i] = name .. value
      end
    end
    assert.same({ "connectionIda", "connectionIdb" }, names)
    table.insert(result.connections, {})
    result.connections[1].mine = true
    assert.same({ { connectionId = "a", mine = true }, { connectionId = "b" }, {} }, result.connections)
  end)

  it("print the content of tables at any depth", function()
    local result = decoded("DescribeLags",
      '{"lags":[{"lagId":"dxlag-1","tags":[{"key":"a","value":"b"}]}],"newer":[1]}')
    assert.equal('{ lagId = "dxlag-1", tags = { { key = "a", value = "b" } } }', tostring(result.lags[1]))
    assert.equal('{ key = "a", value = "b" }', tostring(result.lags[1].tags[1]))
    assert.equal("{ 1 }", tostring(result.newer))
  end)

  it("can be made for tables of the module's own", function()
    local report_type = types.new("report", { secret = { "password" } })
    local report = setmetatable({ name = "x" }, report_type)
    assert.equal('{ name = "x" }', tostring(report))
    assert.equal("structure", types.of(report).kind)
    local list = setmetatable({}, types.list("reports", { columns = { "name" } }))
    assert.equal("list", types.of(list).kind)
    assert.same({ "name" }, types.of(list).columns)
    assert.equal("{}", tostring(list))
  end)

  it("can be given to tables that hold what the service sends", function()
    local lag = types.mark({ lagId = "a", connections = { { connectionId = "b" } }, tags = {}, newer = { 1 } }, "Lag")
    assert.equal("Lag", name_of(lag))
    assert.equal("ConnectionList", name_of(lag.connections))
    assert.equal("Connection", name_of(lag.connections[1]))
    assert.equal("TagList", name_of(lag.tags))
    assert.is_nil(types.of(lag.newer))
  end)

  it("are none for anything else", function()
    assert.is_nil(types.of(nil))
    assert.is_nil(types.of("text"))
    assert.is_nil(types.of({}))
    assert.is_nil(types.of(setmetatable({}, { __shape = 10000 })))
    assert.is_nil(types.of(setmetatable({}, { __metatable = false })))
    assert.is_nil(types.of_shape("Nothing"))
  end)
end)
