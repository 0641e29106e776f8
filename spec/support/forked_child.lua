--- Forks while a transfer is in flight, and says what comes of them in both processes. LuaJIT alone can do so without a
-- library.
--   luajit forked_child.lua URL CA_BUNDLE "end" | "close" | "go on"
-- The child ends its Lua state, closes its session, or goes on with what it has, while the parent waits for it.

package.cpath = "./build/luajit/?.so;" .. package.cpath

local core = require "dxconnect.core"
local ffi = require "ffi"

ffi.cdef "int fork(void); void _exit(int); int waitpid(int, int *, int);"

local url, ca_bundle, work = ...
local loop, session = core.loop(), assert(core.session { ca_bundle = ca_bundle })

local function request(body)
  local ex = core.exchange()
  assert(ex:load { method = "POST", url = url, headers = {}, body = body })
  return ex
end

local function call(body)
  local done, message, kind = session:perform(request(body), 5, 5)
  return done and "done" or kind .. ": " .. message
end

local function outcomes(count)
  local list = {}
  while #list < count do
    loop:wait(5)
    for id, done, _, kind, sent in loop.next, loop do
      list[#list + 1] = ("%d %s %s"):format(id, done and "done" or kind, tostring(sent))
    end
  end
  table.sort(list)
  return table.concat(list, ", ")
end

loop:fd()
session:start(1, request "1", 5, 5)
session:start(2, request "2", 5, 5)
assert(outcomes(2) == "1 done nil, 2 done nil")
session:start(3, request "3", 5, 5) -- over one of two connections; the other stays idle
local child = ffi.C.fork()
if child == 0 then
  if work == "end" then
    os.exit(0, true)
  elseif work == "close" then
    session:close()
  else
    io.write("child: ", outcomes(1), "; ", call "child's", "\n")
    io.flush()
  end
  ffi.C._exit(0)
end
ffi.C.waitpid(child, nil, 0)
io.write("parent: ", outcomes(1), "; ", call "4", "\n")
