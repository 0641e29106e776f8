--- Sessions and their loop, as the core has them: transfers side by side, the limit of open connections, time-outs.

local core = require "dxconnect.core"
local faultd = require "spec.support.faultd"
local shell = require "spec.support.shell"
local socket = require "socket"

local ok, send = faultd.ok, faultd.send

local loop = core.loop()
local servers, sessions

local function start(steps, options)
  local server = faultd.start(steps, options)
  servers[#servers + 1] = server
  return server
end

local function open()
  local session = assert(core.session { ca_bundle = faultd.certificate("ca") })
  sessions[#sessions + 1] = session
  return session
end

local function request(server)
  local ex = core.exchange()
  assert(ex:load { method = "POST", url = server.url, headers = {}, body = "{}" })
  return ex
end

before_each(function()
  servers, sessions = {}, {}
end)

after_each(function()
  loop:limit(0)
  for _, session in ipairs(sessions) do
    session:close()
  end
  while loop:next() do end
  for _, server in ipairs(servers) do
    server:stop()
  end
end)

-- The outcomes of `count` transfers, by their ids, in the order in which they finish.
local function outcomes(count)
  local found, order = {}, {}
  while #order < count do
    loop:wait(5)
    local id, done, message, kind, sent = loop:next()
    while id do
      found[id] = { done = done, message = message, kind = kind, sent = sent }
      order[#order + 1] = id
      id, done, message, kind, sent = loop:next()
    end
  end
  return found, order
end

describe("core's session", function()
  it("uses a connection again for the same scheme, host and port only", function()
    local one, two, session = start { ok("1") }, start { ok("2") }, open()
    for _ = 1, 2 do
      for i, server in ipairs { one, two } do
        local ex = request(server)
        assert.is_true(session:perform(ex, 5, 5))
        assert.equal(tostring(i), ex:body())
      end
    end
    assert.equal(1, one:connections())
    assert.equal(1, two:connections())
  end)

  it("resumes its TLS session where it connects again, and no other session's", function()
    -- says that it ends: a client that has not seen the end yet would use the connection again
    local last = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"
    local server = start({ send(last) .. " close" }, { tls = "good" })
    local session = open()
    for _ = 1, 3 do
      assert.is_true(session:perform(request(server), 60, 60))
    end
    assert.equal(3, server:connections())
    assert.equal(2, server:resumed())
    assert.is_true(open():perform(request(server), 60, 60))
    assert.equal(2, server:resumed())
  end)

  -- The interpreter's own handler of SIGINT sets a hook that raises.
  it("lets Lua raise while it waits, when a signal asks for it", function()
    local program = [[
      local core = require "dxconnect.core"
      local session, ex = core.session {}, core.exchange()
      assert(ex:load { method = "POST", url = arg[1], headers = {}, body = "{}" })
      local done, message = pcall(function()
        local ok, why = session:perform(ex, 100, 100)
        return ok, why -- not at once: LuaJIT runs a hook before its next step, which would be outside
      end)
      print(done, message)
      done, message = pcall(session.perform, session, ex, 100, 0.01)
      print(done, message, select("#", core.loop():due()))
    ]]
    local server, path = start { "hang" }, os.tmpname()
    shell.write(path, program)
    local child = assert(io.popen(("LUA_CPATH='%s/%s/?.so' sh -c 'echo $$; exec %s %s %s' 2>&1")
      :format(os.getenv("DXCONNECT_BUILD") or "build", shell.lua, shell.lua, path, server.url)))
    local pid = child:read("*l")
    while #server:requests() < 1 do end
    os.execute("kill -INT " .. pid)
    local first, second = child:read("*l"), child:read("*l")
    child:close()
    os.remove(path)
    assert.matches("^false\t.*interrupted!$", first)
    assert.equal("true\tnil\t0", second)
  end)
end)

describe("core's loop", function()
  it("has nothing due while nothing is in flight, whatever time-outs there were", function()
    local server, session = start { ok("{}") }, open()
    assert.is_nil(loop:due())
    assert.is_true(session:perform(request(server), 5, 5))
    assert.is_nil(loop:due())
    session:start(1, request(server), 5, 5)
    local due = loop:due()
    assert.is_true(due >= 0 and due <= 5)
    outcomes(1)
    assert.is_nil(loop:due())
  end)

  it("ends each transfer in its own time", function()
    local server, session = start { "hang" }, open()
    session:start(1, request(server), 5, 0.15)
    session:start(2, request(server), 5, 0.05)
    session:start(3, request(server), 5, 0.1)
    local found, order = outcomes(3)
    assert.same({ 2, 3, 1 }, order)
    for _, outcome in pairs(found) do
      assert.equal("timeout", outcome.kind)
      assert.is_true(outcome.sent)
    end
  end)

  it("opens no more connections than its limit, and all transfers get through", function()
    local server, session = start { ok("{}") }, open()
    loop:limit(2)
    for id = 1, 20 do
      session:start(id, request(server), 5, 5)
    end
    for _, outcome in pairs((outcomes(20))) do
      assert.is_true(outcome.done, outcome.message)
    end
    assert.is_true(server:most_open() <= 2)
    assert.is_true(server:connections() <= 2)
  end)

  it("lets transfers that wait for room go first come, first served, whosoever they are", function()
    local one, two = start { ok("{}") }, start { ok("{}") }
    local a, b = open(), open()
    loop:limit(1)
    a:start(1, request(one), 5, 5)
    b:start(2, request(two), 5, 5)
    a:start(3, request(two), 5, 5)
    b:start(4, request(one), 5, 5)
    local found, order = outcomes(4)
    assert.same({ 1, 2, 3, 4 }, order)
    for _, outcome in pairs(found) do
      assert.is_true(outcome.done, outcome.message)
    end
  end)

  it("closes idle connections of others where room is needed", function()
    local one, two = start { ok("{}") }, start { ok("{}") }
    local a, b = open(), open()
    loop:limit(1)
    assert.is_true(a:perform(request(one), 5, 5))
    assert.is_true(b:perform(request(two), 5, 5))
    assert.is_true(one:await_closed(1))
    assert.is_true(a:perform(request(one), 5, 5))
    assert.is_true(two:await_closed(1))
  end)

  it("lets one idle connection make room for one other, not for two that are on their way", function()
    local server = start { ok("{}") }
    loop:limit(1)
    assert.is_true(open():perform(request(server), 5, 5))
    open():start(1, request(server), 5, 5)
    open():start(2, request(server), 5, 5)
    for _, outcome in pairs((outcomes(2))) do
      assert.is_true(outcome.done, outcome.message)
    end
    assert.equal(1, server:most_open())
  end)

  it("keeps no more than 64 idle connections of a session, where there is no limit", function()
    local server, session = start { "wait=50 " .. ok("{}") }, open()
    for id = 1, 70 do
      session:start(id, request(server), 5, 5)
    end
    outcomes(70)
    assert.is_true(server:await_closed(server:connections() - 64))
  end)

  it("closes idle connections when the limit falls", function()
    local server, session = start { ok("{}") }, open()
    for id = 1, 4 do
      session:start(id, request(server), 5, 5)
    end
    outcomes(4)
    loop:limit(1)
    assert.is_true(server:await_closed(server:connections() - 1))
    assert.is_true(session:perform(request(server), 5, 5))
  end)

  it("keeps no more idle ones either, when the limit fell while they were in use", function()
    local server, silent = start { ok("{}") }, start { "hang" }
    local a, b = open(), open()
    a:start(1, request(server), 5, 30)
    b:start(2, request(server), 5, 30)
    b:start(3, request(silent), 5, 30)
    loop:limit(1)
    a:start(4, request(server), 5, 0.2)
    local found = outcomes(3)
    assert.is_true(found[1].done and found[2].done)
    assert.equal("timeout", found[4].kind) -- the one that may be open is still in use
    assert.is_true(server:await_closed(2))
    b:cancel(3)
  end)

  it("lets go on who waits when the limit rises", function()
    local silent, server, session = start { "hang" }, start { ok("{}") }, open()
    loop:limit(1)
    session:start(1, request(silent), 5, 30)
    session:start(2, request(server), 5, 30)
    loop:wait(0)
    assert.is_nil(loop:next())
    loop:limit(2)
    assert.equal(0, loop:due())
    local found = outcomes(1)
    assert.is_true(found[2].done)
    session:cancel(1)
  end)

  it("ends in time what waits for room, and nothing of it was sent", function()
    local server, session = start { "hang" }, open()
    loop:limit(1)
    session:start(1, request(server), 5, 30)
    session:start(2, request(server), 5, 0.1)
    local found = outcomes(1)
    assert.equal("timeout", found[2].kind)
    assert.is_false(found[2].sent)
    session:cancel(1)
    assert.is_nil(loop:due())
  end)

  it("forgets what is cancelled while it waits for room", function()
    local silent, server, session = start { "hang" }, start { ok("{}") }, open()
    loop:limit(1)
    session:start(1, request(silent), 5, 30)
    session:start(2, request(server), 5, 30)
    session:start(3, request(server), 5, 30)
    session:cancel(2)
    session:cancel(1)
    local found, order = outcomes(1)
    assert.same({ 3 }, order)
    assert.is_true(found[3].done, found[3].message)
    assert.equal(1, #server:requests())
  end)

  it("has a call that blocks wait for room, too, while the others go on", function()
    local server, session = start { "wait=30 " .. ok("{}") }, open()
    loop:limit(1)
    session:start(1, request(server), 5, 5)
    assert.is_true(session:perform(request(server), 5, 5))
    assert.is_true(outcomes(1)[1].done)
    assert.equal(1, server:connections())
  end)

  it("breaks off, as cancelled, what a closed session has in flight or waiting", function()
    local server, session = start { "hang" }, open()
    loop:limit(1)
    session:start(1, request(server), 5, 30)
    session:start(2, request(server), 5, 30)
    loop:wait(0)
    session:close()
    local found = outcomes(2)
    assert.equal("cancelled", found[1].kind)
    assert.equal("cancelled", found[2].kind)
    assert.is_false(found[2].sent)
  end)

  it("is not led astray by a connection that was given up before it came about", function()
    local server, session = start { ok("{}") }, open()
    -- nobody accepts here, and no more connections wait for it than there are already
    local full = assert(socket.tcp())
    assert(full:bind("127.0.0.1", 0) and full:listen(0))
    local _, port = full:getsockname()
    local ahead = {}
    for i = 1, 2 do
      ahead[i] = assert(socket.tcp())
      ahead[i]:settimeout(0)
      ahead[i]:connect("127.0.0.1", port)
    end
    for id = 1, 5 do
      session:start(id, request { url = "http://127.0.0.1:" .. port }, 5, 30)
    end
    loop:wait(0)
    for id = 1, 5 do
      session:cancel(id)
    end
    session:start(6, request(server), 5, 30)
    session:start(7, request { url = "http://no-such-host.invalid" }, 30, 30)
    local found = outcomes(2)
    assert.is_true(found[6].done, found[6].message)
    assert.truthy(found[7].message:find("resolve", 1, true), found[7].message)
    for _, one in ipairs { full, ahead[1], ahead[2] } do
      one:close()
    end
  end)

  for _, scheme in ipairs { "http", "https" } do
    it("takes a large answer whole, and others beside it, over " .. scheme .. " #slow", function()
      local tls = { tls = scheme == "https" and "good" or nil }
      local body = ("0123456789abcdef"):rep(1024)
      local step = send("HTTP/1.1 200 OK\r\nContent-Length: 49152000\r\n\r\n") .. " again=3000:" .. body
      local large = start({ step }, tls)
      local small, session, ex = start({ ok("{}") }, tls), open(), request(large)
      session:start(1, ex, 5, 60)
      for id = 2, 20 do
        session:start(id, request(small), 5, 60)
      end
      for _, outcome in pairs((outcomes(20))) do
        assert.is_true(outcome.done, outcome.message)
      end
      assert.equal(49152000, #ex:body())
      assert.equal(body, ex:body():sub(-16384))
    end)
  end
end)

describe("a forked process #luajit", function()
  local works = {
    ["that ends"] = { "end", "" },
    ["that closes its sessions"] = { "close", "" },
    ["that goes on"] = { "go on", "child: 3 reset true; done\n" },
  }

  for _, scheme in ipairs { "http", "https" } do
    for name, work in pairs(works) do
      it(name .. " leaves its parent's connections alone, over " .. scheme, function()
        -- a request of the parent's that waits for its answer until the child has ended
        local server = start({ ok("{}"), ok("{}"), "wait=100 " .. ok("{}"), ok("{}") }, {
          tls = scheme == "https" and "good" or nil,
        })
        local said = shell.run(("luajit spec/support/forked_child.lua %s %s '%s'"):format(server.url,
          faultd.certificate("ca"), work[1]))
        assert.equal(work[2] .. "parent: 3 done nil; done\n", said)
        local by_connection = {}
        for _, sent in ipairs(server:requests()) do
          local is_childs = sent.body == "child's"
          assert.is_true(by_connection[sent.connection] == nil or by_connection[sent.connection] == is_childs)
          by_connection[sent.connection] = is_childs
        end
        assert.equal(work[2] == "" and 2 or 3, server:connections())
      end)
    end
  end
end)
