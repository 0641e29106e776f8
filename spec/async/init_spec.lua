--- Runs of many tasks, over real sockets and a server that misbehaves to order.

local core = require "dxconnect.core"
local dxconnect = require "dxconnect"
local faultd = require "spec.support.faultd"
local schedule = require "dxconnect.async"
local yields = require "spec.support.yields"

local lags = faultd.ok('{"lags":[{"lagId":"dxlag-1"}]}')

local server

local function start(...)
  server = faultd.start(...)
  return server
end

after_each(function()
  if server then
    server:stop()
    server = nil
  end
end)

local function parallel(...)
  return dxconnect.parallel({ ... })
end

-- Whether, after what is left to do at once, no task waits for its time.
local function is_at_rest()
  for _ = 1, 10 do
    dxconnect.loop.step()
  end
  return dxconnect.loop.timeout() == nil
end

-- What went wrong in any of the results.
local function first_error(results)
  for i, entry in ipairs(results) do
    if entry.error then
      return i .. ": " .. tostring(entry.error)
    end
  end
end

describe("parallel", function()
  it("returns first values, errors and what was raised, each in its place", function()
    local problem = { code = "Mine" }
    local results = parallel(function()
      return 1, "more"
    end, function()
      return nil, problem
    end, function()
      error(problem)
    end, function()
      error("text", 0)
    end, function()
    end, function()
      return false
    end)
    assert.equal(6, #results)
    assert.same({ result = 1 }, results[1])
    assert.equal(problem, results[2].error)
    assert.equal(problem, results[3].error)
    assert.equal("text", results[4].error)
    assert.same({}, results[5])
    assert.same({ result = false }, results[6])
  end)

  it("returns an empty list for no tasks", function()
    assert.same({}, dxconnect.parallel({}))
  end)

  it("raises for misuse of Lua, with the caller's line", function()
    for _, misuse in ipairs {
      function() dxconnect.parallel() end,
      function() dxconnect.parallel { "x" } end,
      function() dxconnect.parallel({ print }, 3) end,
      function() dxconnect.parallel({ print }, { concurrency = 0 }) end,
      function() dxconnect.parallel({ print }, { concurrency = 1.5 }) end,
      function() dxconnect.parallel({ print }, { concurrency = "4" }) end,
      function() dxconnect.parallel({ print }, { on_progress = "bar" }) end,
      function() dxconnect.loop.spawn("x") end,
    } do
      local raised, message = pcall(misuse)
      assert.is_false(raised)
      assert.matches("^[^:]*init_spec.lua:%d+: ", message)
    end
  end)

  it("begins no further task after one that fails, where it is told to stop", function()
    local function raises()
      error("no", 0)
    end
    local function fails()
      return nil, "no"
    end
    for _, first in ipairs { raises, fails } do
      local begun = 0
      local function counts()
        begun = begun + 1
        return begun
      end
      local results = dxconnect.parallel({ counts, first, counts, counts }, { concurrency = 1, stop_on_error = true })
      assert.same({ { result = 1 }, { error = "no" } }, { results[1], results[2] })
      for i = 3, 4 do
        assert.equal("CancelledError", results[i].error.code)
      end
      assert.equal(1, begun)
      assert.equal(3, dxconnect.parallel({ first, counts, counts }, { concurrency = 1 })[3].result)
    end
  end)

  it("tells of each task that ended, raised ones included", function()
    local seen = {}
    local results = dxconnect.parallel({ math.abs, os.clock, math.floor, os.time }, {
      on_progress = function(done, total, item)
        seen[item] = done .. "/" .. total
      end,
      concurrency = 1,
    })
    for i, entry in ipairs(results) do
      assert.equal(i .. "/4", seen[entry])
    end
    assert.is_nil(results[1].result)
  end)

  it("raises what on_progress raises, and begins nothing more", function()
    local begun = 0
    local function fails()
      begun = begun + 1
      error("mine", 0)
    end
    local function works()
      begun = begun + 1
    end
    for i, task in ipairs { fails, works } do
      assert.same({ false, "stop here" }, { pcall(dxconnect.parallel, { task, task, task }, {
        concurrency = 1,
        on_progress = function()
          error("stop here", 0)
        end,
      }) })
      assert.equal(i, begun)
    end
  end)

  it("has calls of several clients in flight together", function()
    -- nobody is answered before all are here
    start { "wait=60000 close" }
    local functions = {}
    for i = 1, 4 do
      local client = server:client { max_attempts = 1 }
      functions[i] = function()
        if i == 4 then
          while server:connections() < 3 do
            schedule.sleep(0.01)
          end
          for k = 1, 3 do
            server.clients[k]:close()
          end
          return "all here"
        end
        return client:describe_lags()
      end
    end
    local results = dxconnect.parallel(functions)
    assert.equal("all here", results[4].result)
    for i = 1, 3 do
      assert.equal("CancelledError", results[i].error.code)
    end
    assert.is_true(server:await_closed(3))
  end)

  it("begins no more than it was told to", function()
    start { "wait=2 " .. lags }
    local client = server:client()
    local functions, inside, most = {}, 0, 0
    for i = 1, 30 do
      functions[i] = function()
        inside = inside + 1
        most = math.max(most, inside)
        local result, err = client:describe_lags()
        inside = inside - 1
        return result, err
      end
    end
    local results = dxconnect.parallel(functions, { concurrency = 3 })
    assert.is_nil(first_error(results))
    assert.equal(3, most)
    assert.equal(3, server:most_open())
    dxconnect.parallel(functions)
    assert.equal(16, most)
  end)

  it("reuses connections, and keeps to the limit with idle ones that were there before", function()
    start { lags }
    local client = server:client()
    local list = {}
    for i = 1, 40 do
      list[i] = {}
    end
    assert.is_nil(first_error(client:map("describe_lags", list, { concurrency = 20 })))
    local before = server:connections()
    assert.is_true(before <= 20)
    assert.is_nil(first_error(client:map("describe_lags", list, { concurrency = 4 })))
    -- libcurl, told to keep fewer, may close one of those that stayed: its clock for them is coarser than ours
    assert.is_true(server:connections() <= before + 2)
    assert.is_true(server:await_closed(before - 4))
  end)

  it("works within itself, and within what batch calls", function()
    start { lags }
    local client = server:client()
    local function count_in_batch()
      local results = client:map("describe_lags", { {}, {}, {} })
      assert(not first_error(results))
      return #results
    end
    local results = parallel(function()
      local inner = parallel(count_in_batch, function()
        return parallel(count_in_batch)[1].result
      end, function()
        error("inner", 0)
      end)
      return inner
    end, count_in_batch)
    assert.equal(3, results[2].result)
    local inner = results[1].result
    assert.equal(3, inner[1].result)
    assert.equal(3, inner[2].result)
    assert.equal("inner", inner[3].error)
  end)

  it("leaves nothing in flight when a run fails", function()
    start { "hang" }
    local client = server:client()
    local waited = false
    local ok, err = pcall(schedule.each, 5, 5, function(i)
      if i == 1 then
        schedule.sleep(60)
      elseif i == 5 then
        while server:connections() < 3 do
          schedule.sleep(0.01)
        end
        error("broken", 0)
      end
      client:describe_lags()
      waited = true
    end)
    assert.is_false(ok)
    assert.equal("broken", err)
    assert.is_false(waited)
    assert.is_true(server:await_closed(3))
    assert.is_true(is_at_rest())
  end)

  it("breaks off what was begun within a task of a run that fails", function()
    start { "hang" }
    local client = server:client()
    local ok, err = pcall(schedule.each, 2, 2, function(i)
      if i == 1 then
        return client:map("describe_lags", { {}, {}, {} })
      end
      while server:connections() < 3 do
        schedule.sleep(0.01)
      end
      error("broken", 0)
    end)
    assert.is_false(ok)
    assert.equal("broken", err)
    assert.is_true(server:await_closed(3))
  end)

  it("can be called again, and by others, after a run that failed", function()
    start { lags }
    local client = server:client()
    pcall(schedule.each, 3, 1, function()
      error("broken", 0)
    end)
    assert.is_nil(first_error(client:map("describe_lags", { {}, {} })))
    assert(client:describe_lags())
  end)

  it("passes by what waits", function()
    local order = {}
    parallel(function()
      schedule.sleep(0.03)
      order[#order + 1] = "late"
    end, function()
      schedule.sleep(0.001)
      order[#order + 1] = "early"
    end, function()
      order[#order + 1] = "at once"
    end)
    assert.same({ "at once", "early", "late" }, order)
  end)

  it("lets others have the place of a task that waits, and gives it back in turn", function()
    local order, active, most = {}, 0, 0
    schedule.each(6, 1, function(i)
      active = active + 1
      most = math.max(most, active)
      if i <= 2 then
        active = active - 1
        schedule.sleep(0.005)
        active = active + 1
        most = math.max(most, active)
      end
      order[#order + 1] = i
      active = active - 1
    end)
    assert.equal(1, most)
    assert.equal(6, #order)
    assert.equal(3, order[1])
  end)

  it("lets who has slept enough go on before another is begun", function()
    local order = {}
    schedule.each(4, 1, function(i)
      if i == 1 then
        schedule.sleep(0.001)
      else
        core.sleep(0.002)
        coroutine.yield()
      end
      order[#order + 1] = i
    end)
    assert.same({ 2, 1, 3, 4 }, order)
  end)

  it("lets a task's own yield give the others their turn", function()
    local order = {}
    parallel(function()
      order[#order + 1] = "a1"
      coroutine.yield()
      order[#order + 1] = "a2"
    end, function()
      order[#order + 1] = "b1"
      coroutine.yield("anything")
      order[#order + 1] = "b2"
    end)
    assert.same({ "a1", "b1", "a2", "b2" }, order)
  end)

  describe("with coroutines of the user's own in a task", function()
    it("lets calls, waits and runs in them work, and the others go on", function()
      start { "wait=5 " .. lags }
      local client = server:client()
      local others = 0
      local results = parallel(function()
        local generate = coroutine.wrap(function()
          for _ = 1, 3 do
            coroutine.yield(assert(client:describe_lags()).lags[1].lagId)
            schedule.sleep(0.001)
          end
          coroutine.yield(#client:map("describe_lags", { {}, {} }))
        end)
        return { generate(), generate(), generate(), generate() }
      end, function()
        for _ = 1, 3 do
          assert(client:describe_lags())
          others = others + 1
        end
        return others
      end)
      assert.same({ "dxlag-1", "dxlag-1", "dxlag-1", 2 }, results[1].result)
      assert.equal(3, results[2].result)
    end)

    it("lets as many of them wait at once as there are", function()
      start { "wait=1 " .. lags }
      local client = server:client()
      local functions = {}
      for i = 1, 40 do
        functions[i] = function()
          return coroutine.wrap(function()
            return client:describe_lags()
          end)()
        end
      end
      local results = dxconnect.parallel(functions, { concurrency = 40 })
      assert.is_nil(first_error(results))
      assert.equal(40, #server:requests())
    end)

    it("raises in them what a call raises", function()
      local entry = parallel(function()
        local inner = coroutine.create(function()
          schedule.each(1, 1, function()
            error("inside", 0)
          end)
        end)
        local ok, err = coroutine.resume(inner)
        assert(not ok)
        return err
      end)[1]
      assert.equal("inside", entry.result)
    end)
  end)

  it("works where code can't be yielded through", function()
    start { lags }
    local client = server:client()
    local results = parallel(function()
      local list = { 3, 1, 2 }
      table.sort(list, function(a, b)
        assert(client:describe_lags())
        return a < b
      end)
      return table.concat(list)
    end, function()
      return (("ab"):gsub(".", function()
        return assert(client:describe_lags()).lags[1].lagId
      end))
    end, function()
      local object = setmetatable({}, {
        __index = function()
          return assert(client:describe_lags()).lags[1].lagId
        end,
      })
      return object.anything
    end, function()
      for _ in function(_, n)
        assert(client:describe_lags())
        return (n or 0) < 3 and (n or 0) + 1 or nil
      end do -- luacheck: ignore 542
      end
      local ok, result = pcall(client.describe_lags, client)
      return ok and result.lags[1].lagId
    end)
    assert.is_nil(first_error(results))
    assert.equal("123", results[1].result)
    assert.equal("dxlag-1dxlag-1", results[2].result)
    assert.equal("dxlag-1", results[3].result)
    assert.equal("dxlag-1", results[4].result)
  end)

  it("gives an error where Lua 5.1 can't tell that it will not yield, and goes on with the rest", function()
    start { lags }
    local client = server:client()
    local object = setmetatable({}, {
      __index = function()
        return client:describe_lags()
      end,
    })
    local results = parallel(function()
      return object.anything
    end, function()
      return client:describe_lags()
    end)
    assert.equal("dxlag-1", results[2].result.lags[1].lagId)
    if yields.through_pcall then
      assert.equal("dxlag-1", results[1].result.lags[1].lagId)
    else
      assert.matches("attempt to yield across", tostring(results[1].error))
    end
    assert.is_table((client:describe_lags()))
    assert.is_true(is_at_rest())
  end)

  it("calls a sleep of the user's own, inside tasks too", function()
    start { faultd.ok("{}", 500), lags }
    local slept = {}
    local client = server:client {
      system = {
        sleep = function(seconds)
          slept[#slept + 1] = seconds
        end,
      },
    }
    assert.is_nil(first_error(client:map("describe_lags", { {} })))
    assert.equal(1, #slept)
  end)

  it("fetches credentials once for all calls that wait for them", function()
    start { lags }
    local fetched = 0
    local client = server:client {
      credentials = function()
        fetched = fetched + 1
        schedule.sleep(0.002)
        return { access_key_id = "AK", secret_access_key = "ssssssss" }
      end,
    }
    local list = {}
    for i = 1, 10 do
      list[i] = {}
    end
    assert.is_nil(first_error(client:map("describe_lags", list)))
    assert.equal(1, fetched)
  end)

  it("goes on after thousands of tasks that wait at once", function()
    local done = 0
    schedule.each(3000, 8, function()
      schedule.sleep(0.001)
      done = done + 1
    end)
    assert.equal(3000, done)
  end)
end)

describe("dxconnect.sleep", function()
  it("waits, blocking outside of tasks, and lets others run in a task", function()
    local began = core.monotonic()
    assert.is_true(dxconnect.sleep(0.01))
    assert.is_true(core.monotonic() - began >= 0.01)
    local order = {}
    parallel(function()
      dxconnect.sleep(0.02)
      order[#order + 1] = "late"
    end, function()
      order[#order + 1] = "early"
    end)
    assert.same({ "early", "late" }, order)
  end)

  it("takes any number, and raises for what is none, with the caller's line", function()
    for _, seconds in ipairs { 0, -1, -math.huge, 0 / 0 } do
      assert.is_true(dxconnect.sleep(seconds))
      assert.is_true(parallel(function()
        return dxconnect.sleep(seconds)
      end)[1].result)
    end
    for _, wrong in ipairs { "1", {}, false } do
      local ok, message = pcall(function()
        dxconnect.sleep(wrong)
      end)
      assert.is_false(ok)
      assert.matches("init_spec.lua:%d+: sleep: expected a number", message)
    end
  end)

  it("waits by the sleep of a client that the task called", function()
    start { lags }
    local slept = 0
    local client = server:client {
      system = {
        sleep = function(seconds)
          slept = slept + seconds
        end,
      },
    }
    local results = dxconnect.parallel({ function()
      assert(client:describe_lags())
      return dxconnect.sleep(3600)
    end, function()
      return dxconnect.sleep(0.001)
    end }, { concurrency = 1 })
    assert.same({ { result = true }, { result = true } }, results)
    assert.equal(3600, slept)
  end)
end)
