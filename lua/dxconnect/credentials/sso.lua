--- Credentials of IAM Identity Center (single sign-on), with the token that `aws sso login` left in its cache.
-- The token of an sso-session is renewed ahead of its end and written back; the legacy form has no renewal.

local config = require "dxconnect.config"
local core = require "dxconnect.core"
local document = require "dxconnect.credentials.document"
local errors = require "dxconnect.errors"
local first_line = require("dxconnect.config.files").first_line
local http = require "dxconnect.credentials.http"
local credentials_value = require "dxconnect.credentials.value"
local options = require "dxconnect.config.options"
local timestamp = require "dxconnect.text.timestamp"
local token_file = require "dxconnect.credentials.token_file"

local CACHE = "~/.aws/sso/cache/"
local RENEW_AHEAD = 15 * 60 -- seconds
local PAUSE = 60 -- between attempts at a renewal that fails

local names = {
  access_key_id = "accessKeyId",
  secret_access_key = "secretAccessKey",
  session_token = "sessionToken",
  expiration = "expiration",
}

local escape = http.escape

local methods = {}
local mt = { __index = methods }

local function login_hint(self)
  return "run: aws sso login " .. (self.session_name and "--sso-session " .. self.session_name
    or "--profile " .. self.profile_name)
end

local function failure(self, words, cause)
  return errors.credentials(("%s: %s; %s"):format(self.name, words, login_hint(self)), nil, { cause = cause })
end

-- ---- the token

-- Asks for a new token; returns its document, or nil, reason.
local function renewed(self, token, now, limit)
  for _, name in ipairs { "refreshToken", "clientId", "clientSecret" } do
    if not document.text(token, name) then
      return nil, "the cache has no " .. name
    end
  end
  if token.refreshToken == self.spent then
    return nil, "the answer to its renewal was unreadable"
  end
  local registered_until = timestamp.parse(token.registrationExpiresAt)
  if not registered_until or registered_until <= now then
    return nil, "the client's registration has expired"
  end
  local base, err = config.service_url(self.context.settings, "oidc", self.region)
  if not base then
    return nil, err.message
  end
  local body = document.write {
    grantType = "refresh_token",
    clientId = token.clientId,
    clientSecret = token.clientSecret,
    refreshToken = token.refreshToken,
  }
  local response
  response, err = http.send(self.context, {
    method = "POST",
    url = base:gsub("/+$", "") .. "/token",
    headers = { ["content-type"] = "application/json" },
    body = body,
  }, { secrets = { token.clientSecret, token.refreshToken }, is_once = true, limit = limit })
  if not response then
    return nil, err.message
  elseif response.status ~= 200 then
    return nil, "HTTP status " .. response.status
  end
  local answer = document.read(response.body)
  local seconds = answer and document.lifetime(answer, "expiresIn")
  if not seconds or not document.text(answer, "accessToken") then
    self.spent = token.refreshToken
    return nil, "the answer is unreadable"
  end
  local new = {}
  for name, value in pairs(token) do
    new[name] = value
  end
  new.startUrl, new.region = self.start_url, self.region
  new.accessToken = answer.accessToken
  new.expiresAt = timestamp.format(now + seconds)
  new.refreshToken = document.text(answer, "refreshToken") or token.refreshToken
  return new
end

-- A token that is still good: string; or nil, error.
local function access_token(self, limit)
  local system = self.context.system
  self.file = self.file or token_file.new(system, CACHE .. core.hex(core.sha1(self.session_name or self.start_url))
    .. ".json")
  local token, message = self.file:load(http.time_for(self.context, limit))
  local access = token and document.text(token, "accessToken")
  local ends = token and timestamp.parse(token.expiresAt)
  if not access or not ends then
    return nil, failure(self, token and "the cached token is incomplete"
      or message and "the cached token can't be read: " .. message or "there is no cached token")
  end
  local now, why = system.clock(), nil
  if self.session_name and ends - now < RENEW_AHEAD and (now >= self.not_before or ends <= now) then
    local new
    new, why = renewed(self, token, now, limit)
    if new then
      self.file:save(new)
      return new.accessToken
    end
    self.not_before = now + PAUSE
  end
  if ends <= now then
    return nil, failure(self, "the cached token has expired" .. (why and " and was not renewed: " .. why or ""))
  end
  return access
