local schedule = require "dxconnect.schedule"

-- Whether all tasks came to their end with this value.
local function results_of(tasks, options)
  local values = {}
  for i, entry in ipairs(schedule.parallel(tasks, options)) do
    values[i] = entry.error and tostring(entry.error) or entry.result
  end
  return values
end

describe("a lock among tasks", function()
  it("is held by one at a time, in the order of asking", function()
    local lock, order = schedule.mutex(), {}
    local tasks = {}
    for i = 1, 4 do
      tasks[i] = function()
        lock:lock()
        order[#order + 1] = "in " .. i
        schedule.sleep(0)
        order[#order + 1] = "out " .. i
        lock:unlock()
        return i
      end
    end
    assert.same({ 1, 2, 3, 4 }, results_of(tasks))
    assert.same({ "in 1", "out 1", "in 2", "out 2", "in 3", "out 3", "in 4", "out 4" }, order)
  end)

  it("lets a holder that slept go on though those who wait for it have every place", function()
    local lock, tasks = schedule.mutex(), {}
    for i = 1, 5 do
      tasks[i] = function()
        lock:lock()
        schedule.sleep(0.001)
        lock:unlock()
        return i
      end
    end
    assert.same({ 1, 2, 3, 4, 5 }, results_of(tasks, { concurrency = 2 }))
  end)

  it("is let go by a task that is broken off", function()
    local lock = schedule.mutex()
    assert.is_false((pcall(schedule.each, 2, 2, function(i)
      if i == 1 then
        lock:lock()
        schedule.sleep(60)
      else
        error("stop")
      end
    end)))
    assert.same({ "free" }, results_of { function()
      lock:lock()
      return "free"
    end })
  end)
end)
