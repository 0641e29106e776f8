--- The decoder beside lua-cjson: what the core reads without a shape, lua-cjson reads as the same; with a shape nothing
-- but known types comes out, and what was read is read the same again. An input's first byte chooses the operation.

local cjson = require("cjson").new()
local core = require "dxconnect.core"
local judge = require "spec.fuzz.judge"

cjson.decode_invalid_numbers(false)
cjson.decode_max_depth(70)

-- As lua-cjson decodes: its nulls are left out here, its floats without a fraction are integers there.
local function without_nulls(value)
  if type(value) ~= "table" then
    return value
  end
  local copy, n = {}, 0
  local is_list = #value > 0
  for key, item in pairs(value) do
    if is_list then
      n = math.max(n, key)
    elseif item ~= cjson.null then
      copy[key] = without_nulls(item)
    end
  end
  for i = 1, n do
    if value[i] ~= cjson.null then
      copy[#copy + 1] = without_nulls(value[i])
    end
  end
  return copy
end

local operations = core.operations()

local function check_types(value)
  if type(value) == "table" then
    for key, item in pairs(value) do
      judge.holds(type(key) == "string" or math.type(key) == "integer", "a key that is a %s", type(key))
      check_types(item)
    end
  else
    judge.holds(type(value) == "string" or type(value) == "number" or type(value) == "boolean", "a %s", type(value))
    judge.holds(value == value and value ~= math.huge and value ~= -math.huge, "no number")
  end
end

local messages = {}
for _, message in ipairs {
  "the answer has no body, where there should be JSON", "the answer is JSON, but not an object",
  "the answer is not JSON: it looks like HTML, perhaps from a proxy",
} do
  messages[message] = true
end

local reasons = {}
for _, reason in ipairs {
  "a \\u that no four hexadecimal digits follow", "it ends inside a string", "an unknown escape", "it ends too early",
  "a control character in a string", "text that is not UTF-8", "an unexpected character", "a number beyond all bounds",
  "it is nested too deep", "more text behind its end", "it has more than two million values",
} do
  reasons[reason] = true
end

local is_member = {}
for _, shape in pairs(core.model().shapes) do
  for name in pairs(shape.members or {}) do
    is_member[name] = true
  end
end

-- Returns whether it says that the text is no JSON.
local function check_message(message)
  judge.holds(type(message) == "string", "the message is a %s", type(message))
  local reason = message:match("^the answer is not valid JSON: (.-) %(byte %d+%)$")
  local member, expected =
    message:match("^the answer is not as the service promises: (%a+): (expected [%a%d ]+) %(byte")
  judge.holds(messages[message] or reasons[reason] or is_member[member] and #expected < 30,
    "a message that may hold the input: %q", message)
  return member == nil
end

return function(input)
  local op = operations[(input:byte(1) or 0) % #operations + 1]
  local text = input:sub(2)
  local plain, message = core.decode(nil, text)
  if plain then
    local ok, other = pcall(cjson.decode, text)
    if ok then
      judge.holds(judge.same(plain, without_nulls(other)), "lua-cjson reads it differently")
    else -- half a surrogate pair becomes U+FFFD here, and is refused there
      judge.holds(other:find("invalid unicode escape", 1, true), "lua-cjson does not read it: %s", tostring(other))
    end
    check_types(plain)
  else
    check_message(message)
  end
  local shaped, problem = core.decode(op.id, text)
  judge.holds(plain or not shaped, "it is JSON only with a shape: %s", tostring(message))
  if not shaped then
    judge.holds(not check_message(problem) or not plain, "with a shape it is no JSON: %s", problem)
  else
    check_types(shaped)
    judge.holds(judge.same(shaped, core.decode(op.id, text)), "it is read differently the second time")
    local written, problem_of_writing = core.json_encode(shaped, false, true)
    judge.holds(written, "it can't be written: %s", tostring(problem_of_writing))
    judge.holds(core.json_encode(core.decode(op.id, written), false, true) == written, "it is written differently: %s",
      written)
    judge.holds(core.json_encode(shaped, true), "it can't be written with secrets hidden")
  end
end
