--- The real transports as functions, and transports of the user's own.

local dxconnect = require "dxconnect"
local faultd = require "spec.support.faultd"

local server

local function start(...)
  server = faultd.start(...)
  return server
end

after_each(function()
  if server then
    server:stop()
    server = nil
  end
end)

local lags = faultd.ok('{"lags":[{"lagId":"dxlag-1"}]}')

local order = { numberOfConnections = 1, location = "EqDC2", connectionsBandwidth = "1Gbps", lagName = "x" }

describe("dxconnect.transport", function()
  it("is the real transport as a function, for one of the user's own to call", function()
    start { lags }
    local real, seen = assert(dxconnect.transport("curl")), nil
    local client = server:client {
      transport = function(request)
        local response, message, kind = real(request)
        seen = { request = request, response = response }
        return response, message, kind
      end,
    }
    assert.equal("dxlag-1", assert(client:describe_lags()).lags[1].lagId)
    assert.equal("POST", seen.request.method)
    assert.equal(200, seen.response.status)
    assert.equal("application/x-amz-json-1.1", seen.response.headers["content-type"])
    assert.equal('{"lags":[{"lagId":"dxlag-1"}]}', seen.response.body)
  end)

  it("takes a client's options, which a request's time-outs go before", function()
    start { "hang" }
    local real = assert(dxconnect.transport("curl", { timeout = 0.05 }))
    local request = { method = "GET", url = server.url, headers = {} }
    assert.equal("timeout", (select(3, real(request))))
    request.timeout = 0.01
    assert.equal("timeout", (select(3, real(request))))
    local made, err = dxconnect.transport("curl", { ca_bundel = "x" })
    assert.is_nil(made)
    assert.matches("ca_bundle", tostring(err))
    made, err = dxconnect.transport("curl", { ca_bundle = "/nonexistent/bundle.pem" })
    assert.is_nil(made)
    assert.matches("/nonexistent/bundle.pem", tostring(err))
  end)

  it("says whether anything was sent, so that maybe_applied stays exact", function()
    start({ "@hang" })
    local client = server:client {
      endpoint_url = "https://127.0.0.1:" .. server.port,
      transport = assert(dxconnect.transport("curl")), connect_timeout = 0.05, max_attempts = 1,
    }
    local _, err = client:create_lag(order)
    assert.equal("TimeoutError", err.code)
    assert.is_nil(err.maybe_applied)
    server:stop()
    start { "hang" }
    client = server:client { transport = assert(dxconnect.transport("curl")), timeout = 0.05, max_attempts = 1 }
    _, err = client:create_lag(order)
    assert.equal("TimeoutError", err.code)
    assert.is_true(err.maybe_applied)
  end)

  it("is a config error for a name that there is not, and where it does not work", function()
    for _, name in ipairs { "carl", 7, "resty" } do
      local made, err = dxconnect.transport(name)
      assert.is_nil(made)
      assert.equal("config", err.kind)
    end
    local _, err = dxconnect.transport()
    assert.equal("config", err.kind)
  end)

  it("sends nothing of a request that can't be one", function()
    local real = assert(dxconnect.transport("curl"))
    for _, request in ipairs {
      {}, { method = "GET" }, { method = "G\nET", url = "http://127.0.0.1:1", headers = {} },
    } do
      local response, message = real(request)
      assert.is_nil(response)
      assert.is_string(message)
    end
  end)
end)

describe("a callable table", function()
  local function answering(fields)
    return setmetatable(fields or {}, {
      __call = function()
        fields.calls = (fields.calls or 0) + 1
        return { status = fields.calls == 1 and 500 or 200, headers = {}, body = "{}" }
      end,
    })
  end

  local function client_of(options)
    options.region, options.endpoint_url = "us-east-1", "http://127.0.0.1:1"
    options.credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = "secret" }
    options.config_file, options.shared_credentials_file = "/dev/null", "/dev/null"
    return assert(dxconnect.client(options))
  end

  it("is a transport", function()
    local fields = { calls = 1 }
    assert.is_table((client_of { transport = answering(fields) }:describe_lags()))
    assert.equal(2, fields.calls)
    local made, err = dxconnect.client { region = "us-east-1", transport = {} }
    assert.is_nil(made)
    assert.matches("callable", tostring(err))
  end)

  it("has its clock and its sleep stand in for the system's", function()
    local slept = 0
    local transport = answering {
      clock = function()
        return 86400
      end,
      sleep = function()
        slept = slept + 1
      end,
    }
    local client = client_of { transport = transport }
    assert.is_table((client:describe_lags()))
    assert.equal(1, slept)
    assert.matches("19700102/", client:prepare("describe_lags").headers.authorization)
  end)

  it("has them stand back where system names its own", function()
    local slept = 0
    local client = client_of {
      transport = answering { sleep = error, clock = error },
      system = {
        clock = function()
          return 0
        end,
        sleep = function()
          slept = slept + 1
        end,
      },
    }
    assert.is_table((client:describe_lags()))
    assert.equal(1, slept)
  end)
end)
