--- Settings and credentials out of files and environments made at random, settled by dxconnect and by botocore, where
-- Python has it; elsewhere a line says so. Nothing is made where the two are meant to differ: keys and roles are whole,
-- comments stand on lines of their own, no section comes twice, and instance metadata answers in version 2.

local core = require "dxconnect.core"
local dxconnect = require "dxconnect"
local json = require "cjson"
local scene = require "spec.support.scene"
local shell = require "spec.support.shell"

local CASES = 60
local FAR = "2099-01-01T00:00:00Z"
local REGIONS = { "us-east-1", "eu-west-1", "us-gov-west-1", "cn-north-1", "eusc-de-east-1", "mars-1" }

if select(2, shell.run("python3 -c 'import botocore'")) ~= 0 then
  print("botocore is not installed: settings and credentials are not compared with its own")
  return
end

-- ---- random files and environments

-- Numbers that are the same on every Lua.
local state = 20231114
local function random(n)
  state = (state * 16807) % 2147483647
  return state % n + 1
end

local function maybe(percent)
  return random(100) <= percent
end

local function pick(list)
  return list[random(#list)]
end

-- Times that mean FAR or so, in forms of ISO 8601.
local function far_away()
  return pick { FAR, "2099-01-01T00:00Z", "20990101T000000Z", "2099-01-01T02:00:00+02", "2099-01-01 00:00:00,5Z",
    "2099-01-01T00Z", "20990101T0000-0100" }
end

local function keys_of_profile(name, names, folder)
  local lines = {}
  local indent = pick { "", "", "", "  ", "\t" } -- below the header
  local function put(percent, key, value)
    if maybe(percent) then
      key = maybe(10) and key:upper() or key
      lines[#lines + 1] = indent .. key .. pick { " = ", "=", "\t=  " } .. value .. pick { "", "", " " }
      if maybe(5) then
        lines[#lines + 1] = pick { "# a comment", "; region = x", "", "  # an indented comment" }
      end
    end
  end
  put(60, "region", pick(REGIONS))
  if maybe(25) then
    put(100, "role_arn", ("arn:aws:iam::%d11122223333:role/%s"):format(random(9), name))
    if maybe(80) then
      put(100, "source_profile", pick(names))
    else
      put(100, "credential_source", pick { "Environment", "EcsContainer", "Ec2InstanceMetadata", "Moon" })
    end
    put(30, "external_id", "a & b = " .. random(9))
    put(30, "duration_seconds", pick { "900", "3600" })
    put(30, "role_session_name", "session-" .. random(9))
  elseif maybe(15) then
    put(100, "role_arn", "arn:aws:iam::911122223333:role/web")
    put(100, "web_identity_token_file", folder .. "/web-token")
  elseif maybe(20) then
    put(100, "sso_account_id", "811122223333")
    put(100, "sso_role_name", "Net Admin")
    if maybe(50) then
      put(100, "sso_session", "corp")
    else
      put(100, "sso_start_url", "https://old.example/start")
      put(100, "sso_region", pick { "eu-west-1", "us-gov-west-1" })
    end
  end
  if maybe(40) then
    put(100, "aws_access_key_id", "AKID" .. random(9))
    put(100, "aws_secret_access_key", "s/+=" .. random(9))
    put(30, "aws_session_token", "t=" .. random(9))
  end
  put(15, "credential_process", "cat " .. folder .. "/process" .. random(9))
  put(10, "use_fips_endpoint", pick { "true", "False" })
  put(10, "use_dualstack_endpoint", pick { "TRUE", "false" })
  put(10, "retry_mode", pick { "standard", "adaptive" })
  put(10, "max_attempts", tostring(random(9)))
  put(15, "services", "own")
  put(10, "ignore_configured_endpoint_urls", pick { "true", "false" })
  put(10, "ec2_metadata_service_endpoint_mode", pick { "ipv4", "IPv6" })
  return table.concat(lines, "\n")
end

local function new_case(folder)
  local names = { "default", "a", "b", "my net" }
  local config, credentials = {}, {}
  for _, name in ipairs(names) do
    if maybe(80) then
      local header = name == "default" and pick { "[default]", "[profile default]" }
        or pick { "[profile %s]", "[profile\t%s]", '[profile "%s"]', "[profile '%s']" }:format(name)
      config[#config + 1] = header .. pick { "", "", " behind" } .. "\n" .. keys_of_profile(name, names, folder)
    end
    if maybe(25) then
      local section = "[%s]\naws_access_key_id = FILE%d\naws_secret_access_key = s"
      credentials[#credentials + 1] = section:format(name, random(9))
    end
  end
  config[#config + 1] = "[sso-session corp]\nsso_start_url = https://corp.example/start\nsso_region = eu-central-1"
  config[#config + 1] = "[services own]\ndirect_connect =\n  endpoint_url = http://own.example:8080\nsts =\n"
    .. "  endpoint_url = http://own-sts.example"
  local env = { AWS_DEFAULT_REGION = pick(REGIONS), AWS_PROFILE = maybe(40) and pick(names) or nil }
  local function put(percent, name, value)
    if maybe(percent) then
      env[name] = value
    end
  end
  if maybe(20) then
    env.AWS_ACCESS_KEY_ID, env.AWS_SECRET_ACCESS_KEY = "AKIDENV", "s/env"
    put(30, "AWS_SESSION_TOKEN", "env=")
  end
  put(5, "AWS_ENDPOINT_URL", "http://env.example")
  put(5, "AWS_ENDPOINT_URL_DIRECT_CONNECT", "http://env-dx.example")
  put(5, "AWS_ENDPOINT_URL_STS", "http://env-sts.example")
  put(5, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", pick { "true", "false" })
  put(5, "AWS_USE_FIPS_ENDPOINT", pick { "true", "false" })
  put(5, "AWS_RETRY_MODE", "adaptive")
  put(5, "AWS_MAX_ATTEMPTS", tostring(random(9)))
  put(10, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2?x=y")
  put(10, "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    pick { "http://localhost:81/x", "http://[::1]/x", "http://evil.example/x", "https://any.example/x" })
  put(10, "AWS_CONTAINER_AUTHORIZATION_TOKEN", "Bearer env")
  put(10, "AWS_EC2_METADATA_DISABLED", pick { "TRUE", "false" })
  local line_end = pick { "\n", "\r\n" }
  return {
    config = (table.concat(config, "\n") .. "\n"):gsub("\n", line_end),
    credentials = (table.concat(credentials, "\n") .. "\n"):gsub("\n", line_end),
    env = env,
    profile = maybe(40) and pick(names) or nil,
  }
end

-- ---- settled by dxconnect

local function answer(request, n)
  local keys = { AccessKeyId = "ASIA" .. n, SecretAccessKey = "s" .. n, Token = "t" .. n, Expiration = FAR }
  if request.method == "POST" then
    local action = request.body:match("Action=(%w+)")
    return 200, scene.role_keys(n, { account = "711122223333", expiration = FAR, action = action }).body
  elseif request.url:find("federation/credentials", 1, true) then
    return 200, json.encode {
      roleCredentials = {
        accessKeyId = keys.AccessKeyId, secretAccessKey = "s", sessionToken = "t", expiration = 4070908800000,
      },
    }
  elseif request.url:find("/latest/api/token", 1, true) then
    return 200, "token" .. n
  elseif request.url:find("/security%-credentials/$") then
    return 200, "role"
  end
  keys.Code = "Success"
  return 200, json.encode(keys)
end

-- The result; nil where settings contradict each other in a way that botocore does not mind.
local function settle(case, folder)
  case.exchanges = {}
  local env = { HOME = folder, AWS_CONFIG_FILE = "/config", AWS_SHARED_CREDENTIALS_FILE = "/credentials" }
  for name, value in pairs(case.env) do
    env[name] = value
  end
  local options = {
    profile = case.profile,
    transport = function(request)
      local status, body = answer(request, #case.exchanges + 1)
      case.exchanges[#case.exchanges + 1] = {
        method = request.method, url = request.url, headers = request.headers, body = request.body,
        status = status, answer = body,
      }
      return { status = status, body = body }
    end,
    system = { getenv = function(name) return env[name] end },
  }
  local read_file = require("dxconnect.system").new().read_file
  options.system.read_file = function(path)
    return case[path:match("^/(%l+)$") or ""] or read_file(path)
  end
  local client = dxconnect.client(options)
  if not client then
    return nil
  end
  local settings = client:explain()
  local keys, err = client:credentials()
  if err and err.kind == "config" then
    return nil
  end
  case.result = {
    region = settings.region.value,
    url = dxconnect.endpoint(options),
    max_attempts = settings.max_attempts.origin ~= "default" and settings.max_attempts.value or nil,
    retry_mode = settings.retry_mode.origin ~= "default" and settings.retry_mode.value or nil,
    keys = keys and { keys.access_key_id, keys.secret_access_key, keys.session_token or "", keys.account_id or "" }
      or err.code ~= "NoCredentialsError" and "error" or nil,
  }
  return case
end

describe("settings and credentials", function()
  it("are settled as by botocore", function()
    local folder = os.tmpname()
    os.remove(folder)
    finally(function()
      os.execute("rm -rf " .. folder)
    end)
    os.execute("mkdir -p " .. folder .. "/.aws/sso/cache")
    local token = json.encode { accessToken = "sso-token", expiresAt = FAR }
    shell.write(folder .. "/web-token", "web.identity.token")
    for i = 1, 9 do
      shell.write(folder .. "/process" .. i, json.encode {
        Version = 1, AccessKeyId = "AKIDPROCESS", SecretAccessKey = "s", SessionToken = "t", Expiration = far_away(),
      })
    end
    for _, name in ipairs { "corp", "https://old.example/start" } do
      shell.write(folder .. "/.aws/sso/cache/" .. core.hex(core.sha1(name)) .. ".json", token)
    end
    local lines = {}
    while #lines < CASES do
      local case = settle(new_case(folder), folder)
      if case then
        lines[#lines + 1] = json.encode(case)
      end
    end
    shell.write(folder .. "/cases", table.concat(lines, "\n") .. "\n")
    local judge = io.popen(("env -u LD_PRELOAD HOME=%s python3 -B spec/support/settings_judge.py %s/cases %s 2>&1")
      :format(folder, folder, folder))
    local verdict = judge:read("*a")
    judge:close()
    assert.equal(("judged %d\n"):format(CASES), verdict)
  end)
end)
