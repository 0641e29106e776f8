--- Errors: the one place where they are made.
-- An error is a table whose `tostring` is one readable line; its fields are `kind`, `code`, `message` and,
-- where known, `operation`, `status`, `request_id`, `attempts`, `retryable`, `throttling`, `maybe_applied`,
-- `reason`, `hint`, `problems` and `cause`. They are returned as `nil, err`, never thrown (iterators excepted).

local types = require "dxconnect.text.types"

local SHOWN_MAX = 128 -- bytes of a name, region or state that a message repeats

local problem_type = types.new "problem"
local problems_type = types.list("problems", { columns = { "path", "message" } })

-- One line: control characters, line ends above all, become spaces.
local function one_line(text)
  return (tostring(text):gsub("%c+", " "))
end

--- A name, region or state as a message repeats it: one line, cut at 128 bytes, whole characters only.
-- @param value
-- @treturn string
local function shown(value)
  if type(value) ~= "string" then
    return type(value) == "number" and tostring(value) or "a " .. type(value)
  elseif #value <= SHOWN_MAX then
    return one_line(value)
  end
  return one_line((value:sub(1, SHOWN_MAX):gsub("[\192-\255]?[\128-\191]*$", ""))) .. "..."
end

local function text_of(err)
  local parts = {}
  if err.operation then
    parts[#parts + 1] = one_line(err.operation) .. ": "
  end
  parts[#parts + 1] = one_line(err.code)
  if err.message ~= nil and err.message ~= "" then
    parts[#parts + 1] = ": " .. one_line(err.message)
  end
  local notes = {}
  if err.status and err.kind ~= "transport" then
    notes[#notes + 1] = "HTTP status " .. tostring(err.status)
  end
  if err.request_id then
    notes[#notes + 1] = "request id " .. one_line(err.request_id)
  end
  if err.attempts and err.attempts > 1 then
    notes[#notes + 1] = tostring(err.attempts) .. " attempts"
  end
  if #notes > 0 then
    parts[#parts + 1] = " (" .. table.concat(notes, ", ") .. ")"
  end
  if err.hint then
    parts[#parts + 1] = "; " .. one_line(err.hint)
  end
  return table.concat(parts)
end

local error_mt = types.new("error", { text = text_of })

-- The error as text beside other text.
function error_mt.__concat(a, b)
  local other = getmetatable(a) == error_mt and b or a
  if type(other) ~= "string" and type(other) ~= "number" and getmetatable(other) ~= error_mt then
    error(("attempt to concatenate an error and a %s"):format(type(other)), 2)
  end
  return tostring(a) .. tostring(b)
end

--- Makes an error.
-- @tparam string kind "params", "config", "credentials", "transport", "service", "response" or "waiter"
-- @tparam string code always a non-empty string
-- @tparam string message what happened and, for bad input, what to change
-- @tparam[opt] table fields further fields, copied in
-- @treturn table the error
local function new(kind, code, message, fields)
  local err = {}
  if fields then
    for name, value in pairs(fields) do
      err[name] = value
    end
  end
  err.kind, err.code, err.message = kind, code, message
  return setmetatable(err, error_mt)
end

--- Whether a value is an error made here.
-- @param value
-- @treturn boolean
local function is(value)
  return type(value) == "table" and getmetatable(value) == error_mt
end

--- Another error that says the same.
-- @tparam table err
-- @treturn table error
local function copy(err)
  return new(err.kind, err.code, err.message, err)
end

--- The message in what a user's function returned or raised to say why it failed. Never raises.
-- @param value
-- @treturn string
local function message_of(value)
  if type(value) == "table" and type(rawget(value, "message")) == "string" then
    return rawget(value, "message")
  elseif type(value) == "string" or type(value) == "number" then
    return tostring(value)
  end
  local ok, text = pcall(tostring, value)
  return ok and type(text) == "string" and text or "a " .. type(value)
end

--- Whether what was raised is an interrupt of the interpreter (Ctrl-C).
-- @param raised
-- @treturn boolean
local function is_interrupt(raised)
  return type(raised) == "string" and raised:find("interrupted!", -12, true) ~= nil
end

local function unless_interrupted(ok, value, ...)
  if not ok and is_interrupt(value) then
    error(value, 0)
  end
  return ok, value, ...
end

--- Calls a function of the user's as pcall does. Only an interrupt of the interpreter (Ctrl-C) is raised again.
-- @tparam function f
-- @param ... its arguments
-- @return what pcall returns
local function protected(f, ...)
  return unless_interrupted(pcall(f, ...))
end

--- The error for parameters that may not be sent.
-- @tparam string operation the service's spelling
-- @tparam table problems list of `{path, message}`
local function params(operation, problems)
  local lines = {}
  for i, problem in ipairs(problems) do
    local path = problem.path
    setmetatable(problem, problem_type)
    lines[i] = (path == nil or path == "") and problem.message or path .. ": " .. problem.message
  end
  return new("params", "ParamValidationError", table.concat(lines, "; "), {
    operation = operation,
    problems = setmetatable(problems, problems_type),
  })
end

--- As `params`, for a single problem.
local function param(operation, path, message)
  return params(operation, { { path = path, message = message } })
end

--- The error for the name of an operation that does not exist.
-- @param name as it was given
-- @tparam ?string nearest name that exists
-- @treturn table error
local function unknown_operation(name, nearest)
  local message = "there is no operation " .. (name == "" and "without a name" or shown(name))
  if nearest then
    message = message .. "; did you mean " .. nearest .. "?"
  end
  return new("params", "UnknownOperationError", message)
end

--- The error for settings that contradict, are unknown or unusable.
-- @tparam string message
-- @tparam[opt] string code "ConfigError" unless given
-- @tparam[opt] table fields
-- @treturn table error
local function config(message, code, fields)
  return new("config", code or "ConfigError", message, fields)
end

--- The error for what is asked of a client after its end.
-- @tparam[opt] string operation
local function closed(operation)
  return config("the client is closed: make a new one", nil, { operation = operation })
end

--- The error for credentials that are missing or can't be had.
-- @tparam string message
-- @tparam[opt] string code "CredentialsError" unless given
-- @tparam[opt] table fields
-- @treturn table error
local function credentials(message, code, fields)
  return new("credentials", code or "CredentialsError", message, fields)
end

local transport_codes = {
  connect = "ConnectionError",
  reset = "ConnectionError",
  tls = "TLSError",
  timeout = "TimeoutError",
  cancelled = "CancelledError",
}

--- The error of a transport.
-- @tparam string message what broke
-- @tparam string kind "connect", "tls", "timeout", "reset" or "cancelled"; anything else counts as "reset"
-- @tparam[opt] table fields
local function transport(message, kind, fields)
  return new("transport", transport_codes[kind] or "ConnectionError", message, fields)
end

--- The error for a success that the protocol does not allow.
-- @tparam string message
-- @tparam[opt] table fields
-- @treturn table error
local function response(message, fields)
  return new("response", "ResponseError", message, fields)
end

--- The error of a wait.
-- @tparam string code
-- @tparam string message
-- @tparam[opt] table fields
-- @treturn table error
local function waiter(code, message, fields)
  return new("waiter", code, message, fields)
end

return {
  new = new,
  is = is,
  copy = copy,
  message_of = message_of,
  is_interrupt = is_interrupt,
  protected = protected,
  shown = shown,
  params = params,
  param = param,
  unknown_operation = unknown_operation,
  config = config,
  closed = closed,
  credentials = credentials,
  transport = transport,
  response = response,
  waiter = waiter,
}
