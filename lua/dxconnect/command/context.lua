--- What a verb of the command is given: its arguments, clients made from the common options, and ways to print.

local core = require "dxconnect.core"
local errors = require "dxconnect.errors"

local methods = {}
local context_mt = { __index = methods }

-- ---- logs

-- A logger that appends an event as a line of JSON. The file is made for its owner alone.
local function json_logger(path)
  local file, message = require("dxconnect.system").open_log(path)
  if not file then
    return nil, errors.config(("--json-log: %s"):format(message))
  end
  return function(event)
    local line = require("dxconnect").json(event)
    if line then
      file:write(line, "\n")
      file:flush()
    end
  end
end

-- ---- asking

-- Asks on the terminal, where there is one. Only a typed yes is one.
local function confirm_on_terminal(context)
  return function(operation, label)
    local streams = context.env.streams
    if context.args.yes then
      return true
    elseif not (core.is_tty(streams.input) and core.is_tty(streams.error)) then
      return false
    end
    context.env.error_output(("%s %s. Type yes to send it: "):format(operation, label == "bills" and "costs money"
      or "interrupts traffic"))
    return streams.input:read("*l") == "yes"
  end
end

-- ---- clients

--- Makes a client from the common options.
-- @tparam[opt] table overrides further options
-- @treturn[1] table client
-- @treturn[2] nil
-- @treturn[2] table error
function methods:client(overrides)
  local args = self.args
  local logger, err
  if args.json_log then
    if not self.logger then
      self.logger, err = json_logger(args.json_log)
    end
    logger = self.logger
    if not logger then
      return nil, err
    end
  end
  local options = {
    region = args.region, profile = args.profile, endpoint_url = args.endpoint_url, logger = logger,
    confirm = confirm_on_terminal(self),
  }
  for name, value in pairs(overrides or {}) do
    options[name] = value
  end
  return require("dxconnect").client(options)
end

-- ---- printing

local function columns_of(text)
  if not text then
    return nil
  end
  local list = {}
  for name in text:gmatch("[^,%s]+") do
    list[#list + 1] = name
  end
  return list
end

local forms = {}

function forms.json(value, args)
  return require("dxconnect").json(value, { pretty = true, reveal = args.reveal })
end

function forms.csv(value, args)
  return require("dxconnect").csv(value, { columns = columns_of(args.columns), reveal = args.reveal })
end

function forms.table(value, args)
  if args.columns then
    return require("dxconnect").table(value, { columns = columns_of(args.columns), reveal = args.reveal })
  end
  local text = require("dxconnect").table(value, { reveal = args.reveal })
  return text or tostring(value)
end

function forms.lua(value, args)
  return require("dxconnect.text.format").text(value, { reveal = args.reveal })
end

--- Prints text, with a line end.
function methods:say(text)
  self.env.output(text:find("\n$") and text or text .. "\n")
end

--- Prints a value in the form that `--output` names.
-- @param value a result, a list, anything the library returns
-- @treturn[1] integer exit status 0
-- @treturn[2] nil
-- @treturn[2] table error
function methods:print(value)
  local text, problem = forms[self.args.output or "table"](value, self.args)
  if not text then
    return nil, errors.is(problem) and problem or errors.param("--output", "", tostring(problem))
  end
  self:say(text)
  return 0
end

--- Reads text from a file, or from standard input for "-".
-- @tparam string name a path or "-"
-- @treturn[1] string
-- @treturn[2] nil
-- @treturn[2] table error
function methods:read(name)
  local text, message
  if name == "-" then
    text = self.env.streams.input:read("*a")
    message = "standard input can't be read"
  else
    text, message = require("dxconnect.system").new().read_file(name)
  end
  if not text then
    return nil, errors.param("command", name, tostring(message))
  end
  return text
end

local function new(env, args)
  return setmetatable({ env = env, args = args }, context_mt)
end

return { new = new, columns_of = columns_of }
