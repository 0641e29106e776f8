--- The cache around a provider: credentials are kept, renewed ahead of their end, and renewed once however many
-- coroutines ask. A renewal that fails keeps what is still valid.

local errors = require "dxconnect.errors"
local lock = require "dxconnect.async.lock"
local waits = require("dxconnect.system").waits

local EARLIEST = 15 * 60 -- seconds before the end
local LATEST = 5
local SHARE = 4 -- of a short life, the last quarter is for renewing
local LOOK = 0.02 -- seconds between two looks whether another call's renewal is over
local PAUSE = 15 -- after a renewal that failed, while what we have is still good

local methods = {}
local mt = { __index = methods }

local function is_past(credentials, now)
  return credentials.expiration ~= nil and credentials.expiration <= now
end

-- "must" where credentials are missing or at their end, "may" where it is time to look for others.
local function need(self, now)
  local credentials = self.credentials
  if not credentials then
    return "must"
  elseif credentials.expiration == nil then
    return nil
  end
  local left = credentials.expiration - now
  if left <= LATEST then
    return "must"
  elseif left <= self.window and now >= self.not_before then
    return "may"
  end
  return nil
end

-- Credentials that never change are no event.
local function emit(self, started, credentials, err)
  local logger = self.context.logger
  if logger and not self.provider.fixed then
    pcall(logger, {
      type = "credentials",
      source = credentials and credentials.source,
      code = err and err.code,
      elapsed = self.system.monotonic() - started,
    })
  end
end

local function keep(self, credentials, now)
  self.credentials = credentials
  if credentials.expiration then
    local left = credentials.expiration - now
    self.window = math.min(EARLIEST, math.max(LATEST, left / SHARE))
    self.not_before = 0
  end
end

-- Asks the provider; keeps and returns what it has.
local function renew(self, refused, limit)
  local started = self.system.monotonic()
  local credentials, err, why = self.provider:get(refused, limit)
  if not credentials and not err then
    err = errors.credentials(("%s: %s"):format(self.provider.name, why or "no credentials"), "NoCredentialsError")
  end
  local now = self.system.clock()
  if credentials and is_past(credentials, now) then
    credentials, err = nil, errors.credentials(("the credentials from %s have expired"):format(credentials.source))
  end
  emit(self, started, credentials, err)
  self.renewals = self.renewals + 1
  self.failure, self.ran_out = err and errors.copy(err), limit.passed
  if credentials then
    keep(self, credentials, now)
    return credentials
  end
  self.not_before = now + PAUSE
  return nil, err
end

-- The limit of a renewal: that of the call it is done for, or of the renewal that it is a part of.
local function limit_of(within)
  return type(within) == "table" and within or { deadline = within }
end

-- The renewal that ended while the caller waited for the lock will do, unless another call's total_timeout ended it.
local function renew_or_share(self, seen, refused, within)
  if self.renewals ~= seen and not (self.failure and self.ran_out) then
    return not self.failure and self.credentials or nil, self.failure and errors.copy(self.failure)
  elseif self.closed then
    return nil, errors.closed()
  end
  return renew(self, refused, limit_of(within))
end

-- Waits for the renewal of another call, no longer than this one may take; false where that does not suffice.
local function await_other(self, deadline)
  while self.lock:is_held() and waits.can_wait() do
    local left = deadline - self.system.monotonic()
    if left <= 0 then
      return false
    end
    waits.sleep(left < LOOK and left or LOOK)
  end
  return true
end

local function renew_once(self, refused, within)
  local seen = self.renewals
  if self.provider.fixed then -- asks nobody
    return renew_or_share(self, seen, refused, within)
  end
  local limit = limit_of(within)
  if limit.deadline and not await_other(self, limit.deadline) then
    limit.passed = true
    return nil, errors.transport("total_timeout ran out while another call's credentials were renewed", "timeout")
  end
  return self.lock:guard(renew_or_share, self, seen, refused, limit)
end

--- Whether `get` would ask nobody.
function methods:is_fresh()
  return not need(self, self.system.clock())
end

--- Credentials, renewed where it is time.
-- @tparam[opt] table refused credentials that the service no longer takes
-- @tparam[opt] number|table within deadline of the call on the monotonic clock, by which requests and waits for
-- credentials end; or the limit `{deadline, passed}` of the renewal that asks
-- @treturn[1] table credentials
-- @treturn[2] nil
-- @treturn[2] table error
function methods:get(refused, within)
  if refused then
    return self:refresh(refused, within)
  end
  local now = self.system.clock()
  local wanted = need(self, now)
  if not wanted or (wanted == "may" and self.lock:is_held()) then
    return self.credentials
  end
  local credentials, err = renew_once(self, nil, within)
  if credentials then
    return credentials
  elseif self.credentials and not is_past(self.credentials, self.system.clock()) then
    return self.credentials
  end
  self.credentials = nil
  return nil, err
end

--- Others, after the service refused these.
-- @tparam table refused credentials
-- @tparam[opt] number|table within as in `get`
-- @treturn[1] table credentials
-- @treturn[2] nil where there can't be others
-- @treturn[2] ?table error
function methods:refresh(refused, within)
  if self.credentials and self.credentials ~= refused then
    return self.credentials
  elseif self.provider.fixed then
    return nil, nil
  end
  return renew_once(self, refused, within)
end

--- Forgets what it kept.
function methods:close()
  self.closed = true
  self.credentials = nil
  self.provider:close()
end

--- Makes a cache.
-- @tparam table context
-- @tparam table provider
local function new(context, provider)
  return setmetatable({
    name = provider.name,
    context = context,
    system = context.system,
    provider = provider,
    lock = lock.new(),
    renewals = 0,
    not_before = 0,
    window = LATEST,
  }, mt)
end

return { new = new }
