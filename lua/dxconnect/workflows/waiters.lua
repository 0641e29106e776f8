--- The states that `client:wait_until` knows, as data: `waiters[name] = {operation, delay, timeout}`, in seconds.
-- Names are a kind of resource and a state of it, all that state_machines.lua and resources.lua have.

local resources = require "dxconnect.resources.kinds"
local state_machines = require "dxconnect.resources.states"

local ending = { deleting = true, deleted = true }

local waiters = {}

local function add(name, kind, times)
  waiters[name] = { operation = kind.operation, delay = times.delay, timeout = times.timeout }
end

for name, kind in pairs(resources.kinds) do
  if kind.machine then
    for state in pairs(state_machines.machines[kind.machine]) do
      add(name .. "_" .. state, kind, ending[state] and kind.ending or kind)
    end
  else
    add(name .. "_up", kind, kind)
  end
end

return waiters
