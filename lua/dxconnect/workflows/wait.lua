--- `client:wait_until`: polls until a resource has come to a state.

local call = require "dxconnect.call"
local check = require "dxconnect.check"
local client_module = require "dxconnect.client"
local errors = require "dxconnect.errors"
local observed = require "dxconnect.workflows.observed"
local operations = require "dxconnect.operations"
local own_options = require "dxconnect.workflows.own_options"
local resources = require "dxconnect.resources.kinds"
local states = require "dxconnect.resources.states"
local types = require "dxconnect.text.types"
local waiters = require "dxconnect.workflows.waiters"

local SHORTEST_DELAY = 0.001 -- seconds: less would only keep the machine busy

local function sorted_names(t)
  local names = {}
  for name in pairs(t) do
    names[#names + 1] = name
  end
  table.sort(names)
  return names
end

-- ---- what is asked for

-- The kind and the state that a waiter's name stands for.
local function kind_and_target(name)
  for kind_name, kind in pairs(resources.kinds) do
    local state = name:sub(1, #kind_name + 1) == kind_name .. "_" and name:sub(#kind_name + 2)
    if state == "up" and kind.target then
      return kind, kind.target
    elseif state and kind.machine and states.machines[kind.machine][state] ~= nil then
      return kind, state
    end
  end
end

-- What to say where no name is near: "up" is "available" of most kinds, and all that some can be waited for.
local function other_words(name)
  for kind_name, kind in pairs(resources.kinds) do
    local state = name:sub(1, #kind_name + 1) == kind_name .. "_" and name:sub(#kind_name + 2)
    if state and kind.target then
      return ("; %s_up is all that can be waited for here"):format(kind_name)
    elseif state == "up" and waiters[kind_name .. "_available"] then
      return ("; did you mean %s_available?"):format(kind_name)
    end
  end
  return "; dxconnect.waiters lists them"
end

local function unknown_state(name)
  local message
  if type(name) == "string" then
    message = check.unknown("state", name, sorted_names(waiters))
    if not message:find("; did you mean", 1, true) then
      message = message .. other_words(name)
    end
  else
    message = ("the state: expected its name, got a %s; dxconnect.waiters lists them"):format(type(name))
  end
  return errors.params(nil, { { path = "", message = message } })
end

local option_types = { delay = "seconds", timeout = "seconds", on_poll = "function" }

-- Problems of params that are not an operation's own.
local function problems_of(takes, params)
  local problems, known = {}, sorted_names(takes)
  for name, value in pairs(params) do
    if takes[name] == nil then
      local nearest = check.nearest(name, known)
      local message = ("unknown member (a %s)"):format(type(value))
      problems[#problems + 1] = {
        path = errors.shown(tostring(name)),
        message = nearest and ("%s, did you mean %s?"):format(message, nearest) or message,
      }
    elseif type(value) ~= "string" or value == "" then
      problems[#problems + 1] = {
        path = name,
        message = "expected a string, got " .. (value == "" and "an empty one" or "a " .. type(value)),
      }
    end
  end
  for _, name in ipairs(known) do
    if takes[name] and params[name] == nil then
      problems[#problems + 1] = { path = name, message = "missing: required" }
    end
  end
  table.sort(problems, function(a, b)
    return a.path < b.path
  end)
  return problems
end

-- Whether params can name something of this kind; nil and an error of kind "params" where they can't.
local function check_params(kind, params)
  if not kind.takes then
    return call.check(operations.find(kind.operation), params)
  end
  local problems = problems_of(kind.takes, params)
  if #problems > 0 then
    return nil, errors.params(kind.operation, problems)
  end
  return true
end

local function read_options(options, waiter)
  local own, calls = own_options.split("wait_until", option_types, options, true)
  if not own then
    return nil, calls
  end
  return {
    delay = math.max(own.delay or waiter.delay, SHORTEST_DELAY),
    timeout = own.timeout or waiter.timeout,
    on_poll = own.on_poll,
    calls = calls,
  }
end

-- ---- results

-- One as itself, several as a list. They print like results.
local function result_of(wait, items)
  local result = #items == 1 and items[1] or items
  return getmetatable(result) and result or setmetatable(result, wait.observed.list_type or types.shape("list"))
end

-- Everything that was ever seen, as last seen.
local function last_seen(wait)
  local items = {}
  for i, key in ipairs(wait.seen) do
    items[i] = wait.seen[key]
  end
  return result_of(wait, items)
end

local function remember(wait, part)
  local key = wait.observed:label(part)
  if not wait.seen[key] then
    wait.seen[#wait.seen + 1] = key
  end
  wait.seen[key] = part.item
end

-- ---- errors

local function with_words(message, words)
  if type(words) == "string" and words ~= "" then
    return message .. ": " .. words
  end
  return message
end

local function failed(wait, message, fields)
  fields.operation = wait.observed:operation()
  return errors.waiter("WaiterFailedError", message, fields)
end

local function not_found(wait)
  local cause = wait.observed.cause
  return failed(wait, with_words(wait.observed:missing_label() .. " was not found", cause and cause.message), {
    reason = "not_found",
    hint = cause and cause.hint,
    cause = cause,
    request_id = cause and cause.request_id,
  })
end

local function hopeless(wait, part, why)
  local state = wait.observed:state(part)
  return failed(wait, with_words(("%s is %s: %s"):format(wait.observed:label(part), state, why),
    part.item.stateChangeError), { state = state })
end

local function timed_out(wait, elapsed, part, cause)
  local message = ("not %s after %.0f s"):format(wait.name, elapsed)
  local state
  if part then
    state = wait.observed:state(part)
    message = with_words(("%s: %s is still %s"):format(message, wait.observed:label(part), state),
      part.item.stateChangeError)
  elseif cause then
    message = with_words(message, tostring(cause))
  end
  return errors.waiter("WaiterTimeoutError", message, {
    operation = wait.observed:operation(),
    state = state,
    retryable = true,
    cause = cause,
  })
end

-- ---- the wait

-- Tells the user. What on_poll raises ends the wait.
local function report(wait, resource, state, elapsed)
  local on_poll = wait.options.on_poll
  if not on_poll then
    return true
  end
  local ok, raised = errors.protected(on_poll, resource, state, elapsed)
  if ok then
    return true
  end
  return nil, failed(wait, "on_poll raised an error: " .. errors.message_of(raised), {
    cause = errors.is(raised) and raised or nil,
  })
end

-- Judges what a look showed. Returns whether the wait is over, its result or nil and error; else the part that it
-- waits for.
local function judge(wait, parts, elapsed)
  local waiting, items = nil, {}
  for i, part in ipairs(parts) do
    remember(wait, part)
    items[i] = part.item
    local verdict, why = wait.observed:judge(part, wait.target)
    if verdict == "hopeless" then
      report(wait, part.item, wait.observed:state(part), elapsed)
      return true, nil, hopeless(wait, part, why)
    elseif verdict == "underway" then
      waiting = waiting or part
    end
  end
  local resource, state
  if #parts == 0 then
    if not wait.gone_counts then
      return true, nil, not_found(wait)
    end
    resource, state = last_seen(wait), wait.target
  else
    resource, state = result_of(wait, items), wait.observed:state(waiting or parts[1])
  end
  local ok, err = report(wait, resource, state, elapsed)
  if not ok then
    return true, nil, err
  elseif waiting then
    return false, waiting
  end
  return true, wait.gone_counts and last_seen(wait) or wait.observed:whole(resource)
end

local function run(wait)
  local system, options = wait.client.system, wait.options
  local last -- the part that was waited for
  while true do
    local parts, err = wait.observed:look(wait.gone_counts)
    local now = system.monotonic()
    local elapsed = now - wait.started
    if not parts then
      if err.code == "TimeoutError" and elapsed >= options.timeout then
        return nil, timed_out(wait, elapsed, last, err)
      end
      return nil, err
    end
    local is_over, first, second = judge(wait, parts, elapsed)
    if is_over then
      return first, second
    end
    last = first
    if elapsed >= options.timeout then
      return nil, timed_out(wait, elapsed, last)
    end
    -- the last wait ends no later than one delay behind the time-out
    local seconds = math.min(wait.observed:next_wait(now, system.random()), options.timeout - elapsed + options.delay)
    client_module.emit(wait.client, options.calls, {
      type = "wait",
      operation = wait.observed:operation(),
      delay = seconds,
      elapsed = elapsed,
    })
    local _, problem = system.sleep(seconds)
    if problem then
      return nil, problem
    end
  end
end

--- Polls until a resource has come to a state.
-- @tparam table client
-- @tparam string state such as "connection_available"; dxconnect.waiters lists them
-- @tparam[opt] table params of the describing operation; those of keys, ports and BGP see examples/guides/waiting.md
-- @tparam[opt] table options `delay` and `timeout` in seconds, `on_poll(resource, state, elapsed)`, and those of a call
-- @treturn[1] table the resource; a list where the params name several
-- @treturn[2] nil
-- @treturn[2] table error: WaiterFailedError, WaiterTimeoutError, or that of a call which failed
local function wait_until(client, state, params, options)
  check.arguments("wait_until", params, options, 3)
  local kind, target
  if type(state) == "string" and waiters[state] then
    kind, target = kind_and_target(state)
  end
  if not kind then
    return nil, unknown_state(state)
  end
  local read, err = read_options(options, waiters[state])
  if not read then
    return nil, err
  end
  local ok
  params = params or {}
  ok, err = check_params(kind, params)
  if not ok then
    return nil, err
  end
  local started = client.system.monotonic()
  local wait = {
    client = client,
    name = state,
    target = target,
    gone_counts = kind.machine ~= nil and target == states.ends[kind.machine],
    options = read,
    started = started,
    seen = {}, -- labels in their order, and items by them
    observed = observed.open(client, kind, params, read.calls, {
      delay = read.delay,
      limit = started + read.timeout + read.delay,
      total_timeout = read.calls and read.calls.total_timeout or client_module.setting(client, "total_timeout"),
    }),
  }
  local resource
  resource, err = run(wait)
  wait.observed:close()
  return resource, err
end

return { wait_until = wait_until }
