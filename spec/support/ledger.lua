--- A service of a few lines for specs of what is created: it keeps what it is told to make, shows it page by page, and
-- loses requests, or the answers to them, to order.

local cjson = require("cjson").new()

local ledger = {}

local methods = {}
local mt = { __index = methods }

--- A copy of a value, all the way down.
function ledger.copy(value)
  if type(value) ~= "table" then
    return value
  end
  local made = {}
  for k, v in pairs(value) do
    made[k] = ledger.copy(v)
  end
  return made
end

-- What each kind of thing is kept as: list shown by the describing operation, identifier, state.
local kinds = {
  connections = { id = "connectionId", prefix = "dxcon-", state = "connectionState", first = "requested" },
  interconnects = { id = "interconnectId", prefix = "dxcon-i", state = "interconnectState", first = "requested" },
  lags = { id = "lagId", prefix = "dxlag-", state = "lagState", first = "requested" },
  virtualInterfaces = { id = "virtualInterfaceId", prefix = "dxvif-", state = "virtualInterfaceState",
    first = "pending" },
  bgpPeers = { id = "bgpPeerId", prefix = "dxpeer-", state = "bgpPeerState", first = "pending" },
  directConnectGateways = { id = "directConnectGatewayId", prefix = "gw-", state = "directConnectGatewayState",
    first = "available" },
  directConnectGatewayAssociations = { id = "associationId", prefix = "as-", state = "associationState",
    first = "associating" },
  directConnectGatewayAssociationProposals = { id = "proposalId", prefix = "pr-", state = "proposalState",
    first = "requested" },
  resiliencyGroups = { id = "resiliencyGroupId", prefix = "rg-", state = "state", first = "pending" },
}

--- Keeps a thing, as the service would.
-- @return the thing
function methods:keep(list, thing)
  local kind = kinds[list]
  self.last = self.last + 1
  thing[kind.id] = kind.prefix .. self.last
  thing[kind.state] = thing[kind.state] or kind.first
  table.insert(self[list], thing)
  return thing
end

--- Changes the state of everything in a list.
function methods:set_state(list, state)
  for _, thing in ipairs(self[list]) do
    thing[kinds[list].state] = state
  end
end

local function new_interface(self, params, kind, member)
  local interface = ledger.copy(params[member])
  interface.connectionId, interface.virtualInterfaceType = params.connectionId, kind
  interface.ownerAccount = params.ownerAccount or "111122223333"
  interface.siteLinkEnabled, interface.enableSiteLink = interface.enableSiteLink, nil
  interface.asnLong = interface.asnLong or interface.asn
  return self:keep("virtualInterfaces", interface)
end

local function new_association(self, list, params, prefixes)
  return self:keep(list, {
    directConnectGatewayId = params.directConnectGatewayId,
    directConnectGatewayOwnerAccount = params.directConnectGatewayOwnerAccount,
    associatedGateway = { id = params.gatewayId or params.virtualGatewayId },
    [prefixes] = params.addAllowedPrefixesToDirectConnectGateway,
  })
end

local creates = {
  CreateConnection = function(self, params)
    return self:keep("connections", params)
  end,
  CreateInterconnect = function(self, params)
    return self:keep("interconnects", params)
  end,
  CreateLag = function(self, params)
    return self:keep("lags", params)
  end,
  AllocateHostedConnection = function(self, params)
    params.parent = params.connectionId
    return self:keep("connections", params)
  end,
  AllocateConnectionOnInterconnect = function(self, params)
    params.parent, params.interconnectId = params.interconnectId, nil
    return self:keep("connections", params)
  end,
  CreateBGPPeer = function(self, params)
    for _, interface in ipairs(self.virtualInterfaces) do
      if interface.virtualInterfaceId == params.virtualInterfaceId then
        interface.bgpPeers = interface.bgpPeers or {}
        table.insert(interface.bgpPeers, self:keep("bgpPeers", params.newBGPPeer))
        return { virtualInterface = interface }
      end
    end
  end,
  CreateDirectConnectGateway = function(self, params)
    return { directConnectGateway = self:keep("directConnectGateways", params) }
  end,
  CreateDirectConnectGatewayAssociation = function(self, params)
    return { directConnectGatewayAssociation = new_association(self, "directConnectGatewayAssociations", params,
      "allowedPrefixesToDirectConnectGateway") }
  end,
  CreateDirectConnectGatewayAssociationProposal = function(self, params)
    return { directConnectGatewayAssociationProposal = new_association(self,
      "directConnectGatewayAssociationProposals", params, "requestedAllowedPrefixesToDirectConnectGateway") }
  end,
  CreateResiliencyGroup = function(self, params)
    for _, group in ipairs(self.resiliencyGroups) do
      if group.clientToken == params.clientToken then
        return { resiliencyGroup = group }
      end
    end
    return { resiliencyGroup = self:keep("resiliencyGroups", params) }
  end,
}
for kind, is_nested in pairs { Private = false, Public = false, Transit = true } do
  for verb, suffix in pairs { Create = "", Allocate = "Allocation" } do
    creates[verb .. kind .. "VirtualInterface"] = function(self, params)
      local made = new_interface(self, params, kind:lower(), "new" .. kind .. "VirtualInterface" .. suffix)
      return is_nested and { virtualInterface = made } or made
    end
  end
