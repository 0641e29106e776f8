--- Reads an estate: every list of every client in every region, side by side, with as few requests as the API allows.
-- What is returned is raw: a list of reads in a fixed order, each with the items that it found and the error that ended
-- it, if one did. graph.lua makes resources and links of it.
--
-- A read is `{client, region, operation, parent, items, error, params}`: `client` is the client's name, `operation` in
-- the service's spelling, `parent` the id that the list was asked for with, where it needs one.

local async = require "dxconnect.async"
local errors = require "dxconnect.errors"
local operations = require "dxconnect.operations"

local TAGS_AT_ONCE = 50 -- ARNs in one request

-- Lists that belong to a region.
local REGIONAL = {
  "describe_connections", "describe_interconnects", "describe_lags", "describe_virtual_interfaces",
  "describe_virtual_gateways", "list_resiliency_groups",
}

-- Lists that only a partner may ask for. For everybody else they are empty.
local FOR_PARTNERS = { DescribeInterconnects = true, DescribeHostedConnections = true }

-- The service's refusal of a partner's operation; a policy that denies it has another code.
local function is_no_partner(operation, err)
  return FOR_PARTNERS[operation] and err.code == "DirectConnectClientException"
    and tostring(err.message):lower():find("not an authorized direct connect partner", 1, true) ~= nil
end

-- Takes all pages of a list into read.items. Those seen before a failure stay: they exist.
local function take_pages(read, client, params, options)
  local op = operations.find(read.operation)
  for page in client:pages(read.operation, params, options) do
    for _, item in ipairs(type(page[op.items]) == "table" and page[op.items] or {}) do
      if type(item) == "table" then
        read.items[#read.items + 1] = item
      end
    end
  end
end

local function perform(read, client, params)
  local options = read.region ~= "" and { region = read.region } or nil
  local ok, err = pcall(take_pages, read, client, params, options)
  if ok then
    return
  elseif not errors.is(err) then
    error(err, 0)
  elseif not is_no_partner(read.operation, err) then
    read.error = err
  end
end

-- Adds a read, to be performed with the others of its stage.
local function plan(stage, source, operation, params, parent)
  local read = {
    client = source.name,
    region = source.region,
    operation = operations.find(operation).name,
    parent = parent,
    items = {},
  }
  stage[#stage + 1] = { read = read, client = source.client, params = params }
  return read
end

-- Performs a stage's reads side by side, and appends them to the list in the order in which they were planned.
local function perform_stage(stage, reads, concurrency)
  local tasks = {}
  for i, planned in ipairs(stage) do
    tasks[i] = function()
      perform(planned.read, planned.client, planned.params)
    end
  end
  for i, outcome in ipairs(async.parallel(tasks, { concurrency = concurrency })) do
    local read = stage[i].read
    if outcome.error then
      read.error = errors.is(outcome.error) and outcome.error or errors.response(errors.message_of(outcome.error), {
        operation = read.operation,
      })
    end
    reads[#reads + 1] = read
  end
end

-- ---- what follows from what was read

-- Iterates over the items of a read that have an id: id, item.
local function each(list, member)
  local i = 0
  return function()
    local item
    repeat
      i = i + 1
      item = list.items[i]
    until item == nil or type(item[member]) == "string"
    return item and item[member], item
  end
end

-- Gateways are global: one region's list is everybody's. The first region that answers is asked.
local function read_gateways(sources, reads, concurrency)
  local waiting = sources
  while #waiting > 0 do
    local stage, first = {}, {}
    local later = {}
    for _, source in ipairs(waiting) do
      if first[source.name] then
        later[#later + 1] = source
      else
        first[source.name] = plan(stage, source, "describe_direct_connect_gateways")
      end
    end
    perform_stage(stage, reads, concurrency)
    waiting = {}
    for _, source in ipairs(later) do
      if first[source.name].error then
        waiting[#waiting + 1] = source
      end
    end
  end
end

-- A gateway that several clients see is asked for once.
local function plan_gateways(stage, source, gateways, asked)
  for id in each(gateways, "directConnectGatewayId") do
    if not asked[id] then
      asked[id] = true
      for _, operation in ipairs {
        "describe_direct_connect_gateway_associations", "describe_direct_connect_gateway_attachments",
      } do
        plan(stage, source, operation, { directConnectGatewayId = id }, id)
      end
    end
  end
end

local function plan_hosted(stage, source, lists)
  for id in each(lists.DescribeInterconnects, "interconnectId") do
    plan(stage, source, "describe_hosted_connections", { connectionId = id }, id)
  end
  for id, lag in each(lists.DescribeLags, "lagId") do
    if lag.allowsHostedConnections == true then
      plan(stage, source, "describe_hosted_connections", { connectionId = id }, id)
    end
  end
end

-- The list of groups shows no tags: these are asked for by ARN, many at once.
local function plan_groups(stage, source, groups)
  local arns = {}
  for id, group in each(groups, "resiliencyGroupId") do
    plan(stage, source, "list_resiliency_group_associations", { resiliencyGroupId = id }, id)
    if type(group.resiliencyGroupArn) == "string" then
      arns[#arns + 1] = group.resiliencyGroupArn
    end
  end
  for first = 1, #arns, TAGS_AT_ONCE do
    local some = {}
    for i = first, math.min(first + TAGS_AT_ONCE - 1, #arns) do
      some[#some + 1] = arns[i]
    end
    plan(stage, source, "describe_tags", { resourceArns = some })
  end
end

local function has_ports(lists)
  return #lists.DescribeConnections.items > 0 or #lists.DescribeInterconnects.items > 0
    or #lists.DescribeLags.items > 0
end

local function plan_routes(stage, source, interfaces)
  for id in each(interfaces, "virtualInterfaceId") do
    plan(stage, source, "list_virtual_interface_routes", { virtualInterfaceId = id }, id)
  end
end

--- Reads everything.
-- @tparam {table,...} sources `{name, client, region}`, in order: a client's regions one behind the other
-- @tparam table options `concurrency`, `routes`, `locations`
-- @treturn {table,...} reads
local function read(sources, options)
  local reads, lists = {}, {}
  local stage = {}
  for i, source in ipairs(sources) do
    lists[i] = {}
    for _, operation in ipairs(REGIONAL) do
      local planned = plan(stage, source, operation)
      lists[i][planned.operation] = planned
    end
  end
  perform_stage(stage, reads, options.concurrency)
  local first_gateways = #reads + 1
  read_gateways(sources, reads, options.concurrency)
  local by_source = {}
  for i, source in ipairs(sources) do
    by_source[source.name .. "\0" .. source.region] = i
  end
  stage = {}
  local asked = {}
  for i = first_gateways, #reads do
    local found = reads[i]
    plan_gateways(stage, sources[by_source[found.client .. "\0" .. found.region]], found, asked)
  end
  for i, source in ipairs(sources) do
    plan_hosted(stage, source, lists[i])
    plan_groups(stage, source, lists[i].ListResiliencyGroups)
    if options.locations or has_ports(lists[i]) then
      plan(stage, source, "describe_locations")
    end
    if options.routes then
      plan_routes(stage, source, lists[i].DescribeVirtualInterfaces)
    end
  end
  perform_stage(stage, reads, options.concurrency)
  return reads
end

return { read = read }
