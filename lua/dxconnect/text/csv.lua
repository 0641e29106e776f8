--- Lists as CSV (RFC 4180).

local columns = require "dxconnect.text.columns"
local core = require "dxconnect.core"
local types = require "dxconnect.text.types"

local options_known = { columns = "table", reveal = "boolean" }

-- A field, in quotes where it needs them.
local function field(text)
  if text:find('[",\r\n]') then
    return '"' .. text:gsub('"', '""') .. '"'
  end
  return text
end

-- The text of a value: strings as they are, anything else as in JSON.
local function cell(value, info, name, reveal)
  if value == nil then
    return ""
  elseif not reveal and (types.is_secret(info, name) or type(value) == "userdata") then
    return "<hidden>"
  elseif core.is_secret(value) then
    return value:reveal()
  elseif type(value) ~= "string" then
    return core.json_encode(value, false, reveal)
  end
  return info and info.blobs and info.blobs[name] and core.base64(value) or value
end

--- A list as CSV: a line with the columns' names as given, then one for each item.
-- @tparam table list or a result that holds one list
-- @tparam[opt] table options `{columns, reveal}`
-- @treturn[1] string
-- @treturn[2] nil
-- @treturn[2] string what is wrong
local function render(list, options)
  local found, names, problem
  options, problem = columns.check_options(options, options_known)
  if options then
    found, problem = columns.list_of(list)
  end
  if found then
    names, problem = columns.choose(found, options.columns)
  end
  if not names then
    return nil, problem
  end
  local lines, fields = {}, {}
  for i, name in ipairs(names) do
    fields[i] = field(name)
  end
  lines[1] = table.concat(fields, ",")
  for k = 1, #found do
    for i, name in ipairs(names) do
      local value, info, member = columns.value(rawget(found, k), name)
      local text
      text, problem = cell(value, info, member, options.reveal)
      if not text then
        return nil, ("[%d].%s: %s"):format(k, name, problem)
      end
      fields[i] = field(text)
    end
    lines[k + 1] = table.concat(fields, ",")
  end
  lines[#lines + 1] = ""
  return table.concat(lines, "\r\n")
end

return { render = render }
