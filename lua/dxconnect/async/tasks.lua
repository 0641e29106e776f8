--- Tasks: coroutines whose transfers and waits overlap.
-- Where code inside a task would block (a transfer, a sleep, a lock), it yields instead, and goes on when what it waits
-- for has come. Outside of tasks the same functions block. A coroutine of the user's own inside a task can't be yielded
-- through: there, the others are driven from within until what is waited for has come. One loop (core.loop) serves all
-- tasks of a Lua state; its state and the tasks' are here.

local core = require "dxconnect.core"
local fifo = require "dxconnect.async.fifo"
local timers = require "dxconnect.async.timers"

local co_create, co_resume, co_status, co_yield = coroutine.create, coroutine.resume, coroutine.status, coroutine.yield
local co_running, co_close = coroutine.running, coroutine.close
local is_yieldable = coroutine.isyieldable or core.is_yieldable

-- Lua 5.1 yields through no pcall.
local CAN_YIELD_IN_PCALL = _VERSION ~= "Lua 5.1" or type(jit) == "table"

local MAX_DEPTH = 16 -- drivers within drivers; deeper ones block

local TURN = {} -- what a task yields

local loop -- core's, made at first use
local current -- the task that runs now
local ready = fifo.new() -- tasks to resume
local sleepers = timers.new()
local flying = {} -- tasks by the id of the transfer they wait for
local last_id = 0
local MAX_ID = 0x40000000 -- transfers, then their numbers begin anew
local depth = 0
local level = 0 -- tasks that run within each other: one that another begins runs at once
local unlock = function() end -- lets a task go on that waits in vain; whether there was one
local is_watched, is_stepping = false, false -- whether an event loop watches the descriptor, and drives right now

--- The core's loop, made at the first call.
-- @treturn userdata
local function the_loop()
  if not loop then
    loop = core.loop()
  end
  return loop
end

--- Tells an event loop that there is something to do, as far as it does not find out by itself.
local function stir()
  if is_watched and not is_stepping then
    loop:wakeup()
  end
end

-- ---- tasks

-- What a task that ended holds is let go.
local function release_locks(task)
  for lock in pairs(task.locks or {}) do
    lock:release()
  end
end

--- Something that waits goes on, with these values.
-- @tparam table task
-- @param a
-- @param b
-- @param c
-- @param d
local function wake(task, a, b, c, d)
  task.a, task.b, task.c, task.d = a, b, c, d
  if task.co then
    ready:push(task)
    stir()
  else
    task.done = true -- a driver within a task, which looks for itself
  end
end

--- Makes a task; `wake` begins it.
-- @tparam function f
-- @tparam function finished `finished(task, ok, first, second)`, with what f returned or raised
local function new(f, finished)
  return { co = co_create(f), finished = finished }
end

--- Breaks off what a task began beside itself (see future.lua).
-- @tparam table task
local function end_children(task)
  local children = task.children
  if children then
    task.children = nil
    for child in pairs(children) do
      child:cancel()
    end
  end
end

-- What a coroutine gave when it was resumed.
local function after_resume(task, ok, first, second)
  if co_status(task.co) == "dead" then
    if not task.dead then
      task.dead = true
      end_children(task)
      release_locks(task)
      task.finished(task, ok, first, second)
    end
  elseif first ~= TURN and not task.dead then -- the user's own yield: the others have their turn
    wake(task)
  end
end

--- Lets a task run until it waits for something, or ends.
-- @tparam table task
local function resume(task)
  local before = current
  current = task
  local a, b, c, d = task.a, task.b, task.c, task.d
  task.a, task.b, task.c, task.d = nil, nil, nil, nil
  level = level + 1
  local ok, first, second = co_resume(task.co, a, b, c, d)
  level = level - 1
  current = before
  after_resume(task, ok, first, second)
end

--- Whether the code that runs now is a task's own, and can yield.
local function can_yield()
  return current ~= nil and co_running() == (current.inner or current.co) and (not is_yieldable or is_yieldable())
