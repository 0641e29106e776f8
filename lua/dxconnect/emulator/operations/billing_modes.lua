--- Billing modes of dedicated connections.

local billing = require "dxconnect.emulator.billing"
local ports = require "dxconnect.emulator.ports"
local service_error = require "dxconnect.emulator.service_error"

local MAX_CHANGES = 3
local PERIOD = 183 * 86400 -- seconds: six months

local handlers = {}

local function check_connection(world, connection, id)
  if connection._parent then
    service_error.client("Connection %s is a hosted connection: it has no billing mode", id)
  elseif not world:is_own(connection) then
    service_error.client("Connection %s belongs to another account", id)
  elseif ports.is_ended(connection) then
    service_error.client("Connection %s is %s", id, connection.connectionState)
  end
  local recent = 0
  for _, at in ipairs(connection._billing_changes or {}) do
    recent = recent + (at > world:now() - PERIOD and 1 or 0)
  end
  if recent >= MAX_CHANGES then
    service_error.client("Connection %s has the maximum number of billing mode changes in six months: %d", id,
      MAX_CHANGES)
  end
end

-- All members of a LAG are billed alike.
local function check_lag(world, connection, changed, mode)
  local lag = connection.lagId and world:get("lag", connection.lagId)
  for _, member in ipairs(lag and ports.members(world, lag) or {}) do
    if not changed[member] and member.billingMode ~= mode then
      service_error.client("All connections of Lag %s must have the same billing mode", lag.lagId)
    end
  end
end

function handlers.UpdateConnectionsBillingMode(world, params)
  local mode = params.billingMode
  local list, changed = {}, {}
  for _, id in ipairs(params.connectionIds) do
    local connection = world:get("connection", id)
    if not changed[connection] then
      check_connection(world, connection, id)
      list[#list + 1] = connection
      changed[connection] = true
    end
  end
  for _, connection in ipairs(list) do
    check_lag(world, connection, changed, mode)
    billing.check(world, connection.location, mode, changed)
  end
  for _, connection in ipairs(list) do
    if connection.billingMode ~= mode then
      connection.billingMode = mode
      connection._billing_changes = connection._billing_changes or {}
      table.insert(connection._billing_changes, world:now())
      if connection.lagId then
        world:get("lag", connection.lagId).billingMode = mode
      end
    end
  end
  for i, connection in ipairs(list) do
    list[i] = ports.present(world, connection)
  end
  return { billingMode = mode, connections = list }
end

return handlers
