--- What changed from one inventory to another.
-- A resource is added or removed only where every read that shows it was made, and succeeded, on the other side too.
-- What only one side could read is no change, and secrets are neither compared where one side hides them nor shown.

local errors = require "dxconnect.errors"
local estate = require "dxconnect.inventory.estate"
local kinds = require("dxconnect.resources.kinds").kinds
local types = require "dxconnect.text.types"
local volatile = require "dxconnect.resources.volatile"

local HIDDEN = "<hidden>"

local secret = {}
for _, name in ipairs(require("dxconnect.core").secret_members()) do
  secret[name] = true
end

-- ---- text

local function shown(value)
  if value == nil then
    return "nothing"
  end
  return (tostring(value):gsub("%c", " "))
end

local function line_of(change)
  local what = ("%s %s"):format(change.kind, change.id) .. (change.name and " (" .. shown(change.name) .. ")" or "")
  if change.change == "added" then
    return "+ " .. what .. (change.after and ": " .. shown(change.after) or "")
  elseif change.change == "removed" then
    return "- " .. what .. (change.before and ": " .. shown(change.before) or "")
  end
  return ("~ %s: %s: %s -> %s"):format(what, change.path, shown(change.before), shown(change.after))
end

local change_type = types.new("change", { text = line_of })
local changes_type = types.list("changes", {
  text = function(changes)
    local lines = {}
    for i, change in ipairs(changes) do
      lines[i] = line_of(change)
    end
    return #lines > 0 and table.concat(lines, "\n") or "no change"
  end,
})

-- ---- what can be compared

local function is_seen(resource)
  return resource ~= nil and not resource.placeholder
end

-- ---- values

local function is_atom(value)
  return type(value) ~= "table"
end

