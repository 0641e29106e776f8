--- Serves an emulator in a process of its own: as a program, with what a spec orders of it; as a module, its starter.
--   local served = emulatord.start('emulator:fault { lost = true }'); served.url; served:stop()

local KEYS = require("spec.support.world").KEYS
local shell = require "spec.support.shell"

if arg and arg[0] and arg[0]:find("emulatord%.lua$") then
  local dxconnect = require "dxconnect"
  local ahead = 0 -- seconds
  local emulator = dxconnect.emulator {
    clock = function()
      return require("dxconnect.core").clock() + ahead
    end,
    credentials = KEYS,
    quotas = false, -- specs of waits and batches make more than an account has
  }
  local orders = "local emulator, pass = ...; " .. (arg[1] or "")
  local options = assert((loadstring or load)(orders))(emulator, function(seconds) -- luacheck: globals loadstring
    ahead = ahead + seconds
  end) or {}
  function options.on_ready(url)
    print(url)
    io.stdout:flush()
  end
  assert(emulator:serve(options))
  os.exit(0)
end

local methods = {}
local mt = { __index = methods }

-- Runs it until nobody holds the other end of standard input any more, as when a spec failed before it stopped it.
local LEASH = [[exec env -u LD_PRELOAD LUA_PATH='./lua/?.lua;./lua/?/init.lua;;' LUA_CPATH='./build/%s/?.so;;' sh -c '
  fifo=$1
  shift
  sh -c "echo \$\$; exec \"\$0\" \"\$@\"" "$@" >"$fifo" </dev/null &
  read -r _
  kill $! 2>/dev/null
  wait' leash %s %s %s]]

local emulatord = { keys = KEYS }

--- Starts one, with the plain build: a program needs no sanitizers to answer.
-- @tparam[opt] string orders Lua code about `emulator`, and `pass(seconds)`, which lets time pass; it may return
-- options for `serve`
-- @tparam[opt] string program with its arguments; by default this one
-- @treturn table `{url, port}` with `stop`
function emulatord.start(orders, program)
  local command = program or "spec/support/emulatord.lua " .. shell.quote(orders or "")
  local fifo = os.tmpname()
  os.execute(("rm -f %s; mkfifo %s"):format(fifo, fifo))
  local pipe = assert(io.popen(LEASH:format(shell.lua, fifo, shell.lua, command), "w"))
  local output = assert(io.open(fifo))
  os.remove(fifo)
  local pid, url = output:read("*l"), output:read("*l")
  assert(url and url:find("^http://127%.0%.0%.1:%d+$"), url)
  return setmetatable({ pipe = pipe, output = output, pid = pid, url = url, port = tonumber(url:match("%d+$")) }, mt)
end

--- Ends it.
-- @tparam[opt] string signal
-- @treturn string what it printed since it started
function methods:stop(signal)
  if not self.pipe then
    return ""
  end
  os.execute(("kill -%s %s 2>/dev/null"):format(signal or "TERM", self.pid))
  local text = self.output:read("*a")
  self.output:close()
  self.pipe:close()
  self.pipe = nil
  return text
end

return emulatord
