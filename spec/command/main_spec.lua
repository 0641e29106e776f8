local command = require "spec.support.command"
local emulatord = require "spec.support.emulatord"
local main = require "dxconnect.command.main"
local shell = require "spec.support.shell"

local served

setup(function()
  served = emulatord.start [[
    emulator:seed "estate"
  ]]
end)

teardown(function()
  served:stop()
end)

local function lines_of(text)
  return select(2, text:gsub("\n", ""))
end

describe("dxconnect, the command", function()
  it("tells its version, and its verbs in 80 columns", function()
    local output, said, status = command.run(nil, "--version")
    assert.same({ "dxconnect " .. require "dxconnect.version" .. "\n", "", 0 }, { output, said, status })
    output, said, status = command.run(nil, "--help")
    assert.equal("", said)
    assert.equal(0, status)
    for _, verb in ipairs(main.VERBS) do
      assert.is_truthy(output:find("\n  " .. verb .. " ", 1, true), verb)
    end
    for line in output:gmatch("[^\n]+") do
      assert.is_true(#line <= 80, line)
    end
  end)

  it("tells every verb's options", function()
    for _, verb in ipairs(main.VERBS) do
      local output, said, status = command.run(nil, verb .. " --help")
      assert.equal(0, status, verb .. said)
      assert.matches("^Usage: dxconnect " .. verb:gsub("%-", "%%-"), output)
    end
  end)

  it("ends with 2 and one line on standard error where it is used in a wrong way", function()
    for _, words in ipairs {
      "call", "cal describe_lags", "describe_lags", "call describe_lag", "call describe_lags --nothing 1",
      "call describe_lags --output xml", "call describe_lags --maxResults many", "call create_lag --params '{'",
      "call describe_lags --params '[1'", "call associate_mac_sec_key", "wait connection_upp dxcon-1", "diff one",
      "call describe_lags --params @/nonexistent", "wait", "loa", "failover-test dxvif-1", "--nothing",
    } do
      local output, said, status = command.run(served, words)
      assert.equal(2, status, words .. ": " .. said)
      assert.equal("", output, words)
      assert.equal(1, lines_of(said), words .. ": " .. said)
    end
  end)

  it("names what is near", function()
    for words, near in pairs {
      ["cal"] = "did you mean call", ["call describe_lag"] = "describe_lags", ["describe_lags"] = "call describe_lags",
      ["wait connection_availible x"] = "connection_available",
      ["call describe_lags --lagIdd x"] = "option '--lagIdd'; did you mean '--lagId'?;",
    } do
      local _, said = command.run(served, words)
      assert.is_truthy(said:find(near, 1, true), said)
    end
  end)

  it("makes calls by members, by JSON, and from standard input", function()
    local output, said, status = command.run(served, "call describe_connections --output json")
    assert.equal(0, status, said)
    local id = output:match('"connectionId": "([^"]+)"')
    assert.is_string(id)
    for _, words in ipairs {
      "call describe_connections --connectionId " .. id, "call DescribeConnections --connection-id " .. id,
      "call describe_connections --params '{\"connectionId\":\"" .. id .. "\"}'",
    } do
      output, said, status = command.run(served, words .. " --output csv --columns connectionId")
      assert.same({ "connectionId\r\n" .. id .. "\r\n", 0 }, { output, status }, said)
    end
    output, said, status = command.run(served, "call describe_connections --params - --output csv "
      .. "--columns connectionId", '{"connectionId":"' .. id .. '"}')
    assert.same({ "connectionId\r\n" .. id .. "\r\n", 0 }, { output, status }, said)
    output, said, status = command.run(served, "call describe_virtual_interfaces --all")
    assert.equal(0, status, said)
    assert.matches("dxvif", output)
  end)

  it("shows no secret unless told to", function()
    local output = command.run(served, "call describe_virtual_interfaces --output json")
    assert.matches('"authKey": "<hidden>"', output)
    output = command.run(served, "call describe_virtual_interfaces --output json --reveal")
    assert.is_nil(output:find("<hidden>", 1, true))
  end)

  it("takes no secret on the command line", function()
    for _, words in ipairs {
      "call associate_mac_sec_key --connectionId dxcon-1 --ckn x --cak SECRETVALUE",
      "call associate_mac_sec_key --cak=SECRETVALUE", "call create_bgp_peer --auth-key SECRETVALUE",
      "call create_bgp_peer --newBGPPeer '{\"authKey\":\"SECRETVALUE\"}'",
      "call associate_mac_sec_key --params '{\"cak\":\"SECRETVALUE\"}'",
    } do
      local output, said, status = command.run(served, words)
      assert.equal(2, status, words)
      assert.equal("", output)
      assert.matches("%-%-params @FILE", said)
      assert.is_nil(said:find("SECRETVALUE", 1, true))
    end
  end)

  it("sends nothing that bills without --yes", function()
    local order = "call create_connection --location EqDC2 --bandwidth 10Gbps --connectionName berlin-9"
    local output, said, status = command.run(served, order)
    assert.equal(1, status)
    assert.equal("", output)
    assert.matches("NotConfirmedError", said)
    output, said, status = command.run(served, order .. " --yes --output json")
    assert.equal(0, status, said)
    assert.matches("berlin%-9", output)
  end)

  it("ends with 1 and one line where the call failed", function()
    local output, said, status = command.run(served, "call describe_connections --connectionId dxcon-nothere")
    assert.equal(1, status)
    assert.equal("", output)
    assert.equal(1, lines_of(said))
    assert.matches("^dxconnect: DescribeConnections: DirectConnectClientException", said)
    output, said, status = command.run(nil, "call describe_connections")
    assert.same({ "", 1, 1 }, { output, status, lines_of(said) }, said)
  end)

  it("keeps a log of JSON lines, for its owner alone", function()
    local path = os.tmpname()
    os.remove(path)
    for _ = 1, 2 do
      local _, said, status = command.run(served, "call describe_lags --json-log " .. path)
      assert.equal(0, status, said)
    end
    local log = shell.read(path)
    assert.equal("600", (shell.output("stat -c %a " .. path):gsub("%s", "")))
    os.remove(path)
    assert.is_true(lines_of(log) >= 2)
    for line in log:gmatch("[^\n]+") do
      assert.matches('^{.*"type":"attempt"', line)
    end
  end)

  it("rotates a key only where a program is told the new one", function()
    local function keys()
      local output = command.run(served, "call describe_connections --connectionId dxcon-estate03 --output json")
      return select(2, output:gsub('"ckn"', ""))
    end
    local before = keys()
    local output, said, status = command.run(served, "rotate dxcon-estate03 --yes")
    assert.same({ "", 2, before }, { output, status, keys() })
    assert.matches("%-%-configure: required", said)
    output, said, status = command.run(served, "rotate dxcon-estate03 --dry-run")
    assert.matches("key", output, said)
    assert.same({ 0, before }, { status, keys() })
  end)

  it("does not mind a reader that leaves", function()
    local text = shell.output("(" .. command.line(served, "help") .. "; echo status $? >&2) 2>&1 | head -n 1; ")
    assert.is_nil(text:find("traceback", 1, true))
  end)

  it("fails where what it says can't be written, as on a full disk", function()
    for _, words in ipairs { "help DescribeConnections", "metrics", "inventory" } do
      local text = shell.output("(" .. command.line(served, words) .. " >/dev/full; echo status $?) 2>&1")
      assert.matches("^dxconnect: [^\n]*standard output can't be written[^\n]*\nstatus 1\n$", text)
    end
  end)

  it("judges as ever without a standard output", function()
    local line = command.line(served, "assess")
    assert.equal(shell.output("(" .. line .. ") >/dev/null 2>&1; echo $?"), shell.output("(" .. line
      .. " >&- 2>&-; echo $?)"))
  end)

  it("ends with 130 when it is interrupted", function()
    local line = command.line(served, "wait connection_deleted dxcon-0 --timeout 60 2>&1")
    local output = shell.output("exec 2>&1; sh -c " .. shell.quote("exec " .. command.line(served,
      "watch --interval 60")) .. " & pid=$!; i=0; while [ $i -lt 100 ]; do i=$((i+1)); "
      .. "grep -q State /proc/$pid/status 2>/dev/null && [ -n \"$(ls /proc/$pid/fd 2>/dev/null | grep 3)\" ] && break; "
      .. "sleep 0.05; done; sleep 1; kill -INT $pid; wait $pid; echo status $?")
    assert.matches("status 130", output, line)
  end)

  it("reads, judges, compares and measures an estate", function()
    local output, said, status = command.run(served, "inventory")
    assert.equal(0, status, said)
    assert.matches("virtual interfaces\n", output)
    assert.matches("vlan +port%s", output)
    assert.matches("BGP peers\nid +state +interface ", output)
    local json, _, json_status = command.run(served, "inventory --output json")
    assert.equal(0, json_status)
    local path = os.tmpname()
    shell.write(path, json)
    local unchanged, _, unchanged_status = command.run(nil, "diff " .. path .. " " .. path)
    assert.same({ "no change\n", 0 }, { unchanged, unchanged_status })
    shell.write(path .. ".new", (json:gsub('("kind": "connection".-"state": )"available"', '%1"down"', 1)))
    output, _, status = command.run(nil, "diff " .. path .. " " .. path .. ".new")
    assert.equal(3, status)
    assert.matches("available %-> down", output)
    os.remove(path)
    os.remove(path .. ".new")
    output, said, status = command.run(served, "assess --output csv --columns severity,rule")
    assert.equal("", said)
    assert.equal(#output > #"severity,rule\r\n" and 3 or 0, status)
    output, said, status = command.run(served, "metrics")
    assert.equal(0, status, said)
    assert.matches("# TYPE dxconnect_up gauge", output)
    output = command.run(served, "inventory --output svg")
    assert.matches("^<svg", output)
    output = command.run(served, "inventory --output dot")
    assert.matches("^digraph", output)
    output, said, status = command.run(served, "audit")
    assert.equal(0, status, said)
    assert.matches("dxcon", output)
  end)

  it("is a Lua with a client", function()
    local output, _, status = command.run(served, "repl", table.concat({
      "local x = 5", "1 + 1", "= 'a' .. 'b'", "#c:describe_locations().locations > 0", "for i = 1, 2 do", "print(i)",
      "end", "help('describe_lags')", "c:describe_connections{ connectionId = 5 }", "nothing.here",
      "client == c",
    }, "\n"))
    assert.equal(0, status)
    assert.matches("^2\nab\ntrue\n1\n2\n", output)
    assert.matches("ParamValidationError", output)
    assert.matches("describe_lags", output)
    assert.matches("\ntrue\n$", output)
  end)
end)

describe("the completion of the REPL", function()
  local repl = require "dxconnect.command.repl"

  it("completes the last name, and keeps what is before it", function()
    assert.same({ "c:describe_lags" }, repl.completions({ "describe_connections", "describe_lags" }, "c:describe_l"))
  end)

  it("keeps no line that holds a secret", function()
    assert.is_true(repl.holds_secret("c:associate_mac_sec_key{ CAK = '00' }"))
    assert.is_true(repl.holds_secret("x = { authKey = 'abc' }"))
    assert.is_false(repl.holds_secret("c:describe_lags()"))
  end)
end)
