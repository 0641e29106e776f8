--- What a request asks for, as far as a tape tells one from another: the operation, and what it is asked with.

local core = require "dxconnect.core"

local scrub = require "dxconnect.transport.tape.scrub"

local UUID = "^%x%x%x%x%x%x%x%x%-%x%x%x%x%-%x%x%x%x%-%x%x%x%x%-%x%x%x%x%x%x%x%x%x%x%x%x$"

-- "a=1&b=2" as {a = "1", b = "2"}.
local function form(text)
  local fields = {}
  for name, value in text:gmatch("([^&=]+)=?([^&]*)") do
    local function unescape(escaped)
      return (escaped:gsub("%+", " "):gsub("%%(%x%x)", function(digits)
        return string.char(tonumber(digits, 16))
      end))
    end
    fields[unescape(name)] = unescape(value)
  end
  return fields
end

-- What was made for the call, and differs each time.
local function drop_own_token(params)
  if type(params.clientToken) == "string" and params.clientToken:find(UUID) then
    params.clientToken = nil
  end
  return params
end

-- The key id, the signature and the token that signed a request.
local function learn_signature(scrubber, headers)
  local authorization = tostring(headers.authorization or "")
  scrubber:learn(authorization:match("Credential=([^/,%s]+)"))
  scrubber:set_signature(authorization:match("Signature=(%x+)"))
  scrubber:learn(authorization:match("^Bearer%s+(.+)$"))
  for name, value in pairs(headers) do
    if type(value) == "string" and type(name) == "string" and (name:find("token", 1, true) or name == "cookie") then
      scrubber:learn(value)
    end
  end
end

local function body_params(request, of_credentials, scrubber)
  local body = request.body or ""
  if body == "" then
    return nil
  end
  local value = core.json_decode(body)
  if type(value) == "table" then
    return scrubber:value(value, of_credentials)
  elseif tostring(request.headers["content-type"]):find("form-urlencoded", 1, true) then
    return scrubber:value(form(body), of_credentials)
  end
  return scrubber:body(body, of_credentials)
end

--- Describes a request, with nothing secret in it.
-- @tparam table request of a function transport
-- @tparam table scrubber
-- @treturn table `{operation, host, params, of_credentials, is_token}`; is_token: the answer's body is one
local function describe(request, scrubber)
  local headers = request.headers or {}
  request = { method = request.method, url = request.url, headers = headers, body = request.body }
  learn_signature(scrubber, headers)
  local host, path, query = tostring(request.url):match("^%a+://([^/?]*)([^?]*)%??(.*)$")
  host = scrubber:text((host or ""):gsub("^.*@", ""))
  local target = headers["x-amz-target"]
  if type(target) == "string" then
    local params = body_params(request, false, scrubber) or {}
    return { operation = target:match("^OvertureService%.(.+)$") or target, host = host,
      params = drop_own_token(params) }
  end
  local action = (request.body or ""):match("^Action=(%w+)")
  local is_signed = tostring(headers.authorization or ""):find("^AWS4") ~= nil
  local of_credentials = not is_signed or (action or ""):find("^Assume") ~= nil
  return {
    operation = action or ("%s %s%s"):format(tostring(request.method), host, scrubber:text(path or "")),
    host = host,
    params = {
      query = query and query ~= "" and scrubber:value(form(query), true) or nil,
      body = body_params(request, of_credentials, scrubber),
    },
    of_credentials = of_credentials,
    is_token = of_credentials and request.method == "PUT",
  }
end

--- What equal requests have in common, as text: operation and params, account numbers left out.
-- @tparam string operation
-- @tparam table params
-- @treturn string
local function key(operation, params)
  local text = core.json_encode(params, false, true)
  if not text or text == "[]" then
    text = "{}"
  end
  return scrub.without_accounts(operation .. " " .. text)
end

return { describe = describe, key = key }
