--- The ways of the cosocket transport to a host: names, TLS, proxies, lua-resty-http.

local core = require "dxconnect.core"
local cosockets = require "spec.support.cosockets"
local faultd = require "spec.support.faultd"
local nginx = require "spec.support.nginx"

local call, eval, https = cosockets.call, cosockets.eval, cosockets.https
local ok, send = faultd.ok, faultd.send

local server, proxy

local function start(...)
  server = faultd.start(...)
  return server
end

local bare_port -- where nginx trusts nobody

lazy_setup(function()
  bare_port = cosockets.start()
end)

lazy_teardown(cosockets.stop)

after_each(function()
  for _, one in ipairs { server or false, proxy or false } do
    if one then
      one:stop()
    end
  end
  server, proxy = nil, nil
end)

describe("the resty transport and names #nginx", function()
  it("asks nginx's resolver", function()
    start { ok('"found"') }
    local answer = cosockets.call_while("http://found.example:" .. server.port, nil, function()
      cosockets.answer_name("found.example", true)
    end)
    assert.equal('"found"', answer.body, answer.message)
    assert.truthy(server:requests()[1].raw:find("host: found.example:" .. server.port, 1, true))
  end)

  it("tells of names that are not there", function()
    local answer = cosockets.call_while("http://no-such-host.example", nil, function()
      cosockets.answer_name("no-such-host.example", false)
    end)
    assert.equal("connect", answer.kind)
    assert.is_false(answer.sent)
    assert.truthy(answer.message:find("no-such-host.example", 1, true))
  end)

  it("holds the connect time-out against a resolver that does not answer", function()
    local answer = call("http://silent.example", { connect_timeout = 0.2 })
    assert.equal("timeout", answer.kind)
    assert.is_false(answer.sent)
    assert.is_true(answer.elapsed < 20, "took " .. answer.elapsed)
  end)

  it("sends the name in the handshake, and wants it in the certificate", function()
    local tls_port = nginx.ports(1)
    local certificate = cosockets.certificate("wrong-name")
    local other = nginx.start {
      http = ([[server {
        listen 127.0.0.1:%d ssl;
        ssl_certificate %s;
        ssl_certificate_key %s;
        location / { return 200 "$ssl_server_name"; }
      }]]):format(tls_port, certificate, certificate),
    }
    local url = "https://elsewhere.example:" .. tls_port
    local answer = cosockets.call_while(url, nil, function()
      cosockets.answer_name("elsewhere.example", true)
    end)
    assert.equal("elsewhere.example", answer.body, answer.message)
    answer = call("https://localhost:" .. tls_port)
    other:stop()
    assert.equal("tls", answer.kind, answer.message)
    assert.is_false(answer.sent)
  end)

  it("without a resolver names the directive", function()
    local web2_port = nginx.ports(1)
    local web2 = nginx.start {
      http = ("lua_socket_log_errors off; server { listen 127.0.0.1:%d; %s }"):format(web2_port, nginx.eval_location),
    }
    local answer = call("http://some.example", nil, web2_port)
    web2:stop()
    assert.equal("config", answer.kind)
    assert.is_false(answer.sent)
    assert.truthy(answer.message:find("directive resolver", 1, true))
  end)
end)

describe("the resty transport and TLS #nginx", function()
  for name, options in pairs {
    ["an expired certificate"] = { tls = "expired" },
    ["a self-signed certificate"] = { tls = "self-signed" },
    ["a certificate of another name"] = { tls = "wrong-name" },
    ["an old protocol"] = { tls = "good", max_tls = "1.1" },
  } do
    it("refuses " .. name .. ", before anything was sent", function()
      start({ ok("{}") }, options)
      local answer = call(https(server))
      assert.is_nil(answer.done)
      assert.equal("tls", answer.kind, answer.message)
      assert.is_false(answer.sent)
      assert.same({}, server:requests())
    end)
  end

  it("trusts nobody where nginx was not told whom to trust, and names the directive", function()
    start({ ok("{}") }, { tls = "good" })
    local answer = call(https(server), nil, bare_port)
    assert.equal("tls", answer.kind, answer.message)
    assert.is_false(answer.sent)
    assert.truthy(answer.message:find("lua_ssl_trusted_certificate", 1, true))
    assert.same({}, server:requests())
  end)

  -- nginx's Lua module has `settrustedstore` from 0.10.30 on; this records what it would get.
  local function with_store(how, url, ca_bundle)
    return eval(([[
      local index = getmetatable(ngx.socket.tcp()).__index
      local before, got = index.settrustedstore, nil
      index.settrustedstore = %s
      local answer = call(open { ca_bundle = %q }, %q, {})
      index.settrustedstore = before
      answer.got = got
      return answer
    ]]):format(how, ca_bundle, url))
  end

  it("hands a bundle of the client's own to nginx where nginx takes one", function()
    start({ ok("{}") }, { tls = "good" })
    local answer = with_store([[function(_, store)
      got = tostring(require("ffi").typeof(store))
      return true
    end]], https(server), cosockets.certificate("ca"))
    assert.is_true(answer.done, answer.message)
    assert.truthy(answer.got:find("x509_store_st", 1, true), answer.got)
  end)

  it("does not go on where nginx refuses the bundle", function()
    start({ ok("{}") }, { tls = "good" })
    local answer = with_store([[function() return nil, "not this one" end]], https(server), cosockets.certificate("ca"))
    assert.equal("config", answer.kind)
    assert.is_false(answer.sent)
    assert.truthy(answer.message:find("not this one", 1, true))
    assert.same({}, server:requests())
  end)

  for name, path in pairs { ["is not there"] = "/nonexistent/bundle.pem", ["holds no certificate"] = "Makefile" } do
    it("does not go on with a bundle that " .. name, function()
      start({ ok("{}") }, { tls = "good" })
      local answer = with_store([[function() return true end]], https(server), path)
      assert.equal("config", answer.kind)
      assert.is_false(answer.sent)
      assert.truthy(answer.message:find(path, 1, true))
    end)
  end

  it("says which directive takes the place of a bundle where nginx takes none", function()
    start({ ok("{}") }, { tls = "good" })
    local answer = with_store("nil", https(server), cosockets.certificate("ca"))
    assert.equal("config", answer.kind)
    assert.is_false(answer.sent)
    assert.truthy(answer.message:find("AWS_CA_BUNDLE", 1, true))
    assert.truthy(answer.message:find("lua_ssl_trusted_certificate", 1, true))
    assert.same({}, server:requests())
  end)
end)

