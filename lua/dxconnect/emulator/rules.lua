--- What the service says of a request's members: the model's constraints, and the rules that only its prose states.
-- A breach of the model's is a ValidationException, all breaches at once; one of the prose's, the first, is a
-- DirectConnectClientException.

local addresses = require "dxconnect.emulator.addresses"
local core = require "dxconnect.core"
local service_error = require "dxconnect.emulator.service_error"

local shapes = core.model().shapes

local rules = {}

-- ---- patterns

local function is_in(code, ranges)
  for i = 1, #ranges, 2 do
    if code >= ranges[i] and code <= ranges[i + 1] then
      return true
    end
  end
  return false
end

-- Code points above ASCII that are neither letters, digits nor blanks, as far as they are common: signs, punctuation,
-- arrows, boxes, pictures, and what has no meaning of its own.
local NO_TEXT = {
  0x80, 0x9F, 0xA1, 0xA9, 0xAB, 0xB1, 0xB4, 0xB4, 0xB6, 0xB8, 0xBB, 0xBB, 0xBF, 0xBF, 0xD7, 0xD7, 0xF7, 0xF7,
  0x300, 0x36F, 0x200B, 0x2027, 0x202A, 0x202E, 0x2030, 0x205E, 0x2060, 0x206F, 0x20A0, 0x20FF, 0x2190, 0x245F,
  0x2500, 0x2BFF, 0x3001, 0x3004, 0x3008, 0x3020, 0xE000, 0xF8FF, 0xFE00, 0xFE6F, 0xFFF0, 0xFFFF, 0x1F000, 0x1FAFF,
  0xE0000, 0x10FFFF,
}

local function code_of(bytes)
  local first = bytes:byte()
  local code = first < 0xE0 and first - 0xC0 or first < 0xF0 and first - 0xE0 or first - 0xF0
  for i = 2, #bytes do
    code = code * 64 + bytes:byte(i) - 0x80
  end
  return code
end

-- Letters, digits and blanks of any language, and a few signs.
local function is_tag_text(text)
  local rest = text:gsub("[%w_.:/=+%-@ ]", "")
  if rest:find("%c") then
    return false
  end
  for bytes in rest:gmatch("[\1-\127\194-\244][\128-\191]*") do
    if #bytes == 1 or is_in(code_of(bytes), NO_TEXT) then
      return false
    end
  end
  return true
end

local function matches(pattern)
  return function(text)
    return text:find(pattern) ~= nil
  end
end

-- The patterns of the model, by their text.
local checks = {
  ["^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$"] = is_tag_text,
  ["^[a-zA-Z0-9_\\-]+$"] = matches("^[%w_%-]+$"),
  ["^(dxrg|DXRG)-[0-9a-zA-Z]{17}$"] = function(text)
    return #text == 22 and (text:find("^dxrg%-%w+$") or text:find("^DXRG%-%w+$")) ~= nil
  end,
}

-- ---- limits

local function length_of(value)
  if type(value) == "table" then
    return #value
  end
  local _, count = value:gsub("[^\128-\191]", "")
  return count
end

local function size_of(value)
  return type(value) == "number" and value or length_of(value)
end

local nouns = {
  string = "Member must have length %s to %s", list = "Member must have length %s to %s",
  integer = "Member must be %s to %s", long = "Member must be %s to %s", number = "Member must be %s to %s",
}

-- What is wrong with a value by the limits of a shape or of a member; nil where nothing is.
local function breach_of(limits, kind, value)
  if limits.min or limits.max then
    local size = size_of(value)
    if size < (limits.min or 0) or size > (limits.max or math.huge) then
      return nouns[kind]:format(("%.0f"):format(limits.min or 0), limits.max and ("%.0f"):format(limits.max) or "any")
    end
  end
  if limits.enum then
    for _, known in ipairs(limits.enum) do
      if known == value then
        return nil
      end
    end
    return "Member must satisfy enum value set: [" .. table.concat(limits.enum, ", ") .. "]"
  elseif limits.pattern and checks[limits.pattern] and not checks[limits.pattern](value) then
    return "Member must satisfy regular expression pattern: " .. limits.pattern
  end
end

-- What is wrong with a value by the limits that only prose states.
local function prose_breach_of(member, value)
  if member.ranges then
    local texts = {}
    for i, range in ipairs(member.ranges) do
      if value >= range.min and value <= range.max then
        return nil
      end
      texts[i] = range.min == range.max and ("%.0f"):format(range.min) or ("%.0f to %.0f"):format(range.min, range.max)
    end
    return "must be " .. table.concat(texts, " or ")
  elseif member.hex_digits then
    local is_hex = #value == member.hex_digits and value:find("^%x+$")
    return not is_hex and ("must be %d hexadecimal digits"):format(member.hex_digits) or nil
  elseif type(value) ~= "table" and (member.min or member.max) then
    local size, low, high = size_of(value), member.min or 0, member.max or math.huge
    if size < low or size > high then
      local text = type(value) == "number" and "must be %.0f to %.0f" or "must have %.0f to %.0f characters"
      return text:format(low, high)
    end
  end
