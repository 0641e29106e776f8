--- Which gateways lose all their paths on one day? Direct Connect's events of AWS Health against an inventory.
--   lua examples/maintenance.lua [REGION...]
-- Prints each day on which maintenance meets paths of a gateway, worst first. Status 3: a gateway loses all of them;
-- 1: something could not be read, so that there may be more.

local dxconnect = require "dxconnect"

local DAY = 24 * 60 * 60
local DAYS = 60 -- of one event, at most
local PAGES = 100 -- of one list, at most
local AT_ONCE = 10 -- events in one question about what they affect

local regions = { ... }

local function fail(err)
  io.stderr:write(tostring(err), "\n")
  os.exit(1)
end

local client, err = dxconnect.client()
if not client then
  fail(err)
end

-- ---- AWS Health

-- All pages of a list. Health is asked in us-east-1, whatever regions its events are about.
local function health(operation, member, params)
  local items = {}
  for _ = 1, PAGES do
    local answer, problem = client:send({
      service = "health", target = "AWSHealth_20160804." .. operation, params = params,
    }, { region = "us-east-1", repeatable = true })
    if not answer then
      return nil, problem
    end
    for _, item in ipairs(type(answer[member]) == "table" and answer[member] or {}) do
      items[#items + 1] = item
    end
    params.nextToken = answer.nextToken
    if not params.nextToken then
      return items
    end
  end
  return nil, operation .. ": more pages than are read"
end

local function read_events()
  local filter = { services = { "DIRECTCONNECT" }, eventStatusCodes = { "open", "upcoming" } }
  local events, problem = health("DescribeEvents", "events", { filter = filter })
  if not events then
    return nil, problem
  end
  local by_arn, arns = {}, {}
  for _, event in ipairs(events) do
    if type(event.arn) == "string" and type(event.startTime) == "number" then
      event.affects = {}
      by_arn[event.arn] = event
      arns[#arns + 1] = event.arn
    end
  end
  for first = 1, #arns, AT_ONCE do
    local some = {}
    for i = first, math.min(first + AT_ONCE - 1, #arns) do
      some[#some + 1] = arns[i]
    end
    local entities
    entities, problem = health("DescribeAffectedEntities", "entities", { filter = { eventArns = some } })
    if not entities then
      return nil, problem
    end
    for _, entity in ipairs(entities) do
      local event = by_arn[entity.eventArn]
      if event and type(entity.entityValue) == "string" then
        event.affects[entity.entityValue:match("[^/]+$") or entity.entityValue] = true -- an id, or an ARN
      end
    end
  end
  return by_arn
end

-- ---- against the inventory

-- What is down on each day, by id: {[day] = {[id] = type of event}}. A LAG is down where all its members are.
local function days_of(events, inventory)
  local days = {}
  for _, event in pairs(events) do
    local first = math.floor(event.startTime / DAY)
    local last = type(event.endTime) == "number" and math.floor(event.endTime / DAY) or first
    for day = first, math.min(last, first + DAYS - 1) do
      days[day] = days[day] or {}
      for id in pairs(event.affects) do
        days[day][id] = tostring(event.eventTypeCode)
      end
    end
  end
  for _, down in pairs(days) do
    for lag in inventory:each { kind = "lag" } do
      local members, reason = inventory:linked(lag, "member"), nil
      for _, member in ipairs(members) do
        reason = down[member.id]
        if not reason then
          break
        end
      end
      down[lag.id] = down[lag.id] or reason
    end
  end
  return days
end

-- Why a path is down: its interface, its port, or what the port is hosted on.
local function reason_of(path, down, inventory)
  local reason = down[path.interface or ""] or down[path.port or ""]
  for _, link in ipairs(path.port and inventory:links_of(path.port, "hosted_on") or {}) do
    reason = reason or link.from == path.port and down[link.to] or nil
  end
  return reason
end

local function meetings(events, inventory)
  local list = {}
  for day, down in pairs(days_of(events, inventory)) do
    for gateway in inventory:each { kind = "gateway" } do
      local lost, paths = {}, 0
      for _, path in ipairs(inventory:resiliency(gateway).paths) do
        if path.counts ~= false then
          paths = paths + 1
          local reason = reason_of(path, down, inventory)
          if reason then
            lost[#lost + 1] = ("%s (%s)"):format(path.port or path.interface, reason)
          end
        end
      end
      if #lost > 0 then
        list[#list + 1] = { day = day, gateway = gateway, lost = lost, paths = paths, is_all = #lost == paths }
      end
    end
  end
  table.sort(list, function(a, b)
    if a.is_all ~= b.is_all then
      return a.is_all
    elseif a.day ~= b.day then
      return a.day < b.day
    end
    return a.gateway.id < b.gateway.id
  end)
  return list
end

local events
events, err = read_events()
if not events then
  fail(err)
end
local inventory
inventory, err = dxconnect.inventory { clients = client, regions = #regions > 0 and regions or nil }
if not inventory then
  fail(err)
end

local status = inventory.complete and 0 or 1
for _, entry in ipairs(inventory.errors) do
  io.stderr:write("not read, so there may be more: ", tostring(entry.error), "\n")
end
local list = meetings(events, inventory)
for _, meeting in ipairs(list) do
  status = meeting.is_all and 3 or status
  print(("%s  %s  %s loses %s of its %d paths: %s"):format(os.date("!%Y-%m-%d", meeting.day * DAY),
    meeting.is_all and "CRITICAL" or "note    ", meeting.gateway.name or meeting.gateway.id,
    meeting.is_all and "all" or #meeting.lost, meeting.paths, table.concat(meeting.lost, ", ")))
end
if #list == 0 then
  print(inventory.complete and "no maintenance meets a path of a gateway"
    or "no maintenance meets a path that could be read")
end
os.exit(status)
