--- Many calls of one client, over real sockets and a server that misbehaves to order.

local dxconnect = require "dxconnect"
local faultd = require "spec.support.faultd"
local shell = require "spec.support.shell"
local world = require "spec.support.world"

local ok, send = faultd.ok, faultd.send
local lags = ok('{"lags":[{"lagId":"dxlag-1"}]}')

-- Plain Lua 5.1 yields through no pcall, and a transport is called in one.
local CAN_YIELD = _VERSION ~= "Lua 5.1" or type(jit) == "table"

local server, client

local function start(steps, options)
  server = faultd.start(steps, options)
  client = server:client()
end

after_each(function()
  if server then
    server:stop()
    server = nil
  end
end)

-- A transport that answers each lag's id with the lag, and fails for those that it is told to.
local function echo(failing)
  return function(request)
    if CAN_YIELD then
      coroutine.yield()
    end
    local id = request.body:match('"lagId":"([^"]+)"')
    if failing and failing[id] then
      return world.fault(400, "DirectConnectClientException", "Could not find Lag with ID " .. id)
    end
    return world.ok(('{"lags":[{"lagId":"%s"}]}'):format(id))
  end
end

local function ids(n)
  local list = {}
  for i = 1, n do
    list[i] = { lagId = "dxlag-" .. i }
  end
  return list
end

