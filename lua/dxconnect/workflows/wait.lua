--- `client:wait_until`: polls until a resource has come to a state.

local client_module = require "dxconnect.client"
local core = require "dxconnect.core"
local errors = require "dxconnect.errors"
local options_list = require "dxconnect.config.options"
local resources = require "dxconnect.resources.kinds"
local state_machines = require "dxconnect.resources.states"
local waiters = require "dxconnect.workflows.waiters"
local watch = require "dxconnect.workflows.observed"

local SHORTEST_DELAY = 0.001 -- seconds: less would only keep the machine busy

-- ---- what is asked for

-- The kind and the state that a waiter's name stands for.
local function kind_and_target(name)
  for kind_name, kind in pairs(resources.kinds) do
    if name:sub(1, #kind_name + 1) == kind_name .. "_" then
      local state = name:sub(#kind_name + 2)
      if not kind.machine then
        if state == "up" then
          return kind, kind.target
        end
      elseif state_machines.machines[kind.machine][state] ~= nil then
        return kind, state
      end
    end
  end
end

local function unknown_state(name)
  local known = {}
  for waiter in pairs(waiters) do
    known[#known + 1] = waiter
  end
  table.sort(known)
  local nearest = type(name) == "string" and core.nearest(name, known)
  local message = type(name) == "string" and "there is no state " .. name
    or "the state: expected its name, got a " .. type(name)
  return errors.params(nil, { {
    path = "",
    message = message .. (nearest and "; did you mean " .. nearest .. "?" or "; dxconnect.waiters lists them"),
  } })
end

local own_options = { delay = true, timeout = true, on_poll = true }

local function unknown_option(name)
  local known = {}
  for own in pairs(own_options) do
    known[#known + 1] = own
  end
  for _, entry in ipairs(options_list.list) do
    if entry.per_call then
      known[#known + 1] = entry.name
    end
  end
  local nearest = type(name) == "string" and core.nearest(name, known)
  return errors.config(("wait_until has no option %s%s"):format(tostring(name),
    nearest and "; did you mean " .. nearest .. "?" or ""))
end

local function is_seconds(value)
  return type(value) == "number" and value >= 0
end

-- Options of ours checked, and those of the calls apart.
local function read_options(options, waiter)
  local calls
  for name, value in pairs(options) do
    if not own_options[name] then
      local entry = options_list.by_name[name]
      if name ~= "headers" and name ~= "unmodeled" and not (entry and entry.per_call) then
        return nil, unknown_option(name)
      end
      calls = calls or {}
      calls[name] = value
    end
  end
  for _, name in ipairs { "delay", "timeout" } do
    if options[name] ~= nil and not is_seconds(options[name]) then
      return nil, errors.config(("%s: expected a number of seconds, got %s"):format(name,
        type(options[name]) == "number" and tostring(options[name]) or "a " .. type(options[name])))
    end
  end
  if options.on_poll ~= nil and type(options.on_poll) ~= "function" then
    return nil, errors.config("on_poll: expected a function, got a " .. type(options.on_poll))
  end
  return {
    delay = math.max(options.delay or waiter.delay, SHORTEST_DELAY),
    timeout = options.timeout or waiter.timeout,
    on_poll = options.on_poll,
    calls = calls,
  }
end

-- ---- results

-- One as itself, several as a list. They print like results.
local function result_of(wait, items)
  local result = #items == 1 and items[1] or items
  if wait.watch.metatable and not getmetatable(result) then
    setmetatable(result, wait.watch.metatable)
  end
  return result
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
  local key = wait.watch:label(part)
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
  fields.operation = wait.watch:operation()
  return errors.waiter("WaiterFailedError", message, fields)
end

local function not_found(wait)
  local cause = wait.watch.cause
  return failed(wait, with_words(wait.watch:missing_label() .. " was not found", cause and cause.message), {
    reason = "not_found",
    hint = cause and cause.hint,
    cause = cause,
    request_id = cause and cause.request_id,
  })
end

local function hopeless(wait, part, why)
  local state = wait.watch:state(part)
  return failed(wait, with_words(("%s is %s: %s"):format(wait.watch:label(part), state, why),
    part.item.stateChangeError), { state = state })
end

local function timed_out(wait, elapsed, part, cause)
  local message = ("not %s after %d s"):format(wait.name, math.floor(elapsed + 0.5))
  local state
  if part then
    state = wait.watch:state(part)
    message = with_words(("%s: %s is still %s"):format(message, wait.watch:label(part), state),
      part.item.stateChangeError)
  elseif cause then
    message = with_words(message, tostring(cause))
  end
  return errors.waiter("WaiterTimeoutError", message, {
    operation = wait.watch:operation(),
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
  local ok, raised = pcall(on_poll, resource, state, elapsed)
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
    local verdict, why = wait.watch:judge(part, wait.target)
    if verdict == "hopeless" then
      report(wait, part.item, wait.watch:state(part), elapsed)
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
    resource, state = result_of(wait, items), wait.watch:state(waiting or parts[1])
  end
  local ok, err = report(wait, resource, state, elapsed)
  if not ok then
    return true, nil, err
  elseif waiting then
    return false, waiting
  end
  return true, wait.gone_counts and last_seen(wait) or wait.watch:whole(resource)
end

local function run(wait)
  local system, options = wait.client.system, wait.options
  local last -- the part that was waited for
  while true do
    local parts, err = wait.watch:look(wait.gone_counts)
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
    local seconds = math.min(wait.watch:next_wait(now, system.random()), options.timeout - elapsed + options.delay)
    client_module.emit(wait.client, options.calls, {
      type = "wait",
      operation = wait.watch:operation(),
      delay = seconds,
      elapsed = elapsed,
    })
    system.sleep(seconds)
  end
end

--- Polls until a resource has come to a state.
-- @tparam table client
-- @tparam string state such as "connection_available"; dxconnect.waiters lists them
-- @tparam[opt] table params of the describing operation; those of keys, ports and BGP see README, "Waiting"
-- @tparam[opt] table options `delay` and `timeout` in seconds, `on_poll(resource, state, elapsed)`, and those of a call
-- @treturn[1] table the resource; a list where the params name several
-- @treturn[2] nil
-- @treturn[2] table error: WaiterFailedError, WaiterTimeoutError, or that of a call which failed
local function wait_until(client, state, params, options)
  if params ~= nil and type(params) ~= "table" then
    error("wait_until: params must be a table, got a " .. type(params), 3)
  elseif options ~= nil and type(options) ~= "table" then
    error("wait_until: options must be a table, got a " .. type(options), 3)
  end
  local kind, target
  if type(state) == "string" and waiters[state] then
    kind, target = kind_and_target(state)
  end
  if not kind then
    return nil, unknown_state(state)
  end
  local read, err = read_options(options or {}, waiters[state])
  if not read then
    return nil, err
  end
  local ok
  params = params or {}
  ok, err = resources.check(kind, params)
  if not ok then
    return nil, err
  end
  local started = client.system.monotonic()
  local wait = {
    client = client,
    name = state,
    target = target,
    gone_counts = target == kind.gone,
    options = read,
    started = started,
    seen = {}, -- labels in their order, and items by them
    watch = watch.open(client, kind, params, read.calls, {
      delay = read.delay,
      limit = started + read.timeout + read.delay,
      total_timeout = read.calls and read.calls.total_timeout or client_module.setting(client, "total_timeout"),
    }),
  }
  local resource
  resource, err = run(wait)
  wait.watch:close()
  return resource, err
end

return { wait_until = wait_until }
