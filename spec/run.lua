--- Runs busted under the Lua that runs this file, on the modules of this checkout.
-- `lua5.4 spec/run.lua [busted options] [specs]`, from the project's root; without specs, all of them.
local build = jit and "luajit" or "lua" .. _VERSION:match("%d%.%d")

package.path = "./lua/?.lua;./lua/?/init.lua;./?.lua;" .. package.path
package.cpath = "./build/" .. build .. "/?.so;" .. package.cpath

require("busted.runner")({ standalone = false })
