--- Locks that tasks and light threads wait for without blocking the others.

local fifo = require "dxconnect.async.fifo"
local light_lock = require "dxconnect.async.light_lock"
local light_threads = require "dxconnect.async.light_threads"
local tasks = require "dxconnect.async.tasks"

local OUTSIDE = {} -- the owner of what is held outside of tasks
local contended = setmetatable({}, { __mode = "k" }) -- locks that somebody waited for

local methods = {}
local mt = { __index = methods }

local function own(lock, task)
  lock.owner = task
  task.locks = task.locks or {}
  task.locks[lock] = true
end

local function disown(lock)
  lock.owner.locks[lock] = nil
  lock.owner = nil
end

local function queue(lock, task)
  lock.waiting:push(task)
  contended[lock] = true
end

-- The next who waits; those that were broken off don't count.
local function next_waiting(lock)
  local task = lock.waiting:pop()
  while task and task.dead do
    task = lock.waiting:pop()
  end
  return task
end

-- Waits while tasks are driven from within.
local function drive(lock)
  local goal = {}
  queue(lock, goal)
  local ok, err = tasks.drive_to(goal)
  if not ok then
    goal.dead = true
    error(err, 0)
  end
  if lock.owner == goal then
    disown(lock)
    own(lock, tasks.current() or OUTSIDE)
  end
end

-- Where nothing can go on: who holds a lock stands below a driver, which may be waiting for those who wait for the
-- lock. One of them goes on without it.
local function let_one_pass()
  for lock in pairs(contended) do
    local task = next_waiting(lock)
    if task then
      tasks.wake(task)
      return true
    end
    contended[lock] = nil
  end
  return false
end

tasks.when_stuck(let_one_pass)

--- Takes the lock; waits while another holds it.
function methods:lock()
  if light_threads.are_here() and not tasks.current() then
    return light_lock.take(self)
  end
  local task = tasks.current() or OUTSIDE
  local owner = self.owner
  if not owner then
    own(self, task)
  elseif tasks.can_yield() then
    queue(self, task)
    tasks.yield()
  elseif owner ~= task and (owner.driving or 0) == 0 and not owner.is_light then
    drive(self)
  end
  -- else the owner can't go on before we do: what the lock guards is done twice rather than never
end

--- Gives the lock to the next who waits for it, whoever holds it.
function methods:release()
  disown(self)
  local task = next_waiting(self)
  if task then
    own(self, task)
    tasks.wake(task)
  else
    contended[self] = nil
  end
end

--- Gives the lock back.
function methods:unlock()
  if self.owner and self.owner.is_light then
    light_lock.give(self)
  elseif self.owner == (tasks.current() or OUTSIDE) then
    self:release()
  end
end

--- Calls f while holding the lock.
-- @tparam function f
-- @return what f returned, up to two values; what it raises is raised
function methods:guard(f)
  self:lock()
  local ok, first, second = tasks.protected(f)
  self:unlock()
  if not ok then
    error(first, 0)
  end
  return first, second
end

--- Makes a lock that nobody holds.
-- @treturn table
local function new()
  return setmetatable({ waiting = fifo.new() }, mt)
end

return { new = new }
