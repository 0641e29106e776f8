--- Text in lines: everything that help prints fits 80 columns.

local WIDTH = 80
local LEFT_MAX = 30 -- the widest left column

--- Breaks text between words.
-- @tparam string text
-- @tparam string indent before each line
-- @treturn string
local function wrap(text, indent)
  local lines, line = {}, ""
  for word in text:gmatch("%S+") do
    if #line > 0 and #indent + #line + #word >= WIDTH then
      lines[#lines + 1] = indent .. line
      line = word
    else
      line = #line > 0 and line .. " " .. word or word
    end
  end
  lines[#lines + 1] = indent .. line
  return table.concat(lines, "\n")
end

--- Rows of two columns, the second one wrapped beneath itself.
-- @tparam {{string,string},...} rows
-- @tparam[opt] string indent before each line, besides two blanks
-- @treturn string
local function columns(rows, indent)
  indent = (indent or "") .. "  "
  local width = 0
  for _, row in ipairs(rows) do
    width = math.max(width, #row[1] <= LEFT_MAX and #row[1] or 0)
  end
  local lines = {}
  for _, row in ipairs(rows) do
    local left = indent .. row[1]
    if row[2] == "" then
      lines[#lines + 1] = left
    elseif #row[1] > width then
      lines[#lines + 1] = left .. "\n" .. wrap(row[2], indent .. (" "):rep(width + 2))
    else
      local rest = wrap(row[2], indent .. (" "):rep(width + 2))
      lines[#lines + 1] = left .. rest:sub(#left + 1)
    end
  end
  return table.concat(lines, "\n")
end

--- Lines, each two blanks further in.
-- @tparam string text
-- @treturn string
local function indented(text)
  return "  " .. (text:gsub("\n", "\n  "))
end

return { wrap = wrap, columns = columns, indented = indented }
