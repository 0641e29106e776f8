--- client:send, calls to other services than Direct Connect.

local core = require "dxconnect.core"
local dxconnect = require "dxconnect"
local world = require "spec.support.world"

local ok, fault = world.ok, world.fault

local events = { service = "health", target = "AWSHealth_20160804.DescribeEvents", params = { maxResults = 10 } }
local get = { service = "s3", method = "GET", path = "/bucket/a%20b" }

local function json(body)
  return ok(body, { ["content-type"] = "application/json" })
end

local function copy(from, changes)
  local to = {}
  for _, t in ipairs { from, changes } do
    for name, value in pairs(t) do
      to[name] = value
    end
  end
  return to
end

describe("client:send", function()
  it("makes a signed JSON RPC call", function()
    local client, record = world.client {
      ok('{"events":[{"arn":"a"}]}', { ["x-amzn-requestid"] = "r-1" }),
    }
    local result, err, meta = client:send(events)
    assert.is_nil(err)
    assert.equal("a", result.events[1].arn)
    assert.equal("r-1", meta.request_id)
    assert.equal(1, meta.attempts)
    local request = record.requests[1]
    assert.equal("POST", request.method)
    assert.equal("https://health.us-east-1.amazonaws.com/", request.url)
    assert.equal('{"maxResults":10}', request.body)
    assert.equal("application/x-amz-json-1.1", request.headers["content-type"])
    assert.equal("AWSHealth_20160804.DescribeEvents", request.headers["x-amz-target"])
    assert.equal("attempt=1; max=3", request.headers["amz-sdk-request"])
    assert.matches("^[%x-]+$", request.headers["amz-sdk-invocation-id"])
    assert.matches("/us%-east%-1/health/aws4_request, SignedHeaders=[%w;-]*x%-amz%-target",
      request.headers.authorization)
  end)

  it("signs what dxconnect.sign signs", function()
    local client, record = world.client { json "{}" }
    for _, request in ipairs { events, get } do
      assert(client:send(request))
      local sent = record.requests[#record.requests]
      local headers = copy(sent.headers, {})
      headers.authorization, headers["x-amz-date"] = nil, nil
      local again = assert(dxconnect.sign({ method = sent.method, url = sent.url, headers = headers,
        body = sent.body }, {
        region = "us-east-1", service = request.service, credentials = world.KEYS,
        clock = function() return record.now end,
      }))
      assert.equal(again.headers.authorization, sent.headers.authorization)
    end
  end)

  it("makes any other signed request", function()
    local client, record = world.client { json '[1,{"a":true}]' }
    local result = assert(client:send {
      service = "execute-api", method = "PUT", path = "/x%2Fy", query = { b = { 2, "3 4" }, ["a&"] = true },
      headers = { ["X-Mine"] = "1", ["content-type"] = "text/plain" }, body = "hello",
    })
    assert.equal(1, result[1])
    assert.is_true(result[2].a)
    local request = record.requests[1]
    assert.equal("PUT", request.method)
    assert.equal("https://execute-api.us-east-1.amazonaws.com/x%2Fy?a%26=true&b=2&b=3%204", request.url)
    assert.equal("1", request.headers["x-mine"])
    assert.equal("text/plain", request.headers["content-type"])
    assert.equal("hello", request.body)
    assert(client:send { service = "iam", method = "GET", url = "https://iam.amazonaws.com/?A=1", query = { B = 2 } })
    assert.equal("https://iam.amazonaws.com/?A=1&B=2", record.requests[2].url)
    assert.equal("", record.requests[2].body)
  end)

  it("returns an answer that is no JSON with status, headers and body", function()
    local client = world.client {
      { status = 201, headers = { ["content-type"] = "text/xml", x = "y" }, body = "<a>\0</a>" }, json "", json "{",
      ok(""), ok(),
    }
    local result = assert(client:send(get))
    assert.equal(201, result.status)
    assert.equal("y", result.headers.x)
    assert.equal("<a>\0</a>", result.body)
    assert.equal("answer with HTTP status 201 (text/xml, 8 bytes)", tostring(result))
    result = assert(client:send(get))
    assert.equal("", result.body)
    local _, err = client:send(get)
    assert.equal("ResponseError", err.code)
    assert.same({}, assert(client:send(events))) -- a service may answer nothing
  end)

  it("asks where region, endpoint_url and the environment say, never at our own endpoint", function()
    local variables = {}
    local client, record = world.client({ json "{}" }, {
      endpoint_url = "http://127.0.0.1:4000", region = "eu-west-1",
      system = { getenv = function(name) return variables[name] end },
    })
    local function url(options, request)
      local result, err = client:send(request or events, options)
      assert.is_nil(err and tostring(err))
      assert.is_table(result)
      return record.requests[#record.requests].url
    end
    assert.equal("https://health.eu-west-1.amazonaws.com/", url())
    assert.equal("https://health.us-east-1.amazonaws.com/", url { region = "us-east-1" })
    assert.matches("/us%-east%-1/health/", record.requests[#record.requests].headers.authorization)
    assert.equal("https://health.cn-north-1.amazonaws.com.cn/", url { region = "cn-north-1" })
    assert.equal("https://other.example/base/", url { endpoint_url = "https://other.example/base" })
    variables.AWS_ENDPOINT_URL = "http://localhost:4566"
    assert.equal("http://localhost:4566/", url())
    variables.AWS_ENDPOINT_URL_HEALTH = "http://localhost:1"
    assert.equal("http://localhost:1/", url())
    assert.equal("http://localhost:4566/", url(nil, copy(events, { service = "secretsmanager" })))
    variables.AWS_ENDPOINT_URL_SECRETS_MANAGER = "http://localhost:2/"
    assert.equal("http://localhost:2/", url(nil, copy(events, { service = "secretsmanager" })))
    assert.equal("https://other.example/", url { endpoint_url = "https://other.example/" })
  end)

  it("is sent again only where it surely had no effect, or where it is repeatable", function()
    for _, case in ipairs {
      { { lost = "connect" }, 2 }, { fault(400, "ThrottlingException"), 2 }, { fault(429), 2 },
      { { lost = "reset" }, 1, 2 }, { { lost = "timeout" }, 1, 2 }, { fault(500), 1, 2 }, { fault(503), 1, 2 },
      { fault(403, "AccessDeniedException"), 1, 1 },
    } do
      for _, request in ipairs { events, get } do
        local client, record = world.client { case[1], json "{}" }
        local _, err = client:send(request)
        assert.equal(case[2], #record.requests)
        if err and case[3] == 2 then
          assert.is_true(err.maybe_applied)
        end
        client, record = world.client { case[1], json "{}" }
        client:send(request, { repeatable = true })
        assert.equal(case[3] or 2, #record.requests)
      end
    end
  end)

  it("has the errors, retries, clock, time-outs and logs of every call", function()
    local client, record = world.client {
      fault(403, "RequestTimeTooSkewed", "x", { date = "Tue, 14 Nov 2023 23:13:20 GMT" }),
      fault(400, "com.amazon#AccessDeniedException", "no", { ["x-amzn-requestid"] = "r-2" }),
      { status = 404, body = "<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>" },
    }
    local _, err = client:send(events, { timeout = 7, connect_timeout = 2, headers = { ["X-Mine"] = "1" } })
    assert.equal("20231114T231320Z", record.requests[2].headers["x-amz-date"])
    assert.equal("service", err.kind)
    assert.equal("AccessDeniedException", err.code)
    assert.equal("denied", err.reason)
    assert.equal("DescribeEvents", err.operation)
    assert.equal("r-2", err.request_id)
    assert.equal(2, err.attempts)
    assert.equal(7, record.requests[1].timeout)
    assert.equal(2, record.requests[1].connect_timeout)
    assert.equal("1", record.requests[1].headers["x-mine"])
    assert.equal(record.requests[1].headers["amz-sdk-invocation-id"],
      record.requests[2].headers["amz-sdk-invocation-id"])
    for _, event in ipairs(record.events) do
      assert.equal("DescribeEvents", event.operation)
    end
    _, err = client:send(get)
    assert.equal("NoSuchKey", err.code)
    assert.equal("gone", err.message)
    assert.equal("GET s3", err.operation)
  end)

  it("names where the endpoint that can't be reached is from", function()
    local client = world.client { { lost = "connect" } }
    local _, err = client:send(events)
    assert.matches("(the endpoint of health is https://health.us-east-1.amazonaws.com (from the region us-east-1))",
      err.message, 1, true)
    _, err = client:send(events, { endpoint_url = "http://localhost:1" })
    assert.matches("(the endpoint of health is http://localhost:1 (from option))", err.message, 1, true)
  end)

  it("asks for expired credentials once more", function()
    local made = 0
    local client, record = world.client({ fault(400, "ExpiredTokenException"), json "{}" }, {
      credentials = function()
        made = made + 1
        return { access_key_id = "AK" .. made, secret_access_key = "s", session_token = "t" .. made }
      end,
    })
    assert(client:send(events))
    assert.matches("AK2/", record.requests[2].headers.authorization)
    assert.equal("t2", record.requests[2].headers["x-amz-security-token"])
  end)

  it("tells every problem of the request, and sends nothing", function()
    local client, record = world.client { json "{}" }
    local function problems(request, options)
      local result, err = client:send(request, options)
      assert.is_nil(result)
      assert.equal("ParamValidationError", err.code)
      assert.equal(0, #record.requests)
      return err.message
    end
    assert.matches("service: missing.*method: missing.*give either url or path", problems {})
    assert.matches("servic: unknown field; did you mean service%?", problems { servic = "health" })
    assert.matches("service: expected", problems(copy(get, { service = "s3/../x" })))
    assert.matches("target: expected", problems(copy(events, { target = "a b" })))
    assert.matches("version: expected", problems(copy(events, { version = "2" })))
    assert.matches("body: not allowed beside target", problems(copy(events, { body = "x" })))
    assert.matches("params: needs target", problems(copy(get, { params = {} })))
    assert.matches("params: expected a table, got a string", problems(copy(events, { params = "x" })))
    assert.matches("params.a: ", problems(copy(events, { params = { a = print } })))
    assert.matches("path: expected", problems(copy(get, { path = "a b" })))
    assert.matches("give either url or path", problems(copy(get, { url = "https://x/" })))
    assert.matches("url: ", problems { service = "s3", method = "GET", url = "ftp://x" })
    assert.matches("headers.Host: it can't be replaced", problems(copy(get, { headers = { Host = "x" } })))
    assert.matches("query.a: expected a string", problems(copy(get, { query = { a = print } })))
    local _, err = client:send(copy(get, { method = "G T" }))
    assert.equal("ConfigError", err.code)
    _, err = client:send(events, { regoin = "x" })
    assert.matches("did you mean region", err.message)
    client:close()
    _, err = client:send(events)
    assert.matches("closed", err.message)
  end)

  it("raises for misuse with the caller's line", function()
    local client = world.client { json "{}" }
    for _, misuse in ipairs {
      function() client.send(events) end, function() client:send("health") end, function() client:send(events, 5) end,
    } do
      local raised, message = pcall(misuse)
      assert.is_false(raised)
      assert.matches("service_spec.lua:" .. debug.getinfo(misuse, "S").linedefined .. ": ", message)
    end
  end)

  it("tells no secret of the request in an error", function()
    local secret = dxconnect.secret("hush-hush")
    local client, record = world.client { fault(400, "Oops", "bad value hush-hush or plain-secret"), { lost = "reset",
      message = "could not send hush-hush" } }
    local request = { service = "secretsmanager", target = "secretsmanager.PutSecretValue",
      params = { SecretId = "x", SecretBinary = secret, password = "plain-secret" } }
    for _ = 1, 2 do
      local _, err = client:send(request)
      assert.is_nil(tostring(err):find("hush", 1, true))
      assert.is_nil(tostring(err):find("plain-secret", 1, true))
    end
    assert.equal('"hush-hush"', record.requests[1].body:match('"SecretBinary":("[^"]*")'))
    assert.is_true(core.is_secret(secret))
  end)
end)
