--- The rate limiter of the adaptive retry mode: CUBIC, as TCP's congestion control.
-- Pure: it reads no clock; all times are monotonic seconds, handed in.

local floor, max, min = math.floor, math.max, math.min

local SMOOTHING = 0.8
local BETA = 0.7
local SCALE = 0.4
local MIN_FILL_RATE = 0.5
local RATE_WINDOW = 0.5 -- seconds

local methods = {}
local mt = { __index = methods }

local function refill(self, now)
  if self.filled_at then
    self.tokens = min(self.capacity, self.tokens + (now - self.filled_at) * self.fill_rate)
  end
  self.filled_at = now
end

local function measure(self, now)
  local window = floor(now / RATE_WINDOW) * RATE_WINDOW
  self.count = self.count + 1
  if window > self.window then
    local rate = self.count / (window - self.window)
    self.measured = rate * SMOOTHING + self.measured * (1 - SMOOTHING)
    self.count = 0
    self.window = window
  end
end

local function time_to_last_maximum(self)
  return (self.last_max * (1 - BETA) / SCALE) ^ (1 / 3)
end

--- Takes a token for one attempt.
-- @tparam number now a monotonic time in seconds
-- @treturn number seconds to wait before sending; 0 as long as nothing was throttled
function methods:take(now)
  if not self.enabled then
    return 0
  end
  refill(self, now)
  local wait = 0
  if self.tokens < 1 then
    wait = (1 - self.tokens) / self.fill_rate
  end
  self.tokens = self.tokens - 1 -- below zero: those who come next wait longer
  return wait
end

--- Learns from an answer.
function methods:answered(now, throttled)
  measure(self, now)
  local rate
  if throttled then
    local current = self.enabled and min(self.measured, self.fill_rate) or self.measured
    self.last_max = current
    self.window_size = time_to_last_maximum(self)
    self.last_throttled = now
    self.enabled = true
    rate = current * BETA
  else
    self.window_size = time_to_last_maximum(self)
    rate = SCALE * (now - self.last_throttled - self.window_size) ^ 3 + self.last_max
  end
  refill(self, now)
  self.fill_rate = max(min(rate, 2 * self.measured), MIN_FILL_RATE)
  self.capacity = max(self.fill_rate, 1)
  self.tokens = min(self.tokens, self.capacity)
end

--- Makes a limiter, which lets everything pass until the service throttles.
-- @tparam number now monotonic seconds
-- @treturn table
local function new(now)
  return setmetatable({
    enabled = false,
    tokens = 0,
    capacity = 1,
    fill_rate = MIN_FILL_RATE,
    measured = 0,
    count = 0,
    window = floor(now),
    last_max = 0,
    last_throttled = now,
    window_size = 0,
  }, mt)
end

return { new = new }