describe("a proxy, from inside nginx #nginx", function()
  it("carries https in a tunnel, its own headers kept apart, and the tunnel is kept", function()
    start({ ok('"inside"') }, { tls = "good" })
    proxy = faultd.start { "tunnel" }
    for _ = 1, 2 do
      local answer = call(https(server), { proxy = "http://us%65r:p%40ss@127.0.0.1:" .. proxy.port })
      assert.equal('"inside"', answer.body, answer.message)
    end
    assert.equal(1, #proxy:requests())
    local asked = proxy:requests()[1].raw
    assert.truthy(asked:find("^CONNECT localhost:" .. server.port .. " HTTP/1.1\r\n"))
    assert.truthy(asked:find("proxy-authorization: Basic " .. core.base64("user:p@ss"), 1, true))
    assert.is_nil(asked:find("x-amz", 1, true))
    assert.is_nil(server:requests()[1].raw:lower():find("proxy", 1, true))
    -- other credentials are another way
    call(https(server), { proxy = "http://other:p%40ss@127.0.0.1:" .. proxy.port })
    assert.equal(2, #proxy:requests())
  end)

  it("may answer as proxies of old do, or as if a body followed", function()
    for _, answer in ipairs {
      "HTTP/1.0 200 Connection established\r\n\r\n",
      "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    } do
      start({ ok('"inside"') }, { tls = "good" })
      proxy = faultd.start { send(answer):gsub("^send", "tunnel") }
      local got = call(https(server), { proxy = proxy.url })
      assert.equal('"inside"', got.body, got.message)
      server:stop()
      proxy:stop()
    end
  end)

  it("gets plain http too, unless it is for https only, or the host is excepted", function()
    start { ok('"direct"') }
    proxy = faultd.start { ok('"by proxy"') }
    local url = "http://u:p@127.0.0.1:" .. proxy.port
    assert.equal('"by proxy"', call(server.url .. "/x", { proxy = url }).body)
    local raw = proxy:requests()[1].raw
    assert.truthy(raw:find("^POST " .. server.url:gsub("%p", "%%%0") .. "/x HTTP/1.1\r\n"))
    assert.truthy(raw:find("proxy-authorization: Basic " .. core.base64("u:p"), 1, true))
    assert.equal('"direct"', call(server.url, { proxy = url, proxy_for_https_only = true }).body)
    assert.equal('"direct"', call(server.url, { proxy = url, no_proxy = "example.org,127.0.0.1" }).body)
  end)

  for name, step in pairs {
    ["refuses the tunnel"] = send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno") .. " close",
    ["asks for a password"] = send("HTTP/1.1 407 Who?\r\nProxy-Authenticate: Basic realm=x\r\n" ..
      "Content-Length: 0\r\n\r\n"),
    ["breaks off"] = "reset",
    ["closes in the middle"] = send("HTTP/1.1 200 O") .. " close",
    ["has endless headers"] = send("HTTP/1.1 200 OK\r\n") .. " again=0:X-Filler:%20xxxxxxxxxxxxxxxxxxxxxxxxxxx%0d%0a",
    ["speaks first"] = send("HTTP/1.1 200 OK\r\n\r\nbytes") .. " hang",
  } do
    it("that " .. name .. " is a failed connection, nothing sent", function()
      start({ ok("{}") }, { tls = "good" })
      proxy = faultd.start { step }
      local answer = call(https(server), { proxy = "http://user:verysecret@127.0.0.1:" .. proxy.port })
      assert.is_nil(answer.done)
      assert.equal("connect", answer.kind)
      assert.is_false(answer.sent)
      assert.is_nil(answer.message:find("verysecret", 1, true))
      assert.same({}, server:requests())
    end)
  end

  it("that says nothing does not hold up longer than the connect time-out", function()
    proxy = faultd.start { "hang" }
    local answer = call("https://localhost:1", { proxy = proxy.url, connect_timeout = 0.2 })
    assert.equal("timeout", answer.kind)
    assert.is_false(answer.sent)
  end)

  it("does not stand in for the certificate of the host behind it", function()
    start({ ok("{}") }, { tls = "expired" })
    proxy = faultd.start { "tunnel" }
    local answer = call(https(server), { proxy = proxy.url })
    assert.equal("tls", answer.kind, answer.message)
    assert.is_false(answer.sent)
  end)

  it("whose URL nginx can't use is an error without its password", function()
    for _, url in ipairs { "ftp://u:verysecret@proxy", "https://u:verysecret@proxy", "http://u:verysecret@",
      "http://u:verysecret@a b" } do
      local answer = eval(([[
        local made, message = resty.new { values = {}, origins = { proxy = "option" }, proxy = %q, no_proxy = "" }
        return { made = made ~= nil, message = message }
      ]]):format(url))
      assert.is_false(answer.made)
      assert.truthy(answer.message:find("^proxy"))
      assert.is_nil(answer.message:find("verysecret", 1, true))
    end
  end)
end)

describe("lua-resty-http, where it is installed, #nginx", function()
  -- A library with its interface, since Debian has none of it: `connect` with one table of options, over `self.sock`.
  local library = [[
    local http = { _VERSION = "%s" }
    function http.new()
      return { connect = function(self, options)
        rawset(_G, "connects", (rawget(_G, "connects") or 0) + 1)
        local ok, err = self.sock:connect(options.host, options.port, { pool = options.pool })
        if not ok then return nil, err end
        if options.scheme == "https" and self.sock:getreusedtimes() == 0 and "%s" == "with TLS" then
          ok, err = self.sock:sslhandshake(nil, options.ssl_server_name, false) -- as if it asked for no check
          if not ok then return nil, err end
        end
        if "%s" == "raises" then error("raised by the library") end
        return true
      end }
    end
    return http
  ]]

  local function with_library(version, tls, ending, f)
    local folder = nginx.folder()
    os.execute("mkdir -p " .. folder .. "/resty")
    local file = assert(io.open(folder .. "/resty/http.lua", "w"))
    file:write(library:format(version, tls, ending))
    file:close()
    local at = nginx.ports(1)
    local other = nginx.start {
      lua_path = folder .. "/?.lua",
      http = ("lua_socket_log_errors off; server { listen 127.0.0.1:%d; lua_ssl_trusted_certificate %s; %s }"):format(
        at, cosockets.certificate("ca"), nginx.eval_location),
    }
    local done, err = pcall(f, at, function()
      return tonumber(nginx.eval(at, [[ return rawget(_G, "connects") or 0 ]]))
    end)
    other:stop()
    os.execute("rm -rf " .. folder)
    assert(done, err)
  end

  it("opens the connections, verified whatever it asks for", function()
    with_library("0.17.2", "with TLS", "", function(at, connects)
      start({ ok("{}") }, { tls = "good" })
      for _ = 1, 2 do
        local answer = call(https(server), nil, at)
        assert.is_true(answer.done, answer.message)
      end
      assert.equal(2, connects())
      assert.equal(1, server:connections())
      server:stop()
      start({ ok("{}") }, { tls = "wrong-name" })
      local answer = call(https(server), nil, at)
      assert.equal("tls", answer.kind, answer.message)
      assert.is_false(answer.sent)
      local url = https(server)
      server:stop()
      assert.equal("connect", call(url, nil, at).kind)
    end)
  end)

  it("does not get by without TLS", function()
    with_library("0.17.2", "without TLS", "", function(at)
      start({ ok("{}") }, { tls = "good" })
      local answer = call(https(server), nil, at)
      assert.equal("tls", answer.kind, answer.message)
      assert.is_false(answer.sent)
    end)
  end)

  it("is an error like others when it raises", function()
    with_library("0.17.2", "with TLS", "raises", function(at)
      start { ok("{}") }
      local answer = call(server.url, nil, at)
      assert.equal("connect", answer.kind)
      assert.is_false(answer.sent)
      assert.truthy(answer.message:find("raised by the library", 1, true))
    end)
  end)

  it("is left alone where it is too old to know TLS", function()
    with_library("0.14", "", "raises", function(at, connects)
      start({ ok("{}") }, { tls = "good" })
      assert.is_true(call(https(server), nil, at).done)
      assert.equal(0, connects())
    end)
  end)
end)
