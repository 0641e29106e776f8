--- The contract of transports (lua/dxconnect/transport/README.md), over real sockets: what leaves, what comes back, and
-- every way in which it can go wrong. Kept by curl, by a function, and by nginx's sockets.

local callback = require "dxconnect.transport.callback"
local core = require "dxconnect.core"
local cosockets = require "spec.support.cosockets"
local curl = require "dxconnect.transport.curl"
local dxconnect = require "dxconnect"
local faultd = require "spec.support.faultd"
local process = require "spec.support.process"

local ok, send = faultd.ok, faultd.send

local server, transport

local function start(...)
  server = faultd.start(...)
  return server
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

-- A way to send one request in this process: `given` has the request's parts and its time-outs.
local function sender(open)
  return function(url, given)
    given = given or {}
    transport = transport or open()
    local ex = core.exchange()
    assert(ex:load {
      method = given.method or "POST",
      url = url,
      headers = given.headers or { ["content-type"] = "application/x-amz-json-1.1" },
      body = given.fill and ("x"):rep(given.fill) or given.body or "{}",
    })
    local began = core.monotonic()
    local done, message, kind, sent = transport:send(ex, given.connect_timeout or 60, given.timeout or 60)
    return {
      done = done, message = message, kind = kind, sent = sent, status = ex:status(), body = ex:body(),
      headers = ex:status() > 0 and ex:headers() or nil, elapsed = core.monotonic() - began,
    }
  end
end

local transports = {
  ["the curl transport"] = sender(function()
    return assert(curl.new { values = { ca_bundle = faultd.certificate("ca") }, origins = {}, no_proxy = "" })
  end),
  ["a function transport"] = sender(function()
    return callback.new {
      values = { transport = assert(dxconnect.transport("curl", { ca_bundle = faultd.certificate("ca") })) },
    }
  end),
  ["the resty transport #nginx"] = cosockets.call,
}

-- What the server does. The kind is "reset", and the request may have been sent.
local faults = {
  ["a close before any answer"] = "close",
  ["a reset before any answer"] = "reset",
  ["a reset in the head"] = send("HTTP/1.1 200 OK\r\nContent-Le") .. " reset",
  ["a close in the head"] = send("HTTP/1.1 200 OK\r\nContent-Le") .. " close",
  ["a reset in the body"] = send("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{") .. " wait=20 reset",
  ["a body cut short"] = send("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{") .. " close",
  ["a chunked body cut short"] = send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}") .. " close",
  ["a badly chunked body"] = send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n{}\r\n0\r\n\r\n"),
  ["what is not HTTP"] = send("SSH-2.0-OpenSSH_9.2\r\n") .. " close",
  ["endless headers"] = send("HTTP/1.1 200 OK\r\n") .. " again=0:X-Filler:%20xxxxxxxxxxxxxxxxxxxxxxxxxxx%0d%0a",
  ["one endless header"] = send("HTTP/1.1 200 OK\r\nX-Filler: ") .. " fill=0",
  ["endless 1xx answers"] = "again=0:HTTP/1.1%20100%20Continue%0d%0aX-A:%20b%0d%0a%0d%0a",
  ["an announced body of 300 MB"] = send("HTTP/1.1 200 OK\r\nContent-Length: 314572800\r\n\r\n") .. " fill=314572800",
  ["an endless body"] = send("HTTP/1.1 200 OK\r\n\r\n") .. " fill=0",
  ["an endless compressed body"] =
    send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n") .. " again=0:4000%0d%0a"
      .. ("x"):rep(0x4000) .. "%0d%0a",
}

