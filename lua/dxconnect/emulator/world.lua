--- What exists in the emulated service, as one account sees it from one region: resources, ids, ARNs and pages.
-- The state is one for the emulator (state.lua); a handler gets a view of it, its `world`. A record is a table with the
-- members of its shape; what the emulator keeps besides has names that begin with an underscore. All of it is plain
-- data: records name one another by their ids.

local core = require "dxconnect.core"
local endpoint = require "dxconnect.endpoint"
local kinds = require "dxconnect.emulator.kinds"
local ordered = require "dxconnect.emulator.ordered"
local service_error = require "dxconnect.emulator.service_error"
local timeline = require "dxconnect.emulator.timeline"
local timestamp = require "dxconnect.text.timestamp"
local usage = require "dxconnect.emulator.usage"

local GLOBAL = "global"
local PAGE_SIZE = 100 -- of lists, where the request does not ask for less

local methods = { GONE = timeline.GONE }
local world_mt = { __index = methods }

-- ---- time

--- Unix seconds: the time of the request, or while time is made up for, of what happens.
function methods:now()
  return self.state.now
end

--- That time as the service writes it in texts.
function methods:date()
  return timestamp.format(self.state.now)
end

--- Puts a record, or a part of one, into the first of some states and lets it go through the others by itself.
-- @see timeline.walk
function methods:walk(target, states, seconds)
  timeline.walk(self.state, target, states, seconds)
end

--- Calls off what a record, or a part of one, is on the way to.
function methods:halt(target)
  timeline.halt(self.state, target)
end

--- How long something stays in a state, in seconds.
function methods:delay(target, name)
  return timeline.delay(self.state, target, name)
end

--- Marks a record as moving to another port.
function methods:make_busy(record)
  record._busy_until = self.state.now + self:delay(record, "moving")
end

--- Raises the service's error where a record is moving.
function methods:check_settled(record)
  if record._busy_until and record._busy_until > self.state.now then
    service_error.client("%s is in a transitioning state", self:id_of(record))
  end
end

-- ---- lists and indexes, made from the records

local function list_at(parent, name)
  local list = parent[name]
  if not list then
    list = ordered.new()
    parent[name] = list
  end
  return list
end

local function table_at(parent, name)
  local found = parent[name]
  if not found then
    found = {}
    parent[name] = found
  end
  return found
end

local function scope_of(kind, region)
  return kinds[kind].is_global and GLOBAL or region
end

local EVERYBODY = "everybody"

local function index_of(state, kind, member)
  return table_at(table_at(state.indexes, kind), member)
end

local function add_to_index(state, record, member)
  local value = record[member]
  if value ~= nil then
    list_at(index_of(state, record._kind, member), value):add(record)
  end
end

local function remove_from_index(state, record, member)
  local index, value = index_of(state, record._kind, member), record[member]
  local list = value ~= nil and index[value]
  if list then
    list:remove(record)
    if list.count == 0 then
      index[value] = nil
    end
  end
end

local function lists_of(state, record)
  return table_at(table_at(state.lists, record._kind), scope_of(record._kind, record._region))
end

-- Lets a part be found, by its record and by its name, which keys on several ports share.
local function note_part(state, part, record, kind)
  state.owners[part] = record
  table.insert(table_at(state.parts, part[kinds[kind].id]), part)
end

-- Lets a record be found. Its members and parts are there already.
local function enlist(state, record)
  local lists, kind = lists_of(state, record), kinds[record._kind]
  list_at(lists, EVERYBODY):add(record)
  for _, account in ipairs(record._accounts) do
    list_at(lists, account):add(record)
  end
  for _, member in ipairs(kind.indexed) do
    add_to_index(state, record, member)
  end
  state.named[record[kind.id]] = record
  for list, part_kind in pairs(kind.parts) do
    for _, part in ipairs(record[list]) do
      note_part(state, part, record, part_kind)
    end
  end
end

local function forget_part(state, part)
  timeline.halt(state, part)
  state.owners[part] = nil
  local name = part[kinds[part._kind].id]
  local list = state.parts[name] or {}
  for i, one in ipairs(list) do
    if one == part then
      table.remove(list, i)
      break
    end
  end
  if #list == 0 then
    state.parts[name] = nil
  end
end

local function delist(state, record)
  local lists, kind = lists_of(state, record), kinds[record._kind]
  lists[EVERYBODY]:remove(record)
  for _, account in ipairs(record._accounts) do
    lists[account]:remove(record)
  end
  for _, member in ipairs(kind.indexed) do
    remove_from_index(state, record, member)
  end
  state.named[record[kind.id]] = nil
  for list in pairs(kind.parts) do
    for _, part in ipairs(record[list]) do
      forget_part(state, part)
    end
  end
