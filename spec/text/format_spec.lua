local core = require "dxconnect.core"
local dxconnect = require "dxconnect"
local growth = require "spec.support.growth"
local operations = require "dxconnect.operations"
local show = require "dxconnect.text.format"
local types = require "dxconnect.text.types"
local world = require "spec.support.world"

describe("show", function()
  it("tells values as Lua writes them", function()
    for expected, value in pairs {
      ["{}"] = {}, ["{ 1, 2 }"] = { 1, 2 }, ['{ a = "x" }'] = { a = "x" }, ["true"] = true, ["-7"] = -7, ["1.5"] = 1.5,
      ["1700000000"] = 1700000000.0, ['"a\\nb\\"c\\\\"'] = 'a\nb"c\\', ['"é"'] = "é",
      ['{ ["a b"] = 1, c = { {} } }'] = { ["a b"] = 1, c = { {} } },
    } do
      assert.equal(expected, show.text(value))
    end
    assert.equal("nil", show.text(nil))
  end)

  it("sorts members, and breaks what is too long for a line", function()
    local list = { { id = ("y"):rep(40) }, { id = ("z"):rep(40) } }
    local text = show.text { zeta = 1, alpha = ("x"):rep(60), list = list }
    assert.equal(table.concat({
      "{",
      '  alpha = "' .. ("x"):rep(60) .. '",',
      "  list = {",
      '    { id = "' .. ("y"):rep(40) .. '" },',
      '    { id = "' .. ("z"):rep(40) .. '" },',
      "  },",
      "  zeta = 1,",
      "}",
    }, "\n"), text)
  end)

  it("hides secrets, wherever they stand", function()
    local text = show.text {
      virtualInterfaces = { { authKey = "hush", customerRouterConfig = "hush", bgpPeers = { { authKey = "hush" } } } },
      cak = "hush",
    }
    assert.is_nil(text:find("hush", 1, true))
    assert.equal(4, select(2, text:gsub("<hidden>", "")))
  end)

  it("tells bytes by their number, and long texts by their beginning", function()
    assert.matches("^<5 bytes: ff00ff0101>$", show.text("\255\0\255\1\1"))
    local text = show.text(("long "):rep(10000))
    assert.is_true(#text < 5000)
    assert.matches('^"long .*%.%.%." %(50000 bytes%)$', text)
  end)

  it("ends with tables that hold themselves, or go deep", function()
    local loop = { a = {} }
    loop.a.b = loop
    assert.matches("the table it is in", show.text(loop))
    local deep = {}
    for _ = 1, 200 do
      deep = { deep }
    end
    assert.matches("nested too deep", show.text(deep))
  end)

  it("lets nothing of a text steer the terminal", function()
    local text = show.text { a = "\27[31m\194\155x\226\128\174y\127", ["k\27\194\155"] = 1 }
    assert.equal('{ a = "\\027[31m\\194\\155x\\226\\128\\174y\\127", ["k\\027\\194\\155"] = 1 }', text)
  end)

  it("touches no metatable, and nothing that can raise", function()
    local trap = setmetatable({ a = 1 }, {
      __index = function()
        error("read")
      end,
      __pairs = function()
        error("walked")
      end,
      __tostring = function()
        error("printed")
      end,
    })
    assert.equal("{ a = 1 }", show.text(trap))
    assert.is_string(show.text { print, io.stdout, coroutine.create(function() end), [{}] = 1, [true] = 2, [1.5] = 3 })
  end)
end)

describe("a result", function()
  local function decoded(name, text)
    return assert(core.decode(operations.find(name).id, text))
  end

  local function connections(n)
    local list = {}
    for i = 1, n do
      list[i] = ('{"connectionId":"dxcon-%04d","connectionName":"name %d"}'):format(i, i)
    end
    return decoded("DescribeConnections", '{"connections":[' .. table.concat(list, ",") .. "]}")
  end

  it("prints times as ISO 8601 behind the number", function()
    local result = decoded("DescribeConnections", '{"connections":[{"loaIssueTime":1767323045}]}')
    assert.equal("{ { loaIssueTime = 1767323045 (2026-01-02T03:04:05Z) } }", tostring(result.connections))
    result.connections[1].loaIssueTime = 1e300
    assert.equal("{ loaIssueTime = 1e+300 }", tostring(result.connections[1]))
  end)

  it("prints bytes by their number, whatever they are", function()
    assert.equal('{ loaContent = <3 bytes: 616263>, loaContentType = "application/pdf" }',
      tostring(decoded("DescribeLoa", '{"loaContent":"YWJj","loaContentType":"application/pdf"}')))
  end)

  it("prints a list of more than 20 resources as a table, with how many there are", function()
    local few = tostring(connections(20))
    assert.matches('connectionId = "dxcon%-0020"', few)
    local result = connections(21)
    local text = tostring(result.connections)
    assert.matches("^21 connections\nconnectionId +connectionNa", text)
    assert.equal(23, select(2, text:gsub("[^\n]+", "")) - (text:find("no room", 1, true) and 1 or 0))
    assert.matches("\ndxcon%-0021 +name 21", text)
    assert.matches("^{\n  connections = 21 connections\n    connectionId +connectionNa", tostring(result))
  end)

  it("says that there is more where it has a token", function()
    local result = decoded("DescribeConnections", '{"connections":[],"nextToken":"t"}')
    local last = tostring(result):match("[^\n]*$")
    assert.matches("items", last)
    assert.matches("all", last)
    assert.is_nil(tostring(decoded("DescribeConnections", '{"connections":[]}')):find("items", 1, true))
    assert.is_nil(tostring(decoded("DescribeConnections", '{"nextToken":""}')):find("items", 1, true))
  end)

  it("is printed in time in proportion to its size", function()
    for _, make in ipairs {
      function(n)
        return connections(n)
      end,
      function(n)
        return decoded("DescribeConnections", '{"newer":[' .. ('{"a":["x"]},'):rep(n) .. "1]}")
      end,
      function(n)
        return { ("x\27"):rep(n), [("y\194\155"):rep(n)] = 1 }
      end,
    } do
      assert.is_true(growth.ratio(show.text, make, 400) < growth.LINEAR)
    end
  end)
end)

describe("what the module returns besides results", function()
  it("prints: outcomes of many calls, errors in them, problems", function()
    local client = world.client { world.ok('{"lags":[{"lagId":"dxlag-1"}]}') }
    local results = client:batch { { "describe_lags" }, { "describe_lags", { lagid = 1 } } }
    assert.matches('^{\n  { result = { lags = { { lagId = "dxlag%-1" } } } },\n  {\n?%s*error = DescribeLags: ParamVal',
      tostring(results))
    assert.equal('{ result = { lags = { { lagId = "dxlag-1" } } } }', tostring(results[1]))
    assert.matches('^{ { message = ".-", path = "lagid" } }$', tostring(results[2].error.problems))
    assert.matches('path = "lagid"', tostring(results[2].error.problems[1]))
    assert.is_string(assert((dxconnect.json(results))))
    local many = {}
    for i = 1, 21 do
      many[i] = {}
    end
    assert.matches("^21 results\nresult +error\n", tostring(client:map("describe_lags", many)))
  end)

  it("hides what credentials hold", function()
    local keys = (world.client { world.ok() }):credentials()
    for _, text in ipairs { tostring(keys), dxconnect.json(keys), dxconnect.table { keys }, dxconnect.csv { keys },
      tostring(setmetatable({ keys }, types.shape "list")) } do
      assert.is_nil(text:find(world.KEYS.secret_access_key, 1, true))
    end
  end)

  it("prints settings, waiters, keys and the headers of an answer", function()
    local client = world.client { world.ok('{"lags":[]}', { ["x-amzn-requestid"] = "r-1" }) }
    local _, _, meta = client:describe_lags()
    assert.equal('{ ["x-amzn-requestid"] = "r-1" }', tostring(meta.headers))
    assert.matches('value = "us%-east%-1"', tostring(client:explain().region))
    assert.matches("timeout = %d+", tostring(dxconnect.waiters.lag_available))
    assert.matches("lag_available = { ", tostring(dxconnect.waiters))
    assert.matches('^{\n?%s*cak = <secret>,%s+ckn = "%x+"', tostring(dxconnect.macsec.generate()))
  end)
end)

describe("a result, and what is known of its call,", function()
  it("print their content", function()
    local client = world.client { world.ok('{"lags":[{"lagId":"dxlag-1"}]}', { ["x-amzn-requestid"] = "r-1" }) }
    local result, _, meta = client:describe_lags()
    assert.equal('{ lags = { { lagId = "dxlag-1" } } }', tostring(result))
    assert.equal('{ attempts = 1, elapsed = 0, headers = { ["x-amzn-requestid"] = "r-1" }, request_id = "r-1", '
      .. "status = 200 }", tostring(meta))
  end)
end)
