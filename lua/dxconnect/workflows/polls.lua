--- Looks at resources on behalf of waits, shared among the waits of a client that want to see the same.
-- Waits in different tasks that ask for one resource each by its id are served by one list of them all, as long as
-- that takes fewer requests; waits with equal parameters by one answer. A wait never gets an answer that was asked for
-- before it began, nor one less than half its delay after the last one that it saw. Failures are shared as well.

local errors = require "dxconnect.errors"
local light_threads = require "dxconnect.async.light_threads"
local lock = require "dxconnect.async.lock"
local names = require "dxconnect.operations"
local pages = require "dxconnect.workflows.pages"
local tasks = require "dxconnect.async.tasks"

local STORE = {} -- the key in a client under which its groups are

local SETTLING_TURNS = 64
local SWEEP_EVERY = 64 -- polls
local SLACK = 1e-6 -- seconds that sums of times may be off

local methods = {}
local mt = { __index = methods }

local function can_share()
  return tasks.current() ~= nil or light_threads.are_here()
end

local function store_of(client)
  local store = rawget(client, STORE)
  if not store then
    store = {
      groups = {},
      requests = 0, -- made so far: their order is that of time, also where the clock stands still
      opened = 0, -- polls so far
    }
    rawset(client, STORE, store)
  end
  return store
end

-- ---- groups: polls that one answer can serve

