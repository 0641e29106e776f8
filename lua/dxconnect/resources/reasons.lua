--- What a service error is about.
-- Nearly everything comes as DirectConnectClientException or DirectConnectServerException, so the text has to tell;
-- texts that say nothing known get no reason. Pure data and one function.

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

-- Lower-case plain texts; the first that occurs decides.
local by_text = {
  { "transitioning state", "transitioning" },
  { "proposal has been accepted", "already_done" },
  { "has already been", "already_done" },
  { "already associated", "already_done" },
  { "already disassociated", "already_done" },
  { "already deleted", "already_done" },
  { "already confirmed", "already_done" },
  { "could not find", "not_found" },
  { "does not exist", "not_found" },
  { "not found", "not_found" },
  { "not authorized", "denied" },
  { "already exists", "conflict" },
  { "already in use", "conflict" },
  { "limit exceeded", "quota" },
  { "exceeds the limit", "quota" },
  { "exceeded the maximum", "quota" },
  { "maximum number of", "quota" },
  { "quota", "quota" },
}

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
    local text = message:lower()
    for _, entry in ipairs(by_text) do
      if text:find(entry[1], 1, true) then
        reason = entry[2]
        break
      end
    end
  end
  return reason, hints[reason]
end

return { of = of }
