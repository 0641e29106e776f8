--- A process that tests the failover of an interface and is killed on the way (killed_client.lua). Its waits let time
-- pass in the emulator by asking for locations. Prints the report's outcome, or the error.
--   lua failover_child.lua URL CLOCK-AHEAD ID STEP [N]

local killed_client = require "spec.support.killed_client"

local url, ahead, id, step, n = (table.unpack or unpack)(arg) -- luacheck: ignore

local passing = killed_client.new(url, tonumber(ahead)) -- learns from each answer how late it is
local client = killed_client.new(url, tonumber(ahead), tonumber(n), function()
  assert(passing:describe_locations())
  return tonumber(step)
end)

local report, err = client:failover_test({ virtualInterfaceId = id, testDurationInMinutes = 5 }, { delay = 60 })
if report then
  print(("%s %s"):format(report.test.status, tostring(report.restored)))
else
  print(("failed: %s"):format(tostring(err)))
end