-- One text for equal parameters; nil where they hold more than texts and numbers.
local function text_of(params)
  local parts = {}
  for name, value in pairs(params) do
    local kind = type(value)
    if kind ~= "string" and kind ~= "number" then
      return nil
    end
    parts[#parts + 1] = ("%s=%s:%s"):format(name, kind, tostring(value))
  end
  table.sort(parts)
  return table.concat(parts, "\n")
end

local function group_of(store, operation, params)
  local text = text_of(params)
  local key = text and operation .. "\n" .. text
  local group = key and store.groups[key]
  if not group then
    group = {
      key = key,
      members = setmetatable({}, { __mode = "k" }),
      answers = {}, -- the last one, by the parameters that were sent
      pages = 1, -- of the list of all
      lock = lock.new(),
    }
    if key then
      store.groups[key] = group
    end
  end
  return group
end

local function leave(poll)
  local group = poll.group
  group.members[poll] = nil
  if group.key and next(group.members) == nil then
    poll.store.groups[group.key] = nil
  end
end

local function join(poll, params)
  if poll.group then
    leave(poll)
  end
  poll.group = group_of(poll.store, poll.operation, params)
  poll.group.members[poll] = true
end

-- Waits that were broken off leave no word; what they left behind is cleared away from time to time.
local function sweep(store)
  for key, group in pairs(store.groups) do
    if next(group.members) == nil then
      store.groups[key] = nil
    end
  end
end

--- Opens a poll, for one wait.
-- @tparam table client
-- @tparam table source `{operation, params, options, id, match, wide, list, member}`: the call; the member that names
--   one resource in params and answers; by which members answers can be matched with params; the members of an answer
--   that, as params, list it together with others (none: everything is listed without params; nil: nothing lists more);
--   for an operation that describes one resource only, what lists summaries of all, and the answer's member
-- @tparam number delay seconds between looks
-- @tparam number limit until when looks may take, by the client's monotonic clock
-- @tparam ?number total_timeout of one call
-- @treturn table poll
local function open(client, source, delay, limit, total_timeout)
  local store = store_of(client)
  local poll = setmetatable({
    client = client,
    store = store,
    operation = source.operation,
    params = source.params,
    options = source.options,
    id = source.id,
    wide = source.wide,
    list = source.list,
    member = source.member,
    delay = delay,
    limit = limit,
    total_timeout = total_timeout,
    first = store.requests + 1, -- request whose answer it may take
  }, mt)
  store.opened = store.opened + 1
  if store.opened % SWEEP_EVERY == 0 then
    sweep(store)
  end
  poll.is_matchable = source.options == nil and next(source.params) ~= nil
  for name, value in pairs(source.params) do
    poll.is_matchable = poll.is_matchable and source.match ~= nil and source.match[name] and type(value) == "string"
  end
  poll.text = source.options == nil and text_of(source.params) or nil
  if poll.is_matchable and source.wide and #source.wide == 0 then
    poll.wide_params = {}
  end
  join(poll, poll.wide_params or source.params)
  return poll
end

-- ---- requests

-- Options of a call that ends in time for every wait that may take its answer, or just for this one.
local function bounded_options(poll, now, is_alone)
  local limit = poll.limit
  for member in pairs(is_alone and {} or poll.group.members) do
    if member.limit < limit and member.limit > now then
      limit = member.limit
    end
  end
  local options = {}
  for name, value in pairs(poll.options or {}) do
    options[name] = value
  end
  if limit < math.huge then
    options.total_timeout = math.max(limit - now, SLACK)
    if poll.total_timeout and poll.total_timeout < options.total_timeout then
      options.total_timeout = poll.total_timeout
    end
  end
  return options, limit
end

-- Asks for what the parameters name. Nothing found is an empty list, with the service's words.
local function request_exactly(poll, options)
  local op = names.find(poll.operation)
  local list, err, metatable
  if op.items then
    list, err, metatable = pages.collect(poll.client, op.name, poll.params, options)
  else
    local result
    result, err = poll.client:call(op.name, poll.params, options)
    list = result and { result[poll.member] }
    metatable = getmetatable(result)
  end
  if list then
    return { list = list, metatable = metatable }
  elseif err.reason == "not_found" then
    return { list = {}, cause = err }
  end
  return { err = err }
end

-- How many different resources the group's waits are after.
local function count_wanted(group)
  local seen, count = {}, 0
  for member in pairs(group.members) do
    if member.text and not seen[member.text] then
      seen[member.text] = true
      count = count + 1
    end
  end
  return count
end

local function index(list, member)
  local by_id = {}
  for _, resource in ipairs(list) do
    local id = resource[member]
    if id ~= nil then
      by_id[id] = by_id[id] or {}
      table.insert(by_id[id], resource)
    end
  end
  return by_id
end

-- Asks for all, where that takes no more requests than asking one by one. Nil where it does not, or may not.
local function request_all(poll, options)
  local group = poll.group
  local wanted = count_wanted(group)
  if not poll.wide_params or group.is_refused or wanted < 2 or wanted < group.pages then
    return nil
  end
  local list, count, metatable = pages.collect(poll.client, poll.list or poll.operation, poll.wide_params, options,
    wanted)
  if not list then
    local err = count
    if err.kind ~= "service" or err.throttling or err.retryable then
      return { err = err, is_all = true }
    end
    group.is_refused = true -- each for itself may be allowed
    return nil
  end
  group.pages = count
  if count > wanted then
    return nil
  end
  return { list = list, by_id = index(list, poll.id), metatable = metatable, is_all = true }
end

local function request(poll, is_alone)
  local store, group = poll.store, poll.group
  store.requests = store.requests + 1
  local number, at = store.requests, poll.client.system.monotonic()
  local options, limit = bounded_options(poll, at, is_alone)
  local answer = request_all(poll, options) or request_exactly(poll, options)
  answer.number, answer.at, answer.limit = number, at, limit
  if answer.is_all then
    group.answers.all = answer
  elseif poll.text then
    group.answers[poll.text] = answer
  end
  return answer
end

-- ---- answers

-- Whether an answer failed to come only because another wait was in more of a hurry.
local function was_hurried(poll, answer)
  return answer.err ~= nil and answer.err.code == "TimeoutError" and answer.limit < poll.limit - SLACK
end

-- Whether an answer tells this wait something new, and all that it wants to know.
local function serves(poll, answer)
  if not answer or answer.number < poll.first then
    return false
  elseif poll.seen_at and answer.at - poll.seen_at < poll.delay / 2 - SLACK then
    return false
  end
  return not was_hurried(poll, answer)
end

local function matches(resource, params)
  for name, value in pairs(params) do
    if resource[name] ~= value then
      return false
    end
  end
  return true
end

-- What of an answer's list this wait is after.
local function own_part(poll, answer)
  if not answer.is_all then
    return answer.list
  end
  local candidates = answer.list
  local id = poll.params[poll.id]
  if id ~= nil then
    candidates = answer.by_id[id] or {}
  end
  local list = {}
  for _, resource in ipairs(candidates) do
    if matches(resource, poll.params) then
      list[#list + 1] = resource
    end
  end
  return list
end

-- What lists this resource and its like is known once it was seen.
local function widen(poll, resource)
  local wide = poll.wide
  if poll.wide_params or not (wide and poll.is_matchable and resource) then
    return
  end
  local params = {}
  for _, name in ipairs(wide) do
    params[name] = resource[name]
    if type(params[name]) ~= "string" then
      return
    end
  end
  poll.wide_params = params
  join(poll, params)
end

-- Lets other tasks that are about to poll the same come this far, so that one answer serves them all.
local function settle(poll)
  local turns = 0
  repeat
    local before = poll.store.opened
    if tasks.current() then
      tasks.sleep(0)
    else
      light_threads.sleep(0)
    end
    turns = turns + 1
  until poll.store.opened == before or turns >= SETTLING_TURNS
end

local function shared_answer(poll)
  if not poll.seen_at then
    settle(poll)
  end
  local group = poll.group
  return (group.lock:guard(function()
    local answers = group.answers
    if serves(poll, answers.all) then
      return answers.all
    elseif poll.text and serves(poll, answers[poll.text]) then
      return answers[poll.text]
    end
    local answer = request(poll)
    return was_hurried(poll, answer) and request(poll, true) or answer
  end))
end

--- Looks.
-- @tparam[opt] boolean absence_counts what a list of everything lacks is gone; otherwise it is asked for by itself
-- @treturn[1] table list of resources
-- @treturn[1] ?table metatable of the operation's results
-- @treturn[1] ?table the service's error for what it does not find
-- @treturn[2] nil
-- @treturn[2] table error
function methods:look(absence_counts)
  local answer = can_share() and shared_answer(self) or request(self)
  self.seen_at = answer.at
  self.first = answer.number + 1
  if answer.err then
    return nil, errors.copy(answer.err)
  end
  local list = own_part(self, answer)
  if #list == 0 and answer.is_all and not absence_counts then
    answer = request_exactly(self, (bounded_options(self, answer.at)))
    if answer.err then
      return nil, answer.err
    end
    list = answer.list
  end
  self.is_summary = answer.is_all and self.list ~= nil
  widen(self, list[1])
  return list, answer.metatable, answer.cause
end

--- The whole of what was seen last, where that was a summary.
-- @tparam table resource
-- @treturn table
function methods:whole(resource)
  if not self.is_summary then
    return resource
  end
  local answer = request_exactly(self, (bounded_options(self, self.client.system.monotonic(), true)))
  local whole = answer.list and answer.list[1]
  return whole and setmetatable(whole, answer.metatable) or resource
end

--- Seconds until the next look, the same moment for all that look together.
-- @tparam number now the client's monotonic clock
-- @tparam number random in [0, 1)
-- @treturn number the delay, half of it more or less at the most
function methods:next_wait(now, random)
  local group, delay = self.group, self.delay
  local planned = can_share() and group.planned
  if planned and planned - now >= delay / 2 and planned - now <= delay * 1.5 then
    return planned - now
  end
  local seconds = delay * (0.5 + random)
  group.planned = now + seconds
  return seconds
end

--- Ends it.
function methods:close()
  leave(self)
end

return { open = open }
