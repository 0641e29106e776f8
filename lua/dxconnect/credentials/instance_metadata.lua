--- Credentials of an EC2 instance's role, from the instance metadata service, version 2; version 1 only where it is
-- explicitly allowed.

local config = require "dxconnect.config"
local document = require "dxconnect.credentials.document"
local errors = require "dxconnect.errors"
local http = require "dxconnect.credentials.http"
local credentials_value = require "dxconnect.credentials.value"
local timestamp = require "dxconnect.text.timestamp"
local trim = require "dxconnect.text.trim"

local SOURCE = "instance metadata"
local IPV4, IPV6 = "http://169.254.169.254", "http://[fd00:ec2::254]"
local ROLES = "/latest/meta-data/iam/security-credentials/"
local TOKEN_SECONDS = "21600"
local ATTEMPTS = 3 -- where it answers with a fault

local names = {
  access_key_id = "AccessKeyId",
  secret_access_key = "SecretAccessKey",
  session_token = "Token",
  expiration = "Expiration",
}

local methods = {}
local mt = { __index = methods }

-- The settings, read when they are first needed: table; or nil, error.
local function settings_of(context)
  local found = {}
  for _, name in ipairs { "ec2_metadata_disabled", "ec2_metadata_v1_disabled", "ec2_metadata_service_endpoint",
    "ec2_metadata_service_endpoint_mode", "metadata_service_timeout", "metadata_service_num_attempts" } do
    local value, origin = config.value_of(context.settings, name)
    if value == nil and errors.is(origin) then
      return nil, origin
    end
    found[name] = value
    if name == "ec2_metadata_disabled" and value then
      break
    end
  end
  return found
end

local function base_of(context, settings)
  local url = settings.ec2_metadata_service_endpoint
  if url then
    return (url:gsub("/+$", ""))
  end
  local _, origin = config.value_of(context.settings, "ec2_metadata_service_endpoint_mode")
  local old_switch = config.variable(context.system, "AWS_IMDS_USE_IPV6")
  if origin == "default" and old_switch and old_switch:lower() == "true" then
    return IPV6
  end
  return settings.ec2_metadata_service_endpoint_mode == "ipv6" and IPV6 or IPV4
end

local function ask(self, settings, limit, request)
  return http.send(self.context, request, {
    attempts = math.max(ATTEMPTS, settings.metadata_service_num_attempts),
    silent_attempts = settings.metadata_service_num_attempts,
    timeout = settings.metadata_service_timeout,
    connect_timeout = settings.metadata_service_timeout,
    is_direct = true,
    limit = limit,
    secrets = { request.headers["x-aws-ec2-metadata-token"] },
  })
end

-- Why the service gave nothing, in words.
local function silence(err)
  return err.kind == "transport" and "it does not answer: " .. err.message or err.message
end

-- The session token of version 2: string; "" where version 1 is to be used; or nil, reason.
local function session_token(self, settings, limit, base)
  local response, err = ask(self, settings, limit, {
    method = "PUT",
    url = base .. "/latest/api/token",
    headers = { ["x-aws-ec2-metadata-token-ttl-seconds"] = TOKEN_SECONDS },
  })
  if response and response.status == 200 then
    local token = trim(response.body)
    if token ~= "" and not token:find("%c") then
      return token
    end
    return nil, "its session token is unusable"
  end
  local is_refusal = response and (response.status == 403 or response.status == 404 or response.status == 405)
  local is_slow = not response and err.code == "TimeoutError"
  if (is_refusal or is_slow) and settings.ec2_metadata_v1_disabled == false then
    return ""
  elseif response then
    return nil, ("it refused a session token with HTTP status %d"):format(response.status)
  end
  return nil, silence(err)
end

local function get_text(self, settings, limit, url, token)
  local response, err = ask(self, settings, limit, {
    method = "GET",
    url = url,
    headers = { ["x-aws-ec2-metadata-token"] = token ~= "" and token or nil },
  })
  if not response then
    return nil, silence(err)
  elseif response.status ~= 200 then
    return nil, response.status == 404 and "the instance has no role"
      or ("it answered with HTTP status %d"):format(response.status)
  elseif response.body == "" then
    return nil, "its answer is empty"
  end
  return response.body
end

-- Expired credentials are used anyway, and fetched again in a while: the service may be late in renewing them.
local function prolonged(expiration, system)
  local now = system.clock()
  if expiration > now + 5 then
    return expiration
  end
  return math.floor(now + 600 + 300 * system.random())
end

local function read_role(self, text)
  local answer = document.read(text)
  if not answer then
    return nil, "its answer is not a JSON object"
  elseif answer.Code ~= nil and answer.Code ~= "Success" then
    return nil, "it has no credentials for the role"
  end
  local fields = document.fields(answer, names)
  local expiration = timestamp.parse(fields.expiration)
  if not expiration then
    return nil, "its answer has no readable Expiration"
  end
  fields.expiration = prolonged(expiration, self.context.system)
  local found, err = credentials_value.new(fields, SOURCE, names)
  if not found then
    return nil, err.message
  end
  return found
end

--- Asks anew, for the role's name too.
function methods:get(_, limit)
  local settings, err = settings_of(self.context)
  if not settings then
    return nil, err
  elseif settings.ec2_metadata_disabled then
    return nil, nil, "AWS_EC2_METADATA_DISABLED is true"
  end
  local base = base_of(self.context, settings)
  local token, why = session_token(self, settings, limit, base)
  local roles, text, found
  if token then
    roles, why = get_text(self, settings, limit, base .. ROLES, token)
  end
  local role = roles and trim(trim(roles):match("^[^\r\n]*"))
  if roles and not (role and role:find("^[%w+=,.@_-]+$")) then
    role, why = nil, "it named no role"
  end
  if role then
    text, why = get_text(self, settings, limit, base .. ROLES .. role, token)
  end
  if text then
    found, why = read_role(self, text)
  end
  if found then
    self.has_served = true
    return found
  elseif self.has_served then
    return nil, errors.credentials(SOURCE .. ": " .. why)
  end
  return nil, nil, why
end

function methods.close() end

--- Makes the provider.
-- @tparam table context `{settings, system, …}` of the client
-- @treturn table provider
local function new(context)
  return setmetatable({ name = SOURCE, context = context }, mt)
end

return { new = new }
