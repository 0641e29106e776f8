--- Answers on their way to a result: what is read, and what is refused as none of the protocol's.

local core = require "dxconnect.core"
local names = require "dxconnect.operations"
local samples = require "spec.support.samples"
local world = require "spec.support.world"

local model = core.model()

-- The result, or the error, of a call that is answered so.
local function answered(text, name, params, status)
  local client = world.client({ { status = status or 200, body = text } }, { max_attempts = 1 })
  return client:call(name or "DescribeConnections", params)
end

local function connection(members)
  return assert(answered('{"connections":[{' .. members .. "}]}")).connections[1]
end

local function loa(json)
  return answered('{"loaContent":' .. json .. "}", "DescribeLoa", { connectionId = "c" })
end

-- Something to collect, whose end is told.
local function leave_garbage(finalize)
  if newproxy then -- Lua 5.1 finalizes no table
    getmetatable(newproxy(true)).__gc = finalize
  else
    setmetatable({}, { __gc = finalize })
  end
end

-- Whether the collector goes on by itself: what Lua says or, where it says nothing, what it does.
local function is_collecting()
  local has_answer, answer = pcall(collectgarbage, "isrunning")
  if has_answer then
    return answer
  end
  local collected, limit = false, collectgarbage("count") * 3
  leave_garbage(function()
    collected = true
  end)
  for i = 1, 1000 do
    if collected or collectgarbage("count") > limit then
      break
    end
    local _ = ("x"):rep(2 ^ 20 + i)
  end
  return collected
end

local function is_integer(n)
  return math.type == nil or math.type(n) == "integer"
end

-- Whether two values are the same, integers and floats told apart where Lua does.
local function same(expected, given)
  if type(expected) ~= "table" then
    return expected == given
  elseif type(given) ~= "table" then
    return false
  end
  for key, value in pairs(expected) do
    if not same(value, given[key]) then
      return false
    end
  end
  for key in pairs(given) do
    if expected[key] == nil then
      return false
    end
  end
  return true
end

