--- How the thing that a create operation makes is recognised among those that are there: by a tag that marks it, by
-- what makes it unique, or not at all, where the operation carries a client token. Worked out from the model; what the
-- model does not say is in the small tables below. Pure: it sends nothing.

local core = require "dxconnect.core"
local operations = require "dxconnect.operations"
local states = require "dxconnect.resources.states"
local types = require "dxconnect.text.types"

local MARK = "dxconnect:create-once" -- the key of the tag

-- Identifiers that the describing operation takes under another name than the creating one.
local filters_by_other_name = { associatedGatewayId = "gatewayId", connectionId = "interconnectId" }

-- Members that the thing shows under another name than they are asked for with.
local shown_by_other_name = {
  addAllowedPrefixesToDirectConnectGateway = {
    "allowedPrefixesToDirectConnectGateway", "requestedAllowedPrefixesToDirectConnectGateway",
  },
  enableSiteLink = { "siteLinkEnabled" },
}

-- Members whose values the service may show in another case.
local any_case = {
  addressFamily = true, amazonAddress = true, bandwidth = true, customerAddress = true, rateLimit = true,
  virtualInterfaceType = true,
}

local model -- the whole one, made when first needed

local function shapes()
  model = model or core.model()
  return model.shapes, model.operations
end

-- ---- reading things

local function same(a, b)
  return a == nil or b == nil or a == b
end

local function asn_of(t)
  for _, name in ipairs { "asnLong", "asn" } do
    if t[name] ~= nil and t[name] ~= 0 then
      return t[name]
    end
  end
end

local function family_of(t)
  if type(t.addressFamily) == "string" then
    return t.addressFamily:lower()
  end
  local address = t.customerAddress or t.amazonAddress
  return type(address) == "string" and address:find(":", 1, true) and "ipv6" or "ipv4"
end

local function gateway_of(t)
  return t.associatedGateway and t.associatedGateway.id or t.virtualGatewayId
end

-- ---- natural keys, by the shape of the thing

local function same_gateways(wanted, thing)
  return thing.directConnectGatewayId == wanted.directConnectGatewayId
    and gateway_of(thing) == (wanted.gatewayId or wanted.virtualGatewayId)
end

local keys = {
  BGPPeer = function(wanted, peer)
    return family_of(peer) == family_of(wanted)
  end,
  Connection = function(wanted, connection) -- one that is hosted on an interconnect
    return connection.vlan == wanted.vlan
  end,
  DirectConnectGatewayAssociation = same_gateways,
  DirectConnectGatewayAssociationProposal = same_gateways,
  VirtualInterface = function(wanted, interface)
    return interface.vlan == wanted.vlan and same(interface.connectionId, wanted.connectionId)
  end,
}

-- ---- contradictions

-- Texts that may be shown in another case, addresses also without the length of their network.
local function is_same_text(a, b)
  a, b = a:lower(), b:lower()
  return a == b or a == b:match("^(.*)/") or a:match("^(.*)/") == b
end

local function prefix_set(list)
  local set = {}
  for _, entry in ipairs(list) do
    if type(entry) == "table" and type(entry.cidr) == "string" then
      set[entry.cidr:lower()] = true
    end
  end
  return set
end

local function contains(set, other)
  for prefix in pairs(other) do
    if not set[prefix] then
      return false
    end
  end
  return true
end

-- Prefixes: the same ones; a proposal also shows those that were there before it.
local function prefixes_agree(shown_as, wanted, shown)
  local a, b = prefix_set(wanted), prefix_set(shown)
  if next(b) == nil then -- not known yet
    return true
  end
  return contains(b, a) and (shown_as == "requestedAllowedPrefixesToDirectConnectGateway" or contains(a, b))
end

local function agree(name, shown_as, wanted, shown)
  if shown == nil then
    return true
  elseif type(wanted) == "table" then
    return type(shown) ~= "table" or prefixes_agree(shown_as, wanted, shown)
  elseif type(wanted) == "userdata" then
    return type(shown) == "string" and wanted == core.secret(shown)
  end
  return wanted == shown
    or any_case[name] and type(wanted) == "string" and type(shown) == "string" and is_same_text(wanted, shown)
