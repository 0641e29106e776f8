local endpoint = require "dxconnect.endpoint"

local function url(service, region, fips, dualstack, custom)
  return endpoint.url(service, { region = region, fips = fips, dualstack = dualstack, url = custom })
end

describe("endpoint", function()
  -- partition: a region that is listed, one that only its pattern knows, suffix, suffix of dual stack
  local partitions = {
    { "aws", "us-east-1", "mx-middle_1-99", "amazonaws.com", "api.aws" },
    { "aws-cn", "cn-north-1", "cn-new-7", "amazonaws.com.cn", "api.amazonwebservices.com.cn" },
    { "aws-eusc", "eusc-de-east-1", "eusc-de-new-2", "amazonaws.eu", "api.amazonwebservices.eu" },
    { "aws-iso", "us-iso-east-1", "us-iso-new-2", "c2s.ic.gov", "api.aws.ic.gov" },
    { "aws-iso-b", "us-isob-east-1", "us-isob-new-2", "sc2s.sgov.gov", "api.aws.scloud" },
    { "aws-iso-e", "eu-isoe-west-1", "eu-isoe-new-2", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk" },
    { "aws-iso-f", "us-isof-south-1", "us-isof-new-2", "csp.hci.ic.gov", "api.aws.hci.ic.gov" },
    { "aws-us-gov", "us-gov-west-1", "us-gov-new-2", "amazonaws.com", "api.aws" },
  }
  for _, partition in ipairs(partitions) do
    local name, listed, new, suffix, dualstack = partition[1], partition[2], partition[3], partition[4], partition[5]
    it("has the hosts of " .. name, function()
      for _, region in ipairs { listed, new } do
        assert.equal(name, endpoint.partition_of(region).name)
        local plain, fips = "https://directconnect." .. region .. ".", "https://directconnect-fips." .. region .. "."
        assert.equal(plain .. suffix, url("directconnect", region, false, false))
        assert.equal(plain .. dualstack, url("directconnect", region, false, true))
        assert.equal(fips .. suffix, url("directconnect", region, true, false))
        assert.equal(fips .. dualstack, url("directconnect", region, true, true))
      end
    end)
  end

  it("counts regions that nobody knows as those of the first partition", function()
    for _, region in ipairs { "mars-1", "local", "us-east-1a", "u-s-1", "US-EAST-1", "us-iso-x", "eusc-fr-a-1" } do
      assert.equal(("https://directconnect.%s.amazonaws.com"):format(region), url("directconnect", region))
    end
  end)

  it("knows the global pseudo regions", function()
    for _, name in ipairs { "aws", "aws-cn", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-us-gov" } do
      assert.equal(name, endpoint.partition_of(name .. "-global").name)
    end
  end)

  -- service, region, fips, dual stack, url
  local others = {
    { "sts", "eu-west-1", false, false, "https://sts.eu-west-1.amazonaws.com" },
    { "sts", "eu-west-1", true, true, "https://sts-fips.eu-west-1.api.aws" },
    { "sts", "us-gov-west-1", true, false, "https://sts.us-gov-west-1.amazonaws.com" },
    { "sts", "us-gov-west-1", true, true, "https://sts-fips.us-gov-west-1.api.aws" },
    { "sts", "us-iso-east-1", true, false, "https://sts-fips.us-iso-east-1.c2s.ic.gov" },
    { "sts", "aws-global", false, true, "https://sts.aws-global.api.aws" },
    { "sso", "eu-west-1", false, false, "https://portal.sso.eu-west-1.amazonaws.com" },
    { "sso", "eu-west-1", true, false, "https://portal.sso-fips.eu-west-1.amazonaws.com" },
    { "sso", "us-gov-east-1", true, false, "https://portal.sso.us-gov-east-1.amazonaws.com" },
    { "oidc", "cn-north-1", false, true, "https://oidc.cn-north-1.api.amazonwebservices.com.cn" },
    { "oidc", "us-gov-east-1", true, false, "https://oidc.us-gov-east-1.amazonaws.com" },
    { "signin", "us-east-1", false, false, "https://us-east-1.signin.aws.amazon.com" },
    { "signin", "cn-north-1", false, false, "https://cn-north-1.signin.amazonaws.cn" },
    { "signin", "us-gov-west-1", false, false, "https://us-gov-west-1.signin.amazonaws-us-gov.com" },
    { "signin", "us-iso-east-1", false, false, "https://signin.us-iso-east-1.c2s.ic.gov" },
    { "signin", "us-east-1", true, false, "https://signin-fips.us-east-1.amazonaws.com" },
    { "signin", "us-gov-west-1", false, true, "https://signin.us-gov-west-1.api.aws" },
  }
  for _, case in ipairs(others) do
    local service, region, fips, dualstack = case[1], case[2], tostring(case[3]), tostring(case[4])
    it(("has %s in %s, FIPS %s, dual stack %s"):format(service, region, fips, dualstack), function()
      assert.equal(case[5], url(case[1], case[2], case[3], case[4]))
    end)
  end

  it("signs for us-east-1 at the global STS", function()
    local found, message, signing_region = url("sts", "aws-global", false, false)
    assert.equal("https://sts.amazonaws.com", found)
    assert.is_nil(message)
    assert.equal("us-east-1", signing_region)
  end)

  it("takes a custom URL as it is, and refuses to make it FIPS or dual stack", function()
    assert.equal("http://localhost:1/x", url("directconnect", "us-east-1", false, false, "http://localhost:1/x"))
    local found, message = url("sts", "us-east-1", true, false, "http://localhost:1")
    assert.is_nil(found)
    assert.matches("use_fips_endpoint", message)
    found, message = url("sts", "us-east-1", false, true, "http://localhost:1")
    assert.is_nil(found)
    assert.matches("use_dualstack_endpoint", message)
  end)
end)
