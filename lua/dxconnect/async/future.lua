--- Work that a task begins beside itself, to take what comes of it later.
-- It belongs to the task, or to the item that the task is at: what is under way when that ends is broken off, so that
-- nothing stays in flight for somebody who lost interest.

local light_threads = require "dxconnect.async.light_threads"
local tasks = require "dxconnect.async.tasks"

local methods = {}
local mt = { __index = methods }

local function settle(future)
  local children = future.owner.children
  if children then
    children[future] = nil
  end
  future.is_settled = true
  if future.awaited_by then
    tasks.wake(future.awaited_by)
  end
end

local function finished(task, ok, first, second)
  local future = task.future
  future.ok, future.first, future.second = ok, first, second
  settle(future)
end

--- Begins f beside the task that runs now: f runs at once, until it waits for something.
-- @tparam function f
-- @treturn ?table future; nil outside of tasks, where nothing can go on beside anything
local function begin(f)
  local owner = tasks.current()
  if not owner then
    return light_threads.are_here() and light_threads.beside(f) or nil
  end
  local task = tasks.new(f, finished)
  local future = setmetatable({ owner = owner, task = task }, mt)
  task.future = future
  owner.children = owner.children or {}
  owner.children[future] = true
  tasks.resume(task)
  if not future.is_settled then
    tasks.look_after_transfers() -- what it sends is on its way, however long its owner computes
  end
  return future
end

--- Waits until the work is done. One at a time may wait.
-- @treturn ?boolean as of pcall; nil where the work was broken off
-- @return the first two values of f, or what it raised
function methods:await()
  if not self.is_settled then
    if tasks.can_yield() then
      self.awaited_by = tasks.current()
      tasks.yield()
    else
      local goal = {}
      self.awaited_by = goal
      local ok, err = tasks.drive_to(goal)
      if not ok then
        self.awaited_by = nil
        error(err, 0)
      end
    end
    self.awaited_by = nil
  end
  return self.ok, self.first, self.second
end

--- Breaks the work off, where it is not done yet.
function methods:cancel()
  if not self.is_settled then
    tasks.cancel(self.task)
    settle(self)
  end
end

return { begin = begin }
