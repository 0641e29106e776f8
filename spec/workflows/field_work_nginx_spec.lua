--- Files, failover tests and rotations inside nginx, on an emulator in its worker.

local nginx = require "spec.support.nginx"
local shell = require "spec.support.shell"

local WORLD = [[
  local dxconnect = require "dxconnect"
  local now = 1700000000
  local function clock() return now end
  local emulator = dxconnect.emulator { clock = clock }
  local client = assert(dxconnect.client {
    region = "us-east-1", credentials = { access_key_id = "a", secret_access_key = "b" },
    config_file = "/dev/null", shared_credentials_file = "/dev/null",
    transport = function(request)
      ngx.sleep(0)
      return emulator.transport(request)
    end,
    system = { getenv = function() end, clock = clock, sleep = function(seconds) now = now + seconds end },
  })
]]

describe("field work inside nginx #nginx", function()
  local server, port

  setup(function()
    server, port = nginx.start_eval()
  end)

  teardown(function()
    server:stop()
  end)

  it("saves files, tests a failover and rotates keys", function()
    local path = os.tmpname()
    os.remove(path)
    local answer = nginx.eval(port, WORLD .. ([[
      local paths = { require("spec.support.failovers").build(client) }
      local report = assert(client:failover_test({ virtualInterfaceId = paths[1], testDurationInMinutes = 5 }))
      local id = assert(client:create_connection {
        location = require("spec.support.emulated").mac_sec_location(client), bandwidth = "10Gbps",
        connectionName = "c", requestMACSec = true,
      }).connectionId
      assert(client:wait_until("connection_available", { connectionId = id }))
      local rotated = assert(dxconnect.macsec.rotate_all({ client }, { ports = { id } }))
      local saved = assert(client:save_loa(id, %q))
      return ("%%s %%s %%d %%d %%d"):format(report.test.status, tostring(report.restored), #rotated.done,
        #rotated.failed, saved.bytes)]]):format(path))
    local bytes = #shell.read(path)
    os.remove(path)
    assert.equal("completed true 1 0 " .. bytes, answer)
  end)
end)
