--- A world for specs with the emulator: a client on it, and one clock for both that only moves when it is told to.
-- Every answer is held against the model on its way.

local answers = require "spec.support.answers"
local dxconnect = require "dxconnect"
local world = require "spec.support.world"

local emulated = {}

--- A client on an emulator.
-- @tparam table emulator
-- @tparam table record of the world
-- @tparam[opt] table options of the client
function emulated.client(emulator, record, options)
  local settings = {
    region = "us-east-1",
    credentials = world.KEYS,
    transport = function(request)
      local response, message, kind = emulator.transport(request)
      if response and not record.is_faulty then
        answers.check(request, response)
      end
      return response, message, kind
    end,
    system = {
      getenv = function() end,
      read_file = function()
        return nil, "no files here"
      end,
      clock = record.clock,
      sleep = record.sleep,
    },
  }
  for name, value in pairs(options or {}) do
    settings[name] = value
  end
  return assert(dxconnect.client(settings))
end

--- A new emulator with a client.
-- @tparam[opt] table options of the emulator
-- @tparam[opt] table client_options
-- @return client, emulator, and `{now, sleeps, is_faulty}`: `now` can be set; with `is_faulty` answers are not checked
function emulated.world(options, client_options)
  local record = { now = 1700000000, sleeps = {} }
  function record.clock()
    return record.now
  end
  function record.sleep(seconds)
    record.sleeps[#record.sleeps + 1] = seconds
    record.now = record.now + seconds
  end
  local given = { clock = record.clock, sleep = record.sleep }
  for name, value in pairs(options or {}) do
    given[name] = value
  end
  local emulator = dxconnect.emulator(given)
  return emulated.client(emulator, record, client_options), emulator, record
end

--- An error's code and message, of a call that has to fail.
function emulated.failure(result, err)
  assert(result == nil, "the call succeeded")
  return err.code .. ": " .. err.message
end

--- The code of the first location that has ports with MACsec.
function emulated.mac_sec_location(client)
  for _, place in ipairs(assert(client:describe_locations()).locations) do
    if #place.availableMacSecPortSpeeds > 0 then
      return place.locationCode
    end
  end
end

--- A connection that is available.
function emulated.connection(client, record, params)
  local all = { location = "EqDC2", bandwidth = "10Gbps", connectionName = "one", requestMACSec = true }
  for name, value in pairs(params or {}) do
    all[name] = value
  end
  local connection = assert(client:create_connection(all))
  record.now = record.now + 3600
  return connection.connectionId
end

return emulated
