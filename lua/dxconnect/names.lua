--- Operations by name, in the service's spelling and in snake_case.

local core = require "dxconnect.core"

local operations = core.operations()

local by_name = {}
for _, op in ipairs(operations) do
  by_name[op.name] = op
  by_name[op.method] = op
end

--- The operation of that name, in either spelling; nil where there is none.
local function find(name)
  return by_name[name]
end

--- The nearest operation to a misspelt name, in the spelling that was tried; nil where nothing is near.
local function nearest(name)
  if type(name) ~= "string" then
    return nil
  end
  local field = name:find("^%u") and "name" or "method"
  local candidates = {}
  for i, op in ipairs(operations) do
    candidates[i] = op[field]
  end
  return core.nearest(name, candidates)
end

return {
  operations = operations,
  find = find,
  nearest = nearest,
}
