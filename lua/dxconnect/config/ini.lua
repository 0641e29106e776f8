--- A parser of the shared configuration files, `config` and `credentials`: their specification, and what the AWS CLI
-- reads beyond it (quoted names, indented keys, text behind a header's bracket).
-- Pure: text in, sections out. Problems name the file and the line, never what the line says.

local trim = require "dxconnect.text.trim"

local KEY = "^[%w_%-/.%%@:+]+$"
local SHOWN = 128 -- bytes of a header that are kept for messages
local PASSED_OVER = 16 -- sections passed over that are kept for messages

-- A comment begins with # or ; behind white space.
local function without_comment(text)
  local at = text:find("[ \t][#;]")
  return at and text:sub(1, at - 1) or text
end

local function unquoted(name)
  local quote = name:match("^[\"']")
  if quote then
    return #name > 2 and name:find(quote, 2, true) == #name and name:sub(2, -2) or nil
  end
  return name ~= "" and not name:find("[\"'\\]") and name or nil
end

local kinds = { profile = true, ["sso-session"] = true, services = true }

-- The kind and name of a section; or nil and why it is passed over.
local function section_of(header, is_credentials)
  if is_credentials then
    if header:find("^profile%s") then
      return nil, "the name of a profile stands alone in this file, without the word profile"
    end
    local name = unquoted(header)
    return name and "profile", name or "its name can't be read"
  elseif header == "default" then
    return "profile", "default", true
  end
  local kind, name = header:match("^([%w_%-]+)%s+(.+)$")
  if not kinds[kind] then
    return nil, "the name of a profile follows the word profile in this file"
  end
  if not name:find("^[\"']") and name:find("%s") then
    return nil, "a name with blanks stands in quotes"
  end
  name = unquoted(name)
  return name and kind, name or "its name can't be read"
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

-- ---- one line each; state is {sections, section, property, indent, lines, plain_default}

-- Ends the property whose lines were read last.
local function end_property(state)
  local lines = state.lines
  if lines then
    state.property.value = table.concat(lines, "\n")
  end
  state.property, state.lines, state.indent = nil, nil, 0
end

local function pass_over(state, header, why)
  local list = state.passed_over
  if #list < PASSED_OVER then
    list[#list + 1] = { header = header:sub(1, SHOWN), line = state.line, why = why }
  end
end

local function read_header(state, line)
  local header = line:match("^%[([^%]]*)%]")
  if not header or (header:find("[#;]") and not header:find("[\"']")) then -- a comment may hide the bracket
    return "begins a section but does not end it with a bracket"
  end
  header = trim(header)
  local kind, name, is_plain = section_of(header, state.is_credentials)
  end_property(state)
  if not kind then
    pass_over(state, header, name)
    state.section = {} -- its lines are still checked
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

local function read_property(state, line, indent)
  if not state.section then
    return "stands before the first section"
  end
  local key, value = key_and_value(without_comment(line))
  if not key then
    return value
  end
  end_property(state)
  local property = { value = value, line = state.line }
  if value == "" then
    property.nested = {}
  end
  state.property, state.indent = property, indent
  if key:find(KEY) then
    state.section[key:lower()] = property
  end
  return nil
end

local function read_continuation(state, line)
  local property = state.property
  local text = trim(line)
  if not property.nested then
    state.lines = state.lines or { property.value }
    state.lines[#state.lines + 1] = text
    return nil
  end
  local key, value = key_and_value(without_comment(text))
  if not key then
    return value
  end
  property.has_nested = true
  if key:find(KEY) then
    property.nested[key:lower()] = value
  end
  return nil
end

local function read_line(state, line)
  local first = line:find("%S")
  local sign = first and line:sub(first, first)
  if not sign or sign == "#" or sign == ";" then
    return nil
  end
  local indent = first - 1
  if state.property and indent > state.indent then
    return read_continuation(state, line)
  elseif sign == "[" then
    return read_header(state, indent > 0 and line:sub(first) or line)
  elseif indent > 0 and not line:find("=", 1, true) then
    return "is indented but there is no property that it could continue"
  end
  return read_property(state, line, indent)
end

--- Parses a file's text.
-- @tparam string text
-- @tparam string file its name, for messages and origins
-- @tparam ?boolean is_credentials whether it is the credentials file, whose sections are profiles without a prefix
-- @treturn[1] table `{profile = {name = {key = {value, nested, line}}}, ["sso-session"] = …, services = …}`; `nested`
-- holds the properties below one that has no value of its own
-- @treturn[1] table the sections that were passed over, `{header, line, why}` each
-- @treturn[2] nil
-- @treturn[2] string message
local function parse(text, file, is_credentials)
  local state = {
    sections = { profile = {}, ["sso-session"] = {}, services = {} },
    passed_over = {},
    is_credentials = is_credentials,
    line = 0,
    indent = 0,
  }
  if text:sub(1, 3) == "\239\187\191" then -- a byte order mark
    text = text:sub(4)
  end
  for line in (text .. "\n"):gmatch("(.-)\r?\n") do
    state.line = state.line + 1
    local problem = read_line(state, line)
    if problem then
      return nil, ("%s: line %d %s"):format(file, state.line, problem)
    end
  end
  end_property(state)
  local profiles = state.sections.profile
  if state.plain_default and not profiles.default then
    profiles.default = state.plain_default
  end
  return state.sections, state.passed_over
end

return { parse = parse }
