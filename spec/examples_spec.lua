--- Runs the examples as a user would: other processes, HTTP over loopback, libcurl.

local dxconnect = require "dxconnect"
local emulatord = require "spec.support.emulatord"
local faultd = require "spec.support.faultd"
local scene = require "spec.support.scene"

local function run(command)
  local pipe = assert(io.popen("{ " .. command .. "; } 2>&1; echo \"exit $?\""))
  local text = pipe:read("*a")
  pipe:close()
  return text:match("^(.*)exit (%d+)\n$")
end

local lua = jit and "luajit" or "lua" .. _VERSION:match("%d%.%d")

describe("examples/quickstart.lua", function()
  it("tells the story of a MACsec key, from the order to the clean-up", function()
    local text, status = run("env -u LD_PRELOAD LUA=" .. lua .. " sh examples/demo.sh")
    assert.equal("0", status, text)
    for _, part in ipairs {
      "1. A client", "is available", "cak <secret>", "associating", "associated", "secretARN arn:aws:secretsmanager",
      "disassociating", "ParamValidationError", "did you mean", "not_found", "is deleted", "Done.",
    } do
      assert.truthy(text:find(part, 1, true), part .. " is missing in\n" .. text)
    end
  end)

  it("does not run without an emulator", function()
    local text, status = run(table.concat({
      "env -u LD_PRELOAD -u AWS_ENDPOINT_URL_DIRECT_CONNECT LUA_PATH='./lua/?.lua;./lua/?/init.lua;;'",
      "LUA_CPATH='./build/" .. lua .. "/?.so;;'", lua, "examples/quickstart.lua",
    }, " "))
    assert.equal("2", status, text)
    assert.truthy(text:find("make demo", 1, true))
  end)
end)

