--- Rotations that something stands in the way of: keys that leave or hang, a service that fails at any request.

local rotations = require "spec.support.rotations"
local world = require "spec.support.world"

local ckns, new_port, rotate = rotations.ckns, rotations.new_port, rotations.rotate
local GIVEN, SLOW = rotations.GIVEN, rotations.SLOW
local fault = world.fault

describe("client:rotate_mac_sec_key, when things go wrong,", function()
  it("counts no key that leaves as working", function()
    local port = new_port("connection", 2)
    port.emulator:set(port.keys()[1].secretARN, { state = "disassociating" })
    local _, err = rotate(port, GIVEN, { timeout = 120 })
    assert.equal("WaiterTimeoutError", err.code)
    assert.is_nil(port.requests.DisassociateMacSecKey)
    assert.equal(1, #port.keys "associated")
  end)

  it("associates a given key anew that was leaving", function()
    local port = new_port("connection", 1)
    port.add(GIVEN.ckn)
    assert(port.maker:disassociate_mac_sec_key {
      connectionId = port.id, secretARN = port.keys()[2].secretARN,
    })
    assert(rotate(port, GIVEN))
    assert.equal(1, port.requests.AssociateMacSecKey)
    assert.same({ GIVEN.ckn }, ckns(port.keys "associated"))
    assert.equal(1, #port.keys())
  end)

  it("takes up a given key that an earlier run left associating, its CKN in any case", function()
    local port = new_port("connection", 1)
    assert(port.maker:associate_mac_sec_key { connectionId = port.id, ckn = GIVEN.ckn, cak = GIVEN.cak })
    assert(rotate(port, { ckn = GIVEN.ckn:upper(), cak = GIVEN.cak }))
    assert.is_nil(port.requests.AssociateMacSecKey)
    assert.same({ GIVEN.ckn }, ckns(port.keys "associated"))
  end)

  it("takes a key that a dead run made as an old one", function()
    local port = new_port("connection", 1)
    local made
    local _, err = rotate(port, nil, { configure = function(ckn)
      made = ckn
      return false
    end })
    assert.is_table(err)
    assert.equal(2, #port.keys "associated")
    local rotated = assert(rotate(port))
    assert.are_not.equal(made, rotated.ckn)
    assert.same({ rotated.ckn }, ckns(port.keys()))
  end)

  it("keeps the old keys where the new one does not become associated", function()
    local port = new_port("connection", 1)
    function port.hook(_, send, request)
      local response = send(request)
      if request.headers["x-amz-target"]:find("%.Associate") then
        port.emulator:set(port.keys()[2].secretARN, { state = "associating" })
      end
      return response
    end
    local _, err = rotate(port, GIVEN, { timeout = 600 })
    assert.equal("WaiterTimeoutError", err.code)
    assert.same({ ("01"):rep(32) }, ckns(port.keys "associated"))
    assert.same({ "associated key " .. GIVEN.ckn }, err.actions)
    port.emulator:set(port.keys()[2].secretARN, { state = "disassociating" })
    local again
    again, err = rotate(port, GIVEN, { timeout = 600 })
    assert.is_nil(again)
    assert.equal("WaiterTimeoutError", err.code)
    assert.same({ ("01"):rep(32) }, ckns(port.keys "associated"))
  end)

  it("takes nothing off once the new key stopped working", function()
    local port = new_port("connection", 2)
    local _, err = rotate(port, GIVEN, { configure = function()
      port.emulator:set(port.keys()[3].secretARN, { state = "disassociating" })
    end })
    assert.equal("WaiterFailedError", err.code)
    assert.is_nil(port.requests.DisassociateMacSecKey)
  end)

  it("sends no key off twice that is shown as it was for a while", function()
    local port = new_port("connection", 1)
    local old = port.keys()[1].secretARN
    local looks = 0
    function port.hook(_, send, request)
      local name = request.headers["x-amz-target"]
      local response = send(request)
      if name:find("Disassociate") then
        port.emulator:set(old, { state = "associated" })
      elseif port.requests.DisassociateMacSecKey then
        looks = looks + 1
        if looks == 4 then
          port.emulator:set(old, { state = "disassociated" })
        end
      end
      return response
    end
    assert(rotate(port, GIVEN))
    assert.equal(1, port.requests.DisassociateMacSecKey)
  end)

  it("takes a key as off that the service says is off already", function()
    for _, message in ipairs { "the key does not exist", "the key is already disassociated" } do
      local port = new_port("connection", 1)
      port.emulator:fault {
        operation = "DisassociateMacSecKey", applied = true, status = 400, code = "DirectConnectClientException",
        message = message,
      }
      assert(rotate(port, GIVEN))
      assert.same({ GIVEN.ckn }, ckns(port.keys()))
    end
  end)

  it("waits for a key that is not shown at once after it was associated", function()
    local port = new_port("connection", 1)
    local before, looks = nil, 0
    function port.hook(_, send, request)
      local is_look = request.headers["x-amz-target"]:find("Describe")
      if is_look and port.requests.AssociateMacSecKey and looks < 2 then
        looks = looks + 1
        return before
      end
      local response = send(request)
      before = is_look and response or before
      return response
    end
    assert(rotate(port, GIVEN))
    assert.equal(2, looks)
    assert.same({ GIVEN.ckn }, ckns(port.keys()))
  end)

  it("does not count the router's set-up into the time-out", function()
    local port = new_port("connection", 1)
    assert(rotate(port, GIVEN, { timeout = 400, require_encryption_up = true, configure = function()
      port.client.system.sleep(1000)
    end }))
  end)

  it("waits while the port is in transition", function()
    for _, name in ipairs { "AssociateMacSecKey", "DisassociateMacSecKey" } do
      local port = new_port("connection", 1)
      port.emulator:fault {
        operation = name, times = 3, status = 400, code = "DirectConnectClientException",
        message = port.id .. " is in a transitioning state",
      }
      assert(rotate(port, GIVEN))
      assert.equal(4, port.requests[name])
      port.emulator:fault {
        operation = name, times = math.huge, status = 400, code = "DirectConnectClientException",
        message = port.id .. " is in a transitioning state",
      }
      local began = port.record.now
      local _, err = rotate(port, nil, { timeout = 200 })
      assert.equal("transitioning", err.reason)
      assert.is_true(port.record.now - began >= 190 and port.record.now - began <= 300)
    end
  end)

  it("waits while the port is pending after any change, and sends nothing to it until then", function()
    local port = new_port("connection", 3)
    local till = 0
    function port.hook(_, send, request)
      local name = request.headers["x-amz-target"]:match("%.(.*)")
      local is_change = name == "AssociateMacSecKey" or name == "DisassociateMacSecKey"
      local is_pending = port.record.now < till
      if is_change then
        assert.is_false(is_pending, name .. " was sent to a port that is pending")
        till = port.record.now + 90
      end
      local response = send(request)
      if is_pending and name == "DescribeConnections" then
        response.body = response.body:gsub('"connectionState":"%a+"', '"connectionState":"pending"')
      end
      return response
    end
    assert(rotate(port, GIVEN))
    assert.same({ GIVEN.ckn }, ckns(port.keys()))
    assert.is_true(port.least >= 1)
    function port.hook(_, send, request)
      local response = send(request)
      response.body = response.body:gsub('"connectionState":"%a+"', '"connectionState":"pending"')
      return response
    end
    local began = port.record.now
    local _, err = rotate(port, nil, { timeout = 200 })
    assert.equal("WaiterTimeoutError", err.code)
    assert.matches("still pending", err.message)
    assert.same({}, err.actions)
    assert.is_true(port.record.now - began <= 210)
    assert(rotate(port, nil, { dry_run = true })) -- which only reads
  end)

  it("waits where the service says that the port is not available, in each of its words", function()
    for _, message in ipairs {
      "The port is not in available state to associate the key for account 111122223333",
      "The specified Connection ID is not available", "Connection dxcon-1 is in state requested",
    } do
      local port = new_port("connection", 3)
      port.emulator:fault {
        operation = "AssociateMacSecKey", times = 2, status = 400, code = "DirectConnectClientException",
        message = message,
      }
      assert(rotate(port, GIVEN), message)
      assert.equal(3, port.requests.AssociateMacSecKey)
    end
  end)

  it("looks for the key where the answer to its association is lost, and sends it once", function()
    for _, applied in ipairs { true, false } do
      local port = new_port("connection", 1)
      port.emulator:fault { operation = "AssociateMacSecKey", lost = true, applied = applied }
      local rotated, err = rotate(port, GIVEN)
      assert.equal(1, port.requests.AssociateMacSecKey)
      if applied then
        assert.same({ GIVEN.ckn }, ckns(port.keys()))
      else
        assert.is_nil(rotated)
        assert.is_true(err.maybe_applied)
        assert.equal(1, #port.keys "associated")
        assert(rotate(port, GIVEN))
        assert.same({ GIVEN.ckn }, ckns(port.keys()))
      end
    end
  end)

  it("carries on after a failure at any request, and never leaves the port without a key that works", function()
    local function lost()
      return nil, "lost", "reset"
    end
    local function lost_on_the_way_back(send, request)
      send(request)
      return nil, "lost", "reset"
    end
    local function refused()
      return fault(400, "DirectConnectClientException", "not today")
    end
    local function failed()
      return fault(500)
    end
    local function failed_afterwards(send, request)
      send(request)
      return fault(400, "DirectConnectServerException", "oops")
    end

    -- Rotates with the n-th request going wrong, then again until it works. Whether there was an n-th request.
    local function story(n, fail, params)
      local port = new_port("connection", 3, { max_attempts = 1 })
      local went_wrong = false
      function port.hook(number, send, request)
        if number == n then
          went_wrong = true
          return fail(send, request)
        end
        return send(request)
      end
      local rotated, err = rotate(port, params, SLOW)
      for _ = 1, 3 do
        if not rotated then
          assert.is_table(err)
          rotated, err = rotate(port, params, SLOW)
        end
      end
      local where = ("request %d: %s"):format(n, tostring(err))
      assert.is_table(rotated, where)
      assert.same({ params.ckn or rotated.ckn }, ckns(port.keys()), where)
      assert.equal("associated", port.keys()[1].state)
      assert.is_true(port.least >= 1, where)
      return went_wrong
    end

    for _, case in ipairs {
      { lost, GIVEN }, { lost_on_the_way_back, GIVEN }, { refused, GIVEN }, { failed, GIVEN },
      { failed_afterwards, GIVEN }, { lost_on_the_way_back, {} }, { failed, {} },
    } do
      local n = 1
      while story(n, case[1], case[2]) do
        n = n + 1
      end
      assert.is_true(n > 12)
    end
  end)

  it("gives the service's refusal, with what was done before", function()
    local port = new_port("connection", 3)
    port.emulator:fault {
      operation = "AssociateMacSecKey", status = 400, code = "DirectConnectClientException",
      message = "the secret " .. GIVEN.cak .. " is weak",
    }
    local _, err = rotate(port, GIVEN)
    assert.equal("DirectConnectClientException", err.code)
    assert.equal("AssociateMacSecKey", err.operation)
    assert.is_nil(tostring(err):find(GIVEN.cak, 1, true))
    assert.equal(2, #err.actions) -- there was room to be made
  end)
end)
