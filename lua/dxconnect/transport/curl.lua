--- The transport over libcurl: blocks, or yields inside a task of the scheduler.

local core = require "dxconnect.core"
local errors = require "dxconnect.errors"

local loaded = package.loaded

-- The tasks, where somebody loaded them; else there is no task that could yield, and no loop to tell.
local function the_tasks()
  return loaded["dxconnect.tasks"]
end

local methods = {}
local mt = { __index = methods, __name = "dxconnect.transport.curl" }

--- Sends an exchange's request, once, and puts the answer into it.
-- @tparam userdata ex
-- @tparam ?number connect_timeout seconds
-- @tparam ?number timeout seconds, from connecting to the last byte
-- @treturn[1] true
-- @treturn[2] nil
-- @treturn[2] string message
-- @treturn[2] string kind "connect", "tls", "timeout", "reset", "cancelled" or "config"
-- @treturn[2] boolean sent whether anything of the request may have reached the other side
function methods:send(ex, connect_timeout, timeout)
  local tasks = the_tasks()
  if tasks then
    return tasks.perform(self.session, ex, connect_timeout, timeout)
  end
  return self.session:perform(ex, connect_timeout, timeout)
end

--- Ends the connections; a transfer in flight fails as "cancelled".
function methods:close()
  local tasks = the_tasks()
  self.session:close()
  if tasks then
    tasks.stir()
  end
end

--- Makes a transport from a client's settings.
-- @tparam table settings
-- @treturn[1] table transport
-- @treturn[2] nil
-- @treturn[2] table error of kind "config"
local function new(settings)
  local session, message = core.session {
    ca_bundle = settings.values.ca_bundle,
    proxy = settings.proxy,
    proxy_for_https_only = settings.proxy_for_https_only,
    no_proxy = settings.no_proxy,
  }
  if not session then
    return nil, errors.config(message)
  end
  return setmetatable({ session = session }, mt)
end

return { new = new }