describe("an answer", function()
  it("of any operation is read by its shape", function()
    local random = samples.random(20120125)
    for _ = 1, 20 do
      for _, op in ipairs(names.operations) do
        local json, expected = samples.answer(random, model, model.operations[op.name])
        local result, message = core.decode(op.id, json)
        assert.is_nil(message, json)
        assert.is_true(same(expected, result), json)
      end
    end
  end)

  it("is read the same however long it is", function()
    local random = samples.random(7)
    local op = names.find("DescribeConnections")
    local parts, expected = {}, { connections = {} }
    for i = 1, 400 do
      local json, result = samples.answer(random, model, { output = "Connection" })
      parts[i], expected.connections[i] = json, result
    end
    local json = '{"connections":[' .. table.concat(parts, ",") .. "]}"
    assert.is_true(#json > 100000)
    assert.is_true(same(expected, core.decode(op.id, json)))
    assert.is_true(same(expected, core.decode(op.id, json)))
  end)

  describe("with integers", function()
    it("has them as Lua's, whichever way they are written", function()
      for json, value in pairs { ["101"] = 101, ["0"] = 0, ["-0"] = 0, ["-7"] = -7, ["101.0"] = 101, ["1.01e2"] = 101,
        ["4294967295"] = 4294967295, ["9007199254740991"] = 9007199254740991 } do
        local given = connection('"vlan":' .. json).vlan
        assert.equal(value, given)
        assert.is_true(is_integer(given), json)
        given = connection('"newer":' .. json).newer
        assert.equal(value, given)
      end
      assert.equal(1.5, connection('"newer":1.5').newer)
    end)

    it("has them beyond 2^53 exactly where Lua can, and as the nearest double elsewhere", function()
      local digits = math.maxinteger and "9007199254740993" or "9007199254740992"
      local gateways = answered('{"directConnectGateways":[{"amazonSideAsn":9007199254740993}]}',
        "DescribeDirectConnectGateways").directConnectGateways
      assert.equal(digits, ("%d"):format(gateways[1].amazonSideAsn))
      assert.equal(digits, ("%d"):format(connection('"vlan":9007199254740993').vlan))
      assert.equal(digits, ("%d"):format(connection('"newer":{"asn":[9007199254740993]}').newer.asn[1]))
    end)

    it("has all 64 bits where Lua does, and the nearest float beyond", function()
      if math.maxinteger then
        assert.equal(math.maxinteger, connection('"vlan":9223372036854775807').vlan)
        assert.equal(math.mininteger, connection('"vlan":-9223372036854775808').vlan)
        assert.is_true(is_integer(connection('"vlan":-9223372036854775808').vlan))
        assert.equal(9007199254740993, connection('"newer":9007199254740993').newer)
      end
      assert.equal(2 ^ 63, connection('"vlan":9223372036854775808').vlan)
      assert.equal(1e22, connection('"vlan":10000000000000000000000').vlan)
    end)
  end)

  describe("with times", function()
    local cases = {
      ["1767323045"] = 1767323045, ["1767323045.25"] = 1767323045.25, ["1.7e9"] = 1700000000, ["-1"] = -1, ["0"] = 0,
      ['"1767323045"'] = 1767323045, ['"1767323045.5"'] = 1767323045.5,
      ['"2026-01-02T03:04:05Z"'] = 1767323045, ['"2026-01-02T03:04:05.250Z"'] = 1767323045.25,
      ['"2026-01-02T04:04:05+01:00"'] = 1767323045, ['"2026-01-01T21:34:05-0530"'] = 1767323045,
      ['"2026-01-02 03:04:05"'] = 1767323045, ['"20260102T030405Z"'] = 1767323045, ['"2026-01-02"'] = 1767312000,
      ['"Fri, 02 Jan 2026 03:04:05 GMT"'] = 1767323045, ['"2 Jan 2026 03:04:05 UTC"'] = 1767323045,
      ['"2024-02-29T00:00:00Z"'] = 1709164800, ['"1969-12-31T23:59:59Z"'] = -1,
    }
    for json, seconds in pairs(cases) do
      it("has Unix seconds for " .. json, function()
        local given = connection('"loaIssueTime":' .. json).loaIssueTime
        assert.equal(seconds, given)
        if seconds == math.floor(seconds) then
          assert.is_true(is_integer(given))
        end
      end)
    end

    for _, json in ipairs {
      '"yesterday"', '""', "true", "{}", "[]", '"2026-02-30T00:00:00Z"', '"2025-02-29"', '"2026-13-01"',
      '"2026-01-02T25:00:00"',
      '"2026-01-02T03:04:05+99:00"', '"2026-01-02T03:04:05 CET"', '"2026-01-02T03"', '"1e"',
      '"Fri, 02 Foo 2026 03:04:05 GMT"',
    } do
      it("refuses " .. json, function()
        local result, err = answered('{"connections":[{"loaIssueTime":' .. json .. "}]}")
        assert.is_nil(result)
        assert.equal("ResponseError", err.code)
        assert.matches("loaIssueTime: expected a time", err.message)
      end)
    end
  end)

  describe("with bytes", function()
    it("has them raw", function()
      assert.equal("\0\255hi", assert(loa('"AP9oaQ=="')).loaContent)
      assert.equal("\0\255hi", assert(loa('"AP9o\\r\\naQ==\\n"')).loaContent)
      assert.equal("", assert(loa('""')).loaContent)
    end)

    it("refuses what is not base64", function()
      for _, json in ipairs { '"AP9oaQ"', '"AP9oaQ="', '"***"', "5", "[]", '"AP9o-Q=="', '"AA==AA=="' } do
        local result, err = loa(json)
        assert.is_nil(result)
        assert.equal("ResponseError", err.code)
        assert.matches("loaContent: expected bytes in base64", err.message)
      end
    end)
  end)

  describe("with strings", function()
    it("has their escapes undone", function()
      assert.equal('"\\/\8\12\n\r\té€😀',
        connection([["connectionName":"\"\\\/\b\f\n\r\t\u00e9\u20AC\ud83d\uDE00"]]).connectionName)
      assert.equal("a\0b", connection([["connectionName":"a\u0000b"]]).connectionName)
      assert.equal("é€😀", connection('"connectionName":"é€😀"').connectionName)
    end)

    it("has a replacement for half a surrogate pair", function()
      assert.equal("\239\191\189x\239\191\189", connection([["connectionName":"\ud800x\udc00"]]).connectionName)
    end)

    it("takes names with escapes for what they are", function()
      assert.equal("n", connection([["\u0063onnectionName":"n"]]).connectionName)
    end)
  end)

  it("has no null, no hole for one in a list, and empty tables for empty lists", function()
    local result = assert(answered('{"connections":[null,{"vlan":null,"vlan2":null},null],"nextToken":null}'))
    assert.same({ connections = { {} } }, result)
    assert.is_nil(next(assert(answered("{}"))))
    assert.same({}, assert(answered('{"connections":[]}')).connections)
  end)

  it("has the last of members of one name", function()
    assert.equal(2, connection('"vlan":1,"vlan":2').vlan)
    assert.is_nil(connection('"vlan":1,"vlan":null').vlan)
    assert.equal(3, connection('"newer":1,"newer":3').newer)
  end)

  it("keeps what is newer than the model", function()
    assert.same({ a = { 1, "x", { b = {} }, true } }, connection('"newer":{"a":[1,"x",{"b":[]},null,true]}').newer)
    assert.equal("unheard-of", connection('"connectionState":"unheard-of"').connectionState)
  end)

  it("keeps a string, number or boolean of another kind as it came", function()
    assert.equal("101", connection('"vlan":"101"').vlan)
    assert.equal(5, connection('"connectionName":5').connectionName)
    assert.equal("true", connection('"jumboFrameCapable":"true"').jumboFrameCapable)
  end)

  describe("is an error", function()
    local cases = {
      -- not JSON
      { "", "no body" }, { " \n", "it ends too early" }, { "<html>", "HTML" }, { "\n<!DOCTYPE html>", "HTML" },
      { "{", "it ends too early" }, { '{"connections":[', "it ends too early" }, { '{"a', "it ends inside a string" },
      { '{"a":tru', "it ends too early" }, { '{"a":1', "it ends too early" },
      { '{"a":"x\\', "it ends inside a string" },
      { "{} x", "more text behind its end" }, { "{}{}", "more text behind its end" }, { '{"a":1}\0', "unexpected" },
      { '{"a":1,}', "unexpected" }, { '{"a":[1,]}', "unexpected" }, { '{"a" 1}', "unexpected" },
      { "{a:1}", "unexpected" },
      { "{'a':1}", "unexpected" }, { '{"a":NaN}', "unexpected" }, { '{"a":Infinity}', "unexpected" },
      { '{"a":01}', "unexpected" }, { '{"a":+1}', "unexpected" }, { '{"a":.5}', "unexpected" },
      { '{"a":1.}', "unexpected" },
      { '{"a":-}', "unexpected" }, { '{"a":1e}', "unexpected" }, { '{"a":0x1}', "unexpected" },
      { '{"a":nul}', "unexpected" },
      { '{"a":1e999}', "beyond all bounds" }, { "{/**/}", "unexpected" }, { "\239\187\191{}", "unexpected" },
      { '{"a":"\1"}', "a control character" }, { '{"a":"\n"}', "a control character" },
      { '{"a":"\\x"}', "unknown escape" },
      { '{"a":"\\u12g4"}', "hexadecimal" }, { '{"a":"\255"}', "not UTF%-8" }, { '{"a":"\192\175"}', "not UTF%-8" },
      { '{"a":"\237\160\128"}', "not UTF%-8" }, { '{"\255":1}', "not UTF%-8" },
      { '{"a":' .. ("["):rep(100000), "nested too deep" }, { ('{"a":'):rep(100000), "nested too deep" },
      { "\31\139\8\0\0\0", "unexpected" },
      -- JSON, but no answer
      { "[]", "not an object" }, { '"x"', "not an object" }, { "null", "not an object" }, { "5", "not an object" },
      -- an answer of another shape
      { '{"connections":"x"}', "connections: expected a list" },
      { '{"connections":{}}', "connections: expected a list" },
      { '{"connections":5}', "connections: expected a list" },
      { '{"connections":true}', "connections: expected a list" },
      { '{"connections":[5]}', "connections: expected an object" },
      { '{"connections":[[]]}', "connections: expected an object" },
      { '{"connections":[{"macSecKeys":[{"state":"a"},"x"]}]}', "macSecKeys: expected an object" },
    }
    for i, case in ipairs(cases) do
      it(("of the response where it is %q (%d)"):format(case[1]:sub(1, 40):gsub("[%c\128-\255]", "?"), i), function()
        local result, err = answered(case[1])
        assert.is_nil(result)
        assert.equal("response", err.kind)
        assert.equal("ResponseError", err.code)
        assert.matches(case[2], err.message)
        assert.equal(200, err.status)
        assert.equal("DescribeConnections", err.operation)
      end)
    end

    it("that repeats nothing of what was unreadable", function()
      local _, err = answered('{"authKey":"hush-hush')
      assert.is_nil(tostring(err):find("hush", 1, true))
      _, err = loa('"hush-hush"')
      assert.is_nil(tostring(err):find("hush", 1, true))
    end)

    it("in time that its length allows, whatever it repeats", function()
      local result, err = answered('{"a":"' .. ("\\u00e9"):rep(500000) .. '"} x')
      assert.is_nil(result)
      assert.matches("more text behind its end", err.message)
    end)
  end)

  describe("of a failure", function()
    -- headers, body, code, message
    local cases = {
      { nil, '{"__type":"DirectConnectClientException","message":"no"}', "DirectConnectClientException", "no" },
      { nil, '{"__type":"com.amazonaws.directconnect#TooManyTagsException","Message":"no"}', "TooManyTagsException",
        "no" },
      { nil, '{"__type":"ns#A:http://x/y#z","message":"no"}', "A", "no" },
      { { ["x-amzn-ErrorType"] = "B:http://internal/" }, '{"message":"no"}', "B", "no" },
      { { ["x-amzn-errortype"] = "ns#B" }, "", "B", "the answer has no body" },
      { nil, '{"code":"C","message":"no"}', "C", "no" },
      { { ["x-amzn-errortype"] = "B" }, '{"__type":"A","code":"C","message":"m","Message":"M"}', "A", "m" },
      { { ["x-amzn-errortype"] = "B" }, '{"code":"C"}', "B", "no explanation came with it" },
      { nil, "{}", "HTTP400", "no explanation came with it" },
      { nil, "", "HTTP400", "the answer has no body" },
      { nil, '{"__type":"","code":5,"message":{}}', "HTTP400", "no explanation came with it" },
      { nil, '{"__type":"ns#"}', "HTTP400", "no explanation came with it" },
      { nil, "<html>busy</html>", "HTTP400", "the body of the answer is not the service's JSON" },
      { nil, '["x"]', "HTTP400", "the body of the answer is not the service's JSON" },
      { nil, '{"__type":"A"', "HTTP400", "the body of the answer is not the service's JSON" },
    }
    for i, case in ipairs(cases) do
      it(("has the code %s (%d)"):format(case[3], i), function()
        local client = world.client { { status = 400, headers = case[1], body = case[2] } }
        local result, err = client:describe_connections()
        assert.is_nil(result)
        assert.equal("service", err.kind)
        assert.equal(case[3], err.code)
        assert.equal(case[4], err.message)
        assert.equal(400, err.status)
      end)
    end

    it("has the status where it is no success and no failure either", function()
      for _, status in ipairs { 100, 199, 301, 304, 404, 599 } do
        local _, err = answered("", nil, nil, status)
        assert.equal("service", err.kind)
        assert.equal("HTTP" .. status, err.code)
        assert.equal(status, err.status)
      end
    end)
  end)

  it("is right though a finalizer that runs meanwhile decodes as well", function()
    local items, inner = {}, '{"a":"' .. ("\\n"):rep(5000) .. '"}'
    for i = 1, 3000 do
      items[i] = ('{"connectionId":"dxcon-%d","connectionName":"a\\nb%d"}'):format(i, i)
    end
    local text = '{"connections":[' .. table.concat(items, ",") .. "]}"
    local id = names.find("DescribeConnections").id
    local is_inside, decoded = false, 0
    local function finalize()
      if is_inside and #core.decode(nil, inner).a == 5000 then
        decoded = decoded + 1
      end
    end
    -- The collector comes to its end often, however much other specs keep.
    collectgarbage()
    local pause, multiplier = collectgarbage("setpause", 100), collectgarbage("setstepmul", 1000)
    finally(function()
      collectgarbage("setpause", pause)
      collectgarbage("setstepmul", multiplier)
    end)
    local rounds = 0
    repeat -- until that happens within
      for _ = 1, 50 do
        leave_garbage(finalize)
      end
      is_inside = true
      local found = assert(core.decode(id, text)).connections
      is_inside = false
      assert.equal(3000, #found)
      for i = 1, 3000 do
        assert(found[i].connectionId == "dxcon-" .. i and found[i].connectionName == "a\nb" .. i)
      end
      rounds = rounds + 1
    until decoded > 0 or rounds == 4000
    assert.is_true(decoded > 0)
  end)

  describe("that is large", function()
    local id = names.find("DescribeConnections").id
    local pause, multiplier

    -- An answer that is larger than all else in memory, with the ending given.
    local function large(ending)
      local items = {}
      for i = 1, 30000 do
        items[i] = ('{"connectionId":"dxcon-%d","connectionName":"number %d"}'):format(i, i)
      end
      collectgarbage()
      local padding = ("x"):rep(math.floor(collectgarbage("count") * 3 * 1024))
      local text = '{"connections":[' .. table.concat(items, ",") .. '],"nextToken":"' .. padding .. '"' .. ending
      items, padding = nil, nil -- luacheck: ignore
      collectgarbage()
      collectgarbage()
      assert(#text > 2 ^ 20 and collectgarbage("count") * 1024 < 2 * #text)
      return text
    end

    before_each(function()
      pause, multiplier = collectgarbage("setpause", 100), collectgarbage("setstepmul", 1000)
    end)

    after_each(function()
      collectgarbage("setpause", pause)
      collectgarbage("setstepmul", multiplier)
      collectgarbage("restart")
    end)

    it("is read, and the collector goes on", function()
      local found = assert(core.decode(id, large("}"))).connections
      assert.equal(30000, #found)
      assert.equal("number 30000", found[30000].connectionName)
      assert.is_true(is_collecting())
    end)

    it("lets the collector rest meanwhile, where Lua tells whether somebody stopped it", function()
      local is_inside, collected, text = false, 0, large("}")
      for _ = 1, 100 do
        leave_garbage(function()
          collected = collected + (is_inside and 1 or 0)
        end)
      end
      is_inside = true
      assert(core.decode(id, text))
      is_inside = false
      if pcall(collectgarbage, "isrunning") then
        assert.equal(0, collected)
      else
        assert.is_true(collected > 0)
      end
    end)

    it("is refused where it is not valid, and the collector goes on", function()
      local result, message = core.decode(id, large(""))
      assert.is_nil(result)
      assert.truthy(message:find("ends too early", 1, true))
      assert.is_true(is_collecting())
    end)

    it("leaves a collector alone that somebody stopped", function()
      local text = large("}")
      collectgarbage("stop")
      assert(core.decode(id, text))
      assert.is_false(is_collecting())
    end)
  end)

  it("may have two million values, and no more", function()
    local function list(n) -- itself and what it is in are values as well
      return '{"newer":[' .. ("[],"):rep(n - 3) .. "[]]}"
    end
    assert.equal(2000000 - 2, #answered(list(2000000)).newer)
    local result, err = answered(list(2000001))
    assert.is_nil(result)
    assert.equal("ResponseError", err.code)
    assert.matches("two million values", err.message)
    local members = '{"connections":[' .. ('{"connectionId":"a","connectionName":"b"},'):rep(800000) .. "{}]}"
    assert.equal("ResponseError", select(2, answered(members)).code)
  end)

  it("makes no room for the members of structures without any", function()
    local function text(n)
      return '{"connections":[' .. ('{"location":"a","vlan":1},'):rep(10) .. ("{},"):rep(n) .. "{}]}"
    end
    local id = names.find("DescribeConnections").id
    core.decode(id, text(1))
    collectgarbage()
    collectgarbage()
    local before = collectgarbage("count")
    local result = core.decode(id, text(10000))
    assert.is_true(collectgarbage("count") - before < 10000 * 0.11) -- an empty table and its place in the list, in KB
    assert.equal(10011, #result.connections)
  end)

  it("without a shape keeps what it holds", function()
    assert.same({ a = { 1, 2.5, "x", {}, { b = true } } }, core.decode(nil, '{"a":[1,2.5,"x",[],{"b":true}],"c":null}'))
    local nothing, message = core.decode(nil, "{")
    assert.is_nil(nothing)
    assert.matches("ends too early", message)
  end)
end)
