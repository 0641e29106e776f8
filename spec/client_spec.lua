local dxconnect = require "dxconnect"
local world = require "spec.support.world"

local ok, fault = world.ok, world.fault
local lags = ok('{"lags":[{"lagId":"dxlag-1"}]}', { ["x-amzn-requestid"] = "r-1", ["content-type"] = "x" })
local connection = {
  location = "EqDC2", bandwidth = "10Gbps", connectionName = "one",
}

describe("a client", function()
  describe("called", function()
    it("returns result, nil and what is known of the call", function()
      local client, record = world.client { lags }
      local result, err, meta = client:describe_lags { lagId = "dxlag-1" }
      assert.is_nil(err)
      assert.equal("dxlag-1", result.lags[1].lagId)
      assert.equal("r-1", meta.request_id)
      assert.equal(200, meta.status)
      assert.equal(1, meta.attempts)
      assert.equal(0, meta.elapsed)
      assert.equal("x", meta.headers["content-type"])
      local request = record.requests[1]
      assert.equal("POST", request.method)
      assert.equal("https://directconnect.us-east-1.amazonaws.com/", request.url)
      assert.equal("OvertureService.DescribeLags", request.headers["x-amz-target"])
      assert.equal("application/x-amz-json-1.1", request.headers["content-type"])
      assert.equal("attempt=1; max=3", request.headers["amz-sdk-request"])
      assert.equal('{"lagId":"dxlag-1"}', request.body)
    end)

    it("sends {} without parameters, by name in either spelling too", function()
      local client, record = world.client { lags }
      assert(client:describe_lags())
      assert(client:call("DescribeLags"))
      assert(client:call("describe_lags"))
      for i = 1, 3 do
        assert.equal("{}", record.requests[i].body)
      end
    end)

    it("takes timeouts and headers of a single call", function()
      local client, record = world.client { lags }
      assert(client:describe_lags(nil, { timeout = 7, connect_timeout = 2, headers = { ["x-mine"] = "1" } }))
      assert.equal(7, record.requests[1].timeout)
      assert.equal(2, record.requests[1].connect_timeout)
      assert.equal("1", record.requests[1].headers["x-mine"])
      assert(client:describe_lags())
      assert.is_not.equal(7, record.requests[2].timeout)
    end)

    it("goes to the region of a single call", function()
      local client, record = world.client { lags }
      assert(client:describe_lags(nil, { region = "eu-west-1" }))
      assert.equal("https://directconnect.eu-west-1.amazonaws.com/", record.requests[1].url)
      assert.matches("/eu%-west%-1/directconnect/", record.requests[1].headers.authorization)
    end)

    it("refuses an option that is none, and sends nothing", function()
      local client, record = world.client { lags }
      local result, err = client:describe_lags(nil, { time_out = 3 })
      assert.is_nil(result)
      assert.equal("ConfigError", err.code)
      assert.matches("timeout", err.message)
      assert.equal(0, #record.requests)
    end)

    it("returns every problem of the parameters and sends nothing", function()
      local client, record = world.client { lags }
      local result, err = client:associate_mac_sec_key { ckn = "12", cak = "34" }
      assert.is_nil(result)
      assert.equal("params", err.kind)
      assert.equal("AssociateMacSecKey", err.operation)
      local paths = {}
      for _, problem in ipairs(err.problems) do
        paths[problem.path] = true
      end
      assert.is_true(paths.connectionId and paths.ckn and paths.cak)
      assert.is_nil(tostring(err):find("34", 1, true))
      assert.equal(0, #record.requests)
    end)

    it("names the nearest operation for a misspelt one", function()
      local client = world.client { lags }
      local _, err = client:call("describe_lag")
      assert.equal("UnknownOperationError", err.code)
      assert.matches("describe_lags", err.message)
      _, err = client:call(42)
      assert.equal("UnknownOperationError", err.code)
    end)

    it("sends operations and members that the model does not know, when asked to", function()
      local client, record = world.client { ok('{"fresh":[1,{"a":true}]}') }
      local result = assert(client:call("describe_new_things", { deep = { 1, 2 } }, { unmodeled = true }))
      assert.equal("OvertureService.DescribeNewThings", record.requests[1].headers["x-amz-target"])
      assert.equal('{"deep":[1,2]}', record.requests[1].body)
      assert.same({ 1, { a = true } }, result.fresh)
      local _, err = client:describe_lags { shiny = true }
      assert.equal("ParamValidationError", err.code)
      assert(client:describe_lags({ shiny = true }, { unmodeled = true }))
      assert.equal('{"shiny":true}', record.requests[2].body)
    end)

    it("is not made for an endpoint that nothing can be sent to", function()
      for _, url in ipairs { "http://h:99999", "https://h:x/", "https://a b/", "https://u:p@h/?q=1", "ftp://h/" } do
        local client, err = dxconnect.client {
          region = "us-east-1", endpoint_url = url, system = { getenv = function() end },
        }
        assert.is_nil(client, url)
        assert.equal("ConfigError", err.code)
        assert.matches("endpoint_url", err.message)
      end
    end)

    it("raises only for misuse of Lua, with the caller's line", function()
      local client = world.client { lags }
      for _, misuse in ipairs {
        function() client.describe_lags() end,
        function() client:describe_lags("dxlag-1") end,
        function() client:describe_lags({}, "options") end,
        function() client.call({}, "DescribeLags") end,
        function() dxconnect.describe_lags("dxlag-1") end,
        function() dxconnect:describe_lags() end,
      } do
        local raised, message = pcall(misuse)
        assert.is_false(raised)
        assert.matches("^[^:]*client_spec.lua:%d+: ", message)
      end
    end)
  end)

  describe("retrying", function()
    it("tries three times, waiting in between", function()
      local client, record = world.client { fault(500), fault(503), lags }
      local result, _, meta = client:describe_lags()
      assert.is_table(result)
      assert.equal(3, meta.attempts)
      assert.same({ 0.025, 0.05 }, record.sleeps)
      assert.equal("attempt=3; max=3", record.requests[3].headers["amz-sdk-request"])
      assert.equal(record.requests[1].headers["amz-sdk-invocation-id"],
        record.requests[3].headers["amz-sdk-invocation-id"])
    end)

    it("gives up with the last error", function()
      local client, record = world.client { { lost = "reset" } }
      local result, err = client:describe_lags()
      assert.is_nil(result)
      assert.equal("transport", err.kind)
      assert.equal("ConnectionError", err.code)
      assert.equal(3, err.attempts)
      assert.is_true(err.retryable)
      assert.is_nil(err.maybe_applied)
      assert.equal(3, #record.requests)
    end)

    it("sends once with max_attempts = 1, of the client or of a call", function()
      local client, record = world.client({ fault(500) }, { max_attempts = 1 })
      assert.is_nil((client:describe_lags()))
      assert.equal(1, #record.requests)
      assert.is_nil((client:describe_lags(nil, { max_attempts = 2 })))
      assert.equal(3, #record.requests)
    end)

    it("retries the server's exception though its status is 400", function()
      local client, record = world.client { fault(400, "DirectConnectServerException", "oops"), lags }
      assert(client:describe_lags())
      assert.equal(2, #record.requests)
    end)

    it("does not retry the client's exception, a quota or an unknown refusal", function()
      for _, code in ipairs { "DirectConnectClientException", "LimitExceededException", "AccessDeniedException" } do
        local client, record = world.client { fault(400, code, "no") }
        local _, err = client:describe_lags()
        assert.equal(code, err.code)
        assert.is_false(err.retryable)
        assert.equal(1, #record.requests)
      end
    end)

    it("waits as the service asks", function()
      local client, record = world.client {
        fault(503, nil, nil, { ["x-amz-retry-after"] = "1500" }), fault(429, nil, nil, { ["retry-after"] = "3" }), lags,
      }
      assert(client:describe_lags())
      assert.same({ 1.5, 3 }, record.sleeps)
    end)

    it("stops when the client's bucket of tokens is empty", function()
      local client, record = world.client({ fault(500) }, { max_attempts = 10 })
      for _ = 1, 6 do
        client:describe_lags()
      end
      assert.equal(6 + 35, #record.requests)
    end)

    it("ends within total_timeout", function()
      local client, record = world.client({ fault(429) }, { max_attempts = 100, total_timeout = 10 })
      local _, err = client:describe_lags()
      assert.equal("HTTP429", err.code)
      assert.is_true(record.now - 1700000000 <= 10)
      assert.is_true(record.requests[#record.requests].timeout <= 10)
    end)
  end)

  describe("with an operation that must not go out twice", function()
    local ambiguous = {
      ["a lost answer"] = { lost = "reset" },
      ["a time-out"] = { lost = "timeout" },
      ["an unusable 200"] = ok("<html>"),
      ["the server's exception"] = fault(400, "DirectConnectServerException", "x"),
      ["500"] = fault(500), ["502"] = fault(502), ["503 without a code"] = fault(503), ["504"] = fault(504),
    }
    for name, entry in pairs(ambiguous) do
      it("sends once after " .. name .. " and says that it may have been applied", function()
        local client, record = world.client { entry }
        local result, err = client:create_connection(connection)
        assert.is_nil(result)
        assert.equal(1, #record.requests)
        assert.is_true(err.maybe_applied)
        assert.is_false(err.retryable)
        assert.matches("describe_connections", err.hint)
      end)
    end

    local harmless = {
      ["a refused connection"] = { lost = "connect" },
      ["throttling"] = fault(400, "ThrottlingException"),
      ["throttling as 503"] = fault(503, "SlowDown"),
      ["429"] = fault(429),
    }
    for name, entry in pairs(harmless) do
      it("tries again after " .. name, function()
        local client, record = world.client { entry, ok('{"connectionId":"dxcon-1"}') }
        local result = assert(client:create_connection(connection))
        assert.equal("dxcon-1", result.connectionId)
        assert.equal(2, #record.requests)
      end)
    end

    it("does not claim that something may be applied when nothing was sent", function()
      for _, kind in ipairs { "connect", "tls" } do
        local client = world.client { { lost = kind } }
        local _, err = client:create_connection(connection)
        assert.is_nil(err.maybe_applied)
      end
    end)
  end)

  it("gives an operation with a client token one, the same for every attempt", function()
    local client, record = world.client { { lost = "reset" }, ok("{}") }
    assert(client:create_resiliency_group {
      resiliencyGroupName = "g", intendedResiliencyModel = "high-resiliency",
    })
    local token = record.requests[1].body:match('"clientToken":"([^"]+)"')
    assert.is_string(token)
    assert.equal(token, record.requests[2].body:match('"clientToken":"([^"]+)"'))
    assert(client:create_resiliency_group {
      resiliencyGroupName = "g", intendedResiliencyModel = "high-resiliency", clientToken = "mine",
    })
    assert.matches('"clientToken":"mine"', record.requests[3].body)
  end)

  describe("with a wrong clock", function()
    local function skewed(date)
      return fault(403, "RequestTimeTooSkewed", "x", { date = date })
    end

    it("corrects it, tries again and remembers", function()
      local client, record = world.client({ skewed("Tue, 14 Nov 2023 23:13:20 GMT"), lags }) -- an hour ahead
      assert(client:describe_lags())
      assert.equal("20231114T221320Z", record.requests[1].headers["x-amz-date"])
      assert.equal("20231114T231320Z", record.requests[2].headers["x-amz-date"])
      assert.same({}, record.sleeps)
      assert(client:describe_lags())
      assert.equal("20231114T231320Z", record.requests[3].headers["x-amz-date"])
    end)

    it("does so for an operation that must not go out twice", function()
      local client, record = world.client({ skewed("Tue, 14 Nov 2023 23:13:20 GMT"), ok('{"connectionId":"x"}') })
      assert(client:create_connection(connection))
      assert.equal(2, #record.requests)
    end)

    it("tries once where the clock is right", function()
      local client, record = world.client { skewed("Tue, 14 Nov 2023 22:15:00 GMT") }
      assert.is_nil((client:describe_lags()))
      assert.equal(1, #record.requests)
    end)

    it("does not chase a date that runs away", function()
      local hour = 0
      local client, record = world.client({ function()
        hour = hour + 1
        return skewed(("Wed, 15 Nov 2023 %02d:00:00 GMT"):format(hour))
      end }, { max_attempts = 10 })
      assert.is_nil((client:describe_lags()))
      assert.equal(2, #record.requests)
    end)
  end)

  describe("with credentials that expired", function()
    local expired = fault(400, "ExpiredTokenException", "the token is expired")

    it("fetches those of a function anew, once", function()
      local made = 0
      local client, record = world.client({ expired, lags }, {
        credentials = function()
          made = made + 1
          return { access_key_id = "AK" .. made, secret_access_key = "s", session_token = "t" }
        end,
      })
      assert(client:describe_lags())
      assert.equal(2, made)
      assert.matches("AK1/", record.requests[1].headers.authorization)
      assert.matches("AK2/", record.requests[2].headers.authorization)
    end)

    it("does not try fixed ones again", function()
      local client, record = world.client { expired }
      local _, err = client:describe_lags()
      assert.equal("ExpiredTokenException", err.code)
      assert.equal("expired_credentials", err.reason)
      assert.equal(1, #record.requests)
    end)
  end)

  describe("asked to confirm", function()
    local function asking(answer)
      local asked = {}
      local client, record = world.client({ ok("{}") }, {
        confirm = function(...)
          asked[#asked + 1] = { ... }
          return answer()
        end,
      })
      return client, record, asked
    end

    it("asks before what bills or interrupts, and only then", function()
      local client, record, asked = asking(function() return true end)
      assert(client:describe_lags())
      assert(client:create_connection(connection))
      assert(client:associate_virtual_interface { virtualInterfaceId = "dxvif-1", connectionId = "dxcon-1" })
      assert(client:create_lag {
        numberOfConnections = 1, location = "EqDC2", connectionsBandwidth = "10Gbps", lagName = "l",
      })
      assert(client:create_lag {
        numberOfConnections = 1, location = "EqDC2", connectionsBandwidth = "10Gbps", lagName = "l",
        connectionId = "dxcon-1",
      })
      assert.equal(5, #record.requests)
      local labels = {}
      for i, call in ipairs(asked) do
        labels[i] = call[1] .. " " .. call[2]
      end
      assert.same({ "CreateConnection bills", "AssociateVirtualInterface interrupts", "CreateLag bills",
        "CreateLag interrupts" }, labels)
      assert.equal("one", asked[1][3].connectionName)
    end)

    it("sends nothing for any other answer, or a raise", function()
      for _, answer in ipairs {
        function() return false end,
        function() return 1 end,
        function() end,
        function() error "no" end,
      } do
        local client, record = asking(answer)
        local result, err = client:create_connection(connection)
        assert.is_nil(result)
        assert.equal("NotConfirmedError", err.code)
        assert.equal("CreateConnection", err.operation)
        assert.equal(0, #record.requests)
      end
    end)

    it("checks the parameters first and is never asked by prepare", function()
      local client, _, asked = asking(function() return true end)
      assert.is_nil((client:create_connection {}))
      assert(client:prepare("create_connection", connection))
      assert.equal(0, #asked)
    end)
  end)

  it("prepares a signed request and sends nothing", function()
    local client, record = world.client { lags }
    for _, name in ipairs { "DescribeLags", "describe_lags" } do
      local request = assert(client:prepare(name, { lagId = "dxlag-1" }))
      assert.equal("POST", request.method)
      assert.equal('{"lagId":"dxlag-1"}', request.body)
      assert.matches("^AWS4%-HMAC%-SHA256 Credential=AKIDEXAMPLE/", request.headers.authorization)
      assert.is_nil(tostring(request):find(request.headers.authorization, 1, true))
    end
    assert.equal(0, #record.requests)
  end)

  it("logs each attempt, wait and retry without secrets, and ignores a logger that raises", function()
    local client, record = world.client { fault(500), lags }
    assert(client:describe_lags())
    local types = {}
    for i, event in ipairs(record.events) do
      types[i] = event.type
      assert.equal("DescribeLags", event.operation)
    end
    assert.same({ "attempt", "retry", "attempt" }, types)
    assert.equal(500, record.events[1].status)
    client, record = world.client({ lags }, {
      credentials = function()
        return { access_key_id = "AK", secret_access_key = "sssssssss" }
      end,
    })
    assert(client:describe_lags())
    assert.equal("credentials", record.events[1].type)
    assert.equal("attempt", record.events[2].type)
    assert.is_nil(tostring(record.events[1].source):find("ssss"))
    local raising = world.client({ lags }, { logger = function() error "no" end })
    assert(raising:describe_lags())
  end)

  it("takes secrets out of the service's words", function()
    local cak = ("Ab"):rep(32)
    local client = world.client({ fault(400, "DirectConnectClientException", "bad key " .. cak:lower()) }, {
      credentials = { access_key_id = "AK", secret_access_key = "sssssssss", session_token = "token-token" },
    })
    local _, err = client:associate_mac_sec_key { connectionId = "dxcon-1", ckn = ("12"):rep(32), cak = cak }
    assert.is_nil(tostring(err):lower():find(cak:lower(), 1, true))
    assert.matches("<hidden>", err.message)
    client = world.client({ fault(403, "SignatureDoesNotMatch", "x-amz-security-token:token-token") }, {
      credentials = { access_key_id = "AK", secret_access_key = "sssssssss", session_token = "token-token" },
    })
    _, err = client:describe_lags()
    assert.is_nil(tostring(err):find("token-token", 1, true))
  end)

  it("names the nearest method for a misspelt one, and has none under other names", function()
    local client = world.client { lags }
    for misspelt, meant in pairs {
      describe_lag = "describe_lags", describeLags = "describe_lags", DescribeLags = "describe_lags", clsoe = "close",
      prepar = "prepare", item = "items",
    } do
      local line = debug.getinfo(1, "l").currentline + 1
      local raised, message = pcall(function() client[misspelt](client) end)
      assert.is_false(raised)
      assert.matches("client_spec.lua:" .. line .. ": a client has no method " .. misspelt .. "; did you mean " .. meant
        .. "?", message, 1, true)
    end
    for _, name in ipairs { "colour", "_close", "", 1, true } do
      assert.is_nil(client[name])
    end
  end)

  it("shows its methods to pairs", function()
    if _VERSION == "Lua 5.1" then
      return -- has no __pairs
    end
    local client = world.client { lags }
    local seen = {}
    for name, method in pairs(client) do
      assert.is_function(method)
      seen[name] = method
    end
    for _, name in ipairs { "describe_lags", "call", "prepare", "credentials", "explain", "close", "batch", "items" } do
      assert.equal(client[name], seen[name])
      assert.is_function(seen[name])
    end
  end)

  it("repeats no name, region or state of the user's at length", function()
    local client = world.client { lags }
    local long = ("x"):rep(1e5)
    for _, call in ipairs {
      function() return client:call("describe_lag" .. long) end,
      function() return client:describe_lags(nil, { region = long }) end,
      function() return client:describe_lags(nil, { [long] = 1 }) end,
      function() return client:describe_lags { [long] = 1 } end,
      function() return client:describe_lags { lagId = 5, [long] = {} } end,
      function() return client:wait_until(long) end,
      function() return client:send { service = long, method = "GET", path = "/", [long] = 1 } end,
      function() return client:batch({ { long } })[1].error end,
      function() return dxconnect.client { region = long } end,
      function() return dxconnect.client { profile = long, system = { getenv = function() end } } end,
      function() return dxconnect.client { region = "us-east-1", [long] = 1 } end,
      function() return dxconnect.client { system = { [long] = 1 }, region = long } end,
    } do
      local result, err = call()
      local text = tostring(err or result)
      assert.is_true(#text < 600, text:sub(1, 100))
      assert.is_nil(text:find(("x"):rep(129), 1, true))
    end
  end)

  describe("closed", function()
    it("answers with a config error, and closes twice", function()
      local client, record = world.client { lags }
      client:close()
      client:close()
      for _, call in ipairs {
        function() return client:describe_lags() end,
        function() return client:call("DescribeLags") end,
        function() return client:prepare("DescribeLags") end,
        function() return client:credentials() end,
      } do
        local result, err = call()
        assert.is_nil(result)
        assert.equal("config", err.kind)
      end
      assert.equal(0, #record.requests)
      assert.matches("closed", tostring(client))
    end)
  end)

  it("shows nothing of itself when walked", function()
    local client = world.client { lags }
    local function walk(value, depth)
      if type(value) == "string" then
        assert.is_nil(value:find("wJalrXUtnFEMI", 1, true))
      elseif type(value) == "table" and depth < 6 then
        for k, v in pairs(value) do
          if type(k) == "string" then
            walk(v, depth + 1)
          end
        end
      end
    end
    walk(client, 0)
    assert.is_nil(tostring(client):find("wJalrXUtnFEMI", 1, true))
  end)
end)
