--- The locations where ports can be, and what they offer.
-- Real ones for the larger regions, two made-up ones for every other region. A location of any region is
-- accepted in every region, since tests name the ones that they know.

local ALL_SPEEDS = { "1Gbps", "10Gbps", "100Gbps", "400Gbps" }
local MAC_SEC_SPEEDS = { "10Gbps", "100Gbps", "400Gbps" }
local SMALL_SPEEDS = { "1Gbps", "10Gbps" }

local providers = { "AT&T", "Equinix", "Lumen", "Megaport", "NTT", "PacketFabric", "Zayo" }
local modes = { "PayAsYouGo", "FlatRateTier1", "FlatRateTier2", "FlatRateTier3", "FlatRateTier4", "FlatRateTier5" }

-- Code and name; those marked as small have neither 100 Gbps nor MACsec.
local listed = {
  ["us-east-1"] = {
    { "EqDC2", "Equinix DC2/DC11, Ashburn, VA" }, { "CSVA1", "CoreSite VA1, Reston, VA" },
    { "EQNY5", "Equinix NY5, Secaucus, NJ" }, { "CSNY1", "CoreSite NY1, New York, NY", "small" },
  },
  ["us-east-2"] = {
    { "COL01", "Cologix COL2, Columbus, OH" }, { "EqCH2", "Equinix CH2, Chicago, IL" },
    { "QTSC1", "QTS, Chicago, IL", "small" },
  },
  ["us-west-1"] = {
    { "EqSV5", "Equinix SV5, San Jose, CA" }, { "CSSV4", "CoreSite SV4, Santa Clara, CA" },
    { "EQSV1", "Equinix SV1, San Jose, CA", "small" },
  },
  ["us-west-2"] = {
    { "EqSE2", "Equinix SE2, Seattle, WA" }, { "TIER5", "EdgeConneX, Portland, OR" },
    { "PBOR1", "Pittock Block, Portland, OR", "small" },
  },
  ["ca-central-1"] = { { "EqTR2", "Equinix TR2, Toronto" }, { "CLOMT", "Cologix MTL3, Montreal", "small" } },
  ["sa-east-1"] = { { "TIVIT", "Tivit, Sao Paulo" }, { "EqSP3", "Equinix SP3, Sao Paulo", "small" } },
  ["eu-central-1"] = {
    { "EqFA5", "Equinix FR5, Frankfurt" }, { "IXFRA", "Interxion FRA6, Frankfurt" },
    { "EqMU1", "Equinix MU1, Munich", "small" },
  },
  ["eu-west-1"] = {
    { "EIRDB", "Eircom Clonshaugh, Dublin" }, { "IXDB1", "Interxion DUB2, Dublin", "small" },
  },
  ["eu-west-2"] = {
    { "EqLD5", "Equinix LD5, Slough" }, { "TELHN", "Telehouse North, London" },
    { "TCLD1", "Telecity, London", "small" },
  },
  ["eu-west-3"] = { { "TLHPA", "Telehouse Voltaire, Paris" }, { "IXPAR", "Interxion PAR7, Paris", "small" } },
  ["eu-north-1"] = { { "IXSTO", "Interxion STO1, Stockholm" }, { "EqSK1", "Equinix SK1, Stockholm", "small" } },
  ["ap-southeast-1"] = { { "EqSG2", "Equinix SG2, Singapore" }, { "GSSG1", "Global Switch, Singapore", "small" } },
  ["ap-southeast-2"] = { { "EqSY3", "Equinix SY3, Sydney" }, { "GSSY1", "Global Switch SY6, Sydney", "small" } },
  ["ap-northeast-1"] = { { "EqTY2", "Equinix TY2, Tokyo" }, { "ATTKY", "AT Tokyo Chuo, Tokyo", "small" } },
  ["ap-south-1"] = { { "GPXM1", "GPX, Mumbai" }, { "STTCH", "STT DC2, Chennai", "small" } },
}

local known = {}

local function billing_modes(region, speeds)
  local list = {}
  for i, mode in ipairs(modes) do
    list[i] = { billingMode = mode, availablePortSpeeds = speeds, includedRegions = { region } }
  end
  return list
end

local function location(region, entry)
  local is_small = entry[3] == "small"
  local speeds = is_small and SMALL_SPEEDS or ALL_SPEEDS
  return {
    locationCode = entry[1],
    locationName = entry[2],
    region = region,
    availablePortSpeeds = speeds,
    availableProviders = providers,
    availableMacSecPortSpeeds = is_small and {} or MAC_SEC_SPEEDS,
    availableBillingModes = billing_modes(region, speeds),
  }
end

for region, entries in pairs(listed) do
  for _, entry in ipairs(entries) do
    known[entry[1]] = location(region, entry)
  end
end

local locations = {}

--- The locations of a region; the first offers everything.
-- @tparam string region
-- @treturn table list of Location
function locations.of(region)
  local entries = listed[region]
  if not entries then
    local code = region:upper():gsub("%W", "")
    entries = {
      { code .. "A", "Emulated location A of " .. region },
      { code .. "B", "Emulated location B of " .. region, "small" },
    }
  end
  local list = {}
  for i, entry in ipairs(entries) do
    list[i] = location(region, entry)
  end
  return list
end

--- A location by its code; nil where there is none.
function locations.find(region, code)
  if known[code] then
    return known[code]
  end
  for _, one in ipairs(locations.of(region)) do
    if one.locationCode == code then
      return one
    end
  end
end

return locations
