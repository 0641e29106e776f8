--- Credentials of a client: which sources there are, in which order, and one cache around them.
-- A provider is a table with `get(refused)`, which returns credentials; or nil, error; or nil, nil, reason where its
-- source isn't configured. `refused` are credentials that the service no longer takes. Chain and cache are providers
-- too. `fixed` says that asking again can't bring others.

local cache = require "dxconnect.credentials.cache"

local sources = {
  function(context)
    return require("dxconnect.credentials.environment").new(context)
  end,
  function(context)
    return require("dxconnect.credentials.profile").new(context)
  end,
  function(context)
    return require("dxconnect.credentials.web_identity").from_environment(context)
  end,
  function(context)
    return require("dxconnect.credentials.container").new(context)
  end,
  function(context)
    return require("dxconnect.credentials.instance_metadata").new(context)
  end,
}

local function chain_of(settings, context)
  local providers = {}
  for i, make in ipairs(sources) do
    -- A profile that was asked for by option goes before keys in the environment.
    if not (i == 1 and settings.profile_is_option) then
      providers[#providers + 1] = make(context)
    end
  end
  return require("dxconnect.credentials.chain").new(context, providers)
end

--- Makes the provider of a client.
-- @tparam table settings
-- @tparam table context `{system, settings, transport, logger, user_agent}`
-- @treturn[1] table provider
-- @treturn[2] nil
-- @treturn[2] table error
local function provider(settings, context)
  local given = settings.values.credentials
  if given == nil then
    return cache.new(context, chain_of(settings, context))
  end
  local static, err = require("dxconnect.credentials.static").from_option(given)
  if not static then
    return nil, err
  end
  return cache.new(context, static)
end

return { provider = provider }
