--- Operations by name, in the service's spelling and in snake_case.

local check = require "dxconnect.check"
local core = require "dxconnect.core"
local errors = require "dxconnect.errors"

-- The exchange's methods, found once for all calls.
local exchange = getmetatable(core.exchange())
local ex_marshal, ex_marshal_any = exchange.marshal, exchange.marshal_any

local operations = core.operations()

local by_name = {}
for _, op in ipairs(operations) do
  by_name[op.name] = op
  by_name[op.method] = op
end

--- The operation of that name, in either spelling; nil where there is none.
-- @tparam string name
-- @treturn ?table operation
local function find(name)
  return by_name[name]
end

--- The nearest operation to a misspelt name, in the spelling that was tried; nil where nothing is near.
-- @tparam string name
-- @treturn ?string
local function nearest(name)
  local field = type(name) == "string" and name:find("^%u") and "name" or "method"
  local candidates = {}
  for i, op in ipairs(operations) do
    candidates[i] = op[field]
  end
  return check.nearest(name, candidates)
end

-- describeLags and DescribeLags as describe_lags.
local function to_snake_case(name)
  return (name:gsub("(%l)(%u)", "%1_%2"):gsub("(%u)(%u%l)", "%1_%2"):lower())
end

--- The name that a misspelt function or method is near to, in any spelling; nil where it is near to none, begins with
-- an underscore, or is no name at all.
-- @param name
-- @tparam function list_known returns the list of names that there are
-- @treturn ?string
local function nearest_name(name, list_known)
  if type(name) ~= "string" or name == "" or #name > 64 or name:find("^_") then
    return nil
  end
  local op = by_name[name] or by_name[(name:gsub("^%l", string.upper))]
  return op and op.method or check.nearest(to_snake_case(name), list_known())
end

-- The service's spelling of an operation outside the model.
local function unmodeled_operation(name)
  if name:find("^%l") then
    name = name:gsub("^%l", string.upper):gsub("_(%w)", string.upper)
  end
  local reads = name:find("^Describe") or name:find("^List") or name:find("^Get")
  return { name = name, method = name, retry = reads and "read" or "once", labels = {} }
end

--- The operation that a call names.
-- @param name either spelling
-- @tparam[opt] boolean unmodeled names that the model does not know are fine
-- @treturn[1] table operation
-- @treturn[2] nil
-- @treturn[2] table error of kind "params"
local function resolve(name, unmodeled)
  if type(name) ~= "string" then
    return nil, errors.unknown_operation("of type " .. type(name) .. ": name it in a string")
  end
  local op = by_name[name]
  if op then
    return op
  elseif unmodeled and name:find("^%a[%w_]*$") and #name <= 100 then
    return unmodeled_operation(name)
  end
  return nil, errors.unknown_operation(name, nearest(name))
end

--- Fills an exchange with the checked request of a call.
-- @tparam userdata ex exchange
-- @tparam table op
-- @tparam ?table params
-- @tparam ?boolean unmodeled members that the model does not know are sent too
-- @treturn[1] true
-- @treturn[2] nil
-- @treturn[2] table error of kind "params"
local function marshal(ex, op, params, unmodeled)
  local ok, problems
  if op.id then
    ok, problems = ex_marshal(ex, op.id, params, op.token and core.uuid(), unmodeled)
  else
    ok, problems = ex_marshal_any(ex, op.name, params)
  end
  if not ok then
    return nil, errors.params(op.name, problems)
  end
  return true
end

--- Checks the parameters of a call, and sends nothing.
-- @tparam table op
-- @tparam ?table params
-- @tparam ?boolean unmodeled
-- @treturn[1] true
-- @treturn[2] nil
-- @treturn[2] table error of kind "params"
local function check_params(op, params, unmodeled)
  local ex = core.exchange()
  local ok, err = marshal(ex, op, params, unmodeled)
  ex:clear()
  return ok, err
end

return {
  operations = operations,
  find = find,
  nearest = nearest,
  nearest_name = nearest_name,
  resolve = resolve,
  marshal = marshal,
  check = check_params,
}
