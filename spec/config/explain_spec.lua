local options = require "dxconnect.config.options"
local scene = require "spec.support.scene"

local function explained(stage)
  local client = scene.client(stage)
  return client:explain()
end

describe("explain", function()
  it("has every setting with value and origin", function()
    local t = explained {
      env = { AWS_REGION = false, AWS_DEFAULT_REGION = "eu-west-1", AWS_PROFILE = "net" },
      config = "[profile net]\nmax_attempts = 7\nretry_mode = Adaptive",
      options = { timeout = 12 },
    }
    for _, entry in ipairs(options.list) do
      assert.is_string(t[entry.name].origin, entry.name)
    end
    assert.same({ value = "eu-west-1", origin = "AWS_DEFAULT_REGION" }, t.region)
    assert.same({ value = "net", origin = "AWS_PROFILE" }, t.profile)
    assert.same({ value = 7, origin = "profile net in /home/me/.aws/config" }, t.max_attempts)
    assert.same({ value = "adaptive", origin = "profile net in /home/me/.aws/config" }, t.retry_mode)
    assert.same({ value = 12, origin = "option" }, t.timeout)
    assert.same({ value = false, origin = "default" }, t.use_fips_endpoint)
    assert.same({ value = "/home/me/.aws/config", origin = "default" }, t.config_file)
    assert.same({ value = 10, origin = "default of defaults_mode legacy" }, t.connect_timeout)
    assert.same({ origin = "default" }, t.total_timeout)
    assert.same({ value = "<function>", origin = "option" }, t.transport)
    assert.same({ value = "<table>", origin = "option" }, t.system)
  end)

  it("prints a line a setting, with name, value and origin", function()
    local text = tostring(explained { options = { timeout = 12 } })
    local n = 0
    for line in (text .. "\n"):gmatch("(.-)\n") do
      n = n + 1
      assert.equal(options.list[n].name, line:match("^(%S+)"))
    end
    assert.equal(#options.list, n)
    assert.matches("\nregion +us%-east%-1 +%(AWS_REGION%)\n", "\n" .. text .. "\n")
    assert.matches("\ntimeout +12 +%(option%)\n", text)
    assert.matches("\ntotal_timeout +%(none%) +%(default%)\n", text)
  end)

  it("shows settings that only environment and profile have", function()
    local t = explained { env = { AWS_EC2_METADATA_DISABLED = "TRUE", AWS_EXECUTION_ENV = "AWS_Lambda" } }
    assert.equal("AWS_EC2_METADATA_DISABLED", t.ec2_metadata_disabled.origin)
    assert.equal("AWS_Lambda", t.execution_env.value)
  end)

  it("hides secrets, in values and in print", function()
    local t = explained {
      env = { HTTPS_PROXY = "me:hush@proxy:3128", AWS_EC2_METADATA_SERVICE_ENDPOINT = "http://a:hush@b/?c=hush" },
      options = {
        credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = "hush" },
      },
    }
    assert.is_nil(scene.texts(t):find("hush", 1, true))
    assert.equal("http://<hidden>@proxy:3128", t.proxy.value)
    assert.equal("HTTPS_PROXY", t.proxy.origin)
    assert.equal("http://<hidden>@b/?<hidden>", t.ec2_metadata_service_endpoint.value)
    assert.equal("<hidden>", t.credentials.value)
  end)

  it("tells where credentials come from, as far as that shows", function()
    local keys = "aws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = hush\n"
    local env = { AWS_ACCESS_KEY_ID = "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY = "hush" }
    local t = explained { env = env, credentials = "[default]\n" .. keys }
    assert.same({ value = "<hidden>", origin = "AWS_ACCESS_KEY_ID" }, t.credentials)
    t = explained { env = env, credentials = "[net]\n" .. keys, options = { profile = "net" } }
    assert.same({ value = "<hidden>", origin = "profile net in /home/me/.aws/credentials" }, t.credentials)
    t = explained { config = "[default]\nsso_session = corp\n[sso-session corp]\n" }
    assert.same({ value = "<hidden>", origin = "profile default in /home/me/.aws/config" }, t.credentials)
    assert.same({ origin = "default" }, explained({}).credentials)
  end)

  it("shows no line that slipped into another setting", function()
    local t = explained { config = "[default]\nsdk_ua_app_id = x\n  aws_secret_access_key = hush" }
    assert.equal("x…", t.sdk_ua_app_id.value)
    assert.is_nil(scene.texts(t):find("hush", 1, true))
  end)

  it("shows control characters as blanks", function()
    local text = tostring(explained { options = { sdk_ua_app_id = "a\tb" } })
    assert.truthy(text:find("a b", 1, true))
  end)

  it("asks nobody and stays readable on a closed client", function()
    local client, record = scene.client {}
    client:close()
    assert.equal("us-east-1", client:explain().region.value)
    assert.equal(0, #record.requests)
  end)
end)