describe("examples/emulator.lua", function()
  local function start(arguments)
    return emulatord.start(nil, "examples/emulator.lua " .. arguments .. " 2>&1")
  end

  it("prints its URL first, serves, and ends without a word when it is told to", function()
    for _, signal in ipairs { "INT", "TERM" } do
      local served = start "--port 0 --speed 600"
      local client = assert(dxconnect.client {
        region = "us-east-1", endpoint_url = served.url, credentials = { access_key_id = "a", secret_access_key = "b" },
        system = { getenv = function() end },
      })
      assert.is_true(#assert(client:describe_locations()).locations > 0)
      client:close()
      assert.equal("", served:stop(signal))
    end
  end)

  it("has time pass as fast as asked for, in the region asked for", function()
    local served = start "--speed 100000000 --region eu-west-1"
    local client = assert(dxconnect.client {
      region = "eu-west-1", endpoint_url = served.url, credentials = { access_key_id = "a", secret_access_key = "b" },
      system = { getenv = function() end },
    })
    local id = assert(client:create_connection {
      location = "EqDC2", bandwidth = "1Gbps", connectionName = "x",
    }).connectionId
    assert.equal("available", assert(client:describe_connections { connectionId = id }).connections[1].connectionState)
    local _, err = client:describe_locations({}, { region = "us-east-1" })
    assert.equal("InvalidSignatureException", err.code)
    client:close()
    served:stop()
  end)

  it("says what it takes", function()
    for arguments, expected in pairs {
      ["--port"] = "usage: ", ["--speeed 5"] = "usage: ",
      ["--port 99999"] = "--port must be", ["--speed 0"] = "--speed must be",
    } do
      local text, status = run(table.concat({
        "env -u LD_PRELOAD LUA_PATH='./lua/?.lua;./lua/?/init.lua;;' LUA_CPATH='./build/" .. lua .. "/?.so;;'",
        lua, "examples/emulator.lua", arguments,
      }, " "))
      assert.equal("2", status, text)
      assert.equal(1, text:find(expected, 1, true))
    end
  end)
end)

describe("examples/save_loa.lua", function()
  it("writes the letter of a port into a file, and says why there is none", function()
    -- time passes with the first call, so that the second finds the letter there
    local served = emulatord.start [[
      local is_first = true
      emulator:fault {
        operation = "describe_loa",
        match = function()
          pass(is_first and 130 or 0)
          is_first = false
        end,
      }
    ]]
    finally(function()
      served:stop()
    end)
    local client = assert(dxconnect.client {
      region = "us-east-1", endpoint_url = served.url, credentials = emulatord.keys,
      system = { getenv = function() end },
    })
    local id = assert(client:create_connection {
      location = "EqDC2", bandwidth = "10Gbps", connectionName = "one",
    }).connectionId
    client:close()
    local path = os.tmpname()
    local function save(arguments)
      return run(table.concat({
        "env -i PATH=\"$PATH\" LUA_PATH='./lua/?.lua;./lua/?/init.lua;;' LUA_CPATH='./build/" .. lua .. "/?.so;;'",
        "AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_REGION=us-east-1",
        "AWS_ACCESS_KEY_ID=" .. emulatord.keys.access_key_id,
        "AWS_SECRET_ACCESS_KEY=" .. emulatord.keys.secret_access_key,
        "AWS_ENDPOINT_URL_DIRECT_CONNECT=" .. served.url,
        lua, "examples/save_loa.lua", arguments,
      }, " "))
    end
    local text, status = save(id .. " " .. path)
    assert.equal("1", status)
    assert.matches("is not available yet", text)
    text, status = save(id .. " " .. path .. " Zayo")
    assert.equal("0", status, text)
    local file = assert(io.open(path, "rb"))
    local content = file:read("*a")
    file:close()
    os.remove(path)
    assert.equal(("%s: %d bytes of application/pdf\n"):format(path, #content), text)
    assert.matches("^%%PDF%-.*" .. id:gsub("%-", "%%-") .. ".*Zayo.*%%%%EOF\n$", content)
    text, status = save(id .. " /nowhere/loa.pdf")
    assert.equal("1", status)
    assert.matches("/nowhere/loa.pdf", text)
    assert.equal("2", select(2, save(id)))
  end)
end)

describe("examples/two_accounts.lua", function()
  local program = table.concat({
    "LUA_PATH='./lua/?.lua;./lua/?/init.lua;;'", "LUA_CPATH='./build/" .. lua .. "/?.so;;'", lua,
    "examples/two_accounts.lua",
  }, " ")

  -- One account: its own STS and its own Direct Connect, on loopback.
  local function account(name, id)
    local made = {
      sts = faultd.start {
        faultd.ok(scene.role_keys(name, { account = id, expiration = "2099-01-01T00:00:00Z" }).body),
      },
      direct_connect = faultd.start {
        faultd.ok(('{"connections":[{"connectionId":"dxcon-%s","connectionName":"%s 1",'
          .. '"connectionState":"available"}]}'):format(name, name)),
      },
    }
    made.config = ([[
[profile %s]
role_arn = arn:aws:iam::%s:role/network
source_profile = base
region = us-east-1
services = %s
[services %s]
sts =
  endpoint_url = %s
direct_connect =
  endpoint_url = %s
]]):format(name, id, name, name, made.sts.url, made.direct_connect.url)
    finally(function()
      made.sts:stop()
      made.direct_connect:stop()
    end)
    return made
  end

  it("assumes a role in each account and lists the connections of both", function()
    local production, staging = account("production", "111122223333"), account("staging", "444455556666")
    local path = os.tmpname()
    assert(require("dxconnect.core").write_file(path, production.config .. staging.config
      .. "[profile base]\naws_access_key_id = BASE\naws_secret_access_key = s\n"))
    local text, status = run("env -i PATH=\"$PATH\" AWS_CONFIG_FILE=" .. path .. " " .. program
      .. " production staging nowhere")
    os.remove(path)
    for _, line in ipairs {
      "production, account 111122223333: 1 connections", "  dxcon-production  production 1  available",
      "staging, account 444455556666: 1 connections", "  dxcon-staging  staging 1  available",
      'nowhere: ConfigError: profile (from option): there is no profile "nowhere"',
    } do
      assert.truthy(text:find(line, 1, true), text)
    end
    assert.equal("1", status)
    for name, made in pairs { production = production, staging = staging } do
      assert.matches("Credential=BASE/%d+/us%-east%-1/sts/aws4_request", made.sts:requests()[1].raw)
      assert.matches("Credential=ASIA" .. name .. "/", made.direct_connect:requests()[1].raw)
    end
  end)

  it("says how it is called", function()
    local text, status = run("env -u LD_PRELOAD " .. program)
    assert.equal("2", status)
    assert.matches("production staging", text)
  end)
end)
