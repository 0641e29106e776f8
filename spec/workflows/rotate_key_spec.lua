local dxconnect = require "dxconnect"
local rotations = require "spec.support.rotations"
local world = require "spec.support.world"

local ckns, new_port, rotate = rotations.ckns, rotations.new_port, rotations.rotate
local GIVEN = rotations.GIVEN
local fault, ok = world.fault, world.ok

local function is_writing(name)
  return name == "AssociateMacSecKey" or name == "DisassociateMacSecKey"
end

describe("client:rotate_mac_sec_key", function()
  for _, kind in ipairs { "connection", "lag", "interconnect" } do
    it("makes a key, brings it in and takes the old ones off: on a " .. kind, function()
      local port = new_port(kind, 2)
      local rotated = assert(rotate(port))
      assert.equal(port.id, rotated.connectionId or rotated.lagId or rotated.interconnectId)
      assert.same({ rotated.ckn }, ckns(port.keys()))
      assert.equal("associated", port.keys()[1].state)
      assert.equal("<secret>", tostring(rotated.cak))
      assert.matches("^%x+$", rotated.cak:reveal())
      assert.equal(64, #rotated.cak:reveal())
      local live = 0
      for _, key in ipairs(rotated.macSecKeys) do
        live = live + (key.state ~= "disassociated" and 1 or 0)
      end
      assert.equal(1, live, "the port is shown as it is then")
      assert.is_true(port.least >= 1)
    end)
  end

  it("brings a first key in", function()
    local port = new_port("connection", 0)
    local rotated = assert(rotate(port))
    assert.same({ rotated.ckn }, ckns(port.keys "associated"))
    assert.is_nil(port.requests.DisassociateMacSecKey)
  end)

  it("takes a given pair, the key as text or as a secret, and gives no key back", function()
    for _, cak in ipairs { GIVEN.cak, dxconnect.secret(GIVEN.cak) } do
      local port = new_port("connection", 1)
      local rotated = assert(rotate(port, { ckn = GIVEN.ckn, cak = cak }))
      assert.equal(GIVEN.ckn, rotated.ckn)
      assert.is_nil(rotated.cak)
      assert.same({ GIVEN.ckn }, ckns(port.keys()))
    end
  end)

  it("takes the ARN of a secret, and tells its CKN", function()
    local port = new_port("connection", 1)
    local arn = port.keys()[1].secretARN
    port.add(GIVEN.ckn)
    assert(port.maker:disassociate_mac_sec_key { connectionId = port.id, secretARN = arn })
    assert(port.maker:wait_until("mac_sec_key_disassociated", { connectionId = port.id, secretARN = arn }))
    local seen
    local rotated = assert(rotate(port, { secretARN = arn }, { configure = function(...)
      seen = { select("#", ...), ... }
    end }))
    assert.equal(("01"):rep(32), rotated.ckn)
    assert.is_nil(rotated.cak)
    assert.same({ rotated.ckn }, ckns(port.keys()))
    assert.equal(rotated.ckn, seen[2])
    assert.is_nil(seen[3])
    assert.equal(port.id, seen[4].connectionId)
  end)

  it("leaves params and options as they are, and prints its result without the key", function()
    local port = new_port("connection", 1)
    local params, options = { connectionId = port.id }, { dry_run = false }
    local rotated = assert(port.client:rotate_mac_sec_key(params, options))
    assert.same({ connectionId = port.id }, params)
    assert.same({ dry_run = false }, options)
    assert.matches("actions", tostring(rotated))
    assert.matches("<secret>", tostring(rotated))
    assert.is_nil(tostring(rotated):find(rotated.cak:reveal(), 1, true))
  end)

  it("tells what it did in lines", function()
    local port = new_port("connection", 1)
    local old = port.keys()[1].ckn
    local rotated = assert(rotate(port, GIVEN, { configure = function() end, require_encryption_up = true }))
    assert.same({
      "associated key " .. GIVEN.ckn,
      "key " .. GIVEN.ckn .. " is associated",
      "set up the router with key " .. GIVEN.ckn,
      "encryption is up",
      "disassociated key " .. old,
      "key " .. old .. " is disassociated",
    }, rotated.actions)
  end)

  describe("with configure", function()
    it("hands over CKN, CAK and port once, when the key is associated and the old one still there", function()
      local port = new_port("connection", 1)
      local calls = {}
      local function configure(ckn, cak, shown)
        local states = {}
        for _, key in ipairs(shown.macSecKeys) do
          states[key.ckn] = key.state
        end
        calls[#calls + 1] = { ckn, cak, shown.connectionId, states[ckn], states[("01"):rep(32)] }
      end
      local rotated = assert(rotate(port, nil, { configure = configure }))
      assert.equal(1, #calls)
      assert.same({ rotated.ckn, rotated.cak, port.id, "associated", "associated" }, calls[1])
      assert.is_nil(calls[1][1]:find(rotated.cak:reveal(), 1, true))

      port = new_port("connection", 1)
      assert(rotate(port, GIVEN, { configure = configure }))
      assert.equal(GIVEN.cak, calls[2][2])
      port = new_port("connection", 1)
      local secret = dxconnect.secret(GIVEN.cak)
      assert(rotate(port, { ckn = GIVEN.ckn, cak = secret }, { configure = configure }))
      assert.equal(secret, calls[3][2])
      assert.equal("userdata", type(calls[3][2]))
    end)

    it("goes on where it returns nothing, nil, true or anything else", function()
      for _, configure in ipairs {
        function() end, function() return nil end, function() return true end, function() return "done" end,
        function() return nil, nil end,
      } do
        local port = new_port("connection", 1)
        assert(rotate(port, GIVEN, { configure = configure }))
        assert.same({ GIVEN.ckn }, ckns(port.keys()))
      end
    end)

    it("ends where it raises, or returns false or nil and words; a rerun calls it again and carries on", function()
      for configure, words in pairs {
        [function() error("the router is on fire", 0) end] = "on fire",
        [function() error { message = "the router is on fire" } end] = "on fire",
        [function() error(setmetatable({}, { __tostring = function() return "on fire" end })) end] = "on fire",
        [function() return nil, "the router is on fire" end] = "on fire",
        [function() return false, "the router is on fire" end] = "on fire",
        [function() return false end] = "returned false",
      } do
        local port = new_port("connection", 1)
        local rotated, err = rotate(port, GIVEN, { configure = configure })
        assert.is_nil(rotated)
        assert.equal("string", type(err.code))
        assert.is_true(#err.code > 0)
        assert.matches("configure failed", tostring(err))
        assert.matches(words, tostring(err))
        assert.equal(2, #port.keys "associated")
        assert.is_nil(port.requests.DisassociateMacSecKey)
        assert.same({ "associated key " .. GIVEN.ckn, "key " .. GIVEN.ckn .. " is associated" }, err.actions)
        local called = 0
        assert(rotate(port, GIVEN, { configure = function()
          called = called + 1
        end }))
        assert.equal(1, called)
        assert.equal(1, port.requests.AssociateMacSecKey)
        assert.same({ GIVEN.ckn }, ckns(port.keys()))
      end
    end)

    it("repeats no key in its words", function()
      for _, params in ipairs { GIVEN, {} } do
        local port = new_port("connection", 1)
        local value
        local _, err = rotate(port, params, { configure = function(_, cak)
          value = type(cak) == "string" and cak or cak:reveal()
          return nil, "bad key " .. value .. ", or " .. value:lower()
        end })
        assert.matches("bad key", err.message)
        for _, text in pairs(err) do
          assert.is_nil(tostring(text):lower():find(value:lower(), 1, true))
        end
      end
    end)

    it("can make calls and wait, in tasks too", function()
      local port = new_port("connection", 1)
      local function run()
        return rotate(port, GIVEN, { configure = function()
          port.client.system.sleep(1)
          return port.client:describe_connections()
        end })
      end
      assert.equal(GIVEN.ckn, dxconnect.parallel({ run })[1].result.ckn)
    end)
  end)

  describe("waits for encryption", function()
    -- Whether a rotation waits for encryption while the port has none.
    local function is_awaited(mode, options)
      local port = new_port("connection", 1)
      assert(port.maker:update_connection { connectionId = port.id, encryptionMode = mode })
      port.emulator:set(port.id, { portEncryptionStatus = "Encryption Down" })
      options = options or {}
      options.timeout = 300
      local rotated, err = rotate(port, GIVEN, options)
      if not rotated then
        assert.equal("WaiterTimeoutError", err.code)
        assert.matches("Encryption Down", err.message)
        assert.equal(2, #port.keys "associated", "the old key stays")
      end
      return rotated == nil
    end

    it("where the port must encrypt, and elsewhere not", function()
      assert.is_true(is_awaited "must_encrypt")
      assert.is_false(is_awaited "should_encrypt")
    end)

    it("where it is asked to, and not where it is asked not to", function()
      assert.is_true(is_awaited("should_encrypt", { require_encryption_up = true }))
      assert.is_false(is_awaited("must_encrypt", { require_encryption_up = false }))
    end)

    it("of a LAG's connections", function()
      local port = new_port("lag", 1)
      assert(rotate(port, GIVEN, { require_encryption_up = true }))
      local members = port.emulator:get(port.id).connections
      port.emulator:set(members[2].connectionId, { portEncryptionStatus = "Encryption Down" })
      local _, err = rotate(port, nil, { require_encryption_up = true, timeout = 300 })
      assert.equal("WaiterTimeoutError", err.code)
      assert.equal(2, #port.keys "associated")
    end)
  end)

  describe("with dry_run", function()
    it("only reads, and returns the plan", function()
      local port = new_port("connection", 2)
      local planned = assert(rotate(port, nil, { dry_run = true, configure = function() error("no") end,
        require_encryption_up = true }))
      for _, name in ipairs(port.requests) do
        assert.is_false(is_writing(name))
      end
      assert.same({}, { port.record.sleeps[#port.record.sleeps + 1] })
      assert.equal(port.id, planned.connectionId)
      assert.is_nil(planned.ckn)
      assert.is_nil(planned.cak)
      assert.same({
        "make a new key",
        "associate key (the new one)",
        "wait until key (the new one) is associated",
        "set up the router with key (the new one)",
        "wait until encryption is up",
        "disassociate key " .. ("01"):rep(32),
        "disassociate key " .. ("02"):rep(32),
        "wait until key " .. ("01"):rep(32) .. " is disassociated",
        "wait until key " .. ("02"):rep(32) .. " is disassociated",
      }, planned.actions)
    end)

    it("plans for a key that is there, for keys that leave, and for room", function()
      local port = new_port("connection", 3)
      local keys = port.keys()
      local planned = assert(rotate(port, GIVEN, { dry_run = true }))
      assert.equal(GIVEN.ckn, planned.ckn)
      assert.matches("^disassociate key " .. keys[1].ckn .. ".*room", planned.actions[1])
      assert.equal("associate key " .. GIVEN.ckn, planned.actions[3])
      local removed = 0
      for _, line in ipairs(planned.actions) do
        removed = removed + (line:find("^disassociate") and 1 or 0)
      end
      assert.equal(3, removed)

      planned = assert(rotate(port, { secretARN = keys[2].secretARN }, { dry_run = true }))
      assert.equal(keys[2].ckn, planned.ckn)
      assert.matches("^take up key", planned.actions[1])

      assert(port.maker:disassociate_mac_sec_key { connectionId = port.id, secretARN = keys[1].secretARN })
      planned = assert(rotate(port, GIVEN, { dry_run = true }))
      assert.equal("wait until key " .. keys[1].ckn .. " is disassociated", planned.actions[1])
      assert.equal("associate key " .. GIVEN.ckn, planned.actions[2])
    end)

    it("finds what is wrong as well", function()
      local port = new_port("connection", 1)
      local _, err = port.client:rotate_mac_sec_key({ connectionId = "dxcon-nowhere" }, { dry_run = true })
      assert.equal("not_found", err.reason)
    end)
  end)

  describe("with three keys on the port", function()
    -- A port with three keys, of these ages in days and states.
    local function crowded(...)
      local port = new_port("connection", 3)
      for i, given in ipairs { ... } do
        port.emulator:set(port.keys()[i].secretARN, {
          startOn = ("2023-11-%02dT00:00:00Z"):format(14 - given[1]), state = given[2],
        })
      end
      return port
    end

    local function first_removed(port)
      local removed
      function port.hook(_, send, request)
        local arn = request.body:match('"secretARN":"([^"]+)"')
        if request.headers["x-amz-target"]:find("Disassociate") and not removed then
          removed = port.emulator:get(arn).ckn:sub(1, 2)
          assert.is_nil(port.requests.AssociateMacSecKey)
        end
        return send(request)
      end
      assert(rotate(port, GIVEN))
      assert.same({ GIVEN.ckn }, ckns(port.keys()))
      assert.is_true(port.least >= 1)
      return removed
    end

    it("the oldest goes first, whatever their order", function()
      assert.equal("01", first_removed(crowded({ 9, "associated" }, { 5, "associated" }, { 7, "associated" })))
      assert.equal("02", first_removed(crowded({ 5, "associated" }, { 9, "associated" }, { 7, "associated" })))
      assert.equal("03", first_removed(crowded({ 5, "associated" }, { 7, "associating" }, { 9, "associating" })))
    end)

    it("the only one that works stays, however old", function()
      assert.equal("02", first_removed(crowded({ 9, "associated" }, { 8, "associating" }, { 7, "associating" })))
      assert.equal("02", first_removed(crowded({ 7, "associating" }, { 8, "associating" }, { 9, "associated" })))
    end)

    it("none goes for a given key that is there", function()
      local port = new_port("connection", 2)
      port.add(GIVEN.ckn)
      function port.hook(_, send, request)
        if request.headers["x-amz-target"]:find("Disassociate") then
          assert.is_true(#port.keys "associated" >= 2)
        end
        return send(request)
      end
      local rotated = assert(rotate(port, GIVEN))
      assert.matches("^took up key", rotated.actions[1])
      assert.is_nil(port.requests.AssociateMacSecKey)
      assert.same({ GIVEN.ckn }, ckns(port.keys()))
    end)

    it("one that leaves is waited for, and no other goes in its place", function()
      local port = new_port("connection", 3)
      local leaving = port.keys()[2]
      assert(port.maker:disassociate_mac_sec_key { connectionId = port.id, secretARN = leaving.secretARN })
      function port.hook(_, send, request)
        local name = request.headers["x-amz-target"]
        if name:find("%.Associate") then
          assert.equal(2, #port.keys())
          assert.is_nil(port.requests.DisassociateMacSecKey)
        end
        return send(request)
      end
      local rotated = assert(rotate(port, GIVEN))
      assert.equal(("key %s is disassociated"):format(leaving.ckn), rotated.actions[1])
      assert.equal(2, port.requests.DisassociateMacSecKey)
    end)
  end)

  it("rotates many ports side by side", function()
    local port = new_port("lag", 1)
    local ids = { port.id }
    for i = 1, 3 do
      local other = assert(port.maker:create_connection {
        location = port.emulator:get(port.id).location, bandwidth = "10Gbps", connectionName = "c" .. i,
        requestMACSec = true,
      })
      ids[#ids + 1] = other.connectionId
    end
    assert(port.maker:wait_until("connection_available", { connectionId = ids[4] }))
    local tasks = {}
    for i, id in ipairs(ids) do
      tasks[i] = function()
        return port.client:rotate_mac_sec_key { connectionId = id }
      end
    end
    for i, entry in ipairs(dxconnect.parallel(tasks)) do
      assert.is_nil(entry.error, tostring(entry.error))
      assert.equal(ids[i], entry.result.connectionId or entry.result.lagId)
      assert.equal(entry.result.ckn, port.emulator:get(ids[i]).macSecKeys[#port.emulator:get(ids[i]).macSecKeys].ckn)
    end
  end)

  it("shows its waits to on_poll", function()
    local port = new_port("connection", 1)
    local seen = {}
    assert(rotate(port, GIVEN, { on_poll = function(_, state)
      seen[state] = true
    end }))
    assert.is_true(seen.associating and seen.associated and seen.disassociating)
  end)

  describe("refuses", function()
    local function refused(params, options)
      local client, record = world.client { ok '{"connections":[]}' }
      local rotated, err = client:rotate_mac_sec_key(params, options)
      assert.is_nil(rotated)
      assert.equal(0, #record.requests)
      return err
    end

    it("params that make no sense, all at once, and shows no key", function()
      for _, params in ipairs {
        {}, { connectionId = 7 },
        { connectionId = "x", ckn = GIVEN.ckn }, { connectionId = "x", cak = GIVEN.cak },
        { connectionId = "x", ckn = GIVEN.ckn, cak = GIVEN.cak, secretARN = "arn" },
        { connectionId = "x", ckn = "0a", cak = GIVEN.cak },
        { connectionId = "x", lagId = "y" },
      } do
        local err = refused(params)
        assert.equal("ParamValidationError", err.code)
        assert.equal("params", err.kind)
        assert.is_nil(tostring(err):find(GIVEN.cak, 1, true))
      end
      assert.matches("connectionId", refused(nil).message)
      local err = refused { conectionId = "x", cnk = GIVEN.ckn }
      assert.equal(3, #err.problems)
      assert.matches("did you mean ckn", err.message)
    end)

    it("options that are none, or of the wrong type", function()
      for _, options in ipairs {
        { dryrun = true }, { dry_run = "yes" }, { configure = "router.sh" }, { timeout = "60" }, { timeout = -1 },
        { require_encryption_up = 1 }, { on_poll = true },
      } do
        assert.equal("ConfigError", refused({ connectionId = "x" }, options).code)
      end
      assert.matches("did you mean dry_run", refused({ connectionId = "x" }, { dryrun = true }).message)
    end)

    it("a port that there is not, can't do MACsec, or is a LAG's", function()
      local client = world.client { function(request)
        return request.headers["x-amz-target"]:find("Lags") and ok '{"lags":[]}'
          or fault(400, "DirectConnectClientException", "Could not find Connection with ID x")
      end }
      local _, err = client:rotate_mac_sec_key { connectionId = "x" }
      assert.equal("not_found", err.reason)
      client = world.client { ok '{"connections":[]}', ok '{"interconnects":[]}', ok '{"lags":[]}' }
      _, err = client:rotate_mac_sec_key { connectionId = "x" }
      assert.equal("not_found", err.reason)
      for _, more in ipairs { '"macSecCapable":false', '"macSecCapable":true,"lagId":"dxlag-1"' } do
        local record
        client, record = world.client { ok('{"connections":[{"connectionId":"x",' .. more .. '}]}') }
        _, err = client:rotate_mac_sec_key { connectionId = "x" }
        assert.equal("ParamValidationError", err.code)
        assert.equal(1, #record.requests)
      end
      assert.matches("dxlag%-1", err.message)
    end)

    it("misuse, with the caller's line", function()
      local client = world.client { ok "{}" }
      for _, misuse in ipairs {
        function() client.rotate_mac_sec_key({ connectionId = "x" }) end,
        function() client:rotate_mac_sec_key("dxcon-1") end,
        function() client:rotate_mac_sec_key({ connectionId = "x" }, true) end,
      } do
        local fine, message = pcall(misuse)
        assert.is_false(fine)
        assert.matches("^[^:]*rotate_key_spec.lua:%d+: ", message)
      end
    end)
  end)
end)
