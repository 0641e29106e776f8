--- dxconnect beside other work in a libuv program: regions are asked side by side while a ticker ticks.
--   lua examples/luv.lua us-east-1 eu-central-1 ...
-- Keys come from the environment or ~/.aws. Needs luv (Debian: lua-luv).

local dxconnect = require "dxconnect"
local uv = require "luv"

local regions = { ... }
if #regions == 0 then
  io.stderr:write("usage: lua examples/luv.lua REGION...\n")
  os.exit(2)
end

local loop = dxconnect.loop
local open = #regions -- tasks that have not ended
local ticks = 0

-- ---- what drives dxconnect: its descriptor and its next time-out

local poll, timer = uv.new_poll(loop.pollfd()), uv.new_timer()

local function drive()
  local ok, err
  repeat
    ok, err = loop.step()
    if not ok then
      io.stderr:write(tostring(err), "\n")
    end
  until ok
  timer:stop()
  local seconds = loop.timeout()
  if seconds then
    timer:start(math.ceil(seconds * 1000), 0, drive)
  end
end

poll:start("r", drive)

-- ---- anything else that the program does

local ticker = uv.new_timer()
ticker:start(10, 10, function()
  ticks = ticks + 1
end)

local function finish()
  print(("%d regions, %d ticks meanwhile"):format(#regions, ticks))
  for _, handle in ipairs { poll, timer, ticker } do
    handle:close()
  end
end

-- ---- tasks of dxconnect's: calls in them overlap with all that goes on here

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

local function begin(region)
  loop.spawn(function()
    local ok, err = pcall(list, region)
    if not ok then
      print(("%s  %s"):format(region, tostring(err)))
    end
    open = open - 1
    if open == 0 then
      uv.stop()
    end
  end)
end

-- from within libuv: the descriptor shows that there is something to do
local starter = uv.new_timer()
starter:start(0, 0, function()
  starter:close()
  for _, region in ipairs(regions) do
    begin(region)
  end
end)

uv.run()
finish()
uv.run()