end

local function shown_value(thing, name)
  for _, other in ipairs(shown_by_other_name[name] or { name }) do
    if thing[other] ~= nil then
      return thing[other], other
    end
  end
end

local plan_methods = {}
local plan_mt = { __index = plan_methods }

-- Every member of the request as path, name, value; those of the nested structure are the thing's own.
local function each_wanted(plan, params, visit)
  for name, value in pairs(params) do
    if name == plan.nested and type(value) == "table" then
      for inner, inner_value in pairs(value) do
        visit(plan.nested .. "." .. tostring(inner), inner, inner_value)
      end
    else
      visit(tostring(name), name, value)
    end
  end
end

local not_compared = { asn = true, asnLong = true, tags = true, [MARK] = true }

--- In what a thing that was recognised by its natural key is another one than was asked for.
-- @tparam table params of the create
-- @tparam table thing
-- @treturn {table,...} list of `{path, message}`, empty where they agree
function plan_methods:contradictions(params, thing)
  local problems = {}
  local function report(path, is_secret, wanted, shown)
    local message = "what is there has another value"
    if not is_secret and type(wanted) ~= "table" then
      message = ("asked for %s, but what is there has %s"):format(tostring(wanted), tostring(shown))
    end
    problems[#problems + 1] = { path = path, message = message }
  end
  each_wanted(self, params, function(path, name, wanted)
    local shown, shown_as = shown_value(thing, name)
    if not not_compared[name] and not agree(name, shown_as, wanted, shown) then
      report(path, self.secret[name] or type(wanted) == "userdata", wanted, shown)
    end
  end)
  local wanted = self:wanted(params)
  local prefix = self.nested and self.nested .. "." or ""
  local asn = self.nested and asn_of(wanted)
  if asn and not same(asn, asn_of(thing)) then
    report(prefix .. "asn", false, asn, asn_of(thing))
  end
  if self.kind and not agree("virtualInterfaceType", nil, self.kind, thing.virtualInterfaceType) then
    report(self.nested, false, "a " .. self.kind .. " interface", thing.virtualInterfaceType)
  end
  table.sort(problems, function(a, b)
    return a.path < b.path
  end)
  return problems
end

-- ---- plans

-- The members that say what is wanted, those of the nested structure laid over the others.
function plan_methods:wanted(params)
  local nested = self.nested and params[self.nested]
  if type(nested) ~= "table" then
    return params
  end
  return setmetatable({}, {
    __index = function(_, name)
      local value = nested[name]
      if value == nil then
        value = params[name]
      end
      return value
    end,
  })
end

--- The parameters of the describing operation.
function plan_methods:filter(params)
  local filter = {}
  for _, name in ipairs(self.filters) do
    local other = filters_by_other_name[name]
    local value = params[name]
    if value == nil and other then
      value = params[other]
    end
    filter[name] = value
  end
  return filter
end

local function is_alive(self, thing)
  return not states.is_leaving(self.state and thing[self.state])
end

local function is_marked(thing, mark)
  for _, tag in ipairs(thing.tags or {}) do
    if tag.key == MARK and tag.value == mark then
      return true
    end
  end
  return false
end

-- An accepted proposal is past, except for a rerun: the same request with the same token still finds it.
local function is_past(search, thing, problems)
  return thing.proposalState == "accepted" and (search.token == nil or #problems > 0)
end

-- Everything in a page that may be the thing: candidate is the item that is it or holds it.
local function each_candidate(plan, page, visit)
  for _, candidate in ipairs(page[plan.items] or {}) do
    for _, thing in ipairs(plan.within and (candidate[plan.within] or {}) or { candidate }) do
      if is_alive(plan, thing) then
        visit(candidate, thing)
      end
    end
  end
end

--- Looks through what a page of the describing operation shows.
-- @tparam table search `{params, mark, token}`: params of the create, the value of the tag where the thing is marked,
--   the caller's token
-- @tparam table page
-- @treturn ?table the item that is, or holds, the thing
-- @treturn ?{table,...} contradictions of something else that has its natural key
function plan_methods:find(search, page)
  local found, contradictions
  local wanted = self:wanted(search.params)
  each_candidate(self, page, function(candidate, thing)
    if self.is_marked then
      found = found or is_marked(thing, search.mark) and candidate or nil
    elseif self.key(wanted, thing) then
      local problems = self:contradictions(search.params, thing)
      if is_past(search, thing, problems) then
        return
      elseif #problems == 0 then
        found = found or candidate
      else
        contradictions = contradictions or problems
      end
    end
  end)
  return found, contradictions
end

--- An item of the describing operation in the shape that the creating one answers with.
function plan_methods:result(item)
  return self.wrap and setmetatable({ [self.wrap] = item }, types.shape(self.output)) or item
end

-- The one member of a structure whose shape, or whose items' shape, has that name.
local function member_of_shape(structure, wanted, all)
  for name, member in pairs(structure.members) do
    local shape = all[member.shape]
    if member.shape == wanted or shape.member == wanted then
      return name
    end
  end
end

local function nested_structure(input, all)
  for name, member in pairs(input.members) do
    if all[member.shape].type == "structure" then
      return name, member.shape
    end
  end
end

local function state_member(structure)
  for name in pairs(structure.members) do
    if name == "state" or name:find("State$") then
      return name
    end
  end
end

local function secret_set()
  local set = {}
  for _, name in ipairs(core.secret_members()) do
    set[name] = true
  end
  return set
end

-- The members that the describing operation can be limited with.
local function filters_of(input, look_input)
  local filters = {}
  for name in pairs(look_input.members) do
    if input.members[name] or input.members[filters_by_other_name[name]] then
      filters[#filters + 1] = name
    end
  end
  table.sort(filters)
  return filters
end

-- Fills in how the thing is looked for.
local function plan_look(plan, op, input, output)
  local all, described = shapes()
  local look = operations.find(op.look_with)
  local whole = described[look.name]
  local item_shape = all[all[whole.output].members[look.items].shape].member
  local nested, nested_shape = nested_structure(input, all)
  plan.look, plan.items, plan.nested = look.name, look.items, nested
  plan.filters = filters_of(input, all[whole.input])
  plan.output = output.name
  plan.wrap = output.name ~= item_shape and member_of_shape(output, item_shape, all) or nil
  local thing_shape = item_shape
  if nested then
    local inner = nested_shape:gsub("^New", "")
    plan.within = member_of_shape(all[item_shape], inner, all)
    thing_shape = plan.within and inner or item_shape
    plan.kind = (op.name:match("(%u%l+)VirtualInterface$") or ""):lower()
    plan.kind = plan.kind ~= "" and plan.kind or nil
  end
  plan.state = state_member(all[thing_shape])
  plan.is_marked = input.members.tags ~= nil and all[thing_shape].members.tags ~= nil
  plan.key = not plan.is_marked and keys[thing_shape] or nil
  plan.secret = secret_set()
  return (plan.is_marked or plan.key) and plan
end

local plans = {}

local function new_plan(op)
  local all, described = shapes()
  local whole = described[op.name]
  local input, output = all[whole.input], all[whole.output]
  if not (op.name:find("^Create") or op.name:find("^Allocate")) or not input or not output then
    return false
  end
  local plan = setmetatable({ token = op.token }, plan_mt)
  if op.token then
    return plan
  end
  return op.retry == "once" and op.look_with and plan_look(plan, op, input, output) or false
end

--- How what an operation creates is recognised.
-- @tparam table op of operations.lua
-- @treturn[1] table plan: `token` (the client token's member), or `is_marked`, or by natural key
-- @treturn[2] nil the operation creates nothing, or nothing that can be recognised
local function of(op)
  local plan = plans[op.name]
  if plan == nil then
    plan = new_plan(op)
    plans[op.name] = plan
  end
  return plan or nil
end

return {
  MARK = MARK,
  of = of,
}
