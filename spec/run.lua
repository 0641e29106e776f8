--- Runs busted under the Lua that runs this file, on the modules of this checkout.
-- `lua5.4 spec/run.lua [busted options] [specs]`, from the project's root; without specs, all of them. The variable
-- DXCONNECT_BUILD names another folder of builds than `build`, as those with sanitizers have.
local builds = os.getenv("DXCONNECT_BUILD") or "build"
local build = jit and "luajit" or "lua" .. _VERSION:match("%d%.%d")

package.path = "./lua/?.lua;./lua/?/init.lua;./?.lua;" .. package.path
package.cpath = "./" .. builds .. "/" .. build .. "/?.so;" .. package.cpath

local has_root = false
for _, word in ipairs(arg) do
  has_root = has_root or word:find("^spec") ~= nil or word:find("_spec%.lua$") ~= nil
end
if not has_root then
  table.insert(arg, "spec")
end

require("busted.runner")({ standalone = false })
