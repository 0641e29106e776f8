--- What the verbs over a whole estate share: which profiles and regions are read.

local dxconnect = require "dxconnect"
local errors = require "dxconnect.errors"

local function list_of(text)
  local list = {}
  for name in (text or ""):gmatch("[^,%s]+") do
    list[#list + 1] = name
  end
  return #list > 0 and list or nil
end

local function define(parser)
  parser:option("--regions", "Regions to read, separated by commas."):argname "A,B"
  parser:option("--profiles", "Profiles to read with, separated by commas."):argname "A,B"
  parser:flag("--routes", "Read the routes of every interface, too.")
  parser:flag("--locations", "Locations without a port, too.")
end

--- The options of dxconnect.inventory that the command line tells.
local function options_of(context)
  local args = context.args
  local clients = {}
  for i, profile in ipairs(list_of(args.profiles) or { args.profile or false }) do
    local client, err = context:client(profile and { profile = profile } or nil)
    if not client then
      return nil, err
    end
    clients[i] = client
  end
  return {
    clients = clients, regions = list_of(args.regions), routes = args.routes or nil, locations = args.locations or nil,
  }
end

local function read(context)
  local options, err = options_of(context)
  if not options then
    return nil, err
  end
  return dxconnect.inventory(options)
end

--- Reads a file of `inventory --output json`.
local function load(context, path)
  local text, err = context:read(path)
  if not text then
    return nil, err
  end
  local inventory
  inventory, err = dxconnect.inventory.load(text)
  if not inventory then
    return nil, errors.param("inventory.load", path, err.message)
  end
  return inventory
end

-- Tells on standard error what could not be read; the exit status is an error's then.
local function report_errors(context, inventory)
  for _, entry in ipairs(inventory.errors) do
    context.env.error_output(("dxconnect: could not be read: %s, %s: %s\n"):format(entry.client, entry.region,
      tostring(entry.error):gsub("%c+", " ")))
  end
  return inventory.complete and 0 or 1
end

return { define = define, options_of = options_of, read = read, load = load, report_errors = report_errors }
