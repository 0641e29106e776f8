local options = require "dxconnect.config.options"

local function taken(name, value)
  return options.by_name[name].type.check(value)
end

local function read(name, text)
  return options.by_name[name].type.read(text)
end

describe("options", function()
  it("has the options of the public interface, and those alone, to be given", function()
    local expected = {
      "ca_bundle", "config_file", "confirm", "connect_timeout", "credentials", "defaults_mode",
      "disable_clock_skew_correction", "duration_seconds", "endpoint_url", "external_id",
      "ignore_configured_endpoint_urls", "logger", "max_attempts", "mfa_prompt", "no_proxy", "profile",
      "proxy", "region", "retry_mode", "role_arn", "role_session_name", "sdk_ua_app_id",
      "shared_credentials_file", "system", "timeout", "total_timeout", "transport", "use_dualstack_endpoint",
      "use_fips_endpoint",
    }
    local names = {}
    for i, name in ipairs(options.names) do
      names[i] = name
    end
    table.sort(names)
    assert.same(expected, names)
  end)

  it("says of each what it does, what is allowed and what kind it is", function()
    for _, entry in ipairs(options.list) do
      assert.is_string(entry.about)
      assert.is_string(entry.type.allowed)
      assert.is_function(entry.type.check)
      assert.is_string(entry.type_name)
      if entry.default ~= nil then
        assert.is_not_nil(entry.type.check(entry.default), entry.name)
      end
    end
  end)

  it("takes names of regions that can be a host's label", function()
    for _, name in ipairs { "us-east-1", "mars-1", "US-East-1", "a", ("x"):rep(63), "1-a" } do
      assert.equal(name, taken("region", name))
    end
    for _, name in ipairs { "", "-a", "a-", "a.b", "a_b", "a b", "a/b", "123", ("x"):rep(64), "é", 5, true } do
      assert.is_nil(taken("region", name))
    end
  end)

  it("takes URLs of http and https that name a host", function()
    for _, url in ipairs { "http://a", "HTTPS://a:1/b?c", "http://[::1]:8080" } do
      assert.equal(url, taken("endpoint_url", url))
    end
    for _, url in ipairs { "", "a", "a:80", "ftp://a", "http://", "https:///x", "http://a b", "http://?" } do
      assert.is_nil(taken("endpoint_url", url))
    end
  end)

  it("reads true and false in any case", function()
    assert.is_true(read("use_fips_endpoint", "TrUe"))
    assert.is_false(read("use_fips_endpoint", "FALSE"))
    for _, text in ipairs { "yes", "1", "0", "on", "truee" } do
      assert.is_nil(read("use_fips_endpoint", text))
    end
    assert.is_nil(taken("use_fips_endpoint", "true"))
    assert.is_nil(taken("use_fips_endpoint", 1))
  end)

  it("takes whole numbers of attempts from 1 on", function()
    assert.equal(3, taken("max_attempts", read("max_attempts", " 3 ")))
    assert.equal("3", tostring(taken("max_attempts", 3.0)))
    for _, value in ipairs { 0, -1, 1.5, 2 ^ 31, 1 / 0, 0 / 0, "3" } do
      assert.is_nil(taken("max_attempts", value))
    end
    for _, text in ipairs { "x", "0x10", "1e3", "-1", "3s" } do
      assert.is_nil(read("max_attempts", text))
    end
  end)

  it("takes seconds above 0", function()
    assert.equal(0.5, taken("timeout", 0.5))
    for _, huge in ipairs { 2 ^ 31, 2 ^ 63, 1e300 } do
      assert.equal(2147483, taken("timeout", huge))
    end
    for _, value in ipairs { 0, -1, 1 / 0, 0 / 0, "5" } do
      assert.is_nil(taken("timeout", value))
    end
  end)

  it("takes ports up to 65535, in URLs that have a host", function()
    for _, url in ipairs { "http://h", "HTTPS://h:65535/x?y", "http://[::1]:8080", "http://u:p@h" } do
      assert.equal(url, taken("endpoint_url", url))
    end
    for _, url in ipairs {
      "http://h:65536", "http://h:2147483648", "http://h:0", "http://", "http:///x", "h", "ftp://h", "http://h /",
      "http://u:p/w@h", "http://[::1", 5,
    } do
      assert.is_nil(taken("endpoint_url", url))
    end
  end)

  it("takes what the Security Token Service takes of a role", function()
    assert.equal(900, taken("duration_seconds", 900))
    for _, value in ipairs { 899, 43201, 900.5, 2 ^ 31, "900" } do
      assert.is_nil(taken("duration_seconds", value))
    end
    assert.equal("a@b", taken("role_session_name", "a@b"))
    for _, value in ipairs { "a", "a b", ("x"):rep(65), 5 } do
      assert.is_nil(taken("role_session_name", value))
    end
    for _, value in ipairs { "a", ("x"):rep(1225), "a\n", 5 } do
      assert.is_nil(taken("external_id", value))
    end
    assert.is_string(taken("role_arn", "arn:aws-us-gov:iam::111122223333:role/path/net"))
    for _, value in ipairs { "net", "arn:aws:iam::111122223333:user/net", 5 } do
      assert.is_nil(taken("role_arn", value))
    end
  end)

  it("reads words in any case", function()
    assert.equal("adaptive", read("retry_mode", "Adaptive"))
    assert.equal("standard", read("retry_mode", "legacy"))
    assert.is_nil(read("retry_mode", "off"))
    assert.is_nil(taken("retry_mode", "legacy"))
    assert.equal("in-region", read("defaults_mode", "IN-REGION"))
    assert.equal("ipv6", read("ec2_metadata_service_endpoint_mode", "IPv6"))
  end)

  it("names every variable that is read anywhere", function()
    local is_named = {}
    for _, name in ipairs(options.variables()) do
      is_named[name] = true
    end
    local pipe = assert(io.popen("cat lua/dxconnect/*.lua lua/dxconnect/config/*.lua lua/dxconnect/credentials/*.lua"))
    local source = pipe:read("*a")
    pipe:close()
    for name in source:gmatch('"(AWS_[%u%d_]+)"') do
      if name ~= "AWS_ENDPOINT_URL_" then
        assert.is_true(is_named[name], name)
      end
    end
    for _, name in ipairs { "HOME", "HTTPS_PROXY", "no_proxy", "AWS_ENDPOINT_URL_SIGNIN" } do
      assert.is_true(is_named[name], name)
    end
  end)
end)
