--- The rock's list of files against the disk.

local shell = require "spec.support.shell"

local function rockspec()
  local file = assert(io.open("dxconnect-scm-1.rockspec"))
  local text = file:read("*a")
  file:close()
  local spec = {}
  if setfenv then
    setfenv(assert(loadstring(text)), spec)()
  else
    assert(load(text, "rockspec", "t", spec))()
  end
  return spec
end

describe("rockspec", function()
  it("installs every module on the disk, under its own name", function()
    local expected = {}
    for _, path in ipairs(shell.lines("find lua -name '*.lua'")) do
      expected[path:gsub("^lua/", ""):gsub("%.lua$", ""):gsub("/init$", ""):gsub("/", ".")] = path
    end
    assert.same(expected, rockspec().build.install.lua)
  end)

  it("takes the C core from where it has it built", function()
    local build = rockspec().build
    assert.same({ ["dxconnect.core"] = build.build_variables.OUT .. "/dxconnect/core.so" }, build.install.lib)
  end)

  it("names what is needed at run time", function()
    local spec = rockspec()
    assert.same({ "lua >= 5.1, < 5.5", "lua-cjson >= 2.1.0" }, spec.dependencies)
    assert.same({ library = "curl" }, spec.external_dependencies.CURL)
    assert.same({ library = "crypto" }, spec.external_dependencies.CRYPTO)
  end)
end)
