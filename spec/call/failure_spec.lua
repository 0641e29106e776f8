local scene = require "spec.support.scene"

local KEYS = { access_key_id = "AKID", secret_access_key = "hush" }

-- The message of a call whose connection fails in a way.
local function message(kind, stage)
  stage.options = stage.options or {}
  stage.options.credentials, stage.options.max_attempts = KEYS, 1
  stage.answer = function()
    return nil, "no luck", kind
  end
  local _, err = scene.client(stage):describe_lags()
  return err.message
end

describe("the error of a request that could not be sent", function()
  it("names the region that the endpoint follows from, and its origin", function()
    for _, kind in ipairs { "connect", "tls" } do
      assert.equal("no luck (the endpoint follows from the region mars-1 (from AWS_REGION))",
        message(kind, { env = { AWS_REGION = "mars-1" } }))
    end
  end)

  it("names the endpoint's URL by its origin", function()
    assert.equal("no luck (the endpoint is endpoint_url (from AWS_ENDPOINT_URL))",
      message("connect", { env = { AWS_ENDPOINT_URL = "http://x.example" } }))
  end)

  it("names the proxy by its origin where the request goes through it", function()
    local env = { HTTPS_PROXY = "http://user:hush@proxy.example" }
    assert.matches("the proxy is from HTTPS_PROXY%)$", message("connect", { env = env }))
    assert.is_nil(message("connect", { env = env }):find("hush", 1, true))
    env.NO_PROXY = "amazonaws.com"
    assert.is_nil(message("connect", { env = env }):find("proxy", 1, true))
  end)

  it("says nothing of it where the request may have arrived", function()
    assert.equal("no luck", message("reset", {}))
    assert.equal("no luck", message("timeout", {}))
  end)
end)
