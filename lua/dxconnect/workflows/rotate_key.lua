--- `client:rotate_mac_sec_key`: a new MACsec key onto a port, the old ones off it, traffic encrypted throughout.
-- Nothing is kept between runs: each step looks at the port and does what is left to do, so that a run after a failure
-- carries on. No key is taken off unless another one works.

local call = require "dxconnect.call"
local check = require "dxconnect.check"
local client_module = require "dxconnect.client"
local core = require "dxconnect.core"
local errors = require "dxconnect.errors"
local macsec = require "dxconnect.workflows.macsec"
local operations = require "dxconnect.operations"
local own_options = require "dxconnect.workflows.own_options"
local port_lookup = require "dxconnect.workflows.port_lookup"
local ports = require "dxconnect.resources.ports"
local types = require "dxconnect.text.types"
local waiters = require "dxconnect.workflows.waiters"

local actions_type = types.list "actions"

local MAX_KEYS = 3 -- pairs on a port at a time
local OPERATION = "AssociateMacSecKey"

-- Seconds between looks for a key that may have been associated: it may not be shown at once.
local LOOK_AGAIN = { 1, 2, 4 }

-- What is done, as a plan and as a deed.
local texts = {
  leave = { "wait until key %s is disassociated", "key %s is disassociated" },
  room = { "disassociate key %s, the oldest that can be spared, to make room",
    "disassociated key %s, the oldest that could be spared, to make room" },
  make = { "make %s", "made key %s" },
  take_up = { "take up key %s, which is there already", "took up key %s, which was there already" },
  associate = { "associate key %s", "associated key %s" },
  associated = { "wait until key %s is associated", "key %s is associated" },
  configure = { "set up the router with key %s", "set up the router with key %s" },
  encryption = { "wait until encryption is up", "encryption is up" },
  remove = { "disassociate key %s", "disassociated key %s" },
}

