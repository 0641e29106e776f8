--- The transport over libcurl: blocks, or yields inside a task of the scheduler.

local core = require "dxconnect.core"
local errors = require "dxconnect.errors"
local waits = require("dxconnect.system").waits

local methods = {}
local mt = { __index = methods, __name = "dxconnect.transport.curl" }

-- The session for a URL: the one through the proxy, or the direct one. Calls mostly go where the one before went.
local function session_for(self, url)
  if url ~= self.last_url then
    local parts = core.url(url)
    self.last_url = url
    self.last_session = parts and not self.proxies.is_used(self, parts) and self.session or self.proxied
  end
  return self.last_session
end

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
  return waits.perform(self.proxied and session_for(self, ex:url()) or self.session, ex, connect_timeout, timeout)
end

--- Ends the connections; a transfer in flight fails as "cancelled".
function methods:close()
  self.session:close()
  if self.proxied then
    self.proxied:close()
  end
  waits.wakeup()
end

-- Requests that a proxy carries have a session of their own, and connections of their own with it. Returns what is
-- wrong.
local function add_proxy(self, settings)
  self.proxies = require "dxconnect.transport.proxy" -- few have one
  self.no_proxy, self.proxy_for_https_only = settings.no_proxy, settings.proxy_for_https_only
  local message
  self.proxied, message = core.session {
    ca_bundle = settings.values.ca_bundle, ca_text = settings.ca_text, proxy = settings.proxy,
  }
  return message and ("proxy (from %s): %s"):format(settings.origins.proxy, message)
end

--- Makes a transport from a client's settings.
-- @tparam table settings
-- @treturn[1] table transport
-- @treturn[2] nil
-- @treturn[2] table error of kind "config"
local function new(settings)
  local session, message = core.session { ca_bundle = settings.values.ca_bundle, ca_text = settings.ca_text }
  local self = { session = session }
  if session and settings.proxy then
    message = add_proxy(self, settings)
  end
  if message then
    return nil, errors.config(message)
  end
  return setmetatable(self, mt)
end

return { new = new }
