local dxconnect = require "dxconnect"
local scene = require "spec.support.scene"
local shell = require "spec.support.shell"

local ENV = {
  AWS_WEB_IDENTITY_TOKEN_FILE = "/var/run/token", AWS_ROLE_ARN = "arn:aws:iam::111122223333:role/pod",
}

local function client(stage)
  stage.files = stage.files or { ["/var/run/token"] = " hush.web.token \n" }
  stage.answer = stage.answer or function()
    return scene.role_keys("pod", { action = "AssumeRoleWithWebIdentity" })
  end
  return scene.client(stage)
end

local function env(more)
  local all = {}
  for name, value in pairs(ENV) do
    all[name] = value
  end
  for name, value in pairs(more or {}) do
    all[name] = value or nil
  end
  return all
end

describe("web identity", function()
  it("waits for a pipe that nobody writes to no longer than the call may take", function()
    local pipe = os.tmpname()
    os.remove(pipe)
    shell.run("mkfifo " .. pipe)
    local options = scene.options { env = env { AWS_WEB_IDENTITY_TOKEN_FILE = pipe } }
    options.system.read_file, options.system.clock, options.system.sleep = nil, nil, nil
    local result, err = assert(dxconnect.client(options)):describe_lags({}, { total_timeout = 0.1 })
    os.remove(pipe)
    assert.is_nil(result)
    assert.equal("CredentialsError", err.code)
    assert.truthy(err.message:find(pipe .. " can't be read: nothing was written to it in time", 1, true))
  end)

  it("of the environment takes the role with the token, unsigned", function()
    local c, record = client { env = env { AWS_ROLE_SESSION_NAME = "s1" } }
    local found = assert(c:credentials())
    assert.equal("ASIApod", found.access_key_id)
    assert.equal("111122223333", found.account_id)
    assert.matches("web identity", found.source)
    local request = record.requests[1]
    assert.equal("POST", request.method)
    assert.equal("https://sts.us-east-1.amazonaws.com/", request.url)
    assert.is_nil(request.headers.authorization)
    assert.same({
      Action = "AssumeRoleWithWebIdentity", Version = "2011-06-15", RoleArn = ENV.AWS_ROLE_ARN, RoleSessionName = "s1",
      WebIdentityToken = "hush.web.token",
    }, scene.form(request.body))
  end)

  it("of a profile takes the profile's", function()
    local c, record = client {
      config = "[default]\nrole_arn = arn:aws:iam::1:role/ci\nweb_identity_token_file = ~/token\n"
        .. "role_session_name = ci",
      files = { ["/home/me/token"] = "t" },
    }
    local found = assert(c:credentials())
    assert.matches("profile default", found.source)
    local form = scene.form(record.requests[1].body)
    assert.equal("arn:aws:iam::1:role/ci", form.RoleArn)
    assert.equal("ci", form.RoleSessionName)
    assert.equal("t", form.WebIdentityToken)
  end)

  it("of a profile goes before that of the environment, and is a source of other roles", function()
    local c, record = client {
      env = env(),
      config = "[profile web]\nrole_arn = arn:aws:iam::1:role/ci\nweb_identity_token_file = /var/run/token\n"
        .. "[default]\nrole_arn = arn:aws:iam::2:role/two\nsource_profile = web",
      answer = function(request)
        return scene.role_keys(scene.form(request.body).RoleArn:match("/(.*)"))
      end,
    }
    assert.equal("ASIAtwo", c:credentials().access_key_id)
    assert.equal("arn:aws:iam::1:role/ci", scene.form(record.requests[1].body).RoleArn)
    assert.matches("Credential=ASIAci/", record.requests[2].headers.authorization)
  end)

  it("has a session name of its own where none is said", function()
    local c, record = client { env = env() }
    assert(c:credentials())
    assert.equal("dxconnect-1700000000", scene.form(record.requests[1].body).RoleSessionName)
  end)

  it("reads the token again at each renewal", function()
    local c, record = client { env = env() }
    assert(c:credentials())
    record.files["/var/run/token"] = "second"
    record.now = record.now + 3000
    assert(c:credentials())
    assert.equal("second", scene.form(record.requests[2].body).WebIdentityToken)
  end)

  it("is asked again where the identity provider could not be reached", function()
    local n = 0
    local c, record = client {
      env = env(),
      answer = function()
        n = n + 1
        return n == 1 and scene.role_refusal(400, "IDPCommunicationError") or scene.role_keys("pod")
      end,
    }
    assert(c:credentials())
    assert.equal(2, #record.requests)
  end)

  it("is not configured without a token file", function()
    local c, record = client { env = { AWS_ROLE_ARN = "arn", AWS_EC2_METADATA_DISABLED = "true" } }
    local _, err = c:credentials()
    assert.equal("NoCredentialsError", err.code)
    assert.truthy(err.message:find("AWS_WEB_IDENTITY_TOKEN_FILE is not set", 1, true))
    assert.equal(0, #record.requests)
  end)

  -- stage, words
  local bad = {
    ["without a role"] = { { env = env { AWS_ROLE_ARN = false } }, "AWS_ROLE_ARN" },
    ["with a token file that is not there"] = { { env = env(), files = {} }, "/var/run/token" },
    ["with an empty token file"] = { { env = env(), files = { ["/var/run/token"] = " \n" } }, "empty" },
    ["refused"] = {
      { env = env(), answer = function() return scene.role_refusal(400, "InvalidIdentityToken") end },
      "InvalidIdentityToken",
    },
    ["unreachable"] = {
      { env = env(), answer = function(request) return nil, "can't send " .. request.body, "connect" end }, "STS",
    },
  }
  for what, case in pairs(bad) do
    it("is an error " .. what .. ", without the token", function()
      local c, record = client(case[1])
      local found, err = c:credentials()
      assert.is_nil(found)
      assert.equal("CredentialsError", err.code)
      assert.truthy(err.message:find(case[2], 1, true), err.message)
      assert.is_nil(scene.texts({ err, record.events }):find("hush", 1, true))
    end)
  end
end)
