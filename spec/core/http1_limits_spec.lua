--- How large an answer may be for the reader that both transports have.

local core = require "dxconnect.core"

local HEAD_MAX = 256 * 1024
local BODY_MAX = 64 * 1024 * 1024

local OK = "HTTP/1.1 200 OK\r\n"

local TOO_LARGE = "the answer is too large"
local LARGE_HEAD = "the answer's headers are too large"
local BAD_CHUNK = "the answer is badly chunked"

-- Feeds pieces to a reader. Returns is_over and what comes with it, and the exchange.
local function feed(pieces)
  local ex = core.exchange()
  local reader = core.reader(ex, "POST")
  local is_over, result = false, false
  for _, piece in ipairs(pieces) do
    is_over, result = reader:feed(ex, piece)
  end
  return is_over, result, ex
end

local function chunked(text)
  return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" .. text
end

local function assert_refused_at_once(text, message)
  local is_over, result, ex = feed { text }
  assert.is_nil(is_over)
  assert.equal(message, result)
  assert.equal(0, ex:status())
end

describe("core.reader has caps", function()
  -- Whether the head of an answer passes, with all that stands before its empty line; in one piece and in many.
  local function passes(text)
    text = text .. "\r\n"
    local pieces = {}
    for at = 1, #text, 16 do
      pieces[#pieces + 1] = text:sub(at, at + 15)
    end
    local is_over, message = feed { text }
    local is_over_in_pieces, message_in_pieces = feed(pieces)
    assert.equal(is_over, is_over_in_pieces)
    assert.equal(message, message_in_pieces)
    if is_over == nil then
      assert.equal(LARGE_HEAD, message)
    end
    return is_over ~= nil
  end

  it("for all header lines together", function()
    local line = "A: " .. ("x"):rep(995) .. "\r\n"
    local text = OK .. line:rep(262)
    local rest = HEAD_MAX - #text - 2
    assert.is_true(passes(text .. "B: " .. ("y"):rep(rest - 5) .. "\r\n"))
    assert.is_false(passes(text .. "B: " .. ("y"):rep(rest - 4) .. "\r\n"))
  end)

  it("for 1xx answers and the answer together", function()
    local early = "HTTP/1.1 100 C\r\n\r\n"
    local n = math.floor((HEAD_MAX - #OK - 2) / #early)
    assert.is_true(passes(early:rep(n) .. OK))
    assert.is_false(passes(early:rep(n + 1) .. OK))
  end)

  it("for the answer's headers and trailers together", function()
    local head, trailer = chunked "0\r\n", "A: " .. ("x"):rep(995) .. "\r\n"
    local n = math.floor((HEAD_MAX - #head) / #trailer)
    assert.is_true(passes(head .. trailer:rep(n)))
    assert.is_false(passes(head .. trailer:rep(n + 1)))
  end)

  it("for a line that does not end, in each state", function()
    for before, message in pairs {
      [""] = LARGE_HEAD,
      [OK] = LARGE_HEAD,
      [chunked "0\r\n"] = LARGE_HEAD,
      [chunked "1;"] = BAD_CHUNK,
      [chunked "1\r\nx"] = BAD_CHUNK,
    } do
      local piece, count = ("x"):rep(1000), 0
      local is_over, result
      local ex = core.exchange()
      local reader = core.reader(ex, "POST")
      reader:feed(ex, before)
      repeat
        is_over, result = reader:feed(ex, piece)
        count = count + 1
      until is_over ~= false or count > 300
      assert.is_nil(is_over)
      assert.equal(message, result)
      assert.is_true(count <= (message == BAD_CHUNK and 5 or HEAD_MAX / 1000 + 1))
    end
  end)

  it("for the number of header lines, those of trailers counted with them", function()
    local many = "HTTP/1.1 500 Sorry\r\nContent-Length: 0\r\n" .. ("a: b\r\n"):rep(999)
    assert.is_true((feed { many .. "\r\n" }))
    assert_refused_at_once(many .. "c: d\r\n", "the answer has more than 1,000 header lines")
    assert_refused_at_once(many .. " continued\r\n", "the answer has more than 1,000 header lines")
    assert_refused_at_once(chunked "0\r\n" .. ("a: b\r\n"):rep(1000), "the answer has more than 1,000 header lines")
  end)

  it("for a chunk's line", function()
    assert.is_true((feed { chunked("0;" .. ("x"):rep(20) .. "\r\n\r\n") }))
    assert.is_true((feed { chunked("0;" .. ("x"):rep(4092) .. "\r\n\r\n") }))
    assert.is_nil((feed { chunked("0;" .. ("x"):rep(4093) .. "\r\n\r\n") }))
  end)

  it("for an announced body", function()
    assert.is_false((feed { ("%sContent-Length: %d\r\n\r\n"):format(OK, BODY_MAX) }))
    for _, length in ipairs { "67108865", "671088640", "9999999999", "999999999999", "18446744073709551617",
      ("9"):rep(1000) } do
      assert_refused_at_once(OK .. "Content-Length: " .. length .. "\r\n\r\n", TOO_LARGE)
    end
  end)

  it("for chunks, each and together", function()
    assert.is_false((feed { chunked "4000000\r\n" }))
    assert_refused_at_once(chunked "4000001\r\n", TOO_LARGE)
    assert_refused_at_once(chunked "ffffffff\r\n", TOO_LARGE)
    assert_refused_at_once(chunked "1\r\nx\r\n4000000\r\n", TOO_LARGE)
  end)

  it("for a body without an announced end #slow", function()
    local ex = core.exchange()
    local reader = core.reader(ex, "POST")
    local piece = ("x"):rep(BODY_MAX / 16)
    assert.is_false((reader:feed(ex, OK .. "\r\n")))
    for _ = 1, 16 do
      assert.is_false((reader:feed(ex, piece)))
    end
    local is_over, message = reader:feed(ex, "x")
    assert.is_nil(is_over)
    assert.equal(TOO_LARGE, message)
    assert.equal("", ex:body())
  end)
end)
