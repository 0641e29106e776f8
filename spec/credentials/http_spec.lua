local callback = require "dxconnect.transport.callback"
local http = require "dxconnect.credentials.http"

-- A context over a script of answers; the last one repeats. {kind, message} is a failure.
local function world(script)
  local record = { requests = {}, sleeps = {}, now = 100 }
  record.transport = callback.new { values = { transport = function(request)
    record.requests[#record.requests + 1] = request
    local entry = script[math.min(#record.requests, #script)]
    if entry[1] then
      return nil, entry[2] or "lost", entry[1]
    end
    return entry
  end } }
  record.context = {
    transport = record.transport,
    direct_transport = function()
      record.went_directly = true
      return record.transport
    end,
    settings = { values = { max_attempts = 3, connect_timeout = 4, timeout = 5 } },
    system = {
      random = function() return 0.5 end,
      monotonic = function() return record.now end,
      sleep = function(seconds)
        record.sleeps[#record.sleeps + 1] = seconds
        record.now = record.now + seconds
      end,
    },
    user_agent = "spec",
  }
  function record.send(policy, request)
    return http.send(record.context, request or { method = "GET", url = "http://a/", headers = {} }, policy)
  end
  return record
end

local ok = { status = 200, body = "yes", headers = { date = "Tue, 14 Nov 2023 22:13:20 GMT" } }

describe("http", function()
  it("sends with the user agent and the client's time-outs, and returns what came", function()
    local w = world { ok }
    local response, err = w.send(nil, { method = "POST", url = "http://a/b?c=d", headers = { x = "1" }, body = "body" })
    assert.is_nil(err)
    assert.same({ status = 200, body = "yes", date = "Tue, 14 Nov 2023 22:13:20 GMT" }, response)
    local request = w.requests[1]
    assert.equal("POST", request.method)
    assert.equal("http://a/b?c=d", request.url)
    assert.equal("body", request.body)
    assert.equal("1", request.headers.x)
    assert.equal("spec", request.headers["user-agent"])
    assert.equal(4, request.connect_timeout)
    assert.equal(5, request.timeout)
    assert.is_nil(w.went_directly)
  end)

  it("takes time-outs of the policy's own", function()
    local w = world { ok }
    w.send { connect_timeout = 1, timeout = 2 }
    assert.equal(1, w.requests[1].connect_timeout)
    assert.equal(2, w.requests[1].timeout)
  end)

  it("passes by the proxy where the policy says so", function()
    local w = world { ok }
    w.send { is_direct = true }
    assert.is_true(w.went_directly)
  end)

  it("tries faults of the server again, waiting longer each time", function()
    local w = world { { status = 500 }, { status = 503 }, ok }
    assert.equal(200, w.send().status)
    assert.equal(3, #w.requests)
    assert.equal(2, #w.sleeps)
    assert.is_true(w.sleeps[2] > w.sleeps[1])
  end)

  it("waits as it is asked to", function()
    local w = world { { status = 503, headers = { ["x-amz-retry-after"] = "1500" } },
      { status = 429, headers = { ["retry-after"] = "3" } }, ok }
    w.send()
    assert.same({ 1.5, 3 }, w.sleeps)
  end)

  it("tells the logger of each wait", function()
    local w = world { { status = 503 }, { "reset" }, ok }
    local events = {}
    w.context.logger = function(event)
      events[#events + 1] = event
      error("no matter")
    end
    w.send()
    assert.same({
      { type = "retry", attempt = 1, delay = w.sleeps[1], status = 503 },
      { type = "retry", attempt = 2, delay = w.sleeps[2] },
    }, events)
  end)

  it("gives up after the client's attempts, with the last answer", function()
    local w = world { { status = 500 } }
    assert.equal(500, w.send().status)
    assert.equal(3, #w.requests)
    w = world { { status = 500 } }
    w.send { attempts = 1 }
    assert.equal(1, #w.requests)
    assert.equal(0, #w.sleeps)
  end)

  it("does not try refusals again, unless the policy calls them transient", function()
    local w = world { { status = 403 } }
    assert.equal(403, w.send().status)
    assert.equal(1, #w.requests)
    w = world { { status = 403, body = "later" }, ok }
    local policy = { is_transient = function(response) return response.body == "later" end }
    assert.equal(200, w.send(policy).status)
  end)

  it("tries again where nothing came back", function()
    for _, kind in ipairs { "connect", "timeout", "reset" } do
      local w = world { { kind }, ok }
      assert.equal(200, w.send().status)
    end
    local w = world { { "timeout" } }
    local response, err = w.send { attempts = 3, silent_attempts = 1 }
    assert.is_nil(response)
    assert.equal("transport", err.kind)
    assert.equal("TimeoutError", err.code)
    assert.equal(1, #w.requests)
  end)

  describe("within a call's time", function()
    it("shortens time-outs to what is left", function()
      local w = world { ok }
      local limit = { deadline = 103 }
      w.send { limit = limit }
      assert.equal(3, w.requests[1].connect_timeout)
      assert.equal(3, w.requests[1].timeout)
      w.send { connect_timeout = 1, timeout = 2, limit = limit }
      assert.equal(1, w.requests[2].connect_timeout)
      assert.equal(2, w.requests[2].timeout)
      assert.is_nil(limit.passed)
    end)

    it("waits for no attempt that would be too late", function()
      local w = world { { status = 503, headers = { ["retry-after"] = "3" } } }
      local limit = { deadline = 103 }
      assert.equal(503, w.send({ limit = limit }).status)
      assert.equal(1, #w.requests)
      assert.same({}, w.sleeps)
      assert.is_true(limit.passed)
    end)

    it("sends nothing where it is over", function()
      local w = world { ok }
      local limit = { deadline = 100 }
      local response, err = w.send { limit = limit }
      assert.is_nil(response)
      assert.equal("TimeoutError", err.code)
      assert.matches("total_timeout", err.message)
      assert.equal(0, #w.requests)
      assert.is_true(limit.passed)
    end)
  end)

  it("does not try again where the other side could not be trusted", function()
    local w = world { { "tls" } }
    local _, err = w.send()
    assert.equal("TLSError", err.code)
    assert.equal(1, #w.requests)
  end)

  it("makes the request anew for each attempt, and stops where that fails", function()
    local w = world { { status = 500 } }
    local n = 0
    local response, err = w.send(nil, function()
      n = n + 1
      if n == 3 then
        return nil, "no more"
      end
      return { method = "GET", url = "http://a/" .. n, headers = {} }
    end)
    assert.is_nil(response)
    assert.equal("no more", err)
    assert.equal("http://a/2", w.requests[2].url)
  end)

  it("encodes what stands in a query or a form", function()
    assert.equal("a%2Fb%20c%26%C3%A9~-._9", http.escape "a/b c&é~-._9")
    assert.equal("900", http.escape(900))
  end)

  it("refuses what can't be a request", function()
    for _, request in ipairs {
      { method = "GET", url = "http://a/", headers = { x = "a\r\nb: c" } },
      { method = "GET", url = "http://a b/", headers = {} },
    } do
      local w = world { ok }
      local response, err = w.send(nil, request)
      assert.is_nil(response)
      assert.equal("credentials", err.kind)
      assert.equal(0, #w.requests)
    end
  end)

  it("repeats no secret that a transport's words hold", function()
    local w = world { { "reset", "could not send hush-hush-hush" } }
    local _, err = w.send { secrets = { "hush-hush-hush" }, attempts = 1 }
    assert.equal("ConnectionError", err.code)
    assert.is_nil(tostring(err):find("hush-hush-hush", 1, true))
  end)
end)
