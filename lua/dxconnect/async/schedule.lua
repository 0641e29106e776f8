--- Many things at once: lists of items worked on side by side, and the loop for others to drive.
-- Items run in tasks (see tasks.lua); inside OpenResty in light threads.

local errors = require "dxconnect.errors"
local fifo = require "dxconnect.async.fifo"
local light_threads = require "dxconnect.async.light_threads"
local lock = require "dxconnect.async.lock"
local tasks = require "dxconnect.async.tasks"

local DEFAULT_CONCURRENCY = 16
local MAX_WAITING = 1024 -- tasks of one run that sleep while others are begun in their place

local run_limits, spawned = 0, 0 -- what the runs under way may have in flight together; tasks of no run
local failures = fifo.new() -- what spawned tasks raised, for loop.step

-- No more connections stay open than there can be transfers, as long as somebody set a limit at all.
local function limit_connections(more_runs, more_spawned)
  run_limits, spawned = run_limits + more_runs, spawned + more_spawned
  tasks.loop():limit(run_limits > 0 and run_limits + spawned or 0)
end

-- ---- runs: many items, some of them under way

local run_methods = {}
local run_mt = { __index = run_methods }

local function end_run(run)
  if not run.done then
    run.done = true
    limit_connections(-run.limit, 0)
    if run.joined_by then
      tasks.wake(run.joined_by)
    end
  end
end

-- Breaks off what is under way.
function run_methods:cancel()
  if self.done then
    return
  end
  self.next = self.n + 1
  for task in pairs(self.tasks) do
    if not task.dead then
      tasks.cancel(task)
    end
  end
  self.tasks = {}
  end_run(self)
end

-- A run fails as a whole: whoever waits for it gets the error.
local function fail_run(run, err)
  run.failed, run.err = true, err
  run:cancel()
end

local pump -- defined below

local function worker_finished(task, ok, err)
  local run = task.run
  run.tasks[task] = nil
  run.alive = run.alive - 1
  run.active = run.active - 1
  if not ok and run.raised and task.item then
    ok, err = run.raised(task.item, err)
  end
  if not ok then
    return fail_run(run, err)
  end
  pump(run)
end

-- Begins the next item; the same task takes further ones after it.
local function new_worker(run)
  local i = run.next
  run.next = i + 1
  local task
  task = tasks.new(function()
    repeat
      task.item = i
      run.f(i)
      tasks.end_children(task)
      i = run.next
      run.next = i + 1
    until i > run.n or run.woken:count() > 0
    run.next = i
  end, worker_finished)
  task.run = run
  run.tasks[task] = true
  run.alive = run.alive + 1
  run.active = run.active + 1
  tasks.wake(task)
end

-- Lets go on or begin what the limit allows; sleepers that are awake again go first.
function pump(run)
  while run.active < run.limit do
    local task = run.woken:pop()
    if task then
      if not task.dead then
        run.active = run.active + 1
        tasks.wake(task)
      end
    elseif run.next <= run.n and run.alive < run.limit + MAX_WAITING then
      new_worker(run)
    else
      break
    end
  end
  if run.alive == 0 and run.next > run.n then
    end_run(run)
  end
end

-- A task is about to sleep: its place is another's meanwhile.
function run_methods:give_place()
  self.active = self.active - 1
  pump(self)
end

-- A task slept enough: it goes on when there is a place. One that holds a lock goes on at once, since those who have
-- the places may be waiting for that lock.
function run_methods:admit(task)
  if task.locks and next(task.locks) then
    self.active = self.active + 1
    return tasks.wake(task)
  end
  self.woken:push(task)
  pump(self)
end

-- Waits for a run to end, as a task or by driving.
local function join(run)
  if not run.done and tasks.can_yield() then
    local task = tasks.current()
    run.joined_by, task.joining = task, run
    tasks.yield()
    task.joining = nil
  elseif not run.done then -- else it could not even begin
    local ok, err = tasks.drive_to(run)
    if not ok then
      fail_run(run, err)
    end
  end
  if run.failed then
    error(run.err, 0)
  end
end

-- One after the other: in those phases of nginx in which nothing can wait, and most of which have no coroutines.
local function in_turn(n, f, raised)
  for i = 1, n do
    local ok, err = pcall(f, i)
    if not ok and raised then
      ok, err = raised(i, err)
    end
    if not ok then
      error(err, 0)
    end
  end
end

--- Calls f(1) … f(n), at most `limit` of them under way at once; those that sleep don't count.
-- @tparam integer n
-- @tparam integer limit
-- @tparam function f
-- @tparam[opt] function raised `raised(i, err)`, called where f(i) raises, returns true; where it returns false and an
--   error, or is left out, the rest is broken off and the error raised here
local function each(n, limit, f, raised)
  if light_threads.phase() and not tasks.current() then
    if light_threads.are_here() then
      return light_threads.each(n, limit, f, raised)
    end
    return in_turn(n, f, raised)
  elseif n == 0 then
    return
  end
  local run = setmetatable({
    n = n,
    limit = limit,
    f = f,
    raised = raised,
    next = 1,
    active = 0, -- tasks with a place
    alive = 0, -- tasks, sleepers included
    tasks = {},
    woken = fifo.new(), -- sleepers that wait for a place
  }, run_mt)
  limit_connections(limit, 0)
  local ok, err = pcall(pump, run)
  if not ok then -- no memory for the tasks
    fail_run(run, err)
  end
  join(run)
