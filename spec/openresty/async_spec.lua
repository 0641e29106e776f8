--- What nginx adds to the contract of dxconnect.async: requests that end, threads and coroutines of the user's own,
-- timers, phases.

local nginx = require "spec.support.nginx"

local server, port

-- What the code below starts with. `lock` is the worker's, by its name.
local PRELUDE = [[
  local async = require "dxconnect.async"
  local threads = require "dxconnect.async.nginx"
  local function named(name)
    shared[name] = shared[name] or { lock = async.lock(), log = {} }
    return shared[name].lock, shared[name].log
  end
]]

local function eval(...)
  return nginx.eval_after(PRELUDE, port, ...)
end

describe("dxconnect.async in nginx #nginx", function()
  lazy_setup(function()
    server, port = nginx.start_eval()
  end)

  lazy_teardown(function()
    local log = server:log()
    server:stop()
    assert.equal("", log)
  end)

  describe("a lock inside nginx", function()
    it("is held by one request at a time", function()
      local code = [[
        local lock, log = named "one"
        for _ = 1, 3 do
          lock:guard(function()
            log.inside = (log.inside or 0) + 1
            log.most = math.max(log.most or 0, log.inside)
            ngx.sleep(0.001)
            log.inside = log.inside - 1
            log.times = (log.times or 0) + 1
          end)
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
        lock:guard(function()
          log.held = true
          ngx.sleep(0.5)
          log[1] = "first"
        end)
      ]], [[
        local lock, log = named "long"
        while not log.held do ngx.sleep(0.001) end
        lock:guard(function() log[2] = "second" end)
        return log[1] .. ", then " .. log[2]
      ]]))))
    end)

    it("goes to another when the request that holds it ends", function()
      assert.equal("mine", (select(2, eval([[
        local lock, log = named "ended"
        lock:guard(function()
          log.held = true
          ngx.exit(200)
        end)
      ]], [[
        local lock, log = named "ended"
        while not log.held do ngx.sleep(0.001) end
        return (lock:guard(function() return "mine" end))
      ]]))))
    end)

    it("goes to another when the request that waits for it ends", function()
      assert.equal("mine", (select(3, eval([[
        local lock, log = named "waited"
        lock:guard(function()
          log.held = true
          repeat ngx.sleep(0.001) until log.is_over
        end)
      ]], [[
        local lock, log = named "waited"
        while not log.held do ngx.sleep(0.001) end
        ngx.thread.spawn(function() lock:guard(function() end) end)
        log.is_over = true
        ngx.exit(200)
      ]], [[
        local lock, log = named "waited"
        while not log.is_over do ngx.sleep(0.001) end
        return (lock:guard(function() return "mine" end))
      ]]))))
    end)

    it("goes to another when the thread that holds it is ended by the user", function()
      assert.equal("mine", eval [[
        local lock = named "killed"
        local thread = ngx.thread.spawn(function()
          lock:guard(ngx.sleep, 30)
        end)
        ngx.thread.kill(thread)
        return (lock:guard(function() return "mine" end))
      ]])
    end)

    it("is passed by where nothing can wait", function()
      assert.equal("not held up", eval [[
        local lock = named "log"
        local thread = ngx.thread.spawn(function() lock:guard(ngx.sleep, 0.01) end)
        local said
        table.sort({ 2, 1 }, function(a, b)
          said = lock:guard(function() return lock:is_held() and "not held up" end)
          return a < b
        end)
        ngx.thread.wait(thread)
        return said
      ]])
    end)
  end)

  describe("a run inside nginx", function()
    it("leaves the caller's own threads alone", function()
      assert.equal("mine", eval [[
        local mine = ngx.thread.spawn(function() ngx.sleep(0.002) return "mine" end)
        pcall(async.each, 2, 2, error)
        local _, value = ngx.thread.wait(mine)
        return value
      ]])
    end)

    it("lets items have coroutines of their own, which may wait and run others", function()
      assert.equal("1 2 3|1 2 3", eval [[
        local out = {}
        async.each(2, 2, function(i)
          local next_one = coroutine.wrap(function()
            for k = 1, 3 do
              async.sleep(0.001)
              coroutine.yield(async.parallel({ function() async.sleep(0) return k end })[1].result)
            end
          end)
          out[i] = next_one() .. " " .. next_one() .. " " .. next_one()
        end)
        return table.concat(out, "|")
      ]])
    end)

    it("begins no further items once the thread that began it was ended", function()
      assert.equal("stopped", eval [[
        local begun = 0
        local thread = ngx.thread.spawn(function()
          async.each(10, 2, function() begun = begun + 1 ngx.sleep(0.005) end)
        end)
        ngx.thread.kill(thread)
        ngx.sleep(0.03)
        return begun <= 2 and "stopped" or begun
      ]])
    end)

    it("works in a timer", function()
      assert.equal("timer 4", eval [[
        local words
        ngx.timer.at(0, function()
          local n = 0
          async.each(4, 4, function() async.sleep(0.001) n = n + 1 end)
          words = ngx.get_phase() .. " " .. n
        end)
        repeat ngx.sleep(0.001) until words
        return words
      ]])
    end)
  end)

  describe("inside nginx", function()
    it("a wait where nothing can wait is a config error, and the worker lives", function()
      for place, code in pairs {
        ["require"] = [[
          package.preload.waits = function() ok, err = async.sleep(0.001) return true end
          require "waits"
          package.preload.waits, package.loaded.waits = nil, nil
        ]],
        ["table.sort"] = [[ table.sort({ 2, 1 }, function(a, b) ok, err = async.sleep(0.001) return a < b end) ]],
        ["gsub"] = [[ ("x"):gsub(".", function() ok, err = async.sleep(0.001) end) ]],
        ["phase"] = [[
          local get_phase = ngx.get_phase
          ngx.get_phase = function() return "log" end
          ok, err = async.sleep(0.001)
          ngx.get_phase = get_phase
        ]],
      } do
        assert.equal("nil config", eval("local ok, err\n" .. code .. " return tostring(ok) .. ' ' .. err.kind"), place)
      end
      assert.equal("true", eval [[ return async.sleep(0.001) ]])
      assert.equal("yes", eval [[
        local object = setmetatable({}, { __index = function() return async.sleep(0.001) and "yes" end })
        return object.anything
      ]])
    end)

    it("a function is spawned as a timer, which outlives its request", function()
      eval [[
        assert(async.spawn(function()
          async.sleep(0.005)
          shared.spawned = ngx.get_phase()
        end))
      ]]
      assert.equal("timer", eval [[ repeat ngx.sleep(0.001) until shared.spawned return shared.spawned ]])
    end)

    it("there is no loop for others to drive", function()
      local words = eval [[ return select(2, pcall(async.loop.spawn, print)) ]]
      assert.truthy(words:find("nginx's own event loop", 1, true), words)
    end)

    for _, where in ipairs { "alone", "in a run" } do
      local frame = where == "alone" and "%s" or [[
        local value
        async.each(2, 2, function() value = (function() %s end)() end)
        return value
      ]]

      it("what has no time-out is bounded, " .. where, function()
        assert.equal("1 nil", eval(frame:format [[
          local a, b = threads.bounded(5, function() ngx.sleep(0.001) return 1 end)
          return a .. " " .. tostring(b)
        ]]))
        assert.equal("nil oh", eval(frame:format [[
          local a, b = threads.bounded(5, function() ngx.sleep(0.001) error("oh", 0) end)
          return tostring(a) .. " " .. b
        ]]))
        assert.equal("nil timeout nil", eval(frame:format [[
          local after
          local a, b = threads.bounded(0.002, function() ngx.sleep(0.01) after = true end)
          ngx.sleep(0.02)
          return tostring(a) .. " " .. tostring(b) .. " " .. tostring(after)
        ]]))
      end)
    end
  end)
end)
