--- The model in words: types, constraints, rules and labels. Help, reference and the editor's annotations share them.

local guide = require "dxconnect.help.guide"
local operations = require "dxconnect.help.operations"

local label_words = {
  reads = "reads",
  changes = "changes",
  interrupts = "interrupts traffic",
  bills = "bills",
  spends_quota = "spends a quota",
}

local function range_text(limit, unit)
  if limit.min and limit.max and limit.min == limit.max then
    return ("%d%s"):format(limit.min, unit)
  elseif limit.min and limit.max then
    return ("%d to %d%s"):format(limit.min, limit.max, unit)
  elseif limit.min then
    return ("at least %d%s"):format(limit.min, limit.min == 1 and unit:gsub("s$", "") or unit)
  elseif limit.max then
    return ("up to %d%s"):format(limit.max, unit)
  end
end

--- What a value has to be, besides its type.
-- @tparam table shape
-- @tparam table member of a structure; empty for the shape by itself
-- @treturn {string,...}
local function limits(shape, member)
  local words = {}
  if shape.enum then
    words[1] = table.concat(shape.enum, " | ")
  end
  local limit = (member.min or member.max or member.ranges or member.hex_digits) and member or shape
  if limit.hex_digits then
    words[#words + 1] = limit.hex_digits .. " hexadecimal digits"
  elseif limit.ranges then
    local parts = {}
    for i, range in ipairs(limit.ranges) do
      parts[i] = range_text(range, "")
    end
    words[#words + 1] = table.concat(parts, " or ")
  else
    local unit = shape.type == "string" and " characters" or shape.type == "list" and " items" or ""
    words[#words + 1] = not shape.enum and range_text(limit, unit) or nil
  end
  return words
end

--- The structure that a shape is, or is a list of; nil where there is none.
-- @tparam table model
-- @tparam string name
-- @treturn ?table
local function structure_in(model, name)
  local shape = model.shapes[name]
  while shape.type == "list" do
    shape = model.shapes[shape.member]
  end
  return shape.type == "structure" and shape or nil
end

--- A shape's type.
-- @tparam table model
-- @tparam string name
-- @treturn string
local function type_text(model, name)
  local shape = model.shapes[name]
  if shape.type == "structure" then
    return shape.name
  elseif shape.type == "list" then
    return "list of " .. type_text(model, shape.member)
  elseif shape.type == "timestamp" then
    return "Unix seconds"
  elseif shape.type == "blob" then
    return "bytes"
  elseif shape.type == "long" then
    return "integer"
  end
  return shape.type
end

--- What a member has to be, with "required", "secret" and "deprecated".
-- @tparam table model
-- @tparam table member
-- @tparam boolean is_result whether it is a result's: nothing is required there
-- @treturn {string,...}
local function constraints(model, member, is_result)
  local words = {}
  if member.required and not is_result then
    words[1] = "required"
  end
  for _, word in ipairs(limits(model.shapes[member.shape], member)) do
    words[#words + 1] = word
  end
  if member.secret then
    words[#words + 1] = "secret"
  end
  if member.deprecated then
    words[#words + 1] = "deprecated" .. (member.use_instead and " (use " .. member.use_instead .. ")" or "")
  end
  return words
end

local rule_words = {
  one = "Exactly one of ",
  at_most_one = "At most one of ",
  any = "At least one of ",
  all = "Needed: ",
  none = "Not taken: ",
}

--- A rule between members, as a sentence.
-- @tparam table rule
-- @treturn string
local function rule_text(rule)
  local groups = {}
  for i, group in ipairs(rule.groups) do
    groups[i] = table.concat(group, (rule.kind == "all" or rule.kind == "none") and ", " or " with ")
  end
  local last = table.remove(groups)
  local text = rule_words[rule.kind] .. (#groups > 0 and table.concat(groups, ", ") .. " or " or "") .. last
  for name, value in pairs(rule.when or {}) do
    text = ("With %s %s: %s%s"):format(name, value, text:sub(1, 1):lower(), text:sub(2))
  end
  return text .. "."
end

--- What an operation does, in a sentence or more.
-- @tparam table op
-- @treturn string
local function about(op)
  return operations[op.method] or ("An operation of the service, on the subject of %s."):format(op.topic or "its own")
end

--- The first sentence of a text; all of it where it is but one.
-- @tparam string text
-- @treturn string
local function first_sentence(text)
  return text:match("^(.-%.)%s") or text
end

--- An operation's labels.
-- @tparam table op
-- @treturn {string,...}
local function labels(op)
  local words = {}
  for i, label in ipairs(op.labels) do
    words[i] = label_words[label] or label
    if label == "interrupts" and op.interrupts_with then
      words[i] = words[i] .. " with " .. op.interrupts_with
    end
  end
  return words
end

--- Topics of the guide, and whatever else the model has.
-- @tparam table model
-- @treturn {table,...}
local function topics(model)
  local list, known = {}, {}
  for _, topic in ipairs(guide.topics) do
    list[#list + 1] = topic
    known[topic.name] = true
  end
  local others = {}
  for _, op in pairs(model.operations) do
    if op.topic and not known[op.topic] then
      known[op.topic] = true
      others[#others + 1] = { name = op.topic, title = op.topic }
    end
  end
  table.sort(others, function(a, b)
    return a.name < b.name
  end)
  for _, topic in ipairs(others) do
    list[#list + 1] = topic
  end
  return list
end

--- What uses a shape: methods of operations and names of shapes, sorted.
-- @tparam table model
-- @tparam table shape
-- @treturn {string,...}
local function users(model, shape)
  local used = {}
  for _, op in pairs(model.operations) do
    if op.input == shape.name or op.output == shape.name then
      used[#used + 1] = op.method
    end
  end
  for name, other in pairs(model.shapes) do
    local holds = false
    for _, member in pairs(other.members or {}) do
      local inner = model.shapes[member.shape]
      while inner.type == "list" and inner.name ~= shape.name do
        inner = model.shapes[inner.member]
      end
      holds = holds or inner.name == shape.name
    end
    used[#used + 1] = holds and name or nil
  end
  table.sort(used)
  return used
end

--- Every member that a structure takes, those of structures inside it too.
-- @tparam table model
-- @tparam ?string name of the structure
-- @tparam[opt] table found names so far, as a set that is added to
-- @treturn table set of names
local function members_within(model, name, found)
  found = found or {}
  local shape = name and model.shapes[name]
  for _, member in ipairs(shape and shape.order or {}) do
    local inner = structure_in(model, shape.members[member].shape)
    if not found[member] then
      found[member] = true
      if inner then
        members_within(model, inner.name, found)
      end
    end
  end
  return found
end

return {
  limits = limits,
  structure_in = structure_in,
  type_text = type_text,
  constraints = constraints,
  rule_text = rule_text,
  about = about,
  first_sentence = first_sentence,
  labels = labels,
  topics = topics,
  users = users,
  members_within = members_within,
}
