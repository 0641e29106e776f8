local dxconnect = require "dxconnect"
local emulatord = require "spec.support.emulatord"
local socket = require "socket"

describe("the emulator served over HTTP", function()
  local served, client

  local function start(orders)
    served = emulatord.start(orders)
    client = assert(dxconnect.client {
      region = "us-east-1", endpoint_url = served.url, credentials = emulatord.keys, max_attempts = 1, timeout = 20,
      system = {
        getenv = function() end,
        read_file = function()
          return nil, "no files here"
        end,
      },
    })
  end

  after_each(function()
    if served then
      client:close()
      served:stop()
      served = nil
    end
  end)

  -- A client of an emulator served by this process.
  local function new_client(url)
    client = assert(dxconnect.client {
      region = "us-east-1", endpoint_url = url, credentials = emulatord.keys, max_attempts = 1, timeout = 5,
      system = { getenv = function() end },
    })
    return client
  end

  it("lets on_ready be its client", function()
    local emulator = dxconnect.emulator()
    local answer, err
    assert.is_true(emulator:serve {
      on_ready = function(url, stop)
        answer, err = new_client(url):describe_connections()
        client:close()
        stop()
      end,
    })
    assert.same({}, assert(answer, tostring(err)).connections)
  end)

  it("lets other tasks be its clients, and go on", function()
    local emulator = dxconnect.emulator()
    local ready
    local results = dxconnect.parallel {
      function()
        return emulator:serve { on_ready = function(url) ready = url end }
      end,
      function()
        while not ready do
          coroutine.yield()
        end
        local answers = new_client(ready):map("describe_lags", { {}, {}, {} })
        client:close()
        emulator:stop()
        return answers
      end,
    }
    assert.is_true(results[1].result)
    for i = 1, 3 do
      assert.same({}, results[2].result[i].result.lags)
    end
  end)

  it("raises what on_ready raises, and listens no longer", function()
    local emulator = dxconnect.emulator()
    local port
    local ok, raised = pcall(emulator.serve, emulator, {
      on_ready = function(url)
        port = tonumber(url:match("%d+$"))
        error("not ready", 0)
      end,
    })
    assert.same({ false, "not ready" }, { ok, raised })
    assert.is_nil((socket.connect("127.0.0.1", port)))
  end)

  local function connect()
    local connection = assert(socket.connect("127.0.0.1", served.port))
    connection:settimeout(20)
    return connection
  end

  -- The bytes of a signed request.
  local function bytes_of(name, params, headers)
    local request = assert(client:prepare(name, params))
    local lines = { "POST / HTTP/1.1" }
    for _, given in ipairs { request.headers, headers or {} } do
      for header, value in pairs(given) do
        lines[#lines + 1] = header .. ": " .. value
      end
    end
    lines[#lines + 1] = "content-length: " .. #request.body
    return table.concat(lines, "\r\n") .. "\r\n\r\n" .. request.body
  end

  local function read_answer(connection)
    local status = connection:receive("*l")
    if not status then
      return nil
    end
    local length, ends
    repeat
      local line = assert(connection:receive("*l"))
      length = line:match("^content%-length: (%d+)") or length
      ends = ends or line == "connection: close"
    until line == ""
    local body = length == "0" and "" or assert(connection:receive(tonumber(length)))
    return tonumber(status:match(" (%d+) ")), body, ends
  end

  it("is a Direct Connect to a real client", function()
    start()
    local connection = assert(client:create_connection {
      location = "EqDC2", bandwidth = "10Gbps", connectionName = "one", requestMACSec = true,
    })
    assert.same(connection, assert(client:describe_connections()).connections[1])
    local result, err = client:describe_connections { connectionId = "dxcon-nowhere" }
    assert.is_nil(result)
    assert.equal("Could not find Connection with ID dxcon-nowhere", err.message)
  end)

  it("answers one request after the other on a connection, also those sent ahead", function()
    start()
    local connection = connect()
    assert(connection:send(bytes_of("describe_lags")))
    assert.equal('{"lags":[]}', select(2, read_answer(connection)))
    assert(connection:send(bytes_of("describe_lags") .. bytes_of("describe_connections") .. bytes_of("describe_lags")))
    assert.equal('{"lags":[]}', select(2, read_answer(connection)))
    assert.equal('{"connections":[]}', select(2, read_answer(connection)))
    assert.equal('{"lags":[]}', select(2, read_answer(connection)))
    connection:close()
  end)

  it("takes a request in pieces, and lets nobody wait for a slow one", function()
    start()
    local slow, quick = connect(), connect()
    local bytes = bytes_of("describe_lags", { lagId = "dxlag-x" })
    for _, piece in ipairs { bytes:sub(1, 10), bytes:sub(11, 200), bytes:sub(201, -5) } do
      assert(slow:send(piece))
      assert(quick:send(bytes_of("describe_lags")))
      assert.equal(200, (read_answer(quick)))
    end
    assert.same({}, (socket.select({ slow }, nil, 0)))
    assert(slow:send(bytes:sub(-4)))
    assert.equal(400, (read_answer(slow)))
    slow:close()
    quick:close()
  end)

  it("answers late where that is ordered, and others meanwhile", function()
    start 'emulator:fault { operation = "describe_lags", latency = 0.4 }'
    local late, quick = connect(), connect()
    assert(late:send(bytes_of("describe_lags")))
    assert(quick:send(bytes_of("describe_connections")))
    assert.equal(200, (read_answer(quick)))
    assert.same({}, (socket.select({ late }, nil, 0)))
    assert.equal(200, (read_answer(late)))
    late:close()
    quick:close()
  end)

  it("loses answers where that is ordered", function()
    start 'emulator:fault { operation = "create_connection", lost = true }'
    local result, err = client:create_connection { location = "EqDC2", bandwidth = "10Gbps", connectionName = "one" }
    assert.is_nil(result)
    assert.equal("ConnectionError", err.code)
    assert.is_true(err.maybe_applied)
    assert.equal(1, #assert(client:describe_connections()).connections)
  end)

  it("sends large answers whole, also to one who takes them slowly", function()
    start()
    for i = 1, 100 do
      assert(client:create_connection {
        location = "EqDC2", bandwidth = "10Gbps", connectionName = ("n"):rep(30000) .. i,
      })
    end
    local slow = connect()
    assert(slow:send(bytes_of("describe_connections")))
    assert.equal(100, #assert(client:describe_connections()).connections)
    local status, body = read_answer(slow)
    assert.equal(200, status)
    assert.is_true(#body > 3000000)
    slow:close()
  end)

  it("serves many connections at once", function()
    start()
    local connections = {}
    for i = 1, 100 do
      connections[i] = connect()
    end
    for i = 1, 100 do
      assert(connections[i]:send(bytes_of("describe_lags")))
    end
    for i = 100, 1, -1 do
      assert.equal(200, (read_answer(connections[i])))
      connections[i]:close()
    end
  end)

  it("lets those wait who are too many, until others end", function()
    start "return { max_connections = 10 }"
    local connections = {}
    for i = 1, 15 do
      connections[i] = connect()
      assert(connections[i]:send(bytes_of("describe_lags")))
    end
    for i = 1, 10 do
      assert.equal(200, (read_answer(connections[i])))
    end
    assert.same({}, (socket.select({ connections[15] }, nil, 0)))
    for i = 1, 5 do
      connections[i]:close()
    end
    for i = 11, 15 do
      assert.equal(200, (read_answer(connections[i])))
    end
    for i = 6, 15 do
      connections[i]:close()
    end
  end)

  it("forgets connections that clients end", function()
    start "return { max_connections = 10 }"
    for _ = 1, 15 do
      local connection = connect()
      assert(connection:send(bytes_of("describe_lags")))
      assert.equal(200, (read_answer(connection)))
      connection:close()
    end
  end)

  it("ends connections that take too long, or have nothing to ask", function()
    start "return { request_timeout = 0.2, idle_timeout = 60 }"
    local slow = connect()
    assert(slow:send("POST / HT"))
    assert.equal("closed", select(2, slow:receive(1)))
    local connection = connect()
    assert(connection:send(bytes_of("describe_lags")))
    assert.equal(200, (read_answer(connection)))
    served:stop()
    start "return { request_timeout = 60, idle_timeout = 0.2 }"
    local idle = connect()
    assert.equal("closed", select(2, idle:receive(1)))
    idle = connect()
    assert(idle:send(bytes_of("describe_lags")))
    assert.equal(200, (read_answer(idle)))
    assert.equal("closed", select(2, idle:receive(1)))
  end)

  it("ends a connection that asks for it, or that it can't read", function()
    start()
    local connection = connect()
    assert(connection:send(bytes_of("describe_lags", {}, { connection = "close" })))
    local status, _, ends = read_answer(connection)
    assert.equal(200, status)
    assert.is_true(ends)
    assert.is_nil(connection:receive(1))
    for bytes, expected in pairs {
      ["what?\r\n\r\n"] = 400,
      ["POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 99999999\r\n\r\n"] = 413,
    } do
      connection = connect()
      assert(connection:send(bytes))
      assert.equal(expected, (read_answer(connection)))
      assert.is_nil(connection:receive(1))
    end
  end)

  it("invites a body that waits for it", function()
    start()
    local connection = connect()
    local bytes = bytes_of("describe_lags", { maxResults = 5 }, { expect = "100-continue" })
    local head, body = bytes:match("^(.*\r\n\r\n)(.*)$")
    assert(connection:send(head))
    assert.equal("HTTP/1.1 100 Continue", connection:receive("*l"))
    assert.equal("", connection:receive("*l"))
    assert(connection:send(body))
    assert.equal(200, (read_answer(connection)))
    connection:close()
  end)
end)

describe("the emulator's serve", function()
  it("hands out its URL and how to stop it, and returns when it was stopped", function()
    local emulator = dxconnect.emulator()
    for _, way in ipairs { "given", "method" } do
      local at
      assert.is_true(emulator:serve {
        on_ready = function(url, stop)
          at = url
          if way == "given" then
            stop()
          else
            emulator:stop()
          end
        end,
      })
      local port = tonumber(at:match("^http://127%.0%.0%.1:(%d+)$"))
      assert.is_nil((socket.connect("127.0.0.1", port)))
    end
  end)

  it("says when the port is taken", function()
    local listener = assert(socket.bind("127.0.0.1", 0))
    local _, port = listener:getsockname()
    local result, message = dxconnect.emulator():serve { port = tonumber(port) }
    assert.is_nil(result)
    assert.matches("^port " .. port .. " of 127%.0%.0%.1 can't be listened on: ", message)
    listener:close()
  end)

  it("lets through what on_ready raises, and closes", function()
    local at
    assert.error_matches(function()
      dxconnect.emulator():serve {
        on_ready = function(url)
          at = tonumber(url:match("%d+$"))
          error("not today", 0)
        end,
      }
    end, "not today")
    assert.is_nil((socket.connect("127.0.0.1", at)))
  end)
end)
