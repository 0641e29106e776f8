--- What may know of what: the layers of the C core, and the one module that touches the outside world.

local shell = require "spec.support.shell"

-- The project's own headers, with those that bring Lua in.
local brings_lua = {}
local function includes_lua(text)
  for header in text:gmatch('#include ["<]([^">]+)[">]') do
    if header == "lua.h" or header == "lauxlib.h" or header == "lualib.h" or brings_lua[header] then
      return true
    end
  end
  return false
end

describe("the C core", function()
  local headers, sources = shell.lines("find csrc -name '*.h'"), shell.lines("find csrc -name '*.c'")

  setup(function()
    for _ = 1, #headers do -- until nothing changes, whatever their order
      for _, path in ipairs(headers) do
        brings_lua[(path:gsub("^csrc/", ""))] = includes_lua(shell.read(path)) or nil
      end
    end
  end)

  it("knows of Lua in csrc/lua only", function()
    assert.is_true(brings_lua["lua/compat.h"])
    assert.is_nil(brings_lua["sign/sigv4.h"])
    local bindings = 0
    for _, path in ipairs(sources) do
      if includes_lua(shell.read(path)) then
        bindings = bindings + 1
        assert.matches("^csrc/lua/", path)
      end
    end
    assert.is_true(bindings > 5 and bindings < #sources)
  end)

  it("allocates nothing by hand in its bindings, where Lua may leave at any call", function()
    for _, path in ipairs(sources) do
      local text = shell.read(path)
      if includes_lua(text) then
        assert.is_nil(text:find("[^%w_][mcr]e?alloc%("), path)
      end
    end
  end)

  it("shows its entry to the outside, and nothing else", function()
    local build = shell.lua
    local core = (os.getenv("DXCONNECT_BUILD") or "build") .. "/" .. build .. "/dxconnect/core.so"
    assert.same({ "luaopen_dxconnect_core" },
      shell.lines("env -u LD_PRELOAD nm -D --defined-only " .. core .. " | awk '$2 == \"T\" { print $3 }'"))
  end)
end)

describe("the modules", function()
  local harmless = { type = true, stderr = true } -- a default of what prints to a terminal

  it("touch the outside world in one place", function()
    for _, path in ipairs(shell.lines("find lua -name '*.lua' ! -path lua/dxconnect/system.lua")) do
      for line in shell.read(path):gmatch("[^\n]+") do
        local code = line:gsub("%-%-.*", "")
        for library, name in code:gmatch("%f[%w_.:](%a+)%.(%a+)") do
          assert.is_false(library == "os" or (library == "io" and not harmless[name]), path .. ": " .. line)
        end
        assert.is_nil(code:find("math.random", 1, true), path .. ": " .. line)
      end
    end
  end)
end)
