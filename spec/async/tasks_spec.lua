local core = require "dxconnect.core"
local tasks = require "dxconnect.async.tasks"
local yields = require "spec.support.yields"

-- Begins f as a task; a table that has `done` and what finished heard, once it has ended.
local function begin(f)
  local ended = {}
  local task = tasks.new(f, function(_, ...)
    ended.done, ended.outcome = true, { ... }
  end)
  tasks.wake(task)
  return ended, task
end

local function drive(goal)
  return tasks.drive_to(goal)
end

describe("tasks", function()
  it("run when they are driven, and tell what came of them", function()
    local good = begin(function()
      return 1, 2
    end)
    local bad = begin(function()
      error("no", 0)
    end)
    assert.is_nil(good.done)
    assert.is_true(drive(good))
    assert.is_true(drive(bad))
    assert.same({ true, 1, 2 }, good.outcome)
    assert.same({ false, "no" }, bad.outcome)
  end)

  it("can yield in their own code only", function()
    local seen = {}
    assert.is_false(tasks.can_yield())
    assert.is_true(drive((begin(function()
      seen.own = tasks.can_yield()
      coroutine.wrap(function()
        seen.coroutine = tasks.can_yield()
      end)()
      table.sort({ 2, 1 }, function(a, b)
        seen.sort = tasks.can_yield()
        return a < b
      end)
    end))))
    assert.is_true(seen.own)
    assert.is_false(seen.coroutine)
    assert.is_false(seen.sort)
    assert.is_nil(tasks.current())
  end)

  it("get what they are woken with", function()
    local got
    local ended, task = begin(function()
      got = { tasks.yield() }
    end)
    tasks.run_ready()
    tasks.wake(task, "a", nil, "c", 4)
    assert.is_true(drive(ended))
    assert.same({ "a", nil, "c", 4 }, got)
  end)

  it("sleep side by side, the shorter one ending first", function()
    local order, ended = {}, {}
    for i, seconds in ipairs { 0.02, 0.001, 0.01 } do
      ended[i] = begin(function()
        tasks.sleep(seconds)
        order[#order + 1] = i
      end)
    end
    tasks.run_ready()
    local due = tasks.due_in()
    assert.is_true(due >= 0 and due <= 0.001)
    for i = 1, 3 do
      assert.is_true(drive(ended[i]))
    end
    assert.same({ 2, 3, 1 }, order)
    assert.is_nil(tasks.due_in())
  end)

  it("never sleep for less than nothing, and not for ever where that is nothing", function()
    assert.is_true(drive((begin(function()
      tasks.sleep(-5)
      tasks.sleep(0)
    end))))
    tasks.sleep(-1)
  end)

  it("stop where they stand when they are broken off", function()
    local went_on, closed = false, false
    local ended, task = begin(function()
      local guard = setmetatable({}, {
        __close = function()
          closed = true
        end,
      })
      if _VERSION == "Lua 5.4" then
        assert(load("local guard, sleep = ...; local g <close> = guard; sleep(60)"))(guard, tasks.sleep)
      end
      tasks.sleep(60)
      went_on = true
    end)
    tasks.run_ready()
    tasks.cancel(task)
    assert.is_nil(tasks.due_in())
    tasks.run_ready()
    assert.is_false(went_on)
    assert.is_nil(ended.done)
    assert.equal(_VERSION == "Lua 5.4", closed)
  end)

  it("are not run any more when they were broken off while they were ready", function()
    local ran = false
    local _, task = begin(function()
      ran = true
    end)
    tasks.cancel(task)
    tasks.run_ready()
    assert.is_false(ran)
  end)

  it("leave it to the others while a coroutine of the user's own waits", function()
    local order = {}
    local first = begin(function()
      coroutine.wrap(function()
        tasks.sleep(0.01)
        order[#order + 1] = "inner"
      end)()
    end)
    local second = begin(function()
      tasks.sleep(0.001)
      order[#order + 1] = "other"
    end)
    assert.is_true(drive(first))
    assert.is_true(drive(second))
    assert.same({ "other", "inner" }, order)
  end)

  it("wait within what is protected, and yield again after it, also where it raises", function()
    local seen, order = {}, {}
    local first = begin(function()
      seen.returned = { tasks.protected(function(...)
        seen.inside = tasks.can_yield()
        seen.nested = { tasks.protected(tasks.sleep, 0.01) }
        order[#order + 1] = "inside"
        seen.coroutine = coroutine.wrap(tasks.can_yield)()
        return ...
      end, 1, nil, 3) }
      seen.raised = { tasks.protected(function()
        tasks.sleep(0)
        error("no", 0)
      end) }
      seen.after = tasks.can_yield()
    end)
    local second = begin(function()
      tasks.sleep(0.001)
      order[#order + 1] = "other"
    end)
    assert.is_true(drive(second))
    assert.is_nil(first.done)
    assert.is_true(drive(first))
    assert.same({ "other", "inside" }, order)
    assert.same({ returned = { true, 1, nil, 3 }, inside = true, nested = { true }, coroutine = false,
      raised = { false, "no" }, after = true }, seen)
    assert.same({ true, 7 }, { tasks.protected(function() return 7 end) })
    assert.same({ false, "no" }, { tasks.protected(error, "no", 0) })
  end)

  it("know where they can't yield: in C, and in Lua 5.1 in what C calls, metamethods and iterators", function()
    local can = {}
    local function look(name)
      can[name] = tasks.can_yield()
      return nil
    end
    local function follow()
      return look("tail call")
    end
    local object = setmetatable({}, {
      __index = function(_, name)
        look(name)
      end,
      __call = function(_, name)
        look(name)
      end,
    })
    assert.is_true(drive((begin(function()
      local list = { look }
      list[1]("field")
      follow()
      object("call")
      ;(function()
        look("nameless")
      end)()
      pcall(look, "pcall")
      local _ = object.metamethod
      for _ in function()
        look("iterator")
      end do -- luacheck: ignore 542
      end
      ;("x"):gsub(".", function()
        look("gsub")
      end)
      look("after")
    end))))
    assert.same({ field = true, ["tail call"] = true, call = true, after = true, gsub = false,
      nameless = yields.through_pcall, pcall = yields.through_pcall, metamethod = yields.through_pcall,
      iterator = yields.through_pcall }, can)
  end)

  it("can be nested deeper than drivers go", function()
    local deepest = 0
    local function nest(level)
      if level > 40 then
        return
      end
      deepest = level
      coroutine.wrap(function()
        begin(function()
          nest(level + 1)
        end)
        tasks.sleep(0.0001)
      end)()
    end
    assert.is_true(drive((begin(function()
      nest(1)
    end))))
    while deepest < 40 do
      tasks.run_ready()
    end
    assert.equal(40, deepest)
  end)

  it("refuse a transfer once they were broken off", function()
    local outcome
    local session = assert(core.session {})
    local _, task
    _, task = begin(function()
      coroutine.wrap(function()
        tasks.cancel(task)
        outcome = { tasks.perform(session, core.exchange(), 1, 1) }
      end)()
    end)
    tasks.run_ready()
    session:close()
    assert.is_nil(outcome[1])
    assert.equal("cancelled", outcome[3])
    assert.is_false(outcome[4])
  end)

  it("say so where nothing can go on", function()
    local ok, err = drive({})
    assert.is_false(ok)
    assert.matches("waits for another", err)
  end)
end)
