--- The user-agent header, in the format that the AWS SDKs agreed on.

local core = require "dxconnect.core"
local VERSION = require "dxconnect.version"

local function lua_version()
  if type(jit) == "table" then
    return "5.1", "md/impl#LuaJIT"
  end
  return _VERSION:match("%d+%.%d+") or "unknown"
end

-- The characters of a token in HTTP; all others become "-".
local function token(text)
  return (text:gsub("[^%w!#$%%&'*+.^_`|~-]", "-"))
end

--- The header's value for a client.
-- @tparam table settings
-- @treturn string
local function of(settings)
  local version, implementation = lua_version()
  local parts = { "dxconnect/" .. VERSION, "ua/2.1", "os/" .. core.os, "lang/lua#" .. version }
  parts[#parts + 1] = implementation
  local environment = settings.values.execution_env
  if environment and environment ~= "" then
    parts[#parts + 1] = "exec-env/" .. token(environment)
  end
  parts[#parts + 1] = "cfg/retry-mode#" .. token(tostring(settings.values.retry_mode or "standard"))
  local app = settings.values.sdk_ua_app_id
  if app and app ~= "" then
    parts[#parts + 1] = "app/" .. token(app)
  end
  return table.concat(parts, " ")
end

return {
  of = of,
}
