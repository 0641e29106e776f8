local dxconnect = require "dxconnect"
local json = require "cjson"
local scene = require "spec.support.scene"
local shell = require "spec.support.shell"

local SESSION = [[
[default]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Net Admin
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
]]
local LEGACY = [[
[profile old]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 111122223333
sso_role_name = Net Admin
]]
-- The names that the CLI gives its files: the SHA-1 of the session's name, or of the start URL.
local CACHE = "/home/me/.aws/sso/cache/"
local SESSION_FILE = CACHE .. "ee0bfd2552fbd840c02cc48b6e823320543c450f.json"
local LEGACY_FILE = CACHE .. "a51746d4aa793ae07b25e90c3a5db96fc7832bd7.json"

local function token(fields)
  local all = {
    startUrl = "https://corp.awsapps.com/start", region = "eu-west-1", accessToken = "hush-token", clientId = "client",
    expiresAt = "2023-11-15T06:00:00Z", clientSecret = "hush-secret", refreshToken = "hush-refresh",
    registrationExpiresAt = "2024-01-01T00:00:00Z",
  }
  for name, value in pairs(fields or {}) do
    all[name] = value or nil
  end
  return json.encode(all)
end

local function role_credentials(expiration)
  return {
    status = 200,
    body = json.encode {
      roleCredentials = {
        accessKeyId = "ASIASSO", secretAccessKey = "s", sessionToken = "t", expiration = expiration or 1700003600000,
      },
    },
  }
end

local function client(stage)
  stage.config = stage.config or SESSION
  stage.files = stage.files or { [SESSION_FILE] = token() }
  stage.answer = stage.answer or function() return role_credentials() end
  return scene.client(stage)
end

-- Answers of both services; `renewal` is that to a token's renewal.
local function services(renewal)
  return function(request, record)
    if request.url:find("oidc", 1, true) then
      record.renewals = (record.renewals or 0) + 1
      return type(renewal) == "function" and renewal(request) or renewal
    end
    record.last_token = request.headers["x-amz-sso_bearer_token"]
    return role_credentials((record.now + 3600) * 1000)
  end
end

local NEW_TOKEN = {
  status = 200,
  body = '{"accessToken":"hush-second","expiresIn":28800,"refreshToken":"hush-refresh-2","tokenType":"Bearer"}',
}

