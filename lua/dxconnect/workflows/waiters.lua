--- The states that `client:wait_until` knows, as data: `waiters[name] = {operation, delay, timeout}`, in seconds.
-- A name is a kind of resource and a state of it, as resources.kinds and resources.states have them.

local resources = require "dxconnect.resources.kinds"
local states = require "dxconnect.resources.states"
local types = require "dxconnect.text.types"

local waiter_type = types.new "waiter"

local waiters = {}

local function add(name, kind, times)
  waiters[name] = setmetatable({
    operation = kind.operation,
    delay = times.delay,
    timeout = times.timeout,
  }, waiter_type)
end

for name, kind in pairs(resources.kinds) do
  for state in pairs(kind.machine and states.machines[kind.machine] or {}) do
    add(name .. "_" .. state, kind, (state == "deleting" or state == "deleted") and kind.ending or kind)
  end
  if kind.target then
    add(name .. "_up", kind, kind)
  end
end

return setmetatable(waiters, types.new("waiters", { kind = "map" }))
