--- The service model as data: `model.operations` by name, in either spelling, and `model.shapes`. Printed, an overview.

local core = require "dxconnect.core"
local operations = require "dxconnect.operations"
local table_text = require "dxconnect.text.table"
local types = require "dxconnect.text.types"

local function sorted(map)
  local list = {}
  for _, entry in next, map do
    list[#list + 1] = entry
  end
  table.sort(list, function(a, b)
    return a.name < b.name
  end)
  return list
end

local function overview(map, columns, what)
  local list = sorted(map)
  local lines = table_text.lines(list, columns, table_text.default_width())
  table.insert(lines, 1, ("%d %s"):format(#list, what))
  return table.concat(lines, "\n")
end

local operations_type = types.new("operations", {
  kind = "map",
  text = function(map)
    return overview(map, { "name", "topic", "retry", "labels" }, "operations")
  end,
})
function operations_type.__index(map, name)
  local op = type(name) == "string" and operations.find(name)
  return op and rawget(map, op.name) or nil
end

local shapes_type = types.new("shapes", {
  kind = "map",
  text = function(map)
    return overview(map, { "name", "type", "member", "order" }, "shapes")
  end,
})

local model_type = types.new("model", {
  text = function(model)
    return tostring(model.operations) .. "\nshapes are in model.shapes"
  end,
})

local operation_type = types.new "operation"
local labels_type = types.list "labels"
local shape_type = types.new "shape"
local map = types.shape "map"

local model = core.model()
for _, op in next, model.operations do
  setmetatable(op, operation_type)
  setmetatable(op.labels, labels_type)
end
for _, shape in next, model.shapes do
  setmetatable(shape, shape_type)
  for _, member in next, shape.members and setmetatable(shape.members, map) or {} do
    setmetatable(member, map)
  end
end
setmetatable(model.operations, operations_type)
setmetatable(model.shapes, shapes_type)
return setmetatable(model, model_type)
