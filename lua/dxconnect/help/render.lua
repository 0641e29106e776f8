--- What the help says about one thing: text made from the model and the words beside it.

local example = require "dxconnect.help.example"
local guide = require "dxconnect.help.guide"
local members = require "dxconnect.help.members"
local operations = require "dxconnect.help.operations"
local options = require "dxconnect.config.options"

local WIDTH = 110

local retry_words = {
  read = "sends nothing that changes anything; retried",
  repeatable = "a second time means \"already so\"; retried",
  token = "a client token makes a repeat harmless; retried",
  once = "sent again only when the first surely had no effect",
}

local label_words = {
  reads = "reads",
  changes = "changes",
  interrupts = "interrupts traffic",
  bills = "bills",
  spends_quota = "spends a quota",
}

-- ---- text

local function wrap(text, indent)
  local lines, line = {}, ""
  for word in text:gmatch("%S+") do
    if #line > 0 and #indent + #line + #word >= WIDTH then
      lines[#lines + 1] = indent .. line
      line = word
    else
      line = #line > 0 and line .. " " .. word or word
    end
  end
  lines[#lines + 1] = indent .. line
  return table.concat(lines, "\n")
end

--- Rows of two columns, the second one wrapped beneath itself.
-- @tparam {{string,string},...} rows
-- @treturn string
local function columns(rows)
  local width = 0
  for _, row in ipairs(rows) do
    width = math.max(width, #row[1])
  end
  width = math.min(width, 44)
  local lines = {}
  for _, row in ipairs(rows) do
    local left = "  " .. row[1] .. (" "):rep(width - #row[1])
    if row[2] == "" then
      lines[#lines + 1] = "  " .. row[1]
    else
      local rest = wrap(row[2], (" "):rep(width + 4))
      lines[#lines + 1] = left .. rest:sub(#left + 1)
      if #row[1] > width then
        lines[#lines] = left .. "\n" .. rest
      end
    end
  end
  return table.concat(lines, "\n")
end

local function indented(text)
  return "  " .. text:gsub("\n", "\n  ")
end

--- The first sentence of a text; all of it where it is but one.
-- @tparam string text
-- @treturn string
local function first_sentence(text)
  return text:match("^(.-%.)%s") or text
end

-- ---- the model in words

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

local function type_text(model, shape_name)
  local shape = model.shapes[shape_name]
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

local function member_text(model, name, member, with_notes)
  local shape = model.shapes[member.shape]
  local words = { type_text(model, member.shape) }
  if member.required and with_notes then
    words[#words + 1] = "required"
  end
  for _, word in ipairs(limits(shape, member)) do
    words[#words + 1] = word
  end
  if member.secret then
    words[#words + 1] = "secret"
  end
  if member.deprecated then
    words[#words + 1] = "deprecated" .. (member.use_instead and " (use " .. member.use_instead .. ")" or "")
  end
  local note = with_notes and members.notes[name]
  return table.concat(words, ", ") .. (note and ": " .. note or "")
end

local rule_words = {
  one = "Exactly one of ",
  at_most_one = "At most one of ",
  any = "At least one of ",
  all = "Needed: ",
  none = "Not taken: ",
}

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

-- The members of a structure, those it contains below them once each.
local function structure_text(model, name, with_notes, seen)
  local shape = model.shapes[name]
  local rows, inner = {}, {}
  for _, member in ipairs(shape.order) do
    local entry = shape.members[member]
    rows[#rows + 1] = { member, member_text(model, member, entry, with_notes) }
    local target = model.shapes[entry.shape]
    while target.type == "list" do
      target = model.shapes[target.member]
    end
    if target.type == "structure" and not seen[target.name] then
      seen[target.name] = true
      inner[#inner + 1] = target.name
    end
  end
  local parts = { #rows > 0 and columns(rows) or "  nothing" }
  for _, rule in ipairs(shape.rules or {}) do
    parts[#parts + 1] = "  " .. rule_text(rule)
  end
  for _, target in ipairs(inner) do
    parts[#parts + 1] = "  " .. target .. "\n" .. indented(structure_text(model, target, with_notes, seen))
  end
  return table.concat(parts, "\n")
end

--- What an operation does, in a sentence or more.
-- @tparam table op
-- @treturn string
local function about(op)
  return operations[op.method] or ("An operation of the service, on the subject of %s."):format(op.topic or "its own")
end

local function labels_text(op)
  local words = {}
  for i, label in ipairs(op.labels) do
    words[i] = label_words[label] or label
    if label == "interrupts" and op.interrupts_with then
      words[i] = words[i] .. " with " .. op.interrupts_with
    end
  end
  return table.concat(words, ", ")
end

--- An operation's page.
-- @tparam table model
-- @tparam table op
-- @treturn string
local function operation_text(model, op)
  local parts = {
    ("%s  (%s)\n\n%s"):format(op.method, op.name, wrap(about(op), "  ")),
  }
  if op.deprecated then
    parts[#parts + 1] = "Deprecated" .. (op.use_instead and ": use " .. model.operations[op.use_instead].method or "")
  end
  parts[#parts + 1] = "Parameters\n" .. (op.input and structure_text(model, op.input, true, {}) or "  none")
  parts[#parts + 1] = "Result\n" .. (op.output and structure_text(model, op.output, false, {}) or "  nothing")
  if op.items and op.retry == "read" then
    parts[#parts] = parts[#parts] .. ("\n  client:items(%q) goes through\n  %s%s"):format(op.method, op.items,
      op.pages and ", page by page" or "")
  end
  parts[#parts + 1] = "Errors\n" .. wrap(#op.errors > 0 and table.concat(op.errors, ", ") or "none of its own", "  ")
    .. '\n  and those that every call can fail with: help("errors")'
  parts[#parts + 1] = "Labels\n  " .. labels_text(op) .. "; " .. (retry_words[op.retry] or op.retry)
  parts[#parts + 1] = "Example\n" .. indented("local result, err = " .. example.call(model, op))
  return table.concat(parts, "\n\n")
end

--- A shape's page.
-- @tparam table model
-- @tparam table shape
-- @treturn string
local function shape_text(model, shape)
  local head = shape.name .. "  (" .. type_text(model, shape.name)
  if shape.type == "structure" then
    head = shape.name .. "  (" .. (shape.exception and "error" or "structure")
  end
  local parts = { head .. ")" }
  if shape.type == "structure" then
    parts[#parts + 1] = structure_text(model, shape.name, true, { [shape.name] = true })
  else
    local words = limits(shape, {})
    parts[#parts + 1] = #words > 0 and "  " .. table.concat(words, ", ") or nil
  end
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
  if #used > 0 then
    parts[#parts + 1] = "Used by\n" .. wrap(table.concat(used, ", "), "  ")
  end
  return table.concat(parts, "\n\n")
end

--- A function's page.
-- @tparam table entry of guide.lua
-- @treturn string
local function function_text(entry)
  return ("%s\n\n%s\n\n%s\n\nExample\n%s"):format(entry.usage, wrap(entry.about, "  "), indented(entry.text),
    indented(entry.example))
end

--- Names and meanings of a client's options.
-- @treturn {{string,string},...}
local function option_rows()
  local rows = {}
  for _, entry in ipairs(options.list) do
    if entry.option then
      rows[#rows + 1] = { entry.name, entry.about }
    end
  end
  return rows
end

--- A setting's page.
-- @tparam table entry of options.lua
-- @treturn string
local function option_text(entry)
  local rows = { { "type", entry.type_name }, { "allowed", entry.type.allowed } }
  if entry.env then
    rows[#rows + 1] = { "environment", table.concat(entry.env, ", ") }
  end
  if entry.key then
    rows[#rows + 1] = { "profile key", entry.key }
  end
  if entry.default ~= nil then
    rows[#rows + 1] = { "default", tostring(entry.default) }
  end
  rows[#rows + 1] = { "where", entry.option and (entry.per_call and "client and single calls" or "client")
    or "environment and profile only" }
  return ("%s  (setting)\n\n%s\n\n%s"):format(entry.name, wrap(entry.about, "  "), columns(rows))
end

--- The page of a topic: its operations.
-- @tparam table model
-- @tparam table topic `{name, …}`, one of `topics`
-- @treturn string
local function topic_text(model, topic)
  local rows = {}
  for _, op in pairs(model.operations) do
    if op.topic == topic.name then
      rows[#rows + 1] = { op.method, first_sentence(about(op)) }
    end
  end
  table.sort(rows, function(a, b)
    return a[1] < b[1]
  end)
  for _, entry in ipairs(guide.functions) do
    if entry.name:gsub("_", ""):find(topic.name, 1, true) then
      rows[#rows + 1] = { entry.name, entry.about }
    end
  end
  return topic.title .. "\n" .. columns(rows)
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

--- The first page.
-- @tparam table model
-- @treturn string
local function overview(model)
  local parts = {
    "dxconnect: the AWS Direct Connect API\n\n"
      .. '  local client = assert(dxconnect.client{ region = "us-east-1" })\n'
      .. "  local result, err = client:OPERATION{ ... }    or    dxconnect.OPERATION{ ... }\n\n"
      .. '  help(name) tells more: an operation in either spelling, a topic, a shape, a function, an option,\n'
      .. '  "options", "errors", "retries", or a word to look for.',
  }
  for _, topic in ipairs(topics(model)) do
    parts[#parts + 1] = topic_text(model, topic) .. ("\n  (topic %q)"):format(topic.name)
  end
  local rows = {}
  for i, entry in ipairs(guide.functions) do
    rows[i] = { entry.name, entry.about }
  end
  parts[#parts + 1] = "Functions\n" .. columns(rows)
  return table.concat(parts, "\n\n")
end

return {
  about = about,
  columns = columns,
  first_sentence = first_sentence,
  topics = topics,
  operation = operation_text,
  shape = shape_text,
  topic = topic_text,
  guide_function = function_text,
  option = option_text,
  option_rows = option_rows,
  overview = overview,
}
