local scene = require "spec.support.scene"

describe("credentials", function()
  local config = "[default]\naws_access_key_id = FILE\naws_secret_access_key = s"
  local web = { AWS_WEB_IDENTITY_TOKEN_FILE = "/token", AWS_ROLE_ARN = "arn:aws:iam::1:role/web" }

  local function answer(request)
    if request.method == "POST" then
      return scene.role_keys("WEB")
    elseif request.url:find("169.254.170.2", 1, true) then
      return { status = 200, body = '{"AccessKeyId":"ECS","SecretAccessKey":"s"}' }
    elseif request.method == "PUT" then
      return { status = 200, body = "token" }
    elseif request.url:find("/$") then
      return { status = 200, body = "role" }
    end
    return { status = 200, body = '{"Code":"Success","AccessKeyId":"EC2","SecretAccessKey":"s","Token":"t",'
      .. '"Expiration":"2023-11-15T04:13:20Z"}' }
  end

  local function found(env, text, options)
    local c = scene.client {
      env = env, config = text, files = { ["/token"] = "t" }, answer = answer, options = options,
    }
    return assert(c:credentials()).access_key_id
  end

  it("asks option, environment, profile, web identity, container and instance, in this order", function()
    local env = {
      AWS_ACCESS_KEY_ID = "ENV", AWS_SECRET_ACCESS_KEY = "s", AWS_CONTAINER_CREDENTIALS_RELATIVE_URI = "/x",
      AWS_WEB_IDENTITY_TOKEN_FILE = web.AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN = web.AWS_ROLE_ARN,
    }
    assert.equal("OPT", found(env, config, { credentials = { access_key_id = "OPT", secret_access_key = "s" } }))
    assert.equal("ENV", found(env, config))
    env.AWS_ACCESS_KEY_ID, env.AWS_SECRET_ACCESS_KEY = nil, nil
    assert.equal("FILE", found(env, config))
    assert.equal("ASIAWEB", found(env))
    env.AWS_WEB_IDENTITY_TOKEN_FILE = nil
    assert.equal("ECS", found(env))
    env.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI = nil
    assert.equal("EC2", found(env))
  end)

  it("says in one readable line what was tried where there is nothing", function()
    local c, record = scene.client { answer = function() return nil, "no route", "connect" end }
    local result, err = c:describe_lags()
    assert.is_nil(result)
    assert.equal("credentials", err.kind)
    assert.equal("NoCredentialsError", err.code)
    assert.equal("DescribeLags", err.operation)
    for _, words in ipairs {
      "environment variables (AWS_ACCESS_KEY_ID is not set)",
      "profile default (there is none in /home/me/.aws/config or /home/me/.aws/credentials)",
      "web identity (AWS_WEB_IDENTITY_TOKEN_FILE is not set)", "container credentials (",
      "instance metadata (it does not answer",
    } do
      assert.truthy(err.message:find(words, 1, true), err.message)
    end
    assert.is_nil(tostring(err):find("\n", 1, true))
    assert.equal("PUT", record.requests[1].method)
    assert.equal(1, #record.requests)
  end)
end)
