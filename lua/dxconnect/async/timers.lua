--- A queue of what is due at which time: a binary heap, first in first out among equals.

local methods = {}
local mt = { __index = methods }

local function is_before(a, b)
  return a.at < b.at or (a.at == b.at and a.order < b.order)
end

--- Adds something.
-- @tparam number at when it is due
-- @param value
-- @treturn table the entry; setting its `value` to nil takes it out
function methods:add(at, value)
  local order = self.order + 1
  self.order = order
  local entry = { at = at, order = order, value = value }
  local i = self.n + 1
  self[i] = entry -- first: it raises where there is no memory
  self.n = i
  while i > 1 do
    local parent = (i - i % 2) / 2
    if not is_before(entry, self[parent]) then
      break
    end
    self[i] = self[parent]
    i = parent
  end
  self[i] = entry
  return entry
end

local function remove_first(self)
  local n = self.n
  local last = self[n]
  self[n] = nil
  n = n - 1
  self.n = n
  if n == 0 then
    return
  end
  local i = 1
  while true do
    local child = 2 * i
    if child > n then
      break
    elseif child < n and is_before(self[child + 1], self[child]) then
      child = child + 1
    end
    if not is_before(self[child], last) then
      break
    end
    self[i] = self[child]
    i = child
  end
  self[i] = last
end

--- When the first is due; nil where there is none.
function methods:next_due()
  while self.n > 0 and self[1].value == nil do
    remove_first(self)
  end
  return self.n > 0 and self[1].at or nil
end

--- Takes the first out that is due; nil where none is.
-- @tparam number now monotonic seconds
-- @return the value, or nil
function methods:take(now)
  local at = self:next_due()
  if at and at <= now then
    local value = self[1].value
    remove_first(self)
    return value
  end
end

--- Makes an empty one.
-- @treturn table
local function new()
  return setmetatable({ n = 0, order = 0 }, mt)
end

return { new = new }
