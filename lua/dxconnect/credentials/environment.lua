--- Keys in environment variables.

local config = require "dxconnect.config"
local errors = require "dxconnect.errors"
local credentials_value = require "dxconnect.credentials.value"
local timestamp = require "dxconnect.text.timestamp"

local SOURCE = "environment variables"

local names = {
  access_key_id = "AWS_ACCESS_KEY_ID",
  secret_access_key = "AWS_SECRET_ACCESS_KEY",
  session_token = "AWS_SESSION_TOKEN",
  expiration = "AWS_CREDENTIAL_EXPIRATION",
  account_id = "AWS_ACCOUNT_ID",
}

local methods = {}
local mt = { __index = methods }

--- The keys of the environment.
-- @treturn[1] table credentials
-- @treturn[2] nil
-- @treturn[2] ?table error
-- @treturn[2] ?string why there are none
function methods:get()
  local system = self.system
  local fields = {}
  for field, name in pairs(names) do
    fields[field] = config.variable(system, name)
  end
  fields.session_token = fields.session_token or config.variable(system, "AWS_SECURITY_TOKEN")
  if not fields.access_key_id and not fields.secret_access_key then
    return nil, nil, "AWS_ACCESS_KEY_ID is not set"
  elseif not fields.access_key_id or not fields.secret_access_key then
    local set = fields.access_key_id and "access_key_id" or "secret_access_key"
    local missing = fields.access_key_id and "secret_access_key" or "access_key_id"
    return nil, errors.credentials(("%s is set but %s is not"):format(names[set], names[missing]))
  end
  if fields.expiration then
    fields.expiration = timestamp.parse(fields.expiration)
    if not fields.expiration then
      return nil, errors.credentials("AWS_CREDENTIAL_EXPIRATION is not a time in ISO 8601")
    end
  end
  return credentials_value.new(fields, SOURCE, names)
end

function methods.close() end

--- The provider of keys in the environment.
-- @tparam table context `{settings, system, …}` of the client
-- @treturn table provider
local function new(context)
  return setmetatable({ name = SOURCE, system = context.system, fixed = true }, mt)
end

return { new = new }
