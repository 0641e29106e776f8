--- Takes out of an exchange what a file that others see must not hold: secrets, key ids, signatures, tokens, account
-- numbers. Account numbers become stand-ins in the order in which they occur, so that what belongs together still does.

local core = require "dxconnect.core"

local HIDDEN = "<hidden>"
local STAND_IN = "stand-in" -- for keys and tokens of credentials: it can be signed with
local SHORTEST_SECRET = 6 -- bytes: shorter ones are hidden by their names alone
local SECRETS_MAX = 100 -- the newest ones are looked for in every text; each is hidden where its name tells it

-- Members of answers whose strings are bytes as base64.
local is_blob = {}
for _, shape in pairs(core.model().shapes) do
  for name, member in pairs(shape.members or {}) do
    is_blob[name] = core.model().shapes[member.shape].type == "blob" or nil
  end
end

-- Words at the end of names in credential exchanges, in lower case and without separators.
local credential_words = {
  "token", "secret", "key", "keyid", "clientid", "assertion", "password", "verifier", "credential", "signature",
  "usercode", "devicecode", "tokencode",
}

local page_tokens = { nexttoken = true, continuationtoken = true, marker = true, nextmarker = true }

local dropped_headers = {
  "cookie", "authorization", "authenticate", "token", "signature", "secret", "content%-length", "transfer%-encoding",
  "connection", "keep%-alive",
}

local function plain_name(name)
  return (name:lower():gsub("[^%w]", ""))
end

