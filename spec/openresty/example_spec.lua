--- examples/openresty: what it answers, also where accounts can't be read, and the whole of it at work.

local cjson = require("cjson").new()
local dxconnect = require "dxconnect"
local emulatord = require "spec.support.emulatord"
local nginx = require "spec.support.nginx"
local shell = require "spec.support.shell"
local socket = require "socket"

local FOLDER = "examples/openresty/"

-- Asks until a question about the answer is true, half a minute at most.
local function until_true(port, path, is_true)
  local till = os.time() + 30
  local body
  repeat
    body = nginx.get(port, path)
    if is_true(body) then
      return body
    end
    socket.sleep(0.01)
  until os.time() > till
  error("not in time: " .. body)
end

-- Asks until the answer has all the words.
local function eventually(port, path, ...)
  local words = { ... }
  return until_true(port, path, function(body)
    for _, text in ipairs(words) do
      if not body:find(text, 1, true) then
        return false
      end
    end
    return true
  end)
end

describe("the example's site #nginx", function()
  local served, server, port, folder

  -- Serves the site for two accounts, each at an emulator of its own; the second one's can be stopped.
  before_each(function()
    served = {
      main = emulatord.start 'emulator:seed("estate")', other = emulatord.start 'emulator:seed("estate")',
    }
    folder = nginx.folder()
    port = nginx.ports(1)
    local config = ""
    for name, emulator in pairs(served) do
      config = config .. ("[profile %s]\nregion = us-east-1\nendpoint_url = %s\naws_access_key_id = %s\n"
        .. "aws_secret_access_key = %s\nmax_attempts = 1\n"):format(name, emulator.url, emulatord.keys.access_key_id,
        emulatord.keys.secret_access_key)
    end
    shell.write(folder .. "/config", config)
    server = nginx.start {
      workers = 2, lua_path = nginx.path(FOLDER) .. "?.lua",
      environment = "env AWS_CONFIG_FILE=" .. folder .. "/config AWS_SHARED_CREDENTIALS_FILE=/dev/null"
        .. " DXCONNECT_PROFILES=main,other DXCONNECT_INTERVAL=0.05",
      http = ([[
        lua_shared_dict site 16m;
        init_by_lua_block {
          require("dxconnect").config.capture()
          site = require "site"
          settings = site.settings()
        }
        init_worker_by_lua_block { site.watch(settings) }
        server {
          listen 127.0.0.1:%d;
          location = / { content_by_lua_block { ngx.print(site.fragment(settings) or "") } }
          location = /text { content_by_lua_block { ngx.print(site.text(settings, ngx.var.arg_of) or "nothing") } }
          location = /resource { content_by_lua_block { ngx.print(site.resource(ngx.var.arg_id) or "nothing") } }
          %s
        }]]):format(port, nginx.eval_location),
    }
  end)

  after_each(function()
    server:stop()
    for _, emulator in pairs(served) do
      emulator:stop()
    end
    shell.run("rm -rf " .. folder)
  end)

  it("shows every account, findings, and what is known of a resource", function()
    local body = eventually(port, "/", "core-lag", "Findings", "critical")
    assert.is_nil(body:find("problem", 1, true))
    assert.is_nil(body:find("<style", 1, true))
    assert.is_nil(body:find("<script", 1, true))
    assert.matches('<a href="#dxcon%-estate04">', body)
    assert.matches("none since the site was started", body)
    local about = nginx.get(port, "/resource?id=dxvif-estate01")
    assert.matches("core%-primary", about)
    assert.matches("virtualInterfaceType", about)
    assert.equal("nothing", (nginx.get(port, "/resource?id=dxvif-nowhere")))
    assert.equal("dxconnect-inventory", cjson.decode((nginx.get(port, "/text?of=json"))).format)
    local findings = cjson.decode((nginx.get(port, "/text?of=findings")))
    assert.is_true(findings.complete)
    assert.is_false(findings.stale)
    assert.equal("critical", findings.findings[1].severity)
    assert.matches('dxconnect_up{client="other"', (nginx.get(port, "/text?of=metrics")))
  end)

  it("tells the last changes, each once however many workers there are", function()
    eventually(port, "/", "core-lag")
    local client = assert(dxconnect.client {
      region = "us-east-1", endpoint_url = served.main.url, credentials = emulatord.keys,
      system = { getenv = function() end },
    })
    finally(function()
      client:close()
    end)
    assert(client:create_direct_connect_gateway { directConnectGatewayName = "<new>" })
    local body = eventually(port, "/", "+ gateway ")
    assert.equal(1, select(2, body:gsub("%+ gateway ", "")))
    assert.is_nil(body:find("<new>", 1, true))
    assert.is_nil(body:find("none since", 1, true))
  end)

  it("shows one account that can't be read as it was seen last, in grey, and the others as they are", function()
    eventually(port, "/", "core-lag")
    served.other:stop()
    local body = eventually(port, "/", "not read: other, us-east-1", "As all of it was seen last")
    assert.matches("the state of what could not be read is unknown", body)
    assert.matches('class="dxconnect stale"', body)
    assert.matches('class="dxconnect"', body)
    assert.is_nil(body:find("; nothing is down", 1, true))
    assert.matches("incomplete", (nginx.get(port, "/text?of=findings")))
    assert.is_false(cjson.decode((nginx.get(port, "/text?of=findings"))).complete)
    assert.matches('dxconnect_up{client="other",region="us%-east%-1",operation="DescribeConnections"} 0',
      (nginx.get(port, "/text?of=metrics")))
  end)

  it("keeps the last picture in grey where nothing can be read", function()
    eventually(port, "/", "core-lag")
    served.other:stop()
    served.main:stop()
    local body = until_true(port, "/", function(body)
      return body:find("? Stale: seen", 1, true) and not body:find('class="dxconnect"', 1, true)
    end)
    assert.matches("not read: main", body)
    assert.matches("not read: other, us%-east%-1: 7 lists: ", body)
    assert.matches("core%-lag", body)
    assert.matches("core%-primary", (nginx.get(port, "/resource?id=dxvif-estate01"))) -- as it was seen last
    assert.is_nil(body:find("nothing is down", 1, true))
    assert.is_nil(body:find("nothing was found</p>", 1, true))
  end)

  it("is old where nobody reads any more, and metrics are silent then", function()
    eventually(port, "/", "core-lag")
    nginx.eval(port, [[ngx.shared.site:set("dxconnect.watch", "somebody else", 3600)]])
    local body = until_true(port, "/", function(body) -- a reading may be under way
      nginx.eval(port, [[
        local json = require("cjson").new()
        local latest = json.decode(ngx.shared.site:get("latest"))
        latest.read_at = ngx.time() - 3600
        ngx.shared.site:set("latest", json.encode(latest))]])
      return body:find("? Stale: seen 60 min ago", 1, true)
    end)
    assert.is_nil(body:find("nothing is down", 1, true))
    assert.is_nil(body:find('class="dxconnect"', 1, true))
    assert.equal("nothing", (nginx.get(port, "/text?of=metrics")))
    assert.is_true(cjson.decode((nginx.get(port, "/text?of=findings"))).stale)
  end)
end)

