local core = require "dxconnect.core"
local dxconnect = require "dxconnect"
local json = require "cjson"
local scene = require "spec.support.scene"
local shell = require "spec.support.shell"

local SESSION = "arn:aws:iam::111122223333:user/me"
local CONFIG = "[default]\nlogin_session = " .. SESSION .. "\n"
local FILE = "/home/me/.aws/login/cache/6eeec053fe13079aaf7fd81065ec5ecbdb93674f20700e51842d0c769b240c8a.json"

local key = shell.output("openssl ecparam -name prime256v1 -genkey -noout 2>/dev/null")

-- What the CLI leaves behind.
local function session(access, fields)
  local all = {
    accessToken = {
      accessKeyId = "ASIAOLD", secretAccessKey = "hush-key", sessionToken = "hush-token", accountId = "111122223333",
      expiresAt = "2023-11-14T22:25:00Z",
    },
    tokenType = "aws_sigv4", clientId = "arn:aws:signin:::devtools/same-device", refreshToken = "hush-refresh",
    idToken = "hush-id", dpopKey = key,
  }
  for name, value in pairs(access or {}) do
    all.accessToken[name] = value or nil
  end
  for name, value in pairs(fields or {}) do
    all[name] = value or nil
  end
  return json.encode(all)
end

local ENDING = { expiresAt = "2023-11-14T22:16:00Z" } -- 160 seconds ahead
local PAST = { expiresAt = "2023-11-14T22:00:00Z" }

local function renewal(fields)
  local all = {
    accessToken = { accessKeyId = "ASIANEW", secretAccessKey = "new-key", sessionToken = "new-token" },
    tokenType = "aws_sigv4", expiresIn = 900, refreshToken = "hush-refresh-2",
  }
  for name, value in pairs(fields or {}) do
    all[name] = value or nil
  end
  return { status = 200, body = json.encode(all) }
end

local function client(file, stage)
  stage = stage or {}
  stage.config = stage.config or CONFIG
  stage.files = stage.files or { [FILE] = file }
  stage.answer = stage.answer or function() return renewal() end
  return scene.client(stage)
end

