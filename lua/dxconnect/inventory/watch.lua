--- Watches an estate: reads it again and again, and tells each difference once.
-- The service raises no events, so who wants to know polls. What a read could not see is kept as it was seen last, and
-- compared when it is seen next. A watch runs as a task, in an nginx timer of one worker, or blocks.

local async = require "dxconnect.async"
local check = require "dxconnect.check"
local errors = require "dxconnect.errors"
local estate = require "dxconnect.inventory.estate"
local inventories = require "dxconnect.inventory"
local kinds = require("dxconnect.resources.kinds").kinds
local system = require "dxconnect.system"

local INTERVAL = 30 -- seconds
local OPERATION = "watch" -- in errors

local methods = {}
local watch_mt = { __index = methods, __name = "dxconnect watch" }

function watch_mt.__tostring(watch)
  return ("dxconnect.watch (%s, every %g s)"):format(watch.stopped and "stopped" or "running", watch.interval)
end

-- ---- options

local OWN = { "interval", "on_change", "on_error", "on_read", "kinds", "shared_dict" }
local READING = { "clients", "regions", "concurrency", "routes", "locations" }

local function check_function(options, name, problems)
  if options[name] ~= nil and type(options[name]) ~= "function" then
    problems[#problems + 1] = { path = name, message = "expected a function, got a " .. type(options[name]) }
  end
end

local function wanted_kinds(list, problems)
  if list == nil then
    return nil
  elseif type(list) ~= "table" then
    problems[#problems + 1] = { path = "kinds", message = "expected a list of kinds, got a " .. type(list) }
    return nil
  end
  local wanted, known = {}, {}
  for name in pairs(kinds) do
    known[#known + 1] = name
  end
  table.sort(known)
  for i, kind in ipairs(list) do
    if not kinds[kind] then
      problems[#problems + 1] = { path = ("kinds[%d]"):format(i), message = check.unknown("kind", kind, known) }
    else
      wanted[kind] = true
    end
  end
  return wanted
end

local function resolve(options)
  if type(options) ~= "table" then
    return nil, errors.param(OPERATION, "", "expected a table of options with `clients`, got a " .. type(options))
  end
  local problems, reading, known = {}, {}, {}
  for _, list in ipairs { READING, OWN } do
    for _, name in ipairs(list) do
      known[#known + 1] = name
    end
  end
  check.known_options(options, known, problems)
  for _, name in ipairs(READING) do
    reading[name] = options[name]
  end
  check_function(options, "on_change", problems)
  check_function(options, "on_error", problems)
  check_function(options, "on_read", problems)
  local interval = options.interval == nil and INTERVAL or options.interval
  if type(interval) ~= "number" or not (interval > 0 and interval < math.huge) then
    problems[#problems + 1] = { path = "interval", message = "expected seconds, more than 0" }
  end
  if options.shared_dict ~= nil and type(options.shared_dict) ~= "string" then
    problems[#problems + 1] = { path = "shared_dict", message = "expected the name of a lua_shared_dict" }
  end
  local wanted, err = inventories.resolve(reading)
  for _, problem in ipairs(err and err.problems or {}) do
    problems[#problems + 1] = problem
  end
  local only = wanted_kinds(options.kinds, problems)
  if #problems > 0 then
    return nil, errors.params(OPERATION, problems)
  end
  return { reading = wanted, interval = interval, kinds = only, on_change = options.on_change,
    on_error = options.on_error, on_read = options.on_read, shared_dict = options.shared_dict }
end

-- ---- what was seen last

-- A reading, with what it could not see as it was seen before: what the next one is compared with.
local function carry(newer, older)
  if not older then
    return newer
  end
  local inside_newer, inside_older = estate.inside(newer), estate.inside(older)
  local resources, links, reads = {}, {}, {}
  local shown_by, linked_by = {}, {}
  local is_kept, is_known = {}, {}
  for _, resource in ipairs(older.resources) do
    local now = newer:find(resource.id)
    if not resource.placeholder and (now == nil or now.placeholder)
      and not estate.was_read(inside_newer, inside_older.shown_by[resource.id]) then
      is_kept[resource.id] = true
      resources[#resources + 1] = resource
      shown_by[resource.id] = inside_older.shown_by[resource.id]
    end
  end
  for _, resource in ipairs(newer.resources) do
    if not is_kept[resource.id] then
      resources[#resources + 1] = resource
      shown_by[resource.id] = inside_newer.shown_by[resource.id]
    end
  end
  local function add_link(link, names)
    local key = link.kind .. "\0" .. link.from .. "\0" .. link.to
    if not is_known[key] then
      is_known[key] = true
      links[#links + 1], linked_by[link] = link, names
    end
  end
  for _, link in ipairs(newer.links) do
    add_link(link, inside_newer.linked_by[link])
  end
  for _, link in ipairs(older.links) do
    if not estate.was_read(inside_newer, inside_older.linked_by[link]) then
      add_link(link, inside_older.linked_by[link])
    end
  end
  for _, inside in ipairs { inside_newer, inside_older } do
    for _, read in ipairs(inside.reads) do
      reads[#reads + 1] = read
    end
  end
  return estate.assemble {
    resources = resources, links = links, errors = newer.errors, read_at = inside_newer.read_at, shown_by = shown_by,
    linked_by = linked_by, reads = reads,
  }
end

-- ---- one reading

local function tell(watch, callback, value, ...)
  if callback and not watch.stopped then
    callback(value, ...)
  end
end

local function look(watch)
  local settings = watch.settings
  local inventory = inventories.read(settings.reading)
  if watch.stopped then
    return
  end
  local before = watch.seen
  watch.seen = carry(inventory, before)
  if inventory.complete then
    watch.inventory = inventory
  end
  for _, entry in ipairs(inventory.errors) do
    tell(watch, settings.on_error, entry, watch)
  end
  for _, change in ipairs(before and inventory:diff(before) or {}) do
    if not settings.kinds or settings.kinds[change.kind] then
      tell(watch, settings.on_change, change, inventory, watch)
    end
  end
  tell(watch, settings.on_read, inventory, watch)
end

--- Ends the watch, at once: no callback is called any more.
function methods:stop()
  self.stopped = true
  if self.pause then
    self.pause:cancel()
  end
end

-- Waits until the next reading; a task that is stopped meanwhile goes on at once.
local function pause(watch)
  local future = async.current() and async.begin(function()
    async.sleep(watch.interval)
  end)
  if not future then
    return async.sleep(watch.interval)
  end
  watch.pause = future
  future:await()
  watch.pause = nil
end

local function run(watch)
  while not watch.stopped do
    look(watch)
    if not watch.stopped then
      pause(watch)
    end
  end
end

-- ---- inside nginx

local LEASES = 3 -- intervals that a worker that died keeps the lock

-- Whether this worker is the one that watches: the one that has the lock, else the first.
local function is_chosen(watch)
  local name = watch.settings.shared_dict
  if not name then
    return (ngx.worker.id() or 0) == 0
  end
  local dict = ngx.shared[name]
  local key, me = "dxconnect.watch", tostring(ngx.worker.pid())
  local lease = math.max(watch.interval * LEASES, 1)
  return dict:add(key, me, lease) or (dict:get(key) == me and dict:set(key, me, lease))
end

local function begin_in_nginx(watch)
  local name = watch.settings.shared_dict
  if name and not ngx.shared[name] then
    return nil, errors.param(OPERATION, "shared_dict", ("nginx has no lua_shared_dict %s"):format(name))
  end
  local function tick(premature)
    if premature or watch.stopped then
      return
    end
    if is_chosen(watch) then
      local ok, problem = pcall(look, watch)
      if not ok then
        watch.stopped = true
        ngx.log(ngx.ERR, "dxconnect.watch ended: ", tostring(problem))
        return
      end
    end
    if not watch.stopped then
      ngx.timer.at(watch.interval, tick)
    end
  end
  local called, ok, message = pcall(ngx.timer.at, 0, tick)
  if not (called and ok) then
    return nil, errors.config("nginx gives no timer here: " .. tostring(message or ok))
  end
  return watch
end

--- Watches an estate. The first reading is no change.
-- @tparam table options those of `dxconnect.inventory`, and `interval`: seconds between readings (30);
--   `on_change(change, inventory, watch)`: for each difference; `on_error(entry, watch)`: for each list that could not
--   be read; `on_read(inventory, watch)`: after each reading, when its changes were told; `kinds`: a list, of which
--   kinds changes are told; `shared_dict`: inside nginx, the lua_shared_dict whose lock lets one worker watch, without
--   which the first one does
-- @treturn[1] table watch: `:stop()` ends it, `.inventory` is the newest complete one. Inside a task and inside nginx
--   it is returned at once; elsewhere when the watch was stopped from within
-- @treturn[2] nil
-- @treturn[2] table error of kind "params"
local function watch_estate(options)
  local settings, err = resolve(options)
  if not settings then
    return nil, err
  end
  local watch = setmetatable({ settings = settings, interval = settings.interval, stopped = false }, watch_mt)
  if system.inside_nginx() then
    return begin_in_nginx(watch)
  elseif async.current() then
    local task
    task, err = async.spawn(function()
      run(watch)
    end)
    if not task then
      return nil, err
    end
    return watch
  end
  run(watch)
  return watch
end

return { watch = watch_estate }