describe("the example at work #nginx", function()
  local port, pipe, pid

  local function get(path)
    local client = assert(socket.connect("127.0.0.1", port))
    client:settimeout(20)
    assert(client:send(("GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n"):format(path)))
    local answer = client:receive("*a")
    client:close()
    local head, body = answer:match("^(.-\r\n)\r\n(.*)$")
    return body, head
  end

  lazy_setup(function()
    nginx.build()
    port = nginx.ports(1)
    local command = "exec env -u LD_PRELOAD PORT=%d sh -c 'echo $$; exec 9>&-; exec sh %srun.sh' 2>&1"
    pipe = assert(io.popen(command:format(port, FOLDER)))
    pid = pipe:read("*l")
    local first = pipe:read("*l")
    assert(first:find("http://127.0.0.1:" .. port .. "/", 1, true), first)
  end)

  lazy_teardown(function()
    os.execute("kill " .. pid)
    local rest = pipe:read("*a")
    pipe:close()
    assert.is_nil((socket.connect("127.0.0.1", port)))
    -- nothing was left out, nothing went wrong
    assert.truthy(rest:find("^[^\n]*\n[^\n]*request\nCtrl%-C ends it%.\n$"), rest)
  end)

  it("gives the connections with their keys as JSON", function()
    eventually(port, "/", "bench") -- the first account of the list orders it
    local list = cjson.decode((get("/connections"))).connections
    local by_name = {}
    for _, connection in ipairs(list) do
      by_name[connection.connectionName] = connection
    end
    assert.equal(5, #list)
    assert.equal("associated", by_name["core-lag-1"].macSecKeys[1].state)
    assert.truthy(by_name["core-lag-1"].macSecKeys[1].ckn:find("^%x+$"))
    local _, head = get("/connections")
    assert.truthy(head:find("Content-Type: application/json", 1, true))
  end)

  it("shows all accounts in a page", function()
    local body = eventually(port, "/", "backup-1", "core-lag", "public", "bench")
    assert.truthy(body:find("^<!doctype html>"))
    assert.truthy(body:find("laboratory, production", 1, true))
    assert.is_nil(body:find("role=\"alert\"", 1, true))
    assert.is_nil(body:find("@%u+@"))
    -- the failover test shows without a reload by anybody but the watch
    eventually(port, "/picture", "✕ BGP ipv4 · down", "✓ BGP ipv4 · up")
    eventually(port, "/findings.json", '"rule":"down"')
    local metrics, head = get("/metrics")
    assert.matches("\ndxconnect_read_timestamp_seconds", metrics)
    assert.truthy(head:find("Content-Type: text/plain; version=0.0.4", 1, true), head)
    assert.equal("dxconnect-inventory", cjson.decode((get("/inventory.json"))).format)
    assert.matches("core%-second", (get("/resource?id=dxvif-estate02")))
  end)

  it("lets the page load nothing from elsewhere, and run nothing but its own script", function()
    local _, head = get("/")
    assert.truthy(head:find("Content-Security-Policy: default-src 'none'", 1, true))
    assert.is_nil(shell.read(FOLDER .. "page.html"):find("https?://"))
    for path, kind in pairs { ["/page.js"] = "text/javascript", ["/page.css"] = "text/css" } do
      local body
      body, head = get(path)
      assert.equal(shell.read(FOLDER .. path:sub(2)), body)
      assert.truthy(head:find("Content-Type: " .. kind, 1, true), head)
    end
    local style
    style, head = get("/picture.css")
    assert.matches("svg.dxconnect", style)
    assert.truthy(head:find("Content-Type: text/css", 1, true), head)
    _, head = get("/nginx.conf")
    assert.truthy(head:find("^HTTP/1.1 404"))
  end)
end)
