local cjson = require "cjson"
local command = require "spec.support.command"
local dxconnect = require "dxconnect"
local emulatord = require "spec.support.emulatord"
local shell = require "spec.support.shell"
local socket = require "socket"

local KEYS = emulatord.keys

local running = {}

-- Starts the command; returns what stops it, and the lines that it printed first.
local function start(words, count)
  local fifo, errors_path = os.tmpname(), os.tmpname()
  os.execute(("rm -f %s; mkfifo %s"):format(fifo, fifo))
  local pipe = assert(io.popen(("sh -c 'echo $$; exec %s 2>%s' >%s; echo status $?"):format(
    command.line(nil, words):gsub("'", "'\\''"), errors_path, fifo)))
  local output = assert(io.open(fifo))
  os.remove(fifo)
  local pid = output:read("*l")
  local lines = {}
  for i = 1, count or 1 do
    lines[i] = output:read("*l")
  end
  local is_stopped
  local function stop(signal)
    if is_stopped then
      return
    end
    is_stopped = true
    os.execute(("kill -%s %s"):format(signal or "TERM", pid))
    local rest = output:read("*a")
    output:close()
    local status = pipe:read("*a"):match("status (%d+)")
    pipe:close()
    local said = shell.read(errors_path)
    os.remove(errors_path)
    return tonumber(status), rest, said
  end
  running[#running + 1] = stop
  return stop, (table.unpack or unpack)(lines) -- luacheck: ignore
end

local function client(url, options)
  local all = {
    region = "us-east-1", endpoint_url = url, credentials = KEYS, max_attempts = 1, timeout = 20,
    system = { getenv = function() end },
  }
  for name, value in pairs(options or {}) do
    all[name] = value
  end
  return assert(dxconnect.client(all))
end

describe("dxconnect emulator", function()
  after_each(function()
    for _, stop in ipairs(running) do
      stop()
    end
    running = {}
  end)

  it("prints its URL first, serves a seed, and ends by signals with their statuses", function()
    for signal, status in pairs { TERM = 0, INT = 130 } do
      local stop, url = start "emulator --seed estate"
      assert.matches("^http://127%.0%.0%.1:%d+$", url)
      assert.is_true(#assert(client(url):describe_connections()).connections > 0)
      assert.same({ status, "", "" }, { stop(signal) })
    end
  end)

  it("keeps its state in a file, for its owner alone, and takes it up again", function()
    local path = os.tmpname()
    os.remove(path)
    local stop, url = start("emulator --state " .. path)
    assert(client(url):create_direct_connect_gateway { directConnectGatewayName = "kept" })
    assert.matches("kept", shell.read(path)) -- already now
    assert.equal(0, (stop()))
    assert.equal("600", (shell.output("stat -c %a " .. path):gsub("%s", "")))
    assert.equal("dxconnect-state", cjson.decode(shell.read(path)).format)
    stop, url = start("emulator --state " .. path)
    assert.equal("kept", client(url):describe_direct_connect_gateways().directConnectGateways[1]
      .directConnectGatewayName)
    stop()
    shell.write(path, "damaged")
    local output, said, status = command.run(nil, "emulator --state " .. path)
    assert.same({ "", 1 }, { output, status }, said)
    assert.equal("damaged", shell.read(path))
    os.remove(path)
  end)

  it("takes accounts from a file, and a seed of resources", function()
    local accounts, seed = os.tmpname(), os.tmpname()
    shell.write(accounts, '[{"access_key_id":"AKIDONE","secret_access_key":"one","account_id":"111111111111"},'
      .. '{"access_key_id":"AKIDTWO","secret_access_key":"two","account_id":"222222222222"}]')
    shell.write(seed, '{"connection":[{"connectionId":"dxcon-seeded"}]}')
    local stop, url = start(("emulator --credentials %s --seed %s"):format(accounts, seed))
    local function seen(id, key)
      return #assert(client(url, { credentials = { access_key_id = id, secret_access_key = key } })
        :describe_connections()).connections
    end
    assert.equal(1, seen("AKIDONE", "one"))
    assert.equal(0, seen("AKIDTWO", "two"))
    local _, err = client(url):describe_connections()
    assert.equal("service", err.kind)
    stop()
    os.remove(accounts)
    os.remove(seed)
  end)

  it("serves HTTPS with a certificate to trust", function()
    local stop, url, certificate = start("emulator --tls", 2)
    assert.matches("^https://127%.0%.0%.1:%d+$", url)
    assert.is_table(client(url, { ca_bundle = certificate }):describe_lags())
    assert.is_table(client(url:gsub("127%.0%.0%.1", "localhost"), { ca_bundle = certificate }):describe_lags())
    local _, err = client(url):describe_lags()
    assert.equal("TLSError", err.code)
    _, err = client((url:gsub("https", "http"))):describe_lags()
    assert.equal("transport", err.kind)
    assert.equal(0, (stop()))
    assert.is_nil(io.open(certificate))
  end)

  it("answers a TLS hello on the plain port with a plain refusal, at once", function()
    local stop, url = start "emulator"
    local _, err = client((url:gsub("http", "https"))):describe_lags()
    assert.equal("transport", err.kind)
    stop()
  end)

  it("listens on the address that it is told to, and on no other", function()
    local stop, url = start "emulator --host 127.0.0.2"
    local port = tonumber(url:match("^http://127%.0%.0%.2:(%d+)$"))
    assert.is_table(client(url):describe_lags())
    assert.is_nil((socket.connect("127.0.0.1", port)))
    assert.equal(0, (stop()))
  end)

  it("refuses wrong options with one line", function()
    for words, expected in pairs {
      ["emulator --port 70000"] = 2, ["emulator --port x"] = 2, ["emulator --speed 0"] = 2,
      ["emulator --seed /nonexistent"] = 2, ["emulator --credentials /nonexistent"] = 2, ["emulator --nothing"] = 2,
    } do
      local output, said, status = command.run(nil, words)
      assert.same({ "", expected }, { output, status }, words .. said)
      assert.equal(1, select(2, said:gsub("\n", "")), said)
    end
  end)
end)
