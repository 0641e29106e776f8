--- A progress bar for `on_progress`.
-- `client:map(name, list, {on_progress = dxconnect.progress()})`. On a terminal the line is drawn over and over; into
-- a file only the last one goes.

local core = require "dxconnect.core"

local WIDTH = 40

local function bar(done, total)
  local filled = total > 0 and math.floor(WIDTH * done / total) or WIDTH
  return ("[%s%s]"):format(("#"):rep(filled), ("."):rep(WIDTH - filled))
end

--- Makes a function for `on_progress`; it serves one batch after the other.
-- @tparam[opt] file file where to draw; standard error unless told
-- @treturn function
local function progress(file)
  file = file or io.stderr
  local is_terminal = io.type(file) == "file" and core.is_tty(file)
  local failed, drawn = 0, 0
  return function(done, total, item)
    if item and item.error then
      failed = failed + 1
    end
    local is_last = done >= total
    local percent = total > 0 and math.floor(100 * done / total) or 100
    if is_last or (is_terminal and percent ~= drawn) then
      drawn = percent
      local failures = failed > 0 and (", %d failed"):format(failed) or ""
      file:write(is_terminal and "\r" or "", ("%s %3d%%  %d of %d%s"):format(bar(done, total), percent, done, total,
        failures), is_last and "\n" or "")
      file:flush()
    end
    if is_last then
      failed, drawn = 0, 0
    end
  end
end

return progress
