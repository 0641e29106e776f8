--- Many things at once: the scheduler, over a backend that task.lua chooses (README.md).
-- What other modules use:
--   parallel(functions, options)   dxconnect.parallel: `{result = …}` or `{error = …}` of each, in order
--   collect(n, options, f)         the same for f(1) … f(n), options from `check_options`
--   each(n, limit, f, raised)      calls f(1) … f(n), at most `limit` at once; raises what they raise
--   begin(f)                       a future, begun beside the running task; nil outside of tasks
--   sleep(seconds)                 waits; tasks run meanwhile
--   sleep_as_served(seconds)       dxconnect.sleep
--   spawn(f)                       begins f as a task of its own; nil, err where nothing can run beside the caller
--   can_wait()                     whether the running code can yield to other tasks
--   current()                      the running task, or nil
--   lock()                         `lock:guard(f, …)`: one task at a time (lock.lua, which loads no scheduler)
--   loop                           dxconnect.loop, for an event loop

local errors = require "dxconnect.errors"
local fifo = require "dxconnect.async.fifo"
local lock = require "dxconnect.async.lock"
local task = require "dxconnect.async.task"
local types = require "dxconnect.text.types"
local waits = require("dxconnect.system").waits

local backend = task.backend

local DEFAULT_CONCURRENCY = 16
local MAX_LIMIT = 2 ^ 30 -- more items than a list can have
local MAX_WAITING = 1024 -- tasks of one run that sleep while others are begun in their place

-- ---- runs: many items, some of them under way

local run_methods = {}
local run_mt = { __index = run_methods }

local function end_run(run)
  if not run.done then
    run.done = true
    backend.limit(-run.limit, 0)
    if run.joined_by then
      backend.wake(run.joined_by)
    end
  end
end

-- Cancels what is under way.
function run_methods:cancel()
  if not self.done then
    self.next = self.n + 1
    for worker in pairs(self.workers) do
      task.cancel(worker)
    end
    self.workers = {}
    end_run(self)
  end
end

-- A run fails as a whole: whoever waits for it gets the error.
local function fail_run(run, err)
  if not run.done then
    run.failed, run.err = true, err
    run:cancel()
  end
end

local pump -- defined below

local function worker_ended(worker, ok, err)
  local run = worker.run
  run.workers[worker] = nil
  run.alive = run.alive - 1
  run.active = run.active - 1
  if not ok and run.raised and worker.item and not errors.is_interrupt(err) then
    ok, err = run.raised(worker.item, err)
  end
  if not ok then
    return fail_run(run, err)
  end
  pump(run)
end

-- Begins the next item; the same worker takes further ones after it.
local function new_worker(run)
  local i = run.next
  run.next = i + 1
  local worker
  worker = task.new(function()
    repeat
      worker.item, worker.sleep = i, nil
      run.f(i)
      task.end_children(worker)
      i = run.next
      run.next = i + 1
    until i > run.n or run.awake:count() > 0 or backend.is_over(worker)
    run.next = i
  end, worker_ended, run.root, run.parent)
  worker.run = run
  run.workers[worker] = true
  run.alive = run.alive + 1
  run.active = run.active + 1
  backend.spawn(worker)
end

-- Resumes or begins what the limit allows; sleepers that are awake again come first.
function pump(run)
  while run.active < run.limit and not run.done do
    local worker = run.awake:pop()
    if worker then
      if not worker.dead then
        run.active = run.active + 1
        worker.has_place = true
        backend.wake(worker)
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

-- A worker slept enough: it goes on when there is a place.
local function admit(worker)
  worker.run.awake:push(worker)
  pump(worker.run)
end

--- Waits, while other tasks run. The place of a run's task is another's meanwhile, unless the task holds a lock: those
-- who got the place might wait for it.
-- @tparam number seconds
-- @treturn[1] boolean true
-- @treturn[2] nil where nginx lets nothing wait; nothing was waited for
-- @treturn[2] table error of kind "config"
local function sleep(seconds)
  seconds = seconds > 0 and seconds or 0 -- not a number neither
  local worker = backend.current()
  local run = worker and worker.run
  if not run or run.done or not backend.can_wait() or worker.locks and next(worker.locks) then
    return backend.sleep(seconds)
  end
  run.active = run.active - 1
  worker.has_place = false
  pump(run)
  backend.sleep(seconds, admit)
  while not worker.has_place do
    backend.park()
  end
  return true
end

waits.sleep = sleep