end

-- ---- either this or that

local function is_meant(params, rule)
  for member, value in pairs(rule.when or {}) do
    if params[member] ~= value then
      return false
    end
  end
  return true
end

local function members_of(groups, junction)
  local list = {}
  for i, group in ipairs(groups) do
    list[i] = table.concat(group, " and ")
  end
  return table.concat(list, junction)
end

-- How a request breaks a rule; nil where it doesn't.
local function rule_breach_of(params, rule)
  if not is_meant(params, rule) then
    return nil
  end
  local touched, whole = 0, 0
  for _, group in ipairs(rule.groups) do
    local has, all = false, true
    for _, member in ipairs(group) do
      has, all = has or params[member] ~= nil, all and params[member] ~= nil
    end
    touched, whole = touched + (has and 1 or 0), whole + (all and 1 or 0)
  end
  if rule.kind == "one" and not (touched == 1 and whole == 1) then
    return "specify exactly one of " .. members_of(rule.groups, " or ")
  elseif rule.kind == "at_most_one" and touched > 1 then
    return "specify at most one of " .. members_of(rule.groups, " or ")
  elseif rule.kind == "any" and whole == 0 then
    return "specify one of " .. members_of(rule.groups, " or ")
  elseif rule.kind == "all" and whole == 0 then
    return members_of(rule.groups, "") .. " are required"
  elseif rule.kind == "none" and touched > 0 then
    return members_of(rule.groups, "") .. " are not allowed"
  end
end

-- ---- a request

local function path_to(path, name)
  return path == "" and name or path .. "." .. name
end

local check

local function check_structure(shape, params, path, found)
  for _, name in ipairs(shape.required) do
    if params[name] == nil then
      table.insert(found.model, { path = path_to(path, name), message = "Member must not be null" })
    end
  end
  if params.asn and params.asnLong then
    params.asn = nil -- with both given, the long one counts
  end
  for _, name in ipairs(shape.order) do
    local value, member = params[name], shape.members[name]
    if value ~= nil then
      local before = #found.model
      check(member.shape, value, path_to(path, name), found)
      local breach = #found.model == before and prose_breach_of(member, value)
      if breach then
        table.insert(found.prose, path_to(path, name) .. " " .. breach)
      end
    end
  end
  for _, rule in ipairs(shape.rules or {}) do
    local breach = rule_breach_of(params, rule)
    if breach then
      table.insert(found.prose, (path == "" and "" or path .. ": ") .. breach)
    end
  end
end

local function find_bad_prefix(prefixes, found)
  for _, prefix in ipairs(prefixes) do
    if not addresses.is_prefix(prefix.cidr or "") then
      table.insert(found.prose, ("CIDR %s is not valid"):format(prefix.cidr or ""))
    end
  end
end

function check(name, value, path, found)
  local shape = shapes[name]
  if shape.type == "structure" then
    return check_structure(shape, value, path, found)
  end
  local breach = breach_of(shape, shape.type, value)
  if breach then
    table.insert(found.model, { path = path, message = breach })
    return
  elseif name == "TagList" then
    table.insert(found.tags, value)
  elseif name == "RouteFilterPrefixList" then
    find_bad_prefix(value, found)
  end
  if shape.type == "list" then
    for i, item in ipairs(value) do
      check(shape.member, item, ("%s.%d.member"):format(path, i), found)
    end
  end
end

--- Raises where parameters break a rule; leaves out what the service leaves out.
-- @tparam table op from the model
-- @tparam table params of the right types
-- @tparam number most_tags that a resource can have
function rules.check(op, params, most_tags)
  if not op.input then
    return
  end
  local found = { model = {}, prose = {}, tags = {} }
  check(op.input, params, "", found)
  local lines = {}
  for i, problem in ipairs(found.model) do
    lines[i] = ("Value at '%s' failed to satisfy constraint: %s"):format(problem.path, problem.message)
  end
  if #lines > 0 then
    service_error.of("ValidationException", "%d validation error%s detected: %s", #lines, #lines == 1 and "" or "s",
      table.concat(lines, "; "))
  elseif found.prose[1] then
    service_error.client("%s", found.prose[1])
  end
  for _, tags in ipairs(found.tags) do
    rules.check_tags(tags, most_tags)
  end
end

-- ---- what several operations ask

--- Raises where a resource can't have these tags, all of them together.
-- @tparam {{key=string,value=string},...} tags
-- @tparam number most how many there can be
function rules.check_tags(tags, most)
  local seen = {}
  for _, tag in ipairs(tags) do
    if tag.key and seen[tag.key] then
      service_error.of("DuplicateTagKeysException", "The tag key %s occurs more than once", tag.key)
    end
    seen[tag.key or 0] = true
  end
  if #tags > most then
    service_error.of("TooManyTagsException", "You have reached the limit on the number of tags of a resource: %.0f",
      most)
  end
end

--- Raises where a text is no account's id.
function rules.check_account(id)
  if #id ~= 12 or not id:find("^%d+$") then
    service_error.client("Account %s does not exist: an account's id has 12 digits", id)
  end
end

return rules
