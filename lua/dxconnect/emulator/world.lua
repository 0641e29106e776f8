--- What exists in the emulated service: resources, their states as time passes, ids, ARNs and pages.
-- The state is one for the emulator; a handler gets a view of it, its `world`: the state as one account sees it from
-- one region. A record is a table with the members of its shape, as answers show them; what the emulator keeps besides
-- has names that begin with an underscore.

local core = require "dxconnect.core"
local endpoint = require "dxconnect.endpoint"
local kinds = require "dxconnect.emulator.kinds"
local service_error = require "dxconnect.emulator.service_error"
local timers = require "dxconnect.async.timers"
local timestamp = require "dxconnect.text.timestamp"

local GLOBAL = "global"
local PAGE_SIZE = 100 -- of lists, where the request does not ask for less
local BUSY = "_busy_until"

--- In a list of steps for `move`: the record ceases to exist.
local GONE = {}

local methods = {}
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

--- Does what is due until now, each thing at its own time.
local function advance(state)
  local now = state.clock()
  while true do
    local due = state.timers:next_due()
    if not due or due > now then
      break
    end
    state.now = due
    state.timers:take(now)()
  end
  state.now = now
end

--- Does something later.
-- @tparam number seconds from now
-- @tparam function action without arguments
-- @treturn table an entry; setting its `value` to nil calls it off
function methods:after(seconds, action)
  return self.state.timers:add(self.state.now + seconds, action)
end

-- ---- states that move by themselves

local function state_member(record, member)
  return member or kinds[record._kind].state
end

--- Calls off what a record is on the way to.
local function halt(record, member)
  record._timeline = record._timeline or {}
  local entry = record._timeline[member]
  if entry then
    entry.value = nil
    record._timeline[member] = nil
  end
end

local function run_steps(self, record, member, steps, i)
  local seconds, step = steps[i], steps[i + 1]
  if not seconds then
    return
  end
  record._timeline[member] = self:after(seconds, function()
    record._timeline[member] = nil
    if step == GONE then
      self:remove(record)
    elseif type(step) == "function" then
      step(record)
    else
      record[member] = step
    end
    if record._timeline[member] == nil then -- a step that moves the record elsewhere ends this
      run_steps(self, record, member, steps, i + 2)
    end
  end)
end

--- Puts a record into a state and lets it go on from there by itself. What it was on the way to is called off.
-- @tparam table record
-- @tparam string state
-- @tparam[opt] table steps seconds and state, by turns: `{120, "pending", 180, "available"}`; in place of a state a
-- function, which gets the record, or `world.GONE`
-- @tparam[opt] string member the one that holds the state; by default the kind's
function methods:move(record, state, steps, member)
  member = state_member(record, member)
  halt(record, member)
  record[member] = state
  run_steps(self, record, member, steps or {}, 1)
end

--- Calls off what a record is on the way to.
function methods:halt(record, member)
  halt(record, state_member(record, member))
end

--- Sets a member that the emulator computes, unless a test holds it in place (emulator:set).
function methods:update(record, member, value)
  if not (record._pinned and record._pinned[member]) then
    record[member] = value
  end
end

--- Marks a record as changing over for some seconds.
function methods:make_busy(record, seconds)
  record[BUSY] = self.state.now + seconds
end

--- Raises the service's error where a record is changing over.
function methods:check_settled(record)
  if record[BUSY] and record[BUSY] > self.state.now then
    service_error.client("%s is in a transitioning state", self:id_of(record))
  end
end

-- ---- resources

local function shelf(self, kind)
  local place = kinds[kind].is_global and GLOBAL or self.region
  local places = self.state.shelves[kind]
  if not places then
    places = {}
    self.state.shelves[kind] = places
  end
  if not places[place] then
    places[place] = { records = {}, by_id = {} }
  end
  return places[place]
end

local function is_visible(self, record)
  return not self.state.has_accounts or record._accounts[self.account] == true
end