end

local function passes(thing, filter)
  for name, value in pairs(filter) do
    local shown = thing[name]
    if name == "associatedGatewayId" or name == "virtualGatewayId" then
      shown = thing.associatedGateway.id
    end
    if shown ~= value then
      return false
    end
  end
  return true
end

-- A page of at most `page_size` of what passes the filter.
local function show(self, list, params, parent)
  local first = tonumber(params.nextToken or 1)
  params.nextToken = nil
  local found, next_token = {}, nil
  for _, thing in ipairs(self[list]) do
    if thing.parent == parent and passes(thing, params) then
      found[#found + 1] = thing
    end
  end
  local page = {}
  for i = first, math.min(#found, first + self.page_size - 1) do
    page[#page + 1] = found[i]
  end
  if #found >= first + self.page_size then
    next_token = tostring(first + self.page_size)
  end
  return { [list] = #page > 0 and page or nil, nextToken = next_token }
end

local describes = {
  DescribeHostedConnections = function(self, params)
    local parent = params.connectionId
    params.connectionId = nil
    return show(self, "connections", params, parent)
  end,
}
for list in pairs(kinds) do
  describes["Describe" .. list:gsub("^%l", string.upper)] = function(self, params)
    return show(self, list, params)
  end
end

local function answer(self, name, params)
  local act = creates[name] or describes[name]
  if not act then
    return { status = 400, body = '{"__type":"DirectConnectClientException","message":"no such operation"}' }
  end
  return { status = 200, body = cjson.encode(act(self, params)) }
end

-- The fault that was ordered for this request.
local function fault_of(self, name)
  for i, fault in ipairs(self.faults) do
    if not fault.on or name:find(fault.on) then
      fault.skip = fault.skip - 1
      if fault.skip < 0 then
        fault.times = fault.times - 1
        if fault.times == 0 then
          table.remove(self.faults, i)
        end
        return fault
      end
    end
  end
end

--- Orders a fault: `{on = pattern of the operation, skip = 0, times = 1, when = "before" or "after" it is applied,
-- reply = what the transport returns}`; without a reply the connection is lost.
function methods:order(fault)
  fault.skip, fault.times = fault.skip or 0, fault.times or 1
  table.insert(self.faults, fault)
end

--- How often operations whose names match were applied.
function methods:count(pattern)
  local n = 0
  for _, name in ipairs(self.applied) do
    n = n + (name:find(pattern) and 1 or 0)
  end
  return n
end

--- Makes one.
-- @return an object with `transport` for a client, `applied` (names, in order) and the lists of things
function ledger.new()
  local self = setmetatable({ last = 0, page_size = 2, faults = {}, applied = {}, requests = {} }, mt)
  for list in pairs(kinds) do
    self[list] = {}
  end
  function self.transport(request)
    local name = request.headers["x-amz-target"]:match("%.(.*)")
    self.requests[#self.requests + 1] = { name = name, body = request.body }
    local fault = fault_of(self, name)
    if fault and fault.when == "before" then
      return fault.reply, "lost", "reset"
    end
    self.applied[#self.applied + 1] = name
    local reply = answer(self, name, cjson.decode(request.body))
    if fault then
      return fault.reply, "lost", "reset"
    end
    return reply
  end
  return self
end

return ledger
