--- Columns of lists: the main ones of each shape, and how a column's name or path finds its value in a row.

local core = require "dxconnect.core"
local types = require "dxconnect.text.types"

local GUESS_MAX = 6 -- columns of a list whose main ones nobody named
local ITSELF = "value" -- the column of a list of other things than tables
local SAMPLE = 100 -- rows of a list without a shape that are looked at for names

-- By shape of the items: what they are called, and the main columns, the most important first.
local main = {
  AsPathSegment = { "segments", "pathType", "path" },
  AvailableBillingMode = { "billing modes", "billingMode", "availablePortSpeeds", "includedRegions" },
  BGPPeer = { "peers", "bgpPeerId", "bgpPeerState", "bgpStatus", "addressFamily", "asnLong", "amazonAddress",
    "customerAddress" },
  Connection = { "connections", "connectionId", "connectionName", "connectionState", "bandwidth", "location", "lagId",
    "region" },
  CustomerAgreement = { "agreements", "agreementName", "status" },
  DirectConnectGateway = { "gateways", "directConnectGatewayId", "directConnectGatewayName",
    "directConnectGatewayState", "amazonSideAsn", "ownerAccount" },
  DirectConnectGatewayAssociation = { "associations", "associationId", "associationState", "directConnectGatewayId",
    "associatedGateway.id", "associatedGateway.type" },
  DirectConnectGatewayAssociationProposal = { "proposals", "proposalId", "proposalState", "directConnectGatewayId",
    "associatedGateway.id" },
  DirectConnectGatewayAttachment = { "attachments", "virtualInterfaceId", "attachmentState", "directConnectGatewayId",
    "attachmentType", "virtualInterfaceRegion" },
  Interconnect = { "interconnects", "interconnectId", "interconnectName", "interconnectState", "bandwidth", "location",
    "lagId", "region" },
  Lag = { "LAGs", "lagId", "lagName", "lagState", "numberOfConnections", "connectionsBandwidth", "minimumLinks",
    "location", "region" },
  Location = { "locations", "locationCode", "locationName", "region", "availablePortSpeeds" },
  MacSecKey = { "keys", "ckn", "state", "startOn", "secretARN" },
  ResiliencyGroupAssociation = { "associations", "connectionArn", "state", "resiliencyGroupId" },
  ResiliencyGroupSummary = { "resiliency groups", "resiliencyGroupId", "resiliencyGroupName", "state",
    "resiliencyGroupType", "ownerAccount" },
  ResourceTag = { "resources", "resourceArn", "tags" },
  Route = { "routes", "cidr", "routeDirection", "addressFamily", "asPath", "routeInstalledAt" },
  RouteFilterPrefix = { "prefixes", "cidr" },
  Tag = { "tags", "key", "value" },
  VirtualGateway = { "gateways", "virtualGatewayId", "virtualGatewayState" },
  VirtualInterface = { "interfaces", "virtualInterfaceId", "virtualInterfaceName", "virtualInterfaceState",
    "virtualInterfaceType", "vlan", "connectionId", "directConnectGatewayId", "region" },
  VirtualInterfaceTestHistory = { "tests", "testId", "status", "virtualInterfaceId", "startTime", "endTime" },
}

-- The type of a list's items: what the list says, or what its first item is.
local function item_type(list)
  local info = types.of(list)
  if info and info.item then
    return types.of_shape(info.item)
  end
  return types.of(rawget(list, 1))
end

local function is_scalar(value)
  return value ~= nil and type(value) ~= "table"
end