local function note(rotation, what, key)
  local text = texts[what][rotation.options.dry_run and 1 or 2]
  rotation.actions[#rotation.actions + 1] = text:format(key or "")
end

local function name_of(key)
  return key.ckn or key.secretARN or "without a name"
end

-- ---- what is asked for

local option_types = {
  configure = "function", require_encryption_up = "boolean", dry_run = "boolean", timeout = "seconds",
  delay = "seconds", on_poll = "function",
}

-- The params with a key in them: that of the caller, or one that stands for the key to be made.
local function with_key(params, ckn, cak)
  local copy = {}
  for name, value in pairs(params) do
    copy[name] = value
  end
  if copy.secretARN == nil and copy.ckn == nil and copy.cak == nil then
    copy.ckn, copy.cak = ckn, cak
  end
  return copy
end

local function check_params(params)
  local zeros = ("0"):rep(64)
  return call.check(operations.find(OPERATION), with_key(params, zeros, zeros))
end

-- A CKN may come as a secret, though it is none.
local function plain(value)
  return type(value) == "userdata" and value:reveal() or value
end

-- ---- looking at the port

local function working(keys)
  local count = 0
  for _, key in ipairs(keys) do
    count = count + (ports.key_state(key) == "associated" and 1 or 0)
  end
  return count
end

-- The oldest first; those that do not tell their age come last.
local function by_age(keys)
  local list, order = {}, {}
  for i, key in ipairs(keys) do
    list[i] = key
    order[key] = { ports.start_of(key) or math.huge, i }
  end
  table.sort(list, function(a, b)
    local first, second = order[a], order[b]
    if first[1] ~= second[1] then
      return first[1] < second[1]
    end
    return first[2] < second[2]
  end)
  return list
end

local function is_new(rotation, key)
  if rotation.ckn then
    return type(key.ckn) == "string" and key.ckn:lower() == rotation.ckn:lower()
  end
  return rotation.secret_arn ~= nil and key.secretARN == rotation.secret_arn
end

local function check_port(rotation)
  if rotation.port.macSecCapable == false then
    return nil, errors.param(OPERATION, "connectionId", rotation.id .. " is not capable of MACsec")
  elseif ports.is_member(rotation.port) then
    return nil, errors.param(OPERATION, "connectionId", ("%s is part of LAG %s, whose keys are its keys: name the LAG")
      :format(rotation.id, rotation.port.lagId))
  end
  return true
end

-- The key that has to make room for a new one; nil where there is room.
local function to_make_room(rotation)
  if rotation.new or #rotation.old < MAX_KEYS then
    return nil
  end
  local count = working(rotation.old)
  for _, key in ipairs(rotation.old) do
    if ports.key_state(key) ~= "associated" or count > 1 then
      return key
    end
  end
end

-- ---- waiting

local function time_left(rotation)
  return rotation.deadline and math.max(rotation.deadline - rotation.client.system.monotonic(), 0) or nil
end

local function wait(rotation, state, params)
  return rotation.client:wait_until(state, params, {
    delay = rotation.options.delay,
    timeout = time_left(rotation),
    on_poll = rotation.options.on_poll,
  })
end

local function pause(rotation, seconds)
  client_module.emit(rotation.client, nil, { type = "wait", operation = OPERATION, delay = seconds })
  rotation.client.system.sleep(seconds)
end

-- Until when the port may be in transition, by the client's monotonic clock.
local function patience(rotation)
  return rotation.deadline or rotation.client.system.monotonic() + waiters.mac_sec_key_associated.timeout
end

local function pause_for_port(rotation)
  local delay = rotation.options.delay or waiters.mac_sec_key_associated.delay
  pause(rotation, delay * (0.5 + rotation.client.system.random()))
end

-- Calls f until the service no longer refuses it because the port is in transition, or time is up.
local function once_settled(rotation, f)
  local till = patience(rotation)
  while true do
    local result, err = f()
    if result or err.reason ~= "transitioning" or rotation.client.system.monotonic() >= till then
      return result, err
    end
    pause_for_port(rotation)
  end
end

local function is_settled(port)
  return ports.state(port) ~= "pending"
end

-- Whether the port is settled, or has keys on their way off, which the next step waits for.
local function is_settled_or_has_leaving(port)
  local is_ready = is_settled(port)
  for _, key in ipairs(ports.keys(port)) do
    is_ready = is_ready or ports.key_state(key) == "disassociating"
  end
  return is_ready
end

-- Describes the port. While a key is put on or taken off, the port may be pending for a while and refuse the next key:
-- no step is taken until that is over.
local function settled_port(rotation, is_ready)
  local till = patience(rotation)
  while true do
    local port, err = port_lookup.describe(rotation.client, rotation.id)
    if not port then
      return nil, err
    elseif rotation.options.dry_run or is_ready(port) then
      return port
    elseif rotation.client.system.monotonic() >= till then
      return nil, errors.waiter("WaiterTimeoutError", ("%s is still pending: no key is put on or taken off a port "
        .. "that is"):format(rotation.id), { operation = OPERATION, state = "pending", retryable = true })
    end
    pause_for_port(rotation)
  end
end

-- Looks at the port, and sorts its keys: the new one, those on their way out, the others by age.
local function look(rotation, is_ready)
  local port, err = settled_port(rotation, is_ready or is_settled)
  if not port then
    return nil, err
  end
  rotation.port = port
  rotation.new, rotation.leaving, rotation.old = nil, {}, {}
  for _, key in ipairs(ports.keys(port)) do
    if ports.key_state(key) == "disassociating" or key.secretARN and rotation.taken_off[key.secretARN] then
      table.insert(rotation.leaving, key)
    elseif is_new(rotation, key) then
      rotation.new = key
    else
      table.insert(rotation.old, key)
    end
  end
  rotation.old = by_age(rotation.old)
  return true
end

-- ---- steps: each returns true, or nil and an error

local function wait_until_gone(rotation, keys)
  for _, key in ipairs(keys) do
    if not rotation.options.dry_run and (key.ckn or key.secretARN) then
      local gone, err = wait(rotation, "mac_sec_key_disassociated", {
        connectionId = rotation.id,
        ckn = key.ckn,
        secretARN = key.secretARN,
      })
      if not gone then
        return nil, err
      end
    end
    note(rotation, "leave", name_of(key))
  end
  return true
end

local function disassociate(rotation, key)
  if not key.secretARN then
    return nil, errors.waiter("WaiterFailedError", ("key %s shows no secretARN to take it off by: run this again later")
      :format(name_of(key)), { operation = "DisassociateMacSecKey" })
  end
  local result, err = once_settled(rotation, function()
    return rotation.client:disassociate_mac_sec_key { connectionId = rotation.id, secretARN = key.secretARN }
  end)
  if result or err.reason == "not_found" or err.reason == "already_done" then
    rotation.taken_off[key.secretARN] = true
    return true
  end
  return nil, err
end

-- What was seen while keys left is old.
local function look_once_more(rotation)
  if rotation.options.dry_run or #rotation.leaving == 0 then
    return true
  end
  return look(rotation)
end

local function make_room(rotation)
  local key = to_make_room(rotation)
  if not key then
    return true
  end
  local ok, err = true, nil
  if not rotation.options.dry_run then
    ok, err = disassociate(rotation, key)
  end
  if not ok then
    return nil, err
  end
  note(rotation, "room", name_of(key))
  ok, err = wait_until_gone(rotation, { key })
  if not ok then
    return nil, err
  elseif rotation.options.dry_run then
    for i, old in ipairs(rotation.old) do
      if old == key then
        table.remove(rotation.old, i)
        break
      end
    end
    return true
  end
  ok, err = look(rotation)
  if not ok then
    return nil, err
  end
  return make_room(rotation)
end

-- After an answer that leaves it open whether the key was associated, the port tells.
local function find_associated(rotation, err)
  for i = 0, #LOOK_AGAIN do
    if i > 0 then
      pause(rotation, LOOK_AGAIN[i])
    end
    local ok, problem = look(rotation)
    if not ok then
      err.cause = problem
      return nil, err
    elseif rotation.new then
      return true
    end
  end
  return nil, err
end

local function associate(rotation)
  local result, err = once_settled(rotation, function()
    return rotation.client:associate_mac_sec_key {
      connectionId = rotation.id,
      secretARN = rotation.secret_arn,
      ckn = rotation.ckn,
      cak = rotation.cak,
    }
  end)
  if result then
    note(rotation, "associate", rotation.ckn or rotation.secret_arn)
    return true
  elseif not (err.maybe_applied or err.reason == "already_done") then
    return nil, err
  end
  local ok, problem = find_associated(rotation, err)
  if ok then
    note(rotation, "associate", rotation.ckn or rotation.secret_arn)
  end
  return ok, problem
end

local function bring_in(rotation)
  local dry = rotation.options.dry_run
  local name = rotation.ckn or rotation.secret_arn
  if rotation.new then
    note(rotation, "take_up", name)
    return true
  end
  if not name then
    if not dry then
      local key, err = macsec.generate()
      if not key then
        return nil, err
      end
      rotation.ckn, rotation.cak, rotation.made = key.ckn, key.cak, key.cak
    end
    note(rotation, "make", rotation.ckn or "a new key")
  end
  if dry then
    note(rotation, "associate", name or "(the new one)")
    return true
  end
  return associate(rotation)
end

local function wait_until_associated(rotation)
  if rotation.options.dry_run then
    note(rotation, "associated", rotation.ckn or rotation.secret_arn or "(the new one)")
    return true
  end
  local params = {
    connectionId = rotation.id,
    ckn = rotation.ckn,
    secretARN = not rotation.ckn and rotation.secret_arn or nil,
  }
  local key, err
  for i = 0, #LOOK_AGAIN do
    if i > 0 then
      pause(rotation, LOOK_AGAIN[i])
    end
    key, err = wait(rotation, "mac_sec_key_associated", params)
    if key or err.reason ~= "not_found" then
      break
    end
  end
  if not key then
    return nil, err
  end
  rotation.ckn = rotation.ckn or key.ckn
  note(rotation, "associated", name_of(key))
  return look(rotation)
end

-- Words of the caller's code, which may repeat the key.
local function without_key(rotation, words)
  if rotation.cak == nil then
    return words
  end
  local ex = core.exchange()
  ex:marshal(operations.find(OPERATION).id, { connectionId = rotation.id, ckn = rotation.ckn, cak = rotation.cak })
  words = ex:redact(words)
  ex:clear()
  return words
end

local function configure(rotation)
  if not rotation.options.configure then
    return true
  elseif rotation.options.dry_run then
    note(rotation, "configure", rotation.ckn or rotation.secret_arn or "(the new one)")
    return true
  end
  local system = rotation.client.system
  local began = system.monotonic()
  rotation.is_handed_over = true
  local ok, first, second = errors.protected(rotation.options.configure, rotation.ckn, rotation.cak, rotation.port)
  if rotation.deadline then -- the time-out is that of the service
    rotation.deadline = rotation.deadline + system.monotonic() - began
  end
  local words
  if not ok then
    words = errors.message_of(first)
  elseif first == false or first == nil and second ~= nil then
    words = second ~= nil and errors.message_of(second) or "it returned false"
  else
    note(rotation, "configure", rotation.ckn)
    return true
  end
  return nil, errors.waiter("WaiterFailedError", "configure failed: " .. without_key(rotation, words), {
    operation = OPERATION,
    hint = "the old keys stay; run this again when the router can be set up",
    cause = not ok and errors.is(first) and first or errors.is(second) and second or nil,
  })
end

local function wait_for_encryption(rotation)
  local required = rotation.options.require_encryption_up
  if required == nil then
    required = ports.must_encrypt(rotation.port)
  end
  if not required then
    return true
  elseif not rotation.options.dry_run then
    local port, err = wait(rotation, "port_encryption_up", { connectionId = rotation.id })
    if not port then
      return nil, err
    end
  end
  note(rotation, "encryption")
  return true
end

local function new_key_lost(rotation)
  local message = ("key %s is not associated any more: the old keys stay"):format(rotation.ckn)
  return errors.waiter("WaiterFailedError", message, {
    operation = OPERATION,
    state = rotation.new and ports.key_state(rotation.new) or nil,
  })
end

local function remove_old(rotation)
  if rotation.options.dry_run then
    for _, key in ipairs(rotation.old) do
      note(rotation, "remove", name_of(key))
    end
    return wait_until_gone(rotation, rotation.old)
  end
  while true do
    local ok, err = look(rotation)
    if not ok then
      return nil, err
    elseif #rotation.old == 0 then
      return true
    elseif not rotation.new or ports.key_state(rotation.new) ~= "associated" then
      return nil, new_key_lost(rotation)
    end
    local key = rotation.old[1]
    ok, err = disassociate(rotation, key)
    if not ok then
      return nil, err
    end
    note(rotation, "remove", name_of(key))
    ok, err = wait_until_gone(rotation, { key })
    if not ok then
      return nil, err
    end
  end
end

local steps = {
  function(rotation)
    return look(rotation, is_settled_or_has_leaving)
  end,
  check_port,
  function(rotation)
    return wait_until_gone(rotation, rotation.leaving)
  end,
  look_once_more,
  make_room,
  bring_in,
  wait_until_associated,
  configure,
  wait_for_encryption,
  remove_old,
  look,
}

local function take_steps(rotation)
  for _, step in ipairs(steps) do
    local ok, err = step(rotation)
    if not ok then
      return nil, err
    end
  end
  return true
end

--- Puts a new MACsec key on a port and takes the old ones off.
-- @tparam table client
-- @tparam table params `connectionId` of a connection, LAG or interconnect; the key as `secretARN` or `ckn` and `cak`,
--   or none: then one is made
-- @tparam[opt] table options `configure(ckn, cak, port)` sets up the router; `require_encryption_up` (by default only
--   under must_encrypt); `dry_run`: only read, and return the plan; `timeout`: seconds for all waits together (by
--   default each has its own); `delay` between looks; `on_poll(resource, state, elapsed)`
-- @treturn[1] table the port as it is now, with `actions`, `ckn`, and `cak` where it was made here
-- @treturn[2] nil
-- @treturn[2] table error, with the `actions` that were done
local function rotate_mac_sec_key(client, params, options)
  check.arguments("rotate_mac_sec_key", params, options, 3)
  params = params or {}
  local own, err = own_options.split("rotate_mac_sec_key", option_types, options)
  if not own then
    return nil, err
  end
  options = own
  local ok
  ok, err = check_params(params)
  if not ok then
    return nil, err
  end
  local rotation = {
    client = client,
    id = plain(params.connectionId),
    ckn = plain(params.ckn),
    cak = params.cak,
    secret_arn = plain(params.secretARN),
    options = options,
    deadline = options.timeout and client.system.monotonic() + options.timeout,
    actions = setmetatable({}, actions_type),
    taken_off = {}, -- secretARNs of keys, which may be shown as they were for a while
  }
  ok, err = take_steps(rotation)
  if not ok then
    if rotation.made and not rotation.is_handed_over then
      rotation.made:close()
    end
    err.actions = rotation.actions
    return nil, err
  end
  local port = rotation.port
  port.actions, port.cak = rotation.actions, rotation.made
  port.ckn = rotation.ckn or rotation.new and rotation.new.ckn or nil
  return port
end

return { rotate_mac_sec_key = rotate_mac_sec_key }
