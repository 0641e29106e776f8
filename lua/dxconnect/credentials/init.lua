--- Credentials of a client: which sources there are, in which order, and one cache around them.
-- A provider is a table with `get(refused, limit)`, which returns credentials; or nil, error; or nil, nil, reason where
-- its source isn't configured. `refused` are credentials that the service no longer takes; `limit` is `{deadline,
-- passed}` of the renewal: no work outlasts `deadline` (on the monotonic clock), and who breaks off for it sets
-- `passed`. Chain and cache are providers too. `fixed` says that asking again can't bring others.

local cache = require "dxconnect.credentials.cache"

-- The modules of the chain's sources, and what makes a provider in each.
local sources = {
  { "environment", "new" },
  { "profile", "new" },
  { "web_identity", "from_environment" },
  { "container", "new" },
  { "instance_metadata", "new" },
}

local function chain_of(settings, context)
  local makers = {}
  -- A profile that was asked for by option goes before keys in the environment.
  for i = settings.profile_is_option and 2 or 1, #sources do
    local name, constructor = sources[i][1], sources[i][2]
    makers[#makers + 1] = function()
      return require("dxconnect.credentials." .. name)[constructor](context)
    end
  end
  return require("dxconnect.credentials.chain").new(context, makers)
end

-- The role of the options, assumed with what the provider gives.
local function with_role(settings, context, provider)
  local values = settings.values
  if not values.role_arn then
    return provider
  end
  return require("dxconnect.credentials.assume_role").new(context, {
    label = "the option role_arn",
    role_arn = values.role_arn,
    external_id = values.external_id,
    session_name = values.role_session_name,
    duration_seconds = values.duration_seconds,
  }, { cache.new(context, provider) })
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
    return cache.new(context, with_role(settings, context, chain_of(settings, context)))
  end
  local static, err = require("dxconnect.credentials.static").from_option(given)
  if not static then
    return nil, err
  end
  return cache.new(context, with_role(settings, context, static))
end

return { provider = provider }
