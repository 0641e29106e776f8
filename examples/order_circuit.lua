--- Orders a circuit and waits for it: days at the real service, so the script may be stopped and started again.
--   lua examples/order_circuit.lua LOCATION BANDWIDTH NAME [DELAY]
--   lua examples/order_circuit.lua EqDC2 10Gbps berlin-1
-- The name is the order's token: however often this runs, with whatever faults, it orders one. DELAY is the time
-- between looks in seconds. Region and keys come from the environment or ~/.aws.

local dxconnect = require "dxconnect"

local location, bandwidth, name, delay = ...
if not name then
  io.stderr:write("usage: lua examples/order_circuit.lua LOCATION BANDWIDTH NAME [DELAY]\n")
  os.exit(2)
end

local function check(result, ...)
  if result == nil then
    io.stderr:write(tostring((...)), "\n")
    os.exit(1)
  end
  return result, ...
end

local client = check(dxconnect.client())
local connection, _, meta = check(client:create_once("create_connection", {
  location = location,
  bandwidth = bandwidth,
  connectionName = name,
}, { token = "order_circuit " .. name }))
local id = connection.connectionId
print(("%s %s"):format(id, meta.found and "was ordered before" or "is ordered"))

-- What there is to do or to know in each state.
local words = {
  requested = "the letter of authorization is being made",
  pending = "the letter is there: examples/save_loa.lua saves it for the data centre",
  down = "the circuit is there, but no light is on the line: look at the cross connect",
}

local last
connection = check(client:wait_until("connection_available", { connectionId = id }, {
  delay = tonumber(delay),
  on_poll = function(_, state)
    if state ~= last then
      last = state
      print(("%s is %s%s"):format(id, state, words[state] and ": " .. words[state] or ""))
    end
  end,
}))
print(("%s at %s on %s"):format(id, connection.location, tostring(connection.awsDeviceV2)))
