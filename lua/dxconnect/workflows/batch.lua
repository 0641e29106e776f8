--- Many calls of one client: `client:batch` and `client:map`.
-- Calls are begun in their order, at most `concurrency` of them in flight, each with its own retries; one that waits
-- holds up no other. Results stand in the order of the calls.

local names = require "dxconnect.operations"
local schedule = require "dxconnect.async.schedule"

local function is_table_or_nil(value)
  return value == nil or type(value) == "table"
end

local function check_item(method, i, params, options)
  if not is_table_or_nil(params) then
    error(("%s: params of item %d must be a table, got a %s"):format(method, i, type(params)), 4)
  elseif not is_table_or_nil(options) then
    error(("%s: options of item %d must be a table, got a %s"):format(method, i, type(options)), 4)
  end
end

-- The service's spelling of an operation's name, where it is known.
local function service_name(name)
  local op = type(name) == "string" and names.find(name)
  return op and op.name or name
end

--- Makes many calls.
-- @tparam table client
-- @tparam {table,...} calls each `{name, params, options}`, by position or by these names
-- @tparam[opt] table options `{concurrency = 16, stop_on_error, on_progress = function(done, total, item)}`; item is
--   what stands in the results
-- @treturn table results, in the order of the calls: `{result = …}` or `{error = …}`
local function batch(client, calls, options)
  if type(calls) ~= "table" then
    error("batch: expected a list of calls, got a " .. type(calls), 3)
  end
  local checked = schedule.check_options(options, "batch", 3)
  local wanted, params, call_options = {}, {}, {}
  for i = 1, #calls do
    local item = calls[i]
    if type(item) ~= "table" then
      error(("batch: item %d must be a table {name, params, options}, got a %s"):format(i, type(item)), 3)
    end
    wanted[i] = item.name or item[1]
    params[i], call_options[i] = item.params or item[2], item.options or item[3]
    check_item("batch", i, params[i], call_options[i])
  end
  return schedule.collect(#calls, checked, function(i)
    return client:call(wanted[i], params[i], call_options[i])
  end, function(i)
    return service_name(wanted[i])
  end)
end

--- Makes one operation's calls for many parameters.
-- @tparam table client
-- @tparam string name of the operation, in either spelling
-- @tparam {table,...} params_list
-- @tparam[opt] table options as for `batch`
-- @treturn table results, as of `batch`
local function map(client, name, params_list, options)
  if type(params_list) ~= "table" then
    error("map: expected a list of params, got a " .. type(params_list), 3)
  end
  local checked = schedule.check_options(options, "map", 3)
  for i = 1, #params_list do
    check_item("map", i, params_list[i])
  end
  return schedule.collect(#params_list, checked, function(i)
    return client:call(name, params_list[i])
  end, function()
    return service_name(name)
  end)
end

return {
  batch = batch,
  map = map,
}
