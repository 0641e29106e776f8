--- Compiles the service's model and facts.lua into constant C tables.
-- `lua5.4 csrc/model/generate.lua service-2.json > csrc/model/model.c`; `make model MODEL=service-2.json` does it. A
-- second argument names other facts.
-- Documentation strings of the model are left behind.

local cjson = require("cjson").new()
local facts = dofile(arg[2] or (arg[0]:gsub("generate%.lua$", "facts.lua")))

local function fail(...)
  io.stderr:write("generate.lua: ", string.format(...), "\n")
  os.exit(1)
end

-- ---- reading

local path = arg[1] or fail("usage: generate.lua service-2.json")
local file = io.open(path, "rb") or fail("cannot read %s", path)
local text = file:read("a") or fail("cannot read %s", path)
file:close()
local is_json, model = pcall(cjson.decode, text)
if not is_json then
  fail("%s is not valid JSON: %s", path, model)
elseif type(model) ~= "table" or type(model.operations) ~= "table" or type(model.shapes) ~= "table" then
  fail("%s is not a service's model: operations or shapes are missing", path)
end
local metadata = type(model.metadata) == "table" and model.metadata or {}
if metadata.protocol ~= "json" or metadata.jsonVersion ~= "1.1" then
  fail("%s is not a model for the JSON protocol 1.1, which is all that dxconnect speaks", path)
end

-- lua-cjson forgets the order of an object's members; the text still has it. Its strings may hold braces: not here.
local bare = text:gsub("\\.", "__"):gsub('"[^"]*"', function(quoted)
  return (quoted:gsub("[{}]", "_"))
end)

