--- The shared files of the AWS tools, read and merged: the credentials file over the config file, key by key.
-- A section answers by key; blank values count as absent.

local section_methods = {}
local section_mt = { __index = section_methods }

--- A key's value, nil where absent or blank.
function section_methods:get(key)
  local property = self.properties[key]
  local value = property and not property.has_nested and property.value
  if not value or value:find("^%s*$") then
    return nil
  end
  return value
end

--- The value of a key below another one.
function section_methods:nested(key, inner)
  local property = self.properties[key]
  local value = property and property.nested and property.nested[inner]
  if not value or value:find("^%s*$") then
    return nil
  end
  return value
end

--- Where a key is from, in words.
function section_methods:origin(key)
  local property = self.properties[key]
  return ("%s %s in %s"):format(self.kind, self.name, property and property.file or "the shared files")
end

--- Whether a key is from the credentials file.
function section_methods:is_of_credentials_file(key)
  local property = self.properties[key]
  return property ~= nil and property.is_credentials == true
end

--- A value for a message: without the lines that continue it. A line that is indented by mistake, with a secret in it
-- maybe, continues the one before.
-- @tparam string value
-- @treturn string
local function first_line(value)
  local line = value:match("^[^\r\n]*")
  return line == value and value or line .. "…"
end

local files_methods = {}
local files_mt = { __index = files_methods }

--- A section by kind ("profile", "sso-session", "services") and name; nil where there is none.
function files_methods:section(kind, name)
  return self.sections[kind][name]
end

local function merge(sections, parsed, file, is_credentials)
  for kind, group in pairs(parsed) do
    for name, properties in pairs(group) do
      local section = sections[kind][name]
      if not section then
        section = setmetatable({ kind = kind, name = name, properties = {} }, section_mt)
        sections[kind][name] = section
      end
      for key, property in pairs(properties) do
        property.file, property.is_credentials = file, is_credentials
        section.properties[key] = property
      end
    end
  end
end

--- Replaces a leading ~ by the home directory.
-- @tparam table system
-- @tparam string path
-- @treturn string the path, unchanged where there is no home directory
local function expand_home(system, path)
  if path ~= "~" and not path:find("^~[/\\]") then
    return path
  end
  local home = system.getenv("HOME")
  if not home or home == "" then
    home = system.getenv("USERPROFILE")
  end
  if not home or home == "" then
    local drive, directory = system.getenv("HOMEDRIVE"), system.getenv("HOMEPATH")
    home = drive and directory and drive .. directory
  end
  return home and home .. path:sub(2) or path
end

--- Reads both files; one that can't be read counts as empty.
-- @tparam table system
-- @tparam string config_file path
-- @tparam string credentials_file path
-- @treturn[1] table files
-- @treturn[2] nil
-- @treturn[2] string message
local function read(system, config_file, credentials_file)
  local sections = { profile = {}, ["sso-session"] = {}, services = {} }
  for i, path in ipairs { config_file, credentials_file } do
    local text = system.read_file(path)
    if type(text) == "string" then
      local parsed, message = require("dxconnect.config.ini").parse(text, path, i == 2)
      if not parsed then
        return nil, message
      end
      merge(sections, parsed, path, i == 2)
    end
  end
  return setmetatable({ sections = sections }, files_mt)
end

return {
  read = read,
  expand_home = expand_home,
  first_line = first_line,
}
