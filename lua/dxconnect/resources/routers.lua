--- The router types that the service writes configurations for, as data. It has no operation that lists them: these are
-- the ones that are known, with the members of its RouterType.

local types = require "dxconnect.text.types"

local CISCO, JUNIPER, PALO_ALTO = "Cisco Systems, Inc.", "Juniper Networks, Inc.", "Palo Alto Networks"

local routers = {}

-- One router type: whether a template with MACsec is known of it comes last.
local function add(identifier, vendor, platform, software, template, has_mac_sec)
  routers[#routers + 1] = types.mark({
    routerTypeIdentifier = identifier,
    vendor = vendor,
    platform = platform,
    software = software,
    xsltTemplateName = template .. ".xslt",
    xsltTemplateNameForMacSec = has_mac_sec and template .. "-macsec.xslt" or "",
  }, "RouterType")
end

add("CiscoSystemsInc-2900SeriesRouters-IOS124", CISCO, "2900 Series Routers", "IOS 12.4+",
  "customer-router-cisco-generic")
add("CiscoSystemsInc-3700SeriesRouters-IOS124", CISCO, "3700 Series Routers", "IOS 12.4+",
  "customer-router-cisco-generic")
add("CiscoSystemsInc-7200SeriesRouters-IOS124", CISCO, "7200 Series Routers", "IOS 12.4+",
  "customer-router-cisco-generic")
add("CiscoSystemsInc-Nexus7000SeriesSwitches-NXOS51", CISCO, "Nexus 7000 Series Switches", "NX-OS 5.1+",
  "customer-switch-cisco-nexus-generic")
add("CiscoSystemsInc-Nexus9KSeriesSwitches-NXOS93", CISCO, "Nexus 9K+ Series Switches", "NX-OS 9.3+",
  "customer-switch-cisco-nexus-generic", true)
add("JuniperNetworksInc-MMXSeriesRouters-JunOS95", JUNIPER, "M/MX Series Routers", "JunOS 9.5+",
  "customer-router-juniper-generic", true)
add("JuniperNetworksInc-SRXSeriesRouters-JunOS95", JUNIPER, "SRX Series Routers", "JunOS 9.5+",
  "customer-router-juniper-generic")
add("JuniperNetworksInc-TSeriesRouters-JunOS95", JUNIPER, "T Series Routers", "JunOS 9.5+",
  "customer-router-juniper-generic")
add("PaloAltoNetworks-PA3000and5000series-PANOS803", PALO_ALTO, "PA-3000+ and 5000+ series", "PAN-OS 8.0.3+",
  "customer-router-palo-alto-generic")

return setmetatable(routers, types.list("router types", {
  columns = { "routerTypeIdentifier", "vendor", "platform", "software" },
}))
