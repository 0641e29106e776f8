--- The chain: the first source that is configured is used, now and later. If it fails, so does the chain: later sources
-- are not tried. If none is configured, the error lists them all with the reason for each.

local errors = require "dxconnect.errors"
local systems = require "dxconnect.system"

local methods = {}
local mt = { __index = methods }

local function none_found(reasons)
  local lines = {}
  for i, reason in ipairs(reasons) do
    lines[i] = ("%s (%s)"):format(reason.name, reason.why)
  end
  local message = "no credentials found; tried: " .. table.concat(lines, "; ")
  if systems.inside_nginx() then
    message = message .. ". Inside nginx, workers see an environment variable only with the directive env, or after "
      .. "dxconnect.config.capture() in init_by_lua"
  end
  return errors.credentials(message, "NoCredentialsError")
end

-- A source's provider, made when the chain first comes to it; or nil and an error.
local function provider_of(self, i)
  local provider, err = self.providers[i], nil
  if not provider then
    provider, err = self.makers[i]()
    self.providers[i] = provider
  end
  return provider, err
end

--- Asks the provider that serves, or finds it.
-- @tparam[opt] table refused the credentials that the service refused, for the provider not to return them again
-- @tparam[opt] table limit `{deadline, passed}` of the renewal
-- @treturn[1] table credentials
-- @treturn[2] nil
-- @treturn[2] table error
function methods:get(refused, limit)
  if self.serving then
    return self.serving:get(refused, limit)
  end
  local reasons = {}
  for i = 1, #self.makers do
    local provider, problem = provider_of(self, i)
    if not provider then
      return nil, problem
    end
    local found, err, why = provider:get(refused, limit)
    if found then
      self.serving = provider
      self.fixed = provider.fixed
      return found
    elseif err then
      return nil, err
    end
    reasons[#reasons + 1] = { name = provider.name, why = why or "not configured" }
  end
  return nil, none_found(reasons)
end

--- Closes the providers that were made.
function methods:close()
  for _, provider in ipairs(self.providers) do
    provider:close()
  end
end

--- Makes a chain.
-- @tparam table context
-- @tparam {function,...} makers of the sources' providers, in order; each is called when the chain first comes to it,
-- and returns a provider, or nil and an error
local function new(context, makers)
  return setmetatable({ name = "chain", context = context, makers = makers, providers = {} }, mt)
end

return { new = new }
