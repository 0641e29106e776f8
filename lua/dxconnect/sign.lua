--- Signs any HTTP request with AWS Signature Version 4.

local check = require "dxconnect.check"
local core = require "dxconnect.core"
local errors = require "dxconnect.errors"
local static = require "dxconnect.credentials.static"

local known_options = { "region", "service", "credentials", "clock" }
local replaced = { ["authorization"] = true, ["x-amz-date"] = true }

local is_known = {}
for _, name in ipairs(known_options) do
  is_known[name] = true
end

local function check_options(options)
  for name in pairs(options) do
    if not is_known[name] then
      return nil, errors.config("sign: " .. check.unknown("option", name, known_options))
    end
  end
  if options.region == nil then
    return nil, errors.config("sign: the option region is missing", "NoRegionError")
  end
  for _, name in ipairs { "region", "service" } do
    if type(options[name]) ~= "string" then
      return nil, errors.config(("sign: the option %s: expected a string, got a %s"):format(name, type(options[name])))
    end
  end
  if options.clock ~= nil and type(options.clock) ~= "function" then
    return nil, errors.config(("sign: the option clock: expected a function, got a %s"):format(type(options.clock)))
  end
  return true
end

local function read_clock(clock)
  local ok, now = pcall(clock)
  if ok and type(now) == "number" then
    return now
  end
  return nil, errors.config("sign: the option clock: " .. (ok and "the function returned a " .. type(now)
    or "the function raised an error") .. " instead of Unix seconds")
end

local function read_credentials(given)
  if given == nil then
    return nil, errors.credentials("sign: the option credentials is missing", "NoCredentialsError")
  elseif type(given) ~= "table" and type(given) ~= "function" then
    return nil, errors.credentials(("sign: the option credentials: expected a table of keys, got a %s"):format(
      type(given)))
  end
  local provider, err = static.from_option(given)
  if not provider then
    return nil, err
  end
  return provider:get()
end

local function check_request(request)
  local problems = {}
  local function check_string(name, value, optional)
    if type(value) ~= "string" and not (optional and value == nil) then
      problems[#problems + 1] = { path = name, message = "expected a string, got a " .. type(value) }
    end
  end
  check_string("method", request.method)
  check_string("url", request.url)
  check_string("body", request.body, true)
  if request.headers ~= nil and type(request.headers) ~= "table" then
    problems[#problems + 1] = { path = "headers", message = "expected a table, got a " .. type(request.headers) }
  end
  if #problems > 0 then
    return nil, errors.params(nil, problems)
  end
  return true
end

-- A header under several spellings becomes one with a list of values, those of the first spelling first: what is signed
-- must not hang on the order in which a table is walked.
local function each_once(headers)
  local spellings, once = {}, {}
  for name in pairs(headers or {}) do
    if type(name) ~= "string" then
      return nil, errors.params(nil, { { path = "headers", message = "expected names and values, got a list" } })
    end
    spellings[#spellings + 1] = name
  end
  table.sort(spellings)
  local first = {}
  for _, name in ipairs(spellings) do
    local value, key = headers[name], name:lower()
    if first[key] == nil then
      first[key] = name
      once[name] = type(value) == "table" and { (table.unpack or unpack)(value) } or value -- luacheck: ignore
    elseif not replaced[key] then
      local list = once[first[key]]
      list = type(list) == "table" and list or { list }
      for _, one in ipairs(type(value) == "table" and value or { value }) do
        list[#list + 1] = one
      end
      once[first[key]] = list
    end
  end
  return once
end

--- Signs a request.
-- @tparam table request `{method, url, headers, body}`; a header's value is a string or a list of them
-- @tparam table options `{region, service, credentials, clock}`: credentials as for a client, clock a function that
-- returns Unix seconds (the system's by default)
-- @treturn[1] table a new request: method, url and body as given, the headers with the signature's. Printing it hides
-- what is secret.
-- @treturn[2] nil
-- @treturn[2] table error
local function sign(request, options)
  check.is_table("dxconnect.sign: the request", request)
  check.is_table_or_nil("dxconnect.sign: options", options)
  options = options or {}
  local ok, err = check_request(request)
  if ok then
    ok, err = check_options(options)
  end
  if not ok then
    return nil, err
  end
  local credentials, now, given
  credentials, err = read_credentials(options.credentials)
  if not credentials then
    return nil, err
  end
  now, err = read_clock(options.clock or core.clock)
  if not now then
    return nil, err
  end
  given, err = each_once(request.headers)
  if not given then
    return nil, err
  end
  local headers, message = core.sign {
    method = request.method, url = request.url, headers = given, body = request.body,
    access_key_id = credentials.access_key_id,
    secret_access_key = credentials.secret_access_key,
    session_token = credentials.session_token,
    region = options.region, service = options.service, epoch = now,
  }
  if not headers then
    return nil, errors.params(nil, { { path = "", message = message } })
  end
  return core.as_request { method = request.method, url = request.url, headers = headers, body = request.body }
end

return sign
