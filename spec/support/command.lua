--- Runs the command `dxconnect` of this checkout, as a user would: a process of its own, in an empty environment.

local emulatord = require "spec.support.emulatord"
local shell = require "spec.support.shell"

local command = {}

--- What stands before a command line: an empty environment, but for the modules, and an emulator's URL and keys.
function command.prefix(served, variables)
  local keys = emulatord.keys
  local parts = {
    "env -i PATH=" .. shell.quote(os.getenv("PATH")), "HOME=/nonexistent", "AWS_EC2_METADATA_DISABLED=true",
    ("LUA_PATH='./lua/?.lua;./lua/?/init.lua;;' LUA_CPATH='./build/%s/?.so;;'"):format(shell.lua), -- as users build it
  }
  if served then
    parts[#parts + 1] = ("AWS_ENDPOINT_URL_DIRECT_CONNECT=%s AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=%s "
      .. "AWS_SECRET_ACCESS_KEY=%s"):format(served.url, keys.access_key_id, keys.secret_access_key)
  end
  for name, value in pairs(variables or {}) do
    parts[#parts + 1] = name .. "=" .. shell.quote(value)
  end
  return table.concat(parts, " ")
end

--- The command line that runs the command with these words.
function command.line(served, words, variables)
  return ("%s %s lua/dxconnect/command/launcher %s"):format(command.prefix(served, variables), shell.lua, words)
end

--- Runs it; returns standard output, standard error and the exit status.
-- @tparam ?table served an emulator that emulatord started
-- @tparam string words of the command line, quoted for the shell
-- @tparam[opt] string input standard input
-- @tparam[opt] table variables of the environment
function command.run(served, words, input, variables)
  local errors_path, input_path = os.tmpname(), os.tmpname()
  shell.write(input_path, input or "")
  local text = shell.output(("%s <%s 2>%s; echo $?"):format(command.line(served, words, variables), input_path,
    errors_path))
  local said = shell.read(errors_path)
  os.remove(errors_path)
  os.remove(input_path)
  local output, status = text:match("^(.-)(%d+)\n$")
  return output, said, tonumber(status)
end

return command
