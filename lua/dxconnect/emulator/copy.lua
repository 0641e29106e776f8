--- Copies of records.

local copy = {}

--- A table of the same members; their values are the same ones.
function copy.shallow(record)
  local result = {}
  for member, value in pairs(record) do
    result[member] = value
  end
  return result
end

--- A copy through and through.
function copy.deep(value)
  if type(value) ~= "table" then
    return value
  end
  local result = {}
  for member, one in pairs(value) do
    result[member] = copy.deep(one)
  end
  return result
end

--- A copy through and through of what answers show: without members whose names begin with an underscore.
function copy.visible(value)
  if type(value) ~= "table" then
    return value
  end
  local result = {}
  for member, one in pairs(value) do
    if type(member) == "number" or member:sub(1, 1) ~= "_" then
      result[member] = copy.visible(one)
    end
  end
  return result
end

return copy
