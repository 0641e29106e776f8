--- A fault at every single request of an inventory: what is left says what is missing, and calls nothing gone.

local dxconnect = require "dxconnect"

local KEYS = {
  { access_key_id = "AKIDMAIN", secret_access_key = "example", account_id = "111122223333" },
  { access_key_id = "AKIDOTHER", secret_access_key = "example", account_id = "444455556666" },
}
local REGIONS = { "us-east-1", "eu-central-1" }

local FAULTS = {
  error = { status = 400, body = '{"__type":"AccessDeniedException","message":"no"}' },
  unavailable = { status = 503, body = "<html>busy</html>" },
  lost = false, -- no answer at all
  garbage = { status = 200, body = '{"connections":[{' },
}

-- Reads the seeded estate with a fault at one request; how many requests there were.
local function read(emulator, answer, at)
  local count = 0
  local clients = {}
  for i, keys in ipairs(KEYS) do
    clients["client " .. i] = assert(dxconnect.client {
      region = "us-east-1", credentials = keys, max_attempts = 1, system = { getenv = function() end },
      transport = function(request, ...)
        count = count + 1
        if count ~= at then
          return emulator.transport(request, ...)
        elseif not answer then
          return nil, "the connection was lost"
        end
        return { status = answer.status, headers = {}, body = answer.body }
      end,
    })
  end
  return assert(dxconnect.inventory { clients = clients, regions = REGIONS }), count
end

local function seeded()
  local emulator = assert(dxconnect.emulator { credentials = KEYS })
  assert(emulator:seed "estate")
  return emulator
end

local function has_rule(findings, rule)
  for _, finding in ipairs(findings) do
    if finding.rule == rule then
      return true
    end
  end
  return false
end

-- Checks an inventory with a fault beside the whole one.
local function check(inventory, whole, where)
  assert.is_false(inventory.complete, where)
  assert.equal(1, #inventory.errors, where)
  local entry = inventory.errors[1]
  assert.is_string(entry.client, where)
  assert.is_string(entry.region, where)
  assert.is_string(entry.operation, where)
  assert.is_string(entry.error.code, where)
  for _, pair in ipairs { { inventory, whole }, { whole, inventory } } do
    assert.equal("no change", tostring(assert(pair[1]:diff(pair[2]))), where)
  end
  assert.matches("could not be read", tostring(inventory), where)
  assert.is_nil(inventory:svg():find("; nothing is down", 1, true), where)
  assert.is_true(has_rule(assert(inventory:assess()), "incomplete"), where)
  assert.is_truthy(inventory:metrics():find(('operation="%s"} 0'):format(entry.operation), 1, true), where)
  local again = assert(dxconnect.inventory.load(inventory:json()))
  assert.equal(inventory:json(), again:json(), where)
end

-- Puts each fault at every `step`th request.
local function sweep(step)
  local emulator = seeded()
  local whole, count = read(emulator)
  assert.is_true(whole.complete)
  assert.is_true(count > 20)
  local names = {}
  for name in pairs(FAULTS) do
    names[#names + 1] = name
  end
  table.sort(names)
  for i, name in ipairs(names) do
    for at = 1 + (i - 1) % step, count, step do
      local inventory = read(emulator, FAULTS[name], at)
      check(inventory, whole, ("%s at request %d"):format(name, at))
    end
  end
end

describe("an inventory with a fault at one request", function()
  it("says what is missing, wherever the fault is: some of them", function()
    sweep(13)
  end)

  it("says what is missing, wherever the fault is: all of them #sweep", function()
    sweep(1)
  end)
end)
