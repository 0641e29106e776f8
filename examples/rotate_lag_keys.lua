--- Rotates the MACsec keys of a LAG: a new one in, set up on the router, every old one out.
--   lua examples/rotate_lag_keys.lua LAG COMMAND [DELAY]
--   lua examples/rotate_lag_keys.lua dxlag-ffabc123 ./set_up_router.sh
-- COMMAND sets up the router: it reads the CKN and the CAK as two lines from its standard input, so that no list of
-- processes shows the key, and fails with a status other than 0. With "plan" in its place nothing is changed and the
-- plan is printed. Run again after a failure, this carries on. DELAY is the time between looks in seconds.

local dxconnect = require "dxconnect"

local id, command, delay = ...
if not command then
  io.stderr:write("usage: lua examples/rotate_lag_keys.lua LAG COMMAND|plan [DELAY]\n")
  os.exit(2)
end

-- Gives the router's set-up the key. Not every Lua tells how a pipe's command ended, so the shell writes it down; and
-- it reads what the command left unread.
local function set_up_router(ckn, cak)
  local path = os.tmpname()
  local pipe, message = io.popen(("(%s\n); echo $? >%s; cat >/dev/null"):format(command, path), "w")
  if not pipe then
    return nil, message
  end
  pipe:write(ckn, "\n", cak:reveal(), "\n")
  pipe:close()
  local file = io.open(path)
  local status = file and file:read("*l")
  if file then
    file:close()
  end
  os.remove(path)
  if status ~= "0" then
    return nil, "the command ended with status " .. tostring(status)
  end
  return true
end

local client = assert(dxconnect.client())
local port, err = client:rotate_mac_sec_key({ connectionId = id }, {
  dry_run = command == "plan",
  configure = set_up_router,
  delay = tonumber(delay),
  on_poll = function(_, state)
    io.stderr:write(state, "\n")
  end,
})
for _, action in ipairs((port or err).actions or {}) do
  print("- " .. action)
end
if not port then
  io.stderr:write(tostring(err), "\n")
  os.exit(1)
end
print(dxconnect.macsec.audit { client })
