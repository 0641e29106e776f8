--- Clients: settings, credentials, connections and the methods that use them.
-- `dxconnect.client(options)` makes one. All of its state is behind one private key, so that printing or walking a
-- client shows nothing of it.

local calls = require "dxconnect.call"
local check = require "dxconnect.check"
local clocks = require "dxconnect.retry.clock"
local config = require "dxconnect.config"
local credentials = require "dxconnect.credentials"
local errors = require "dxconnect.errors"
local operations = require "dxconnect.operations"
local retry = require "dxconnect.retry"
local transports = require "dxconnect.transport"
local user_agent = require "dxconnect.config.user_agent"

local STATE = {} -- the private key

local client_mt = { __name = "dxconnect.client" }

-- The way to what is next to us, instance and container, past the proxy; made when first used.
local function direct_transport_of(state)
  return function()
    if not transports.needs_direct(state.settings) then
      return state.transport
    end
    state.direct_transport = state.direct_transport or assert(transports.direct(state.settings))
    return state.direct_transport
  end
end

-- ---- making one

--- Makes a client. No network I/O; shared files may be read.
-- @tparam[opt] table options see the guide on configuration; what is left out comes from environment, profile, defaults
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
  transport, err = transports.new(settings)
  if not transport then
    return nil, err
  end
  local system = settings.system
  local state = {
    settings = settings,
    system = system,
    transport = transport,
    bucket = retry.new_bucket(),
    limiter = settings.values.retry_mode == "adaptive"
      and require("dxconnect.retry.rate_limiter").new(system.monotonic()) or nil,
    clock = clocks.new(),
    user_agent = user_agent.of(settings),
    endpoints = setmetatable({}, { __mode = "k" }), -- by settings, those of single calls included
    signers = {}, -- by region, of signers_credentials
    spare_calls = {},
    closed = false,
  }
  local endpoint
  endpoint, err = calls.endpoint(state, settings)
  if not endpoint then
    transport:close()
    return nil, err
  end
  state.provider, err = credentials.provider(settings, {
    system = system,
    settings = settings,
    transport = transport,
    direct_transport = direct_transport_of(state),
    logger = settings.values.logger and function(event)
      calls.emit(settings, event)
    end,
    is_wire_logged = settings.values.logger and require("dxconnect.text.log").is_wire(settings.values.logger),
    user_agent = state.user_agent,
    clock = state.clock,
  })
  if not state.provider then
    return nil, err
  end
  return setmetatable({ [STATE] = state, system = system }, client_mt)
end

-- ---- options of a single call

-- Settings with them laid over, further headers, whether unmodeled names are fine; or nil, error.
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

-- Hands a call with its options to `make` or `prepare` of call.lua.
local function dispatch(entry, state, op, params, options)
  if state.closed then
    return nil, errors.closed(op.name)
  elseif options == nil then
    return entry(state, state.settings, op, params)
  end
  local settings, headers, unmodeled = call_options(state, options)
  if not settings then
    headers.operation = op.name
    return nil, headers
  end
  return entry(state, settings, op, params, headers, unmodeled)
end

-- ---- functions of a client: the methods, and dxconnect's functions on the default client, call them
-- Whoever called the method or function is at level 3 there.

local functions = {}

local function dispatch_by_name(entry, client, name, params, options)
  local op, err = operations.resolve(name, options and options.unmodeled)
  if not op then
    return nil, err
  end
  return dispatch(entry, client[STATE], op, params, options)
end

--- Makes a call by the operation's name, in either spelling.
-- @tparam string name "AssociateMacSecKey" or "associate_mac_sec_key"
-- @tparam[opt] table params
-- @tparam[opt] table options of this call; `unmodeled = true` sends operations and members that the model does not know
-- @treturn[1] table result
-- @treturn[1] nil
-- @treturn[1] table meta `{request_id, status, attempts, elapsed, headers}`, elapsed in seconds
-- @treturn[2] nil
-- @treturn[2] table error
function functions.call(client, name, params, options)
  check.arguments("call", params, options, 3)
  return dispatch_by_name(calls.make, client, name, params, options)
end

--- The signed request of a call, not sent: `{method, url, headers, body}`, plain strings with secrets in them.
-- Printing the request hides them.
-- @tparam string name either spelling
-- @tparam[opt] table params
-- @tparam[opt] table options of this call
-- @treturn[1] table request
-- @treturn[2] nil
-- @treturn[2] table error
function functions.prepare(client, name, params, options)
  check.arguments("prepare", params, options, 3)
  return dispatch_by_name(calls.prepare, client, name, params, options)
end

