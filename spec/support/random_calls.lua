--- Random calls on an emulator: of every operation, valid by the model and otherwise random, on what earlier ones made;
-- and what must hold of the emulator's state after any of them.

local dxconnect = require "dxconnect"
local samples = require "spec.support.samples"

local random_calls = {}

-- Values that lead further than random texts do.
local sensible = {
  location = { "EqDC2", "CSVA1" },
  bandwidth = { "1Gbps", "10Gbps", "500Mbps", "100Gbps" },
  connectionsBandwidth = { "10Gbps", "100Gbps" },
  numberOfConnections = { 1, 2 },
  minimumLinks = { 0, 1, 2 },
  encryptionMode = { "no_encrypt", "should_encrypt", "must_encrypt" },
  ownerAccount = { "111122223333", "444455556666" },
  directConnectGatewayOwnerAccount = { "111122223333", "444455556666" },
  associatedGatewayOwnerAccount = { "111122223333", "444455556666" },
  maxResults = { 1, 2, 50 },
  vlan = { 1, 2, 3, 4, 5, 6, 7, 8 },
  nextToken = { "" },
  cidr = { "10.0.0.0/8", "2001:db8::/32" },
  virtualInterfaceName = { "one", "two" },
  resiliencyGroupName = { "one", "two" },
  amazonAddress = { "10.0.0.1/30", "10.0.1.1/30" },
  customerAddress = { "10.0.0.2/30", "10.0.1.2/30" },
  rateLimit = { "50Mbps", "1Gbps" },
  key = { "a", "b" },
  value = { "a", "b" },
  virtualGatewayId = { "vgw-1", "vgw-2", "vgw-3" },
  gatewayId = { "vgw-1", "vgw-2", "tgw-1" },
  prefixPoolAllocatedCountIpv4 = { 0, 1, 500, 1000 },
  prefixPoolAllocatedCountIpv6 = { 0, 1, 500, 1000 },
  clientToken = { "one", "two", "three" },
}

-- Members whose ids may stand in others.
local sources = {
  connectionId = { "connectionId", "lagId", "interconnectId" },
  parentConnectionId = { "interconnectId", "lagId" },
  connectionIds = { "connectionId" },
  connectionIdentifiers = { "connectionId" },
}

local makers = {
  "CreateConnection", "CreateLag", "CreateInterconnect", "CreatePrivateVirtualInterface", "CreateDirectConnectGateway",
  "CreateTransitVirtualInterface", "AssociateMacSecKey", "CreateResiliencyGroup", "AllocateHostedConnection",
  "AllocatePrivateVirtualInterface", "AssociateConnectionWithLag", "AssociateVirtualInterface",
}

