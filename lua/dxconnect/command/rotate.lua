--- `dxconnect rotate ID`: a new MACsec key in, the old ones out.
-- PROGRAM of --configure gets CKN and CAK as two lines on its standard input, never as arguments. It is required:
-- nobody else learns the new key, and a port that encrypts with the old one would pass for one that has the new one.

local errors = require "dxconnect.errors"
local systems = require "dxconnect.system"

local function define(parser)
  parser:argument("id", "Connection, LAG or interconnect.")
  parser:option("--configure", "Program that puts the key into your router, required: CKN and CAK on its input.")
    :argname "PROGRAM"
  parser:option("--timeout", "Seconds that each wait may take."):argname "S":convert(tonumber)
  parser:flag("--require-encryption-up", "Remove old keys only when the port encrypts.")
  parser:flag("--dry-run", "Only print what would be done.")
end

local function configure_by(program)
  return function(ckn, cak)
    return systems.run_with_input(program, ckn .. "\n" .. cak:reveal() .. "\n")
  end
end

local function run(context)
  local args = context.args
  if not args.configure and not args.dry_run then
    return nil, errors.param("rotate", "--configure",
      "required: only that program is told the new key; --dry-run prints what would be done")
  end
  local client, err = context:client()
  if not client then
    return nil, err
  end
  local port
  port, err = client:rotate_mac_sec_key({ connectionId = args.id }, {
    configure = args.configure and configure_by(args.configure) or nil, dry_run = args.dry_run or nil,
    timeout = args.timeout, require_encryption_up = args.require_encryption_up or nil,
  })
  if not port then
    return nil, err
  end
  for _, action in ipairs(port.actions or {}) do
    context:say(action)
  end
  return 0
end

return { asks = true, define = define, run = run }
