local dxconnect = require "dxconnect"
local emulated = require "spec.support.emulated"

local failure = emulated.failure

local order = { location = "EqDC2", bandwidth = "10Gbps", connectionName = "one" }

describe("the emulator", function()
  it("keeps what a client orders, and lets it become available as time passes", function()
    local client, _, record = emulated.world()
    local ordered = assert(client:create_connection(order))
    assert.equal("requested", ordered.connectionState)
    local seen = {}
    for _ = 1, 10 do
      local found = assert(client:describe_connections { connectionId = ordered.connectionId }).connections[1]
      seen[#seen + 1] = seen[#seen] ~= found.connectionState and found.connectionState or nil
      record.now = record.now + 60
    end
    assert.same({ "requested", "pending", "available" }, seen)
  end)

  it("makes up for time that passed while nobody asked", function()
    local client, emulator, record = emulated.world()
    local id = assert(client:create_connection(order)).connectionId
    record.now = record.now + 1e9
    assert.equal("available", emulator:get(id).connectionState)
  end)

  it("answers an unknown resource in the service's words", function()
    local client = emulated.world()
    local _, err = client:describe_connections { connectionId = "dxcon-nowhere" }
    assert.equal("DirectConnectClientException", err.code)
    assert.equal(400, err.status)
    assert.equal("Could not find Connection with ID dxcon-nowhere", err.message)
    assert.equal("not_found", err.reason)
    assert.is_string(err.request_id)
  end)

  it("runs on the system's clock by default", function()
    local emulator = dxconnect.emulator()
    local client = assert(dxconnect.client {
      region = "us-east-1", transport = emulator.transport, profile = "none",
      credentials = { access_key_id = "a", secret_access_key = "b" },
      system = {
        getenv = function() end,
        read_file = function()
          return "[profile none]\n"
        end,
      },
    })
    local id = assert(client:create_connection(order)).connectionId
    assert.equal("requested", assert(client:describe_connections { connectionId = id }).connections[1].connectionState)
  end)

  it("gives the same ids in every run, and none twice", function()
    local ids = {}
    for run = 1, 2 do
      local client = emulated.world { quotas = false }
      for i = 1, 50 do
        local id = assert(client:create_connection(order)).connectionId
        assert.is_nil(run == 1 and ids[id] or nil)
        assert.equal(run == 1 and id or i, run == 1 and id or ids[id])
        ids[id] = i
      end
    end
  end)

  it("refuses options that it does not have, and other types", function()
    assert.error_matches(function()
      dxconnect.emulator { clocks = os.time }
    end, "there is no option clocks; did you mean clock")
    assert.error_matches(function()
      dxconnect.emulator { clock = 5 }
    end, "the option clock can't be a number")
    assert.error_matches(function()
      dxconnect.emulator { credentials = { 1, 2 } }
    end, "credentials: item 1 must be a table of keys, got a number")
    assert.error_matches(function()
      dxconnect.emulator "x"
    end, "options must be a table, got a string")
  end)

  describe("and regions", function()
    it("are apart", function()
      local client = emulated.world()
      local id = assert(client:create_connection(order)).connectionId
      local elsewhere = { region = "eu-central-1" }
      assert.same({}, assert(client:describe_connections({}, elsewhere)).connections)
      assert.matches("Could not find Connection",
        failure(client:describe_connections({ connectionId = id }, elsewhere)))
      local other = assert(client:create_connection({
        location = "EqFA5", bandwidth = "10Gbps", connectionName = "two",
      }, elsewhere))
      assert.equal("eu-central-1", other.region)
      assert.equal(1, #assert(client:describe_connections()).connections)
    end)

    it("can be one only", function()
      local client = emulated.world { region = "us-east-1" }
      assert(client:describe_connections())
      local text = failure(client:describe_connections({}, { region = "eu-central-1", max_attempts = 1 }))
      assert.matches("^InvalidSignatureException: Credential should be scoped to a valid region", text)
    end)

    it("of other partitions have their own ARNs", function()
      local client = emulated.world({}, { region = "us-gov-west-1" })
      local connection = assert(client:create_connection(order))
      local arn = "arn:aws-us-gov:directconnect:us-gov-west-1:111122223333:dxcon/" .. connection.connectionId
      assert.same({}, assert(client:describe_tags { resourceArns = { arn } }).resourceTags[1].tags)
    end)
  end)

  describe("and accounts", function()
    local partner = { access_key_id = "PARTNER", secret_access_key = "p", account_id = "111111111111" }
    local customer = { access_key_id = "CUSTOMER", secret_access_key = "c", account_id = "222222222222" }

    it("see what is theirs", function()
      local mine, emulator, record = emulated.world({ credentials = { partner, customer } }, { credentials = partner })
      local theirs = emulated.client(emulator, record, { credentials = customer })
      local parent = assert(mine:create_interconnect {
        interconnectName = "i", bandwidth = "10Gbps", location = "EqDC2",
      }).interconnectId
      assert.same({}, assert(theirs:describe_interconnects()).interconnects)
      assert.matches("Could not find Interconnect",
        failure(theirs:describe_interconnects { interconnectId = parent }))
      local hosted = assert(mine:allocate_hosted_connection {
        connectionId = parent, ownerAccount = "222222222222", bandwidth = "1Gbps", connectionName = "h", vlan = 7,
      }).connectionId
      assert.same({}, assert(mine:describe_connections()).connections)
      assert.equal(hosted, assert(theirs:describe_connections()).connections[1].connectionId)
      assert.equal(1, #assert(mine:describe_hosted_connections { connectionId = parent }).connections)
      assert(theirs:confirm_connection { connectionId = hosted })
    end)

    it("are told apart once a function gives a second one", function()
      local list = { partner }
      local mine, emulator, record = emulated.world({
        credentials = function()
          return list
        end,
      }, { credentials = partner })
      assert(mine:create_connection(order))
      list[2] = customer
      local theirs = emulated.client(emulator, record, { credentials = customer })
      assert.same({}, assert(theirs:describe_connections()).connections)
      assert.equal(1, #assert(mine:describe_connections()).connections)
    end)

    it("are told by their keys; one alone sees everything", function()
      local client = emulated.world({ credentials = { partner, partner } }, { credentials = partner })
      assert.equal("111111111111", assert(client:create_connection(order)).ownerAccount)
      local parent = assert(client:create_interconnect {
        interconnectName = "i", bandwidth = "10Gbps", location = "EqDC2",
      }).interconnectId
      local hosted = assert(client:allocate_hosted_connection {
        connectionId = parent, ownerAccount = "222222222222", bandwidth = "1Gbps", connectionName = "h", vlan = 7,
      }).connectionId
      assert.equal(2, #assert(client:describe_connections()).connections)
      assert(client:confirm_connection { connectionId = hosted })
    end)
  end)

  describe("pages", function()
    it("lists of more than a hundred, or than was asked for", function()
      local client = emulated.world { quotas = false }
      local ids = {}
      for i = 1, 101 do
        ids[i] = assert(client:create_connection(order)).connectionId
      end
      local page = assert(client:describe_connections())
      assert.equal(100, #page.connections)
      page = assert(client:describe_connections { nextToken = page.nextToken })
      assert.equal(ids[101], page.connections[1].connectionId)
      assert.equal(1, #page.connections)
      assert.is_nil(page.nextToken)
      assert.equal(100, #assert(client:describe_connections { maxResults = 1000 }).connections)
      page = assert(client:describe_connections { maxResults = 101, nextToken = "" })
      assert.equal(100, #page.connections)
    end)

    it("on without a gap or a double when things come and go", function()
      local client, emulator, record = emulated.world()
      local ids = {}
      for i = 1, 6 do
        ids[i] = assert(client:create_connection(order)).connectionId
      end
      local first = assert(client:describe_connections { maxResults = 3 })
      assert(client:delete_connection { connectionId = ids[2] })
      record.now = record.now + 1000
      assert.is_nil(emulator:get(ids[2]))
      ids[7] = assert(client:create_connection(order)).connectionId
      local second = assert(client:describe_connections { maxResults = 3, nextToken = first.nextToken })
      local third = assert(client:describe_connections { maxResults = 3, nextToken = second.nextToken })
      local seen = {}
      for _, page in ipairs { first, second, third } do
        for _, connection in ipairs(page.connections) do
          seen[#seen + 1] = connection.connectionId
        end
      end
      assert.same(ids, seen)
      assert.is_nil(third.nextToken)
    end)

    it("refuses a token that is none, or another list's", function()
      local client = emulated.world()
      assert(client:create_connection(order))
      assert(client:create_connection(order))
      local token = assert(client:describe_connections { maxResults = 1 }).nextToken
      for _, bad in ipairs { "x", token .. "x" } do
        assert.matches("^DirectConnectClientException: The nextToken",
          failure(client:describe_connections { nextToken = bad }))
      end
      assert.matches("The nextToken", failure(client:describe_lags { nextToken = token }))
      assert.matches("maxResults must be at least 1", failure(client:describe_lags { maxResults = 0 }))
    end)
  end)

  describe("fault", function()
    it("throttles, as often as ordered", function()
      local client, emulator, record = emulated.world()
      local fault = emulator:fault { operation = "describe_lags", throttle = true, times = 2 }
      assert(client:describe_connections())
      local _, _, meta = client:describe_lags()
      assert.equal(3, meta.attempts)
      assert.equal(2, fault.hits)
      assert.equal(2, #record.sleeps)
      assert.equal(3, emulator:count("DescribeLags"))
      assert.equal(4, emulator:count())
      emulator:fault { throttle = true }
      local _, err = client:create_connection(order, { max_attempts = 1 })
      assert.equal("ThrottlingException", err.code)
      assert.is_true(err.throttling)
      assert.is_nil(err.maybe_applied)
      assert.same({}, assert(client:describe_connections()).connections)
    end)

    it("answers an error of one's own, and nothing was done", function()
      local client, emulator = emulated.world()
      emulator:fault {
        operation = "CreateConnection", code = "DirectConnectServerException", message = "no", status = 500,
      }
      local result, err = client:create_connection(order)
      assert.is_nil(result)
      assert.equal("DirectConnectServerException", err.code)
      assert.equal("no", err.message)
      assert.equal(500, err.status)
      assert.is_true(err.maybe_applied)
      assert.same({}, assert(client:describe_connections()).connections)
    end)

    it("answers an error after all was done, where that is ordered", function()
      local client, emulator = emulated.world()
      emulator:fault { operation = "CreateConnection", status = 503, applied = true }
      local _, err = client:create_connection(order)
      assert.equal("DirectConnectServerException", err.code)
      assert.equal(1, #assert(client:describe_connections()).connections)
    end)

    it("loses the answer, after or before the effect", function()
      local client, emulator = emulated.world()
      emulator:fault { operation = "create_connection", lost = true }
      local _, err = client:create_connection(order)
      assert.equal("ConnectionError", err.code)
      assert.is_true(err.maybe_applied)
      assert.equal(1, #assert(client:describe_connections()).connections)
      emulator:fault { operation = "create_connection", lost = true, applied = false }
      _, err = client:create_connection(order)
      assert.equal("ConnectionError", err.code)
      assert.equal(1, #assert(client:describe_connections()).connections)
    end)

    it("is late, up to the client's time-out", function()
      local client, emulator, record = emulated.world()
      emulator:fault { latency = 5, times = 2 }
      assert(client:create_connection(order))
      assert.same({ 5 }, record.sleeps)
      local _, err = client:create_connection(order, { timeout = 2 })
      assert.equal("TimeoutError", err.code)
      assert.same({ 5, 2 }, record.sleeps)
      assert.equal(2, #assert(client:describe_connections()).connections)
    end)

    it("answers with a body and headers of one's own", function()
      local client, emulator, record = emulated.world()
      record.is_faulty = true
      emulator:fault { status = 200, body = "<html>", headers = { ["Content-Type"] = "text/html" }, times = math.huge }
      local _, err = client:create_connection(order)
      assert.equal("ResponseError", err.code)
      emulator:clear_faults()
      assert(client:create_connection(order))
    end)

    it("is for calls that match, after some that are left alone", function()
      local client, emulator = emulated.world()
      emulator:fault {
        operation = "describe_lags", skip = 1, code = "SomeException",
        match = function(params)
          return params.maxResults == 5
        end,
      }
      assert(client:describe_lags())
      assert(client:describe_lags { maxResults = 5 })
      assert(client:describe_lags())
      assert.matches("^SomeException", failure(client:describe_lags { maxResults = 5 }))
      assert(client:describe_lags { maxResults = 5 })
    end)

    it("that makes no sense is a mistake of the test", function()
      local _, emulator = emulated.world()
      for pattern, fault in pairs {
        ["there is no lose; did you mean lost"] = { lose = true },
        ["latency: expected a number, got a string"] = { latency = "5" },
        ["there is no operation describe_lag; did you mean describe_lags"] = { operation = "describe_lag" },
      } do
        assert.error_matches(function()
          emulator:fault(fault)
        end, pattern)
      end
      assert.error_matches(function()
        emulator:fault "lost"
      end, "expected a table, got a string")
      assert.error_matches(function()
        emulator:count "x"
      end, "there is no operation x")
    end)
  end)

  describe("set and get", function()
    it("change and show what is there", function()
      local client, emulator = emulated.world()
      local id = assert(client:create_connection(order)).connectionId
      emulator:set(id, { connectionName = "two", connectionState = "unknown" })
      local connection = assert(client:describe_connections()).connections[1]
      assert.equal("two", connection.connectionName)
      assert.equal("unknown", connection.connectionState)
      assert.same(connection, emulator:get(id))
      assert.is_nil(emulator:get("dxcon-nowhere"))
    end)

    it("show a port as it is now, and hand out nothing of the emulator's own", function()
      local client, emulator, record = emulated.world()
      local id = emulated.connection(client, record)
      assert(client:associate_mac_sec_key { connectionId = id, ckn = ("0a"):rep(32), cak = ("0b"):rep(32) })
      record.now = record.now + 60
      local port = emulator:get(id)
      assert.equal("Encryption Up", port.portEncryptionStatus)
      for member in pairs(port) do
        assert.is_nil(member:match("^_"))
      end
      port.macSecKeys[1].state = "mine"
      port.connectionState = "mine"
      assert.equal("associated", emulator:get(id).macSecKeys[1].state)
      assert.equal("available", emulator:get(id).connectionState)
      assert.equal("associated", emulator:get(emulator:get(id).macSecKeys[1].secretARN).state)
    end)

    it("say what is wrong", function()
      local client, emulator = emulated.world()
      local id = assert(client:create_connection(order)).connectionId
      assert.error_matches(function()
        emulator:set(id, { conectionState = "down" })
      end, "Connection has no member conectionState; did you mean connectionState")
      assert.error_matches(function()
        emulator:set("dxcon-nowhere", { connectionState = "down" })
      end, "nothing with the id dxcon%-nowhere")
      assert.error_matches(function()
        emulator:set(id, { vlan = "5", connectionState = "down" })
      end, "Connection.vlan: expected a number, got a string")
      assert.equal("requested", emulator:get(id).connectionState)
    end)
  end)
end)
