--- Credentials given as the client option: a table of keys, or a function that returns one.

local check = require "dxconnect.check"
local errors = require "dxconnect.errors"
local credentials_value = require "dxconnect.credentials.value"

local known = { "access_key_id", "secret_access_key", "session_token", "expiration", "account_id" }
local is_known = { source = true }
for _, name in ipairs(known) do
  is_known[name] = true
end

local function nothing() end

-- May raise: the table may have metamethods.
local function read(fields, source)
  for name in pairs(fields) do
    if not is_known[name] then
      local near = check.nearest(name, known)
      return nil, errors.credentials(("%s: there is no field %s; %s"):format(source, errors.shown(name),
        near and "did you mean " .. near .. "?" or "they are " .. table.concat(known, ", ")))
    end
  end
  return credentials_value.new(fields, source)
end

local function credentials_of(fields, source)
  if type(fields) ~= "table" then
    return nil, errors.credentials(("%s: expected a table of keys, got a %s"):format(source, type(fields)))
  end
  local ok, found, err = errors.protected(read, fields, source)
  if not ok then
    return nil, errors.credentials(("%s: reading the table raised an error: %s"):format(source,
      errors.message_of(found)))
  end
  return found, err
end

-- What a function of the user's said when it failed.
local function failure(what, words)
  return errors.credentials(what .. (words ~= nil and ": " .. errors.message_of(words) or ""))
end

local function from_function(call)
  local source = "function in the option credentials"
  return {
    name = source,
    get = function()
      local ok, fields, message = errors.protected(call)
      if not ok then
        return nil, failure("the function in the option credentials raised an error", fields)
      elseif fields == nil then
        return nil, failure("the function in the option credentials returned none", message)
      end
      return credentials_of(fields, source)
    end,
    close = nothing,
  }
end

--- The provider for the value of the option.
-- @tparam table|function given
-- @treturn[1] table provider
-- @treturn[2] nil
-- @treturn[2] table error
local function from_option(given)
  if type(given) == "function" then
    return from_function(given)
  end
  local found, err = credentials_of(given, "option credentials")
  if not found then
    return nil, err
  end
  return {
    name = "option credentials",
    fixed = true,
    get = function()
      return found
    end,
    close = nothing,
  }
end

return { from_option = from_option }
