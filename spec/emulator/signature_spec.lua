local dxconnect = require "dxconnect"
local emulated = require "spec.support.emulated"

local KEYS = require("spec.support.world").KEYS

local function with_token(token)
  return { access_key_id = "AKIDEXAMPLE", secret_access_key = KEYS.secret_access_key, session_token = token }
end

describe("the emulator's check of signatures", function()
  local function call(known, given, options)
    local client, emulator, record = emulated.world({ credentials = known }, { credentials = given, max_attempts = 1 })
    local result, err = client:describe_lags({}, options)
    return result and "ok" or err.code, err, emulator, record
  end

  it("takes the right ones, and no others", function()
    assert.equal("ok", call(KEYS, KEYS))
    assert.equal("ok", call({ { access_key_id = "B", secret_access_key = "b" }, KEYS }, KEYS))
    assert.equal("ok", call(function()
      return KEYS
    end, KEYS))
    assert.equal("UnrecognizedClientException", call(KEYS, { access_key_id = "B", secret_access_key = "b" }))
    assert.equal("InvalidSignatureException",
      call(KEYS, { access_key_id = "AKIDEXAMPLE", secret_access_key = "another" }))
  end)

  it("takes any where it knows none", function()
    assert.equal("ok", call(nil, { access_key_id = "any", secret_access_key = "thing" }))
    assert.equal("ok", call(nil, with_token "t"))
  end)

  it("covers the session token", function()
    assert.equal("ok", call(with_token "t", with_token "t"))
    assert.equal("UnrecognizedClientException", call(with_token "t", with_token "u"))
    assert.equal("UnrecognizedClientException", call(with_token "t", KEYS))
    assert.equal("UnrecognizedClientException", call(KEYS, with_token "t"))
  end)

  it("says when credentials have expired", function()
    local known = with_token "t"
    known.expiration = 1700000000
    assert.equal("ExpiredTokenException", call(known, with_token "t"))
    known.expiration = 1700000001
    assert.equal("ok", call(known, with_token "t"))
  end)

  it("covers further headers that are signed", function()
    assert.equal("ok", call(KEYS, KEYS, { headers = { ["x-amz-meta"] = " a  b " } }))
  end)

  it("covers the date: a client whose clock is off is told the time, and corrects itself", function()
    for _, off in ipairs { -3600, 3600 } do
      local emulator = dxconnect.emulator {
        credentials = KEYS,
        clock = function()
          return 1700000000
        end,
      }
      local client = assert(dxconnect.client {
        region = "us-east-1", credentials = KEYS, transport = emulator.transport,
        system = {
          getenv = function() end,
          read_file = function()
            return nil, "no files"
          end,
          clock = function()
            return 1700000000 + off
          end,
        },
      })
      local _, _, meta = client:describe_lags()
      assert.equal(2, meta.attempts)
    end
  end)

  it("refuses a request from another time", function()
    local client, emulator, record = emulated.world { credentials = KEYS }
    local request = assert(client:prepare "describe_lags")
    for off, status in pairs { [300] = 200, [301] = 400, [-300] = 200, [-301] = 400 } do
      record.now = 1700000000 + off
      local response = emulator.transport(request)
      assert.equal(status, response.status)
      assert.equal(status == 400, response.body:find("InvalidSignatureException", 1, true) ~= nil)
    end
  end)

  describe("looks at the request, which", function()
    local emulator, request

    before_each(function()
      local client
      client, emulator = emulated.world { credentials = KEYS }
      request = assert(client:prepare("describe_lags", { lagId = "dxlag-x" }))
    end)

    local function answer()
      local response = emulator.transport(request)
      return response.status .. " " .. response.body:match('"__type":"(%w+)"')
    end

    it("is whole", function()
      assert.equal("400 DirectConnectClientException", answer())
    end)

    it("has one", function()
      request.headers.authorization = nil
      assert.equal("403 MissingAuthenticationTokenException", answer())
    end)

    it("has it in form", function()
      local whole = request.headers.authorization
      for _, bad in ipairs {
        "Basic QQ==", (whole:gsub("Signature=", "Signatur=")), (whole:gsub("SignedHeaders=%S+", "")),
        (whole:gsub("/aws4_request", "")), (whole:gsub("Signature=%x+", "Signature=abc")),
      } do
        request.headers.authorization = bad
        assert.equal("400 IncompleteSignatureException", answer())
      end
    end)

    it("has a date that fits", function()
      request.headers["x-amz-date"] = nil
      assert.equal("400 IncompleteSignatureException", answer())
      request.headers["x-amz-date"] = "20010101T000000Z"
      assert.equal("400 InvalidSignatureException", answer())
    end)

    it("was not changed on its way", function()
      local body = request.body
      request.body = '{"lagId":"dxlag-y"}'
      assert.equal("400 InvalidSignatureException", answer())
      request.body = body
      request.headers["x-amz-target"] = "OvertureService.DescribeConnections"
      assert.equal("400 InvalidSignatureException", answer())
      request.headers["x-amz-target"] = "OvertureService.DescribeLags"
      request.url = request.url .. "?x=1"
      assert.equal("400 InvalidSignatureException", answer())
    end)

    it("has the headers that it says were signed, in order, the host among them", function()
      local whole = request.headers.authorization
      request.headers.authorization = whole:gsub("SignedHeaders=", "SignedHeaders=a;")
      assert.equal("400 InvalidSignatureException", answer())
      request.headers.authorization = whole:gsub("SignedHeaders=[^,]+", "SignedHeaders=x-amz-date;host")
      assert.equal("400 InvalidSignatureException", answer())
      request.headers.authorization = whole:gsub("host;", "")
      assert.equal("400 InvalidSignatureException", answer())
    end)

    it("has them in order, with the host, also where any key will do", function()
      emulator = dxconnect.emulator()
      assert.equal("400 DirectConnectClientException", answer())
      local whole = request.headers.authorization
      request.headers.authorization = whole:gsub("SignedHeaders=[^,]+", "SignedHeaders=x-amz-date;host")
      assert.equal("400 InvalidSignatureException", answer())
      for from, to in pairs { ["host;"] = "", ["/directconnect/"] = "/ec2/", ["/us%-east%-1/"] = "//" } do
        request.headers.authorization = whole:gsub(from, to)
        assert.equal("400 InvalidSignatureException", answer())
      end
      request.headers.authorization = whole
      request.headers["x-amz-date"] = "20010101T000000Z"
      assert.equal("400 InvalidSignatureException", answer())
    end)

    it("may leave the host to its URL", function()
      request.headers.host = nil
      assert.equal("400 DirectConnectClientException", answer())
    end)

    it("is for this service", function()
      request.headers.authorization = request.headers.authorization:gsub("/directconnect/", "/ec2/")
      assert.equal("400 InvalidSignatureException", answer())
    end)
  end)
end)
