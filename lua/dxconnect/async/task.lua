--- The life of a task: what it holds, what it began beside itself, and how it ends. How a task runs is the backend's
-- matter (README.md).

local system = require "dxconnect.system"

local backend = require(system.inside_nginx() and "dxconnect.async.nginx" or "dxconnect.async.loop")

-- Cancels the work that a task began beside itself: nothing stays in flight that nobody waits for.
local function end_children(task)
  local children = task.children
  if children then
    task.children = nil
    for future in pairs(children) do
      future:cancel()
    end
  end
end

local function release_locks(task)
  for lock in pairs(task.locks or {}) do
    backend.give(lock)
  end
end

-- The backend calls this once, at the end of a task that was not cancelled.
local function over(task, ok, first, second)
  task.dead = true
  end_children(task)
  release_locks(task)
  task.ended(task, ok, first, second)
end

--- Makes a task; `backend.spawn` begins it.
-- @tparam function f
-- @tparam function ended `ended(task, ok, first, second)`, with what f returned or raised
-- @tparam ?table root of the backend, for the run that the task belongs to
-- @tparam ?table parent the task that waits for it
-- @treturn table task
local function new(f, ended, root, parent)
  return { f = f, over = over, ended = ended, root = root, parent = parent }
end

--- Stops a task where it stands. What it waits for is broken off, what it holds is released, and `ended` is not called.
-- @tparam table task
local function cancel(task)
  if task.dead then
    return
  end
  task.dead = true
  end_children(task)
  if task.joining then
    task.joining:cancel()
  end
  backend.kill(task)
  release_locks(task)
end

-- ---- futures

local methods = {}
local mt = { __index = methods }

local function settle(future)
  local children = future.owner.children
  if children then
    children[future] = nil
  end
  future.is_settled = true
  if future.awaited_by then
    backend.wake(future.awaited_by)
  end
end

local function future_ended(task, ok, first, second)
  local future = task.future
  future.ok, future.first, future.second = ok, first, second
  settle(future)
end

--- Begins f beside the task that runs now, and cancels it where it is not done when that task, or the item that the
-- task works on, ends.
-- @tparam function f
-- @treturn ?table future; nil outside of tasks, where nothing can run beside the caller
local function begin(f)
  local owner = backend.current()
  if not owner then
    return nil
  end
  local task = new(f, future_ended, owner.root, owner)
  local future = setmetatable({ owner = owner, task = task }, mt)
  task.future = future
  owner.children = owner.children or {}
  owner.children[future] = true
  backend.start(task)
  return future
end

--- Cancels the work, where it is not done yet.
function methods:cancel()
  if not self.is_settled then
    cancel(self.task)
    settle(self)
  end
end

--- Waits until the work is done; one task at a time may wait. In code that can't yield, what is not done is cancelled.
-- @treturn ?boolean as of pcall; nil where the work was cancelled
-- @return the first two values of f, or what it raised
function methods:await()
  if not self.is_settled and not backend.can_wait() then
    self:cancel()
  elseif not self.is_settled then
    self.awaited_by = backend.current()
    repeat
      backend.park()
    until self.is_settled
    self.awaited_by = nil
  end
  return self.ok, self.first, self.second
end

return {
  backend = backend,
  new = new,
  cancel = cancel,
  end_children = end_children,
  begin = begin,
}
