--- The cosocket transport inside a real nginx, over real sockets: what leaves, what comes back, and every way in which
-- it can go wrong.

local cosockets = require "spec.support.cosockets"
local faultd = require "spec.support.faultd"

local call, eval, https = cosockets.call, cosockets.eval, cosockets.https
local ok, send = faultd.ok, faultd.send

local server

local function start(...)
  server = faultd.start(...)
  return server
end

lazy_setup(cosockets.start)
lazy_teardown(cosockets.stop)

after_each(function()
  if server then
    server:stop()
    server = nil
  end
end)

describe("the resty transport #nginx", function()
  it("sends the exchange's lines and body as they are, and nothing else but host and length", function()
    start { ok("{}") }
    local answer = call(server.url .. "/a/../b?x=%20", {
      headers = { ["x-amz-target"] = "OvertureService.X", ["x-empty"] = "" },
      body = '{"a":"\1b"}',
    })
    assert.is_true(answer.done)
    assert.equal(("POST /a/../b?x=%%20 HTTP/1.1\r\nhost: 127.0.0.1:%d\r\nx-amz-target: OvertureService.X\r\n"
      .. 'x-empty: \r\ncontent-length: 10\r\n\r\n{"a":"\1b"}'):format(server.port), server:requests()[1].raw)
  end)

  it("sends other methods, with a body and without, over one connection", function()
    start { ok("{}") }
    for i, case in ipairs {
      { "GET", "", "GET / HTTP/1.1\r\nhost: 127.0.0.1:%d\r\n\r\n" },
      { "PUT", "", "PUT / HTTP/1.1\r\nhost: 127.0.0.1:%d\r\ncontent-length: 0\r\n\r\n" },
      { "PUT", "ab", "PUT / HTTP/1.1\r\nhost: 127.0.0.1:%d\r\ncontent-length: 2\r\n\r\nab" },
      { "DELETE", "", "DELETE / HTTP/1.1\r\nhost: 127.0.0.1:%d\r\n\r\n" },
    } do
      assert.is_true(call(server.url .. "/", { method = case[1], headers = {}, body = case[2] }).done)
      assert.equal(case[3]:format(server.port), server:requests()[i].raw)
    end
    assert.equal(1, server:connections())
  end)

  it("puts status, headers in lower case and body into the exchange", function()
    start { send(faultd.answer('{"a":1}', 418, "X-Amzn-RequestId:  abc \r\nX-Folded: one\r\n  two\r\n")) }
    local answer = call(server.url)
    assert.equal(418, answer.status)
    assert.equal("abc", answer.headers["x-amzn-requestid"])
    assert.equal("one two", answer.headers["x-folded"])
    assert.equal('{"a":1}', answer.body)
  end)

  for _, scheme in ipairs { "http", "https" } do
    it("keeps one connection from call to call and from request to request, over " .. scheme, function()
      start({ ok("{}") }, { tls = scheme == "https" and "good" or nil })
      local url = scheme == "https" and https(server) or server.url
      for _ = 1, 3 do
        local answers = eval(([[
          local transport, answers = open {}, {}
          for i = 1, 3 do
            answers[i] = call(transport, %q, {})
          end
          return answers
        ]]):format(url))
        for i = 1, 3 do
          assert.is_true(answers[i].done, answers[i].message)
        end
      end
      assert.equal(9, #server:requests())
      assert.equal(1, server:connections())
    end)
  end

  it("takes large answers whole", function()
    local body = ("0123456789abcdef"):rep(1024)
    start { send("HTTP/1.1 200 OK\r\nContent-Length: 16384000\r\n\r\n") .. " again=1000:" .. body }
    local answer = eval(([[
      local answer = call(open {}, %q, { timeout = 30 })
      answer.size, answer.body = #answer.body, answer.body:sub(-16384)
      return answer
    ]]):format(server.url))
    assert.equal(16384000, answer.size)
    assert.equal(body, answer.body)
  end)

  it("sends large bodies whole, over TLS too", function()
    start({ ok("{}") }, { tls = "good" })
    assert.is_true(eval(([[ return call(open {}, %q, { body = ("x"):rep(3000000) }) ]]):format(https(server))).done)
    assert.equal(("x"):rep(3000000), server:requests()[1].body)
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

  for name, step in pairs {
    ["together with"] = send(faultd.answer("{}") .. faultd.answer("wrong")) .. " mark",
    ["after"] = ok("{}") .. " wait=5 " .. send(faultd.answer("wrong")) .. " mark",
  } do
    it("does not use a connection again when something came " .. name .. " the answer", function()
      start { step, ok('"right"') }
      call(server.url)
      server:await_marks(1)
      assert.equal('"right"', call(server.url).body)
      assert.equal(2, server:connections())
    end)
  end

  it("is nginx's alone", function()
    local made, message = require("dxconnect.transport.nginx").new { values = {} }
    assert.is_nil(made)
    assert.truthy(message:find("inside nginx only", 1, true))
  end)

  it("fails at once when closed", function()
    local answer = eval [[
      local transport = open {}
      transport:close()
      transport:close()
      return call(transport, "http://127.0.0.1:1", {})
    ]]
    assert.equal("config", answer.kind)
    assert.is_false(answer.sent)
  end)
end)

describe("the resty transport's failures #nginx", function()
  -- what the server does
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
  }
  for _, scheme in ipairs { "http", "https" } do
    for name, fault in pairs(faults) do
      it("tells of " .. name .. " over " .. scheme .. ", and the next call works", function()
        start({ fault, ok("{}") }, { tls = scheme == "https" and "good" or nil })
        local url = scheme == "https" and https(server) or server.url
        local answer = call(url, { timeout = 20 })
        assert.is_nil(answer.done)
        assert.equal("reset", answer.kind)
        assert.is_true(answer.sent)
        assert.is_string(answer.message)
        assert.equal(0, answer.status)
        assert.equal("", answer.body)
        answer = call(url)
        assert.is_true(answer.done, answer.message)
        assert.equal("{}", answer.body)
      end)
    end
  end

  it("are none where a TLS handshake broke off once; the second counts", function()
    start({ "@wait=20 @reset", ok("{}") }, { tls = "good" })
    local answer = call(https(server))
    assert.is_true(answer.done, answer.message)
    server:stop()
    start({ "@wait=20 @reset", "@wait=20 @close", ok("{}") }, { tls = "good" })
    answer = call(https(server))
    assert.equal("tls", answer.kind)
    assert.is_false(answer.sent)
    assert.truthy(answer.message:find("lua_ssl_protocols", 1, true))
  end)

  it("hold the time-out against silence", function()
    start { "hang", ok("{}") }
    local answer = call(server.url, { timeout = 0.2 })
    assert.equal("timeout", answer.kind)
    assert.is_true(answer.sent)
    assert.is_true(answer.elapsed >= 0.19 and answer.elapsed < 20, "took " .. answer.elapsed)
    assert.is_true(call(server.url).done)
  end)

  it("hold the time-out against an answer that comes byte by byte", function()
    start { "drip=50:" .. faultd.encode(faultd.answer("{}")) }
    local answer = call(server.url, { timeout = 0.3 })
    assert.equal("timeout", answer.kind)
    assert.is_true(answer.elapsed < 20, "took " .. answer.elapsed)
  end)

  it("hold the connect time-out against a handshake that does not answer", function()
    start { "@hang" }
    local answer = call(https(server), { connect_timeout = 0.2 })
    assert.equal("timeout", answer.kind)
    assert.is_false(answer.sent)
    assert.is_true(answer.elapsed < 20, "took " .. answer.elapsed)
  end)

  it("tell a refused connection from what was sent", function()
    start { ok("{}") }
    local url = server.url
    server:stop()
    local answer = call(url)
    assert.equal("connect", answer.kind)
    assert.is_false(answer.sent)
    assert.truthy(answer.message:find(url:match("//(.*)"), 1, true))
  end)

  it("leave no descriptor behind", function()
    start { "close" }
    call(server.url)
    local before = cosockets.descriptors()
    for _ = 1, 5 do
      call(server.url)
    end
    assert.equal(before, cosockets.descriptors())
  end)

  it("never raise, whatever nginx's own sockets do", function()
    for _, name in ipairs { "connect", "send", "receiveany", "settimeouts", "setkeepalive", "close" } do
      start { ok("{}") }
      local answer = eval(([[
        local tcp = ngx.socket.tcp
        ngx.socket.tcp = function()
          return setmetatable({}, { __index = function(_, name)
            return function(self, ...)
              if name == %q then error("raised by nginx") end
              local sock = rawget(self, "sock") or tcp()
              rawset(self, "sock", sock)
              return sock[name](sock, ...)
            end
          end })
        end
        local ok, answer = pcall(call, open {}, %q, { timeout = 1 })
        ngx.socket.tcp = tcp
        return { raised = not ok, answer = ok and answer or tostring(answer) }
      ]]):format(name, server.url))
      assert.is_false(answer.raised, name)
      assert.is_true(answer.answer.done or answer.answer.message:find("raised by nginx", 1, true) ~= nil, name)
      server:stop()
    end
  end)
end)

describe("a kept connection of nginx's #nginx", function()
  for _, scheme in ipairs { "http", "https" } do
    it("that the other side closed meanwhile is replaced unnoticed, over " .. scheme, function()
      start({ ok("{}") .. " close", ok("{}") .. " reset", ok("{}") .. " close", ok("{}") },
        { tls = scheme == "https" and "good" or nil })
      for i = 1, 4 do
        local answer = call(scheme == "https" and https(server) or server.url)
        assert.is_true(answer.done, answer.message)
        assert.equal(i, #server:requests())
        server:await_closed(math.min(i, 3))
      end
      assert.equal(4, server:connections())
    end)

    it("is looked at before it carries what may not be sent twice, over " .. scheme, function()
      start({ ok("{}") .. " wait=10 close", ok('"second"') }, { tls = scheme == "https" and "good" or nil })
      local answer = eval(([[
        local transport, url = open {}, %q
        call(transport, url, {})
        core.sleep(0.05) -- nginx sees nothing of what happens meanwhile
        return call(transport, url, { repetition = "once" })
      ]]):format(scheme == "https" and https(server) or server.url))
      assert.equal('"second"', answer.body, answer.message)
      assert.equal(2, #server:requests())
    end)

    it("that dies with a request on it is not sent that request again, over " .. scheme, function()
      start({ ok("{}"), "reset", ok("{}"), "close", ok("{}") }, { tls = scheme == "https" and "good" or nil })
      local url = scheme == "https" and https(server) or server.url
      for _ = 1, 2 do
        assert.is_true(call(url).done)
        local answer = call(url)
        assert.equal("reset", answer.kind)
        assert.is_true(answer.sent)
      end
      assert.equal(4, #server:requests())
      assert.is_true(call(url).done)
    end)
  end
end)
