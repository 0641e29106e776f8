--- Which accounts are Direct Connect partners, and what they may host.
-- A partner of the first type hosts connections below 1 Gbps, one of the second type those from 1 Gbps up. The option
-- `credentials` may give an account's type as `partner`. One whose type isn't given can be either: the first call that
-- tells decides, from then on it stays.

local service_error = require "dxconnect.emulator.service_error"

local NO_PARTNER = "nonPartner"

local bandwidths = {
  v1 = { "50Mbps", "100Mbps", "200Mbps", "300Mbps", "400Mbps", "500Mbps" },
  v2 = { "1Gbps", "2Gbps", "5Gbps", "10Gbps", "25Gbps" },
}
local sets = { v1 = {}, v2 = {} }
for partner_type, list in pairs(bandwidths) do
  for _, bandwidth in ipairs(list) do
    sets[partner_type][bandwidth] = true
  end
end

local partners = {}

--- The type of the account that asks: "v1", "v2" or "nonPartner".
-- @tparam table world
-- @tparam[opt] string wanted the type that it gets where none is told
function partners.type_of(world, wanted)
  local known = world.state.partners
  if not known[world.account] and wanted then
    known[world.account] = wanted
  end
  return known[world.account]
end

--- Raises where the account that asks is no partner.
function partners.check(world)
  if world.state.partners[world.account] == NO_PARTNER then
    service_error.client("Account %s is not an authorized Direct Connect partner", world.account)
  end
end

--- Raises where the account that asks can't host connections of a bandwidth.
-- @tparam table world
-- @tparam string bandwidth
function partners.check_bandwidth(world, bandwidth)
  partners.check(world)
  local wanted = sets.v1[bandwidth] and "v1" or sets.v2[bandwidth] and "v2"
  if not wanted then
    service_error.client("Bandwidth %s is not available for hosted connections", bandwidth)
  end
  local kind = partners.type_of(world, wanted)
  if kind ~= wanted then
    service_error.client("Bandwidth %s is not available for hosted connections of account %s, a %s partner: it can "
      .. "allocate %s", bandwidth, world.account, kind, table.concat(bandwidths[kind], ", "))
  end
end

--- Whether the account that asks is a partner for sure: by its type, or because it has an interconnect.
function partners.is_partner(world)
  local kind = world.state.partners[world.account]
  if kind then
    return kind ~= NO_PARTNER
  end
  for interconnect in world:list("interconnect"):each() do
    if world:is_own(interconnect) then
      return true
    end
  end
  return false
end

return partners
