--- States that change by themselves.
-- What a record is on the way to is data in the record, so that it can be saved: `_move = {at, order, states}`, when
-- the next step is due, its order among steps of the same time, and the states that follow. The queue of what is due is
-- made from that. In place of a state stands `timeline.GONE`, with which the record ceases to exist, or the name of one
-- of `timeline.actions`, after an `@`.

local kinds = require "dxconnect.emulator.kinds"
local timers = require "dxconnect.async.timers"

local timeline = {}

--- In a list of states: the record ceases to exist.
timeline.GONE = "@gone"

--- What a step can do besides setting a state: functions of the record's world, the record, and its part that moves,
-- by name. The modules whose steps they are add them.
timeline.actions = {}

local LAST = 253402300799 -- the end of the year 9999: later times can't be written as dates

--- Whether a number can be the emulator's time.
-- @tparam number time Unix seconds
-- @treturn boolean
function timeline.is_time(time)
  return time >= 0 and time <= LAST -- NaN is not
end

--- How long something stays in a state. What was ordered as part of something else, such as a LAG's connections with
-- it, keeps to that one's delays: `_delays` names its kind.
-- @tparam table state the emulator's
-- @tparam table target a record, or a part of one
-- @tparam string name of the state
-- @treturn number seconds
function timeline.delay(state, target, name)
  local kind = target._parent and "hosted_connection" or target._delays or target._kind
  return state.delays[kind][name] or 0
end

local function schedule(state, target)
  local entry = state.timers:add(target._move.at, target)
  state.entries[target] = entry
end

--- Calls off what a record, or a part of one, is on the way to.
function timeline.halt(state, target)
  local entry = state.entries[target]
  if entry then
    entry.value = nil
    state.entries[target] = nil
  end
  target._move = nil
end

local function continue(state, target, states, seconds)
  if #states == 0 then
    return
  end
  state.order = state.order + 1
  seconds = seconds or timeline.delay(state, target, target[kinds[target._kind].state])
  target._move = { at = state.now + seconds, order = state.order, states = states }
  schedule(state, target)
end

--- Puts a record, or a part of one, into the first of some states, and lets it go through the others by itself. What it
-- was on the way to is called off.
-- @tparam table state the emulator's
-- @tparam table target
-- @tparam table states such as `{"deleting", "deleted", timeline.GONE}`; it is taken over
-- @tparam[opt] number seconds that the first lasts, by default as `delays` has it
function timeline.walk(state, target, states, seconds)
  timeline.halt(state, target)
  target[kinds[target._kind].state] = table.remove(states, 1)
  continue(state, target, states, seconds)
end

local function step(state, target)
  local states = target._move.states
  state.entries[target], target._move = nil, nil
  local name = table.remove(states, 1)
  if name:sub(1, 1) == "@" then
    local owner = state.owners[target] or target
    timeline.actions[name:sub(2)](state.view(owner), owner, target)
  else
    target[kinds[target._kind].state] = name
  end
  if not target._move then -- a step that moves the record elsewhere ends this
    continue(state, target, states)
  end
end

--- Does what is due until now, each thing at its own time.
function timeline.advance(state)
  local now = state.clock() + state.offset
  while true do
    local due = state.timers:next_due()
    if not due or due > now then
      break
    end
    state.now = due
    step(state, state.timers:take(now))
  end
  state.now = now
end

--- Makes the queue anew from what records and parts are on the way to.
-- @tparam table state
-- @tparam table targets list of them
function timeline.rebuild(state, targets)
  state.timers, state.entries = timers.new(), {}
  local moving = {}
  for _, target in ipairs(targets) do
    if target._move then
      moving[#moving + 1] = target
    end
  end
  table.sort(moving, function(a, b)
    return a._move.order < b._move.order
  end)
  for _, target in ipairs(moving) do
    schedule(state, target)
  end
end

return timeline
