--- Inventories as files: JSON, versioned. What is written can be read again; secrets are hidden.

local errors = require "dxconnect.errors"
local estate = require "dxconnect.inventory.estate"
local json = require "dxconnect.text.json"
local kinds = require("dxconnect.resources.kinds").kinds
local types = require "dxconnect.text.types"

local FORMAT, VERSION = "dxconnect-inventory", 1
local MINUTE = 60

-- The shape of each kind's data.
local SHAPES = {
  connection = "Connection", interconnect = "Interconnect", lag = "Lag", virtual_interface = "VirtualInterface",
  bgp_peer = "BGPPeer", mac_sec_key = "MacSecKey", gateway = "DirectConnectGateway",
  virtual_private_gateway = "VirtualGateway", resiliency_group = "ResiliencyGroupSummary", location = "Location",
}

local document_type = types.new("inventory file")
local list_type, map_type = types.shape("list"), types.shape("map")

local function as_list(items)
  return setmetatable(items, list_type)
end

-- ---- writing

local function error_fields(err)
  return { kind = err.kind, code = err.code, message = err.message, status = err.status, request_id = err.request_id,
    reason = err.reason, hint = err.hint, operation = err.operation }
end

local function copy_of(resource)
  local copy = {}
  for name, value in pairs(resource) do
    copy[name] = value
  end
  copy.tags = setmetatable(copy.tags, map_type)
  copy.data = next(copy.data) ~= nil and copy.data or setmetatable({}, map_type) -- a placeholder's
  if copy.routes then
    copy.routes = as_list(copy.routes)
  end
  return copy
end

--- The inventory as JSON. The time of the reading is told to the minute, so that an estate that has not changed gives
-- the same text.
-- @tparam table inventory
-- @tparam[opt] table options `pretty`: true for lines and indent
-- @treturn string
local function to_json(inventory, options)
  local inside = estate.inside(inventory)
  local resources, links, failures, reads = {}, {}, {}, {}
  for i, resource in ipairs(inventory.resources) do
    resources[i] = copy_of(resource)
    resources[i].shownBy = as_list { (table.unpack or unpack)(inside.shown_by[resource.id] or {}) } -- luacheck: ignore
  end
  for i, link in ipairs(inventory.links) do
    links[i] = {
      from = link.from, to = link.to, kind = link.kind, state = link.state,
      shownBy = as_list { (table.unpack or unpack)(inside.linked_by[link] or {}) }, -- luacheck: ignore
    }
  end
  for i, entry in ipairs(inventory.errors) do
    failures[i] = {
      client = entry.client, region = entry.region, operation = entry.operation, error = error_fields(entry.error),
    }
  end
  for i, read in ipairs(inside.reads) do
    reads[i] = {
      client = read.client, region = read.region, operation = read.operation, parent = read.parent, ok = read.ok,
    }
  end
  return json.encode(setmetatable({
    format = FORMAT,
    version = VERSION,
    readAt = inside.read_at and math.floor(inside.read_at / MINUTE) * MINUTE or nil,
    complete = inventory.complete,
    errors = as_list(failures),
    reads = as_list(reads),
    resources = as_list(resources),
    links = as_list(links),
  }, document_type), { pretty = options and options.pretty })
end

-- ---- reading

local function bad(message)
  return nil, errors.param("inventory.load", "", message)
end

local function is_list_of_tables(value)
  if type(value) ~= "table" then
    return false
  end
  for _, item in ipairs(value) do
    if type(item) ~= "table" then
      return false
    end
  end
  return true
end

local function take_names(item)
  local names = item.shownBy
  item.shownBy = nil
  return type(names) == "table" and names or {}
end

local function problem_of_resource(resource)
  if type(resource.kind) ~= "string" or not kinds[resource.kind] then
    return "a resource of an unknown kind: " .. errors.shown(tostring(resource.kind))
  elseif type(resource.id) ~= "string" then
    return "a resource without an id"
  elseif type(resource.data) ~= "table" or type(resource.tags) ~= "table" then
    return "a resource without data or tags: " .. errors.shown(resource.id)
  end
end

local function problem_of_link(link)
  if type(link.from) ~= "string" or type(link.to) ~= "string" or type(link.kind) ~= "string" then
    return "a link without its ends or kind"
  end
end

-- What is wrong with a document, or nil.
local function problem_of(document)
  if type(document) ~= "table" or document.format ~= FORMAT then
    return ("this is no inventory: expected \"format\": %q"):format(FORMAT)
  elseif document.version ~= VERSION then
    return ("the inventory has version %s; this release reads version %d"):format(tostring(document.version), VERSION)
  end
  for _, name in ipairs { "errors", "reads", "resources", "links" } do
    if not is_list_of_tables(document[name]) then
      return ("the inventory's %s are no list"):format(name)
    end
  end
  for _, resource in ipairs(document.resources) do
    local problem = problem_of_resource(resource)
    if problem then
      return problem
    end
  end
  for _, link in ipairs(document.links) do
    local problem = problem_of_link(link)
    if problem then
      return problem
    end
  end
end

local function plain(value)
  return setmetatable(value, nil)
end

--- Reads what `inventory:json()` gave.
-- @tparam string text
-- @treturn[1] table inventory
-- @treturn[2] nil
-- @treturn[2] table error of kind "params"
local function load(text)
  if type(text) ~= "string" then
    return bad("expected the text of inventory:json(), got a " .. type(text))
  end
  local document, message = json.decode(text)
  if document == nil then
    return bad("this is no inventory, or cut: " .. tostring(message))
  end
  local problem = problem_of(document)
  if problem then
    return bad(problem)
  end
  local shown_by, linked_by = {}, {}
  for _, resource in ipairs(document.resources) do
    shown_by[resource.id] = take_names(plain(resource))
    plain(resource.tags)
    plain(resource.data)
    if SHAPES[resource.kind] then
      types.mark(resource.data, SHAPES[resource.kind])
    end
  end
  for _, link in ipairs(document.links) do
    linked_by[plain(link)] = take_names(link)
  end
  for _, entry in ipairs(document.errors) do
    local fields = type(entry.error) == "table" and entry.error or {}
    plain(entry).error = errors.new(fields.kind or "response", fields.code or "ResponseError", fields.message or "",
      plain(fields))
  end
  return estate.assemble {
    resources = plain(document.resources), links = plain(document.links), errors = plain(document.errors),
    reads = plain(document.reads), read_at = type(document.readAt) == "number" and document.readAt or nil,
    shown_by = shown_by, linked_by = linked_by,
  }
end

return { json = to_json, load = load }
