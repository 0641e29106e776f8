--- Types: metatables by which the module's tables print their content, hide their secrets and become JSON or a table.
-- The tables of an answer get theirs from the core, one for each shape of the service model. Whatever else the module
-- returns gets one from here:
--
--    local report_type = types.new("failover report", { times = { "started" } })
--    local findings_type = types.list("findings", { columns = { "severity", "rule", "id", "message" } })
--    return setmetatable(report, report_type)
--
-- A table with a type stays a plain table: nothing but `tostring` is changed. Make a type once, when the module loads.
-- Tables that the service did not send, but that hold what it sends, get their shapes by `types.mark(table, "Lag")`.

local core = require "dxconnect.core"

local GENERIC = {
  [core.LIST] = { name = "list", kind = "list" },
  [core.MAP] = { name = "map", kind = "map" },
}

-- Calls what core.set_printer was given.
local print_text = core.shape_type(core.MAP).__tostring

local function set(names)
  local found = {}
  for _, name in ipairs(names or {}) do
    found[name] = true
  end
  return found
end

--- Makes a type.
-- @tparam string name what its tables are, in the singular
-- @tparam[opt] table options: `kind` is "structure" (default), "map" or "list"; `columns` the main columns of a list of
-- such tables (a list: of its items), member names or paths; `secret`, `times` lists of members whose values are
-- hidden, or Unix seconds; `line = true` prints on one line; `text`, a function of the table, replaces the usual text
-- @treturn table metatable
local function new(name, options)
  options = options or {}
  local kind = options.kind or "structure"
  return {
    __name = "dxconnect." .. name,
    __tostring = options.text or print_text,
    __jsontype = kind == "list" and "array" or "object",
    __shape = {
      name = name,
      kind = kind,
      columns = options.columns,
      secret = set(options.secret),
      times = set(options.times),
      line = options.line,
      text = options.text,
    },
  }
end

--- Makes the type of a list: `new` with `kind = "list"`.
-- @tparam string name what its tables are, in the plural
-- @tparam[opt] table options as of `new`
-- @treturn table metatable
local function list(name, options)
  local copy = { kind = "list" }
  for key, value in pairs(options or {}) do
    copy[key] = value
  end
  return new(name, copy)
end

-- What is known of the shapes of the model, by their numbers and names.
local infos = {}

local function read_shape(key)
  local shape = core.shape(key)
  if not shape then
    return nil
  end
  local info = {
    name = shape.name,
    number = shape.number,
    kind = shape.type,
    item = shape.member,
    order = shape.order,
    members = shape.members,
    secret = {},
    times = {},
    blobs = {},
  }
  for name, member in pairs(shape.members or {}) do
    local member_type = core.shape(member.shape).type
    info.secret[name] = member.secret
    info.times[name] = member_type == "timestamp" or nil
    info.blobs[name] = member_type == "blob" or nil
  end
  infos[shape.number], infos[shape.name] = info, info
  return info
end

--- What is known of a table's type.
-- @param value
-- @treturn ?table `{name, kind ("structure", "list", "map"), columns, item (name of a list's shape), order, members,
-- secret, times, blobs, line, text}`; nil for anything without a type
local function of(value)
  if type(value) ~= "table" then
    return nil
  end
  local mt = getmetatable(value)
  local shape = type(mt) == "table" and rawget(mt, "__shape")
  if type(shape) == "table" then
    return shape
  elseif type(shape) ~= "number" then
    return nil
  end
  return GENERIC[shape] or infos[shape] or read_shape(shape)
end

--- What is known of a shape of the model, as `of` tells it.
-- @tparam string name
-- @treturn ?table
local function of_shape(name)
  return infos[name] or read_shape(name)
end

--- Whether a member's value is hidden.
-- @tparam ?table info type of the table that it is in
-- @param name
-- @treturn boolean
local function is_secret(info, name)
  if type(name) ~= "string" then
    return false
  elseif info and info.secret and info.secret[name] then
    return true
  elseif info and info.members and info.members[name] then
    return false
  end
  return core.is_hidden_name(name)
end

--- The metatable of a shape of the model.
-- @tparam string name "VirtualInterface", "VirtualInterfaceList"; also "list" and "map"
-- @treturn table
local function shape(name)
  if name == "list" or name == "map" then
    return core.shape_type(name == "list" and core.LIST or core.MAP)
  end
  return core.shape_type(of_shape(name).number)
end

--- Gives a table and those in it the types that an answer's would have.
-- @tparam table value what a member of that shape holds; anything else stays as it is
-- @tparam string name of the shape
-- @treturn table the same table
local function mark(value, name)
  local info = type(value) == "table" and of_shape(name)
  if not info or not (info.kind == "structure" or info.kind == "list" or info.kind == "map") then
    return value
  end
  setmetatable(value, shape(name))
  for key, inner in next, value do
    local member = info.members and info.members[key]
    local inner_name = info.item or (member and member.shape)
    if inner_name then
      mark(inner, inner_name)
    end
  end
  return value
end

return {
  new = new,
  list = list,
  of = of,
  of_shape = of_shape,
  is_secret = is_secret,
  shape = shape,
  mark = mark,
}
