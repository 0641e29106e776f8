--- The backend inside nginx: tasks are nginx's light threads. README.md has the contract.
-- nginx lets only its parent end a light thread. So the code that begins the outermost run, the root, is the parent of
-- all threads of that run and of the runs within: it begins, ends and collects them, and sleeps on a semaphore
-- meanwhile. Nothing here outlives the request, or the timer, that it was called in.

local core = require "dxconnect.core"
local errors = require "dxconnect.errors"
local fifo = require "dxconnect.async.fifo"
local process = require "dxconnect.async.nginx_process"
local waits = require("dxconnect.system").waits

local ngx = ngx
local co_running, co_status = coroutine.running, coroutine.status

local SHORTEST = 0.001 -- seconds; nginx counts in milliseconds
local LONGEST = 2 ^ 31 / 1000 -- what nginx takes
local LONG = 3600 -- seconds; a wait for a semaphore has to have an end
local BEAT = 0.1 -- seconds between two looks at who holds a lock
local MOST_LOOKS = 600 -- then what the lock guards is done twice rather than never

-- The phases in which nginx lets code wait.
local waiting_phases = {
  rewrite = true, server_rewrite = true, access = true, precontent = true, content = true, timer = true, preread = true,
  ssl_cert = true, ssl_session_fetch = true, ssl_client_hello = true,
}

-- By coroutine. nginx uses coroutines again, so each is taken out at its end.
local tasks = setmetatable({}, { __mode = "k" })

local function phase()
  local ok, name = pcall(ngx.get_phase)
  return ok and name or "?"
end

--- Whether the running code can wait. Asked before any thread, semaphore, sleep or socket: where nothing can yield, in
-- `require` or `table.sort` for example, ngx.thread.spawn takes the worker's whole Lua VM down.
-- @treturn[1] boolean true
-- @treturn[2] boolean false
-- @treturn[2] string what is in the way
local function can_wait()
  local name = phase()
  if not waiting_phases[name] then
    return false, "nginx has none in its phase " .. name
  elseif not core.is_yieldable() then
    return false, "nginx has none in code that can't yield (within require, table.sort, string.gsub and the like)"
  end
  return true
end

local function current()
  return tasks[co_running()]
end

waits.current = current

local function new_semaphore()
  return assert(require("ngx.semaphore").new())
end

-- ---- the root

local function notify(root)
  if not root.is_notified then
    root.is_notified = true
    root.changed:post(1)
  end
end

-- Has the root look at a task.
local function order(task)
  task.root.orders:push(task)
  notify(task.root)
end

local function run(task)
  local co = co_running()
  task.co = co
  tasks[co] = task
  local ok, first, second = pcall(task.f)
  tasks[co] = nil
  task.is_done = true
  if not task.dead then
    local told, err = pcall(task.over, task, ok, first, second)
    if not told then
      task.root.err = { err }
    end
  end
  order(task)
end

-- Begins a task's thread, ends it, or takes one that ended off nginx's hands.
local function attend(task)
  if task.is_done then
    pcall(ngx.thread.wait, task.co)
  elseif task.dead and task.co then
    tasks[task.co] = nil
    pcall(ngx.thread.kill, task.co)
  elseif not task.dead and not task.co then
    ngx.thread.spawn(run, task)
  end
end

local function serve(goal)
  local root = goal.root
  while true do
    root.is_notified = false
    local task = root.orders:pop()
    while task do
      attend(task)
      task = root.orders:pop()
    end
    if goal.done then
      return
    elseif root.err then
      error(root.err[1], 0)
    end
    root.changed:wait(LONG)
  end
end

local function drive(goal)
  return pcall(serve, goal)
end

-- The root that serves the running code; a new one outside of tasks.
local function root()
  local task = current()
  return task and task.root or { co = co_running(), changed = new_semaphore(), orders = fifo.new() }
end

-- ---- waiting

local function park()
  local task = current()
  task.woken = task.woken or new_semaphore()
  task.woken:wait(LONG)
end

local function wake(task)
  task.woken = task.woken or new_semaphore()
  task.woken:post(1)
end

