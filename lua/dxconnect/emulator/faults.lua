--- Faults that a test orders: what is to go wrong, with which operation, how often.

local checks = require "dxconnect.check"
local operations = require "dxconnect.operations"
local types = require "dxconnect.text.types"

local option_types = {
  operation = "string", times = "number", skip = "number", status = "number", code = "string", message = "string",
  body = "string", headers = "table", throttle = "boolean", lost = "boolean", applied = "boolean", latency = "number",
  match = "function or table",
}

local methods = {}
local mt = { __index = methods }

local fault_type = types.new("fault", {
  text = function(fault)
    return ("fault of %s, hits: %d"):format(fault.operation or "any operation", fault.hits)
  end,
})

--- What is wrong with a fault that somebody orders; nil where nothing is.
-- @param options anything
-- @treturn ?string
local function problem_of(options)
  if type(options) ~= "table" then
    return "emulator:fault: expected a table, got a " .. type(options)
  end
  for name, value in pairs(options) do
    if not option_types[name] then
      local known = {}
      for one in pairs(option_types) do
        known[#known + 1] = one
      end
      table.sort(known)
      return ("emulator:fault: there is no %s%s"):format(tostring(name), checks.suggestion(name, known))
    elseif not option_types[name]:find(type(value), 1, true) then
      return ("emulator:fault: %s: expected a %s, got a %s"):format(name, option_types[name], type(value))
    end
  end
  local name = options.operation
  if name and not operations.find(name) then
    local nearest = operations.nearest(name)
    return ("emulator:fault: there is no operation %s%s"):format(name,
      nearest and "; did you mean " .. nearest .. "?" or "")
  end
end

--- Orders a fault; see emulator:fault for the options.
-- @treturn table the fault, whose `hits` counts
function methods:order(options)
  local problem = problem_of(options)
  if problem then
    error(problem, 3)
  end
  local fault = setmetatable({ hits = 0 }, fault_type)
  for name, value in pairs(options) do
    fault[name] = value
  end
  fault.operation = options.operation and operations.find(options.operation).name
  fault.times = options.times or 1
  fault.skip = options.skip or 0
  self[#self + 1] = fault
  return fault
end

local function equals(a, b)
  if type(a) ~= "table" or type(b) ~= "table" then
    return a == b
  end
  for name, value in pairs(a) do
    if not equals(value, b[name]) then
      return false
    end
  end
  for name in pairs(b) do
    if a[name] == nil then
      return false
    end
  end
  return true
end

-- Whether params have all of some members, with these values.
local function has_members(params, members)
  for name, value in pairs(members) do
    if not equals(params[name], value) then
      return false
    end
  end
  return true
end

local function is_meant(fault, name, params)
  local match = fault.match
  return (fault.operation == nil or fault.operation == name)
    and (match == nil or type(match) == "function" and match(params) or type(match) == "table"
      and has_members(params, match))
end

--- The faults that are still to come, as tables of their own.
function methods:list()
  local list = {}
  for i, fault in ipairs(self) do
    list[i] = {}
    for name, value in pairs(fault) do
      list[i][name] = type(value) ~= "function" and value or nil
    end
  end
  return list
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
    if is_meant(fault, name, params) then
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

return { new = new, problem_of = problem_of }
