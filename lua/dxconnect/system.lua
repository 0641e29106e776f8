--- The outside world, as one table: environment, clocks, waiting, random numbers, files and processes.
-- The only module of the configuration and credentials that touches `os` and `io`; all others are handed what `new`
-- returns, so that a user can replace any part of it with the option `system`.

local core = require "dxconnect.core"
local errors = require "dxconnect.errors"

local loaded = package.loaded

local captured = {} -- what capture() kept of the environment

local function getenv(name)
  local value = os.getenv(name)
  if value == nil then
    value = captured[name]
  end
  return value
end

-- Six bytes of the operating system's own at each draw: nothing to seed, and a forked process draws its own.
local function random()
  local a, b, c, d, e, f = core.random_bytes(6):byte(1, 6)
  return (((((f / 256 + e) / 256 + d) / 256 + c) / 256 + b) / 256 + a) / 256
end

--- Whether nginx runs this, with its own API.
-- @treturn boolean
local function inside_nginx()
  return type(ngx) == "table" and ngx.get_phase ~= nil
end

-- Light threads and tasks go on meanwhile; as long as nobody loaded the tasks, there are none.
local function sleep(seconds)
  local tasks = loaded["dxconnect.async.tasks"]
  if inside_nginx() and not (tasks and tasks.can_yield()) then
    local light_threads = require "dxconnect.async.light_threads"
    if light_threads.are_here() then
      return light_threads.sleep(seconds)
    end
  end
  if tasks then
    return tasks.sleep(seconds)
  end
  return core.sleep(seconds > 0 and seconds or 0)
end

local function read_file(path)
  local file, message = io.open(path, "rb")
  if not file then
    return nil, message
  end
  local content, problem = file:read("*a")
  file:close()
  if not content then
    return nil, path .. ": " .. tostring(problem or "can't be read")
  end
  return content
end

-- The command goes to a shell of its own, whatever is in it. LuaJIT's `close` hides the exit status of a process; so
-- the shell around it writes the status behind the output.
local function run(command)
  if inside_nginx() then
    return require("dxconnect.async.nginx_process").run(command, captured)
  end
  local quoted = "'" .. command:gsub("'", "'\\''") .. "'"
  local pipe, message = io.popen("sh -c " .. quoted .. "\nprintf '\\n%d' $?", "r")
  if not pipe then
    return nil, "the process could not be started: " .. tostring(message)
  end
  local output = pipe:read("*a")
  pipe:close()
  local content, status = (output or ""):match("^(.*)\n(%d+)$")
  if not content then
    return nil, "the shell did not run the command"
  elseif status ~= "0" then
    return nil, "the process ended with status " .. status
  end
  return content
end

local defaults = {
  getenv = getenv,
  clock = core.clock,
  monotonic = core.monotonic,
  sleep = sleep,
  random = random,
  read_file = read_file,
  run = run,
  write_file = core.write_file,
}

-- These say why they fail; what a user's own raises is such a reason too.
local telling = { read_file = true, write_file = true, run = true }

local function told(call)
  return function(...)
    local ok, result, message = pcall(call, ...)
    if not ok then
      return nil, errors.message_of(result)
    end
    return result, message
  end
end

local function nearest_entry(name)
  local names = {}
  for known in pairs(defaults) do
    names[#names + 1] = known
  end
  return type(name) == "string" and core.nearest(name, names)
end

--- Makes the outside world of a client.
-- @tparam[opt] table overrides entries to replace; it may hold more, such as the state of a world made for a test, but
-- no function whose name is nearly an entry's
-- @treturn[1] table with every entry
-- @treturn[2] nil
-- @treturn[2] table error of kind "config"
local function new(overrides)
  local system = {}
  for name, default in pairs(defaults) do
    system[name] = default
  end
  if overrides == nil then
    return system
  end
  for name, value in pairs(overrides) do
    local nearest = not defaults[name] and type(value) == "function" and nearest_entry(name)
    if nearest then
      return nil, errors.config(("system: there is no entry %s; did you mean %s?"):format(name, nearest))
    elseif defaults[name] and type(value) ~= "function" then
      return nil, errors.config(("system.%s: expected a function, got a %s"):format(name, type(value)))
    elseif defaults[name] then
      system[name] = telling[name] and told(value) or value
    end
  end
  if overrides.clock and not overrides.monotonic then
    system.monotonic = overrides.clock
  end
  return system
end

--- Keeps variables of the environment for later, when this process or its children no longer see them; and PATH, for
-- the processes that are run.
-- @tparam table names list of variables
local function capture(names)
  for _, name in ipairs(names) do
    captured[name] = os.getenv(name) or captured[name]
  end
  captured.PATH = os.getenv("PATH") or captured.PATH
end

return {
  new = new,
  capture = capture,
  inside_nginx = inside_nginx,
}
