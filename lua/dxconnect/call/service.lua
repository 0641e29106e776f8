--- Calls to other AWS services: a JSON RPC call, or any signed request. What surrounds them is the code of our own
-- calls (see call/init.lua); here is what differs: how the request is made and signed, and how its answer is read.

local check = require "dxconnect.check"
local config = require "dxconnect.config"
local core = require "dxconnect.core"
local errors = require "dxconnect.errors"
local escape = require("dxconnect.credentials.http").escape
local types = require "dxconnect.text.types"

local RPC = { service = "string", target = "string", params = "table", version = "string", headers = "table" }
local PLAIN = {
  service = "string", method = "string", url = "string", path = "string", query = "table", headers = "table",
  body = "string",
}
local known_fields = { "service", "target", "params", "version", "method", "url", "path", "query", "headers", "body" }

-- Signing or the transport sets these.
local is_ours = {
  authorization = true, host = true, ["x-amz-date"] = true, ["x-amz-security-token"] = true, ["content-length"] = true,
  ["transfer-encoding"] = true,
}

local answer_type = types.new("answer", {
  text = function(answer)
    return ("answer with HTTP status %d (%s, %d bytes)"):format(answer.status, answer.headers["content-type"]
      or "no content type", #answer.body)
  end,
})

-- ---- the request, checked

local function add(problems, path, message)
  problems[#problems + 1] = { path = path, message = message }
end

local function check_fields(request, problems)
  local fields = request.target ~= nil and RPC or PLAIN
  for name, value in pairs(request) do
    if not (RPC[name] or PLAIN[name]) then
      add(problems, type(name) == "string" and errors.shown(name) or "", "unknown field"
        .. check.suggestion(name, known_fields))
    elseif not fields[name] then
      add(problems, name, fields == RPC and "not allowed beside target" or "needs target, which names the operation")
    elseif type(value) ~= fields[name] then
      add(problems, name, ("expected a %s, got a %s"):format(fields[name], type(value)))
    end
  end
  table.sort(problems, function(a, b)
    return a.path < b.path
  end)
end

local function check_values(request, problems)
  local service, target, url, path = request.service, request.target, request.url, request.path
  if service == nil then
    add(problems, "service", "missing: required")
  elseif not service:find("^%l[%l%d.-]*$") or #service > 63 then
    add(problems, "service", "expected the first part of the service's host, such as health or secretsmanager")
  end
  if target ~= nil then
    if not target:find("^[%w_.]*%w$") or #target > 200 then
      add(problems, "target", "expected a name such as AWSHealth_20160804.DescribeEvents")
    elseif request.version ~= nil and request.version ~= "1.0" and request.version ~= "1.1" then
      add(problems, "version", 'expected "1.0" or "1.1"')
    end
    return
  end
  if request.method == nil then
    add(problems, "method", "missing: required (or give target, for a JSON RPC call)")
  end
  if (url == nil) == (path == nil) then
    add(problems, "", "give either url or path")
  elseif path ~= nil and (not path:find("^/") or path:find("[%s%c?#]")) then
    add(problems, "path", "expected one that begins with / and is escaped")
  end
end

-- Copies headers, their names in lower case.
local function copy_headers(from, to, problems)
  for name, value in pairs(from or {}) do
    local key = type(name) == "string" and name:lower()
    if not key then
      add(problems, "headers", "expected names and values, got a list")
    elseif is_ours[key] then
      add(problems, "headers." .. errors.shown(name), "it can't be replaced")
    else
      to[key] = value
    end
  end
end

-- {a = 1, b = {2, 3}} as "a=1&b=2&b=3".
local function query_text(query, problems)
  local names, parts = {}, {}
  for name in pairs(query) do
    if type(name) ~= "string" then
      add(problems, "query", "expected names and values, got a list")
      return ""
    end
    names[#names + 1] = name
  end
  table.sort(names)
  for _, name in ipairs(names) do
    local values = query[name]
    for _, value in ipairs(type(values) == "table" and values or { values }) do
      if type(value) == "string" or type(value) == "number" or type(value) == "boolean" then
        parts[#parts + 1] = escape(name) .. "=" .. escape(value)
      else
        add(problems, "query." .. errors.shown(name), "expected a string, got a " .. type(value))
      end
    end
  end
  return table.concat(parts, "&")
end

local function url_of(request, base, problems)
  local url = request.url or base:gsub("/$", "") .. (request.path or "/")
  local query = request.query and query_text(request.query, problems)
  if query and query ~= "" then
    url = url .. (url:find("?", 1, true) and "&" or "?") .. query
  end
  return url
end

-- The secret values in params, which an answer's messages may repeat.
local function secrets_in(params, found, depth)
  for name, value in next, params do
    if core.is_secret(value) then
      found[#found + 1] = value:reveal()
    elseif type(value) == "string" and type(name) == "string" and core.is_hidden_name(name) and #value > 0 then
      found[#found + 1] = value
    elseif type(value) == "table" and depth < 20 then
      secrets_in(value, found, depth + 1)
    end
  end
  return found
end

-- ---- how it differs from our own calls

local protocol = {}

-- The credentials to sign with.
function protocol.prepare(call)
  local credentials, err = call.state.provider:get(nil, call.deadline)
  if not credentials then
    return nil, err
  end
  call.credentials = credentials
  return true
end

-- Writes the signed request into the exchange.
function protocol.sign(call, time)
  local op, keys, headers = call.op, call.credentials, {}
  for name, value in pairs(op.headers) do
    headers[name] = value
  end
  headers["user-agent"] = headers["user-agent"] or call.state.user_agent
  headers["amz-sdk-invocation-id"] = op.invocation_id
  headers["amz-sdk-request"] = ("attempt=%d; max=%d"):format(call.attempt, call.max_attempts)
  local signed, message = core.sign {
    method = op.method, url = op.url, headers = headers, body = op.body, region = op.region, service = op.service,
    access_key_id = keys.access_key_id, secret_access_key = keys.secret_access_key, session_token = keys.session_token,
    epoch = time,
  }
  if not signed then
    return nil, message
  end
  return call.ex:load { method = op.method, url = op.url, headers = signed, body = op.body }
end

local function unreadable(message)
  return nil, "response", "ResponseError", "the answer is not valid JSON: " .. message
end

-- Errors of services that speak XML.
local function read_xml(body, code, message)
  local found = body:sub(1, 65536)
  return found:match("<Code>([%w.]+)</Code>") or code, found:match("<Message>([^<]*)</Message>") or message
end

-- Reads the answer: the result, or nil, kind, code, message.
function protocol.finish(call)
  local ex, op = call.ex, call.op
  local status, body = ex:status(), ex:body()
  if status < 200 or status > 299 then
    local _, kind, code, message = ex:finish()
    if code == "HTTP" .. status then
      code, message = read_xml(body, code, message)
    end
    return nil, kind, code, message
  elseif body == "" and op.is_rpc then
    return setmetatable({}, types.shape "map")
  end
  local content_type = (ex:header("content-type") or ""):lower()
  if op.is_rpc or (body ~= "" and content_type:find("[/+-]json")) then
    local value, message = core.json_decode(body)
    if message then
      return unreadable(message)
    elseif value ~= nil then
      return value
    end
  end
  return setmetatable({ status = status, headers = ex:headers(), body = body }, answer_type)
end

-- ---- what is called

local function rpc(op, request, headers, problems)
  local body, message, path = core.json_encode(request.params or {}, false, true)
  if body == "[]" then
    body = "{}"
  elseif not body then
    add(problems, path == "" and "params" or "params." .. tostring(path), message)
  end
  op.name = request.target:match("[%w_]+$")
  op.is_rpc, op.method, op.body = true, "POST", body
  op.secrets = secrets_in(request.params or {}, {}, 0)
  headers["content-type"] = "application/x-amz-json-" .. (request.version or "1.1")
  headers["x-amz-target"] = request.target
end

local function plain(op, request, headers)
  op.name = request.method .. " " .. request.service
  op.method, op.body = request.method, request.body or ""
  if request.service:find("^s3") then
    headers["x-amz-content-sha256"] = core.hex(core.sha256(op.body))
  end
end

--- The operation for a call to another service.
-- @tparam table settings of the call
-- @tparam table request `{service, target, params, version}` or `{service, method, url or path, query, headers, body}`
-- @tparam table options `{headers, endpoint_url, repeatable}`
-- @treturn[1] table op, as of our own calls
-- @treturn[2] nil
-- @treturn[2] table error
local function operation(settings, request, options)
  local problems = {}
  check_fields(request, problems)
  if #problems == 0 then
    check_values(request, problems)
  end
  if #problems > 0 then
    return nil, errors.params("send", problems)
  end
  local base, region, origin = config.service_url(settings, request.service, options.region, options.endpoint_url)
  if not base then
    return nil, region
  end
  local headers = {}
  local op = {
    labels = {}, retry = options.repeatable and "repeatable" or "once", protocol = protocol, headers = headers,
    service = request.service, region = region, base_url = base, origin = origin, invocation_id = core.uuid(),
    secrets = {},
  }
  copy_headers(request.headers, headers, problems)
  copy_headers(options.headers, headers, problems)
  if request.target then
    rpc(op, request, headers, problems)
  else
    plain(op, request, headers)
  end
  if request.url then
    op.base_url, op.origin = request.url:match("^[^?#]*"), "the request"
  end
  op.url = url_of(request, base, problems)
  local parsed, message = core.url(op.url)
  if not parsed then
    add(problems, request.url and "url" or "path", message)
  end
  if #problems > 0 then
    return nil, errors.params(op.name, problems)
  end
  return op
end

return { operation = operation }