end

local function next_sequence(state)
  state.sequence = state.sequence + 1
  return state.sequence
end

-- ---- resources

--- Puts a new record into the world. It belongs to the account that asks, which sees it; its `ownerAccount` and
-- further accounts see it too.
-- @tparam string kind see kinds.lua
-- @tparam table record with its id and its lists of parts
-- @tparam[opt] table accounts list of more that see it
-- @treturn table the record
function methods:add(kind, record, accounts)
  record._kind, record._sequence = kind, next_sequence(self.state)
  record._region, record._account = self.region, self.account
  local seen
  record._accounts, seen = { self.account }, { [self.account] = true }
  local function make_visible_to(account)
    if account and not seen[account] then
      seen[account] = true
      table.insert(record._accounts, account)
    end
  end
  make_visible_to(record.ownerAccount)
  for _, account in ipairs(accounts or {}) do
    make_visible_to(account)
  end
  enlist(self.state, record)
  return record
end

--- Takes a record out of the world.
function methods:remove(record)
  if self.state.named[self:id_of(record)] == record then
    timeline.halt(self.state, record)
    delist(self.state, record)
  end
end

--- Sets a member by which records are looked up.
function methods:put(record, member, value)
  remove_from_index(self.state, record, member)
  record[member] = value
  add_to_index(self.state, record, member)
end

--- Adds a part, such as a key or a BGP peer, to a list of a record.
-- @tparam table record
-- @tparam string list the member
-- @tparam table part
-- @treturn table the part
function methods:add_part(record, list, part)
  local state = self.state
  part._kind, part._sequence = kinds[record._kind].parts[list], next_sequence(state)
  table.insert(record[list], part)
  note_part(state, part, record, part._kind)
  return part
end

--- Takes a part out of its record.
function methods:remove_part(part)
  local record = self.state.owners[part]
  for list, kind in pairs(kinds[record._kind].parts) do
    for i, one in ipairs(kind == part._kind and record[list] or {}) do
      if one == part then
        table.remove(record[list], i)
        forget_part(self.state, part)
        return
      end
    end
  end
end

--- Gives a part to another record, at the end of the same list.
function methods:move_part(part, record, list)
  local from = self.state.owners[part]
  for i, one in ipairs(from[list]) do
    if one == part then
      table.remove(from[list], i)
      break
    end
  end
  table.insert(record[list], part)
  self.state.owners[part] = record
end

function timeline.actions.gone(world, record, target)
  if target ~= record then
    world:remove_part(target)
    usage.update(world.state, record)
  else
    world:remove(record)
  end
end

--- The id of a record.
function methods:id_of(record)
  return record[kinds[record._kind].id]
end

--- The account that owns a record.
function methods:owner_of(record)
  return record.ownerAccount or record._account
end

--- Whether a record belongs to this account; where accounts are not told apart, everything does.
function methods:is_own(record)
  return not self.state.has_accounts or self:owner_of(record) == self.account
end

--- Whether this account sees a record.
function methods:is_visible(record)
  if not self.state.has_accounts then
    return true
  end
  for _, account in ipairs(record._accounts) do
    if account == self.account then
      return true
    end
  end
  return false
end

--- A record by its id, whoever's it is and wherever; nil where there is none of that kind.
function methods:any(kind, id)
  local record = id and self.state.named[id]
  return record and record._kind == kind and record or nil
end

--- A record by its id; nil where there is none that this account can see from here.
function methods:find(kind, id)
  local record = self:any(kind, id)
  if record and (kinds[kind].is_global or record._region == self.region) and self:is_visible(record) then
    return record
  end
end

--- A record by its id; raises the service's error where there is none.
function methods:get(kind, id)
  return self:find(kind, id) or service_error.client(kinds[kind].not_found, id)
end

local nothing = ordered.new()

--- The records that this account sees from here, for `page` and `each`.
-- @tparam string kind
-- @treturn table of ordered.lua
function methods:list(kind)
  local lists = self.state.lists[kind]
  lists = lists and lists[scope_of(kind, self.region)]
  return lists and lists[self.state.has_accounts and self.account or EVERYBODY] or nothing
end

--- The records that have a value of an indexed member, whoever's they are.
-- @treturn table of ordered.lua
function methods:list_by(kind, member, value)
  return value ~= nil and index_of(self.state, kind, member)[value] or nothing
end

--- Iterates over these.
function methods:each_by(kind, member, value)
  return self:list_by(kind, member, value):each()
end

