--- Regions and accounts side by side: what each account has in each region, all asked for at once.
--   lua examples/regions.lua PROFILE,... REGION...
--   lua examples/regions.lua production,staging us-east-1 eu-central-1 ap-southeast-2
-- Profiles are those of ~/.aws/config. One account that fails, or may not look, does not keep the others.

local dxconnect = require "dxconnect"

local profiles, regions = ..., { select(2, ...) }
if #regions == 0 then
  io.stderr:write("usage: lua examples/regions.lua PROFILE,... REGION...\n")
  os.exit(2)
end

local LISTS = { "describe_connections", "describe_lags", "describe_virtual_interfaces" }

local function count(client, list)
  local n = 0
  for _ in client:items(list) do -- over all pages; what goes wrong is raised
    n = n + 1
  end
  return n
end

-- The numbers of one account in one region; its lists are read at the same time, too.
local function look_into(profile, region)
  local client, err = dxconnect.client { profile = profile, region = region }
  if not client then
    return nil, err
  end
  local tasks = {}
  for i, list in ipairs(LISTS) do
    tasks[i] = function()
      return count(client, list)
    end
  end
  local counts = {}
  for i, entry in ipairs(dxconnect.parallel(tasks)) do
    if entry.error then
      return nil, entry.error
    end
    counts[i] = entry.result
  end
  client:close()
  return counts
end

local tasks, places = {}, {}
for profile in profiles:gmatch("[^,]+") do
  for _, region in ipairs(regions) do
    places[#places + 1] = { profile, region }
    tasks[#tasks + 1] = function()
      return look_into(profile, region)
    end
  end
end

local FORMAT = "%-16s %-16s %12s %6s %11s"
print(FORMAT:format("account", "region", "connections", "LAGs", "interfaces"))
local status = 0
for i, entry in ipairs(dxconnect.parallel(tasks)) do
  local profile, region = places[i][1], places[i][2]
  if entry.error then
    status = 1
    print(("%-16s %-16s %s"):format(profile, region, tostring(entry.error)))
  else
    print(FORMAT:format(profile, region, entry.result[1], entry.result[2], entry.result[3]))
  end
end
os.exit(status)
