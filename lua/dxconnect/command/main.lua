--- The command `dxconnect`: what the library does, on the command line. One module a verb; this file finds the verb,
-- parses its options with argparse, and turns what comes back into output and an exit status:
-- 0 done, 1 an error (one line on standard error, nothing on standard output), 2 wrong usage or parameters,
-- 3 `assess` and `diff` found something, 130 interrupted.

local context = require "dxconnect.command.context"
local core = require "dxconnect.core"
local errors = require "dxconnect.errors"
local operations = require "dxconnect.operations"

local OK, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130
local HELP_WIDTH = 80

-- In the order of the overview, with what each does.
local VERBS, SUMMARIES = {}, {}
for i, verb in ipairs(require "dxconnect.help.verbs") do
  VERBS[i], SUMMARIES[verb[1]] = verb[1], verb[2]
end

local function load_verb(name)
  return require("dxconnect.command." .. name:gsub("-", "_"))
end

-- ---- parsers

local function new_parser(name, description)
  return require "argparse"(name, description):add_help(false):help_max_width(HELP_WIDTH):usage_max_width(HELP_WIDTH)
end

local function add_common_options(parser, verb)
  parser:flag("-h --help", "Print this.")
  if verb.is_local then
    return
  end
  parser:option("--region", "Region; by default the profile's."):argname "REGION"
  parser:option("--profile", "Profile of the shared files."):argname "PROFILE"
  parser:option("--endpoint-url", "Where calls go instead of the region's endpoint."):argname "URL"
  parser:option("--json-log", "Append a line of JSON for each attempt, retry and wait."):argname "FILE"
end

local function add_output_options(parser, verb)
  if verb.outputs then
    parser:option("--output", "Form of the output: " .. table.concat(verb.outputs, ", ") .. "."):argname "FORM"
      :choices(verb.outputs):default(verb.outputs[1])
    parser:option("--columns", "Columns of a table or of CSV, separated by commas."):argname "A,B"
  end
  if verb.outputs or verb.reveals then
    parser:flag("--reveal", "Show secrets.")
  end
  if verb.asks then
    parser:flag("--yes", "Send what bills or interrupts traffic without asking.")
  end
end

-- The parser of a verb. The options of `call` follow from the operation that it names.
local function parser_of(name, verb, words)
  local parser = new_parser("dxconnect " .. name, (SUMMARIES[name]:gsub("^%l", string.upper)) .. ".")
  verb.define(parser, words)
  add_output_options(parser, verb)
  add_common_options(parser, verb)
  return parser
end

local function overview()
  local lines = {
    "dxconnect " .. require "dxconnect.version" .. ": AWS Direct Connect on the command line",
    "",
    "Usage: dxconnect VERB [options]",
    "",
  }
  for _, name in ipairs(VERBS) do
    lines[#lines + 1] = ("  %-14s %s"):format(name, SUMMARIES[name])
  end
  lines[#lines + 1] = ""
  lines[#lines + 1] = "`dxconnect VERB --help` tells the options, `dxconnect help` about operations."
  lines[#lines + 1] = "Exit status: 0; 1 error; 2 usage, parameters; 3 found something; 130 Ctrl-C."
  return table.concat(lines, "\n")
end

local function has_help(words)
  for _, word in ipairs(words) do
    if word == "--" then
      return false
    elseif word == "-h" or word == "--help" then
      return true
    end
  end
  return false
end

local function has_options(words)
  for _, word in ipairs(words) do
    if word:find("^%-") then
      return true
    end
  end
  return false
end

-- ---- running

-- An error as the one line that people see, and the status that scripts see.
local function fail(env, err)
  local message = errors.is(err) and tostring(err) or errors.message_of(err)
  env.error_output("dxconnect: " .. message:gsub("%c+", " ") .. "\n")
  local code = type(err) == "table" and err.code
  return (code == "ParamValidationError" or code == "UnknownOperationError") and USAGE or FAILED
end

local function usage_error(env, message)
  env.error_output("dxconnect: " .. tostring(message):gsub("%c+", " ") .. "\n")
  return USAGE
end

local function run_verb(env, name, words)
  local verb = load_verb(name)
  local problem = verb.check_words and verb.check_words(words)
  if problem then
    return usage_error(env, problem)
  end
  if verb.takes_words and not has_options(words) then
    return verb.run(context.new(env, { name = words }))
  end
  local parser = parser_of(name, verb, words)
  if has_help(words) then
    env.output(parser:get_help() .. "\n")
    return OK
  end
  local ok, args = parser:pparse(words)
  if not ok then
    local message = args:gsub("\nDid you mean", "; did you mean")
    return usage_error(env, ("%s; see `dxconnect %s --help`"):format(message, name))
  end
  local status, err = verb.run(context.new(env, args))
  if status == nil then
    return fail(env, err)
  end
  return status
end

local function dispatch(env, words)
  local name = words[1]
  if name == nil or name == "-h" or name == "--help" then
    env.output(overview() .. "\n")
    return name == nil and USAGE or OK
  elseif name == "--version" then
    env.output("dxconnect " .. require "dxconnect.version" .. "\n")
    return OK
  end
  for _, known in ipairs(VERBS) do
    if known == name then
      return run_verb(env, name, { (table.unpack or unpack)(words, 2) }) -- luacheck: ignore
    end
  end
  local nearest = core.nearest(name, VERBS)
  local op = operations.find(name)
  return usage_error(env, ("there is no verb %s%s; see `dxconnect --help`"):format(errors.shown(name),
    op and "; did you mean `dxconnect call " .. op.method .. "`?" or nearest and "; did you mean " .. nearest .. "?"
    or ""))
end

-- Standard output that nobody reads any more ends the command without a word.
local CLOSED = {}

local EPIPE = 32 -- the number of "Broken pipe", on every system that this runs on

local function environment(streams)
  return {
    streams = streams,
    output = function(text)
      local ok, message, number = streams.output:write(text)
      if ok then
        ok, message, number = streams.output:flush()
      end
      if not ok then
        error(number == EPIPE and CLOSED or errors.config("standard output can't be written: " .. tostring(message)), 0)
      end
    end,
    error_output = function(text)
      local _ = streams.error:write(text) and streams.error:flush()
    end,
  }
end

local function is_interrupt(problem)
  return type(problem) == "string" and problem:find("interrupted!", 1, true) ~= nil
end

--- Runs the command.
-- @tparam {string,...} words of the command line, without the program's name
-- @tparam table streams `input`, `output` and `error`: open files
-- @treturn integer exit status
local function main(words, streams)
  core.settle_streams()
  local env = environment(streams)
  local status
  local ok, problem = xpcall(function()
    status = dispatch(env, words)
  end, function(raised)
    return raised
  end)
  if ok then
    return status
  elseif problem == CLOSED then
    return OK
  elseif is_interrupt(problem) then
    return INTERRUPTED
  end
  return fail(env, problem)
end

return { main = main, VERBS = VERBS, SUMMARIES = SUMMARIES }