describe("single sign-on", function()
  it("gives a role's credentials for the token in the session's cache", function()
    local c, record = client {}
    local found = assert(c:credentials())
    assert.equal("ASIASSO", found.access_key_id)
    assert.equal("s", found.secret_access_key)
    assert.equal("t", found.session_token)
    assert.equal("111122223333", found.account_id)
    assert.equal("1700003600", tostring(found.expiration))
    assert.matches("single sign%-on", found.source)
    local request = record.requests[1]
    assert.equal("GET", request.method)
    assert.equal("https://portal.sso.eu-west-1.amazonaws.com/federation/credentials?role_name=Net%20Admin"
      .. "&account_id=111122223333", request.url)
    assert.equal("hush-token", request.headers["x-amz-sso_bearer_token"])
    assert.is_nil(request.headers.authorization)
    assert.equal(1, #record.requests)
    assert.same({}, record.written)
  end)

  it("gives them in the legacy form, whose token is found by the start URL", function()
    local c, record = client {
      config = LEGACY, files = { [LEGACY_FILE] = token() }, options = { profile = "old" },
    }
    assert(c:credentials())
    assert.equal("hush-token", record.requests[1].headers["x-amz-sso_bearer_token"])
  end)

  -- stage, URL
  local places = {
    { { options = { use_fips_endpoint = true } }, "https://portal.sso-fips.eu-west-1.amazonaws.com/" },
    { { options = { use_dualstack_endpoint = true } }, "https://portal.sso.eu-west-1.api.aws/" },
    { { env = { AWS_ENDPOINT_URL_SSO = "http://sso:1/" } }, "http://sso:1/" },
    { { env = { AWS_ENDPOINT_URL = "http://general:1" } }, "http://general:1/" },
    { { config = SESSION .. "[services s]\nsso =\n  endpoint_url = http://services:1\n[default]\nservices = s" },
      "http://services:1/" },
  }
  for _, case in ipairs(places) do
    it("is asked at " .. case[2], function()
      local c, record = client(case[1])
      assert(c:credentials())
      assert.equal(case[2] .. "federation/credentials", record.requests[1].url:match("^[^?]*"))
    end)
  end

  it("asks anew ahead of the credentials' end, with the token of then", function()
    local c, record = client {}
    assert(c:credentials())
    record.files[SESSION_FILE] = token { accessToken = "hush-other" }
    record.now = record.now + 3000
    c:credentials()
    assert.equal("hush-other", record.requests[2].headers["x-amz-sso_bearer_token"])
  end)

  describe("renews its token", function()
    local SOON = "2023-11-14T22:20:00Z" -- 400 seconds ahead
    local PAST = "2023-11-14T22:00:00Z"

    it("ahead of its end, and writes it back", function()
      local c, record = client {
        files = { [SESSION_FILE] = token { expiresAt = SOON, scopes = { "sso:account:access" } } },
        answer = services(NEW_TOKEN),
      }
      assert(c:credentials())
      local request = record.requests[1]
      assert.equal("POST", request.method)
      assert.equal("https://oidc.eu-west-1.amazonaws.com/token", request.url)
      assert.equal("application/json", request.headers["content-type"])
      assert.is_nil(request.headers.authorization)
      assert.same({
        grantType = "refresh_token", clientId = "client", clientSecret = "hush-secret", refreshToken = "hush-refresh",
      }, json.decode(request.body))
      assert.equal("hush-second", record.last_token)
      assert.same({ SESSION_FILE }, record.written)
      assert.same({
        startUrl = "https://corp.awsapps.com/start", region = "eu-west-1", accessToken = "hush-second",
        expiresAt = "2023-11-15T06:13:20Z", clientId = "client", clientSecret = "hush-secret",
        refreshToken = "hush-refresh-2", registrationExpiresAt = "2024-01-01T00:00:00Z",
        scopes = { "sso:account:access" },
      }, json.decode(record.files[SESSION_FILE]))
    end)

    it("also where it is past its end", function()
      local c, record = client {
        files = { [SESSION_FILE] = token { expiresAt = PAST } }, answer = services(NEW_TOKEN),
      }
      assert(c:credentials())
      assert.equal("hush-second", record.last_token)
    end)

    it("in the session's own region, or where the environment says", function()
      local c, record = client {
        env = { AWS_ENDPOINT_URL_SSO_OIDC = "http://localhost/oidc" },
        files = { [SESSION_FILE] = token { expiresAt = SOON } }, answer = services(NEW_TOKEN),
      }
      assert(c:credentials())
      assert.equal("http://localhost/oidc/token", record.requests[1].url)
    end)

    it("and keeps what the answer does not replace", function()
      local c, record = client {
        files = { [SESSION_FILE] = token { expiresAt = SOON } },
        answer = services { status = 200, body = '{"accessToken":"hush-second","expiresIn":100}' },
      }
      assert(c:credentials())
      assert.equal("hush-refresh", json.decode(record.files[SESSION_FILE]).refreshToken)
    end)

    for what, renewal in pairs {
      ["is refused"] = { status = 400, body = '{"error":"invalid_grant","error_description":"hush"}' },
      ["is answered by nonsense"] = { status = 200, body = "hush" },
      ["is answered without a token"] = { status = 200, body = '{"expiresIn":10}' },
    } do
      it("and goes on with a token that is still good where that " .. what, function()
        local c, record = client {
          files = { [SESSION_FILE] = token { expiresAt = SOON } }, answer = services(renewal),
        }
        assert(c:credentials())
        assert.equal("hush-token", record.last_token)
        assert.same({}, record.written)
      end)

      it("and says that it has expired where that " .. what, function()
        local c, record = client {
          files = { [SESSION_FILE] = token { expiresAt = PAST } }, answer = services(renewal),
        }
        local found, err = c:credentials()
        assert.is_nil(found)
        assert.equal("CredentialsError", err.code)
        assert.matches("expired", err.message)
        assert.matches("aws sso login %-%-sso%-session corp", err.message)
        assert.is_nil(scene.texts({ err, record.events }):find("hush", 1, true))
        assert.is_nil(record.last_token)
      end)
    end

    it("once with a refresh token that may be spent", function()
      local c, record = client {
        files = { [SESSION_FILE] = token { expiresAt = PAST } },
        answer = function(_, record)
          record.renewals = (record.renewals or 0) + 1
          return record.renewals == 1 and { status = 200, body = "{}" } or { status = 500 }
        end,
      }
      for _ = 1, 3 do
        local _, err = c:credentials()
        assert.matches("unreadable", err.message)
        record.now = record.now + 100
      end
      assert.equal(1, record.renewals)
      record.files[SESSION_FILE] = token { expiresAt = PAST, refreshToken = "hush-another" }
      local _, err = c:credentials()
      assert.matches("HTTP status 500", err.message)
      assert.equal(2, record.renewals)
    end)

    it("not again for a while where that failed, unless the token is past its end", function()
      local c, record = client {
        files = { [SESSION_FILE] = token { expiresAt = SOON } },
        answer = function(request, record)
          if request.url:find("oidc", 1, true) then
            record.renewals = (record.renewals or 0) + 1
            return { status = 400 }
          end
          return role_credentials((record.now + 4) * 1000) -- asked for anew each time
        end,
      }
      assert(c:credentials())
      assert(c:credentials())
      assert.equal(1, record.renewals)
      record.now = record.now + 61
      assert(c:credentials())
      assert.equal(2, record.renewals)
      record.now = record.now + 338
      c:credentials()
      assert.equal(3, record.renewals)
      record.now = record.now + 5
      local _, err = c:credentials()
      assert.equal(4, record.renewals)
      assert.matches("was not renewed: HTTP status 400", err.message)
    end)

    it("not where it lacks what that needs, or where the registration is over", function()
      for _, fields in ipairs {
        { refreshToken = false }, { clientId = false }, { clientSecret = false }, { registrationExpiresAt = false },
        { registrationExpiresAt = "2023-11-14T22:13:00Z" },
      } do
        fields.expiresAt = SOON
        local c, record = client { files = { [SESSION_FILE] = token(fields) }, answer = services(NEW_TOKEN) }
        assert(c:credentials())
        assert.is_nil(record.renewals)
        assert.equal("hush-token", record.last_token)
      end
    end)

    it("not in the legacy form", function()
      local stage = {
        config = LEGACY, files = { [LEGACY_FILE] = token { expiresAt = SOON } }, answer = services(NEW_TOKEN),
        options = { profile = "old" },
      }
      local c, record = client(stage)
      assert(c:credentials())
      assert.is_nil(record.renewals)
      stage.files = { [LEGACY_FILE] = token { expiresAt = PAST } }
      c, record = client(stage)
      local _, err = c:credentials()
      assert.matches("expired", err.message)
      assert.matches("aws sso login %-%-profile old", err.message)
      assert.equal(0, #record.requests)
    end)

    it("and works where it can't be written back", function()
      local options, record = scene.options {
        config = SESSION, files = { [SESSION_FILE] = token { expiresAt = SOON } }, answer = services(NEW_TOKEN),
      }
      options.system.write_file = function() error("read-only") end
      assert(assert(dxconnect.client(options)):credentials())
      assert.equal("hush-second", record.last_token)
    end)

    it("into a file that only its owner can read", function()
      local home = os.tmpname()
      os.remove(home)
      finally(function() os.execute("rm -rf " .. home) end)
      assert(os.execute("mkdir -p " .. home .. "/.aws/sso/cache"))
      local path = home .. SESSION_FILE:sub(#scene.HOME + 1)
      local options = scene.options { env = { HOME = home }, answer = services(NEW_TOKEN) }
      options.system.read_file, options.system.write_file = nil, nil
      shell.write(home .. "/.aws/config", SESSION)
      shell.write(path, token { expiresAt = SOON })
      os.execute("chmod 644 " .. path)
      assert(assert(dxconnect.client(options)):credentials())
      assert.matches("^%-rw%-%-%-%-%-%-%-", shell.output("ls -l " .. path))
      assert.equal(1, #shell.lines("ls -A " .. home .. "/.aws/sso/cache"))
      assert.equal("hush-second", json.decode(shell.read(path)).accessToken)
    end)
  end)

  -- stage, words
  local bad = {
    ["without a token"] = { { files = {} }, "aws sso login --sso-session corp" },
    ["with a token that is no JSON"] = { { files = { [SESSION_FILE] = "hush" } }, "aws sso login" },
    ["with a token without an end"] = { { files = { [SESSION_FILE] = token { expiresAt = false } } }, "aws sso login" },
    ["without an account"] = { { config = (SESSION:gsub("sso_account_id[^\n]*\n", "")) }, "sso_account_id" },
    ["without a role"] = { { config = (SESSION:gsub("sso_role_name[^\n]*\n", "")) }, "sso_role_name" },
    ["without a start URL"] = { { config = (SESSION:gsub("sso_start_url[^\n]*\n", "")) }, "sso_start_url" },
    ["without a region"] = { { config = (SESSION:gsub("sso_region[^\n]*\n", "")) }, "sso_region" },
    ["with a region that can't be one"] = {
      { config = (SESSION:gsub("eu%-west%-1", "evil.example/")) }, "sso_region",
    },
    ["without its section"] = { { config = (SESSION:gsub("%[sso%-session corp", "[sso-session other")) }, "corp" },
    ["with settings that contradict the section's"] = {
      { config = SESSION .. "[default]\nsso_region = us-east-1" }, "sso_region",
    },
    ["with a token that is refused"] = {
      { answer = function() return { status = 401, body = '{"message":"hush"}' } end }, "aws sso login",
    },
    ["with a role that is refused"] = {
      { answer = function() return { status = 403, body = '{"message":"hush"}' } end }, "Net Admin",
    },
    ["with an answer that is nonsense"] = {
      { answer = function() return { status = 200, body = "hush" } end }, "answer",
    },
    ["with an answer without keys"] = {
      { answer = function() return { status = 200, body = '{"roleCredentials":{"expiration":1700003600000}}' } end },
      "accessKeyId",
    },
    ["with an answer without an end"] = {
      { answer = function()
        return { status = 200, body = '{"roleCredentials":{"accessKeyId":"A","secretAccessKey":"hush"}}' }
      end }, "expiration",
    },
    ["with nobody answering"] = {
      { answer = function(request) return nil, request.headers["x-amz-sso_bearer_token"] .. " lost", "reset" end },
      "single sign-on",
    },
  }
  for what, case in pairs(bad) do
    it("is an error " .. what, function()
      local c, record = client(case[1])
      local found, err = c:credentials()
      assert.is_nil(found)
      assert.equal("credentials", err.kind)
      assert.equal("CredentialsError", err.code)
      assert.truthy(err.message:find(case[2], 1, true), err.message)
      assert.is_nil(scene.texts({ err, record.events }):find("hush", 1, true))
    end)
  end

  it("is asked again where it is out of order", function()
    local n = 0
    local c, record = client {
      answer = function()
        n = n + 1
        return n < 3 and { status = 500 } or role_credentials()
      end,
    }
    assert(c:credentials())
    assert.equal(3, #record.requests)
  end)
end)
