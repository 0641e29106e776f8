--- MACsec keys on connections, LAGs and interconnects, and the secrets that the service keeps them in.
-- A secret outlives its association: by its ARN the pair can be associated again. The CAK is not kept.
-- While a key is put on or taken off, the port itself is pending.

local core = require "dxconnect.core"
local ports = require "dxconnect.emulator.ports"
local service_error = require "dxconnect.emulator.service_error"

local handlers = {}

local function check_kind(world, port, id)
  if port._parent then
    service_error.client("Connection %s is a hosted connection: MACsec is for dedicated ones", id)
  elseif not port.macSecCapable then
    service_error.client("%s is not capable of MACsec: it was not ordered with requestMACSec", id)
  elseif port.lagId and port._kind ~= "lag" then
    service_error.client("%s is part of Lag %s: its keys are those of the Lag", id, port.lagId)
  end
  ports.check_live(port, id)
  world:check_settled(port)
end

-- Whether a port is pending only because its first keys are put on: nothing changes over yet, and it takes more.
local function takes_first_keys(port)
  local has_key = false
  for _, key in ipairs(port.macSecKeys) do
    if key.state == "associated" or key.state == "disassociating" then
      return false
    end
    has_key = has_key or key.state == "associating"
  end
  return has_key
end

-- Raises where a port can't take a key now.
local function check_available(world, port, id, arn)
  local state = ports.state(world, port)
  if state ~= "available" and not (state == "pending" and takes_first_keys(port)) then
    service_error.client("The port is not in available state to associate the key %s: %s is in state %s", arn, id,
      state)
  end
end

-- The port changes over while a key is put on or taken off. One without light stays as it is.
local function keep_busy(world, port, key, state)
  if ports.state(world, port) ~= "down" then
    world:walk(port, { "pending", "available" }, world:delay(key, state))
  end
end

local function new_secret(world, ckn)
  local arn = ("arn:%s:secretsmanager:%s:%s:secret:directconnect!prod/%s/directconnect/%s_%s"):format(world.partition,
    world.region, world.account, world.region, ckn, core.hex(core.sha256(world:new_id("") .. ckn)):sub(1, 12))
  world.state.secrets[arn] = { ckn = ckn, account = world.account }
  return arn
end

local function secret_named(world, arn)
  local secret = world.state.secrets[arn]
  if not secret or world.state.has_accounts and secret.account ~= world.account then
    service_error.client("MACsec secret %s does not exist", arn)
  end
  return secret
end

-- Raises where the port has the key, or no room for another. Returns what is left of an earlier association.
local function check_room(world, port, id, ckn)
  local count, left_over = 1, nil
  for _, key in ipairs(port.macSecKeys) do
    local is_same = key.ckn:lower() == ckn:lower()
    if key.state == "disassociated" then
      left_over = is_same and key or left_over
    elseif is_same then
      service_error.client("MACsec key with CKN %s is already associated with %s", ckn, id)
    else
      count = count + 1
    end
  end
  world:check_quota("mac_sec_keys_per_port", count, id .. " has the maximum number of MACsec keys")
  return left_over
end

function handlers.AssociateMacSecKey(world, params)
  local id = params.connectionId
  local port = ports.get(world, id)
  check_kind(world, port, id)
  local ckn = params.ckn or secret_named(world, params.secretARN).ckn
  local left_over = check_room(world, port, id, ckn)
  check_available(world, port, id, params.secretARN or "with CKN " .. ckn)
  if left_over then
    world:remove_part(left_over)
  end
  local key = world:add_part(port, "macSecKeys", {
    secretARN = params.secretARN or new_secret(world, ckn),
    ckn = ckn,
    startOn = world:date(),
  })
  world:walk(key, { "associating", "associated" })
  keep_busy(world, port, key, "associating")
  return { connectionId = id, macSecKeys = port.macSecKeys }
end

local function has_live_key(port)
  for _, key in ipairs(port.macSecKeys) do
    if key.state == "associating" or key.state == "associated" then
      return true
    end
  end
  return false
end

function handlers.DisassociateMacSecKey(world, params)
  local id = params.connectionId
  local port = ports.get(world, id)
  local key
  for _, one in ipairs(port.macSecKeys) do
    key = one.secretARN == params.secretARN and one or key
  end
  if not key then
    service_error.client("MACsec key with secret ARN %s does not exist on %s", params.secretARN, id)
  end
  check_kind(world, port, id)
  if key.state == "associating" or key.state == "associated" then
    if ports.state(world, port) == "pending" then
      service_error.client("The port is not in available state to disassociate the key %s: %s is in a transitioning "
        .. "state", params.secretARN, id)
    end
    world:walk(key, { "disassociating", "disassociated", world.GONE })
    keep_busy(world, port, key, "disassociating")
    if port.encryptionMode == "must_encrypt" and not has_live_key(port) then
      port.encryptionMode = "should_encrypt"
    end
  end
  return { connectionId = id, macSecKeys = port.macSecKeys }
end

return handlers
