--- `dxconnect inventory`: everything of every region and profile, as tables, a file, or a picture.

local estate = require "dxconnect.command.estate"

local forms = {}

function forms.table(inventory)
  return tostring(inventory)
end

function forms.json(inventory)
  return inventory:json { pretty = true }
end

function forms.csv(inventory)
  return inventory:csv()
end

function forms.lua(inventory, context)
  return require("dxconnect.text.format").text(inventory.resources, { reveal = context.args.reveal })
end

function forms.dot(inventory)
  return inventory:dot()
end

function forms.svg(inventory)
  return inventory:svg()
end

local function run(context)
  local inventory, err = estate.read(context)
  if not inventory then
    return nil, err
  end
  local form = context.args.output
  if context.args.columns and (form == "table" or form == "csv") then
    local status
    status, err = context:print(inventory.resources)
    if not status then
      return nil, err
    end
  else
    context:say(forms[form](inventory, context))
  end
  return estate.report_errors(context, inventory)
end

return { outputs = { "table", "json", "csv", "lua", "dot", "svg" }, define = estate.define, run = run }
