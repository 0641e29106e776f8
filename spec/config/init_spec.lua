local config = require "dxconnect.config"
local dxconnect = require "dxconnect"
local scene = require "spec.support.scene"
local shell = require "spec.support.shell"

local CONFIG = "/home/me/.aws/config"

local function explained(stage)
  return scene.client(stage):explain()
end

local function endpoint(stage)
  return dxconnect.endpoint((scene.options(stage)))
end

describe("config", function()
  describe("of one setting", function()
    it("takes the option before the environment before the profile before the default", function()
      local profile = "[default]\nregion = eu-west-1"
      local env = { AWS_REGION = "eu-west-2", AWS_DEFAULT_REGION = "eu-west-3" }
      local t = explained { config = profile, env = env, options = { region = "eu-north-1" } }
      assert.same({ value = "eu-north-1", origin = "option" }, t.region)
      t = explained { config = profile, env = env }
      assert.same({ value = "eu-west-2", origin = "AWS_REGION" }, t.region)
      env.AWS_REGION = false
      t = explained { config = profile, env = env }
      assert.same({ value = "eu-west-3", origin = "AWS_DEFAULT_REGION" }, t.region)
      env.AWS_DEFAULT_REGION = nil
      t = explained { config = profile, env = env }
      assert.same({ value = "eu-west-1", origin = "profile default in " .. CONFIG }, t.region)
    end)

    -- variable or key, its text, setting, value
    local variables = {
      { "AWS_MAX_ATTEMPTS", "5", "max_attempts", 5 },
      { "AWS_DISABLE_CLOCK_SKEW_CORRECTION", "True", "disable_clock_skew_correction", true },
      { "AWS_RETRY_MODE", "ADAPTIVE", "retry_mode", "adaptive" },
      { "AWS_DEFAULTS_MODE", "Mobile", "defaults_mode", "mobile" },
      { "AWS_USE_FIPS_ENDPOINT", "True", "use_fips_endpoint", true },
      { "AWS_USE_DUALSTACK_ENDPOINT", "tRUE", "use_dualstack_endpoint", true },
      { "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "TRUE", "ignore_configured_endpoint_urls", true },
      { "AWS_ENDPOINT_URL", "http://a", "endpoint_url", "http://a" },
      { "AWS_ENDPOINT_URL_DIRECT_CONNECT", "http://a", "endpoint_url", "http://a" },
      { "AWS_CA_BUNDLE", "~/ca.pem", "ca_bundle", "/home/me/ca.pem" },
      { "HTTPS_PROXY", "http://proxy:1", "proxy", "http://proxy:1" },
      { "https_proxy", "proxy:1", "proxy", "http://proxy:1" },
      { "NO_PROXY", "a,b", "no_proxy", "a,b" },
      { "no_proxy", "a,b", "no_proxy", "a,b" },
      { "AWS_SDK_UA_APP_ID", "portal", "sdk_ua_app_id", "portal" },
      { "AWS_EXECUTION_ENV", "AWS_Lambda", "execution_env", "AWS_Lambda" },
      { "AWS_CONFIG_FILE", "~/c", "config_file", "/home/me/c" },
      { "AWS_SHARED_CREDENTIALS_FILE", "/s", "shared_credentials_file", "/s" },
    }
    for _, case in ipairs(variables) do
      it("reads " .. case[1], function()
        local t = explained { env = { [case[1]] = case[2] } }
        assert.same({ value = case[4], origin = case[1] }, t[case[3]])
      end)
    end

    local keys = {
      { "max_attempts", "5", 5 }, { "retry_mode", "adaptive", "adaptive" }, { "defaults_mode", "auto", "auto" },
      { "use_fips_endpoint", "true", true }, { "use_dualstack_endpoint", "TRUE", true },
      { "ignore_configured_endpoint_urls", "true", true }, { "endpoint_url", "http://a", "http://a" },
      { "ca_bundle", "~/ca.pem", "/home/me/ca.pem" }, { "sdk_ua_app_id", "portal", "portal" },
    }
    for _, case in ipairs(keys) do
      it("reads the profile's " .. case[1], function()
        local t = explained { config = ("[default]\n%s = %s"):format(case[1], case[2]) }
        assert.same({ value = case[3], origin = "profile default in " .. CONFIG }, t[case[1]])
      end)
    end

    it("takes the lower case of a proxy's variables before the upper", function()
      local t = explained {
        env = { HTTPS_PROXY = "http://a", https_proxy = "http://b", NO_PROXY = "c", no_proxy = "d" },
      }
      assert.equal("http://b", t.proxy.value)
      assert.equal("d", t.no_proxy.value)
    end)

    it("counts what is blank as unset, in every layer", function()
      local t = explained {
        env = {
          AWS_REGION = " ", AWS_DEFAULT_REGION = "", AWS_MAX_ATTEMPTS = "", AWS_PROFILE = " ", AWS_CA_BUNDLE = "",
        },
        config = "[default]\nregion = eu-west-1\nretry_mode =",
        options = { region = "", profile = "", endpoint_url = " ", sdk_ua_app_id = "" },
      }
      assert.equal("profile default in " .. CONFIG, t.region.origin)
      assert.equal("default", t.profile.origin)
      assert.equal("default", t.max_attempts.origin)
      assert.equal("default", t.retry_mode.origin)
      assert.equal("default", t.endpoint_url.origin)
      assert.equal("default", t.ca_bundle.origin)
    end)

    it("checks only the layer that wins", function()
      local t = explained {
        env = { AWS_MAX_ATTEMPTS = "4", AWS_RETRY_MODE = "nonsense", AWS_REGION = "no region" },
        config = "[default]\nmax_attempts = many\nretry_mode = nonsense",
        options = { region = "eu-west-1", retry_mode = "adaptive" },
      }
      assert.equal(4, t.max_attempts.value)
    end)

    -- stage, what the message must say
    local bad = {
      { { env = { AWS_REGION = "bad_name" } }, "region", "AWS_REGION", "letters, digits and hyphens", '"bad_name"' },
      { { config = "[default]\nmax_attempts = 0" }, "max_attempts", "profile default in " .. CONFIG, "from 1 on" },
      { { env = { AWS_RETRY_MODE = "always" } }, "retry_mode", "AWS_RETRY_MODE", '"standard", "adaptive"', '"always"' },
      { { env = { AWS_DEFAULTS_MODE = "x" } }, "defaults_mode", "AWS_DEFAULTS_MODE", '"in-region"', '"x"' },
      { { env = { AWS_USE_FIPS_ENDPOINT = "yes" } }, "use_fips_endpoint", "AWS_USE_FIPS_ENDPOINT", "true or false" },
      { { options = { use_fips_endpoint = "true" } }, "use_fips_endpoint", "option", "true or false", '"true"' },
      { { options = { timeout = 0 } }, "timeout", "option", "above 0", "0" },
      { { options = { max_attempts = 1.5 } }, "max_attempts", "option", "whole number" },
      { { options = { region = {} } }, "region", "option", "a table" },
      { { options = { logger = "x" } }, "logger", "option", "a function" },
      { { options = { mfa_prompt = 1 } }, "mfa_prompt", "option", "a function" },
      { { options = { credentials = "x" } }, "credentials", "option", "table of keys" },
      { { options = { transport = "http" } }, "transport", "option", '"curl", "resty"' },
      { { options = { profile = 5 } }, "profile", "option", "a string" },
      { { env = { AWS_ENDPOINT_URL = "localhost:80" } }, "endpoint_url", "AWS_ENDPOINT_URL", "http://" },
      { { options = { proxy = "ftp://a" } }, "proxy", "option", "http://" },
    }
    for _, case in ipairs(bad) do
      it(("tells what is wrong with %s from %s"):format(case[2], case[3]), function()
        local err = scene.refused(case[1])
        assert.equal("config", err.kind)
        assert.equal("ConfigError", err.code)
        for i = 2, #case do
          assert.truthy(err.message:find(case[i], 1, true), err.message)
        end
      end)
    end

    it("repeats no line that slipped into another setting", function()
      for _, key in ipairs { "region", "retry_mode", "use_fips_endpoint", "services", "max_attempts" } do
        local err = scene.refused {
          env = { AWS_REGION = false }, config = ("[default]\n%s = x\n  aws_secret_access_key = hush"):format(key),
        }
        assert.equal("config", err.kind)
        assert.is_nil(scene.texts(err):find("hush", 1, true))
      end
    end)

    it("repeats nothing of a bad URL, which may hold a password", function()
      for _, stage in ipairs {
        { env = { HTTPS_PROXY = "http://me:hush@ proxy" } }, { options = { proxy = "ftp://me:hush@proxy" } },
        { env = { AWS_ENDPOINT_URL = "me:hush@x" } }, { options = { endpoint_url = "hush" } },
        { config = "[default]\nendpoint_url = hush" }, { options = { credentials = "hush" } },
      } do
        local err = scene.refused(stage)
        assert.is_nil(scene.texts(err):find("hush", 1, true))
      end
    end)
  end)

  it("names the nearest of an option that there is not", function()
    local err = scene.refused { options = { max_attempt = 3 } }
    assert.equal("ConfigError", err.code)
    assert.matches("max_attempt;.*max_attempts", err.message)
    err = scene.refused { options = { [1] = "us-east-1" } }
    assert.equal("ConfigError", err.code)
    err = scene.refused { options = { execution_env = "x" } }
    assert.equal("ConfigError", err.code)
  end)

  it("reports a missing region, with what to do", function()
    local err = scene.refused { env = { AWS_REGION = false } }
    assert.equal("config", err.kind)
    assert.equal("NoRegionError", err.code)
    assert.matches("AWS_REGION", err.message)
  end)

  describe("of the profile", function()
    local two = "[profile a]\nregion = eu-west-1\n[profile b]\nregion = eu-west-2\n[default]\nregion = eu-west-3"
    local env = { AWS_REGION = false }

    it("takes the option, then AWS_PROFILE, then AWS_DEFAULT_PROFILE, then default", function()
      local function region(more, profile)
        local all = { AWS_REGION = false }
        for name, value in pairs(more) do
          all[name] = value
        end
        return explained { env = all, config = two, options = { profile = profile } }.region.value
      end
      assert.equal("eu-west-1", region({ AWS_PROFILE = "b", AWS_DEFAULT_PROFILE = "b" }, "a"))
      assert.equal("eu-west-1", region { AWS_PROFILE = "a", AWS_DEFAULT_PROFILE = "b" })
      assert.equal("eu-west-2", region { AWS_DEFAULT_PROFILE = "b" })
      assert.equal("eu-west-3", region {})
    end)

    it("refuses one that is missing, and names it", function()
      local err = scene.refused { env = env, config = two, options = { profile = "c" } }
      assert.equal("ConfigError", err.code)
      assert.truthy(err.message:find('"c"', 1, true))
      assert.truthy(err.message:find("option", 1, true))
      assert.truthy(err.message:find(CONFIG, 1, true))
      err = scene.refused { env = { AWS_PROFILE = "d" } }
      assert.truthy(err.message:find('"d"', 1, true))
      assert.truthy(err.message:find("AWS_PROFILE", 1, true))
    end)

    it("needs no default profile", function()
      assert.equal("us-east-1", explained({}).region.value)
    end)

    it("reads files of other names", function()
      local t = explained {
        env = env,
        files = { ["/c"] = "[profile a]\nregion = eu-west-1", ["/home/me/s"] = "[a]\nretry_mode = adaptive" },
        options = { profile = "a", config_file = "/c", shared_credentials_file = "~/s" },
      }
      assert.equal("profile a in /c", t.region.origin)
      assert.equal("profile a in /home/me/s", t.retry_mode.origin)
    end)

    it("tells file and line of a malformed one, not what the line says", function()
      local err = scene.refused { config = "[default]\nregion = x\nhush hush" }
      assert.equal("ConfigError", err.code)
      assert.truthy(err.message:find(CONFIG .. ": line 3 ", 1, true))
      assert.is_nil(scene.texts(err):find("hush", 1, true))
    end)
  end)

  describe("of files", function()
    local folder

    before_each(function()
      folder = os.tmpname()
      os.remove(folder)
      shell.run("mkdir " .. folder)
    end)

    after_each(function()
      shell.run("rm -rf " .. folder)
    end)

    local function refused(options)
      options.region = "us-east-1"
      local client, err = dxconnect.client(options)
      assert.is_nil(client)
      assert.equal("ConfigError", err.code)
      return err.message
    end

    it("waits no longer than the time-out for a pipe that nobody writes to", function()
      shell.run("mkfifo " .. folder .. "/pipe")
      local message = refused { config_file = folder .. "/pipe", timeout = 0.1 }
      assert.truthy(message:find(folder .. "/pipe", 1, true))
      message = refused { ca_bundle = folder .. "/pipe", total_timeout = 0.1 }
      assert.truthy(message:find("ca_bundle (from option): " .. folder .. "/pipe", 1, true))
    end)

    it("reads a pipe that somebody writes to, and /dev/null, as any file", function()
      shell.run("mkfifo " .. folder .. "/pipe")
      shell.write(folder .. "/config", "[default]\nregion = eu-west-3\n")
      os.execute(("timeout 30 sh -c 'cat %s/config > %s/pipe' >/dev/null 2>&1 &"):format(folder, folder))
      local client = assert(dxconnect.client {
        config_file = folder .. "/pipe", shared_credentials_file = "/dev/null",
        system = { getenv = function() end },
      })
      assert.equal("eu-west-3", client:explain().region.value)
    end)

    it("refuses by name what has no end", function()
      assert.truthy(refused({ config_file = "/dev/zero" }):find("/dev/zero", 1, true))
      assert.truthy(refused({ ca_bundle = "/dev/zero" }):find("ca_bundle (from option): /dev/zero", 1, true))
    end)

    it("tells which bundle of certificates is of no use, and where it was named", function()
      assert.truthy(refused({ ca_bundle = folder }):find("ca_bundle (from option): " .. folder, 1, true))
      assert.truthy(refused({ ca_bundle = "/dev/null" }):find("no certificate", 1, true))
      local client, err = dxconnect.client {
        system = { getenv = function(name) return name == "AWS_CA_BUNDLE" and folder .. "/none" or nil end },
      }
      assert.is_nil(client)
      assert.truthy(err.message:find("ca_bundle (from AWS_CA_BUNDLE): " .. folder .. "/none", 1, true))
    end)

    it("tells of a file that can't be read, and of a section passed over, what follows from that", function()
      local stage = { config = "[network]\nregion = eu-west-1\n", options = { profile = "network" } }
      local err = scene.refused(stage)
      assert.matches('there is no profile "network"', err.message)
      assert.matches("line 1 of .* passes over %[network%]", err.message)
      stage.config = "[profile Network]\nregion = eu-west-1\n"
      assert.matches("did you mean Network%?", scene.refused(stage).message)
      local options = scene.options { env = { AWS_REGION = false } }
      options.system.read_file = function(path)
        return nil, path .. ": Permission denied"
      end
      local client
      client, err = dxconnect.client(options)
      assert.is_nil(client)
      assert.equal("NoRegionError", err.code)
      assert.truthy(err.message:find(CONFIG .. ": Permission denied", 1, true))
      options.region = "us-east-1"
      local found
      found, err = assert(dxconnect.client(options)):credentials()
      assert.is_nil(found)
      assert.truthy(err.message:find(CONFIG .. ": Permission denied", 1, true))
    end)
  end)

  describe("of proxies", function()
    it("takes a password with an @, and encodes what no URL may hold", function()
      local settings = assert(config.resolve((scene.options { env = { HTTPS_PROXY = "http://u:p@s%zz%41%4@h:3128" } })))
      assert.equal("http://u:p%40s%25zz%41%254@h:3128", settings.proxy)
      settings = assert(config.resolve((scene.options { env = { HTTPS_PROXY = "h:3128" } })))
      assert.equal("http://h:3128", settings.proxy)
    end)

    it("tells where a URL is from that can't be read, nothing of its password, and what would help", function()
      for _, password in ipairs { "hush#", "hush/", "hush?" } do
        local err = scene.refused { env = { HTTPS_PROXY = "http://user:" .. password .. "x@127.0.0.1:3128" } }
        assert.matches("^proxy %(from HTTPS_PROXY%)", err.message)
        assert.truthy(err.message:find("%23", 1, true))
        assert.is_nil(scene.texts(err):find("hush", 1, true))
      end
    end)
  end)

  describe("of endpoints", function()
    local services = "[default]\nservices = s\nendpoint_url = http://profile\n"
      .. "[services s]\ndirect_connect =\n  endpoint_url = http://services\nsts =\n  endpoint_url = http://sts"

    it("follows region, FIPS and dual stack", function()
      assert.equal("https://directconnect.us-east-1.amazonaws.com", endpoint {})
      assert.equal("https://directconnect-fips.us-gov-west-1.api.aws",
        endpoint { options = { region = "us-gov-west-1", use_fips_endpoint = true, use_dualstack_endpoint = true } })
      assert.equal("https://directconnect.cn-north-1.amazonaws.com.cn",
        endpoint { env = { AWS_REGION = "cn-north-1" } })
    end)

    it("needs no region where the URL is the user's own", function()
      local stage = { env = { AWS_REGION = false }, options = { endpoint_url = "http://own.example:8080" } }
      assert.equal("http://own.example:8080", endpoint(stage))
      assert.equal("NoRegionError", scene.refused(stage).code)
      stage.options.use_fips_endpoint = true
      assert.is_nil((endpoint(stage)))
      local url, err = endpoint { env = { AWS_REGION = false } }
      assert.is_nil(url)
      assert.equal("NoRegionError", err.code)
    end)

    it("takes FIPS from the old names of regions", function()
      for _, region in ipairs { "fips-us-east-1", "us-east-1-fips" } do
        assert.equal("https://directconnect-fips.us-east-1.amazonaws.com", endpoint { options = { region = region } })
        local t = explained { options = { region = region } }
        assert.equal("us-east-1", t.region.value)
        assert.same({ value = true, origin = "option" }, t.use_fips_endpoint)
      end
    end)

    it("forgets such a region's FIPS in a call to another one", function()
      local client, record = scene.client {
        answer = function() return { status = 200, body = "{}" } end,
        options = { region = "fips-us-east-1", credentials = { access_key_id = "AKID", secret_access_key = "s" } },
      }
      assert(client:describe_lags())
      assert(client:describe_lags({}, { region = "eu-west-1" }))
      assert.equal("https://directconnect-fips.us-east-1.amazonaws.com/", record.requests[1].url)
      assert.equal("https://directconnect.eu-west-1.amazonaws.com/", record.requests[2].url)
    end)

    it("takes a custom URL from option, environment, services section and profile, in this order", function()
      local env = { AWS_ENDPOINT_URL_DIRECT_CONNECT = "http://service", AWS_ENDPOINT_URL = "http://general" }
      assert.equal("http://option",
        endpoint { env = env, config = services, options = { endpoint_url = "http://option" } })
      assert.equal("http://service", endpoint { env = env, config = services })
      env.AWS_ENDPOINT_URL_DIRECT_CONNECT = nil
      assert.equal("http://general", endpoint { env = env, config = services })
      assert.equal("http://services", endpoint { config = services })
      assert.equal("http://profile", endpoint { config = (services:gsub("services = s\n", "")) })
    end)

    it("takes none but the option's where they are to be ignored", function()
      local env = { AWS_ENDPOINT_URL = "http://general", AWS_IGNORE_CONFIGURED_ENDPOINT_URLS = "True" }
      assert.equal("https://directconnect.us-east-1.amazonaws.com", endpoint { env = env, config = services })
      assert.equal("http://option", endpoint { env = env, options = { endpoint_url = "http://option" } })
      assert.equal("https://directconnect.us-east-1.amazonaws.com",
        endpoint { config = services, options = { ignore_configured_endpoint_urls = true } })
    end)

    it("names a services section that is missing", function()
      local found, err = endpoint { config = "[default]\nservices = nowhere" }
      assert.is_nil(found)
      assert.equal("ConfigError", err.code)
      assert.truthy(err.message:find("[services nowhere]", 1, true))
    end)

    it("refuses FIPS and dual stack with a custom URL, and tells where both are from", function()
      local _, err = endpoint { env = { AWS_ENDPOINT_URL = "http://a" }, options = { use_fips_endpoint = true } }
      assert.equal("ConfigError", err.code)
      assert.matches("use_fips_endpoint from option, endpoint_url from AWS_ENDPOINT_URL", err.message)
      _, err = endpoint { env = { AWS_USE_DUALSTACK_ENDPOINT = "true" }, options = { endpoint_url = "http://a" } }
      assert.matches("use_dualstack_endpoint from AWS_USE_DUALSTACK_ENDPOINT, endpoint_url from option", err.message)
    end)

    it("raises only for what is no table, with the caller's line", function()
      local raised, message = pcall(function() dxconnect.endpoint("us-east-1") end)
      assert.is_false(raised)
      assert.matches("^[^:]*init_spec.lua:%d+: dxconnect.endpoint", message)
    end)

    it("returns the error of other settings too", function()
      local found, err = endpoint { options = { regoin = "x" } }
      assert.is_nil(found)
      assert.matches("region", err.message)
    end)

    -- service, env, options, url, region to sign for
    local others = {
      { "sts", {}, {}, "https://sts.us-east-1.amazonaws.com" },
      { "sts", { AWS_ENDPOINT_URL_STS = "http://a" }, {}, "http://a" },
      { "sts", { AWS_ENDPOINT_URL = "http://a" }, {}, "http://a" },
      { "sts", {}, { endpoint_url = "http://mine-alone" }, "https://sts.us-east-1.amazonaws.com" },
      { "sts", {}, { use_fips_endpoint = true }, "https://sts-fips.us-east-1.amazonaws.com" },
      { "sts", {}, { use_dualstack_endpoint = true }, "https://sts.us-east-1.api.aws" },
      { "sts", {}, { region = "fips-us-east-1" }, "https://sts-fips.us-east-1.amazonaws.com" },
      { "sso", { AWS_ENDPOINT_URL_SSO = "http://a" }, {}, "http://a" },
      { "oidc", { AWS_ENDPOINT_URL_SSO_OIDC = "http://a" }, {}, "http://a" },
      { "signin", { AWS_ENDPOINT_URL_SIGNIN = "http://a" }, {}, "http://a" },
      { "signin", { AWS_ENDPOINT_URL_SSO = "http://a" }, {}, "https://us-east-1.signin.aws.amazon.com" },
    }
    for i, case in ipairs(others) do
      it(("finds %s at %s (%d)"):format(case[1], case[4], i), function()
        local settings = assert(config.resolve((scene.options { env = case[2], options = case[3] })))
        assert.equal(case[4], (config.service_url(settings, case[1])))
      end)
    end

    it("tells which service can't have FIPS at a custom URL", function()
      local settings = assert(config.resolve((scene.options {
        env = { AWS_ENDPOINT_URL_STS = "http://a" }, options = { use_fips_endpoint = true },
      })))
      local url, err = config.service_url(settings, "sts")
      assert.is_nil(url)
      assert.equal("ConfigError", err.code)
      assert.truthy(err.message:find("the endpoint of sts is from AWS_ENDPOINT_URL_STS", 1, true), err.message)
    end)

    it("finds the other services in the services section, and in a region of their own", function()
      local settings = assert(config.resolve((scene.options { config = services })))
      assert.equal("http://sts", (config.service_url(settings, "sts")))
      assert.equal("http://profile", (config.service_url(settings, "sso", "eu-west-1")))
      settings = assert(config.resolve((scene.options { options = { region = "fips-us-east-1" } })))
      local url, region = config.service_url(settings, "sso", "eu-west-1")
      assert.equal("https://portal.sso.eu-west-1.amazonaws.com", url)
      assert.equal("eu-west-1", region)
    end)
  end)

  describe("of time-outs", function()
    local function connect_timeout(mode, more)
      local env = { AWS_DEFAULTS_MODE = mode }
      for name, value in pairs(more or {}) do
        env[name] = value
      end
      return explained({ env = env }).connect_timeout.value
    end

    it("follows the defaults mode", function()
      assert.equal(10, connect_timeout("legacy"))
      assert.equal(3.1, connect_timeout("standard"))
      assert.equal(1.1, connect_timeout("in-region"))
      assert.equal(3.1, connect_timeout("cross-region"))
      assert.equal(30, connect_timeout("mobile"))
    end)

    it("guesses in mode auto from where it runs, without asking anybody", function()
      assert.equal(3.1, connect_timeout("auto"))
      assert.equal(1.1, connect_timeout("auto", { AWS_EXECUTION_ENV = "AWS_Lambda" }))
      local t = explained {
        env = { AWS_EXECUTION_ENV = "x", AWS_DEFAULTS_MODE = "auto" }, options = { region = "eu-west-1" },
      }
      assert.equal(3.1, t.connect_timeout.value)
    end)

    it("takes the option before it", function()
      assert.equal(5, explained({ options = { connect_timeout = 5, defaults_mode = "mobile" } }).connect_timeout.value)
    end)
  end)

  describe("of a single call", function()
    local function call(options)
      local client, record = scene.client {
        answer = function() return { status = 200, body = "{}" } end,
        options = { credentials = { access_key_id = "AKID", secret_access_key = "s" } },
      }
      local result, err = client:describe_lags({}, options)
      return result, err, record.requests[1]
    end

    it("lays its options over the client's", function()
      local _, _, request = call { region = "eu-west-1", use_fips_endpoint = true, timeout = 3 }
      assert.equal("https://directconnect-fips.eu-west-1.amazonaws.com/", request.url)
      assert.equal(3, request.timeout)
      _, _, request = call { endpoint_url = "http://localhost:9", region = "" }
      assert.equal("http://localhost:9/", request.url)
      assert.matches("/us%-east%-1/directconnect/", request.headers.authorization)
    end)

    it("checks them", function()
      local _, err, request = call { timeout = "3" }
      assert.equal("ConfigError", err.code)
      assert.matches("timeout", err.message)
      assert.is_nil(request)
      _, err = call { profile = "x" }
      assert.matches("profile can't be changed for a single call", err.message)
      _, err = call { use_fips_endpoint = true, endpoint_url = "http://a" }
      assert.equal("ConfigError", err.code)
    end)
  end)

  it("passes proxy, exceptions and trust on to the transport", function()
    local settings = assert(config.resolve((scene.options {
      env = { HTTPS_PROXY = "proxy:3128", NO_PROXY = "a.example" },
    })))
    assert.equal("http://proxy:3128", settings.proxy)
    assert.equal("a.example", settings.no_proxy)
    assert.is_true(settings.proxy_for_https_only)
    settings = assert(config.resolve((scene.options { options = { proxy = "proxy:3128", no_proxy = "b" } })))
    assert.equal("http://proxy:3128", settings.proxy)
    assert.equal("b", settings.no_proxy)
    assert.is_false(settings.proxy_for_https_only)
  end)

  it("sends nothing and runs nothing", function()
    local _, record = scene.client {
      config = "[default]\nrole_arn = r\ncredential_source = Ec2InstanceMetadata\ncredential_process = x",
    }
    assert.equal(0, #record.requests)
    assert.equal(0, #record.commands)
    assert.equal(0, #record.sleeps)
  end)

  it("reads nothing but the two files", function()
    local _, record = scene.client { env = { AWS_WEB_IDENTITY_TOKEN_FILE = "/t", AWS_ROLE_ARN = "r" } }
    assert.same({ CONFIG, "/home/me/.aws/credentials" }, record.read)
  end)
end)
