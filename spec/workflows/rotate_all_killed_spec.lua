--- Rotations of a fleet by processes that are killed at every request, against an emulator served over HTTP, and once
-- more.

local clock = require("dxconnect.system").new().clock
local dxconnect = require "dxconnect"
local emulated = require "spec.support.emulated"
local timestamp = require "dxconnect.text.timestamp"
local emulatord = require "spec.support.emulatord"
local shell = require "spec.support.shell"

local STEP = 100 -- seconds that pass whenever locations are asked for
local MOST_REQUESTS = 60

local served, client
local ports = {}
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

-- Learns how far the emulator's clock is ahead, whoever let time pass.
local function learn()
  local _, _, meta = assert(client:describe_lags())
  ahead = timestamp.parse_http(meta.headers.date) - clock() + 1
end

-- Runs the child, which is killed at its n-th request. Returns what it printed, nil where it was killed.
local function run(n)
  learn()
  local words = { shell.quote(served.url), ahead, STEP, n }
  local command = ("LUA_PATH=%s LUA_CPATH=%s exec %s spec/support/rotate_all_child.lua %s"):format(
    shell.quote(package.path), shell.quote(package.cpath), shell.lua, table.concat(words, " "))
  return shell.lines(command)[1]
end

-- The states of the keys of every port, without what is left of those that were taken off.
local function states()
  local found = {}
  for i, id in ipairs(ports) do
    local list = {}
    for _, key in ipairs(assert(client:describe_connections { connectionId = id }).connections[1].macSecKeys) do
      list[#list + 1] = key.state ~= "disassociated" and key.state or nil
    end
    found[i] = table.concat(list, " ")
  end
  return found
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
  local location = emulated.mac_sec_location(client)
  for i = 1, 2 do
    ports[i] = assert(client:create_connection {
      location = location, bandwidth = "10Gbps", connectionName = "c", requestMACSec = true,
    }).connectionId
    assert(client:wait_until("connection_available", { connectionId = ports[i] }))
    assert(client:associate_mac_sec_key {
      connectionId = ports[i], ckn = ("0" .. i):rep(32), cak = ("Ff"):rep(32),
    })
    assert(client:wait_until("mac_sec_key_associated", { connectionId = ports[i] }))
  end
end)

teardown(function()
  client:close()
  served:stop()
end)

describe("rotate_all, killed", function()
  it("at every request, leaves a key that works on each port, and a rerun carries on", function()
    local n, line = 0, nil
    while not line and n < MOST_REQUESTS do
      n = n + 1
      line = run(n)
      for i, keys in ipairs(states()) do
        assert.matches("%f[%a]associated", keys, ("request %d, port %d"):format(n, i))
      end
      if not line then
        assert.equal("2 0", run())
        assert.same({ "associated", "associated" }, states())
      end
    end
    assert.equal("2 0", line)
    assert.is_true(n > 15, n .. " requests")
  end)
end)
