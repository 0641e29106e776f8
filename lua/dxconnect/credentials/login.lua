--- Credentials that `aws login` left in its cache, renewed through the sign-in service.
-- A renewal proves that it holds the session's key: a DPoP proof (RFC 9449), signed with ES256.

local config = require "dxconnect.config"
local core = require "dxconnect.core"
local document = require "dxconnect.credentials.document"
local errors = require "dxconnect.errors"
local http = require "dxconnect.credentials.http"
local credentials_value = require "dxconnect.credentials.value"
local timestamp = require "dxconnect.text.timestamp"
local token_file = require "dxconnect.credentials.token_file"

local CACHE = "~/.aws/login/cache"
local RENEW_AHEAD = 5 * 60 -- seconds

local names = {
  access_key_id = "accessKeyId",
  secret_access_key = "secretAccessKey",
  session_token = "sessionToken",
  expiration = "expiresAt",
  account_id = "accountId",
}

local methods = {}
local mt = { __index = methods }

local function failure(self, words, cause)
  return errors.credentials(("%s: %s; run: aws login --profile %s"):format(self.name, words, self.profile_name), nil, {
    cause = cause,
  })
end

local function token_file_of(self)
  local system = self.context.system
  if not self.file then
    local directory = config.variable(system, "AWS_LOGIN_CACHE_DIRECTORY") or CACHE
    self.file = token_file.new(system, directory:gsub("/+$", "") .. "/" .. core.hex(core.sha256(self.session))
      .. ".json")
  end
  return self.file
end

-- ---- the proof

local function quoted(text)
  return document.write { text }:match("^%[(.*)%]$")
end

-- The proof for a POST to a URL: string; or nil where the key can't be used.
local function proof(self, key, url)
  local x, y = core.es256_jwk(key)
  if not x then
    return nil
  end
  local header = ('{"typ":"dpop+jwt","alg":"ES256","jwk":{"kty":"EC","x":%s,"y":%s,"crv":"P-256"}}'):format(quoted(x),
    quoted(y))
  local claims = ('{"htm":"POST","htu":%s,"iat":%d,"jti":%s}'):format(quoted(url),
    math.floor(self.context.system.clock()), quoted(core.uuid()))
  local signed = core.base64url(header) .. "." .. core.base64url(claims)
  local signature = core.es256(key, signed)
  return signature and signed .. "." .. core.base64url(signature)
end

-- ---- the token

local function read_keys(self, token)
  local access = token.accessToken
  if type(access) ~= "table" then
    return nil, failure(self, "the cached session has no accessToken")
  end
  local fields = document.fields(access, names)
  fields.expiration = timestamp.parse(fields.expiration)
  if not fields.expiration then
    return nil, failure(self, "the cached session has no readable expiresAt")
  end
  return credentials_value.new(fields, self.name, names)
end

local function load(self, limit)
  local file = token_file_of(self)
  local token, message = file:load(http.time_for(self.context, limit))
  if not token then
    return nil, failure(self, message and "the cached session can't be read: " .. message
      or "there is no cached session")
  end
  for _, name in ipairs { "refreshToken", "clientId", "dpopKey" } do
    if not document.text(token, name) then
      return nil, failure(self, ("the cached session has no %s"):format(name))
    end
  end
  return token
end

-- What a refusal's code means; nothing else of it is repeated.
local refusals = {
  TOKEN_EXPIRED = "the session has expired",
  USER_CREDENTIALS_CHANGED = "the user's password was changed",
  INSUFFICIENT_PERMISSIONS = "the user may not renew it: signin:CreateOAuth2Token is not allowed",
}

-- What the sign-in service answered becomes part of the token: true; or nil, error.
local function take_answer(self, token, response)
  local answer = document.read(response.body)
  if response.status == 400 or response.status == 401 or response.status == 403 then
    local why = answer and refusals[answer.error]
    return nil, failure(self, why or ("the sign-in service refused to renew the session (HTTP status %d)"):format(
      response.status))
  elseif response.status ~= 200 then
    return nil, failure(self, ("the sign-in service answered with HTTP status %d"):format(response.status))
  end
  local access = answer and answer.accessToken
  local seconds = answer and document.lifetime(answer, "expiresIn")
  if type(access) ~= "table" or not seconds then
    self.spent = token.refreshToken
    return nil, failure(self, "the answer of the sign-in service is unreadable")
  end
  local old = type(token.accessToken) == "table" and token.accessToken or {}
  token.accessToken = {
    accessKeyId = access.accessKeyId,
    secretAccessKey = access.secretAccessKey,
    sessionToken = access.sessionToken,
    accountId = old.accountId,
    expiresAt = timestamp.format(self.context.system.clock() + seconds),
  }
  token.refreshToken = document.text(answer, "refreshToken") or token.refreshToken
  return true
end

-- Renews the token and writes it back: credentials; or nil, error.
local function renew(self, token, limit)
  if token.refreshToken == self.spent then
    return nil, failure(self, "the answer to the session's renewal was unreadable")
  end
  local base, err = config.service_url(self.context.settings, "signin")
  if not base then
    return nil, err
  end
  local url = base:gsub("/+$", "") .. "/v1/token"
  local body = document.write {
    clientId = token.clientId,
    grantType = "refresh_token",
    refreshToken = token.refreshToken,
  }
  local response
  response, err = http.send(self.context, function()
    local dpop = proof(self, token.dpopKey, url)
    if not dpop then
      return nil, failure(self, "the key of the cached session can't be used")
    end
    return {
      method = "POST", url = url, body = body,
      headers = { ["content-type"] = "application/json", dpop = dpop },
    }
  end, { secrets = { token.refreshToken }, is_once = true, limit = limit })
  if not response then
    return nil, err.kind == "transport" and failure(self, err.message, err) or err
  end
  local ok
  ok, err = take_answer(self, token, response)
  if not ok then
    return nil, err
  end
  local found
  found, err = read_keys(self, token)
  if found then
    token_file_of(self):save(token)
  end
  return found, err
end

--- Reads the cached session, which another process may have renewed, and renews it where it is time or where the
-- service refused what it holds.
-- @tparam[opt] table refused the credentials that the service refused
function methods:get(refused, limit)
  local token, err = load(self, limit)
  if not token then
    return nil, err
  end
  local found = read_keys(self, token)
  local now = self.context.system.clock()
  if found and found.expiration - now > RENEW_AHEAD
    and not (refused and refused.access_key_id == found.access_key_id) then
    return found
  end
  local new, unrenewed = renew(self, token, limit)
  if new then
    return new
  elseif found and found.expiration > now and not refused then
    return found
  end
  return nil, unrenewed
end

function methods.close() end

--- The provider for a profile's login_session.
-- @tparam table context `{settings, system, …}` of the client
-- @tparam table profile
local function new(context, profile)
  return setmetatable({
    name = ("aws login of profile %s"):format(profile.name),
    profile_name = profile.name,
    context = context,
    session = profile:get("login_session"),
  }, mt)
end

return { new = new }
