local dxconnect = require "dxconnect"
local world = require "spec.support.world"

local ok, fault = world.ok, world.fault

local BEGIN = 1700000000 -- when worlds begin

-- Answers of a describing operation with one resource in one state each; false: an answer without any.
local function answers(list_name, id_member, state_member, states, more)
  local script = {}
  for i, state in ipairs(states) do
    script[i] = ok(state and ('{"%s":[{"%s":"x-1","%s":"%s"%s}]}'):format(list_name, id_member, state_member, state,
      more and "," .. more or "") or ('{"%s":[]}'):format(list_name))
  end
  return script
end

local function connections(...)
  return answers("connections", "connectionId", "connectionState", { ... })
end

local function associations(...)
  return answers("directConnectGatewayAssociations", "associationId", "associationState", { ... },
    '"stateChangeError":"the prefixes overlap"')
end

local gone = fault(400, "DirectConnectClientException", "Could not find Connection with ID x-1")

-- Every kind of resource: list, id, state, a state that it passes, its name when it is there, params.
local kinds = {
  { "connection", "connections", "connectionId", "connectionState", "pending", "available", "deleted" },
  { "interconnect", "interconnects", "interconnectId", "interconnectState", "requested", "available", "deleted" },
  { "lag", "lags", "lagId", "lagState", "pending", "available", "deleted" },
  { "virtual_interface", "virtualInterfaces", "virtualInterfaceId", "virtualInterfaceState", "verifying", "available",
    "deleted" },
  { "gateway", "directConnectGateways", "directConnectGatewayId", "directConnectGatewayState", "pending", "available",
    "deleted" },
  { "gateway_association", "directConnectGatewayAssociations", "associationId", "associationState", "associating",
    "associated", "disassociated" },
  { "gateway_attachment", "directConnectGatewayAttachments", "virtualInterfaceId", "attachmentState", "attaching",
    "attached", "detached" },
  { "gateway_proposal", "directConnectGatewayAssociationProposals", "proposalId", "proposalState", "requested",
    "accepted", "deleted" },
}

