--- Fills a state with resources that a test gives as data, by kind, as the service shows them.
-- Everything is checked before anything is changed. What is missing is made up as if it had been ordered and had become
-- available; an id that is given stays.

local associations = require "dxconnect.emulator.associations"
local check = require "dxconnect.check"
local copy = require "dxconnect.emulator.copy"
local estate = require "dxconnect.emulator.estate"
local kinds = require "dxconnect.emulator.kinds"
local locations = require "dxconnect.emulator.locations"
local peers = require "dxconnect.emulator.peers"
local ports = require "dxconnect.emulator.ports"
local is_leaving = require("dxconnect.resources.states").is_leaving
local usage = require "dxconnect.emulator.usage"
local wire = require "dxconnect.emulator.wire"
local worlds = require "dxconnect.emulator.world"

local seed = {}

local GONE = "@gone"

-- ---- what can be given

-- Members that a kind takes besides its shape's, named as operations name them, with their types.
local further = {
  connection = { parentConnectionId = "string" },
  bgp_peer = { virtualInterfaceId = "string" },
  mac_sec_key = { connectionId = "string" },
  resiliency_group = { connectionIdentifiers = "table" },
}

-- Kinds of an inventory that exist only as far as others name them.
local named_only = { location = true, transit_gateway = true, core_network = true }

local shapes = { virtual_private_gateway = wire.shapes.VirtualGateway }
for _, kind in ipairs {
  "connection", "interconnect", "lag", "virtual_interface", "bgp_peer", "mac_sec_key", "gateway",
  "gateway_association", "gateway_proposal", "resiliency_group",
} do
  shapes[kind] = wire.shapes[kinds[kind].shape]
end

-- In this order, so that what others are on or in is there first.
local order = {
  "virtual_private_gateway", "gateway", "lag", "interconnect", "connection", "virtual_interface", "bgp_peer",
  "mac_sec_key", "gateway_association", "gateway_proposal", "resiliency_group",
}

local required = {
  virtual_private_gateway = { "virtualGatewayId" }, virtual_interface = { "connectionId" },
  gateway_association = { "directConnectGatewayId", "associatedGateway" },
  gateway_proposal = { "directConnectGatewayId", "associatedGateway" },
}

