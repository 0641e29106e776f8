--- Makes the graph of an estate from what was read (see read.lua): resources, links between them, and placeholders for
-- what is named but was not seen. Pure. The same reads give the same graph, in the same order.
--
-- Members that are missing or of another type than the model's are passed over: an inventory of a newer service is an
-- inventory of what is understood.

local kinds = require("dxconnect.resources.kinds").kinds

-- Lists that are the same in every region.
local GLOBAL = {}
for _, kind in pairs(kinds) do
  if kind.is_global and kind.operation then
    GLOBAL[kind.operation] = true
  end
end

local builder_methods = {}
local builder_mt = { __index = builder_methods }

local function text(value)
  return type(value) == "string" and value ~= "" and value or nil
end

local function list(value)
  return type(value) == "table" and value or {}
end

-- Tags as the service has them, as a table of keys to values.
local function tags_of(data)
  local tags = {}
  for _, tag in ipairs(list(data.tags)) do
    if type(tag) == "table" and text(tag.key) then
      tags[tag.key] = type(tag.value) == "string" and tag.value or ""
    end
  end
  return tags
end

-- ---- resources

-- Adds a resource. Where two reads show the same one, the first counts, and every read is remembered: a later inventory
-- may call the resource gone only where each of them was made again.
function builder_methods:add(kind, id, read, data, inherited)
  if not text(id) then
    return nil
  end
  local resource = self.by_id[id]
  if resource then
    resource.reads[#resource.reads + 1] = read
    return resource.resource
  end
  local facts = kinds[kind]
  inherited = inherited or {}
  local made = {
    kind = kind,
    id = id,
    name = facts.name and text(data[facts.name]) or nil,
    state = facts.state and text(data[facts.state]) or nil,
    client = read.client,
    account = text(data.ownerAccount) or inherited.account,
    region = not facts.is_global and (text(data.region) or inherited.region or text(read.region)) or nil,
    tags = tags_of(data),
    data = data,
  }
  self.by_id[id] = { resource = made, reads = { read } }
  self.resources[#self.resources + 1] = made
  return made
end

function builder_methods:link(kind, from, to, state, read)
  if not (text(from) and text(to)) then
    return
  end
  local key = kind .. "\0" .. from .. "\0" .. to
  local known = self.links_by_key[key]
  if not known then
    known = { from = from, to = to, kind = kind }
    self.links_by_key[key] = known
    self.links[#self.links + 1] = known
    self.link_reads[known] = { read }
  end
  known.state = known.state or text(state)
  return known
end

-- Notes what an id that was named is, for the case that no read shows it.
function builder_methods:name(id, kind, read, known)
  if text(id) and not self.named[id] then
    known = known or {}
    self.named[id] = {
      kind = kind, id = id, state = "unknown", placeholder = true, client = read.client, tags = {}, data = {},
      account = text(known.account), region = text(known.region),
    }
    self.named_order[#self.named_order + 1] = id
  end
end

-- Notes a port's location. Locations are there because of ports: which reads showed these counts for them, too.
function builder_methods:name_location(id, read, region)
  if text(id) then
    self:name(id, "location", read, { region = region })
    self.namers[id] = self.namers[id] or {}
    self.namers[id][read] = true
  end
end

-- ---- the parts of a resource that are resources of their own

local function add_keys(self, port, read)
  for _, key in ipairs(list(port.data.macSecKeys)) do
    local name = type(key) == "table" and (text(key.ckn) or text(key.secretARN))
    if name then
      local id = port.id .. "/" .. name
      self:add("mac_sec_key", id, read, key, port)
      self:link("key", id, port.id, key.state, read)
    end
  end
end

local function peer_id(interface, peer)
  local asn = peer.asnLong or peer.asn
  return text(peer.bgpPeerId) or ("%s/%s/%s"):format(interface.id, text(peer.addressFamily) or "unknown",
    type(asn) == "number" and ("%d"):format(asn) or "unknown")
end

local function add_peers(self, interface, read)
  for _, peer in ipairs(list(interface.data.bgpPeers)) do
    if type(peer) == "table" then
      local id = peer_id(interface, peer)
      self:add("bgp_peer", id, read, peer, interface)
      self:link("peer", id, interface.id, peer.bgpPeerState, read)
    end
  end
end

local function add_port(self, kind, read, data)
  local port = self:add(kind, data[kinds[kind].id], read, data, { account = self.accounts[read.client] })
  if port and port.data == data then
    self:link("at", port.id, data.location, nil, read)
    self:name_location(data.location, read, port.region)
    add_keys(self, port, read)
  end
  return port
end

-- ---- what each list shows

local takers = {}

function takers.DescribeConnections(self, read, data)
  local port = add_port(self, "connection", read, data)
  if port and data.vlan == nil then -- the lagId of a hosted connection is its parent's
    self:link("member", port.id, data.lagId, nil, read)
    self:name(data.lagId, "lag", read, port)
  elseif port and text(data.lagId) then
    self:link("hosted_on", port.id, data.lagId, nil, read)
    self:name(data.lagId, "lag", read, { region = port.region })
  end
end

function takers.DescribeInterconnects(self, read, data)
  local port = add_port(self, "interconnect", read, data)
  if port then
    self:link("member", port.id, data.lagId, nil, read)
    self:name(data.lagId, "lag", read, port)
  end
end

function takers.DescribeLags(self, read, data)
  local lag = add_port(self, "lag", read, data)
  for _, member in ipairs(lag and list(data.connections) or {}) do
    if type(member) == "table" then
      takers.DescribeConnections(self, read, member)
      self:link("member", member.connectionId, lag.id, nil, read)
    end
  end
end

function takers.DescribeHostedConnections(self, read, data)
  local port = add_port(self, "connection", read, data)
  if port then
    self:link("hosted_on", port.id, read.parent, nil, read)
  end
end

function takers.DescribeVirtualInterfaces(self, read, data)
  local interface = self:add("virtual_interface", data.virtualInterfaceId, read, data)
  if not interface or interface.data ~= data then
    return
  end
  local gateway = text(data.directConnectGatewayId) or text(data.virtualGatewayId)
  self:link("on", interface.id, data.connectionId, data.virtualInterfaceState, read)
  self:name(data.connectionId, tostring(data.connectionId):find("^dxlag") and "lag" or "connection", read, {
    region = interface.region,
  })
  if gateway then
    self:link("attached", interface.id, gateway, nil, read)
    self:name(gateway, text(data.directConnectGatewayId) and "gateway" or "virtual_private_gateway", read, {
      region = not text(data.directConnectGatewayId) and interface.region or nil,
    })
  end
  add_peers(self, interface, read)
end

function takers.DescribeVirtualGateways(self, read, data)
  self:add("virtual_private_gateway", data.virtualGatewayId, read, data, { account = self.accounts[read.client] })
end

function takers.DescribeDirectConnectGateways(self, read, data)
  self:add("gateway", data.directConnectGatewayId, read, data)
end

-- What an association joins the gateway to: id, kind, what else is told of it.
local function joined_by(association)
  local core_network, there = list(association.associatedCoreNetwork), list(association.associatedGateway)
  if text(core_network.id) then
    return core_network.id, "core_network", { account = core_network.ownerAccount }
  elseif text(there.id) then
    return there.id, there.type == "transitGateway" and "transit_gateway" or "virtual_private_gateway", {
      account = there.ownerAccount, region = there.region,
    }
  end
  return association.virtualGatewayId, "virtual_private_gateway", {
    account = association.virtualGatewayOwnerAccount, region = association.virtualGatewayRegion,
  }
end

function takers.DescribeDirectConnectGatewayAssociations(self, read, data)
  local gateway = text(data.directConnectGatewayId) or read.parent
  local id, kind, known = joined_by(data)
  self:link("associated", gateway, id, data.associationState, read)
  self:name(gateway, "gateway", read, { account = data.directConnectGatewayOwnerAccount })
  self:name(id, kind, read, known)
end

-- The attachment's own state goes before what the interface alone could tell.
function takers.DescribeDirectConnectGatewayAttachments(self, read, data)
  local gateway = text(data.directConnectGatewayId) or read.parent
  self:link("attached", data.virtualInterfaceId, gateway, data.attachmentState, read)
  self:name(data.virtualInterfaceId, "virtual_interface", read, {
    account = data.virtualInterfaceOwnerAccount, region = data.virtualInterfaceRegion,
  })
end

function takers.ListResiliencyGroups(self, read, data)
  self:add("resiliency_group", data.resiliencyGroupId, read, data, { account = self.accounts[read.client] })
end

function takers.ListResiliencyGroupAssociations(self, read, data)
  local port = type(data.connectionArn) == "string" and data.connectionArn:match("[^/]+$") or nil
  self:link("grouped", port, text(data.resiliencyGroupId) or read.parent, data.state, read)
  self:name(port, tostring(port):find("^dxlag") and "lag" or "connection", read, { region = read.region })
end

function takers.DescribeTags(self, _, data)
  local id = type(data.resourceArn) == "string" and data.resourceArn:match("[^/]+$")
  local known = id and self.by_id[id]
  if known then
    known.resource.tags = tags_of(data)
  end
end

function takers.DescribeLocations(self, read, data)
  local namers = self.namers[data.locationCode or ""]
  if not (self.all_locations or namers) then
    return
  end
  self:add("location", data.locationCode, read, data, { region = read.region })
  for namer in pairs(not self.all_locations and namers or {}) do -- read_names sorts them
    table.insert(self.by_id[data.locationCode].reads, namer)
  end
end

function takers.ListVirtualInterfaceRoutes(self, read, data)
  local interface = self.by_id[read.parent]
  if interface then
    interface.resource.routes = interface.resource.routes or {}
    table.insert(interface.resource.routes, data)
  end
end

-- What has to be taken before the others: what they add to.
local LAST = {
  DescribeTags = true, DescribeLocations = true, ListVirtualInterfaceRoutes = true,
}

-- ---- putting it together

-- The account of each client: the owner of what only owners list.
local function accounts_of(reads)
  local accounts = {}
  for _, read in ipairs(reads) do
    if read.operation == "DescribeConnections" or read.operation == "DescribeLags"
      or read.operation == "DescribeDirectConnectGateways" then
      for _, item in ipairs(read.items) do
        accounts[read.client] = accounts[read.client] or text(item.ownerAccount)
      end
    end
  end
  return accounts
end

local function by_kind_and_id(a, b)
  if a.kind ~= b.kind then
    return a.kind < b.kind
  end
  return a.id < b.id
end

local function by_kind_and_ends(a, b)
  if a.kind ~= b.kind then
    return a.kind < b.kind
  elseif a.from ~= b.from then
    return a.from < b.from
  end
  return a.to < b.to
end

local function take(self, reads, is_last)
  for _, read in ipairs(reads) do
    if (LAST[read.operation] or false) == is_last then
      for _, item in ipairs(read.items) do
        takers[read.operation](self, read, item)
      end
    end
  end
end

local function add_placeholders(self)
  for _, id in ipairs(self.named_order) do
    if not self.by_id[id] then
      self.by_id[id] = { resource = self.named[id], reads = {} }
      self.resources[#self.resources + 1] = self.named[id]
    end
  end
end

-- The names of the reads that showed a resource, as strings that another inventory's can be compared with.
local function read_names(reads)
  local names, seen = {}, {}
  for _, read in ipairs(reads) do
    if not seen[read.key] then
      seen[read.key] = true
      names[#names + 1] = read.key
    end
  end
  table.sort(names)
  return names
end

--- The name of a read, which two inventories of one estate share.
-- @tparam table read
-- @treturn string
local function key_of(read)
  local region = GLOBAL[read.operation] and "" or read.region
  return table.concat({ read.client, region, read.operation, read.parent or "" }, "|")
end

--- Builds the graph.
-- @tparam {table,...} reads of read.lua
-- @tparam ?boolean all_locations locations without a port too
-- @treturn {table,...} resources, sorted by kind and id
-- @treturn {table,...} links, sorted by kind and ends
-- @treturn table by id, the names of the reads that showed a resource
-- @treturn table by link, likewise
local function build(reads, all_locations)
  local self = setmetatable({
    resources = {}, by_id = {}, links = {}, links_by_key = {}, link_reads = {}, named = {}, named_order = {},
    namers = {}, accounts = accounts_of(reads), all_locations = all_locations,
  }, builder_mt)
  for _, read in ipairs(reads) do
    read.key = key_of(read)
  end
  take(self, reads, false)
  take(self, reads, true)
  add_placeholders(self)
  table.sort(self.resources, by_kind_and_id)
  table.sort(self.links, by_kind_and_ends)
  local shown_by, linked_by = {}, {}
  for _, resource in ipairs(self.resources) do
    shown_by[resource.id] = read_names(self.by_id[resource.id].reads)
  end
  for link, link_reads in pairs(self.link_reads) do
    linked_by[link] = read_names(link_reads)
  end
  return self.resources, self.links, shown_by, linked_by
end

return { build = build, key_of = key_of }
