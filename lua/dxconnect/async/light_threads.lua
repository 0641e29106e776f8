--- OpenResty's light threads: what stands in for the scheduler of our own inside nginx.
-- A run works on the items of a list, each in a light thread. nginx lets only the parent of a light thread end it; so
-- the thread that begins the outermost run supervises: it begins the threads of all runs within, those for single
-- waits too, and can break all of them off. Meanwhile it waits itself, for a semaphore that whoever changes something
-- posts. Nothing here lives longer than the request, or the timer, that it was called in.

local fifo = require "dxconnect.async.fifo"

local co_running, co_status = coroutine.running, coroutine.status

local MAX_WAITING = 1024 -- threads of one run that sleep while others are begun in their place
local SHORTEST = 0.001 -- seconds; nginx counts in milliseconds, and writes a warning where it is asked for none
local LONG = 3600 -- seconds; a wait for a semaphore has to have an end

-- The phases in which nginx lets code wait.
local waiting_phases = {
  rewrite = true, server_rewrite = true, access = true, precontent = true, content = true, timer = true, preread = true,
  ssl_cert = true, ssl_session_fetch = true, ssl_client_hello = true,
}

-- By coroutine: what we know of a thread of ours. nginx uses coroutines again, so each is taken out at its end.
local threads = setmetatable({}, { __mode = "k" })

--- The phase that nginx is in; nil outside of nginx.
local function phase()
  if type(ngx) == "table" and ngx.get_phase then
    local ok, name = pcall(ngx.get_phase)
    return ok and name or "?"
  end
end

--- Whether code that runs now can be one of many light threads, and wait in one.
local function are_here()
  return waiting_phases[phase()] or false
end

local function new_semaphore()
  return assert(require("ngx.semaphore").new())
end

local function wait_for(semaphore)
  repeat until semaphore:wait(LONG)
end

-- ---- the supervisor

local function notify(supervisor)
  if not supervisor.is_stirred then
    supervisor.is_stirred = true
    supervisor.changed:post(1)
  end
end

-- Begins a thread. It belongs to a run, or to a thread that waits for it; whatever f does, it reports its end.
local function begin(supervisor, thread, f)
  local co = ngx.thread.spawn(function()
    thread.co = co_running()
    threads[thread.co] = thread
    local ok, err = pcall(f)
    thread.over = true
    threads[thread.co] = nil
    supervisor.finished:push(thread)
    pcall(thread.ended, ok, err)
    notify(supervisor)
  end)
  thread.co = co
  return thread
end

local function new_thread(supervisor, owner, ended)
  local thread = { supervisor = supervisor, owner = owner, ended = ended, parts = {} }
  owner.parts[thread] = true
  return thread
end

-- Breaks off all that belongs to a run or to a thread.
local function break_off(owner)
  for part in pairs(owner.parts) do
    owner.parts[part] = nil
    break_off(part)
    if part.co and not part.over then
      part.over = true
      threads[part.co] = nil
      pcall(ngx.thread.kill, part.co)
    end
    part.done = true
  end
end

-- Takes finished threads off nginx's hands, with what they began and did not wait for.
local function reap(supervisor)
  local thread = supervisor.finished:pop()
  while thread do
    thread.owner.parts[thread] = nil
    break_off(thread)
    pcall(ngx.thread.wait, thread.co)
    thread = supervisor.finished:pop()
  end
end

-- ---- runs

local function end_run(run, failed, err)
  if not run.done then
    run.done, run.failed, run.err = true, failed, err
    run.next = run.n + 1
    break_off(run)
    if run.joined then
      run.joined:post(1)
    end
  end
end

-- Has the supervisor break off what a thread began beside itself.
local function drop_parts(thread)
  for part in pairs(thread.parts) do
    if part.cancel then
      part:cancel()
    end
  end
end

-- Works on items, one after the other, as long as no sleeper is awake again and wants the place.
local function work(run, thread)
  repeat
    local i = run.next
    if i > run.n or run.done or co_status(run.supervisor.co) == "dead" then
      return
    end
    run.next = i + 1
    thread.item = i
    run.f(i)
    drop_parts(thread)
  until run.woken > 0
end

local function begin_worker(run)
  local thread
  thread = new_thread(run.supervisor, run, function(ok, err)
    run.active = run.active - 1
    run.alive = run.alive - 1
    if not ok and not run.done and run.raised and thread.item then
      ok, err = run.raised(thread.item, err)
    end
    if not ok and not run.done then
      run.failing, run.next, run.err = true, run.n + 1, err
    end
  end)
  thread.run = run
  run.active = run.active + 1
  run.alive = run.alive + 1
  begin(run.supervisor, thread, function()
    work(run, thread)
  end)
end

-- Lets go on or begin what the limit allows; sleepers that are awake again go first.
local function pump(run)
  while run.active < run.limit and not run.failing do
    if run.woken > 0 then
      run.woken = run.woken - 1
      run.active = run.active + 1
      run.place:post(1)
    elseif run.next <= run.n and run.alive < run.limit + MAX_WAITING then
      begin_worker(run)
    else
      break
    end
  end
  if run.failing then
    end_run(run, true, run.err)
  elseif run.alive == 0 and run.next > run.n then
    end_run(run)
  end
end

