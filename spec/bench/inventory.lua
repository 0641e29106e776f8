--- An inventory of an estate of N virtual interfaces, in ten accounts and four regions each, against a served emulator.
-- Each figure is of a process of its own: requests, CPU time, memory. `lua5.4 spec/bench/inventory.lua` measures and
-- prints a table; `… serve N`, `… results N URL` and `… inventory N URL` are those processes.

local build = jit and "luajit" or "lua" .. _VERSION:match("%d%.%d")
package.path = "./?.lua;./lua/?.lua;./lua/?/init.lua;" .. package.path
package.cpath = "./build/" .. build .. "/?.so;" .. package.cpath

local dxconnect = require "dxconnect"

local ACCOUNTS = 10
local REGIONS = { "us-east-1", "eu-central-1", "ap-northeast-1", "sa-east-1" }
local ON_A_PORT, AT_A_GATEWAY = 50, 30 -- interfaces

local function account_id(i)
  return ("%012d"):format(100000000000 + i)
end

local function keys_of(i)
  return { access_key_id = "AKID" .. account_id(i), secret_access_key = "example", account_id = account_id(i) }
end

-- ---- the emulator

-- Interfaces n of an account in a region, with the ports and gateways that they need.
local function add_place(seed, account, region, number, n)
  for i = 0, n - 1 do
    local port = ("dxcon-%04x%04x"):format(number, math.floor(i / ON_A_PORT))
    local gateway = ("11111111-aaaa-4bbb-8ccc-%08x%04x"):format(number, math.floor(i / AT_A_GATEWAY))
    if i % ON_A_PORT == 0 then
      table.insert(seed.connection, {
        connectionId = port, connectionName = "port " .. i, location = "EqDC2", bandwidth = "10Gbps", region = region,
        ownerAccount = account, tags = { { key = "team", value = "network" } },
      })
    end
    if i % AT_A_GATEWAY == 0 then
      table.insert(seed.gateway, {
        directConnectGatewayId = gateway, directConnectGatewayName = "gateway " .. i, ownerAccount = account,
      })
    end
    table.insert(seed.virtual_interface, {
      virtualInterfaceId = ("dxvif-%04x%04x"):format(number, i), virtualInterfaceName = "interface " .. i,
      connectionId = port, directConnectGatewayId = gateway, vlan = 2 + i % 4000, asn = 65001, region = region,
      ownerAccount = account, tags = { { key = "team", value = "network" } },
    })
  end
end

local function serve(count)
  local credentials, seed = {}, { connection = {}, gateway = {}, virtual_interface = {} }
  local places, number = ACCOUNTS * #REGIONS, 0
  for i = 1, ACCOUNTS do
    credentials[i] = keys_of(i)
    for _, region in ipairs(REGIONS) do
      number = number + 1
      add_place(seed, account_id(i), region, number, math.floor(count / places) + (number <= count % places and 1 or 0))
    end
  end
  local emulator = dxconnect.emulator { credentials = credentials, quotas = false }
  assert(emulator:seed(seed))
  assert(emulator:serve { on_ready = function(url)
    print(url)
    io.stdout:flush()
  end })
end

-- ---- those that ask it

local requests = 0

local function clients_at(url)
  local clients = {}
  for i = 1, ACCOUNTS do
    local client = assert(dxconnect.client {
      region = "us-east-1", endpoint_url = url, credentials = keys_of(i), system = { getenv = function() end },
      logger = function(event)
        requests = requests + (event.type == "attempt" and 1 or 0)
      end,
    })
    clients[("account %02d"):format(i)] = client
  end
  return clients
end

-- Kilobytes of this process: the most that there were.
local function peak()
  for line in io.lines("/proc/self/status") do
    local value = line:match("^VmHWM:%s+(%d+)")
    if value then
      return tonumber(value)
    end
  end
end

