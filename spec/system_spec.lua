local dxconnect = require "dxconnect"
local systems = require "dxconnect.system"

-- Plain Lua 5.1 yields through no pcall, so that a sleep of the user's own is called without one there.
local CAN_YIELD = _VERSION ~= "Lua 5.1" or type(jit) == "table"

describe("system", function()
  it("has every entry, that of the machine where none is given", function()
    local system = assert(systems.new())
    for _, name in ipairs {
      "getenv", "clock", "monotonic", "sleep", "random", "read_file", "run", "write_file",
    } do
      assert.is_function(system[name])
    end
    assert.is_true(math.abs(system.clock() - os.time()) <= 30)
    assert.equal(os.getenv("PATH"), system.getenv("PATH"))
    assert.is_nil(system.getenv("DXCONNECT_NO_SUCH_VARIABLE"))
  end)

  it("takes entries given, and keeps the others", function()
    local system = assert(systems.new {
      getenv = function(name) return "my " .. name end,
      random = function() return 0.25 end,
    })
    assert.equal("my PATH", system.getenv("PATH"))
    assert.equal(0.25, system.random())
    assert.is_true(math.abs(system.clock() - os.time()) <= 30)
  end)

  it("lets the machine's own stand in for entries that raise or return nothing of use, and tells that once", function()
    local events = {}
    local function logger(event)
      events[#events + 1] = event
      error("no")
    end
    for _, broken in ipairs { function() error("hush") end, function() return {} end, function() return "1" end } do
      local system = assert(systems.new({
        clock = broken, monotonic = broken, random = broken, sleep = CAN_YIELD and function() error("hush") end or nil,
        getenv = function() error({}) end,
      }, logger))
      for _ = 1, 3 do
        assert.is_true(math.abs(system.clock() - os.time()) <= 30)
        assert.is_number(system.monotonic())
        assert.is_number(system.random())
        system.sleep(0)
        assert.equal(os.getenv("PATH"), system.getenv("PATH"))
      end
    end
    assert.equal(CAN_YIELD and 15 or 12, #events)
    for _, event in ipairs(events) do
      assert.equal("warning", event.type)
      assert.is_nil(event.message:find("hush", 1, true))
    end
    for _, value in ipairs { 0 / 0, 1 / 0, -1, 1 } do
      local draw = assert(systems.new { random = function() return value end }).random()
      assert.is_true(draw >= 0 and draw < 1)
    end
    assert.is_number(assert(systems.new { clock = function() return 0 / 0 end }).clock())
  end)

  it("makes a reason of what files and processes of another type are", function()
    for _, name in ipairs { "read_file", "run" } do
      local content, message = assert(systems.new { [name] = function() return 5 end })[name]("x")
      assert.is_nil(content)
      assert.equal(("system.%s returned a number"):format(name), message)
    end
  end)

  it("makes a reason of what files and processes that were given raise", function()
    for _, name in ipairs { "read_file", "write_file", "run" } do
      local system = assert(systems.new { [name] = function(word)
        if word == "good" then
          return "content", "more"
        end
        error("broken", 0)
      end })
      assert.equal("content", system[name]("good"))
      local content, message = system[name]("bad")
      assert.is_nil(content)
      assert.equal("broken", message)
    end
  end)

  it("measures with the clock where only that is replaced", function()
    local function clock() return 5 end
    local function monotonic() return 7 end
    assert.equal(5, systems.new({ clock = clock }).monotonic())
    assert.equal(7, systems.new({ clock = clock, monotonic = monotonic }).monotonic())
    assert.are_not.equal(5, systems.new({ sleep = clock }).monotonic())
  end)

  it("refuses a misspelt entry, and what is no function", function()
    local system, err = systems.new { get_env = print }
    assert.is_nil(system)
    assert.equal("ConfigError", err.code)
    assert.matches("get_env; did you mean getenv%?", err.message)
    system, err = systems.new { clock = 5 }
    assert.is_nil(system)
    assert.matches("system%.clock: expected a function, got a number", err.message)
  end)

  it("takes no notice of a world's own state and functions beside the entries", function()
    local system = assert(systems.new { slept = {}, now = 5, advance = print, print })
    assert.is_nil(system.slept)
    assert.is_nil(system.advance)
    assert.is_nil(system[1])
  end)

  it("draws random numbers from 0 up to 1, and other ones each time", function()
    local system = systems.new()
    local least, most, seen = 1, 0, {}
    for _ = 1, 1000 do
      local x = system.random()
      assert.is_true(x >= 0 and x < 1)
      assert.is_nil(seen[x])
      seen[x] = true
      least, most = math.min(least, x), math.max(most, x)
    end
    assert.is_true(least < 0.1 and most > 0.9)
  end)

  it("reads whole files, or says why not", function()
    local system, path = systems.new(), os.tmpname()
    assert(system.write_file(path, "a\r\n\0b\n"))
    assert.equal("a\r\n\0b\n", system.read_file(path))
    os.remove(path)
    local content, message = system.read_file(path)
    assert.is_nil(content)
    assert.truthy(message:find(path, 1, true))
    content, message = system.read_file("/")
    assert.is_nil(content)
    assert.is_string(message)
  end)

  describe("runs programs", function()
    local run = systems.new().run

    it("through the shell, and returns what they print", function()
      assert.equal("a b\n", run("printf '%s b\\n' \"$(echo a)\""))
      assert.equal("", run("true"))
      assert.equal("one\ntwo\n", run("echo one\necho two"))
      assert.equal("one\n", run("echo one # and a comment"))
      assert.equal("\0\n\n", run("printf '\\000\\n\\n'"))
    end)

    it("and tells their status, not what they printed, where they fail", function()
      local output, message = run("echo hush; exit 3")
      assert.is_nil(output)
      assert.equal("the process ended with status 3", message)
      output, message = run("dxconnect-no-such-program 2>/dev/null")
      assert.is_nil(output)
      assert.equal("the process ended with status 127", message)
    end)

    it("no longer than they may take, and leaves none of them behind", function()
      local pid = os.tmpname()
      local output, message = run(("echo hush; sleep 60 | sh -c 'echo $$ > %s; cat'"):format(pid), 0.2)
      assert.is_nil(output)
      assert.equal("the process did not end within 0.2 seconds", message)
      local id = io.lines(pid)()
      os.remove(pid)
      local function is_alive() -- what nobody collected is as good as gone
        return run("ps -o stat= -p " .. id .. " | grep -qv '^Z'") ~= nil
      end
      local ends = os.time() + 20
      while is_alive() and os.time() < ends do end
      assert.is_false(is_alive())
    end)

    it("no longer than they may take where they close their output and stay", function()
      local output, message = run("exec >&-; sleep 60", 0.1)
      assert.is_nil(output)
      assert.matches("did not end", message)
    end)

    it("and refuses endless output", function()
      local output, message = run("yes")
      assert.is_nil(output)
      assert.equal("the process printed more than 16 MiB", message)
    end)

    it("while other tasks go on", function()
      local ended = {}
      dxconnect.parallel {
        function()
          run("sleep 0.3")
          ended[#ended + 1] = "program"
          return true
        end,
        function()
          systems.new().sleep(0.01)
          ended[#ended + 1] = "task"
          return true
        end,
      }
      assert.same({ "task", "program" }, ended)
    end)

    it("each in a shell of its own, whatever they say", function()
      assert.equal("it's\n", run([[echo "it's"]]))
      local output, message = run([[exec 2>/dev/null; eval "echo 'hush"; echo]])
      assert.is_nil(output)
      assert.matches("^the process ended with status %d+$", message)
      assert.is_nil((run("exec 2>/dev/null; eval ') ; echo a; (exit 0'")))
    end)
  end)

  it("keeps what was captured of the environment for when it is gone", function()
    local real = os.getenv
    finally(function()
      os.getenv = real -- luacheck: ignore
    end)
    local values = { DXCONNECT_SPEC_A = "1", DXCONNECT_SPEC_C = "3" }
    os.getenv = function(name) -- luacheck: ignore
      return values[name]
    end
    systems.capture { "DXCONNECT_SPEC_A", "DXCONNECT_SPEC_B" }
    values = { DXCONNECT_SPEC_C = "4" }
    local system = systems.new()
    assert.equal("1", system.getenv("DXCONNECT_SPEC_A"))
    assert.is_nil(system.getenv("DXCONNECT_SPEC_B"))
    assert.equal("4", system.getenv("DXCONNECT_SPEC_C"))
    values.DXCONNECT_SPEC_A = "2"
    assert.equal("2", system.getenv("DXCONNECT_SPEC_A"))
  end)

  it("is not inside nginx here", function()
    assert.is_false(systems.inside_nginx())
  end)
end)
