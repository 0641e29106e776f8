--- Faults that a test orders: what is to go wrong, with which operation, how often.

local core = require "dxconnect.core"
local names = require "dxconnect.operations"

local option_types = {
  operation = "string", times = "number", skip = "number", status = "number", code = "string", message = "string",
  body = "string", headers = "table", throttle = "boolean", lost = "boolean", applied = "boolean", latency = "number",
  match = "function",
}

local methods = {}
local mt = { __index = methods }

local function check(options)
  if type(options) ~= "table" then
    error("emulator:fault: expected a table, got a " .. type(options), 4)
  end
  for name, value in pairs(options) do
    if not option_types[name] then
      local known = {}
      for one in pairs(option_types) do
        known[#known + 1] = one
      end
      local nearest = type(name) == "string" and core.nearest(name, known)
      error(("emulator:fault: there is no %s%s"):format(tostring(name), nearest and "; did you mean " .. nearest .. "?"
        or ""), 4)
    elseif type(value) ~= option_types[name] then
      error(("emulator:fault: %s: expected a %s, got a %s"):format(name, option_types[name], type(value)), 4)
    end
  end
end

local function operation_name(name)
  if name == nil then
    return nil
  end
  local op = names.find(name)
  if not op then
    local nearest = names.nearest(name)
    error(("emulator:fault: there is no operation %s%s"):format(name, nearest and "; did you mean " .. nearest .. "?"
      or ""), 4)
  end
  return op.name
end

--- Orders a fault; see emulator:fault for the options.
-- @treturn table the fault, whose `hits` counts
function methods:order(options)
  check(options)
  local fault = { hits = 0 }
  for name, value in pairs(options) do
    fault[name] = value
  end
  fault.operation = operation_name(options.operation)
  fault.times = options.times or 1
  fault.skip = options.skip or 0
  self[#self + 1] = fault
  return fault
end

--- Calls all faults off.
function methods:clear()
  for i = #self, 1, -1 do
    self[i] = nil
  end
end

--- The fault that a call meets, counted; nil where it meets none. Of several that fit, the one ordered first.
-- @tparam string name the operation's, in the service's spelling
-- @tparam table params
function methods:meet(name, params)
  for i, fault in ipairs(self) do
    if (fault.operation == nil or fault.operation == name) and (not fault.match or fault.match(params)) then
      if fault.skip > 0 then
        fault.skip = fault.skip - 1
      else
        fault.hits = fault.hits + 1
        if fault.hits >= fault.times then
          table.remove(self, i)
        end
        return fault
      end
    end
  end
end

--- Makes a list without faults.
-- @treturn table
local function new()
  return setmetatable({}, mt)
end

return { new = new }
