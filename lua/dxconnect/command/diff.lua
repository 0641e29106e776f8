--- `dxconnect diff OLD NEW`: what changed between two files of `inventory --output json`.

local estate = require "dxconnect.command.estate"

local FOUND = 3

local function define(parser)
  parser:argument("old", "The older file.")
  parser:argument("new", "The newer file.")
end

local function run(context)
  local old, new, err
  old, err = estate.load(context, context.args.old)
  if not old then
    return nil, err
  end
  new, err = estate.load(context, context.args.new)
  if not new then
    return nil, err
  end
  local changes = new:diff(old)
  if context.args.output == "table" and not context.args.columns then
    context:say(tostring(changes))
  else
    local status
    status, err = context:print(changes)
    if not status then
      return nil, err
    end
  end
  return #changes > 0 and FOUND or 0
end

return { is_local = true, outputs = { "table", "json", "csv", "lua" }, define = define, run = run }
