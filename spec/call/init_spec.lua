local dxconnect = require "dxconnect"
local operations = require "dxconnect.operations"
local samples = require "spec.support.samples"
local world = require "spec.support.world"
local yields = require "spec.support.yields"

local ok, fault = world.ok, world.fault
local model = dxconnect.model

-- Every way to fail: what the transport gives; is_safe: nothing was applied; is_final: another attempt is in vain;
-- is_doubtful: in vain, too, and may have been applied; is_result_of(op): for some operations it is a result.
local failures = {
  { "a refused connection", { lost = "connect" }, is_safe = true },
  { "a failed TLS handshake", { lost = "tls" }, is_final = true },
  { "a lost answer", { lost = "reset" } },
  { "a time-out", { lost = "timeout" } },
  { "a transport that raises", function() error "no" end },
  { "an answer without a status", function() return {} end },
  { "an unusable 200", ok("<html>") },
  { "a 200 that breaks off", ok('{"connections":[') },
  { "an empty 200", ok(""), is_result_of = function(op)
    return op.name == "TagResource" or op.name == "UntagResource" -- that have no output
  end },
  { "500", fault(500) },
  { "502 as HTML", { status = 502, body = "<html><h1>Bad Gateway</h1>" } },
  { "503", fault(503) },
  { "504", fault(504) },
  { "the server's exception with status 400", fault(400, "DirectConnectServerException", "x") },
  { "the server's exception with status 500", fault(500, "DirectConnectServerException", "x") },
  { "an internal failure", fault(500, "InternalFailure", "x") },
  { "429", fault(429), is_safe = true },
  { "throttling with status 400", fault(400, "ThrottlingException", "x"), is_safe = true },
  { "throttling with status 503", fault(503, "SlowDown", "x"), is_safe = true },
  { "throttling by a header", is_safe = true,
    { status = 400, body = "{}", headers = { ["x-amzn-errortype"] = "Throttling:http://x/" } } },
  { "a quota", fault(400, "LimitExceededException", "x"), is_final = true },
  { "the client's exception", fault(400, "DirectConnectClientException", "x"), is_final = true },
  { "a transitioning state", is_final = true,
    fault(400, "DirectConnectClientException", "is in a transitioning state") },
  { "a refused signature with the clock right", fault(403, "InvalidSignatureException", "x"), is_final = true },
  { "a wrong clock", fault(403, "RequestExpired", "x", { date = "Wed, 15 Nov 2023 00:00:00 GMT" }), is_safe = true },
  { "a time-out of a proxy", { status = 408, body = "<html>" }, is_doubtful = true },
  { "a request that a proxy gave up", { status = 499 }, is_doubtful = true },
  { "a redirect to a result", { status = 303, headers = { location = "http://x/" } }, is_doubtful = true },
  { "a redirect", { status = 302, headers = { location = "http://x/" } }, is_final = true },
  { "403 from a proxy", { status = 403, body = "<html>" }, is_final = true },
}

local function params_of(op, seed)
  return samples.params(samples.random(seed), model, model.operations[op.name])
end

