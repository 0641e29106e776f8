--- The Date header of HTTP as Unix seconds. Pure: no calendar of the system is asked.

local months = {}
for i, name in ipairs { "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec" } do
  months[name] = i
end

-- Days from 1970-01-01 to a date of the Gregorian calendar.
local function days(year, month, day)
  if month <= 2 then
    year, month = year - 1, month + 12
  end
  return 365 * year + math.floor(year / 4) - math.floor(year / 100) + math.floor(year / 400)
    + math.floor((153 * (month - 3) + 2) / 5) + day - 719469
end

--- Unix seconds of a date in UTC.
-- @tparam integer year
-- @tparam integer month from 1
-- @tparam integer day from 1
-- @tparam integer hour
-- @tparam integer minute
-- @tparam number second
-- @treturn number
local function seconds(year, month, day, hour, minute, second)
  return days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second
end

--- Reads a date such as "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7).
-- @tparam ?string text
-- @treturn ?number Unix seconds; nil where it is no such date
local function parse(text)
  if type(text) ~= "string" then
    return nil
  end
  local day, name, year, hour, minute, second = text:match("^%a+, (%d%d) (%a%a%a) (%d%d%d%d) (%d%d):(%d%d):(%d%d) GMT$")
  local month = name and months[name:lower()]
  if not month then
    return nil
  end
  return seconds(tonumber(year), month, tonumber(day), tonumber(hour), tonumber(minute), tonumber(second))
end

return {
  parse = parse,
  seconds = seconds,
}
