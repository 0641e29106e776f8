--- A small world for specs: a client over a scripted transport, with a clock that only moves when it is told to.

local dxconnect = require "dxconnect"

local world = {}

--- Keys that are nobody's.
world.KEYS = { access_key_id = "AKIDEXAMPLE", secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" }

--- Answers for the script.
function world.ok(body, headers)
  return { status = 200, body = body or "{}", headers = headers }
end

function world.fault(status, code, message, headers)
  local body = code and ('{"__type":"%s","message":"%s"}'):format(code, message or "") or ""
  return { status = status, body = body, headers = headers }
end

--- A client whose transport plays a script: each entry is a response, or {nil, message, kind} as `lost`, or a function.
-- Past its end the last entry repeats.
-- @return client, and a record `{requests, sleeps, events, now}`
function world.client(script, options)
  local record = { requests = {}, sleeps = {}, events = {}, now = 1700000000 }
  local settings = {
    region = "us-east-1",
    credentials = world.KEYS,
    system = {
      getenv = function() end,
      read_file = function()
        return nil, "no files here"
      end,
      clock = function()
        return record.now
      end,
      sleep = function(seconds)
        record.sleeps[#record.sleeps + 1] = seconds
        record.now = record.now + seconds
      end,
      random = function()
        return 0.5
      end,
    },
    logger = function(event)
      record.events[#record.events + 1] = event
    end,
    transport = function(request)
      record.requests[#record.requests + 1] = request
      local entry = script[math.min(#record.requests, #script)]
      if type(entry) == "function" then
        return entry(request, record)
      elseif entry.lost then
        return nil, entry.message or "lost", entry.lost
      end
      return entry
    end,
  }
  for name, value in pairs(options or {}) do
    settings[name] = value
  end
  return assert(dxconnect.client(settings)), record
end

return world
