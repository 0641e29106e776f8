--- Names that are looked up for longer than anybody waits: how many look-ups there are at once, and how they end.

local shell = require "spec.support.shell"

-- Prints the kinds of 100 transfers' outcomes and the most threads there were; then, once the name is known, how one
-- more ends, and one to an address while the name is not known.
local PROGRAM = [[
local core = require "dxconnect.core"
local loop, session = core.loop(), core.session {}
local hold = os.getenv "DXCONNECT_HOLD"

local function exchange(url)
  local ex = core.exchange()
  assert(ex:load { method = "POST", url = url, headers = {}, body = "{}" })
  return ex
end

local function threads()
  local pipe = io.popen("ls /proc/" .. io.open("/proc/self/stat"):read("*n") .. "/task | wc -l")
  local n = pipe:read("*n")
  pipe:close()
  return n
end

local kinds, count, most = {}, 0, 0
for round = 1, 2 do
  for id = 1, 50 do
    session:start(50 * round + id, exchange "http://slow.example:1/", 0.02, 60)
  end
  while count < 50 * round do
    loop:wait(5)
    local id, done, _, kind, sent = loop:next()
    while id do
      kinds[tostring(done) .. " " .. kind .. " " .. tostring(sent)] = true
      count = count + 1
      id, done, _, kind, sent = loop:next()
    end
  end
  most = math.max(most, threads())
end
for outcome in pairs(kinds) do
  print(outcome)
end
print(most <= 17 or most)
print((select(3, session:perform(exchange "http://127.0.0.1:1/", 5, 60))))
os.remove(hold)
print((select(3, session:perform(exchange "http://slow.example:1/", 50, 60))))
while threads() > 1 do
  loop:wait(0.01)
end
print "no thread is left"
]]

describe("core's loop", function()
  it("bounds the look-ups under way, and gives up none of them before it ends", function()
    local folder = os.tmpname()
    os.remove(folder)
    assert(os.execute("mkdir " .. folder))
    shell.write(folder .. "/hold", "")
    shell.write(folder .. "/program.lua", PROGRAM)
    local complaint = shell.run(("cc -shared -fPIC -o %s/slow_names.so spec/support/slow_names.c -ldl"):format(folder))
    assert.equal("", complaint)
    local command = "LD_PRELOAD=\"$LD_PRELOAD %s/slow_names.so\" DXCONNECT_HOLD=%s/hold LUA_CPATH='%s/%s/?.so' "
      .. "timeout 60 %s %s/program.lua 2>&1"
    local said = shell.output(command:format(folder, folder, os.getenv("DXCONNECT_BUILD") or "build", shell.lua,
      shell.lua, folder))
    os.execute("rm -r " .. folder)
    assert.equal("nil timeout false\ntrue\nconnect\nconnect\nno thread is left\n", said)
  end)
end)