local function sleep(seconds, admit)
  local ok, message = can_wait()
  if not ok then
    return nil, errors.config("a wait needs nginx's timers, and " .. message)
  end
  ngx.sleep(math.max(math.min(seconds, LONGEST), SHORTEST))
  if admit then
    admit(current())
  end
  return true
end

--- Calls f, which waits for something that has no time-out of its own, for at most so long.
-- @tparam number seconds
-- @tparam function f
-- @return what f returned, up to two values; or nil, "timeout"
local function bounded(seconds, f)
  local ended, result, message = new_semaphore(), nil, nil
  local thread = ngx.thread.spawn(function()
    local ok, first, second = pcall(f)
    if ok then
      result, message = first, second
    else
      message = tostring(first)
    end
    ended:post(1)
  end)
  if not ended:wait(seconds) then
    pcall(ngx.thread.kill, thread)
    return nil, "timeout"
  end
  pcall(ngx.thread.wait, thread)
  return result, message
end

-- ---- locks, for all requests of a worker

-- A thread can end at any point, with its request or killed by another, and nothing of ours runs then. So a holder has
-- a pulse: a second thread of the same request, which ends with it. A lock whose holder has no pulse is free.

local function has_pulse(holder)
  return holder.alive:count() < 0 -- the pulse waits on it
end

local function pulse(lock, holder)
  repeat until holder.alive:wait(BEAT) or co_status(holder.co) == "dead"
  if lock.owner == holder then
    waits.give(lock)
  end
end

-- Whether a lock's holder waits for the running code to end.
local function is_within(holder, task)
  while task and task ~= holder.task do
    if task.root.co == holder.co then
      return true
    end
    task = task.parent
  end
  return task ~= nil
end

function waits.take(lock)
  local co, task = co_running(), current()
  if not can_wait() or task and task.dead then
    return false
  end
  local looks = 0
  while lock.owner or lock.is_promised do
    local owner = lock.owner
    looks = looks + 1
    if looks > MOST_LOOKS or owner and (owner.co == co or is_within(owner, task)) then
      return false
    end
    lock.given = lock.given or new_semaphore()
    if lock.given:wait(BEAT) then
      lock.is_promised = false
    elseif owner and lock.owner == owner and not has_pulse(owner) then
      waits.give(lock)
    end
  end
  local holder = { co = co, task = task, alive = new_semaphore() }
  lock.owner = holder
  if task then
    task.locks = task.locks or {}
    task.locks[lock] = true
  end
  local ok, thread = pcall(ngx.thread.spawn, pulse, lock, holder)
  holder.pulse = ok and thread -- without one another may take the lock over: the work is done twice
  return true
end

function waits.give(lock)
  local holder = lock.owner
  lock.owner = nil
  if holder.task then
    holder.task.locks[lock] = nil
  end
  local ok, is_killed = pcall(ngx.thread.kill, holder.pulse)
  if not ok or not is_killed then -- another thread is its parent
    holder.alive:post(1)
  end
  if lock.given and lock.given:count() < 0 then
    lock.is_promised = true -- to the first who waits, whoever comes meanwhile
    lock.given:post(1)
  end
end

-- ---- what system does inside nginx

function waits.perform(session, ex, connect_timeout, timeout)
  return session:perform(ex, connect_timeout, timeout) -- the transport "curl" blocks the worker, as its user wants it
end

function waits.run(command, kept, seconds)
  local ok, message = can_wait()
  if not ok then
    return nil, "a process needs nginx's timers, and " .. message
  end
  return process.run(command, kept, seconds)
end

return {
  current = current,
  can_wait = can_wait,
  can_run = can_wait,
  root = root,
  is_over = function(task)
    return task.dead or co_status(task.root.co) == "dead"
  end,
  spawn = order,
  start = order,
  kill = order,
  park = park,
  wake = wake,
  sleep = sleep,
  drive = drive,
  give = waits.give,
  limit = function() end, -- nginx's pools have their own sizes
  background = function(f)
    -- raises in init_by_lua
    local ok, is_begun, message = pcall(ngx.timer.at, 0, function(is_ending)
      if not is_ending then
        f()
      end
    end)
    return ok and is_begun, ok and message or tostring(is_begun)
  end,
  bounded = bounded,
}
