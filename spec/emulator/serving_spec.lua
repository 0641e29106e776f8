--- What the served emulator does with clients that speak otherwise than ours, or not at all: bytes on a socket.

local dxconnect = require "dxconnect"
local emulatord = require "spec.support.emulatord"
local growth = require "spec.support.growth"
local socket = require "socket"

describe("the served emulator", function()
  local served, client

  before_each(function()
    served = emulatord.start()
    client = assert(dxconnect.client {
      region = "us-east-1", endpoint_url = served.url, credentials = emulatord.keys, max_attempts = 1, timeout = 20,
      system = { getenv = function() end },
    })
  end)

  after_each(function()
    client:close()
    served:stop()
  end)

  local function connect()
    local connection = assert(socket.connect("127.0.0.1", served.port))
    connection:settimeout(20)
    return connection
  end

  -- The head of a signed request without its framing, and its body.
  local function signed(version, params)
    local request = assert(client:prepare("describe_lags", params))
    local lines = { "POST / HTTP/" .. version }
    for name, value in pairs(request.headers) do
      lines[#lines + 1] = name .. ": " .. value
    end
    return table.concat(lines, "\r\n") .. "\r\n", request.body
  end

  local function chunked(body)
    local head = signed("1.1", { maxResults = 5 }) .. "transfer-encoding: chunked\r\n\r\n"
    local chunks = body:gsub(".", "1;x=y\r\n%0\r\n")
    return head .. chunks .. "0\r\ntrailer: t\r\n\r\n"
  end

  local function plain(version)
    local head, body = signed(version)
    return head .. "content-length: " .. #body .. "\r\n\r\n" .. body
  end

  -- Status, body and head of an answer that says how long it is.
  local function read_answer(connection)
    local lines = {}
    repeat
      lines[#lines + 1] = assert(connection:receive("*l"))
    until lines[#lines] == ""
    local head = table.concat(lines, "\n")
    local length = tonumber(head:match("content%-length: (%d+)"))
    return tonumber(head:match("^HTTP/1%.1 (%d+) ")), length > 0 and assert(connection:receive(length)) or "", head
  end

  it("answers a body in chunks, and the request after it", function()
    local _, body = signed("1.1", { maxResults = 5 })
    local connection = connect()
    assert(connection:send(chunked(body) .. plain("1.1")))
    for _ = 1, 2 do
      local status, answer = read_answer(connection)
      assert.same({ 200, '{"lags":[]}' }, { status, answer })
    end
    connection:close()
  end)

  it("answers HTTP/1.0, with lines of either ending, and closes", function()
    for _, bytes in ipairs { plain("1.0"), (plain("1.0"):gsub("\r\n", "\n")), "GET /_dxconnect/health HTTP/1.0\n\n" } do
      local connection = connect()
      assert(connection:send(bytes))
      local status, _, head = read_answer(connection)
      assert.equal(200, status)
      assert.matches("\nconnection: close\n", head)
      assert.equal("closed", select(2, connection:receive(1)))
      connection:close()
    end
  end)

  it("answers a client that has ended its side, one request after the other, late ones too", function()
    assert(client:describe_lags())
    local faults = connect()
    local fault = '{"operation": "describe_lags", "latency": 0.2}'
    assert(faults:send(("POST /_dxconnect/faults HTTP/1.0\r\ncontent-length: %d\r\n\r\n%s"):format(#fault, fault)))
    assert.equal(200, (read_answer(faults)))
    faults:close()
    local connection = connect()
    assert(connection:send(plain("1.1") .. plain("1.1")))
    assert(connection:shutdown("send"))
    assert.equal(200, (read_answer(connection)))
    assert.equal(200, (read_answer(connection)))
    assert.equal("closed", select(2, connection:receive(1)))
    connection:close()
  end)

  it("lets nobody wait for clients that send half a request, nothing, or no more", function()
    local bytes, others = plain("1.1"), {}
    for i = 1, 60 do
      others[i] = connect()
      if i % 3 == 0 then
        assert(others[i]:send(bytes:sub(1, 5 * i)))
      elseif i % 3 == 1 then
        assert(others[i]:shutdown("send"))
      end
    end
    local quick = connect()
    for _ = 1, 20 do
      assert(quick:send(plain("1.1")))
      assert.equal(200, (read_answer(quick)))
    end
    for i = 3, 60, 3 do
      assert(others[i]:send(bytes:sub(5 * i + 1)))
      assert.equal(200, (read_answer(others[i])))
    end
    quick:close()
    for _, other in ipairs(others) do
      other:close()
    end
  end)

  it("refuses a TLS hello on the plain port with a plain 400, and closes", function()
    local hello = "\22\3\1\2\0\1\0\1\252\3\3" .. ("\7"):rep(506)
    local connection = connect()
    assert(connection:send(hello))
    local status, _, head = read_answer(connection)
    assert.equal(400, status)
    assert.matches("\nconnection: close\n", head)
    assert.equal("closed", select(2, connection:receive(1)))
    connection:close()
  end)
end)

describe("requests sent ahead", function()
  -- Serves an emulator in this process to a client that sends n requests at once; the CPU time is of both.
  local function serve(n)
    local seen = 0
    assert(dxconnect.emulator():serve {
      on_ready = function(url, stop)
        local connection = assert(socket.connect("127.0.0.1", tonumber(url:match("%d+$"))))
        connection:settimeout(0)
        local bytes = ("GET /_dxconnect/health HTTP/1.1\r\nhost: h\r\nx: %s\r\n\r\n"):format(("y"):rep(900)):rep(n)
        local sent, tail = 0, ""
        while seen < n do
          if sent < #bytes then
            local last, _, part = connection:send(bytes, sent + 1)
            sent = last or part
          end
          local data, problem, part = connection:receive(65536)
          assert(data or problem == "timeout", problem)
          tail = tail .. (data or part)
          seen = seen + select(2, tail:gsub("HTTP/1%.1 200 OK\r\n", ""))
          tail = tail:match("[^\n]*$")
          coroutine.yield()
        end
        connection:close()
        stop()
      end,
    })
    assert.equal(n, seen)
  end

  it("cost as much each however many they are", function()
    local ratio = growth.ratio(serve, function(n)
      return n
    end, 125)
    assert.is_true(ratio < growth.LINEAR, ratio)
  end)
end)

describe("eight connections at once", function()
  local NAMES = {
    "describe_locations", "describe_lags", "describe_connections", "describe_interconnects",
    "describe_virtual_gateways", "describe_direct_connect_gateways", "describe_virtual_interfaces",
    "list_resiliency_groups",
  }
  local EACH = 20

  it("are answered in turn, though each sends all its requests ahead", function()
    local emulator = dxconnect.emulator()
    assert(emulator:serve {
      on_ready = function(url, stop)
        local client = assert(dxconnect.client {
          region = "us-east-1", endpoint_url = url, credentials = emulatord.keys, system = { getenv = function() end },
        })
        local connections = {}
        for i, name in ipairs(NAMES) do
          local request = assert(client:prepare(name))
          local lines = { "POST / HTTP/1.1" }
          for header, value in pairs(request.headers) do
            lines[#lines + 1] = header .. ": " .. value
          end
          local bytes = ("%s\r\ncontent-length: %d\r\n\r\n%s"):format(table.concat(lines, "\r\n"), #request.body,
            request.body)
          connections[i] = assert(socket.connect("127.0.0.1", tonumber(url:match("%d+$"))))
          assert(connections[i]:send(bytes:rep(EACH)))
        end
        while emulator:count() < EACH * #NAMES do
          coroutine.yield()
        end
        for _, connection in ipairs(connections) do
          connection:close()
        end
        client:close()
        stop()
      end,
    })
    local counts, seen = {}, 0
    for i = 1, EACH * #NAMES / 2 do
      local name = emulator:requests()[i].operation
      counts[name] = (counts[name] or 0) + 1
    end
    for name, count in pairs(counts) do -- half of its share, at least
      assert.is_true(count >= EACH / 4, name .. " " .. count)
      seen = seen + 1
    end
    assert.equal(#NAMES, seen)
  end)
end)
