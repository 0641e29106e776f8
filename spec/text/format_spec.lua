local show = require "dxconnect.text.format"
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

describe("a result, and what is known of its call,", function()
  it("print their content", function()
    local client = world.client { world.ok('{"lags":[{"lagId":"dxlag-1"}]}', { ["x-amzn-requestid"] = "r-1" }) }
    local result, _, meta = client:describe_lags()
    assert.equal('{ lags = { { lagId = "dxlag-1" } } }', tostring(result))
    assert.equal('{\n  attempts = 1,\n  elapsed = 0,\n  headers = { ["x-amzn-requestid"] = "r-1" },\n'
      .. '  request_id = "r-1",\n  status = 200,\n}', tostring(meta))
  end)
end)
