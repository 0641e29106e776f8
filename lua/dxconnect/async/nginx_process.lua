--- Processes inside nginx, waited for without blocking the worker, by the module ngx.pipe.

-- The environment of a process: the worker's, and what was kept of the one that nginx was started with.
local function environment(kept)
  if next(kept) == nil then
    return nil
  end
  local ffi = require "ffi"
  pcall(ffi.cdef, "extern char **environ;")
  local list, has = {}, {}
  local entry = ffi.C.environ
  while entry ~= nil and entry[0] ~= nil do
    local text = ffi.string(entry[0])
    list[#list + 1] = text
    has[text:match("^[^=]*")] = true
    entry = entry + 1
  end
  for name, value in pairs(kept) do
    if not has[name] then
      list[#list + 1] = name .. "=" .. value
    end
  end
  return list
end

local function run(command, kept, seconds)
  local ok, pipe = pcall(require, "ngx.pipe")
  if not ok then
    return nil, "a process can't be run inside nginx without ngx.pipe (OpenResty has it)"
  end
  -- stderr goes nowhere: it must not fill a pipe that nobody reads
  local process, message = pipe.spawn({ "sh", "-c", "exec 2>/dev/null\n" .. command }, { environ = environment(kept) })
  if not process then
    return nil, "the process could not be started: " .. tostring(message)
  end
  local limit = math.max(1, math.min(2 ^ 31 - 1, math.ceil(seconds * 1000)))
  process:set_timeouts(limit, limit, limit, limit)
  process:shutdown("stdin")
  local output, problem = process:stdout_read_all()
  if not output then
    pcall(process.kill, process, 9)
    return nil, problem == "timeout" and ("the process did not end within %g seconds"):format(seconds)
      or "the output of the process could not be read: " .. tostring(problem)
  end
  local succeeded, reason, status = process:wait()
  if succeeded == nil then
    pcall(process.kill, process, 9)
    return nil, ("the process did not end within %g seconds"):format(seconds)
  elseif not succeeded then
    -- killed by a signal: what a shell makes of it
    return nil, ("the process ended with status %d"):format(reason == "signal" and 128 + status or tonumber(status))
  end
  return output
end

--- Runs a command by the shell.
-- @tparam string command
-- @tparam table kept variables that it gets besides those that the worker has
-- @tparam number seconds that it may take
-- @treturn[1] string output
-- @treturn[2] nil
-- @treturn[2] string message
return {
  run = function(command, kept, seconds)
    local ok, output, message = pcall(run, command, kept, seconds)
    if not ok then
      return nil, "the process could not be run: " .. tostring(output)
    end
    return output, message
  end,
}
