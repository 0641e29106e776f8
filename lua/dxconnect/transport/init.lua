--- The transport that a client's settings ask for: libcurl's, nginx's, or a function. README.md has the contract.

local check = require "dxconnect.check"
local config = require "dxconnect.config"
local core = require "dxconnect.core"
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

-- Sends a request of a function transport over a real one.
local function send(transport, values, request)
  local ex = core.exchange()
  local ok, message = ex:load(request)
  if not ok then
    return nil, message, "config", false
  end
  local done, failure, kind, sent = transport:send(ex, request.connect_timeout or values.connect_timeout,
    request.timeout or values.timeout)
  if not done then
    return nil, failure, kind, sent
  end
  return { status = ex:status(), headers = ex:headers(), body = ex:body() }
end

--- One of the real transports as a function transport, for one of the user's own to call.
-- @tparam string name "curl" or "resty"
-- @tparam[opt] table options of a client
-- @treturn[1] function `transport(request) -> response`, or nil, message, kind, sent
-- @treturn[2] nil
-- @treturn[2] table error of kind "config"
local function real(name, options)
  check.is_table_or_nil("transport: options", options)
  if not files[name] then
    return nil, errors.config('transport: there are "curl" and "resty", not ' .. errors.shown(name))
  end
  local own = { transport = name }
  for key, value in pairs(options or {}) do
    own[key] = own[key] or value
  end
  local settings, err = config.resolve_values(own)
  if not settings then
    return nil, err
  end
  local transport
  transport, err = new(settings)
  if not transport then
    return nil, err
  end
  return function(request)
    check.is_table("transport: the request", request)
    return send(transport, settings.values, request)
  end
end

return {
  new = new,
  real = real,
  needs_direct = needs_direct,
  direct = direct,
}
