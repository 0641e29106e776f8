--- Times in ISO 8601, as credential documents have them, to Unix seconds and back. Pure.

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
  if zone == "" or zone == "Z" or zone == "z" or zone == "UTC" then
    return 0
  end
  local sign, hours, minutes = zone:match("^([+-])(%d%d):?(%d%d)$")
  if not sign then
    return nil
  end
  local seconds = tonumber(hours) * 3600 + tonumber(minutes) * 60
  return sign == "-" and -seconds or seconds
end

--- Reads a time; without a zone it is UTC.
-- @tparam string text
-- @treturn ?number Unix seconds; nil where it is no time
local function parse(text)
  if type(text) ~= "string" or #text > LONGEST then
    return nil
  end
  local year, month, day, hour, minute, second, fraction, zone =
    text:match("^%s*(%d%d%d%d)-(%d%d)-(%d%d)[Tt ](%d%d):(%d%d):(%d%d)(%.?%d*)%s*(.-)%s*$")
  local offset = zone and offset_of(zone)
  if not offset then
    return nil
  end
  year, month, day = tonumber(year), tonumber(month), tonumber(day)
  hour, minute, second = tonumber(hour), tonumber(minute), tonumber(second)
  if month < 1 or month > 12 or day < 1 or day > days_of(year, month) or hour > 23 or minute > 59 or second > 60 then
    return nil
  end
  local seconds = days_from(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset
  local part = #fraction > 1 and tonumber("0" .. fraction) or 0
  return part > 0 and seconds + part or seconds
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
  format = format,
}
