local core = require "dxconnect.core"
local http1 = require "dxconnect.transport.http1"

-- A source that gives its pieces one by one, then what comes at the end.
local function source(pieces, ending)
  if pieces == "" then
    pieces = {}
  elseif type(pieces) == "string" then
    pieces = { pieces }
  end
  local at = 0
  return {
    receive = function(self, max)
      at = at + 1
      local piece = pieces[at]
      if not piece then
        return nil, ending or "closed"
      elseif #piece > max then
        pieces[at] = piece:sub(max + 1)
        at = at - 1
        return piece:sub(1, max)
      end
      return piece
    end,
  }
end

local function bytes_of(text)
  local pieces = {}
  for i = 1, #text do
    pieces[i] = text:sub(i, i)
  end
  return pieces
end

describe("dxconnect.transport.http1", function()
  describe("a request", function()
    it("has its host first, its headers in order, its length last", function()
      local text = http1.head({ method = "POST", headers = { ["x-b"] = "2", ["x-a"] = "1", host = "h" }, body = "{}" },
        "/", "other")
      assert.equal("POST / HTTP/1.1\r\nhost: h\r\nx-a: 1\r\nx-b: 2\r\ncontent-length: 2\r\n\r\n", text)
    end)

    it("without a body has a length only where the method carries one", function()
      assert.equal("GET /x HTTP/1.1\r\nhost: h\r\n\r\n", http1.head({ method = "GET" }, "/x", "h"))
      assert.equal("PUT /x HTTP/1.1\r\nhost: h\r\ncontent-length: 0\r\n\r\n", http1.head({ method = "PUT" }, "/x", "h"))
    end)
  end)

  describe("an answer", function()
    local OK = "HTTP/1.1 200 OK\r\n"

    it("is read into the exchange, whole or byte by byte", function()
      local text = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 418 x\r\nX-A: 1\r\nContent-Length: 5\r\n\r\nhello"
      for _, pieces in ipairs { { text }, bytes_of(text) } do
        local ex = core.exchange()
        local done, is_reusable = http1.read(source(pieces), ex, "POST")
        assert.is_true(done)
        assert.is_true(is_reusable)
        assert.equal(418, ex:status())
        assert.equal("hello", ex:body())
        assert.same({ ["x-a"] = "1", ["content-length"] = "5" }, ex:headers())
      end
    end)

    it("is all that is read", function()
      local from = source(bytes_of(OK .. "Content-Length: 2\r\n\r\nokHTTP"))
      assert.is_true((http1.read(from, core.exchange(), "POST")))
      assert.equal("H", from:receive(1))
    end)

    it("may be the end of the connection's use", function()
      for _, text in ipairs {
        OK .. "Content-Length: 2\r\n\r\nokHTTP/1.1 200", -- followed by something
        OK .. "Connection: close\r\nContent-Length: 2\r\n\r\nok",
        OK .. "\r\nok", -- and of the connection
      } do
        local ex = core.exchange()
        local done, is_reusable = http1.read(source(text), ex, "POST")
        assert.is_true(done)
        assert.is_false(is_reusable)
        assert.equal("ok", ex:body())
      end
    end)

    it("has a body as its request's method wants it", function()
      local ex = core.exchange()
      for method, body in pairs { HEAD = "", CONNECT = "", GET = "ok" } do
        local done, is_reusable = http1.read(source { OK .. "Content-Length: 2\r\n\r\n", "ok" }, ex, method)
        assert.is_true(done)
        assert.is_true(is_reusable)
        assert.equal(body, ex:body())
      end
    end)

    local parts = {
      ["in its head"] = OK .. "A: 1\r\nB",
      ["in its body"] = OK .. "Content-Length: 5\r\n\r\nhell",
      ["in a body without a known end"] = OK .. "\r\nhell",
    }

    local function assert_failed(text, ending, wanted_message, wanted_kind)
      local ex = core.exchange()
      assert(ex:respond(500, { old = "1" }, "old"))
      local done, message, kind = http1.read(source(text, ending), ex, "POST")
      assert.is_nil(done)
      assert.equal(wanted_message, message)
      assert.equal(wanted_kind, kind)
      assert.equal(0, ex:status())
      assert.equal("", ex:body())
      assert.same({}, ex:headers())
    end

    for name, text in pairs(parts) do
      it("late " .. name .. " is an error of kind timeout, and none", function()
        assert_failed(text, "timeout", "the answer did not come in time", "timeout")
      end)

      it("broken off " .. name .. " is an error of kind reset, and none", function()
        assert_failed(text, "connection reset by peer", "connection reset by peer", "reset")
      end)
    end

    it("that never comes, is cut short or malformed is an error of kind reset, and none", function()
      assert_failed("", "closed", "the connection was closed before an answer came", "reset")
      assert_failed(parts["in its head"], "closed", "the answer was cut short", "reset")
      assert_failed(parts["in its body"], "closed", "the answer was cut short", "reset")
      assert_failed("SSH-2.0-x\r\n", "closed", "what came is no answer in HTTP/1.1", "reset")
    end)

    it("without an end is an error soon", function()
      for _, piece in ipairs { "x: y\r\n", "x", "HTTP/1.1 100 Continue\r\n\r\n" } do
        local given = 0
        local endless = {
          receive = function()
            given = given + 1
            return given == 1 and OK:sub(1, piece == "x" and -1 or 0) or piece:rep(100)
          end,
        }
        local ex = core.exchange()
        assert.is_nil((http1.read(endless, ex, "POST")))
        assert.is_true(given < 3000)
      end
    end)
  end)
end)
