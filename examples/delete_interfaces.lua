--- Deletes every virtual interface of a connection or LAG, many at a time, with a progress bar, and waits until they
-- are gone.
--   lua examples/delete_interfaces.lua dxcon-ffabc123            says what would be deleted
--   lua examples/delete_interfaces.lua dxcon-ffabc123 delete [DELAY]
-- DELAY is the time between looks in seconds. Run again after a failure, this deletes what is left.

local dxconnect = require "dxconnect"

local id, word, delay = ...
if not id or word and word ~= "delete" then
  io.stderr:write("usage: lua examples/delete_interfaces.lua CONNECTION [delete [DELAY]]\n")
  os.exit(2)
end

local client = assert(dxconnect.client())
local status = 0

local function report(interface_id, err)
  status = 1
  io.stderr:write(interface_id, ": ", tostring(err), "\n")
end

-- What there is; a list's errors are raised.
local interfaces = {}
local ok, problem = pcall(function()
  for interface in client:items("describe_virtual_interfaces", { connectionId = id }) do
    local state = interface.virtualInterfaceState
    if state ~= "deleting" and state ~= "deleted" then
      interfaces[#interfaces + 1] = { virtualInterfaceId = interface.virtualInterfaceId }
    end
  end
end)
if not ok then
  report(id, problem)
  os.exit(status)
end
print(("%d virtual interfaces on %s"):format(#interfaces, id))
if not word then
  os.exit(status)
end

-- Sixteen at a time; each is tried again where that is safe, and one that fails leaves the others alone.
local answers = client:map("delete_virtual_interface", interfaces, { on_progress = dxconnect.progress() })
local tasks, waiting = {}, {}
for i, answer in ipairs(answers) do
  local params = interfaces[i]
  if answer.error then
    report(params.virtualInterfaceId, answer.error)
  else
    waiting[#waiting + 1] = params
    tasks[#tasks + 1] = function()
      return client:wait_until("virtual_interface_deleted", params, { delay = tonumber(delay) })
    end
  end
end

-- All of them wait together, and share what they look at.
local gone = 0
for i, entry in ipairs(dxconnect.parallel(tasks)) do
  if entry.error then
    report(waiting[i].virtualInterfaceId, entry.error)
  else
    gone = gone + 1
  end
end
print(("%d of %d are gone"):format(gone, #interfaces))
os.exit(status)
