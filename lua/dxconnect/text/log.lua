--- A ready logger: one line an event.

local order = { "operation", "attempt", "status", "code", "delay", "elapsed", "request_id", "source" }

local function text_of(value)
  if type(value) == "number" and value % 1 ~= 0 then
    return ("%.3f"):format(value)
  end
  return (tostring(value):gsub("%c+", " "))
end

--- Makes a logger that writes to a file.
-- @tparam[opt] file file anything with a `write` method; standard error by default
-- @treturn function for the client option `logger`
return function(file)
  file = file or io.stderr
  return function(event)
    local parts = { "dxconnect", text_of(event.type) }
    for _, name in ipairs(order) do
      if event[name] ~= nil then
        parts[#parts + 1] = name .. "=" .. text_of(event[name])
      end
    end
    if event.message ~= nil then
      parts[#parts + 1] = text_of(event.message)
    end
    file:write(table.concat(parts, " "), "\n")
  end
end
