-- Lint of all Lua in the project: `make lint`.
std = "max"
max_line_length = 120
cache = false
exclude_files = { "build", "lua/dxconnect/types.lua" }

-- OpenResty's own table, where it is one.
read_globals = { "ngx", "jit" }
-- Interfaces hand over more than every implementation needs.
unused_args = false

files["spec"] = { std = "+busted" }
files["examples/tape_spec.lua"] = { std = "+busted" }
-- The runner completes its own command line.
files["spec/run.lua"] = { globals = { "arg" } }