describe("client:wait_until", function()
  for _, kind in ipairs(kinds) do
    local name, list, id, state, passing, there, left = (table.unpack or unpack)(kind) -- luacheck: ignore 113

    it("waits for a " .. name:gsub("_", " ") .. " to be there, and to be gone", function()
      local client, record = world.client(answers(list, id, state, { passing, passing, there }))
      local resource = assert(client:wait_until(name .. "_" .. there, { [id] = "x-1" }))
      assert.equal(there, resource[state])
      assert.equal(3, #record.requests)
      assert.equal(('{"%s":"x-1"}'):format(id), record.requests[3].body)
      assert.matches(dxconnect.waiters[name .. "_" .. there].operation, record.requests[1].headers["x-amz-target"])

      client, record = world.client(answers(list, id, state, { there, there, left }))
      resource = assert(client:wait_until(name .. "_" .. left, { [id] = "x-1" }))
      assert.equal(left, resource[state])
      assert.equal(3, #record.requests)

      client, record = world.client(answers(list, id, state, { there, false }))
      resource = assert(client:wait_until(name .. "_" .. left, { [id] = "x-1" }))
      assert.equal(there, resource[state], "as last seen")
      assert.equal(2, #record.requests)
    end)
  end

  it("waits for a resiliency group", function()
    local id = "dxrg-" .. ("a"):rep(17)
    local function group(state)
      return ok(('{"resiliencyGroup":{"resiliencyGroupId":"%s","state":"%s"}}'):format(id, state))
    end
    local client, record = world.client { group "pending", group "available" }
    local resource = assert(client:wait_until("resiliency_group_available", { resiliencyGroupId = id }))
    assert.equal(id, resource.resiliencyGroupId)
    assert.equal(2, #record.requests)
    client = world.client { group "deleting", fault(400, "DirectConnectClientException", "it does not exist") }
    assert.equal("deleting", assert(client:wait_until("resiliency_group_deleted", { resiliencyGroupId = id })).state)
  end)

  it("prints what it returns like a result", function()
    local client = world.client(connections "available")
    assert.matches("x%-1", tostring(client:wait_until("connection_available", { connectionId = "x-1" })))
  end)

  it("takes a state in any case", function()
    local client = world.client(connections("Pending", "AVAILABLE"))
    assert(client:wait_until("connection_available", { connectionId = "x-1" }))
  end)

  it("goes on in a state that it does not know", function()
    local client, record = world.client(connections("unknown", "migrating", "available"))
    assert(client:wait_until("connection_available", { connectionId = "x-1" }))
    assert.equal(3, #record.requests)
  end)

  it("returns a resource that is down, whatever else was waited for, except its end", function()
    for _, kind in ipairs { kinds[1], kinds[2], kinds[3], kinds[4] } do
      local name, list, id, state = (table.unpack or unpack)(kind) -- luacheck: ignore 113
      local client = world.client(answers(list, id, state, { "pending", "down" }))
      assert.equal("down", assert(client:wait_until(name .. "_available", { [id] = "x-1" }))[state])
      client = world.client(answers(list, id, state, { "down", "deleting", "deleted" }))
      assert.equal("deleted", assert(client:wait_until(name .. "_deleted", { [id] = "x-1" }))[state])
    end
  end)

  describe("for what is gone", function()
    it("returns {} where nothing was ever seen", function()
      for _, answer in ipairs { gone, ok '{"connections":[]}' } do
        local client, record = world.client { answer }
        assert.same({}, client:wait_until("connection_deleted", { connectionId = "x-1" }))
        assert.equal(1, #record.requests)
        assert.same({}, record.sleeps)
      end
    end)

    it("fails at once in any other wait", function()
      for _, script in ipairs { { gone }, { ok '{"connections":[]}' }, { connections "pending"[1], gone } } do
        for _, state in ipairs { "available", "deleting", "down" } do
          local client, record = world.client(script)
          local resource, err = client:wait_until("connection_" .. state, { connectionId = "x-1" })
          assert.is_nil(resource)
          assert.equal("WaiterFailedError", err.code)
          assert.equal("waiter", err.kind)
          assert.equal("not_found", err.reason)
          assert.equal("DescribeConnections", err.operation)
          assert.matches("x%-1", err.message)
          assert.equal(#script, #record.requests)
        end
      end
    end)
  end)

  it("fails at once in a state that can't lead there", function()
    for _, case in ipairs {
      { "connection_available", connections "deleted" },
      { "connection_available", connections "rejected" },
      { "connection_pending", connections "available" },
      { "connection_deleting", connections "deleted" },
    } do
      local client, record = world.client(case[2])
      local _, err = client:wait_until(case[1], { connectionId = "x-1" })
      assert.equal("WaiterFailedError", err.code)
      assert.is_nil(err.reason)
      assert.matches("connection x%-1 is " .. err.state, err.message)
      assert.equal(1, #record.requests)
    end
    local client = world.client(associations "disassociated")
    local _, err = client:wait_until("gateway_association_associated", { associationId = "x-1" })
    assert.equal("WaiterFailedError", err.code)
    assert.matches("the prefixes overlap", err.message)
  end)

  describe("in time", function()
    local function timed_out(options, random)
      local client, record = world.client(associations "associating")
      if random then
        client.system.random = random
      end
      local resource, err = client:wait_until("gateway_association_associated", { associationId = "x-1" }, options)
      assert.is_nil(resource)
      return err, record
    end

    it("gives up with the last state and the service's words", function()
      local err, record = timed_out { delay = 10, timeout = 60 }
      assert.equal("WaiterTimeoutError", err.code)
      assert.equal("waiter", err.kind)
      assert.equal("associating", err.state)
      assert.equal("DescribeDirectConnectGatewayAssociations", err.operation)
      assert.matches("associating", err.message)
      assert.matches("the prefixes overlap", err.message)
      assert.is_true(record.now - BEGIN >= 60 and record.now - BEGIN <= 70)
    end)

    it("waits the delay, half of it more or less, and passes the time-out by no more than one", function()
      for _, r in ipairs { 0, 0.3, 0.999 } do
        local _, record = timed_out({ delay = 10, timeout = 34 }, function() return r end)
        for _, seconds in ipairs(record.sleeps) do
          assert.is_true(seconds >= 5 and seconds <= 15)
        end
        assert.is_true(record.now - BEGIN >= 34 and record.now - BEGIN <= 44)
      end
    end)

    it("spreads its waits at random", function()
      local draws = { 0.1, 0.9, 0.5 }
      local n = 0
      local _, record = timed_out({ delay = 10, timeout = 20 }, function()
        n = n % #draws + 1
        return draws[n]
      end)
      assert.same({ 6, 14 }, record.sleeps)
    end)

    it("has the delay and the time-out of its kind where none is given", function()
      local waiter = dxconnect.waiters.gateway_association_associated
      local _, record = timed_out()
      assert.equal(waiter.delay, record.sleeps[1]) -- the world's random number is a half
      assert.is_true(record.now - BEGIN >= waiter.timeout)
      assert.is_true(record.now - BEGIN <= waiter.timeout + waiter.delay)
    end)

    it("looks once with a time-out of 0", function()
      local err, record = timed_out { timeout = 0 }
      assert.equal("WaiterTimeoutError", err.code)
      assert.equal(1, #record.requests)
      assert.same({}, record.sleeps)
    end)

    it("leaves a poll no more than the time that is left and one delay", function()
      local client, record = world.client { { lost = "timeout" } }
      local _, err = client:wait_until("connection_available", { connectionId = "x-1" }, { delay = 5, timeout = 20 })
      assert.equal("TimeoutError", err.code)
      assert.is_true(record.requests[1].timeout <= 25)
      local slow
      client, slow = world.client { function(request, it)
        it.now = it.now + request.timeout
        return nil, "slow", "timeout"
      end }
      _, err = client:wait_until("connection_available", { connectionId = "x-1" }, { delay = 5, timeout = 20 })
      assert.equal("WaiterTimeoutError", err.code)
      assert.equal("TimeoutError", err.cause.code)
      assert.is_true(slow.now - BEGIN <= 25)
    end)

    it("keeps to the client's total_timeout where that is shorter", function()
      local client, record = world.client(connections "available", { total_timeout = 7 })
      assert(client:wait_until("connection_available", { connectionId = "x-1" }))
      assert.equal(7, record.requests[1].timeout)
    end)
  end)

  it("ends with the error of a poll that failed after its retries", function()
    local client, record = world.client { connections "pending"[1], fault(500) }
    local _, err = client:wait_until("connection_available", { connectionId = "x-1" })
    assert.equal("HTTP500", err.code)
    assert.equal("service", err.kind)
    assert.equal(3, err.attempts)
    assert.equal(4, #record.requests)
  end)

  it("outlives a poll that a retry saves", function()
    local client = world.client { fault(500), connections "available"[1] }
    assert(client:wait_until("connection_available", { connectionId = "x-1" }))
  end)

  describe("with on_poll", function()
    it("shows each look: resource, state, seconds since the beginning", function()
      local client = world.client(connections("Pending", "available"))
      local seen = {}
      local resource = assert(client:wait_until("connection_available", { connectionId = "x-1" }, {
        delay = 10,
        on_poll = function(...)
          seen[#seen + 1] = { ... }
        end,
      }))
      assert.equal("x-1", seen[1][1].connectionId)
      assert.same({ "pending", 0 }, { seen[1][2], seen[1][3] })
      assert.same({ resource, "available", 10 }, seen[2])
    end)

    it("shows what is gone as last seen", function()
      local client = world.client { connections "deleting"[1], gone }
      local seen = {}
      assert(client:wait_until("connection_deleted", { connectionId = "x-1" }, { on_poll = function(resource, state)
        seen[#seen + 1] = { resource.connectionId, state }
      end }))
      assert.same({ { "x-1", "deleting" }, { "x-1", "deleted" } }, seen)
    end)

    it("ends where it raises, with the words", function()
      local client, record = world.client(connections "pending")
      local _, err = client:wait_until("connection_available", { connectionId = "x-1" }, {
        on_poll = function() error("enough", 0) end,
      })
      assert.equal("WaiterFailedError", err.code)
      assert.matches("enough", err.message)
      assert.equal(1, #record.requests)
    end)
  end)

  it("tells the logger of each wait", function()
    local client, record = world.client(connections("pending", "available"))
    assert(client:wait_until("connection_available", { connectionId = "x-1" }, { delay = 4 }))
    local waits = {}
    for _, event in ipairs(record.events) do
      waits[#waits + 1] = event.type == "wait" and { event.operation, event.delay } or nil
    end
    assert.same({ { "DescribeConnections", 4 } }, waits)
  end)

  describe("asked for what makes no sense", function()
    it("names the nearest state", function()
      local client, record = world.client(connections "available")
      for wrong, nearest in pairs {
        connection_avalable = "connection_available",
        ConnectionAvailable = "connection_available",
        mac_sec_key_associate = "mac_sec_key_associated",
        port_encryption_down = "port_encryption_up",
      } do
        local _, err = client:wait_until(wrong, { connectionId = "x-1" })
        assert.equal("ParamValidationError", err.code)
        assert.equal("params", err.kind)
        assert.matches(nearest, err.message)
      end
      for wrong, nearest in pairs {
        connection_up = "did you mean connection_available%?",
        gateway_up = "did you mean gateway_available%?",
        gateway_attachment_up = "dxconnect.waiters",
        port_encryption_down = "port_encryption_up is all",
        mac_sec_key_asociating = "did you mean mac_sec_key_associating%?",
      } do
        local _, problem = client:wait_until(wrong, {})
        assert.matches(nearest, problem.message)
        assert.is_nil(problem.message:find("connection_down", 1, true))
      end
      local _, err = client:wait_until(nil, {})
      assert.equal("ParamValidationError", err.code)
      assert.equal(0, #record.requests)
    end)

    it("checks params as the operation does, its own as well, all at once", function()
      local client, record = world.client(connections "available")
      local _, err = client:wait_until("connection_available", { conectionId = "x-1" })
      assert.equal("ParamValidationError", err.code)
      assert.equal("DescribeConnections", err.operation)
      assert.matches("connectionId", err.message)
      for _, case in ipairs {
        { "mac_sec_key_associated", { cnk = "a", secretARN = 7 }, { "cnk", "connectionId", "secretARN" } },
        { "port_encryption_up", { lagId = "dxlag-1" }, { "connectionId", "lagId" } },
        { "bgp_status_up", {}, { "virtualInterfaceId" } },
        { "bgp_peer_available", { virtualInterfaceId = "dxvif-1", bgpPeerID = "p" }, { "bgpPeerID" } },
        { "gateway_association_associated", {}, { "" } },
      } do
        local _, problem = client:wait_until(case[1], case[2])
        assert.equal("ParamValidationError", problem.code)
        local paths = {}
        for i, one in ipairs(problem.problems) do
          paths[i] = one.path
        end
        assert.same(case[3], paths)
      end
      assert.equal(0, #record.requests)
    end)

    it("refuses options that are none, and values of the wrong type", function()
      local client, record = world.client(connections "available")
      for _, options in ipairs {
        { dealy = 3 }, { on_pol = print }, { delay = "3" }, { timeout = -1 }, { timeout = 0 / 0 }, { on_poll = 7 },
        { profile = "x" }, { total_timeout = "x" }, { total_timeout = {} }, { total_timeout = 0 / 0 },
        { max_attempts = "x" },
      } do
        local _, err = client:wait_until("connection_available", { connectionId = "x-1" }, options)
        assert.equal("ConfigError", err.code)
      end
      local _, err = client:wait_until("connection_available", {}, { dealy = 3 })
      assert.matches("did you mean delay", err.message)
      assert.equal(0, #record.requests)
    end)

    it("raises for misuse with the caller's line", function()
      local client = world.client(connections "available")
      for _, misuse in ipairs {
        function() client.wait_until("connection_available") end,
        function() client:wait_until("connection_available", "x-1") end,
        function() client:wait_until("connection_available", {}, 60) end,
      } do
        local fine, message = pcall(misuse)
        assert.is_false(fine)
        assert.matches("^[^:]*wait_spec.lua:%d+: ", message)
      end
    end)
  end)

  it("takes options of calls, and leaves params as they are", function()
    local client, record = world.client(connections("pending", "available"))
    local params = { connectionId = "x-1" }
    assert(client:wait_until("connection_available", params, { region = "eu-west-1", headers = { ["x-mine"] = "1" } }))
    assert.same({ connectionId = "x-1" }, params)
    for i = 1, 2 do
      assert.matches("eu%-west%-1", record.requests[i].url)
      assert.equal("1", record.requests[i].headers["x-mine"])
    end
  end)

  it("gives a closed client's error", function()
    local client = world.client(connections "available")
    client:close()
    local _, err = client:wait_until("connection_available", { connectionId = "x-1" })
    assert.equal("config", err.kind)
  end)

  describe("of params that name several", function()
    local function both(first, second)
      return ok(('{"virtualInterfaces":[{"virtualInterfaceId":"v-1","virtualInterfaceState":"%s"},'
        .. '{"virtualInterfaceId":"v-2","virtualInterfaceState":"%s"}]}'):format(first, second))
    end

    it("waits for all of them, and returns a list", function()
      local client, record = world.client {
        both("available", "pending"), both("pending", "available"), both("available", "down"),
      }
      local states = {}
      local list = assert(client:wait_until("virtual_interface_available", { connectionId = "x-1" }, {
        on_poll = function(_, state)
          states[#states + 1] = state
        end,
      }))
      assert.same({ "v-1", "v-2" }, { list[1].virtualInterfaceId, list[2].virtualInterfaceId })
      assert.same({ "pending", "pending", "available" }, states)
      assert.equal(3, #record.requests)
    end)

    it("fails where one of them can't get there, and names it", function()
      local client = world.client { both("pending", "rejected") }
      local _, err = client:wait_until("virtual_interface_available", { connectionId = "x-1" })
      assert.matches("v%-2", err.message)
    end)

    it("passes over those that are gone and still listed, as long as there are others", function()
      local client = world.client { both("deleted", "pending"), both("deleted", "available") }
      local left = assert(client:wait_until("virtual_interface_available", { connectionId = "x-1" }))
      assert.equal("v-2", left.virtualInterfaceId)
      client = world.client { both("deleted", "deleted") }
      local _, err = client:wait_until("virtual_interface_available", { connectionId = "x-1" })
      assert.equal("WaiterFailedError", err.code)
      client = world.client { both("deleted", "deleting"), both("deleted", "deleted") }
      assert.equal(2, #assert(client:wait_until("virtual_interface_deleted", { connectionId = "x-1" })))
    end)

    it("sees an association that was made once more, not the one before", function()
      local client = world.client {
        ok('{"directConnectGatewayAssociations":[{"associationId":"a-1","associationState":"disassociated"},'
          .. '{"associationId":"a-2","associationState":"associated"}]}'),
      }
      assert.equal("a-2", assert(client:wait_until("gateway_association_associated", {
        directConnectGatewayId = "g", virtualGatewayId = "v",
      })).associationId)
    end)

    it("returns those that are gone as last seen", function()
      local client = world.client {
        both("deleting", "deleting"),
        ok '{"virtualInterfaces":[{"virtualInterfaceId":"v-2","virtualInterfaceState":"deleting"}]}',
        ok '{"virtualInterfaces":[]}',
      }
      local list = assert(client:wait_until("virtual_interface_deleted", { connectionId = "x-1" }))
      assert.same({ "v-1", "v-2" }, { list[1].virtualInterfaceId, list[2].virtualInterfaceId })
    end)

    it("looks at all pages", function()
      local client = world.client {
        ok '{"connections":[{"connectionId":"x-1","connectionState":"available"}],"nextToken":"n"}',
        ok '{"connections":[{"connectionId":"x-2","connectionState":"pending"}]}',
        ok '{"connections":[{"connectionId":"x-1","connectionState":"available"}],"nextToken":"n"}',
        ok '{"connections":[{"connectionId":"x-2","connectionState":"available"}]}',
      }
      assert.equal(2, #assert(client:wait_until("connection_available")))
    end)
  end)
end)
