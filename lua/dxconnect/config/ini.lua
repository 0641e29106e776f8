--- A parser of the shared configuration files, `config` and `credentials`, by their specification.
-- Pure: text in, sections out. Problems name the file and the line, never what the line says.

local trim = require "dxconnect.trim"

local NAME = "^[%w_%-/.%%@:+]+$"

-- A comment begins with # or ; behind white space.
local function without_comment(text)
  local at = text:find("[ \t][#;]")
  return at and text:sub(1, at - 1) or text
end

-- The kind and name of a section; nil for one that counts for nothing (its lines are still checked).
local function section_of(header, is_credentials)
  if is_credentials then
    if header:find(NAME) then
      return "profile", header
    end
    return nil
  end
  if header == "default" then
    return "profile", "default", true
  end
  local kind, name = header:match("^([%w_%-]+)%s+(%S+)$")
  if kind and name:find(NAME) and (kind == "profile" or kind == "sso-session" or kind == "services") then
    return kind, name
  end
  return nil
end

local function key_and_value(text)
  local at = text:find("=", 1, true)
  if not at then
    return nil, "has no equals sign"
  end
  local key = trim(text:sub(1, at - 1))
  if key == "" then
    return nil, "has no name before the equals sign"
  end
  return key, trim(text:sub(at + 1))
end

-- ---- one line each; state is {sections, section, property, plain_default}

local function read_header(state, line)
  local header = trim((line:gsub("[#;].*$", "")))
  if #header < 2 or header:sub(-1) ~= "]" then
    return "begins a section but does not end it with a bracket"
  end
  local kind, name, is_plain = section_of(trim(header:sub(2, -2)), state.is_credentials)
  state.property = nil
  if not kind then
    state.section = {} -- ignored
    return nil
  end
  local group = state.sections[kind]
  if is_plain then -- kept apart: [profile default] beats it, wherever it stands
    state.plain_default = state.plain_default or {}
    state.section = state.plain_default
    return nil
  end
  group[name] = group[name] or {}
  state.section = group[name]
  return nil
end

local function read_property(state, line)
  if not state.section then
    return "stands before the first section"
  end
  local key, value = key_and_value(without_comment(line))
  if not key then
    return value
  end
  local property = { value = value, line = state.line }
  if value == "" then
    property.nested = {}
  end
  state.property = property
  if key:find(NAME) then
    state.section[key:lower()] = property
  end
  return nil
end

local function read_continuation(state, line)
  local property = state.property
  local text = trim(line)
  if not property then
    return "is indented but there is no property that it could continue"
  elseif not property.nested then
    property.value = property.value .. "\n" .. text
    return nil
  end
  local key, value = key_and_value(without_comment(text))
  if not key then
    return value
  end
  property.has_nested = true
  if key:find(NAME) then
    property.nested[key:lower()] = value
  end
  return nil
end

--- Parses a file's text.
-- @tparam string text
-- @tparam string file its name, for messages and origins
-- @tparam ?boolean is_credentials whether it is the credentials file, whose sections are profiles without a prefix
-- @treturn[1] table `{profile = {name = {key = {value, nested, line}}}, ["sso-session"] = …, services = …}`; `nested`
-- holds the properties below one that has no value of its own
-- @treturn[2] nil
-- @treturn[2] string message
local function parse(text, file, is_credentials)
  local state = {
    sections = { profile = {}, ["sso-session"] = {}, services = {} },
    is_credentials = is_credentials,
    line = 0,
  }
  for line in (text .. "\n"):gmatch("(.-)\r?\n") do
    state.line = state.line + 1
    local first = line:sub(1, 1)
    local problem
    if line:find("^%s*$") or line:find("^%s*[#;]") then
      problem = nil
    elseif first == "[" then
      problem = read_header(state, line)
    elseif first:find("%s") then
      problem = read_continuation(state, line)
    else
      problem = read_property(state, line)
    end
    if problem then
      return nil, ("%s: line %d %s"):format(file, state.line, problem)
    end
  end
  local profiles = state.sections.profile
  if state.plain_default and not profiles.default then
    profiles.default = state.plain_default
  end
  return state.sections
end

return { parse = parse }
