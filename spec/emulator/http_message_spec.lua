local http_message = require "dxconnect.emulator.http_message"

local HEAD = "POST /a?b HTTP/1.1\r\nHost: h:1\r\nX-Thing:  one \r\nx-thing: two\r\nContent-Length: 3\r\n\r\nabc"

describe("HTTP in the emulator", function()
  it("reads a head once it is whole", function()
    for i = 0, #HEAD - 4 do
      assert.is_nil((http_message.parse_head(HEAD:sub(1, i))))
    end
    local head = assert(http_message.parse_head(HEAD))
    assert.equal("POST", head.method)
    assert.equal("http://h:1/a?b", head.url)
    assert.equal("one,two", head.headers["x-thing"])
    assert.equal(3, head.length)
    assert.equal("abc", HEAD:sub(head.body_at))
    assert.is_true(head.keep_alive)
    assert.is_false(head.expects_continue)
  end)

  it("knows when a connection ends with the answer", function()
    local function keeps(line, header)
      return http_message.parse_head(line .. "\r\nhost: h\r\n" .. (header or "") .. "\r\n").keep_alive
    end
    assert.is_true(keeps "GET / HTTP/1.1")
    assert.is_false(keeps "GET / HTTP/1.0")
    assert.is_false(keeps("GET / HTTP/1.1", "Connection: Close\r\n"))
  end)

  it("refuses what it can't read", function()
    for bytes, status in pairs {
      ["GET /\r\n\r\n"] = 400,
      ["GET / HTTP/1.1\r\n\r\n"] = 400, -- no host
      ["GET / HTTP/1.1\r\nhost h\r\n\r\n"] = 400,
      ["GET / HTTP/1.1\r\nhost: h\r\nname\r\n\r\n"] = 400,
      ["GET / HTTP/1.1\r\nhost: h\r\ncontent-length: -1\r\n\r\n"] = 400,
      ["GET / HTTP/1.1\r\nhost: h\r\ncontent-length: 99999999\r\n\r\n"] = 413,
      ["GET / HTTP/1.1\r\nhost: h\r\ncontent-length: 99999999999999999999\r\n\r\n"] = 413,
      ["GET / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: gzip\r\n\r\n"] = 501,
      ["GET / HTTP/1.1\r\nhost: h\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n"] = 400,
      ["\22\3\1\2\0\1"] = 400,
      ["GET / HTTP/2.0\r\nhost: h\r\n\r\n"] = 505,
      ["GET / HTTP/1.1\r\nx: " .. ("y"):rep(70000)] = 431,
      ["GET / HTTP/1.1\r\nhost: h\r\nx: " .. ("y"):rep(70000) .. "\r\n\r\n"] = 431,
    } do
      local head, refused = http_message.parse_head(bytes)
      assert.is_nil(head)
      assert.equal(status, refused)
    end
  end)

  it("reads a body in chunks, in pieces of any size", function()
    local bytes = "POST / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: Chunked\r\n\r\n"
      .. "3\r\nabc\r\n0A;x=y\r\n0123456789\r\n0\r\ntrailer: x\r\n\r\nGET"
    local head = assert(http_message.parse_head(bytes))
    for i = head.body_at, #bytes - 4 do
      assert.is_nil((http_message.read_body(head, bytes:sub(1, i))))
    end
    local body, next_at = http_message.read_body(head, bytes)
    assert.equal("abc0123456789", body)
    assert.equal("GET", bytes:sub(next_at))
  end)

  it("refuses chunks that it can't read", function()
    for rest, status in pairs {
      ["x\r\n"] = 400, ["-1\r\n"] = 400, ["3\r\nabcd\r\n"] = 400, ["ffffffff\r\n"] = 413, ["123456789\r\n"] = 400,
      [("1"):rep(2000)] = 400,
    } do
      local bytes = "POST / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n" .. rest
      local body, refused = http_message.read_body(assert(http_message.parse_head(bytes)), bytes)
      assert.is_nil(body)
      assert.equal(status, refused, rest)
    end
  end)

  it("writes answers", function()
    local text = http_message.write({ status = 200, headers = { a = "b" }, body = "xyz" }, true)
    assert.equal("HTTP/1.1 200 OK\r\na: b\r\ncontent-length: 3\r\n\r\nxyz", text)
    assert.equal("HTTP/1.1 499 Unknown\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
      http_message.write({ status = 499 }, false))
  end)
end)
