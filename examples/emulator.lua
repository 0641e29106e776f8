--- Serves the emulator over HTTP on loopback, for scripts that are tested as a whole.
-- lua examples/emulator.lua [--port N] [--speed N] [--region NAME]
-- Prints its URL as the first line: give it to your script as AWS_ENDPOINT_URL_DIRECT_CONNECT. Any access key will do.
-- With --speed 60 a minute of the service's takes a second of yours. Ends with Ctrl-C or SIGTERM.

local dxconnect = require "dxconnect"

local usage = "usage: emulator.lua [--port N] [--speed N] [--region NAME]"

local function fail(message)
  io.stderr:write(message, "\n")
  os.exit(2)
end

local settings = { port = "0", speed = "1" }
local i = 1
while arg[i] do
  local name = arg[i]:match("^%-%-(%l+)$")
  if name == "help" then
    print(usage)
    os.exit(0)
  elseif not (settings[name] or name == "region") or not arg[i + 1] then
    fail(usage)
  end
  settings[name] = arg[i + 1]
  i = i + 2
end

local port, speed = tonumber(settings.port), tonumber(settings.speed)
if not port or port % 1 ~= 0 or port < 0 or port > 65535 then
  fail("--port must be 0 (any free one) to 65535")
elseif not speed or speed <= 0 then
  fail("--speed must be a number above 0")
end

-- Time runs from now on, `speed` times as fast as the real one.
local real_clock = require("dxconnect.core").clock
local started = real_clock()
local emulator = dxconnect.emulator {
  region = settings.region,
  clock = function()
    return started + (real_clock() - started) * speed
  end,
}

-- Ctrl-C raises in the middle of the loop: that is the end, not an error.
local ok, result, message = pcall(emulator.serve, emulator, {
  port = port,
  on_ready = function(url)
    print(url)
    io.stdout:flush()
  end,
})
if not ok and not tostring(result):find("interrupted", 1, true) then
  fail(tostring(result))
elseif ok and not result then
  fail(message)
end
