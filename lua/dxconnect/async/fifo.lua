--- A first-in first-out queue.

local methods = {}
local mt = { __index = methods }

--- Puts a value behind the others.
-- @param value not nil
function methods:push(value)
  local last = self.last + 1
  self[last] = value -- first: it raises where there is no memory
  self.last = last
end

--- Takes the first out; nil where there is none. A place that holds nothing is passed over, so that `count` comes to an
-- end whatever happened meanwhile: LuaJIT keeps fields in registers while a finalizer changes them.
function methods:pop()
  while self.first <= self.last do
    local first = self.first
    local value = self[first]
    self[first] = nil
    self.first = first + 1
    if value ~= nil then
      return value
    end
  end
end

--- How many there are.
-- @treturn integer
function methods:count()
  return self.last - self.first + 1
end

--- Makes an empty one.
-- @treturn table
local function new()
  return setmetatable({ first = 1, last = 0 }, mt)
end

return { new = new }
