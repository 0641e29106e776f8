--- When to send again, and how long to wait before: the standard retry mode of the AWS SDKs.
-- Pure: it reads no clock and draws no random number; both are handed in. What is retried at all is decided in two
-- steps: `outcome` says what an answer (or its absence) means, `may_resend` whether this operation may go out twice.

local max, min = math.max, math.min

local function set(list)
  local values = {}
  for _, value in ipairs(list) do
    values[value] = true
  end
  return values
end

local BUCKET_CAPACITY = 500
local COST_TRANSIENT = 14
local COST_THROTTLED = 5
local REFUND_WITHOUT_RETRY = 1

local BASE_TRANSIENT = 0.05 -- seconds
local BASE_THROTTLED = 1
local MAX_BACKOFF = 20
local AMZ_RETRY_AFTER_MARGIN = 5 -- x-amz-retry-after adds at most this to our own wait
local MAX_SKEW = 4 * 60

-- LimitExceededException is a quota in this service and deliberately not here.
local throttling_codes = set {
  "BandwidthLimitExceeded",
  "EC2ThrottledException",
  "PriorRequestNotComplete",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "RequestThrottled",
  "RequestThrottledException",
  "SlowDown",
  "ThrottledException",
  "Throttling",
  "ThrottlingException",
  "TooManyRequestsException",
  "TransactionInProgressException",
}

local transient_codes = set {
  "DirectConnectServerException",
  "IDPCommunicationError", -- of STS
  "InternalError",
  "InternalFailure",
  "InternalServerError",
  "RequestTimeout",
  "RequestTimeoutException",
  "ServiceUnavailable",
  "ServiceUnavailableException",
}

local clock_codes = set {
  "InvalidSignatureException",
  "RequestExpired",
  "RequestInTheFuture",
  "RequestTimeTooSkewed",
  "SignatureDoesNotMatch",
}

local expired_codes = set {
  "ExpiredToken",
  "ExpiredTokenException",
}

local transient_statuses = { [500] = true, [502] = true, [503] = true, [504] = true }

-- Answers of what stands between us and the service: it may have passed the request on before it gave up or redirected.
local ambiguous_statuses = { [303] = true, [408] = true, [460] = true, [499] = true }

--- What a failed attempt means.
-- @tparam string kind "transport", "response" or "service"
-- @tparam string code the error's code; for a transport its kind ("connect", "tls", "timeout", "reset")
-- @tparam[opt] integer status the HTTP status
-- @tparam[opt] boolean sent for a transport: whether anything of the request may have reached the other side
-- @treturn table `{transient, throttling, ambiguous, clock, expired}`; `ambiguous`: it may have taken effect
local function outcome(kind, code, status, sent)
  if kind == "transport" then
    local transient = code ~= "tls" and code ~= "cancelled"
    return { transient = transient, ambiguous = sent }
  elseif kind == "response" then
    return { transient = true, ambiguous = true }
  end
  if code == "LimitExceededException" then
    return {}
  elseif throttling_codes[code] or status == 429 then
    return { throttling = true }
  elseif clock_codes[code] then
    return { clock = true }
  elseif expired_codes[code] then
    return { expired = true }
  end
  local transient = transient_codes[code] or transient_statuses[status] or false
  return { transient = transient, ambiguous = transient or status >= 500 or ambiguous_statuses[status] or false }
end

--- Whether an operation may go out once more after such an outcome.
-- @tparam string class the operation's: "read", "repeatable", "token" or "once"
-- @tparam table what an outcome
local function may_resend(class, what)
  return class ~= "once" or not what.ambiguous
end

-- A header's seconds; nil where it is absent or not a plain number.
local function header_seconds(ex, name, scale)
  local text = ex:header(name)
  local value = text and text:match("^%d+$") and tonumber(text)
  return value and value * scale
end

--- How long the service asks us to wait.
-- @tparam userdata ex the exchange that holds the answer, if there was one
-- @treturn ?number seconds, from x-amz-retry-after
-- @treturn ?number seconds, from Retry-After
local function asked_for(ex)
  if ex:status() == 0 then
    return nil, nil
  end
  return header_seconds(ex, "x-amz-retry-after", 0.001), header_seconds(ex, "retry-after", 1)
end

--- Seconds to wait before the next attempt: full jitter, and what the service asks for.
-- @tparam integer attempt the attempt that failed, from 1
-- @tparam table what its outcome
-- @tparam number random in [0, 1)
-- @tparam[opt] number amz_retry_after seconds, from x-amz-retry-after
-- @tparam[opt] number retry_after seconds, from Retry-After
local function delay(attempt, what, random, amz_retry_after, retry_after)
  local base = what.throttling and BASE_THROTTLED or BASE_TRANSIENT
  local backoff = random * min(base * 2 ^ (attempt - 1), MAX_BACKOFF)
  if amz_retry_after then
    return max(backoff, min(amz_retry_after, backoff + AMZ_RETRY_AFTER_MARGIN))
  elseif retry_after then
    return max(backoff, min(retry_after, MAX_BACKOFF))
  end
  return backoff
end

--- The correction for a clock that is off, where that explains a refusal.
-- @tparam number now our corrected time
-- @tparam ?number date the answer's Date, Unix seconds
-- @treturn ?number seconds to add to our time; nil where the clock is not to blame
local function skew(now, date)
  if date and math.abs(date - now) > MAX_SKEW then
    return date - now
  end
end

-- ---- the token bucket of a client: it stops retries when most of them fail

local bucket_methods = {}
local bucket_mt = { __index = bucket_methods }

--- Takes what a retry costs; returns it, or nil where too little is left.
function bucket_methods:take(what)
  local cost = what.throttling and COST_THROTTLED or COST_TRANSIENT
  if cost > self.tokens then
    return nil
  end
  self.tokens = self.tokens - cost
  return cost
end

--- Gives back after a success: what the last retry took, or a little where there was none.
function bucket_methods:refund(cost)
  self.tokens = min(BUCKET_CAPACITY, self.tokens + (cost or REFUND_WITHOUT_RETRY))
end

--- Makes a full budget of retries.
-- @treturn table
local function new_bucket()
  return setmetatable({ tokens = BUCKET_CAPACITY }, bucket_mt)
end

return {
  outcome = outcome,
  may_resend = may_resend,
  asked_for = asked_for,
  delay = delay,
  skew = skew,
  new_bucket = new_bucket,
}
