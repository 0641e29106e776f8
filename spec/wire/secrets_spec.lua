--- Secrets: no copy stays in our memory, and none gets into messages.

local dxconnect = require "dxconnect"
local faultd = require "spec.support.faultd"
local shell = require "spec.support.shell"
local world = require "spec.support.world"

local ok, send, answer = faultd.ok, faultd.send, faultd.answer

local CAK = "5ec7e7c0deb10b5ec7e7c0deb10b5ec7e7c0deb10b5ec7e7c0deb10b5ec7e7c0"
local KEY_STATE = '{"connectionId":"dxcon-ffabc123","macSecKeys":[]}'

-- ---- memory

local PIECE = 1024 * 1024
local REGION_MAX = 64 * 1024 * 1024 -- what is larger is a sanitizer's

-- How often a text is in the memory of a process, stacks aside.
local function count_in_memory(pid, needle)
  local n = 0
  local memory = assert(io.open("/proc/" .. pid .. "/mem", "rb"))
  memory:setvbuf("no")
  for line in io.lines("/proc/" .. pid .. "/maps") do
    local from, to, mode, name = line:match("^(%x+)%-(%x+) (%S+) %S+ %S+ %S+%s*(.*)$")
    from, to = tonumber(from, 16), tonumber(to, 16)
    if mode:sub(1, 2) == "rw" and to - from < REGION_MAX and not name:find("^%[[vs]") then
      local tail = ""
      for at = from, to - 1, PIECE do
        local bytes = memory:seek("set", at) and memory:read(math.min(PIECE, to - at))
        if not bytes then
          break
        end
        bytes = tail .. bytes
        local found = 0
        while true do
          found = bytes:find(needle, found + 1, true)
          if not found then
            break
          end
          n = n + 1
        end
        tail = bytes:sub(-#needle + 1)
      end
    end
  end
  memory:close()
  return n
end

-- Runs secret_child.lua, calls look(pid) when it has let go of everything, and lets it end.
local function with_child(way, url, proxy, look)
  local path, fifo = os.tmpname(), os.tmpname()
  shell.write(path, CAK .. "\n")
  os.remove(fifo)
  os.execute("chmod 600 " .. path .. "; mkfifo " .. fifo)
  local pipe = io.popen(("LUA_PATH=%s LUA_CPATH=%s exec %s spec/support/secret_child.lua %s %s %s %s %s 2>&1"):format(
    shell.quote(package.path), shell.quote(package.cpath), shell.lua, way, path, fifo, shell.quote(url),
    shell.quote(proxy or "")))
  local said = pipe:read("*l") or ""
  local pid = said:match("^%d+$")
  local looked, problem
  if pid then
    looked, problem = pcall(look, pid)
    local wake = io.open(fifo, "r+")
    wake:write("go\n")
    wake:flush()
    pipe:read("*a")
    wake:close()
  else
    said = said .. "\n" .. pipe:read("*a")
  end
  pipe:close()
  os.remove(path)
  os.remove(fifo)
  assert(pid, said)
  assert(looked, problem)
end

local server, proxy

after_each(function()
  for _, thing in ipairs { server or false, proxy or false } do
    if thing then
      thing:stop()
    end
  end
  server, proxy = nil, nil
end)

describe("a secret that was let go of", function()
  local GOOD = ok(KEY_STATE)
  local cases = {
    { "send", { GOOD }, "sent" },
    { "send_and_close", { GOOD }, "sent and closed" },
    { "tasks", { GOOD }, "sent by tasks" },
    { "fail", { "reset" }, "sent in vain" },
    { "fail", { send(answer('{"__type":"DirectConnectClientException","message":"no"}', 400)) }, "refused" },
    { "send", { send(answer('{"__type":"ThrottlingException"}', 400)), GOOD }, "sent again" },
    { "refuse", { GOOD }, "among bad parameters" },
  }
  for _, scheme in ipairs { "http", "https" } do
    for _, case in ipairs(cases) do
      it("is nowhere in the process: " .. case[3] .. ", over " .. scheme, function()
        server = faultd.start(case[2], { tls = scheme == "https" and "good" or nil })
        with_child(case[1], server.url, nil, function(pid)
          assert.equal(0, count_in_memory(pid, CAK))
        end)
        local sent = server:requests()[1]
        assert.is_true(case[1] == "refuse" or sent.body:find(CAK, 1, true) ~= nil)
      end)
    end

    it("is nowhere in the process: made by macsec.generate, over " .. scheme, function()
      server = faultd.start({ GOOD }, { tls = scheme == "https" and "good" or nil })
      with_child("generate", server.url, nil, function(pid)
        local cak = server:requests()[1].body:match('"cak":"(%x+)"')
        assert.equal(64, #cak)
        assert.equal(0, count_in_memory(pid, cak))
      end)
    end)
  end

  it("is nowhere in the process: sent through a proxy", function()
    server = faultd.start({ GOOD }, { tls = "good" })
    proxy = faultd.start { "tunnel" }
    with_child("send", server.url, "http://127.0.0.1:" .. proxy.port, function(pid)
      assert.equal(0, count_in_memory(pid, CAK))
    end)
  end)

  it("would be found", function()
    with_child("keep", "http://127.0.0.1:9", nil, function(pid)
      assert.equal(1, count_in_memory(pid, CAK))
    end)
  end)
end)

-- ---- words

local SECRET_KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
local TOKEN = "FwoGZXIvYXdzEXAMPLETOKEN=="
local AUTH_KEY = "anauthkeyofours"
local ROUTER_CONFIG = "set routers secret verysecret"
local PASSWORD = "averysecretpassword"
local ALL = { CAK, SECRET_KEY, TOKEN, AUTH_KEY, ROUTER_CONFIG, PASSWORD }

-- Calls use(path, text) for every text in a value, however deep; keys count too.
local function each_text(value, use, path, seen)
  path, seen = path or "it", seen or {}
  if type(value) == "string" then
    use(path, value)
  elseif type(value) == "table" and not seen[value] then
    seen[value] = true
    for key, item in pairs(value) do
      each_text(key, use, path .. "'s key", seen)
      each_text(item, use, path .. "." .. tostring(key), seen)
    end
  end
end

local function assert_silent(value)
  local function check(path, text)
    for _, secret in ipairs(ALL) do
      if text:lower():find(secret:lower(), 1, true) then
        error(path .. " tells a secret: " .. text, 3)
      end
    end
  end
  check("printed, it", tostring(value))
  each_text(value, check)
end

local credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = SECRET_KEY, session_token = TOKEN }

local function associate(client)
  return client:associate_mac_sec_key { connectionId = "dxcon-ffabc123", ckn = ("0"):rep(64), cak = CAK }
end

local function order_interface(client)
  return client:create_public_virtual_interface {
    connectionId = "dxcon-ffabc123",
    newPublicVirtualInterface = {
      virtualInterfaceName = "n", vlan = 101, asn = 65000, authKey = dxconnect.secret(AUTH_KEY),
    },
  }
end

describe("words of the service and the network", function()
  local everything = ("%s %s %s %s"):format(CAK, SECRET_KEY, TOKEN, AUTH_KEY)
  local answers = {
    ["in an error's message"] = world.fault(400, "DirectConnectClientException", "bad: " .. everything),
    ["in capitals"] = world.fault(400, "DirectConnectClientException", "bad: " .. everything:upper()),
    ["in an error's code"] = { status = 400, body = ('{"__type":"Bad%s"}'):format(CAK .. TOKEN .. AUTH_KEY) },
    ["in an error's header"] = { status = 403, headers = { ["x-amzn-errortype"] = everything }, body = "" },
    ["in a request id"] = { status = 400, headers = { ["x-amzn-requestid"] = everything }, body = "{}" },
    ["in a request id of a success"] = { status = 200, headers = { ["x-amzn-requestid"] = everything }, body = "{}" },
    ["in an error page"] = { status = 502, body = "<html>" .. everything },
    ["in an answer that is cut"] = { status = 200, body = '{"virtualInterfaceId":"' .. everything },
    ["in an answer that is no JSON"] = { status = 200, body = everything },
    ["in a number"] = { status = 200, body = '{"a":' .. everything .. "}" },
    ["in the name of a member that can't be read"] = { status = 200, body = ('{"%s":tru}'):format(everything) },
    ["in what a transport says"] = { lost = "reset", message = "lost: " .. everything },
    ["in what a transport says of TLS"] = { lost = "tls", message = "lost: " .. everything },
    ["in what a transport raises"] = { raised = "oops: " .. everything },
    ["in headers that can't be used"] = { status = 200, headers = { [everything] = everything .. "\n" }, body = "{}" },
  }

  for name, entry in pairs(answers) do
    it("that are secret, " .. name .. ", stay out of errors and events", function()
      for _, use in ipairs { associate, order_interface } do
        local secrets = use == associate and { AUTH_KEY } or { CAK }
        local function without(text) -- the service can't repeat what it was not sent
          return text and text:gsub(secrets[1], "x"):gsub(secrets[1]:upper(), "X")
        end
        local client, record = world.client({
          function()
            if entry.raised then
              error(without(entry.raised))
            elseif entry.lost then
              return nil, without(entry.message), entry.lost
            end
            local headers = {}
            for key, value in pairs(entry.headers or {}) do
              headers[without(key)] = without(value)
            end
            return { status = entry.status, body = without(entry.body), headers = headers }
          end,
        }, { credentials = credentials, max_attempts = 2 })
        local result, err = use(client)
        assert.is_true(result ~= nil or #tostring(err) > 20)
        assert_silent(err)
        assert.is_true(#record.events > 0)
        assert_silent(record.events)
        local lines = {}
        local log = dxconnect.log {
          write = function(_, ...)
            lines[#lines + 1] = table.concat { ... }
          end,
        }
        for _, event in ipairs(record.events) do
          log(event)
        end
        assert_silent(lines)
      end
    end)
  end

  it("that need escapes in JSON stay out of errors, with them or without", function()
    local keys = {
      ['se"cretkey'] = 'se\\"cretkey', ["se\\cretkey"] = "se\\\\cretkey", ["se\tcretkey"] = "se\\tcretkey",
    }
    for key, escaped in pairs(keys) do
      for _, body in ipairs {
        ('{"__type":"Bad","message":"it is %s"}'):format(escaped),
        ('{"__type":"Bad","message":"it is %s"}'):format(escaped:gsub("\\", "\\\\"):gsub('"', '\\"')),
      } do
        local client = world.client { { status = 400, body = body } }
        local _, err = client:create_public_virtual_interface {
          connectionId = "dxcon-ffabc123",
          newPublicVirtualInterface = { virtualInterfaceName = "n", vlan = 101, asn = 65000, authKey = key },
        }
        assert.equal("it is <hidden>", err.message)
      end
    end
  end)
end)

describe("a printed result", function()
  local RESULT = ([[{"virtualInterfaceId":"dxvif-1","authKey":"%s","customerRouterConfig":"%s","bgpPeers":[
    {"bgpPeerId":"dxpeer-1","authKey":"%s"}],"newer":{"cak":"%s","authKey":{"deep":"%s"}}}]]):format(AUTH_KEY,
    ROUTER_CONFIG, AUTH_KEY, CAK, AUTH_KEY)

  it("hides what is secret in it, which stays readable", function()
    local client = world.client({ world.ok(RESULT) }, { credentials = credentials })
    local result = assert(order_interface(client))
    assert.equal(AUTH_KEY, result.authKey)
    assert.equal(AUTH_KEY, result.bgpPeers[1].authKey)
    assert.equal(ROUTER_CONFIG, result.customerRouterConfig)
    local text = tostring(result)
    assert.truthy(text:find("dxvif-1", 1, true) and text:find("dxpeer-1", 1, true) and text:find("authKey", 1, true))
    for _, secret in ipairs(ALL) do
      assert.is_nil(text:find(secret, 1, true))
    end
  end)

  it("hides it in an operation outside of the model too", function()
    local client = world.client({ world.ok(RESULT) }, { credentials = credentials })
    local result = assert(client:call("DescribeNewThings", {}, { unmodeled = true }))
    assert.equal(CAK, result.newer.cak)
    for _, secret in ipairs(ALL) do
      assert.is_nil(tostring(result):find(secret, 1, true))
    end
  end)
end)

describe("a printed request, client or setting", function()
  it("hides secrets, which a request still holds", function()
    local client = world.client({ world.ok() }, { credentials = credentials })
    for _, cak in ipairs { CAK, dxconnect.secret(CAK) } do
      local request = assert(client:prepare("associate_mac_sec_key", { connectionId = "dxcon-ffabc123",
        ckn = ("0"):rep(64), cak = cak }))
      assert.truthy(request.body:find(CAK, 1, true))
      assert.equal(TOKEN, request.headers["x-amz-security-token"])
      local signature = request.headers.authorization:match("Signature=(%x+)")
      local text = tostring(request)
      for _, secret in ipairs { CAK, TOKEN, SECRET_KEY, signature } do
        assert.is_nil(text:find(secret, 1, true))
      end
      assert.truthy(text:find("POST https://", 1, true))
    end
    for _, thing in ipairs { client, client:credentials(), client:explain(), dxconnect.secret(CAK) } do
      local text = tostring(thing)
      for _, secret in ipairs(ALL) do
        assert.is_nil(text:find(secret, 1, true))
      end
    end
  end)

  it("hides the password of a proxy", function()
    local client = world.client({ world.ok() }, {
      credentials = credentials,
      proxy = ("http://user:%s@proxy.example.org:3128"):format(PASSWORD),
    })
    local explained = client:explain()
    assert.truthy(explained.proxy.value:find("proxy.example.org", 1, true))
    assert_silent { tostring(explained), explained.proxy.value }
  end)
end)

describe("parameters that can't be sent", function()
  it("are told without what is secret in them", function()
    local client = world.client({ world.ok() }, { credentials = credentials })
    for _, params in ipairs {
      { connectionId = "x", ckn = ("0"):rep(64), cak = CAK .. "0" },
      { connectionId = "x", ckn = ("0"):rep(64), cak = { CAK } },
      { connectionId = "x", ckn = ("0"):rep(64), cak = { [CAK] = 1 } },
      { connectionId = "x", ckn = ("0"):rep(64), cak = dxconnect.secret(CAK .. "0") },
      { connectionId = "x", ckn = ("0"):rep(64), cka = CAK, CAK = CAK, ["cak "] = CAK },
      { connectionId = { CAK }, ckn = ("0"):rep(64), cak = CAK },
      { connectionId = "x", cak = CAK, secretARN = "arn" },
    } do
      local result, err = client:associate_mac_sec_key(params)
      assert.is_nil(result)
      assert.equal("ParamValidationError", err.code)
      assert_silent(err)
    end
  end)
end)

describe("settings that can't be used", function()
  local function refused(options)
    options.region = options.region or "us-east-1"
    local client, err = dxconnect.client(options)
    if client then
      client, err = client:describe_locations()
    end
    assert.is_nil(client)
    assert.is_true(err.kind == "config" or err.kind == "credentials", err.kind)
    assert_silent(err)
    return err
  end

  local function system(files, run)
    return {
      getenv = function() end,
      read_file = function(path)
        for name, text in pairs(files or {}) do
          if path:find(name, 1, true) then
            return text
          end
        end
        return nil, "not there"
      end,
      run = run or function()
        return nil, "no"
      end,
      sleep = function() end,
    }
  end

  it("are told without their secrets", function()
    local quiet = system()
    refused { system = quiet, proxy = ("ftp://user:%s@proxy"):format(PASSWORD) }
    refused { system = quiet, proxy = ("http://user:%s@"):format(PASSWORD) }
    refused { system = quiet, endpoint_url = ("nonsense://user:%s@host"):format(PASSWORD) }
    refused { system = quiet, endpoint_url = ("https://user:%s@ho st/"):format(PASSWORD) }
    refused { system = quiet, credentials = { access_key_id = SECRET_KEY, secret_access_key = TOKEN .. "\n" } }
    refused { system = quiet, credentials = SECRET_KEY }
    refused { system = quiet, credentials = function()
      return { access_key_id = "AKID", secret_key = SECRET_KEY, session_token = TOKEN }
    end }
  end)

  it("in a file are told by its line's number", function()
    for _, text in ipairs {
      "[default]\naws_access_key_id = AKID\naws_secret_access_key " .. SECRET_KEY .. "\n",
      "aws_secret_access_key = " .. SECRET_KEY .. "\n",
      "[default " .. SECRET_KEY .. "\n",
      "[default]\n = " .. SECRET_KEY .. "\n",
      " " .. SECRET_KEY .. "\n",
    } do
      local err = refused { system = system { credentials = text } }
      assert.truthy(tostring(err):find("line %d"))
    end
    refused { system = system { credentials = "[default]\naws_secret_access_key = " .. SECRET_KEY .. "\n" } }
  end)

  it("from a process are told without what it printed", function()
    local config = { config = "[default]\ncredential_process = /bin/get --password " .. PASSWORD .. "\n" }
    for _, output in ipairs {
      SECRET_KEY, ('{"Version":1,"AccessKeyId":"A","SecretAccessKey":"%s"'):format(SECRET_KEY),
      ('{"Version":2,"AccessKeyId":"A","SecretAccessKey":"%s"}'):format(SECRET_KEY),
      ('{"Version":1,"SecretAccessKey":"%s","SessionToken":"%s"}'):format(SECRET_KEY, TOKEN),
      ('{"Version":1,"AccessKeyId":"A","SecretAccessKey":"%s","Expiration":"%s"}'):format(SECRET_KEY, TOKEN),
    } do
      refused { system = system(config, function()
        return output
      end) }
    end
    refused { system = system(config, function()
      return nil, "the process failed: " .. SECRET_KEY
    end) }
  end)
end)
