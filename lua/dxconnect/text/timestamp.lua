--- Times as text: ISO 8601, to Unix seconds and back, and the Date header of HTTP. Asks no calendar of the system.

local floor = math.floor

local LONGEST = 64 -- bytes that can be a time

-- Days from 1970-01-01 to a date of the proleptic Gregorian calendar.
local function days_from(year, month, day)
  if month <= 2 then
    year, month = year - 1, month + 12
  end
  return 365 * year + floor(year / 4) - floor(year / 100) + floor(year / 400) + floor((153 * (month - 3) + 2) / 5)
    + day - 1 - 719468
end

local month_days = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }

local function days_of(year, month)
  local is_leap = year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0)
  return month == 2 and is_leap and 29 or month_days[month]
end

local function offset_of(zone)
  if zone == "" or zone == "Z" or zone == "z" or zone == "UTC" or zone == "GMT" then
    return 0
  end
  local sign, hours, minutes = zone:match("^([+-])(%d%d):?(%d%d)$")
  if not sign then
    sign, hours = zone:match("^([+-])(%d%d)$")
    minutes = 0
  end
  if not sign then
    return nil
  end
  local seconds = tonumber(hours) * 3600 + tonumber(minutes) * 60
  return sign == "-" and -seconds or seconds
end

-- Date and time, extended form and basic, and what is behind.
local dates = {
  "^%s*(%d%d%d%d)%-(%d%d)%-(%d%d)[Tt ]%s*(.*)$",
  "^%s*(%d%d%d%d)(%d%d)(%d%d)[Tt ]%s*(.*)$",
}

-- Seconds and minutes may be left out.
local clocks = {
  { "^(%d%d):(%d%d):(%d%d)(.*)$", 3 },
  { "^(%d%d)(%d%d)(%d%d)(.*)$", 3 },
  { "^(%d%d):(%d%d)(.*)$", 2 },
  { "^(%d%d)(%d%d)(.*)$", 2 },
  { "^(%d%d)(.*)$", 1 },
}

local function split_date(text)
  for _, pattern in ipairs(dates) do
    local year, month, day, clock = text:match(pattern)
    if year then
      return tonumber(year), tonumber(month), tonumber(day), clock
    end
  end
  return nil
end

-- Hour, minute, second, fraction, zone.
local function split_clock(text)
  for _, form in ipairs(clocks) do
    local a, b, c, d = text:match(form[1])
    local parts = form[2]
    if a and parts == 3 then
      local fraction, zone = d:match("^[.,](%d*)%s*(.-)%s*$")
      return tonumber(a), tonumber(b), tonumber(c), tonumber("0." .. (fraction or "0")) or 0,
        zone or d:match("^%s*(.-)%s*$")
    elseif a then
      local zone = parts == 2 and c or b
      return tonumber(a), parts == 2 and tonumber(b) or 0, 0, 0, zone:match("^%s*(.-)%s*$")
    end
  end
  return nil
end

--- Reads a time in ISO 8601, in every form that botocore reads; without a zone it is UTC.
-- @tparam string text
-- @treturn ?number Unix seconds; nil where it is no time
local function parse(text)
  if type(text) ~= "string" or #text > LONGEST then
    return nil
  end
  local year, month, day, clock = split_date(text)
  if not year then
    return nil
  end
  local hour, minute, second, fraction, zone = split_clock(clock)
  local offset = zone and offset_of(zone)
  if not offset then
    return nil
  end
  if month < 1 or month > 12 or day < 1 or day > days_of(year, month) or hour > 23 or minute > 59 or second > 60 then
    return nil
  end
  local seconds = days_from(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset
  return fraction > 0 and seconds + fraction or seconds
end

--- Unix seconds of a date in UTC.
-- @tparam integer year
-- @tparam integer month from 1
-- @tparam integer day from 1
-- @tparam integer hour
-- @tparam integer minute
-- @tparam number second
-- @treturn number
local function seconds_of(year, month, day, hour, minute, second)
  return days_from(year, month, day) * 86400 + hour * 3600 + minute * 60 + second
end

local months = {}
for i, name in ipairs { "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec" } do
  months[name] = i
end

--- Reads a date such as "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7).
-- @tparam ?string text
-- @treturn ?number Unix seconds; nil where it is no such date
local function parse_http(text)
  if type(text) ~= "string" then
    return nil
  end
  local day, name, year, hour, minute, second = text:match("^%a+, (%d%d) (%a%a%a) (%d%d%d%d) (%d%d):(%d%d):(%d%d) GMT$")
  local month = name and months[name:lower()]
  if not month then
    return nil
  end
  return seconds_of(tonumber(year), month, tonumber(day), tonumber(hour), tonumber(minute), tonumber(second))
end

--- Writes a time in UTC, to the second: 2026-01-31T23:59:59Z.
-- @tparam number seconds Unix seconds
-- @treturn string
local function format(seconds)
  seconds = floor(seconds)
  local days = floor(seconds / 86400)
  local rest = seconds - days * 86400
  local z = days + 719468
  local era = floor(z / 146097)
  local doe = z - era * 146097
  local yoe = floor((doe - floor(doe / 1460) + floor(doe / 36524) - floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + floor(yoe / 4) - floor(yoe / 100))
  local mp = floor((5 * doy + 2) / 153)
  local day = doy - floor((153 * mp + 2) / 5) + 1
  local month = mp < 10 and mp + 3 or mp - 9
  local year = yoe + era * 400 + (month <= 2 and 1 or 0)
  local hour, minute = floor(rest / 3600), floor(rest / 60) % 60
  return ("%04d-%02d-%02dT%02d:%02d:%02dZ"):format(year, month, day, hour, minute, rest % 60)
end

return {
  parse = parse,
  parse_http = parse_http,
  format = format,
  seconds = seconds_of,
}
