--- Credentials that a program of the user's prints: `credential_process`, run through the shell.

local document = require "dxconnect.credentials.document"
local errors = require "dxconnect.errors"
local http = require "dxconnect.credentials.http"
local credentials_value = require "dxconnect.credentials.value"
local timestamp = require "dxconnect.text.timestamp"

local methods = {}
local mt = { __index = methods }

local names = {
  access_key_id = "AccessKeyId",
  secret_access_key = "SecretAccessKey",
  session_token = "SessionToken",
  expiration = "Expiration",
  account_id = "AccountId",
}

-- A `run` of the user's own may repeat what the program wrote: only our own words go into a message.
local own_words = {
  "^the process ended with status %d+$",
  "^the process did not end within [%w.+-]+ seconds$",
  "^the process printed more than 16 MiB$",
  "^a process can't be run inside nginx[%w%s._%-()]*$",
}

local function safe_words(message)
  for _, pattern in ipairs(own_words) do
    if type(message) == "string" and message:find(pattern) then
      return message
    end
  end
  return nil
end

--- Runs the program anew.
function methods:get(_, limit)
  local label = self.name
  local seconds = http.time_for(self.context, limit)
  local output, message = self.context.system.run(self.command, seconds)
  if output == nil then
    if limit and limit.deadline and self.context.system.monotonic() >= limit.deadline then
      limit.passed = true
    end
    return nil, errors.credentials(("%s: %s"):format(label, safe_words(message) or "the program failed"))
  end
  local answer = document.read(output)
  if not answer then
    return nil, errors.credentials(("%s: the program's output is not a JSON object"):format(label))
  elseif answer.Version ~= 1 then
    return nil, errors.credentials(("%s: the program's output must have Version 1"):format(label))
  end
  local fields = document.fields(answer, names)
  if type(fields.account_id) == "number" then
    fields.account_id = ("%012.0f"):format(fields.account_id)
  end
  fields.account_id = fields.account_id or self.account_id
  if fields.expiration ~= nil then
    fields.expiration = timestamp.parse(fields.expiration)
    if not fields.expiration then
      return nil, errors.credentials(("%s: Expiration is not a time in ISO 8601"):format(label))
    end
  end
  return credentials_value.new(fields, label, names)
end

function methods.close() end

--- Makes the provider.
-- @tparam table context
-- @tparam string label
-- @tparam string command
-- @tparam[opt] string account_id where the program tells none
local function new(context, label, command, account_id)
  return setmetatable({ name = label, context = context, command = command, account_id = account_id }, mt)
end

return { new = new }
