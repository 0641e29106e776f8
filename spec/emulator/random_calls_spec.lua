--- The emulator under calls of every kind by two accounts: each is answered by a result of its shape, or in the
-- service's words; what must hold of the state holds after it; and an emulator that took the state up in between
-- answers alike.

local dxconnect = require "dxconnect"
local emulated = require "spec.support.emulated"
local json = require "dxconnect.text.json"
local random_calls = require "spec.support.random_calls"

local partner = { access_key_id = "PARTNER", secret_access_key = "p", account_id = "111122223333" }
local customer = { access_key_id = "CUSTOMER", secret_access_key = "c", account_id = "444455556666" }

-- A clock, an emulator, and one that takes up the first one's state whenever `again` is called and gets every request
-- that the first one gets.
local function new_pair()
  local record = { now = 1700000000 }
  function record.clock()
    return record.now
  end
  local function new_emulator()
    return assert(dxconnect.emulator { clock = record.clock, credentials = { partner, customer } })
  end
  local first, second = new_emulator(), new_emulator()
  local transport = first.transport
  function first.transport(request)
    local response = transport(request)
    local other = second.transport(request)
    if response.body ~= other.body then
      error(("after save and load the answer differs:\n%s\n%s"):format(response.body, other.body), 0)
    end
    return response
  end
  local function again()
    second = new_emulator()
    assert(second:restore(assert(json.decode(assert(json.encode(first:snapshot(), { reveal = true }))))))
  end
  return first, record, again
end

local function run(seed, calls, step)
  local emulator, record, again = new_pair()
  local options = { max_attempts = 1, disable_clock_skew_correction = true }
  options.credentials = partner
  local mine = emulated.client(emulator, record, options)
  options.credentials = customer
  local theirs = emulated.client(emulator, record, options)
  local next_call, collect, random = random_calls.new(seed)
  local answered, succeeded = {}, {}
  for i = 1, calls do
    local name, params = next_call()
    record.now = record.now + random(random(20) == 1 and 4000 or 90)
    local result, err = (random(3) == 1 and theirs or mine):call(name, params)
    if result then
      collect(result)
      succeeded[name] = (succeeded[name] or 0) + 1
    else
      assert(err.kind == "params" or err.kind == "service" and err.status == 400, tostring(err))
    end
    answered[name] = true
    if i % step == 0 then
      random_calls.check(emulator)
      again()
    end
  end
  record.now = record.now + 1e9
  random_calls.check(emulator)
  return answered, succeeded
end

describe("the emulator", function()
  it("has an answer to everything, and its state holds together", function()
    local answered, succeeded = run(20261124, 1500, 50)
    local count = 0
    for name in pairs(dxconnect.model.operations) do
      assert.is_true(answered[name], name)
      count = count + (succeeded[name] and 1 or 0)
    end
    assert.is_true(count > 45, count)
  end)

  it("has one to 100,000 calls #sweep", function()
    for seed = 1, 20 do
      run(seed, 5000, 50)
    end
  end)
end)
