--- `client:failover_test`: a BGP failover test with a look before, a watch beside and a wait after it.
-- The start is sent once, whatever fails. Once it was sent, each way out either saw the test end, stopped it, or says
-- in the error that it may run and how to stop it. A process that dies leaves the service's own time to end the test.

local call = require "dxconnect.call"
local check = require "dxconnect.check"
local client_module = require "dxconnect.client"
local describes = require "dxconnect.workflows.describes"
local errors = require "dxconnect.errors"
local operations = require "dxconnect.operations"
local own_options = require "dxconnect.workflows.own_options"
local paths = require "dxconnect.workflows.failover_paths"
local resources = require "dxconnect.resources.kinds"
local types = require "dxconnect.text.types"

local OPERATION = "StartBgpFailoverTest"
local DELAY = 15 -- seconds between looks
local DEFAULT_MINUTES = 180 -- of a test, by the service
local LATE = 600 -- seconds that a test may run beyond its time
local RESTORE_TIMEOUT = 3600 -- seconds until all is up again

-- Seconds between looks for a test whose start was not answered: it may not be listed at once.
local LOOK_AGAIN = { 1, 2, 4 }

local option_types = {
  require_backup = "boolean", abort_if = "function", on_poll = "function", dry_run = "boolean", delay = "seconds",
}

local actions_type = types.list "actions"
local look_type = types.new "look"
local report_type = types.new "failover test"

