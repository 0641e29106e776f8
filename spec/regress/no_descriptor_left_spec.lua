--- A process that has used up its descriptors: what a failed call needs was loaded at the failure, and could not be, so
-- that the call raised "module 'dxconnect.schedule' not found" before its first retry instead of returning an error.

local shell = require "spec.support.shell"

local before = [[
  local dxconnect = require "dxconnect"

  local function client(options, env)
    options.region = "us-east-1"
    options.system = {
      getenv = function(name) return env and env[name] end,
      random = function() return 0 end,
    }
    return assert(dxconnect.client(options))
  end

  local open = {}
  local function use_up()
    repeat
      local file = io.open("/dev/null")
      open[#open + 1] = file
    until not file
  end

  local function tell(result, err)
    print(result == nil and ("%s %s %s"):format(err.code, tostring(err.reason), tostring(err.attempts)))
  end

  local keys = { access_key_id = "AKIDEXAMPLE", secret_access_key = "example" }
]]

-- What Lua source prints in a process of its own that may open few files, after what stands above.
local function run(source)
  local kept = {}
  for _, name in ipairs { "PATH", "LD_PRELOAD", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS" } do
    kept[#kept + 1] = ('%s="$%s"'):format(name, name)
  end
  local command = "ulimit -n 64; env -i %s LUA_PATH=%s LUA_CPATH=%s %s -e %s 2>&1 </dev/null || echo status $?"
  return table.concat(shell.lines(command:format(table.concat(kept, " "), shell.quote(package.path),
    shell.quote(package.cpath), shell.lua, shell.quote(before .. source))), "\n")
end

describe("a process without a descriptor left", function()
  it("gets an error after all attempts where it can't connect", function()
    assert.equal("ConnectionError nil 3", run [[
      local c = client { credentials = keys, endpoint_url = "http://127.0.0.1:9" }
      use_up()
      tell(c:describe_lags())
    ]])
  end)

  it("gets the service's errors, and all that is known of them", function()
    assert.equal("DirectConnectClientException not_found 1\nInvalidSignatureException signature 2", run [[
      local code = "DirectConnectClientException"
      local c = client {
        credentials = keys,
        transport = function()
          return {
            status = 400, headers = { date = "Wed, 15 Nov 2023 00:00:00 GMT" },
            body = ('{"__type":"%s","message":"%s"}'):format(code,
              code == "DirectConnectClientException" and "Connection dxcon-1 not found" or "x"),
          }
        end,
      }
      use_up()
      tell(c:describe_lags())
      code = "InvalidSignatureException"
      tell(c:describe_lags())
    ]])
  end)

  it("gets Lua's own error where a part that was not loaded yet is out of reach", function()
    assert.equal("false\tmodule 'dxconnect.workflows.batch' not found", run [[
      local c = client { credentials = keys }
      use_up()
      local ok, message = pcall(c.map, c, "describe_lags", {})
      print(ok, (message:match("module '[%w._]+' not found")))
    ]])
  end)

  it("gets Lua's own error where a source of credentials is out of reach", function()
    assert.equal("false\tmodule 'dxconnect.credentials.environment' not found", run [[
      local c = client({}, { AWS_ACCESS_KEY_ID = "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY = "example" })
      use_up()
      local ok, message = pcall(c.describe_lags, c)
      print(ok, (message:match("module '[%w._]+' not found")))
    ]])
  end)
end)
