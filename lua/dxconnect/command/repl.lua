--- `dxconnect repl`: an interactive Lua with a client (`c`, or `client`), `help`, and results that print. History and
-- completion where the readline module is installed; no line that holds a secret is kept.

local dxconnect = require "dxconnect"
local core = require "dxconnect.core"
local errors = require "dxconnect.errors"
local operations = require "dxconnect.operations"
local waiters = require "dxconnect.workflows.waiters"

local PROMPT, CONTINUED = "dx> ", "..> "
local CHUNK = "=repl"

local function define() end

-- ---- completion

local function words_in(env)
  local words, seen = {}, {}
  local function add(word)
    if type(word) == "string" and not seen[word] then
      seen[word] = true
      words[#words + 1] = word
    end
  end
  for _, op in ipairs(operations.operations) do
    add(op.method)
  end
  for state in pairs(waiters) do
    add(state)
  end
  for _, shape in pairs(core.model().shapes) do
    for member in pairs(shape.members or {}) do
      add(member)
    end
  end
  for name in pairs(env) do
    add(name)
  end
  for _, name in ipairs { "pages", "items", "all", "batch", "map", "wait_until", "create_once", "rotate_mac_sec_key",
    "explain", "credentials", "inventory", "macsec", "emulator", "secret", "json", "csv", "table", "parallel" } do
    add(name)
  end
  table.sort(words)
  return words
end

-- The words that a text may become; what stands before its last name stays.
local function completions(words, text)
  local head, last = text:match("^(.-)([%w_]*)$")
  local found = {}
  for _, word in ipairs(words) do
    if word:sub(1, #last) == last then
      found[#found + 1] = head .. word
    end
  end
  return found
end

local function holds_secret(line)
  local lower = line:lower()
  for _, word in ipairs { "cak", "authkey", "secret", "token", "password" } do
    if lower:find(word, 1, true) then
      return true
    end
  end
  return false
end

-- ---- lines

-- A reader of lines: by readline on a terminal where it is installed, by the file elsewhere.
local function line_reader(context, env)
  local streams = context.env.streams
  local is_terminal = core.is_tty(streams.input)
  local found, readline = false, nil
  if is_terminal then
    found, readline = pcall(require, "readline")
  end
  if not found then
    return function(prompt)
      if is_terminal then
        context.env.output(prompt)
      end
      return streams.input:read("*l")
    end
  end
  local words = words_in(env)
  readline.set_options { completion = true, keeplines = 0, histfile = "", auto_add = false }
  readline.set_complete_function(function(text)
    return completions(words, text)
  end)
  return function(prompt)
    local line = readline.readline(prompt)
    if line and line:find("%S") and not holds_secret(line) then
      readline.add_history(line)
    end
    return line
  end
end

-- ---- evaluation

local function load_chunk(text, env)
  if setfenv then -- Lua 5.1
    local chunk, message = loadstring(text, CHUNK) -- luacheck: ignore
    return chunk and setfenv(chunk, env), message -- luacheck: ignore
  end
  return load(text, CHUNK, "t", env)
end

-- A local of its own chunk would be gone with the next line: at the prompt it is kept, as a global of the REPL's.
local function without_local(text)
  local rest = text:match("^%s*local%s+(.*)$")
  if not rest then
    return text
  elseif rest:find("^function[%s]") then
    return rest
  elseif rest:find("^[%a_][%w_%s,]*=[^=]") then
    return rest
  end
  local names = rest:match("^([%a_][%w_%s,]*)$")
  return names and names:gsub("%s+$", "") .. " = nil" or text
end

-- Compiles a line as an expression, or as a statement; true where it is not complete yet.
local function compile(text, env)
  text = without_local(text)
  local chunk = load_chunk("return " .. text:gsub("^%s*=", ""), env)
  if chunk then
    return chunk
  end
  local message
  chunk, message = load_chunk(text, env)
  if chunk then
    return chunk
  end
  return nil, message, message:find("<eof>", 1, true) ~= nil
end

local function shown(value)
  if type(value) == "string" then
    return value
  end
  return tostring(value)
end

local function print_values(context, ok, ...)
  local count = select("#", ...)
  if not ok then
    context.env.error_output(shown((...)) .. "\n")
    return (...)
  end
  local first, second, third = ...
  if count == 3 and second == nil and type(third) == "table" and third.attempts then
    context:say(shown(first)) -- result, nil, meta
  elseif first == nil and errors.is(second) then
    context:say(tostring(second))
  elseif count > 0 then
    local parts = {}
    for i = 1, count do
      parts[i] = shown((select(i, ...)))
    end
    context:say(table.concat(parts, "\t"))
  end
end

local function environment(context, client)
  local env = {
    c = client,
    client = client, -- as the examples of the help have it
    dxconnect = dxconnect,
    help = function(name)
      context:say(dxconnect.help(name))
    end,
    print = function(...)
      local parts = {}
      for i = 1, select("#", ...) do
        parts[i] = shown((select(i, ...)))
      end
      context:say(table.concat(parts, "\t"))
    end,
  }
  return setmetatable(env, { __index = _G })
end

local function run(context)
  local client, err = context:client()
  if not client then
    return nil, err
  end
  local env = environment(context, client)
  local read = line_reader(context, env)
  if core.is_tty(context.env.streams.input) then
    context:say("dxconnect " .. require "dxconnect.version"
      .. ": c (or client) is a client, help() tells the rest, Ctrl-D ends.")
  end
  local text = ""
  while true do
    local line = read(text == "" and PROMPT or CONTINUED)
    if line == nil then
      return 0
    end
    text = text == "" and line or text .. "\n" .. line
    if text:find("%S") then
      local chunk, message, is_open = compile(text, env)
      if chunk then
        text = ""
        print_values(context, pcall(chunk))
      elseif not is_open then
        text = ""
        context.env.error_output(message .. "\n")
      end
    else
      text = ""
    end
  end
end

return { asks = true, define = define, run = run, completions = completions, holds_secret = holds_secret }
