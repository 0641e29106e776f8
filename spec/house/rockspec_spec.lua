--- The rock: what it needs, and that make alone knows its files.

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
  it("lists no files, but has make install them", function()
    local build = rockspec().build
    assert.equal("make", build.type)
    assert.is_nil(build.install)
    assert.is_nil(build.modules)
    for _, name in ipairs { "PREFIX", "LUADIR", "LIBDIR", "BINDIR" } do
      assert.equal("$(" .. name .. ")", build.install_variables[name])
    end
  end)

  it("names what is needed at run time", function()
    local spec = rockspec()
    assert.same({ "lua >= 5.1, < 5.5", "lua-cjson >= 2.1.0", "argparse >= 0.7" }, spec.dependencies)
    assert.same({ library = "curl" }, spec.external_dependencies.CURL)
    assert.same({ library = "crypto" }, spec.external_dependencies.CRYPTO)
  end)
end)