local function unbase64url(text)
  text = text:gsub("-", "+"):gsub("_", "/")
  return (assert(core.unbase64(text .. ("="):rep(-#text % 4))))
end

local function integer(bytes)
  bytes = bytes:gsub("^%z+", "")
  bytes = bytes:byte(1) >= 128 and "\0" .. bytes or bytes
  return "\2" .. string.char(#bytes) .. bytes
end

-- Whether openssl, the program, takes a proof's signature for the key's.
local function is_signed(proof)
  local data, signature = proof:match("^(.*)%.([^.]*)$")
  signature = unbase64url(signature)
  local body = integer(signature:sub(1, 32)) .. integer(signature:sub(33))
  local base = os.tmpname()
  assert(core.write_file(base .. ".key", key))
  assert(core.write_file(base .. ".data", data))
  assert(core.write_file(base .. ".signature", "\48" .. string.char(#body) .. body))
  local said = shell.output(("openssl pkey -in %s.key -pubout -out %s.public 2>&1; "
    .. "openssl dgst -sha256 -verify %s.public -signature %s.signature %s.data 2>&1"):format(base, base, base, base,
    base))
  os.execute("rm -f " .. base .. " " .. base .. ".*")
  return said:find("Verified OK", 1, true) ~= nil
end

describe("login", function()
  it("gives the credentials of the session in the cache", function()
    local c, record = client(session())
    local found = assert(c:credentials())
    assert.equal("ASIAOLD", found.access_key_id)
    assert.equal("hush-key", found.secret_access_key)
    assert.equal("hush-token", found.session_token)
    assert.equal("111122223333", found.account_id)
    assert.equal(1700000700, found.expiration)
    assert.matches("aws login of profile default", found.source)
    assert.equal(0, #record.requests)
    assert.same({}, record.written)
  end)

  it("finds the cache in another directory", function()
    local c = client(nil, {
      env = { AWS_LOGIN_CACHE_DIRECTORY = "~/elsewhere/" },
      files = { [FILE:gsub("%.aws/login/cache", "elsewhere")] = session() },
    })
    assert.equal("ASIAOLD", c:credentials().access_key_id)
  end)

  describe("renews the session", function()
    it("ahead of its end through the sign-in service, and writes it back", function()
      local c, record = client(session(ENDING))
      local found = assert(c:credentials())
      assert.equal("ASIANEW", found.access_key_id)
      assert.equal("new-key", found.secret_access_key)
      assert.equal("new-token", found.session_token)
      assert.equal("111122223333", found.account_id)
      assert.equal(scene.NOW + 900, found.expiration)
      local request = record.requests[1]
      assert.equal("POST", request.method)
      assert.equal("https://us-east-1.signin.aws.amazon.com/v1/token", request.url)
      assert.equal("application/json", request.headers["content-type"])
      assert.is_nil(request.headers.authorization)
      assert.same({
        clientId = "arn:aws:signin:::devtools/same-device", grantType = "refresh_token", refreshToken = "hush-refresh",
      }, json.decode(request.body))
      assert.same({ FILE }, record.written)
      assert.same(json.decode(session({
        accessKeyId = "ASIANEW", secretAccessKey = "new-key", sessionToken = "new-token",
        expiresAt = "2023-11-14T22:28:20Z",
      }, { refreshToken = "hush-refresh-2" })), json.decode(record.files[FILE]))
    end)

    it("proving that it has the key, with a proof that others can verify", function()
      local c, record = client(session(ENDING))
      assert(c:credentials())
      local proof = record.requests[1].headers.dpop
      local header, claims = proof:match("^([%w_-]+)%.([%w_-]+)%.[%w_-]+$")
      header, claims = json.decode(unbase64url(header)), json.decode(unbase64url(claims))
      local x, y = core.es256_jwk(key)
      assert.same({ typ = "dpop+jwt", alg = "ES256", jwk = { kty = "EC", crv = "P-256", x = x, y = y } }, header)
      assert.equal("POST", claims.htm)
      assert.equal("https://us-east-1.signin.aws.amazon.com/v1/token", claims.htu)
      assert.equal(scene.NOW, claims.iat)
      assert.equal(36, #claims.jti)
      assert.is_true(is_signed(proof))
      local other = proof:gsub("^.", "f")
      assert.is_false(is_signed(other))
    end)

    it("with another proof for each attempt", function()
      local c, record = client(session(ENDING), {
        answer = function(_, record)
          if #record.requests == 1 then
            return nil, "refused", "connect"
          end
          return renewal()
        end,
      })
      assert(c:credentials())
      assert.equal(2, #record.requests)
      assert.are_not.equal(record.requests[1].headers.dpop, record.requests[2].headers.dpop)
    end)

    it("once, since the refresh token may be spent", function()
      for what, answer in pairs {
        ["HTTP status 500"] = function() return { status = 500 } end,
        ["lost"] = function() return nil, "lost", "reset" end,
        ["unreadable"] = function() return { status = 200, body = "{}" } end,
      } do
        local c, record = client(session(PAST), { answer = answer })
        local found, err = c:credentials()
        assert.is_nil(found)
        assert.matches(what, err.message)
        assert.equal(1, #record.requests)
        if what == "unreadable" then -- never again, until somebody signs in anew
          record.now = record.now + 1000
          assert.is_nil((c:credentials()))
          assert.equal(1, #record.requests)
          record.files[FILE] = session(PAST, { refreshToken = "hush-another" })
          assert.is_nil((c:credentials()))
          assert.equal(2, #record.requests)
        end
      end
    end)

    it("and uses what it got where that can't be written back, whatever the file holds", function()
      for _, fields in ipairs { '"odd":1e999', '"odd":[' .. ("null,"):rep(1000) .. "1]", '"odd":[null,2]' } do
        local file = session(PAST):gsub("^{", "{" .. fields .. ",")
        local c, record = client(file)
        assert.equal("ASIANEW", assert(c:credentials()).access_key_id)
        assert.equal("hush-refresh-2", json.decode(record.files[FILE]).refreshToken)
      end
      local stage = { files = { [FILE] = session(PAST) }, answer = function(_, record)
        return renewal { refreshToken = "hush-refresh-" .. #record.requests }
      end }
      stage.config = CONFIG
      local options, record = scene.options(stage)
      options.system.write_file = function() return nil, "the disk is full" end
      local c = assert(dxconnect.client(options))
      assert.equal("ASIANEW", assert(c:credentials()).access_key_id)
      record.now = record.now + 880
      assert.equal("ASIANEW", assert(c:credentials()).access_key_id)
      assert.truthy(record.requests[2].body:find("hush-refresh-1", 1, true))
    end)

    -- stage, URL
    local places = {
      { { options = { region = "us-gov-west-1" } }, "https://us-gov-west-1.signin.amazonaws-us-gov.com/v1/token" },
      { { options = { use_fips_endpoint = true } }, "https://signin-fips.us-east-1.amazonaws.com/v1/token" },
      { { env = { AWS_ENDPOINT_URL_SIGNIN = "http://localhost:1/" } }, "http://localhost:1/v1/token" },
      { { config = CONFIG .. "endpoint_url = http://profile" }, "http://profile/v1/token" },
    }
    for _, case in ipairs(places) do
      it("at " .. case[2], function()
        local c, record = client(session(ENDING), case[1])
        assert(c:credentials())
        assert.equal(case[2], record.requests[1].url)
        local claims = record.requests[1].headers.dpop:match("%.([^.]*)%.")
        assert.equal(case[2], json.decode(unbase64url(claims)).htu)
      end)
    end

    it("not where another process did so already", function()
      local c, record = client(session())
      assert(c:credentials())
      record.files[FILE] = session { accessKeyId = "ASIAOTHER", expiresAt = "2023-11-14T22:40:00Z" }
      record.now = record.now + 690
      assert.equal("ASIAOTHER", c:credentials().access_key_id)
      assert.equal(0, #record.requests)
    end)

    it("where the service no longer takes the credentials", function()
      local c, record = client(session(), {
        answer = function(request)
          if request.url:find("signin", 1, true) then
            return renewal()
          elseif request.headers.authorization:find("ASIAOLD", 1, true) then
            return { status = 400, body = '{"__type":"ExpiredTokenException"}' }
          end
          return { status = 200, body = "{}" }
        end,
      })
      assert(c:describe_lags())
      assert.equal(3, #record.requests)
    end)

    it("and goes on with what is still good where that fails", function()
      local c, record = client(session(ENDING), { answer = function() return { status = 400 } end })
      assert.equal("ASIAOLD", c:credentials().access_key_id)
      assert.same({}, record.written)
    end)
  end)

  -- file, stage, words
  local function answering(status, body)
    return { answer = function() return { status = status, body = body } end }
  end
  local bad = {
    ["without a session in the cache"] = { nil, { files = {} }, "aws login --profile default" },
    ["with a cache that is no JSON"] = { "hush", {}, "aws login" },
    ["with a session without a key"] = { session(PAST, { dpopKey = false }), {}, "dpopKey" },
    ["with a session without a refresh token"] = { session(PAST, { refreshToken = false }), {}, "refreshToken" },
    ["with a session without a client"] = { session(PAST, { clientId = false }), {}, "clientId" },
    ["with a key that is none"] = { session(PAST, { dpopKey = "hush" }), {}, "key" },
    ["when the session has expired"] = {
      session(PAST), answering(401, '{"error":"TOKEN_EXPIRED","message":"hush"}'), "has expired",
    },
    ["when the password was changed"] = {
      session(PAST), answering(403, '{"error":"USER_CREDENTIALS_CHANGED","message":"hush"}'), "password",
    },
    ["when renewing is not allowed"] = {
      session(PAST), answering(403, '{"error":"INSUFFICIENT_PERMISSIONS","message":"hush"}'),
      "signin:CreateOAuth2Token",
    },
    ["when refused for another reason"] = { session(PAST), answering(400, '{"error":"hush"}'), "400" },
    ["when the sign-in service is out of order"] = { session(PAST), answering(500, "hush"), "500" },
    ["when it answers nonsense"] = { session(PAST), answering(200, "hush"), "unreadable" },
    ["when it answers without keys"] = {
      session(PAST), answering(200, '{"expiresIn":900,"accessToken":{}}'), "accessKeyId",
    },
    ["when it answers an endless lifetime"] = { session(PAST), answering(200, '{"expiresIn":1e300,"accessToken":{}}'),
      "unreadable" },
    ["when nobody answers"] = {
      session(PAST), { answer = function(request) return nil, "lost " .. request.body, "reset" end }, "aws login",
    },
  }
  for what, case in pairs(bad) do
    it("is an error " .. what, function()
      local c, record = client(case[1], case[2])
      local found, err = c:credentials()
      assert.is_nil(found)
      assert.equal("credentials", err.kind)
      assert.equal("CredentialsError", err.code)
      assert.truthy(err.message:find(case[3], 1, true), err.message)
      assert.is_nil(scene.texts({ err, record.events }):find("hush", 1, true))
      assert.is_nil(scene.texts(err):find("PRIVATE", 1, true))
      assert.same({}, record.written)
    end)
  end
end)
