--- `dxconnect audit`: the MACsec keys of every port, and what is wrong with them.

local dxconnect = require "dxconnect"
local estate = require "dxconnect.command.estate"

local function run(context)
  local options, err = estate.options_of(context)
  if not options then
    return nil, err
  end
  local list = dxconnect.macsec.audit(options.clients)
  if context.args.output == "table" and not context.args.columns then
    context:say(tostring(list))
  else
    local status
    status, err = context:print(list)
    if not status then
      return nil, err
    end
  end
  for _, entry in ipairs(list) do
    if entry.error then
      return nil, entry.error
    end
  end
  return 0
end

local function define(parser)
  parser:option("--profiles", "Profiles to read with, separated by commas."):argname "A,B"
end

return { outputs = { "table", "json", "csv", "lua" }, define = define, run = run }
