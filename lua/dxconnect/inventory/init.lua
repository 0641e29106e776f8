--- Inventories: the whole estate of several accounts and regions as one value to ask, compare, judge and look at.
-- `dxconnect.inventory{…}` reads it (read.lua), graph.lua makes resources and links of what was read, and estate.lua is
-- what the caller gets. What else an inventory can do is in the modules beside this one, loaded at first use.

local check = require "dxconnect.check"
local errors = require "dxconnect.errors"
local estate = require "dxconnect.inventory.estate"
local graph = require "dxconnect.inventory.graph"
local reading = require "dxconnect.inventory.read"

local DEFAULT_CONCURRENCY = 16
local MAX_CONCURRENCY = 1024
local OPERATION = "inventory" -- in errors

-- ---- options

local function is_client(value)
  local mt = type(value) == "table" and getmetatable(value)
  return type(mt) == "table" and mt.__name == "dxconnect.client"
end

local function setting(client, name)
  local entry = client:explain()[name]
  return type(entry) == "table" and entry.value or nil
end

-- A client without a name of its own is called by its profile, where that was chosen and tells it from the others.
local function name_list(clients)
  local names, taken = {}, {}
  for i, client in ipairs(clients) do
    local profile = setting(client, "profile")
    local name = profile ~= "default" and profile or nil
    if not name or taken[name] then
      name = "client " .. i
    end
    names[i], taken[name] = name, true
  end
  return names
end

