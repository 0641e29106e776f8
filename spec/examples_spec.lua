--- Runs the story of `make demo` as a user would: other processes, HTTP over loopback, libcurl.

local function run(command)
  local pipe = assert(io.popen("{ " .. command .. "; } 2>&1; echo \"exit $?\""))
  local text = pipe:read("*a")
  pipe:close()
  return text:match("^(.*)exit (%d+)\n$")
end

local lua = jit and "luajit" or "lua" .. _VERSION:match("%d%.%d")

describe("examples/quickstart.lua", function()
  it("tells the story of a MACsec key, from the order to the clean-up", function()
    local text, status = run("env -u LD_PRELOAD LUA=" .. lua .. " sh examples/demo.sh")
    assert.equal("0", status, text)
    for _, part in ipairs {
      "1. A client", "is available", "cak <secret>", "associating", "associated", "secretARN arn:aws:secretsmanager",
      "disassociating", "ParamValidationError", "nearest", "not_found", "is deleted", "Done.",
    } do
      assert.truthy(text:find(part, 1, true), part .. " is missing in\n" .. text)
    end
  end)

  it("does not run without an emulator", function()
    local text, status = run(table.concat({
      "env -u LD_PRELOAD -u AWS_ENDPOINT_URL_DIRECT_CONNECT LUA_PATH='./lua/?.lua;./lua/?/init.lua;;'",
      "LUA_CPATH='./build/" .. lua .. "/?.so;;'", lua, "examples/quickstart.lua",
    }, " "))
    assert.equal("2", status, text)
    assert.truthy(text:find("make demo", 1, true))
  end)
end)
