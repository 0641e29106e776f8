--- The service's clock: how far it is ahead of ours, learned from the dates of its answers.
-- A date is bounded before it is kept, so that no answer can make a later call fail. Pure: all times are handed in, in
-- seconds.

local core = require "dxconnect.core"

local abs = math.abs

local DAY = 86400
local LONGEST_EXCHANGE = 15 * 60 -- the date of an answer that took longer tells too little
local LEAST_SKEW = 4 * 60 -- services accept five minutes; a smaller difference explains no refusal
local LATEST = 253370764800 -- the year 9999: signatures have no room for more

local methods = {}
local mt = { __index = methods }

--- The time of the answer that has these headers; nil where they tell nothing that can be used.
-- @tparam ?string date the header Date
-- @tparam ?string age the header Age: the answer is from a cache then
-- @tparam number elapsed seconds that the exchange took
-- @treturn ?number Unix seconds
function methods:read(date, age, elapsed)
  if not date or age or elapsed > LONGEST_EXCHANGE then
    return nil
  elseif date ~= self.last_text then -- mostly it is the date of the answer before
    self.last_text, self.last_date = date, core.read_time(date)
  end
  return self.last_date
end

--- Takes over the time of an answer, unless it is more than a day from our clock and from what was learned.
-- The answer was made at some moment of the exchange; what is within it changes nothing.
-- @tparam number date of the answer
-- @tparam number received our time when it was there
-- @tparam number elapsed seconds that the exchange took
-- @treturn boolean whether it was taken over
function methods:learn(date, received, elapsed)
  local offset = self.offset
  if abs(date - received) > DAY and abs(date - received - offset) > DAY then
    return false
  end
  local sent = received - (elapsed > 0 and elapsed or 0)
  if date > received + offset then
    self.offset = date - received
  elseif date <= sent + offset - 1 then -- a date has whole seconds
    self.offset = date - sent
  end
  return true
end

--- Whether a wrong clock explains that a request was refused.
-- @tparam number date of the refusal
-- @tparam number signed the time in the request's signature
-- @treturn boolean
local function explains(date, signed)
  return abs(date - signed) > LEAST_SKEW
end

--- The offset to try once after a refusal whose date was not taken over; nil where nothing can be signed for it.
-- @tparam number date of the refusal
-- @tparam number received our time when it was there
-- @treturn ?number seconds
local function trial(date, received)
  return date >= 0 and date < LATEST and date - received or nil
end

--- Makes a clock that agrees with ours.
-- @treturn table `offset` is how many seconds the service is ahead
local function new()
  return setmetatable({ offset = 0 }, mt)
end

return {
  new = new,
  explains = explains,
  trial = trial,
}
