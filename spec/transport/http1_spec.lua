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
  describe("URLs", function()
    it("are taken apart", function()
      local url = http1.split_url("https://Example.com:8443/a/b?c=d#e")
      assert.same({ scheme = "https", host = "Example.com", port = 8443, path = "/a/b?c=d",
        authority = "Example.com:8443" }, url)
      assert.same("/", http1.split_url("http://x").path)
      assert.same(80, http1.split_url("http://x").port)
      assert.same("/?q", http1.split_url("http://x?q").path)
      assert.same("[::1]", http1.split_url("http://[::1]:80/").host)
      assert.same("u:p@w", http1.split_url("http://u:p@w@host:80").userinfo)
    end)

    it("that are none are refused", function()
      for _, text in ipairs {
        "", "x", "http://", "http:///x", "http://x:0", "http://x:65536", "http://a:b:c/", "http://a b/",
      } do
        assert.is_nil(http1.split_url(text))
      end
    end)
  end)

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
    local good = {
      { "with a length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello", 200, "hello", true },
      { "without a reason", "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", 200, "", true },
      { "with bare line ends", "HTTP/1.1 200 OK\nContent-Length: 1\n\nx", 200, "x", true },
      { "in chunks",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n3\r\n wo\r\n0\r\nT: r\r\n\r\n",
        200, "hello wo", true },
      { "that ends with the connection", "HTTP/1.1 500 Oops\r\n\r\nrest", 500, "rest", false },
      { "by HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, "ok", false },
      { "by HTTP/1.0 that stays", "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nok", 200, "ok",
        true },
      { "that announces the end",
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", 200, "ok", false },
      { "after two 1xx", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\n"
        .. "Content-Length: 2\r\n\r\nok", 200, "ok", true },
      { "with nothing to say", "HTTP/1.1 204 No Content\r\n\r\n", 204, "", true },
      { "with the same length twice",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok", 200, "ok", true },
      { "with chunks and a length",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
        200, "x", false },
      { "that redirects", "HTTP/1.1 302 Found\r\nLocation: http://x/\r\nContent-Length: 0\r\n\r\n", 302, "", true },
    }
    for _, case in ipairs(good) do
      it(case[1] .. " is read, whole or byte by byte", function()
        for _, pieces in ipairs { { case[2] }, bytes_of(case[2]) } do
          local answer = assert(http1.read(source(pieces), "POST"))
          assert.equal(case[3], answer.status)
          assert.equal(case[4], answer.body)
          assert.equal(case[5], answer.reusable and true or false)
        end
      end)
    end

    local bad = {
      { "that never comes", "", "closed before an answer" },
      { "cut in its head", "HTTP/1.1 200 OK\r\nContent", "cut short" },
      { "cut in its body", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", "cut short" },
      { "cut between chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "cut short" },
      { "cut before its last line", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "cut short" },
      { "of another protocol", "SSH-2.0-OpenSSH\r\n", "no answer in HTTP" },
      { "of HTTP/2", "HTTP/2 200 OK\r\n\r\n", "no answer in HTTP" },
      { "with two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", "two lengths" },
      { "with a negative length", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "length is malformed" },
      { "with a list of lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello", "length is malformed" },
      { "with a chunk of no size",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\nhello\r\n", "badly chunked" },
      { "with a chunk too short", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n0\r\n\r\n",
        "behind a chunk" },
      { "with a chunk beyond all bounds",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n", "badly" },
      { "too large by its length", "HTTP/1.1 200 OK\r\nContent-Length: 300000000\r\n\r\n", "too large" },
      { "too large for a number", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", "too large" },
      { "in a coding unknown", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "unknown" },
      { "with a blank in a name", "HTTP/1.1 200 OK\r\nBad Name: x\r\n\r\n", "malformed" },
      { "that changes the protocol", "HTTP/1.1 101 Switching\r\n\r\n", "another protocol" },
    }
    for _, case in ipairs(bad) do
      it(case[1] .. " is an error of kind reset", function()
        local answer, message, kind = http1.read(source(case[2]), "POST")
        assert.is_nil(answer)
        assert.truthy(message:find(case[3], 1, true), message)
        assert.equal("reset", kind)
      end)
    end

    it("late is an error of kind timeout", function()
      local _, _, kind = http1.read(source("HTTP/1.1 200 OK\r\n", "timeout"), "POST")
      assert.equal("timeout", kind)
    end)

    it("followed by bytes is read, and its connection not used again", function()
      local answer = assert(http1.read(source("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200"), "POST"))
      assert.equal("ok", answer.body)
      assert.is_false(answer.reusable)
    end)

    it("with headers repeated has them joined, and folded ones in one line", function()
      local answer = assert(http1.read(source(
        "HTTP/1.1 200 OK\r\nA: 1\r\na:2\r\nB: x\r\n  y\r\nContent-Length: 0\r\n\r\n"),
        "POST"))
      assert.equal("1, 2", answer.headers.a)
      assert.equal("x y", answer.headers.b)
    end)

    it("with endless headers ends at the cap", function()
      local given = 0
      local endless = { receive = function(_, max)
        given = given + 1
        return given == 1 and "HTTP/1.1 200 OK\r\n" or ("x: y\r\n"):rep(100)
      end }
      local answer, message = http1.read(endless, "POST")
      assert.is_nil(answer)
      assert.truthy(message:find("headers are too large", 1, true))
      assert.truthy(given < 1000)
    end)

    it("with one endless line ends at the cap", function()
      local given = 0
      local endless = { receive = function()
        given = given + 1
        return ("x"):rep(4096)
      end }
      assert.is_nil((http1.read(endless, "POST")))
      assert.truthy(given < 100)
    end)

    it("with endless 1xx answers ends at the cap", function()
      local endless = { receive = function()
        return "HTTP/1.1 100 Continue\r\n\r\n"
      end }
      local answer, message = http1.read(endless, "POST")
      assert.is_nil(answer)
      assert.truthy(message:find("too large", 1, true))
    end)

    it("to HEAD has no body", function()
      local answer = assert(http1.read(source("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"), "HEAD"))
      assert.equal("", answer.body)
    end)
  end)
end)
