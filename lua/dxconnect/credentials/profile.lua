--- The source that a profile of the shared files describes: keys, a role, single sign-on, a login, a program.

local cache = require "dxconnect.credentials.cache"
local errors = require "dxconnect.errors"
local first_line = require("dxconnect.config.files").first_line
local credentials_value = require "dxconnect.credentials.value"

local function failure(section, words)
  return errors.credentials(("profile %s: %s"):format(section.name, words))
end

local function has_keys(section)
  return section:get("aws_access_key_id") ~= nil or section:get("aws_secret_access_key") ~= nil
end

-- Web identity has a role_arn too, and takes precedence.
local function has_role(section)
  return section:get("role_arn") ~= nil and section:get("web_identity_token_file") == nil
end

local function is_single_sign_on(section)
  return section:get("sso_account_id") ~= nil or section:get("sso_role_name") ~= nil
end

-- ---- keys in the file

-- The session token. One from the other file belongs to other keys.
local function session_token(section)
  local of_keys = section:is_of_credentials_file("aws_access_key_id")
  for _, key in ipairs { "aws_session_token", "aws_security_token" } do
    if section:get(key) and section:is_of_credentials_file(key) == of_keys then
      return section:get(key)
    end
  end
  return nil
end

local function static(section)
  for _, key in ipairs { "aws_access_key_id", "aws_secret_access_key" } do
    if not section:get(key) then
      return nil, failure(section, key .. " is missing beside the other key")
    end
  end
  local found, err = credentials_value.new({
    access_key_id = section:get("aws_access_key_id"),
    secret_access_key = section:get("aws_secret_access_key"),
    session_token = session_token(section),
    account_id = section:get("aws_account_id"),
  }, section:origin("aws_access_key_id"))
  if not found then
    return nil, err
  end
  return {
    name = found.source,
    fixed = true,
    get = function()
      return found
    end,
    close = function() end,
  }
end

-- ---- the other sources of a profile, in their order

local function web_identity(context, section)
  if not section:get("role_arn") then
    return nil, failure(section, "web_identity_token_file needs role_arn beside it")
  end
  return require("dxconnect.credentials.web_identity").new(context, {
    label = ("web identity of profile %s"):format(section.name),
    token_file = section:get("web_identity_token_file"),
    role_arn = section:get("role_arn"),
    session_name = section:get("role_session_name"),
  })
end

local function other_source(context, section)
  if section:get("web_identity_token_file") then
    return web_identity(context, section)
  elseif is_single_sign_on(section) then
    return require("dxconnect.credentials.sso").new(context, section)
  elseif has_keys(section) and section:is_of_credentials_file("aws_access_key_id") then
    return static(section)
  elseif section:get("login_session") then
    return require("dxconnect.credentials.login").new(context, section)
  elseif section:get("credential_process") then
    return require("dxconnect.credentials.process").new(context, "credential_process of profile " .. section.name,
      section:get("credential_process"), section:get("aws_account_id"))
  elseif has_keys(section) then
    return static(section)
  end
  for _, key in ipairs { "source_profile", "credential_source" } do
    if section:get(key) then
      return nil, failure(section, key .. " needs role_arn beside it")
    end
  end
  for _, key in ipairs { "sso_session", "sso_start_url" } do
    if section:get(key) then
      return nil, failure(section, key .. " needs sso_account_id and sso_role_name beside it")
    end
  end
  return nil
end

-- ---- a role

local named_sources = {
  Environment = "environment",
  EcsContainer = "container",
  Ec2InstanceMetadata = "instance_metadata",
}

-- A source that was asked for by name must serve.
local function required(provider, section)
  return {
    name = provider.name,
    get = function(_, refused, limit)
      local found, err, why = provider:get(refused, limit)
      if not found and not err then
        err = failure(section, ("credential_source: %s gives no credentials (%s)"):format(provider.name, why))
      end
      return found, err
    end,
    close = function()
      provider:close()
    end,
  }
end

