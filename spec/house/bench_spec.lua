-- The benchmark's pieces build and run; what they measure in so short a time is nobody's business here.

local shell = require "spec.support.shell"

local function run(command)
  return shell.output("env -u LD_PRELOAD " .. command .. " 2>&1; echo status=$?")
end

describe("the benchmark #nginx", function()
  local folder, output

  lazy_setup(function()
    folder = run("mktemp -d"):match("%S+")
    run("make -s LUA=" .. shell.lua)
    output = run(("TMPDIR=%s BENCH=quick BENCH_LUAS=%s sh spec/bench/run.sh"):format(folder, shell.lua))
  end)

  lazy_teardown(function()
    run("rm -rf " .. folder)
  end)

  it("runs to its end", function()
    assert.truthy(output:find("status=0%s*$"), output)
  end)

  it("measures inventories", function()
    assert.matches("\ninventory of N interfaces", output)
    assert.matches("\n +40 +370 +%d", output)
  end)

  it("prints a ratio and its aim for each promise", function()
    local seen = {}
    for name, aim, ratio in output:gmatch("([^\r\n]-),[ %a]*%s+(%d+%.%d+)%s+(%d+%.%d+) %(") do
      seen[name] = tonumber(aim)
      assert.is_true(tonumber(ratio) > 0, name)
    end
    assert.same({
      ["small call, 364 bytes"] = 1.1,
      ["small call over TLS"] = 1.15,
      ["100 connections, 94 kB"] = 5,
      ["10,000 interfaces, 11.7 MB"] = 7,
      ["prepare, beside a bare signer"] = 5.33,
      ["decode 11.7 MB, beside cjson"] = 1,
      ["start-up with one call"] = 1.5,
      ["start-up over TLS, system's trust"] = 0.4,
      ["64 at once, server takes 20 ms"] = 1.08,
      ["inside the scheduler, beside blocking"] = 1.1,
      ["an answer of 300 MB, beside the cap"] = 1.5,
    }, seen)
  end)

  it("has figures of the emulator beside moto's server, where Python has it", function()
    local figures = run("BENCH=quick python3 -B spec/bench/serving.py build/bin/dxconnect")
    if not figures:find("is not installed", 1, true) and not figures:find("status=127", 1, true) then
      assert.matches("status=0\n$", figures)
      assert.equal(5, select(2, figures:gsub("%d+%.%d+  %([<>]= [%d.]+%)", "")), figures)
    end
  end)

  it("leaves nothing behind", function()
    assert.equal("status=0\n", run("ls -A " .. folder))
  end)
end)