-- Serves all runs until this one has ended.
local function supervise(supervisor, run)
  while true do
    supervisor.is_stirred = false
    local order = supervisor.orders:pop()
    while order do
      order()
      order = supervisor.orders:pop()
    end
    reap(supervisor)
    for each in pairs(supervisor.runs) do
      if each.done then
        supervisor.runs[each] = nil
      end
    end
    local list = {}
    for each in pairs(supervisor.runs) do
      list[#list + 1] = each
    end
    for _, each in ipairs(list) do
      pump(each)
    end
    if run.done then
      return reap(supervisor)
    end
    wait_for(supervisor.changed)
  end
end

-- The supervisor that looks after the thread which runs now, and that thread.
local function supervised()
  local thread = threads[co_running()]
  return thread and thread.supervisor, thread
end

--- As schedule.each.
local function each(n, limit, f, raised)
  if n == 0 then
    return
  end
  local run = {
    n = n,
    limit = limit,
    f = f,
    raised = raised,
    next = 1,
    active = 0, -- threads with a place
    alive = 0, -- threads, sleepers included
    woken = 0, -- sleepers that wait for a place
    place = new_semaphore(),
    parts = {}, -- its threads
  }
  local supervisor, thread = supervised()
  if supervisor then
    run.supervisor, run.joined = supervisor, new_semaphore()
    thread.parts[run] = true
    supervisor.runs[run] = true
    notify(supervisor)
    wait_for(run.joined)
    thread.parts[run] = nil
  else
    supervisor = {
      co = co_running(),
      changed = new_semaphore(),
      orders = fifo.new(),
      finished = fifo.new(),
      runs = { [run] = true },
    }
    run.supervisor = supervisor
    local ok, err = pcall(supervise, supervisor, run)
    if not ok then
      end_run(run, true, err)
    end
  end
  if run.failed then
    error(run.err, 0)
  end
end

-- ---- single waits

local beside_methods = {}
local beside_mt = { __index = beside_methods }

--- As of a future: waits until the work is done.
function beside_methods:await()
  if not self.is_settled then
    wait_for(self.settled)
    self.settled:post(1)
  end
  return self.ok, self.first, self.second
end

--- As of a future: breaks the work off, where it is not done yet.
function beside_methods:cancel()
  local supervisor = self.supervisor
  if not self.is_settled then
    self.is_settled, self.done = true, true
    supervisor.orders:push(function()
      self.done = nil
      break_off({ parts = { [self] = true } })
      self.owner.parts[self] = nil
    end)
    notify(supervisor)
    self.settled:post(1)
  end
end

--- As future.begin, in a run of light threads; nil elsewhere.
local function beside(f)
  local supervisor, thread = supervised()
  if not supervisor then
    return nil
  end
  local part
  part = setmetatable(new_thread(supervisor, thread, function(ok, err)
    if not part.is_settled then
      part.is_settled, part.ok = true, ok
      if not ok then
        part.first = err
      end
      part.settled:post(1)
    end
  end), beside_mt)
  part.settled = new_semaphore()
  supervisor.orders:push(function()
    if not part.done then
      begin(supervisor, part, function()
        part.first, part.second = f()
      end)
    end
  end)
  notify(supervisor)
  return part
end

--- What the thread that runs now holds, for others to wait for, changes by this number.
-- @tparam integer more 1 or -1
-- @tparam[opt] table thread what was returned for what is let go now
-- @treturn ?table the thread, where it is one of ours
local function hold(more, thread)
  thread = thread or threads[co_running()]
  if thread then
    thread.holds = (thread.holds or 0) + more
  end
  return thread
end

--- Waits. In a run another item is begun meanwhile, unless that one might wait for what this one holds.
-- @tparam number seconds
local function sleep(seconds)
  seconds = math.max(seconds, SHORTEST)
  local thread = threads[co_running()]
  local run = thread and thread.run
  if not run or run.done or (thread.holds or 0) > 0 then
    ngx.sleep(seconds)
    return
  end
  run.active = run.active - 1
  notify(run.supervisor)
  ngx.sleep(seconds)
  if run.active < run.limit then
    run.active = run.active + 1
  else
    run.woken = run.woken + 1
    wait_for(run.place)
  end
end

--- Runs f, which waits for something that has no time-out of its own, for at most so long.
-- @tparam number seconds
-- @tparam function f
-- @return what f returned, up to two values; or nil, "timeout"
local function bounded(seconds, f)
  local ended, result, words = new_semaphore(), nil, nil
  local function body()
    result, words = f()
  end
  local function finished(ok, err)
    if not ok then
      result, words = nil, tostring(err)
    end
    ended:post(1)
  end
  local supervisor, thread = supervised()
  if not supervisor then
    local co = ngx.thread.spawn(function()
      finished(pcall(body))
    end)
    if not ended:wait(seconds) then
      pcall(ngx.thread.kill, co)
      return nil, "timeout"
    end
    pcall(ngx.thread.wait, co)
    return result, words
  end
  local part = new_thread(supervisor, thread, finished)
  supervisor.orders:push(function()
    if not part.done then
      begin(supervisor, part, body)
    end
  end)
  notify(supervisor)
  if ended:wait(seconds) then
    return result, words
  end
  part.done = true
  supervisor.orders:push(function()
    break_off({ parts = { [part] = true } })
    thread.parts[part] = nil
  end)
  notify(supervisor)
  return nil, "timeout"
end

return {
  phase = phase,
  are_here = are_here,
  sleep = sleep,
  each = each,
  hold = hold,
  beside = beside,
  bounded = bounded,
}
