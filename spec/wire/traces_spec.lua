--- What stays in the memory of a process that made calls with a secret. Another process makes them and writes its
-- memory to a file, which is searched here; where the system hides a process's memory from it, nothing is tested.

local faultd = require "spec.support.faultd"
local shell = require "spec.support.shell"

local CAK = "c0ffee0123456789fedcba9876543210" .. "5ecc0ded8badf00d0ddba11cafed00d5"

local build = jit and "luajit" or "lua" .. _VERSION:match("%d%.%d")
local lua = jit and "luajit" or build

local program = [[
package.path = "./lua/?.lua;./lua/?/init.lua;" .. package.path
package.cpath = "./%s/%s/?.so;" .. package.cpath
local dxconnect = require "dxconnect"
local client = assert(dxconnect.client {
  region = "us-east-1", credentials = { access_key_id = "A", secret_access_key = "B" },
  endpoint_url = arg[1], ca_bundle = arg[2], config_file = arg[3], shared_credentials_file = arg[3],
})
local secret = assert(dxconnect.secret.from_file(arg[4]))
for _ = 1, 3 do
  assert(client:associate_mac_sec_key { connectionId = "dxcon-ffabc123", ckn = ("0"):rep(64), cak = secret })
end
if arg[6] ~= "leave" then
  secret:close()
end
assert(client:describe_lags()) -- a shorter request than those before, which covers less of them
]]

-- Gets an answer to a request that may hold a secret, and never looks at it.
local reader = [[
package.path = "./lua/?.lua;./lua/?/init.lua;" .. package.path
package.cpath = "./%s/%s/?.so;" .. package.cpath
local core = require "dxconnect.core"
local session, ex = core.session { ca_bundle = arg[2] }, core.exchange()
for _ = 1, 2 do
  assert(ex:load { method = "POST", url = arg[1], headers = {}, body = "{}" })
  assert(session:perform(ex, 5, 5))
  ex:clear()
end
]]

-- Writes the process's memory, stacks aside, into a file.
local dump = [[
local memory, out = assert(io.open("/proc/self/mem", "rb")), assert(io.open(arg[5], "wb"))
for line in io.lines("/proc/self/maps") do
  local first, last, rights = line:match("^(%x+)%-(%x+) (%S+)")
  first, last = tonumber(first, 16), tonumber(last, 16)
  local is_ours = rights:find("^rw") and not line:find("[stack", 1, true) and last - first < 64 * 1024 * 1024
  if is_ours and memory:seek("set", first) then
    out:write(memory:read(last - first) or "")
  end
end
out:close()
]]

describe("the memory of a process", function()
  local folder, server

  before_each(function()
    folder = shell.run("mktemp -d"):match("%S+")
    shell.write(folder .. "/cak", CAK .. "\n")
    shell.run("chmod 600 " .. folder .. "/cak")
    shell.write(folder .. "/none", "")
  end)

  after_each(function()
    server:stop()
    shell.run("rm -rf " .. folder)
  end)

  local function run(text, extra)
    shell.write(folder .. "/program.lua", text:format(os.getenv("DXCONNECT_BUILD") or "build", build) .. dump)
    local output = shell.output(table.concat({
      lua, folder .. "/program.lua", server.url, faultd.certificate("ca"), folder .. "/none", folder .. "/cak",
      folder .. "/memory", extra,
    }, " ") .. " 2>&1; echo $?")
    assert.equal("0\n", output)
    local memory = shell.read(folder .. "/memory")
    assert.is_true(#memory > 100000)
    return select(2, memory:gsub(CAK:sub(1, 32), ""))
  end

  -- How often the secret's first half is in what the program saw of its memory.
  local function traces(tls, extra)
    server = faultd.start({ faultd.ok("{}") }, { tls = tls })
    local count = run(program, extra)
    assert.truthy(server:requests()[3].body:find(CAK, 1, true))
    return count
  end

  if io.open("/proc/self/mem", "rb") then
    it("has no trace of a secret that was sent and closed", function()
      assert.equal(0, traces(nil))
    end)

    it("has none of one that was sent over TLS either", function()
      assert.equal(0, traces("good"))
    end)

    it("has no trace of a secret in an answer to what may have been one", function()
      server = faultd.start({ faultd.ok('{"echo":"' .. CAK .. '"}') })
      assert.equal(0, run(reader))
    end)

    it("has it as long as it is kept, once", function()
      assert.equal(1, traces(nil, "leave"))
    end)
  end
end)
