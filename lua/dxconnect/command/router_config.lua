--- `dxconnect router-config ID PATH`: the configuration for a router, as a file.

local function define(parser)
  parser:argument("id", "Virtual interface.")
  parser:argument("path", "File to write.")
  parser:option("--router", "Router: an identifier, or words of vendor and platform."):argname "WORDS"
  parser:flag("--overwrite", "Replace the file where it is there.")
end

local function run(context)
  local args = context.args
  local client, err = context:client()
  if not client then
    return nil, err
  end
  local saved
  saved, err = client:save_router_configuration(args.id, args.path, {
    router = args.router, overwrite = args.overwrite or nil,
  })
  if not saved then
    return nil, err
  end
  context:say(("%s: %d bytes, %s"):format(saved.path, saved.bytes, saved.type))
  return 0
end

return { define = define, run = run }
