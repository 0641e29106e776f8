local cache = require "dxconnect.credentials.cache"
local dxconnect = require "dxconnect"
local errors = require "dxconnect.errors"

local HOUR = 3600

-- A cache around a provider of scripted credentials: each entry is seconds to live, `false` for a failure, "always" for
-- keys without an end, or a function. Past its end the last one repeats.
local function world(script)
  local w = { now = 1000000, calls = 0, events = {} }
  w.provider = {
    name = "provider",
    get = function(_, refused, limit)
      w.calls, w.refused = w.calls + 1, refused
      local entry = script[math.min(w.calls, #script)]
      if type(entry) == "function" then
        entry = entry(limit)
      end
      if not entry then
        return nil, errors.credentials("broken")
      end
      return {
        access_key_id = "AKID" .. w.calls, secret_access_key = "hush", source = "script",
        expiration = entry ~= "always" and w.now + entry or nil,
      }
    end,
    close = function()
      w.closed = true
    end,
  }
  w.cache = cache.new({
    system = {
      clock = function() return w.now end,
      monotonic = function() return w.now end,
    },
    logger = function(event)
      w.events[#w.events + 1] = event
    end,
  }, w.provider)
  function w.id()
    local found, err = w.cache:get()
    return found and found.access_key_id, err
  end
  return w
end

describe("cache", function()
  it("asks once for credentials without an end", function()
    local w = world { "always" }
    for _ = 1, 5 do
      assert.equal("AKID1", w.id())
      w.now = w.now + 100 * HOUR
    end
    assert.equal(1, w.calls)
  end)

  -- seconds to live, seconds before the end at which it looks for others
  for _, case in ipairs { { 12 * HOUR, 900 }, { HOUR, 900 }, { 1800, 450 }, { 600, 150 }, { 40, 10 }, { 12, 5 } } do
    local life, window = case[1], case[2]
    it(("renews what lives %d seconds %d before the end, not earlier"):format(life, window), function()
      local w = world { life }
      assert.equal("AKID1", w.id())
      w.now = w.now + life - window - 1
      assert.equal("AKID1", w.id())
      w.now = w.now + 1
      assert.equal("AKID2", w.id())
    end)
  end

  it("keeps what is still good where a renewal fails, and pauses", function()
    local w = world { HOUR, false, false, HOUR }
    w.id()
    w.now = w.now + 2800
    assert.equal("AKID1", w.id())
    assert.equal("AKID1", w.id())
    assert.equal(2, w.calls)
    w.now = w.now + 15
    assert.equal("AKID1", w.id())
    assert.equal(3, w.calls)
    w.now = w.now + 15
    assert.equal("AKID4", w.id())
  end)

  it("keeps it to the very end, but no longer", function()
    local w = world { HOUR, false }
    w.id()
    w.now = w.now + HOUR - 1
    assert.equal("AKID1", w.id())
    assert.equal(2, w.calls)
    w.now = w.now + 1
    local id, err = w.id()
    assert.is_nil(id)
    assert.equal("CredentialsError", err.code)
    assert.equal("broken", err.message)
  end)

  it("recovers as soon as there are credentials again", function()
    local w = world { false, false, HOUR }
    assert.is_nil(w.id())
    assert.is_nil(w.id())
    assert.equal("AKID3", w.id())
    assert.equal("AKID3", w.id())
    assert.equal(3, w.calls)
  end)

  it("takes nothing that has expired already", function()
    local w = world { 0, -HOUR, 10 }
    for _ = 1, 2 do
      local id, err = w.id()
      assert.is_nil(id)
      assert.matches("script have expired", err.message)
    end
    assert.equal("AKID3", w.id())
  end)

  it("gives others after a refusal, once for all who were refused the same", function()
    local w = world { HOUR }
    local first = w.cache:get()
    local second = w.cache:refresh(first)
    assert.equal("AKID2", second.access_key_id)
    assert.equal(first, w.refused)
    assert.equal(second, w.cache:refresh(first))
    assert.equal(second, w.cache:get(first))
    assert.equal(2, w.calls)
  end)

  it("has no others where the provider is fixed", function()
    local w = world { "always" }
    w.provider.fixed = true
    local first = w.cache:get()
    assert.is_nil((w.cache:refresh(first)))
    assert.equal(1, w.calls)
  end)

  it("has the provider keep to the call's time", function()
    local seen = {}
    local w = world {
      function(limit)
        seen[#seen + 1] = limit.deadline or "none"
        return HOUR
      end,
    }
    local first = w.cache:get(nil, 42)
    w.cache:refresh(first, 43)
    w.now = w.now + HOUR
    w.cache:get()
    assert.same({ 42, 43, "none" }, seen)
  end)

  it("hands the limit of the renewal that asks on to its own provider, as it is", function()
    local seen
    local w = world {
      function(limit)
        seen = limit
        return HOUR
      end,
    }
    local limit = { deadline = 42 }
    w.cache:get(nil, limit)
    assert.equal(limit, seen)
  end)

  it("keeps nothing of a renewal whose coroutine was dropped", function()
    local seen = {}
    local w = world {
      HOUR,
      function()
        require("dxconnect.async").sleep(0)
        coroutine.yield()
      end,
      function(limit)
        seen[#seen + 1] = limit.deadline or "none"
        return HOUR
      end,
    }
    w.id()
    w.now = w.now + 2800
    pcall(dxconnect.parallel, {
      function()
        return w.cache:get(nil, 42)
      end,
      function()
        return true
      end,
    }, { on_progress = function() error("stop") end })
    assert.equal("AKID3", w.id()) -- it is time to renew, and nobody does
    assert.same({ "none" }, seen)
  end)

  it("tells whether it would ask", function()
    local w = world { HOUR }
    assert.is_false(w.cache:is_fresh())
    w.id()
    assert.is_true(w.cache:is_fresh())
    w.now = w.now + 2800
    assert.is_false(w.cache:is_fresh())
  end)

  it("makes an event of each renewal, without secrets", function()
    local w = world { HOUR, false }
    w.id()
    w.id()
    w.now = w.now + HOUR
    w.id()
    assert.equal(2, #w.events)
    assert.equal("credentials", w.events[1].type)
    assert.equal("script", w.events[1].source)
    assert.equal(0, w.events[1].elapsed)
    assert.equal("CredentialsError", w.events[2].code)
    for _, event in ipairs(w.events) do
      for _, value in pairs(event) do
        assert.are_not.equal("hush", value)
      end
    end
  end)

  it("does not mind a logger that raises", function()
    local w = world { HOUR }
    w.cache.context.logger = function() error("no") end
    assert.equal("AKID1", w.id())
  end)

  it("forgets everything when closed, and asks no more", function()
    local w = world { HOUR }
    w.id()
    w.cache:close()
    assert.is_true(w.closed)
    local id, err = w.id()
    assert.is_nil(id)
    assert.equal("ConfigError", err.code)
    assert.equal(1, w.calls)
  end)

  describe("asked by many tasks at once", function()
    local function all(w, n)
      local tasks = {}
      for i = 1, n do
        tasks[i] = w.id
      end
      return dxconnect.parallel(tasks, { concurrency = n })
    end

    -- Lets other tasks go on meanwhile.
    local function slowly(value)
      return function()
        for _ = 1, 3 do
          require("dxconnect.async").sleep(0)
        end
        return value
      end
    end

    it("asks once, and gives all of them the same", function()
      local w = world { slowly(HOUR) }
      for _, entry in ipairs(all(w, 20)) do
        assert.equal("AKID1", entry.result)
      end
      assert.equal(1, w.calls)
    end)

    it("asks once where that fails too, and all of them learn why", function()
      local w = world { slowly(false) }
      for _, entry in ipairs(all(w, 20)) do
        assert.is_nil(entry.result)
        assert.equal("broken", entry.error.message)
      end
      assert.equal(1, w.calls)
    end)

    it("gives each an error of its own", function()
      local w = world { slowly(false) }
      local results = all(w, 3)
      results[1].error.operation = "mine"
      assert.is_nil(results[2].error.operation)
      assert.are_not.equal(results[2].error, results[3].error)
    end)

    it("asks again for the others where one had less time", function()
      local w = world {
        function(limit)
          limit.passed = true
          return slowly(false)()
        end,
        slowly(HOUR),
      }
      local results = all(w, 5)
      assert.equal("broken", results[1].error.message)
      for i = 2, 5 do
        assert.equal("AKID2", results[i].result)
      end
      assert.equal(2, w.calls)
    end)

    it("lets nobody wait longer than the own call may take", function()
      local is_over = false
      local w = world {
        function()
          while not is_over do
            require("dxconnect.async").sleep(0)
          end
          return HOUR
        end,
      }
      local results = dxconnect.parallel {
        w.id,
        function()
          w.now = w.now + 1 -- while this task waits, no other moves the clock
          local keys, err = w.cache:get(nil, w.now)
          is_over = true
          return { keys = keys, code = err and err.code }
        end,
        function()
          return w.cache:get(nil, w.now + HOUR).access_key_id
        end,
      }
      assert.equal("AKID1", results[1].result)
      assert.same({ code = "TimeoutError" }, results[2].result)
      assert.equal("AKID1", results[3].result)
      assert.equal(1, w.calls)
    end)

    it("lets the others go on with what is still good", function()
      local w = world { HOUR, slowly(HOUR) }
      w.id()
      w.now = w.now + 2800
      local ids = {}
      for _, entry in ipairs(all(w, 20)) do
        ids[entry.result] = (ids[entry.result] or 0) + 1
      end
      assert.equal(2, w.calls)
      assert.same({ AKID1 = 19, AKID2 = 1 }, ids)
    end)

    it("makes them wait where it is at its end", function()
      local w = world { HOUR, slowly(HOUR) }
      w.id()
      w.now = w.now + HOUR - 2
      for _, entry in ipairs(all(w, 20)) do
        assert.equal("AKID2", entry.result)
      end
      assert.equal(2, w.calls)
    end)
  end)
end)
