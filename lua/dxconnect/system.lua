--- The outside world, as one table: environment, clocks, waiting, random numbers, files and processes.
-- The only module of the configuration and credentials that touches `os` and `io`; all others are handed what `new`
-- returns, so that a user can replace any part of it with the option `system`.

local check = require "dxconnect.check"
local core = require "dxconnect.core"
local errors = require "dxconnect.errors"

local RUN_SECONDS = 60 -- for a process, where nobody says
local LOOK = 0.02 -- seconds between two looks at a process

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

-- How code waits. It blocks until the scheduler (async) is loaded and replaces these by what lets its tasks run.
-- Without the scheduler there are no tasks.
local waits = {
  sleep = function(seconds)
    core.sleep(seconds > 0 and seconds or 0)
    return true
  end,
  perform = function(session, ex, connect_timeout, timeout)
    return session:perform(ex, connect_timeout, timeout)
  end,
  current = function() end, -- the running task
  can_wait = function() -- whether other tasks can run meanwhile
    return false
  end,
  take = function() -- a lock; false where nobody could want it meanwhile
    return false
  end,
  give = function() end,
  wakeup = function() end, -- the event loop that drives the tasks has something to do
}

-- Waits until a process ends. In a task it looks again and again, so that others go on meanwhile.
local function wait_for(process, seconds)
  local ends = core.monotonic() + seconds
  while true do
    local left = ends - core.monotonic()
    local yields = waits.can_wait()
    local output, status = process:wait(yields and 0 or left)
    if output or status or left <= 0 then
      return output, status
    elseif yields then
      waits.sleep(left < LOOK and left or LOOK)
    end
  end
end

function waits.run(command, _, seconds)
  local process, message = core.process(command)
  if not process then
    return nil, "the process could not be started: " .. message
  end
  local output, status = wait_for(process, seconds)
  process:close()
  if not output then
    return nil, status or ("the process did not end within %g seconds"):format(seconds)
  elseif status ~= 0 then
    return nil, ("the process ended with status %d"):format(status)
  end
  return output
end

local defaults = {
  getenv = getenv,
  clock = core.clock,
  monotonic = core.monotonic,
  sleep = function(seconds)
    return waits.sleep(seconds)
  end,
  random = random,
  home = core.home,
  read_file = core.read_file,
  run = function(command, seconds)
    return waits.run(command, captured, seconds or RUN_SECONDS)
  end,
  write_file = core.write_file,
}

-- ---- entries of the user's own

local function is_finite(value)
  return type(value) == "number" and value - value == 0
end

local function is_share(value)
  return is_finite(value) and value >= 0 and value < 1
end

local function is_string_or_nil(value)
  return value == nil or type(value) == "string"
end

local function is_anything()
  return true
end

-- What each entry may return.
local is_fine = {
  getenv = is_string_or_nil, home = is_string_or_nil,
  clock = is_finite, monotonic = is_finite, random = is_share,
  sleep = is_anything, write_file = is_anything,
  read_file = is_string_or_nil, run = is_string_or_nil,
}

-- These say why they fail; what a user's function raises is such a reason too.
local function told(name, call)
  return function(...)
    local ok, result, message = pcall(call, ...)
    if not ok then
      return nil, errors.message_of(result)
    elseif not is_fine[name](result) then
      return nil, ("system.%s returned a %s"):format(name, type(result))
    end
    return result, message
  end
end

local is_told = { read_file = true, write_file = true, run = true }

-- The others have no way to say that they fail, and a call must not break off half way: the machine's own stands in for
-- one that raises or returns something else, and the logger hears of it once.
local function guarded(name, call, logger)
  local has_told = false
  return function(...)
    local ok, result = pcall(call, ...)
    if ok and is_fine[name](result) then
      return result
    end
    if logger and not has_told then
      has_told = true
      pcall(logger, {
        type = "warning",
        message = ("system.%s %s: the machine's own is used instead"):format(name,
          ok and "returned a " .. type(result) .. " that is of no use" or "raised an error"),
      })
    end
    return defaults[name](...)
  end
end

-- Plain Lua 5.1 has no pcall that a sleep of the user's could yield through.
local pcall_yields = _VERSION ~= "Lua 5.1" or type(jit) == "table"

local function wrapped(name, call, logger)
  if is_told[name] then
    return told(name, call)
  elseif name == "sleep" and not pcall_yields then
    return call
  end
  return guarded(name, call, logger)
end

local names = {}
for name in pairs(defaults) do
  names[#names + 1] = name
end
table.sort(names)

--- Makes the outside world of a client.
-- @tparam[opt] table overrides entries to replace; it may hold more, such as the state of a world made for a test, but
-- no function whose name is nearly an entry's
-- @tparam[opt] function logger told of entries that raise or return something of no use
-- @treturn[1] table with every entry
-- @treturn[2] nil
-- @treturn[2] table error of kind "config"
local function new(overrides, logger)
  local system = {}
  for name, default in pairs(defaults) do
    system[name] = default
  end
  if overrides == nil then
    return system
  end
  for name, value in pairs(overrides) do
    local nearest = not defaults[name] and type(value) == "function" and check.nearest(name, names)
    if nearest then
      return nil, errors.config(("system: there is no entry %s; did you mean %s?"):format(name, nearest))
    elseif defaults[name] and type(value) ~= "function" then
      return nil, errors.config(("system.%s: expected a function, got a %s"):format(name, type(value)))
    elseif defaults[name] then
      system[name] = wrapped(name, value, logger)
    end
  end
  if overrides.clock and not overrides.monotonic then
    system.monotonic = system.clock
  end
  if overrides.sleep then
    -- a task whose calls wait by this sleep waits by it in dxconnect.sleep, too
    system.serve = function()
      local task = waits.current()
      if task then
        task.sleep = system.sleep
      end
    end
  end
  return system
end

--- Keeps variables of the environment for later, when this process or its children no longer see them; and PATH, for
-- the processes that are run.
-- @tparam table names list of variables
local function capture(wanted)
  for _, name in ipairs(wanted) do
    captured[name] = os.getenv(name) or captured[name]
  end
  captured.PATH = os.getenv("PATH") or captured.PATH
end

--- Opens a file to append to, for the command. One that isn't there is made for its owner alone (mode 0600).
-- @tparam string path
-- @treturn[1] file
-- @treturn[2] nil
-- @treturn[2] string message
local function open_log(path)
  if not core.is_file(path) then
    core.write_file(path, "") -- refuses a pipe or a device; why nothing can be made, `open` says too
  end
  return io.open(path, "a")
end

--- Runs a program with text on its standard input, for the command; what it prints goes to standard error.
-- @tparam string program for the shell
-- @tparam string text
-- @treturn[1] boolean true where it ended with status 0
-- @treturn[2] nil
-- @treturn[2] string message
local function run_with_input(program, text)
  local pipe, message = io.popen("{ " .. program .. "\n} >&2", "w")
  if not pipe then
    return nil, message
  end
  local written = pipe:write(text)
  local ok, how, status = pipe:close()
  if ok and written then
    return true
  end
  return nil, ("%s ended with %s %s"):format(program, how or "status", tostring(status or "unknown"))
end

return {
  new = new,
  capture = capture,
  open_log = open_log,
  run_with_input = run_with_input,
  inside_nginx = inside_nginx,
  waits = waits,
}
