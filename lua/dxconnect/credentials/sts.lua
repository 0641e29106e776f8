--- The two operations of the Security Token Service that return credentials of a role: a form is sent, XML comes back.

local config = require "dxconnect.config"
local core = require "dxconnect.core"
local errors = require "dxconnect.errors"
local http = require "dxconnect.credentials.http"
local credentials_value = require "dxconnect.credentials.value"
local retry = require "dxconnect.retry"
local timestamp = require "dxconnect.text.timestamp"
local trim = require "dxconnect.text.trim"

local VERSION = "2011-06-15"

local escape = http.escape

local function form(request)
  local parts = { "Action=" .. request.action, "Version=" .. VERSION, "RoleArn=" .. escape(request.role_arn) }
  for _, param in ipairs(request.params) do
    if param[2] ~= nil then
      parts[#parts + 1] = escape(param[1]) .. "=" .. escape(param[2])
    end
  end
  return table.concat(parts, "&")
end

local entities = { lt = "<", gt = ">", quot = '"', apos = "'", amp = "&" }

-- The text of the first element of a name.
local function element(xml, name)
  local text = xml:match("<" .. name .. "%s*>([^<]*)</" .. name .. "%s*>")
  return text and (trim(text):gsub("&#x(%x+);", function(digits)
    local code = tonumber(digits, 16)
    return code < 128 and string.char(code) or nil
  end):gsub("&(%a+);", entities))
end

-- The code of a refusal. Messages repeat the code only, not the service's text.
local function code_of(response)
  local code = element(response.body, "Code")
  return code and code:match("^[%w.]+$")
end

local transient_codes = {
  IDPCommunicationError = true, Throttling = true, ThrottlingException = true, ThrottledException = true,
  RequestThrottled = true, RequestThrottledException = true, RequestLimitExceeded = true,
  TooManyRequestsException = true, SlowDown = true,
  InternalFailure = true, ServiceUnavailable = true, RequestTimeout = true,
}

local function is_transient(response)
  return response.status >= 500 or response.status == 429
    or (response.status >= 400 and transient_codes[code_of(response) or ""] == true)
end

-- Refusals that a wrong clock can cause.
local clock_codes = {
  RequestExpired = true, RequestTimeTooSkewed = true, SignatureDoesNotMatch = true, InvalidSignatureException = true,
}

-- Seconds that our clock is behind the service's, where that explains a refusal.
local function clock_error(context, response)
  if response.status == 200 or not clock_codes[code_of(response) or ""] then
    return nil
  end
  return retry.skew(context.system.clock(), timestamp.parse_http(response.date))
end

local function refusal(what, response)
  local code = code_of(response)
  return errors.credentials(("STS refused %s: %s"):format(what, code or "HTTP status " .. response.status), nil, {
    status = response.status,
    cause = code and errors.new("service", code, "", { status = response.status }),
  })
end

local function read_answer(response, source, what, role_arn)
  if response.status ~= 200 then
    return nil, refusal(what, response)
  end
  local xml = response.body
  local arn = element(xml, "Arn")
  local expiration = element(xml, "Expiration")
  local fields = {
    access_key_id = element(xml, "AccessKeyId"),
    secret_access_key = element(xml, "SecretAccessKey"),
    session_token = element(xml, "SessionToken"),
    expiration = expiration and timestamp.parse(expiration),
    account_id = credentials_value.account_of(arn) or credentials_value.account_of(role_arn),
  }
  if not fields.expiration then
    return nil, errors.credentials(("%s: the answer of STS is unreadable"):format(source))
  end
  return credentials_value.new(fields, source)
end

local function signed(context, url, region, body, signer, ahead)
  local headers = { ["content-type"] = "application/x-www-form-urlencoded; charset=utf-8" }
  if not signer then
    return { method = "POST", url = url, headers = headers, body = body }
  end
  local all, message = core.sign {
    method = "POST", url = url, headers = headers, body = body,
    access_key_id = signer.access_key_id,
    secret_access_key = signer.secret_access_key,
    session_token = signer.session_token,
    region = region, service = "sts", epoch = context.system.clock() + ahead,
  }
  if not all then
    return nil, errors.credentials("the request to STS can't be signed: " .. message)
  end
  return { method = "POST", url = url, headers = all, body = body }
end

--- Calls an operation.
-- @tparam table context
-- @tparam table request `{action, role_arn, params, source, what, signer, secret, limit}`: params a list of further
-- `{name, value}`, source and what words for credentials and errors, signer the credentials that sign
-- @treturn[1] table credentials
-- @treturn[2] nil
-- @treturn[2] table error, `cause` that of STS with its code
local function call(context, request)
  local url, region = config.service_url(context.settings, "sts")
  if not url then
    return nil, region
  end
  if url:find("^%a+://[^/]*$") then
    url = url .. "/"
  end
  local body = form(request)
  local signer = request.signer
  local secrets = { body }
  for _, secret in ipairs { request.secret or false, signer and signer.secret_access_key or false,
    signer and signer.session_token or false } do
    secrets[#secrets + 1] = secret or nil
  end
  local ahead = 0
  local function make()
    return signed(context, url, region, body, signer, ahead)
  end
  local policy = { is_transient = is_transient, secrets = secrets, limit = request.limit }
  local response, err = http.send(context, make, policy)
  ahead = signer and response and clock_error(context, response) or 0
  if ahead ~= 0 then
    response, err = http.send(context, make, policy)
  end
  if not response then
    if err.kind == "transport" then
      err = errors.credentials(("STS could not be asked for %s: %s"):format(request.what, err.message), nil, {
        cause = err,
      })
    end
    return nil, err
  end
  return read_answer(response, request.source, request.what, request.role_arn)
end

return { call = call }
