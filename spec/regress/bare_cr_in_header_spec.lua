--- A carriage return without a line feed in a header's value. Found by fuzzing HTTP/1.1 as the transport for OpenResty
-- reads it: the value kept the byte, so that `meta.headers` and an error's request id held half a line end, which some
-- terminals and logs take for a whole one. RFC 9112 wants it refused or made a blank; both transports make it a blank.

local core = require "dxconnect.core"
local curl = require "dxconnect.transport.curl"
local faultd = require "spec.support.faultd"
local http1 = require "dxconnect.transport.http1"

local ANSWER = "HTTP/1.1 200 OK\r\nX-Amzn-RequestId: one\rX-Two: 2\r\nContent-Length: 2\r\n\r\n{}"

describe("a bare carriage return in a header", function()
  it("is a blank to the transport for OpenResty", function()
    local sent = false
    local ex = core.exchange()
    assert(http1.read({
      receive = function()
        if sent then
          return nil, "closed"
        end
        sent = true
        return ANSWER
      end,
    }, ex, "POST"))
    assert.equal("one X-Two: 2", ex:header("x-amzn-requestid"))
    assert.is_nil(ex:header("x-two"))
    assert.equal("{}", ex:body())
  end)

  it("is a blank to the transport over libcurl", function()
    local server = faultd.start { faultd.send(ANSWER) }
    local transport = assert(curl.new { values = {}, no_proxy = "" })
    local ex = core.exchange()
    assert(ex:load { method = "POST", url = server.url, headers = {}, body = "{}" })
    local ok, message = transport:send(ex, 5, 5)
    transport:close()
    server:stop()
    assert.is_true(ok, message)
    assert.equal("one X-Two: 2", ex:header("x-amzn-requestid"))
    assert.is_nil(ex:header("x-two"))
  end)
end)