local function sorted_names(value)
  local names = {}
  for name in pairs(value) do
    names[#names + 1] = name
  end
  table.sort(names, function(a, b)
    return tostring(a) < tostring(b)
  end)
  return names
end

--- A source of calls: the same ones for the same seed.
-- @tparam number seed
-- @treturn function returns an operation's name and params
-- @treturn function to be given every result
-- @treturn function the source's random numbers
function random_calls.new(seed)
  local random = samples.random(seed)
  local operations, ids = sorted_names(dxconnect.model.operations), {}

  local function collect(value, member)
    if type(value) == "table" then
      for _, name in ipairs(sorted_names(value)) do
        collect(value[name], name)
      end
    elseif type(value) == "string" and type(member) == "string" and (member:find("Id$") or member == "secretARN") then
      ids[member] = ids[member] or {}
      table.insert(ids[member], value)
      if #ids[member] > 200 then
        table.remove(ids[member], 1)
      end
    end
  end

  local function improve(value, member)
    if type(value) == "table" then
      for _, name in ipairs(sorted_names(value)) do
        value[name] = improve(value[name], type(name) == "number" and member or name)
      end
      return value
    elseif sensible[member] and random(20) > 1 then
      return sensible[member][random(#sensible[member])]
    end
    local from = sources[member] or { member }
    local list = ids[from[random(#from)]]
    if list and random(10) > 1 then
      return list[random(math.max(1, #list - 60), #list)]
    end
    return value
  end

  return function()
    local name = random(3) == 1 and makers[random(#makers)] or operations[random(#operations)]
    return name, improve(samples.params(random, dxconnect.model, dxconnect.model.operations[name]))
  end, collect, random
end

-- ---- what must hold

local ended = {
  deleting = true, deleted = true, rejected = true, disassociated = true, detaching = true, detached = true,
}

-- States that something leaves by itself.
local passing = {
  requested = true, pending = true, verifying = true, deleting = true, deleted = true, rejected = true, testing = true,
  associating = true, disassociating = true, disassociated = true, updating = true, attaching = true, detaching = true,
  detached = true, accepted = true, completed = true, stopped = true,
}

local states = {
  connection = "connectionState", interconnect = "interconnectState", lag = "lagState",
  virtual_interface = "virtualInterfaceState", gateway = "directConnectGatewayState",
  gateway_association = "associationState", gateway_attachment = "attachmentState", resiliency_group = "state",
  gateway_proposal = "proposalState", failover_test = "status",
}

local function fail(format, ...)
  error(format:format(...), 0)
end

local function live(snapshot, kind)
  local list = {}
  for _, record in ipairs(snapshot.resources[kind] or {}) do
    list[#list + 1] = not ended[record[states[kind]]] and record or nil
  end
  return list
end

local function check_single(seen, where, vlan, id)
  local key = where .. "/" .. vlan
  if seen[key] then
    fail("%s and %s have VLAN %d on %s", seen[key], id, vlan, where)
  end
  seen[key] = id
end

local function check_moving(record, state, id)
  if passing[state] and not record._move and not (state == "requested" and record.proposalState) then
    fail("%s is stuck in %s", id, state)
  end
end

--- Raises where the state of an emulator contradicts itself.
function random_calls.check(emulator)
  local snapshot = emulator:snapshot()
  local alive, seen, pools = {}, {}, {}
  for kind, member in pairs(states) do
    for _, record in ipairs(snapshot.resources[kind] or {}) do
      check_moving(record, record[member], record._kind)
      for _, list in ipairs { "bgpPeers", "macSecKeys", "_associations" } do
        for _, part in ipairs(record[list] or {}) do
          if record.virtualInterfaceState ~= "confirming" and part.bgpPeerState ~= "deleted" then
            check_moving(part, part.bgpPeerState or part.state, list)
          end
        end
      end
    end
  end
  for _, kind in ipairs { "connection", "interconnect", "lag", "virtual_interface", "gateway" } do
    for _, record in ipairs(live(snapshot, kind)) do
      alive[record.connectionId and kind == "connection" and record.connectionId or record.interconnectId
        or kind == "lag" and record.lagId or record.virtualInterfaceId or record.directConnectGatewayId] = record
    end
  end
  local function needs(id, who)
    if not alive[id] then
      fail("%s hangs on %s, which is gone", who, tostring(id))
    end
    return alive[id]
  end
  for _, interface in ipairs(live(snapshot, "virtual_interface")) do
    local id, port_id = interface.virtualInterfaceId, interface.connectionId
    local port = needs(port_id, id)
    check_single(seen, port_id, interface.vlan, id)
    if interface.location ~= port.location or interface.awsDeviceV2 ~= port.awsDeviceV2 then
      fail("%s is not where its port is", id)
    end
    local sums = pools[port_id] or { v4 = 0, v6 = 0, limiters = 0 }
    pools[port_id] = sums
    sums.v4 = sums.v4 + (interface.prefixPoolAllocatedCountIpv4 or 0)
    sums.v6 = sums.v6 + (interface.prefixPoolAllocatedCountIpv6 or 0)
    sums.limiters = sums.limiters + (interface.rateLimit and 1 or 0)
    if interface.directConnectGatewayId then
      needs(interface.directConnectGatewayId, id)
    end
  end
  for _, hosted in ipairs(live(snapshot, "connection")) do
    if hosted._parent then
      needs(hosted._parent, hosted.connectionId)
      check_single(seen, "hosted on " .. hosted._parent, hosted.vlan, hosted.connectionId)
    end
  end
  for _, kind in ipairs { "connection", "lag" } do
    for _, record in ipairs(live(snapshot, kind)) do
      local id = kind == "lag" and record.lagId or record.connectionId
      local shown, sums = emulator:get(id), pools[id] or { v4 = 0, v6 = 0, limiters = 0 }
      if record.prefixPoolSizeIpv4 and (shown.prefixPoolUnallocatedCountIpv4 ~= record.prefixPoolSizeIpv4 - sums.v4
        or shown.prefixPoolUnallocatedCountIpv6 ~= record.prefixPoolSizeIpv6 - sums.v6
        or shown.prefixPoolUnallocatedCountIpv4 < 0 or shown.prefixPoolUnallocatedCountIpv6 < 0
        or shown.rateLimiterStatus.inUse ~= sums.limiters) then
        fail("the pools of %s don't add up", id)
      end
    end
  end
  for _, lag in ipairs(live(snapshot, "lag")) do
    if lag.numberOfConnections ~= #lag._members or lag.minimumLinks > #lag._members then
      fail("%s counts its members wrongly", lag.lagId)
    end
    for _, id in ipairs(lag._members) do
      local member = needs(id, lag.lagId)
      if member.lagId ~= lag.lagId or member.location ~= lag.location or member.bandwidth ~= lag.connectionsBandwidth
        or member.awsDeviceV2 ~= lag.awsDeviceV2 or member.billingMode ~= lag.billingMode
        or lag.macSecCapable and not member.macSecCapable or #member.macSecKeys > 0 then
        fail("%s is unlike its LAG %s", id, lag.lagId)
      end
    end
  end
  for _, attachment in ipairs(live(snapshot, "gateway_attachment")) do
    needs(attachment.virtualInterfaceId, "an attachment")
    needs(attachment.directConnectGatewayId, "an attachment")
  end
  for _, association in ipairs(live(snapshot, "gateway_association")) do
    needs(association.directConnectGatewayId, "an association")
  end
  for _, group in ipairs(snapshot.resources.resiliency_group or {}) do
    for _, association in ipairs(group._associations) do
      if association.state == "associating" or association.state == "associated" then
        needs(association._connection, group.resiliencyGroupId)
      end
    end
  end
end

return random_calls
