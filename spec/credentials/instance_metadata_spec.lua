local dxconnect = require "dxconnect"
local faultd = require "spec.support.faultd"
local scene = require "spec.support.scene"

local BASE = "http://169.254.169.254"
local ROLES = "/latest/meta-data/iam/security-credentials/"

local function keys(fields)
  fields = fields or {}
  return {
    status = 200,
    body = ('{"Code":"%s","LastUpdated":"2023-11-14T20:00:00Z","Type":"AWS-HMAC","AccessKeyId":"%s",'
      .. '"SecretAccessKey":"s","Token":"t","Expiration":"%s"}')
      :format(fields.code or "Success", fields.id or "ASIAEC2", fields.expiration or "2023-11-15T04:13:20Z"),
  }
end

-- The service: answers by what is asked; each may be a response or a function.
local function service(answers)
  answers = answers or {}
  return function(request, record)
    local entry
    if request.method == "PUT" then
      entry = answers.token or { status = 200, body = "session-token\n" }
    elseif request.url:find("/security%-credentials/$") then
      entry = answers.roles or { status = 200, body = "network-role" }
    else
      entry = answers.keys or keys()
    end
    if type(entry) == "function" then
      return entry(request, record)
    elseif entry.lost then
      return nil, "nobody there", entry.lost
    end
    return entry
  end
end

local function client(answers, stage)
  stage = stage or {}
  stage.answer = service(answers)
  return scene.client(stage)
end

local function asked(record)
  local list = {}
  for i, request in ipairs(record.requests) do
    list[i] = request.method .. " " .. request.url
  end
  return list
end

local token_gone = { token = { status = 404 } }

