--- Describes of resources, shared among the waits of a client that ask the same.
-- Waits side by side that each want one resource by its id are served by one list of all, where that takes fewer
-- requests; waits with equal params share one answer. A wait never gets an answer that was asked for before it began,
-- nor one asked for less than half its delay after the last one that it saw. Failures are shared too.

local async = require "dxconnect.async"
local pages = require "dxconnect.workflows.pages"

local STORE = {} -- the key in a client of what its waits share
local SLACK = 1e-6 -- seconds that sums of times may be off

local methods = {}
local mt = { __index = methods }

-- ---- groups: describes that one answer can serve

-- One text for equal params; nil where they hold more than strings and numbers.
local function text_of(params)
  local parts = {}
  for name, value in pairs(params) do
    if type(value) ~= "string" and type(value) ~= "number" then
      return nil
    end
    parts[#parts + 1] = ("%s=%s:%s"):format(name, type(value), tostring(value))
  end
  table.sort(parts)
  return table.concat(parts, "\n")
end

-- A group and its answers live as long as one of its waits.
local function join(self, params)
  local text = not self.options and text_of(params)
  local key = text and self.kind.operation .. "\n" .. text or {}
  local groups = self.store.groups
  self:close()
  groups[key] = groups[key] or {
    members = setmetatable({}, { __mode = "k" }), -- a wait whose coroutine was dropped leaves no word
    answers = {}, -- the last one, by the text of the params that were sent; [true]: that of all
    pages = 1, -- of the list of all
    lock = async.lock(),
  }
  self.group = groups[key]
  self.group.members[self] = true
end

--- Opens the describes of one wait.
-- @tparam table client
-- @tparam table kind of resources.kinds
-- @tparam table params of the describing operation
-- @tparam ?table options of each call
-- @tparam table times `{delay, limit, total_timeout}`: seconds between looks, until when looks may take by the client's
--   monotonic clock, and the limit of one call
-- @treturn table
local function open(client, kind, params, options, times)
  local store = rawget(client, STORE)
  if not store then
    -- requests are counted: their order is that of time, also where the clock stands still
    store = { groups = setmetatable({}, { __mode = "v" }), requests = 0 }
    rawset(client, STORE, store)
  end
  local self = setmetatable({
    client = client,
    store = store,
    kind = kind,
    params = params,
    options = options,
    text = not options and text_of(params) or nil,
    times = times,
    first = store.requests + 1, -- the first request whose answer it may take
  }, mt)
  self.is_matchable = self.text and next(params) ~= nil
  for name, value in pairs(params) do
    self.is_matchable = self.is_matchable and kind.matches and kind.matches[name] and type(value) == "string"
  end
  if self.is_matchable and #kind.listed_by == 0 then
    self.wide_params = {}
  end
  join(self, self.wide_params or params)
  return self
end

-- ---- requests

-- Options of a call that ends in time for this wait, and for the others that may take its answer.
local function bounded_options(self, now, others)
  local limit = self.times.limit
  for member in pairs(others or {}) do
    if member.times.limit > now then
      limit = math.min(limit, member.times.limit)
    end
  end
  local options = {}
  for name, value in pairs(self.options or {}) do
    options[name] = value
  end
  if limit < math.huge then
    options.total_timeout = math.min(math.max(limit - now, SLACK), self.times.total_timeout or math.huge)
  end
  return options, limit
end

-- Asks for what the params name. Where nothing is found the list is empty, with the service's words as `cause`.
local function request_exactly(self, options)
  local kind = self.kind
  local list, err
  if kind.single then
    local result
    result, err = self.client:call(kind.operation, self.params, options)
    list = result and { result[kind.single] }
  else
    list, err = pages.collect(self.client, kind.operation, self.params, options)
  end
  if list then
    return { list = list }
  elseif err.reason == "not_found" then
    return { list = {}, cause = err }
  end
  return { err = err }
end

-- How many different resources the group's waits want.
local function count_wanted(group)
  local seen, count = {}, 0
  for member in pairs(group.members) do
    if member.text and not seen[member.text] then
      seen[member.text], count = true, count + 1
    end
  end
  return count
end

-- Asks for all, where that takes no more requests than asking one by one. Nil where it does not, or may not.
local function request_all(self, options)
  local group = self.group
  local wanted = count_wanted(group)
  if not self.wide_params or group.is_refused or wanted < 2 or wanted < group.pages then
    return nil
  end
  local operation = self.kind.list and self.kind.list[1] or self.kind.operation
  local list, count = pages.collect(self.client, operation, self.wide_params, options, wanted)
  if not list then
    local err = count
    if err.kind ~= "service" or err.throttling or err.retryable then
      return { err = err, is_all = true }
    end
    group.is_refused = true -- each by itself may be allowed
    return nil
  end
  group.pages = count
  if count > wanted then
    return nil
  end
  local by_id = {}
  for _, resource in ipairs(list) do
    local id = resource[self.kind.id]
    if id ~= nil then
      by_id[id] = by_id[id] or {}
      table.insert(by_id[id], resource)
    end
  end
  return { list = list, by_id = by_id, is_all = true }
end

local function request(self, others)
  local store, answers = self.store, self.group.answers
  store.requests = store.requests + 1
  local number, at = store.requests, self.client.system.monotonic()
  local options, limit = bounded_options(self, at, others)
  local answer = request_all(self, options) or request_exactly(self, options)
  answer.number, answer.at, answer.limit = number, at, limit
  answers[answer.is_all or self.text or self] = answer
  return answer
end

-- Whether an answer failed to come only because another wait was in more of a hurry.
local function was_hurried(self, answer)
  return answer.err and answer.err.code == "TimeoutError" and answer.limit < self.times.limit - SLACK
end

-- Whether an answer tells this wait something new.
local function serves(self, answer)
  return answer and answer.number >= self.first and not was_hurried(self, answer)
    and not (self.seen_at and answer.at - self.seen_at < self.times.delay / 2 - SLACK)
end

local function ask(self)
  if not self.seen_at then -- let other tasks that are about to ask the same come this far
    if async.can_wait() then
      async.sleep(0)
    end
  end
  return (self.group.lock:guard(function()
    local answers = self.group.answers
    if serves(self, answers[true]) then
      return answers[true]
    elseif self.text and serves(self, answers[self.text]) then
      return answers[self.text]
    end
    local answer = request(self, self.group.members)
    return was_hurried(self, answer) and request(self) or answer
  end))
end

-- ---- looks

-- What of an answer this wait wants.
local function own_part(self, answer)
  if not answer.is_all then
    return answer.list
  end
  local id, list = self.params[self.kind.id], {}
  for _, resource in ipairs(id == nil and answer.list or answer.by_id[id] or {}) do
    local is_wanted = true
    for name, value in pairs(self.params) do
      is_wanted = is_wanted and resource[name] == value
    end
    list[#list + 1] = is_wanted and resource or nil
  end
  return setmetatable(list, getmetatable(answer.list))
end

-- What lists this resource and its like is known once it was seen.
local function widen(self, resource)
  if self.wide_params or not (self.is_matchable and resource) then
    return
  end
  local params = {}
  for _, name in ipairs(self.kind.listed_by) do
    params[name] = resource[name]
    if type(params[name]) ~= "string" then
      return
    end
  end
  self.wide_params = params
  join(self, params)
end

--- Looks.
-- @tparam boolean absence_counts not being in a list of all is enough to be gone; otherwise a resource that the list
--   lacks is asked for by its id
-- @treturn[1] {table,...} what is there
-- @treturn[1] ?table the service's error that says that nothing is there
-- @treturn[2] nil
-- @treturn[2] table error
function methods:look(absence_counts)
  local answer = ask(self)
  self.seen_at = answer.at
  if answer.err then
    return nil, answer.err
  end
  local list = own_part(self, answer)
  if #list == 0 and answer.is_all and not absence_counts then
    answer = request_exactly(self, (bounded_options(self, answer.at, self.group.members)))
    if answer.err then
      return nil, answer.err
    end
    list = answer.list
  end
  self.is_summary = answer.is_all and self.kind.list ~= nil
  widen(self, list[1])
  return list, answer.cause
end

--- The whole of the resource that was seen last, where that was a summary.
-- @tparam table resource
-- @treturn table
function methods:whole(resource)
  local answer = self.is_summary and request_exactly(self, (bounded_options(self, self.client.system.monotonic())))
  local whole = answer and answer.list and answer.list[1]
  return whole or resource
end

--- Seconds until the next look, the same moment for all waits of a group.
-- @tparam number now the client's monotonic clock
-- @tparam number random in [0, 1)
-- @treturn number between half and one and a half of the delay
function methods:next_wait(now, random)
  local group, delay = self.group, self.times.delay
  local planned = (group.planned or 0) - now
  if planned < delay / 2 or planned > delay * 1.5 then
    planned = delay * (0.5 + random)
    group.planned = now + planned
  end
  return planned
end

--- Ends them.
function methods:close()
  if self.group then
    self.group.members[self] = nil
  end
end

return { open = open }
