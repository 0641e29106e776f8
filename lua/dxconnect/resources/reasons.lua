--- What a service error is about.
-- Nearly every error comes as DirectConnectClientException or DirectConnectServerException, so the text has to tell.
-- Texts that say nothing known get no reason.

local by_code = {
  AccessDeniedException = "denied",
  DuplicateTagKeysException = "duplicate_tags",
  ExpiredToken = "expired_credentials",
  ExpiredTokenException = "expired_credentials",
  IncompleteSignature = "signature",
  InvalidClientTokenId = "unknown_credentials",
  InvalidSignatureException = "signature",
  LimitExceededException = "quota",
  MissingAuthenticationTokenException = "signature",
  OptInRequired = "denied",
  RequestTimeTooSkewed = "clock",
  SignatureDoesNotMatch = "signature",
  TooManyTagsException = "quota",
  UnrecognizedClientException = "unknown_credentials",
}

-- Texts and what they say; the first that occurs decides. They are written by hand over there: blanks double, ids stand
-- between the words, "doesn't" and "does not" both occur, a full stop or an exclamation mark ends them. So text and
-- message are compared word by word, in lower case, without ids and without marks at a word's end.
-- Beside each: where it was seen. "service": answers of the service as public reports of its users quote them, with the
-- number of the report in hashicorp/terraform-provider-aws; "usual": other AWS services say it so.
local by_text = {
  { "is in a transitioning state", "transitioning" }, -- service
  { "is in transitioning state", "transitioning" }, -- service
  { "not in available state", "transitioning" }, -- service, 26274: a port while a key is put on or taken off
  { "connection id is not available", "transitioning" }, -- service
  { "is in state requested", "transitioning" }, -- service
  { "is in state ordering", "transitioning" }, -- as requested
  { "is in state pending", "transitioning" }, -- as requested
  { "proposal has been accepted", "already_done" }, -- service, 14328
  { "has already been", "already_done" }, -- usual
  { "already associated", "already_done" }, -- usual
  { "already disassociated", "already_done" }, -- usual
  { "already deleted", "already_done" }, -- usual
  { "already confirmed", "already_done" }, -- usual
  { "could not find", "not_found" }, -- service: connections, LAGs
  { "does not exist", "not_found" }, -- service, 43499 ("doesn't exist")
  { "not found", "not_found" }, -- usual
  { "not an authorized direct connect partner", "denied" }, -- service
  { "not authorized", "denied" }, -- usual
  { "already exists", "conflict" }, -- usual
  { "already in use", "conflict" }, -- usual
  { "limit exceeded", "quota" }, -- usual
  { "exceeds the limit", "quota" }, -- usual
  { "exceeded the maximum", "quota" }, -- usual
  { "maximum number of", "quota" }, -- usual
  { "quota", "quota" }, -- usual
}

local TEXT_MAX = 4096 -- bytes of a message that are read
local WORD_MAX = 64 -- longer ones are no words

-- Whether a word is an id: it has a digit, or is a prefix and hexadecimal digits.
local function is_id(word)
  return word:find("%d") ~= nil or word:find("^[%a%-]+%-%x%x%x%x%x%x") ~= nil or word:find("^arn:") ~= nil
end

-- The words of a text, between blanks.
local function folded(text)
  local words = { "" }
  for word in text:sub(1, TEXT_MAX):lower():gmatch("%S+") do
    word = #word <= WORD_MAX and word:gsub("^%p+", ""):gsub("%p+$", "") or ""
    if word == "doesn't" or word == "doesn\226\128\153t" then
      word = "does not"
    end
    if word ~= "" and not is_id(word) then
      words[#words + 1] = word
    end
  end
  return table.concat(words, " ")
end

for _, entry in ipairs(by_text) do
  entry[1] = folded(entry[1])
end

local hints = {
  already_done = "the service is already where this request would have brought it",
  clock = "compare this machine's clock with the answer's date",
  conflict = "something with this name or number exists already; describe it first",
  denied = "the credentials are valid but may not do this: check the IAM policy for directconnect actions",
  duplicate_tags = "give every tag key once",
  expired_credentials = "renew the credentials; client:explain() tells where they come from",
  not_found = "check the id, the region and the account: client:explain() shows what this client uses",
  quota = "a quota of the account or the resource: free something or ask for more in Service Quotas",
  signature = "check the secret key and this machine's clock; client:explain() tells where the credentials come from",
  transitioning = "wait until the resource is stable, for example with client:wait_until, and try again",
  unknown_credentials = "the service does not know this access key; client:explain() tells where it comes from",
}

--- The reason of a service error and what to do about it.
-- @tparam string code the service's code
-- @tparam string message its text
-- @treturn ?string reason
-- @treturn ?string hint
local function of(code, message)
  local reason = by_code[code]
  if not reason and type(message) == "string" then
    local text = folded(message)
    for _, entry in ipairs(by_text) do
      if text:find(entry[1], 1, true) then
        reason = entry[2]
        break
      end
    end
  end
  return reason, hints[reason]
end

return { of = of, hints = hints }
