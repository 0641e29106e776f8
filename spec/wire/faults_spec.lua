--- A client and everything that can go wrong between it and the service, over real sockets: each fault gives the right
-- error, leaves nothing behind, and the next call works.

local dxconnect = require "dxconnect"
local faultd = require "spec.support.faultd"
local process = require "spec.support.process"
local world = require "spec.support.world"

local ok, send, answer = faultd.ok, faultd.send, faultd.answer

local LOCATIONS = '{"locations":[{"locationCode":"A1"}]}'
local GOOD = ok(LOCATIONS)
local PASSWORD = "averysecretpassword"

local order = { location = "A1", bandwidth = "1Gbps", connectionName = "n" }

local server, proxy, client, sleeps

local function start(...)
  server = faultd.start(...)
  return server
end

local function open(options)
  local settings = {
    region = "us-east-1",
    endpoint_url = server and server.url,
    ca_bundle = faultd.certificate("ca"),
    credentials = world.KEYS,
    max_attempts = 1,
    connect_timeout = 5,
    timeout = 5,
    system = {
      getenv = function() end,
      read_file = function()
        return nil, "no files here"
      end,
      sleep = function(seconds)
        sleeps[#sleeps + 1] = seconds
      end,
    },
  }
  for name, value in pairs(options or {}) do
    settings[name] = value
  end
  client = assert(dxconnect.client(settings))
  return client
end

local function stop()
  for _, thing in ipairs { client or false, server or false, proxy or false } do
    if thing then
      local close = thing.close or thing.stop
      close(thing)
    end
  end
  client, server, proxy = nil, nil, nil
end

before_each(function()
  sleeps = {}
  dxconnect.loop.pollfd() -- it stays open, once it is there
end)
after_each(stop)

local function tls(scheme)
  return scheme == "https" and "good" or nil
end

-- What an error has to be; every field that is named, and a readable line.
local function check(err, wanted)
  for name, value in pairs(wanted) do
    if value == "nothing" then
      value = nil
    end
    assert.equal(value, err[name], name .. " of " .. tostring(err))
  end
  assert.is_true(#err.code > 0)
  assert.is_string(err.message)
  assert.is_nil(tostring(err):find("[\r\n]"))
end

-- Faults of the connection: the server's step, and further options of the client.
local broken = {
  ["a reset before any answer"] = { "reset" },
  ["a close before any answer"] = { "close" },
  ["a reset in the head"] = { send("HTTP/1.1 200 OK\r\nContent-Le") .. " reset" },
  ["a close in the head"] = { send("HTTP/1.1 200 OK\r\nContent-Le") .. " close" },
  ["a close behind the head"] = { send("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n") .. " close" },
  ["a body cut short"] = { send("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" .. LOCATIONS) .. " close" },
  ["a reset in the body"] = { send("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{") .. " wait=20 reset" },
  ["a chunked body cut short"] = {
    send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}") .. " close",
  },
  ["a badly chunked body"] = {
    send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n{}\r\n0\r\n\r\n") .. " close",
  },
  ["an error cut short"] = {
    send("HTTP/1.1 400 Bad\r\nContent-Length: 999\r\n\r\n" .. '{"__type":"DirectConnectClientException"') .. " close",
  },
  ["what is not HTTP"] = { send("SSH-2.0-OpenSSH_9.2\r\n") .. " close" },
  ["endless headers"] = { send("HTTP/1.1 200 OK\r\n") .. " again=0:X-Filler:%20xxxxxxxxxxxxxxxxxxxxxxxxxxx%0d%0a" },
  ["one endless header"] = { send("HTTP/1.1 200 OK\r\nX-Filler: ") .. " fill=0" },
  ["endless 1xx answers"] = { "again=0:HTTP/1.1%20100%20Continue%0d%0aX-A:%20b%0d%0a%0d%0a" },
  ["a body of 300 MB"] = { send("HTTP/1.1 200 OK\r\nContent-Length: 314572800\r\n\r\n") .. " fill=314572800" },
  ["silence"] = { "hang", { timeout = 0.5 }, "TimeoutError" },
  ["silence in the body"] = {
    send("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{") .. " hang", { timeout = 0.5 }, "TimeoutError",
  },
  ["one byte a second"] = { "drip=1000:" .. faultd.encode(answer(LOCATIONS)), { timeout = 0.5 }, "TimeoutError" },
}

-- These take 64 MiB of answer until they are given up.
local endless = {
  ["an endless body"] = send("HTTP/1.1 200 OK\r\n\r\n") .. " fill=0",
  ["an endless compressed body"] =
    send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n")
    .. " again=0:4000%0d%0a" .. ("x"):rep(0x4000) .. "%0d%0a",
}

describe("a connection that breaks", function()
  for _, scheme in ipairs { "http", "https" } do
    for name, fault in pairs(broken) do
      it("by " .. name .. " over " .. scheme, function()
        local code = fault[3] or "ConnectionError"
        local before = process.descriptors()
        start({ fault[1], GOOD, fault[1], GOOD }, { tls = tls(scheme) })
        open { timeout = 30, connect_timeout = 30 }
        local result, err = client:describe_locations({}, fault[2])
        assert.is_nil(result)
        check(err, { kind = "transport", code = code, operation = "DescribeLocations", attempts = 1, status = "nothing",
          maybe_applied = "nothing", retryable = true })
        assert.equal("A1", assert(client:describe_locations()).locations[1].locationCode)

        -- the same while something is ordered: it may have been
        result, err = client:create_connection(order, fault[2])
        assert.is_nil(result)
        check(err, { kind = "transport", code = code, maybe_applied = true, attempts = 1, retryable = false })
        assert.is_string(err.hint)
        assert.is_table((client:describe_locations()))
        assert.equal(4, #server:requests())
        stop()
        assert.is_true(process.descriptors_down_to(before) <= before)
      end)
    end
  end

  it("at accept", function()
    for _, scheme in ipairs { "http", "https" } do
      start({ "@reset", GOOD }, { tls = tls(scheme) })
      open()
      local result, err = client:create_connection(order)
      assert.is_nil(result)
      check(err, { kind = "transport", code = "ConnectionError" })
      assert.is_table((client:describe_locations()))
      assert.equal(1, #server:requests())
      stop()
    end
  end)

  for name, step in pairs(endless) do
    it("by " .. name .. ", and no memory is left behind", function()
      start({ GOOD, step }, { cycle = true })
      open { timeout = 30 }
      assert.is_table((client:describe_locations()))
      local growth = process.growth_of(function()
        local result, err = client:create_connection(order)
        assert.is_nil(result)
        check(err, { kind = "transport", code = "ConnectionError", maybe_applied = true, attempts = 1 })
        assert.is_table((client:describe_locations()))
      end)
      assert.is_true(growth < process.SLACK, "grown by " .. growth .. " kB")
    end)
  end

  it("is tried again where that is safe", function()
    start { "reset", "close", GOOD }
    open { max_attempts = 3 }
    local result, err, meta = client:describe_locations()
    assert.is_nil(err)
    assert.equal("A1", result.locations[1].locationCode)
    assert.equal(3, meta.attempts)
    assert.equal(2, #sleeps)
  end)

  it("is not tried again where that would order twice", function()
    start { "reset", GOOD }
    open { max_attempts = 3 }
    local _, err = client:create_connection(order)
    check(err, { attempts = 1, maybe_applied = true })
    assert.equal(1, #server:requests())
  end)
end)

describe("no connection", function()
  local function check_nothing_sent(wanted)
    for _, method in ipairs { "describe_locations", "create_connection" } do
      local result, err = client[method](client, method == "create_connection" and order or nil)
      assert.is_nil(result)
      wanted.kind, wanted.maybe_applied, wanted.status, wanted.attempts = "transport", "nothing", "nothing", 1
      check(err, wanted)
    end
  end

  it("where it is refused", function()
    start { GOOD }
    open()
    server:stop()
    check_nothing_sent { code = "ConnectionError", retryable = true }
  end)

  it("where the name is not known", function()
    open { endpoint_url = "http://no-such-host.invalid" }
    check_nothing_sent { code = "ConnectionError", retryable = true }
  end)

  it("where the handshake gets no answer", function()
    start { "@hang" }
    open { endpoint_url = "https://127.0.0.1:" .. server.port, connect_timeout = 0.2 }
    check_nothing_sent { code = "TimeoutError", retryable = true }
  end)

  it("where plain HTTP answers the handshake", function()
    start { "@" .. send("HTTP/1.1 400 Bad\r\n\r\n") .. " @close" }
    open { endpoint_url = "https://127.0.0.1:" .. server.port }
    check_nothing_sent { code = "TLSError", retryable = false }
  end)

  for name, case in pairs {
    ["whose certificate is expired"] = { { tls = "expired" } },
    ["whose certificate is self-signed"] = { { tls = "self-signed" } },
    ["whose certificate is another host's"] = { { tls = "wrong-name" } },
    ["that knows only an old TLS"] = { { tls = "good", max_tls = "1.1" } },
    ["that our bundle does not vouch for"] = { { tls = "good" }, faultd.certificate("other-ca") },
  } do
    it("to a server " .. name, function()
      start({ GOOD }, case[1])
      open { ca_bundle = case[2] }
      check_nothing_sent { code = "TLSError", retryable = false }
      assert.same({}, server:requests())
    end)
  end

  for name, step in pairs {
    ["that refuses the tunnel"] = send(answer("no", 403)) .. " close",
    ["that refuses the tunnel and stays"] = send(answer("no", 502)),
    ["that wants another password"] = send("HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=x\r\n" ..
      "Content-Length: 0\r\n\r\n"),
    ["that breaks off"] = "reset",
    ["that closes"] = "close",
    ["that breaks off within its answer"] = send("HTTP/1.1 200 O") .. " close",
    ["that is none"] = send("SSH-2.0-OpenSSH_9.2\r\n") .. " close",
    ["that answers with a redirect"] = send("HTTP/1.1 302 Go\r\nLocation: http://127.0.0.1:1/\r\n" ..
      "Content-Length: 0\r\n\r\n"),
  } do
    it("through a proxy " .. name, function()
      start({ GOOD }, { tls = "good" })
      proxy = faultd.start { step }
      open { proxy = ("http://user:%s@127.0.0.1:%d"):format(PASSWORD, proxy.port) }
      check_nothing_sent { code = "ConnectionError", retryable = true }
      local _, err = client:describe_locations()
      assert.is_nil(tostring(err):find(PASSWORD, 1, true))
      assert.is_nil(tostring(err):find("http://", 1, true))
      assert.same({}, server:requests())
    end)
  end

  it("through a proxy that is not there", function()
    start({ GOOD }, { tls = "good" })
    proxy = faultd.start { GOOD }
    proxy:stop()
    open { proxy = ("http://user:%s@127.0.0.1:%d"):format(PASSWORD, proxy.port) }
    check_nothing_sent { code = "ConnectionError", retryable = true }
  end)

  it("through a proxy that says nothing", function()
    start({ GOOD }, { tls = "good" })
    proxy = faultd.start { "hang" }
    open { proxy = "http://127.0.0.1:" .. proxy.port, connect_timeout = 0.2, timeout = 0.4 }
    check_nothing_sent { code = "TimeoutError", retryable = true }
  end)
end)

describe("a tunnel that breaks with a request in it", function()
  it("may have carried it", function()
    start({ "reset", GOOD }, { tls = "good" })
    proxy = faultd.start { "tunnel" }
    open { proxy = "http://127.0.0.1:" .. proxy.port }
    local _, err = client:create_connection(order)
    check(err, { kind = "transport", code = "ConnectionError", maybe_applied = true })
    assert.is_table((client:describe_locations()))
  end)
end)

describe("an unusual answer", function()
  local usual = {
    ["behind 1xx answers"] = send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" ..
      answer(LOCATIONS)),
    ["of HTTP/1.0"] = send("HTTP/1.0 200 OK\r\n\r\n" .. LOCATIONS) .. " close",
    ["that ends with the connection"] = send("HTTP/1.1 200 OK\r\n\r\n" .. LOCATIONS) .. " close",
    ["in chunks"] = send(
      ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\nX-A: 1\r\n\r\n"):format(#LOCATIONS,
        LOCATIONS)),
    ["byte by byte"] = "drip=1:" .. faultd.encode(answer(LOCATIONS)),
    ["with more behind it"] = send(answer(LOCATIONS) .. answer("{}")) .. " mark",
    ["of another kind of success"] = send(answer(LOCATIONS, 202)),
    ["with a byte order mark's worth of space"] = ok("  \r\n\t" .. LOCATIONS .. "\n"),
  }
  for _, scheme in ipairs { "http", "https" } do
    for name, step in pairs(usual) do
      it(name .. " is taken, over " .. scheme, function()
        start({ step, GOOD }, { tls = tls(scheme) })
        open()
        for _ = 1, 2 do
          assert.equal("A1", assert(client:describe_locations()).locations[1].locationCode)
          if step:find("mark", 1, true) then
            server:await_marks(1)
          end
        end
        assert.equal(2, #server:requests())
      end)
    end
  end

  for name, step in pairs {
    ["without a body"] = send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
    ["without a body, 204"] = send("HTTP/1.1 204 No Content\r\n\r\n"),
    ["that is HTML"] = ok("<html>Welcome to the hotel</html>"),
    ["that is no object"] = ok("[1]"),
    ["that is null"] = ok("null"),
    ["that is cut JSON of the announced length"] = ok('{"locations":[{"loca'),
    ["that is compressed without having been asked for"] = send(
      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\31\139\8\0"),
  } do
    it(name .. " is a response error, and an order may be under way", function()
      start { step, step, GOOD }
      open()
      local result, err = client:describe_locations()
      assert.is_nil(result)
      local status = name:find("204", 1, true) and 204 or 200
      check(err, { kind = "response", code = "ResponseError", status = status, maybe_applied = "nothing" })
      result, err = client:create_connection(order)
      assert.is_nil(result)
      check(err, { kind = "response", code = "ResponseError", maybe_applied = true })
      assert.is_nil(tostring(err):find("hotel", 1, true))
      assert.is_table((client:describe_locations()))
    end)
  end

  it("that redirects is never followed", function()
    for _, status in ipairs { 301, 302, 303, 307, 308 } do
      start { send(answer("", status, "Location: /elsewhere\r\n")), GOOD }
      open { max_attempts = 3 }
      local _, err = client:create_connection(order)
      check(err, { kind = "service", code = "HTTP" .. status, status = status, attempts = 1 })
      assert.matches("redirect, which is never followed", err.message)
      assert.equal(1, #server:requests())
      assert.is_table((client:describe_locations()))
      stop()
    end
  end)
end)

describe("a refusal", function()
  local client_error = '{"__type":"DirectConnectClientException","message":"Could not find Connection"}'
  local cases = {
    { 400, client_error, "DirectConnectClientException", message = "Could not find Connection", reason = "not_found" },
    { 400, "", "HTTP400" },
    { 400, "<html>Bad request</html>", "HTTP400" },
    { 400, "[]", "HTTP400" },
    { 400, '{"message":"no type"}', "HTTP400", message = "no type" },
    { 400, '{"__type":17,"message":{}}', "HTTP400" },
    { 403, '{"__type":"AccessDeniedException","Message":"not authorized"}', "AccessDeniedException",
      message = "not authorized", reason = "denied" },
    { 403, "", "SignatureDoesNotMatch", headers = "x-amzn-ErrorType: SignatureDoesNotMatch:http://x\r\n" },
    { 404, "nothing here", "HTTP404" },
    { 400, '{"__type":"LimitExceededException","message":"limit"}', "LimitExceededException", reason = "quota" },
    { 500, "", "HTTP500", ambiguous = true, retryable = true },
    { 500, '{"code":"ns#InternalFailure"}', "InternalFailure", ambiguous = true, retryable = true },
    { 502, "<html>Bad gateway</html>", "HTTP502", ambiguous = true, retryable = true },
    { 503, "", "HTTP503", ambiguous = true, retryable = true },
    { 504, "upstream timed out", "HTTP504", ambiguous = true, retryable = true },
    { 501, "", "HTTP501", ambiguous = true, retryable = false },
    { 400, '{"__type":"DirectConnectServerException","message":"sorry"}', "DirectConnectServerException",
      ambiguous = true, retryable = true },
    -- throttling in every form
    { 400, '{"__type":"ThrottlingException","message":"Rate exceeded"}', "ThrottlingException", throttling = true },
    { 400, '{"__type":"com.amazon.coral.service#ThrottlingException"}', "ThrottlingException", throttling = true },
    { 400, '{"code":"RequestLimitExceeded"}', "RequestLimitExceeded", throttling = true },
    { 400, "{}", "Throttling", headers = "x-amzn-errortype: Throttling\r\n", throttling = true },
    { 429, "", "HTTP429", throttling = true },
    { 429, "<html>slow down</html>", "HTTP429", throttling = true },
    { 503, '{"__type":"SlowDown"}', "SlowDown", throttling = true },
    { 500, '{"__type":"TooManyRequestsException"}', "TooManyRequestsException", throttling = true },
  }

  for i, case in ipairs(cases) do
    it(("with status %d and code %s (%d)"):format(case[1], case[3], i), function()
      local step = send(answer(case[2], case[1], "x-amzn-RequestId: r-1\r\n" .. (case.headers or "")))
      start { step, step, GOOD }
      open()
      local result, err = client:describe_locations()
      assert.is_nil(result)
      check(err, { kind = "service", code = case[3], status = case[1], request_id = "r-1", attempts = 1,
        throttling = case.throttling or false, retryable = case.retryable or case.throttling or false,
        reason = case.reason, maybe_applied = "nothing" })
      if case.message then
        assert.equal(case.message, err.message)
      end
      result, err = client:create_connection(order)
      assert.is_nil(result)
      check(err, { code = case[3], maybe_applied = case.ambiguous or "nothing",
        retryable = case.throttling or false })
      assert.is_table((client:describe_locations()))
      assert.equal(1, server:connections())
    end)
  end

  it("for throttling is tried again, an order too, after the wait that was asked for", function()
    start {
      send(answer('{"__type":"ThrottlingException"}', 400, "x-amz-retry-after: 1500\r\n")),
      send(answer("", 429, "Retry-After: 3\r\n")),
      ok('{"connectionId":"dxcon-1"}'),
    }
    open { max_attempts = 3 }
    local result, err, meta = client:create_connection(order)
    assert.is_nil(err)
    assert.equal("dxcon-1", result.connectionId)
    assert.equal(3, meta.attempts)
    assert.is_true(sleeps[1] >= 1.5 and sleeps[2] >= 3)
  end)

  it("for the date is corrected and tried again, and remembered", function()
    local ahead = os.date("!%a, %d %b %Y %H:%M:%S GMT", os.time() + 3600)
    start {
      send(answer('{"__type":"RequestTimeTooSkewed","message":"Signature not yet current"}', 403,
        "Date: " .. ahead .. "\r\n")),
      ok('{"connectionId":"dxcon-1"}'),
      GOOD,
    }
    open { max_attempts = 3 }
    local result, _, meta = client:create_connection(order)
    assert.equal("dxcon-1", result.connectionId)
    assert.equal(2, meta.attempts)
    assert.is_table((client:describe_locations()))
    local hours = {}
    for i, request in ipairs(server:requests()) do
      local hour, minute = request.raw:lower():match("x%-amz%-date: %d+t(%d%d)(%d%d)")
      hours[i] = hour * 60 + minute
    end
    assert.equal(3, #hours)
    local shift = (hours[2] - hours[1]) % 1440
    assert.is_true(shift >= 59 and shift <= 61)
    assert.is_true((hours[3] - hours[2]) % 1440 <= 1)
  end)
end)

describe("a kept connection", function()
  for _, scheme in ipairs { "http", "https" } do
    it("that dies after it took an order is not given the order again, over " .. scheme, function()
      start({ GOOD, "close", GOOD, "reset", GOOD }, { tls = tls(scheme) })
      open { max_attempts = 3 }
      for i = 1, 2 do
        assert.is_table((client:describe_locations()))
        local result, err = client:create_connection(order)
        assert.is_nil(result)
        check(err, { code = "ConnectionError", maybe_applied = true, attempts = 1 })
        assert.equal(2 * i, #server:requests())
      end
      assert.is_table((client:describe_locations()))
    end)

    it("that was closed while idle is replaced unnoticed, over " .. scheme, function()
      start({ GOOD .. " close", ok('{"connectionId":"dxcon-1"}') .. " reset", GOOD }, { tls = tls(scheme) })
      open { max_attempts = 1 }
      assert.is_table((client:describe_locations()))
      server:await_closed(1)
      assert.equal("dxcon-1", assert(client:create_connection(order)).connectionId)
      server:await_closed(2)
      local _, err, meta = client:describe_locations()
      assert.is_nil(err)
      assert.equal(1, meta.attempts)
      assert.equal(3, #server:requests())
      assert.equal(3, server:connections())
    end)
  end
end)