end

-- Hands on what a coroutine within a task yields, until it ends.
local function hand_on(task, outer, co, ok, ...)
  if co_status(co) == "suspended" then
    return hand_on(task, outer, co, co_resume(co, co_yield(...)))
  end
  task.inner = outer
  return ok, ...
end

-- As pcall, by a coroutine that the task passes its values to and from.
local function pcall_by_coroutine(f, ...)
  local task = current
  if not can_yield() then
    return pcall(f, ...)
  end
  local co = co_create(function(...)
    return f(...)
  end)
  local outer = task.inner
  task.inner = co
  return hand_on(task, outer, co, co_resume(co, ...))
end

--- Lets those go on that are ready now; who gets ready meanwhile has the next turn.
local function run_ready()
  for _ = 1, ready:count() do
    local task = ready:pop() -- nil where a driver within a task ran the rest
    if task and not task.dead then
      resume(task)
    end
  end
end

--- A task stops where it stands. What it waits for is broken off, what it holds is let go.
-- @tparam table task
local function cancel(task)
  task.dead = true
  end_children(task)
  if task.transfer then
    flying[task.transfer] = nil
    task.session:cancel(task.transfer)
  end
  if task.timer then
    task.timer.value = nil
  end
  if task.joining then
    task.joining:cancel()
  end
  release_locks(task)
  if co_close and co_status(task.co) == "suspended" then
    co_close(task.co)
  end
end

-- ---- driving

local function deliver()
  while true do
    local id, a, b, c, d = loop:next()
    if not id then
      return
    end
    local task = flying[id]
    if task then
      flying[id] = nil
      task.transfer, task.session = nil, nil
      wake(task, a, b, c, d)
    end
  end
end

-- A sleeper of a run gave up its place in it, and has to get one first.
local function awake(task)
  task.timer = nil
  if task.run then
    return task.run:admit(task)
  end
  wake(task)
end

local function expire()
  if not sleepers:next_due() then
    return
  end
  local now = loop:now()
  local task = sleepers:take(now)
  while task do
    awake(task)
    task = sleepers:take(now)
  end
end

--- Seconds until something is due here; nil where nothing is.
local function due_in()
  if ready:count() > 0 then
    return 0
  end
  local at = sleepers:next_due()
  if at then
    local left = at - loop:now()
    return left > 0 and left or 0
  end
end

--- Lets transfers go on, and wakes whose time has come; waits up to `timeout` seconds for it (nil: for ever).
local function round(timeout)
  loop:wait(timeout)
  deliver()
  expire()
end

--- Lets transfers go on, as far as they can without waiting.
local function look_after_transfers()
  the_loop()
  round(0)
end

--- The descriptor that an event loop watches; nil where the system has none.
local function fd()
  is_watched = true
  return the_loop():fd()
end

local function go_on()
  round(0)
  run_ready()
end

--- Does what can be done now, without waiting.
local function step()
  the_loop()
  is_stepping = true
  local ok, err = pcall(go_on)
  is_stepping = false
  if not ok then
    error(err, 0)
  end
end

local function drive(goal)
  the_loop()
  run_ready()
  while not goal.done do
    local timeout = due_in()
    if timeout or next(flying) ~= nil then
      round(timeout)
    elseif not unlock() then
      error("every task waits for another one", 0)
    end
    run_ready()
  end
end

--- Runs tasks until `goal.done`. Returns what pcall returns.
-- @tparam table goal
local function drive_to(goal)
  local task = current
  depth = depth + 1
  if task then
    task.driving = (task.driving or 0) + 1
  end
  local ok, err = pcall(drive, goal)
  current = task
  depth = depth - 1
  if task then
    task.driving = task.driving - 1
  end
  return ok, err
end

-- ---- what blocks, or yields inside a task

