--- How the cost of work grows with its size, in CPU time of this process: for specs that refuse quadratic
-- work. A ratio of two measurements in one process, so that a slow or busy machine changes nothing.

local FACTOR = 8 -- linear work costs 8 times as much, quadratic work 64 times
local ROUNDS = 3

local function cpu(f, input)
  collectgarbage()
  local start = os.clock()
  f(input)
  return os.clock() - start
end

local function best(f, make, n)
  local input = make(n)
  local least = cpu(f, input)
  for _ = 2, ROUNDS do
    least = math.min(least, cpu(f, input))
  end
  return least
end

--- Measures f on an input of size n and on one eight times as large.
-- @tparam function f takes what `make` returned
-- @tparam function make `make(n)` returns an input of size n; not measured
-- @tparam number n so large that f takes some milliseconds
-- @treturn number cost of the larger ÷ cost of the smaller; below 24 is linear, with room for caches and noise
local function ratio(f, make, n)
  local small = math.max(best(f, make, n), 1e-3)
  return best(f, make, FACTOR * n) / small
end

return { LINEAR = 24, ratio = ratio }
