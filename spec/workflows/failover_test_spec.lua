local dxconnect = require "dxconnect"
local failovers = require "spec.support.failovers"
local world = require "spec.support.world"

local fault = world.fault
local new, test, running = failovers.new, failovers.test, failovers.running

describe("client:failover_test", function()
  it("looks, asks, starts the test once, watches it, and waits until all is up again", function()
    local asked = {}
    local paths = new { confirm = function(operation, label, params)
      asked[#asked + 1] = { operation, label, params.virtualInterfaceId }
      return true
    end }
    local states = {}
    local report = assert(test(paths, { on_poll = function(state)
      states[#states + 1] = state
    end }))
    assert.same({ { "StartBgpFailoverTest", "interrupts", paths.id } }, asked)
    assert.equal(1, paths.requests.StartBgpFailoverTest)
    assert.is_nil(paths.requests.StopBgpFailoverTest)
    assert.is_true(report.restored)
    assert.is_nil(report.aborted)
    assert.equal("completed", report.test.status)
    assert.equal(5, report.test.testDurationInMinutes)
    assert.equal("up", report.before.interface.bgpPeers[1].bgpStatus)
    assert.equal(paths.backup, report.before.backup.virtualInterfaceId)
    assert.equal("available", report.after.interface.virtualInterfaceState)
    assert.equal("up", report.after.interface.bgpPeers[1].bgpStatus)
    assert.equal("testing", states[1].interface.virtualInterfaceState)
    assert.equal("down", states[1].interface.bgpPeers[1].bgpStatus)
    assert.equal(paths.backup, states[1].backup.virtualInterfaceId)
    assert.is_true(states[#states].elapsed >= 300 and states[#states].elapsed < 330)
    assert.equal(4, #report.actions)
    assert.matches("started failover test " .. report.test.testId:gsub("%-", "%%-"), report.actions[2])
    local text = tostring(report)
    assert.matches("restored = true", text)
    assert.is_nil(text:find("bgp-secret", 1, true))
    assert(test(paths)) -- and once more, now that it is over
  end)

  it("only looks in a dry run, and gives the plan", function()
    local paths = new { confirm = function()
      error("asked")
    end }
    local report = assert(test(paths, { dry_run = true }))
    assert.is_nil(paths.requests.StartBgpFailoverTest)
    assert.equal(3, #report.actions)
    assert.matches("start a failover test of 5 minutes", report.actions[1])
    assert.matches(paths.backup:gsub("%-", "%%-"), report.actions[2])
  end)

  it("sends nothing where confirm does not agree", function()
    local paths = new { confirm = function()
      return false
    end }
    local report, err = test(paths)
    assert.is_nil(report)
    assert.equal("NotConfirmedError", err.code)
    assert.is_nil(err.maybe_applied)
    assert.is_nil(paths.requests.StartBgpFailoverTest)
    assert.equal(1, #err.actions)
  end)

  describe("begins nothing", function()
    local function refusal(paths, options, params)
      local report, err = test(paths, options, params)
      assert.is_nil(report)
      assert.is_nil(paths.requests.StartBgpFailoverTest)
      assert.is_nil(err.maybe_applied)
      assert.same({}, err.actions or {})
      return tostring(err), err
    end

    local function peer_of(paths, id)
      return assert(paths.maker:describe_virtual_interfaces { virtualInterfaceId = id }).virtualInterfaces[1]
        .bgpPeers[1]
    end

    it("where the interface is not there or not available, or a peer is down", function()
      local paths = new()
      local _, err = refusal(paths, nil, { virtualInterfaceId = "dxvif-none" })
      assert.equal("not_found", err.reason)
      paths.emulator:set(paths.id, { virtualInterfaceState = "down" })
      assert.matches("is down", (refusal(paths)))
      paths = new()
      paths.hook = function(_, send, request)
        local response = send(request)
        response.body = response.body:gsub('"bgpStatus":"up"', '"bgpStatus":"down"')
        return response
      end
      assert.matches(peer_of(paths, paths.id).bgpPeerId:gsub("%-", "%%-") .. " is down", (refusal(paths)))
    end)

    it("where no other path is up, unless none is required", function()
      local paths = new()
      paths.emulator:set(paths.backup, { virtualInterfaceState = "down" })
      local text = refusal(paths)
      assert.matches("no other path to " .. paths.gateway:gsub("%-", "%%-") .. " is up: dxvif%S+ is down", text)
      assert.matches("require_backup = false", text)
      assert(test(paths, { require_backup = false }))
    end)

    it("where the other path is on the same device, or leads elsewhere", function()
      local paths = new()
      local device = assert(paths.maker:describe_virtual_interfaces { virtualInterfaceId = paths.id })
        .virtualInterfaces[1].awsDeviceV2
      assert.is_string(device)
      paths.hook = function(_, send, request)
        local response = send(request)
        response.body = response.body:gsub('"awsDeviceV2":"[^"]*"', ('"awsDeviceV2":"%s"'):format(device))
        return response
      end
      assert.matches("is on the same device", (refusal(paths)))
      paths = new()
      paths.emulator:set(paths.backup, { directConnectGatewayId = "another" })
      assert.matches("no other path", (refusal(paths)))
    end)

    it("where a test runs already, and names it", function()
      local paths = new()
      local other = assert(paths.maker:start_bgp_failover_test { virtualInterfaceId = paths.id }).virtualInterfaceTest
      local text, err = refusal(paths)
      assert.truthy(text:find(other.testId, 1, true))
      assert.matches("stop_bgp_failover_test", text)
      assert.equal("conflict", err.reason)
      assert.equal(other.testId, err.test.testId)
    end)

    it("where a read fails, whichever", function()
      local reads = 0
      repeat
        local paths = new { max_attempts = 1 }
        local hit = false
        paths.hook = function(number, send, request)
          if number == reads + 1 then
            hit = true
            assert.is_nil(request.headers["x-amz-target"]:find("Start"))
            return fault(400, "AccessDeniedException", "not for you")
          end
          return send(request)
        end
        if reads == 3 then -- all three reads went well before the start
          break
        end
        local _, err = refusal(paths)
        assert.equal("AccessDeniedException", err.code)
        reads = reads + 1
      until not hit
      assert.equal(3, reads)
    end)

    it("where params or options are wrong", function()
      local paths = new()
      local _, err = refusal(paths, nil, { testDurationInMinutes = 0 })
      assert.equal("ParamValidationError", err.code)
      for _, options in ipairs { { abort_when = print }, { abort_if = true }, { require_backup = "yes" } } do
        local report, problem = test(paths, options)
        assert.is_nil(report)
        assert.equal("ConfigError", problem.code)
      end
      assert.equal(0, #paths.requests)
      local fine, message = pcall(function()
        paths.client:failover_test("dxvif-1")
      end)
      assert.is_false(fine)
      assert.matches("failover_test_spec.lua:%d+: failover_test: params", message)
    end)
  end)

  it("finds the other path in another region", function()
    local paths = new()
    local far = assert(dxconnect.client {
      region = "eu-west-1", credentials = world.KEYS, system = paths.maker.system, transport = paths.emulator.transport,
    })
    paths.emulator:set(paths.backup, { virtualInterfaceState = "down" })
    local location = assert(far:describe_locations()).locations[1].locationCode
    local connection = assert(far:create_connection {
      location = location, bandwidth = "10Gbps", connectionName = "far",
    }).connectionId
    assert(far:wait_until("connection_available", { connectionId = connection }))
    local id = assert(far:create_private_virtual_interface {
      connectionId = connection,
      newPrivateVirtualInterface = {
        virtualInterfaceName = "far", vlan = 109, asn = 65001, directConnectGatewayId = paths.gateway,
      },
    }).virtualInterfaceId
    assert(far:wait_until("bgp_status_up", { virtualInterfaceId = id }))
    local report = assert(test(paths))
    assert.equal(id, report.after.backup.virtualInterfaceId)
    assert.is_true(report.restored)
  end)

  it("stops the test where abort_if says so", function()
    local paths = new()
    local report = assert(test(paths, { abort_if = function(state)
      return state.elapsed > 60
    end }))
    assert.is_true(report.aborted)
    assert.is_true(report.restored)
    assert.equal("stopped", report.test.status)
    assert.equal(1, paths.requests.StopBgpFailoverTest)
    assert.is_nil(running(paths))
    assert.equal("available", report.after.interface.virtualInterfaceState)
  end)

  it("stops the test where the backup goes down, and where a function of the user's raises", function()
    for name, options in pairs {
      ["is not up"] = {},
      ["abort_if raised an error: boo"] = { abort_if = function() error("boo", 0) end },
      ["on_poll raised an error: boo"] = { on_poll = function() error({ message = "boo" }) end },
    } do
      local paths = new()
      if not next(options) then
        options.on_poll = function(state)
          if state.elapsed > 60 then
            paths.emulator:set(paths.backup, { virtualInterfaceState = "down" })
          end
        end
      end
      local report, err = test(paths, options)
      assert.is_nil(report)
      assert.equal("WaiterFailedError", err.code)
      assert.matches(name, err.message)
      assert.is_nil(err.maybe_applied)
      assert.is_nil(running(paths))
      assert.equal(1, paths.requests.StopBgpFailoverTest)
      assert.matches("stopped the test", table.concat(err.actions, "\n"))
      assert.equal(options.abort_if ~= nil or name:find("on_poll") ~= nil, err.restored)
    end
  end)

  it("says so where not all is up again after an hour", function()
    local paths = new()
    local report = assert(test(paths, { require_backup = false, on_poll = function(state)
      if state.elapsed > 250 then
        paths.hook = function(_, send, request)
          local response = send(request)
          response.body = response.body:gsub('"bgpStatus":"up"', '"bgpStatus":"down"')
          return response
        end
      end
    end }))
    assert.is_false(report.restored)
    assert.matches("after an hour", report.actions[#report.actions])
  end)

  it("works beside others in tasks", function()
    local paths = { new(), new() }
    local results = dxconnect.parallel {
      function() return test(paths[1]) end,
      function() return test(paths[2], { require_backup = false }) end,
    }
    for _, entry in ipairs(results) do
      assert.is_nil(entry.error, tostring(entry.error))
      assert.is_true(entry.result.restored)
    end
  end)

  describe("with something wrong at any request", function()
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
    local function failed_afterwards(send, request)
      send(request)
      return fault(500)
    end

    -- Tests with the requests from the n-th on, as many as told, going wrong. Returns whether there was an n-th.
    local function story(n, many, fail)
      local paths = new { max_attempts = 1 }
      local went_wrong = false
      paths.hook = function(number, send, request)
        if number >= n and number < n + many then
          went_wrong = true
          return fail(send, request)
        end
        return send(request)
      end
      local report, err = test(paths, { delay = 100 }) -- few looks
      paths.hook = nil
      local where = ("request %d: %s"):format(n, tostring(err))
      assert.is_true((paths.requests.StartBgpFailoverTest or 0) <= 1, where)
      local still = running(paths)
      if report then
        assert.is_nil(still, where)
      else
        assert.is_table(err.actions)
        if still then
          assert.is_true(err.maybe_applied, where)
          assert.matches("stop_bgp_failover_test{ virtualInterfaceId = \"" .. paths.id:gsub("%-", "%%-") .. "\" }",
            err.hint)
          local again, problem = test(paths)
          assert.is_nil(again)
          assert.truthy(tostring(problem):find(still.testId, 1, true))
          assert.is_true((paths.requests.StartBgpFailoverTest or 0) <= 1, where)
          paths.record.now = paths.record.now + 300 -- the service's own time ends it
          assert.is_nil(running(paths))
        end
        paths.record.now = paths.record.now + 60
        assert(test(paths))
      end
      return went_wrong
    end

    for name, fail in pairs {
      ["lost"] = lost, ["lost on the way back"] = lost_on_the_way_back, ["refused"] = refused,
      ["failed afterwards"] = failed_afterwards,
    } do
      for _, many in ipairs { 1, math.huge } do
        it(("no second test begins, and none runs unsaid: %s, %s"):format(name, many == 1 and "once" or "from then on"),
          function()
            local n = 1
            while story(n, many, fail) do
              n = n + 1
            end
            assert.is_true(n > 12)
          end)
      end
    end
  end)
end)
