--- Valid parameters of any structure of the model, made from the model's own rules: for the examples of the help.

local members = require "dxconnect.help.members"

local LONGEST = 48 -- of a string, and of a table on one line
local FIRST_LINE = 76

-- Something that the shape takes, where no sample is at hand.
local function value_of_type(shape, limit)
  local kind = shape.type
  if shape.enum then
    return shape.enum[1]
  elseif kind == "boolean" then
    return true
  elseif kind == "string" or kind == "blob" then
    return ("x"):rep(math.max(limit.min or shape.min or 1, 1))
  elseif limit.ranges then
    return limit.ranges[1].min
  end
  return limit.min or shape.min or 1
end

local structure

local function value(model, name, member, owner)
  local shape = model.shapes[member.shape]
  if shape.type == "structure" then
    return structure(model, member.shape)
  elseif shape.type == "list" then
    return { value(model, name, { shape = shape.member }, owner) }
  elseif shape.type == "map" then
    return {}
  end
  local sample = members.samples_in[owner .. "." .. name] or members.samples[name]
  if sample == nil then
    return value_of_type(shape, member)
  end
  return sample
end

local function add(wanted, names)
  for _, name in ipairs(names) do
    wanted[name] = true
  end
end

local function has_group(wanted, groups)
  for _, group in ipairs(groups) do
    local whole = true
    for _, name in ipairs(group) do
      whole = whole and wanted[name]
    end
    if whole then
      return true
    end
  end
  return false
end

-- The names of members that make the structure valid, and those an example should show.
local function choose(shape, name)
  local wanted = {}
  add(wanted, shape.required)
  add(wanted, members.shown[name] or {})
  for _, rule in ipairs(shape.rules or {}) do
    local applies = true
    for member, text in pairs(rule.when or {}) do
      applies = applies and wanted[member] and members.samples[member] == text
    end
    if applies and rule.kind == "all" then
      for _, group in ipairs(rule.groups) do
        add(wanted, group)
      end
    elseif applies and (rule.kind == "one" or rule.kind == "any") and not has_group(wanted, rule.groups) then
      add(wanted, rule.groups[1])
    end
  end
  return wanted
end

function structure(model, name)
  local shape = model.shapes[name]
  local wanted = choose(shape, name)
  local result = {}
  for _, member in ipairs(shape.order) do
    if wanted[member] then
      result[member] = value(model, member, shape.members[member], name)
    end
  end
  return result
end

--- Parameters that the operation takes, as few as make sense; an empty table where it takes none.
-- @tparam table model
-- @tparam table op
-- @treturn table
local function params(model, op)
  return op.input and structure(model, op.input) or {}
end

local source

local function fields(model, shape, result, indent)
  local lines = {}
  for _, name in ipairs(shape.order) do
    if result[name] ~= nil then
      local text = source(model, shape.members[name].shape, result[name], indent .. "  ")
      lines[#lines + 1] = indent .. "  " .. name .. " = " .. text .. ","
    end
  end
  return lines
end

-- A long string is broken behind a colon, so that help keeps to its width.
local function quoted(text, indent)
  local first = text:sub(1, LONGEST):match("^(.*:)")
  if #text <= LONGEST or not first then
    return ('"%s"'):format(text)
  end
  return ('"%s"\n%s  .. "%s"'):format(first, indent, text:sub(#first + 1))
end

-- A value as Lua source, members in the model's order. A table that is shorter than `room` is on one line.
function source(model, shape_name, result, indent, room)
  local shape = model.shapes[shape_name]
  if shape.type == "list" then
    return "{ " .. source(model, shape.member, result[1], indent) .. " }"
  elseif shape.type == "map" then
    return "{}"
  elseif shape.type ~= "structure" then
    return type(result) == "string" and quoted(result, indent) or tostring(result)
  end
  local lines = fields(model, shape, result, indent)
  if #lines == 0 then
    return "{}"
  elseif #lines <= 3 then
    local words = {}
    for i, line in ipairs(lines) do
      words[i] = line:gsub("^%s+", "")
    end
    local short = "{ " .. table.concat(words, " "):gsub(",$", "") .. " }"
    if #short + #indent < (room or LONGEST) and not short:find("\n", 1, true) then
      return short
    end
  end
  return "{\n" .. table.concat(lines, "\n") .. "\n" .. indent .. "}"
end

--- The call with those parameters, as Lua source.
-- @tparam table model
-- @tparam table op
-- @treturn string
local function call(model, op)
  local room = math.min(LONGEST, 70 - #op.method)
  local text = op.input and source(model, op.input, params(model, op), "", room) or "{}"
  if text == "{}" then
    text = "()"
  end
  return "client:" .. op.method .. text
end

--- The call with what it returns, in lines that fit help's width.
-- @tparam table model
-- @tparam table op
-- @treturn string
local function assignment(model, op)
  local text = call(model, op)
  local joined = "local result, err = " .. text
  if #joined:match("^[^\n]*") <= FIRST_LINE then
    return joined
  end
  return "local result, err =\n  " .. text:gsub("\n", "\n  ")
end

return { params = params, call = call, assignment = assignment }
