--- The curl transport over real sockets: what leaves, what comes back, and every way in which it can go wrong.

local core = require "dxconnect.core"
local curl = require "dxconnect.transport.curl"
local faultd = require "spec.support.faultd"
local process = require "spec.support.process"
local schedule = require "dxconnect.async"
local shell = require "spec.support.shell"

local ok, send = faultd.ok, faultd.send

local server, transport

local function start(...)
  server = faultd.start(...)
  return server
end

local function open(settings)
  settings = settings or {}
  transport = assert(curl.new {
    values = { ca_bundle = settings.ca_bundle or faultd.certificate("ca") },
    origins = { proxy = "option" },
    proxy = settings.proxy,
    proxy_for_https_only = settings.proxy_for_https_only,
    no_proxy = settings.no_proxy or "",
  })
  return transport
end

local function request(url, fields)
  fields = fields or {}
  local ex = core.exchange()
  assert(ex:load {
    method = fields.method or "POST",
    url = url,
    headers = fields.headers or { ["content-type"] = "application/x-amz-json-1.1" },
    body = fields.body or "{}",
  })
  return ex
end

-- Sends one request; the exchange, then what send returned.
local function call(url, fields, connect_timeout, timeout)
  local ex = request(url, fields)
  return ex, transport:send(ex, connect_timeout or 60, timeout or 60)
end

local function seconds_of(f)
  local began = core.monotonic()
  f()
  return core.monotonic() - began
end

after_each(function()
  if transport then
    transport:close()
    transport = nil
  end
  if server then
    server:stop()
    server = nil
  end
end)

