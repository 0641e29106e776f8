--- `dxconnect wait STATE ID`: waits until a resource has reached a state.

local errors = require "dxconnect.errors"
local resources = require "dxconnect.resources.kinds"
local waiters = require "dxconnect.workflows.waiters"

local function define(parser)
  parser:argument("state", "State, such as connection_available; `dxconnect help waiters` lists them.")
  parser:argument("id", "Id of the resource; of a key or peer, that of its port or interface.")
  parser:option("--timeout", "Seconds to wait at most."):argname "S":convert(tonumber)
  parser:option("--delay", "Seconds between two looks."):argname "S":convert(tonumber)
end

-- The member that a wait takes its id by.
local function member_of(state)
  local best
  for name, kind in pairs(resources.kinds) do
    if state:sub(1, #name + 1) == name .. "_" and (not best or #name > #best.name) then
      best = { name = name, kind = kind }
    end
  end
  if not best then
    return nil
  end
  for member, is_required in pairs(best.kind.takes or {}) do
    if is_required then
      return member
    end
  end
  return best.kind.id
end

local function run(context)
  local args = context.args
  local known = {}
  for name in pairs(waiters) do
    known[#known + 1] = name
  end
  table.sort(known)
  local member = waiters[args.state] and member_of(args.state)
  if not member then
    local check = require "dxconnect.check"
    return nil, errors.param("wait", "", check.unknown("state", args.state, known))
  end
  local client, err = context:client()
  if not client then
    return nil, err
  end
  local resource
  resource, err = client:wait_until(args.state, { [member] = args.id }, { timeout = args.timeout, delay = args.delay })
  if not resource then
    return nil, err
  end
  return context:print(resource)
end

return { outputs = { "lua", "json", "table" }, define = define, run = run }
