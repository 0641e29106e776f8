--- What the operating system says of this process.

local process = {}

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
  for line in io.lines("/proc/self/status") do
    local size = line:match("^VmRSS:%s+(%d+) kB")
    if size then
      return tonumber(size)
    end
  end
end

return process
