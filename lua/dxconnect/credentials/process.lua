--- Credentials that a program of the user's prints: `credential_process`, run through the shell.

local document = require "dxconnect.credentials.document"
local errors = require "dxconnect.errors"
local keys = require "dxconnect.credentials.keys"
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

--- Runs the program anew.
function methods:get()
  local label = self.name
  local output, message = self.context.system.run(self.command)
  if type(output) ~= "string" then
    -- A replaced `run` may repeat what the program wrote; only our own words are safe to pass on.
    local status = type(message) == "string" and (message:match("^the process ended with status %d+$")
      or message:match("^a process can't be run inside nginx[%w%s._%-()]*$"))
    return nil, errors.credentials(("%s: %s"):format(label, status or "the program failed"))
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
  return keys.new(fields, label, names)
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
