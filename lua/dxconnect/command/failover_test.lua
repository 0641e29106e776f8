--- `dxconnect failover-test ID --minutes N`: a guarded failover test. Interrupted, it stops the test and names it.

local function define(parser)
  parser:argument("id", "Virtual interface.")
  parser:option("--minutes", "How long the test lasts, 1 to 4320."):argname "N":convert(tonumber):count(1)
  parser:option("--bgp-peers", "BGP peers to take down, separated by commas; all by default."):argname "A,B"
  parser:flag("--no-backup", "Test without another path that is up.")
  parser:flag("--dry-run", "Only look whether the test could begin.")
end

local function list_of(text)
  local list = {}
  for name in (text or ""):gmatch("[^,%s]+") do
    list[#list + 1] = name
  end
  return #list > 0 and list or nil
end

local function run(context)
  local args = context.args
  local client, err = context:client()
  if not client then
    return nil, err
  end
  local report
  local ok, raised = pcall(function()
    report, err = client:failover_test({
      virtualInterfaceId = args.id, bgpPeers = list_of(args.bgp_peers), testDurationInMinutes = args.minutes,
    }, {
      require_backup = not args.no_backup, dry_run = args.dry_run or nil,
      on_poll = function(state)
        context.env.error_output(("%4d s: interface %s\n"):format(math.floor(state.elapsed or 0),
          tostring(state.interface)))
      end,
    })
  end)
  if not ok then
    local stopped, problem = client:stop_bgp_failover_test { virtualInterfaceId = args.id }
    context.env.error_output(stopped
      and ("dxconnect: interrupted: the failover test on %s was stopped\n"):format(args.id)
      or ("dxconnect: interrupted: is a failover test on %s still running? %s\n"):format(args.id, tostring(problem)))
    error(raised, 0)
  elseif not report then
    return nil, err
  end
  return context:print(report)
end

return { outputs = { "lua", "json" }, asks = true, define = define, run = run }