-- The least that holds the answers: what the lists return, one behind the other.
local function results(clients)
  local kept = {}
  local function take(client, operation, params, region)
    local items = {}
    for item in client:items(operation, params, { region = region }) do
      items[#items + 1] = item
    end
    kept[#kept + 1] = items
    return items
  end
  for _, client in pairs(clients) do
    for _, region in ipairs(REGIONS) do
      for _, operation in ipairs {
        "describe_connections", "describe_interconnects", "describe_lags", "describe_virtual_interfaces",
        "describe_virtual_gateways", "list_resiliency_groups", "describe_locations",
      } do
        pcall(take, client, operation, {}, region) -- only partners have interconnects
      end
    end
    for _, gateway in ipairs(take(client, "describe_direct_connect_gateways")) do
      local params = { directConnectGatewayId = gateway.directConnectGatewayId }
      take(client, "describe_direct_connect_gateway_associations", params)
      take(client, "describe_direct_connect_gateway_attachments", params)
    end
  end
  return kept
end

local function inventory(clients)
  local estate = assert(dxconnect.inventory { clients = clients, regions = REGIONS })
  assert(estate.complete, tostring(estate.errors[1] and estate.errors[1].error))
  return estate
end

-- Prints requests, CPU seconds, wall seconds, kilobytes of Lua's and of the whole process beyond what was there before.
local function measure(ask, url)
  local clients = clients_at(url)
  collectgarbage()
  local clock = require("dxconnect.core").clock
  local before, lua_before, cpu, start = peak(), collectgarbage("count"), os.clock(), clock()
  local kept = ask(clients)
  cpu, start = os.clock() - cpu, clock() - start
  local after = peak()
  collectgarbage()
  collectgarbage()
  print(requests, cpu, start, collectgarbage("count") - lua_before, after - before, kept and 1)
end

-- ---- the table

local function run(interpreter, ...)
  local pipe = assert(io.popen(("exec %s spec/bench/inventory.lua %s"):format(interpreter, table.concat({ ... }, " "))))
  local figures = {}
  for value in pipe:read("*a"):gmatch("%S+") do
    figures[#figures + 1] = tonumber(value)
  end
  pipe:close()
  assert(#figures >= 5, "a measurement failed")
  return { requests = figures[1], cpu = figures[2], wall = figures[3], lua = figures[4], peak = figures[5] }
end

local function report(interpreter, sizes)
  print("inventory of N interfaces, " .. interpreter .. ": memory beside that of the results alone")
  print("aims: from 1000 to 10000 the CPU time grows at most 12 times, memory is at most 3.00 of the results'")
  print(("%8s %9s %10s %10s %10s %24s %24s"):format("N", "requests", "CPU", "wall", "CPU / N", "Lua's memory", "peak"))
  for _, count in ipairs(sizes) do
    local fifo = os.tmpname()
    local pipe = assert(io.popen(("sh -c '%s spec/bench/inventory.lua serve %d >%s & read -r _; kill $!'"):format(
      interpreter, count, fifo), "w"))
    local url
    repeat
      local file = assert(io.open(fifo))
      url = file:read("*l")
      file:close()
    until url
    local ok, problem = pcall(function()
      local least = run(interpreter, "results", count, url)
      local ours = run(interpreter, "inventory", count, url)
      print(("%8d %9d %8.2f s %8.2f s %7.0f us %5.2f %5.1f : %5.1f MB %6.2f %5.1f : %5.1f MB"):format(count,
        ours.requests, ours.cpu, ours.wall, ours.cpu / count * 1e6, ours.lua / least.lua, ours.lua / 1024,
        least.lua / 1024, ours.peak / least.peak, ours.peak / 1024, least.peak / 1024))
    end)
    pipe:write("\n")
    pipe:close()
    os.remove(fifo)
    assert(ok, problem)
  end
end

local role, count, url = arg[1], tonumber(arg[2]), arg[3]
if role == "serve" then
  serve(count)
elseif role == "results" then
  measure(results, url)
elseif role == "inventory" then
  measure(inventory, url)
else
  report(role or "lua5.4", os.getenv("BENCH") == "quick" and { 40 } or { 100, 1000, 10000 })
end
