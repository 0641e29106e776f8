--- Failover tests by processes that are killed at every request, against an emulator served over HTTP, and once more.

local clock = require("dxconnect.system").new().clock
local dxconnect = require "dxconnect"
local emulatord = require "spec.support.emulatord"
local failovers = require "spec.support.failovers"
local shell = require "spec.support.shell"

local STEP = 100 -- seconds that pass whenever locations are asked for
local MOST_REQUESTS = 60

local served, client, id
local ahead = 0 -- seconds that the emulator's clock is ahead

local ORDERS = ([[
  local answer = emulator.answer
  function emulator.answer(self, request)
    local response, trouble = answer(self, request)
    if request.headers["x-amz-target"]:find("DescribeLocations") then
      pass(%d)
    end
    return response, trouble
  end]]):format(STEP)

local function pass()
  assert(client:describe_locations())
  ahead = ahead + STEP
end

-- Runs the child, which is killed at its n-th request. Returns what it printed, nil where it was killed.
local function run(n)
  local words = { shell.quote(served.url), ahead, id, STEP, n }
  local command = ("LUA_PATH=%s LUA_CPATH=%s exec %s spec/support/failover_child.lua %s"):format(
    shell.quote(package.path), shell.quote(package.cpath), shell.lua, table.concat(words, " "))
  return shell.lines(command)[1]
end

local function history()
  return assert(client:all("ListVirtualInterfaceTestHistory", { virtualInterfaceId = id })).virtualInterfaceTestHistory
end

setup(function()
  served = emulatord.start(ORDERS)
  client = assert(dxconnect.client {
    region = "us-east-1",
    endpoint_url = served.url,
    credentials = emulatord.keys,
    system = {
      getenv = function() end,
      clock = function()
        return clock() + ahead
      end,
      sleep = pass,
    },
  })
  id = failovers.build(client)
end)

teardown(function()
  client:close()
  served:stop()
end)

describe("failover_test, killed", function()
  it("at every request, begins no second test, and its own ends by the service's time", function()
    local n, line = 0, nil
    while not line and n < MOST_REQUESTS do
      n = n + 1
      local before = #history()
      line = run(n)
      local tests = history()
      assert.is_true(#tests - before <= 1)
      local last = tests[#tests]
      if not line and last and last.status == "in_progress" then
        local again = run()
        assert.matches("^failed: .*failover test " .. last.testId:gsub("%-", "%%-") .. " is running on", again)
        assert.equal(#tests, #history())
        for _ = 1, 5 do
          pass()
        end
        assert.equal("completed", history()[#tests].status)
      end
    end
    assert.equal("completed true", line)
    assert.is_true(n > 8, n .. " requests")
    assert.equal("completed true", run())
  end)
end)
