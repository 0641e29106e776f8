--- `dxconnect emulator`: an emulated Direct Connect on this machine, for tests in any language. Its URL is the first
-- line of the output; with --tls the second is the certificate to trust. SIGTERM ends it with 0, SIGINT with 130.

local core = require "dxconnect.core"
local dxconnect = require "dxconnect"
local errors = require "dxconnect.errors"
local json = require "dxconnect.text.json"
local systems = require "dxconnect.system"

local function define(parser)
  parser:option("--host", "Address to listen on."):argname "ADDRESS":default "127.0.0.1"
  parser:option("--port", "Port to listen on; 0 for any that is free."):argname "N":default "0":convert(tonumber)
  parser:option("--seed", "What is there at the start: \"estate\", or a file of resources by kind."):argname "NAME|FILE"
  parser:option("--state", "File to take the world from, and to keep it in."):argname "FILE"
  parser:option("--speed", "How fast time runs."):argname "N":default "1":convert(tonumber)
  parser:option("--region", "The only region; without it there is every one."):argname "REGION"
  parser:option("--credentials", "File with a JSON list of the accounts' keys."):argname "FILE"
  parser:flag("--tls", "Serve HTTPS, with a certificate made for it.")
end

-- Time runs from now on, `speed` times as fast as the real one.
local function clock_of(speed)
  local real = systems.new().clock
  local start = real()
  return function()
    return start + (real() - start) * speed
  end
end

local function read_json(context, path, option)
  local text, err = context:read(path)
  if not text then
    return nil, err
  end
  local value, message = json.decode(text)
  if type(value) ~= "table" then
    return nil, errors.param("emulator", option, ("%s is no JSON: %s"):format(path, tostring(message)))
  end
  return value
end

local function seed_of(context, name)
  if name == nil or name == "estate" then
    return name
  end
  return read_json(context, name, "--seed")
end

local function options_of(context)
  local args = context.args
  local credentials, seed, err
  if args.credentials then
    credentials, err = read_json(context, args.credentials, "--credentials")
    if not credentials then
      return nil, err
    end
  end
  if args.seed then
    seed, err = seed_of(context, args.seed)
    if not seed then
      return nil, err
    end
  end
  if not (args.speed > 0 and args.speed < math.huge) then
    return nil, errors.param("emulator", "--speed", "expected a number above 0")
  elseif args.port % 1 ~= 0 or args.port < 0 or args.port > 65535 then
    return nil, errors.param("emulator", "--port", "expected 0 to 65535")
  end
  return {
    credentials = credentials, region = args.region,
    state = args.state and core.is_file(args.state) and args.state or nil,
    clock = args.speed ~= 1 and clock_of(args.speed) or nil,
  }, seed
end

local function run(context)
  local args = context.args
  local options, seed = options_of(context)
  if not options then
    return nil, seed
  end
  local emulator, err = dxconnect.emulator(options)
  if not emulator then
    return nil, err
  end
  if seed then
    local ok
    ok, err = emulator:seed(seed)
    if not ok then
      return nil, err
    end
  end
  core.catch_termination()
  local ok, message = emulator:serve {
    host = args.host, port = args.port, tls = args.tls or nil, state = args.state, should_stop = core.is_terminated,
    on_ready = function(url, _, certificate)
      context:say(url)
      if certificate then
        context:say(certificate)
      end
    end,
  }
  if not ok then
    return nil, errors.is(message) and message or errors.config(tostring(message))
  end
  return 0
end

return { is_local = true, define = define, run = run }
