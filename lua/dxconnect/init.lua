--- The module `dxconnect`: the AWS Direct Connect API.
-- Every operation is a function here, made on a default client that comes into being at first use, and a method of the
-- clients that `dxconnect.client` makes. The other parts load when they are first touched. Requiring this reads no
-- environment, no file and no network.

local check = require "dxconnect.check"
local client = require "dxconnect.client"
local core = require "dxconnect.core"
local errors = require "dxconnect.errors"
local operations = require "dxconnect.operations"

-- What a client can do that is built from calls: name = module. Each is a method of clients, and a function here.
client.add {
  all = "dxconnect.workflows.pages",
  batch = "dxconnect.workflows.batch",
  create_once = "dxconnect.workflows.create_once",
  failover_test = "dxconnect.workflows.failover_test",
  items = "dxconnect.workflows.pages",
  map = "dxconnect.workflows.batch",
  pages = "dxconnect.workflows.pages",
  rotate_mac_sec_key = "dxconnect.workflows.rotate_key",
  save_loa = "dxconnect.workflows.save_file",
  save_router_configuration = "dxconnect.workflows.save_file",
  wait_until = "dxconnect.workflows.wait",
}

-- Tables that know their type print their content; what prints them is loaded when one is first printed.
core.set_printer(function(value)
  return require("dxconnect.text.format").text(value)
end)

local dxconnect = {
  _VERSION = "dxconnect " .. require "dxconnect.version",
  client = client.new,
}

-- A function of the text modules, whose failures are words, with errors. The error of a call that failed is passed on.
local function text_function(module, name)
  local make = require("dxconnect.text." .. module)[name]
  return function(value, options)
    if value == nil and errors.is(options) then
      return nil, options
    end
    local text, message, path = make(value, options)
    if text == nil then
      return nil, errors.param(nil, path, message)
    end
    return text
  end
end

-- The module's functions whose module is loaded when they are first used.
local part_functions = {
  csv = function()
    return text_function("csv", "render")
  end,
  emulator = function()
    return require("dxconnect.emulator").new
  end,
  endpoint = function()
    return require("dxconnect.config").endpoint
  end,
  help = function()
    return require "dxconnect.help"
  end,
  json = function()
    return text_function("json", "encode")
  end,
  log = function()
    local new = require("dxconnect.text.log").new
    return function(file, options)
      local logger, message = new(file, options)
      if not logger then
        return nil, errors.config("log: " .. message)
      end
      return logger
    end
  end,
  parallel = function()
    return require("dxconnect.async").parallel
  end,
  progress = function()
    return require "dxconnect.text.progress"
  end,
  record = function()
    return require("dxconnect.transport.tape.record").record
  end,
  replay = function()
    return require("dxconnect.transport.tape.replay").replay
  end,
  sign = function()
    return require "dxconnect.sign"
  end,
  sleep = function()
    return require("dxconnect.async").sleep_as_served
  end,
  transport = function()
    return require("dxconnect.transport").real
  end,
  stub = function()
    return require("dxconnect.transport.stub").new
  end,
  table = function()
    return text_function("table", "render")
  end,
  watch = function()
    return require("dxconnect.inventory.watch").watch
  end,
}

-- The same for what is a table; `secret` and `inventory` can be called, too.
local part_tables = {
  config = function()
    return require "dxconnect.config"
  end,
  inventory = function()
    return require "dxconnect.inventory"
  end,
  loop = function()
    return require("dxconnect.async").loop
  end,
  macsec = function()
    return require "dxconnect.workflows.macsec"
  end,
  model = function()
    return require "dxconnect.help.model"
  end,
  routers = function()
    return require "dxconnect.resources.routers"
  end,
  secret = function()
    return require "dxconnect.secret"
  end,
  waiters = function()
    return require "dxconnect.workflows.waiters"
  end,
}

-- ---- functions on the default client

local default_client

-- The default client, made at the first call that finds none; or nil, error.
local function find_default_client()
  local err
  if not default_client then
    default_client, err = client.new()
  end
  return default_client, err
end

local function refuse_colon(self, name)
  if self == dxconnect then
    error(("call it with a dot: dxconnect.%s(...)"):format(name), 3)
  end
end

local function operation_function(op)
  local name = op.method
  return function(params, options)
    refuse_colon(params, name)
    check.arguments(name, params, options)
    local found, err = find_default_client()
    if not found then
      err.operation = op.name
      return nil, err
    end
    return found[name](found, params, options)
  end
end

local raises = { pages = true, items = true } -- iterators raise their errors

local function same(...)
  return ...
end

-- As the method, with the caller at the same level.
local function client_function(name)
  return function(...)
    refuse_colon((...), name)
    local found, err = find_default_client()
    if not found then
      if raises[name] then
        error(err, 0)
      end
      return nil, err
    end
    local f = client.find_function(name)
    return same(f(found, ...))
  end
end

local is_client_function = {}
for _, name in ipairs(client.list_names()) do
  is_client_function[name] = not operations.find(name) and name ~= "close"
end

-- ---- looking up names

local function find(name)
  local part = part_functions[name] or part_tables[name]
  if part then
    return part()
  end
  local op = operations.find(name)
  if op and op.method == name then
    return operation_function(op)
  elseif is_client_function[name] then
    return client_function(name)
  end
end

local function list_names()
  local names = { "client" }
  for _, op in ipairs(operations.operations) do
    names[#names + 1] = op.method
  end
  for _, known in ipairs { part_functions, part_tables, is_client_function } do
    for name, is_there in pairs(known) do
      names[#names + 1] = is_there and name or nil
    end
  end
  table.sort(names)
  return names
end

-- What `pairs` shows of a part that is not loaded yet: it loads the part when it is used.
local function unloaded_part(name)
  if part_functions[name] then
    return function(...)
      return dxconnect[name](...)
    end
  end
  return setmetatable({}, {
    __index = function(_, key)
      return dxconnect[name][key]
    end,
    __call = function(_, ...)
      return dxconnect[name](...)
    end,
  })
end

local mt = {}

function mt.__tostring()
  return dxconnect._VERSION .. ": dxconnect.help() lists what there is"
end

function mt.__index(self, name)
  local value = find(name)
  if value ~= nil then
    rawset(self, name, value)
    return value
  end
  local near = operations.nearest_name(name, list_names)
  if near then
    error(("dxconnect has no function %s; did you mean %s?"):format(errors.shown(name), near), 2)
  end
end

function mt.__pairs(self)
  local names, i = list_names(), 0
  return function()
    i = i + 1
    local name = names[i]
    if name == nil then
      return nil
    end
    local value = rawget(self, name)
    if value == nil then
      value = (part_functions[name] or part_tables[name]) and unloaded_part(name) or find(name)
    end
    return name, value
  end
end

return setmetatable(dxconnect, mt)
