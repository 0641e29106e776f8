local dxconnect = require "dxconnect"
local shell = require "spec.support.shell"
local world = require "spec.support.world"

-- A file that keeps what is written, and a logger for it.
local function new_log(options)
  local text = {}
  local file = {}
  function file.write(self, ...)
    assert.equal(file, self)
    for i = 1, select("#", ...) do
      text[#text + 1] = (select(i, ...))
    end
  end
  return dxconnect.log(file, options), function()
    return table.concat(text)
  end
end

describe("dxconnect.log", function()
  it("writes a line for each event, its fields in a fixed order", function()
    local log, written = new_log()
    log { type = "attempt", request_id = "r-1", elapsed = 0.12345, status = 200, attempt = 1, operation = "X" }
    log { type = "retry", operation = "DescribeLags", attempt = 1, delay = 0.5, code = "HTTP503", status = 503 }
    log { type = "wait", delay = 2 }
    assert.equal("dxconnect attempt operation=X attempt=1 status=200 elapsed=0.123 request_id=r-1\n"
      .. "dxconnect retry operation=DescribeLags attempt=1 status=503 code=HTTP503 delay=0.500\n"
      .. "dxconnect wait delay=2\n", written())
  end)

  it("writes the words of a warning", function()
    local log, written = new_log()
    log { type = "warning", message = "/etc/cak holds a secret, and others than its owner can read it" }
    assert.equal("dxconnect warning /etc/cak holds a secret, and others than its owner can read it\n", written())
  end)

  it("keeps each event on its line, whatever is in it", function()
    local log, written = new_log()
    log { type = "attempt", code = "a\r\nb\0c", request_id = "x\ny", message = "one\ntwo" }
    log { type = "odd" }
    log {}
    local lines = 0
    for line in written():gmatch("([^\n]*)\n") do
      lines = lines + 1
      assert.is_nil(line:find("%c"))
      assert.truthy(line:find("^dxconnect "))
    end
    assert.equal(3, lines)
  end)

  it("follows a call through its attempts and waits", function()
    local log, written = new_log()
    local client = world.client({
      world.fault(400, "ThrottlingException", "Rate exceeded", { ["x-amzn-requestid"] = "r-1" }),
      world.ok('{"locations":[]}', { ["x-amzn-requestid"] = "r-2" }),
    }, { logger = log })
    assert.is_table((client:describe_locations()))
    local types = {}
    for line in written():gmatch("[^\n]+") do
      types[#types + 1] = line:match("^dxconnect (%a+) .*operation=DescribeLocations") or line:match("^dxconnect (%a+)")
    end
    assert.same({ "attempt", "retry", "attempt" }, types)
    assert.truthy(written():find("code=ThrottlingException", 1, true))
    assert.truthy(written():find("request_id=r-2", 1, true))
  end)

  it("tells the time, the region and the client, by its profile or the order in which it came", function()
    local log, written = new_log()
    for _, options in ipairs { {}, { region = "eu-west-1" } } do
      options.logger = log
      local client = world.client({ world.ok('{"lags":[]}') }, options)
      assert(client:describe_lags())
      assert(client:describe_lags())
    end
    local lines = {}
    for line in written():gmatch("[^\n]+") do
      lines[#lines + 1] = line:match("^dxconnect attempt (time=%S+ region=%S+ client=%S+)")
    end
    local time = "time=2023-11-14T22:13:20.000Z "
    assert.same({ time .. "region=us-east-1 client=client-1", time .. "region=us-east-1 client=client-1",
      time .. "region=eu-west-1 client=client-2", time .. "region=eu-west-1 client=client-2" }, lines)
    local files = {
      config_file = "/config",
      profile = "network",
      system = { getenv = function() end, read_file = function(path)
        return path == "/config" and "[profile network]\nregion = us-west-2\n" or nil, "none"
      end },
      logger = log,
    }
    assert((world.client({ world.ok('{"lags":[]}') }, files)):describe_lags())
    assert.matches("client=network", written())
  end)

  describe("at level wire", function()
    local CKN, CAK = ("01"):rep(32), ("ab"):rep(32)

    it("writes each request and answer, secrets, signatures and tokens hidden", function()
      local log, written = new_log { level = "wire" }
      local client = world.client({
        world.fault(400, "ThrottlingException", "no room for " .. CAK),
        world.ok('{"connectionId":"dxcon-1","newer":{"authKey":"hush"},"nextToken":"hush"}',
          { ["x-amzn-requestid"] = "r-1", ["set-cookie"] = "hush" }),
      }, {
        logger = log,
        credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = "hushhush/", session_token = "hushtoken" },
      })
      assert(client:associate_mac_sec_key({ connectionId = "dxcon-1", ckn = CKN, cak = CAK },
        { headers = { ["x-own"] = "hush" } }))
      local text = written()
      assert.is_nil(text:find("hush", 1, true))
      assert.is_nil(text:find(CAK, 1, true))
      assert.is_nil(text:find("AKIDEXAMPLE", 1, true))
      assert.is_nil(text:find("Signature", 1, true))
      assert.matches('request time=%S+ region=us%-east%-1 client=client%-1 operation=AssociateMacSecKey attempt=1 '
        .. 'method=POST url=https://directconnect.us%-east%-1.amazonaws.com/ size=%d+ .-"x%-amz%-target"', text)
      assert.truthy(text:find('body={"cak":"<hidden>","ckn":"' .. CKN .. '","connectionId":"dxcon-1"}', 1, true))
      assert.matches('answer .-attempt=1 status=400 size=%d+ headers={} body={"__type":"Throttling', text)
      assert.matches(
        'answer .-attempt=2 status=200 size=%d+ headers={.-"r%-1".-} body={"connectionId":"dxcon%-1"', text)
      for line in text:gmatch("[^\n]+") do
        assert.matches("^dxconnect %a+ ", line)
      end
    end)

    it("tells only the size of what can't be parsed", function()
      local log, written = new_log { level = "wire" }
      local client = world.client({ { status = 200, body = "<html>hush</html>" } }, { logger = log })
      assert.is_nil((client:describe_lags()))
      assert.matches("answer .-status=200 size=17 headers={}\n", written())
      assert.is_nil(written():find("hush", 1, true))
    end)

    it("tells only the size of exchanges for credentials", function()
      local log, written = new_log { level = "wire" }
      local client = assert(dxconnect.client {
        region = "us-east-1",
        transport = function()
          return { status = 200, body = '{"AccessKeyId":"hush","SecretAccessKey":"hush","Token":"hush"}' }
        end,
        logger = log,
        system = { getenv = function(name)
          return name == "AWS_CONTAINER_CREDENTIALS_FULL_URI" and "http://127.0.0.1/hush" or nil
        end, read_file = function()
          return nil, "none"
        end },
      })
      assert(client:credentials())
      assert.matches("dxconnect exchange .-status=200 size=62\n", written())
      assert.is_nil(written():find("hush", 1, true))
    end)

    it("is the only other level", function()
      for _, options in ipairs { { level = "wired" }, { level = 1 }, "wire" } do
        local log, err = dxconnect.log(io.stderr, options)
        assert.is_nil(log)
        assert.equal("ConfigError", err.code)
      end
    end)
  end)

  it("writes to standard error where there is no file", function()
    local path = os.tmpname()
    local script = "require('dxconnect').log() { type = 'wait', delay = 1 }"
    os.execute(("LUA_PATH='%s' LUA_CPATH='%s' %s -e \"%s\" 2>%s"):format(package.path, package.cpath, shell.lua, script,
      path))
    assert.equal("dxconnect wait delay=1\n", shell.read(path))
    os.remove(path)
  end)

  it("is no reason for a call to fail where the file can't be written", function()
    local closed = io.tmpfile()
    closed:close()
    local client = world.client({ world.ok('{"locations":[]}') }, { logger = dxconnect.log(closed) })
    assert.is_table((client:describe_locations()))
  end)
end)
