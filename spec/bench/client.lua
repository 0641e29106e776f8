--- One measurement of the client, in a process of its own: what report.lua sets beside bare.c's.
-- `lua5.4 spec/bench/client.lua MODE ARGUMENT...`, from the project's root; prints what bare.c prints.

local builds = os.getenv("DXCONNECT_BUILD") or "build"
local build = jit and "luajit" or "lua" .. _VERSION:match("%d%.%d")

package.path = "./lua/?.lua;./lua/?/init.lua;./?.lua;" .. package.path
package.cpath = "./" .. builds .. "/" .. build .. "/?.so;" .. package.cpath

local dxconnect = require "dxconnect"
local core = require "dxconnect.core"
local names = require "dxconnect.operations"
local calls = require("spec.bench.answers").calls

local WARM_UP = 20

-- ---- measuring

-- Kilobytes of the process at its largest.
local function peak()
  local file = io.open("/proc/self/status")
  local text = file and file:read("*a") or ""
  if file then
    file:close()
  end
  return tonumber(text:match("VmHWM:%s*(%d+)")) or 0
end

-- Runs f(n) and prints what each of the n cost.
local function measure(n, f)
  collectgarbage()
  local cpu, wall = os.clock(), core.monotonic()
  f(n)
  cpu, wall = os.clock() - cpu, core.monotonic() - wall
  print(("cpu=%.3f wall=%.3f peak=%d"):format(cpu / n * 1e6, wall / n * 1e6, peak()))
end

local function warm_up(n)
  return n < WARM_UP and 1 or WARM_UP
end

local function client_of(url, ca)
  return assert(dxconnect.client {
    region = "us-east-1",
    credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" },
    endpoint_url = url,
    ca_bundle = ca,
    config_file = "/dev/null",
    shared_credentials_file = "/dev/null",
  })
end

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

-- Calls one after the other.
local function repeat_call(client, name, n)
  local method, params = client[calls[name][1]], calls[name][3]
  for _ = 1, n do
    local result, err = method(client, params)
    if not result then
      error(tostring(err))
    end
  end
end

-- ---- modes

local modes = {}

function modes.calls(url, name, n, ca)
  local client = client_of(url, ca)
  repeat_call(client, name, warm_up(n))
  measure(n, function()
    repeat_call(client, name, n)
  end)
end

-- The same inside a task.
function modes.task(url, name, n)
  local client = client_of(url)
  local results = dxconnect.parallel {
    function()
      repeat_call(client, name, warm_up(n))
      measure(n, function()
        repeat_call(client, name, n)
      end)
    end,
  }
  assert(not results[1].error, results[1].error)
end

-- An answer that never ends is refused; what counts is the memory that it takes.
function modes.endless(url)
  local client = client_of(url)
  measure(1, function()
    local result, err = client:call("DescribeConnections", {}, { max_attempts = 1 })
    assert(not result and err.kind == "transport", err)
  end)
end

function modes.together(url, name, n, width)
  local client = client_of(url)
  local function run(count)
    local list = {}
    for i = 1, count do
      list[i] = calls[name][3] or {}
    end
    for _, item in ipairs(client:map(calls[name][2], list, { concurrency = width })) do
      assert(item.result, item.error)
    end
  end
  run(width)
  measure(n, run)
end

function modes.prepare(name, n)
  local client = client_of("https://directconnect.us-east-1.amazonaws.com")
  local service_name, params = calls[name][2], calls[name][3]
  measure(n, function()
    for _ = 1, n do
      assert(client:prepare(service_name, params))
    end
  end)
end

function modes.once(url, name, ca)
  local client = client_of(url, ca)
  local result = client[calls[name][1]](client, calls[name][3])
  os.exit(result and 0 or 2)
end

-- Decodes the text in a file, by shape.
function modes.decode(path, name, n)
  local text = read(path)
  local id = names.find(calls[name][2]).id
  measure(n, function()
    for _ = 1, n do
      assert(core.decode(id, text))
    end
  end)
end

-- Decodes the text in a file as others do.
function modes.cjson(path, n)
  local cjson = require "cjson"
  local text = read(path)
  measure(n, function()
    for _ = 1, n do
      assert(cjson.decode(text))
    end
  end)
end

local mode = modes[arg[1]] or error("no such measurement: " .. tostring(arg[1]))
local arguments = {}
for i = 2, #arg do
  arguments[i - 1] = tonumber(arg[i]) or arg[i]
end
mode((table.unpack or unpack)(arguments)) -- luacheck: ignore
