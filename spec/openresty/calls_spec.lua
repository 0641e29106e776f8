--- dxconnect at home in OpenResty: a real nginx whose requests call a slow service, itself another nginx.

local cjson = require("cjson").new()
local faultd = require "spec.support.faultd"
local nginx = require "spec.support.nginx"
local shell = require "spec.support.shell"
local slow_service = require "spec.support.slow_service"

-- ---- the service

local service, slow_port, quick_port, stats_port

-- What the service counted since it was asked last.
local function counted()
  return cjson.decode((nginx.get(stats_port, "/")))
end

-- ---- nginx with dxconnect

local web, port

-- What code in nginx starts with.
local PRELUDE = [[
  local dxconnect = require "dxconnect"
  local function new(options)
    options.region = options.region or "us-east-1"
    if options.credentials == nil then
      options.credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = "verysecret" }
    end
    return assert(dxconnect.client(options))
  end
  local function lists(n)
    local list = {}
    for i = 1, n do list[i] = {} end
    return list
  end
  local function shown(result, err)
    return err and err.kind .. " " .. err.code .. ": " .. err.message or "ok"
  end
]]

local function eval(...)
  return nginx.eval_after(PRELUDE, port, ...)
end

local function url_of(some_port)
  return ("http://127.0.0.1:%d"):format(some_port)
end

lazy_setup(function()
  port, slow_port, quick_port, stats_port = nginx.ports(4)
  service = nginx.start { http = slow_service:format(slow_port, quick_port, stats_port) }
  web = nginx.start {
    environment = "env -i PATH=$PATH AWS_ACCESS_KEY_ID=AKIDENVIRONMENT AWS_SECRET_ACCESS_KEY=fromenvironment",
    http = ([[
      lua_socket_log_errors off;
      lua_ssl_trusted_certificate %s;
      init_by_lua_block {
        -- nothing may block the worker
        local forbidden = function(name) return function() error(name .. " blocks", 0) end end
        io.popen, os.execute = forbidden "io.popen", forbidden "os.execute"
        require("dxconnect.core").sleep = forbidden "core.sleep"
        local dxconnect = require "dxconnect"
        dxconnect.config.capture()
        slow = assert(dxconnect.client { region = "us-east-1", endpoint_url = "%s" })
        quick = assert(dxconnect.client { region = "us-east-1", endpoint_url = "%s" })
      }
      server { listen 127.0.0.1:%d; %s }
    ]]):format(nginx.path(faultd.certificate("ca")), url_of(slow_port), url_of(quick_port), port, nginx.eval_location),
  }
end)

lazy_teardown(function()
  local log = web:log()
  web:stop()
  service:stop()
  for line in log:gmatch("[^\n]+") do -- of these nginx itself always tells
    assert.truthy(line:find("SSL_do_handshake() failed", 1, true) or line:find("recv() failed", 1, true), line)
  end
end)

