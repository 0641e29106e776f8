local scene = require "spec.support.scene"

local function credentials(env, stage)
  stage = stage or {}
  stage.env = env
  return scene.client(stage):credentials()
end

describe("credentials of the environment", function()
  it("are its keys", function()
    local found = assert(credentials {
      AWS_ACCESS_KEY_ID = "AKID", AWS_SECRET_ACCESS_KEY = "s", AWS_SESSION_TOKEN = "t", AWS_ACCOUNT_ID = "111122223333",
      AWS_CREDENTIAL_EXPIRATION = "2023-11-15T00:00:00Z",
    })
    assert.equal("AKID", found.access_key_id)
    assert.equal("s", found.secret_access_key)
    assert.equal("t", found.session_token)
    assert.equal("111122223333", found.account_id)
    assert.equal(1700006400, found.expiration)
    assert.equal("environment variables", found.source)
  end)

  it("take the session token's old name too, after the new one", function()
    local env = { AWS_ACCESS_KEY_ID = "AKID", AWS_SECRET_ACCESS_KEY = "s", AWS_SECURITY_TOKEN = "old" }
    assert.equal("old", credentials(env).session_token)
    env.AWS_SESSION_TOKEN = "new"
    assert.equal("new", credentials(env).session_token)
  end)

  it("go before the profile, also before that of AWS_PROFILE, but not before one given as an option", function()
    local stage = {
      config = "[default]\naws_access_key_id = D\naws_secret_access_key = s\n"
        .. "[profile a]\naws_access_key_id = A\naws_secret_access_key = s",
    }
    local env = { AWS_ACCESS_KEY_ID = "AKID", AWS_SECRET_ACCESS_KEY = "s", AWS_PROFILE = "a" }
    assert.equal("AKID", credentials(env, stage).access_key_id)
    stage.options = { profile = "a" }
    assert.equal("A", credentials(env, stage).access_key_id)
    env.AWS_PROFILE = nil
    stage.options = { profile = "default" }
    assert.equal("D", credentials(env, stage).access_key_id)
  end)

  it("do not stand in for a profile given as an option", function()
    local found, err = credentials({ AWS_ACCESS_KEY_ID = "AKID", AWS_SECRET_ACCESS_KEY = "s" }, {
      config = "[profile a]\nregion = us-east-1", options = { profile = "a" },
    })
    assert.is_nil(found)
    assert.equal("NoCredentialsError", err.code)
  end)

  it("that the service calls expired are not looked for again", function()
    local c, record = scene.client {
      env = { AWS_ACCESS_KEY_ID = "AKID", AWS_SECRET_ACCESS_KEY = "s" },
      answer = function() return { status = 400, body = '{"__type":"ExpiredTokenException"}' } end,
    }
    local _, err = c:describe_lags()
    assert.equal("ExpiredTokenException", err.code)
    assert.equal(1, #record.requests)
  end)

  it("count what is blank as unset", function()
    local found = assert(credentials({ AWS_ACCESS_KEY_ID = " ", AWS_SECRET_ACCESS_KEY = "" }, {
      config = "[default]\naws_access_key_id = D\naws_secret_access_key = s",
    }))
    assert.equal("D", found.access_key_id)
  end)

  it("are an error where one of the keys is missing", function()
    local found, err = credentials({ AWS_ACCESS_KEY_ID = "AKID" }, {
      config = "[default]\naws_access_key_id = D\naws_secret_access_key = s",
    })
    assert.is_nil(found)
    assert.equal("CredentialsError", err.code)
    assert.matches("AWS_SECRET_ACCESS_KEY", err.message)
    found, err = credentials { AWS_SECRET_ACCESS_KEY = "hush" }
    assert.is_nil(found)
    assert.matches("AWS_ACCESS_KEY_ID", err.message)
    assert.is_nil(scene.texts(err):find("hush", 1, true))
  end)

  it("are an error where their end is no time, or over", function()
    local env = { AWS_ACCESS_KEY_ID = "AKID", AWS_SECRET_ACCESS_KEY = "hush", AWS_CREDENTIAL_EXPIRATION = "soon" }
    local _, err = credentials(env)
    assert.matches("AWS_CREDENTIAL_EXPIRATION", err.message)
    env.AWS_CREDENTIAL_EXPIRATION = "2023-11-14T22:13:20Z"
    local found
    found, err = credentials(env)
    assert.is_nil(found)
    assert.equal("CredentialsError", err.code)
    assert.matches("expired", err.message)
  end)

  it("are an error where a line end is in them", function()
    local found, err = credentials { AWS_ACCESS_KEY_ID = "AKID", AWS_SECRET_ACCESS_KEY = "hush\n" }
    assert.is_nil(found)
    assert.matches("AWS_SECRET_ACCESS_KEY", err.message)
    assert.is_nil(scene.texts(err):find("hush", 1, true))
  end)
end)
