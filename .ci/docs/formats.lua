--- What the declarations under annotations/ say of each function, for its page.

-- `---@field name? type about`; a type may hold blanks inside brackets, and behind a colon, bar or comma.
local function split_type(text)
  local depth, at = 0, 1
  while at <= #text do
    local c = text:sub(at, at)
    if c:find("[%({<%[]") then
      depth = depth + 1
    elseif c:find("[%)}>%]]") then
      depth = depth - 1
    elseif c == " " and depth == 0 and not text:sub(at - 1, at - 1):find("[:|,]") then
      return text:sub(1, at - 1), text:sub(at + 1)
    end
    at = at + 1
  end
  return text, ""
end

local function short(type_text)
  return (type_text:gsub("dxconnect%.", ""))
end

local function class_of(block)
  local name, about = block:match("%-%-%-@class dxconnect%.([%w_]+):? *([^\n]*)")
  if not name or not block:find("@field", 1, true) then
    return nil
  end
  local class = { name = name, about = about ~= "" and not about:find("^dxconnect") and about or nil, fields = {} }
  for field, rest in block:gmatch("%-%-%-@field ([%w_]+%??) ([^\n]+)") do
    local type_text, meaning = split_type(rest)
    class.fields[#class.fields + 1] = { field, short(type_text), meaning }
  end
  return class
end

--- Reads declarations.
-- @tparam string text
-- @treturn table name of a function = `{params, returns, classes}`: rows, and what they name
local function declarations(text)
  local classes, functions = {}, {}
  for block in (text .. "\n"):gmatch("(.-)\n\n+") do
    local class = class_of(block)
    if class then
      classes[class.name] = class
    end
  end
  for block in (text .. "\n"):gmatch("(.-)\n\n+") do
    local name = block:match("function ([%w_.:]+)%(")
    if name then
      local entry = { params = {}, returns = {}, classes = {} }
      for param, type_text in block:gmatch("%-%-%-@param ([%w_]+%??) ([^\n]+)") do
        entry.params[#entry.params + 1] = { param, short(type_text) }
      end
      for returned in block:gmatch("%-%-%-@return ([^\n]+)") do
        local type_text, label = split_type(returned)
        entry.returns[#entry.returns + 1] = { label ~= "" and label or "value", short(type_text) }
      end
      local seen = { Error = true, Meta = true, Credentials = true, Request = true }
      for class in block:gmatch("dxconnect%.([%w_]+)") do
        if classes[class] and not seen[class] then
          seen[class] = true
          entry.classes[#entry.classes + 1] = classes[class]
        end
      end
      functions[name] = entry
    end
  end
  return functions
end

return { declarations = declarations }
