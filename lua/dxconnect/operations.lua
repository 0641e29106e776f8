--- Operations by name, in the service's spelling and in snake_case.

local check = require "dxconnect.check"
local core = require "dxconnect.core"
local errors = require "dxconnect.errors"

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

return {
  operations = operations,
  find = find,
  nearest = nearest,
  resolve = resolve,
}
