--- Credentials as a value: what all providers return. Printing one hides its secrets.

local errors = require "dxconnect.errors"
local types = require "dxconnect.text.types"

local function text_of(value)
  local id = tostring(value.access_key_id)
  return ("credentials %s (%s)"):format(#id > 8 and id:sub(1, 4) .. "…" .. id:sub(-4) or "…", tostring(value.source))
end

local mt = types.new("credentials", {
  secret = { "secret_access_key", "session_token" }, times = { "expiration" }, text = text_of,
})

local function text(value)
  return type(value) == "string" and value ~= "" and not value:find("[%c]") and value or nil
end

--- The account that a role's name reveals.
-- @param arn
-- @treturn ?string its number; nil where there is none
local function account_of(arn)
  return type(arn) == "string" and arn:match("^arn:[^:]*:[^:]*:[^:]*:(%d+):") or nil
end

--- Makes credentials, checking each field.
-- @tparam table fields `{access_key_id, secret_access_key, session_token, expiration, account_id}`
-- @tparam string source where they are from, in words
-- @tparam[opt] table names what the source calls its fields, for messages
-- @treturn[1] table credentials
-- @treturn[2] nil
-- @treturn[2] table error
local function new(fields, source, names)
  local function bad(name, expected)
    return nil, errors.credentials(("%s: %s %s"):format(source, names and names[name] or name, expected))
  end
  for _, name in ipairs { "access_key_id", "secret_access_key" } do
    if fields[name] == nil or fields[name] == "" then
      return bad(name, "is missing")
    elseif not text(fields[name]) then
      return bad(name, "must be a string without control characters")
    end
  end
  for _, name in ipairs { "session_token", "account_id" } do
    if fields[name] ~= nil and fields[name] ~= "" and not text(fields[name]) then
      return bad(name, "must be a string without control characters")
    end
  end
  local expiration = fields.expiration
  if expiration ~= nil and not (type(expiration) == "number" and expiration == expiration
    and expiration > -math.huge and expiration < math.huge) then
    return bad("expiration", "must be a time in Unix seconds")
  end
  return setmetatable({
    access_key_id = fields.access_key_id,
    secret_access_key = fields.secret_access_key,
    session_token = text(fields.session_token),
    expiration = expiration,
    account_id = text(fields.account_id),
    source = source,
  }, mt)
end

return { new = new, account_of = account_of }
