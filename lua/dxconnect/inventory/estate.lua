--- The inventory as an object: what it holds, and how it is asked. Reading one is in init.lua. What else it can do is
-- in the modules beside this one, which init.lua adds as methods.

local check = require "dxconnect.check"
local errors = require "dxconnect.errors"
local graph = require "dxconnect.inventory.graph"

local STATE = {} -- the private key: indexes, and which reads were made

local methods = {}
local inventory_mt = { __index = methods, __name = "dxconnect inventory" }

-- ---- making one

--- Makes an inventory of its parts.
-- @tparam table parts `resources`, `links`, `errors`, `reads` (list of `{client, region, operation, parent, ok}`),
--   `read_at` (Unix seconds), `shown_by`, `linked_by` (names of reads)
-- @treturn table
local function assemble(parts)
  local state = {
    reads = parts.reads, read_at = parts.read_at, shown_by = parts.shown_by, linked_by = parts.linked_by,
    by_id = {}, was_read = {}, neighbours = nil,
  }
  for _, resource in ipairs(parts.resources) do
    state.by_id[resource.id] = state.by_id[resource.id] or resource
  end
  for _, read in ipairs(parts.reads) do
    local key = graph.key_of(read)
    state.was_read[key] = state.was_read[key] or read.ok
  end
  return setmetatable({
    resources = parts.resources,
    links = parts.links,
    errors = parts.errors,
    complete = #parts.errors == 0,
    [STATE] = state,
  }, inventory_mt)
end

-- ---- asking

--- The resource with an id.
-- @tparam string id
-- @treturn ?table
function methods:find(id)
  return self[STATE].by_id[id]
end

-- A filter's value against a resource's: a function decides, "~pattern" matches, anything else is equal.
local function matches(wanted, value)
  if type(wanted) == "function" then
    return wanted(value) and true or false
  elseif type(wanted) == "string" and wanted:sub(1, 1) == "~" then
    return type(value) == "string" and value:find(wanted:sub(2)) ~= nil
  end
  return wanted == value
end

local function tags_match(wanted, tags)
  for key, value in pairs(wanted) do
    if not matches(value, tags[key]) then
      return false
    end
  end
  return true
end

local FILTERS = { "kind", "state", "client", "region", "account", "tags", "name", "id" }

local function check_filter(filter)
  if type(filter) ~= "table" then
    error("inventory:each: expected a table of filters, got a " .. type(filter), 3)
  end
  local problems = {}
  check.known_options(filter, FILTERS, problems)
  if filter.tags ~= nil and type(filter.tags) ~= "table" and type(filter.tags) ~= "function" then
    problems[#problems + 1] = { path = "tags", message = "expected a table of keys and values" }
  end
  if #problems > 0 then
    error(errors.params("inventory:each", problems), 3)
  end
end

--- Iterates over the resources that fit every filter.
-- @tparam[opt] table filter members `kind`, `state`, `client`, `region`, `account`, `name`, `id`: a value, a function
--   of the value, or a Lua pattern after `~`; `tags`: a table of keys to such filters
-- @treturn function iterator
function methods:each(filter)
  filter = filter == nil and {} or filter
  check_filter(filter)
  local i = 0
  return function()
    while true do
      i = i + 1
      local resource = self.resources[i]
      if not resource then
        return nil
      end
      local fits = true
      for name, wanted in pairs(filter) do
        if name == "tags" and type(wanted) == "table" then
          fits = fits and tags_match(wanted, resource.tags)
        else
          fits = fits and matches(wanted, resource[name])
        end
      end
      if fits then
        return resource
      end
    end
  end
end

-- The links at each id; made when first asked for.
local function links_at(self, id)
  local state = self[STATE]
  if not state.neighbours then
    local at = {}
    for _, link in ipairs(self.links) do
      for _, finish in ipairs(link.from == link.to and { link.from } or { link.from, link.to }) do
        at[finish] = at[finish] or {}
        table.insert(at[finish], link)
      end
    end
    state.neighbours = at
  end
  return state.neighbours[id] or {}
end

--- The links that begin or end at a resource.
-- @tparam string|table of an id or a resource
-- @tparam[opt] string kind of link
-- @treturn {table,...} links, sorted
function methods:links_of(of, kind)
  local list = {}
  for _, link in ipairs(links_at(self, type(of) == "table" and of.id or of)) do
    if kind == nil or link.kind == kind then
      list[#list + 1] = link
    end
  end
  return list
end

--- The resources that are linked with one, in either direction, each once.
-- @tparam string|table of an id or a resource
-- @tparam[opt] string kind of link
-- @treturn {table,...} resources
function methods:linked(of, kind)
  local id = type(of) == "table" and of.id or of
  local list, seen = {}, {}
  for _, link in ipairs(self:links_of(id, kind)) do
    local other = link.from == id and link.to or link.from
    if not seen[other] then
      seen[other] = true
      list[#list + 1] = self[STATE].by_id[other]
    end
  end
  return list
end

-- The list that tells links of a kind, where it is one that is asked for apart.
local TOLD_BY = {
  associated = "DescribeDirectConnectGatewayAssociations",
  attached = "DescribeDirectConnectGatewayAttachments",
  grouped = "ListResiliencyGroupAssociations",
}

--- Whether the links of a kind could be read: those at one resource, or all of them.
-- @tparam ?string id of the gateway or group; nil for all
-- @tparam string kind "associated", "attached" or "grouped"
-- @treturn boolean
function methods:could_read(id, kind)
  for _, read in ipairs(self[STATE].reads) do
    if not read.ok and read.operation == TOLD_BY[kind] and (id == nil or read.parent == id) then
      return false
    end
  end
  return true
end

--- When the inventory was read, in Unix seconds; nil where that isn't known.
function methods:read_at()
  return self[STATE].read_at
end

--- Whether a value is an inventory.
-- @param value
-- @treturn boolean
local function is(value)
  return type(value) == "table" and getmetatable(value) == inventory_mt
end

--- What an inventory keeps for the modules beside this one: `reads`, `read_at`, `was_read` (by a read's name),
-- `shown_by` and `linked_by` (names of reads by id and by link).
-- @tparam table inventory
-- @treturn table
local function inside(inventory)
  return inventory[STATE]
end

--- Whether all the reads of some names were made, and succeeded.
-- @tparam table kept what `inside` returned
-- @tparam ?{string,...} names
-- @treturn boolean
local function was_read(kept, names)
  for _, name in ipairs(names or {}) do
    if not kept.was_read[name] then
      return false
    end
  end
  return true
end

return {
  methods = methods,
  mt = inventory_mt,
  assemble = assemble,
  is = is,
  inside = inside,
  was_read = was_read,
}
