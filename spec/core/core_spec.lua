--- The module that all C code is in: what loads it, and what its objects do once they are closed.

local shell = require "spec.support.shell"

local build = os.getenv("DXCONNECT_BUILD") or "build"

-- Runs a program of Lua's in a process of its own, with this build's modules.
local function run(lua, folder, program)
  return shell.output(("LUA_PATH='lua/?.lua;lua/?/init.lua' LUA_CPATH='%s/%s/?.so' %s -e %s 2>&1; echo \" $?\"")
    :format(build, folder, lua, shell.quote(program)))
end

describe("dxconnect.core", function()
  it("loads", function()
    assert.is_table(require("dxconnect.core"))
  end)

  it("built for another Lua says so", function()
    local versions = { ["lua5.4"] = "Lua 5.4", ["lua5.3"] = "Lua 5.3", ["luajit"] = "Lua 5.1", ["lua5.1"] = "Lua 5.1" }
    local mine = versions[shell.lua]
    for name, version in pairs(versions) do
      if version ~= mine and io.open(("%s/%s/dxconnect/core.so"):format(build, name)) then
        local said = shell.output(("LUA_CPATH='%s/%s/?.so' %s -e 'require [[dxconnect.core]]' 2>&1")
          :format(build, name, shell.lua))
        assert.truthy(said:find(("dxconnect.core was built for %s and can't be loaded by %s"):format(version, mine),
          1, true), said)
      end
    end
  end)

  -- Lua calls all finalizers when it ends, the latest first: those of our objects before one that was set earlier.
  it("has objects whose methods cope with being closed, by a finalizer or by hand", function()
    local said = run(shell.lua, shell.lua, [[
      local core, objects
      local function finalizer(f)
        if newproxy then
          local proxy = newproxy(true)
          getmetatable(proxy).__gc = f
          return proxy
        end
        return setmetatable({}, { __gc = f })
      end
      kept = finalizer(function()
        for i = 1, #objects do
          local object = objects[i]
          local methods = debug.getmetatable(object)
          for name, method in pairs(methods) do
            if type(method) == "function" then
              for _, argument in ipairs { false, objects.exchange, 1, "x" } do
                pcall(method, object, argument, objects.exchange, 1, 1)
                pcall(method, object, 1, objects.exchange, 1, 1)
              end
              pcall(objects.exchange.sign, objects.exchange, objects.target, objects.signer, 1, nil, 1, 1, { a = "b" })
            end
          end
        end
        for _, make in ipairs { core.session, core.exchange, core.secret, core.signer } do
          pcall(make, {})
          pcall(make, "A", "B", nil, "C", "D")
        end
        io.write("survived")
      end)
      core = require "dxconnect.core"
      local exchange = core.exchange()
      objects = {
        exchange = exchange,
        signer = core.signer("A", "B", nil, "us-east-1", "directconnect"),
        target = core.endpoint("https://directconnect.us-east-1.amazonaws.com", "agent"),
        core.loop(), core.session {}, core.reader(exchange, "POST"), core.secret "secret", exchange,
      }
      objects[#objects + 1], objects[#objects + 2] = objects.signer, objects.target
      exchange:marshal(core.operations()[1].id, {})
    ]])
    assert.equal("survived 0\n", said)
  end)
end)
