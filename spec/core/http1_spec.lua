--- The reader of answers that both transports have: what an answer is, where it ends, and what may follow it. Each case
-- is read in one piece, byte by byte, and cut in two at every place.

local core = require "dxconnect.core"

local HEAD_MAX = 256 * 1024

-- Feeds pieces, then the end of the connection where `ends` and the answer is not over. Returns is_over and what comes
-- with it, and the exchange.
local function feed(pieces, method, ends)
  local ex = core.exchange()
  local reader = core.reader(ex, method or "POST")
  local is_over, result = false, false
  for _, piece in ipairs(pieces) do
    is_over, result = reader:feed(ex, piece)
  end
  if ends and is_over == false then
    is_over, result = reader:finish(ex)
  end
  return is_over, result, ex
end

-- Each way to cut a text.
local function cuts(text)
  local bytes, all = {}, { { text } }
  for i = 1, #text do
    bytes[i] = text:sub(i, i)
    all[#all + 1] = { text:sub(1, i - 1), text:sub(i) }
  end
  all[#all + 1] = bytes
  return all
end

local function chunked(text)
  return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" .. text
end

-- Reads a text in all ways: it is an answer with this status and body, `rest` has more about it.
local function assert_read(text, status, body, rest)
  for _, pieces in ipairs(cuts(text)) do
    local is_over, is_reusable, ex = feed(pieces, rest.method, rest.ends)
    assert.is_true(is_over, tostring(is_reusable))
    assert.equal(status, ex:status())
    assert.equal(body, ex:body())
    assert.equal(rest.is_reusable ~= false, is_reusable)
    if rest.headers then
      assert.same(rest.headers, ex:headers())
    end
  end
end

local function assert_refused(text, message, method)
  for _, pieces in ipairs(cuts(text)) do
    local is_over, result, ex = feed(pieces, method, true)
    assert.is_nil(is_over)
    assert.equal(message, result)
    assert.equal(0, ex:status())
    assert.equal("", ex:body())
    assert.same({}, ex:headers())
  end
end

-- The same without an end of the connection: it is refused by itself.
local function assert_refused_at_once(text, message, method)
  assert_refused(text, message, method)
  local is_over, result = feed({ text }, method)
  assert.is_nil(is_over)
  assert.equal(message, result)
end

local OK = "HTTP/1.1 200 OK\r\n"
local NOTHING = "Content-Length: 0\r\n\r\n"

local BAD_HEADER = "a header of the answer is malformed"
local BAD_CHUNK = "the answer is badly chunked"
local BAD_LENGTH = "the answer's length is malformed"
local BAD_CODING = "the answer's transfer-encoding is unknown"
local TWO_LENGTHS = "the answer has two lengths"
local NO_ANSWER = "what came is no answer in HTTP/1.1"
local CUT_SHORT = "the answer was cut short"

describe("core.reader", function()
  describe("takes a status line", function()
    for name, case in pairs {
      ["with a reason"] = { "HTTP/1.1 200 All is well", 200 },
      ["with an empty reason"] = { "HTTP/1.1 404 ", 404 },
      ["without a reason"] = { "HTTP/1.1 503", 503 },
      ["with a number of nobody's"] = { "HTTP/1.1 999 \255\1", 999 },
      ["of a later 1.x"] = { "HTTP/1.9 200 OK", 200 },
    } do
      it(name, function()
        assert_read(case[1] .. "\r\n" .. NOTHING, case[2], "", {})
        assert_read(case[1] .. "\nContent-Length: 0\n\n", case[2], "", {})
      end)
    end

    it("and nothing else in its place", function()
      for _, line in ipairs {
        "", " HTTP/1.1 200 OK", "HTTP/2 200 OK", "HTTP/2.0 200 OK", "http/1.1 200 OK", "HTTP/1.10 200 OK",
        "HTTP/1.x 200 OK", "HTTP/1.1  200 OK", "HTTP/1.1\t200 OK", "HTTP/1.1 20 OK", "HTTP/1.1 2000 OK",
        "HTTP/1.1 099 OK", "HTTP/1.1 2x0 OK", "HTTP/1.1 20x OK", "HTTP/1.1 x00 OK", "HTTP/1.1 200\tOK",
        "HTTP/1.1 200\r", "HTTP/1.1", "SSH-2.0-OpenSSH_9", "{}", "\0",
      } do
        assert_refused_at_once(line .. "\r\n" .. NOTHING, NO_ANSWER)
      end
    end)
  end)

  describe("takes headers", function()
    local function assert_headers(text, headers)
      headers["content-length"] = "0"
      assert_read(OK .. text .. NOTHING, 200, "", { headers = headers })
    end

    it("with names in lower case and values without blanks around them", function()
      assert_headers("X-One:1\r\nx-TWO: \t2 3\t \r\nEmpty:\r\nBlank: \t\r\nZ!#$%&'*+-.^_`|~9: z\r\n",
        { ["x-one"] = "1", ["x-two"] = "2 3", empty = "", blank = "", ["z!#$%&'*+-.^_`|~9"] = "z" })
    end)

    it("with any bytes in a value but a NUL", function()
      assert_headers("A: \1\127\128\255:b\r\n", { a = "\1\127\128\255:b" })
      assert_refused_at_once(OK .. "A: x\0y\r\n" .. NOTHING, BAD_HEADER)
      assert_refused_at_once(OK .. "A: \0\r\n" .. NOTHING, BAD_HEADER)
    end)

    it("repeated, as a list", function()
      assert_headers("A: 1\r\nB: x\r\na: 2\r\n", { a = "1, 2", b = "x" })
    end)

    it("folded, in one line", function()
      assert_headers("A: 1\r\n 2\r\n\t \t3 \r\nB: x\r\n", { a = "1 2 3", b = "x" })
      assert_headers("A:\r\n x\r\n", { a = "x" })
    end)

    it("and not folded before there is one", function()
      assert_refused_at_once(OK .. " A: 1\r\n" .. NOTHING, BAD_HEADER)
      assert_refused_at_once("HTTP/1.1 100 Continue\r\nA: 1\r\n\r\n" .. OK .. " A: 1\r\n" .. NOTHING, BAD_HEADER)
    end)

    it("with a carriage return alone as a blank", function()
      assert_headers("A: one\rB: 2\r\n", { a = "one B: 2" })
      assert_headers("A: \r1\r\r\n\rB: 2\r\n", { a = "1 B: 2" })
    end)

    it("with bare line ends", function()
      assert_headers("A: 1\nB: 2\r\nC: 3\n", { a = "1", b = "2", c = "3" })
    end)

    it("and no other lines", function()
      for _, line in ipairs {
        "A", ":", ": x", "A : 1", "A\t: 1", "A B: 1", "A\0: 1", "A\r: 1", "A\11: 1", "A\127: 1", "A\160: 1", "A(b): 1",
        "A@: 1", "HTTP/1.1 200 OK",
      } do
        assert_refused_at_once(OK .. line .. "\r\n" .. NOTHING, BAD_HEADER)
        assert_refused_at_once("HTTP/1.1 100 Continue\r\n" .. line .. "\r\n\r\n" .. OK .. NOTHING, BAD_HEADER)
      end
    end)
  end)

  describe("skips 1xx answers", function()
    it("of any number, with all that they say", function()
      assert_read("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nA: early\r\nConnection: close\r\n"
        .. "Content-Length: 3\r\n\r\nHTTP/1.0 199 x\r\n\r\n" .. OK .. "B: 1\r\nContent-Length: 2\r\n\r\nok", 200, "ok",
        { headers = { b = "1", ["content-length"] = "2" } })
    end)

    it("and is still waiting behind them", function()
      local is_over, _, ex = feed { "HTTP/1.1 100 Continue\r\n\r\n" }
      assert.is_false(is_over)
      assert.equal(0, ex:status())
      assert_refused("HTTP/1.1 100 Continue\r\n\r\n", CUT_SHORT)
    end)

    it("but not a change of protocol", function()
      assert_refused_at_once("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n",
        "the other side wants another protocol")
    end)

    it("nor a contradiction in them", function()
      assert_refused_at_once("HTTP/1.1 100 C\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n" .. OK .. NOTHING,
        TWO_LENGTHS)
    end)
  end)

  describe("knows where a body ends", function()
    for name, case in pairs {
      ["by its length"] = { OK .. "Content-Length: 5\r\n\r\nhe\0lo", 200, "he\0lo" },
      ["by a length with zeros"] = { OK .. "Content-Length: 00000000000000000005\r\n\r\nhello", 200, "hello" },
      ["by one length twice"] = { OK .. "Content-Length: 2\r\ncontent-length:2\r\n\r\nok", 200, "ok" },
      ["that is empty"] = { OK .. NOTHING, 200, "" },
      ["that is empty by many zeros"] = { OK .. "Content-Length: 00000000000000\r\n\r\n", 200, "" },
      ["by the connection's end"] = { OK .. "\r\nto\r\n\r\n\0the end", 200, "to\r\n\r\n\0the end", ends = true,
        is_reusable = false },
      ["at the connection's end at once"] = { OK .. "\r\n", 200, "", ends = true, is_reusable = false },
      ["by chunks"] = { chunked "5\r\nhello\r\n3\r\n wo\r\n0\r\n\r\n", 200, "hello wo" },
      ["by no chunk at all"] = { chunked "0\r\n\r\n", 200, "" },
      ["by chunks with bare line ends"] = { chunked "2\nab\n0\n\n", 200, "ab" },
      ["by chunks with line ends inside"] = { chunked "4\r\n\r\n0\n\r\n000\r\n\r\n", 200, "\r\n0\n" },
      ["by chunks in hexadecimal"] = {
        chunked("A\r\n0123456789\r\n0000000000f\r\n" .. ("x"):rep(15) .. "\r\n0\r\n\r\n"),
        200, "0123456789" .. ("x"):rep(15),
      },
      ["by chunks with extensions"] = {
        chunked '1;a=b\r\nx\r\n1 ; c="d;e"\r\ny\r\n1 \t \r\nz\r\n0;f\t\r\n\r\n', 200, "xyz",
      },
      ["by chunks with trailers"] = { chunked "1\r\nx\r\n0\r\nA: 1\r\nB:\r\n 2\r\nA: 3\r\n\r\n", 200, "x",
        headers = { ["transfer-encoding"] = "chunked" } },
      ["by a coding in capitals"] = { OK .. "Transfer-Encoding: CHUNKED\r\n\r\n1\r\nx\r\n0\r\n\r\n", 200, "x" },
      ["by chunks rather than by a length"] = { OK .. "Content-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n"
        .. "1\r\nx\r\n0\r\n\r\n", 200, "x", is_reusable = false },
      ["by chunks rather than by a length behind them"] = { OK .. "Transfer-Encoding: chunked\r\n"
        .. "Content-Length: 1\r\n\r\n1\r\nx\r\n0\r\n\r\n", 200, "x", is_reusable = false },
      ["of 204: there is none"] = { "HTTP/1.1 204 No Content\r\n\r\n", 204, "" },
      ["of 304: there is none"] = { "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", 304, "" },
      ["of 304 in chunks: there is none"] = { "HTTP/1.1 304 x\r\nTransfer-Encoding: chunked\r\n\r\n", 304, "" },
      ["of an answer to HEAD: there is none"] = { OK .. "Content-Length: 5\r\n\r\n", 200, "", method = "HEAD" },
      ["of an answer in chunks to HEAD: there is none"] = { OK .. "Transfer-Encoding: chunked\r\n\r\n", 200, "",
        method = "HEAD" },
      ["of an error for HEAD: there is none"] = { "HTTP/1.1 500 x\r\n\r\n", 500, "", method = "HEAD" },
      ["of a redirection"] = { "HTTP/1.1 302 x\r\nLocation: http://h/\r\nContent-Length: 1\r\n\r\nx", 302, "x" },
    } do
      it(name, function()
        assert_read(case[1], case[2], case[3], case)
      end)
    end

    it("or refuses to guess by a length", function()
      for _, value in ipairs { "", "-1", "+1", "1x", "x", "0x1", "1.0", "1 2", "5, 5", "5,", "5\r6" } do
        assert_refused_at_once(OK .. "Content-Length: " .. value .. "\r\n\r\nhello, hello", BAD_LENGTH)
      end
      assert_refused_at_once(OK .. "Content-Length: 5\r\n 6\r\n\r\nhello", BAD_LENGTH)
    end)

    it("or refuses to choose between lengths", function()
      for _, method in ipairs { "POST", "HEAD" } do
        for _, second in ipairs { "6", "05", "", "5, 5" } do
          assert_refused_at_once(OK .. "Content-Length: 5\r\nContent-Length: " .. second .. "\r\n\r\nhello!",
            TWO_LENGTHS, method)
        end
      end
    end)

    it("or refuses to guess by a coding", function()
      for _, value in ipairs { "", "gzip", "gzip, chunked", "chunked, gzip", "chunked, chunked", "identity", "xchunked",
        "chunked;q=1", "chunked\r\n ,", "\11chunked", "chunked\r\nTransfer-Encoding: chunked" } do
        assert_refused_at_once(OK .. "Transfer-Encoding: " .. value .. "\r\n\r\n0\r\n\r\n", BAD_CODING)
      end
      assert_refused_at_once("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", BAD_CODING)
    end)

    it("or refuses what is badly chunked", function()
      for _, text in ipairs {
        "\r\n", "x\r\n", " 1\r\nx\r\n", "-1\r\n", "+1\r\nx\r\n", "0x1\r\nx\r\n", "1 x\r\n", "1, 2\r\n",
        ";a\r\nx\r\n", "1\rx\r\nx\r\n",
        "1;a\rb\r\nx\r\n", "1;a\0b\r\nx\r\n", "1;\r\r\nx\r\n", "100000000\r\n", "fffffffffffffffff1\r\n",
        "1\r\nxy\r\n", "1\r\nxy\n", "1\r\nx\ry\r\n", "1\r\nx\r\r\n", "1\r\nx 1\r\n", "1\r\nx0\r\n\r\n",
      } do
        assert_refused_at_once(chunked(text), BAD_CHUNK)
      end
    end)

    it("or refuses trailers that are none", function()
      for _, line in ipairs { "x", "HTTP/1.1 200 OK", ": x", "A : 1" } do
        assert_refused_at_once(chunked("0\r\n" .. line .. "\r\n\r\n"), BAD_HEADER)
      end
    end)
  end)

  describe("knows whether a connection stays", function()
    for name, case in pairs {
      ["by HTTP/1.1"] = { "1.1", "", true },
      ["by a later 1.x"] = { "1.2", "", true },
      ["by HTTP/1.1 that closes"] = { "1.1", "Connection: close\r\n", false },
      ["by HTTP/1.1 that Closes"] = { "1.1", "connection:CLOSE\r\n", false },
      ["by HTTP/1.1 that closes, in a list"] = { "1.1", "Connection: x,\tclose , y\r\n", false },
      ["by HTTP/1.1 that closes, in a second list"] = { "1.1", "Connection: x\r\nConnection: ,, y,close\r\n", false },
      ["by HTTP/1.1 that closes, folded"] = { "1.1", "Connection: x,\r\n close\r\n", false },
      ["by HTTP/1.1 that closes, among odd blanks"] = { "1.1", "Connection: x\11close\12\r\n", false },
      ["by HTTP/1.1 that says both"] = { "1.1", "Connection: keep-alive, close\r\n", false },
      ["by HTTP/1.1 with words like it"] = { "1.1", "Connection: closed, enclose, clos\r\nX: close\r\n", true },
      ["by HTTP/1.0"] = { "1.0", "", false },
      ["by HTTP/1.0 that stays"] = { "1.0", "Connection: Keep-Alive\r\n", true },
      ["by HTTP/1.0 that stays, in a list"] = { "1.0", "Connection: x, keep-alive\r\n", true },
      ["by HTTP/1.0 that says both"] = { "1.0", "Connection: close\r\nConnection: keep-alive\r\n", false },
      ["by HTTP/1.0 with words like it"] = { "1.0", "Connection: keep-alives\r\nKeep-Alive: timeout=5\r\n", false },
    } do
      it(name, function()
        local head = "HTTP/" .. case[1] .. " 200 OK\r\n" .. case[2]
        assert_read(head .. "Content-Length: 2\r\n\r\nok", 200, "ok", { is_reusable = case[3] })
        assert_read(head .. NOTHING, 200, "", { is_reusable = case[3] })
        assert_read(head .. "\r\n", 200, "", { is_reusable = case[3], method = "HEAD" })
        assert_read(head .. "\r\n", 200, "", { is_reusable = false, ends = true })
      end)
    end

    it("by chunks", function()
      assert_read(chunked "0\r\n\r\n", 200, "", {})
      assert_read(OK .. "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200, "",
        { is_reusable = false })
      assert_read("HTTP/1.1 100 x\r\nConnection: close\r\n\r\n" .. chunked "0\r\n\r\n", 200, "", {})
    end)

    it("by a 204 for which others might see a body", function()
      assert_read("HTTP/1.1 204 x\r\n" .. NOTHING, 204, "", {})
      assert_read("HTTP/1.1 204 x\r\nContent-Length: 1\r\n\r\n", 204, "", { is_reusable = false })
      assert_read("HTTP/1.1 204 x\r\nTransfer-Encoding: chunked\r\n\r\n", 204, "", { is_reusable = false })
    end)

    it("not when anything comes behind the answer, then or later", function()
      for _, text in ipairs {
        OK .. "Content-Length: 2\r\n\r\nok", OK .. NOTHING, chunked "2\r\nok\r\n0\r\n\r\n", chunked "0\r\nA: 1\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n",
      } do
        for _, rest in ipairs { "\n", "\0", "\r\n", OK, OK .. NOTHING } do
          local _, _, whole = feed { text }
          for _, pieces in ipairs(cuts(text .. rest)) do
            local is_over, is_reusable, ex = feed(pieces)
            assert.is_true(is_over)
            assert.is_false(is_reusable)
            assert.equal(whole:status(), ex:status())
            assert.equal(whole:body(), ex:body())
            assert.same(whole:headers(), ex:headers())
          end
        end
      end
    end)
  end)

  describe("sees a tunnel behind CONNECT", function()
    it("whatever the head of a success says about bodies and connections", function()
      for _, version in ipairs { "HTTP/1.0", "HTTP/1.1" } do
        for _, line in ipairs {
          "", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "Connection: close\r\n",
        } do
          assert_read(version .. " 200 Connection established\r\n" .. line .. "\r\n", 200, "", { method = "CONNECT" })
          assert_read(version .. " 299 x\r\n" .. line .. "\r\n\22\3\1", 299, "",
            { method = "CONNECT", is_reusable = false })
        end
      end
    end)

    it("not behind a refusal, which has its body", function()
      assert_read("HTTP/1.1 407 x\r\nContent-Length: 2\r\n\r\nno", 407, "no", { method = "CONNECT" })
      assert_read("HTTP/1.0 300 x\r\n\r\nno", 300, "no", { method = "CONNECT", is_reusable = false, ends = true })
    end)

    it("nor behind another method", function()
      assert_read("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", 200, "x",
        { method = "connect", is_reusable = false })
    end)
  end)

  describe("says that an answer was cut short", function()
    for name, text in pairs {
      ["in its status line"] = "HTTP/1.1 20",
      ["behind its status line"] = OK,
      ["in a header"] = OK .. "A: 1",
      ["before the empty line"] = OK .. "A: 1\r\n",
      ["in the empty line"] = OK .. "A: 1\r\n\r",
      ["before its body"] = OK .. "Content-Length: 1\r\n\r\n",
      ["in its body"] = OK .. "Content-Length: 3\r\n\r\nab",
      ["before the first chunk"] = chunked "",
      ["in a chunk's length"] = chunked "5",
      ["behind a chunk's length"] = chunked "5\r\n",
      ["in a chunk"] = chunked "5\r\nhell",
      ["behind a chunk"] = chunked "5\r\nhello",
      ["in a chunk's end"] = chunked "5\r\nhello\r",
      ["between chunks"] = chunked "5\r\nhello\r\n",
      ["in its trailers"] = chunked "0\r\nA: 1\r\n",
      ["before the last line"] = chunked "0\r\n",
      ["in the last line"] = chunked "0\r\n\r",
    } do
      it(name, function()
        local is_over = feed { text }
        assert.is_false(is_over)
        assert_refused(text, CUT_SHORT)
      end)
    end

    it("or that there was none", function()
      for _, pieces in ipairs { {}, { "" }, { "", "" } } do
        local is_over, message = feed(pieces, nil, true)
        assert.is_nil(is_over)
        assert.equal("the connection was closed before an answer came", message)
      end
    end)
  end)

  describe("works on one exchange", function()
    it("whose earlier answer it forgets", function()
      local ex = core.exchange()
      assert(ex:respond(500, { a = "1" }, "old"))
      local reader = core.reader(ex, "GET")
      assert.equal(0, ex:status())
      assert.equal("", ex:body())
      assert.same({}, ex:headers())
      assert.is_true((reader:feed(ex, OK .. "Content-Length: 1\r\n\r\nx")))
      assert.equal("x", ex:body())
    end)

    it("which has no status before the answer is over", function()
      local ex = core.exchange()
      local reader = core.reader(ex, "GET")
      reader:feed(ex, OK .. "Content-Length: 2\r\n\r\nx")
      assert.equal(0, ex:status())
      reader:feed(ex, "x")
      assert.equal(200, ex:status())
    end)

    it("and leaves it alone once the answer is over", function()
      for _, text in ipairs { OK .. NOTHING, "x\n" } do
        local ex = core.exchange()
        local reader = core.reader(ex, "GET")
        local is_over = reader:feed(ex, text)
        assert(ex:respond(404, { a = "1" }, "other"))
        for _ = 1, 2 do
          local again, result = reader:feed(ex, OK)
          assert.equal(is_over, again)
          assert.equal(not is_over and NO_ANSWER, result)
          again, result = reader:finish(ex)
          assert.equal(is_over, again)
          assert.equal(not is_over and NO_ANSWER, result)
          reader:abandon(ex)
        end
        assert.equal(404, ex:status())
        assert.equal("other", ex:body())
        assert.same({ a = "1" }, ex:headers())
      end
    end)

    it("and takes from it what nobody waits for any more", function()
      for _, text in ipairs { "", "HTT", OK .. "A: 1\r\n", OK .. "Content-Length: 5\r\n\r\nhell", OK .. "\r\nx" } do
        local ex = core.exchange()
        local reader = core.reader(ex, "GET")
        reader:feed(ex, text)
        reader:abandon(ex)
        assert.equal(0, ex:status())
        assert.equal("", ex:body())
        assert.same({}, ex:headers())
        assert.is_nil((reader:feed(ex, OK .. NOTHING)))
        assert.is_nil((reader:finish(ex)))
        assert.equal(0, ex:status())
      end
    end)

    it("and takes no other, nor anything else", function()
      local ex, other = core.exchange(), core.exchange()
      local reader = core.reader(ex, "GET")
      for _, wrong in ipairs { "x", 1, {}, io.stdout } do
        for _, method in ipairs { "feed", "finish", "abandon" } do
          assert.is_false((pcall(reader[method], reader, wrong, OK)))
          assert.is_false((pcall(reader[method], wrong, ex, OK)))
          assert.is_false((pcall(reader[method], reader, other, OK)))
          assert.is_false((pcall(reader[method], reader, reader, OK)))
          assert.is_false((pcall(reader[method], ex, ex, OK)))
        end
        assert.is_false((pcall(core.reader, wrong, "GET")))
      end
      assert.is_false((pcall(reader.feed, reader)))
      assert.is_false((pcall(reader.feed, reader, ex)))
      assert.is_false((pcall(reader.feed, reader, ex, {})))
      assert.is_false((pcall(core.reader, ex)))
      assert.is_true((reader:feed(ex, OK .. NOTHING)))
    end)

    it("which may be emptied, filled or collected meanwhile", function()
      local text = "HTTP/1.1 100 C\r\nA: 1\r\n\r\n" .. OK .. "A: 1\r\n 2\r\nTransfer-Encoding: chunked\r\n\r\n" ..
        "3\r\nabc\r\n2\r\nde\r\n0\r\nT: 1\r\n\r\n"
      for i = 0, #text do
        for _, disturb in ipairs { "clear", "respond", "reader", "finalizer" } do
          local ex = core.exchange()
          local reader = core.reader(ex, "GET")
          reader:feed(ex, text:sub(1, i))
          if disturb == "clear" then
            ex:clear()
          elseif disturb == "respond" then
            assert(ex:respond(200, { ["content-length"] = "9" }, "abc"))
          elseif disturb == "reader" then
            core.reader(ex, "HEAD"):feed(ex, "HTTP/1.1 200 OK\r\nB: 1")
          else
            local gc = getmetatable(reader).__gc
            gc(reader)
            gc(reader)
          end
          local is_over = reader:feed(ex, text:sub(i + 1))
          if is_over == false then
            reader:finish(ex)
          end
          assert.equal("string", type(ex:body()))
          assert.equal("table", type(ex:headers()))
        end
      end
      local reader = core.reader(core.exchange(), "GET") -- nothing else holds the exchange
      collectgarbage()
      collectgarbage()
      local ex = core.exchange()
      pcall(reader.feed, reader, ex, OK) -- one at the same place is as good as the one before
      assert(ex:respond(200, {}, "abc"))
      assert.equal("abc", ex:body())
    end)
  end)

  it("puts a line together from single bytes, up to the cap #slow", function()
    local ex = core.exchange()
    local reader = core.reader(ex, "GET")
    reader:feed(ex, OK .. "A: ")
    for _ = 1, HEAD_MAX - 100 do
      reader:feed(ex, "x")
    end
    assert.is_true((reader:feed(ex, "\r\n" .. NOTHING)))
    assert.equal(("x"):rep(HEAD_MAX - 100), ex:header("a"))
  end)
end)
