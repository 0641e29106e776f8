--- `dxconnect help [NAME]`: what the library knows of an operation, a shape, a parameter, an option, a waiter state.

local function define(parser)
  parser:argument("name", "What to tell about."):args("*")
end

local function run(context)
  local name = table.concat(context.args.name or {}, " ")
  context:say(require "dxconnect.help"(name ~= "" and name or nil))
  return 0
end

-- Words alone need no parser, which costs as much to load as the text.
return { is_local = true, takes_words = true, define = define, run = run }
