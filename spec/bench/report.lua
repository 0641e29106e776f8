--- Measures, and prints a table of ratios. `run.sh` runs it, with the folder where the program `bare` stands.
-- A canned-answer nginx on loopback answers both sides. Every measurement is a process of its own, and those that are
-- compared run one after the other, round by round: what else the machine does hits all of them alike. A figure is the
-- best of all rounds beside the best; behind it stands the median of the rounds' own ratios.

package.path = "./?.lua;" .. package.path

local answers = require "spec.bench.answers"
local nginx = require "spec.support.nginx"

local work = arg[1]
local is_quick = os.getenv("BENCH") == "quick"
local rounds = is_quick and 1 or 5

local luas = {}
for name in os.getenv("BENCH_LUAS"):gmatch("%S+") do
  luas[#luas + 1] = name
end

local WIDTH, LATE, LATE_CALLS = 64, 0.020, 1000 -- calls in flight, the late server's seconds, calls to it

-- How often something is done in one process; a quick run only looks whether it works.
local function times(n)
  return is_quick and math.min(n, 2) or n
end

local late_calls = is_quick and WIDTH or LATE_CALLS

-- ---- the server

local function write(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end

local http_port, https_port = nginx.ports(2)
local certificates = nginx.certificates(work, "localhost,IP:127.0.0.1")

local server = nginx.start {
  http = ([[
    default_type application/x-amz-json-1.1;
    sendfile on; tcp_nopush on; open_file_cache max=16;
    keepalive_timeout 1h; keepalive_requests 1000000000;
    server {
      listen 127.0.0.1:%d backlog=1024;
      listen 127.0.0.1:%d ssl backlog=1024;
      ssl_certificate %s; ssl_certificate_key %s;
      root www;
      error_page 405 =200 $uri; # a file, for a POST
      location = /late {
        content_by_lua_block {
          ngx.req.read_body()
          ngx.sleep(%g)
          ngx.header.content_length = 2
          ngx.print("{}")
        }
      }
      location = /endless {
        content_by_lua_block {
          ngx.req.read_body()
          local megabyte = ("x"):rep(1024 * 1024)
          for _ = 1, 300 do
            if not ngx.print(megabyte) or not ngx.flush(true) then
              return
            end
          end
        }
      }
    }
  ]]):format(http_port, https_port, certificates.cert, certificates.key, LATE),
}

local interfaces = is_quick and 100 or 10000
local bodies = {
  key = answers.key(364),
  connections = answers.connections(100),
  interfaces = answers.interfaces(interfaces),
}
assert(os.execute(("mkdir '%s/www'"):format(server.folder)))
for name, body in pairs(bodies) do
  write(("%s/www/%s"):format(server.folder, name), body)
end

local http, https = "http://127.0.0.1:" .. http_port, "https://127.0.0.1:" .. https_port

-- ---- commands

local function quote(text)
  return "'" .. tostring(text):gsub("'", "'\\''") .. "'"
end

local function command(...)
  local words = { ... }
  for i = 1, #words do
    words[i] = quote(words[i])
  end
  return table.concat(words, " ")
end

local function bare(...)
  return command(work .. "/bare", ...)
end

local function client(lua, ...)
  return command(lua, "spec/bench/client.lua", ...)
end

-- What bare needs to know of a call.
local function request(name)
  local call = answers.calls[name]
  return "OvertureService." .. call[2], call[4]
end

local function bare_calls(url, name, n, ca)
  local target, body = request(name)
  return bare("calls", url .. "/" .. name, target, body, n, ca)
end

-- ---- what is measured

local measurements = {}

-- Adds one: `theirs(lua)` and `ours(lua)` are commands, the first nil where figures have an ideal; figures name what is
-- compared and its aim, one for all Luas or by name.
local function add(name, theirs, ours, figures, options)
  measurements[#measurements + 1] = {
    name = name, theirs = theirs, ours = ours, figures = figures, options = options or {},
  }
end

local function add_calls(name, url, answer, n, aim, ca)
  n = times(n)
  add(name, function()
    return bare_calls(url, answer, 2 * n, ca) -- it takes less time, and is to be measured as well
  end, function(lua)
    return client(lua, "calls", url .. "/" .. answer, answer, n, ca)
  end, { { "cpu", aim }, { "wall" } })
end

add_calls("small call, 364 bytes", http, "key", 4000, 1.10)
add_calls("small call over TLS", https, "key", 3000, 1.15, certificates.ca)
add_calls("100 connections, 94 kB", http, "connections", 500, 5.0)
add_calls("10,000 interfaces, 11.7 MB", http, "interfaces", 8, 7.0)

add("prepare, beside a bare signer", function()
  return bare("sign", answers.calls.key[4], times(50000))
end, function(lua)
  return client(lua, "prepare", "key", times(50000))
end, { { "cpu", 4 / 0.75 } })

local big = ("%s/www/interfaces"):format(server.folder)
add("decode 11.7 MB, beside cjson", function(lua)
  return client(lua, "cjson", big, 1)
end, function(lua)
  return client(lua, "decode", big, "interfaces", 1)
end, { { "wall", { ["lua5.4"] = 0.42, luajit = 0.45 } }, { "peak", 1 } })

local function add_start(name, url, aim)
  local target, body = request("key")
  add(name, function()
    return bare("spawn", work .. "/bare", "once", url .. "/key", target, body)
  end, function(lua)
    return bare("spawn", lua, "spec/bench/once.lua", url .. "/key")
  end, { { "wall", aim } }, { repeated = is_quick and 1 or 5, status = url == https and 2 or 0 })
end

add_start("start-up with one call", http, 1.5)
-- The system does not trust the throwaway authority: both handshakes fail, after all of the work.
add_start("start-up over TLS, system's trust", https, 0.4)

add(("%d at once, server takes 20 ms"):format(WIDTH), function()
  local target = request("connections")
  return bare("together", http .. "/late", target, "{}", late_calls, WIDTH)
end, function(lua)
  return client(lua, "together", http .. "/late", "connections", late_calls, WIDTH)
end, { { "cpu", 1.05 }, { "wall", 1.08, ideal = LATE * math.ceil(late_calls / WIDTH) * 1e6 / late_calls } })

add("inside the scheduler, beside blocking", function(lua)
  return client(lua, "calls", http .. "/key", "key", times(4000))
end, function(lua)
  return client(lua, "task", http .. "/key", "key", times(4000))
end, { { "cpu", 1.1 } })

add("memory, small calls", measurements[1].theirs, measurements[1].ours, { { "peak" } })
add("memory, 11.7 MB", measurements[4].theirs, measurements[4].ours, { { "peak" } })

add("an answer of 300 MB, beside the cap", nil, function(lua)
  return client(lua, "endless", http .. "/endless")
end, { { "peak", 1.5, ideal = 64 * 1024 } })

-- ---- measuring

-- Runs a command, once or until the best of a few times, and returns what it printed, by name.
local function run(text, options)
  local best
  for _ = 1, options.repeated or 1 do
    local pipe = assert(io.popen(text))
    local output = pipe:read("*a")
    pipe:close()
    local seen = {}
    for name, value in output:gmatch("(%a+)=([%d.]+)") do
      seen[name] = tonumber(value)
    end
    assert(seen.wall and seen.status == options.status, "no measurement came from: " .. text .. "\n" .. output)
    if not best or seen.wall < best.wall then
      best = seen
    end
  end
  return best
end

-- seen[measurement][lua] = list of {theirs, ours}
local seen = {}
for round = 1, rounds do
  io.stderr:write(("\rround %d of %d"):format(round, rounds))
  for _, measurement in ipairs(measurements) do
    local by_lua = seen[measurement] or {}
    seen[measurement] = by_lua
    for _, lua in ipairs(luas) do
      by_lua[lua] = by_lua[lua] or {}
      table.insert(by_lua[lua], {
        theirs = measurement.theirs and run(measurement.theirs(lua), measurement.options),
        ours = run(measurement.ours(lua), measurement.options),
      })
    end
  end
end
io.stderr:write("\r                \r")
server:stop()

-- ---- the table

local function median(values)
  table.sort(values)
  local n = #values
  return n % 2 == 1 and values[(n + 1) / 2] or (values[n / 2] + values[n / 2 + 1]) / 2
end

-- Best beside best, and the median of the ratios.
local function ratio(pairs_seen, figure)
  local theirs, ours, ratios = math.huge, math.huge, {}
  for i, pair in ipairs(pairs_seen) do
    local other = figure.ideal or pair.theirs[figure[1]]
    theirs, ours = math.min(theirs, other), math.min(ours, pair.ours[figure[1]])
    ratios[i] = pair.ours[figure[1]] / other
  end
  return ours / theirs, median(ratios), ours, theirs
end

local units = { cpu = "CPU", wall = "wall", peak = "memory" }

local function amount(value, figure)
  if figure[1] == "peak" then
    return ("%.1f MB"):format(value / 1024)
  elseif value >= 10000 then
    return ("%.1f ms"):format(value / 1000)
  end
  return ("%.1f us"):format(value)
end

-- The aim, for each Lua where they differ.
local function aim_of(figure)
  local aim = figure[2]
  if type(aim) ~= "table" then
    return aim and ("%.2f"):format(aim) or ""
  end
  local texts = {}
  for i, lua in ipairs(luas) do
    texts[i] = aim[lua] and ("%.2f"):format(aim[lua]) or "-"
  end
  return table.concat(texts, ", ")
end

print(("%-40s %10s  %s"):format("ratios: best (median of " .. rounds .. ")", "aim", table.concat(luas, ", ")))
for _, measurement in ipairs(measurements) do
  for _, figure in ipairs(measurement.figures) do
    local cells = {}
    for i, lua in ipairs(luas) do
      local best, middle, ours, theirs = ratio(seen[measurement][lua], figure)
      cells[i] = ("%5.2f (%.2f) %s : %s"):format(best, middle, amount(ours, figure), amount(theirs, figure))
    end
    print(("%-40s %10s  %s"):format(measurement.name .. ", " .. units[figure[1]], aim_of(figure),
      table.concat(cells, "   ")))
  end
end
