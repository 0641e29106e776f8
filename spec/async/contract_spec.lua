--- The contract of dxconnect.async (lua/dxconnect/async/README.md), kept by our own loop and by nginx's threads.

local async = require "dxconnect.async"
local contract = require "spec.support.async_contract"
local faultd = require "spec.support.faultd"
local nginx = require "spec.support.nginx"
local yields = require "spec.support.yields"

local load_text = loadstring or load -- luacheck: ignore

describe("the loop's scheduler", function()
  for _, case in ipairs(contract.cases) do
    if yields.through_pcall or not case.through_pcall then
      it(case[1], function()
        local text = tostring(assert(load_text(contract.PRELUDE .. case[2]))())
        assert.equal(case[3], text)
        async.loop.step()
        assert.is_nil(async.loop.timeout()) -- nothing is left to do
      end)
    end
  end

  it("blocks in code that can't yield: serves all sockets, and resumes no task", function()
    -- the first request is answered only after the second one has arrived, and both while nothing yields
    local server = faultd.start { "wait=20 " .. faultd.ok('{"lags":[]}') }
    finally(function()
      server:stop()
    end)
    local client = server:client { max_attempts = 1, timeout = 20 }
    local is_blocked, resumed = false, 0
    local results = async.parallel({
      function()
        local result, err = client:describe_lags()
        resumed = resumed + (is_blocked and 1 or 0)
        return result, err
      end,
      function()
        while #server:requests() == 0 do
          async.sleep(0.001)
        end
        is_blocked = true
        local result, err, slept = nil, nil, nil
        table.sort({ 2, 1 }, function(a, b)
          if not result then
            result, err = client:describe_lags()
            slept = async.sleep(0.03)
          end
          return a < b
        end)
        is_blocked = false
        return slept and result, err
      end,
    })
    assert.is_table(results[1].result, tostring(results[1].error))
    assert.is_table(results[2].result, tostring(results[2].error))
    assert.equal(0, resumed)
  end)

  it("says so when every task waits for another one", function()
    local lock_a, lock_b = async.lock(), async.lock()
    local ok, err = pcall(async.each, 2, 2, function(i)
      local first, second = i == 1 and lock_a or lock_b, i == 1 and lock_b or lock_a
      first:guard(function()
        async.sleep(0)
        second:guard(function() end)
      end)
    end)
    assert.is_false(ok)
    assert.matches("waits for another", err)
  end)
end)

describe("the scheduler inside nginx #nginx", function()
  local server, port

  lazy_setup(function()
    server, port = nginx.start_eval()
  end)

  lazy_teardown(function()
    local log = server:log()
    server:stop()
    assert.equal("", log)
  end)

  for _, case in ipairs(contract.cases) do
    it(case[1], function()
      assert.equal(case[3], (nginx.eval(port, contract.PRELUDE .. case[2])))
    end)
  end
end)
