--- Reads the whole estate: prints it as a table with what is wrong, and draws it.
-- lua examples/inventory.lua PICTURE.svg [demo]
-- With `demo` it then watches the estate until it sees a change, which it makes itself: a session that goes down on
-- purpose. `make demo-inventory` runs that on the emulator.

local dxconnect = require "dxconnect"

local path, mode = arg[1], arg[2]
if not path or mode and mode ~= "demo" then
  io.stderr:write("usage: inventory.lua PICTURE.svg [demo]\n")
  os.exit(2)
elseif mode and not os.getenv("AWS_ENDPOINT_URL_DIRECT_CONNECT") then
  io.stderr:write("The demo takes a session down. Run it on the emulator: make demo-inventory\n")
  os.exit(2)
end

local function fail(err)
  io.stderr:write(tostring(err), "\n")
  os.exit(1)
end

local client, err = dxconnect.client()
if not client then
  fail(err)
end
local inventory = assert(dxconnect.inventory { clients = client })
print(inventory)

print("\nWhat a careful engineer would point at:\n")
print(inventory:assess())

local file, message = io.open(path, "w")
if not file then
  fail(message)
end
file:write((inventory:svg()))
file:close()
print("\nThe picture is " .. path)
if not mode then
  os.exit(inventory.complete and 0 or 1)
end

print("\nWatching. A session goes down on purpose:\n")
local is_down = false
local watch
watch, err = dxconnect.watch {
  clients = client, interval = 0.2,
  on_read = function(_, self)
    if is_down then
      return self:stop()
    end
    is_down = true
    local interface = inventory:each { kind = "virtual_interface", state = "available" }()
    local ok, problem = client:start_bgp_failover_test({
      virtualInterfaceId = interface.id, testDurationInMinutes = 10,
    })
    if not ok then
      fail(problem)
    end
  end,
  on_change = function(change)
    print(change)
  end,
  on_error = function(entry)
    print("not read: " .. tostring(entry.error))
  end,
}
if not watch then
  fail(err)
end
