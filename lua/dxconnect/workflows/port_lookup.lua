--- Looks up a port, be it a connection, an interconnect or a LAG, by its id.

local errors = require "dxconnect.errors"
local ports = require "dxconnect.resources.ports"
local resources = require "dxconnect.resources.kinds"

--- Describes a port.
-- @tparam table client
-- @tparam string port_id
-- @tparam[opt] table options of the calls
-- @treturn[1] table port
-- @treturn[2] nil
-- @treturn[2] table error; `reason` "not_found" where no kind of port has the id
local function describe(client, port_id, options)
  local missing
  for _, name in ipairs(ports.kinds_of(port_id)) do
    local kind = resources.kinds[name]
    local result, err = client:call(kind.operation, { [kind.id] = port_id }, options)
    local port = result and (result[kind.items] or {})[1]
    if port then
      return port
    elseif err and err.reason ~= "not_found" then
      return nil, err
    end
    missing = missing or err
  end
  return nil, missing or errors.waiter("WaiterFailedError", "there is no connection, interconnect or LAG " .. port_id, {
    operation = resources.kinds.connection.operation,
    reason = "not_found",
  })
end

return { describe = describe }
