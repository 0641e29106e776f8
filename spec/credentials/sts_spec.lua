local core = require "dxconnect.core"
local dxconnect = require "dxconnect"
local faultd = require "spec.support.faultd"
local scene = require "spec.support.scene"

local BASE = "[profile base]\naws_access_key_id = BASE\naws_secret_access_key = hush-base-hush\n"
  .. "aws_session_token = base-token\n"
local ROLE = BASE .. "[default]\nrole_arn = arn:aws:iam::444455556666:role/a\nsource_profile = base\n"

local function client(stage)
  stage.config = stage.config or ROLE
  stage.answer = stage.answer or function() return scene.role_keys("a") end
  return scene.client(stage)
end

describe("sts", function()
  it("is asked in a form, signed for sts in the client's region", function()
    local c, record = client { options = { region = "eu-west-1" } }
    assert(c:credentials())
    local request = record.requests[1]
    assert.equal("POST", request.method)
    assert.equal("https://sts.eu-west-1.amazonaws.com/", request.url)
    assert.equal("application/x-www-form-urlencoded; charset=utf-8", request.headers["content-type"])
    assert.equal("base-token", request.headers["x-amz-security-token"])
    assert.matches("^AWS4%-HMAC%-SHA256 Credential=BASE/20231114/eu%-west%-1/sts/aws4_request,",
      request.headers.authorization)
    local again = assert(dxconnect.sign({
      method = "POST", url = request.url, body = request.body,
      headers = { ["content-type"] = request.headers["content-type"] },
    }, {
      region = "eu-west-1", service = "sts", clock = function() return scene.NOW end,
      credentials = { access_key_id = "BASE", secret_access_key = "hush-base-hush", session_token = "base-token" },
    }))
    assert.equal(again.headers.authorization or again.headers.Authorization, request.headers.authorization)
  end)

  -- stage, URL, region signed for
  local places = {
    { { options = { use_fips_endpoint = true } }, "https://sts-fips.us-east-1.amazonaws.com/", "us-east-1" },
    { { options = { use_dualstack_endpoint = true } }, "https://sts.us-east-1.api.aws/", "us-east-1" },
    { { options = { region = "aws-global" } }, "https://sts.amazonaws.com/", "us-east-1" },
    { { env = { AWS_ENDPOINT_URL = "http://general:1" } }, "http://general:1/", "us-east-1" },
    { { env = { AWS_ENDPOINT_URL = "http://general:1", AWS_ENDPOINT_URL_STS = "http://sts:2/x" } }, "http://sts:2/x",
      "us-east-1" },
    { { env = { AWS_ENDPOINT_URL_STS = "http://sts:2", AWS_IGNORE_CONFIGURED_ENDPOINT_URLS = "true" } },
      "https://sts.us-east-1.amazonaws.com/", "us-east-1" },
    { { options = { endpoint_url = "http://not-for-sts" } }, "https://sts.us-east-1.amazonaws.com/", "us-east-1" },
    { { config = ROLE .. "endpoint_url = http://profile" }, "http://profile/", "us-east-1" },
    { { config = ROLE .. "services = s\n[services s]\nsts =\n endpoint_url = http://services" }, "http://services/",
      "us-east-1" },
  }
  for i, case in ipairs(places) do
    it(("is found at %s (%d)"):format(case[2], i), function()
      local c, record = client(case[1])
      assert(c:credentials())
      assert.equal(case[2], record.requests[1].url)
      assert.truthy(record.requests[1].headers.authorization:find("/" .. case[3] .. "/sts/", 1, true))
    end)
  end

  it("keeps to the client's time-outs and attempts", function()
    local c, record = client {
      answer = function() return { status = 503 } end,
      options = { connect_timeout = 2, timeout = 7, max_attempts = 4 },
    }
    local _, err = c:credentials()
    assert.equal("CredentialsError", err.code)
    assert.equal(503, err.status)
    assert.equal(4, #record.requests)
    assert.equal(3, #record.sleeps)
    assert.equal(2, record.requests[4].connect_timeout)
    assert.equal(7, record.requests[4].timeout)
  end)

  it("keeps to the time of the call", function()
    local c, record = client {
      answer = function(request, record)
        record.now = record.now + request.timeout
        return nil, "slow", "timeout"
      end,
    }
    local result, err = c:describe_lags({}, { total_timeout = 5 })
    assert.is_nil(result)
    assert.equal("credentials", err.kind)
    assert.equal("TimeoutError", err.cause.code)
    assert.equal(1, #record.requests)
    assert.equal(5, record.now - scene.NOW)
  end)

  it("is asked again where it is throttled or does not answer, not where it refuses", function()
    local function requests(answer)
      local c, record = client { answer = answer }
      c:credentials()
      return #record.requests
    end
    assert.equal(3, requests(function() return scene.role_refusal(400, "Throttling") end))
    assert.equal(3, requests(function() return nil, "lost", "reset" end))
    assert.equal(1, requests(function() return scene.role_refusal(403, "AccessDenied") end))
    assert.equal(1, requests(function() return nil, "not trusted", "tls" end))
  end)

  it("is asked with a corrected clock where ours is wrong", function()
    local c, record = client {
      answer = function(request)
        if request.headers["x-amz-date"] == "20231114T221320Z" then
          local refusal = scene.role_refusal(403, "SignatureDoesNotMatch")
          refusal.headers = { date = "Tue, 14 Nov 2023 22:33:20 GMT" }
          return refusal
        end
        return scene.role_keys("a")
      end,
    }
    assert(c:credentials())
    assert.equal("20231114T223320Z", record.requests[2].headers["x-amz-date"])
    assert.equal(2, #record.requests)
  end)

  it("is not asked again for a wrong signature where the clock is right", function()
    local c, record = client {
      answer = function()
        local refusal = scene.role_refusal(403, "SignatureDoesNotMatch")
        refusal.headers = { date = "Tue, 14 Nov 2023 22:13:50 GMT" }
        return refusal
      end,
    }
    c:credentials()
    assert.equal(1, #record.requests)
  end)

  it("reveals the account by the role taken, or by the role asked for", function()
    local c = client {}
    assert.equal("111122223333", c:credentials().account_id)
    c = client {
      answer = function()
        local answer = scene.role_keys("a")
        answer.body = answer.body:gsub("<AssumedRoleUser>.*</AssumedRoleUser>", "")
        return answer
      end,
    }
    assert.equal("444455556666", c:credentials().account_id)
  end)

  it("reads an answer full of blanks as quickly as others", function()
    local blanks = (" "):rep(1000000)
    local c = client {
      answer = function()
        local answer = scene.role_keys("a")
        answer.body = answer.body:gsub("ASIAa", blanks .. "ASIA" .. blanks .. "x" .. blanks)
        return answer
      end,
    }
    assert.equal("ASIA" .. blanks .. "x", assert(c:credentials()).access_key_id)
  end)

  it("names the code of a refusal, and nothing else that came", function()
    local c, record = client { answer = function() return scene.role_refusal(403, "AccessDenied") end }
    local result, err = c:describe_lags()
    assert.is_nil(result)
    assert.equal("credentials", err.kind)
    assert.equal(403, err.status)
    assert.matches("AccessDenied", err.message)
    assert.equal("AccessDenied", err.cause.code)
    assert.equal("service", err.cause.kind)
    assert.matches("arn:aws:iam::444455556666:role/a", err.message)
    assert.is_nil(scene.texts({ err, record.events }):find("hush", 1, true))
    assert.equal(1, #record.requests)
  end)

  for what, body in pairs {
    ["no XML"] = "hush", ["nothing"] = "", ["no credentials"] = "<AssumeRoleResponse>hush</AssumeRoleResponse>",
    ["half a pair of keys"] = "<AccessKeyId>hush</AccessKeyId><Expiration>2023-11-14T23:13:20Z</Expiration>",
    ["no end"] = "<AccessKeyId>A</AccessKeyId><SecretAccessKey>hush</SecretAccessKey><SessionToken>t</SessionToken>",
    ["an end that is over"] = "<AccessKeyId>A</AccessKeyId><SecretAccessKey>hush</SecretAccessKey>"
      .. "<SessionToken>t</SessionToken><Expiration>2023-11-14T22:13:20Z</Expiration>",
  } do
    it("makes an error of an answer with " .. what, function()
      local c, record = client { answer = function() return { status = 200, body = body } end }
      local found, err = c:credentials()
      assert.is_nil(found)
      assert.equal("CredentialsError", err.code)
      assert.is_nil(scene.texts({ err, record.events }):find("hush", 1, true))
    end)
  end

  it("repeats no secret that a transport's words hold", function()
    local c, record = client {
      config = ROLE .. "mfa_serial = m",
      answer = function(request)
        return nil, "while sending hush-base-hush, " .. request.headers["x-amz-security-token"] .. " and "
          .. request.body, "reset"
      end,
      options = { mfa_prompt = function() return "918273" end },
    }
    local _, err = c:credentials()
    assert.equal("CredentialsError", err.code)
    assert.equal("ConnectionError", err.cause.code)
    local texts = scene.texts({ err, record.events })
    for _, secret in ipairs { "hush-base-hush", "base-token", "918273" } do
      assert.is_nil(texts:find(secret, 1, true))
    end
  end)

  describe("over real connections", function()
    local server, proxy

    after_each(function()
      for _, each in ipairs { server or false, proxy or false } do
        if each then
          each:stop()
        end
      end
      server, proxy = nil, nil
    end)

    local answer = faultd.ok(scene.role_keys("a").body)

    local function real(env, more)
      local options = scene.options { config = ROLE, env = env, options = more }
      options.transport = nil
      options.system.sleep = function() end
      return assert(dxconnect.client(options))
    end

    it("is asked for a role, again after a fault", function()
      server = faultd.start { faultd.send(faultd.answer("", 503)), answer }
      assert.equal("ASIAa", assert(real({ AWS_ENDPOINT_URL_STS = server.url }):credentials()).access_key_id)
      local requests = server:requests()
      assert.matches("^POST / HTTP/1%.1\r\n", requests[2].raw)
      assert.matches("^Action=AssumeRole&Version=2011%-06%-15&RoleArn=", requests[2].body)
    end)

    it("is verified by the client's certificates", function()
      server = faultd.start({ answer }, { tls = "good" })
      local env = { AWS_ENDPOINT_URL_STS = (server.url:gsub("127%.0%.0%.1", "localhost")) }
      local c = real(env, { ca_bundle = faultd.certificate("ca") })
      assert.equal("ASIAa", assert(c:credentials()).access_key_id)
      c = real(env, { ca_bundle = faultd.certificate("other-ca") })
      local found, err = c:credentials()
      assert.is_nil(found)
      assert.equal("CredentialsError", err.code)
      assert.equal("TLSError", err.cause.code)
      assert.equal(1, #server:requests())
    end)

    it("is verified by certificates out of a pipe as well, which is read once", function()
      server = faultd.start({ answer }, { tls = "good" })
      local pipe = os.tmpname()
      os.remove(pipe)
      os.execute("mkfifo " .. pipe)
      os.execute(("timeout 30 sh -c 'cat %s > %s' >/dev/null 2>&1 &"):format(faultd.certificate("ca"), pipe))
      local env = { AWS_ENDPOINT_URL_STS = (server.url:gsub("127%.0%.0%.1", "localhost")) }
      local options = scene.options { config = ROLE, env = env, options = { ca_bundle = pipe } }
      local read_file = options.system.read_file
      options.transport = nil
      options.system.read_file = function(path, seconds)
        if path == pipe then
          return core.read_file(path, seconds)
        end
        return read_file(path)
      end
      local c = assert(dxconnect.client(options))
      os.remove(pipe)
      assert.equal("ASIAa", assert(c:credentials()).access_key_id)
    end)

    it("is asked through the proxy of option and environment", function()
      server = faultd.start({ answer }, { tls = "good" })
      proxy = faultd.start { "tunnel" }
      local env = { AWS_ENDPOINT_URL_STS = (server.url:gsub("127%.0%.0%.1", "localhost")) }
      local ca = faultd.certificate("ca")
      local c = real(env, { ca_bundle = ca, proxy = "http://127.0.0.1:" .. proxy.port })
      assert.equal("ASIAa", assert(c:credentials()).access_key_id)
      assert.equal(1, #proxy:requests())
      env.https_proxy = "127.0.0.1:" .. proxy.port
      assert.equal("ASIAa", assert(real(env, { ca_bundle = ca }):credentials()).access_key_id)
      assert.equal(2, #proxy:requests())
      env.NO_PROXY = "localhost"
      assert.equal("ASIAa", assert(real(env, { ca_bundle = ca }):credentials()).access_key_id)
      assert.equal(2, #proxy:requests())
    end)

    it("is asked once for many calls in parallel", function()
      server = faultd.start { "wait=20 " .. answer }
      local c = real { AWS_ENDPOINT_URL_STS = server.url }
      local tasks = {}
      for i = 1, 10 do
        tasks[i] = function() return c:credentials() end
      end
      for _, entry in ipairs(dxconnect.parallel(tasks)) do
        assert.equal("ASIAa", entry.result.access_key_id)
      end
      assert.equal(1, #server:requests())
    end)
  end)
end)
