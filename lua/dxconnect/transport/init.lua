--- The transport that a client's settings ask for: libcurl's, nginx's, or a function. README.md has the contract.

local config = require "dxconnect.config"
local errors = require "dxconnect.errors"
local system = require "dxconnect.system"

if system.inside_nginx() then
  require "dxconnect.async" -- waits inside nginx must not block the worker, whatever the transport
end

local files = { curl = "curl", resty = "nginx" }

--- Makes the transport.
-- @tparam table settings of a client
-- @treturn[1] table transport
-- @treturn[2] nil
-- @treturn[2] table error of kind "config"
local function new(settings)
  local kind = settings.values.transport
  if kind == nil then
    kind = system.inside_nginx() and type(ngx.socket) == "table" and "resty" or "curl"
  end
  local transport, err = require("dxconnect.transport." .. (files[kind] or "callback")).new(settings)
  if not transport then
    return nil, errors.is(err) and err or errors.config(tostring(err))
  end
  return transport
end

--- Whether what is next to us, instance and container, needs a transport of its own: the proxy could not reach it, and
-- must not see what is said.
-- @tparam table settings of a client
-- @treturn boolean
local function needs_direct(settings)
  local kind = settings.values.transport
  return settings.proxy and (kind == nil or type(kind) == "string")
end

--- Makes the transport of a client for what is reached past its proxy. Returns what `new` returns.
-- @tparam table settings of a client
local function direct(settings)
  return new(config.without_proxy(settings))
end

return {
  new = new,
  needs_direct = needs_direct,
  direct = direct,
}
