--- OpenResty's light threads: what stands in for the scheduler of our own inside nginx.

--- Whether code that runs now can be one of many light threads, and wait in one.
local function are_here()
  return false
end

local function sleep(seconds)
  ngx.sleep(seconds)
end

--- As schedule.each.
local function each(_, _, _, _)
  error("light threads are not supported yet")
end

return {
  are_here = are_here,
  sleep = sleep,
  each = each,
}
