--- A role taken with a web identity token out of a file: Kubernetes service accounts, OpenID Connect in CI.

local config = require "dxconnect.config"
local errors = require "dxconnect.errors"
local http = require "dxconnect.credentials.http"
local shared_files = require "dxconnect.config.files"
local sts = require "dxconnect.credentials.sts"
local trim = require "dxconnect.text.trim"

local first_line = shared_files.first_line

local methods = {}
local mt = { __index = methods }

-- The settings of the environment: table; or nil, error; or nil, nil, reason.
local function environment_role(system)
  local role = {
    label = "web identity of the environment",
    token_file = config.variable(system, "AWS_WEB_IDENTITY_TOKEN_FILE"),
    role_arn = config.variable(system, "AWS_ROLE_ARN"),
    session_name = config.variable(system, "AWS_ROLE_SESSION_NAME"),
  }
  if not role.token_file then
    return nil, nil, "AWS_WEB_IDENTITY_TOKEN_FILE is not set"
  elseif not role.role_arn then
    return nil, errors.credentials("AWS_WEB_IDENTITY_TOKEN_FILE is set but AWS_ROLE_ARN is not")
  end
  return role
end

--- Reads the token and takes the role anew.
function methods:get(_, limit)
  local system = self.context.system
  local role = self.role
  if not role then
    local err, why
    role, err, why = environment_role(system)
    if not role then
      return nil, err, why
    end
  end
  local path = shared_files.expand_home(system, role.token_file)
  local token, message = system.read_file(path, http.time_for(self.context, limit))
  if not token then
    return nil, errors.credentials(("%s: the token file %s can't be read: %s"):format(role.label, first_line(path),
      shared_files.reason(path, message)))
  end
  token = trim(token)
  if token == "" then
    return nil, errors.credentials(("%s: the token file %s is empty"):format(role.label, first_line(path)))
  end
  return sts.call(self.context, {
    action = "AssumeRoleWithWebIdentity",
    role_arn = role.role_arn,
    params = {
      { "RoleSessionName", role.session_name or ("dxconnect-%d"):format(math.floor(system.clock())) },
      { "WebIdentityToken", token },
    },
    secret = token,
    limit = limit,
    source = ("role %s of %s"):format(first_line(role.role_arn), role.label),
    what = ("the %s the role %s"):format(role.label, first_line(role.role_arn)),
  })
end

function methods.close() end

--- The provider for a profile's settings.
-- @tparam table context
-- @tparam table role `{label, token_file, role_arn, session_name}`
local function new(context, role)
  return setmetatable({ name = role.label, context = context, role = role }, mt)
end

--- The provider for the variables of the environment.
-- @tparam table context `{settings, system, …}` of the client
local function from_environment(context)
  return setmetatable({ name = "web identity", context = context }, mt)
end

return {
  new = new,
  from_environment = from_environment,
}
