local core = require "dxconnect.core"
local dxconnect = require "dxconnect"
local growth = require "spec.support.growth"
local json = require "dxconnect.text.json"
local operations = require "dxconnect.operations"
local types = require "dxconnect.text.types"

local function decoded(name, text)
  return assert(core.decode(operations.find(name).id, text))
end

local function nested(depth)
  local value = {}
  for _ = 2, depth do
    value = { value }
  end
  return value
end

describe("dxconnect.json", function()
  it("writes plain values and tables", function()
    for expected, value in pairs {
      ['"x"'] = "x", ["true"] = true, ["-7"] = -7, ["1.5"] = 1.5, ["[]"] = {}, ["[1,2]"] = { 1, 2 },
      ['{"a":1,"b":[{}]}'] = { b = { setmetatable({}, types.shape "map") }, a = 1 },
      ['"a\\n\\"\\\\\\u0001é/"'] = 'a\n"\\\1é/', ["[[],[[]]]"] = { {}, { {} } },
    } do
      assert.equal(expected, dxconnect.json(value))
    end
    assert.equal("null", dxconnect.json(nil))
  end)

  it("keeps an answer's lists and objects what they were, also those newer than the model", function()
    local text = '{"lags":[{"lagId":"a","connections":[],"tags":[],"newer":{"list":[],"map":{}}}],"other":{}}'
    assert.equal(text, dxconnect.json(decoded("DescribeLags", text)))
    assert.equal("{}", dxconnect.json(decoded("DescribeLags", "{}")))
  end)

  it("writes members in the model's order, and others sorted behind them", function()
    local lag = types.mark({ b = 1, location = "L", lagId = "a", a = 2, lagName = "n" }, "Lag")
    assert.equal('{"lagId":"a","lagName":"n","location":"L","a":2,"b":1}', dxconnect.json(lag))
    assert.equal('{"B":1,"a":2,"aa":3,"é":4}', dxconnect.json { a = 2, ["é"] = 4, B = 1, aa = 3 })
  end)

  it("writes bytes as base64 and times as numbers", function()
    assert.equal('{"loaContent":"/wAx","loaContentType":"application/pdf"}',
      dxconnect.json(decoded("DescribeLoa", '{"loaContentType":"application/pdf","loaContent":"/wAx"}')))
    assert.equal('{"connections":[{"loaIssueTime":1767323045}]}',
      dxconnect.json(decoded("DescribeConnections", '{"connections":[{"loaIssueTime":"2026-01-02T03:04:05Z"}]}')))
  end)

  it("writes integers exactly, and floats so that they read back the same", function()
    assert.equal("[9007199254740992,-9007199254740992,0.1,1e+100,3,5e-324]",
      dxconnect.json { 2 ^ 53, -2 ^ 53, 0.1, 1e100, 3.0, 5e-324 })
    if math.maxinteger then
      assert.equal("[9223372036854775807,-9223372036854775808]", dxconnect.json { math.maxinteger, math.mininteger })
    end
    for _, n in ipairs { 1 / 3, 2 ^ 70, 123456.789, 1.7976931348623157e308 } do
      assert.equal(n, tonumber(dxconnect.json(n)))
    end
  end)

  describe("of secrets", function()
    it("hides them wherever they are", function()
      local text = '{"virtualInterfaces":[{"virtualInterfaceId":"v","authKey":"hush","customerRouterConfig":"hush",'
        .. '"bgpPeers":[{"authKey":"hush"}],"newer":{"cak":"hush"}}]}'
      local result = decoded("DescribeVirtualInterfaces", text)
      local hidden = dxconnect.json(result)
      assert.is_nil(hidden:find("hush", 1, true))
      assert.equal(4, select(2, hidden:gsub('"<hidden>"', "")))
      assert.equal(text, dxconnect.json(result, { reveal = true }))
    end)

    it("hides members of plain tables that are named like them", function()
      for _, name in ipairs { "cak", "authKey", "auth_key", "newCak", "secret_access_key", "session_token",
        "SecretAccessKey", "password", "customerRouterConfig", "AUTHORIZATION" } do
        local value = { a = { [name] = "hush" } }
        assert.equal(('{"a":{"%s":"<hidden>"}}'):format(name), dxconnect.json(value))
        assert.equal(('{"a":{"%s":"hush"}}'):format(name), dxconnect.json(value, { reveal = true }))
      end
      assert.equal('{"ckn":"a","key":"b","nextToken":"c"}', dxconnect.json { ckn = "a", key = "b", nextToken = "c" })
    end)

    it("hides secrets that are kept as such, and members that a type names", function()
      local value = { any = dxconnect.secret("hushhush") }
      assert.equal('{"any":"<hidden>"}', dxconnect.json(value))
      assert.equal('{"any":"hushhush"}', dxconnect.json(value, { reveal = true }))
      local typed = setmetatable({ pin = 1 }, types.new("thing", { secret = { "pin" } }))
      assert.equal('{"pin":"<hidden>"}', dxconnect.json(typed))
    end)

    it("shows nothing of a request", function()
      local text = dxconnect.json(core.as_request { method = "POST", url = "https://u:hush@h/?hush", body = "hush",
        headers = { authorization = "hush", cookie = "hush" } })
      assert.is_nil(text:find("hush", 1, true))
    end)
  end)

  it("can be pretty", function()
    assert.equal('{\n  "a": [\n    1,\n    {}\n  ],\n  "b": []\n}', dxconnect.json({ a = { 1,
      setmetatable({}, types.shape "map") }, b = {} }, { pretty = true }))
  end)

  describe("of what JSON can't hold", function()
    local loop = { a = {} }
    loop.a.b = loop
    local cases = {
      ["a function"] = { print, "" }, ["%(NaN%)"] = { { x = 0 / 0 }, "x" },
      ["infinite"] = { { { y = -math.huge } }, "[1].y" },
      ["not valid UTF%-8"] = { { "a", "\255" }, "[2]" }, ["contains itself"] = { loop, "a.b" },
      ["holes"] = { { a = { 1, nil, 3 } }, "a" }, ["than names"] = { { [true] = 1 }, "" },
      ["other keys"] = { { 1, x = 2 }, "" }, ["a userdata"] = { { io.stdout }, "[1]" },
      ["a coroutine"] = { { coroutine.create(function() end) }, "[1]" },
    }
    for words, case in pairs(cases) do
      it("is an error: " .. words, function()
        local text, err = dxconnect.json(case[1])
        assert.is_nil(text)
        assert.equal("ParamValidationError", err.code)
        if words ~= "other keys" then
          assert.matches(words, err.message)
        end
        assert.equal(case[2], err.problems[1].path)
      end)
    end

    it("is an error: names that are not UTF-8, and more than 100 levels", function()
      assert.is_nil((dxconnect.json { ["\255"] = 1 }))
      assert.is_string(dxconnect.json(nested(100)))
      local text, err = dxconnect.json(nested(101))
      assert.is_nil(text)
      assert.matches("100 levels", err.message)
    end)

    it("is an error: a table of two kinds of keys, whichever comes first", function()
      for _, value in ipairs { { 1, a = 1 }, { a = 1, [1.5] = 2 }, setmetatable({ "x" }, types.shape "map"),
        setmetatable({ x = 1 }, types.shape "list") } do
        assert.is_nil((dxconnect.json(value)))
      end
    end)
  end)

  it("tells wrong options, and passes the error of a call on", function()
    assert.matches("did you mean pretty", select(2, dxconnect.json({}, { prety = true })).message)
    assert.matches("pretty: expected a boolean", select(2, dxconnect.json({}, { pretty = 1 })).message)
    assert.matches("expected a table", select(2, dxconnect.json({}, "pretty")).message)
    local _, err = dxconnect.client { region = 5 }
    assert.equal(err, select(2, dxconnect.json(nil, err)))
  end)

  it("runs no metamethod", function()
    local trap = setmetatable({ 1 }, {
      __index = error, __pairs = error, __len = error, __tostring = error,
    })
    assert.equal("[1]", dxconnect.json(trap))
    assert.equal("[]", dxconnect.json(setmetatable({}, { __shape = {} })):gsub("{}", "[]"))
    assert.equal("[]", dxconnect.json(setmetatable({}, { __shape = 1e9 })))
  end)

  it("takes time in proportion to what it writes", function()
    local cost = growth.ratio(json.encode, function(n)
      local list = {}
      for i = 1, n do
        list[i] = { name = "item " .. i, [("k"):rep(i % 30 + 1)] = { i, { a = i, b = i } } }
      end
      local wide = {}
      for i = 1, n do
        wide["name" .. (i * 7919) % n] = i
      end
      return { list = list, wide = wide }
    end, 3000)
    assert.is_true(cost < growth.LINEAR)
  end)
end)

describe("json.decode", function()
  it("reads any value, and keeps lists and objects apart", function()
    assert.equal("x", json.decode '"x"')
    assert.is_nil(json.decode "null")
    assert.is_nil(select(2, json.decode "null"))
    local text = '{"a":[],"b":{},"c":[1,2.5,"é",true]}'
    assert.equal(text, json.encode(json.decode(text)))
  end)

  it("says why it can't, and nothing of the text", function()
    for _, text in ipairs { "", "{", "[1,]", "hush", '{"hush":nul}', "1 2", "1e999" } do
      local value, message = json.decode(text)
      assert.is_nil(value)
      assert.is_string(message)
      assert.is_nil(message:find("hush", 1, true))
    end
  end)

  it("takes time in proportion to what it reads", function()
    local cost = growth.ratio(json.decode, function(n)
      return "[" .. ('{"a":[[],{}],"b":"x\\n"},'):rep(n) .. "0]"
    end, 5000)
    assert.is_true(cost < growth.LINEAR)
  end)
end)
