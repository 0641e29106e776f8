--- `dxconnect watch`: prints a line for each change, until it is interrupted.

local dxconnect = require "dxconnect"
local estate = require "dxconnect.command.estate"
local errors = require "dxconnect.errors"

local function define(parser)
  estate.define(parser)
  parser:option("--interval", "Seconds between readings."):argname "S":default "30":convert(tonumber)
end

local function line_of(context, change)
  if context.args.output == "json" then
    return dxconnect.json(change)
  end
  return tostring(change)
end

local function run(context)
  local options, err = estate.options_of(context)
  if not options then
    return nil, err
  end
  if context.args.columns then
    return nil, errors.param("watch", "--columns", "a change is one line: it has no columns")
  end
  options.interval = context.args.interval
  options.on_change = function(change)
    context:say(line_of(context, change))
  end
  options.on_error = function(entry)
    context.env.error_output(("dxconnect: could not be read: %s, %s: %s\n"):format(entry.client, entry.region,
      tostring(entry.error)))
  end
  local watch
  watch, err = dxconnect.watch(options)
  if not watch then
    return nil, err
  end
  return 0
end

return { outputs = { "table", "json" }, define = define, run = run }