-- Returns the clients as a list of `{name, client}`, or adds problems. Those of a table of names are sorted by name.
local function clients_of(given, problems)
  local list = {}
  if is_client(given) then
    given = { given }
  elseif type(given) ~= "table" then
    problems[#problems + 1] = {
      path = "clients", message = "expected a client, a list of clients or a table of names, got a " .. type(given),
    }
    return list
  end
  local anonymous, named = {}, {}
  for key, client in pairs(given) do
    if not is_client(client) then
      problems[#problems + 1] = {
        path = ("clients[%s]"):format(tostring(key)), message = "expected a client, got a " .. type(client),
      }
    elseif type(key) == "number" and key >= 1 and key <= #given and key % 1 == 0 then
      anonymous[key] = client
    elseif type(key) == "string" and key ~= "" then
      named[#named + 1] = key
    else
      problems[#problems + 1] = { path = "clients", message = "expected names as keys, got " .. tostring(key) }
    end
  end
  if #problems > 0 then
    return list
  end
  local names = name_list(anonymous)
  for i, client in ipairs(anonymous) do
    list[#list + 1] = { name = names[i], client = client }
  end
  table.sort(named)
  for _, name in ipairs(named) do
    list[#list + 1] = { name = name, client = given[name] }
  end
  if #list == 0 then
    problems[#problems + 1] = { path = "clients", message = "expected at least one client" }
  end
  return list
end

local function regions_of(given, problems)
  if given == nil then
    return nil
  elseif type(given) ~= "table" or #given == 0 then
    problems[#problems + 1] = { path = "regions", message = "expected a list of regions, such as { \"us-east-1\" }" }
    return nil
  end
  local regions, seen = {}, {}
  for i, region in ipairs(given) do
    if type(region) ~= "string" or region == "" then
      problems[#problems + 1] = {
        path = ("regions[%d]"):format(i), message = "expected a region, got a " .. type(region),
      }
    elseif not seen[region] then
      seen[region] = true
      regions[#regions + 1] = region
    end
  end
  return regions
end

local function check_flag(options, name, problems)
  if options[name] ~= nil and type(options[name]) ~= "boolean" then
    problems[#problems + 1] = { path = name, message = "expected true or false, got a " .. type(options[name]) }
  end
end

local function concurrency_of(value, problems)
  if value == nil then
    return DEFAULT_CONCURRENCY
  elseif type(value) ~= "number" or value % 1 ~= 0 or value < 1 then
    problems[#problems + 1] = { path = "concurrency", message = "expected a whole number from 1" }
    return nil
  end
  return math.min(value, MAX_CONCURRENCY)
end

-- What is to be read: sources and options; or nil and an error with every problem.
local function resolve(options)
  local problems = {}
  if options == nil or type(options) ~= "table" then
    return nil, errors.param(OPERATION, "", "expected a table of options with `clients`, got a " .. type(options))
  elseif is_client(options) then
    return nil, errors.param(OPERATION, "clients", "give it by name: dxconnect.inventory{ clients = client }")
  end
  check.known_options(options, { "clients", "regions", "concurrency", "routes", "locations" }, problems)
  local clients = clients_of(options.clients, problems)
  local regions = regions_of(options.regions, problems)
  local concurrency = concurrency_of(options.concurrency, problems)
  check_flag(options, "routes", problems)
  check_flag(options, "locations", problems)
  if #problems > 0 then
    return nil, errors.params(OPERATION, problems)
  end
  local sources = {}
  for _, entry in ipairs(clients) do
    for _, region in ipairs(regions or { setting(entry.client, "region") or "" }) do
      sources[#sources + 1] = { name = entry.name, client = entry.client, region = region }
    end
  end
  return {
    sources = sources,
    concurrency = concurrency,
    routes = options.routes,
    locations = options.locations,
    clock = clients[1].client.system.clock,
  }
end

-- ---- reading

local function errors_of(reads)
  local list = {}
  for _, read in ipairs(reads) do
    if read.error then
      list[#list + 1] = {
        client = read.client, region = read.region, operation = read.operation, error = read.error,
      }
    end
  end
  return list
end

local function summaries_of(reads)
  local list = {}
  for i, read in ipairs(reads) do
    list[i] = {
      client = read.client, region = read.region, operation = read.operation, parent = read.parent,
      ok = read.error == nil,
    }
  end
  return list
end

--- Reads what was resolved.
-- @tparam table wanted of `resolve`
-- @treturn table inventory
local function read(wanted)
  local read_at = wanted.clock()
  local reads = reading.read(wanted.sources, wanted)
  local resources, links, shown_by, linked_by = graph.build(reads, wanted.locations)
  return estate.assemble {
    resources = resources, links = links, errors = errors_of(reads), reads = summaries_of(reads), read_at = read_at,
    shown_by = shown_by, linked_by = linked_by,
  }
end

--- Reads everything of every client in every region, side by side, and returns it as one inventory. What can't be read
-- is in `inventory.errors`, and is not taken for gone.
-- @tparam table options `clients`: a client, a list of them, or a table of names to clients; `regions`: a list, by
--   default each client's own; `concurrency`: requests in flight (16); `routes`: true reads the routes of every
--   interface; `locations`: true keeps locations without a port
-- @treturn[1] table inventory `{resources, links, errors, complete}`
-- @treturn[2] nil
-- @treturn[2] table error of kind "params" with every problem of the options
local function new(options)
  local wanted, err = resolve(options)
  if not wanted then
    return nil, err
  end
  return read(wanted)
end

-- ---- what is in modules of its own

local function lazily(module, name)
  return function(self, ...)
    return require(module)[name](self, ...)
  end
end

for name, module in pairs {
  json = "file", csv = "text", dot = "dot", svg = "picture", diff = "diff", assess = "assess",
  resiliency = "resiliency", metrics = "metrics",
} do
  estate.methods[name] = lazily("dxconnect.inventory." .. module, name)
end
estate.mt.__tostring = lazily("dxconnect.inventory.text", "text")

-- `dxconnect.inventory{…}` reads; what else there is are members.
return setmetatable({
  resolve = resolve,
  read = read,
  load = function(text)
    return require("dxconnect.inventory.file").load(text)
  end,
}, {
  __call = function(_, options)
    return new(options)
  end,
  __index = function(_, name)
    return name == "rules" and require "dxconnect.inventory.rules" or nil
  end,
})