--- The ARN of a record.
function methods:arn_of(record)
  local kind = kinds[record._kind]
  local has_region = not kind.is_global and not kind.has_global_arn
  return ("arn:%s:directconnect:%s:%s:%s/%s"):format(endpoint.partition_of(record._region).name,
    has_region and record._region or "", self:owner_of(record), kind.arn, record[kind.id])
end

--- The ARN of a resiliency group of this account.
function methods:group_arn(id)
  return ("arn:%s:directconnect::%s:dx-resiliency-group/%s"):format(self.partition, self.account, id)
end

--- A record of this account by its ARN, of whatever kind; nil where there is none.
function methods:find_arn(arn)
  local record = self.state.named[arn:match("[^/]+$") or ""]
  if record and self:arn_of(record) == arn and self:is_own(record) then
    return record
  end
end

-- ---- quotas

--- How many of something there can be.
-- @tparam string name of quotas.lua
-- @treturn number
function methods:quota(name)
  return self.state.quotas[name]
end

--- Raises the service's error where there is no room for more.
-- @tparam string name of quotas.lua
-- @tparam number wanted how many there would be
-- @tparam string what of the text: "Gateway x has the maximum number of …"
function methods:check_quota(name, wanted, what)
  local most = self.state.quotas[name]
  if wanted > most then
    service_error.of("LimitExceededException", "%s: %.0f", what, most)
  end
end

-- ---- ids: the same ones in every run

local LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
local IDS = 36 ^ 6
local STRIDE = 1299709021 -- shares no factor with IDS: every id comes once before one comes again

local function next_id(state)
  state.last_id = (state.last_id + STRIDE) % IDS
  local rest, digits = state.last_id, {}
  for i = 6, 1, -1 do
    local digit = rest % 36
    digits[i] = LETTERS:sub(digit + 1, digit + 1)
    rest = (rest - digit) / 36
  end
  return "fg" .. table.concat(digits)
end

--- A new id such as "dxcon-ffabc123".
function methods:new_id(prefix)
  local id
  repeat
    id = prefix .. "-" .. next_id(self.state)
  until not self.state.named[id] -- a seed may have brought it
  return id
end

--- New hexadecimal digits, 64.
function methods:new_digits(purpose)
  return core.hex(core.sha256(purpose .. " " .. next_id(self.state)))
end

--- A new id in the form of a UUID, as gateways have it.
function methods:new_uuid()
  local d = self:new_digits("uuid")
  return ("%s-%s-4%s-a%s-%s"):format(d:sub(1, 8), d:sub(9, 12), d:sub(13, 15), d:sub(16, 18), d:sub(19, 30))
end

-- ---- pages

local function token_of(name, sequence)
  return core.base64url(("%s after %.0f"):format(name, sequence))
end

local function sequence_of(name, token)
  local text = core.unbase64((token:gsub("-", "+"):gsub("_", "/")) .. ("="):rep(-#token % 4))
  local known, sequence = (text or ""):match("^(%a+) after (%d+)$")
  if known ~= name then
    service_error.client("The nextToken of this request is not valid")
  end
  return tonumber(sequence)
end

-- Iterates over a plain list, whose positions stand in for sequences.
local function each_of(list, after)
  local i = after
  return function()
    i = i + 1
    return list[i], i
  end
end

--- One page of a list, as the request asks for it. A token leads on behind the last record that was shown, so nothing
-- comes twice or is passed over when records come and go in between.
-- @tparam table params of the request, with maxResults and nextToken
-- @tparam table list of ordered.lua, or a plain list of tables whose order stays
-- @tparam string member the result's, for the list
-- @tparam[opt] function present gets a record, returns what is shown of it
-- @tparam[opt] function accept gets a record, says whether it is wanted
-- @treturn table the result
function methods:page(params, list, member, present, accept)
  local size = params.maxResults or PAGE_SIZE
  if size < 1 then
    service_error.client("maxResults must be at least 1")
  end
  size = math.min(size, PAGE_SIZE)
  local after = params.nextToken and params.nextToken ~= "" and sequence_of(member, params.nextToken) or 0
  local items, last = {}, nil
  for record, position in (list.each and list:each(after) or each_of(list, after)) do
    if not accept or accept(record) then
      if #items == size then
        return { [member] = items, nextToken = token_of(member, last) }
      end
      items[#items + 1] = present and present(record) or record
      last = position or record._sequence
    end
  end
  return { [member] = items }
end

-- ---- making one

--- The state as an account sees it from a region.
local function view(state, region, account)
  local name = region .. "/" .. account
  local found = state.views[name]
  if not found then
    found = setmetatable({
      state = state, region = region, account = account, partition = endpoint.partition_of(region).name,
    }, world_mt)
    state.views[name] = found
  end
  return found
end

return { enlist = enlist, delist = delist, view = view }