local function note(trial, text, ...)
  trial.actions[#trial.actions + 1] = text:format(...)
end

local function monotonic(trial)
  return trial.client.system.monotonic()
end

local function pause(trial, seconds)
  client_module.emit(trial.client, trial.calls, {
    type = "wait",
    operation = OPERATION,
    delay = seconds,
    elapsed = monotonic(trial) - trial.started,
  })
  trial.client.system.sleep(seconds)
end

local function failed(message, fields)
  fields = fields or {}
  fields.operation = OPERATION
  return errors.waiter("WaiterFailedError", message, fields)
end

-- ---- looks

local function watch_interface(trial, id, calls)
  local total_timeout = calls and calls.total_timeout or client_module.setting(trial.client, "total_timeout")
  return describes.open(trial.client, resources.kinds.virtual_interface, { virtualInterfaceId = id }, calls, {
    delay = trial.delay,
    limit = math.huge,
    total_timeout = total_timeout,
  })
end

local function look_at(watched, id)
  local list, err = watched:look(false)
  if not list then
    return nil, err
  elseif #list == 0 then
    return nil, failed(("virtual interface %s was not found"):format(id), { reason = "not_found" })
  end
  return list[1]
end

-- Looks at the interface and at the backup: `{interface, backup, elapsed}`.
local function look(trial)
  local interface, err = look_at(trial.watched, trial.id)
  if not interface then
    return nil, err
  end
  local backup
  if trial.watched_backup then
    backup, err = look_at(trial.watched_backup, trial.before.backup.virtualInterfaceId)
    if not backup then
      return nil, err
    end
  end
  return { interface = interface, backup = backup, elapsed = monotonic(trial) - trial.started }
end

local function wait_for_next_look(trial)
  pause(trial, trial.watched:next_wait(monotonic(trial), trial.client.system.random()))
end

-- ---- the start

local function began(trial, test)
  trial.test = test or {}
  trial.minutes = trial.test.testDurationInMinutes or trial.minutes
  note(trial, "started failover test %s on %s for %.0f minutes", tostring(trial.test.testId or "without an id"),
    trial.id, trial.minutes)
  return true
end

-- What is said of a test that may be running still.
local function may_run(trial, err, cause)
  err.maybe_applied = true
  err.retryable = false
  err.cause = err.cause or cause
  err.hint = ("failover test%s may be running on %s: %s, and by itself it ends %.0f minutes after its start"):format(
    trial.test and trial.test.testId and " " .. trial.test.testId or "", trial.id, paths.how_to_stop(trial.id),
    trial.minutes)
  return err
end

-- Starts the test, once. Where the answer was lost, the history tells whether it runs.
local function start(trial)
  local result, err = trial.client:start_bgp_failover_test(trial.params, trial.calls)
  if result then
    return began(trial, result.virtualInterfaceTest)
  elseif not err.maybe_applied then
    return nil, err
  end
  local problem
  for i = 0, #LOOK_AGAIN do
    if i > 0 then
      pause(trial, LOOK_AGAIN[i])
    end
    local test
    test, problem = paths.find_test(trial.client, trial.id, trial.calls)
    if test then
      note(trial, "the answer to the start was lost: the history shows that the test runs")
      return began(trial, test)
    end
  end
  return nil, may_run(trial, err, problem)
end

-- ---- the stop

-- Stops the test. One that has ended meanwhile is as good.
local function stop(trial)
  local result, err = trial.client:stop_bgp_failover_test({ virtualInterfaceId = trial.id }, trial.calls)
  if result then
    trial.test = result.virtualInterfaceTest or trial.test
    note(trial, "stopped the test")
    return true
  end
  local test, problem = paths.find_test(trial.client, trial.id, trial.calls)
  if test == false then
    note(trial, "the test had ended already")
    return true
  end
  return nil, test and err or problem
end

-- ---- the watch

-- Calls a function of the user's, where there is one. What it raises is an error.
local function ask(trial, name, state)
  local f = trial.options[name]
  if not f then
    return nil
  end
  local ok, answer = errors.protected(f, state)
  if ok then
    return answer
  end
  return nil, failed(name .. " raised an error: " .. errors.message_of(answer), {
    cause = errors.is(answer) and answer or nil,
  })
end

-- Whether the test is over; nil and an error where that can't be told.
local function is_over(trial, state)
  local now = trial.client.system.clock()
  local test, err = paths.find_test(trial.client, trial.id, trial.calls, trial.test.testId)
  if err then
    return nil, err
  elseif test then
    trial.test = test
  end
  local seconds = trial.minutes * 60
  if test and not paths.is_running(test, now) and paths.state(state.interface) ~= "testing" then
    return true
  elseif not test and state.elapsed > seconds and paths.state(state.interface) ~= "testing" then
    return true
  elseif state.elapsed > seconds + LATE then
    return nil, failed(("the test should have ended after %.0f minutes"):format(trial.minutes))
  end
  return false
end

-- Watches until the test ends, or abort_if asks for its end. Returns true, or nil and an error.
local function watch(trial)
  while true do
    local state, err = look(trial)
    if not state then
      return nil, err
    end
    trial.during = setmetatable({ interface = state.interface, backup = state.backup }, look_type)
    if state.backup and not paths.is_up(state.backup, trial.backup_peers) then
      return nil, failed(("the backup %s is not up: its state is %s"):format(state.backup.virtualInterfaceId,
        paths.state(state.backup)))
    end
    local over, asked, _
    _, err = ask(trial, "on_poll", state)
    if not err then
      asked, err = ask(trial, "abort_if", state)
    end
    if not err and not asked then
      over, err = is_over(trial, state)
    end
    if err then
      return nil, err
    elseif asked then
      trial.aborted = true
      note(trial, "abort_if asked for the end of the test after %.0f seconds", state.elapsed)
      return stop(trial)
    elseif over then
      note(trial, "the test ended: %s", tostring(trial.test.status or "its time is over"))
      return true
    end
    wait_for_next_look(trial)
  end
end

-- ---- the wait afterwards

local function is_restored(trial, state)
  return paths.is_up(state.interface, trial.peers)
    and (not state.backup or paths.is_up(state.backup, trial.backup_peers))
end

-- Waits until all that was up is up again. Returns whether it is; nil and an error where it can't be seen.
local function restore(trial)
  local till = monotonic(trial) + RESTORE_TIMEOUT
  while true do
    local state, err = look(trial)
    if state then
      trial.after = setmetatable({ interface = state.interface, backup = state.backup }, look_type)
      if is_restored(trial, state) then
        note(trial, "all that was up is up again")
        return true
      end
    elseif not err.retryable or monotonic(trial) >= till then
      return nil, err
    end
    if monotonic(trial) >= till then
      note(trial, "after an hour not all that was up is up again")
      return false
    end
    wait_for_next_look(trial)
  end
end

-- ---- the method

local function report_of(trial)
  return setmetatable({
    test = trial.test,
    actions = trial.actions,
    before = trial.before,
    during = trial.during,
    after = trial.after,
    restored = trial.restored,
    aborted = trial.aborted,
    dry_run = trial.options.dry_run or nil,
  }, report_type)
end

local function with_actions(trial, err)
  err = errors.copy(err) -- looks are shared, and so are their failures
  err.actions = trial.actions
  err.test = err.test or trial.test
  return nil, err
end

-- After a failure: the test is stopped, or the error says that it may run.
local function give_up(trial, err)
  err = errors.copy(err)
  local stopped, problem = stop(trial)
  if stopped then
    err.restored = restore(trial) or false
    err.hint = err.hint or "the test was stopped"
  else
    may_run(trial, err, problem)
  end
  return with_actions(trial, err)
end

local function plan(trial)
  local peers = {}
  for _, id in ipairs(trial.params.bgpPeers or {}) do
    peers[#peers + 1] = tostring(id)
  end
  note(trial, "start a failover test of %.0f minutes on %s, with %s down", trial.minutes, trial.id,
    #peers > 0 and table.concat(peers, ", ") or "all its BGP peers")
  note(trial,
    trial.before.backup and "watch the interface and its backup %s" or "watch the interface, without a backup",
    trial.before.backup and trial.before.backup.virtualInterfaceId)
  note(trial, "wait until all that was up is up again")
  return report_of(trial)
end

local function perform(trial)
  trial.watched = watch_interface(trial, trial.id, trial.calls)
  trial.watched_backup = trial.before.backup
    and watch_interface(trial, trial.before.backup.virtualInterfaceId, trial.backup_calls)
  local ok, err = watch(trial)
  if not ok then
    return give_up(trial, err)
  end
  trial.restored, err = restore(trial)
  if err then
    return with_actions(trial, err)
  end
  return report_of(trial)
end

local function close(trial)
  for _, watched in ipairs { trial.watched or false, trial.watched_backup or false } do
    if watched then
      watched:close()
    end
  end
end

--- Tests the failover of a virtual interface.
-- @tparam table client
-- @tparam table params of StartBgpFailoverTest: `virtualInterfaceId`, `bgpPeers`, `testDurationInMinutes`
-- @tparam[opt] table options `require_backup` (true): another path must be up, and stay so; `abort_if(state)` asked at
--   each look, with `{interface, backup, elapsed}`; `on_poll(state)`; `dry_run`: only look; `delay` between looks; and
--   those of a call
-- @treturn[1] table report `{test, actions, before, during, after, restored, aborted}`
-- @treturn[2] nil
-- @treturn[2] table error, with the `actions` that were done; `maybe_applied` where the test may be running
local function failover_test(client, params, options)
  check.arguments("failover_test", params, options, 3)
  params = params or {}
  local own, calls = own_options.split("failover_test", option_types, options, true)
  if not own then
    return nil, calls
  end
  local ok, err = call.check(operations.find(OPERATION), params)
  if not ok then
    return nil, err
  end
  local trial = {
    client = client,
    id = type(params.virtualInterfaceId) == "userdata" and params.virtualInterfaceId:reveal()
      or params.virtualInterfaceId,
    params = params,
    options = own,
    calls = calls,
    delay = math.max(own.delay or DELAY, 0.001),
    minutes = params.testDurationInMinutes or DEFAULT_MINUTES,
    started = client.system.monotonic(),
    actions = setmetatable({}, actions_type),
  }
  local ready
  ready, err = paths.preflight(client, trial.id, own.require_backup ~= false, calls)
  if not ready then
    return with_actions(trial, err)
  end
  trial.before = setmetatable({ interface = ready.interface, backup = ready.backup }, look_type)
  trial.backup_calls = ready.backup_calls
  trial.peers = paths.peers_up(ready.interface)
  trial.backup_peers = ready.backup and paths.peers_up(ready.backup)
  if own.dry_run then
    return plan(trial)
  end
  note(trial, ready.backup and "%s and its peers are up, and so is the backup %s" or "%s and its peers are up",
    trial.id, ready.backup and ready.backup.virtualInterfaceId)
  trial.started = client.system.monotonic()
  ok, err = start(trial)
  if not ok then
    return with_actions(trial, err)
  end
  local report
  report, err = perform(trial)
  close(trial)
  return report, err
end

return { failover_test = failover_test }