-- A canonical text of a value, equal for equal ones.
local function digest(value)
  if is_atom(value) then
    return type(value) .. ":" .. tostring(value)
  end
  local parts = {}
  for key, inner in next, value do
    parts[#parts + 1] = tostring(key) .. "=" .. digest(inner)
  end
  table.sort(parts)
  return "{" .. table.concat(parts, ",") .. "}"
end

-- Adds a difference for each path at which two values differ: members by name, lists as a whole.
local function compare(report, path, before, after)
  if is_atom(before) or is_atom(after) or #before > 0 or #after > 0 then
    if digest(before) ~= digest(after) then
      report(path, before, after)
    end
    return
  end
  local names, seen = {}, {}
  for _, side in ipairs { before, after } do
    for name in next, side do
      if not seen[name] then
        seen[name] = true
        names[#names + 1] = name
      end
    end
  end
  table.sort(names, function(a, b)
    return tostring(a) < tostring(b)
  end)
  for _, name in ipairs(names) do
    compare(report, path .. "." .. tostring(name), before[name], after[name])
  end
end

-- The value of a change, for people: lists as text.
local function value_of(value)
  if type(value) ~= "table" then
    return value
  end
  local parts = {}
  for _, item in ipairs(value) do
    if type(item) == "table" then
      local inner = {}
      for name, one in next, item do
        inner[#inner + 1] = secret[name] and name .. "=" .. HIDDEN or name .. "=" .. tostring(one)
      end
      table.sort(inner)
      item = table.concat(inner, " ")
    end
    parts[#parts + 1] = tostring(item)
  end
  table.sort(parts)
  return table.concat(parts, ", ")
end

-- ---- resources

-- Members whose items are resources of their own.
local PARTS = { "connections" }
for _, kind in pairs(kinds) do
  PARTS[#PARTS + 1] = kind.inside and kind.inside[2] or nil
end

-- Members of `data` that are no changes of their own: shown by the resource, resources themselves, or volatile.
local function left_out(kind)
  local facts = kinds[kind]
  local set = { tags = true, ownerAccount = true, region = true }
  for _, member in ipairs { facts.id or false, facts.name or false, facts.state or false } do
    set[member] = true
  end
  for _, member in ipairs(PARTS) do
    set[member] = true
  end
  for _, member in ipairs(volatile) do
    set[member] = true
  end
  return set
end

local function compare_secret(report, path, before, after)
  if before ~= nil and after ~= nil and before ~= HIDDEN and after ~= HIDDEN and before ~= after then
    report(path, HIDDEN, HIDDEN)
  end
end

local function changes_of(list, older, newer)
  local function report(path, before, after)
    list[#list + 1] = {
      change = "changed", kind = newer.kind, id = newer.id, name = newer.name or older.name, path = path,
      before = value_of(before), after = value_of(after),
    }
  end
  for _, member in ipairs { "name", "state", "account", "region" } do
    compare(report, member, older[member], newer[member])
  end
  compare(report, "tags", older.tags, newer.tags)
  local skip, names, seen = left_out(newer.kind), {}, {}
  for _, data in ipairs { older.data, newer.data } do
    for name in next, data do
      if not seen[name] and not skip[name] then
        seen[name] = true
        names[#names + 1] = name
      end
    end
  end
  table.sort(names)
  for _, name in ipairs(names) do
    if secret[name] then
      compare_secret(report, "data." .. name, older.data[name], newer.data[name])
    else
      compare(report, "data." .. name, older.data[name], newer.data[name])
    end
  end
end

-- ---- links that no resource tells by a member of its own

local COMPARED_LINKS = { associated = { at = "from", other = "to" }, grouped = { at = "to", other = "from" },
  attached = { at = "to", other = "from" } }

local function links_by_key(inventory)
  local by_key = {}
  for _, link in ipairs(inventory.links) do
    if COMPARED_LINKS[link.kind] then
      by_key[link.kind .. "\0" .. link.from .. "\0" .. link.to] = link
    end
  end
  return by_key
end

local function compare_links(list, older, newer, is_new_or_gone)
  local before, after = links_by_key(older), links_by_key(newer)
  local inside_older, inside_newer = estate.inside(older), estate.inside(newer)
  local function add(link, old_state, new_state)
    local ends = COMPARED_LINKS[link.kind]
    local at = newer:find(link[ends.at]) or older:find(link[ends.at])
    if at and not is_new_or_gone[link.from] and not is_new_or_gone[link.to] then
      list[#list + 1] = {
        change = "changed", kind = at.kind, id = at.id, name = at.name,
        path = link.kind .. "." .. link[ends.other], before = old_state, after = new_state,
      }
    end
  end
  for key, link in pairs(after) do
    local old = before[key]
    if old then
      if old.state ~= link.state and old.state ~= nil and link.state ~= nil then
        add(link, old.state, link.state)
      end
    elseif estate.was_read(inside_older, inside_newer.linked_by[link]) then
      add(link, nil, link.state or link.kind)
    end
  end
  for key, link in pairs(before) do
    if not after[key] and estate.was_read(inside_newer, inside_older.linked_by[link]) then
      add(link, link.state or link.kind, nil)
    end
  end
end

-- ---- both

local ORDER = { removed = 1, added = 2, changed = 3 }

local function is_before(a, b)
  for _, member in ipairs { "kind", "id" } do
    if a[member] ~= b[member] then
      return a[member] < b[member]
    end
  end
  if a.change ~= b.change then
    return ORDER[a.change] < ORDER[b.change]
  end
  return (a.path or "") < (b.path or "")
end

--- What is different in an inventory from an older one.
-- @tparam table newer inventory
-- @tparam table older inventory
-- @treturn[1] {table,...} changes `{change = "added" | "removed" | "changed", kind, id, name, path, before, after}`,
--   sorted by kind and id; prints one line each
-- @treturn[2] nil
-- @treturn[2] table error of kind "params"
local function diff(newer, older)
  if not estate.is(older) then
    return nil, errors.param("diff", "", "expected the older inventory, got a " .. type(older))
  end
  local list, is_new_or_gone = {}, {}
  local inside_older, inside_newer = estate.inside(older), estate.inside(newer)
  for _, resource in ipairs(newer.resources) do
    local before = older:find(resource.id)
    if is_seen(resource) and is_seen(before) then
      changes_of(list, before, resource)
    elseif is_seen(resource) and estate.was_read(inside_older, inside_newer.shown_by[resource.id]) then
      is_new_or_gone[resource.id] = true
      list[#list + 1] = {
        change = "added", kind = resource.kind, id = resource.id, name = resource.name, after = resource.state,
      }
    end
  end
  for _, resource in ipairs(older.resources) do
    if is_seen(resource) and not is_seen(newer:find(resource.id))
      and estate.was_read(inside_newer, inside_older.shown_by[resource.id]) then
      is_new_or_gone[resource.id] = true
      list[#list + 1] = {
        change = "removed", kind = resource.kind, id = resource.id, name = resource.name, before = resource.state,
      }
    end
  end
  compare_links(list, older, newer, is_new_or_gone)
  table.sort(list, is_before)
  for _, change in ipairs(list) do
    setmetatable(change, change_type)
  end
  return setmetatable(list, changes_type)
end

return { diff = diff }
