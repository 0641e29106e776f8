--- A client of a process that is killed on the way: when its n-th request was answered, which it does not get to see.
-- So it stands before its next one.

local core = require "dxconnect.core"
local curl = require "dxconnect.transport.curl"
local dxconnect = require "dxconnect"

local killed_client = {}

--- Makes the client.
-- @tparam string url of a served emulator
-- @tparam number ahead seconds that its clock is ahead
-- @tparam ?number n the request that it does not outlive
-- @tparam[opt] function sleep `sleep(seconds, send)` in place of the system's; returns the seconds that passed
-- @treturn table client
function killed_client.new(url, ahead, n, sleep)
  local sent, slept = 0, 0
  local session = assert(curl.new { values = {}, no_proxy = "*" })
  return assert(dxconnect.client {
    region = "us-east-1",
    endpoint_url = url,
    credentials = require("spec.support.emulatord").keys,
    system = {
      clock = function()
        return core.clock() + ahead + slept
      end,
      sleep = sleep and function(seconds)
        slept = slept + sleep(seconds)
      end,
    },
    transport = function(request)
      sent = sent + 1
      local number = sent -- others may be under way
      local ex = core.exchange()
      assert(ex:load(request))
      local ok, message, kind = session:send(ex, 5, 30)
      if number == n then
        os.execute("kill -KILL $PPID")
      end
      if not ok then
        return nil, message, kind
      end
      return { status = ex:status(), headers = ex:headers(), body = ex:body() }
    end,
  })
end

return killed_client
