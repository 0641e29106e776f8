--- The seed "estate": what a company of some size has. Two locations with two dedicated connections each, on devices of
-- their own, one pair of them in a LAG; MACsec keys; private, transit and public interfaces; gateways and what they
-- join; a resiliency group.

local locations = require "dxconnect.emulator.locations"

local estate = {}

local function tags(env)
  return { { key = "env", value = env }, { key = "team", value = "network" } }
end

--- The resources, by kind.
-- @tparam string region
-- @treturn table
function estate.resources(region)
  local choice = locations.of(region)
  local first, second = choice[1].locationCode, choice[2].locationCode
  local function connection(id, name, location, device, more)
    local record = {
      connectionId = id, connectionName = name, location = location, bandwidth = "10Gbps", awsDevice = device,
      awsDeviceV2 = device, awsLogicalDeviceId = device, region = region, tags = tags "prod",
    }
    for member, value in pairs(more or {}) do
      record[member] = value
    end
    return record
  end
  local function key(digit)
    return { ckn = digit:rep(64), state = "associated", startOn = "2026-01-15T08:00:00Z" }
  end
  local device_one, device_two = first .. "-1a2b3c", first .. "-4d5e6f"
  local device_three, device_four = second .. "-7a8b9c", second .. "-0d1e2f"
  local core, lab = "11111111-aaaa-4bbb-8ccc-000000000001", "22222222-aaaa-4bbb-8ccc-000000000002"
  return {
    lag = {
      {
        lagId = "dxlag-estate01", lagName = "core-lag", location = first, connectionsBandwidth = "10Gbps",
        minimumLinks = 1, region = region, macSecCapable = true, encryptionMode = "must_encrypt",
        macSecKeys = { key "a", key "b" }, awsDevice = device_one, awsDeviceV2 = device_one,
        awsLogicalDeviceId = device_one, tags = tags "prod",
      },
    },
    connection = {
      connection("dxcon-estate01", "core-lag-1", first, device_one, {
        lagId = "dxlag-estate01", macSecCapable = true,
      }),
      connection("dxcon-estate02", "core-lag-2", first, device_one, {
        lagId = "dxlag-estate01", macSecCapable = true,
      }),
      connection("dxcon-estate03", "core-second-device", first, device_two, {
        macSecCapable = true, macSecKeys = { key "c" },
      }),
      connection("dxcon-estate04", "backup-1", second, device_three),
      connection("dxcon-estate05", "backup-2", second, device_four, { tags = tags "test" }),
    },
    gateway = {
      { directConnectGatewayId = core, directConnectGatewayName = "core", amazonSideAsn = 64512 },
      { directConnectGatewayId = lab, directConnectGatewayName = "lab", amazonSideAsn = 64513 },
    },
    gateway_association = {
      {
        associationId = "33333333-aaaa-4bbb-8ccc-000000000003", directConnectGatewayId = core,
        associatedGateway = { id = "vgw-0e57a7e1" },
        allowedPrefixesToDirectConnectGateway = { { cidr = "10.10.0.0/16" } },
      },
      {
        associationId = "44444444-aaaa-4bbb-8ccc-000000000004", directConnectGatewayId = lab,
        associatedGateway = { id = "tgw-0e57a7e2" },
        allowedPrefixesToDirectConnectGateway = { { cidr = "10.20.0.0/16" }, { cidr = "10.21.0.0/16" } },
      },
    },
    virtual_private_gateway = { { virtualGatewayId = "vgw-0e57a7e1" } },
    virtual_interface = {
      {
        virtualInterfaceId = "dxvif-estate01", virtualInterfaceName = "core-primary", connectionId = "dxlag-estate01",
        vlan = 101, asn = 65001, directConnectGatewayId = core, region = region, tags = tags "prod",
      },
      {
        virtualInterfaceId = "dxvif-estate02", virtualInterfaceName = "core-second",
        connectionId = "dxcon-estate03", vlan = 102, asn = 65001, directConnectGatewayId = core, region = region,
        tags = tags "prod",
      },
      {
        virtualInterfaceId = "dxvif-estate03", virtualInterfaceName = "core-backup",
        connectionId = "dxcon-estate04", vlan = 103, asn = 65001, directConnectGatewayId = core, region = region,
        tags = tags "prod",
      },
      {
        virtualInterfaceId = "dxvif-estate04", virtualInterfaceName = "lab", connectionId = "dxcon-estate05",
        virtualInterfaceType = "transit", vlan = 201, asnLong = 4200000001, directConnectGatewayId = lab,
        mtu = 8500, region = region, tags = tags "test",
      },
      {
        virtualInterfaceId = "dxvif-estate05", virtualInterfaceName = "public", connectionId = "dxcon-estate04",
        virtualInterfaceType = "public", vlan = 301, asn = 65001, amazonAddress = "203.0.113.1/30",
        customerAddress = "203.0.113.2/30", routeFilterPrefixes = { { cidr = "198.51.100.0/24" } }, region = region,
      },
    },
    resiliency_group = {
      {
        resiliencyGroupId = "dxrg-estate00000000001", resiliencyGroupName = "core",
        connectionIdentifiers = { "dxcon-estate03", "dxcon-estate04" },
      },
    },
  }
end

return estate
