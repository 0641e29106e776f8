--- `dxconnect metrics`: Prometheus text, for a textfile collector.

local estate = require "dxconnect.command.estate"

local function run(context)
  local inventory, err = estate.read(context)
  if not inventory then
    return nil, err
  end
  context:say(inventory:metrics())
  return 0
end

return { define = estate.define, run = run }
