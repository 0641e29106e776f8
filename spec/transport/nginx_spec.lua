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
    it("is looked at before use, also by a worker that was busy, over " .. scheme, function()
      start({ ok("{}") .. " wait=10 close", ok('"second"') }, { tls = scheme == "https" and "good" or nil })
      local answer = eval(([[
        local transport, url = open {}, %q
        call(transport, url, {})
        core.sleep(0.05) -- nginx sees nothing of what happens meanwhile
        return call(transport, url, {})
      ]]):format(scheme == "https" and https(server) or server.url))
      assert.equal('"second"', answer.body, answer.message)
      assert.equal(2, #server:requests())
    end)

    it("on which bytes came is not used again, also by a worker that was busy, over " .. scheme, function()
      start({ ok("{}") .. " " .. send(faultd.answer("", 408)) .. " mark", ok('"second"') },
        { tls = scheme == "https" and "good" or nil })
      local answer = eval(([[
        local transport, url = open {}, %q
        call(transport, url, {})
        core.sleep(0.05) -- nginx sees nothing of what happens meanwhile
        return call(transport, url, {})
      ]]):format(scheme == "https" and https(server) or server.url))
      assert.equal('"second"', answer.body, answer.message)
      assert.equal(2, server:connections())
    end)

  end
end)
