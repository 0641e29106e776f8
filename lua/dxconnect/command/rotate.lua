--- `dxconnect rotate ID`: a new MACsec key in, the old ones out.
-- PROGRAM of --configure gets CKN and CAK as two lines on its standard input, never as arguments. Without it nobody has
-- put the key into the router: the old keys stay until the port encrypts.

local systems = require "dxconnect.system"

local function define(parser)
  parser:argument("id", "Connection, LAG or interconnect.")
  parser:option("--configure", "Program that puts the key into your router: CKN and CAK on standard input.")
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
  local client, err = context:client()
  if not client then
    return nil, err
  end
  local port
  port, err = client:rotate_mac_sec_key({ connectionId = args.id }, {
    configure = args.configure and configure_by(args.configure) or nil, dry_run = args.dry_run or nil,
    timeout = args.timeout, require_encryption_up = args.require_encryption_up or not args.configure or nil,
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