describe("instance metadata", function()
  it("gives the role's credentials, asked with a session token", function()
    local c, record = client()
    local found = assert(c:credentials())
    assert.equal("ASIAEC2", found.access_key_id)
    assert.equal("s", found.secret_access_key)
    assert.equal("t", found.session_token)
    assert.equal(1700021600, found.expiration)
    assert.equal("instance metadata", found.source)
    assert.same({
      "PUT " .. BASE .. "/latest/api/token", "GET " .. BASE .. ROLES, "GET " .. BASE .. ROLES .. "network-role",
    }, asked(record))
    assert.equal("21600", record.requests[1].headers["x-aws-ec2-metadata-token-ttl-seconds"])
    assert.is_nil(record.requests[1].headers["x-aws-ec2-metadata-token"])
    assert.equal("session-token", record.requests[2].headers["x-aws-ec2-metadata-token"])
    assert.equal("session-token", record.requests[3].headers["x-aws-ec2-metadata-token"])
    assert.equal(1, record.requests[1].timeout)
    assert.equal(1, record.requests[1].connect_timeout)
  end)

  describe("of version 1", function()
    local allowed = { env = { AWS_EC2_METADATA_V1_DISABLED = "False" } }

    it("is asked only where that is allowed", function()
      for _, stage in ipairs { {}, { env = { AWS_EC2_METADATA_V1_DISABLED = "true" } },
        { env = { AWS_EC2_METADATA_V1_DISABLED = "" } } } do
        local c, record = client(token_gone, stage)
        local found, err = c:credentials()
        assert.is_nil(found)
        assert.equal("NoCredentialsError", err.code)
        assert.equal(1, #record.requests)
      end
      local c, record = client(token_gone, allowed)
      assert(c:credentials())
      assert.equal(3, #record.requests)
      assert.is_nil(record.requests[2].headers["x-aws-ec2-metadata-token"])
      c = client(token_gone, { config = "[default]\nec2_metadata_v1_disabled = false" })
      assert(c:credentials())
    end)

    it("is asked where version 2 is refused or silent", function()
      for _, token in ipairs { { status = 403 }, { status = 404 }, { status = 405 }, { lost = "timeout" } } do
        assert(client({ token = token }, allowed):credentials())
      end
      for _, token in ipairs { { status = 400 }, { lost = "connect" } } do
        local found, err = client({ token = token }, allowed):credentials()
        assert.is_nil(found)
        assert.equal("NoCredentialsError", err.code)
      end
    end)
  end)

  -- stage, base
  local places = {
    { { env = { AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE = "IPv6" } }, "http://[fd00:ec2::254]" },
    { { config = "[default]\nec2_metadata_service_endpoint_mode = ipv6" }, "http://[fd00:ec2::254]" },
    { { env = { AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE = "ipv4" },
      config = "[default]\nec2_metadata_service_endpoint_mode = ipv6" }, BASE },
    { { env = { AWS_IMDS_USE_IPV6 = "True" } }, "http://[fd00:ec2::254]" },
    { { env = { AWS_EC2_METADATA_SERVICE_ENDPOINT = "http://imds.example:80/" } }, "http://imds.example:80" },
    { { env = { AWS_EC2_METADATA_SERVICE_ENDPOINT = "http://a", AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE = "IPv6" } },
      "http://a" },
    { { config = "[default]\nec2_metadata_service_endpoint = http://b" }, "http://b" },
  }
  for i, case in ipairs(places) do
    it(("is asked at %s (%d)"):format(case[2], i), function()
      local c, record = client(nil, case[1])
      assert(c:credentials())
      assert.equal("PUT " .. case[2] .. "/latest/api/token", asked(record)[1])
      assert.equal("GET " .. case[2] .. ROLES, asked(record)[2])
    end)
  end

  it("is not asked where it is switched off, in any case", function()
    for _, word in ipairs { "true", "TRUE", "tRuE" } do
      local c, record = client(nil, { env = { AWS_EC2_METADATA_DISABLED = word } })
      local found, err = c:credentials()
      assert.is_nil(found)
      assert.equal("NoCredentialsError", err.code)
      assert.truthy(err.message:find("AWS_EC2_METADATA_DISABLED", 1, true))
      assert.equal(0, #record.requests)
    end
    assert(client(nil, { env = { AWS_EC2_METADATA_DISABLED = "false" } }):credentials())
  end)

  it("has its settings checked when it is asked, not before", function()
    local env = {
      AWS_EC2_METADATA_SERVICE_ENDPOINT = "nowhere", AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE = "ipv5",
      AWS_METADATA_SERVICE_TIMEOUT = "x",
    }
    for name in pairs(env) do
      local c, record = client(nil, { env = { [name] = env[name] } })
      local found, err = c:credentials()
      assert.is_nil(found)
      assert.equal("ConfigError", err.code)
      assert.truthy(err.message:find(name, 1, true))
      assert.equal(0, #record.requests)
    end
    env.AWS_ACCESS_KEY_ID, env.AWS_SECRET_ACCESS_KEY = "AKID", "s"
    assert(client(nil, { env = env }):credentials())
  end)

  it("is asked again where it is out of order", function()
    local n = 0
    local function flaky(good)
      return function()
        n = n + 1
        return n % 3 == 0 and good or { status = 500 }
      end
    end
    local c, record = client {
      token = flaky { status = 200, body = "t" }, roles = flaky { status = 200, body = "r" }, keys = flaky(keys()),
    }
    assert(c:credentials())
    assert.equal(9, #record.requests)
    assert.equal(6, #record.sleeps)
  end)

  it("is asked once where nobody answers, or as often as is set", function()
    local c, record = client { token = { lost = "timeout" } }
    local _, err = c:credentials()
    assert.equal("NoCredentialsError", err.code)
    assert.truthy(err.message:find("does not answer", 1, true))
    assert.equal(1, #record.requests)
    c, record = client({ token = { lost = "connect" } }, {
      env = { AWS_METADATA_SERVICE_NUM_ATTEMPTS = "4", AWS_METADATA_SERVICE_TIMEOUT = "2.5" },
    })
    c:credentials()
    assert.equal(4, #record.requests)
    assert.equal(2.5, record.requests[1].timeout)
  end)

  it("is asked for token, role and keys at each renewal", function()
    local role, id = "first", "ASIA1"
    local c, record = client {
      roles = function() return { status = 200, body = role .. "\n" } end,
      keys = function(request, record)
        assert.equal(BASE .. ROLES .. role, request.url)
        return keys { id = id, expiration = record.now < scene.NOW + 1000 and "2023-11-15T04:13:20Z"
          or "2023-11-15T10:13:20Z" }
      end,
    }
    assert.equal("ASIA1", c:credentials().access_key_id)
    role, id = "second", "ASIA2"
    record.now = record.now + 20699
    assert.equal("ASIA1", c:credentials().access_key_id)
    record.now = record.now + 2
    assert.equal("ASIA2", c:credentials().access_key_id)
    assert.equal(6, #record.requests)
    assert.equal("PUT", record.requests[4].method)
  end)

  it("has its answer used though it is past its date, and looked at again in a while", function()
    local n = 0
    local c, record = client {
      keys = function()
        n = n + 1
        return keys { id = "ASIA" .. n, expiration = "2023-11-14T22:00:00Z" }
      end,
    }
    assert.equal("ASIA1", assert(c:credentials()).access_key_id)
    assert.is_true(c:credentials().expiration > record.now)
    assert.equal(1, n)
    record.now = record.now + 900
    assert.equal("ASIA2", assert(c:credentials()).access_key_id)
  end)

  it("keeps credentials that are still good where it is silent later", function()
    local silent = false
    local c, record = client {
      token = function()
        if silent then
          return nil, "nobody there", "timeout"
        end
        return { status = 200, body = "t" }
      end,
    }
    assert(c:credentials())
    silent = true
    record.now = record.now + 21000
    assert.equal("ASIAEC2", assert(c:credentials()).access_key_id)
    record.now = record.now + 600
    local found, err = c:credentials()
    assert.is_nil(found)
    assert.equal("CredentialsError", err.code)
  end)

  -- answers, words
  local bad = {
    ["without a role"] = { { roles = { status = 404 } }, "no role" },
    ["with an empty list of roles"] = { { roles = { status = 200, body = "" } }, "empty" },
    ["with a role of impossible name"] = { { roles = { status = 200, body = "../../hush?" } }, "no role" },
    ["with a token of several lines"] = { { token = { status = 200, body = "hush\nx: y" } }, "token" },
    ["with a refusal"] = { { roles = { status = 401, body = "hush" } }, "401" },
    ["with an answer of nonsense"] = { { keys = { status = 200, body = "hush" } }, "JSON" },
    ["with an answer of failure"] = { { keys = keys { code = "Failed" } }, "no credentials" },
    ["with an answer without keys"] = {
      { keys = { status = 200, body = '{"Code":"Success","Expiration":"2023-11-15T04:13:20Z"}' } }, "AccessKeyId",
    },
    ["with an answer without an end"] = {
      { keys = { status = 200, body = '{"Code":"Success","AccessKeyId":"A","SecretAccessKey":"hush"}' } }, "Expiration",
    },
    ["out of order"] = { { token = { status = 500, body = "hush" } }, "500" },
  }
  for what, case in pairs(bad) do
    it("gives none " .. what .. ", and says why", function()
      local c, record = client(case[1])
      local found, err = c:credentials()
      assert.is_nil(found)
      assert.equal("NoCredentialsError", err.code)
      assert.truthy(err.message:find("instance metadata (", 1, true))
      assert.truthy(err.message:find(case[2], 1, true), err.message)
      assert.is_nil(scene.texts({ err, record.events }):find("hush", 1, true))
    end)
  end

  describe("over real connections", function()
    local server

    after_each(function()
      server:stop()
    end)

    local function real(more)
      local options = scene.options { env = { AWS_EC2_METADATA_SERVICE_ENDPOINT = server.url }, options = more }
      options.transport = nil
      options.system.sleep = function() end
      return assert(dxconnect.client(options))
    end

    local answers = { faultd.ok("real-token"), faultd.ok("network-role"), faultd.ok(keys().body) }

    it("gives the role's credentials", function()
      server = faultd.start(answers)
      assert.equal("ASIAEC2", assert(real():credentials()).access_key_id)
      local requests = server:requests()
      assert.matches("^PUT /latest/api/token HTTP/1%.1\r\n", requests[1].raw)
      assert.matches("\r\n[Xx]%-[Aa]ws%-[Ee][Cc]2%-[Mm]etadata%-[Tt]oken%-[Tt][Tt][Ll]%-[Ss]econds: 21600\r\n",
        requests[1].raw)
      assert.matches("\r\n[Cc]ontent%-[Ll]ength: 0\r\n", requests[1].raw)
      assert.matches("^GET /latest/meta%-data/iam/security%-credentials/network%-role HTTP/1%.1\r\n", requests[3].raw)
      assert.matches("[Tt]oken: real%-token\r\n", requests[3].raw)
      assert.equal(1, server:connections())
    end)

    it("gives them over TLS where it can be verified", function()
      server = faultd.start(answers, { tls = "good" })
      server.url = server.url:gsub("127%.0%.0%.1", "localhost")
      assert.equal("ASIAEC2", assert(real({ ca_bundle = faultd.certificate("ca") }):credentials()).access_key_id)
      local found, err = real({ ca_bundle = faultd.certificate("other-ca") }):credentials()
      assert.is_nil(found)
      assert.equal("NoCredentialsError", err.code)
    end)

    it("gives them past the proxy", function()
      server = faultd.start(answers)
      assert.equal("ASIAEC2", assert(real({ proxy = "http://127.0.0.1:1" }):credentials()).access_key_id)
    end)

    it("gives them after faults", function()
      server = faultd.start { faultd.send(faultd.answer("", 503)), answers[1], answers[2],
        faultd.send(faultd.answer("", 500)), answers[3] }
      assert.equal("ASIAEC2", assert(real():credentials()).access_key_id)
    end)

    it("gives none where nobody listens", function()
      server = faultd.start(answers)
      local url = server.url
      server:stop()
      server.url = url
      local found, err = real():credentials()
      assert.is_nil(found)
      assert.equal("NoCredentialsError", err.code)
      assert.matches("does not answer", err.message)
    end)
  end)
end)
