local user_agent = require "dxconnect.config.user_agent"

local function of(values)
  return user_agent.of { values = values }
end

describe("user_agent", function()
  it("names module, format, system and Lua", function()
    local text = of {}
    assert.matches("^dxconnect/%d+%.%d+%.%d+ ua/2%.1 os/%S+ lang/lua#5%.%d", text)
    assert.matches(" cfg/retry%-mode#standard$", text)
    assert.equal(jit ~= nil, text:find(" md/impl#LuaJIT", 1, true) ~= nil)
  end)

  it("names the retry mode, where it runs, and the application last", function()
    local text = of { retry_mode = "adaptive", execution_env = "AWS_ECS_FARGATE", sdk_ua_app_id = "portal" }
    assert.matches(" exec%-env/AWS_ECS_FARGATE cfg/retry%-mode#adaptive app/portal$", text)
  end)

  it("leaves out what is empty", function()
    local text = of { execution_env = "", sdk_ua_app_id = "" }
    assert.is_nil(text:find("exec-env", 1, true))
    assert.is_nil(text:find("app/", 1, true))
  end)

  it("lets nothing through that is no token of HTTP", function()
    local text = of { sdk_ua_app_id = "a b/c\r\nx-evil: \255(1)" }
    assert.matches(" app/a%-b%-c%-%-x%-evil%-%-%-%-1%-$", text)
  end)
end)
