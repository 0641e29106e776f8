--- Where the services are: from region and flags to a URL, by AWS's published rules.
-- Pure. The table of partitions is all that changes from year to year; a region that no pattern knows counts as one of
-- the first partition.

local DEFAULT = "aws"

-- Patterns are tried in turn on regions that are not listed; `regions` are those that none fits.
local partitions = {
  {
    name = "aws", suffix = "amazonaws.com", dualstack = "api.aws", signin = "signin.aws.amazon.com",
    areas = { us = true, eu = true, ap = true, sa = true, ca = true, me = true, af = true, il = true, mx = true },
    regions = { ["aws-global"] = true },
  },
  {
    name = "aws-cn", suffix = "amazonaws.com.cn", dualstack = "api.amazonwebservices.com.cn",
    signin = "signin.amazonaws.cn", areas = { cn = true }, regions = { ["aws-cn-global"] = true },
  },
  {
    name = "aws-eusc", suffix = "amazonaws.eu", dualstack = "api.amazonwebservices.eu",
    prefix = "eusc%-de", regions = {},
  },
  {
    name = "aws-iso", suffix = "c2s.ic.gov", dualstack = "api.aws.ic.gov",
    prefix = "us%-iso", regions = { ["aws-iso-global"] = true },
  },
  {
    name = "aws-iso-b", suffix = "sc2s.sgov.gov", dualstack = "api.aws.scloud",
    prefix = "us%-isob", regions = { ["aws-iso-b-global"] = true },
  },
  {
    name = "aws-iso-e", suffix = "cloud.adc-e.uk", dualstack = "api.cloud-aws.adc-e.uk",
    prefix = "eu%-isoe", regions = { ["aws-iso-e-global"] = true },
  },
  {
    name = "aws-iso-f", suffix = "csp.hci.ic.gov", dualstack = "api.aws.hci.ic.gov",
    prefix = "us%-isof", regions = { ["aws-iso-f-global"] = true },
  },
  {
    name = "aws-us-gov", suffix = "amazonaws.com", dualstack = "api.aws", signin = "signin.amazonaws-us-gov.com",
    prefix = "us%-gov", regions = { ["aws-us-gov-global"] = true },
  },
}

local function fits(partition, region)
  if partition.regions[region] then
    return true
  elseif partition.prefix then
    return region:find("^" .. partition.prefix .. "%-[%w_]+%-%d+$") ~= nil
  end
  local area = region:match("^(%l%l)%-[%w_]+%-%d+$")
  return area ~= nil and partition.areas[area] == true
end

--- The partition of a region.
local function partition_of(region)
  for _, partition in ipairs(partitions) do
    if fits(partition, region) then
      return partition
    end
  end
  for _, partition in ipairs(partitions) do
    if partition.name == DEFAULT then
      return partition
    end
  end
end

-- The first label or labels of each service's hosts. In GovCloud some plain names are the FIPS ones.
local services = {
  directconnect = { host = "directconnect" },
  sts = { host = "sts", gov_is_fips = true },
  sso = { host = "portal.sso", gov_is_fips = true },
  oidc = { host = "oidc", gov_is_fips = true },
  signin = { host = "signin" },
}

--- The URL of a service.
-- @tparam string service "directconnect", "sts", "sso", "oidc" or "signin"
-- @tparam table where `{region, fips, dualstack, url}`; `url` is a custom endpoint
-- @treturn[1] string
-- @treturn[2] nil
-- @treturn[2] string message
local function url(service, where)
  local known = services[service]
  if where.url then
    if where.fips then
      return nil, "use_fips_endpoint can't be combined with a custom endpoint_url"
    elseif where.dualstack then
      return nil, "use_dualstack_endpoint can't be combined with a custom endpoint_url"
    end
    return where.url
  end
  local region = where.region
  local partition = partition_of(region)
  local host = known.host
  if service == "signin" and partition.signin and not where.fips and not where.dualstack then
    return ("https://%s.%s"):format(region, partition.signin)
  elseif service == "sts" and region == "aws-global" and not where.fips and not where.dualstack then
    return "https://sts.amazonaws.com", nil, "us-east-1"
  end
  local is_gov_exception = known.gov_is_fips and partition.name == "aws-us-gov" and not where.dualstack
  if where.fips and not is_gov_exception then
    host = host .. "-fips"
  end
  return ("https://%s.%s.%s"):format(host, region, where.dualstack and partition.dualstack or partition.suffix)
end

return {
  url = url,
  partition_of = partition_of,
}