local function named_source(context, section)
  local name = section:get("credential_source")
  local module = named_sources[name]
  if not module then
    return nil, failure(section, ('credential_source is "%s"; expected Environment, EcsContainer or '
      .. "Ec2InstanceMetadata"):format(errors.shown(first_line(name))))
  end
  local provider, err = require("dxconnect.credentials." .. module).new(context)
  if not provider then
    return nil, err
  end
  return required(provider, section)
end

local role_of -- mutually recursive with source_of

local function loop(section, name, path)
  return failure(section, ("source_profile goes round in a loop: %s -> %s"):format(table.concat(path, " -> "), name))
end

local function source_of(context, section, path)
  local name = section:get("source_profile")
  local other = context.settings.files:section("profile", name)
  if not other then
    return nil, failure(section, ('source_profile names "%s", a profile that does not exist%s'):format(
      errors.shown(first_line(name)), context.settings.files:hints("profile", name)))
  end
  for _, seen in ipairs(path) do
    if seen == name and not (name == section.name and has_keys(section)) then
      return nil, loop(section, name, path)
    end
  end
  path[#path + 1] = name
  if has_role(other) and not has_keys(other) then
    return role_of(context, other, path)
  end
  local provider, err = other_source(context, other)
  if not provider then
    return nil, err or failure(section, ('source_profile names "%s", a profile without credentials'):format(name))
  end
  return provider
end

local function duration_of(section)
  local text = section:get("duration_seconds")
  if text and not text:find("^%d+$") then
    return nil, failure(section, "duration_seconds must be a whole number of seconds")
  end
  return text
end

function role_of(context, section, path)
  local by_profile, by_name = section:get("source_profile"), section:get("credential_source")
  if by_profile and by_name then
    return nil, failure(section, "source_profile and credential_source contradict each other: keep one")
  elseif not by_profile and not by_name then
    return nil, failure(section, "role_arn needs source_profile or credential_source beside it")
  end
  local duration, err = duration_of(section)
  if err then
    return nil, err
  end
  local source
  if by_name then
    source, err = named_source(context, section)
  else
    source, err = source_of(context, section, path)
  end
  if not source then
    return nil, err
  end
  local chain = {}
  for i, link in ipairs(source.chain or {}) do
    chain[i] = link
  end
  chain[#chain + 1] = cache.new(context, source)
  return require("dxconnect.credentials.assume_role").new(context, {
    label = "profile " .. section.name,
    role_arn = section:get("role_arn"),
    session_name = section:get("role_session_name"),
    external_id = section:get("external_id"),
    mfa_serial = section:get("mfa_serial"),
    duration_seconds = duration,
  }, chain)
end

-- ---- the provider

local methods = {}
local mt = { __index = methods }

local function why_not(settings)
  local files, values = settings.files, settings.values
  if settings.profile then
    return "it names no source of credentials" .. files:hints("profile")
  end
  return ("there is none in %s or %s%s"):format(values.config_file, values.shared_credentials_file,
    files:hints("profile", values.profile))
end

--- Asks the source that the profile describes.
-- @tparam[opt] table refused the credentials that the service refused
-- @tparam[opt] table limit `{deadline, passed}` of the renewal
function methods:get(refused, limit)
  if not self.source then
    local context = self.context
    local section = context.settings.profile
    if not section then
      return nil, nil, why_not(context.settings)
    end
    local source, err
    if has_role(section) then
      source, err = role_of(context, section, { section.name })
    else
      source, err = other_source(context, section)
    end
    if not source then
      return nil, err, why_not(context.settings)
    end
    self.source = source
    self.fixed = source.fixed
  end
  return self.source:get(refused, limit)
end

--- Closes the source, if there is one.
function methods:close()
  if self.source then
    self.source:close()
  end
end

--- Makes the provider of the client's profile.
-- @tparam table context `{settings, system, …}` of the client
-- @treturn table provider
local function new(context)
  return setmetatable({ name = "profile " .. context.settings.values.profile, context = context }, mt)
end

return { new = new }
