--- Options of workflows: their own, checked, and apart from them those of the calls that they make.

local check = require "dxconnect.check"
local config = require "dxconnect.config"
local errors = require "dxconnect.errors"
local options_list = require "dxconnect.config.options"

local function is_setting_of_calls(name)
  local entry = options_list.by_name[name]
  return entry ~= nil and entry.per_call
end

local function known_names(types, takes_call_options)
  local names = {}
  for name in pairs(types) do
    names[#names + 1] = name
  end
  table.sort(names)
  for _, entry in ipairs(takes_call_options and options_list.list or {}) do
    if entry.per_call then
      names[#names + 1] = entry.name
    end
  end
  return names
end

-- What is wrong with a value; nil where nothing is.
local function problem_of(value, expected)
  local wanted = expected == "seconds" and "number" or expected
  if type(value) == wanted and (wanted ~= "number" or value >= 0) then -- NaN is not
    return nil
  end
  return ("expected a %s, got %s"):format(expected == "seconds" and "number of seconds" or expected,
    type(value) == "number" and tostring(value) or "a " .. type(value))
end

--- Checks options and splits them.
-- @tparam string what the method, for messages
-- @tparam table types by name: "seconds", or a type of Lua's
-- @tparam ?table options
-- @tparam[opt] boolean takes_call_options whether it takes those of calls too
-- @treturn[1] table its own, a copy
-- @treturn[1] ?table those of the calls; nil where there are none
-- @treturn[2] nil
-- @treturn[2] table error of kind "config"
local function split(what, types, options, takes_call_options)
  local own, calls = {}, nil
  for name, value in pairs(options or {}) do
    local expected = types[name]
    local problem = expected and problem_of(value, expected)
    if problem then
      return nil, errors.config(("%s: %s"):format(name, problem))
    elseif expected then
      own[name] = value
    elseif takes_call_options and is_setting_of_calls(name) then
      local checked, err = config.call_option(name, value)
      if err then
        return nil, err
      end
      calls = calls or {}
      calls[name] = checked
    elseif takes_call_options and (name == "headers" or name == "unmodeled") then
      calls = calls or {}
      calls[name] = value
    else
      return nil, errors.config(what .. ": " .. check.unknown("option", name, known_names(types, takes_call_options)))
    end
  end
  return own, calls
end

return { split = split }
