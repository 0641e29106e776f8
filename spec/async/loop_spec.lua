--- The scheduler as an event loop drives it, over real sockets.

local core = require "dxconnect.core"
local dxconnect = require "dxconnect"
local faultd = require "spec.support.faultd"
local schedule = require "dxconnect.async"
local shell = require "spec.support.shell"

local lags = faultd.ok('{"lags":[{"lagId":"dxlag-1"}]}')

local server

local function start(...)
  server = faultd.start(...)
  return server
end

after_each(function()
  if server then
    server:stop()
    server = nil
  end
end)

-- Whether, after what is left to do at once, no task waits for its time.
local function is_at_rest()
  for _ = 1, 10 do
    dxconnect.loop.step()
  end
  return dxconnect.loop.timeout() == nil
end

describe("the loop", function()
  local loop = dxconnect.loop

  -- Drives until f() is true; what raised in spawned functions.
  local function drive(f)
    local raised = {}
    local till = core.monotonic() + 30
    while not f() and core.monotonic() < till do
      local timeout = loop.timeout()
      if timeout == nil or timeout > 0.005 then
        core.sleep(0.001)
      end
      local ok, err = loop.step()
      if not ok then
        raised[#raised + 1] = err
      end
    end
    return raised
  end

  it("runs what was spawned, at steps only", function()
    start { lags }
    local client = server:client()
    local got
    loop.spawn(function()
      got = assert(client:describe_lags()).lags[1].lagId
    end)
    assert.is_nil(got)
    assert.equal(0, loop.timeout())
    assert.same({}, drive(function()
      return got
    end))
    assert.equal("dxlag-1", got)
    assert.is_true(is_at_rest())
  end)

  it("waits for nothing in a step, not even where nobody looks at its descriptor", function()
    start { "hang" }
    local path = os.tmpname()
    shell.write(path, ([[
      package.path, package.cpath = %q, %q
      local dxconnect = require "dxconnect"
      local client = assert(dxconnect.client {
        region = "us-east-1", credentials = { access_key_id = "A", secret_access_key = "B" }, endpoint_url = %q,
        config_file = "/dev/null", shared_credentials_file = "/dev/null", timeout = 20, max_attempts = 1,
      })
      local is_over = false
      dxconnect.loop.spawn(function()
        client:describe_lags()
        is_over = true
      end)
      for _ = 1, 5 do
        dxconnect.loop.step()
      end
      print(is_over)
      client:close()
    ]]):format(package.path, package.cpath, server.url))
    finally(function() os.remove(path) end)
    assert.same({ "false" }, shell.lines(shell.lua .. " " .. path .. " 2>&1"))
  end)

  describe("has a descriptor", function()
    local uv = require "luv"

    -- Whether an event loop that looks at the descriptor now, or for so many seconds, finds it readable.
    local function is_readable(seconds)
      local is_found = false
      local till = core.monotonic() + (seconds or 0)
      local poll, timer = uv.new_poll(loop.pollfd()), uv.new_timer()
      poll:start(loop.events(), function()
        is_found = true
      end)
      timer:start(1, 1, function() end) -- so that no look lasts longer than a moment
      repeat
        local is_over = core.monotonic() >= till
        uv.run("nowait")
        if not (is_found or is_over) then
          uv.run("once")
        end
      until is_found or is_over
      poll:close()
      timer:close()
      uv.run("nowait") -- closes both
      return is_found
    end

    it("that shows answers when they come", function()
      start { "wait=30 " .. lags }
      local client = server:client()
      local got
      loop.spawn(function()
        got = client:describe_lags()
      end)
      assert.equal("r", loop.events())
      while not got do
        loop.step()
        if not got then
          assert.is_true(is_readable(math.min(loop.timeout() or 30, 30)) or loop.timeout() == 0)
        end
      end
      assert.equal("dxlag-1", got.lags[1].lagId)
    end)

    it("that shows what was spawned, until the next step", function()
      assert.is_true(is_at_rest())
      assert.is_false(is_readable())
      local ran = 0
      loop.spawn(function()
        ran = ran + 1
      end)
      loop:spawn(function()
        ran = ran + 1
      end)
      assert.is_true(is_readable())
      loop.step()
      assert.equal(2, ran)
      assert.is_false(is_readable())
    end)

    it("for functions that are C's too", function()
      loop.spawn(tonumber)
      local ok, err = loop.step()
      assert.is_nil(ok)
      assert.matches("bad argument", err)
    end)

    it("that shows what a closed client leaves to do", function()
      start { "hang" }
      local client = server:client()
      local outcome
      loop.spawn(function()
        outcome = { client:describe_lags() }
      end)
      while server:connections() == 0 do
        loop.step()
      end
      loop.step()
      client:close()
      assert.is_true(is_readable(30))
      drive(function()
        return outcome
      end)
      assert.equal("CancelledError", outcome[2].code)
    end)

    it("that shows what ended while another call blocked", function()
      start { lags, "wait=20 " .. lags }
      local client = server:client()
      local got
      loop.spawn(function()
        got = client:describe_lags()
      end)
      while server:connections() == 0 do
        loop.step()
      end
      assert(client:describe_lags())
      assert.is_true(got ~= nil or is_readable(30)) -- the answer may take its time on a busy machine
      drive(function()
        return got
      end)
      assert.is_table(got)
    end)
  end)

  it("tells how long it can be left alone", function()
    local woken = false
    loop.spawn(function()
      schedule.sleep(0.05)
      woken = true
    end)
    loop.step()
    local timeout = loop.timeout()
    assert.is_true(timeout > 0 and timeout <= 0.05)
    drive(function()
      return woken
    end)
    assert.is_true(woken)
  end)

  it("hands out what a spawned function raised, and the others go on", function()
    local done = 0
    for i = 1, 4 do
      loop.spawn(function()
        if i % 2 == 0 then
          error({ number = i })
        end
        done = done + 1
      end)
    end
    local raised = drive(function()
      return done == 2 and loop.timeout() ~= 0
    end)
    assert.equal(2, done)
    assert.equal(2, #raised)
    assert.equal(6, raised[1].number + raised[2].number)
  end)

  it("does not wait in a step", function()
    start { "hang" }
    local client = server:client()
    loop.spawn(function()
      client:describe_lags()
    end)
    for _ = 1, 20 do
      assert.is_true(loop.step())
    end
    client:close()
    drive(is_at_rest)
  end)

  it("goes on with what was spawned while parallel drives", function()
    start { lags }
    local client = server:client()
    local got
    loop.spawn(function()
      got = client:describe_lags()
    end)
    dxconnect.parallel { function()
      while not got do
        schedule.sleep(0.001)
      end
    end }
    assert.is_table(got)
  end)
end)

describe("an interrupt of the interpreter", function()
  -- The interpreter's own handler of SIGINT sets a hook on the main thread, which raises.
  for _, n in ipairs { 1, 2 } do
    it(("ends %d tasks whose calls are under way, though they try again"):format(n), function()
      start { "hang" }
      local path = os.tmpname()
      shell.write(path, ([[
        package.path, package.cpath = %q, %q
        local dxconnect = require "dxconnect"
        local client = assert(dxconnect.client {
          region = "us-east-1", credentials = { access_key_id = "A", secret_access_key = "B" }, endpoint_url = %q,
          config_file = "/dev/null", shared_credentials_file = "/dev/null", timeout = 100, max_attempts = 1,
        })
        local function try()
          while true do client:describe_lags() end
        end
        print(pcall(dxconnect.parallel, { try, %s }))
      ]]):format(package.path, package.cpath, server.url, n == 2 and "try" or "nil"))
      finally(function() os.remove(path) end)
      local child = assert(io.popen(("sh -c 'echo $$; exec %s %s' 2>&1"):format(shell.lua, path)))
      local pid = child:read("*l")
      while #server:requests() < n do
        core.sleep(0.001)
      end
      os.execute("kill -INT " .. pid)
      local said = child:read("*l")
      child:close()
      assert.matches("^false\t.*interrupted!$", said)
    end)
  end
end)
