--- Values of Lua as JSON that loses nothing: a byte a character in strings, integers told from floats, the members of
-- a table in order.

local function is_integer(n)
  if math.type then
    return math.type(n) == "integer"
  end
  return n == math.floor(n) and n > -2 ^ 53 and n < 2 ^ 53
end

local function text_of(s)
  return '"' .. s:gsub('[%c"\\\127-\255]', function(c)
    return ("\\u%04x"):format(c:byte())
  end) .. '"'
end

local json

local function object(t)
  local names = {}
  for name in pairs(t) do
    names[#names + 1] = name
  end
  table.sort(names)
  for i, name in ipairs(names) do
    names[i] = text_of(name) .. ":" .. json(t[name])
  end
  return "{" .. table.concat(names, ",") .. "}"
end

function json(value)
  local kind = type(value)
  if kind == "string" then
    return text_of(value)
  elseif kind == "number" then
    return (is_integer(value) and "%d" or "%.17g"):format(value)
  elseif kind ~= "table" then
    return kind == "boolean" and tostring(value) or "null"
  elseif value[1] == nil then
    return object(value)
  end
  local items = {}
  for i, item in ipairs(value) do
    items[i] = json(item)
  end
  return "[" .. table.concat(items, ",") .. "]"
end

return { json = json }
