--- `client:save_loa` and `client:save_router_configuration`: documents of the service as files.
-- A file is written beside its name and then renamed, so it is whole or not there. Writing blocks, also in a task and
-- inside nginx: these are the process's own file system calls.

local check = require "dxconnect.check"
local errors = require "dxconnect.errors"
local own_options = require "dxconnect.workflows.own_options"
local routers = require "dxconnect.resources.routers"
local types = require "dxconnect.text.types"

local loa_options = { overwrite = "boolean", provider_name = "string" }
local router_options = { overwrite = "boolean", router = "string" }

local file_type = types.new "saved file"

-- Whether id and path are strings that can name something; nil and an error where they are not.
local function check_names(operation, id_member, id, path)
  local problems = {}
  for _, pair in ipairs { { id_member, id }, { "path", path } } do
    local member, value = pair[1], pair[2]
    if type(value) ~= "string" or value == "" then
      problems[#problems + 1] = {
        path = member,
        message = value == nil and "missing: required"
          or "expected a string, got " .. (value == "" and "an empty one" or "a " .. type(value)),
      }
    end
  end
  if #problems > 0 then
    return nil, errors.params(operation, problems)
  end
  return true
end

-- Writes the file. Nothing is left behind where that fails.
local function write(client, operation, path, content, content_type, overwrite)
  if type(content) ~= "string" or content == "" then
    return nil, errors.response("the answer has no content: no file was written", { operation = operation })
  end
  local ok, message = client.system.write_file(path, content, overwrite and "replace" or "new")
  if not ok then
    return nil, errors.config("the file can't be written: " .. errors.message_of(message), nil, {
      operation = operation,
      hint = not overwrite and "overwrite = true replaces a file that exists" or nil,
    })
  end
  return setmetatable({ path = path, bytes = #content, type = content_type }, file_type)
end

--- Saves the letter of authorization (LOA-CFA) of a port.
-- @tparam table client
-- @tparam string id of a connection, LAG or interconnect
-- @tparam string path of the file; must be free unless `overwrite`
-- @tparam[opt] table options `overwrite`: replace the file, or the link; `provider_name`; and those of a call
-- @treturn[1] table `{path, bytes, type}`
-- @treturn[2] nil
-- @treturn[2] table error
local function save_loa(client, id, path, options)
  check.is_table_or_nil("save_loa: options", options, 3)
  local ok, err = check_names("DescribeLoa", "connectionId", id, path)
  if not ok then
    return nil, err
  end
  local own, calls = own_options.split("save_loa", loa_options, options, true)
  if not own then
    return nil, calls
  end
  local result
  result, err = client:describe_loa({ connectionId = id, providerName = own.provider_name }, calls)
  if not result then
    return nil, err
  end
  return write(client, "DescribeLoa", path, result.loaContent, result.loaContentType or "application/pdf",
    own.overwrite)
end

-- ---- router types

-- Letters and digits of a text in lower case, other characters as blanks.
local function folded(text)
  return (text:lower():gsub("[^%w]+", " "))
end

-- Whether every word is in a router's vendor, platform or software.
local function fits(router, words)
  local text = " " .. folded(router.vendor .. " " .. router.platform .. " " .. router.software) .. " "
  for word in folded(words):gmatch("%w+") do
    if not text:find(" " .. word, 1, true) then
      return false
    end
  end
  return true
end

local function ambiguous(words, choices)
  local lines = {}
  for i, router in ipairs(choices) do
    lines[i] = router.routerTypeIdentifier
  end
  local err = errors.param("DescribeRouterConfiguration", "router", ("%s fits %s: choose one of %s"):format(
    errors.shown(words), #choices < #routers and #choices .. " router types" or "no router type that is known",
    table.concat(lines, ", ")))
  err.choices = setmetatable(choices, getmetatable(routers))
  return err
end

-- The identifier that is meant; nil and an error with `choices` where words fit none or several.
local function identifier_of(words)
  if words == nil then
    return nil
  end
  local choices = {}
  for _, router in ipairs(routers) do
    if router.routerTypeIdentifier:lower() == words:lower() then
      return router.routerTypeIdentifier
    elseif words:find("%w") and fits(router, words) then
      choices[#choices + 1] = router
    end
  end
  if #choices == 1 then
    return choices[1].routerTypeIdentifier
  elseif #choices == 0 and words:find("^%w+%-[%w.]+%-[%w.]+$") then -- an identifier that is newer than the list
    return words
  elseif #choices == 0 then
    for i, router in ipairs(routers) do
      choices[i] = router
    end
  end
  return nil, ambiguous(words, choices)
end

--- Saves the configuration of a router for a virtual interface. The file may hold the BGP key.
-- @tparam table client
-- @tparam string id of the virtual interface
-- @tparam string path of the file; must be free unless `overwrite`
-- @tparam[opt] table options `router`: the identifier of a router type, or words of vendor and platform; `overwrite`:
--   replace the file, or the link; and those of a call
-- @treturn[1] table `{path, bytes, type}`
-- @treturn[2] nil
-- @treturn[2] table error; with `choices`, the router types that the words fit, or all where they fit none
local function save_router_configuration(client, id, path, options)
  check.is_table_or_nil("save_router_configuration: options", options, 3)
  local ok, err = check_names("DescribeRouterConfiguration", "virtualInterfaceId", id, path)
  if not ok then
    return nil, err
  end
  local own, calls = own_options.split("save_router_configuration", router_options, options, true)
  if not own then
    return nil, calls
  end
  local identifier
  identifier, err = identifier_of(own.router)
  if err then
    return nil, err
  end
  local result
  result, err = client:describe_router_configuration({
    virtualInterfaceId = id,
    routerTypeIdentifier = identifier,
  }, calls)
  if not result then
    return nil, err
  end
  return write(client, "DescribeRouterConfiguration", path, result.customerRouterConfig, "text/plain", own.overwrite)
end

return {
  save_loa = save_loa,
  save_router_configuration = save_router_configuration,
}
