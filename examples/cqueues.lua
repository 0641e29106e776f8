--- dxconnect beside other work in a cqueues program: regions are asked side by side while a ticker ticks.
--   lua examples/cqueues.lua us-east-1 eu-central-1 ...
-- Keys come from the environment or ~/.aws. Needs cqueues (Debian: lua-cqueues).

local cqueues = require "cqueues"
local dxconnect = require "dxconnect"

local regions = { ... }
if #regions == 0 then
  io.stderr:write("usage: lua examples/cqueues.lua REGION...\n")
  os.exit(2)
end

local loop = dxconnect.loop
local controller = cqueues.new()
local open = #regions -- tasks that have not ended
local ticks = 0

-- A task of dxconnect's: calls in it overlap with all that goes on here.
local function list(region)
  local client, err = dxconnect.client { region = region }
  if not client then
    error(err, 0)
  end
  for connection in client:items("describe_connections") do
    print(("%s  %s  %s  %s"):format(region, connection.connectionId, connection.connectionName,
      connection.connectionState))
  end
  client:close()
end

for _, region in ipairs(regions) do
  loop.spawn(function()
    local ok, err = pcall(list, region)
    if not ok then
      print(("%s  %s"):format(region, tostring(err)))
    end
    open = open - 1
  end)
end

-- What drives dxconnect: cqueues polls loop.pollfd(), loop.events() and loop.timeout() as of any object of its own.
controller:wrap(function()
  while open > 0 do
    assert(loop.step())
    if open > 0 then
      cqueues.poll(loop)
    end
  end
end)

-- Anything else that the program does.
controller:wrap(function()
  while open > 0 do
    cqueues.sleep(0.01)
    ticks = ticks + 1
  end
end)

assert(controller:loop())
print(("%d regions, %d ticks meanwhile"):format(#regions, ticks))