local function begin(task, session, ex, connect_timeout, timeout)
  local id = last_id % MAX_ID + 1
  last_id = id
  local ok, message, kind, sent = session:start(id, ex, connect_timeout, timeout)
  if ok then
    flying[id] = task
    task.transfer, task.session = id, session
  end
  return ok, message, kind, sent
end

-- Transfers in flight are looked after meanwhile; those that ended are an event loop's to hear of.
local function perform_blocking(session, ex, connect_timeout, timeout)
  if not is_watched then
    return session:perform(ex, connect_timeout, timeout)
  end
  local ok, message, kind, sent = session:perform(ex, connect_timeout, timeout)
  stir()
  return ok, message, kind, sent
end

-- Whether nobody else could go on while the task that runs waits: it may block then, which is quicker.
local function is_alone()
  return level == 1 and not is_watched and not is_stepping
    and ready:count() == 0 and next(flying) == nil and not sleepers:next_due()
end

--- Sends an exchange's request, over a session of core's.
-- @tparam userdata session core's
-- @tparam userdata ex exchange
-- @tparam number connect_timeout seconds
-- @tparam number timeout seconds
-- @treturn[1] true
-- @treturn[2] nil
-- @treturn[2] string message
-- @treturn[2] string kind
-- @treturn[2] boolean sent
local function perform(session, ex, connect_timeout, timeout)
  local task = current
  if not task then
    return perform_blocking(session, ex, connect_timeout, timeout)
  elseif task.dead then
    return nil, "the run was broken off", "cancelled", false
  elseif is_alone() then
    return session:perform(ex, connect_timeout, timeout)
  elseif can_yield() then
    local ok, message, kind, sent = begin(task, session, ex, connect_timeout, timeout)
    if not ok then
      return nil, message, kind, sent
    end
    return co_yield(TURN)
  elseif depth >= MAX_DEPTH then
    return session:perform(ex, connect_timeout, timeout)
  end
  local goal = {}
  local ok, message, kind, sent = begin(goal, session, ex, connect_timeout, timeout)
  if not ok then
    return nil, message, kind, sent
  end
  local err
  ok, err = drive_to(goal)
  if not ok then
    flying[goal.transfer or 0] = nil
    session:cancel(goal.transfer or 0)
    error(err, 0)
  end
  return goal.a, goal.b, goal.c, goal.d
end

-- Waits with nobody else to go on: transfers in flight are still looked after.
local function sleep_blocking(seconds)
  if not loop then
    return core.sleep(seconds)
  end
  local till = loop:now() + seconds
  repeat
    loop:wait(till - loop:now())
    deliver()
  until loop:now() >= till
end

--- Waits. Inside a task others go on meanwhile.
-- @tparam number seconds
local function sleep(seconds)
  seconds = seconds > 0 and seconds or 0
  local task = current
  if not task or task.dead or (depth >= MAX_DEPTH and not can_yield()) then
    return sleep_blocking(seconds)
  end
  local at = the_loop():now() + seconds
  if can_yield() then
    task.timer = sleepers:add(at, task)
    if task.run then
      task.run:give_place()
    end
    co_yield(TURN)
    return
  end
  local goal = {}
  local entry = sleepers:add(at, goal)
  local ok, err = drive_to(goal)
  if not ok then
    entry.value = nil
    error(err, 0)
  end
end

return {
  loop = the_loop,
  current = function()
    return current
  end,
  new = new,
  wake = wake,
  cancel = cancel,
  end_children = end_children,
  resume = resume,
  look_after_transfers = look_after_transfers,
  when_stuck = function(f)
    unlock = f
  end,
  can_yield = can_yield,
  protected = CAN_YIELD_IN_PCALL and pcall or pcall_by_coroutine, -- pcall, of functions that may wait
  yield = function()
    return co_yield(TURN)
  end,
  run_ready = run_ready,
  stir = stir,
  fd = fd,
  step = step,
  due_in = due_in,
  drive_to = drive_to,
  perform = perform,
  sleep = sleep,
}
