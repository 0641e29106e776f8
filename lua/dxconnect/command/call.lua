--- `dxconnect call OPERATION`: any operation of the service. Members are options, by the model's types.

local errors = require "dxconnect.errors"
local json = require "dxconnect.text.json"
local meaning = require("dxconnect.help.members").meaning
local model = require("dxconnect.core").model
local operations = require "dxconnect.operations"

-- Options that take a value, so that it is not taken for the operation.
local WITH_VALUE = {
  ["--region"] = true, ["--profile"] = true, ["--endpoint-url"] = true, ["--json-log"] = true, ["--output"] = true,
  ["--columns"] = true, ["--params"] = true,
}

local function kebab(name)
  return (name:gsub("(%l)(%u)", "%1-%2"):gsub("(%u)(%u%l)", "%1-%2"):lower())
end

-- The operation among the words of the command line.
local function operation_of(words)
  local i = 1
  while words[i] do
    local word = words[i]
    if WITH_VALUE[word] then
      i = i + 2
    elseif word:sub(1, 1) == "-" then
      i = i + 1
    else
      return operations.find(word), word
    end
  end
end

local function members_of(op)
  local shapes = model()
  local input = op and shapes.operations[op.name].input
  return input and shapes.shapes[input] or { members = {}, order = {} }, shapes.shapes
end

-- What a member means, as a sentence; words with a hyphen are ids and stay as they are.
local function sentence(about, is_required)
  about = about:gsub("^%l+%f[^%l-]", function(word)
    return word:sub(1, 1):upper() .. word:sub(2)
  end)
  return about .. (is_required and "; required." or about:find("%.$") and "" or ".")
end

-- A secret on the command line is seen by everybody on the machine.
local function secret_problem(name)
  return ("a secret can't be given on the command line, where everybody on this machine can read it: give --%s in a "
    .. "file, with --params @FILE, or on standard input, with --params -"):format(kebab(name))
end

local is_secret = {}
for _, name in ipairs(require("dxconnect.core").secret_members()) do
  is_secret[name] = true
end

-- Whether a value has a secret member at any depth; its name.
local function secret_in(value)
  if type(value) ~= "table" then
    return nil
  end
  for name, inner in next, value do
    if is_secret[name] then
      return name
    end
    local found = secret_in(inner)
    if found then
      return found
    end
  end
end

local SECRET_OPTIONS = { ["--cak"] = "cak", ["--auth-key"] = "authKey", ["--authKey"] = "authKey" }

local function check_words(words)
  for i, word in ipairs(words) do
    local option, value = word:match("^(%-%-[^=]+)=(.*)$")
    option, value = option or word, value or words[i + 1]
    if SECRET_OPTIONS[option] then
      return secret_problem(SECRET_OPTIONS[option])
    elseif option:sub(1, 2) == "--" and type(value) == "string" and value:find("^%s*[{%[]") then
      local name = secret_in((json.decode(value)))
      if name then
        return secret_problem(name)
      end
    end
  end
  local op, word = operation_of(words)
  if word and not op then
    local nearest = operations.nearest(word)
    return ("there is no operation %s%s"):format(errors.shown(word), nearest and "; did you mean " .. nearest .. "?"
      or "")
  end
end

local function define(parser, words)
  parser:argument("operation", "Operation, such as describe_connections."):args(1)
  parser:option("--params", "All parameters as JSON: as text, from @FILE, or from standard input (-)."):argname "JSON"
  parser:flag("--all", "Every page of a list.")
  local input, shapes = members_of((operation_of(words)))
  for _, name in ipairs(input.order or {}) do
    local member = input.members[name]
    if not member.secret then
      local shape = shapes[member.shape]
      local is_text = shape.type == "string"
      local long, short = "--" .. kebab(name), "--" .. name
      parser:option(long == short and long or long .. " " .. short,
        sentence(meaning(input.name, name) or name, member.required))
        :argname(is_text and "TEXT" or shape.type == "boolean" and "true|false"
          or (shape.type == "integer" or shape.type == "long") and "N" or "JSON"):target("member_" .. name)
    end
  end
end

local function value_of(text, shape, name)
  local kind = shape.type
  if kind == "string" then
    return text
  elseif kind == "boolean" then
    if text == "true" or text == "false" then
      return text == "true"
    end
    return nil, name .. ": expected true or false"
  elseif kind == "integer" or kind == "long" or kind == "float" or kind == "double" or kind == "timestamp" then
    local number = tonumber(text)
    if number and math.tointeger and math.tointeger(number) then
      number = math.tointeger(number)
    end
    if number then
      return number
    end
    return nil, name .. ": expected a number"
  end
  local value, message = json.decode(text)
  if type(value) ~= "table" then
    return nil, ("%s: expected JSON%s"):format(name, message and ": " .. tostring(message) or "")
  end
  return value
end

-- The parameters: those of --params, with the members' options over them.
local function params_of(context, op)
  local args = context.args
  local params = {}
  if args.params then
    local text, err = args.params
    if text == "-" or text:sub(1, 1) == "@" then
      text, err = context:read(text == "-" and "-" or text:sub(2))
      if not text then
        return nil, err
      end
    end
    local message
    params, message = json.decode(text)
    if type(params) ~= "table" then
      return nil, errors.param(op.name, "--params", "expected a JSON object" .. (message and ": " .. tostring(message)
        or ""))
    end
  end
  local input, shapes = members_of(op)
  local problems = {}
  for name, member in pairs(input.members) do
    local text = args["member_" .. name]
    if text ~= nil then
      local value, message = value_of(text, shapes[member.shape], name)
      if value == nil then
        problems[#problems + 1] = { path = name, message = message }
      end
      params[name] = value
    end
  end
  if #problems > 0 then
    return nil, errors.params(op.name, problems)
  end
  return params
end

local function run(context)
  local op, unknown = operations.resolve(context.args.operation)
  if not op then
    return nil, unknown
  end
  local params, err = params_of(context, op)
  if not params then
    return nil, err
  end
  local client
  client, err = context:client()
  if not client then
    return nil, err
  end
  local result
  result, err = client[context.args.all and "all" or "call"](client, op.name, params)
  if not result then
    return nil, err
  end
  return context:print(result)
end

return {
  outputs = { "table", "json", "csv", "lua" }, asks = true, check_words = check_words, define = define, run = run,
}
