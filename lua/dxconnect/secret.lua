--- Secrets in memory of their own: locked, wiped when collected or closed, printed as `<secret>`.
-- Any string member of a call's parameters may be one. `secret:reveal()` is the one way to its value, `secret:close()`
-- wipes it now.

local core = require "dxconnect.core"
local errors = require "dxconnect.errors"

-- A logger that raises is ignored.
local function tell(options, message)
  local logger = type(options) == "table" and options.logger
  if logger then
    pcall(logger, { type = "warning", message = message })
  end
end

--- Keeps a value as a secret. The string it comes from is Lua's, and stays until Lua reuses its memory: a secret from a
-- file, the environment or the random source never was one.
-- @tparam string value
-- @treturn[1] userdata secret
-- @treturn[2] nil
-- @treturn[2] table error of kind "params"
local function new(value)
  if type(value) ~= "string" then
    if type(value) == "userdata" and getmetatable(value) == "dxconnect.secret" then
      return value
    end
    return nil, errors.params(nil, { { path = "", message = "a secret: expected a string, got a " .. type(value) } })
  end
  local secret, message = core.secret(value)
  if not secret then
    return nil, errors.config("the secret can't be kept: " .. message)
  end
  return secret
end

--- Reads a secret from a file, without the line end at its end.
-- @tparam string path
-- @tparam[opt] table options `{logger = function(event)}`: told when others can read the file
-- @treturn[1] userdata secret
-- @treturn[2] nil
-- @treturn[2] table error of kind "config"
local function from_file(path, options)
  if type(path) ~= "string" or path:find("%z") then
    return nil, errors.config("a secret from a file: expected its path, got a " .. type(path))
  end
  local secret, detail = core.secret_from_file(path)
  if not secret then
    return nil, errors.config(("the secret in %s can't be read: %s"):format(path, detail))
  elseif secret == core.secret("") then
    return nil, errors.config(("the secret in %s can't be read: the file is empty"):format(path))
  end
  if detail then
    tell(options, path .. " holds a secret, and others than its owner can read it")
  end
  return secret
end

--- Takes a secret from an environment variable.
-- @tparam string name
-- @treturn[1] userdata secret
-- @treturn[2] nil
-- @treturn[2] table error of kind "config"
local function from_env(name)
  if type(name) ~= "string" or name == "" or name:find("%z") then
    return nil, errors.config("a secret from the environment: expected a variable's name, got a " .. type(name))
  end
  local secret, message = core.secret_from_env(name)
  if not secret then
    return nil, errors.config(("the variable %s %s"):format(name, message or "is not set"))
  elseif secret == core.secret("") then
    return nil, errors.config(("the variable %s is empty"):format(name))
  end
  return secret
end

return setmetatable({
  new = new,
  from_file = from_file,
  from_env = from_env,
}, {
  __call = function(_, value)
    return new(value)
  end,
})
