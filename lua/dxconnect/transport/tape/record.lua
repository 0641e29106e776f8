--- `dxconnect.record`: a transport that hands every request to another one, and keeps what was said in a file.

local check = require "dxconnect.check"
local core = require "dxconnect.core"
local errors = require "dxconnect.errors"
local timestamp = require "dxconnect.text.timestamp"
local requests = require "dxconnect.transport.tape.request"
local scrub = require "dxconnect.transport.tape.scrub"
local systems = require "dxconnect.system"

local FORMAT, VERSION = "dxconnect-tape", 1

local methods = {}
local mt = { __index = methods, __name = "dxconnect.record" }

-- The time of the client that sends, which its signatures tell: it may have a clock of its own.
local function follow_clock(self, request)
  local text = (request.headers or {})["x-amz-date"]
  local y, mo, d, h, mi, s = tostring(text):match("^(%d%d%d%d)(%d%d)(%d%d)T(%d%d)(%d%d)(%d%d)Z$")
  if y then
    local signed = timestamp.seconds(tonumber(y), tonumber(mo), tonumber(d), tonumber(h), tonumber(mi), tonumber(s))
    self.ahead = math.abs(signed - self.now()) >= 2 and signed - self.now() or 0
  end
end

-- The exchange as it goes into the file.
local function exchange_of(self, asked, response, message, kind, sent)
  local entry = {
    operation = asked.operation, host = asked.host, params = asked.params, time = self.now() + self.ahead,
  }
  local scrubber = self.scrubber
  if type(response) ~= "table" then
    if response ~= nil then
      message, kind = "the transport returned a " .. type(response), nil
    end
    entry.failure = {
      message = scrubber:text(errors.message_of(message or "no reason")),
      kind = type(kind) == "string" and kind or "reset",
      sent = sent,
    }
    return entry
  end
  entry.answer = scrubber:body(type(response.body) == "string" and response.body or "", asked.of_credentials,
    asked.is_token)
  entry.answer.status = response.status
  entry.answer.headers = scrubber:headers(response.headers)
  return entry
end

-- Writes an exchange. A file that can't be written ends the recording, which `done` tells.
local function write(self, entry)
  local line, message = core.json_encode(entry, false, true)
  local ok = line
  if line and self.file then
    ok, message = self.file:write(line, "\n")
    if ok then
      ok, message = self.file:flush()
    end
  end
  if not ok and not self.err then
    self.err = errors.config(("the tape %s can't be written: %s"):format(errors.shown(self.path), tostring(message)))
  end
end

function mt.__call(self, request)
  local asked = requests.describe(request, self.scrubber)
  follow_clock(self, request)
  local ok, response, message, kind, sent = errors.protected(self.inner, request)
  if not ok then
    response, message, kind = nil, "the transport raised: " .. errors.message_of(response), "reset"
  end
  local is_read, entry = errors.protected(exchange_of, self, asked, response, message, kind, sent)
  if is_read then
    write(self, entry)
  elseif not self.err then
    self.err = errors.config("an answer could not be recorded: " .. errors.message_of(entry))
  end
  return response, message, kind, sent
end

function mt.__tostring(self)
  return ("a recording to %s"):format(errors.shown(self.path))
end

--- Ends the recording; calls still go through.
-- @treturn[1] true everything was written
-- @treturn[2] nil
-- @treturn[2] table error
function methods:done()
  if self.file then
    self.file:close()
    self.file = nil
  end
  if self.err then
    return nil, self.err
  end
  return true
end

methods.close = methods.done

-- The transport to hand requests to.
local function inner_of(transport, options)
  if type(transport) == "function" or (type(getmetatable(transport)) == "table" and getmetatable(transport).__call) then
    return transport
  elseif transport ~= nil and transport ~= "curl" and transport ~= "resty" then
    return nil, errors.config('record: the transport: expected "curl", "resty", a function or a callable table, got a '
      .. type(transport))
  end
  return require("dxconnect.transport").real(transport or (systems.inside_nginx() and "resty" or "curl"), options)
end

-- What is there already may be overwritten: nothing, an empty file, another tape. Not a file that can't be read.
local function is_free(system, path)
  local content = system.read_file(path)
  if not content then
    return not core.is_file(path)
  end
  return content == "" or content:find('"' .. FORMAT .. '"', 1, true) ~= nil
end

--- Makes a transport that records.
-- @param transport to record: "curl", "resty", a function or a callable table; nil for the real one that fits
-- @tparam string path of the file; another tape there is overwritten, any other file is not
-- @tparam[opt] table options of a client, for a real transport
-- @treturn[1] table transport, with `done()`, which closes the file
-- @treturn[2] nil
-- @treturn[2] table error of kind "config"
local function record(transport, path, options)
  if type(path) ~= "string" then
    error("dxconnect.record: the path must be a string, got a " .. type(path), 2)
  end
  check.is_table_or_nil("dxconnect.record: options", options)
  local inner, err = inner_of(transport, options)
  if not inner then
    return nil, err
  end
  local is_table = type(inner) == "table"
  local self = {
    inner = inner, path = path, ahead = 0, scrubber = scrub.new(true), now = is_table and inner.clock or core.clock,
    clock = is_table and inner.clock or nil, sleep = is_table and inner.sleep or nil, -- they stand in for the system's
  }
  local system = systems.new()
  if not is_free(system, path) then
    return nil, errors.config(("record: %s is there, and no tape: give another path"):format(errors.shown(path)))
  end
  local head = core.json_encode({ format = FORMAT, version = VERSION }, false, true)
  local ok, message = system.write_file(path, head .. "\n")
  if ok then
    self.file, message = systems.open_log(path)
  end
  if not self.file then
    return nil, errors.config(("record: %s can't be written: %s"):format(errors.shown(path), tostring(message)))
  end
  return setmetatable(self, mt)
end

return { record = record, FORMAT = FORMAT, VERSION = VERSION }
