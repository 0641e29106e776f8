local dxconnect = require "dxconnect"

local SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
local TOKEN = "token+of/the/session=="

local function options(changes)
  local all = {
    region = "us-east-1", service = "service",
    credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = SECRET },
    clock = function()
      return 1440938160
    end,
  }
  for name, value in pairs(changes or {}) do
    all[name] = value
  end
  return all
end

local function request(changes)
  local all = { method = "GET", url = "https://example.amazonaws.com/" }
  for name, value in pairs(changes or {}) do
    all[name] = value
  end
  return all
end

local function spellings(headers)
  local count = {}
  for name in pairs(headers) do
    count[name:lower()] = (count[name:lower()] or 0) + 1
  end
  return count
end

describe("dxconnect.sign", function()
  it("returns a new request with the signature's headers", function()
    local given = request { method = "POST", body = "Param1=value1",
      headers = { ["Content-Type"] = "application/x-www-form-urlencoded" } }
    local signed = assert(dxconnect.sign(given, options()))
    assert.equal("POST", signed.method)
    assert.equal(given.url, signed.url)
    assert.equal(given.body, signed.body)
    assert.same({
      ["Content-Type"] = "application/x-www-form-urlencoded",
      host = "example.amazonaws.com",
      ["x-amz-date"] = "20150830T123600Z",
      authorization = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        .. "SignedHeaders=content-type;host;x-amz-date, "
        .. "Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
    }, signed.headers)
    assert.same({ ["Content-Type"] = "application/x-www-form-urlencoded" }, given.headers)
    assert.is_nil(getmetatable(given))
  end)

  it("adds the session's token", function()
    local signed = assert(dxconnect.sign(request(), options {
      credentials = { access_key_id = "A", secret_access_key = "b", session_token = TOKEN } }))
    assert.equal(TOKEN, signed.headers["x-amz-security-token"])
    assert.truthy(signed.headers.authorization:find("x-amz-security-token", 1, true))
  end)

  it("keeps every given header once, under the name it was given", function()
    local signed = assert(dxconnect.sign(request { headers = { ["X-Mine"] = "1", HOST = "h", Date = "d",
      ["User-Agent"] = "me", ["X-List"] = { "a", "b" }, Authorization = "old", ["X-Amz-Date"] = "old" } }, options()))
    assert.equal("1", signed.headers["X-Mine"])
    assert.equal("h", signed.headers.HOST)
    assert.equal("d", signed.headers.Date)
    assert.equal("me", signed.headers["User-Agent"])
    assert.same({ "a", "b" }, signed.headers["X-List"])
    for name, n in pairs(spellings(signed.headers)) do
      assert.equal(1, n, name)
    end
    assert.equal("20150830T123600Z", signed.headers["x-amz-date"])
  end)

  it("makes one header of several spellings", function()
    local signed = assert(dxconnect.sign(request { headers = { ["X-A"] = "1", ["x-a"] = { "2", "3" } } }, options()))
    assert.same({ "1", "2", "3" }, signed.headers["X-A"])
    assert.is_nil(signed.headers["x-a"])
  end)

  it("can sign again what it signed", function()
    local first = assert(dxconnect.sign(request { headers = { a = "b" } }, options()))
    local second = assert(dxconnect.sign(first, options()))
    assert.same(first.headers, second.headers)
  end)

  it("takes credentials from a function, and the system's clock", function()
    local signed = assert(dxconnect.sign(request(), {
      region = "eu-central-1", service = "sts",
      credentials = function()
        return { access_key_id = "AKIDFUNCTION", secret_access_key = "x" }
      end,
    }))
    assert.truthy(signed.headers.authorization:find("AKIDFUNCTION/%d+/eu%-central%-1/sts/"))
    assert.truthy(signed.headers["x-amz-date"]:find("^20%d+T%d+Z$"))
  end)

  it("returns an error for a bad request", function()
    for _, bad in ipairs {
      { method = 3 }, { method = "" }, { url = 3 }, { url = "nowhere" }, { body = {} }, { headers = "x" },
      { headers = { "x" } }, { headers = { a = "b\r\nc: d" } }, { headers = { ["a:"] = "b" } },
      { headers = { a = true } }, { url = "https://h/\n" },
    } do
      local signed, err = dxconnect.sign(request(bad), options())
      assert.is_nil(signed)
      assert.equal("params", err.kind)
      assert.equal("ParamValidationError", err.code)
      assert.is_nil(tostring(err):find(SECRET, 1, true))
    end
  end)

  it("returns an error for bad options", function()
    for code, list in pairs {
      NoRegionError = { { region = false } },
      ConfigError = { { region = 3 }, { service = 3 }, { clock = 3 }, { sevice = "x" },
        { clock = function() error("x") end }, { clock = function() return "x" end } },
      CredentialsError = { { credentials = 3 }, { credentials = {} }, { credentials = { access_key_id = "A" } },
        { credentials = { access_key_id = "A", secret_access_key = "b\n" } },
        { credentials = function() return nil, "none today" end }, { credentials = function() error("x") end } },
    } do
      for _, bad in ipairs(list) do
        local all = options(bad)
        if bad.region == false then
          all.region = nil
        end
        local signed, err = dxconnect.sign(request(), all)
        assert.is_nil(signed)
        assert.equal(code, err.code)
      end
    end
    local all = options()
    all.credentials = nil
    assert.equal("NoCredentialsError", select(2, dxconnect.sign(request(), all)).code)
    all = options()
    all.service = nil
    assert.equal("ConfigError", select(2, dxconnect.sign(request(), all)).code)
    assert.is_nil((dxconnect.sign(request(), options { clock = function() return -1 end })))
    assert.is_nil((dxconnect.sign(request())))
  end)

  it("raises only where it is not given tables", function()
    local function check(pattern, ...)
      local given, how = ...
      local _, message = pcall(function()
        local signed = dxconnect.sign(given, how)
        return signed
      end)
      assert.truthy(message:find("sign_spec.lua:%d+: .*" .. pattern), message)
    end
    check("request must be a table", "x", options())
    check("options must be a table", request(), "x")
  end)

  it("prints without secrets", function()
    local signed = assert(dxconnect.sign(request {
      url = "https://user:password@h/path?X-Amz-Signature=abcdef", body = "the body",
      headers = { ["X-Api-Key"] = "my key", cookie = "my cookie", ["Content-Type"] = "text/plain" },
    }, options { credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = SECRET, session_token = TOKEN } }))
    local text = tostring(signed)
    for _, secret in ipairs { SECRET, TOKEN, "password", "abcdef", "my key", "my cookie", "the body", "Signature=" } do
      assert.is_nil(text:find(secret, 1, true), secret)
    end
    assert.truthy(text:find("text/plain", 1, true))
    assert.truthy(text:find("h/path", 1, true))
  end)
end)