end

-- ---- the credentials

local function read_answer(self, response)
  if response.status == 401 then
    return nil, failure(self, "the token is no longer accepted")
  elseif response.status ~= 200 then
    return nil, errors.credentials(("%s: HTTP status %d for the role %s in the account %s"):format(self.name,
      response.status, first_line(self.role_name), first_line(self.account_id)), nil, { status = response.status })
  end
  local answer = document.read(response.body)
  local found = answer and answer.roleCredentials
  if type(found) ~= "table" then
    return nil, errors.credentials(self.name .. ": the answer is not what single sign-on promises")
  end
  local fields = document.fields(found, names)
  fields.account_id = self.account_id
  fields.expiration = type(fields.expiration) == "number" and math.floor(fields.expiration / 1000) or nil
  if not fields.expiration then
    return nil, errors.credentials(self.name .. ": expiration is missing in the answer")
  end
  return credentials_value.new(fields, self.name, names)
end

--- Asks anew for the role's credentials.
function methods:get(_, limit)
  local token, err = access_token(self, limit)
  if not token then
    return nil, err
  end
  local base, message = config.service_url(self.context.settings, "sso", self.region)
  if not base then
    return nil, message
  end
  local response
  response, err = http.send(self.context, {
    method = "GET",
    url = ("%s/federation/credentials?role_name=%s&account_id=%s"):format(base:gsub("/+$", ""), escape(self.role_name),
      escape(self.account_id)),
    headers = { ["x-amz-sso_bearer_token"] = token },
  }, { secrets = { token }, limit = limit })
  if not response then
    if err.kind == "transport" then
      err = errors.credentials(("%s: %s"):format(self.name, err.message), nil, { cause = err })
    end
    return nil, err
  end
  return read_answer(self, response)
end

function methods.close() end

-- ---- the settings

-- A key that may stand in profile and sso-session, with the same value.
local function shared_key(profile, session, key)
  local of_profile, of_session = profile:get(key), session and session:get(key)
  if of_profile and of_session and of_profile ~= of_session then
    return nil, errors.credentials(("%s: %s differs from that of the sso-session %s"):format("profile " .. profile.name,
      key, session.name))
  end
  return of_session or of_profile
end

--- The provider for a profile.
-- @tparam table context `{settings, system, …}` of the client
-- @tparam table profile
-- @treturn[1] table provider
-- @treturn[2] nil
-- @treturn[2] table error
local function new(context, profile)
  local session_name = profile:get("sso_session")
  local session = session_name and context.settings.files:section("sso-session", session_name)
  local label = "profile " .. profile.name
  if session_name and not session then
    return nil, errors.credentials(("%s: sso_session names a section that is missing: [sso-session %s]%s"):format(label,
      first_line(session_name), context.settings.files:hints("sso-session", session_name)))
  end
  local found, missing = {}, {}
  for _, key in ipairs { "sso_account_id", "sso_role_name", "sso_start_url", "sso_region" } do
    local value, err = shared_key(profile, session, key)
    if err then
      return nil, err
    end
    found[key] = value
    if not value then
      missing[#missing + 1] = key
    end
  end
  if found.sso_region and not options.by_name.region.type.check(found.sso_region) then
    return nil, errors.credentials(("%s: sso_region must be %s"):format(label, options.by_name.region.type.allowed))
  elseif #missing > 0 then
    return nil, errors.credentials(("%s: single sign-on lacks %s"):format(label, table.concat(missing, ", ")))
  end
  return setmetatable({
    name = ("single sign-on of %s"):format(label),
    context = context,
    profile_name = profile.name,
    session_name = session_name,
    start_url = found.sso_start_url,
    region = found.sso_region,
    account_id = found.sso_account_id,
    role_name = found.sso_role_name,
    not_before = 0,
  }, mt)
end

return { new = new }
