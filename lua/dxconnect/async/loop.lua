--- The backend over libcurl's connections: tasks are coroutines, and one loop (core.loop) serves all of them. The state
-- of a Lua state's loop and tasks is here. README.md has the contract.

local core = require "dxconnect.core"
local fifo = require "dxconnect.async.fifo"
local timers = require "dxconnect.async.timers"
local waits = require("dxconnect.system").waits

local co_create, co_resume, co_status, co_yield = coroutine.create, coroutine.resume, coroutine.status, coroutine.yield
local co_running, co_close = coroutine.running, coroutine.close
local is_yieldable = core.is_yieldable

local PARKED = {} -- what a task yields that waits
local MAX_ID = 0x40000000 -- ids of transfers, which then begin again
local MAX_CONNECTIONS = 0x40000000

local loop -- core's, made at first use
local current -- the task that runs now
local ready = fifo.new() -- tasks to resume
local sleepers = timers.new()
local flying = {} -- tasks by the id of the transfer they wait for
local last_id = 0
local depth = 0 -- tasks that run within each other: one that another starts runs at once
local is_watched, is_stepping = false, false -- an event loop watches the descriptor; it is calling `step`
local places, spawned = 0, 0 -- what all runs may have in flight together; tasks of no run

local function the_loop()
  if not loop then
    loop = core.loop()
  end
  return loop
end

--- Makes the descriptor readable, where an event loop watches it.
local function wakeup()
  if is_watched and not is_stepping then
    loop:wakeup()
  end
end

-- ---- tasks

--- Whether the running code is a task's own, and can yield.
local function can_wait()
  return current ~= nil and not current.dead and co_running() == current.co and is_yieldable()
end

local function wake(task, a, b, c, d)
  task.a, task.b, task.c, task.d = a, b, c, d
  ready:push(task)
  wakeup()
end

local function cancel_transfer(task)
  flying[task.transfer] = nil
  task.session:cancel(task.transfer)
  task.transfer, task.session = nil, nil
end

local function resume(task)
  local before = current
  current = task
  local a, b, c, d = task.a, task.b, task.c, task.d
  task.a, task.b, task.c, task.d = nil, nil, nil, nil
  depth = depth + 1
  local ok, first, second = co_resume(task.co, a, b, c, d)
  depth = depth - 1
  current = before
  if task.dead then
    return
  elseif co_status(task.co) == "dead" then
    if task.transfer then -- the yield for it was refused, as plain Lua 5.1 does where it can't tell before
      cancel_transfer(task)
    end
    task:over(ok, first, second)
  elseif first ~= PARKED then -- a yield of the user's own: the others have their turn
    wake(task)
  end
end

-- Resumes the tasks that are ready now; those that become ready meanwhile are for the next round.
local function run_ready()
  for _ = 1, ready:count() do
    local task = ready:pop()
    if task and not task.dead then
      resume(task)
    end
  end
end

local function spawn(task)
  task.co = co_create(function() -- Lua 5.1 makes no coroutine of a C function
    return task.f()
  end)
  wake(task)
end

local function kill(task)
  if task.transfer then
    cancel_transfer(task)
  end
  if task.timer then
    task.timer.value = nil
  end
  if co_close and task.co and co_status(task.co) == "suspended" then -- none where memory ran out as it was made
    co_close(task.co)
  end
end

-- ---- rounds

local function deliver()
  local id, a, b, c, d = loop:next()
  while id do
    local task = flying[id]
    if task then
      flying[id] = nil
      task.transfer, task.session = nil, nil
      wake(task, a, b, c, d)
    end
    id, a, b, c, d = loop:next()
  end
end

local function expire()
  if not sleepers:next_due() then
    return
  end
  local now = loop:now()
  local task = sleepers:take(now)
  while task do
    local admit = task.admit
    task.timer, task.admit = nil, nil
    (admit or wake)(task)
    task = sleepers:take(now)
  end
end

-- Serves all sockets and timers; waits for one of them for at most `timeout` seconds (nil: for ever).
local function round(timeout)
  loop:wait(timeout)
  deliver()
  expire()
end

-- Seconds until a task is ready; nil where that depends on transfers alone.
local function due_in()
  if ready:count() > 0 then
    return 0
  end
  local at = sleepers:next_due()
  return at and math.max(at - loop:now(), 0)
end

local function serve(goal)
  the_loop()
  while not goal.done do
    run_ready()
    if goal.done then
      return
    end
    local timeout = due_in()
    if not timeout and next(flying) == nil then
      error("every task waits for another one", 0)
    end
    round(timeout)
  end
end

local function drive(goal)
  local ok, err = pcall(serve, goal)
  if not ok then
    current, depth = nil, 0
  end
  return ok, err
end

-- Begins a task before the caller goes on, and puts what it sends on its way.
local function start(task)
  task.co = co_create(task.f)
  resume(task)
  if not task.dead then
    the_loop()
    round(0)
  end