local function member_order(shape_name)
  local _, at = bare:find('"' .. shape_name .. '"%s*:%s*{')
  -- shape names occur as operation names too; the one wanted has "type" among its own keys
  while at do
    local body = bare:match("^%b{}", at)
    if cjson.decode(body).type == "structure" then
      local _, start = body:find('"members"%s*:%s*{')
      local order = {}
      local position = start and start + 1
      while position do
        local name, brace = body:match('^[%s,]*"([^"]+)"%s*:%s*(){', position)
        if not name then
          break
        end
        order[#order + 1] = name
        position = brace + #body:match("^%b{}", brace)
      end
      return order
    end
    _, at = bare:find('"' .. shape_name .. '"%s*:%s*{', at)
  end
  fail("no structure %s", shape_name)
end

local function sorted(t)
  local keys = {}
  for key in pairs(t) do
    keys[#keys + 1] = key
  end
  table.sort(keys)
  return keys
end

local function snake_case(name)
  local words = name:gsub("(%u+)(%u%l)", "%1_%2"):gsub("([%l%d])(%u)", "%1_%2")
  return words:lower()
end

local function set(list)
  local t = {}
  for _, name in ipairs(list) do
    t[name] = true
  end
  return t
end

-- ---- facts against the model

local effects = {}
for topic, operations in pairs(facts.operations) do
  for name, entry in pairs(operations) do
    if not model.operations[name] then
      fail("facts.lua knows an operation that the model does not have: %s", name)
    end
    if entry.use_instead and not model.operations[entry.use_instead] then
      fail("facts.lua replaces %s by an operation that the model does not have: %s", name, entry.use_instead)
    end
    entry.topic = topic
    effects[name] = entry
  end
end
for name in pairs(model.operations) do
  if not effects[name] then
    fail("facts.lua has no entry for the operation %s: say what it does", name)
  end
end
for name in pairs(facts.rules) do
  if not model.shapes[name] then
    fail("facts.lua has rules for a structure that the model does not have: %s", name)
  end
end

for shape_name, name in pairs(facts.look_with) do
  if not model.shapes[shape_name] or not model.operations[name] then
    fail("facts.lua looks at %s with %s, but the model does not have both", shape_name, name)
  end
end

for member, instead in pairs(facts.replaced_members) do
  local shape_name, name = member:match("^(%w+)%.(%w+)$")
  local shape = model.shapes[shape_name]
  if not shape or not shape.members[name] or not shape.members[instead] then
    fail("facts.lua replaces %s by %s, but the model does not have both", member, instead)
  end
end

-- Members that a fact names; those left at the end are none of the model's.
local unmet = {}
for name in pairs(facts.limits) do
  unmet[name] = "limits"
end
for _, name in ipairs(facts.secret_members) do
  unmet[name] = "secret_members"
end

-- ---- writing

local out = {}
local function put(...)
  out[#out + 1] = string.format(...)
end

local function c_string(value)
  if value == nil then
    return "NULL"
  end
  return '"' .. value:gsub('[\\"]', "\\%0"):gsub("%?%?", "?\\?") .. '"'
end

local function c_integer(value)
  return ("INT64_C(%d)"):format(value)
end

local shape_names = sorted(model.shapes)
local shape_index = {}
for i, name in ipairs(shape_names) do
  shape_index[name] = i - 1
end

local function shape_ref(name)
  if name == nil then
    return "NULL"
  elseif not shape_index[name] then
    fail("no shape %s", name)
  end
  return ("&dx_shapes[S_%s]"):format(name)
end

-- Shapes that can be part of a request: only their members have limits of ours.
local is_input = {}
local function mark_input(name)
  if is_input[name] then
    return
  end
  is_input[name] = true
  local shape = model.shapes[name]
  for _, member in pairs(shape.members or {}) do
    mark_input(member.shape)
  end
  local item = shape.member or shape.value
  if item then
    mark_input(item.shape)
  end
end
for _, operation in pairs(model.operations) do
  if operation.input then
    mark_input(operation.input.shape)
  end
end

put("/* Generated by generate.lua from the service's model and facts.lua; do not edit: `make model`. */")
put('#include "model/model.h"')
put("")
put("enum {")
for _, name in ipairs(shape_names) do
  put("    S_%s,", name)
end
put("    S_COUNT")
put("};")
put("")

-- Names of members, each once: a number that grew with every new one would make diffs hard to read.
local member_names = {}
for _, shape in pairs(model.shapes) do
  for name in pairs(shape.members or {}) do
    member_names[name] = true
  end
end
member_names = sorted(member_names)
put("enum {")
for _, name in ipairs(member_names) do
  put("    N_%s,", name)
end
put("    N_COUNT")
put("};")
put("")

local function write_limit(name, limit)
  local id = "limit_" .. name:gsub("%.", "_")
  local ranges = "NULL, 0"
  if limit.ranges then
    local parts = {}
    for i, range in ipairs(limit.ranges) do
      parts[i] = ("{ %s, %s }"):format(c_integer(range[1]), c_integer(range[2]))
    end
    put("static const struct dx_range %s_ranges[] = { %s };", id, table.concat(parts, ", "))
    ranges = ("%s_ranges, %d"):format(id, #limit.ranges)
  end
  local length = limit.length or {}
  put("static const struct dx_limit %s = { %s, %s, %s, %d };", id, ranges, c_integer(length[1] or 0),
    c_integer(length[2] or -1), limit.hex or 0)
  return "&" .. id
end

-- One constant for each fact, shared by the members that it holds for.
local fact_limits = {}
for _, name in ipairs(sorted(facts.limits)) do
  fact_limits[name] = write_limit("of_" .. name, facts.limits[name])
end

local function model_limit(name, shape)
  if shape.min == nil and shape.max == nil then
    return "NULL"
  elseif shape.type == "integer" or shape.type == "long" then
    return write_limit(name, { ranges = { { shape.min or math.mininteger + 1, shape.max or math.maxinteger } } })
  end
  return write_limit(name, { length = { shape.min or 0, shape.max or -1 } })
end

local secret = set(facts.secret_members)

-- The model may mark client tokens; of this service it does not, yet.
local function is_token(member_name, member)
  return member_name == facts.token_member or member.idempotencyToken == true
end

local function token_of(shape)
  for _, name in ipairs(shape and sorted(shape.members) or {}) do
    if is_token(name, shape.members[name]) then
      return name
    end
  end
end

local function write_members(name, shape)
  local order = member_order(name)
  local required = set(shape.required or {})
  put("static const struct dx_member %s_members[] = {", name)
  for _, member_name in ipairs(order) do
    local member = shape.members[member_name]
    local flags = {}
    if required[member_name] then
      flags[#flags + 1] = "DX_REQUIRED"
    end
    if secret[member_name] or model.shapes[member.shape].sensitive then
      flags[#flags + 1] = "DX_SECRET"
    end
    if member.deprecated or model.shapes[member.shape].deprecated or facts.replaced_members[name .. "." .. member_name]
    then
      flags[#flags + 1] = "DX_DEPRECATED"
    end
    if is_token(member_name, member) then
      flags[#flags + 1] = "DX_TOKEN"
    end
    if secret[member_name] then
      unmet[member_name] = nil
    end
    local limit_name = fact_limits[name .. "." .. member_name] and name .. "." .. member_name or member_name
    local limit = is_input[name] and fact_limits[limit_name]
    if limit then
      unmet[limit_name] = nil
    end
    put("    { %s, %d, N_%s, %s, %s, %s },", c_string(member_name), #member_name, member_name,
      #flags > 0 and table.concat(flags, " | ") or "0", shape_ref(member.shape), limit or "NULL")
  end
  put("};")
  return order
end

local function write_rules(name, order)
  local rules = facts.rules[name]
  if not rules then
    return
  end
  local index = {}
  for i, member in ipairs(order) do
    index[member] = i - 1
  end
  local function bit(member)
    return index[member] or fail("facts.lua: a rule of %s names %s, which is no member", name, member)
  end
  local kinds = { one = "DX_ONE", at_most_one = "DX_AT_MOST_ONE", any = "DX_ANY", all = "DX_ALL", none = "DX_NONE" }
  for i, rule in ipairs(rules) do
    local groups = {}
    for k, group in ipairs(rule.groups) do
      local bits = {}
      for j, member in ipairs(group) do
        bits[j] = ("UINT64_C(1) << %d"):format(bit(member))
      end
      groups[k] = table.concat(bits, " | ")
    end
    put("static const uint64_t %s_groups_%d[] = { %s };", name, i, table.concat(groups, ", "))
  end
  put("static const struct dx_rule %s_rules[] = {", name)
  for i, rule in ipairs(rules) do
    local when, value = -1, nil
    if rule.when then
      when, value = bit(rule.when[1]), rule.when[2]
    end
    put("    { %s, %d, %s, %s_groups_%d, %d },", kinds[rule[1]] or fail("%s: no rule kind %s", name, rule[1]), when,
      c_string(value), name, i, #rule.groups)
  end
  put("};")
end

local types = {
  structure = "DX_STRUCTURE", list = "DX_LIST", string = "DX_STRING", integer = "DX_INTEGER", long = "DX_LONG",
  boolean = "DX_BOOLEAN", timestamp = "DX_TIMESTAMP", blob = "DX_BLOB", float = "DX_NUMBER", double = "DX_NUMBER",
  map = "DX_MAP", -- the last three are in no model yet
}

local entries = {}
for _, name in ipairs(shape_names) do
  local shape = model.shapes[name]
  local kind = types[shape.type] or fail("shape %s has a type that nobody expected: %s", name, shape.type)
  local members, nmembers, rules, nrules, values, nvalues = "NULL", 0, "NULL", 0, "NULL", 0
  if shape.type == "structure" and next(shape.members) then
    local order = write_members(name, shape)
    write_rules(name, order)
    if #order > 64 then
      fail("structure %s has more than 64 members", name)
    end
    members, nmembers = name .. "_members", #order
    if facts.rules[name] then
      rules, nrules = name .. "_rules", #facts.rules[name]
    end
  end
  if shape.enum then
    local list = {}
    for i, value in ipairs(shape.enum) do
      list[i] = c_string(value)
    end
    put("static const char *const %s_values[] = { %s };", name, table.concat(list, ", "))
    values, nvalues = name .. "_values", #shape.enum
  end
  entries[#entries + 1] = ("    { %s, %s, %d, %d, %d, %s, %s, %s, %s, %s, %s, %d },"):format(c_string(name), kind,
    nmembers, nrules, nvalues, members, rules, shape_ref((shape.member or shape.value or {}).shape),
    model_limit(name, shape), values, c_string(shape.pattern), shape.exception and 1 or 0)
end

for name, list in pairs(unmet) do
  fail("facts.lua: %s names %s, which is no member %s", list, name,
    list == "limits" and "of anything that is sent" or "of the model")
end

put("")
put("const struct dx_shape dx_shapes[] = {")
for _, entry in ipairs(entries) do
  put("%s", entry)
end
put("};")
put("const int dx_nshapes = S_COUNT;")
put("")
put("const char *const dx_names[] = {")
for _, name in ipairs(member_names) do
  put("    %s,", c_string(name))
end
put("};")
put("const int dx_nnames = N_COUNT;")
put("")
put("const char *const dx_secret_names[] = {")
for _, name in ipairs(facts.secret_members) do
  put("    %s,", c_string(name))
end
put("};")
put("const int dx_nsecret_names = %d;", #facts.secret_members)
put("")
put("const struct dx_replacement dx_replacements[] = {")
local replaced = sorted(facts.replaced_members)
for _, member in ipairs(replaced) do
  local shape_name, name = member:match("^(%w+)%.(%w+)$")
  put("    { %s, %s, %s },", c_string(shape_name), c_string(name), c_string(facts.replaced_members[member]))
end
put("};")
put("const int dx_nreplacements = %d;", #replaced)
put("")

-- ---- operations

-- The one list of an output and, where the input takes the token too, paging.
local function listing(operation)
  local output = operation.output and model.shapes[operation.output.shape]
  if not output then
    return nil, false
  end
  local list
  for name, member in pairs(output.members) do
    if model.shapes[member.shape].type == "list" then
      if list then
        return nil, false
      end
      list = name
    end
  end
  local input = operation.input and model.shapes[operation.input.shape]
  local is_paged = list and output.members.nextToken and input and input.members.nextToken
  return list, is_paged and true or false
end

-- What shows what an operation made or changed: named in its entry, or known for the shape of its output, or of the one
-- known thing in it.
local function look_with(operation, entry)
  if entry.look_with then
    return model.operations[entry.look_with] and entry.look_with
      or fail("facts.lua looks with %s, but the model does not have it", entry.look_with)
  elseif not operation.output then
    return nil
  end
  local name = operation.output.shape
  if facts.look_with[name] then
    return facts.look_with[name]
  end
  for _, member in pairs(model.shapes[name].members) do
    local shape = model.shapes[member.shape]
    local inner = shape.type == "list" and shape.member.shape or member.shape
    if facts.look_with[inner] then
      return facts.look_with[inner]
    end
  end
end

local retries = {
  read = "DX_RETRY_READ", repeatable = "DX_RETRY_REPEATABLE", token = "DX_RETRY_TOKEN", once = "DX_RETRY_ONCE",
}
local labels = { interrupts = "DX_INTERRUPTS", bills = "DX_BILLS", spends_quota = "DX_SPENDS_QUOTA" }

local prefix = (metadata.targetPrefix or fail("the model names no targetPrefix")) .. "."
put("const char dx_target_prefix[] = %s;", c_string(prefix))
put("")

local names = sorted(model.operations)
for _, name in ipairs(names) do
  local errors = {}
  for i, err in ipairs(model.operations[name].errors or {}) do
    errors[i] = shape_ref(err.shape)
  end
  if #errors > 0 then
    put("static const struct dx_shape *const %s_errors[] = { %s };", name, table.concat(errors, ", "))
  end
end
put("")
put("const struct dx_operation dx_operations[] = {")
for _, name in ipairs(names) do
  local operation, entry = model.operations[name], effects[name]
  local flags = {}
  for i = 2, #entry do
    flags[#flags + 1] = labels[entry[i]] or fail("%s: no label %s", name, entry[i])
  end
  local input = operation.input and model.shapes[operation.input.shape]
  local token = token_of(input)
  if (entry[1] == "token") ~= (token ~= nil) then
    fail("%s: facts.lua says %s, but the model %s a client token", name, entry[1], token and "has" or "has not")
  end
  if entry.interrupts_with and not input.members[entry.interrupts_with] then
    fail("%s: %s is no member of its input", name, entry.interrupts_with)
  end
  local items, is_paged = listing(operation)
  local look = entry[1] ~= "read" and look_with(operation, entry) or nil
  put("    { %s, %s,", c_string(name), c_string(snake_case(name)))
  put("      %s, %s,", c_string(prefix .. name), c_string(entry.topic))
  put("      %s, %s, %s, %d,", shape_ref(operation.input and operation.input.shape),
    shape_ref(operation.output and operation.output.shape),
    operation.errors and #operation.errors > 0 and name .. "_errors" or "NULL", #(operation.errors or {}))
  put("      %s, %s, %s, %s, %s, %d, %d,", retries[entry[1]] or fail("%s: no retry class %s", name, entry[1]),
    #flags > 0 and table.concat(flags, " | ") or "0", c_string(entry.interrupts_with), c_string(token),
    c_string(items), is_paged and 1 or 0, operation.deprecated and 1 or 0)
  put("      %s, %s },", c_string(entry.use_instead), c_string(look and snake_case(look)))
end
put("};")
put("const int dx_noperations = %d;", #names)

io.stdout:write(table.concat(out, "\n"), "\n")
