local dxconnect = require "dxconnect"
local example = require "dxconnect.help.example"
local guide = require "dxconnect.help.guide"
local members = require "dxconnect.help.members"
local growth = require "spec.support.growth"
local operations = require "dxconnect.help.operations"
local options = require "dxconnect.config.options"

local help = dxconnect.help
local model = dxconnect.model

local function has(text, ...)
  for _, part in ipairs({ ... }) do
    assert.truthy(text:find(part, 1, true), ("no %q in\n%s"):format(part, text))
  end
end

local function lacks(text, part)
  assert.falsy(text:find(part, 1, true), ("%q in\n%s"):format(part, text))
end

describe("help", function()
  it("lists every operation, topic and function", function()
    local text = help()
    for _, op in pairs(model.operations) do
      has(text, op.method)
    end
    for _, topic in ipairs(guide.topics) do
      has(text, topic.title, topic.name)
    end
    for _, entry in ipairs(guide.functions) do
      has(text, entry.name)
    end
  end)

  it("tells an operation with parameters, result, errors, labels and an example", function()
    has(
      help("associate_mac_sec_key"), "associate_mac_sec_key  (AssociateMacSecKey)", "Parameters",
      "connectionId  string, required", "64 hexadecimal digits", "cak", "secret",
      "Exactly one of secretARN or ckn with cak", "Result", "macSecKeys", "list of MacSecKey",
      "DirectConnectClientException", "Labels", "changes", "Example", "client:associate_mac_sec_key{"
    )
  end)

  it("takes either spelling, the command line's, and what stands around a name", function()
    local text = help("create_bgp_peer")
    for _, name in ipairs {
      "CreateBGPPeer", "create-bgp-peer", "createBGPPeer", "CREATE_BGP_PEER", "client:create_bgp_peer()",
      "dxconnect.create_bgp_peer", "  create_bgp_peer ",
    } do
      assert.equal(text, help(name))
    end
  end)

  it("tells every operation", function()
    for name, op in pairs(model.operations) do
      local text = help(name)
      has(text, op.method, op.name, "Parameters", "Result", "Errors", "Labels", "Example")
      for _, member in ipairs(op.input and model.shapes[op.input].order or {}) do
        has(text, member)
      end
      for _, label in ipairs(op.labels) do
        has(text, (label:gsub("_.*", "")))
      end
    end
  end)

  it("says what is deprecated, and what to use", function()
    has(help("describe_connection_loa"), "Deprecated: use describe_loa")
    has(help("Connection"), "deprecated (use awsDeviceV2)")
    has(help("create_direct_connect_gateway_association"), "deprecated (use gatewayId)")
  end)

  it("says when an operation interrupts, bills or spends a quota", function()
    has(help("create_lag"), "bills", "interrupts traffic with connectionId")
    has(help("update_connections_billing_mode"), "spends a quota")
  end)

  it("tells shapes, with what they contain and where they are used", function()
    has(help("MacSecKey"), "MacSecKey  (structure)", "startOn", "Used by", "Connection")
    has(help("EncryptionMode"), "EncryptionMode  (string)")
    has(help("DirectConnectClientException"), "(error)")
  end)

  it("tells topics, functions, settings and pages", function()
    has(help("macsec"), "MACsec keys", "disassociate_mac_sec_key", "rotate_mac_sec_key")
    has(help("rotate_mac_sec_key"), "configure", "dry_run", "Example")
    has(help("client:wait_until"), "connection_available")
    has(help("endpoint_url"), "AWS_ENDPOINT_URL")
    has(help("options"), "total_timeout", "ca_bundle")
    has(help("errors"), "maybe_applied", "NotConfirmedError")
    has(help("retries"), "create_once")
    has(help("meta"), "request_id", "elapsed")
    has(help("command"), "router-config", "Exit status")
  end)

  it("tells every function and every setting", function()
    for _, entry in ipairs(guide.functions) do
      has(help(entry.name), "Example", (entry.about:match("^%S+")))
    end
    for _, entry in ipairs(options.list) do
      assert.is_string(help(entry.name))
      lacks(help(entry.name), "There is no")
    end
  end)

  if _VERSION ~= "Lua 5.1" then -- where pairs has a metamethod
    it("covers whatever can be called", function()
      local told = {}
      for _, entry in ipairs(guide.functions) do
        told[entry.name:match("^%w+:") and "" or entry.name] = true
        local method = entry.usage:match("^client:([%w_]+)")
        told[method or ""] = true
        told[entry.name:match("^([%w_]+)%.") or ""] = true
      end
      local emulator = dxconnect.emulator()
      local client = assert(dxconnect.client {
        region = "us-east-1", transport = emulator.transport,
        credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = "example" },
      })
      for _, subject in ipairs { dxconnect, client } do
        for name in pairs(subject) do
          local is_own = type(name) == "string" and name ~= "_VERSION" and name ~= "system" and name ~= "config"
          if is_own and not model.operations[name] then
            assert.is_true(told[name], tostring(name))
          end
        end
      end
      for name in pairs(getmetatable(emulator).__index) do
        local is_told = help("emulator:" .. name):find("Example", 1, true) ~= nil
        assert.is_true(is_told or name == "answer" or name == "patch" or name == "snapshot" or name == "restore", name)
      end
    end)
  end

  it("explains every state that can be waited for", function()
    local text = help("waiters")
    for name, waiter in pairs(dxconnect.waiters) do
      has(text, name)
      has(help(name), "state to wait for", "meaning", model.operations[waiter.operation].method, "wait_until")
    end
    has(help("connection_available"), "light", "may become", "down, deleting", "14 days")
    has(help("mac_sec_key_associated"), "connectionId (required)", "30 minutes")
  end)

  it("finds a parameter in every operation that takes it, inside others too", function()
    local text = help("vlan")
    local count = 0
    for _, op in pairs(model.operations) do
      local function takes(name)
        for _, member in ipairs(name and model.shapes[name].order or {}) do
          if member == "vlan" or takes(model.shapes[model.shapes[name].members[member].shape].order
              and model.shapes[name].members[member].shape) then
            return true
          end
        end
      end
      if takes(op.input) then
        count = count + 1
        has(text, "  " .. op.method)
      end
    end
    assert.is_true(count >= 8)
  end)

  it("tells what a parameter has to be and means", function()
    has(help("vlan"), "vlan  (parameter, or member of a result)", "integer, 1 to 4094: tag of the virtual LAN",
      "It occurs in")
    assert.equal(help("encryptionMode"), help("encryption-mode"))
    has(help("authKey"), "6 to 80 characters, secret: MD5 key")
    lacks(help("vlan"), "Nothing is called")
    has(help("jumbo"), "Nothing is called")
  end)

  it("finds words in names, texts and members", function()
    has(help("ckn"), "associate_mac_sec_key")
    has(help("jumbo"), "shapes")
    has(help("delete interface"), "delete_virtual_interface")
    has(help("letter of authorization"), "describe_loa")
  end)

  it("names what is nearest to a misspelt name", function()
    has(help("asociate_mac_sec_key"), "associate_mac_sec_key")
    has(help("DescribeConections"), "DescribeConnections")
    has(help("MacSecKee"), "MacSecKey")
    has(help("rotate_mac_sec_keys"), "rotate_mac_sec_key")
  end)

  it("returns text whatever it is given", function()
    for _, argument in ipairs {
      "", " ", "%", "[", "(", "()", "%b", "\0", "\n", ("x"):rep(100000), "zzzzqqqq", "\255\254", "client:",
      "dxconnect.",
      1, true, false, {}, print, coroutine.create(function() end), setmetatable({}, {
        __index = function()
          error("touched")
        end,
        __tostring = function()
          error("printed")
        end,
      }),
    } do
      local text = help(argument)
      assert.is_string(text)
      assert.is_true(#text > 0)
    end
    assert.is_string(help(nil))
  end)

  it("repeats no control characters and not all of a long word", function()
    lacks(help("zz\27[31mqq"), "\27")
    assert.is_true(#help(("zq"):rep(5000)) < 300)
  end)

  it("prints nothing", function()
    local printed = spy.on(io, "write")
    local said = spy.on(_G, "print")
    help()
    help("create_lag")
    printed:revert()
    said:revert()
    assert.spy(printed).was_not_called()
    assert.spy(said).was_not_called()
  end)

  it("takes time in line with what it is given, and little of that", function()
    for _, part in ipairs { " ", "x", "(", "%s", "vlan ", "\n x" } do
      local ratio = growth.ratio(help, function(n)
        return part:rep(n) .. "x"
      end, 100000)
      assert.is_true(ratio < growth.LINEAR, ("%q: %s"):format(part, ratio))
    end
  end)

  it("keeps to 80 columns", function()
    local names = { "", "errors", "retries", "options", "waiters", "meta", "command", "vlan", "jumbo", "MacSecKee" }
    for _, list in ipairs { guide.functions, guide.topics, options.list } do
      for _, entry in ipairs(list) do
        names[#names + 1] = entry.name
      end
    end
    for _, map in ipairs { model.operations, model.shapes, dxconnect.waiters } do
      for name in pairs(map) do
        names[#names + 1] = name
      end
    end
    for _, name in ipairs(names) do
      for line in help(name):gmatch("[^\n]+") do
        assert.is_true(#line <= 80, name .. ": " .. line)
      end
    end
    assert.is_true(#help(("zq"):rep(5000)):match("^[^\n]*") <= 90)
  end)
end)

describe("help's words", function()
  it("are there for every operation of the model, and for no other", function()
    for _, op in pairs(model.operations) do
      assert.is_string(operations[op.method], op.method)
    end
    for method in pairs(operations) do
      assert.is_function(dxconnect[method], method)
    end
  end)

  it("tell what every member means, and name none that the model does not have", function()
    for name, shape in pairs(model.shapes) do
      for member in pairs(shape.members or {}) do
        assert.is_string(members.meaning(name, member), name .. "." .. member)
      end
    end
    for name in pairs(members.notes_in) do
      local structure, member = name:match("^(%w+)%.(%w+)$")
      assert.is_table(model.shapes[structure] and model.shapes[structure].members[member], name)
    end
    local known = {}
    for _, shape in pairs(model.shapes) do
      for name in pairs(shape.members or {}) do
        known[name] = true
      end
    end
    for _, list in pairs { members.notes, members.samples } do
      for name in pairs(list) do
        assert.is_true(known[name], name)
      end
    end
    for name, shown in pairs(members.shown) do
      for _, member in ipairs(shown) do
        assert.is_table(model.shapes[name].members[member], name .. "." .. member)
      end
    end
  end)

  it("name functions that are there", function()
    local client = assert(dxconnect.client {
      region = "us-east-1",
      credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = "example" },
      transport = function() end,
    })
    local emulator = dxconnect.emulator()
    local inventory = assert(dxconnect.inventory { clients = assert(dxconnect.client {
      region = "us-east-1", transport = emulator.transport,
      credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = "example" },
    }) })
    local watch
    assert(dxconnect.parallel { function()
      watch = assert(dxconnect.watch { clients = client, on_error = function() end })
      watch:stop()
    end }[1].error == nil)
    for _, entry in ipairs(guide.functions) do
      local usage = entry.usage:match("^[%w_%.:]+")
      local target = usage:find("^client:") and client or usage:find("^emulator:") and emulator
        or usage:find("^inventory:") and inventory or usage:find("^newer:") and inventory
        or usage:find("^watch:") and getmetatable(watch).__index or dxconnect
      for name in usage:gsub("^%w+[:%.]", ""):gmatch("[%w_]+") do
        target = target[name]
        assert.is_not_nil(target, entry.name)
      end
    end
  end)

  it("say something of an operation that they do not know", function()
    local kept = operations.create_lag
    operations.create_lag = nil
    local text = help("create_lag")
    operations.create_lag = kept
    has(text, "create_lag  (CreateLag)", "lag", "Parameters")
  end)
end)

describe("help's examples", function()
  it("are parameters that every operation takes", function()
    local client = assert(dxconnect.client {
      region = "us-east-1",
      credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = "example" },
      transport = function() end,
    })
    for name, op in pairs(model.operations) do
      local request, err = client:prepare(name, example.params(model, op))
      assert.is_nil(err, name .. ": " .. tostring(err))
      assert.is_table(request)
    end
  end)

  it("read as they are built", function()
    for name, op in pairs(model.operations) do
      local seen
      local client = setmetatable({}, {
        __index = function(_, method)
          return function(_, params)
            seen = { method, params }
          end
        end,
      })
      local text = "local client = ... " .. example.call(model, op)
      assert((loadstring or load)(text), name)(client)
      assert.equal(op.method, seen[1])
      assert.same(example.params(model, op), seen[2] or {})
    end
  end)
end)
