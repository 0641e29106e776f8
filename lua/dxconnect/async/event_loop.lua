--- The scheduler for an event loop to drive: `dxconnect.loop`.

local fifo = require "dxconnect.async.fifo"
local system = require "dxconnect.system"
local task = require "dxconnect.async.task"

local backend = task.backend

local MAX_FAILURES = 1000 -- kept for a step that may never come

local failures = fifo.new() -- what spawned tasks raised

local event_loop = {}

local function spawned_ended(_, ok, err)
  backend.limit(0, -1)
  if not ok and failures:count() < MAX_FAILURES then
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
  backend.limit(0, 1)
  backend.spawn(task.new(f, spawned_ended))
end

--- The descriptor that is readable when `step` has something to do, functions spawned in the meantime included; nil
-- where the system has none.
function event_loop.pollfd()
  return backend.fd()
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
  return backend.timeout()
end

--- Does what can be done now, without waiting.
-- @treturn[1] true
-- @treturn[2] nil
-- @return[2] what a spawned function raised; the others run at the next step
function event_loop.step()
  backend.step()
  local failure = failures:pop()
  if failure then
    return nil, failure[1]
  end
  return true
end

-- nginx is the event loop of what runs inside it.
if system.inside_nginx() then
  for name in pairs(event_loop) do
    event_loop[name] = function()
      error("dxconnect.loop." .. name .. ": nginx's own event loop serves what runs inside nginx", 2)
    end
  end
end

return event_loop