describe("calls", function()
  for _, failure in ipairs(failures) do
    local name, entry = failure[1], failure[2]
    local is_final = failure.is_final or failure.is_doubtful
    local is_ambiguous = failure.is_doubtful or not failure.is_safe and not failure.is_final
    local failing = {}
    for i, op in ipairs(operations.operations) do
      failing[i] = not (failure.is_result_of and failure.is_result_of(op)) and op or nil
    end

    it("sends an operation again after " .. name .. " exactly where that is safe", function()
      for i, op in pairs(failing) do
        local client, record = world.client { entry, ok("{}") }
        local result, err, meta = client:call(op.name, params_of(op, i))
        if is_final or (is_ambiguous and op.retry == "once") then
          assert.is_nil(result, op.name)
          assert.equal(1, #record.requests, op.name)
          assert.equal(1, err.attempts)
          assert.is_false(err.retryable)
          assert.equal((is_ambiguous and op.retry ~= "read") or nil, err.maybe_applied)
        else
          assert.is_nil(err, op.name)
          assert.equal(2, #record.requests, op.name)
          assert.equal(2, meta.attempts)
          assert.equal(record.requests[1].body, record.requests[2].body)
          assert.equal(record.requests[1].headers["amz-sdk-invocation-id"],
            record.requests[2].headers["amz-sdk-invocation-id"])
        end
      end
    end)

    it("says after nothing but " .. name .. " whether something may have been applied, and what to do", function()
      for i, op in pairs(failing) do
        local client = world.client({ entry }, { max_attempts = 2 })
        local result, err = client:call(op.name, params_of(op, i))
        assert.is_nil(result)
        assert.equal(op.name, err.operation)
        assert.matches("%w", err.code)
        local is_open = is_ambiguous and op.retry ~= "read"
        assert.equal(is_open or nil, err.maybe_applied, op.name)
        if is_open and op.retry == "once" then
          assert.matches(op.look_with or "look", err.hint, 1, true)
        elseif is_open then
          assert.matches("no harm", err.hint)
        end
      end
    end)
  end

  it("knows how to look for everything that an operation sent once may have made", function()
    for _, op in ipairs(operations.operations) do
      if op.retry == "once" then
        assert.is_truthy(op.look_with and operations.find(op.look_with), op.name)
      end
    end
  end)

  it("take a 200 without a body for the result of an operation that has no output", function()
    local client = world.client { ok("") }
    for _, method in ipairs { "tag_resource", "untag_resource" } do
      assert.same({}, assert(client[method](client, {
        resourceArn = "arn", tags = method == "tag_resource" and { { key = "a" } } or nil,
        tagKeys = method == "untag_resource" and { "a" } or nil,
      })))
    end
  end)

  describe("with functions of the user's that return tables with metamethods that raise", function()
    local function raising()
      return setmetatable({}, {
        __index = function() error "boo" end, __pairs = function() error "boo" end, __len = function() error "boo" end,
        __tostring = function() error "boo" end,
      })
    end
    local order = { location = "x", bandwidth = "1Gbps", connectionName = "n" }

    it("return an error that says whether the order may have been applied", function()
      local client = world.client { function() return raising() end }
      local _, err = client:create_connection(order)
      assert.equal("ConnectionError", err.code)
      assert.is_true(err.maybe_applied)
      client = world.client { function() return nil, raising(), raising() end }
      _, err = client:create_connection(order)
      assert.is_true(err.maybe_applied)
      client = world.client { function() return { status = 200, headers = raising(), body = raising() } end }
      _, err = client:create_connection(order)
      assert.is_true(err.maybe_applied)
      client = world.client { function() error(raising()) end }
      _, err = client:create_connection(order)
      assert.is_true(err.maybe_applied)
    end)

    it("return an error where these are credentials", function()
      for _, given in ipairs {
        raising, function() return nil, raising() end, function() error(raising()) end,
        function() return { access_key_id = raising(), secret_access_key = "s" } end,
        function() return { [raising()] = 1 } end,
      } do
        local client, record = world.client({ ok("{}") }, { credentials = given })
        local _, err = client:create_connection(order)
        assert.equal("credentials", err.kind)
        assert.is_nil(err.maybe_applied)
        assert.equal(0, #record.requests)
      end
    end)

    it("don't swallow an interrupt", function()
      local function interrupted() error("x.lua:1: interrupted!", 0) end
      for _, options in ipairs { { logger = interrupted }, { confirm = interrupted } } do
        local client = world.client({ ok("{}") }, options)
        local raised, message = pcall(client.create_connection, client, order)
        assert.is_false(raised)
        assert.equal("x.lua:1: interrupted!", message)
      end
    end)
  end)

  it("keeps in mind that an earlier attempt may have been applied", function()
    local client, record = world.client { { lost = "reset" }, fault(400, "DirectConnectClientException", "gone") }
    local _, err = client:delete_connection { connectionId = "dxcon-1" }
    assert.equal(2, #record.requests)
    assert.equal("DirectConnectClientException", err.code)
    assert.is_true(err.maybe_applied)
  end)

  it("sends an operation that the model does not know once, unless its name says that it reads", function()
    local client, record = world.client { { lost = "reset" } }
    local _, err = client:call("CreateNewThing", {}, { unmodeled = true })
    assert.equal(1, #record.requests)
    assert.is_true(err.maybe_applied)
    _, err = client:call("ListNewThings", {}, { unmodeled = true })
    assert.equal(4, #record.requests)
    assert.is_nil(err.maybe_applied)
  end)

  it("fills in a client token that stays the same, and differs from call to call", function()
    local seen = {}
    for i, op in ipairs(operations.operations) do
      if op.token then
        local client, record = world.client { fault(500), fault(503), ok("{}") }
        local params = params_of(op, i)
        params[op.token] = nil
        assert(client:call(op.name, params))
        assert.is_nil(params[op.token])
        local tokens = {}
        for k = 1, 3 do
          tokens[k] = record.requests[k].body:match('"' .. op.token .. '":"([^"]+)"')
        end
        assert.equal(tokens[1], tokens[2])
        assert.equal(tokens[1], tokens[3])
        assert.is_nil(seen[tokens[1]])
        seen[tokens[1]] = true
      end
    end
    assert.is_not_nil(next(seen))
  end)

  describe("waiting", function()
    it("draws a new random number for each wait", function()
      local drawn = 0
      local client, record = world.client({ fault(500) }, {
        max_attempts = 4,
        system = {
          sleep = function() end,
          random = function()
            drawn = drawn + 1
            return drawn / 10
          end,
        },
      })
      client:describe_lags()
      assert.equal(3, drawn)
      local delays = {}
      for _, event in ipairs(record.events) do
        delays[#delays + 1] = event.type == "retry" and event.delay or nil
      end
      assert.is_true(math.abs(delays[1] - 0.005) < 1e-9)
      assert.is_true(math.abs(delays[2] - 0.02) < 1e-9)
      assert.is_true(math.abs(delays[3] - 0.06) < 1e-9)
    end)

    it("differs from process to process", function()
      local code = [[package.path, package.cpath = "%s", "%s"
        local system = require("dxconnect.system").new()
        print(system.random(), system.random())]]
      code = code:format(package.path, package.cpath)
      local seen = {}
      local interpreter = arg and arg[-1] or "lua5.4"
      for i = 0, -20, -1 do
        interpreter = arg and arg[i] or interpreter
      end
      for _ = 1, 3 do
        local pipe = assert(io.popen(("'%s' -e '%s'"):format(interpreter, code)))
        local line = pipe:read("*a")
        pipe:close()
        local a, b = line:match("^(%S+)%s+(%S+)")
        assert.is_true(tonumber(a) < 1 and tonumber(b) < 1 and a ~= b)
        assert.is_nil(seen[a])
        seen[a] = true
      end
    end)

    it("honours what the service asks for, within limits", function()
      for _, case in ipairs {
        { { ["x-amz-retry-after"] = "250" }, 0.25 },
        { { ["x-amz-retry-after"] = "3600000" }, 5.025 },
        { { ["x-amz-retry-after"] = ("9"):rep(400) }, 5.025 },
        { { ["x-amz-retry-after"] = "soon" }, 0.025 },
        { { ["x-amz-retry-after"] = "-5" }, 0.025 },
        { { ["retry-after"] = "2" }, 2 },
        { { ["retry-after"] = "86400" }, 20 },
        { { ["retry-after"] = "Wed, 15 Nov 2023 00:00:00 GMT" }, 0.025 },
        { { ["x-amz-retry-after"] = "100", ["retry-after"] = "2" }, 0.1 },
      } do
        local client, record = world.client { fault(500, nil, nil, case[1]), ok("{}") }
        assert(client:describe_lags())
        assert.same({ case[2] }, record.sleeps)
      end
    end)

    it("is one sleep, also where chance makes it nothing", function()
      local client, record = world.client { fault(500), fault(400, "ThrottlingException"), ok("{}") }
      client.system.random = function()
        return 0
      end
      assert(client:describe_lags())
      assert.same({ 0, 0 }, record.sleeps)
    end)

    it("does not begin where total_timeout would not suffice", function()
      local client, record = world.client({ fault(500, nil, nil, { ["retry-after"] = "9" }) }, { total_timeout = 8 })
      local _, err = client:describe_lags()
      assert.equal("HTTP500", err.code)
      assert.same({}, record.sleeps)
      assert.equal(1, #record.requests)
    end)

    it("leaves each attempt no more than what remains of total_timeout", function()
      local client, record = world.client({
        function(_, r)
          r.now = r.now + 6
          return fault(500)
        end,
        function(_, r)
          r.now = r.now + 4.5
          return fault(500)
        end,
        ok("{}"),
      }, { total_timeout = 10, timeout = 7, connect_timeout = 5 })
      local _, err = client:describe_lags()
      assert.equal(7, record.requests[1].timeout)
      assert.equal(5, record.requests[1].connect_timeout)
      assert.is_true(record.requests[2].timeout < 4)
      assert.is_true(record.requests[2].connect_timeout < 4)
      assert.equal(2, #record.requests)
      assert.equal(2, err.attempts)
    end)
  end)

  describe("with a wrong clock", function()
    local hour_ahead = { date = "Tue, 14 Nov 2023 23:13:20 GMT" }

    it("corrects it once for calls that were under way together", function()
      if not yields.through_pcall then
        return -- a transport function can't yield there
      end
      local refused = 0
      local client, record = world.client({ function(request)
        coroutine.yield()
        if request.headers["x-amz-date"] == "20231114T221320Z" then
          refused = refused + 1
          return fault(403, "RequestTimeTooSkewed", "x", hour_ahead)
        end
        return ok("{}")
      end })
      local tasks = {}
      for i = 1, 5 do
        tasks[i] = function()
          return client:describe_lags()
        end
      end
      for _, entry in ipairs(dxconnect.parallel(tasks)) do
        assert.is_nil(entry.error)
      end
      assert.equal(5, refused)
      assert.equal(10, #record.requests)
    end)

    it("remembers it though there is no attempt left", function()
      local client, record = world.client({ fault(403, "RequestExpired", "x", hour_ahead), ok("{}") },
        { max_attempts = 1 })
      local _, err = client:describe_lags()
      assert.equal("RequestExpired", err.code)
      assert(client:describe_lags())
      assert.equal("20231114T231320Z", record.requests[2].headers["x-amz-date"])
    end)

    it("takes any refusal over the date for one, and four minutes for none", function()
      for _, code in ipairs { "RequestTimeTooSkewed", "RequestExpired", "InvalidSignatureException",
        "SignatureDoesNotMatch" } do
        local refused = fault(403, code, "x", { date = "Tue, 14 Nov 2023 22:09:19 GMT" })
        local client, record = world.client { refused, ok("{}") }
        assert(client:describe_lags())
        assert.equal("20231114T220919Z", record.requests[2].headers["x-amz-date"])
        for _, date in ipairs { "Tue, 14 Nov 2023 22:09:20 GMT", "yesterday", "" } do
          client, record = world.client { fault(403, code, "x", { date = date }), ok("{}") }
          assert.is_nil((client:describe_lags()))
          assert.equal(1, #record.requests)
        end
      end
    end)
  end)

  describe("with credentials that expired", function()
    local expired = fault(400, "ExpiredTokenException", "x")

    local function with_function(script, make, options)
      local made = 0
      options = options or {}
      options.credentials = function()
        made = made + 1
        return make(made)
      end
      local client, record = world.client(script, options)
      return client, record, function()
        return made
      end
    end

    local function keys(n)
      return { access_key_id = "AK" .. n, secret_access_key = "ssssssss", session_token = "t" }
    end

    it("asks for others once a call, also for an operation that must not go out twice", function()
      local client, record, made = with_function({ expired }, keys, { max_attempts = 9 })
      local _, err = client:describe_lags()
      assert.equal("ExpiredTokenException", err.code)
      assert.equal(2, made())
      assert.equal(2, #record.requests)
      client, record = with_function({ expired, ok("{}") }, keys)
      assert(client:associate_mac_sec_key { connectionId = "dxcon-1", secretARN = "arn" })
      assert.equal(2, #record.requests)
    end)

    it("says why there are no others", function()
      local client = with_function({ expired }, function(n)
        if n > 1 then
          return nil, "the vault is shut"
        end
        return keys(n)
      end)
      local _, err = client:describe_lags()
      assert.equal("ExpiredTokenException", err.code)
      assert.equal("CredentialsError", err.cause.code)
      assert.matches("vault", err.cause.message)
    end)

    it("has others for the next call though there is no attempt left", function()
      local client, record = with_function({ expired, ok("{}") }, keys, { max_attempts = 1 })
      assert.is_nil((client:describe_lags()))
      assert(client:describe_lags())
      assert.matches("AK2/", record.requests[2].headers.authorization)
    end)
  end)

  it("shares one bucket of tokens among the calls of a client, side by side or not", function()
    if not yields.through_pcall then
      return
    end
    local client, record = world.client({ function()
      coroutine.yield()
      return fault(500)
    end }, { max_attempts = 10 })
    local tasks = {}
    for i = 1, 20 do
      tasks[i] = function()
        return client:describe_lags()
      end
    end
    for _, entry in ipairs(dxconnect.parallel(tasks, { concurrency = 20 })) do
      assert.equal("HTTP500", entry.error.code)
    end
    assert.equal(20 + 35, #record.requests)
    local other, other_record = world.client({ fault(500) }, { max_attempts = 3 })
    other:describe_lags()
    assert.equal(3, #other_record.requests)
  end)

  it("gives tokens back for successes", function()
    local script = {}
    for i = 1, 400 do
      script[i] = i % 2 == 1 and fault(500) or ok("{}")
    end
    local client, record = world.client(script)
    for _ = 1, 200 do
      assert(client:describe_lags())
    end
    assert.equal(400, #record.requests)
  end)

  describe("in adaptive mode", function()
    it("slows down after throttling, and says so", function()
      local served = 0
      local client, record = world.client({ function(_, r)
        r.now = r.now + 0.1
        served = served + 1
        return served >= 30 and served % 5 == 0 and fault(400, "ThrottlingException") or ok("{}")
      end }, { retry_mode = "adaptive" })
      local function waits()
        local n = 0
        for _, event in ipairs(record.events) do
          if event.type == "wait" then
            assert.equal("DescribeLags", event.operation)
            assert.is_true(event.delay > 0)
            n = n + 1
          end
        end
        return n
      end
      for _ = 1, 29 do
        assert(client:describe_lags())
      end
      assert.equal(0, waits())
      for _ = 1, 40 do
        assert(client:describe_lags())
      end
      assert.is_true(waits() >= 4)
    end)

    it("ends within total_timeout where the rate allows nothing in time", function()
      local client, record = world.client({ fault(400, "ThrottlingException") }, {
        retry_mode = "adaptive", total_timeout = 3, max_attempts = 50,
      })
      local _, err = client:create_connection { location = "l", bandwidth = "1Gbps", connectionName = "c" }
      assert.is_true(record.now - 1700000000 <= 3)
      assert.is_string(err.code)
      assert.is_nil(err.maybe_applied)
    end)

    it("signs with the keys of the moment, though others renewed or closed them during the wait", function()
      local client, record
      local made, meanwhile = 0, nil
      client, record = world.client({ function(_, r)
        r.now = r.now + 0.1
        return #r.requests % 5 == 0 and fault(400, "ThrottlingException") or ok("{}")
      end }, {
        retry_mode = "adaptive",
        credentials = function()
          made = made + 1
          return { access_key_id = "AK" .. made, secret_access_key = "s", expiration = record.now + 3600 }
        end,
        logger = function(event)
          if event.type == "wait" and meanwhile then
            local act = meanwhile
            meanwhile = nil
            act()
          end
        end,
      })
      local function call_until(done)
        local result, err
        for _ = 1, 300 do
          result, err = client:describe_lags()
          if done() then
            break
          end
        end
        return result, err
      end
      meanwhile = function()
        record.now = record.now + 7200
        client:describe_lags()
      end
      assert(call_until(function() return made == 2 end))
      assert.matches("AK2/", record.requests[#record.requests].headers.authorization)
      meanwhile = function()
        client:close()
      end
      local result, err = call_until(function() return meanwhile == nil end)
      assert.is_nil(result)
      assert.equal("the client is closed: make a new one", err.message)
    end)

    it("waits for nothing in standard mode", function()
      local client, record = world.client { fault(400, "ThrottlingException"), ok("{}") }
      for _ = 1, 20 do
        assert(client:describe_lags())
      end
      assert.equal(1, #record.sleeps)
    end)
  end)

  it("returns nothing after an error: of three values, LuaJIT's assert raises the last", function()
    for _, answer in ipairs { fault(400, "DirectConnectClientException", "no"), ok("<html>"), { lost = "connect" } } do
      local client = world.client({ answer }, { max_attempts = 1 })
      assert.equal(2, select("#", client:describe_lags()))
      assert.equal(2, select("#", client:describe_lags { lagId = 7 }))
    end
  end)

  it("has words for an error that came without any", function()
    for _, entry in ipairs { fault(400, "DirectConnectClientException"), { status = 404, body = "{}" } } do
      local client = world.client { entry }
      local _, err = client:describe_lags()
      assert.equal("no explanation came with it", err.message)
    end
  end)

  it("names the operation in what prepare returns as an error", function()
    local client = world.client({ ok("{}") }, { credentials = function() end })
    local _, err = client:prepare("describe_lags")
    assert.equal("DescribeLags", err.operation)
    client = world.client { ok("{}") }
    _, err = client:prepare("describe_lags", nil, { headers = { ["a b"] = "c" } })
    assert.equal("DescribeLags", err.operation)
  end)

  it("logs why it tries again, also where it does not wait", function()
    local client, record = world.client {
      fault(403, "RequestExpired", "x", { date = "Wed, 15 Nov 2023 00:00:00 GMT", ["x-amzn-requestid"] = "r-1" }),
      fault(503, "SlowDown", "x"), { lost = "reset" }, ok("{}"),
    }
    assert(client:describe_lags(nil, { max_attempts = 4 }))
    local retries = {}
    for _, event in ipairs(record.events) do
      if event.type == "retry" then
        retries[#retries + 1] = event
      end
    end
    assert.equal(3, #retries)
    assert.same({ type = "retry", operation = "DescribeLags", attempt = 1, delay = 0, status = 403,
      code = "RequestExpired", request_id = "r-1" }, retries[1])
    assert.equal("SlowDown", retries[2].code)
    assert.equal("ConnectionError", retries[3].code)
    assert.is_nil(retries[3].status)
    assert.equal(2, #record.sleeps)
  end)
end)
