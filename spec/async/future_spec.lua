local future = require "dxconnect.async.future"
local schedule = require "dxconnect.async.schedule"

-- Runs f as a task; its first value.
local function in_task(f)
  local entry = schedule.parallel({ f })[1]
  assert.is_nil(entry.error, tostring(entry.error))
  return entry.result
end

describe("a future", function()
  it("is none outside of tasks", function()
    assert.is_nil(future.begin(function() end))
  end)

  it("goes on beside its task, and gives what it returned", function()
    local order = {}
    in_task(function()
      local work = future.begin(function()
        order[#order + 1] = "begun"
        schedule.sleep(0)
        order[#order + 1] = "done"
        return 1, "two"
      end)
      order[#order + 1] = "beside"
      assert.same({ true, 1, "two" }, { work:await() })
      assert.same({ true, 1, "two" }, { work:await() })
    end)
    assert.same({ "begun", "beside", "done" }, order)
  end)

  it("gives what it raised", function()
    in_task(function()
      local err = {}
      local work = future.begin(function()
        error(err)
      end)
      local ok, raised = work:await()
      assert.is_false(ok)
      assert.equal(err, raised)
    end)
  end)

  it("can be awaited in a coroutine of one's own", function()
    local beside = 0
    local results = schedule.parallel {
      function()
        local work = future.begin(function()
          schedule.sleep(0)
          return "done"
        end)
        return coroutine.wrap(function()
          return (select(2, work:await()))
        end)()
      end,
      function()
        for _ = 1, 5 do
          beside = beside + 1
          schedule.sleep(0)
        end
        return beside
      end,
    }
    assert.same({ { result = "done" }, { result = 5 } }, results)
  end)

  it("can be awaited by another task", function()
    local work
    local results = schedule.parallel {
      function()
        work = future.begin(function()
          schedule.sleep(0)
          return "done"
        end)
        while not work.is_settled do
          schedule.sleep(0)
        end
      end,
      function()
        return (select(2, work:await()))
      end,
    }
    assert.same({ {}, { result = "done" } }, results)
  end)

  it("is broken off when its task ends, and tells who waits for it", function()
    local work
    local is_done = false
    local results = schedule.parallel {
      function()
        work = future.begin(function()
          schedule.sleep(60)
          is_done = true
        end)
        schedule.sleep(0)
        return "ended"
      end,
      function()
        return { work:await() }
      end,
    }
    assert.same({ { result = "ended" }, { result = {} } }, results)
    assert.is_false(is_done)
  end)

  it("is broken off when it is cancelled", function()
    in_task(function()
      local work = future.begin(function()
        schedule.sleep(60)
      end)
      work:cancel()
      work:cancel()
      assert.is_nil((work:await()))
    end)
  end)

  it("of an item does not outlive it where the task goes on with another", function()
    local work = {}
    schedule.each(2, 1, function(i)
      work[i] = future.begin(function()
        schedule.sleep(60)
      end)
      if i == 2 then
        assert.is_nil((work[1]:await()))
      end
    end)
    assert.equal(2, #work)
  end)
end)
