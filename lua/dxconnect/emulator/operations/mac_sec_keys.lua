--- MACsec keys on connections, LAGs and interconnects, and the secrets that the service keeps them in.
-- A secret outlives its association: by its ARN the pair can be associated again. The CAK is not kept.

local core = require "dxconnect.core"
local ports = require "dxconnect.emulator.ports"
local service_error = require "dxconnect.emulator.service_error"

local MAX_KEYS = 3

-- Seconds.
local ASSOCIATING, DISASSOCIATING, DISASSOCIATED = 60, 60, 60

local handlers = {}

local function check_port(world, port, id)
  if port._parent then
    service_error.client("Connection %s is a hosted connection: MACsec is for dedicated ones", id)
  elseif not port.macSecCapable then
    service_error.client("%s is not capable of MACsec: it was not ordered with requestMACSec", id)
  elseif ports.is_ended(port) then
    service_error.client("%s is being deleted", id)
  elseif port.lagId and not port.lagState then
    service_error.client("%s is part of Lag %s: its keys are those of the Lag", id, port.lagId)
  end
  world:check_settled(port)
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

local function remove(port, key)
  for i, one in ipairs(port.macSecKeys) do
    if one == key then
      table.remove(port.macSecKeys, i)
      return
    end
  end
end

-- Raises where the port has the key, or no room for another; removes what is left of an earlier association.
local function make_room(port, id, ckn)
  local count, left_over = 0, nil
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
  if count >= MAX_KEYS then
    service_error.client("%s has the maximum number of MACsec keys: %d", id, MAX_KEYS)
  end
  if left_over then
    remove(port, left_over)
  end
end

function handlers.AssociateMacSecKey(world, params)
  local id = params.connectionId
  local port = ports.get(world, id)
  check_port(world, port, id)
  local ckn = params.ckn or secret_named(world, params.secretARN).ckn
  make_room(port, id, ckn)
  local key = {
    secretARN = params.secretARN or new_secret(world, ckn),
    ckn = ckn,
    startOn = world:date(),
    _shape = "MacSecKey",
    _state_member = "state",
  }
  port.macSecKeys[#port.macSecKeys + 1] = key
  world:name_part(key.secretARN, key)
  world:move(key, "associating", { ASSOCIATING, "associated" }, "state")
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
  check_port(world, port, id)
  if key.state == "associating" or key.state == "associated" then
    world:move(key, "disassociating", {
      DISASSOCIATING, "disassociated",
      DISASSOCIATED, function()
        remove(port, key)
      end,
    }, "state")
    if port.encryptionMode == "must_encrypt" and not has_live_key(port) then
      ports.set_mode(port, "should_encrypt")
    end
  end
  return { connectionId = id, macSecKeys = port.macSecKeys }
end

return handlers
