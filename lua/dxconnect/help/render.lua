--- What the help says about one thing: text made from the model and the words beside it.

local guide = require "dxconnect.help.guide"
local layout = require "dxconnect.help.layout"
local words = require "dxconnect.help.words"

local columns, indented, wrap = layout.columns, layout.indented, layout.wrap

-- A name and, in parentheses, what it is; on two lines where one is too short.
local function head(name, what)
  return name .. (#name + #what > 70 and "\n" or "") .. "  (" .. what .. ")"
end

-- ---- the model

--- What a member has to be, and what it means.
-- @tparam table model
-- @tparam string structure
-- @tparam string name
-- @tparam table member
-- @tparam[opt] boolean is_result whether it is a result's: nothing is required there
-- @treturn string
local function member_text(model, structure, name, member, is_result)
  local parts = { words.type_text(model, member.shape) }
  for _, word in ipairs(words.constraints(model, member, is_result)) do
    parts[#parts + 1] = word
  end
  local meaning = require("dxconnect.help.members").meaning(structure, name)
  return table.concat(parts, ", ") .. (meaning and ": " .. meaning or "")
end

-- The members of a structure, those it contains below them once each.
local function structure_text(model, name, is_result, seen, indent)
  local shape = model.shapes[name]
  local rows, inner = {}, {}
  for _, member in ipairs(shape.order) do
    local entry = shape.members[member]
    rows[#rows + 1] = { member, member_text(model, name, member, entry, is_result) }
    local target = words.structure_in(model, entry.shape)
    if target and not seen[target.name] then
      seen[target.name] = true
      inner[#inner + 1] = target.name
    end
  end
  local parts = { #rows > 0 and columns(rows, indent) or indent .. "  nothing" }
  for _, rule in ipairs(not is_result and shape.rules or {}) do
    parts[#parts + 1] = wrap(words.rule_text(rule), indent .. "  ")
  end
  for _, target in ipairs(inner) do
    parts[#parts + 1] = indent .. "  " .. target .. "\n"
      .. structure_text(model, target, is_result, seen, indent .. "  ")
  end
  return table.concat(parts, "\n")
end

--- An operation's page.
-- @tparam table model
-- @tparam table op
-- @treturn string
local function operation_text(model, op)
  local parts = {
    head(op.method, op.name) .. "\n\n" .. wrap(words.about(op), "  "),
  }
  if op.deprecated then
    parts[#parts + 1] = "Deprecated" .. (op.use_instead and ": use " .. model.operations[op.use_instead].method or "")
  end
  parts[#parts + 1] = "Parameters\n" .. (op.input and structure_text(model, op.input, false, {}, "") or "  none")
  parts[#parts + 1] = "Result\n" .. (op.output and structure_text(model, op.output, true, {}, "") or "  nothing")
  if op.items and op.retry == "read" then
    parts[#parts] = parts[#parts] .. ("\n" .. wrap(("client:items(%q) goes through %s%s"):format(op.method, op.items,
      op.pages and ", page by page" or ""), "  "))
  end
  parts[#parts + 1] = "Errors\n" .. wrap(#op.errors > 0 and table.concat(op.errors, ", ") or "none of its own", "  ")
    .. '\n  and those that every call can fail with: help("errors")'
  parts[#parts + 1] = "Labels\n" .. wrap(table.concat(words.labels(op), ", ") .. "; "
    .. (guide.retries[op.retry] or op.retry), "  ")
  parts[#parts + 1] = "Example\n" .. indented(require("dxconnect.help.example").assignment(model, op))
  return table.concat(parts, "\n\n")
end

--- A shape's page.
-- @tparam table model
-- @tparam table shape
-- @treturn string
local function shape_text(model, shape)
  local kind = shape.type == "structure" and (shape.exception and "error" or "structure")
    or words.type_text(model, shape.name)
  local parts = { head(shape.name, kind) }
  if shape.type == "structure" then
    parts[#parts + 1] = structure_text(model, shape.name, false, { [shape.name] = true }, "")
  else
    local limits = words.limits(shape, {})
    parts[#parts + 1] = #limits > 0 and wrap(table.concat(limits, ", "), "  ") or nil
  end
  local used = words.users(model, shape)
  if #used > 0 then
    parts[#parts + 1] = "Used by\n" .. wrap(table.concat(used, ", "), "  ")
  end
  return table.concat(parts, "\n\n")
end

-- ---- functions, settings, states

-- What it returns moves to a line of its own where both do not fit one.
local function usage_text(usage)
  local call, returns = usage:match("^(.-) (%->.*)$")
  if #usage <= 80 or not call then
    return wrap(usage, "")
  end
  return wrap(call, "") .. "\n" .. wrap(returns, "  ")
end

--- A function's page.
-- @tparam table entry of functions/
-- @treturn string
local function function_text(entry)
  return ("%s\n\n%s%s\n\nExample\n%s"):format(usage_text(entry.usage), wrap(entry.about, "  "),
    entry.text ~= "" and "\n\n" .. wrap(entry.text, "  ") or "", indented(entry.example))
end

local function duration(seconds)
  for _, unit in ipairs { { 86400, "day" }, { 3600, "hour" }, { 60, "minute" } } do
    if seconds >= unit[1] and seconds % unit[1] == 0 then
      return ("%d %s%s"):format(seconds / unit[1], unit[2], seconds == unit[1] and "" or "s")
    end
  end
  return ("%d seconds"):format(seconds)
end

--- The states that can be waited for: `{name, kind, state, waiter, meaning}`, sorted by name.
-- @treturn {table,...}
local function waiter_list()
  local waiters, states = require "dxconnect.workflows.waiters", require "dxconnect.help.states"
  local kinds = require("dxconnect.resources.kinds").kinds
  local list = {}
  for name, waiter in pairs(waiters) do
    local best
    for kind in pairs(kinds) do
      if name:sub(1, #kind + 1) == kind .. "_" and #kind > #(best or "") then
        best = kind
      end
    end
    local state = name:sub(#best + 2)
    list[#list + 1] = {
      name = name, kind = best, state = state, waiter = waiter, meaning = states.meaning(best, state),
      entry = kinds[best],
    }
  end
  table.sort(list, function(a, b)
    return a.name < b.name
  end)
  return list
end

--- The page of a state that can be waited for.
-- @tparam table model
-- @tparam table item of `waiter_list`
-- @treturn string
local function waiter_text(model, item)
  local op = model.operations[item.waiter.operation]
  local takes = {}
  for name, required in pairs(item.entry.takes or {}) do
    takes[#takes + 1] = name .. (required and " (required)" or "")
  end
  table.sort(takes)
  local machine = require("dxconnect.resources.states").machines[item.entry.machine]
  local following = machine and machine[item.state]
  local rows = {
    { "meaning", item.meaning or item.state },
    { "params", #takes > 0 and table.concat(takes, ", ") or "those of " .. op.method },
    { "asks", op.method .. ", every " .. duration(item.waiter.delay) .. " or so" },
    { "waits", "up to " .. duration(item.waiter.timeout) .. ", unless options.timeout tells otherwise" },
  }
  if following then
    rows[#rows + 1] = { "may become", #following > 0 and table.concat(following, ", ") or "nothing else" }
  end
  return ("%s  (state to wait for)\n\n%s\n\nExample\n%s"):format(item.name, columns(rows),
    indented(("local resource, err = client:wait_until(\n  %q, params)"):format(item.name)))
end

--- Every state that can be waited for, with its meaning.
-- @treturn string
local function waiters_text()
  local entry
  for _, one in ipairs(guide.functions) do
    entry = one.name == "waiters" and one or entry
  end
  local rows = {}
  for i, item in ipairs(waiter_list()) do
    rows[i] = { item.name, item.meaning or "" }
  end
  return function_text(entry) .. "\n\nStates\n" .. columns(rows)
end

local function settings()
  return require("dxconnect.config.options").list
end

--- Names and meanings of a client's options.
-- @treturn {{string,string},...}
local function option_rows()
  local rows = {}
  for _, entry in ipairs(settings()) do
    if entry.option then
      rows[#rows + 1] = { entry.name, entry.about }
    end
  end
  return rows
end

--- What there is to say of a setting, in rows.
-- @tparam table entry of options.lua
-- @treturn {{string,string},...}
local function setting_rows(entry)
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
  if entry.needs then
    rows[#rows + 1] = { "needs", entry.needs }
  end
  rows[#rows + 1] = { "where", entry.option and (entry.per_call and "client and single calls" or "client")
    or "environment and profile only" }
  return rows
end

--- A setting's page.
-- @tparam table entry of options.lua
-- @treturn string
local function option_text(entry)
  return ("%s  (setting)\n\n%s\n\n%s"):format(entry.name, wrap(entry.about, "  "), columns(setting_rows(entry)))
end

-- ---- pages

--- Pages on what all calls have in common, by name.
local pages = {
  options = function()
    return "Options of dxconnect.client\n\n" .. columns(option_rows())
  end,
  errors = function()
    local rows = {}
    for i, code in ipairs(guide.codes) do
      rows[i] = { code[1], code[2] .. ": " .. code[3] }
    end
    return "Errors\n\n" .. wrap(guide.errors_text, "  ") .. "\n\n" .. columns(guide.error_fields)
      .. "\n\nCodes of our own\n" .. columns(rows)
  end,
  meta = function()
    return "meta, the third value of a call\n\n" .. columns(guide.meta_fields)
  end,
  retries = function()
    local rows = {}
    for _, name in ipairs { "read", "repeatable", "token", "once" } do
      rows[#rows + 1] = { name, guide.retries[name] }
    end
    return "Retries\n\n" .. wrap(guide.retries_text[1], "  ") .. "\n\n" .. columns(rows) .. "\n\n"
      .. wrap(guide.retries_text[2], "  ")
  end,
  command = function()
    return "The command: dxconnect VERB\n\n" .. columns(guide.verbs) .. "\n\n"
      .. wrap("`dxconnect VERB --help` tells the options. Exit status: 0; 1 error; 2 usage, parameters; 3 found "
        .. "something; 130 Ctrl-C.", "  ")
  end,
}

--- The page of a topic: its operations.
-- @tparam table model
-- @tparam table topic `{name, …}`, one of `topics`
-- @treturn string
local function topic_text(model, topic)
  local rows = {}
  for _, op in pairs(model.operations) do
    if op.topic == topic.name then
      rows[#rows + 1] = { op.method, words.first_sentence(words.about(op)) }
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

--- The first page.
-- @tparam table model
-- @treturn string
local function overview(model)
  local parts = {
    "dxconnect: the AWS Direct Connect API\n\n"
      .. '  local client = assert(dxconnect.client{ region = "us-east-1" })\n'
      .. "  local result, err = client:OPERATION{ ... }\n"
      .. "  or, on a client made at first use, dxconnect.OPERATION{ ... }\n\n"
      .. wrap('help(name) tells more: an operation in either spelling, a topic, a shape, a function, an option, a '
        .. 'state to wait for, "options", "errors", "retries", "waiters", "meta", "command", or a word to look for.',
        "  "),
  }
  for _, topic in ipairs(words.topics(model)) do
    parts[#parts + 1] = topic_text(model, topic) .. ("\n  (topic %q)"):format(topic.name)
  end
  for _, group in ipairs(guide.groups) do
    local rows = {}
    for _, entry in ipairs(guide.functions) do
      if entry.group == group.name then
        rows[#rows + 1] = { entry.name, entry.about }
      end
    end
    parts[#parts + 1] = group.title .. "\n" .. columns(rows)
  end
  return table.concat(parts, "\n\n")
end

return {
  operation = operation_text,
  member = member_text,
  shape = shape_text,
  topic = topic_text,
  guide_function = function_text,
  option = option_text,
  setting_rows = setting_rows,
  waiter = waiter_text,
  waiters = waiters_text,
  waiter_list = waiter_list,
  duration = duration,
  settings = settings,
  pages = pages,
  overview = overview,
}
