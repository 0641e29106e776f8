--- The model written back into the form of the service's official file, with other words in it: for the generator, and
-- for judges that read such files.

local model = require("dxconnect").model

--- The keys of a table, in order.
local function sorted(t)
  local keys = {}
  for key in pairs(t) do
    keys[#keys + 1] = key
  end
  table.sort(keys)
  return keys
end

local function quoted(text)
  return '"' .. text:gsub('[\\"]', "\\%0") .. '"'
end

local function list_of(values)
  local words = {}
  for i, value in ipairs(values) do
    words[i] = quoted(value)
  end
  return "[" .. table.concat(words, ",") .. "]"
end

local function structure_text(shape)
  local members = {}
  for i, name in ipairs(shape.order) do
    local entry = shape.members[name]
    members[i] = ('"%s":{"shape":"%s","documentation":"{ %s"%s}'):format(name, entry.shape, name,
      entry.deprecated and ',"deprecated":true' or "")
  end
  return ',"members":{' .. table.concat(members, ",") .. "}"
    .. (#shape.required > 0 and ',"required":' .. list_of(shape.required) or "")
    .. (shape.exception and ',"exception":true' or "")
end

local function shape_text(shape)
  local text = ('"%s":{"type":"%s","documentation":"About \\"%s\\" } and so on."'):format(shape.name, shape.type,
    shape.name)
  if shape.type == "structure" then
    text = text .. structure_text(shape)
  elseif shape.type == "list" then
    text = text .. ',"member":{"shape":"' .. shape.member .. '"}'
  end
  for _, limit in ipairs { "min", "max" } do
    if shape.type ~= "structure" and shape[limit] then
      text = text .. (',"%s":%d'):format(limit, shape[limit])
    end
  end
  return text .. (shape.enum and ',"enum":' .. list_of(shape.enum) or "")
    .. (shape.pattern and ',"pattern":' .. quoted(shape.pattern) or "") .. "}"
end

local function operation_text(op)
  local errors = {}
  for i, name in ipairs(op.errors) do
    errors[i] = '{"shape":"' .. name .. '"}'
  end
  return ('"%s":{"name":"%s"%s%s,"errors":[%s]%s}'):format(op.name, op.name,
    op.input and ',"input":{"shape":"' .. op.input .. '"}' or "",
    op.output and ',"output":{"shape":"' .. op.output .. '"}' or "", table.concat(errors, ","),
    op.deprecated and ',"deprecated":true' or "")
end

--- The file's text, with further operations, and shapes in place of those of the model or besides them (`more`).
local function text(operations, shapes)
  local parts = { operations = {}, shapes = {} }
  for _, name in ipairs(sorted(model.operations)) do
    table.insert(parts.operations, operation_text(model.operations[name]))
  end
  for _, name in ipairs(sorted(model.shapes)) do
    table.insert(parts.shapes, shapes and shapes[name] or shape_text(model.shapes[name]))
  end
  table.insert(parts.operations, operations)
  table.insert(parts.shapes, shapes and shapes.more)
  return '{"version":"2.0","metadata":{"protocol":"json","jsonVersion":"1.1","targetPrefix":"OvertureService"},'
    .. '"operations":{' .. table.concat(parts.operations, ",") .. '},"shapes":{' .. table.concat(parts.shapes,
      ",") .. "}}"
end

return { text = text, shape = shape_text, sorted = sorted }
