--- As much of the Security Token Service as tools ask before they begin: who the caller is, and keys for a role.
-- Whoever has a key may assume any role. Keys of a role belong to the account in the role's ARN.

local core = require "dxconnect.core"
local endpoint = require "dxconnect.endpoint"
local service_error = require "dxconnect.emulator.service_error"
local timestamp = require "dxconnect.text.timestamp"

local NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"
local DEFAULT_DURATION, LEAST, MOST = 3600, 900, 43200 -- seconds

local sts = {}

local function decoded(text)
  return (text:gsub("%+", " "):gsub("%%(%x%x)", function(digits)
    return string.char(tonumber(digits, 16))
  end))
end

local entities = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;" }

local function element(name, content)
  return ("<%s>%s</%s>"):format(name, content, name)
end

local function text_element(name, value)
  return element(name, (tostring(value):gsub("[&<>]", entities)))
end

-- The parameters of a request, from its body or its query.
local function fields_of(request)
  local fields = {}
  local query = request.url:match("%?([^#]*)") or ""
  for name, value in (query .. "&" .. request.body):gmatch("([^&=]+)=([^&]*)") do
    fields[decoded(name)] = decoded(value)
  end
  return fields
end

local actions = {}

function actions.GetCallerIdentity(caller)
  return text_element("Arn", caller.arn) .. text_element("UserId", caller.user_id)
    .. text_element("Account", caller.account)
end

-- Drops the keys that have lapsed, so that they don't pile up.
local function drop_lapsed(sessions, now)
  for key, session in pairs(sessions) do
    if session.expiration <= now then
      sessions[key] = nil
    end
  end
end

function actions.AssumeRole(caller, fields, state)
  local account, role = (fields.RoleArn or ""):match("^arn:[^:]+:iam::(%d+):role/(.+)$")
  local name = fields.RoleSessionName or ""
  local duration = tonumber(fields.DurationSeconds or DEFAULT_DURATION)
  if not account or #account ~= 12 then
    service_error.of("ValidationError", "%s is invalid", fields.RoleArn or "RoleArn")
  elseif not name:find("^[%w+=,.@_-]+$") or #name < 2 or #name > 64 then
    service_error.of("ValidationError", "RoleSessionName has 2 to 64 letters, digits or +=,.@_-")
  elseif not duration or duration < LEAST or duration > MOST then
    service_error.of("ValidationError", "DurationSeconds must be %d to %d", LEAST, MOST)
  end
  local now = state.clock()
  local key, secret, token = "ASIA" .. core.hex(core.random_bytes(8)):upper(), core.base64(core.random_bytes(30)),
    core.base64(core.random_bytes(96))
  local arn = ("arn:%s:sts::%s:assumed-role/%s/%s"):format(caller.partition, account, role:match("[^/]+$"), name)
  drop_lapsed(state.sessions, now)
  state.has_accounts = state.has_accounts or caller.is_known and account ~= caller.account
  state.sessions[key] = {
    secret_access_key = secret, session_token = token, account_id = account, expiration = now + duration, arn = arn,
  }
  return element("AssumedRoleUser", text_element("AssumedRoleId", "AROA" .. account .. ":" .. name)
      .. text_element("Arn", arn))
    .. element("Credentials", text_element("AccessKeyId", key) .. text_element("SecretAccessKey", secret)
      .. text_element("SessionToken", token)
      .. text_element("Expiration", timestamp.format(math.floor(now + duration))))
end

--- The keys of roles that were assumed, as entries for signature.check.
-- @tparam table state
-- @treturn table
function sts.accounts(state)
  local list = {}
  for key, session in pairs(state.sessions) do
    list[#list + 1] = {
      access_key_id = key, secret_access_key = session.secret_access_key, session_token = session.session_token,
      account_id = session.account_id, expiration = session.expiration, arn = session.arn,
    }
  end
  return list
end

--- Answers a request. Raises a service error where it is wrong.
-- @tparam table state
-- @tparam table request
-- @tparam string region
-- @tparam string account
-- @tparam ?table entry the key's, where keys are told apart
-- @tparam string request_id
-- @treturn string the body, XML
function sts.answer(state, request, region, account, entry, request_id)
  local fields = fields_of(request)
  local action = actions[fields.Action]
  if not action then
    service_error.of("InvalidAction", "Could not find operation %s for version 2011-06-15", fields.Action or "")
  end
  local partition = endpoint.partition_of(region).name
  local caller = {
    account = account, partition = partition, is_known = entry ~= nil, user_id = "AIDA" .. account,
    arn = entry and entry.arn or ("arn:%s:iam::%s:user/emulator"):format(partition, account),
  }
  local result = element(fields.Action .. "Result", action(caller, fields, state))
  return ('<%sResponse xmlns="%s">%s%s</%sResponse>'):format(fields.Action, NAMESPACE, result,
    element("ResponseMetadata", text_element("RequestId", request_id)), fields.Action)
end

--- The body of an error, XML.
function sts.write_error(code, message, request_id)
  return ('<ErrorResponse xmlns="%s">%s%s</ErrorResponse>'):format(NAMESPACE,
    element("Error", text_element("Type", "Sender") .. text_element("Code", code) .. text_element("Message", message)),
    text_element("RequestId", request_id))
end

return sts
