--- What the operating system says of this process.

local process = {
  -- Kilobytes of growth that say nothing: what allocators keep. A sanitizer keeps freed memory for a while on purpose.
  SLACK = os.getenv("ASAN_OPTIONS") and 512 * 1024 or 8 * 1024,
}

--- How many descriptors are open; the one that looks is not there yet when it looks.
function process.descriptors()
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

--- Memory in use, in kilobytes: what Lua has let go is collected first.
function process.resident()
  collectgarbage()
  collectgarbage()
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
