--- lua/dxconnect/types.lua: the whole interface in LuaLS annotations, from the model, the help and annotations/.

local guide = require "dxconnect.help.guide"
local members = require "dxconnect.help.members"
local options = require "dxconnect.config.options"
local render = require "dxconnect.help.render"
local words = require "dxconnect.help.words"

local SCALARS = {
  string = "string", integer = "integer", long = "integer", boolean = "boolean", timestamp = "number", blob = "string",
}

local HEAD = [[
---@meta dxconnect
-- The interface of dxconnect in annotations of the Lua language server, for editors; nothing loads it at run time.
-- Written by `make docs` from the model, the help and .ci/docs/annotations/: change those.
-- luacheck: ignore
-- luacheck: no max line length
]]

local function sorted_names(map)
  local names = {}
  for name in pairs(map) do
    names[#names + 1] = name
  end
  table.sort(names)
  return names
end

local function quoted(list)
  local parts = {}
  for i, word in ipairs(list) do
    parts[i] = ('"%s"'):format(word)
  end
  return table.concat(parts, "|")
end

-- Every structure that is in a result.
local function result_structures(model)
  local found = {}
  local function visit(name)
    local shape = name and words.structure_in(model, name)
    if shape and not found[shape.name] then
      found[shape.name] = true
      for _, member in pairs(shape.members) do
        visit(member.shape)
      end
    end
  end
  for _, op in pairs(model.operations) do
    visit(op.output)
  end
  return found
end

local function type_of(model, name)
  local shape = model.shapes[name]
  if shape.type == "structure" or shape.enum then
    return "dxconnect." .. name
  elseif shape.type == "list" then
    return type_of(model, shape.member) .. "[]"
  elseif shape.type == "map" then
    return "table<string, any>"
  end
  return assert(SCALARS[shape.type], shape.type)
end

local function field(model, structure, name, is_result)
  local member = structure.members[name]
  local type_text = type_of(model, member.shape)
  if member.secret and not is_result then
    type_text = type_text .. "|dxconnect.Secret"
  end
  local about = { members.meaning(structure.name, name) }
  for _, word in ipairs(words.constraints(model, member, is_result)) do
    if not model.shapes[member.shape].enum or not word:find("|", 1, true) then
      about[#about + 1] = word
    end
  end
  return ("---@field %s%s %s %s"):format(name, member.required and not is_result and "" or "?", type_text,
    table.concat(about, "; "))
end

local function shapes(model, out)
  local in_results = result_structures(model)
  for _, name in ipairs(sorted_names(model.shapes)) do
    local shape = model.shapes[name]
    if shape.enum then
      out[#out + 1] = ("---@alias dxconnect.%s %s|string\n"):format(name, quoted(shape.enum))
    elseif shape.type == "structure" and not shape.exception then
      for _, rule in ipairs(not in_results[name] and shape.rules or {}) do
        out[#out + 1] = "--- " .. words.rule_text(rule)
      end
      out[#out + 1] = "---@class dxconnect." .. name
      for _, member in ipairs(shape.order) do
        out[#out + 1] = field(model, shape, member, in_results[name])
      end
      out[#out + 1] = ""
    end
  end
end

local SETTING_TYPES = {
  string = "string", region = "string", url = "string", role_arn = "string", external_id = "string",
  session_name = "string", boolean = "boolean", attempts = "integer", seconds = "number", session_seconds = "integer",
  credentials = "dxconnect.Credentials|fun(): dxconnect.Credentials?, string?", system = "dxconnect.System",
  transport = '"curl"|"resty"|dxconnect.Transport|dxconnect.Tape|dxconnect.Stub', ["table"] = "table",
  mfa_prompt = "fun(serial: string): string", logger = "fun(event: dxconnect.Event)",
  confirm = "fun(operation: string, label: string, params: table): boolean?", ["function"] = "function",
}

local function settings(out)
  for _, class in ipairs { { "ClientOptions", "option" }, { "CallOptions", "per_call" } } do
    out[#out + 1] = "---@class dxconnect." .. class[1]
    for _, entry in ipairs(options.list) do
      if entry[class[2]] then
        local type_text = SETTING_TYPES[entry.name] or assert(SETTING_TYPES[entry.type_name], entry.type_name)
        out[#out + 1] = ("---@field %s? %s %s"):format(entry.name, type_text, entry.about)
      end
    end
    if class[2] == "per_call" then
      out[#out + 1] = "---@field headers? table<string, string> further headers of the request"
      out[#out + 1] = "---@field unmodeled? boolean send operations and members that the model does not know"
    end
    out[#out + 1] = ""
  end
end

local function names(model, out)
  local operations, codes = {}, {}
  for _, name in ipairs(sorted_names(model.operations)) do
    operations[#operations + 1] = name
    operations[#operations + 1] = model.operations[name].method
  end
  for _, code in ipairs(guide.codes) do
    codes[#codes + 1] = code[1]
  end
  for _, name in ipairs(sorted_names(model.shapes)) do
    codes[#codes + 1] = model.shapes[name].exception and name or nil
  end
  local states = {}
  for i, item in ipairs(render.waiter_list()) do
    states[i] = ('---| "%s" # %s'):format(item.name, item.meaning or item.state)
  end
  out[#out + 1] = "---@alias dxconnect.Operation " .. quoted(operations) .. "\n"
  out[#out + 1] = "---@alias dxconnect.ErrorCode " .. quoted(codes) .. "\n"
  out[#out + 1] = "---@alias dxconnect.WaiterState\n" .. table.concat(states, "\n") .. "\n"
end

-- The words of the help about a function, by the name that annotations/ declares it by.
local function about_functions()
  local about = {}
  for _, entry in ipairs(guide.functions) do
    local name = entry.usage:match("^[%w_.:]+")
    name = name:gsub("^client:", "Client:"):gsub("^newer:", "Inventory:"):gsub("^(%l)(%l+):", function(first, rest)
      return first:upper() .. rest .. ":"
    end)
    about[name] = entry.about
  end
  return about
end

local function operation_types(model, op)
  local input = op.input and "dxconnect." .. op.input or "{}"
  return input, op.output and "dxconnect." .. op.output or "table", op.input and #model.shapes[op.input].required > 0
end

local function operation_function(model, op, prefix)
  local input, output, is_needed = operation_types(model, op)
  return ([[
--- %s
---@param params%s %s
---@param options? dxconnect.CallOptions
---@return %s? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function %s%s(params, options) end
]]):format(words.about(op), is_needed and "" or "?", input, output, prefix, op.method)
end

local function call_overloads(model, self)
  local lines = {}
  for _, name in ipairs(sorted_names(model.operations)) do
    local op = model.operations[name]
    local input, output, is_needed = operation_types(model, op)
    lines[#lines + 1] = ("---@overload fun(%sname: %s, params%s: %s, options?: dxconnect.CallOptions): "
      .. "%s?, dxconnect.Error?, dxconnect.Meta?"):format(self, quoted { name, op.method }, is_needed and "" or "?",
      input, output)
  end
  return table.concat(lines, "\n") .. "\n"
end

-- The declarations, each with its words; the functions of a client once more for the module.
local function declarations(model, text, out)
  local about = about_functions()
  for block in (text .. "\n"):gmatch("(.-)\n\n+") do
    local name = block:match("function ([%w_.:]+)%(")
    local is_call = name == "Client:call"
    local words_of = name and about[name] and "--- " .. about[name]:gsub("^%l", string.upper) .. ".\n" or ""
    out[#out + 1] = words_of .. (is_call and call_overloads(model, "self: dxconnect.Client, ") or "") .. block .. "\n"
    local method = name and name:match("^Client:(.*)")
    if method and method ~= "close" then
      block = block:gsub("function Client:", "function dxconnect."):gsub("self: dxconnect%.Client, ", "")
      out[#out + 1] = words_of .. (is_call and call_overloads(model, "") or "") .. block .. "\n"
    end
  end
end

--- The declarations under annotations/, without the files' heads.
-- @tparam function read returns a file's content
-- @treturn string
local function read_declarations(read)
  local parts = {}
  for i, name in ipairs { "values", "functions" } do
    parts[i] = read((".ci/docs/annotations/%s.lua"):format(name)):gsub("^%-%-%-@meta\n.-\n\n", "")
  end
  return table.concat(parts, "\n")
end

--- Makes the text of types.lua.
-- @tparam table model
-- @tparam string annotations of read_declarations
-- @treturn string
local function render_types(model, annotations)
  local out = { HEAD }
  names(model, out)
  shapes(model, out)
  settings(out)
  declarations(model, annotations, out)
  for _, name in ipairs(sorted_names(model.operations)) do
    out[#out + 1] = operation_function(model, model.operations[name], "Client:")
    out[#out + 1] = operation_function(model, model.operations[name], "dxconnect.")
  end
  out[#out + 1] = "return dxconnect\n"
  return table.concat(out, "\n")
end

--- Makes the text of help/overview.lua.
-- @tparam table model
-- @treturn string
local function render_overview(model)
  local methods = {}
  for i, op in ipairs(require("dxconnect.operations").operations) do
    methods[i] = op.method
  end
  return ("--- The first page of the help, and the operations that the model had then. Written by `make docs`.\n"
    .. "-- luacheck: no max line length\n\nreturn {\n  methods = %q,\n  text = [==[\n%s]==],\n}\n"):format(
    table.concat(methods, " "), render.overview(model))
end

return { overview = render_overview, render = render_types, declarations = read_declarations }
