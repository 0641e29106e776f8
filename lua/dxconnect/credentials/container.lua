--- Credentials from a container's agent: ECS, EKS Pod Identity, and others with the same protocol.

local config = require "dxconnect.config"
local core = require "dxconnect.core"
local document = require "dxconnect.credentials.document"
local errors = require "dxconnect.errors"
local http = require "dxconnect.credentials.http"
local credentials_value = require "dxconnect.credentials.value"
local shared_files = require "dxconnect.config.files"
local timestamp = require "dxconnect.text.timestamp"

local SOURCE = "container credentials"
local ECS = "http://169.254.170.2"
local ATTEMPTS = 3
local TIMEOUT = 2 -- seconds

-- Plain http is for these hosts alone; besides them, 127.0.0.0/8.
local plain_hosts = {
  localhost = true, ["0:0:0:0:0:0:0:1"] = true, ["169.254.170.2"] = true, ["169.254.170.23"] = true,
  ["fd00:ec2:0:0:0:0:0:23"] = true,
}

local names = {
  access_key_id = "AccessKeyId",
  secret_access_key = "SecretAccessKey",
  session_token = "Token",
  expiration = "Expiration",
  account_id = "AccountId",
}

local methods = {}
local mt = { __index = methods }

local function is_loopback(host)
  local a, b, c = host:match("^127%.(%d+)%.(%d+)%.(%d+)$")
  return a ~= nil and tonumber(a) < 256 and tonumber(b) < 256 and tonumber(c) < 256
end

-- An IPv6 address with all its eight groups, without leading zeros; other hosts unchanged.
local function spelled_out(host)
  local head, tail = host:match("^([%x:]-)::([%x:]*)$")
  local groups, behind = {}, {}
  for group in (head or host):gmatch("%x+") do
    groups[#groups + 1] = group
  end
  for group in (tail or ""):gmatch("%x+") do
    behind[#behind + 1] = group
  end
  if not host:find("^[%x:]+$") or not host:find(":", 1, true) or (not head and #groups ~= 8) then
    return host
  end
  for _ = #groups + #behind + 1, 8 do
    groups[#groups + 1] = "0"
  end
  for _, group in ipairs(behind) do
    groups[#groups + 1] = group
  end
  return (table.concat(groups, ":"):gsub("%f[%x]0+(%x)", "%1"))
end

local function checked_url(url, variable)
  local parts = core.url(url)
  if not parts or parts.userinfo or url:find("[%s\\]") then
    return nil, errors.credentials(("%s is not an http or https URL"):format(variable))
  end
  local host = parts.host:match("^%[(.*)%]$") or parts.host
  host = host:lower()
  if parts.scheme == "http" and not plain_hosts[spelled_out(host)] and not is_loopback(host) then
    return nil, errors.credentials(("%s: plain http goes to loopback and to the addresses of ECS and EKS alone, "
      .. "not to %s; use https"):format(variable, host))
  end
  return url
end

-- Where to ask: URL; or nil, error; or nil, nil, reason.
local function url_of(system)
  local relative = config.variable(system, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
  if relative then
    if relative:sub(1, 1) ~= "/" or relative:find("[%s%c\\]") then
      return nil, errors.credentials("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI must be a path that begins with /")
    end
    return ECS .. relative
  end
  local full = config.variable(system, "AWS_CONTAINER_CREDENTIALS_FULL_URI")
  if full then
    return checked_url(full, "AWS_CONTAINER_CREDENTIALS_FULL_URI")
  end
  return nil, nil, "neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set"
end

-- The authorization header: value, or nil where there is none, or nil, error.
local function token_of(context, limit)
  local system = context.system
  local path = config.variable(system, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
  local token, origin
  if path then
    origin = "the file of AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, " .. path .. ","
    local message
    path = shared_files.expand_home(system, path)
    token, message = system.read_file(path, http.time_for(context, limit))
    if not token then
      return nil, errors.credentials(("%s can't be read: %s"):format(origin, shared_files.reason(path, message)))
    end
  else
    origin = "AWS_CONTAINER_AUTHORIZATION_TOKEN"
    token = config.variable(system, origin)
    if token == nil then
      return nil
    end
  end
  if token:find("^%s*$") then
    return nil, errors.credentials(origin .. " is empty")
  elseif token:find("[%c]") then
    return nil, errors.credentials(origin .. " holds a line end or another control character")
  end
  return token
end

local function read_answer(response)
  if response.status ~= 200 then
    return nil, errors.credentials(("%s: HTTP status %d"):format(SOURCE, response.status), nil, {
      status = response.status,
    })
  end
  local answer = document.read(response.body)
  if not answer then
    return nil, errors.credentials(SOURCE .. ": the answer is not a JSON object")
  end
  local fields = document.fields(answer, names)
  if fields.account_id == nil then
    fields.account_id = credentials_value.account_of(answer.RoleArn)
  end
  if fields.expiration ~= nil then
    fields.expiration = timestamp.parse(fields.expiration)
    if not fields.expiration then
      return nil, errors.credentials(SOURCE .. ": Expiration is not a time in ISO 8601")
    end
  end
  return credentials_value.new(fields, SOURCE, names)
end

--- Asks anew.
function methods:get(_, limit)
  local context = self.context
  local url, err, why = url_of(context.system)
  if not url then
    return nil, err, why
  end
  local token
  token, err = token_of(context, limit)
  if err then
    return nil, err
  end
  local response
  response, err = http.send(context, {
    method = "GET",
    url = url,
    headers = { accept = "application/json", authorization = token },
  }, {
    attempts = ATTEMPTS, timeout = TIMEOUT, connect_timeout = TIMEOUT, is_direct = true, secrets = { token },
    limit = limit,
  })
  if not response then
    if err.kind == "transport" then
      err = errors.credentials(("%s: %s"):format(SOURCE, err.message), nil, { cause = err })
    end
    return nil, err
  end
  return read_answer(response)
end

function methods.close() end

--- Makes the provider.
-- @tparam table context `{settings, system, …}` of the client
-- @treturn table provider
local function new(context)
  return setmetatable({ name = SOURCE, context = context }, mt)
end

return { new = new }
