--- `dxconnect loa ID PATH`: the letter of authorization of a port, as a file.

local function define(parser)
  parser:argument("id", "Connection, LAG or interconnect.")
  parser:argument("path", "File to write.")
  parser:option("--provider-name", "Name of the provider that the letter is for."):argname "NAME"
  parser:flag("--overwrite", "Replace the file where it is there.")
end

local function run(context)
  local args = context.args
  local client, err = context:client()
  if not client then
    return nil, err
  end
  local saved
  saved, err = client:save_loa(args.id, args.path, {
    overwrite = args.overwrite or nil, provider_name = args.provider_name,
  })
  if not saved then
    return nil, err
  end
  context:say(("%s: %d bytes, %s"):format(saved.path, saved.bytes, saved.type))
  return 0
end

return { define = define, run = run }
