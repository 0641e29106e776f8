--- Settings of a client: option, then environment, then profile, then default, by the list in options.lua.
-- Only the value that wins is checked. The error for a bad value names the setting, its origin and what is allowed.
-- The outside world is reached through `system`.

local check = require "dxconnect.check"
local core = require "dxconnect.core"
local endpoint = require "dxconnect.endpoint"
local errors = require "dxconnect.errors"
local options_list = require "dxconnect.config.options"
local shared_files = require "dxconnect.config.files"
local systems = require "dxconnect.system"

local by_name = options_list.by_name

local PATIENCE = 10 -- seconds that a pipe or device has to be read; a shorter time-out of the client's counts

-- Default of connect_timeout by defaults_mode, in seconds.
local connect_timeouts = {
  legacy = 10,
  standard = 3.1,
  ["in-region"] = 1.1,
  ["cross-region"] = 3.1,
  mobile = 30,
}

local function unknown_option(name)
  return errors.config(check.unknown("option", name, options_list.names))
end

local function is_blank(text)
  return text == nil or text == "" or text:find("^%s*$") ~= nil
end

--- A variable's value, nil where unset or blank.
-- @tparam table system
-- @tparam string name
-- @treturn ?string
local function variable(system, name)
  local value = system.getenv(name)
  if type(value) ~= "string" or is_blank(value) then
    return nil
  end
  return value
end

-- ---- one setting

-- What a bad value looks like in a message; nothing of it where it may hold a secret.
local function shown(entry, value)
  if entry.secret or entry.url then
    return ""
  elseif type(value) == "string" then
    return (' "%s"'):format(errors.shown(shared_files.first_line(value)))
  elseif type(value) == "number" or type(value) == "boolean" then
    return " " .. tostring(value)
  end
  return " a " .. type(value)
end

local function bad_value(entry, value, origin)
  local given = shown(entry, value)
  return errors.config(("%s (from %s): expected %s%s%s"):format(entry.name, origin, entry.type.allowed,
    given ~= "" and ", got" .. given or "", entry.hint and "; " .. entry.hint or ""))
end

local function percent_encoded(c)
  return ("%%%02X"):format(c:byte())
end