--- Puts a new record into the world. It belongs to the account that asks; accounts in `ownerAccount` and further ones
-- see it too.
-- @tparam string kind see kinds.lua
-- @tparam table record with its id
-- @tparam[opt] string account one more that sees it
-- @treturn table the record
function methods:add(kind, record, account)
  local state, here = self.state, shelf(self, kind)
  local id = record[kinds[kind].id]
  state.sequence = state.sequence + 1
  record._kind, record._sequence, record._shelf, record._world = kind, state.sequence, here, self
  record._accounts = { [self.account] = true }
  for _, one in pairs { record.ownerAccount or self.account, account } do
    record._accounts[one] = true
  end
  record._region, record._path = kinds[kind].is_global and "" or self.region, kinds[kind].arn .. "/" .. id
  here.records[#here.records + 1] = record
  here.by_id[id] = record
  state.named[id] = record
  return record
end

--- Takes a record out of the world.
function methods:remove(record)
  local here, id = record._shelf, self:id_of(record)
  if here.by_id[id] ~= record then
    return
  end
  here.by_id[id] = nil
  self.state.named[id] = nil
  for i, one in ipairs(here.records) do
    if one == record then
      table.remove(here.records, i)
      break
    end
  end
end

--- The id of a record.
function methods:id_of(record)
  return record[kinds[record._kind].id]
end

--- Whether a record belongs to this account; where accounts are not told apart, everything does.
function methods:is_own(record)
  return not self.state.has_accounts or (record.ownerAccount or self.account) == self.account
end

--- A record by its id; nil where there is none that this account can see from here.
function methods:find(kind, id)
  local record = shelf(self, kind).by_id[id]
  return record and is_visible(self, record) and record or nil
end

--- A record by its id; raises the service's error where there is none.
function methods:get(kind, id)
  return self:find(kind, id) or service_error.client(kinds[kind].not_found, id)
end

--- Records in the order in which they were made.
-- @tparam string kind
-- @tparam[opt] function accept gets a record, says whether it is wanted
-- @treturn table
function methods:list(kind, accept)
  local list = {}
  for _, record in ipairs(shelf(self, kind).records) do
    if is_visible(self, record) and (not accept or accept(record)) then
      list[#list + 1] = record
    end
  end
  return list
end

--- The first of the records that `list` would give, or nil.
function methods:first(kind, accept)
  for _, record in ipairs(shelf(self, kind).records) do
    if is_visible(self, record) and accept(record) then
      return record
    end
  end
end

--- A record by its ARN, of whatever kind; nil where there is none.
function methods:find_arn(arn)
  local region, path = arn:match("^arn:[^:]+:directconnect:([^:]*):[^:]*:(.+)$")
  local record = path and self.state.named[path:match("[^/]+$")]
  if record and record._path == path and record._region == region and is_visible(self, record) then
    return record
  end
end

--- Lets tests (emulator:set, emulator:get) find something that is no resource of its own, such as a key or a BGP peer.
-- @tparam string name
-- @tparam table part it keeps its shape's name in `_shape`, the member with its state in `_state_member`
function methods:name_part(name, part)
  self.state.named[name] = part
end

-- ---- ids and ARNs

local LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
local IDS = 36 ^ 6
local STRIDE = 1299709021 -- shares no factor with IDS: every id comes once before one comes again

--- A new id such as "dxcon-ffabc123": the same ones in every run.
function methods:new_id(prefix)
  local state = self.state
  state.last_id = (state.last_id + STRIDE) % IDS
  local rest, digits = state.last_id, {}
  for i = 6, 1, -1 do
    local digit = rest % 36
    digits[i] = LETTERS:sub(digit + 1, digit + 1)
    rest = (rest - digit) / 36
  end
  return prefix .. "-fg" .. table.concat(digits)
end

--- A new id in the form of a UUID, as gateways have it.
function methods:new_uuid()
  return core.uuid()
end

--- The ARN of something of this service.
-- @tparam string path such as "dxcon/dxcon-ffabc123"
-- @tparam[opt] boolean is_global without a region
function methods:arn(path, is_global)
  return ("arn:%s:directconnect:%s:%s:%s"):format(self.partition, is_global and "" or self.region, self.account, path)
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

--- One page of a list, as the request asks for it. A token leads on behind the last record that was shown, so nothing
-- comes twice or is passed over when records come and go in between.
-- @tparam table params of the request, with maxResults and nextToken
-- @tparam table list records, or plain tables whose order stays
-- @tparam string member the result's, for the list
-- @tparam[opt] number limit items a page at most, and unless less is asked for; 100 by default
-- @treturn table the result
function methods:page(params, list, member, limit)
  limit = limit or PAGE_SIZE
  local size = params.maxResults or limit
  if size < 1 then
    service_error.client("maxResults must be at least 1")
  end
  size = math.min(size, limit)
  local after = params.nextToken and params.nextToken ~= "" and sequence_of(member, params.nextToken) or 0
  local items, last, more = {}, nil, false
  for i, record in ipairs(list) do
    local sequence = record._sequence or i
    if sequence > after then
      if #items == size then
        more = true
        break
      end
      items[#items + 1], last = record, sequence
    end
  end
  return { [member] = items, nextToken = more and token_of(member, last) or nil }
end

-- ---- making one

--- A new state, in which there is nothing.
-- @tparam function clock returns Unix seconds
-- @tparam boolean has_accounts whether each account sees only its own
local function new_state(clock, has_accounts)
  return {
    clock = clock, now = clock(), timers = timers.new(), has_accounts = has_accounts,
    shelves = {}, named = {}, sequence = 0, last_id = 0, views = {},
    devices = {}, secrets = {}, agreements = {}, virtual_gateways = {}, client_tokens = {}, failover_tests = {},
    last_address = 0,
  }
end

--- The state as an account sees it from a region.
local function view(state, region, account)
  local name = region .. "/" .. account
  local found = state.views[name]
  if not found then
    found = setmetatable({
      GONE = GONE, state = state, region = region, account = account,
      partition = endpoint.partition_of(region).name,
    }, world_mt)
    state.views[name] = found
  end
  return found
end

return {
  advance = advance,
  halt = halt,
  new_state = new_state,
  view = view,
}
