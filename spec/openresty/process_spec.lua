--- Processes inside a real nginx. Debian's has no ngx.pipe, so here is one with the same interface, whose processes are
-- made up: what dxconnect asks of it, and what it makes of what comes back.

local cjson = require("cjson").new()
local nginx = require "spec.support.nginx"

local web, port

-- `process` says how the process ends: `output`, `problem`, `ended = {ok, reason, status}`.
local PRELUDE = [[
  local seen = { calls = {} }
  local process
  package.loaded["ngx.pipe"] = {
    spawn = function(arguments, options)
      seen.arguments, seen.environ = arguments, options.environ
      if process.refused then return nil, process.refused end
      local methods = {}
      for _, name in ipairs { "set_timeouts", "shutdown", "kill" } do
        methods[name] = function(_, ...)
          seen.calls[#seen.calls + 1] = name
          seen[name] = { ... }
          return true
        end
      end
      function methods.stdout_read_all()
        if process.raises then error("raised by nginx") end
        return process.output, process.problem
      end
      function methods.wait()
        return (table.unpack or unpack)(process.ended)
      end
      return methods
    end,
  }
  local function run(how, kept)
    process = how
    require "dxconnect.async"
    seen.output, seen.message = require("dxconnect.system").waits.run("echo 'it'", kept or {}, 60)
    return seen
  end
]]

local function eval(code)
  return cjson.decode(nginx.eval(port, PRELUDE .. code))
end

describe("a process inside nginx #nginx", function()
  lazy_setup(function()
    web, port = nginx.start_eval { environment = "env -i PATH=$PATH", main = "env KEPT_BY_NGINX=yes;" }
  end)

  lazy_teardown(function()
    local log = web:log()
    web:stop()
    assert.equal("", log)
  end)

  it("is a shell's, which says nothing on stderr and has nothing to read", function()
    local seen = eval [[ return run { output = "it\n", ended = { true, "exit", 0 } } ]]
    assert.equal("it\n", seen.output)
    assert.same({ "sh", "-c", "exec 2>/dev/null\necho 'it'" }, seen.arguments)
    assert.same({ "set_timeouts", "shutdown" }, seen.calls)
    assert.same({ "stdin" }, seen.shutdown)
  end)

  it("has nginx's own environment where none was captured", function()
    assert.is_nil(eval [[ return run { output = "", ended = { true, "exit", 0 } } ]].environ)
  end)

  it("has nginx's own environment, and beside it what was captured", function()
    local seen = eval [[
      return run({ output = "", ended = { true, "exit", 0 } }, { HOME = "/home/x", KEPT_BY_NGINX = "not this" })
    ]]
    local has = {}
    for _, entry in ipairs(seen.environ) do
      has[entry] = true
    end
    assert.is_true(has["HOME=/home/x"])
    assert.is_true(has["KEPT_BY_NGINX=yes"])
    assert.is_nil(has["KEPT_BY_NGINX=not this"])
  end)

  for name, case in pairs {
    ["that ends with a status"] = { "{ output = 'x', ended = { false, 'exit', 3 } }", "ended with status 3" },
    ["that is killed"] = { "{ output = 'x', ended = { false, 'signal', 9 } }", "ended with status 137" },
    ["that can't be started"] = { "{ refused = 'no more' }", "the process could not be started: no more" },
    ["that takes too long"] = { "{ problem = 'timeout', ended = {} }", "the process did not end within 60 seconds" },
    ["in whose stead nginx raises"] = { "{ raises = true }", "raised by nginx" },
  } do
    it(name .. " is an error", function()
      local seen = eval("return run " .. case[1])
      assert.is_nil(seen.output)
      assert.truthy(seen.message:find(case[2], 1, true), seen.message)
      assert.equal(name:find("too long") ~= nil, seen.kill ~= nil)
    end)
  end

  it("is not begun where nginx can't wait for it", function()
    local seen = eval [[
      local get_phase = ngx.get_phase
      ngx.get_phase = function() return "header_filter" end
      local seen = run {}
      ngx.get_phase = get_phase
      return seen
    ]]
    assert.equal("a process needs nginx's timers, and nginx has none in its phase header_filter", seen.message)
    assert.is_nil(seen.arguments)
  end)
end)
