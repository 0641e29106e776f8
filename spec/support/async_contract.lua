--- What every backend of dxconnect.async has to do: a list of `{name, code, expected}`. The code runs with PRELUDE in
-- front of it, inside nginx as well, and returns a text. `through_pcall`: it yields in pcall, as plain Lua 5.1 can't.

local contract = {}

contract.PRELUDE = [[
  local async = require "dxconnect.async"
  local seen = {}
  local function note(...)
    for _, value in ipairs { ... } do seen[#seen + 1] = tostring(value) end
  end
  local function noted() return table.concat(seen, " ") end
  local function parallel(...) return async.parallel({ ... }) end
  -- Runs f in a task, and raises what it raises.
  local function in_task(f)
    local entry = async.parallel({ f })[1]
    if entry.error then error(entry.error, 0) end
    return entry.result
  end
  -- Where this Lua can't yield.
  local function unyieldable(f)
    local result
    table.sort({ 2, 1 }, function(a, b) result = result or { f() } return a < b end)
    return result[1], result[2]
  end
]]

contract.cases = {
  -- ---- side by side

  { "runs tasks side by side, each going on when its wait ends", [[
    parallel(function() async.sleep(0.03) note "c" end, function() async.sleep(0.001) note "a" end,
      function() async.sleep(0.015) note "b" end, function() note "at once" end)
    return noted()
  ]], "at once a b c" },

  { "begins items in their order, and keeps to its limit", [[
    local inside, most = 0, 0
    async.each(7, 3, function(i)
      note(i)
      inside = inside + 1
      most = math.max(most, inside)
      local ahead = async.begin(function() async.sleep(0) end)
      ahead:await()
      inside = inside - 1
    end)
    return noted() .. ", at most " .. most
  ]], "1 2 3 4 5 6 7, at most 3" },

  { "begins others in place of those that sleep, and gives the place back before more are begun", [[
    async.each(4, 1, function(i)
      if i == 1 then
        async.sleep(0.005)
      else
        local work = async.begin(function() async.sleep(0.02) end)
        work:await() -- keeps its place
      end
      note(i)
    end)
    return noted()
  ]], "2 1 3 4" },

  { "takes any whole number as a limit", [[
    for _, limit in ipairs { 1, 2 ^ 31, 2 ^ 53 } do
      note(#async.parallel({ function() end, function() end }, { concurrency = limit }))
    end
    return noted()
  ]], "2 2 2" },

  { "returns at once where there is nothing to do", [[
    async.each(0, 1, error)
    return #async.parallel({})
  ]], "0" },

  { "works within itself, as deep as one likes", [[
    local function nest(level)
      if level == 0 then return 1 end
      local results = parallel(function() return nest(level - 1) end, function()
        async.sleep(0)
        return nest(level - 1)
      end)
      return results[1].result + results[2].result
    end
    return nest(5)
  ]], "32" },

  { "serves thousands that wait at once", [[
    local done = 0
    async.each(3000, 8, function() async.sleep(0.001) done = done + 1 end)
    return done
  ]], "3000" },

  -- ---- errors

  { "returns first values and errors in their places, and what was raised unchanged", [[
    local mine = {}
    local results = parallel(function() return 1, 2 end, function() return nil, mine end, function() error(mine) end,
      function() error("text", 0) end, function() end, function() return false end)
    note(results[1].result, results[2].error == mine, results[3].error == mine, results[4].error,
      next(results[5]) == nil, results[6].result)
    return noted()
  ]], "1 true true text true false" },

  { "goes on with the rest where an item raises and that is told to somebody", [[
    async.each(3, 1, function(i)
      if i == 2 then error("no", 0) end
      note(i)
    end, function(i, err) note(i, err) return true end)
    return noted()
  ]], "1 2 no 3" },

  { "begins nothing more after an item that raises, and raises it to the caller, a run within included", [[
    note(pcall(async.each, 3, 1, function(i)
      note(i)
      async.each(2, 2, function() error("inner", 0) end)
    end))
    return noted()
  ]], "1 false inner" },

  { "raises what on_progress raises", [[
    note(pcall(async.parallel, { function() end, function() end }, { on_progress = function() error("stop", 0) end }))
    return noted()
  ]], "false stop" },

  { "begins nothing after a failure with stop_on_error", [[
    local results = async.parallel({ function() return nil, "no" end, function() note "begun" end },
      { concurrency = 1, stop_on_error = true })
    note(results[1].error, results[2].error.code)
    return noted()
  ]], "no CancelledError" },

  -- ---- cancellation, in each state that a task can be in

  { "cancels a task that sleeps, waits for a lock, for a future, for a run, or is ready", [[
    local lock = async.lock()
    local states = {
      function() async.sleep(60) end,
      function() lock:guard(async.sleep, 60) end,
      function() lock:guard(note, "held") end,
      function() async.begin(function() async.sleep(60) end):await() end,
      function() parallel(function() async.sleep(60) note "inner" end) end,
      function() async.sleep(0) async.sleep(60) end,
    }
    local ok, err = pcall(async.each, #states + 1, 16, function(i)
      if i > #states then
        async.sleep(0.01)
        error("broken", 0)
      end
      states[i]()
      note("went on", i)
    end)
    note(ok, err)
    parallel(function() lock:guard(note, "free") end) -- its holder is gone
    return noted()
  ]], "false broken free" },

  { "cancels what was begun within a task that is cancelled, and what that began", [[
    local locks, held = {}, 0
    local function hold(i)
      locks[i] = async.lock()
      locks[i]:guard(function() held = held + 1 async.sleep(60) note "went on" end)
    end
    pcall(async.each, 2, 2, function(i)
      if i == 1 then
        async.begin(function()
          async.each(2, 2, function(k)
            async.begin(function() hold(k) end)
            hold(k + 2)
          end)
        end):await()
        note "went on"
      end
      while held < 4 do async.sleep(0.001) end
      error("broken", 0)
    end)
    for i = 1, 4 do note(locks[i]:is_held()) end
    return noted()
  ]], "false false false false" },

  { "works on after a run that failed", [[
    pcall(async.each, 3, 1, function() error("broken", 0) end)
    return #parallel(function() async.sleep(0) end, function() end)
  ]], "2" },

  -- ---- futures

  { "has a task's work done beside it", [[
    return in_task(function()
      local good = async.begin(function() async.sleep(0) note "done" return 1, "two" end)
      local bad = async.begin(function() async.sleep(0) error("no", 0) end)
      note "beside"
      note(good:await())
      note(good:await())
      note(bad:await())
      return noted()
    end)
  ]], "beside done true 1 two true 1 two false no" },

  { "has nothing beside code outside of tasks", [[
    return tostring(async.begin(function() note "ran" end)) .. noted()
  ]], "nil" },

  { "cancels a future when it is told to, and with the item that began it", [[
    local left
    async.each(2, 1, function(i)
      if i == 1 then
        local work = async.begin(function() async.sleep(60) end)
        work:cancel()
        work:cancel()
        note(#{ work:await() })
        left = async.begin(function() async.sleep(60) note "outlived" end)
      else
        note(tostring((left:await())))
      end
    end)
    return noted()
  ]], "0 nil" },

  { "tells another task that waits for a future that it was cancelled", [[
    local work
    local results = parallel(function()
      work = async.begin(function() async.sleep(60) end)
      async.sleep(0.005)
      return "ended"
    end, function()
      while not work do async.sleep(0.001) end
      return tostring((work:await()))
    end)
    return results[1].result .. " " .. results[2].result
  ]], "ended nil" },

  -- ---- locks

  { "gives a lock to one at a time, in the order in which they came", [[
    local lock, inside, most = async.lock(), 0, 0
    async.each(5, 5, function(i)
      lock:guard(function()
        inside = inside + 1
        most = math.max(most, inside)
        async.sleep(0.001)
        note(i)
        inside = inside - 1
      end)
    end)
    return noted() .. ", " .. most .. tostring(lock:is_held())
  ]], "1 2 3 4 5, 1false" },

  { "returns and raises what was done with a lock held, and frees it", [[
    local lock = async.lock()
    in_task(function()
      note(lock:guard(function(...) return ... end, 1, 2))
      note(pcall(lock.guard, lock, function() async.sleep(0) error("no", 0) end))
      note(lock:is_held())
    end)
    note(lock:guard(function() return "outside" end))
    return noted()
  ]], "1 2 false no false outside", through_pcall = true },

  { "lets a run within a lock pass by it", [[
    local lock = async.lock()
    in_task(function()
      lock:guard(function()
        parallel(function() lock:guard(function() async.sleep(0) note "within" end) end)
        lock:guard(note, "again")
        note(lock:is_held())
      end)
    end)
    lock:guard(function() parallel(function() lock:guard(note, "under code outside") end) end)
    return noted()
  ]], "within again true under code outside" },

  { "lets who sleeps with a lock go on though those who wait for it have every place", [[
    local lock = async.lock()
    async.each(5, 2, function(i)
      lock:guard(function() async.sleep(0.001) note(i) end)
    end)
    return noted()
  ]], "1 2 3 4 5" },

  { "passes by those who were cancelled while they waited for a lock", [[
    local lock = async.lock()
    parallel(function()
      lock:guard(async.sleep, 0.02)
    end, function()
      pcall(async.each, 2, 2, function(i)
        if i == 2 then async.sleep(0.001) error("stop", 0) end
        lock:guard(note, "dead")
      end)
    end, function()
      async.sleep(0.005)
      lock:guard(note, "third")
    end)
    return noted()
  ]], "third", through_pcall = true },

  -- ---- code that can't yield

  { "knows where code can't yield", [[
    in_task(function()
      note(async.can_wait())
      note((unyieldable(async.can_wait)))
      ;("x"):gsub(".", function() note((async.can_wait())) end)
    end)
    return noted()
  ]], "true false false" },

  { "calls the items of a run one after the other where code can't yield", [[
    in_task(function()
      note(unyieldable(function()
        return #async.parallel { function() note "a" end, function() note "b" end }
      end))
    end)
    return noted()
  ]], "a b 2" },

  { "leaves nothing behind", [[
    local function cycle()
      async.each(50, 5, function(i)
        local lock = async.lock()
        lock:guard(function() async.begin(function() async.sleep(i % 2 == 0 and 60 or 0) end) async.sleep(0) end)
      end)
    end
    local grown
    for _ = 1, 4 do -- the first rounds fill what is kept for later; what leaks does so each time
      local before = collectgarbage "count"
      for _ = 1, 10 do cycle() end
      collectgarbage() collectgarbage()
      grown = collectgarbage "count" - before
    end
    return grown < 100 and "nothing" or grown .. " KiB"
  ]], "nothing" },
}

return contract
