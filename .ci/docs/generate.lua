--- The reference, from one place: `LUA generate.lua types` writes lua/dxconnect/types.lua, `overview` the help's first
-- page, `html DIR` the pages. They come from the service model, the words under lua/dxconnect/help and annotations/.
-- Run by `make docs`, from the project's root.

local build = jit and "luajit" or "lua" .. _VERSION:match("%d%.%d")
local builds = os.getenv("DXCONNECT_BUILD") or "build"
package.path = "./.ci/docs/?.lua;./lua/?.lua;./lua/?/init.lua;" .. package.path
package.cpath = builds .. "/" .. build .. "/?.so;" .. package.cpath

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

-- Only what has changed, so that whoever watches the file is not woken for nothing.
local function write(path, text)
  local file = io.open(path, "rb")
  local before = file and file:read("*a")
  if file then
    file:close()
  end
  if before ~= text then
    file = assert(io.open(path, "wb"))
    assert(file:write(text))
    assert(file:close())
  end
end

local model = require("dxconnect.core").model()
local editor = require "editor"
local what, target = ...

if what == "types" then
  write(target or "lua/dxconnect/types.lua", editor.render(model, editor.declarations(read)))
elseif what == "overview" then
  write(target or "lua/dxconnect/help/overview.lua", editor.overview(model))
elseif what == "html" and target then
  for name, text in pairs(require("pages").render(model, read, editor.declarations(read))) do
    write(target .. "/" .. name, text)
  end
else
  io.stderr:write("usage: generate.lua types [FILE] | overview [FILE] | html DIR\n")
  os.exit(2)
end