-- A proxy's URL with user and password encoded as far as they are not, so that every transport reads the same.
local function clean_proxy(url)
  local parts = core.url(url)
  if not parts.userinfo then
    return url
  end
  local userinfo = parts.userinfo:gsub("%%(%x?%x?)", function(digits)
    return (#digits == 2 and "%" or "%25") .. digits
  end):gsub("[^%w%-._~%%:!$&'()*+,;=]", percent_encoded)
  return ("%s://%s@%s"):format(parts.scheme, userinfo, parts.authority)
end

local function checked(entry, value, origin)
  if entry.is_proxy and type(value) == "string" and not value:find("://", 1, true) then
    value = "http://" .. value
  end
  local found = entry.type.check(value)
  if found == nil then
    return nil, bad_value(entry, value, origin)
  end
  return entry.is_proxy and clean_proxy(found) or found, origin
end

-- Text of the environment or a file becomes a value.
local function read_text(entry, text, origin)
  local value = text
  if entry.type.read then
    value = entry.type.read(text)
    if value == nil then
      return nil, bad_value(entry, text, origin)
    end
  end
  return checked(entry, value, origin)
end

-- From the environment or the profile: value, origin; or nil, error; or nil where neither has it.
local function from_outside(settings, entry)
  for _, name in ipairs(entry.env or {}) do
    local text = variable(settings.system, name)
    if text then
      return read_text(entry, text, name)
    end
  end
  local profile = settings.profile
  local text = entry.key and profile and profile:get(entry.key)
  if text then
    return read_text(entry, text, profile:origin(entry.key))
  end
  return nil
end

-- Whether an option was given; blank text counts as not.
local function is_given(value)
  return value ~= nil and not (type(value) == "string" and is_blank(value))
end

local function set(settings, entry, value, origin)
  settings.values[entry.name], settings.origins[entry.name] = value, origin
end

-- Resolves one setting into settings; returns true, or nil, error.
local function resolve_entry(settings, entry, given)
  local value, origin
  if is_given(given) then
    value, origin = checked(entry, given, "option")
  else
    value, origin = from_outside(settings, entry)
    if value == nil and origin == nil then
      value, origin = entry.default, "default"
    end
  end
  if value == nil and origin ~= "default" then
    return nil, origin
  end
  if entry.path and value then
    value = shared_files.expand_home(settings.system, value)
  end
  set(settings, entry, value, origin)
  return true
end

-- ---- endpoints

-- A custom endpoint for a service from environment and profile: url, origin; nil, nil where none; nil, error.
local function configured_url(settings, service)
  if settings.values.ignore_configured_endpoint_urls then
    return nil
  end
  local entry = by_name.endpoint_url
  for _, name in ipairs { "AWS_ENDPOINT_URL_" .. service:upper(), "AWS_ENDPOINT_URL" } do
    local text = variable(settings.system, name)
    if text then
      return read_text(entry, text, name)
    end
  end
  local profile = settings.profile
  local section_name = profile and profile:get("services")
  if section_name then
    local section = settings.files:section("services", section_name)
    if not section then
      return nil, errors.config(("services (from %s): there is no section [services %s]%s"):format(
        profile:origin("services"), errors.shown(shared_files.first_line(section_name)),
        settings.files:hints("services", section_name)))
    end
    local text = section:nested(service, "endpoint_url")
    if text then
      return read_text(entry, text, section:origin(service))
    end
  end
  local text = profile and profile:get("endpoint_url")
  if text then
    return read_text(entry, text, profile:origin("endpoint_url"))
  end
  return nil
end

local function resolve_endpoint_url(settings, given)
  local entry = by_name.endpoint_url
  local value, origin
  if is_given(given) then
    value, origin = checked(entry, given, "option")
  else
    value, origin = configured_url(settings, entry.service)
    if value == nil and origin == nil then
      set(settings, entry, nil, "default")
      return true
    end
  end
  if value == nil then
    return nil, origin
  end
  set(settings, entry, value, origin)
  return true
end

-- What environment and shared files call a service, where that is not its name.
local service_ids = { directconnect = "direct_connect", oidc = "sso_oidc", secretsmanager = "secrets_manager" }

--- The URL of another service than ours.
-- @tparam table settings
-- @tparam string service the first part of its host, "oidc" and "sso" for those of single sign-on
-- @tparam[opt] string region instead of the client's
-- @tparam[opt] string url that was given for it, and goes before environment and shared files
-- @treturn[1] string URL
-- @treturn[1] string the region to sign for
-- @treturn[1] string where the URL is from, for messages
-- @treturn[2] nil
-- @treturn[2] table error
local function service_url(settings, service, region, url)
  local custom, err = url, url and "option"
  if not url then
    custom, err = configured_url(settings, service_ids[service] or (service:gsub("%W", "_")))
  end
  if custom == nil and err ~= nil then
    return nil, err
  end
  local fips = settings.values.use_fips_endpoint and not (region and settings.fips_by_region)
  region = region or settings.values.region
  local found, message, signing_region = endpoint.url(service, {
    region = region,
    fips = fips,
    dualstack = settings.values.use_dualstack_endpoint,
    url = custom,
  })
  if not found then
    return nil, errors.config(("%s (the endpoint of %s is from %s)"):format(message, service, err))
  end
  return found, signing_region or region, custom and err or "the region " .. errors.shown(region)
end

-- The old names of FIPS regions, fips-us-east-1 and us-east-1-fips, set use_fips_endpoint.
local function normalize_region(settings)
  local values = settings.values
  local region = values.region
  if region and (region:find("^fips%-") or region:find("%-fips$")) then
    values.region = region:gsub("^fips%-", ""):gsub("%-fips$", "")
    if not values.use_fips_endpoint then
      values.use_fips_endpoint, settings.origins.use_fips_endpoint = true, settings.origins.region
      settings.fips_by_region = true
    end
  end
end

local function no_region(settings)
  return errors.config("no region: give the option region, set AWS_REGION, or put region into the profile"
    .. settings.files:hints("profile"), "NoRegionError")
end

-- The URL of Direct Connect; a custom one needs no region.
local function url_of(settings)
  normalize_region(settings)
  local values = settings.values
  if not values.region and not values.endpoint_url then
    return nil, no_region(settings)
  end
  local url, message = endpoint.url("directconnect", {
    region = values.region,
    fips = values.use_fips_endpoint,
    dualstack = values.use_dualstack_endpoint,
    url = values.endpoint_url,
  })
  if not url then
    local origins = settings.origins
    local flag = values.use_fips_endpoint and "use_fips_endpoint" or "use_dualstack_endpoint"
    return nil, errors.config(("%s (%s from %s, endpoint_url from %s)"):format(message, flag, origins[flag],
      origins.endpoint_url))
  end
  return url
end

-- Where calls go and what they are signed for, from the values.
local function locate(settings)
  local url, err = url_of(settings)
  local values = settings.values
  if not url or not values.region then
    return nil, err or no_region(settings)
  end
  settings.url = url
  settings.signing_region = values.region
  -- A proxy from the environment applies to https only.
  settings.proxy, settings.no_proxy = values.proxy, values.no_proxy
  settings.proxy_for_https_only = values.proxy ~= nil and settings.origins.proxy ~= "option"
  return true
end

-- ---- a client's settings

local function auto_mode(settings)
  local current = settings.values.execution_env
    and (variable(settings.system, "AWS_REGION") or variable(settings.system, "AWS_DEFAULT_REGION"))
  if not current then
    return "standard"
  end
  return current == settings.values.region and "in-region" or "cross-region"
end

local function default_connect_timeout(settings)
  local values = settings.values
  if values.connect_timeout == nil then
    local mode = values.defaults_mode
    values.connect_timeout = connect_timeouts[mode == "auto" and auto_mode(settings) or mode]
    settings.origins.connect_timeout = "default of defaults_mode " .. mode
  end
end

-- These are needed before any profile can be read.
local first = { "config_file", "shared_credentials_file", "profile" }
local is_first = { config_file = true, shared_credentials_file = true, profile = true }

-- Seconds that a file may keep a client waiting; nil leaves it to `read_file`.
local function patience_of(options)
  local patience
  for _, name in ipairs { "total_timeout", "timeout" } do
    local seconds = options[name]
    if type(seconds) == "number" and seconds > 0 and seconds < (patience or PATIENCE) then
      patience = seconds
    end
  end
  return patience
end

local function read_files(settings, options)
  for _, name in ipairs(first) do
    local ok, err = resolve_entry(settings, by_name[name], options[name])
    if not ok then
      return nil, err
    end
  end
  local values, origins = settings.values, settings.origins
  local files, message = shared_files.read(settings.system, values.config_file, values.shared_credentials_file,
    patience_of(options))
  if not files then
    return nil, errors.config(message)
  end
  settings.files = files
  settings.profile = files:section("profile", values.profile)
  settings.profile_is_option = origins.profile == "option"
  if not settings.profile and origins.profile ~= "default" then
    return nil, errors.config(('profile (from %s): there is no profile "%s" in %s or %s%s'):format(origins.profile,
      errors.shown(shared_files.first_line(values.profile)), values.config_file, values.shared_credentials_file,
      files:hints("profile", values.profile)))
  end
  return true
end

-- Keeps a setting that is checked when it is used: its text, and where that is from.
local function keep_lazily(settings, entry)
  for _, name in ipairs(entry.env or {}) do
    local text = variable(settings.system, name)
    if text then
      set(settings, entry, text, name)
      return
    end
  end
  local text = entry.key and settings.profile and settings.profile:get(entry.key)
  if text then
    set(settings, entry, text, settings.profile:origin(entry.key))
  else
    set(settings, entry, entry.default, "default")
  end
end

-- A bundle of certificates that can't be read, or holds none, is told with its origin. What is no regular file, a pipe
-- say, can't be read again: `ca_text` keeps what it held.
local function check_bundle(settings, options)
  local path = settings.values.ca_bundle
  local kind = settings.values.transport
  if not path or kind ~= nil and type(kind) ~= "string" then
    return true
  end
  local text, message = settings.system.read_file(path, patience_of(options))
  if not text and core.is_file(path) then -- the transports read the disk itself, whatever `read_file` is
    text, message = core.read_file(path)
  end
  if text and not text:find("-----BEGIN", 1, true) then
    message = path .. ": there is no certificate in it"
  elseif text then
    settings.ca_text = not core.is_file(path) and text or nil
    return true
  end
  return nil, errors.config(("ca_bundle (from %s): %s"):format(settings.origins.ca_bundle, errors.message_of(message)))
end

local function resolve_rest(settings, options)
  for _, entry in ipairs(options_list.list) do
    local ok, err = true, nil
    if entry.lazy then
      keep_lazily(settings, entry)
    elseif entry.name ~= "endpoint_url" and not is_first[entry.name] then
      ok, err = resolve_entry(settings, entry, options[entry.name])
    end
    if not ok then
      return nil, err
    end
  end
  return resolve_endpoint_url(settings, options.endpoint_url)
end

local function check_names(options)
  for name in pairs(options) do
    local entry = by_name[name]
    if not entry or not entry.option then
      return nil, unknown_option(name)
    elseif entry.needs and options[entry.needs] == nil then
      return nil, errors.config(("%s (from option): it needs the option %s beside it"):format(name, entry.needs))
    end
  end
  return true
end

-- The replaced entries of the outside world. The clock and the sleep of a transport that has some stand in for the
-- system's, unless `system` has its own: time in a replay or an emulator is theirs.
local function replaced_entries(options)
  local system, transport = options.system, options.transport
  if type(transport) ~= "table" then
    return system
  end
  local entries = {}
  for name, value in pairs(system or {}) do
    entries[name] = value
  end
  for _, name in ipairs { "clock", "sleep" } do
    local ok, value = pcall(function()
      return transport[name]
    end)
    if ok and entries[name] == nil and type(value) == "function" then
      entries[name] = value
    end
  end
  return entries
end

--- Resolves everything but where calls go: no region is needed. Returns what `resolve` returns.
-- @tparam table options of a client
local function resolve_values(options)
  local known, unknown = check_names(options)
  if not known then
    return nil, unknown
  end
  if options.system ~= nil and type(options.system) ~= "table" then
    return nil, bad_value(by_name.system, options.system, "option")
  end
  local system, err = systems.new(replaced_entries(options),
    type(options.logger) == "function" and options.logger or nil)
  if not system then
    return nil, err
  end
  local settings = { values = {}, origins = {}, system = system }
  for _, step in ipairs { read_files, resolve_rest, check_bundle } do
    local ok
    ok, err = step(settings, options)
    if not ok then
      return nil, err
    end
  end
  default_connect_timeout(settings)
  return settings
end

--- Resolves a client's options.
-- @tparam table options
-- @treturn[1] table settings `{values, origins, system, files, profile, url, signing_region}`
-- @treturn[2] nil
-- @treturn[2] table error
local function resolve(options)
  local settings, err = resolve_values(options)
  local ok
  if settings then
    ok, err = locate(settings)
  end
  return ok and settings or nil, err
end

--- A setting that is checked only when something needs it.
-- @tparam table settings
-- @tparam string name
-- @return value, origin; or nil, error
local function value_of(settings, name)
  local entry = by_name[name]
  local value, origin = settings.values[name], settings.origins[name]
  if not entry.lazy or origin == "default" then
    return value, origin
  end
  return read_text(entry, value, origin)
end

--- Lays the options of a single call over a client's settings.
-- @tparam table settings
-- @tparam table options
-- @treturn[1] table settings of the call
-- @treturn[2] nil
-- @treturn[2] table error
local function override(settings, options)
  local values, origins = {}, {}
  local new = setmetatable({ values = values, origins = origins }, { __index = settings })
  for name, value in pairs(settings.values) do
    values[name] = value
  end
  for name, origin in pairs(settings.origins) do
    origins[name] = origin
  end
  if settings.fips_by_region and is_given(options.region) then
    set(new, by_name.use_fips_endpoint, false, "default")
    new.fips_by_region = false
  end
  for name, given in pairs(options) do
    local entry = by_name[name]
    if not entry or not entry.option then
      return nil, unknown_option(name)
    elseif not entry.per_call then
      return nil, errors.config(("%s can't be changed for a single call: make a client with it"):format(name))
    end
    if is_given(given) then
      local value, origin = checked(entry, given, "option of the call")
      if value == nil then
        return nil, origin
      end
      set(new, entry, value, origin)
    end
  end
  local ok, err = locate(new)
  if not ok then
    return nil, err
  end
  return new
end

--- Checks an option of a single call, for what reads it before the call is made.
-- @tparam string name
-- @param value
-- @return[1] what it means; nil where it counts as left out
-- @treturn[2] nil
-- @treturn[2] table error
local function call_option(name, value)
  if not is_given(value) then
    return nil
  end
  local found, err = checked(by_name[name], value, "option of the call")
  if found == nil then
    return nil, err
  end
  return found
end

--- The same settings with no proxy, for what is asked past it.
-- @tparam table settings
-- @treturn table settings
local function without_proxy(settings)
  return setmetatable({ proxy = false }, { __index = settings })
end

--- The URL that a client with these options would call.
-- @tparam[opt] table options a client's
-- @treturn[1] string URL
-- @treturn[2] nil
-- @treturn[2] table error
local function endpoint_of(options)
  check.is_table_or_nil("dxconnect.endpoint: options", options, 2)
  local settings, err = resolve_values(options or {})
  if not settings then
    return nil, err
  end
  return url_of(settings)
end

--- Keeps the environment that settings and credentials come from, for nginx's workers, which see none of it.
-- To be called in `init_by_lua`.
local function capture()
  systems.capture(options_list.variables())
end

return {
  resolve = resolve,
  resolve_values = resolve_values,
  override = override,
  call_option = call_option,
  without_proxy = without_proxy,
  value_of = value_of,
  service_url = service_url,
  variable = variable,
  endpoint = endpoint_of,
  capture = capture,
}
