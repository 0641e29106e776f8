--- A process that rotates the keys of all ports and is killed on the way (killed_client.lua). Its waits let time pass
-- in the emulator by asking for locations. Prints how many rotations were done and failed.
--   lua rotate_all_child.lua URL CLOCK-AHEAD STEP [N]

local dxconnect = require "dxconnect"
local killed_client = require "spec.support.killed_client"

local url, ahead, step, n = (table.unpack or unpack)(arg) -- luacheck: ignore

local passing = killed_client.new(url, tonumber(ahead)) -- learns from each answer how late it is
local client = killed_client.new(url, tonumber(ahead), tonumber(n), function()
  assert(passing:describe_locations())
  return tonumber(step)
end)

local report = assert(dxconnect.macsec.rotate_all({ client }, { older_than = 0, delay = 60 }))
print(("%d %d"):format(#report.done, #report.failed))