--- Makes one signed call to another AWS service, with all that surrounds a call.
-- @tparam table request a JSON RPC call: `{service, target, params, version = "1.1", headers}`; any other:
-- `{service, method, url or path, query, headers, body}`
-- @tparam[opt] table options `{region, endpoint_url, repeatable}` and those of any call: unless it is repeatable it is
-- sent again only where it surely had no effect
-- @treturn[1] table result a JSON answer decoded; any other as `{status, headers, body}`
-- @treturn[1] nil
-- @treturn[1] table meta as of `call`
-- @treturn[2] nil
-- @treturn[2] table error
function functions.send(client, request, options)
  check.is_table("send: the request", request, 3)
  check.is_table_or_nil("send: options", options, 3)
  local state = client[STATE]
  if state.closed then
    return nil, errors.closed()
  end
  local rest = {}
  for name, value in pairs(options or {}) do
    if name ~= "repeatable" then
      rest[name] = value
    end
  end
  local settings, headers = call_options(state, rest)
  if not settings then
    return nil, headers
  end
  return calls.send(state, settings, request, {
    headers = headers,
    region = rest.region and settings.values.region,
    endpoint_url = rest.endpoint_url and settings.values.endpoint_url,
    repeatable = options and options.repeatable and true,
  })
end

--- What the credential chain resolved: `{access_key_id, secret_access_key, session_token, expiration, account_id,
-- source}`, expiration in Unix seconds. Hidden when printed.
-- @treturn[1] table credentials
-- @treturn[2] nil
-- @treturn[2] table error
function functions.credentials(client)
  local state = client[STATE]
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
function functions.explain(client)
  return require("dxconnect.config.explain").table_of(client[STATE].settings)
end

--- Ends the client's connections and wipes what it kept. Calls after it return a config error; closing twice is fine.
function functions.close(client)
  local state = client[STATE]
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
  state.signers, state.signers_credentials, state.spare_calls = {}, nil, {}
end

-- Functions that live in modules of their own, loaded when first called: name = module.
local added = {}

--- Adds functions that are built from calls.
-- @tparam table modules name = the module that has a function of this name, which takes a client first
local function add(modules)
  for name, module in pairs(modules) do
    added[name] = module
  end
end

--- A function of a client by its name, to be called as `f(client, ...)` by what the user calls. Loads what it is in.
-- @tparam string name
-- @treturn ?function
local function find_function(name)
  return functions[name] or added[name] and require(added[name])[name]
end

--- The names of everything that can be called on a client, sorted.
-- @treturn {string,...}
local function list_names()
  local names = {}
  for _, op in ipairs(operations.operations) do
    names[#names + 1] = op.method
  end
  for _, known in ipairs { functions, added } do
    for name in pairs(known) do
      names[#names + 1] = name
    end
  end
  table.sort(names)
  return names
end

-- ---- methods

local methods = {}

local function check_self(self, name)
  local state = type(self) == "table" and rawget(self, STATE)
  if not state then
    error(("call it as a method, with a colon: client:%s(...)"):format(name), 3)
  end
  return state
end

-- An operation's method; made when it is first looked up.
local function operation_method(op)
  return function(self, params, options)
    local state = check_self(self, op.method)
    check.arguments(op.method, params, options)
    return dispatch(calls.make, state, op, params, options)
  end
end

local function same(...)
  return ...
end

-- A tail call would hide the caller's line on Lua 5.1, where such calls count as levels.
local function function_method(name)
  return function(self, ...)
    check_self(self, name)
    local f = find_function(name) -- a name, by which plain Lua 5.1 tells it from a metamethod
    return same(f(self, ...))
  end
end

local function find_method(name)
  local op = operations.find(name)
  if op and op.method == name then
    return operation_method(op)
  elseif functions[name] or added[name] then
    return function_method(name)
  end
end

client_mt.__index = setmetatable(methods, {
  __index = function(_, name)
    local method = find_method(name)
    if method then
      rawset(methods, name, method)
      return method
    end
    local near = operations.nearest_name(name, list_names)
    if near then
      error(("a client has no method %s; did you mean %s?"):format(errors.shown(name), near), 2)
    end
  end,
})

function client_mt.__pairs()
  local names, i = list_names(), 0
  return function()
    i = i + 1
    local name = names[i]
    return name, name and methods[name]
  end
end

function client_mt.__tostring(self)
  local state = self[STATE]
  return ("dxconnect.client (%s%s)"):format(tostring(state.settings.values.region), state.closed and ", closed" or "")
end

-- ---- for what is built from calls

--- Tells a client's logger, for what waits on its behalf.
-- @tparam table client
-- @tparam ?table options of the call, which may have a logger of its own
-- @tparam table event
local function emit(client, options, event)
  local settings = call_options(client[STATE], options)
  if settings then
    calls.emit(settings, event)
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
  add = add,
  find_function = find_function,
  list_names = list_names,
  emit = emit,
  setting = setting,
}
