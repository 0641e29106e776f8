--- Where the services are: from region and flags to a URL, by AWS's published rules.
-- Pure. The table of partitions is all that changes from year to year.

-- A region is of the partition whose prefix it has, or that lists it; any other, known or not, is of the first one.
local partitions = {
  {
    name = "aws", suffix = "amazonaws.com", dualstack = "api.aws", signin = "signin.aws.amazon.com",
  },
  {
    name = "aws-cn", suffix = "amazonaws.com.cn", dualstack = "api.amazonwebservices.com.cn",
    signin = "signin.amazonaws.cn", prefix = "cn", global = "aws-cn-global",
  },
  {
    name = "aws-eusc", suffix = "amazonaws.eu", dualstack = "api.amazonwebservices.eu", prefix = "eusc%-de",
  },
  {
    name = "aws-iso", suffix = "c2s.ic.gov", dualstack = "api.aws.ic.gov", prefix = "us%-iso",
    global = "aws-iso-global",
  },
  {
    name = "aws-iso-b", suffix = "sc2s.sgov.gov", dualstack = "api.aws.scloud", prefix = "us%-isob",
    global = "aws-iso-b-global",
  },
  {
    name = "aws-iso-e", suffix = "cloud.adc-e.uk", dualstack = "api.cloud-aws.adc-e.uk", prefix = "eu%-isoe",
    global = "aws-iso-e-global",
  },
  {
    name = "aws-iso-f", suffix = "csp.hci.ic.gov", dualstack = "api.aws.hci.ic.gov", prefix = "us%-isof",
    global = "aws-iso-f-global",
  },
  {
    name = "aws-us-gov", suffix = "amazonaws.com", dualstack = "api.aws", signin = "signin.amazonaws-us-gov.com",
    prefix = "us%-gov", global = "aws-us-gov-global",
  },
}

--- The partition of a region.
-- @tparam string region
-- @treturn table
local function partition_of(region)
  for _, partition in ipairs(partitions) do
    local prefix = partition.prefix
    if region == partition.global or prefix and region:find("^" .. prefix .. "%-[%w_]+%-%d+$") then
      return partition
    end
  end
  return partitions[1]
end

-- The first label or labels of a service's hosts, where these are not its name. In GovCloud some plain names are the
-- FIPS ones.
local services = {
  sts = { host = "sts", gov_is_fips = true },
  sso = { host = "portal.sso", gov_is_fips = true },
  oidc = { host = "oidc", gov_is_fips = true },
}

--- The URL of a service.
-- @tparam string service its name, "sso" and "oidc" for those of single sign-on
-- @tparam table where `{region, fips, dualstack, url}`; `url` is a custom endpoint
-- @treturn[1] string
-- @treturn[2] nil
-- @treturn[2] string message
local function url(service, where)
  local known = services[service] or { host = service }
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
