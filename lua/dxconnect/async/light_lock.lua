--- How a light thread of nginx takes a lock that those of other requests take as well.
-- A light thread can end at any point, with its request or killed by another, and nothing of ours runs then. So who
-- holds a lock has a pulse: a second thread of the same request, which ends with it. Who waits looks for the pulse, and
-- takes the lock over when it is gone.

local light_threads = require "dxconnect.async.light_threads"

local co_running, co_status = coroutine.running, coroutine.status

local BEAT = 0.1 -- seconds
local MISSED = 5 -- a waiter's own looks, each a beat after the last one, that saw no pulse

-- Beats as long as the thread lives and holds the lock.
local function pulse(lock, holder)
  while lock.owner == holder do
    holder.beats = holder.beats + 1
    ngx.sleep(BEAT)
    if co_status(holder.co) == "dead" then
      break
    end
  end
  if lock.owner == holder then
    lock.owner = nil
  end
end

local function hold(lock)
  local holder = { co = co_running(), beats = 0, is_light = true, thread = light_threads.hold(1) }
  lock.owner = holder
  local ok, co = pcall(ngx.thread.spawn, pulse, lock, holder)
  holder.pulse = ok and co
end

--- Takes the lock; waits while another holds it.
-- @tparam table lock its `owner` is who holds it
local function take(lock)
  local seen, beats, missed
  if lock.owner and lock.owner.co == co_running() then
    return -- it can't wait for itself: what the lock guards is done twice rather than never
  end
  while lock.owner do
    if seen ~= lock.owner or beats ~= lock.owner.beats then
      seen, beats, missed = lock.owner, lock.owner.beats, 0
    else
      missed = missed + 1
      if missed >= MISSED then
        break
      end
    end
    lock.given = lock.given or require("ngx.semaphore").new()
    lock.given:wait(BEAT)
  end
  hold(lock)
end

--- Gives it back; false where the thread that runs now does not hold it.
-- @tparam table lock
-- @treturn boolean
local function give(lock)
  local holder = lock.owner
  if not holder or holder.co ~= co_running() then
    return false
  end
  lock.owner = nil
  if holder.thread then
    light_threads.hold(-1, holder.thread)
  end
  if holder.pulse then
    pcall(ngx.thread.kill, holder.pulse)
  end
  local given = lock.given
  if given and given:count() < 0 then
    given:post(1)
  end
  return true
end

return {
  take = take,
  give = give,
}
