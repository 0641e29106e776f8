--- A ready logger: one line an event, with time, region and client.

local core = require "dxconnect.core"
local timestamp = require "dxconnect.text.timestamp"

local order = {
  "time", "region", "client", "operation", "attempt", "status", "code", "delay", "elapsed", "request_id", "source",
  "method", "url", "size", "headers", "body",
}

local levels = { events = true, wire = true }

local wire_loggers = setmetatable({}, { __mode = "k" })

local function text_of(value)
  if type(value) == "number" and value % 1 ~= 0 then
    return ("%.3f"):format(value)
  elseif type(value) == "table" then
    return next(value) == nil and "{}" or core.json_encode(value) or "?"
  end
  return (tostring(value):gsub("%c+", " "))
end

-- A time to the millisecond: 2026-01-31T23:59:59.123Z.
local function time_of(seconds)
  return (timestamp.format(seconds):gsub("Z$", (".%03dZ"):format(math.floor(seconds % 1 * 1000))))
end

-- Names clients that have no profile by the order in which they come.
local function new_namer()
  local names, count = setmetatable({}, { __mode = "k" }), 0
  return function(source)
    if source.profile then
      return source.profile
    elseif not names[source.key] then
      count = count + 1
      names[source.key] = "client-" .. count
    end
    return names[source.key]
  end
end

--- Makes a logger that writes to a file.
-- @tparam[opt] file file anything with a `write` method; standard error by default
-- @tparam[opt] table options `level = "wire"` adds each request and answer, secrets, signatures and tokens hidden
-- @treturn[1] function for the client option `logger`
-- @treturn[2] nil
-- @treturn[2] string what is wrong with the options
local function new(file, options)
  local level = type(options) == "table" and options.level or "events"
  if options ~= nil and type(options) ~= "table" then
    return nil, "options: expected a table, got a " .. type(options)
  elseif not levels[level] then
    return nil, 'level: expected "events" or "wire"'
  end
  file = file or io.stderr
  local name_of = new_namer()
  local function logger(event, source)
    local parts = { "dxconnect", text_of(event.type) }
    for _, name in ipairs(order) do
      local value = event[name]
      if value == nil and source then
        if name == "time" then
          value = time_of(source.time)
        elseif name == "region" then
          value = source.region
        elseif name == "client" then
          value = name_of(source)
        end
      end
      if value ~= nil then
        parts[#parts + 1] = name .. "=" .. text_of(value)
      end
    end
    if event.message ~= nil then
      parts[#parts + 1] = text_of(event.message)
    end
    file:write(table.concat(parts, " "), "\n")
  end
  wire_loggers[logger] = level == "wire" or nil
  return logger
end

--- Whether a logger is told of each request and answer.
-- @param logger
-- @treturn boolean
local function is_wire(logger)
  return logger ~= nil and wire_loggers[logger] == true
end

return { new = new, is_wire = is_wire }
