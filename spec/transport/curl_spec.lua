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
  for _, scheme in ipairs { "http", "https" } do
    it("tells of a reset at accept over " .. scheme .. ", and the next call works", function()
      start({ "@reset", ok("{}") }, { tls = scheme == "https" and "good" or nil })
      open()
      local _, done, message, kind, sent = call(server.url)
      assert.is_nil(done)
      assert.equal(sent and "reset" or "connect", kind) -- it may come before anything could be sent
      assert.is_string(message)
      local ex
      ex, done = call(server.url)
      assert.is_true(done)
      assert.equal("{}", ex:body())
    end)
  end

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
  end

  it("does not trust our certificates with the system's trust store", function()
    start({ ok("{}") }, { tls = "good" })
    transport = assert(curl.new { values = {}, no_proxy = "" })
    local _, _, _, kind = call(server.url)
    assert.equal("tls", kind)
  end)
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
