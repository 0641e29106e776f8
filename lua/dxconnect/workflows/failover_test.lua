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

local function note(run, text, ...)
  run.actions[#run.actions + 1] = text:format(...)
end

local function monotonic(run)
  return run.client.system.monotonic()
end

local function pause(run, seconds)
  client_module.emit(run.client, run.calls, {
    type = "wait",
    operation = OPERATION,
    delay = seconds,
    elapsed = monotonic(run) - run.started,
  })
  run.client.system.sleep(seconds)
end

local function failed(message, fields)
  fields = fields or {}
  fields.operation = OPERATION
  return errors.waiter("WaiterFailedError", message, fields)
end

-- ---- looks

local function watch_interface(run, id, calls)
  local total_timeout = calls and calls.total_timeout or client_module.setting(run.client, "total_timeout")
  return describes.open(run.client, resources.kinds.virtual_interface, { virtualInterfaceId = id }, calls, {
    delay = run.delay,
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
local function look(run)
  local interface, err = look_at(run.watched, run.id)
  if not interface then
    return nil, err
  end
  local backup
  if run.watched_backup then
    backup, err = look_at(run.watched_backup, run.before.backup.virtualInterfaceId)
    if not backup then
      return nil, err
    end
  end
  return { interface = interface, backup = backup, elapsed = monotonic(run) - run.started }
end

local function wait_for_next_look(run)
  pause(run, run.watched:next_wait(monotonic(run), run.client.system.random()))
end

-- ---- the start

local function began(run, test)
  run.test = test or {}
  run.minutes = run.test.testDurationInMinutes or run.minutes
  note(run, "started failover test %s on %s for %.0f minutes", tostring(run.test.testId or "without an id"), run.id,
    run.minutes)
  return true
end

-- What is said of a test that may be running still.
local function may_run(run, err, cause)
  err.maybe_applied = true
  err.retryable = false
  err.cause = err.cause or cause
  err.hint = ("failover test%s may be running on %s: %s, and by itself it ends %.0f minutes after its start"):format(
    run.test and run.test.testId and " " .. run.test.testId or "", run.id, paths.how_to_stop(run.id), run.minutes)
  return err
end

-- Starts the test, once. Where the answer was lost, the history tells whether it runs.
local function start(run)
  local result, err = run.client:start_bgp_failover_test(run.params, run.calls)
  if result then
    return began(run, result.virtualInterfaceTest)
  elseif not err.maybe_applied then
    return nil, err
  end
  local problem
  for i = 0, #LOOK_AGAIN do
    if i > 0 then
      pause(run, LOOK_AGAIN[i])
    end
    local test
    test, problem = paths.find_test(run.client, run.id, run.calls)
    if test then
      note(run, "the answer to the start was lost: the history shows that the test runs")
      return began(run, test)
    end
  end
  return nil, may_run(run, err, problem)
end

-- ---- the stop

-- Stops the test. One that has ended meanwhile is as good.
local function stop(run)
  local result, err = run.client:stop_bgp_failover_test({ virtualInterfaceId = run.id }, run.calls)
  if result then
    run.test = result.virtualInterfaceTest or run.test
    note(run, "stopped the test")
    return true
  end
  local test, problem = paths.find_test(run.client, run.id, run.calls)
  if test == false then
    note(run, "the test had ended already")
    return true
  end
  return nil, test and err or problem
end

-- ---- the watch

-- Calls a function of the user's, where there is one. What it raises is an error.
local function ask(run, name, state)
  local f = run.options[name]
  if not f then
    return nil
  end
  local ok, answer = pcall(f, state)
  if ok then
    return answer
  end
  return nil, failed(name .. " raised an error: " .. errors.message_of(answer), {
    cause = errors.is(answer) and answer or nil,
  })
end

-- Whether the test is over; nil and an error where that can't be told.
local function is_over(run, state)
  local now = run.client.system.clock()
  local test, err = paths.find_test(run.client, run.id, run.calls, run.test.testId)
  if err then
    return nil, err
  elseif test then
    run.test = test
  end
  local seconds = run.minutes * 60
  if test and not paths.is_running(test, now) and paths.state(state.interface) ~= "testing" then
    return true
  elseif not test and state.elapsed > seconds and paths.state(state.interface) ~= "testing" then
    return true
  elseif state.elapsed > seconds + LATE then
    return nil, failed(("the test should have ended after %.0f minutes"):format(run.minutes))
  end
  return false
end

-- Watches until the test ends, or abort_if asks for its end. Returns true, or nil and an error.
local function watch(run)
  while true do
    local state, err = look(run)
    if not state then
      return nil, err
    end
    run.during = setmetatable({ interface = state.interface, backup = state.backup }, look_type)
    if state.backup and not paths.is_up(state.backup, run.backup_peers) then
      return nil, failed(("the backup %s is not up: its state is %s"):format(state.backup.virtualInterfaceId,
        paths.state(state.backup)))
    end
    local over, asked, _
    _, err = ask(run, "on_poll", state)
    if not err then
      asked, err = ask(run, "abort_if", state)
    end
    if not err and not asked then
      over, err = is_over(run, state)
    end
    if err then
      return nil, err
    elseif asked then
      run.aborted = true
      note(run, "abort_if asked for the end of the test after %.0f seconds", state.elapsed)
      return stop(run)
    elseif over then
      note(run, "the test ended: %s", tostring(run.test.status or "its time is over"))
      return true
    end
    wait_for_next_look(run)
  end
end

-- ---- the wait afterwards

local function is_restored(run, state)
  return paths.is_up(state.interface, run.peers)
    and (not state.backup or paths.is_up(state.backup, run.backup_peers))
end

-- Waits until all that was up is up again. Returns whether it is; nil and an error where it can't be seen.
local function restore(run)
  local till = monotonic(run) + RESTORE_TIMEOUT
  while true do
    local state, err = look(run)
    if state then
      run.after = setmetatable({ interface = state.interface, backup = state.backup }, look_type)
      if is_restored(run, state) then
        note(run, "all that was up is up again")
        return true
      end
    elseif not err.retryable or monotonic(run) >= till then
      return nil, err
    end
    if monotonic(run) >= till then
      note(run, "after an hour not all that was up is up again")
      return false
    end
    wait_for_next_look(run)
  end
end

-- ---- the method

local function report_of(run)
  return setmetatable({
    test = run.test,
    actions = run.actions,
    before = run.before,
    during = run.during,
    after = run.after,
    restored = run.restored,
    aborted = run.aborted,
    dry_run = run.options.dry_run or nil,
  }, report_type)
end

local function with_actions(run, err)
  err = errors.copy(err) -- looks are shared, and so are their failures
  err.actions = run.actions
  err.test = err.test or run.test
  return nil, err
end

-- After a failure: the test is stopped, or the error says that it may run.
local function give_up(run, err)
  err = errors.copy(err)
  local stopped, problem = stop(run)
  if stopped then
    err.restored = restore(run) or false
    err.hint = err.hint or "the test was stopped"
  else
    may_run(run, err, problem)
  end
  return with_actions(run, err)
end

local function plan(run)
  local peers = {}
  for _, id in ipairs(run.params.bgpPeers or {}) do
    peers[#peers + 1] = tostring(id)
  end
  note(run, "start a failover test of %.0f minutes on %s, with %s down", run.minutes, run.id,
    #peers > 0 and table.concat(peers, ", ") or "all its BGP peers")
  note(run, run.before.backup and "watch the interface and its backup %s" or "watch the interface, without a backup",
    run.before.backup and run.before.backup.virtualInterfaceId)
  note(run, "wait until all that was up is up again")
  return report_of(run)
end

local function perform(run)
  run.watched = watch_interface(run, run.id, run.calls)
  run.watched_backup = run.before.backup
    and watch_interface(run, run.before.backup.virtualInterfaceId, run.backup_calls)
  local ok, err = watch(run)
  if not ok then
    return give_up(run, err)
  end
  run.restored, err = restore(run)
  if err then
    return with_actions(run, err)
  end
  return report_of(run)
end

local function close(run)
  for _, watched in ipairs { run.watched or false, run.watched_backup or false } do
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
  local run = {
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
  ready, err = paths.preflight(client, run.id, own.require_backup ~= false, calls)
  if not ready then
    return with_actions(run, err)
  end
  run.before = setmetatable({ interface = ready.interface, backup = ready.backup }, look_type)
  run.backup_calls = ready.backup_calls
  run.peers = paths.peers_up(ready.interface)
  run.backup_peers = ready.backup and paths.peers_up(ready.backup)
  if own.dry_run then
    return plan(run)
  end
  note(run, ready.backup and "%s and its peers are up, and so is the backup %s" or "%s and its peers are up", run.id,
    ready.backup and ready.backup.virtualInterfaceId)
  run.started = client.system.monotonic()
  ok, err = start(run)
  if not ok then
    return with_actions(run, err)
  end
  local report
  report, err = perform(run)
  close(run)
  return report, err
end

return { failover_test = failover_test }
