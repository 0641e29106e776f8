--- `client:create_once`: a create that nothing doubles, neither a fault nor a crash nor a second run.
-- What is created is marked with a tag, or recognised by what makes it unique (see identity.lua), and looked for:
-- before anything is sent where the caller gave a token, so that a rerun finds what an earlier run made; and after a
-- failure that leaves open whether the request took effect. Operations with a client token are simply sent again with
-- the same one.

local call = require "dxconnect.call"
local check = require "dxconnect.check"
local client_module = require "dxconnect.client"
local core = require "dxconnect.core"
local errors = require "dxconnect.errors"
local operations = require "dxconnect.operations"
local pages = require "dxconnect.workflows.pages"
local identity = require "dxconnect.workflows.identity"

local MAX_TAGS = 50 -- of one resource

-- Seconds between looks after an ambiguous failure: what was just made may not be shown at once.
local LOOK_AGAIN = { 1, 2, 4 }

-- ---- tokens and marks

-- The same for the same operation and token, and telling nothing of the token.
local function derived(op, token)
  return token and core.hex(core.sha256(op.name .. "\n" .. token)) or core.uuid()
end

local function copy(t)
  local made = {}
  for name, value in pairs(t) do
    made[name] = value
  end
  return made
end

-- The parameters with the mark added to the caller's tags, which stay as they are.
local function with_mark(op, params, mark)
  local tags = {}
  for i, tag in ipairs(params.tags or {}) do
    if tag.key == identity.MARK and tag.value ~= mark then
      return nil, errors.param(op.name, ("tags[%d].key"):format(i), "create_once marks with this key: leave it out")
    elseif tag.key ~= identity.MARK then
      tags[#tags + 1] = tag
    end
  end
  if #tags >= MAX_TAGS then
    return nil, errors.param(op.name, "tags", ("a resource takes %d tags and create_once needs one of them: give at "
      .. "most %d"):format(MAX_TAGS, MAX_TAGS - 1))
  end
  tags[#tags + 1] = { key = identity.MARK, value = mark }
  local marked = copy(params)
  marked.tags = tags
  return marked
end

-- ---- looking

local function conflict(creation, contradictions)
  local err = errors.params(creation.op.name, contradictions)
  err.reason = "conflict"
  err.hint = "what makes it unique is taken by something else: look with " .. operations.find(creation.plan.look).method
    .. ", and ask for what is there or for another one"
  return err
end

-- Looks through all pages. Returns found (in the operation's shape, with meta), or nil, or nil, error.
local function look(creation)
  local plan = creation.plan
  local cursor = pages.cursor(creation.client, operations.find(plan.look), plan:filter(creation.search.params),
    creation.options)
  local contradictions
  while true do
    local page, err, meta = cursor:advance()
    if not page then
      return nil, err or contradictions and conflict(creation, contradictions) or nil
    end
    local item, problems = plan:find(creation.search, page)
    if item then
      meta.found = true
      return { result = plan:result(item), meta = meta }
    end
    contradictions = contradictions or problems
  end
end

-- Looks several times, with waits in between. Returns as look.
local function look_patiently(creation)
  local found, err = look(creation)
  for _, seconds in ipairs(LOOK_AGAIN) do
    if found or err then
      break
    end
    client_module.emit(creation.client, creation.options, {
      type = "wait",
      operation = creation.op.name,
      delay = seconds,
    })
    creation.client.system.sleep(seconds)
    found, err = look(creation)
  end
  return found, err
end

-- ---- creating

local function send(creation)
  return creation.client:call(creation.op.name, creation.params, creation.options)
end

local function yes()
  return true
end

-- What was agreed to once is not asked for again.
local function send_again(creation)
  creation.options = copy(creation.options)
  creation.options.confirm = yes
  return send(creation)
end

-- What the last error becomes where it stays open whether something was made. The key being taken by something else
-- leaves nothing open.
local function unclear(creation, err, cause)
  if cause and cause.reason == "conflict" then
    return nil, cause
  end
  err.maybe_applied = true
  err.retryable = false
  err.hint = "the request may have taken effect: "
    .. (creation.search.token and "run this again with the same token, which looks first"
      or creation.plan.look and "look with " .. operations.find(creation.plan.look).method .. " before sending it again"
      or "look before sending it again")
  err.cause = cause
  return nil, err
end

-- With a client token a repeat is harmless, so there is nothing to look for.
local function create_with_token(creation)
  local result, err, meta = send(creation)
  if result == nil and err.maybe_applied then
    result, err, meta = send_again(creation)
    if result == nil then
      return unclear(creation, err)
    end
  end
  if err then
    return nil, err
  end
  return result, nil, meta
end

local function create(creation)
  local result, err, meta = send(creation)
  if result ~= nil then
    return result, nil, meta
  elseif not err.maybe_applied then
    return nil, err
  end
  local found, problem = look_patiently(creation)
  if found then
    return found.result, nil, found.meta
  elseif problem then
    return unclear(creation, err, problem)
  end
  result, err, meta = send_again(creation)
  if result ~= nil then
    return result, nil, meta
  end
  -- the first request may have come through late, and be what the second one was refused for
  found, problem = look_patiently(creation)
  if found then
    return found.result, nil, found.meta
  end
  return unclear(creation, err, problem)
end

-- ---- the method

local function resolve(name)
  local op, err = operations.resolve(name)
  if not op then
    return nil, err
  end
  local plan = identity.of(op)
  if not plan then
    return nil, errors.param(op.name, "", "create_once takes operations that create or allocate something")
  end
  return op, plan
end

local function take_options(op, options)
  local rest = copy(options or {})
  local token = rest.token
  rest.token = nil
  if token ~= nil and (type(token) ~= "string" or token == "") then
    return nil, errors.param(op.name, "options.token", "expected a text that is not empty, got "
      .. (token == "" and "an empty one" or "a " .. type(token)))
  end
  return rest, token
end

-- Everything about one create: what to send, and how to look for it.
local function new_creation(client, op, plan, params, options, token)
  params = params or {}
  local ok, err = call.check(op, params, options.unmodeled)
  if not ok then
    return nil, err
  end
  local search = { params = params, token = token }
  if plan.token then
    if params[plan.token] == nil then
      params = copy(params)
      params[plan.token] = derived(op, token)
    end
  elseif plan.is_marked then
    search.mark = derived(op, token)
    params, err = with_mark(op, params, search.mark)
    if not params then
      return nil, err
    end
  elseif next(plan:filter(params)) == nil then
    return nil, errors.param(op.name, plan.filters[1], "create_once needs it to look for what is there")
  end
  return { client = client, op = op, plan = plan, params = params, options = options, search = search }
end

--- Creates something once, whatever fails.
-- @tparam table client
-- @tparam string name a create or allocate operation, in either spelling
-- @tparam[opt] table params
-- @tparam[opt] table options of the calls, and `token`: a text of your own for what is created. With it, a rerun finds
--   what an earlier run made; without it only failures within this call are covered
-- @treturn[1] table result in the operation's own shape
-- @treturn[1] nil
-- @treturn[1] table meta; `found` is true where the thing was there when it was looked for
-- @treturn[2] nil
-- @treturn[2] table error; `maybe_applied` where it stayed unclear, `reason = "conflict"` where something else is there
local function create_once(client, name, params, options)
  check.arguments("create_once", params, options, 3)
  local op, plan = resolve(name)
  if not op then
    return nil, plan
  end
  local rest, token = take_options(op, options)
  if not rest then
    return nil, token
  end
  local creation, err = new_creation(client, op, plan, params, rest, token)
  if not creation then
    return nil, err
  elseif plan.token then
    return create_with_token(creation)
  end
  if token then
    local found
    found, err = look(creation)
    if found then
      return found.result, nil, found.meta
    elseif err then
      return nil, err
    end
  end
  return create(creation)
end

return { create_once = create_once }
