--- The module itself: what loading it does, and its functions on a default client.

local dxconnect = require "dxconnect"
local operations = require "dxconnect.operations"
local shell = require "spec.support.shell"

-- Runs Lua source in a process of its own, with variables set; what it printed, and its status where it is not 0.
local function run(source, variables)
  local kept = {}
  for _, name in ipairs { "PATH", "LD_PRELOAD", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS" } do
    kept[#kept + 1] = ('%s="$%s"'):format(name, name)
  end
  local command = "env -i %s LUA_PATH=%s LUA_CPATH=%s %s %s -e %s 2>&1 </dev/null || echo status $?"
  return table.concat(shell.lines(command:format(table.concat(kept, " "), shell.quote(package.path),
    shell.quote(package.cpath), variables or "", shell.lua, shell.quote(source))), "\n")
end

describe("loading", function()
  -- Every module, each in the order of the disk, in a Lua where the world outside is not to be had.
  it("touches neither environment, files, clock nor processes, for any module", function()
    local modules = {}
    for _, path in ipairs(shell.lines("find lua -name '*.lua' | sort")) do
      modules[#modules + 1] = ("%q"):format(path:gsub("^lua/", ""):gsub("%.lua$", ""):gsub("/init$", ""):gsub("/", "."))
    end
    local said = run([[
      local tell = print
      require "cjson"
      os, io, ngx, print = nil, nil, nil, nil
      for _, name in ipairs { ]] .. table.concat(modules, ", ") .. [[ } do
        local ok, message = pcall(require, name)
        if not ok then tell(name, message) end
      end
      tell("done")
    ]])
    assert.equal("done", said)
  end)

  it("loads only what a call needs, the rest when it is first touched", function()
    local said = run([[
      local dxconnect = require "dxconnect"
      for _, name in ipairs {
        "help", "workflows.macsec", "emulator", "async", "async.task", "async.loop", "transport.curl", "text.format",
      } do
        if package.loaded["dxconnect." .. name] then print(name) end
      end
      assert(type(dxconnect.help) == "function" and package.loaded["dxconnect.help"])
      print("done")
    ]])
    assert.equal("done", said)
  end)

  it("loads nothing for what a plain call does without: tasks, other sources of credentials", function()
    assert.equal("done", run([[
      local dxconnect = require "dxconnect"
      local _, err = dxconnect.describe_lags()
      assert(err.kind == "transport", err)
      for _, name in ipairs {
        "async", "async.task", "async.loop", "credentials.http", "retry.rate_limiter",
        "credentials.profile", "credentials.sts",
        "credentials.web_identity", "credentials.container", "credentials.instance_metadata",
      } do
        if package.loaded["dxconnect." .. name] then print(name) end
      end
      print("done")
    ]], "AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=example "
      .. "AWS_ENDPOINT_URL=http://127.0.0.1:9 AWS_MAX_ATTEMPTS=2"))
  end)

  it("serves finalizers to the very end", function()
    assert.equal("done", run([[
      local dxconnect = require "dxconnect"
      local client = assert(dxconnect.client {
        region = "us-east-1", credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = "example" },
        transport = function() return { status = 200, body = '{"lags":[{"lagName":"a\\nb"}]}' } end,
      })
      local function finalize()
        assert(client:describe_lags())
        assert(client:prepare("describe_lags"))
      end
      finalize() -- what is first made by a finalizer at the end, Lua lets go of without finalizing it: a leak's report
      for i = 1, 20 do
        if newproxy then -- Lua 5.1 finalizes no table
          _G["kept" .. i] = newproxy(true)
          getmetatable(_G["kept" .. i]).__gc = finalize
        else
          _G["kept" .. i] = setmetatable({}, { __gc = finalize })
        end
      end
      print("done")
    ]]))
  end)

  it("leaves no global behind", function()
    assert.equal("done", run([[
      local before = {}
      for name in pairs(_G) do before[name] = true end
      local dxconnect = require "dxconnect"
      local _ = dxconnect.help() and dxconnect.model and dxconnect.sign and dxconnect.secret and dxconnect.emulator
      for name in pairs(_G) do if not before[name] then print(name) end end
      print("done")
    ]]))
  end)
end)

describe("dxconnect", function()
  it("has a function for every operation, the same each time", function()
    for _, op in ipairs(operations.operations) do
      assert.is_function(dxconnect[op.method])
      assert.equal(dxconnect[op.method], dxconnect[op.method])
    end
  end)

  it("prints as what it is", function()
    assert.matches("^dxconnect %d.*help%(%)", tostring(dxconnect))
    assert.equal("dxconnect.emulator (0 requests)", tostring(dxconnect.emulator()))
  end)

  it("has nothing under a name that is near to none, begins with an underscore, or is no string", function()
    for _, name in ipairs { "colour", "_describe_lags", "__pairs", "", 1, true, 0 / 0, {}, ("x"):rep(1e5) } do
      assert.is_nil(dxconnect[name])
    end
    assert.is_nil(dxconnect[nil])
  end)

  it("names the nearest function for a misspelt one, at the caller's line", function()
    for misspelt, meant in pairs {
      describe_lag = "describe_lags", describeLags = "describe_lags", DescribeLags = "describe_lags",
      associateMACSecKey = "associate_mac_sec_key", createBGPPeer = "create_bgp_peer", clinet = "client",
      wait_untill = "wait_until", batc = "batch",
    } do
      local line = debug.getinfo(1, "l").currentline + 1
      local raised, message = pcall(function() return dxconnect[misspelt] end)
      assert.is_false(raised)
      assert.matches("init_spec.lua:" .. line .. ": dxconnect has no function " .. misspelt .. "; did you mean "
        .. meant .. "?", message, 1, true)
    end
  end)

  it("shows everything that can be called to pairs, and loads nothing for it", function()
    assert.equal("done", run([[
      local dxconnect = require "dxconnect"
      local before = {}
      for name in pairs(package.loaded) do before[name] = true end
      local seen = {}
      for name, value in pairs(dxconnect) do
        if seen[name] or type(name) ~= "string" or value == nil then print("bad", name) end
        seen[name] = value
      end
      if _VERSION ~= "Lua 5.1" then
        for name in ("client describe_lags call prepare pages wait_until help macsec sign secret"):gmatch("%S+") do
          if seen[name] == nil then print("missing", name) end
        end
        for name in pairs(package.loaded) do if not before[name] then print("loaded", name) end end
        assert(seen.help("describe_lags") == dxconnect.help("describe_lags"))
        assert(seen.macsec.audit == dxconnect.macsec.audit)
        assert(tostring(seen.secret("x")) == "<secret>")
        assert(seen.close == nil)
      end
      print("done")
    ]]))
  end)

  it("does with its default client what a client can do with calls", function()
    assert.equal("done", run([[
      local dxconnect = require "dxconnect"
      local request = assert(dxconnect.prepare("DescribeLags"))
      assert(request.method == "POST")
      local _, err = dxconnect.call("describe_lags")
      assert(err.code == "ConnectionError")
      assert(dxconnect.explain().region.value == "us-east-1")
      assert(dxconnect.credentials().access_key_id == "AKIDEXAMPLE")
      assert(dxconnect.batch({ { "describe_lags" } })[1].error.code == "ConnectionError")
      local ok, raised = pcall(dxconnect.pages("describe_connections"))
      assert(not ok and raised.code == "ConnectionError")
      for _, misuse in ipairs {
        function() dxconnect.call("describe_lags", 5) end, function() dxconnect.prepare("describe_lags", {}, 5) end,
        function() dxconnect.pages("describe_lags", 5) end, function() dxconnect.map("describe_lags") end,
      } do
        local _, message = pcall(misuse)
        assert(message:find(":" .. debug.getinfo(misuse, "S").linedefined .. ": "), message)
      end
      _, err = dxconnect.create_once("describe_lags", {}, {})
      assert(err.code == "ParamValidationError")
      print("done")
    ]], "AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=example "
      .. "AWS_ENDPOINT_URL=http://127.0.0.1:9 AWS_MAX_ATTEMPTS=1"))
  end)

  it("makes a default client of environment and profile at the first call, and keeps it", function()
    local said = run([[
      local dxconnect = require "dxconnect"
      local result, err = dxconnect.delete_lag {}
      print(result, err.code, err.operation)
      local name = os.tmpname()
      local file = io.open(name, "w")
      file:write("[default]\nregion = eu-west-1\naws_access_key_id = AK\naws_secret_access_key = hush\n")
      file:close()
      local getenv = os.getenv
      os.getenv = function(variable) return variable == "AWS_CONFIG_FILE" and name or getenv(variable) end
      local made = require("dxconnect.client").new
      result, err = dxconnect.describe_lags({}, { endpoint_url = "http://127.0.0.1:1", max_attempts = 1 })
      print(result, err.code)
      os.remove(name)
      result, err = dxconnect.delete_lag {}
      print(result, err.code, err.operation)
    ]], "HOME=/nowhere AWS_EC2_METADATA_DISABLED=true AWS_REGION=")
    assert.equal("nil\tNoRegionError\tDeleteLag\nnil\tConnectionError\nnil\tParamValidationError\tDeleteLag", said)
  end)

  it("raises for misuse, at the caller's line", function()
    for _, misuse in ipairs {
      function() dxconnect:describe_lags() end,
      function() dxconnect.describe_lags("dxlag-1") end,
      function() dxconnect.describe_lags({}, 5) end,
      function() dxconnect:prepare("describe_lags") end,
      function() dxconnect.client("us-east-1") end,
      function() dxconnect.endpoint("us-east-1") end,
      function() dxconnect.sign("GET") end,
      function() dxconnect.sign({}, "x") end,
    } do
      local raised, message = pcall(misuse)
      assert.is_false(raised)
      local line = debug.getinfo(misuse, "S").linedefined
      assert.matches("init_spec.lua:" .. line .. ": ", message)
    end
  end)
end)