describe("in one worker of nginx #nginx", function()
  it("twenty requests, each with a call of 200 ms, are under way together", function()
    counted()
    local code = [[ return shown(slow:describe_locations()) ]]
    local codes = {}
    for i = 1, 20 do
      codes[i] = code
    end
    for _, answer in ipairs { eval((table.unpack or unpack)(codes)) } do -- luacheck: ignore
      assert.equal("ok", answer)
    end
    local seen = counted()
    assert.equal(20, seen.total)
    assert.equal(20, seen.most)
  end)

  it("another service is called as ours is, and at once beside other calls", function()
    counted()
    assert.equal("DescribeEvents ok 6", eval(([[
      local client = new { endpoint_url = "http://127.0.0.1:1" }
      local tasks, good = {}, 0
      for i = 1, 6 do
        tasks[i] = function()
          return client:send({ service = "health", target = "AWSHealth_20160804.DescribeEvents" },
            { endpoint_url = "%s" })
        end
      end
      for _, outcome in ipairs(dxconnect.parallel(tasks)) do
        good = good + (outcome.result and outcome.result.locations and 1 or 0)
      end
      local _, err = client:send({ service = "health", target = "AWSHealth_20160804.DescribeEvents" },
        { endpoint_url = "http://127.0.0.1:1", max_attempts = 1 })
      return err.operation .. " ok " .. good
    ]]):format(url_of(slow_port))))
    assert.equal(6, counted().most)
  end)

  it("what goes over the wire is recorded, and replayed without it", function()
    local path = os.tmpname()
    assert.equal("recorded, replayed", eval(([[
      local path = %q
      local record = assert(dxconnect.record(nil, path))
      local client = new { transport = record, endpoint_url = "%s" }
      assert(client:describe_locations())
      assert(client:describe_lags({}, { unmodeled = true }))
      assert(record:done())
      local replay = assert(dxconnect.replay(path))
      client = new { transport = replay, endpoint_url = "http://127.0.0.1:1" }
      assert(client:describe_lags())
      assert(client:describe_locations())
      assert(replay:done())
      return "recorded, replayed"
    ]]):format(path, url_of(quick_port))))
    os.remove(path)
  end)

  it("connections are kept for the requests to come", function()
    eval [[ quick:describe_locations() ]]
    counted()
    for _ = 1, 5 do
      assert.equal("ok", eval [[ return shown(quick:describe_locations()) ]])
    end
    local seen = counted()
    assert.equal(5, seen.total)
    assert.equal(1, seen.connections)
  end)

  it("a map's calls are under way together, its limit kept in calls and connections, its order as given", function()
    local limited = ([[ new { endpoint_url = "%s" } ]]):format(url_of(slow_port) .. "/") -- connections of its own
    counted()
    assert.equal("20 ok", eval([[
      local results = ]] .. limited .. [[:map("describe_locations", lists(20), { concurrency = 10 })
      local n = 0
      for i = 1, 20 do n = n + (results[i].result and 1 or 0) end
      return n .. " ok"
    ]]))
    local seen = counted()
    assert.equal(10, seen.most)
  end)

  it("parallel functions overlap, within others too, and errors are theirs alone", function()
    counted()
    assert.equal("1 x 3|2 x 6|3 x 9", eval [[
      local outer = {}
      for i = 1, 3 do
        outer[i] = function()
          local inner = {}
          for j = 1, 3 do
            inner[j] = function()
              if j == 2 then error({ "x" }) end
              assert(slow:describe_locations())
              return i * j
            end
          end
          local results = dxconnect.parallel(inner)
          return results[1].result .. " " .. results[2].error[1] .. " " .. results[3].result
        end
      end
      local results = dxconnect.parallel(outer)
      return results[1].result .. "|" .. results[2].result .. "|" .. results[3].result
    ]])
    assert.equal(6, counted().most)
  end)

  it("stop_on_error lets calls in flight finish and begins no others", function()
    assert.equal("ok ParamValidationError CancelledError CancelledError", eval [[
      local calls = { { "describe_locations" }, { "delete_lag" }, { "describe_locations" }, { "describe_locations" } }
      local results = quick:batch(calls, { concurrency = 2, stop_on_error = true })
      local out = {}
      for i = 1, 4 do out[i] = results[i].error and results[i].error.code or "ok" end
      return table.concat(out, " ")
    ]])
  end)

  it("a run that fails leaves nothing in flight", function()
    local server = faultd.start { "hang" }
    finally(function()
      server:stop()
    end)
    assert.equal("false stop", eval(([[
      local client = new { endpoint_url = "%s", max_attempts = 1 }
      local calls = { { "delete_lag" }, { "describe_lags" }, { "describe_lags" }, { "describe_lags" } }
      local ok, err = pcall(client.batch, client, calls, { on_progress = function()
        ngx.sleep(0.02) -- the first failed before it was sent; the others are on their way by now
        error("stop", 0)
      end })
      return tostring(ok) .. " " .. err
    ]]):format(server.url)))
    assert.is_true(server:await_closed(3))
  end)

  it("a request that ends early takes its call along, and leaves the client as it was", function()
    local server = faultd.start { faultd.ok("{}"), "hang", faultd.ok("{}") }
    finally(function()
      server:stop()
    end)
    eval(([[
      shared.left = new { endpoint_url = "%s", max_attempts = 1, credentials = function()
        if shared.is_slow then ngx.sleep(30) end
        return { access_key_id = "AKIDEXAMPLE", secret_access_key = "s", expiration = os.time() + 5 }
      end }
      assert(shared.left:describe_lags())
    ]]):format(server.url))
    -- in the middle of a call, and in the middle of a renewal
    eval [[
      ngx.thread.spawn(function() shared.left:describe_lags() end)
      ngx.sleep(0.02)
      ngx.exit(200)
    ]]
    assert.is_true(server:await_closed(1))
    eval [[
      shared.is_slow = true
      ngx.thread.spawn(function() shared.left:describe_lags() end)
      ngx.exit(200)
    ]]
    assert.equal("ok", eval [[
      shared.is_slow = false
      return shown(shared.left:describe_lags())
    ]])
  end)

  it("waits for a state share their polls, and lists go on page by page", function()
    assert.equal("4 waited with 3 polls; 1 2 3", eval [[
      local emulated, polls = 0, 0
      local states = { "pending", "pending", "available" }
      local client = new { transport = function(request)
        ngx.sleep(0.002)
        local token = request.body:match('"nextToken":"(%d)"')
        if request.headers["x-amz-target"]:find("DescribeLags") then
          local page = tonumber(token or 1)
          return { status = 200, body = ('{"lags":[{"lagId":"%d"}]%s}'):format(page,
            page < 3 and (',"nextToken":"%d"'):format(page + 1) or "") }
        end
        polls = polls + 1
        return { status = 200, body = ('{"connections":[{"connectionId":"a","connectionState":"%s"},'
          .. '{"connectionId":"b","connectionState":"%s"}]}'):format(states[polls], states[polls]) }
      end }
      local tasks = {}
      for i = 1, 4 do
        tasks[i] = function()
          return client:wait_until("connection_available", { connectionId = i % 2 == 0 and "a" or "b" },
            { delay = 0.02 })
        end
      end
      local waited, ids = 0, {}
      for _, item in ipairs(dxconnect.parallel(tasks)) do
        waited = waited + (item.result and 1 or 0)
      end
      for lag in client:items("describe_lags") do ids[#ids + 1] = lag.lagId end
      return waited .. " waited with " .. polls .. " polls; " .. table.concat(ids, " ")
    ]])
  end)

  it("waits let other requests run", function()
    assert.equal("released", nginx.eval_while(port, PRELUDE .. [[
      repeat quick.system.sleep(0.001) until shared.released
      return "released"
    ]], function()
      nginx.eval(port, [[ shared.released = true ]])
    end))
  end)

  it("a call that is tried again waits by nginx's means", function()
    local server = faultd.start { faultd.ok("", 503), faultd.ok("{}") }
    finally(function()
      server:stop()
    end)
    assert.equal("2 attempts", eval(([[
      local client = new { endpoint_url = "%s", system = { random = function() return 0.9 end } }
      local _, err, meta = client:describe_lags()
      return err and tostring(err) or meta.attempts .. " attempts"
    ]]):format(server.url)))
  end)

  it("ten thousand calls leave memory and descriptors where they were", function()
    local grown = cjson.decode(eval [[
      local function measure()
        collectgarbage() collectgarbage()
        local file = io.open("/proc/self/statm")
        local pages = file:read("*a"):match("^%d+ (%d+)")
        file:close()
        local descriptors = 0
        for fd = 0, 511 do
          local info = io.open("/proc/self/fdinfo/" .. fd)
          if info then
            descriptors = descriptors + 1
            info:close()
          end
        end
        return { lua = collectgarbage("count"), resident = pages * 4, descriptors = descriptors }
      end
      local function go(n)
        for _, item in ipairs(quick:map("describe_locations", lists(n), { concurrency = 32 })) do
          assert(item.result, item.error)
        end
      end
      go(2000)
      local before = measure()
      for _ = 1, 4 do go(2000) end
      local after = measure()
      for name, value in pairs(before) do after[name] = after[name] - value end
      return after
    ]])
    assert.is_true(grown.lua < 256, grown.lua .. " KiB of Lua's")
    assert.is_true(grown.resident < 8192, grown.resident .. " KiB resident")
    assert.equal(0, grown.descriptors)
  end)
end)

describe("errors inside nginx #nginx", function()
  it("of calls where nothing can yield say what to do, and the worker lives", function()
    local expected = "config ConfigError: a call needs sockets, and nginx has none in code that can't yield"
    for place, code in pairs {
      ["require"] = [[
        package.preload.calls = function() said = call() return true end
        require "calls"
        package.preload.calls, package.loaded.calls = nil, nil
      ]],
      ["table.sort"] = [[ table.sort({ 2, 1 }, function(a, b) said = call() return a < b end) ]],
      ["string.gsub"] = [[ ("x"):gsub(".", function() said = call() end) ]],
    } do
      for _, kind in ipairs { "shown(quick:describe_locations())",
        "shown(nil, quick:map('describe_locations', lists(3))[3].error)",
        "shown(nil, dxconnect.parallel({ function() return quick:describe_locations() end })[1].error)" } do
        local said = eval(("local said\nlocal function call() return %s end\n%s return said"):format(kind, code))
        assert.equal(expected, said:sub(1, #expected), place)
      end
    end
    assert.equal("ok", eval [[
      local object = setmetatable({}, { __index = function() return shown(quick:describe_locations()) end })
      return object.anything -- LuaJIT yields through metamethods
    ]])
  end)

  for name, case in pairs {
    ["silence"] = { { "hang" }, {}, "transport TimeoutError", true },
    ["a reset"] = { { "reset" }, {}, "transport ConnectionError", true },
    ["an untrusted certificate"] = { { faultd.ok("{}") }, { tls = "self-signed" }, "transport TLSError", nil },
    ["an answer that is none of the protocol's"] = { { faultd.ok("<html>") }, {}, "response ResponseError", true },
    ["a fault of the service"] = {
      { faultd.ok('{"__type":"DirectConnectClientException","message":"Could not find"}', 400) }, {},
      "service DirectConnectClientException", nil,
    },
  } do
    it("are those of curl's: " .. name, function()
      local server = faultd.start(case[1], case[2])
      finally(function()
        server:stop()
      end)
      local url = case[2].tls and "https://localhost:" .. server.port or server.url
      assert.equal(case[3] .. " " .. tostring(case[4]), eval(([[
        local client = new { endpoint_url = "%s", timeout = 0.2, max_attempts = 1 }
        local _, err = client:create_lag {
          numberOfConnections = 1, location = "EqDC2", connectionsBandwidth = "1Gbps", lagName = "x",
        }
        return err.kind .. " " .. err.code .. " " .. tostring(err.maybe_applied)
      ]]):format(url)))
    end)
  end

  it("come in time where total_timeout says so", function()
    local server = faultd.start { "hang" }
    finally(function()
      server:stop()
    end)
    assert.equal("TimeoutError in time", eval(([[
      local began = ngx.now()
      local _, err = new { endpoint_url = "%s", total_timeout = 0.3 }:describe_lags()
      ngx.update_time()
      return err.code .. (ngx.now() - began < 1 and " in time" or " late")
    ]]):format(server.url)))
  end)

  it("of an upstream that dies are followed by success when it is back", function()
    local upstream_port = nginx.ports(1)
    local parts = { http = ("server { listen 127.0.0.1:%d; location / { return 200 '{}'; } }"):format(upstream_port) }
    local code = ([[
      shared.dying = shared.dying or new { endpoint_url = "%s", max_attempts = 1 }
      return shown(shared.dying:describe_lags())
    ]]):format(url_of(upstream_port))
    local upstream = nginx.start(parts)
    assert.equal("ok", eval(code))
    upstream:stop()
    assert.truthy(eval(code):find("^transport ConnectionError"))
    upstream = nginx.start(parts)
    assert.equal("ok", eval(code))
    upstream:stop()
  end)

  it("of one that dies with calls in flight come at once", function()
    local server = faultd.start { "hang" }
    local answer = nginx.eval_while(port, PRELUDE .. ([[
      local results = new { endpoint_url = "%s", max_attempts = 1 }:map("describe_lags", lists(3))
      return shown(nil, results[1].error) .. shown(nil, results[2].error) .. shown(nil, results[3].error)
    ]]):format(server.url), function()
      repeat until #server:requests() == 3
      server:stop()
    end)
    assert.equal(3, select(2, answer:gsub("transport ConnectionError", "")))
  end)
end)

describe("credentials inside nginx #nginx", function()
  it("come from the environment that nginx was started with, by capture", function()
    assert.equal("AKIDENVIRONMENT nil", eval [[
      return quick:credentials().access_key_id .. " " .. tostring(os.getenv("AWS_ACCESS_KEY_ID"))
    ]])
  end)

  it("are renewed once for however many requests come first", function()
    counted()
    local codes = {}
    for i = 1, 12 do
      codes[i] = ([[
        shared.container = shared.container or new { endpoint_url = "%s", credentials = false or nil,
          system = { getenv = function(name)
            return name == "AWS_CONTAINER_CREDENTIALS_FULL_URI" and "%s/credentials" or nil
          end } }
        return shown(shared.container:describe_locations()) .. " " .. shared.container:credentials().access_key_id
      ]]):format(url_of(quick_port), url_of(quick_port)):gsub("new {", "dxconnect.client { region = 'us-east-1',")
    end
    for _, answer in ipairs { eval((table.unpack or unpack)(codes)) } do -- luacheck: ignore
      assert.equal("ok AKIDCONTAINER", answer)
    end
    local seen = counted()
    assert.equal(12, seen.total)
    assert.equal(1, seen.credentials)
  end)

  it("of a container are asked for past the client's proxy", function()
    counted()
    assert.equal("AKIDCONTAINER", eval(([[
      local client = assert(dxconnect.client { region = "us-east-1", endpoint_url = "http://127.0.0.1:1",
        proxy = "http://127.0.0.1:1", system = { getenv = function(name)
          return name == "AWS_CONTAINER_CREDENTIALS_FULL_URI" and "%s/credentials" or nil
        end } })
      return assert(client:credentials()).access_key_id
    ]]):format(url_of(quick_port))))
    assert.equal(1, counted().credentials)
  end)

  it("of the option role_arn are asked for through nginx", function()
    assert.equal("ASIAnetwork", eval(([[
      local client = new { endpoint_url = "http://127.0.0.1:1", role_arn = "arn:aws:iam::111122223333:role/net",
        external_id = "network", system = { getenv = function(name)
          return name == "AWS_ENDPOINT_URL_STS" and "%s/sts" or nil
        end } }
      return assert(client:credentials()).access_key_id
    ]]):format(url_of(quick_port))))
  end)

  it("that a function waits for are asked of it once", function()
    assert.equal("1 of 6", eval [[
      local asked, ok = 0, 0
      local client = new { endpoint_url = "http://127.0.0.1:1", max_attempts = 1, credentials = function()
        asked = asked + 1
        ngx.sleep(0.01)
        return { access_key_id = "AKIDFUNCTION", secret_access_key = "s" }
      end }
      local tasks = {}
      for i = 1, 6 do
        tasks[i] = function()
          local keys = client:credentials()
          ok = ok + (keys.access_key_id == "AKIDFUNCTION" and 1 or 0)
        end
      end
      dxconnect.parallel(tasks)
      return asked .. " of " .. ok
    ]])
  end)

  it("that are missing are an error that names the directive and capture", function()
    local message = eval [[
      local client = assert(dxconnect.client { region = "us-east-1", endpoint_url = "http://127.0.0.1:1", system = {
        getenv = function(name) return name == "AWS_EC2_METADATA_DISABLED" and "true" or nil end,
      } })
      return shown(client:describe_lags())
    ]]
    assert.truthy(message:find("^credentials NoCredentialsError"))
    assert.truthy(message:find("directive env", 1, true))
    assert.truthy(message:find("dxconnect.config.capture()", 1, true))
  end)

  it("of a process are an error where nginx has no ngx.pipe, and nothing blocks", function()
    local folder = nginx.folder()
    shell.write(folder .. "/config", "[default]\ncredential_process = exit 0\n")
    local message = eval(([[
      package.loaded["ngx.pipe"], package.preload["ngx.pipe"] = nil, function() error("not here") end
      local client = assert(dxconnect.client { region = "us-east-1", config_file = "%s/config",
        system = { getenv = function() end } })
      local _, err = client:credentials()
      package.preload["ngx.pipe"] = nil
      return shown(nil, err)
    ]]):format(folder))
    os.execute("rm -rf " .. folder)
    assert.truthy(message:find("^credentials CredentialsError"))
    assert.truthy(message:find("without ngx.pipe", 1, true), message)
  end)
end)

describe("the whole of it inside nginx #nginx", function()
  it("orders once, waits, rotates keys and audits them, against the emulator", function()
    local emulator = assert(io.popen("exec env -u LD_PRELOAD LUA_PATH='./lua/?.lua;./lua/?/init.lua;;' "
      .. "LUA_CPATH='./build/luajit/?.so;;' sh -c 'echo $$; exec luajit examples/emulator.lua --speed 5000'"))
    local pid, url = emulator:read("*l"), emulator:read("*l")
    finally(function()
      os.execute("kill " .. pid)
      emulator:close()
    end)
    assert.equal("ordered, found true, keys 1 then 1, <secret>, problems 0", eval(([[
      local client = new { endpoint_url = "%s" }
      local place
      for location in client:items("describe_locations") do
        place = place or #(location.availableMacSecPortSpeeds or {}) > 0 and location.locationCode or nil
      end
      local order = { location = place, bandwidth = "10Gbps", connectionName = "x", requestMACSec = true }
      local port = assert(client:create_once("create_connection", order, { token = "t" }))
      local _, _, meta = assert(client:create_once("create_connection", order, { token = "t" }))
      assert(client:wait_until("connection_available", { connectionId = port.connectionId }, { delay = 0.02 }))
      local counts, shown_key = {}, nil
      for i = 1, 2 do
        local rotated = assert(client:rotate_mac_sec_key({ connectionId = port.connectionId }, {
          configure = function(_, cak)
            ngx.sleep(0.001)
            shown_key = tostring(cak)
            return true
          end,
          delay = 0.02,
        }))
        counts[i] = 0
        for _, key in ipairs(rotated.macSecKeys) do
          counts[i] = counts[i] + (key.state == "associated" and 1 or 0)
        end
      end
      local audited = dxconnect.macsec.audit({ client })
      return ("ordered, found %%s, keys %%d then %%d, %%s, problems %%d"):format(tostring(meta.found), counts[1],
        counts[2], shown_key, #audited[1].problems)
    ]]):format(url)))
  end)
end)