end

-- ---- what blocks, or yields inside a task

-- In plain Lua 5.1 an interrupt reaches the main thread only, and no wait in C notices it in a coroutine.
local notices_interrupts = _VERSION ~= "Lua 5.1" or type(jit) == "table"

-- Whether no other task could run while this one waits: blocking is quicker then.
local function is_alone()
  return notices_interrupts and depth == 1 and not is_watched and not is_stepping
    and ready:count() == 0 and next(flying) == nil and not sleepers:next_due()
end

function waits.perform(session, ex, connect_timeout, timeout)
  local task = current
  if task and task.dead then
    return nil, "the task was cancelled", "cancelled", false
  elseif not can_wait() then
    local ok, message, kind, sent = session:perform(ex, connect_timeout, timeout)
    wakeup() -- others' transfers may have ended meanwhile
    return ok, message, kind, sent
  elseif is_alone() then
    local ok, message, kind, sent = session:perform(ex, connect_timeout, timeout)
    if kind ~= "cancelled" then
      return ok, message, kind, sent
    end
    wake(task, ok, message, kind, sent) -- an interrupt of the interpreter is raised in the main thread
    return co_yield(PARKED)
  end
  local id = last_id % MAX_ID + 1
  last_id = id
  local ok, message, kind, sent = session:start(id, ex, connect_timeout, timeout)
  if not ok then
    return nil, message, kind, sent
  end
  flying[id] = task
  task.transfer, task.session = id, session
  return co_yield(PARKED)
end

-- Waits. A task that `admit` is given for runs only when that wakes it, at the end of the time or later.
local function sleep(seconds, admit)
  if can_wait() then
    current.admit = admit
    current.timer = sleepers:add(the_loop():now() + seconds, current)
    co_yield(PARKED)
  elseif loop then -- serves all sockets, and resumes no task
    local till = loop:now() + seconds
    repeat
      loop:wait(till - loop:now())
      deliver()
    until loop:now() >= till
    wakeup()
  else
    core.sleep(seconds)
  end
  return true
end

waits.wakeup, waits.can_wait = wakeup, can_wait

-- ---- locks

local function own(lock, task)
  lock.owner = task
  task.locks = task.locks or {}
  task.locks[lock] = true
end

-- Whether a task runs within another one, which waits for it.
local function is_within(task, other)
  while task and task ~= other do
    task = task.parent
  end
  return task ~= nil
end

-- Code outside of tasks takes no lock: no task can run before it is through, unless it runs it itself.
function waits.take(lock)
  local task, owner = current, lock.owner
  if not task or task.dead or owner and (not can_wait() or is_within(task, owner)) then
    return false
  elseif not owner then
    own(lock, task)
    return true
  end
  lock.waiting = lock.waiting or fifo.new()
  lock.waiting:push(task)
  co_yield(PARKED)
  return true
end

-- The first who waits gets the lock.
function waits.give(lock)
  lock.owner.locks[lock] = nil
  lock.owner = nil
  local waiting = lock.waiting
  while waiting and waiting:count() > 0 do
    local task = waiting:pop()
    if not task.dead then
      own(lock, task)
      return wake(task)
    end
  end
end

-- ---- connections

--- No more connections stay open than there can be transfers, as long as a run sets a limit.
-- @tparam integer more_places what all runs may have in flight together changes by this
-- @tparam integer more_spawned so does the number of tasks of no run
local function limit(more_places, more_spawned)
  places, spawned = places + more_places, spawned + more_spawned
  the_loop():limit(places > 0 and math.min(places + spawned, MAX_CONNECTIONS) or 0)
end

-- ---- for event loops

local function fd()
  local number = the_loop():fd()
  if not is_watched then
    is_watched = true
    if due_in() == 0 or next(flying) then
      wakeup() -- what is left to do came while nobody watched
    end
  end
  return number
end

-- Seconds after which `step` must be called though the descriptor shows nothing; nil: no need.
local function timeout()
  the_loop()
  local left, due = due_in(), loop:due()
  return left and due and math.min(left, due) or left or due
end

local function turn()
  round(0)
  run_ready()
end

local function step()
  the_loop()
  is_stepping = true
  local ok, err = pcall(turn)
  is_stepping = false
  if not ok then
    current, depth = nil, 0
    error(err, 0)
  end
end

function waits.current()
  return current
end

return {
  current = waits.current,
  can_wait = can_wait,
  can_run = function()
    return current == nil or can_wait()
  end,
  root = function() end,
  is_over = function(task)
    return task.dead
  end,
  spawn = spawn,
  start = start,
  kill = kill,
  park = function()
    return co_yield(PARKED)
  end,
  wake = wake,
  sleep = sleep,
  drive = drive,
  give = waits.give,
  limit = limit,
  fd = fd,
  timeout = timeout,
  step = step,
}
