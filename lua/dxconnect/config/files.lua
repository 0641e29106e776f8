--- The shared files of the AWS tools, read and merged: the credentials file over the config file, key by key.
-- A section answers by key; blank values count as absent.

local check = require "dxconnect.check"
local errors = require "dxconnect.errors"

local SHOWN = 3 -- sections passed over that a message names

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

--- Why a file can't be read, for a message that names the file itself.
-- @tparam string path
-- @param message what `read_file` said
-- @treturn string
local function reason(path, message)
  local text = errors.message_of(message or "nobody says why")
  if text:sub(1, #path + 2) == path .. ": " then
    text = text:sub(#path + 3)
  end
  return first_line(text)
end

local files_methods = {}
local files_mt = { __index = files_methods }

--- A section by kind ("profile", "sso-session", "services") and name; nil where there is none.
function files_methods:section(kind, name)
  return self.sections[kind][name]
end

local function names_of(group)
  local names = {}
  for name in pairs(group) do
    names[#names + 1] = name
  end
  table.sort(names)
  return names
end

--- Why there may be no section of a kind and name, for the end of a message: the nearest name, files that can't be
-- read, sections that were passed over.
-- @tparam string kind
-- @tparam[opt] string name
-- @treturn string "" where there is nothing to say
function files_methods:hints(kind, name)
  local hints = {}
  if name then
    hints[1] = check.suggestion(name, names_of(self.sections[kind])):match("^; (.*)$")
  end
  for _, problem in ipairs(self.problems) do
    hints[#hints + 1] = "a file can't be read: " .. problem
  end
  for i = 1, math.min(#self.passed_over, SHOWN) do
    hints[#hints + 1] = self.passed_over[i]
  end
  if #self.passed_over > SHOWN then
    hints[#hints + 1] = ("%d more sections are passed over"):format(#self.passed_over - SHOWN)
  end
  return hints[1] and "; " .. table.concat(hints, "; ") or ""
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

--- Replaces a leading ~ by the home directory: that of the environment, else that of the user database.
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
    home = drive and directory and drive .. directory or system.home()
  end
  return home and home .. path:sub(2) or path
end

-- What a read failure means for a client: nothing where the file isn't there; refused where it has no end; else a
-- problem that is told where something is missing.
local function sort_failure(path, message)
  message = errors.message_of(message or "it can't be read")
  local is_named = message:find(path, 1, true)
  local text = is_named and message or path .. ": " .. message
  if path:find("^~") then
    return nil, text .. " (the home directory is unknown: HOME is not set)"
  elseif message:find("[Nn]o such file") or message:find("Not a directory", 1, true) then
    return nil, nil
  elseif message:find("larger than", 1, true) or message:find("in time", 1, true) then
    return text
  end
  return nil, text
end

-- Reads one file into files; returns what is wrong with it.
local function read_one(files, system, path, is_credentials, seconds)
  local text, message = system.read_file(path, seconds)
  if text == nil then
    local refusal, problem = sort_failure(path, message)
    files.problems[#files.problems + 1] = problem
    return refusal
  end
  local parsed, passed_over = require("dxconnect.config.ini").parse(text, path, is_credentials)
  if not parsed then
    return passed_over
  end
  for _, section in ipairs(passed_over) do
    files.passed_over[#files.passed_over + 1] = ("line %d of %s passes over [%s]: %s"):format(section.line, path,
      section.header, section.why)
  end
  merge(files.sections, parsed, path, is_credentials)
  return nil
end

--- Reads both files. One that isn't there counts as empty; so does one that can't be read, but the errors that follow
-- from it tell why.
-- @tparam table system
-- @tparam string config_file path
-- @tparam string credentials_file path
-- @tparam[opt] number seconds that a pipe or device may take
-- @treturn[1] table files
-- @treturn[2] nil
-- @treturn[2] string message
local function read(system, config_file, credentials_file, seconds)
  local files = {
    sections = { profile = {}, ["sso-session"] = {}, services = {} },
    problems = {}, -- of files that can't be read
    passed_over = {}, -- sections, in words
  }
  for i, path in ipairs { config_file, credentials_file } do
    local problem = read_one(files, system, path, i == 2, seconds)
    if problem then
      return nil, problem
    end
  end
  return setmetatable(files, files_mt)
end

return {
  read = read,
  expand_home = expand_home,
  first_line = first_line,
  reason = reason,
}
