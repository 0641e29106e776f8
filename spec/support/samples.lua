--- Random valid parameters and answers of any operation, made from the model: the same ones for the same seed on every
-- Lua.

local samples = {}

--- A source of random integers: `random(n)` is 1 to n, `random(m, n)` m to n.
function samples.random(seed)
  local state = seed % 2147483646 + 1
  return function(m, n)
    if not n then
      m, n = 1, m
    end
    state = state * 16807 % 2147483647
    if n - m < 2147483646 then
      return m + state % (n - m + 1)
    end
    local high = state
    state = state * 16807 % 2147483647
    return m + math.floor((high * 2147483647 + state) % (n - m + 1))
  end
end

local pieces = {
  "a", "Z", "0", "-", "_", " ", "/", "\\", '"', "\n", "\t", "\1", "\127", "é", "ß", "€", "日",
  "\240\159\152\128", "{", ":", ",",
}

local function text(random, min, max)
  local length = random(min, math.min(max, min + 30))
  local parts = {}
  for i = 1, length do
    parts[i] = pieces[random(#pieces)]
  end
  return table.concat(parts)
end

local function hex(random, digits)
  local parts = {}
  for i = 1, digits do
    local d = random(22)
    parts[i] = ("0123456789abcdefABCDEF"):sub(d, d)
  end
  return table.concat(parts)
end

local function integer(random, limit)
  local range = limit.ranges and limit.ranges[random(#limit.ranges)] or limit
  local min, max = range.min or -2147483648, range.max or 2147483647
  return random(min, max)
end

local value

local function holds(shape, rule, chosen, params)
  for member, text_of in pairs(rule.when or {}) do
    if not chosen[member] or params[member] ~= text_of then
      return true
    end
  end
  local touched, whole = 0, 0
  for _, group in ipairs(rule.groups) do
    local has, all = false, true
    for _, name in ipairs(group) do
      has, all = has or chosen[name], all and chosen[name]
    end
    touched, whole = touched + (has and 1 or 0), whole + (all and 1 or 0)
  end
  if rule.kind == "one" then
    return touched == 1 and whole == 1
  elseif rule.kind == "at_most_one" then
    return touched <= 1
  elseif rule.kind == "none" then
    return touched == 0
  end
  return whole >= 1 -- "any" of the groups, "all" of the only one
end

local function structure(random, model, shape)
  for _ = 1, 10000 do
    local odds, chosen, params = random(0, 4), {}, {}
    for _, name in ipairs(shape.order) do
      chosen[name] = shape.members[name].required or random(4) <= odds
      if chosen[name] and model.shapes[shape.members[name].shape].enum then
        params[name] = value(random, model, shape.members[name].shape, shape.members[name])
      end
    end
    local all_hold = true
    for _, rule in ipairs(shape.rules or {}) do
      all_hold = all_hold and holds(shape, rule, chosen, params)
    end
    if all_hold then
      for _, name in ipairs(shape.order) do
        if chosen[name] and params[name] == nil then
          params[name] = value(random, model, shape.members[name].shape, shape.members[name])
        end
      end
      return params
    end
  end
  error("no valid " .. shape.name .. " was found")
end

function value(random, model, shape_name, member)
  local shape = model.shapes[shape_name]
  local limit = (member.min or member.max or member.ranges or member.hex_digits) and member or shape
  if shape.type == "structure" then
    return structure(random, model, shape)
  elseif shape.type == "list" then
    local list = {}
    local min = limit.min or 0
    for i = 1, random(min, math.min(limit.max or 1000, min + 3)) do
      list[i] = value(random, model, shape.member, {})
    end
    return list
  elseif shape.type == "boolean" then
    return random(2) == 1
  elseif shape.type == "integer" or shape.type == "long" or shape.type == "timestamp" then
    return integer(random, limit)
  elseif shape.enum and random(8) > 1 then
    return shape.enum[random(#shape.enum)]
  elseif limit.hex_digits then
    return hex(random, limit.hex_digits)
  end
  return text(random, limit.min or 0, limit.max or 1000)
end

--- Valid parameters of an operation; an empty table where it takes none.
function samples.params(random, model, op)
  return op.input and structure(random, model, model.shapes[op.input]) or {}
end

-- ---- answers

local function json_string(random, s)
  return '"' .. s:gsub('[%c"\\/]', function(c)
    if (c == '"' or c == "\\" or c == "/") and random(2) == 1 then
      return c == "/" and "/" or "\\" .. c
    end
    return (random(2) == 1 and "\\u%04x" or "\\u%04X"):format(c:byte())
  end) .. '"'
end

local spaces = { "", "", "", " ", "\n", "\t", "\r\n  " }

local function space(random)
  return spaces[random(#spaces)]
end

local alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

local function base64(bytes)
  local parts = {}
  for i = 1, #bytes, 3 do
    local a, b, c = bytes:byte(i, i + 2)
    local n = a * 65536 + (b or 0) * 256 + (c or 0)
    local function digit(shift)
      local d = math.floor(n / shift) % 64
      return alphabet:sub(d + 1, d + 1)
    end
    parts[#parts + 1] = digit(262144) .. digit(4096) .. (b and digit(64) or "=") .. (c and digit(1) or "=")
  end
  return table.concat(parts)
end

local unknown = {
  { "null", nil }, { "true", true }, { "[1, null, 2.5]", { 1, 2.5 } }, { '{"a":{"b":[]}}', { a = { b = {} } } },
  { '"x"', "x" }, { "-17", -17 },
}

local answer

local function answer_structure(random, model, shape)
  local parts, result = {}, {}
  local odds = random(4)
  for _, name in ipairs(shape.order) do
    if random(4) <= odds then
      local json, expected = "null", nil
      if random(12) > 1 then
        json, expected = answer(random, model, shape.members[name].shape)
      end
      parts[#parts + 1] = '"' .. name .. '"' .. space(random) .. ":" .. space(random) .. json
      result[name] = expected
    end
  end
  if random(6) == 1 then
    local extra = unknown[random(#unknown)]
    table.insert(parts, random(#parts + 1), '"somethingNew":' .. extra[1])
    result.somethingNew = extra[2]
  end
  if #parts > 1 and random(3) == 1 then -- another order than the model's
    parts[1], parts[#parts] = parts[#parts], parts[1]
  end
  local inside = table.concat(parts, space(random) .. "," .. space(random))
  return "{" .. space(random) .. inside .. space(random) .. "}", result
end

function answer(random, model, shape_name)
  local shape = model.shapes[shape_name]
  if shape.type == "structure" then
    return answer_structure(random, model, shape)
  elseif shape.type == "list" then
    local parts, result = {}, {}
    for i = 1, random(0, 4) do
      parts[i], result[i] = answer(random, model, shape.member)
    end
    return "[" .. space(random) .. table.concat(parts, "," .. space(random)) .. "]", result
  elseif shape.type == "boolean" then
    local flag = random(2) == 1
    return tostring(flag), flag
  elseif shape.type == "blob" then
    local bytes = {}
    for i = 1, random(0, 20) do
      bytes[i] = string.char(random(0, 255))
    end
    bytes = table.concat(bytes)
    return '"' .. base64(bytes) .. '"', bytes
  elseif shape.type == "string" then
    local s = shape.enum and random(2) == 1 and shape.enum[random(#shape.enum)] or text(random, 0, 60)
    return json_string(random, s), s
  elseif shape.type == "timestamp" and random(2) == 1 then
    local n = random(0, 2000000000)
    return ("%d.5"):format(n), n + 0.5
  end
  local n = random(0, shape.type == "long" and 4294967295 or 2147483647)
  return ("%d"):format(n), n
end

--- An answer of an operation: its JSON, and the result that it should be decoded to.
function samples.answer(random, model, op)
  if not op.output then
    return "{}", {}
  end
  return answer_structure(random, model, model.shapes[op.output])
end

return samples
