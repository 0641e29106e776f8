--- The module `dxconnect`: the AWS Direct Connect API.
-- Every operation is a function here, made on a default client that comes into being at first use, and a method of the
-- clients that `dxconnect.client` makes. The other parts load when they are first touched. Requiring this reads no
-- environment, no file and no network.

local check = require "dxconnect.check"
local client = require "dxconnect.client"
local core = require "dxconnect.core"
local names = require "dxconnect.operations"

local dxconnect = {
  _VERSION = "dxconnect " .. require "dxconnect.version",
  client = client.new,
}

-- Parts loaded when first used: name = function that returns the part.
local parts = {
  config = function()
    return require "dxconnect.config"
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
  log = function()
    return require "dxconnect.text.log"
  end,
  loop = function()
    return require("dxconnect.async.schedule").loop
  end,
  macsec = function()
    return require "dxconnect.workflows.macsec"
  end,
  model = core.model,
  parallel = function()
    return require("dxconnect.async.schedule").parallel
  end,
  progress = function()
    return require "dxconnect.text.progress"
  end,
  routers = function()
    return require "dxconnect.resources.routers"
  end,
  secret = function()
    return require "dxconnect.secret"
  end,
  sign = function()
    return require "dxconnect.sign"
  end,
  waiters = function()
    return require "dxconnect.workflows.waiters"
  end,
}

local default_client

-- An operation on the default client, which is made at the first call that finds none.
local function operation_function(op)
  local name = op.method
  return function(params, options)
    if params == dxconnect then
      error(("call it with a dot: dxconnect.%s(...)"):format(name), 2)
    end
    check.arguments(name, params, options)
    if not default_client then
      local made, err = client.new()
      if not made then
        err.operation = op.name
        return nil, err
      end
      default_client = made
    end
    return default_client[name](default_client, params, options)
  end
end

return setmetatable(dxconnect, {
  __index = function(self, name)
    local value
    if parts[name] then
      value = parts[name]()
    else
      local op = names.find(name)
      if op and op.method == name then
        value = operation_function(op)
      end
    end
    if value ~= nil then
      rawset(self, name, value)
    end
    return value
  end,
})