describe("map", function()
  it("keeps the order, with a result or an error in each place", function()
    local mapped = world.client { echo { ["dxlag-3"] = true, ["dxlag-20"] = true } }
    local results = mapped:map("describe_lags", ids(40))
    assert.equal(40, #results)
    for i, entry in ipairs(results) do
      if i == 3 or i == 20 then
        assert.is_nil(entry.result)
        assert.equal("not_found", entry.error.reason)
        assert.matches("dxlag%-" .. i, entry.error.message)
      else
        assert.is_nil(entry.error)
        assert.equal("dxlag-" .. i, entry.result.lags[1].lagId)
      end
    end
  end)

  it("gives every item its result or its error, over 32 connections at most, when a third of the answers are faults",
    function()
      start({
        lags, ok("{}", 500), lags, lags .. " close", "reset", lags,
        send("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{") .. " close", lags, "wait=3 " .. lags,
        ok('{"__type":"ThrottlingException"}', 400), lags, lags .. " close", "close", lags,
        ok('{"__type":"DirectConnectClientException","message":"no"}', 400),
      }, { cycle = true })
      local seen = 0
      local results = client:map("describe_lags", ids(500), {
        concurrency = 32,
        on_progress = function(done, total, item)
          seen = seen + 1
          assert(done == seen and total == 500 and (item.result or item.error))
        end,
      })
      assert.equal(500, seen)
      assert.equal(500, #results)
      local good, bad = 0, 0
      for _, entry in ipairs(results) do
        if entry.error then
          assert.is_nil(entry.result)
          assert.matches("%w", entry.error.code)
          bad = bad + 1
        else
          assert.equal("dxlag-1", entry.result.lags[1].lagId)
          good = good + 1
        end
      end
      assert.equal(500, good + bad)
      assert.is_true(good > 250)
      assert.is_true(server:most_open() <= 32)
    end)

  it("has sixteen in flight unless told otherwise, and never more connections", function()
    start { "wait=2 " .. lags }
    for _, entry in ipairs(client:map("describe_lags", ids(100))) do
      assert.is_nil(entry.error)
    end
    assert.equal(16, server:most_open())
  end)

  it("is held up by no item that waits", function()
    start({
      ok("{}", 500, "x-amz-retry-after: 100\r\n"), lags,
    })
    local order = {}
    local results = client:map("describe_lags", ids(10), {
      concurrency = 1,
      on_progress = function(_, _, item)
        order[#order + 1] = item
      end,
    })
    assert.equal(10, #order)
    assert.equal(results[1], order[10])
    assert.is_nil(results[1].error)
  end)

  it("keeps ten thousand queued calls in little memory, also where many of them wait", function()
    start({ lags, lags, lags, ok("{}", 500) }, { cycle = true })
    local code = [[package.path, package.cpath = "%s", "./build/%s/?.so;" .. package.cpath
      local list = {}
      for i = 1, 10000 do
        list[i] = { lagId = "dxlag-" .. i }
      end
      local client = require("dxconnect").client{ region = "us-east-1", endpoint_url = "%s",
        credentials = { access_key_id = "a", secret_access_key = "b" } }
      local results, bad = client:map("describe_lags", list, { concurrency = 32 }), 0
      for _, entry in ipairs(results) do
        bad = bad + (entry.error and entry.error.status ~= 500 and 1 or 0)
      end
      local status = io.open("/proc/self/status"):read("*a")
      print(#results, bad, status:match("VmHWM:%%s+(%%d+) kB"))]]
    code = code:format(package.path, shell.lua, server.url)
    local line = shell.output(("exec env -u LD_PRELOAD %s -e '%s'"):format(shell.lua, code))
    local count, bad, memory = line:match("^(%d+)%s+(%d+)%s+(%d+)")
    assert.equal("10000", count)
    assert.equal("0", bad)
    assert.is_true(tonumber(memory) < 64 * 1024, memory .. " kB")
  end)

  it("takes either spelling, and returns what is wrong with the name or an item in its place", function()
    local mapped, record = world.client { echo() }
    assert.equal("dxlag-1", mapped:map("DescribeLags", ids(1))[1].result.lags[1].lagId)
    assert.equal("UnknownOperationError", mapped:map("describe_lag", ids(2))[2].error.code)
    assert.equal(1, #record.requests)
    local results = mapped:map("describe_lags", { { lagId = 5 }, { lagId = "dxlag-2" } })
    assert.equal("ParamValidationError", results[1].error.code)
    assert.equal("dxlag-2", results[2].result.lags[1].lagId)
    assert.same({}, mapped:map("describe_lags", {}))
  end)

  if CAN_YIELD then -- one after the other, the first ones are done before the fifth fails
    it("begins nothing more after an error where it is to stop, and says what was not begun", function()
      local mapped, record = world.client { echo { ["dxlag-5"] = true } }
      local done = 0
      local results = mapped:map("describe_lags", ids(20), {
        concurrency = 2, stop_on_error = true,
        on_progress = function()
          done = done + 1
        end,
      })
      assert.equal(20, #results)
      assert.equal(20, done)
      assert.equal("DirectConnectClientException", results[5].error.code)
      local cancelled = 0
      for i, entry in ipairs(results) do
        if i < 5 then
          assert.is_table(entry.result)
        elseif i > 5 and entry.error then
          assert.equal("CancelledError", entry.error.code)
          assert.equal("transport", entry.error.kind)
          assert.equal("DescribeLags", entry.error.operation)
          assert.is_nil(entry.error.maybe_applied)
          cancelled = cancelled + 1
        end
      end
      assert.is_true(cancelled >= 14)
      assert.equal(20 - cancelled, #record.requests)
    end)
  end

  it("goes on after an error where it is not to stop", function()
    local mapped, record = world.client { echo { ["dxlag-1"] = true } }
    mapped:map("describe_lags", ids(20), { concurrency = 2 })
    assert.equal(20, #record.requests)
  end)

  it("leaves nothing in flight when on_progress raises, which is raised", function()
    start { lags, "hang" }
    local raised, err = pcall(client.map, client, "describe_lags", ids(50), {
      concurrency = 8,
      on_progress = function()
        error("stop here", 0)
      end,
    })
    assert.is_false(raised)
    assert.equal("stop here", err)
    assert.is_true(server:await_closed(server:connections() - 1)) -- one was idle
    assert.is_nil(dxconnect.loop.timeout())
  end)

  it("ends every item when the client is closed on the way", function()
    start { "hang" }
    local results
    dxconnect.parallel {
      function()
        results = client:map("describe_lags", ids(20), { concurrency = 4 })
      end,
      function()
        while server:connections() < 4 do
          coroutine.yield()
        end
        client:close()
      end,
    }
    assert.equal(20, #results)
    for i, entry in ipairs(results) do
      assert.equal(i <= 4 and "CancelledError" or "ConfigError", entry.error.code)
    end
  end)
end)

describe("batch", function()
  it("makes different calls, with options of their own, by position or by name", function()
    local batched, record = world.client { function(request)
      return world.ok('{"operation":"' .. request.headers["x-amz-target"] .. '"}')
    end }
    local results = batched:batch {
      { "describe_lags", { lagId = "dxlag-1" }, { timeout = 7 } },
      { name = "DescribeConnections", params = { connectionId = "dxcon-1" }, options = { timeout = 8 } },
      { "describe_locations" },
      { "DescribeNewThings", {}, { unmodeled = true } },
    }
    for i, name in ipairs { "DescribeLags", "DescribeConnections", "DescribeLocations", "DescribeNewThings" } do
      assert.equal("OvertureService." .. name, results[i].result.operation)
    end
    assert.equal(7, record.requests[1].timeout)
    assert.equal(8, record.requests[2].timeout)
    assert.equal("{}", record.requests[3].body)
  end)

  it("puts what is wrong with a name into its place", function()
    local batched = world.client { echo() }
    local results = batched:batch { { "describe_lag" }, { "describe_lags", { lagId = "dxlag-1" } }, { 42 }, {} }
    assert.equal("UnknownOperationError", results[1].error.code)
    assert.is_table(results[2].result)
    assert.equal("UnknownOperationError", results[3].error.code)
    assert.equal("UnknownOperationError", results[4].error.code)
  end)

  it("changes nothing that it is given", function()
    local batched = world.client { echo() }
    local calls = { { "describe_lags", { lagId = "dxlag-1" }, { timeout = 7 } } }
    local options = { concurrency = 3 }
    batched:batch(calls, options)
    assert.same({ { "describe_lags", { lagId = "dxlag-1" }, { timeout = 7 } } }, calls)
    assert.same({ concurrency = 3 }, options)
  end)

  it("raises only for misuse of Lua, with the caller's line", function()
    local batched, record = world.client { echo() }
    for _, misuse in ipairs {
      function() batched:batch() end,
      function() batched:batch { "describe_lags" } end,
      function() batched:batch { { "describe_lags", "x" } } end,
      function() batched:batch { { "describe_lags", {}, "x" } } end,
      function() batched:batch({}, "x") end,
      function() batched:batch({}, { concurrency = 0 }) end,
      function() batched:batch({}, { on_progress = 5 }) end,
      function() batched:map("describe_lags") end,
      function() batched:map("describe_lags", { 5 }) end,
      function() batched:map("describe_lags", {}, { concurrency = -1 }) end,
      function() batched.map() end,
    } do
      local raised, message = pcall(misuse)
      assert.is_false(raised)
      assert.matches("^[^:]*batch_spec.lua:%d+: ", message)
    end
    assert.equal(0, #record.requests)
  end)
end)