describe("the curl transport", function()
  it("sends the exchange's lines and body as they are, and nothing else but host and length", function()
    start { ok("{}") }
    open()
    local _, sent = call(server.url .. "/a/../b?x=%20", {
      headers = { ["x-amz-target"] = "OvertureService.X", ["x-empty"] = "" },
      body = '{"a":"\0b"}',
    })
    assert.is_true(sent)
    local raw = server:requests()[1].raw
    local head, body = raw:match("^(.-)\r\n\r\n(.*)$")
    assert.equal('{"a":"\0b"}', body)
    local lines = {}
    for line in head:gmatch("[^\r\n]+") do
      lines[#lines + 1] = line
    end
    assert.equal("POST /a/../b?x=%20 HTTP/1.1", table.remove(lines, 1))
    table.sort(lines)
    assert.same({
      "Content-Length: 10", "Host: 127.0.0.1:" .. server.port, "x-amz-target: OvertureService.X", "x-empty:",
    }, { lines[1], lines[2], lines[3], (lines[4]:gsub("%s+$", "")) })
    assert.equal(4, #lines)
  end)

  it("sends other methods, with a body and without", function()
    start { ok("{}") }
    open()
    for _, case in ipairs {
      { "GET", "", "GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" },
      { "PUT", "", "PUT / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: 0\r\n\r\n" },
      { "PUT", "ab", "PUT / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: 2\r\n\r\nab" },
      { "DELETE", "", "DELETE / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" },
      { "POST", "", "POST / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: 0\r\n\r\n" },
      { "GET", "x", "GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: 1\r\n\r\nx" },
    } do
      local _, done = call(server.url .. "/", { method = case[1], headers = {}, body = case[2] })
      assert.is_true(done)
      local requests = server:requests()
      assert.equal(case[3]:format(server.port), requests[#requests].raw)
    end
    assert.equal(1, server:connections())
  end)

  it("puts status, headers in lower case and body into the exchange", function()
    start { send(faultd.answer('{"a":1}', 418, "X-Amzn-RequestId:  abc \r\nX-Folded: one\r\n  two\r\nX-Twice: 1\r\n")) }
    open()
    local ex = call(server.url)
    assert.equal(418, ex:status())
    assert.equal("abc", ex:header("x-amzn-requestid"))
    assert.equal("one two", (ex:header("x-folded"):gsub("%s+", " ")))
    assert.equal('{"a":1}', ex:body())
  end)

  it("keeps one connection from call to call", function()
    start { ok("{}") }
    open()
    for _ = 1, 20 do
      local _, done = call(server.url)
      assert.is_true(done)
    end
    assert.equal(1, server:connections())
  end)

  it("takes large answers whole", function()
    local body = ("0123456789abcdef"):rep(1024)
    start { send("HTTP/1.1 200 OK\r\nContent-Length: 16384000\r\n\r\n") .. " again=1000:" .. body }
    open()
    local ex, done = call(server.url, nil, 5, 30)
    assert.is_true(done)
    assert.equal(16384000, #ex:body())
    assert.equal(body, ex:body():sub(-16384))
  end)

  for _, tls in ipairs { false, "good" } do
    it("sends large bodies whole, over " .. (tls and "https" or "http"), function()
      start({ ok("{}") }, { tls = tls or nil })
      open()
      local body = ("0123456789abcde\n"):rep(1000000) -- more than the system takes at once
      local _, done, message = call(server.url, { body = body }, 5, 30)
      assert.is_true(done, message)
      assert.is_true(body == server:requests()[1].body)
    end)
  end

  it("drops 1xx answers and trailers", function()
    start {
      send("HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" ..
        "HTTP/1.1 200 OK\r\nX-Final: 1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-Trailer: 1\r\n\r\n"),
    }
    open()
    local ex, done = call(server.url)
    assert.is_true(done)
    assert.equal(200, ex:status())
    assert.equal("{}", ex:body())
    assert.equal("1", ex:header("x-final"))
    assert.is_nil(ex:header("x-early"))
    assert.is_nil(ex:header("link"))
    assert.is_nil(ex:header("x-trailer"))
  end)

  it("takes HTTP/1.0 answers that end with the connection", function()
    start { send("HTTP/1.0 200 OK\r\n\r\n{}") .. " close" }
    open()
    for _ = 1, 2 do
      local ex, done = call(server.url)
      assert.is_true(done)
      assert.equal("{}", ex:body())
    end
    assert.equal(2, server:connections())
  end)

  for name, head in pairs {
    ["says that it will close"] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: Keep-Alive, Close\r\n\r\n",
    ["is of HTTP/1.0"] = "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n",
    ["says in two ways how long it is"] = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nTransfer-Encoding: chunked\r\n" ..
      "\r\n2\r\n",
  } do
    it("does not use a connection again behind an answer that " .. name, function()
      local is_chunked = head:find("chunked")
      start { send(head .. "{}" .. (is_chunked and "\r\n0\r\n\r\n" or "")), ok("{}") }
      open()
      for _ = 1, 2 do
        local ex, done, message = call(server.url)
        assert.is_true(done, message)
        assert.equal("{}", ex:body())
      end
      assert.equal(2, server:connections())
    end)
  end

  it("never follows a redirect", function()
    start { send("HTTP/1.1 307 Go\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n") }
    open()
    local ex, done = call(server.url)
    assert.is_true(done)
    assert.equal(307, ex:status())
    assert.equal(1, #server:requests())
  end)

  for _, tls in ipairs { false, "good" } do
    local scheme = tls and "https" or "http"
    local wrong = faultd.answer("wrong")
    for name, step in pairs {
      ["together with"] = send(faultd.answer("{}") .. wrong) .. " mark",
      ["after"] = ok("{}") .. " " .. send(wrong) .. " mark",
    } do
      it("does not use a connection again when something came " .. name .. " the answer, over " .. scheme, function()
        start({ step, ok('"right"') }, { tls = tls or nil })
        open()
        call(server.url)
        server:await_marks(1)
        local ex, done = call(server.url)
        assert.is_true(done)
        assert.equal('"right"', ex:body())
        assert.equal(2, server:connections())
      end)
    end
  end

  it("takes no success for the answer that was sent before the request arrived", function()
    start { "@" .. ok('"wrong"') .. " @hang", ok("{}") }
    open()
    local body = ("x"):rep(2000000) -- more than fits into a connection that nobody reads from
    local ex, done, message, kind, sent = call(server.url, { body = body })
    assert.is_nil(done)
    assert.equal("reset", kind)
    assert.is_true(sent)
    assert.truthy(message:find("before the request", 1, true))
    assert.equal("", ex:body())
    done = select(2, call(server.url))
    assert.is_true(done)
  end)

  it("takes a refusal that comes before the whole request was read", function()
    start { "@" .. send(faultd.answer('{"__type":"TooLarge"}', 413)) .. " @hang", ok("{}") }
    open()
    local ex, done = call(server.url, { body = ("x"):rep(9000000) })
    assert.is_true(done)
    assert.equal(413, ex:status())
    assert.equal('{"__type":"TooLarge"}', ex:body())
    ex, done = call(server.url) -- the rest of the request would still belong on that connection
    assert.is_true(done)
    assert.equal("{}", ex:body())
    assert.equal(2, server:connections())
  end)

  it("takes a refusal also where the other side closes with it, and nothing more can be sent", function()
    start { "@" .. send(faultd.answer('{"__type":"TooLarge"}', 413, "Connection: close\r\n")) .. " @close" }
    open()
    local ex, done = call(server.url, { body = ("x"):rep(12000000) })
    assert.is_true(done)
    assert.equal(413, ex:status())
    assert.equal('{"__type":"TooLarge"}', ex:body())
  end)
end)

describe("the curl transport's failures", function()
  -- what the server does; the kind; whether the request may have been sent
  local faults = {
    ["a reset at accept"] = { "@reset", "reset", true },
    ["a close before any answer"] = { "close", "reset", true },
    ["a reset before any answer"] = { "reset", "reset", true },
    ["a reset in the head"] = { send("HTTP/1.1 200 OK\r\nContent-Le") .. " reset", "reset", true },
    ["a close in the head"] = { send("HTTP/1.1 200 OK\r\nContent-Le") .. " close", "reset", true },
    ["a reset in the body"] = { send("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{") .. " wait=20 reset", "reset",
      true },
    ["a body cut short"] = { send("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{") .. " close", "reset", true },
    ["a chunked body cut short"] = {
      send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}") .. " close", "reset", true,
    },
    ["a badly chunked body"] = {
      send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n{}\r\n0\r\n\r\n"), "reset", true,
    },
    ["what is not HTTP"] = { send("SSH-2.0-OpenSSH_9.2\r\n") .. " close", "reset", true },
    ["endless headers"] = { send("HTTP/1.1 200 OK\r\n") .. " again=0:X-Filler:%20xxxxxxxxxxxxxxxxxxxxxxxxxxx%0d%0a",
      "reset", true },
    ["one endless header"] = { send("HTTP/1.1 200 OK\r\nX-Filler: ") .. " fill=0", "reset", true },
    ["endless 1xx answers"] = { "again=0:HTTP/1.1%20100%20Continue%0d%0aX-A:%20b%0d%0a%0d%0a", "reset", true },
    ["an announced body of 300 MB"] = {
      send("HTTP/1.1 200 OK\r\nContent-Length: 314572800\r\n\r\n") .. " fill=314572800", "reset", true,
    },
    ["an endless body"] = { send("HTTP/1.1 200 OK\r\n\r\n") .. " fill=0", "reset", true },
    ["an endless compressed body"] = {
      send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n") ..
        " again=0:4000%0d%0a" .. ("x"):rep(0x4000) .. "%0d%0a", "reset", true,
    },
  }

  for _, scheme in ipairs { "http", "https" } do
    for name, fault in pairs(faults) do
      it("tells of " .. name .. " over " .. scheme .. ", and the next call works", function()
        start({ fault[1], ok("{}") }, { tls = scheme == "https" and "good" or nil })
        open()
        local before = process.lua_memory()
        local elapsed = seconds_of(function()
          local ex, done, message, kind, sent = call(server.url, nil, 60, 60)
          assert.is_nil(done)
          if name == "a reset at accept" and not sent then -- it may come before anything could be sent
            assert.equal("connect", kind)
          else
            assert.equal(fault[2], kind)
            assert.equal(fault[3], sent)
          end
          assert.is_string(message)
          assert.equal(0, ex:status())
          assert.equal("", ex:body())
        end)
        assert.is_true(elapsed < 50, "took " .. elapsed)
        assert.is_true(process.lua_memory() - before < 4096)
        local ex, done = call(server.url)
        assert.is_true(done)
        assert.equal("{}", ex:body())
      end)
    end
  end

  it("holds the time-out against silence", function()
    start { "hang", ok("{}") }
    open()
    local _, done, kind, sent
    local elapsed = seconds_of(function()
      _, done, _, kind, sent = call(server.url, nil, 60, 0.3)
    end)
    assert.is_nil(done)
    assert.equal("timeout", kind)
    assert.is_true(sent)
    assert.is_true(elapsed >= 0.29 and elapsed < 20, "took " .. elapsed)
    _, done = call(server.url)
    assert.is_true(done)
  end)

  it("holds the time-out against an answer that comes byte by byte", function()
    start { "drip=100:" .. faultd.encode(faultd.answer("{}")) }
    open()
    local _, kind
    local elapsed = seconds_of(function()
      _, _, _, kind = call(server.url, nil, 60, 0.5)
    end)
    assert.equal("timeout", kind)
    assert.is_true(elapsed < 20, "took " .. elapsed)
  end)

  it("holds the connect time-out against a handshake that does not answer", function()
    start { "@hang" }
    open()
    local _, kind, sent
    local elapsed = seconds_of(function()
      _, _, _, kind, sent = call("https://127.0.0.1:" .. server.port, nil, 0.3, 60)
    end)
    assert.equal("timeout", kind)
    assert.is_false(sent)
    assert.is_true(elapsed < 20, "took " .. elapsed)
  end)

  it("tells a refused connection and an unknown host apart from what was sent", function()
    start { ok("{}") }
    local port = server.port
    server:stop()
    open()
    for _, url in ipairs { "http://127.0.0.1:" .. port, "http://no-such-host.invalid" } do
      local _, done, message, kind, sent = call(url)
      assert.is_nil(done)
      assert.equal("connect", kind)
      assert.is_false(sent)
      assert.is_string(message)
    end
  end)

  it("leaves no descriptor behind", function()
    start { send("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{") .. " close" }
    open()
    transport:close()
    local before = process.descriptors()
    for _ = 1, 5 do
      open()
      call(server.url)
      call(server.url)
      transport:close()
    end
    assert.is_true(process.descriptors_down_to(before) <= before)
  end)

  it("fails at once when closed", function()
    start { ok("{}") }
    open()
    call(server.url)
    transport:close()
    transport:close()
    local _, done, _, kind, sent = call(server.url)
    assert.is_nil(done)
    assert.equal("cancelled", kind)
    assert.is_false(sent)
  end)
end)

describe("the curl transport and TLS", function()
  it("takes a certificate that its bundle vouches for", function()
    start({ ok("{}") }, { tls = "good" })
    open()
    for _, host in ipairs { "127.0.0.1", "localhost" } do
      local _, done, message = call(("https://%s:%d"):format(host, server.port))
      assert.is_true(done, message)
    end
  end)

  for name, options in pairs {
    ["an expired certificate"] = { tls = "expired" },
    ["a self-signed certificate"] = { tls = "self-signed" },
    ["a certificate of another name"] = { tls = "wrong-name" },
    ["an old protocol"] = { tls = "good", max_tls = "1.1" },
    ["a certificate that the bundle does not vouch for"] = { tls = "good", ca_bundle = "other-ca" },
    ["a bundle that is not there"] = { tls = "good", ca_path = "/nonexistent/bundle.pem" },
    ["a bundle that is none"] = { tls = "good", ca_path = "Makefile" },
  } do
    it("refuses " .. name .. ", before anything was sent", function()
      start({ ok("{}") }, options)
      open { ca_bundle = options.ca_path or faultd.certificate(options.ca_bundle or "ca") }
      local _, done, message, kind, sent = call(server.url)
      assert.is_nil(done)
      assert.equal("tls", kind)
      assert.is_false(sent)
      assert.is_string(message)
      assert.same({}, server:requests())
    end)
  end

  it("does not trust our certificates with the system's trust store", function()
    start({ ok("{}") }, { tls = "good" })
    transport = assert(curl.new { values = {}, no_proxy = "" })
    local _, _, _, kind = call(server.url)
    assert.equal("tls", kind)
  end)
end)

describe("a kept connection", function()
  for _, scheme in ipairs { "http", "https" } do
    it("that the other side closed meanwhile is replaced unnoticed, over " .. scheme, function()
      start({ ok("{}") .. " close", ok("{}") .. " reset", ok("{}") .. " close", ok("{}") },
        { tls = scheme == "https" and "good" or nil })
      open()
      for i = 1, 4 do
        local _, done, message = call(server.url)
        assert.is_true(done, message)
        assert.equal(i, #server:requests())
        server:await_closed(math.min(i, 3))
      end
      assert.equal(4, server:connections())
    end)

    it("that dies with a request on it is not sent that request again, over " .. scheme, function()
      start({ ok("{}"), "reset", ok("{}"), "close", ok("{}") }, { tls = scheme == "https" and "good" or nil })
      open()
      for _ = 1, 2 do
        local _, done = call(server.url)
        assert.is_true(done)
        local _, failed, _, kind, sent = call(server.url)
        assert.is_nil(failed)
        assert.equal("reset", kind)
        assert.is_true(sent)
      end
      assert.equal(4, #server:requests())
      local _, done = call(server.url)
      assert.is_true(done)
    end)
  end
end)

describe("a proxy", function()
  local proxy
  after_each(function()
    if proxy then
      proxy:stop()
      proxy = nil
    end
  end)

  it("carries https in a tunnel, its own headers kept apart", function()
    start({ ok('"inside"') }, { tls = "good" })
    proxy = faultd.start { "tunnel" }
    open { proxy = "http://us%65r:p%40ss@127.0.0.1:" .. proxy.port }
    local ex, done, message = call(server.url)
    assert.is_true(done, message)
    assert.equal('"inside"', ex:body())
    local asked = proxy:requests()[1].raw
    assert.truthy(asked:find("^CONNECT 127.0.0.1:" .. server.port))
    assert.truthy(asked:find("Proxy-Authorization: Basic " .. core.base64("user:p@ss"), 1, true))
    assert.is_nil(asked:find("x-amz", 1, true))
    assert.is_nil(server:requests()[1].raw:find("Proxy", 1, true))
  end)

  it("gets plain http too, unless it is for https only, or the host is excepted", function()
    start { ok('"direct"') }
    proxy = faultd.start { ok('"by proxy"') }
    local url = "http://127.0.0.1:" .. proxy.port
    for _, case in ipairs {
      { { proxy = url }, '"by proxy"' },
      { { proxy = url, proxy_for_https_only = true }, '"direct"' },
      { { proxy = url, no_proxy = "example.org,127.0.0.1" }, '"direct"' },
    } do
      open(case[1])
      local ex = call(server.url)
      assert.equal(case[2], ex:body())
      transport:close()
    end
  end)

  it("that reads plain requests gets whole URLs and its password, and one connection for all of them", function()
    proxy = faultd.start { ok("{}") }
    open { proxy = "http://us%65r:p%40ss@127.0.0.1:" .. proxy.port }
    for _, url in ipairs { "http://a.example:8080/x?y=1", "http://a.example:8080", "http://A.example:8080/x?y=1" } do
      local _, done, message = call(url)
      assert.is_true(done, message)
    end
    local first, second = proxy:requests()[1].raw, proxy:requests()[2].raw
    assert.matches("^POST http://a%.example:8080/x%?y=1 HTTP/1%.1\r\n", first)
    assert.matches("^POST http://a%.example:8080/ HTTP/1%.1\r\n", second)
    assert.truthy(first:find("\r\nHost: a.example:8080\r\n", 1, true))
    assert.truthy(first:find("\r\nProxy-Authorization: Basic " .. core.base64("user:p@ss") .. "\r\n", 1, true))
    assert.equal(1, proxy:connections())
  end)

  for name, step in pairs {
    ["refuses the tunnel"] = send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno") .. " close",
    ["asks for a password"] = send("HTTP/1.1 407 Who?\r\nProxy-Authenticate: Basic realm=x\r\n" ..
      "Content-Length: 0\r\n\r\n"),
    ["breaks off"] = "reset",
    ["closes in the middle"] = send("HTTP/1.1 200 O") .. " close",
  } do
    it("that " .. name .. " is a failed connection, nothing sent", function()
      start({ ok("{}") }, { tls = "good" })
      proxy = faultd.start { step }
      open { proxy = "http://user:verysecret@127.0.0.1:" .. proxy.port }
      local _, done, message, kind, sent = call(server.url)
      assert.is_nil(done)
      assert.equal("connect", kind)
      assert.is_false(sent)
      assert.is_nil(message:find("verysecret", 1, true))
      assert.same({}, server:requests())
    end)
  end

  it("whose URL is no proxy's is a config error without its password", function()
    for _, url in ipairs { "ftp://u:verysecret@proxy", "http://u:verysecret@", "http://u:verysecret@a b" } do
      local made, err = curl.new { values = {}, origins = { proxy = "option" }, proxy = url, no_proxy = "" }
      assert.is_nil(made)
      assert.equal("config", err.kind)
      assert.is_nil(tostring(err):find("verysecret", 1, true))
    end
  end)

  it("of the environment is not libcurl's business", function()
    -- HTTP_PROXY and its like are resolved by config.lua, never below it
    start { ok("{}") }
    open()
    local script = ([[
      local core = require "dxconnect.core"
      local session = core.session {}
      local ex = core.exchange()
      ex:load { method = "POST", url = "%s", headers = {}, body = "{}" }
      print(session:perform(ex, 5, 5))
    ]]):format(server.url)
    local path = os.tmpname()
    shell.write(path, ("package.path, package.cpath = %q, %q\n"):format(package.path, package.cpath) .. script)
    assert.equal("true",
      shell.lines("http_proxy=http://127.0.0.1:1 all_proxy=http://127.0.0.1:1 " .. shell.lua .. " " .. path)[1])
    os.remove(path)
  end)
end)

describe("inside tasks", function()
  it("faults and answers come to the task that asked", function()
    local step = { "reset", ok("{}"), send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n") .. " close" }
    start(step, { cycle = true })
    open()
    local functions = {}
    for i = 1, 90 do
      functions[i] = function()
        local ex, done, message, kind = call(server.url)
        return done and ex:body() or kind, done and nil or message
      end
    end
    local good, bad = 0, 0
    for _, item in ipairs(schedule.parallel(functions, { concurrency = 8 })) do
      if item.result == "{}" then
        good = good + 1
      elseif item.result == "reset" then
        bad = bad + 1
      end
    end
    assert.equal(30, good)
    assert.equal(60, bad)
    assert.is_true(server:most_open() <= 8, "open: " .. server:most_open())
  end)
end)
