local lock = require "dxconnect.async.lock"
local schedule = require "dxconnect.async.schedule"

local function parallel(...)
  return schedule.parallel({ ... })
end

describe("a lock", function()
  it("is one task's at a time, in the order in which they came", function()
    local guarded, inside, order = lock.new(), 0, {}
    local tasks = {}
    for i = 1, 5 do
      tasks[i] = function()
        guarded:lock()
        inside = inside + 1
        assert(inside == 1)
        order[#order + 1] = i
        schedule.sleep(0)
        coroutine.yield()
        inside = inside - 1
        guarded:unlock()
        return true
      end
    end
    for _, entry in ipairs(schedule.parallel(tasks)) do
      assert.is_true(entry.result)
    end
    assert.same({ 1, 2, 3, 4, 5 }, order)
  end)

  it("holds up nobody else", function()
    local guarded, other_is_done = lock.new(), false
    local results = parallel(function()
      guarded:lock()
      while not other_is_done do
        coroutine.yield()
      end
      guarded:unlock()
      return "first"
    end, function()
      guarded:lock()
      guarded:unlock()
      return "second"
    end, function()
      other_is_done = true
    end)
    assert.equal("first", results[1].result)
    assert.equal("second", results[2].result)
  end)

  it("can be taken outside of tasks", function()
    local guarded = lock.new()
    guarded:lock()
    guarded:unlock()
    guarded:lock()
    guarded:unlock()
  end)

  it("is waited for in a coroutine of the user's own inside a task", function()
    local guarded, order = lock.new(), {}
    parallel(function()
      guarded:lock()
      schedule.sleep(0)
      order[#order + 1] = "first"
      guarded:unlock()
    end, function()
      local inner = coroutine.wrap(function()
        guarded:lock()
        order[#order + 1] = "second"
        guarded:unlock()
        return "done"
      end)
      local said = inner()
      order[#order + 1] = said
    end)
    assert.same({ "first", "second", "done" }, order)
  end)

  it("lets who slept with it go on though those who wait for it have every place", function()
    local guarded, tasks = lock.new(), {}
    for i = 1, 5 do
      tasks[i] = function()
        guarded:lock()
        schedule.sleep(0.001)
        guarded:unlock()
        return i
      end
    end
    for i, entry in ipairs(schedule.parallel(tasks, { concurrency = 2 })) do
      assert.same({ result = i }, entry)
    end
  end)

  it("is let go by a task that ends without giving it back", function()
    local guarded = lock.new()
    local function forgetful()
      guarded:lock()
      schedule.sleep(0)
      error("oops", 0)
    end
    assert.same({ { error = "oops" }, { error = "oops" } }, parallel(forgetful, forgetful))
  end)

  it("is let go by a task that is broken off", function()
    local guarded = lock.new()
    local ran = {}
    local results = parallel(function()
      schedule.each(2, 2, function(i)
        if i == 2 then
          error("stop", 0)
        end
        guarded:lock()
        schedule.sleep(60)
      end)
    end, function()
      guarded:lock()
      ran[#ran + 1] = "second"
      guarded:unlock()
    end)
    assert.equal("stop", results[1].error)
    assert.same({ "second" }, ran)
  end)

  it("passes by those who were broken off while they waited", function()
    local guarded, ran = lock.new(), {}
    parallel(function()
      guarded:lock()
      for _ = 1, 6 do
        coroutine.yield()
      end
      guarded:unlock()
    end, function()
      pcall(schedule.each, 2, 2, function(i)
        if i == 2 then
          error("stop", 0)
        end
        guarded:lock()
        ran[#ran + 1] = "dead"
      end)
    end, function()
      coroutine.yield()
      coroutine.yield()
      guarded:lock() -- behind the one who waits in vain
      ran[#ran + 1] = "third"
      guarded:unlock()
    end)
    assert.same({ "third" }, ran)
  end)

  it("is passed by where its holder can't go on before those who wait for it", function()
    local guarded, ran = lock.new(), 0
    local results = parallel(function()
      guarded:lock()
      coroutine.wrap(function() -- drives the others from within
        schedule.sleep(0.002)
      end)()
      guarded:unlock()
    end, function()
      coroutine.wrap(function() -- on top of that driver
        parallel(function()
          guarded:lock()
          ran = ran + 1
          guarded:unlock()
        end)
      end)()
    end)
    assert.same({}, results[1])
    assert.same({}, results[2])
    assert.equal(1, ran)
    guarded:lock() -- and is free again
    guarded:unlock()
  end)
end)
