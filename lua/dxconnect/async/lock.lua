--- Locks: one task, or one of nginx's requests, at a time. A holder that is cancelled, or whose request ends, loses it.
-- Nobody waits for a lock that code further up holds (a task that the holder runs, or code that can't yield while the
-- holder is suspended): that would never end. There the guarded work is done twice rather than never.

local waits = require("dxconnect.system").waits

-- Plain Lua 5.1 can't yield in pcall: there nothing is caught, and a task whose work raises keeps the lock to its end.
local protected = _VERSION == "Lua 5.1" and type(jit) ~= "table" and function(f, ...)
  return true, f(...)
end or pcall

local methods = {}
local mt = { __index = methods }

--- Calls f while holding the lock.
-- @tparam function f
-- @return what f returned, up to two values; what it raises is raised
function methods:guard(f, ...)
  local is_held = waits.take(self)
  local ok, first, second = protected(f, ...)
  if is_held then
    waits.give(self)
  end
  if not ok then
    error(first, 0)
  end
  return first, second
end

--- Whether a task, or one of nginx's requests, holds it.
function methods:is_held()
  return self.owner ~= nil
end

--- Makes a lock that nobody holds.
-- @treturn table
local function new()
  return setmetatable({}, mt)
end

return { new = new }