--- As `sleep`, for users of the module: in a task that called a client whose `system.sleep` was replaced, by that.
-- @tparam number seconds
local function sleep_as_served(seconds)
  if type(seconds) ~= "number" then
    error("sleep: expected a number of seconds, got a " .. type(seconds), 2)
  end
  local current = backend.current()
  if current and current.sleep then
    current.sleep(seconds > 0 and seconds or 0)
    return true
  end
  return sleep(seconds)
end

-- Waits for a run to end, as a task or by driving.
local function join(run)
  local joiner = run.parent
  if joiner then
    run.joined_by, joiner.joining = joiner, run
    while not run.done do
      backend.park()
    end
    joiner.joining = nil
  else
    local ok, err = backend.drive(run)
    if not ok then
      fail_run(run, err)
      backend.drive(run) -- what was cancelled goes
    end
  end
  if run.failed then
    error(run.err, 0)
  end
end

-- One after the other, where nothing can run side by side.
local function in_turn(n, f, raised)
  for i = 1, n do
    local ok, err = pcall(f, i)
    if not ok and raised and not errors.is_interrupt(err) then
      ok, err = raised(i, err)
    end
    if not ok then
      error(err, 0)
    end
  end
end

--- Begins a function as a task of its own, which outlives the code that begins it: beside the running task, or inside
-- nginx in a timer.
-- @tparam function f
-- @treturn[1] boolean true
-- @treturn[2] nil where nothing can run beside the caller
-- @treturn[2] table error of kind "config"
local function spawn(f)
  local ok, message
  if backend.background then
    ok, message = backend.background(f)
  elseif backend.current() then
    require("dxconnect.async.event_loop").spawn(f)
    return true
  end
  if not ok then
    return nil, errors.config("nothing can run beside the caller: " .. (message or "it is not a task"))
  end
  return true
end

--- Calls f(1) … f(n), at most `limit` of them under way at once; those that sleep don't count. In code that can't
-- yield they are called one after the other.
-- @tparam integer n
-- @tparam integer limit
-- @tparam function f
-- @tparam[opt] function raised `raised(i, err)`, called where f(i) raises, returns true; where it returns false and an
--   error, or is left out, the rest is cancelled and the error raised here
local function each(n, limit, f, raised)
  if n == 0 then
    return
  elseif not backend.can_run() then
    return in_turn(n, f, raised)
  end
  limit = math.min(limit, MAX_LIMIT)
  local run = setmetatable({
    n = n,
    limit = limit,
    f = f,
    raised = raised,
    next = 1,
    active = 0, -- workers with a place
    alive = 0, -- workers, sleepers included
    workers = {},
    awake = fifo.new(), -- sleepers that wait for a place
    parent = backend.current(),
    root = backend.root(),
  }, run_mt)
  backend.limit(limit, 0)
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

local outcome_type = types.new "outcome"
local results_type = types.list("results", { columns = { "result", "error" } })

local function outcome(result, err)
  if result == nil and err ~= nil then
    return setmetatable({ error = err }, outcome_type)
  end
  return setmetatable({ result = result }, outcome_type)
end

--- Calls f(1) … f(n) side by side, and collects what comes of them.
-- @tparam integer n
-- @tparam table options as of `check_options`
-- @tparam function f returns a result, or nil and an error; what it raises is an error as well
-- @tparam[opt] function operation_of `operation_of(i)`, for the error of an item that is not begun any more
-- @treturn table results, in the order of the items: `{result = …}` or `{error = …}`
local function collect(n, options, f, operation_of)
  local results = setmetatable({}, results_type)
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
      return settle(i, outcome(nil, errors.transport("not begun, because another item failed", "cancelled", {
        operation = operation_of and operation_of(i),
      })))
    end
    settle(i, outcome(f(i)))
  end, function(i, err)
    if results[i] then -- it was on_progress
      return false, err
    end
    return pcall(settle, i, setmetatable({ error = err }, outcome_type))
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

return setmetatable({
  each = each,
  collect = collect,
  check_options = check_options,
  parallel = parallel,
  begin = task.begin,
  sleep = sleep,
  sleep_as_served = sleep_as_served,
  spawn = spawn,
  can_wait = backend.can_wait,
  current = backend.current,
  lock = lock.new,
}, {
  __index = function(self, name)
    if name == "loop" then -- few need it
      self.loop = require "dxconnect.async.event_loop"
      return self.loop
    end
  end,
})
