--- Runs the examples as a user would: other processes, HTTP over loopback, libcurl.

local dxconnect = require "dxconnect"
local emulatord = require "spec.support.emulatord"
local faultd = require "spec.support.faultd"
local scene = require "spec.support.scene"
local shell = require "spec.support.shell"
local yields = require "spec.support.yields"

local function run(command)
  return shell.output("{ " .. command .. "; } 2>&1; echo \"exit $?\""):match("^(.*)exit (%d+)\n$")
end

local lua = shell.lua

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

describe("examples/tape_spec.lua", function()
  it("passes under busted", function()
    local text, status = run("env -u LD_PRELOAD -u DXCONNECT_BUILD " .. lua
      .. " spec/run.lua -o plainTerminal examples/tape_spec.lua")
    assert.equal("0", status, text)
    assert.truthy(text:find("3 successes", 1, true), text)
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
    local content = shell.read(path)
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

-- An emulator in a process of its own, a client on it, and a function that runs an example against it.
local function served_world(orders)
  local served = emulatord.start(orders)
  local client = assert(dxconnect.client {
    region = "us-east-1", endpoint_url = served.url, credentials = emulatord.keys,
    system = { getenv = function() end },
  })
  finally(function()
    client:close()
    served:stop()
  end)
  return client, function(arguments, environment)
    return run(table.concat({
      "env -i PATH=\"$PATH\" LUA_PATH='./lua/?.lua;./lua/?/init.lua;;' LUA_CPATH='./build/" .. lua .. "/?.so;;'",
      "AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_REGION=us-east-1",
      "AWS_ACCESS_KEY_ID=" .. emulatord.keys.access_key_id,
      "AWS_SECRET_ACCESS_KEY=" .. emulatord.keys.secret_access_key,
      "AWS_ENDPOINT_URL_DIRECT_CONNECT=" .. served.url, environment or "",
      lua, arguments,
    }, " "))
  end
end

-- Has half a minute of the emulator's time pass whenever it is looked at.
local RUNNING = [[
  local answer = emulator.answer
  function emulator.answer(self, request)
    if request.headers["x-amz-target"]:find("Describe") then
      pass(30)
    end
    return answer(self, request)
  end]]

describe("examples/inventory.lua", function()
  it("shows an estate, what is wrong with it, a picture and a change", function()
    local path = os.tmpname()
    local text, status = run("env -u LD_PRELOAD PICTURE=" .. path .. " LUA=" .. lua .. " sh examples/demo_inventory.sh")
    local picture = shell.read(path)
    os.remove(path)
    assert.equal("0", status, text)
    for _, part in ipairs {
      "5 connections", "core-lag", "critical  resiliency", "The picture is " .. path, "Watching",
      "data.bgpStatus: up -> down",
    } do
      assert.truthy(text:find(part, 1, true), part .. " is missing in\n" .. text)
    end
    assert.matches("^<svg .*core%-lag.*</svg>\n$", picture)
  end)

  it("says what could not be read, and how it is called", function()
    local _, example = served_world 'emulator:fault { operation = "describe_lags", status = 403, times = 100 }'
    local text, status = example "examples/inventory.lua /dev/null"
    assert.equal("1", status, text)
    assert.matches("could not be read: client 1, us%-east%-1", text)
    assert.equal("2", select(2, example "examples/inventory.lua"))
  end)
end)

describe("examples/maintenance.lua", function()
  -- What it says of the seeded estate, whose gateway lab has one path and core has three, when Health tells of events.
  local function told(affected, orders)
    local _, example = served_world('emulator:seed("estate") ' .. (orders or ""))
    local events, entities = {}, {}
    for i, id in ipairs(affected) do
      local arn = "arn:aws:health:us-east-1::event/DIRECTCONNECT/" .. i
      events[i] = ('{"arn":"%s","service":"DIRECTCONNECT","eventTypeCode":"MAINTENANCE_%d","startTime":1796000400.5,'
        .. '"endTime":1796014800,"statusCode":"upcoming"}'):format(arn, i)
      entities[i] = ('{"eventArn":"%s","entityValue":"%s"}'):format(arn, id)
    end
    local half = math.floor(#events / 2)
    local health = faultd.start {
      faultd.ok(('{"events":[%s],"nextToken":"more"}'):format(table.concat(events, ",", 1, half))) .. " close",
      faultd.ok(('{"events":[%s]}'):format(table.concat(events, ",", half + 1))) .. " close",
      faultd.ok(('{"entities":[%s]}'):format(table.concat(entities, ","))) .. " close",
    }
    finally(function()
      health:stop()
    end)
    return example("examples/maintenance.lua", "AWS_ENDPOINT_URL_HEALTH=" .. health.url)
  end

  it("says which gateways lose all paths on a day, a LAG's where all its members are down", function()
    local text, status = told {
      "dxcon-estate01", "arn:aws:directconnect:us-east-1:111122223333:dxcon/dxcon-estate02", "dxvif-estate02",
      "dxcon-estate04",
    }
    assert.equal("3", status, text)
    assert.equal("2026-11-30  CRITICAL  core loses all of its 3 paths: dxlag-estate01 (MAINTENANCE_2), "
      .. "dxcon-estate03 (MAINTENANCE_3), dxcon-estate04 (MAINTENANCE_4)\n", text)
  end)

  it("tells of paths that are lost while others stay", function()
    local text, status = told { "dxcon-estate01", "dxcon-estate04" }
    assert.equal("0", status, text)
    assert.equal("2026-11-30  note      core loses 1 of its 3 paths: dxcon-estate04 (MAINTENANCE_2)\n", text)
  end)

  it("says that nothing is met, and never so where it could not look", function()
    local text, status = told {}
    assert.equal("no maintenance meets a path of a gateway\n", text)
    assert.equal("0", status)
    text, status = told({}, 'emulator:fault { operation = "describe_lags", status = 403, times = 100 }')
    assert.equal("1", status, text)
    assert.matches("not read, so there may be more", text)
    assert.matches("no maintenance meets a path that could be read", text)
  end)
end)

describe("examples/order_circuit.lua", function()
  it("orders one circuit, however often it runs, and waits until it is there", function()
    local client, example = served_world(RUNNING)
    local text, status = example "examples/order_circuit.lua EqDC2 10Gbps berlin-1 0.001"
    assert.equal("0", status, text)
    local id = text:match("(dxcon%-%w+) is ordered\n")
    assert.is_string(id, text)
    for _, part in ipairs { " is requested: ", " is pending: ", " is available\n", " at EqDC2 on " } do
      assert.truthy(text:find(id .. part, 1, true), text)
    end
    text, status = example "examples/order_circuit.lua EqDC2 10Gbps berlin-1 0.001"
    assert.equal("0", status, text)
    assert.truthy(text:find(id .. " was ordered before", 1, true), text)
    assert.equal(1, #assert(client:describe_connections()).connections)
  end)

  it("says what went wrong, and how it is called", function()
    local _, example = served_world()
    local text, status = example "examples/order_circuit.lua Nowhere 10Gbps berlin-1"
    assert.equal("1", status)
    assert.matches("Location Nowhere does not exist", text)
    assert.equal("2", select(2, example "examples/order_circuit.lua EqDC2"))
  end)
end)

describe("examples/rotate_lag_keys.lua", function()
  local function new_lag(client)
    local id = assert(client:create_lag {
      location = "EqDC2", connectionsBandwidth = "10Gbps", numberOfConnections = 2, lagName = "l",
      requestMACSec = true,
    }).lagId
    assert(client:wait_until("lag_available", { lagId = id }, { delay = 0.001 }))
    for _ = 1, 2 do
      local key = dxconnect.macsec.generate()
      assert(client:associate_mac_sec_key { connectionId = id, ckn = key.ckn, cak = key.cak })
      assert(client:wait_until("mac_sec_key_associated", { connectionId = id, ckn = key.ckn }, { delay = 0.001 }))
    end
    return id
  end

  local function live_keys(client, id)
    local list = {}
    for _, key in ipairs(assert(client:describe_lags { lagId = id }).lags[1].macSecKeys) do
      list[#list + 1] = key.state ~= "disassociated" and key.ckn or nil
    end
    return list
  end

  it("shows the plan, stops where the router can't be set up, and rotates", function()
    local client, example = served_world(RUNNING)
    local id = new_lag(client)
    local old = live_keys(client, id)
    local text, status = example("examples/rotate_lag_keys.lua " .. id .. " plan")
    assert.equal("0", status, text)
    assert.truthy(text:find("- disassociate key " .. old[1], 1, true), text)
    assert.same(old, live_keys(client, id))

    text, status = example("examples/rotate_lag_keys.lua " .. id .. " 'exit 3' 0.001")
    assert.equal("1", status, text)
    assert.matches("status 3", text)
    assert.equal(3, #live_keys(client, id))

    local path = os.tmpname()
    text, status = example("examples/rotate_lag_keys.lua " .. id .. " 'cat >" .. path .. "' 0.001")
    assert.equal("0", status, text)
    local file = assert(io.open(path))
    local ckn, cak = file:read("*l"), file:read("*l")
    file:close()
    os.remove(path)
    assert.same({ ckn }, live_keys(client, id))
    assert.equal(64, #cak)
    assert.is_nil(text:find(cak, 1, true))
    assert.matches("REGION +PORT", text)
    assert.truthy(text:find(id, 1, true))
  end)

  it("says what went wrong, and how it is called", function()
    local _, example = served_world()
    local text, status = example "examples/rotate_lag_keys.lua dxlag-nowhere true"
    assert.equal("1", status)
    assert.matches("dxlag%-nowhere", text)
    assert.equal("2", select(2, example "examples/rotate_lag_keys.lua dxlag-nowhere"))
  end)
end)

describe("examples/regions.lua", function()
  it("counts what each account has in each region, also where one may not look", function()
    local client, example = served_world()
    for i = 1, 3 do
      assert(client:create_connection { location = "EqDC2", bandwidth = "1Gbps", connectionName = "c" .. i })
    end
    local path = os.tmpname()
    local keys = emulatord.keys
    assert(require("dxconnect.core").write_file(path, ("[profile good]\naws_access_key_id = %s\n"
      .. "aws_secret_access_key = %s\n[profile bad]\naws_access_key_id = %s\naws_secret_access_key = wrong\n"):format(
      keys.access_key_id, keys.secret_access_key, keys.access_key_id)))
    local text, status = example("examples/regions.lua good,bad us-east-1 eu-central-1", "AWS_CONFIG_FILE=" .. path)
    os.remove(path)
    assert.equal("1", status, text)
    assert.matches("account +region +connections +LAGs +interfaces\n", text)
    assert.matches("\ngood +us%-east%-1 +3 +0 +0\n", text)
    assert.matches("\ngood +eu%-central%-1 +0 +0 +0\n", text)
    assert.matches("\nbad +us%-east%-1 +[^\n]*InvalidSignatureException", text)
    assert.equal("2", select(2, example "examples/regions.lua good"))
  end)
end)

describe("examples/delete_interfaces.lua", function()
  it("deletes many virtual interfaces at once, draws how far it is, and reports those that it can't delete", function()
    local client, example = served_world(RUNNING)
    local id = assert(client:create_connection {
      location = "EqDC2", bandwidth = "10Gbps", connectionName = "c",
    }).connectionId
    assert(client:wait_until("connection_available", { connectionId = id }, { delay = 0.001 }))
    local gateway = assert(client:create_direct_connect_gateway { directConnectGatewayName = "g" })
      .directConnectGateway.directConnectGatewayId
    local list = {}
    for i = 1, 100 do
      list[i] = {
        connectionId = id,
        newPrivateVirtualInterface = {
          virtualInterfaceName = "v" .. i, vlan = i, asn = 65000, directConnectGatewayId = gateway,
        },
      }
    end
    for _, answer in ipairs(client:map("create_private_virtual_interface", list)) do
      assert.is_nil(answer.error, tostring(answer.error))
    end
    local text, status = example("examples/delete_interfaces.lua " .. id)
    assert.equal("0", status, text)
    assert.equal(("100 virtual interfaces on %s\n"):format(id), text)
    text, status = example("examples/delete_interfaces.lua " .. id .. " delete 0.001")
    assert.equal("0", status, text)
    assert.truthy(text:find("100%  100 of 100\n", 1, true), text)
    assert.truthy(text:find("100 of 100 are gone\n", 1, true), text)
    for interface in client:items("describe_virtual_interfaces") do
      assert.equal("deleted", interface.virtualInterfaceState)
    end
  end)

  it("says what went wrong, and how it is called", function()
    local _, example = served_world()
    local text, status = example "examples/delete_interfaces.lua dxcon-nowhere delete"
    assert.equal("1", status)
    assert.matches("dxcon%-nowhere", text)
    assert.equal("2", select(2, example "examples/delete_interfaces.lua dxcon-1 yes"))
  end)
end)

for _, name in ipairs { "cqueues", "luv" } do
  describe("examples/" .. name .. ".lua", function()
    local program = "examples/" .. name .. ".lua "

    it("asks regions side by side while the rest of the program goes on", function()
      local client, example = served_world [[
        emulator:fault { operation = "describe_connections", latency = 0.1, times = 2 }
      ]]
      local regions = { "us-east-1", "eu-central-1" }
      for _, region in ipairs(regions) do
        local locations = assert(client:describe_locations({}, { region = region })).locations
        assert(client:create_connection({
          location = locations[1].locationCode, bandwidth = "1Gbps", connectionName = "of " .. region,
        }, { region = region }))
      end
      local text, status = example(program .. "us-east-1 eu-central-1 nowhere/")
      assert.equal("0", status, text)
      for _, region in ipairs(regions) do
        local line = region .. "  dxcon-%w+  of " .. region .. "  requested\n"
        assert.matches(line:gsub("%-", "%%-"), text)
      end
      assert.matches("nowhere/  ConfigError: region", text)
      local ticks = tonumber(text:match("3 regions, (%d+) ticks meanwhile\n$"))
      if yields.through_pcall then
        assert.is_true(ticks > 0, text)
      else
        assert.is_number(ticks, text) -- the program stands still while the list is walked within pcall
      end
    end)

    it("says how it is called", function()
      local _, example = served_world()
      local text, status = example(program)
      assert.equal("2", status, text)
      assert.matches("REGION", text)
    end)
  end)
end
