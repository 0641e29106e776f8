--- What the operating system says of this process.

local core = require "dxconnect.core"

local process = {
  -- Kilobytes of growth that say nothing: what allocators keep. A sanitizer keeps freed memory for a while on purpose.
  SLACK = os.getenv("ASAN_OPTIONS") and 512 * 1024 or 8 * 1024,
}

-- Collects what earlier work has let go: twice, since what a finalizer lets go is collected by the next round.
local function collect()
  collectgarbage()
  collectgarbage()
end

--- How many descriptors are open, after a full collection; the one that looks is not there yet when it looks.
function process.descriptors()
  collect()
  local n = 0
  for fd = 0, 255 do
    local file = io.open("/proc/self/fdinfo/" .. fd)
    if file then
      n = n + 1
      file:close()
    end
  end
  return n
end

--- How many descriptors are open once no more than `limit` are, or after half a minute: threads of libcurl that look
-- up names close theirs when they end.
function process.descriptors_down_to(limit)
  local till = os.time() + 30
  local n = process.descriptors()
  while n > limit and os.time() < till do
    core.sleep(0.02)
    n = process.descriptors()
  end
  return n
end

--- Memory that Lua has in use, in kilobytes, after a full collection.
function process.lua_memory()
  collect()
  return collectgarbage("count")
end

--- Memory in use, in kilobytes, after a full collection.
function process.resident()
  collect()
  local file = io.open("/proc/self/status")
  local status = file:read("*a")
  file:close()
  return tonumber(status:match("\nVmRSS:%s+(%d+) kB"))
end

--- How many kilobytes this process grows by while f runs; f runs up to three times, and the least counts. What leaks
-- does so each time, while a heap reaches the size that its collector and its allocator let it have only once.
function process.growth_of(f)
  local least = math.huge
  for _ = 1, 3 do
    local before = process.resident()
    f()
    least = math.min(least, process.resident() - before)
    if least < process.SLACK then
      break
    end
  end
  return least
end

return process