for name, call in pairs(transports) do
  describe(name, function()
    if call == cosockets.call then
      lazy_setup(cosockets.start)
      lazy_teardown(cosockets.stop)
    end

    -- ---- what leaves

    it("sends the exchange's lines and body as they are, and nothing else but host and length", function()
      start { ok("{}") }
      local answer = call(server.url .. "/a/../b?x=%20", {
        headers = { ["x-amz-target"] = "OvertureService.X", ["x-empty"] = "" },
        body = '{"a":"\1b"}',
      })
      assert.is_true(answer.done, answer.message)
      local head, body = server:requests()[1].raw:match("^(.-)\r\n\r\n(.*)$")
      assert.equal('{"a":"\1b"}', body)
      local lines = {}
      for line in head:gmatch("[^\r\n]+") do
        lines[#lines + 1] = #lines == 0 and line or line:lower():gsub("%s+$", "")
      end
      assert.equal("POST /a/../b?x=%20 HTTP/1.1", table.remove(lines, 1))
      table.sort(lines)
      assert.same({ "content-length: 10", "host: 127.0.0.1:" .. server.port, "x-amz-target: overtureservice.x",
        "x-empty:" }, lines)
    end)

    it("sends other methods, with a body and without, over one connection", function()
      start { ok("{}") }
      for i, case in ipairs {
        { "GET", "", "get / http/1.1\r\nhost: 127.0.0.1:%d\r\n\r\n" },
        { "PUT", "", "put / http/1.1\r\nhost: 127.0.0.1:%d\r\ncontent-length: 0\r\n\r\n" },
        { "PUT", "ab", "put / http/1.1\r\nhost: 127.0.0.1:%d\r\ncontent-length: 2\r\n\r\nab" },
        { "DELETE", "", "delete / http/1.1\r\nhost: 127.0.0.1:%d\r\n\r\n" },
        { "POST", "", "post / http/1.1\r\nhost: 127.0.0.1:%d\r\ncontent-length: 0\r\n\r\n" },
        { "GET", "x", "get / http/1.1\r\nhost: 127.0.0.1:%d\r\ncontent-length: 1\r\n\r\nx" },
      } do
        assert.is_true(call(server.url .. "/", { method = case[1], headers = {}, body = case[2] }).done)
        assert.equal(case[3]:format(server.port), server:requests()[i].raw:lower())
      end
      assert.equal(1, server:connections())
    end)

    -- ---- what comes back

    it("puts status, headers in lower case and body into the exchange", function()
      start { send(faultd.answer('{"a":1}', 418, "X-Amzn-RequestId:  abc \r\nX-Folded: one\r\n  two\r\n")) }
      local answer = call(server.url)
      assert.equal(418, answer.status)
      assert.equal("abc", answer.headers["x-amzn-requestid"])
      assert.equal("one two", (answer.headers["x-folded"]:gsub("%s+", " ")))
      assert.equal('{"a":1}', answer.body)
    end)

    it("drops 1xx answers and trailers", function()
      start {
        send("HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" ..
          "HTTP/1.1 200 OK\r\nX-Final: 1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-Trailer: 1\r\n\r\n"),
      }
      local answer = call(server.url)
      assert.equal("{}", answer.body)
      assert.same({ ["x-final"] = "1", ["transfer-encoding"] = "chunked" }, answer.headers)
    end)

    it("never follows a redirect", function()
      start { send("HTTP/1.1 307 Go\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n") }
      assert.equal(307, call(server.url).status)
      assert.equal(1, #server:requests())
    end)

    it("sends and takes large bodies whole", function()
      local piece = ("0123456789abcdef"):rep(256)
      start { send("HTTP/1.1 200 OK\r\nContent-Length: 4096000\r\n\r\n") .. " again=1000:" .. piece }
      local answer = call(server.url, { fill = 3000000 })
      assert.is_true(answer.done, answer.message)
      assert.equal(piece:rep(1000), answer.body)
      assert.equal(("x"):rep(3000000), server:requests()[1].body)
    end)

    if call ~= cosockets.call then -- nginx reads nothing while it writes: a request is small there, and sent at once
      it("takes a refusal that comes before the whole request was read", function()
        start { "@" .. send(faultd.answer('{"__type":"TooLarge"}', 413)) .. " @hang", ok("{}") }
        local answer = call(server.url, { fill = 9000000 })
        assert.equal(413, answer.status, answer.message)
        assert.equal('{"__type":"TooLarge"}', answer.body)
        answer = call(server.url) -- the rest of the request would still belong on that connection
        assert.equal("{}", answer.body)
        assert.equal(2, server:connections())
      end)

      it("takes no success that was sent before the request arrived", function()
        start { "@" .. ok('"wrong"') .. " @hang", ok("{}") }
        -- more than fits into a connection that nobody reads from
        local answer = call(server.url, { fill = 2000000 })
        assert.is_nil(answer.done)
        assert.equal("", answer.body)
        assert.is_true(answer.sent)
        assert.is_true(call(server.url).done)
      end)
    end

    for _, scheme in ipairs { "http", "https" } do
      local function url_of()
        return scheme == "https" and cosockets.https(server) or server.url
      end

      local function start_one(steps)
        start(steps, { tls = scheme == "https" and "good" or nil })
      end

      -- ---- connections

      it("keeps one connection from call to call, over " .. scheme, function()
        start_one { ok("{}") }
        for _ = 1, 5 do
          local answer = call(url_of())
          assert.is_true(answer.done, answer.message)
        end
        assert.equal(1, server:connections())
      end)

      it("replaces a connection that the other side closed meanwhile unnoticed, over " .. scheme, function()
        start_one { ok("{}") .. " close", ok("{}") .. " reset", ok("{}") .. " close", ok("{}") }
        for i = 1, 4 do
          local answer = call(url_of())
          assert.is_true(answer.done, answer.message)
          assert.equal(i, #server:requests())
          server:await_closed(math.min(i, 3))
        end
        assert.equal(4, server:connections())
      end)

      it("does not send a request again whose connection dies with it, over " .. scheme, function()
        start_one { ok("{}"), "reset", ok("{}"), "close", ok("{}") }
        for _ = 1, 2 do
          assert.is_true(call(url_of()).done)
          local answer = call(url_of())
          assert.is_nil(answer.done)
          assert.equal("reset", answer.kind)
          assert.is_true(answer.sent)
        end
        assert.equal(4, #server:requests())
        assert.is_true(call(url_of()).done)
      end)

      for how, step in pairs {
        ["together with"] = send(faultd.answer("{}") .. faultd.answer("wrong")) .. " mark",
        ["after"] = ok("{}") .. " wait=5 " .. send(faultd.answer("wrong")) .. " mark",
        ["as a late 408 after"] = ok("{}") .. " wait=5 " .. send(faultd.answer("", 408, "Connection: close\r\n"))
          .. " mark close",
      } do
        it(("drops a connection on which something came %s the answer, over %s"):format(how, scheme), function()
          start_one { step, ok('"right"') }
          call(url_of())
          server:await_marks(1)
          local answer = call(url_of())
          assert.equal('"right"', answer.body, answer.message)
          assert.equal(2, server:connections())
        end)
      end

      -- ---- failures

      for what, fault in pairs(faults) do
        it(("tells of %s over %s, and the next call works"):format(what, scheme), function()
          start_one { fault, ok("{}") }
          local before = process.lua_memory()
          local answer = call(url_of())
          assert.is_nil(answer.done)
          assert.equal("reset", answer.kind)
          assert.is_true(answer.sent)
          assert.is_string(answer.message)
          assert.equal(0, answer.status)
          assert.equal("", answer.body)
          assert.is_true(answer.elapsed < 50, "took " .. answer.elapsed)
          assert.is_true(process.lua_memory() - before < 4096)
          answer = call(url_of())
          assert.is_true(answer.done, answer.message)
          assert.equal("{}", answer.body)
        end)
      end
    end

    it("holds the time-out against silence", function()
      start { "hang", ok("{}") }
      local answer = call(server.url, { timeout = 0.3 })
      assert.is_nil(answer.done)
      assert.equal("timeout", answer.kind)
      assert.is_true(answer.sent)
      assert.is_true(answer.elapsed >= 0.29 and answer.elapsed < 20, "took " .. answer.elapsed)
      assert.is_true(call(server.url).done)
    end)

    it("holds the time-out against an answer that comes byte by byte", function()
      start { "drip=100:" .. faultd.encode(faultd.answer("{}")) }
      local answer = call(server.url, { timeout = 0.5 })
      assert.equal("timeout", answer.kind)
      assert.is_true(answer.elapsed < 20, "took " .. answer.elapsed)
    end)

    it("holds the connect time-out against a handshake that does not answer", function()
      start { "@hang" }
      local answer = call(cosockets.https(server), { connect_timeout = 0.3 })
      assert.equal("timeout", answer.kind)
      assert.is_false(answer.sent)
      assert.is_true(answer.elapsed < 20, "took " .. answer.elapsed)
    end)

    it("tells a refused connection from what was sent", function()
      start { ok("{}") }
      local url = server.url
      server:stop()
      local answer = call(url)
      assert.is_nil(answer.done)
      assert.equal("connect", answer.kind)
      assert.is_false(answer.sent)
      assert.is_string(answer.message)
    end)

    for what, options in pairs {
      ["an expired certificate"] = { tls = "expired" },
      ["a self-signed certificate"] = { tls = "self-signed" },
      ["a certificate of another name"] = { tls = "wrong-name" },
      ["an old protocol"] = { tls = "good", max_tls = "1.1" },
    } do
      it("refuses " .. what .. ", before anything was sent", function()
        start({ ok("{}") }, options)
        local answer = call(cosockets.https(server))
        assert.is_nil(answer.done)
        assert.equal("tls", answer.kind)
        assert.is_false(answer.sent)
        assert.is_string(answer.message)
        assert.same({}, server:requests())
      end)
    end
  end)
end
