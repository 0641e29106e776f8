--- The answers that the benchmark's server gives, of the sizes that the table names, and the calls that get them.
-- Values differ from item to item as those of an account do: identifiers, names and addresses always, the rest seldom.

local answers = {}

local function quoted(pairs_of)
  local parts = {}
  for i = 1, #pairs_of, 2 do
    local value = pairs_of[i + 1]
    value = type(value) == "string" and '"' .. value .. '"' or tostring(value)
    parts[#parts + 1] = ('"%s":%s'):format(pairs_of[i], value)
  end
  return "{" .. table.concat(parts, ",") .. "}"
end

-- Something that is written as it stands: a list or an object.
local raw_mt = {
  __tostring = function(self)
    return self.text
  end,
}

local function raw(text)
  return setmetatable({ text = text }, raw_mt)
end

local function list(...)
  return raw("[" .. table.concat({ ... }, ",") .. "]")
end

-- Pads the text of a member, whose mark is in the JSON, up to `size` bytes.
local function padded(json, size)
  local missing = size - (#json - #"@")
  assert(missing >= 0, "the answer is larger than it may be")
  return (json:gsub("@", ("x"):rep(missing)))
end

-- How often n fits in i.
local function part(i, n)
  return math.floor(i / n)
end

local locations = { "EqDC2", "EqSe2-EQ", "TCSH", "CoreSite VA1" }
local owners = { "111122223333", "444455556666" }

local function pick(values, i)
  return values[i % #values + 1]
end

-- XML, with the escapes that it has inside of JSON.
local router_config = [[<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n]]
  .. [[<logical_connection id=\"%d\">\n  <vlan>%d</vlan>\n</logical_connection>\n]]

local function connection(i)
  return quoted {
    "ownerAccount", pick(owners, i), "connectionId", ("dxcon-%08x"):format(0x7a000000 + i * 7919),
    "connectionName", "backbone " .. i .. " between the data centres", "connectionState", "available",
    "region", "us-east-1",
    "location", pick(locations, i), "bandwidth", "10Gbps", "vlan", 0, "partnerName", "Example Carrier Ltd",
    "loaIssueTime", 1700000000.25 + i, "lagId", ("dxlag-%08x"):format(0x7b000000 + part(i, 4)),
    "awsDevice", "EqDC2-1abc2defghi3j", "jumboFrameCapable", true, "awsDeviceV2", "EqDC2-1abc2defghi3j",
    "awsLogicalDeviceId", ("EqDC2-%d"):format(i % 8), "hasLogicalRedundancy", "yes",
    "tags", list(quoted { "key", "Name", "value", "backbone " .. i }, quoted { "key", "team", "value", "network" }),
    "providerName", "Example Carrier", "macSecCapable", true, "portEncryptionStatus", "Encryption Up",
    "encryptionMode", "should_encrypt",
    "macSecKeys", list(quoted {
      "secretARN", "arn:aws:secretsmanager:us-east-1:111122223333:secret:directconnect!prod/us-east-1/dx-" .. i,
      "ckn", ("%064x"):format(i * 104729), "state", "associated", "startOn", "2026-01-02T03:04:05Z",
    }),
  }
end

local function interface(i)
  local address = ("169.254.%d.%d"):format(part(i, 64) % 256, i % 64 * 4)
  return quoted {
    "ownerAccount", pick(owners, i), "virtualInterfaceId", ("dxvif-%08x"):format(0x7c000000 + i * 104729 % 0x3ffffff),
    "location", pick(locations, i), "connectionId", ("dxcon-%08x"):format(0x7a000000 + part(i, 40) * 7919),
    "virtualInterfaceType", "private", "virtualInterfaceName", "site " .. i .. " to data centre",
    "vlan", i % 4094 + 1, "asn", 65000 + i % 100, "asnLong", 65000 + i % 100,
    "amazonSideAsn", 64512, "authKey", ("key%08d"):format(i * 31),
    "amazonAddress", address .. "/30", "customerAddress", address .. "/30", "addressFamily", "ipv4",
    "virtualInterfaceState", "available",
    "customerRouterConfig", router_config:format(i, i % 4094 + 1),
    "mtu", 1500, "jumboFrameCapable", true, "virtualGatewayId", "",
    "directConnectGatewayId", ("5f294f92-bafb-4011-916d-%012x"):format(part(i, 20)),
    "routeFilterPrefixes", list(), "bgpPeers", list(quoted {
      "bgpPeerId", ("dxpeer-%08x"):format(0x7d000000 + i * 15485863 % 0x2ffffff), "asn", 65000 + i % 100,
      "authKey", ("key%08d"):format(i * 31), "addressFamily", "ipv4", "amazonAddress", address .. "/30",
      "customerAddress", address .. "/30", "bgpPeerState", "available", "bgpStatus", "up",
      "awsDeviceV2", "EqDC2-1abc2defghi3j", "awsLogicalDeviceId", "EqDC2-1",
    }),
    "region", "us-east-1", "awsDeviceV2", "EqDC2-1abc2defghi3j", "awsLogicalDeviceId", "EqDC2-1",
    "tags", list(quoted { "key", "site", "value", ("S%05d"):format(i) }), "siteLinkEnabled", false,
  }
end

local function many(name, item, n)
  local items = {}
  for i = 1, n do
    items[i] = item(i)
  end
  return ('{"%s":[%s]}'):format(name, table.concat(items, ","))
end

--- A small answer, to `associate_mac_sec_key`.
-- @tparam integer size bytes
function answers.key(size)
  return padded(quoted {
    "connectionId", "dxcon-ffabc123",
    "macSecKeys", list(quoted {
      "secretARN", "arn:aws:secretsmanager:us-east-1:111122223333:secret:directconnect!prod/us-east-1/@",
      "ckn", ("0123456789abcdef"):rep(4), "state", "associating", "startOn", "2026-01-02T03:04:05Z",
    }),
  }, size)
end

--- An answer to `describe_connections`.
-- @tparam integer n connections
function answers.connections(n)
  return many("connections", connection, n)
end

--- An answer to `describe_virtual_interfaces`.
-- @tparam integer n interfaces
function answers.interfaces(n)
  return many("virtualInterfaces", interface, n)
end

--- The calls, by the names of the answers: method, service's name, params and body.
answers.calls = {
  key = {
    "associate_mac_sec_key", "AssociateMacSecKey",
    {
      connectionId = "dxcon-ffabc123",
      secretARN = "arn:aws:secretsmanager:us-east-1:111122223333:secret:directconnect!prod/us-east-1/x",
    },
    [[{"connectionId":"dxcon-ffabc123",]]
      .. [["secretARN":"arn:aws:secretsmanager:us-east-1:111122223333:secret:directconnect!prod/us-east-1/x"}]],
  },
  connections = { "describe_connections", "DescribeConnections", nil, "{}" },
  interfaces = { "describe_virtual_interfaces", "DescribeVirtualInterfaces", nil, "{}" },
}

return answers