end

-- ---- lists of items, and what came of each

--- Checks the options that all lists take, and fills in what is left out.
-- @tparam ?table options
-- @tparam string name of the function they were given to, whose caller gets the blame
-- @tparam integer level of that caller, as of error
-- @treturn table `{concurrency, stop_on_error, on_progress}`
local function check_options(options, name, level)
  if options ~= nil and type(options) ~= "table" then
    error(("%s: options must be a table, got a %s"):format(name, type(options)), level + 1)
  end
  options = options or {}
  local limit, on_progress = options.concurrency, options.on_progress
  if limit ~= nil and (type(limit) ~= "number" or limit < 1 or limit % 1 ~= 0) then
    error(name .. ": options.concurrency must be a whole number from 1 on", level + 1)
  elseif on_progress ~= nil and type(on_progress) ~= "function" then
    error(("%s: options.on_progress must be a function, got a %s"):format(name, type(on_progress)), level + 1)
  end
  return {
    concurrency = limit or DEFAULT_CONCURRENCY,
    stop_on_error = options.stop_on_error,
    on_progress = on_progress,
  }
end

local function outcome(result, err)
  if result == nil and err ~= nil then
    return { error = err }
  end
  return { result = result }
end

--- Calls f(1) … f(n) side by side, and collects what comes of them.
-- @tparam integer n
-- @tparam table options as of `check_options`
-- @tparam function f returns a result, or nil and an error; what it raises is an error as well
-- @tparam[opt] function operation_of `operation_of(i)`, for the error of an item that is not begun any more
-- @treturn table results, in the order of the items: `{result = …}` or `{error = …}`
local function collect(n, options, f, operation_of)
  local results = {}
  for i = 1, n do
    results[i] = false -- a list from the start, however they come in
  end
  local done, is_stopped = 0, false
  local function settle(i, item)
    results[i] = item
    done = done + 1
    is_stopped = is_stopped or options.stop_on_error and item.error ~= nil
    if options.on_progress then
      options.on_progress(done, n, item)
    end
  end
  each(n, options.concurrency, function(i)
    if is_stopped then
      return settle(i, { error = errors.transport("not begun, because another item failed", "cancelled", {
        operation = operation_of and operation_of(i),
      }) })
    end
    settle(i, outcome(f(i)))
  end, function(i, err)
    if results[i] then -- it was on_progress
      return false, err
    end
    return pcall(settle, i, { error = err })
  end)
  return results
end

--- Runs functions side by side; the calls of any clients, waits and renewals in them overlap.
-- @tparam {function,...} functions
-- @tparam[opt] table options `concurrency`: how many are under way at once (16); those that wait don't count;
--   `stop_on_error` and `on_progress(done, total, item)` as of `client:batch`
-- @treturn table results, in the order of the tasks: `{result = …}` with a task's first value, or `{error = …}` where
--   it returned `nil, err` or raised
local function parallel(functions, options)
  if type(functions) ~= "table" then
    error("parallel: expected a list of functions, got a " .. type(functions), 2)
  end
  local n = #functions
  for i = 1, n do
    if type(functions[i]) ~= "function" then
      error(("parallel: task %d is a %s, not a function"):format(i, type(functions[i])), 2)
    end
  end
  return collect(n, check_options(options, "parallel", 2), function(i)
    return functions[i]()
  end)
end

-- ---- for event loops

local event_loop = {}

local function spawned_finished(_, ok, err)
  limit_connections(0, -1)
  if not ok then
    failures:push({ err })
  end
end

--- Begins a function as a task; it runs at the next step.
-- @tparam function f
-- @param g that function, where this is called with a colon, as event loops' own functions are
function event_loop.spawn(f, g)
  f = f == event_loop and g or f
  if type(f) ~= "function" then
    error("spawn: expected a function, got a " .. type(f), 2)
  end
  limit_connections(0, 1)
  tasks.wake(tasks.new(function() -- Lua 5.1 makes no coroutine of a C function
    return f()
  end, spawned_finished))
end

--- The descriptor that is readable when `step` has something to do, functions spawned in the meantime included; nil
-- where the system has none.
function event_loop.pollfd()
  return tasks.fd()
end

--- What to watch the descriptor for.
function event_loop.events()
  return "r"
end

--- Seconds after which `step` must be called though the descriptor shows nothing; nil: no need.
function event_loop.timeout()
  if failures:count() > 0 then
    return 0
  end
  local timeout, due = tasks.due_in(), tasks.loop():due()
  if timeout and due then
    return timeout < due and timeout or due
  end
  return timeout or due
end

--- Does what can be done now, without waiting.
-- @treturn[1] true
-- @treturn[2] nil
-- @return[2] what a spawned function raised; the others go on at the next step
function event_loop.step()
  tasks.step()
  local failure = failures:pop()
  if failure then
    return nil, failure[1]
  end
  return true
end

return {
  each = each,
  parallel = parallel,
  check_options = check_options,
  collect = collect,
  sleep = tasks.sleep,
  running = tasks.can_yield,
  mutex = lock.new,
  loop = event_loop,
}
