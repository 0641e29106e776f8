--- A role of a profile or of the options, assumed with the credentials of another source.

local errors = require "dxconnect.errors"
local first_line = require("dxconnect.config.files").first_line
local sts = require "dxconnect.credentials.sts"

local methods = {}
local mt = { __index = methods }

local expired_codes = { ExpiredToken = true, ExpiredTokenException = true }

-- The code of the user's MFA device.
local function mfa_code(context, role)
  local prompt = context.settings.values.mfa_prompt
  if not prompt then
    return nil, errors.credentials(("%s has mfa_serial: give the option mfa_prompt, a function that returns the code")
      :format(role.label))
  end
  local ok, code, message = pcall(prompt, role.mfa_serial)
  if not ok then
    return nil, errors.credentials(("%s: mfa_prompt raised an error: %s"):format(role.label,
      errors.message_of(code)))
  elseif code == nil or code == "" then
    return nil, errors.credentials(("%s: mfa_prompt returned no code%s"):format(role.label,
      message ~= nil and ": " .. errors.message_of(message) or ""))
  elseif type(code) == "number" and code % 1 == 0 then
    code = ("%06d"):format(code)
  elseif type(code) == "string" then
    code = code:gsub("%s+", "")
  end
  if type(code) ~= "string" then
    return nil, errors.credentials(("%s: mfa_prompt must return the code as a string, not a %s"):format(role.label,
      type(code)))
  end
  return code
end

local function assume(self, signer, code, limit)
  local role = self.role
  return sts.call(self.context, {
    action = "AssumeRole",
    role_arn = role.role_arn,
    params = {
      { "RoleSessionName", role.session_name },
      { "DurationSeconds", role.duration_seconds },
      { "ExternalId", role.external_id },
      { "SerialNumber", role.mfa_serial },
      { "TokenCode", code },
    },
    signer = signer,
    limit = limit,
    secret = code,
    source = ("role %s of %s, assumed with %s"):format(first_line(role.role_arn), role.label, signer.source),
    what = ("%s the role %s"):format(role.label, first_line(role.role_arn)),
  })
end

-- Credentials of the source. The roles of a chain are assumed in a loop, from the last one that is still valid: a long
-- chain of nested calls would overflow the stack.
local function signer_of(self, limit)
  local chain = self.chain
  local good = #chain
  while good > 0 and not chain[good]:is_fresh() do
    good = good - 1
  end
  for i = good + 1, #chain - 1 do
    local found, err = chain[i]:get(nil, limit)
    if not found then
      return nil, err
    end
  end
  return self.source:get(nil, limit)
end

--- Assumes the role anew.
-- @tparam[opt] table refused
-- @tparam[opt] table limit `{deadline, passed}` of the renewal
function methods:get(_, limit)
  local signer, err = signer_of(self, limit)
  if not signer then
    return nil, err
  end
  local code
  if self.role.mfa_serial then
    code, err = mfa_code(self.context, self.role)
    if not code then
      return nil, err
    end
  end
  local found
  found, err = assume(self, signer, code, limit)
  if not found and err.cause and expired_codes[err.cause.code] then
    local fresh = self.source:refresh(signer, limit)
    if fresh then
      return assume(self, fresh, code, limit)
    end
  end
  return found, err
end

--- Closes the source.
function methods:close()
  self.source:close()
end

--- Makes the provider.
-- @tparam table context
-- @tparam table role `{label, role_arn, session_name, duration_seconds, external_id, mfa_serial}`
-- @tparam {table,...} chain caches around the providers of credentials, each signing for the next, the last for this
local function new(context, role, chain)
  role.session_name = role.session_name or ("dxconnect-%d"):format(math.floor(context.system.clock()))
  return setmetatable({ name = role.label, context = context, role = role, chain = chain, source = chain[#chain] }, mt)
end

return { new = new }
