--- Many calls of one client: `client:batch` and `client:map`.
-- Calls are begun in their order, at most `concurrency` of them in flight, each with its own retries; one that waits
-- holds up no other. Results stand in the order of the calls.

local async = require "dxconnect.async"
local check = require "dxconnect.check"
local operations = require "dxconnect.operations"

-- The service's spelling of an operation's name, where it is known.
local function service_name(name)
  local op = type(name) == "string" and operations.find(name)
  return op and op.name or name
end

--- Makes many calls.
-- @tparam table client
-- @tparam {table,...} calls each `{name, params, options}`, by position or by these names
-- @tparam[opt] table options `{concurrency = 16, stop_on_error, on_progress = function(done, total, item)}`; item is
--   what stands in the results
-- @treturn table results, in the order of the calls: `{result = …}` or `{error = …}`
local function batch(client, calls, options)
  check.is_table("batch: the list of calls", calls, 3)
  local checked = async.check_options(options, "batch", 3)
  local wanted, params, call_options = {}, {}, {}
  for i = 1, #calls do
    local item = calls[i]
    check.is_table(("batch: item %d"):format(i), item, 3)
    wanted[i] = item.name or item[1]
    params[i], call_options[i] = item.params or item[2], item.options or item[3]
    check.is_table_or_nil(("batch: params of item %d"):format(i), params[i], 3)
    check.is_table_or_nil(("batch: options of item %d"):format(i), call_options[i], 3)
  end
  return async.collect(#calls, checked, function(i)
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
  check.is_table("map: the list of params", params_list, 3)
  local checked = async.check_options(options, "map", 3)
  for i = 1, #params_list do
    check.is_table_or_nil(("map: params of item %d"):format(i), params_list[i], 3)
  end
  return async.collect(#params_list, checked, function(i)
    return client:call(name, params_list[i])
  end, function()
    return service_name(name)
  end)
end

return {
  batch = batch,
  map = map,
}
