--- The one list of settings: name, type, environment variables, profile key, default, what is allowed, what it does.
-- Resolving, explaining, messages, help and the table in the guide on configuration all come from it. A setting without
-- `option = true` can't be given to `dxconnect.client`; it comes from environment and profile alone.

local core = require "dxconnect.core"

-- Longest time-out, in seconds: in milliseconds it still fits an int of 32 bits, and it means the same as longer ones.
local LONGEST = 2147483

local function number_text(text)
  return text:find("^%s*%d+%.?%d*%s*$") and tonumber(text) or nil
end

-- How each type reads text (of the environment or a file) and checks a Lua value; `allowed` ends the sentence
-- "expected …".
local types = {
  string = {
    allowed = "a string",
    check = function(value)
      return type(value) == "string" and value or nil
    end,
  },
  boolean = {
    allowed = "true or false",
    read = function(text)
      local word = text:lower()
      if word == "true" then
        return true
      elseif word == "false" then
        return false
      end
      return nil
    end,
    check = function(value)
      if type(value) == "boolean" then
        return value
      end
      return nil
    end,
  },
  attempts = {
    allowed = "a whole number from 1 on",
    read = number_text,
    check = function(value)
      if type(value) == "number" and value >= 1 and value < 2 ^ 31 and value % 1 == 0 then
        return math.floor(value)
      end
      return nil
    end,
  },
  seconds = {
    allowed = "a number of seconds above 0",
    read = number_text,
    check = function(value)
      return type(value) == "number" and value > 0 and value < math.huge and math.min(value, LONGEST) or nil
    end,
  },
  region = {
    allowed = "the name of a region: up to 63 letters, digits and hyphens",
    check = function(value)
      local is_label = type(value) == "string" and #value <= 63 and value:find("^[%w-]+$") and value:find("%D")
        and not value:find("^%-") and not value:find("%-$")
      return is_label and value or nil
    end,
  },
  url = {
    allowed = "a URL that begins with http:// or https:// and names a host",
    check = function(value)
      return type(value) == "string" and not value:find("%s") and core.url(value) and value or nil
    end,
  },
  role_arn = {
    allowed = "the ARN of a role",
    check = function(value)
      local is_arn = type(value) == "string" and #value <= 2048 and value:find("^arn:[%w-]+:iam::%d+:role/[^%s%c]+$")
      return is_arn and value or nil
    end,
  },
  external_id = {
    allowed = "a string of 2 to 1224 characters",
    check = function(value)
      return type(value) == "string" and #value >= 2 and #value <= 1224 and not value:find("%c") and value or nil
    end,
  },
  session_name = {
    allowed = "2 to 64 letters, digits and characters of _+=,.@-",
    check = function(value)
      return type(value) == "string" and #value >= 2 and #value <= 64 and value:find("^[%w_+=,.@-]+$") and value or nil
    end,
  },
  session_seconds = {
    allowed = "a whole number of seconds from 900 to 43200",
    check = function(value)
      return type(value) == "number" and value >= 900 and value <= 43200 and value % 1 == 0 and math.floor(value) or nil
    end,
  },
  ["function"] = {
    allowed = "a function",
    check = function(value)
      return type(value) == "function" and value or nil
    end,
  },
  ["table"] = {
    allowed = "a table",
    check = function(value)
      return type(value) == "table" and value or nil
    end,
  },
  credentials = {
    allowed = "a table of keys, or a function that returns one",
    check = function(value)
      return (type(value) == "table" or type(value) == "function") and value or nil
    end,
  },
  transport = {
    allowed = '"curl", "resty", a function or a callable table',
    check = function(value)
      local metatable = type(value) == "table" and getmetatable(value)
      local is_callable = type(value) == "function" or type(metatable) == "table" and metatable.__call ~= nil
      return (value == "curl" or value == "resty" or is_callable) and value or nil
    end,
  },
}

-- A type of a few words, in any case where it is text.
local function one_of(words, aliases)
  local quoted = {}
  for i, word in ipairs(words) do
    quoted[i] = '"' .. word .. '"'
  end
  local known = {}
  for _, word in ipairs(words) do
    known[word] = word
  end
  return {
    allowed = "one of " .. table.concat(quoted, ", "),
    read = function(text)
      local word = text:lower()
      return known[word] or aliases and aliases[word] or nil
    end,
    check = function(value)
      return known[value]
    end,
  }
end

