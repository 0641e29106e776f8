--- Looks up ports, be they connections, interconnects or LAGs: one by its id, or all.

local async = require "dxconnect.async"
local errors = require "dxconnect.errors"
local pages = require "dxconnect.workflows.pages"
local ports = require "dxconnect.resources.ports"
local resources = require "dxconnect.resources.kinds"

--- Does things side by side, as async.parallel does. What is raised in one (an interrupt) is raised again.
-- @tparam {function,...} tasks
-- @treturn {table,...} `{result}` or `{error}` each
local function side_by_side(tasks)
  local answers = async.parallel(tasks)
  for _, answer in ipairs(answers) do
    if answer.error ~= nil and not errors.is(answer.error) then
      error(answer.error, 0)
    end
  end
  return answers
end

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

--- Lists all ports of a client, each kind over all its pages.
-- @tparam table client
-- @treturn {table,...} connections, interconnects and LAGs, in this order
-- @treturn ?table the first error, where not all could be listed
local function list(client)
  local tasks = {}
  for i, name in ipairs(resources.ports) do
    tasks[i] = function()
      return pages.collect(client, resources.kinds[name].operation)
    end
  end
  local found, failure = {}, nil
  for _, answer in ipairs(side_by_side(tasks)) do
    failure = failure or answer.error
    for _, port in ipairs(answer.result or {}) do
      found[#found + 1] = port
    end
  end
  return found, failure
end

return {
  describe = describe,
  list = list,
  side_by_side = side_by_side,
}