local function sorted_names(values)
  local names = {}
  for name in pairs(values) do
    names[#names + 1] = name
  end
  table.sort(names)
  return names
end

local function fault_of_resource(kind, resource)
  if type(resource) ~= "table" then
    return ("expected a table, got a %s"):format(type(resource))
  end
  local shape, more = shapes[kind], further[kind] or {}
  for member, value in pairs(resource) do
    if more[member] then
      if type(value) ~= more[member] then
        return ("%s: expected a %s, got a %s"):format(member, more[member], type(value))
      end
    elseif type(member) ~= "string" or not shape.members[member] then
      return ("%s has no member %s%s"):format(shape.name, tostring(member), check.suggestion(member, shape.order))
    else
      local ok, message = pcall(wire.check_member, shape, member, value)
      if not ok then
        return message
      end
    end
  end
  for _, member in ipairs(required[kind] or {}) do
    if resource[member] == nil then
      return ("%s is required"):format(member)
    end
  end
end

-- The ids that there will be, by kind: those of the seed, and those that are there and stay.
local function ids_after(state, what)
  local ids = {}
  for id, record in pairs(state.named) do
    ids[id] = not record._seed and record._kind or nil
  end
  for _, kind in ipairs(order) do
    local id_member = kinds[kind] and kinds[kind].id
    for _, resource in ipairs(what[kind] or {}) do
      local id = id_member and resource[id_member]
      if id and not kinds[kind].is_part then
        ids[id] = kind
      end
    end
  end
  for _, lag in ipairs(what.lag or {}) do
    for _, member in ipairs(lag.connections or {}) do
      if member.connectionId then
        ids[member.connectionId] = ids[member.connectionId] or "connection"
      end
    end
  end
  return ids
end

local is_port = { connection = true, interconnect = true, lag = true }

-- Members that name another resource, and what that must be.
local references = {
  virtual_interface = {
    connectionId = { connection = true, lag = true }, directConnectGatewayId = { gateway = true },
  },
  connection = { lagId = { lag = true }, parentConnectionId = { interconnect = true, lag = true } },
  interconnect = { lagId = { lag = true } },
  gateway_association = { directConnectGatewayId = { gateway = true } },
  gateway_proposal = { directConnectGatewayId = { gateway = true } },
  bgp_peer = { virtualInterfaceId = { virtual_interface = true } },
  mac_sec_key = { connectionId = is_port },
}

-- Interfaces of a port have a VLAN each, but for those that are gone.
local function fault_of_vlans(interfaces)
  local first = {}
  for i, interface in ipairs(interfaces) do
    local place = interface.vlan and ("%s/%.0f"):format(interface.connectionId, interface.vlan)
    if place and not is_leaving(interface.virtualInterfaceState) then
      if first[place] then
        return ("virtual_interface %d: %s has an interface of VLAN %.0f already: number %d"):format(i,
          interface.connectionId, interface.vlan, first[place])
      end
      first[place] = i
    end
  end
end

local function fault_of(state, what)
  for kind, list in pairs(what) do
    if not shapes[kind] and not named_only[kind] then
      return ("there is no kind %s%s"):format(tostring(kind), check.suggestion(kind, sorted_names(shapes)))
    elseif type(list) ~= "table" then
      return ("%s: expected a list, got a %s"):format(kind, type(list))
    end
    for i, resource in ipairs(shapes[kind] and list or {}) do
      local fault = fault_of_resource(kind, resource)
      if fault then
        return ("%s %d: %s"):format(kind, i, fault)
      end
    end
  end
  local ids = ids_after(state, what)
  for kind, members in pairs(references) do
    for i, resource in ipairs(what[kind] or {}) do
      for member, wanted in pairs(members) do
        local id = resource[member]
        if id and not wanted[ids[id] or ""] then
          return ("%s %d: %s names nothing that is there: %s"):format(kind, i, member, id)
        end
      end
    end
  end
  return fault_of_vlans(what.virtual_interface or {})
end

-- ---- what goes first

-- The members that name what a record can't be without.
local hangs_on = {
  virtual_interface = { "connectionId", "directConnectGatewayId" }, connection = { "_parent" },
  gateway_attachment = { "virtualInterfaceId", "directConnectGatewayId" },
  gateway_association = { "directConnectGatewayId" }, gateway_proposal = { "directConnectGatewayId" },
  failover_test = { "virtualInterfaceId" },
}

local function view_of(state, record)
  return worlds.view(state, record._region, record._account)
end

local function remove(state, record)
  local world = view_of(state, record)
  if state.named[world:id_of(record)] ~= record then
    return -- removed already
  end
  local lag = record.lagId and record._kind ~= "lag" and state.named[record.lagId]
  for i, id in ipairs(lag and lag._members or {}) do
    if id == world:id_of(record) then
      table.remove(lag._members, i)
      lag.numberOfConnections = #lag._members
      break
    end
  end
  for _, id in ipairs(record._kind == "lag" and record._members or {}) do
    state.named[id].lagId = nil
  end
  world:remove(record)
  usage.update(state, record)
end

local function is_lost(state, record)
  for _, member in ipairs(hangs_on[record._kind] or {}) do
    if record[member] and not state.named[record[member]] then
      return true
    end
  end
  return false
end

-- Takes connections that are gone out of the groups that stay.
local function clean_groups(state)
  for _, record in pairs(state.named) do
    for i = #(record._associations or {}), 1, -1 do
      if not state.named[record._associations[i]._connection] then
        view_of(state, record):remove_part(record._associations[i])
      end
    end
  end
end

-- Removes what an earlier seed brought and what has the id of something that comes, then what hung on it.
local function remove_replaced(state, what)
  local doomed = {}
  for _, record in pairs(state.named) do
    doomed[#doomed + 1] = record._seed and record or nil
  end
  for _, kind in ipairs(order) do
    for _, resource in ipairs(what[kind] or {}) do
      local id = kinds[kind] and resource[kinds[kind].id]
      doomed[#doomed + 1] = id and state.named[id] or nil
    end
  end
  while #doomed > 0 do
    for _, record in ipairs(doomed) do
      remove(state, record)
    end
    doomed = {}
    for _, record in pairs(state.named) do
      doomed[#doomed + 1] = is_lost(state, record) and record or nil
    end
  end
  clean_groups(state)
end

-- ---- what comes

-- The ways that something goes by itself; it takes up its own at the state that it is in.
local ways = {
  port = { { "requested", "pending", "available" }, { "deleting", "deleted", GONE }, { "rejected", GONE } },
  virtual_interface = {
    { "verifying", "pending", "available" }, { "deleting", "deleted", GONE }, { "rejected", GONE },
  },
  bgp_peer = { { "verifying", "pending", "available" }, { "deleting", "deleted", GONE } },
  mac_sec_key = { { "associating", "associated" }, { "disassociating", "disassociated", GONE } },
  gateway = { { "pending", "available" }, { "deleting", "deleted", GONE } },
  gateway_association = {
    { "associating", "associated" }, { "updating", "associated" }, { "disassociating", "disassociated", GONE },
  },
  gateway_proposal = { { "accepted", GONE }, { "deleted", GONE } },
}

local function begin(world, target, default)
  local member = kinds[target._kind].state
  local now, states = target[member] or default, nil
  for _, way in ipairs(ways[kinds[target._kind].is_port and "port" or target._kind] or {}) do
    for i, name in ipairs(way) do
      if name == now then
        states = {}
        for j = i, #way do
          states[#states + 1] = way[j]
        end
      end
    end
  end
  world:walk(target, states or { now })
end

-- The members given, over those that are made up.
local function filled(defaults, given)
  local record = copy.deep(given)
  for member, value in pairs(defaults) do
    if record[member] == nil then
      record[member] = value
    end
  end
  record._seed = true
  return record
end

local function add_keys(world, port, keys)
  for _, given in ipairs(keys) do
    local ckn = given.ckn or world:new_digits("ckn")
    local key = filled({
      ckn = ckn, startOn = world:date(),
      secretARN = ("arn:%s:secretsmanager:%s:%s:secret:directconnect!prod/%s/directconnect/%s"):format(world.partition,
        world.region, world.account, world.region, ckn),
    }, given)
    key._seed = nil
    world:add_part(port, "macSecKeys", key)
    world.state.secrets[key.secretARN] = { ckn = key.ckn, account = world.account }
    begin(world, key, "associated")
  end
end

local function first_location(world)
  return locations.of(world.region)[1].locationCode
end

-- What all ports have; their lists of keys are filled later.
local function new_port(world, given, kind)
  local bandwidth = given.bandwidth or given.connectionsBandwidth or "10Gbps"
  local common = ports.common(world, {
    location = given.location or first_location(world),
    requestMACSec = given.macSecKeys ~= nil and #given.macSecKeys > 0,
  })
  local id = kinds[kind].id
  common[id] = given[id] or world:new_id(kinds[kind].arn)
  local record = filled(common, given)
  record.macSecKeys = {}
  return record, bandwidth, record[id]
end

local adders = {}

local function finish_port(world, record, given, kind)
  world:add(kind, record)
  begin(world, record, "available")
  add_keys(world, record, given.macSecKeys or {})
  return record
end

function adders.lag(world, given)
  local record, bandwidth, id = new_port(world, given, "lag")
  record.lagName = given.lagName or id
  record.connectionsBandwidth = bandwidth
  record.minimumLinks = given.minimumLinks or 0
  record.numberOfConnections = 0
  record.allowsHostedConnections = given.allowsHostedConnections or false
  record._members, record.connections = {}, nil
  if not record.allowsHostedConnections then
    ports.add_pools(record, given.billingMode or "PayAsYouGo")
  end
  finish_port(world, record, given, "lag")
  for _, member in ipairs(given.connections or {}) do
    if not world.state.named[member.connectionId or ""] then
      local connection = copy.deep(member)
      connection.lagId, connection.location = id, record.location
      connection.bandwidth = connection.bandwidth or bandwidth
      connection.macSecKeys = nil
      connection.awsDeviceV2 = connection.awsDeviceV2 or record.awsDeviceV2
      connection.macSecCapable = record.macSecCapable
      adders.connection(world, connection)
    end
  end
end

local function join(world, record, id)
  local lag = record.lagId and world.state.named[record.lagId]
  if lag then
    lag._members[#lag._members + 1] = id
    lag.numberOfConnections = #lag._members
    record.encryptionMode = lag.encryptionMode
  end
end

function adders.connection(world, given)
  local record, bandwidth, id = new_port(world, given, "connection")
  record.connectionName = given.connectionName or id
  record.bandwidth = bandwidth
  record._parent, record.parentConnectionId = given.parentConnectionId or given.partnerName and "unknown" or nil, nil
  if record._parent then
    record.encryptionMode, record.macSecCapable = "no_encrypt", false
  else
    ports.add_pools(record, given.billingMode or "PayAsYouGo")
  end
  local lag = given.lagId and world.state.named[given.lagId]
  finish_port(world, record, lag and {} or given, "connection")
  join(world, record, id)
end

function adders.interconnect(world, given)
  local record, bandwidth, id = new_port(world, given, "interconnect")
  record.interconnectName = given.interconnectName or id
  record.bandwidth, record.ownerAccount = bandwidth, nil
  finish_port(world, record, given, "interconnect")
  join(world, record, id)
end

local function add_peer(world, interface, given)
  local peer = filled(peers.add(world, interface, filled({ asn = 65000 }, given)), given)
  peer.bgpPeerState = given.bgpPeerState or "available"
  if given.bgpStatus and given.bgpStatus ~= "up" then
    peer._pinned = { bgpStatus = true }
  end
  peer._seed = nil
  world:add_part(interface, "bgpPeers", peer)
  begin(world, peer)
  return peer
end

local first_peer = { "asn", "asnLong", "authKey", "addressFamily", "amazonAddress", "customerAddress" }

function adders.virtual_interface(world, given)
  local port = world.state.named[given.connectionId]
  local kind = given.virtualInterfaceType or "private"
  local has_pools = kind ~= "public" and port.prefixPoolSizeIpv4 ~= nil
  local id = given.virtualInterfaceId or world:new_id("dxvif")
  local vlans, vlan = usage.of_port(world.state, given.connectionId).vlans, port.vlan or 101
  while not given.vlan and vlans[vlan] do
    vlan = vlan + 1
  end
  local gateway = given.directConnectGatewayId and world.state.named[given.directConnectGatewayId]
  local record = filled({
    ownerAccount = world.account, virtualInterfaceId = id, virtualInterfaceName = id, virtualInterfaceType = kind,
    location = port.location, vlan = vlan, mtu = 1500, jumboFrameCapable = kind ~= "public",
    amazonSideAsn = gateway and gateway.amazonSideAsn or kind == "public" and 7224 or 64512,
    region = world.region, awsDeviceV2 = port.awsDeviceV2,
    awsLogicalDeviceId = port.awsLogicalDeviceId, tags = {},
    prefixPoolAllocatedCountIpv4 = has_pools and 100 or nil, prefixPoolAllocatedCountIpv6 = has_pools and 100 or nil,
  }, given)
  record.bgpPeers, record.customerRouterConfig = {}, nil
  world:add("virtual_interface", record, { world:owner_of(port) })
  begin(world, record, "available")
  local given_peers = given.bgpPeers
  for _, one in ipairs(given_peers and #given_peers > 0 and given_peers or { {} }) do
    local wanted = copy.deep(one)
    for _, member in ipairs(#record.bgpPeers == 0 and first_peer or {}) do
      wanted[member] = wanted[member] or given[member]
    end
    add_peer(world, record, wanted)
  end
  for _, member in ipairs(first_peer) do
    record[member] = record[member] or record.bgpPeers[1][member]
  end
  if gateway then
    local attachment = world:add("gateway_attachment", {
      _id = gateway.directConnectGatewayId .. "/" .. id, directConnectGatewayId = gateway.directConnectGatewayId,
      virtualInterfaceId = id, virtualInterfaceRegion = record.region,
      virtualInterfaceOwnerAccount = record.ownerAccount,
      attachmentType = kind == "transit" and "TransitVirtualInterface" or "PrivateVirtualInterface", _seed = true,
    }, { gateway.ownerAccount })
    world:walk(attachment, { "attached" })
  elseif given.virtualGatewayId then
    adders.virtual_private_gateway(world, given)
  end
  usage.update(world.state, record)
end

function adders.bgp_peer(world, given)
  if not given.virtualInterfaceId then
    return -- an inventory lists the peers of its interfaces once more
  end
  local interface = world.state.named[given.virtualInterfaceId]
  local peer = copy.deep(given)
  peer.virtualInterfaceId = nil
  add_peer(view_of(world.state, interface), interface, peer)
  usage.update(world.state, interface)
end

function adders.mac_sec_key(world, given)
  if given.connectionId then
    local port, key = world.state.named[given.connectionId], copy.deep(given)
    key.connectionId = nil
    add_keys(view_of(world.state, port), port, { key })
  end
end

function adders.gateway(world, given)
  local id = given.directConnectGatewayId or world:new_uuid()
  local record = filled({
    directConnectGatewayId = id, directConnectGatewayName = id, amazonSideAsn = 64512, ownerAccount = world.account,
    tags = {},
  }, given)
  record.totalPrefixPoolAllocations = nil
  world:add("gateway", record)
  begin(world, record, "available")
end

local function joined_gateway(world, given)
  local gateway = associations.gateway(world, given.associatedGateway.id or "vgw-1")
  return filled(gateway, given.associatedGateway)
end

function adders.gateway_association(world, given)
  local direct, gateway = world.state.named[given.directConnectGatewayId], joined_gateway(world, given)
  local association = associations.new(world, direct, gateway,
    copy.deep(given.allowedPrefixesToDirectConnectGateway or {}), given.associationId)
  gateway._seed, association._seed = nil, true
  association.associationState = given.associationState
  begin(world, association, "associated")
end

function adders.gateway_proposal(world, given)
  local direct, gateway = world.state.named[given.directConnectGatewayId], joined_gateway(world, given)
  gateway._seed = nil
  local record = filled({
    proposalId = world:new_uuid(), directConnectGatewayOwnerAccount = direct.ownerAccount,
    existingAllowedPrefixesToDirectConnectGateway = {}, requestedAllowedPrefixesToDirectConnectGateway = {},
    _gateway = gateway.id,
  }, given)
  record.associatedGateway = gateway
  world:add("gateway_proposal", record, { direct.ownerAccount })
  begin(world, record, "requested")
end

function adders.virtual_private_gateway(world, given)
  local known = world.state.virtual_gateways
  local name = world.region .. "/" .. world.account
  known[name] = known[name] or {}
  for _, id in ipairs(known[name]) do
    if id == given.virtualGatewayId then
      return
    end
  end
  table.insert(known[name], given.virtualGatewayId)
end

function adders.resiliency_group(world, given)
  local id = given.resiliencyGroupId or (world:new_id("dxrg") .. world:new_digits("group"):sub(1, 9))
  local record = filled({
    resiliencyGroupId = id, resiliencyGroupArn = world:group_arn(id),
    resiliencyGroupName = "group", resiliencyGroupType = "Managed", ownerAccount = world.account, tags = {},
    _associations = {},
  }, given)
  record.connectionIdentifiers = nil
  world:add("resiliency_group", record)
  begin(world, record, "available")
  for _, connection_id in ipairs(given.connectionIdentifiers or {}) do
    local connection = world:any("connection", connection_id)
    if connection then
      local part = world:add_part(record, "_associations", {
        resiliencyGroupId = id, connectionArn = world:arn_of(connection), _connection = connection_id,
      })
      world:walk(part, { "associated" })
    end
  end
end

--- Fills a state. What an earlier seed brought goes first.
-- @tparam table state
-- @tparam string|table what
-- @tparam string region of what doesn't name its own
-- @tparam string account likewise
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] string message; the state is as it was
function seed.apply(state, what, region, account)
  if type(what) == "string" then
    if what ~= "estate" then
      return nil, ("there is no seed %s%s"):format(what, check.suggestion(what, { "estate" }))
    end
    what = estate.resources(region)
  end
  local fault = fault_of(state, what)
  if fault then
    return nil, "the seed's " .. fault
  end
  remove_replaced(state, what)
  for _, kind in ipairs(order) do
    for _, resource in ipairs(what[kind] or {}) do
      local owner = kind == "connection" and resource.parentConnectionId and account or resource.ownerAccount
      adders[kind](worlds.view(state, resource.region or region, owner or account), resource)
    end
  end
  return true
end

return seed