-- The first members of a shape that hold neither tables nor bytes.
local function first_scalars(info)
  local names = {}
  for _, name in ipairs(info.order) do
    local member = types.of_shape(info.members[name].shape)
    if #names < GUESS_MAX and member.kind ~= "list" and member.kind ~= "structure" and member.kind ~= "map"
      and member.kind ~= "blob" and not types.is_secret(info, name) then
      names[#names + 1] = name
    end
  end
  return names
end

-- The names that the rows of a list without a shape have, sorted.
local function names_in(list)
  local names, seen = {}, {}
  for i = 1, math.min(#list, SAMPLE) do
    for name, value in next, type(list[i]) == "table" and list[i] or {} do
      if type(name) == "string" and not seen[name] and is_scalar(value) then
        seen[name] = true
        names[#names + 1] = name
      end
    end
  end
  table.sort(names)
  return names
end

--- The main columns of a list.
-- @tparam table list
-- @treturn {string,...} member names or paths; none for a list of other things than tables
local function of(list)
  local info, item = types.of(list), item_type(list)
  if info and info.columns then
    return info.columns
  elseif item and item.columns then
    return item.columns
  elseif item and main[item.name] then
    local names = {}
    for i = 2, #main[item.name] do
      names[i - 1] = main[item.name][i]
    end
    return names
  elseif item and item.order then
    return first_scalars(item)
  end
  return names_in(list)
end

--- What the items of a list are called, in the plural.
-- @tparam table list
-- @treturn string
local function plural(list)
  local info, item = types.of(list), item_type(list)
  if item and main[item.name] then
    return main[item.name][1]
  end
  return info and info.columns and info.name or "items"
end

--- What tells a table of a shape from others: the value of its main column.
-- @tparam table row
-- @return the value; nil where there is none
local function id(row)
  local info = types.of(row)
  local names = info and main[info.name]
  return names and names[1] ~= "tags" and rawget(row, names[2]) or nil
end

-- The value of the tag of that key, in a list of tags.
local function tag_value(list, key)
  for i = 1, #list do
    local tag = rawget(list, i)
    if type(tag) == "table" and rawget(tag, "key") == key then
      return rawget(tag, "value")
    end
  end
end

--- The value that a column has in a row.
-- @param row
-- @tparam string path a member's name or, with dots, a path: "tags.env" takes the tag of that key
-- @return the value; nil where there is none
-- @treturn ?table type of the table that it is in
-- @treturn string name under which it is there
local function value(row, path)
  local rest = path
  if type(row) ~= "table" then
    return path == ITSELF and row or nil, nil, path
  end
  while type(row) == "table" do
    local found = rawget(row, rest)
    if found ~= nil then
      return found, types.of(row), rest
    end
    found = tag_value(row, rest)
    if found ~= nil then
      return found, nil, rest
    end
    local first, behind = rest:match("^([^.]*)%.(.+)$")
    if not first then
      return nil, types.of(row), rest
    end
    row, rest = rawget(row, first) or rawget(row, tonumber(first) or first), behind
  end
  return nil, nil, rest
end

-- What is wrong with a column that no row has: nil where nothing is.
local function unknown_column(list, path)
  local item = item_type(list)
  local first = path:match("^[^.]+") or path
  if not item or not item.members or item.members[first] then
    return nil
  end
  for i = 1, #list do
    if type(list[i]) == "table" and (rawget(list[i], path) ~= nil or rawget(list[i], first) ~= nil) then
      return nil
    end
  end
  local nearest = core.nearest(first, item.order)
  return ("%s has no member %s"):format(item.name, first) .. (nearest and "; did you mean " .. nearest .. "?" or "")
end

--- The list that a table or CSV is made of: the one given, or the only one in a result.
-- @param list
-- @treturn[1] table list
-- @treturn[2] nil
-- @treturn[2] string what is wrong
local function list_of(list)
  local info = types.of(list)
  if type(list) == "table" and info and info.kind == "structure" then
    local found, count = nil, 0
    for _, inner in next, list do
      local inner_info = types.of(inner)
      if inner_info and inner_info.kind == "list" then
        found, count = inner, count + 1
      end
    end
    if count == 1 then
      return found
    end
  end
  if type(list) ~= "table" or (next(list) ~= nil and rawget(list, 1) == nil) then
    return nil, "expected a list, got " .. (type(list) == "table" and "another table" or "a " .. type(list))
  end
  return list
end

--- Checks the options of a table or CSV.
-- @tparam ?table options
-- @tparam table known `{name = type}`
-- @treturn[1] table the options
-- @treturn[2] nil
-- @treturn[2] string what is wrong
local function check_options(options, known)
  if options == nil then
    return {}
  elseif type(options) ~= "table" then
    return nil, "options: expected a table, got a " .. type(options)
  end
  for name, given in next, options do
    if not known[name] then
      local names = {}
      for known_name in pairs(known) do
        names[#names + 1] = known_name
      end
      table.sort(names)
      local nearest = type(name) == "string" and core.nearest(name, names)
      return nil, ("there is no option %s"):format(tostring(name))
        .. (nearest and "; did you mean " .. nearest .. "?" or "; there are " .. table.concat(names, ", "))
    elseif type(given) ~= known[name] then
      return nil, ("%s: expected a %s, got a %s"):format(name, known[name], type(given))
    end
  end
  return options
end

--- The columns of a table or CSV: those asked for, or the main ones.
-- @tparam table list
-- @tparam ?table asked member names or paths
-- @treturn[1] {string,...}
-- @treturn[2] nil
-- @treturn[2] string what is wrong
local function choose(list, asked)
  if asked == nil then
    local names = of(list)
    return #names == 0 and list[1] ~= nil and type(list[1]) ~= "table" and { ITSELF } or names
  elseif #asked == 0 then
    return nil, "columns: expected at least one name"
  end
  for i = 1, #asked do
    if type(asked[i]) ~= "string" or asked[i] == "" then
      return nil, ("columns[%d]: expected a member's name or path, got a %s"):format(i, type(asked[i]))
    end
    local problem = unknown_column(list, asked[i])
    if problem then
      return nil, ("columns[%d]: %s"):format(i, problem)
    end
  end
  return asked
end

return {
  main = main,
  of = of,
  plural = plural,
  value = value,
  id = id,
  list_of = list_of,
  check_options = check_options,
  choose = choose,
}
