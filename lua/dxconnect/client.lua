--- Clients: settings, credentials, connections and the methods that use them.
-- `dxconnect.client(options)` makes one. All of its state is behind one private key, so that printing or walking a
-- client shows nothing of it.

local check = require "dxconnect.check"
local config = require "dxconnect.config"
local credentials = require "dxconnect.credentials"
local errors = require "dxconnect.errors"
local names = require "dxconnect.operations"
local pipeline = require "dxconnect.call"
local retry = require "dxconnect.retry"
local user_agent = require "dxconnect.config.user_agent"

local STATE = {} -- the private key

local methods = {}
local client_mt = { __name = "dxconnect.client" }

-- Methods that live in modules of their own, loaded when first used: name = {module, function}.
local extensions = {
  batch = { "dxconnect.workflows.batch", "batch" },
  map = { "dxconnect.workflows.batch", "map" },
  pages = { "dxconnect.workflows.pages", "pages" },
  items = { "dxconnect.workflows.pages", "items" },
  all = { "dxconnect.workflows.pages", "all" },
  wait_until = { "dxconnect.workflows.wait", "wait_until" },
  create_once = { "dxconnect.workflows.create_once", "create_once" },
  save_loa = { "dxconnect.workflows.save_file", "save_loa" },
  save_router_configuration = { "dxconnect.workflows.save_file", "save_router_configuration" },
  rotate_mac_sec_key = { "dxconnect.workflows.rotate_key", "rotate_mac_sec_key" },
}

-- A module that is loaded when first needed; or nil, an error where it is out of reach: no descriptor may be left.
local function late(name)
  local ok, module = pcall(require, name)
  if ok then
    return module
  end
  return nil, errors.config(("%s can't be loaded: %s"):format(name, errors.message_of(module)))
end

-- ---- transports

local function resty_is_home()
  return type(ngx) == "table" and type(ngx.socket) == "table" and ngx.socket.tcp ~= nil
end

local function new_transport(settings)
  local kind = settings.values.transport
  local is_function = type(kind) == "function"
  if kind == nil then
    kind = resty_is_home() and "resty" or "curl"
  end
  local module = is_function and "callback" or kind == "resty" and "nginx" or kind
  local transport, err = late("dxconnect.transport." .. module)
  if not transport then
    return nil, err
  end
  return transport.new(is_function and kind or settings)
end

-- The way to what is next to us, instance and container: past the proxy, which could not reach it and must not see what
-- is said. Made when first used.
local function direct_transport_of(state)
  return function()
    local settings = state.settings
    if type(settings.values.transport) == "function" or not settings.proxy then
      return state.transport
    elseif not state.direct_transport then
      state.direct_transport = assert(new_transport { values = settings.values })
    end
    return state.direct_transport
  end
end

-- ---- making one

--- Makes a client. No network I/O; shared files may be read.
-- @tparam[opt] table options see README, "Configuration"; what is left out comes from environment, profile, defaults
-- @treturn[1] table client
-- @treturn[2] nil
-- @treturn[2] table error of kind "config"
local function new(options)
  check.is_table_or_nil("dxconnect.client: options", options)
  local settings, err = config.resolve(options or {})
  if not settings then
    return nil, err
  end
  local transport
  transport, err = new_transport(settings)
  if not transport then
    return nil, errors.is(err) and err or errors.config(tostring(err))
  end
  local system = settings.system
  local state = {
    settings = settings,
    system = system,
    transport = transport,
    bucket = retry.new_bucket(),
    limiter = settings.values.retry_mode == "adaptive"
      and require("dxconnect.retry.rate_limiter").new(system.monotonic()) or nil,
    clock_offset = 0, -- seconds that the service's clock is ahead of ours
    user_agent = user_agent.of(settings),
    targets = setmetatable({}, { __mode = "k" }), -- by settings, those of single calls included
    signers = {}, -- by region, of signers_credentials
    pool = {},
    closed = false,
  }
  local target
  target, err = pipeline.target(state, settings)
  if not target then
    transport:close()
    return nil, err
  end
  state.provider, err = credentials.provider(settings, {
    system = system,
    settings = settings,
    transport = transport,
    direct_transport = direct_transport_of(state),
    logger = settings.values.logger,
    user_agent = state.user_agent,
  })
  if not state.provider then
    return nil, err
  end
  return setmetatable({ [STATE] = state, system = system }, client_mt)
end

-- ---- checking how a method is called

local function check_self(self, name)
  local state = type(self) == "table" and rawget(self, STATE)
  if not state then
    error(("call it as a method, with a colon: client:%s(...)"):format(name), 3)
  end
  return state
end

-- Options of a single call: settings with them laid over, further headers, whether unmodeled names are fine.
local function call_options(state, options)
  if options == nil or next(options) == nil then
    return state.settings
  end
  local headers, unmodeled = options.headers, options.unmodeled
  if headers ~= nil and type(headers) ~= "table" then
    return nil, errors.config("headers must be a table of names and values, got a " .. type(headers))
  end
  local rest = {}
  for name, value in pairs(options) do
    if name ~= "headers" and name ~= "unmodeled" then
      rest[name] = value
    end
  end
  local settings = state.settings
  if next(rest) ~= nil then
    local err
    settings, err = config.override(settings, rest)
    if not settings then
      return nil, err
    end
  end
  return settings, headers, unmodeled
