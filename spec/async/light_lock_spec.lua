--- The lock of light threads, taken by requests to a real nginx that end in the middle of it.

local nginx = require "spec.support.nginx"

local server, port

-- What the code below starts with. `lock` is the worker's, by its name.
local PRELUDE = [[
  local locks = require "dxconnect.async.lock"
  local function named(name)
    shared[name] = shared[name] or { lock = locks.new(), log = {} }
    return shared[name].lock, shared[name].log
  end
]]

local function eval(...)
  return nginx.eval_after(PRELUDE, port, ...)
end

describe("a lock of light threads #nginx", function()
  lazy_setup(function()
    server, port = nginx.start_eval()
  end)

  lazy_teardown(function()
    assert.equal("", server:log())
    server:stop()
  end)

  it("is held by one request at a time", function()
    local code = [[
      local lock, log = named "one"
      for _ = 1, 3 do
        lock:lock()
        log.inside = (log.inside or 0) + 1
        log.most = math.max(log.most or 0, log.inside)
        ngx.sleep(0.001)
        log.inside = log.inside - 1
        log.times = (log.times or 0) + 1
        lock:unlock()
      end
    ]]
    eval(code, code, code, code, code)
    assert.equal("15 times, 1 at most", eval [[
      local _, log = named "one"
      return log.times .. " times, " .. log.most .. " at most"
    ]])
  end)

  it("stays with a request that holds it for long, though others wait", function()
    assert.equal("first, then second", (select(2, eval([[
      local lock, log = named "long"
      lock:lock()
      log.held = true
      ngx.sleep(0.9)
      log[1] = "first"
      lock:unlock()
    ]], [[
      local lock, log = named "long"
      while not log.held do ngx.sleep(0.001) end
      lock:lock()
      log[2] = "second"
      lock:unlock()
      return log[1] .. ", then " .. log[2]
    ]]))))
  end)

  it("lets who slept with it go on though those who wait for it have every place", function()
    assert.equal("5 done", (eval [[
      local lock = named "crowded"
      local light_threads = require "dxconnect.async.light_threads"
      local done, over = 0, false
      ngx.timer.at(5, function() over = true end)
      light_threads.each(5, 2, function()
        lock:lock()
        light_threads.sleep(0.01)
        lock:unlock()
        done = done + 1
      end)
      return done .. (over and " too late" or " done")
    ]]))
  end)

  it("goes to another when the request that holds it ends", function()
    assert.equal("mine", (select(2, eval([[
      local lock, log = named "ended"
      lock:lock()
      log.held = true
      ngx.exit(200)
    ]], [[
      local lock, log = named "ended"
      while not log.held do ngx.sleep(0.001) end
      lock:lock()
      lock:unlock()
      return "mine"
    ]]))))
  end)

  it("goes to another when the thread that holds it is ended", function()
    assert.equal("mine", eval [[
      local lock = named "killed"
      local thread = ngx.thread.spawn(function()
        lock:lock()
        ngx.sleep(30)
      end)
      ngx.thread.kill(thread)
      lock:lock()
      lock:unlock()
      return "mine"
    ]])
  end)

  it("is not given back by another", function()
    assert.equal("still held", eval [[
      local lock = named "other"
      local thread = ngx.thread.spawn(function()
        lock:lock()
        ngx.sleep(0.005)
        lock:unlock()
      end)
      lock:unlock()
      local still = lock.owner and "still held" or "free"
      ngx.thread.wait(thread)
      return still
    ]])
  end)

  it("is passed by for who holds it", function()
    assert.equal("not held up", eval [[
      local lock = named "twice"
      lock:lock()
      lock:lock()
      lock:unlock()
      return lock.owner and "still held" or "not held up"
    ]])
  end)

  it("is passed by where nothing can wait", function()
    assert.equal("not held up", eval [[
      local lock = named "log"
      lock:lock()
      local get_phase = ngx.get_phase
      ngx.get_phase = function() return "log" end
      local ok, err = pcall(lock.lock, lock)
      lock:unlock()
      ngx.get_phase = get_phase
      lock:unlock()
      return ok and "not held up" or err
    ]])
  end)
end)
