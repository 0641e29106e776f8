--- Ports: connections, LAGs and interconnects by one id, and the MACsec keys on them.

local resources = require "dxconnect.resources.kinds"
local states = require "dxconnect.resources.states"
local timestamp = require "dxconnect.text.timestamp"

local function lower(value)
  return type(value) == "string" and value:lower() or nil
end

--- The kinds that a port with this id can be of, the likeliest first.
-- The id does not tell a connection from an interconnect. No form of an id is relied on, except to look there first.
-- @tparam string id
-- @treturn {string,...} names in resources.kinds
local function kinds_of(id)
  if type(id) == "string" and id:find("^dxlag") then
    return { "lag", "connection", "interconnect" }
  end
  return resources.ports
end

--- The id of a port.
-- @tparam table port
-- @treturn string
local function id(port)
  return port.connectionId or port.interconnectId or port.lagId -- members of a LAG have its id as well
end

--- The state of a port in lower case; nil where it shows none.
-- @tparam table port
-- @treturn ?string
local function state(port)
  return lower(port.connectionState or port.interconnectState or port.lagState)
end

--- Whether a port is one of a LAG's.
-- @tparam table port
-- @treturn boolean
local function is_member(port)
  return port.lagId ~= nil and port.lagId ~= "" and id(port) ~= port.lagId
end

-- ---- encryption

--- Whether a port encrypts, in the service's words. A LAG does when each of its deployed connections does.
-- @tparam table port
-- @treturn ?string
local function encryption_status(port)
  if port.portEncryptionStatus ~= nil or port.lagState == nil then
    return port.portEncryptionStatus
  end
  local status
  for _, connection in ipairs(type(port.connections) == "table" and port.connections or {}) do
    local its = connection.portEncryptionStatus
    if its ~= nil and states.is_deployed(state(connection)) then
      if lower(its) ~= resources.kinds.port_encryption.target then
        return its
      end
      status = its
    end
  end
  return status
end

--- Whether a port can do MACsec. One that does not say so can where it has a mode or keys.
-- @tparam table port
-- @treturn boolean
local function can_encrypt(port)
  if port.macSecCapable ~= nil then
    return port.macSecCapable == true
  end
  return port.encryptionMode ~= nil or type(port.macSecKeys) == "table" and #port.macSecKeys > 0
end

--- Whether a port must not carry traffic that is not encrypted.
-- @tparam table port
-- @treturn boolean
local function must_encrypt(port)
  return lower(port.encryptionMode) == "must_encrypt"
end

-- ---- keys

--- The state of a key in lower case.
-- @tparam table key
-- @treturn string
local function key_state(key)
  return lower(key.state) or "unknown"
end

--- The keys of a port, without those that were taken off and are still listed.
-- @tparam table port
-- @treturn {table,...}
local function keys(port)
  local list = {}
  for _, key in ipairs(type(port.macSecKeys) == "table" and port.macSecKeys or {}) do
    if type(key) == "table" and key_state(key) ~= "disassociated" then
      list[#list + 1] = key
    end
  end
  return list
end

--- When a key takes effect, in Unix seconds; nil where it does not say so in a way that can be read.
-- @tparam table key
-- @treturn ?number
local function start_of(key)
  local start = key.startOn
  if type(start) == "number" then
    return start
  end
  return timestamp.parse(start) or timestamp.parse_http(start)
    or type(start) == "string" and (timestamp.parse(start .. "T00:00:00Z") or tonumber(start)) or nil
end

-- ---- what is wrong with a port

local STUCK_AFTER = 3600 -- seconds that a key may be on its way

local function is_encryption_down(port)
  return lower(encryption_status(port)) == "encryption down" or state(port) == "down"
end

local function is_moving(key)
  return key_state(key) == "associating" or key_state(key) == "disassociating"
end

--- What is wrong with the MACsec keys of a port. A port that can't do MACsec, a member of a LAG, and a port that is
-- leaving have no problems.
-- @tparam table port
-- @tparam ?number now Unix seconds; without it no key is called stuck
-- @treturn {string,...} of "no key", "stuck" (on its way for more than an hour), "down", and "one key" (under
--   must_encrypt)
local function problems(port, now)
  local list = {}
  if not can_encrypt(port) or is_member(port) or states.is_leaving(state(port)) then
    return list
  end
  local staying, is_stuck = 0, false
  for _, key in ipairs(keys(port)) do
    local start = now and is_moving(key) and start_of(key)
    is_stuck = is_stuck or start and now - start > STUCK_AFTER
    if key_state(key) ~= "disassociating" then
      staying = staying + 1
    end
  end
  if staying == 0 then
    list[#list + 1] = "no key"
  end
  if is_stuck then
    list[#list + 1] = "stuck"
  end
  if is_encryption_down(port) then
    list[#list + 1] = "down"
  end
  if staying == 1 and must_encrypt(port) then
    list[#list + 1] = "one key"
  end
  return list
end

return {
  kinds_of = kinds_of,
  id = id,
  state = state,
  is_member = is_member,
  can_encrypt = can_encrypt,
  encryption_status = encryption_status,
  must_encrypt = must_encrypt,
  key_state = key_state,
  keys = keys,
  start_of = start_of,
  problems = problems,
}