end

local function run(entry, state, op, params, options)
  if state.closed then
    return nil, errors.closed(op.name)
  end
  if options == nil then
    return entry(state, state.settings, op, params)
  end
  local settings, headers, unmodeled = call_options(state, options)
  if not settings then
    headers.operation = op.name
    return nil, headers
  end
  return entry(state, settings, op, params, headers, unmodeled)
end

-- ---- calls by name

--- Makes a call by the operation's name, in either spelling.
-- @tparam string name "AssociateMacSecKey" or "associate_mac_sec_key"
-- @tparam[opt] table params
-- @tparam[opt] table options of this call; `unmodeled = true` sends operations and members that the model does not know
-- @treturn[1] table result
-- @treturn[1] nil
-- @treturn[1] table meta `{request_id, status, attempts, elapsed, headers}`, elapsed in seconds
-- @treturn[2] nil
-- @treturn[2] table error
function methods:call(name, params, options)
  local state = check_self(self, "call")
  check.arguments("call", params, options)
  local op, err = names.resolve(name, options and options.unmodeled)
  if not op then
    return nil, err
  end
  return run(pipeline.call, state, op, params, options)
end

--- The signed request of a call, not sent: `{method, url, headers, body}`, plain strings with secrets in them.
-- Printing the request hides them.
-- @tparam string name either spelling
-- @tparam[opt] table params
-- @tparam[opt] table options of this call
-- @treturn[1] table request
-- @treturn[2] nil
-- @treturn[2] table error
function methods:prepare(name, params, options)
  local state = check_self(self, "prepare")
  check.arguments("prepare", params, options)
  local op, err = names.resolve(name, options and options.unmodeled)
  if not op then
    return nil, err
  end
  return run(pipeline.prepare, state, op, params, options)
end

--- What the credential chain resolved: `{access_key_id, secret_access_key, session_token, expiration, account_id,
-- source}`, expiration in Unix seconds. Hidden when printed.
-- @treturn[1] table credentials
-- @treturn[2] nil
-- @treturn[2] table error
function methods:credentials()
  local state = check_self(self, "credentials")
  if state.closed then
    return nil, errors.closed()
  end
  local found, err = state.provider:get()
  if not found then
    return nil, err
  end
  local copy = {}
  for name, value in pairs(found) do
    copy[name] = value
  end
  return setmetatable(copy, getmetatable(found)), nil
end

--- Every setting with its value and origin; printed, one line each. Secrets are hidden.
-- @treturn table `t[name] = {value, origin}`
function methods:explain()
  return config.explain(check_self(self, "explain").settings)
end

--- Ends the client's connections and wipes what it kept. Calls after it return a config error; closing twice is fine.
function methods:close()
  local state = check_self(self, "close")
  if state.closed then
    return
  end
  state.closed = true
  state.transport:close()
  if state.direct_transport then
    state.direct_transport:close()
  end
  state.provider:close()
  for _, signer in pairs(state.signers) do
    signer:close()
  end
  state.signers, state.signers_credentials, state.pool = {}, nil, {}
end

function client_mt.__tostring(self)
  local state = self[STATE]
  return ("dxconnect.client (%s%s)"):format(tostring(state.settings.values.region), state.closed and ", closed" or "")
end

-- An operation's method; made when it is first looked up.
local function operation_method(op)
  return function(self, params, options)
    local state = check_self(self, op.method)
    check.arguments(op.method, params, options)
    return run(pipeline.call, state, op, params, options)
  end
end

local function same(...)
  return ...
end

-- A tail call would hide the caller's line on Lua 5.1, where such calls count as levels.
local function extension_method(name, module, func)
  return function(self, ...)
    check_self(self, name)
    local found, err = late(module)
    if not found then
      return nil, err
    end
    return same(found[func](self, ...))
  end
end

client_mt.__index = setmetatable(methods, {
  __index = function(_, name)
    local method
    local op = names.find(name)
    if op and op.method == name then
      method = operation_method(op)
    elseif extensions[name] then
      method = extension_method(name, extensions[name][1], extensions[name][2])
    end
    if method then
      rawset(methods, name, method)
    end
    return method
  end,
})

--- Tells a client's logger, for what waits on its behalf.
-- @tparam table client
-- @tparam ?table options of the call, which may have a logger of its own
-- @tparam table event
local function emit(client, options, event)
  local settings = call_options(client[STATE], options)
  if settings then
    pipeline.emit(settings, event)
  end
end

--- The value of a client's setting.
-- @tparam table client
-- @tparam string name
local function setting(client, name)
  return client[STATE].settings.values[name]
end

return {
  new = new,
  emit = emit,
  setting = setting,
}
