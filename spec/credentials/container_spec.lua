local dxconnect = require "dxconnect"
local faultd = require "spec.support.faultd"
local scene = require "spec.support.scene"

local KEYS = '{"RoleArn":"arn:aws:iam::1:role/task","AccessKeyId":"ASIAECS","SecretAccessKey":"s","Token":"t",'
  .. '"Expiration":"2023-11-14T23:13:20Z"%s}'

local function keys(more)
  return { status = 200, body = KEYS:format(more or "") }
end

local function client(env, stage)
  stage = stage or {}
  stage.env = env
  stage.answer = stage.answer or function() return keys() end
  return scene.client(stage)
end

describe("container credentials", function()
  it("come from the agent's address with the relative URI", function()
    local c, record = client { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI = "/v2/credentials/x?y=z" }
    local found = assert(c:credentials())
    assert.equal("ASIAECS", found.access_key_id)
    assert.equal("s", found.secret_access_key)
    assert.equal("t", found.session_token)
    assert.equal(1700003600, found.expiration)
    assert.equal("1", found.account_id) -- the role's
    assert.equal("container credentials", found.source)
    local request = record.requests[1]
    assert.equal("GET", request.method)
    assert.equal("http://169.254.170.2/v2/credentials/x?y=z", request.url)
    assert.is_nil(request.headers.authorization)
  end)

  it("reveal the account where the answer does", function()
    local c = client({ AWS_CONTAINER_CREDENTIALS_RELATIVE_URI = "/x" }, {
      answer = function() return keys ',"AccountId":"111122223333"' end,
    })
    assert.equal("111122223333", c:credentials().account_id)
  end)

  it("come from the relative URI rather than the full one", function()
    local c, record = client {
      AWS_CONTAINER_CREDENTIALS_RELATIVE_URI = "/x", AWS_CONTAINER_CREDENTIALS_FULL_URI = "http://localhost/y",
    }
    assert(c:credentials())
    assert.equal("http://169.254.170.2/x", record.requests[1].url)
  end)

  for _, url in ipairs {
    "http://localhost/x", "http://LOCALHOST:8080", "http://127.0.0.1/x", "http://127.9.8.255:1/x", "http://[::1]:9/x?y",
    "http://[0:0:0:0:0:0:0:1]/", "http://[0000::0001]", "http://169.254.170.2/x", "http://169.254.170.23/v1",
    "http://[fd00:ec2::23]/v1/credentials", "http://[FD00:0EC2:0::0:23]/v1", "https://anywhere.example/x",
    "https://10.0.0.1:8443/x",
  } do
    it("are asked for at " .. url, function()
      local c, record = client { AWS_CONTAINER_CREDENTIALS_FULL_URI = url }
      assert(c:credentials())
      assert.equal(url, record.requests[1].url)
    end)
  end

  for _, url in ipairs {
    "http://example.com/x", "http://169.254.170.3/x", "http://10.0.0.1/x", "http://localhost.example.com/x",
    "http://127.0.0.1.example.com/", "http://127.0.0.256/", "http://127.1/", "http://me@localhost/x",
    "http://localhost@evil.example/x", "http://localhost\\@evil.example/", "http://[::2]/", "http://[fd00:ec2::24]/x",
    "http://[0:0:0:0:0:0:1]/",
    "http://[1::1]/", "http://[0:0:0:0:0:0:0:0:1]/", "http://localhost /", "http://2130706433/", "ftp://localhost/",
    "localhost/x", "http://", "/x",
  } do
    it("are not asked for at " .. url, function()
      local c, record = client {
        AWS_CONTAINER_CREDENTIALS_FULL_URI = url, AWS_CONTAINER_AUTHORIZATION_TOKEN = "hush",
      }
      local found, err = c:credentials()
      assert.is_nil(found)
      assert.equal("CredentialsError", err.code)
      assert.truthy(err.message:find("AWS_CONTAINER_CREDENTIALS_FULL_URI", 1, true))
      assert.equal(0, #record.requests)
      assert.is_nil(scene.texts(err):find("hush", 1, true))
    end)
  end

  it("refuse a relative URI that is no path", function()
    for _, uri in ipairs { "x", "@evil.example/", ".evil.example/", "/x y", "/x\r\ny" } do
      local c, record = client { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI = uri }
      local _, err = c:credentials()
      assert.truthy(err.message:find("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", 1, true))
      assert.equal(0, #record.requests)
    end
  end)

  describe("with a token", function()
    local URI = "/x"

    it("send it, that of the file before that of the variable", function()
      local env = {
        AWS_CONTAINER_CREDENTIALS_RELATIVE_URI = URI, AWS_CONTAINER_AUTHORIZATION_TOKEN = "Bearer variable",
      }
      local c, record = client(env)
      assert(c:credentials())
      assert.equal("Bearer variable", record.requests[1].headers.authorization)
      env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE = "~/token"
      c, record = client(env, { files = { ["/home/me/token"] = "file" } })
      assert(c:credentials())
      assert.equal("file", record.requests[1].headers.authorization)
    end)

    it("read the file again at each renewal", function()
      local c, record = client({
        AWS_CONTAINER_CREDENTIALS_RELATIVE_URI = URI, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE = "/token",
      }, { files = { ["/token"] = "first" } })
      assert(c:credentials())
      record.files["/token"] = "second"
      record.now = record.now + 3000
      assert(c:credentials())
      assert.equal("second", record.requests[2].headers.authorization)
    end)

    for what, content in pairs {
      ["a line end"] = "hush\n", ["a header"] = "hush\r\nx-evil: 1", ["a carriage return"] = "hush\rx",
      ["a zero byte"] = "hush\0",
    } do
      it("send none with " .. what, function()
        local c, record = client({
          AWS_CONTAINER_CREDENTIALS_RELATIVE_URI = URI, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE = "/token",
        }, { files = { ["/token"] = content } })
        local found, err = c:credentials()
        assert.is_nil(found)
        assert.equal("CredentialsError", err.code)
        assert.matches("/token", err.message)
        assert.is_nil(scene.texts({ err, record.events }):find("hush", 1, true))
        c = client { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI = URI, AWS_CONTAINER_AUTHORIZATION_TOKEN = content }
        found, err = c:credentials()
        assert.is_nil(found)
        assert.matches("AWS_CONTAINER_AUTHORIZATION_TOKEN", err.message)
        assert.equal(0, #record.requests)
      end)
    end

    it("are an error where the file is missing or empty", function()
      for _, files in ipairs { {}, { ["/token"] = "" } } do
        local c, record = client({
          AWS_CONTAINER_CREDENTIALS_RELATIVE_URI = URI, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE = "/token",
          AWS_CONTAINER_AUTHORIZATION_TOKEN = "variable",
        }, { files = files })
        local found, err = c:credentials()
        assert.is_nil(found)
        assert.matches("/token", err.message)
        assert.equal(0, #record.requests)
      end
    end)
  end)

  it("are asked for again where the agent is out of order or does not answer", function()
    for _, fault in ipairs { { status = 500 }, { status = 503 }, false } do
      local n = 0
      local c, record = client({ AWS_CONTAINER_CREDENTIALS_RELATIVE_URI = "/x" }, {
        answer = function()
          n = n + 1
          if n == 3 then
            return keys()
          elseif not fault then
            return nil, "lost", "timeout"
          end
          return fault
        end,
      })
      assert(c:credentials())
      assert.equal(3, #record.requests)
    end
  end)

  it("wait shortly", function()
    local c, record = client({ AWS_CONTAINER_CREDENTIALS_RELATIVE_URI = "/x" }, { options = { max_attempts = 9 } })
    assert(c:credentials())
    assert.equal(2, record.requests[1].timeout)
    assert.equal(2, record.requests[1].connect_timeout)
  end)

  local bad = {
    ["refuses"] = { status = 403, body = "hush" },
    ["is out of order"] = { status = 500, body = "hush" },
    ["redirects"] = { status = 302, headers = { location = "http://evil.example/" } },
    ["answers nonsense"] = { status = 200, body = "hush" },
    ["answers without keys"] = { status = 200, body = '{"code":"x","message":"hush"}' },
    ["answers half a pair of keys"] = { status = 200, body = '{"AccessKeyId":"hush"}' },
    ["answers an end that is no time"] = {
      status = 200, body = '{"AccessKeyId":"A","SecretAccessKey":"hush","Expiration":"hush"}',
    },
    ["answers keys that have expired"] = {
      status = 200, body = '{"AccessKeyId":"A","SecretAccessKey":"hush","Expiration":"2023-11-14T22:13:20Z"}',
    },
  }
  for what, answer in pairs(bad) do
    it("are an error where the agent " .. what .. ", and the instance is not asked", function()
      local c, record = client({ AWS_CONTAINER_CREDENTIALS_RELATIVE_URI = "/x" }, {
        answer = function() return answer end,
      })
      local found, err = c:credentials()
      assert.is_nil(found)
      assert.equal("credentials", err.kind)
      assert.matches("container credentials", err.message)
      assert.is_nil(scene.texts({ err, record.events }):find("hush", 1, true))
      for _, request in ipairs(record.requests) do
        assert.equal("http://169.254.170.2/x", request.url)
      end
    end)
  end

  it("repeat no token that a transport's words hold", function()
    local c = client({
      AWS_CONTAINER_CREDENTIALS_RELATIVE_URI = "/x", AWS_CONTAINER_AUTHORIZATION_TOKEN = "hush-hush-hush",
    }, {
      answer = function(request) error("sending " .. request.headers.authorization) end,
    })
    local _, err = c:credentials()
    assert.equal("CredentialsError", err.code)
    assert.is_nil(scene.texts(err):find("hush-hush-hush", 1, true))
  end)

  describe("over real connections", function()
    local server

    after_each(function()
      server:stop()
    end)

    local answer = faultd.ok(KEYS:format ',"AccountId":"111122223333"')

    local function real(env, more)
      local options = scene.options { env = env, options = more }
      options.transport = nil
      options.system.sleep = function() end
      return assert(dxconnect.client(options))
    end

    it("come from an agent on loopback, with the token", function()
      server = faultd.start { answer }
      local c = real {
        AWS_CONTAINER_CREDENTIALS_FULL_URI = server.url .. "/v1?a=b", AWS_CONTAINER_AUTHORIZATION_TOKEN = "Bearer x",
      }
      assert.equal("ASIAECS", assert(c:credentials()).access_key_id)
      local raw = server:requests()[1].raw
      assert.matches("^GET /v1%?a=b HTTP/1%.1\r\n", raw)
      assert.matches("\r\n[Aa]uthorization: Bearer x\r\n", raw)
      assert.matches("\r\n[Uu]ser%-[Aa]gent: dxconnect/", raw)
    end)

    it("come from it past the proxy, whatever the option says", function()
      server = faultd.start { answer }
      local c = real({ AWS_CONTAINER_CREDENTIALS_FULL_URI = server.url .. "/v1" }, { proxy = "http://127.0.0.1:1" })
      assert.equal("ASIAECS", assert(c:credentials()).access_key_id)
      c:close()
    end)

    it("come after faults and lost connections", function()
      server = faultd.start { "@reset", faultd.send(faultd.answer("", 500)), answer }
      local c = real { AWS_CONTAINER_CREDENTIALS_FULL_URI = server.url .. "/v1" }
      assert.equal("ASIAECS", assert(c:credentials()).access_key_id)
    end)

    it("come over TLS from a host that can be verified, and from no other", function()
      server = faultd.start({ answer }, { tls = "good" })
      local url = server.url:gsub("127%.0%.0%.1", "localhost") .. "/v1"
      local c = real({ AWS_CONTAINER_CREDENTIALS_FULL_URI = url }, { ca_bundle = faultd.certificate("ca") })
      assert.equal("ASIAECS", assert(c:credentials()).access_key_id)
      c = real({ AWS_CONTAINER_CREDENTIALS_FULL_URI = url }, { ca_bundle = faultd.certificate("other-ca") })
      local found, err = c:credentials()
      assert.is_nil(found)
      assert.equal("CredentialsError", err.code)
      assert.equal("TLSError", err.cause.code)
    end)
  end)
end)
