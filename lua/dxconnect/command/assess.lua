--- `dxconnect assess`: what a careful engineer would point at.

local estate = require "dxconnect.command.estate"

local FOUND = 3

local function define(parser)
  estate.define(parser)
  parser:option("--target", "Resiliency that gateways and groups are to have."):argname "LEVEL"
    :choices { "maximum", "high", "basic" }
end

local function run(context)
  local inventory, err = estate.read(context)
  if not inventory then
    return nil, err
  end
  local findings
  findings, err = inventory:assess { target = context.args.target }
  if not findings then
    return nil, err
  end
  if context.args.output == "table" and not context.args.columns then
    context:say(tostring(findings))
  else
    local status
    status, err = context:print(findings)
    if not status then
      return nil, err
    end
  end
  return #findings > 0 and FOUND or 0
end

return { outputs = { "table", "json", "csv", "lua" }, define = define, run = run }