local function is_credential_name(name)
  local plain = plain_name(name)
  for _, word in ipairs(credential_words) do
    if plain:sub(-#word) == word then
      return true
    end
  end
  return false
end

local function escape_pattern(text)
  return (text:gsub("%W", "%%%0"))
end

local methods = {}
local mt = { __index = methods }

-- ---- accounts and texts

-- The stand-in of an account number: another one of as many digits.
local function stand_in_of(self, account)
  local found = self.accounts[account]
  if not found then
    self.count = self.count + 1
    found = ("%012d"):format(self.count)
    self.accounts[account] = found
  end
  return found
end

--- Remembers a secret, to hide it wherever it occurs from now on. Replaying learns none: it writes nothing.
-- @tparam ?string secret
function methods:learn(secret)
  if not self.is_recording or type(secret) ~= "string" or #secret < SHORTEST_SECRET or secret == HIDDEN
    or secret == STAND_IN or self.is_known[secret] then
    return
  end
  local at = self.next_secret
  if self.secrets[at] then
    self.is_known[self.secrets[at].text] = nil
  end
  self.is_known[secret] = true
  self.secrets[at] = { text = secret, pattern = escape_pattern(secret) }
  self.next_secret = at % SECRETS_MAX + 1
end

local function hide_in(text, secret, cover)
  if not text:find(secret.text, 1, true) then
    return text
  end
  return (text:gsub(secret.pattern, cover and cover:rep(#secret.text) or HIDDEN))
end

--- A text without the secrets that are known, without key ids and account numbers. An account is twelve digits by
-- themselves, but not at the end of a UUID.
-- @tparam string text
-- @tparam[opt] string cover what takes the place of each byte of a secret, where the length must stay
-- @treturn string
function methods:text(text, cover)
  for _, secret in ipairs(self.secrets) do
    text = hide_in(text, secret, cover)
  end
  if self.signature then
    text = hide_in(text, self.signature, cover)
  end
  text = text:gsub("%f[%w]A[KS]IA[%u%d]+%f[%W]", function(id)
    return #id >= 16 and (cover and cover:rep(#id) or HIDDEN) or nil
  end)
  return (text:gsub("()%f[%w](%d%d%d%d%d%d%d%d%d%d%d%d)%f[%W]", function(at, digits)
    return not text:sub(1, at - 1):find("%x%x%x%x%-$") and stand_in_of(self, digits) or nil
  end))
end

--- A text with its account numbers all alike, for what matches.
-- @tparam string text
-- @treturn string
local function without_accounts(text)
  return (text:gsub("%f[%w]%d%d%d%d%d%d%d%d%d%d%d%d%f[%W]", "ACCOUNT"))
end

--- Remembers the signature of the request that is sent now, instead of the one before.
-- @tparam ?string signature
function methods:set_signature(signature)
  self.signature = signature and { text = signature, pattern = escape_pattern(signature) }
end

-- ---- values of JSON

-- Bytes as base64, their length unchanged: they may tell offsets.
local function scrub_blob(self, text)
  local bytes = core.unbase64(text)
  return bytes and core.base64(self:text(bytes, "*")) or self:text(text)
end

-- Hides a value whatever it is, and remembers the strings in it.
local function hide(self, value, stand_in)
  if type(value) == "string" then
    self:learn(value)
  elseif type(value) == "table" then
    for _, inner in pairs(value) do
      hide(self, inner, stand_in)
    end
  end
  return stand_in
end

local function page_token(self, token)
  if not self.is_recording then
    return token
  end
  local found = self.tokens[token]
  if not found then
    self.token_count = self.token_count + 1
    found = ("token-%d"):format(self.token_count)
    self.tokens[token] = found
  end
  return found
end

local function is_hidden(name, of_credentials, value)
  if of_credentials and name == "code" then
    return type(value) == "string" and not value:find("^%a+$") -- one to get a token with; not "Success"
  end
  return core.is_hidden_name(name) or plain_name(name) == "accesskeyid" or plain_name(name) == "token"
    or of_credentials and is_credential_name(name)
end

--- A value of JSON without what is secret in it; the value itself is left alone.
-- @param value
-- @tparam boolean of_credentials it is from an exchange for credentials: more names are secret, and keys have stand-ins
-- @return value
function methods:value(value, of_credentials)
  if type(value) == "string" then
    return self:text(value)
  elseif type(value) ~= "table" then
    return value
  end
  local copy = {}
  for name, inner in next, value do
    local key = name
    if type(name) == "string" then
      key = self:text(name)
      if type(inner) == "string" and page_tokens[plain_name(name)] then
        copy[key] = page_token(self, inner)
      elseif is_hidden(name, of_credentials, inner) then
        copy[key] = hide(self, inner, of_credentials and STAND_IN or HIDDEN)
      elseif is_blob[name] and type(inner) == "string" then
        copy[key] = scrub_blob(self, inner)
      end
    end
    if copy[key] == nil then
      copy[key] = self:value(inner, of_credentials)
    end
  end
  return setmetatable(copy, getmetatable(value))
end

-- ---- bodies and headers

-- Of text that is no JSON, what stands where JSON or XML has secrets.
local function scrub_markup(self, text, of_credentials)
  text = text:gsub('"([%w_-]+)"(%s*:%s*)"([^"]*)', function(name, between, value)
    if is_hidden(name, of_credentials, value) then
      self:learn(value)
      return ('"%s"%s"%s'):format(name, between, HIDDEN)
    end
  end)
  return (text:gsub("<([%w_]+)>([^<]+)<", function(name, value)
    if is_hidden(name, of_credentials, value) then
      self:learn(value)
      return ("<%s>%s<"):format(name, STAND_IN)
    end
  end))
end

local function is_utf8(text)
  return core.json_encode(text) ~= nil
end

--- A body as it goes into the file.
-- @tparam string body
-- @tparam boolean of_credentials
-- @tparam ?boolean is_token the whole of it is one
-- @treturn table `{json = value}`, `{text = string}` or `{base64 = string}`
function methods:body(body, of_credentials, is_token)
  if is_token then
    self:learn(body)
    return { text = STAND_IN }
  end
  local value = core.json_decode(body)
  if type(value) == "table" then
    return { json = self:value(value, of_credentials) }
  elseif is_utf8(body) then
    return { text = self:text(scrub_markup(self, body, of_credentials)) }
  end
  return { base64 = core.base64(self:text(body, "*")) }
end

--- Headers of an answer without cookies, tokens and what the transport has read already.
-- @tparam ?table headers
-- @treturn table
function methods:headers(headers)
  local kept = {}
  for name, value in pairs(type(headers) == "table" and headers or {}) do
    local is_kept = type(name) == "string" and type(value) ~= "table"
    local lower = is_kept and name:lower()
    for _, word in ipairs(is_kept and dropped_headers or {}) do
      is_kept = is_kept and not lower:find(word)
    end
    if is_kept then
      kept[lower] = self:text(tostring(value))
    end
  end
  return kept
end

--- Makes one for a tape: stand-ins stay the same throughout.
-- @tparam boolean is_recording secrets are remembered, and tokens of pages become stand-ins, too
-- @treturn table
local function new(is_recording)
  return setmetatable({
    is_recording = is_recording, accounts = {}, count = 0, tokens = {}, token_count = 0,
    secrets = {}, is_known = {}, next_secret = 1,
  }, mt)
end

return { new = new, without_accounts = without_accounts }
