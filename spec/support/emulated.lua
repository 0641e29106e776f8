--- A world for specs with the emulator: a client on it, and one clock for both that only moves when it is told to.

local dxconnect = require "dxconnect"

local emulated = {}

local KEYS = { access_key_id = "AKIDEXAMPLE", secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" }

--- A new emulator with a client.
-- @tparam[opt] table options of the emulator
-- @tparam[opt] table client_options
-- @return client, emulator, and `{now, sleeps}`, whose `now` can be set
function emulated.world(options, client_options)
  local record = { now = 1700000000, sleeps = {} }
  local function clock()
    return record.now
  end
  local function sleep(seconds)
    record.sleeps[#record.sleeps + 1] = seconds
    record.now = record.now + seconds
  end
  local given = { clock = clock, sleep = sleep }
  for name, value in pairs(options or {}) do
    given[name] = value
  end
  local emulator = dxconnect.emulator(given)
  local settings = {
    region = "us-east-1",
    credentials = KEYS,
    transport = emulator.transport,
    system = {
      getenv = function() end,
      read_file = function()
        return nil, "no files here"
      end,
      clock = clock,
      sleep = sleep,
    },
  }
  for name, value in pairs(client_options or {}) do
    settings[name] = value
  end
  return assert(dxconnect.client(settings)), emulator, record
end

return emulated
