--- Signatures of requests, checked as the service does it.
-- Written apart from the code that signs, from the published description of Signature Version 4.

local core = require "dxconnect.core"
local timestamp = require "dxconnect.text.timestamp"
local service_error = require "dxconnect.emulator.service_error"

local SERVICE = "directconnect"
local services = { directconnect = true, sts = true }
local TOLERANCE = 300 -- seconds that the date of a request may be off

local signature = {}

local function refuse(code, message)
  service_error.with_status(400, code, message)
end

-- ---- the header

local function parse_authorization(text)
  if text == nil then
    service_error.with_status(403, "MissingAuthenticationTokenException", "Missing Authentication Token")
  end
  local rest = text:match("^AWS4%-HMAC%-SHA256%s+(.*)$")
  if not rest then
    refuse("IncompleteSignatureException", "the Authorization header does not begin with AWS4-HMAC-SHA256")
  end
  local parts = {}
  for name, value in rest:gmatch("(%a+)=([^,%s]+)") do
    parts[name] = value
  end
  for _, name in ipairs { "Credential", "SignedHeaders", "Signature" } do
    if not parts[name] then
      refuse("IncompleteSignatureException", ("Authorization header requires '%s' parameter."):format(name))
    end
  end
  local key_id, date, region, service, ending = parts.Credential:match("^(.+)/(%d+)/([^/]*)/([^/]*)/([^/]*)$")
  if not key_id or #date ~= 8 or ending ~= "aws4_request" then
    refuse("IncompleteSignatureException", "Credential must have at least 5 slash-delimited elements: key, date, "
      .. "region, service, aws4_request")
  elseif not parts.Signature:find("^%x+$") or #parts.Signature ~= 64 then
    refuse("IncompleteSignatureException", "Signature must be 64 hexadecimal digits")
  end
  return { key_id = key_id, date = date, region = region, service = service,
    signed_headers = parts.SignedHeaders, value = parts.Signature }
end

local function parse_date(text)
  local y, mo, d, h, mi, s = (text or ""):match("^(%d%d%d%d)(%d%d)(%d%d)T(%d%d)(%d%d)(%d%d)Z$")
  if not y then
    refuse("IncompleteSignatureException",
      "Date must be in ISO-8601 'basic format': the header x-amz-date is missing or reads otherwise")
  end
  return timestamp.seconds(tonumber(y), tonumber(mo), tonumber(d), tonumber(h), tonumber(mi), tonumber(s))
end

-- ---- the signature

local function trimmed(value)
  return (value:gsub("^%s+", ""):gsub("%s+$", ""):gsub("%s+", " "))
end

-- The path and the sorted query. Direct Connect is only ever asked for "/", which needs no further encoding.
local function canonical_target(url)
  local rest = url:gsub("^%a+://[^/?#]*", ""):gsub("#.*$", "")
  local path, query = rest:match("^([^?]*)%??(.*)$")
  local pairs_of = {}
  for part in query:gmatch("[^&]+") do
    pairs_of[#pairs_of + 1] = part:find("=", 1, true) and part or part .. "="
  end
  table.sort(pairs_of)
  return path == "" and "/" or path, table.concat(pairs_of, "&")
end

-- The value of a signed header, or nil. A request that came in process has its host in the URL only.
local function signed_value(request, name)
  local value = request.headers[name]
  if value == nil and name == "host" then
    return request.url:match("^%a+://([^/?#]*)")
  end
  return type(value) == "table" and table.concat(value, ",") or value
end

local function check_signed_headers(request, signed_headers)
  local previous, has_host = "", false
  for name in signed_headers:gmatch("[^;]+") do
    if signed_value(request, name) == nil then
      refuse("InvalidSignatureException", ("the signed header '%s' is not in the request"):format(name))
    elseif name <= previous then
      refuse("InvalidSignatureException", "SignedHeaders must be in lower case and in alphabetical order")
    end
    previous, has_host = name, has_host or name == "host"
  end
  if not has_host then
    refuse("InvalidSignatureException", "'Host' must be a 'SignedHeader' in the AWS Authorization.")
  end
end

local function canonical_request(request, signed_headers)
  local lines = {}
  for name in signed_headers:gmatch("[^;]+") do
    lines[#lines + 1] = name .. ":" .. trimmed(signed_value(request, name))
  end
  local path, query = canonical_target(request.url)
  return table.concat({
    request.method, path, query, table.concat(lines, "\n") .. "\n", signed_headers,
    core.hex(core.sha256(request.body)),
  }, "\n")
end

local function expected_signature(request, given, secret)
  local scope = table.concat({ given.date, given.region, given.service, "aws4_request" }, "/")
  local text = table.concat({
    "AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope,
    core.hex(core.sha256(canonical_request(request, given.signed_headers))),
  }, "\n")
  local key = "AWS4" .. secret
  for part in scope:gmatch("[^/]+") do
    key = core.hmac_sha256(key, part)
  end
  return core.hex(core.hmac_sha256(key, text))
end

local function check_date(at, now, text)
  if math.abs(at - now) > TOLERANCE then
    refuse("InvalidSignatureException", at < now
      and ("Signature expired: %s is now earlier than the service's time by %.0f seconds"):format(text, now - at)
      or ("Signature not yet current: %s is still later than the service's time by %.0f seconds"):format(text,
        at - now))
  end
end

local function check_against(request, given, known, now)
  local headers = request.headers
  if known.session_token and headers["x-amz-security-token"] ~= known.session_token
    or not known.session_token and headers["x-amz-security-token"] then
    refuse("UnrecognizedClientException", "The security token included in the request is invalid.")
  end
  check_date(given.time, now, headers["x-amz-date"])
  if expected_signature(request, given, known.secret_access_key) ~= given.value then
    refuse("InvalidSignatureException", "The request signature we calculated does not match the signature you "
      .. "provided. Check your AWS Secret Access Key and signing method.")
  elseif known.expiration and known.expiration <= now then
    refuse("ExpiredTokenException", "The security token included in the request is expired")
  end
end

--- Checks the signature of a request; raises a service error where it does not hold.
-- @tparam table request `{method, url, headers, body}`
-- @tparam ?table accounts list of `{access_key_id, secret_access_key, session_token, expiration, account_id}`; without
-- it any key will do and only the form of the signature is looked at
-- @tparam number now Unix seconds
-- @tparam ?string region the only one, where there is one only
-- @treturn string the region that was signed for
-- @treturn ?table the account's entry
function signature.check(request, accounts, now, region)
  local given = parse_authorization(request.headers.authorization)
  local text = request.headers["x-amz-date"]
  given.time = parse_date(text)
  if text:sub(1, 8) ~= given.date then
    refuse("InvalidSignatureException", ("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of "
      .. "date from HTTP: '%s' != '%s'"):format(given.date, text:sub(1, 8)))
  elseif not services[given.service] then
    refuse("InvalidSignatureException", ("Credential should be scoped to correct service: '%s'."):format(SERVICE))
  elseif given.region == "" or region and given.region ~= region and given.service == SERVICE then
    refuse("InvalidSignatureException",
      ("Credential should be scoped to a valid region, not '%s'."):format(given.region))
  end
  check_signed_headers(request, given.signed_headers)
  if not accounts then
    return given.region
  end
  for _, known in ipairs(accounts) do
    if known.access_key_id == given.key_id then
      check_against(request, given, known, now)
      return given.region, known
    end
  end
  refuse("UnrecognizedClientException", "The security token included in the request is invalid.")
end

return signature
