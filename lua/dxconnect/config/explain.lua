--- Settings for printing: each with value and origin, secrets hidden.

local config = require "dxconnect.config"
local core = require "dxconnect.core"
local first_line = require("dxconnect.config.files").first_line
local options_list = require "dxconnect.config.options"
local types = require "dxconnect.text.types"

local HIDDEN = "<hidden>"

-- A URL may carry a password, or a token in its query.
local function url_text(url)
  local parts = core.url(url)
  if not parts then
    return HIDDEN
  end
  local path, rest = url:match("^[^/]*//[^/?#]*([^?#]*)(.*)$")
  return ("%s://%s%s%s%s"):format(parts.scheme, parts.userinfo and HIDDEN .. "@" or "", parts.authority, path,
    rest ~= "" and "?" .. HIDDEN or "")
end

local function shown(entry, value)
  if value == nil then
    return nil
  elseif entry.secret then
    return HIDDEN
  elseif type(value) == "function" or type(value) == "table" then
    return "<" .. type(value) .. ">"
  elseif entry.url and type(value) == "string" then
    return url_text(value)
  end
  return type(value) == "string" and first_line(value) or value
end

-- Keys of a profile that say where credentials come from.
local credential_keys = {
  "role_arn", "web_identity_token_file", "sso_session", "sso_start_url", "login_session", "credential_process",
  "aws_access_key_id",
}

-- Where the chain finds credentials, as far as can be told without a request.
local function chain_origin(settings)
  if not settings.profile_is_option and config.variable(settings.system, "AWS_ACCESS_KEY_ID") then
    return "AWS_ACCESS_KEY_ID"
  end
  for _, key in ipairs(settings.profile and credential_keys or {}) do
    if settings.profile:get(key) then
      return settings.profile:origin(key)
    end
  end
  return nil
end

local function text_of(t)
  local lines, width = {}, 0
  for _, entry in ipairs(options_list.list) do
    width = math.max(width, #entry.name)
  end
  for _, entry in ipairs(options_list.list) do
    local row = t[entry.name]
    if row then
      local value = row.value == nil and "(none)" or tostring(row.value)
      lines[#lines + 1] = ("%s  %s  (%s)"):format(entry.name .. (" "):rep(width - #entry.name),
        (value:gsub("%c+", " ")), row.origin)
    end
  end
  return table.concat(lines, "\n")
end

local settings_type = types.new("settings", { kind = "map", text = text_of })
local setting_type = types.new "setting"

--- Every setting with its value and origin.
-- @tparam table settings
-- @treturn table `t[name] = {value, origin}`; printed, one line a setting
local function table_of(settings)
  local t = {}
  for _, entry in ipairs(options_list.list) do
    t[entry.name] = setmetatable({
      value = shown(entry, settings.values[entry.name]),
      origin = settings.origins[entry.name] or "default",
    }, setting_type)
  end
  local origin = settings.values.credentials == nil and chain_origin(settings)
  if origin then
    t.credentials = { value = HIDDEN, origin = origin }
  end
  return setmetatable(t, settings_type)
end

return { table_of = table_of }
