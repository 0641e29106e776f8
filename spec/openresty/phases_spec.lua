--- dxconnect in every phase of nginx, in several workers, and over a reload of the configuration.

local cjson = require("cjson").new()
local faultd = require "spec.support.faultd"
local nginx = require "spec.support.nginx"
local socket = require "socket"

local service, web, port, eval_port, tls_port, service_port
local exit_file

-- Calls in a phase, and notes what became of it.
local CONFIG = [[
  lua_ssl_trusted_certificate %s;
  lua_shared_dict outcomes 1m;
  init_by_lua_block {
    local dxconnect = require "dxconnect"
    dxconnect.config.capture()
    client = assert(dxconnect.client { region = "us-east-1", endpoint_url = "http://127.0.0.1:%d" })
    blocking = assert(dxconnect.client { region = "us-east-1", endpoint_url = "http://127.0.0.1:%d",
      transport = "curl" })
    local function keep(name, outcome)
      ngx.shared.outcomes:set(name, require("cjson").encode(outcome))
    end
    function note()
      local function shown(f, ...)
        local ok, result, err = pcall(f, ...)
        return not ok and "raised: " .. tostring(result) or err and err.kind .. ": " .. err.message or "ok"
      end
      keep(ngx.get_phase(), {
        client = shown(dxconnect.client, { region = "us-east-1" }),
        prepare = shown(client.prepare, client, "describe_locations"),
        call = shown(client.describe_locations, client),
        once = shown(client.create_lag, client, { numberOfConnections = 1, location = "EqDC2",
          connectionsBandwidth = "1Gbps", lagName = "x" }),
        map = shown(function()
          local item = client:map("describe_locations", { {}, {} })[2]
          return item.result, item.error
        end),
        parallel = shown(function()
          local item = dxconnect.parallel({ function() return client:describe_locations() end })[1]
          return item.result, item.error
        end),
      })
    end
    note()
    function blocking_call()
      local result, err = blocking:describe_locations()
      keep("curl in " .. ngx.get_phase(), { call = result and "ok" or tostring(err) })
    end
  }
  init_worker_by_lua_block { note() }
  exit_worker_by_lua_block {
    note()
    local file = io.open("%s", "w")
    file:write(ngx.shared.outcomes:get("exit_worker"))
    file:close()
  }
  upstream behind {
    server 0.0.0.1;
    balancer_by_lua_block {
      note()
      require("ngx.balancer").set_current_peer("127.0.0.1", %d)
    }
  }
  server {
    listen 127.0.0.1:%d;
    location = /filters {
      set_by_lua_block $ignored { note() return "" }
      rewrite_by_lua_block { note() }
      access_by_lua_block { note() }
      content_by_lua_block { note() ngx.say("done") }
      header_filter_by_lua_block { note() }
      body_filter_by_lua_block { note() }
      log_by_lua_block { note() blocking_call() }
    }
    location = /behind { proxy_pass http://behind; }
    location = /timer {
      content_by_lua_block {
        assert(ngx.timer.at(0, function() note() end))
        while not ngx.shared.outcomes:get("timer") do ngx.sleep(0.001) end
      }
    }
  }
  server {
    listen 127.0.0.1:%d ssl;
    ssl_certificate %s;
    ssl_certificate_key %s;
    ssl_certificate_by_lua_block { note() }
    location / { return 200 ok; }
  }
  server { listen 127.0.0.1:%d; %s }
]]

lazy_setup(function()
  port, eval_port, tls_port, service_port = nginx.ports(4)
  exit_file = os.tmpname()
  local certificate = nginx.path(faultd.certificate("good"))
  service = nginx.start {
    http = ([[server {
      listen 127.0.0.1:%d;
      location / { content_by_lua_block { ngx.sleep(0.05) ngx.say("{}") } }
    }]]):format(service_port),
  }
  web = nginx.start {
    environment = "env -i PATH=$PATH AWS_ACCESS_KEY_ID=AKIDENVIRONMENT AWS_SECRET_ACCESS_KEY=fromenvironment",
    workers = 2,
    http = CONFIG:format(nginx.path(faultd.certificate("ca")), service_port, service_port, exit_file, service_port,
      port, tls_port, certificate, certificate, eval_port, nginx.eval_location),
  }
end)

lazy_teardown(function()
  service:stop()
  os.remove(exit_file)
end)

-- Asks again and again, a while long, until there is an answer.
local function eventually(ask)
  for _ = 1, 1000 do
    local answer = ask()
    if answer then
      return answer
    end
    socket.sleep(0.001)
  end
end

-- What became of the calls in a phase.
local function outcome(phase)
  return eventually(function()
    local answer = nginx.eval(eval_port, ("return ngx.shared.outcomes:get(%q)"):format(phase))
    return answer ~= "nil" and cjson.decode(answer)
  end)
end

describe("a call in nginx's phase #nginx", function()
  lazy_setup(function()
    nginx.get(port, "/filters")
    nginx.get(port, "/behind")
    nginx.get(port, "/timer")
    os.execute(("openssl s_client -connect 127.0.0.1:%d </dev/null >/dev/null 2>&1"):format(tls_port))
  end)

  for _, phase in ipairs { "rewrite", "access", "content", "timer", "ssl_cert" } do
    it(phase .. " works", function()
      local seen = outcome(phase)
      assert.same({ client = "ok", prepare = "ok", call = "ok", once = "ok", map = "ok", parallel = "ok" }, seen)
    end)
  end

  for _, phase in ipairs { "init", "init_worker", "set", "header_filter", "body_filter", "log", "balancer" } do
    it(phase .. ", which has no sockets, is a config error that says what to do", function()
      local seen = outcome(phase)
      assert.equal("ok", seen.client)
      assert.equal("ok", seen.prepare)
      seen.client, seen.prepare = nil, nil
      for _, words in pairs(seen) do
        assert.truthy(words:find("^config: "), words)
        assert.truthy(words:find("nginx has none in its phase " .. phase .. ":", 1, true), words)
        assert.truthy(words:find("ngx.timer.at", 1, true), words)
      end
    end)
  end

  it("log works through curl, where that was asked for", function()
    assert.equal("ok", outcome("curl in log").call)
  end)
end)

describe("a client that init_by_lua made #nginx", function()
  it("serves every worker, with the captured environment", function()
    local seen, n = {}, 0
    for _ = 1, 1000 do
      local pid = nginx.eval(eval_port, [[
        local result, err = client:describe_locations()
        return result and tostring(ngx.worker.pid()) or error(err)
      ]])
      if not seen[pid] then
        seen[pid], n = true, n + 1
      end
      if n == 2 then
        break
      end
    end
    assert.equal(2, n)
  end)

  it("finishes its calls when nginx is reloaded, and the next one takes over", function()
    local before = nginx.eval(eval_port, "return ngx.worker.pid()")
    assert.equal("ok", nginx.eval_while(eval_port, [[
      local list = {}
      for i = 1, 10 do list[i] = {} end
      repeat -- until the worker was told to end, and once more
        local is_last = ngx.worker.exiting()
        for _, item in ipairs(client:map("describe_locations", list)) do
          assert(item.result, item.error)
        end
      until is_last
      return "ok"
    ]], function()
      web:signal("HUP")
    end))
    assert.is_true(eventually(function()
      return nginx.eval(eval_port, ([[
        local result, err = client:describe_locations()
        return result and client:credentials().access_key_id == "AKIDENVIRONMENT" and ngx.worker.pid() ~= %s
      ]]):format(before)) == "true"
    end))
  end)

  it("leaves nothing in nginx's error log, nor raises when a worker ends", function()
    local log = web:log()
    web:stop()
    assert.equal("", log)
    local file = assert(io.open(exit_file))
    local seen = cjson.decode(file:read("*a"))
    file:close()
    seen.client, seen.prepare = nil, nil
    for _, words in pairs(seen) do
      assert.truthy(words:find("config: .*nginx has none in its phase exit_worker"), words)
    end
  end)
end)
