--- What several targets judge by.

local judge = {}

--- Raises where something does not hold. The text may show the input: it is made up.
function judge.holds(condition, text, ...)
  if not condition then
    error(text:format(...), 2)
  end
end

--- Whether two values are the same, tables compared by what is in them; numbers by value.
function judge.same(a, b)
  if type(a) == "number" and type(b) == "number" then
    return a + 0.0 == b + 0.0 -- lua-cjson has no large integers
  elseif type(a) ~= "table" or type(b) ~= "table" then
    return a == b
  end
  for key, value in pairs(a) do
    if not judge.same(value, b[key]) then
      return false
    end
  end
  for key in pairs(b) do
    if a[key] == nil then
      return false
    end
  end
  return true
end

local kinds = {
  params = true, config = true, credentials = true, transport = true, service = true, response = true, waiter = true,
}

--- Raises where a value is not an error as the interface has them.
function judge.error(err)
  judge.holds(type(err) == "table", "an error that is a %s", type(err))
  judge.holds(kinds[err.kind], "the kind %s", tostring(err.kind))
  judge.holds(type(err.code) == "string" and err.code ~= "", "the code %s", tostring(err.code))
  judge.holds(type(err.message) == "string", "the message is a %s", type(err.message))
  local text = tostring(err)
  judge.holds(type(text) == "string" and not text:find("[\r\n]"), "not a line: %q", text)
end

--- Cuts an input at its NUL bytes, into n parts at most; the last has the rest.
function judge.parts(input, n)
  local parts, at = {}, 1
  while #parts < n - 1 do
    local stop = input:find("\0", at, true)
    if not stop then
      break
    end
    parts[#parts + 1] = input:sub(at, stop - 1)
    at = stop + 1
  end
  parts[#parts + 1] = input:sub(at)
  return parts
end

return judge
