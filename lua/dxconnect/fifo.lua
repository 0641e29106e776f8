--- A first-in first-out queue.

local methods = {}
local mt = { __index = methods }

function methods:push(value)
  local last = self.last + 1
  self[last] = value -- first: it raises where there is no memory
  self.last = last
end

--- Takes the first out; nil where there is none.
function methods:pop()
  local first = self.first
  local value = self[first]
  if value ~= nil then
    self[first] = nil
    self.first = first + 1
  end
  return value
end

function methods:count()
  return self.last - self.first + 1
end

local function new()
  return setmetatable({ first = 1, last = 0 }, mt)
end

return { new = new }