local list = {
  {
    name = "region", type = "region", env = { "AWS_REGION", "AWS_DEFAULT_REGION" }, key = "region",
    option = true, per_call = true, about = "region of the endpoint and of the signature",
  },
  {
    name = "profile", type = "string", env = { "AWS_PROFILE", "AWS_DEFAULT_PROFILE" }, default = "default",
    option = true, about = "profile of the shared files; as an option it goes before keys in the environment",
  },
  {
    name = "credentials", type = "credentials", option = true, secret = true,
    about = "{access_key_id, secret_access_key, session_token, expiration, account_id}, or a function giving one",
  },
  {
    name = "role_arn", type = "role_arn", option = true,
    about = "a role to assume with what the rest of the chain gives",
  },
  {
    name = "external_id", type = "external_id", option = true, needs = "role_arn",
    about = "what the role's owner asks of those who assume it",
  },
  {
    name = "role_session_name", type = "session_name", option = true, needs = "role_arn",
    about = "name of the role's session",
  },
  {
    name = "duration_seconds", type = "session_seconds", option = true, needs = "role_arn",
    about = "how long the role's credentials last",
  },
  {
    name = "endpoint_url", type = "url", option = true, per_call = true, url = true,
    env = { "AWS_ENDPOINT_URL_DIRECT_CONNECT", "AWS_ENDPOINT_URL" }, key = "endpoint_url", service = "direct_connect",
    about = "where calls go instead of the region's endpoint; in the environment and in profiles also for one service",
  },
  {
    name = "ignore_configured_endpoint_urls", type = "boolean", option = true, default = false,
    env = { "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS" }, key = "ignore_configured_endpoint_urls",
    about = "take no endpoint URL from environment and profile",
  },
  {
    name = "use_fips_endpoint", type = "boolean", option = true, per_call = true, default = false,
    env = { "AWS_USE_FIPS_ENDPOINT" }, key = "use_fips_endpoint", about = "use the FIPS endpoints",
  },
  {
    name = "use_dualstack_endpoint", type = "boolean", option = true, per_call = true, default = false,
    env = { "AWS_USE_DUALSTACK_ENDPOINT" }, key = "use_dualstack_endpoint",
    about = "use the endpoints that speak IPv4 and IPv6",
  },
  {
    name = "max_attempts", type = "attempts", option = true, per_call = true, default = 3,
    env = { "AWS_MAX_ATTEMPTS" }, key = "max_attempts", about = "attempts of one call, the first included",
  },
  {
    name = "retry_mode", type = one_of({ "standard", "adaptive" }, { legacy = "standard" }), option = true,
    default = "standard", env = { "AWS_RETRY_MODE" }, key = "retry_mode",
    about = "adaptive also keeps to the rate that the service allows",
  },
  {
    name = "defaults_mode", option = true, default = "legacy", env = { "AWS_DEFAULTS_MODE" }, key = "defaults_mode",
    type = one_of { "legacy", "standard", "in-region", "cross-region", "mobile", "auto" },
    about = "decides the default of connect_timeout",
  },
  {
    name = "connect_timeout", type = "seconds", option = true, per_call = true,
    about = "until the connection, TLS included, stands; the default follows from defaults_mode",
  },
  {
    name = "timeout", type = "seconds", option = true, per_call = true, default = 60,
    about = "limit of one attempt, connection and whole answer included",
  },
  {
    name = "total_timeout", type = "seconds", option = true, per_call = true,
    about = "limit of a whole call, retries and their pauses included; none by default",
  },
  {
    name = "disable_clock_skew_correction", type = "boolean", option = true, default = false,
    env = { "AWS_DISABLE_CLOCK_SKEW_CORRECTION" }, key = "disable_clock_skew_correction",
    about = "sign by this machine's clock alone, instead of learning the service's from its answers",
  },
  {
    name = "ca_bundle", type = "string", option = true, path = true, env = { "AWS_CA_BUNDLE" }, key = "ca_bundle",
    about = "file of the certificates to trust instead of the system's",
  },
  {
    name = "proxy", type = "url", option = true, env = { "https_proxy", "HTTPS_PROXY" }, url = true, is_proxy = true,
    hint = "a user name and password in it are percent-encoded: # as %23, / as %2F, @ as %40",
    about = "HTTP proxy; from the environment for https endpoints only",
  },
  {
    name = "no_proxy", type = "string", option = true, env = { "no_proxy", "NO_PROXY" },
    about = "hosts with their subdomains, addresses and networks, by commas: reached without the proxy",
  },
  {
    name = "sdk_ua_app_id", type = "string", option = true, env = { "AWS_SDK_UA_APP_ID" }, key = "sdk_ua_app_id",
    about = "name of the application, for the user agent",
  },
  {
    name = "config_file", type = "string", option = true, path = true, env = { "AWS_CONFIG_FILE" },
    default = "~/.aws/config", about = "the shared config file",
  },
  {
    name = "shared_credentials_file", type = "string", option = true, path = true,
    env = { "AWS_SHARED_CREDENTIALS_FILE" }, default = "~/.aws/credentials", about = "the shared credentials file",
  },
  {
    name = "mfa_prompt", type = "function", option = true,
    about = "function(serial) that returns the code of an MFA device, for profiles with mfa_serial",
  },
  {
    name = "logger", type = "function", option = true, per_call = true,
    about = "function(event), told of every attempt, retry, pause and renewal of credentials",
  },
  {
    name = "confirm", type = "function", option = true, per_call = true,
    about = "function(operation, label, params), asked before what interrupts traffic or bills",
  },
  {
    name = "transport", type = "transport", option = true,
    about = "what carries requests: curl, resty (by itself where it is OpenResty), that of an emulator, or a function",
  },
  {
    name = "system", type = "table", option = true, about = "replacements for parts of the outside world",
  },
  {
    name = "execution_env", type = "string", env = { "AWS_EXECUTION_ENV" },
    about = "environment that runs this, for the user agent",
  },
  {
    name = "ec2_metadata_disabled", type = "boolean", lazy = true, default = false,
    env = { "AWS_EC2_METADATA_DISABLED" }, about = "never ask the instance metadata service",
  },
  {
    name = "ec2_metadata_v1_disabled", type = "boolean", lazy = true, default = true,
    env = { "AWS_EC2_METADATA_V1_DISABLED" }, key = "ec2_metadata_v1_disabled",
    about = "false allows version 1 of the instance metadata service where version 2 does not answer",
  },
  {
    name = "ec2_metadata_service_endpoint", type = "url", lazy = true, url = true,
    env = { "AWS_EC2_METADATA_SERVICE_ENDPOINT" }, key = "ec2_metadata_service_endpoint",
    about = "where the instance metadata service is",
  },
  {
    name = "ec2_metadata_service_endpoint_mode", lazy = true, default = "ipv4", type = one_of { "ipv4", "ipv6" },
    env = { "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE" }, key = "ec2_metadata_service_endpoint_mode",
    about = "which of the instance metadata service's addresses to use",
  },
  {
    name = "metadata_service_timeout", type = "seconds", lazy = true, default = 1,
    env = { "AWS_METADATA_SERVICE_TIMEOUT" }, key = "metadata_service_timeout",
    about = "one attempt at the instance metadata service",
  },
  {
    name = "metadata_service_num_attempts", type = "attempts", lazy = true, default = 1,
    env = { "AWS_METADATA_SERVICE_NUM_ATTEMPTS" }, key = "metadata_service_num_attempts",
    about = "attempts at an instance metadata service that does not answer at all",
  },
}

local by_name, names = {}, {}
for _, entry in ipairs(list) do
  if type(entry.type) == "string" then
    entry.type_name, entry.type = entry.type, types[entry.type]
  else
    entry.type_name = "string"
  end
  by_name[entry.name] = entry
  if entry.option then
    names[#names + 1] = entry.name
  end
end

-- Variables that credential sources read themselves.
local source_variables = {
  "HOME", "USERPROFILE", "HOMEDRIVE", "HOMEPATH",
  "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN",
  "AWS_CREDENTIAL_EXPIRATION", "AWS_ACCOUNT_ID",
  "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
  "AWS_LOGIN_CACHE_DIRECTORY", "AWS_IMDS_USE_IPV6",
  "AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL_SSO", "AWS_ENDPOINT_URL_SSO_OIDC", "AWS_ENDPOINT_URL_SIGNIN",
}

--- Every environment variable that anything here reads.
local function variables()
  local all = {}
  for _, name in ipairs(source_variables) do
    all[#all + 1] = name
  end
  for _, entry in ipairs(list) do
    for _, name in ipairs(entry.env or {}) do
      all[#all + 1] = name
    end
  end
  return all
end

return {
  list = list,
  by_name = by_name,
  names = names,
  variables = variables,
}
