local dxconnect = require "dxconnect"
local shell = require "spec.support.shell"
local world = require "spec.support.world"

-- A file that keeps what is written, and a logger for it.
local function new_log()
  local text = {}
  local file = {}
  function file.write(self, ...)
    assert.equal(file, self)
    for i = 1, select("#", ...) do
      text[#text + 1] = (select(i, ...))
    end
  end
  return dxconnect.log(file), function()
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
