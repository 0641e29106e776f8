--- Light threads in a real nginx: code is sent there, runs, and says what it saw.

local light_threads = require "dxconnect.async.light_threads"
local nginx = require "spec.support.nginx"

local server, port

-- What the code below starts with.
local PRELUDE = [[
  local light_threads = require "dxconnect.async.light_threads"
  local each, sleep, bounded = light_threads.each, light_threads.sleep, light_threads.bounded
  local semaphore = require "ngx.semaphore"
  -- returns when n threads have come to it, which they can only when they overlap
  local function meeting(n)
    local come, all = 0, semaphore.new()
    return function()
      come = come + 1
      if come == n then all:post(n) end
      assert(all:wait(10))
    end
  end
]]

local function eval(code)
  return nginx.eval(port, PRELUDE .. code)
end

describe("light threads #nginx", function()
  lazy_setup(function()
    server, port = nginx.start_eval()
  end)

  lazy_teardown(function()
    assert.equal("", server:log())
    server:stop()
  end)

  it("are not outside of nginx", function()
    assert.is_nil(light_threads.phase())
    assert.is_false(light_threads.are_here())
  end)

  it("are where nginx lets code wait", function()
    assert.equal("content true", eval [[ return light_threads.phase() .. " " .. tostring(light_threads.are_here()) ]])
  end)

  describe("each", function()
    it("works on all items, begun in their order and under way together", function()
      assert.equal("1 2 3 4 5 6 7 8", eval [[
        local meet, order = meeting(8), {}
        each(8, 8, function(i)
          order[#order + 1] = i
          meet()
        end)
        return table.concat(order, " ")
      ]])
    end)

    it("does nothing where there are none", function()
      assert.equal("nil", eval [[ return each(0, 1, error) ]])
    end)

    it("keeps to its limit, and reaches it", function()
      assert.equal("200 items, 3 at most", eval [[
        local now, most, done = 0, 0, 0
        each(200, 3, function(i)
          now = now + 1
          most = math.max(most, now)
          ngx.sleep(0.001)
          now, done = now - 1, done + 1
        end)
        return done .. " items, " .. most .. " at most"
      ]])
    end)

    it("begins others where some sleep", function()
      assert.equal("2 3 4 1", eval [[
        local order = {}
        each(4, 1, function(i)
          while i == 1 and #order < 3 do
            sleep(0.001)
          end
          order[#order + 1] = i
        end)
        return table.concat(order, " ")
      ]])
    end)

    it("lets who slept go on when there is a place, before others are begun", function()
      assert.equal("1 at most, 100 of 200 slept", eval [[
        local now, most, slept = 0, 0, 0
        each(200, 1, function(i)
          now = now + 1
          most = math.max(most, now)
          if i % 2 == 0 then
            now = now - 1
            sleep(0.001)
            now = now + 1
            most, slept = math.max(most, now), slept + 1
          end
          ngx.sleep(0.001)
          now = now - 1
        end)
        return most .. " at most, " .. slept .. " of 200 slept"
      ]])
    end)

    it("tells what an item raised, as it was, and goes on", function()
      assert.equal("true,ok,true,ok", eval [[
        local seen, faults = {}, { {}, nil, {} }
        each(4, 2, function(i)
          if faults[i] then error(faults[i]) end
          seen[i] = "ok"
        end, function(i, err)
          seen[i] = tostring(err == faults[i])
          return true
        end)
        return table.concat(seen, ",")
      ]])
    end)

    it("breaks off where whoever is told what an item raised says so", function()
      assert.equal("false, enough, 2 told", eval [[
        local told = 0
        local ok, err = pcall(each, 10, 1, function() error("oh") end, function(i)
          told = told + 1
          return i < 2, "enough"
        end)
        return tostring(ok) .. ", " .. err .. ", " .. told .. " told"
      ]])
    end)

    it("raises what an item raised where nobody else takes it, and ends what was under way", function()
      assert.equal("true, begun 4, ended 0", eval [[
        local fault, begun, ended = {}, 0, 0
        local ok, err = pcall(each, 10, 4, function(i)
          begun = begun + 1
          if i == 4 then error(fault) end
          ngx.sleep(0.02)
          ended = ended + 1
        end)
        ngx.sleep(0.04)
        return tostring(err == fault) .. ", begun " .. begun .. ", ended " .. ended
      ]])
    end)

    it("can be within another, as deep as one likes", function()
      assert.equal("27", eval [[
        local meet, n = meeting(27), 0
        each(3, 3, function()
          each(3, 3, function()
            each(3, 3, function()
              meet()
              n = n + 1
            end)
          end)
        end)
        return n
      ]])
    end)

    it("passes on what one within raised", function()
      assert.equal("1 true, 2 true", eval [[
        local fault, seen = {}, {}
        each(2, 2, function(i)
          local ok, err = pcall(each, 2, 2, function(j) if j == 2 then error(fault) end end)
          seen[i] = i .. " " .. tostring(err == fault)
        end)
        return table.concat(seen, ", ")
      ]])
    end)

    it("ends what was under way within others, too", function()
      assert.equal("true, ended 0", eval [[
        local fault, ended, meet = {}, 0, meeting(7)
        local ok, err = pcall(each, 3, 3, function(i)
          if i == 3 then
            meet()
            error(fault)
          end
          each(3, 3, function(j)
            meet()
            bounded(1, function()
              ngx.sleep(0.02)
              ended = ended + 1
            end)
            ended = ended + 1
          end)
        end)
        ngx.sleep(0.04)
        return tostring(err == fault) .. ", ended " .. ended
      ]])
    end)

    it("leaves the caller's own threads alone", function()
      assert.equal("mine", eval [[
        local mine = ngx.thread.spawn(function() ngx.sleep(0.002) return "mine" end)
        pcall(each, 2, 2, error)
        local _, value = ngx.thread.wait(mine)
        return value
      ]])
    end)

    it("lets items have coroutines of their own, which may wait", function()
      assert.equal("1 2 3|1 2 3", eval [[
        local out, meet = {}, meeting(2)
        each(2, 2, function(i)
          local next_one = coroutine.wrap(function()
            meet()
            for k = 1, 3 do
              ngx.sleep(0.001)
              coroutine.yield(k)
            end
          end)
          out[i] = next_one() .. " " .. next_one() .. " " .. next_one()
        end)
        return table.concat(out, "|")
      ]])
    end)

    it("goes through a thousand items, each of which waits, without growing", function()
      local grown = eval [[
        local function go()
          each(1000, 64, function() sleep(0) end)
          collectgarbage() collectgarbage()
          return collectgarbage("count")
        end
        go() -- nginx keeps some coroutines for later
        local before = go()
        return go() - before
      ]]
      assert.is_true(tonumber(grown) < 64, grown .. " KiB")
    end)

    it("ends what an item began beside itself when the item raises", function()
      assert.equal("nothing more", eval [[
        local words = "nothing more"
        each(2, 1, function(i)
          if i == 1 then
            light_threads.beside(function()
              ngx.sleep(0.02)
              words = "still at it"
            end)
            ngx.sleep(0.001)
            error("oh")
          end
        end, function() return true end)
        ngx.sleep(0.04)
        return words
      ]])
    end)

    it("works in a timer", function()
      assert.equal("timer 4", eval [[
        local done, words = semaphore.new()
        ngx.timer.at(0, function()
          local meet, n = meeting(4), 0
          each(4, 4, function() meet() n = n + 1 end)
          words = light_threads.phase() .. " " .. n
          done:post(1)
        end)
        assert(done:wait(10))
        return words
      ]])
    end)
  end)

  describe("bounded", function()
    for _, where in ipairs { "alone", "in a run" } do
      local frame = where == "alone" and "%s" or [[
        local value
        each(2, 2, function() value = (function() %s end)() end)
        return value
      ]]

      it("returns what was returned, " .. where, function()
        assert.equal("1 2", eval(frame:format [[
          local a, b = bounded(5, function() ngx.sleep(0.001) return 1, 2 end)
          return a .. " " .. b
        ]]))
        assert.equal("1", eval(frame:format [[ return (bounded(5, function() return 1 end)) ]]))
      end)

      it("returns what was raised, " .. where, function()
        assert.equal("nil oh", eval(frame:format [[
          local a, b = bounded(5, function() ngx.sleep(0.001) error("oh", 0) end)
          return tostring(a) .. " " .. b
        ]]))
      end)

      it("ends what takes too long, " .. where, function()
        assert.equal("nil timeout nil", eval(frame:format [[
          local after
          local a, b = bounded(0.002, function() ngx.sleep(0.01) after = true end)
          ngx.sleep(0.02)
          return tostring(a) .. " " .. tostring(b) .. " " .. tostring(after)
        ]]))
      end)
    end
  end)

  describe("beside", function()
    it("goes on beside its thread, and gives what it returned or raised", function()
      assert.equal("beside, done 1 2, false oops", eval [[
        local said = {}
        each(1, 1, function()
          local meet = meeting(2)
          local work = light_threads.beside(function()
            meet()
            return 1, 2
          end)
          meet()
          said[1] = "beside"
          local ok, first, second = work:await()
          said[2] = (ok and "done " or "?") .. first .. " " .. second
          local failing = light_threads.beside(function() error("oops", 0) end)
          said[3] = table.concat({ tostring(failing:await()), (select(2, failing:await())) }, " ")
        end)
        return table.concat(said, ", ")
      ]])
    end)

    it("is none outside of runs", function()
      assert.equal("nil", eval [[ return tostring(light_threads.beside(function() end)) ]])
    end)

    it("does not outlive its item, and tells who waits for it", function()
      assert.equal("nil true false", eval [[
        local work, ended
        local told
        each(2, 2, function(i)
          if i == 1 then
            work = light_threads.beside(function()
              sleep(3600)
              ended = true
            end)
            sleep(0.01)
          else
            while not work do sleep(0.001) end
            told = work:await()
          end
        end)
        return tostring(told) .. " " .. tostring(work.is_settled) .. " " .. tostring(ended or false)
      ]])
    end)

    it("lets the run end though it is not done", function()
      assert.equal("ended", eval [[
        each(3, 1, function()
          light_threads.beside(function() sleep(3600) end)
        end)
        return "ended"
      ]])
    end)
  end)
end)
