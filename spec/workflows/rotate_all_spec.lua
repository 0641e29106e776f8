local dxconnect = require "dxconnect"
local emulated = require "spec.support.emulated"
local world = require "spec.support.world"

local fault = world.fault
local macsec = dxconnect.macsec

local DAY = 86400
local CAK = ("Ff"):rep(32)

-- An emulator with ports, and clients of it whose requests go through `estate.hook(send, request, client's name)`.
local function new_estate()
  local maker, emulator, record = emulated.world()
  local estate = { maker = maker, emulator = emulator, record = record, requests = {}, least = {}, others = {} }
  local location = emulated.mac_sec_location(maker)

  function estate.connection(params)
    local all = { location = location, bandwidth = "10Gbps", connectionName = "c", requestMACSec = true }
    for name, value in pairs(params or {}) do
      all[name] = value
    end
    local id = assert(maker:create_connection(all)).connectionId
    assert(maker:wait_until("connection_available", { connectionId = id }))
    return id
  end

  function estate.lag()
    local lag = assert(maker:create_lag {
      location = location, connectionsBandwidth = "10Gbps", numberOfConnections = 2, lagName = "l",
      requestMACSec = true,
    })
    assert(maker:wait_until("lag_available", { lagId = lag.lagId }))
    return lag.lagId, lag.connections[1].connectionId
  end

  function estate.add(id, ckn)
    assert(maker:associate_mac_sec_key { connectionId = id, ckn = ckn:rep(32), cak = CAK })
    assert(maker:wait_until("mac_sec_key_associated", { connectionId = id, ckn = ckn:rep(32) }, { delay = 60 }))
    estate.least[id] = math.huge
  end

  function estate.keys(id)
    local list = {}
    for _, key in ipairs(emulator:get(id).macSecKeys) do
      if key.state ~= "disassociated" then
        list[#list + 1] = key
      end
    end
    return list
  end

  local function send(request)
    local response, message, kind = emulator.transport(request)
    for id, least in pairs(estate.least) do
      local working = 0
      for _, key in ipairs(estate.keys(id)) do
        working = working + (key.state == "associated" and 1 or 0)
      end
      estate.least[id] = math.min(least, working)
    end
    return response, message, kind
  end

  function estate.client(name, region)
    return assert(dxconnect.client {
      region = region or "us-east-1", credentials = world.KEYS, system = maker.system, max_attempts = 1,
      transport = function(request)
        local target = request.headers["x-amz-target"] or ""
        estate.requests[#estate.requests + 1] = target:match("%.(.*)")
        if estate.hook then
          return estate.hook(send, request, name)
        end
        return send(request)
      end,
    })
  end

  return estate
end

local function ids(list)
  local found = {}
  for i, entry in ipairs(list) do
    found[i] = entry.connectionId
  end
  table.sort(found)
  return found
end

local function sorted(...)
  local list = { ... }
  table.sort(list)
  return list
end

describe("macsec.rotate_all", function()
  it("rotates the keys of ports that are due by age or lack a key that works, and tells of the others", function()
    local estate = new_estate()
    local old, bare, young = estate.connection(), estate.connection(), estate.connection()
    local plain = estate.connection { requestMACSec = false }
    local lag, member = estate.lag()
    estate.add(old, "01")
    estate.add(lag, "02")
    estate.record.now = estate.record.now + 90 * DAY
    estate.add(young, "03")
    local progress = {}
    local report = assert(macsec.rotate_all({ lab = estate.client "lab" }, {
      older_than = 30 * DAY,
      on_progress = function(done, total, entry)
        progress[#progress + 1] = { done, total, entry.connectionId }
      end,
    }))
    assert.same(sorted(old, bare, lag), ids(report.done))
    assert.same({}, report.failed)
    assert.same({}, report.warnings)
    local reasons = {}
    for _, entry in ipairs(report.skipped) do
      assert.equal("lab", entry.client)
      reasons[entry.connectionId] = entry.reason
    end
    assert.equal("without MACsec", reasons[plain])
    assert.equal("a member of LAG " .. lag, reasons[member])
    assert.matches("not due: the newest key is", reasons[young])
    assert.same({ 1, 3 }, { progress[1][1], progress[1][2] })
    assert.equal(3, #progress)
    for _, id in ipairs { old, bare, lag } do
      assert.equal(1, #estate.keys(id))
      assert.equal("associated", estate.keys(id)[1].state)
    end
    assert.equal(("03"):rep(32), estate.keys(young)[1].ckn)
    assert.is_true(estate.least[old] >= 1 and estate.least[lag] >= 1)
    local text = tostring(report)
    assert.matches("^MACsec keys: 3 rotated, 0 failed, 4 skipped, 0 warnings\n", text)
    assert.matches("lab us%-east%-1 " .. old:gsub("%-", "%%-") .. ": the newest key is 90 days old", text)
    assert.matches("    %- associated key %x+", text)
    local again = assert(macsec.rotate_all({ lab = estate.client "lab" }, { older_than = 30 * DAY }))
    assert.same({}, again.done)
  end)

  it("rotates only what has no key that works, unless it is told an age", function()
    local estate = new_estate()
    local one, two = estate.connection(), estate.connection()
    estate.add(one, "01")
    estate.record.now = estate.record.now + 900 * DAY
    local report = assert(macsec.rotate_all { estate.client() })
    assert.same({ two }, ids(report.done))
    assert.equal("no key that works", report.done[1].reason)
    assert.same({ one }, ids(report.skipped))
  end)

  it("keeps to the ports that are named, the LAG in place of its member, and misses what is not there", function()
    local estate = new_estate()
    local one = estate.connection()
    estate.connection()
    local lag, member = estate.lag()
    local report = assert(macsec.rotate_all({ estate.client() }, { ports = { one, member, "dxcon-none" } }))
    assert.same(sorted(one, lag), ids(report.done))
    assert.same({ member }, ids(report.skipped))
    assert.same({ "dxcon-none" }, ids(report.failed))
    assert.equal("not_found", report.failed[1].error.reason)
  end)

  it("only plans in a dry run", function()
    local estate = new_estate()
    local one = estate.connection()
    estate.add(one, "01")
    estate.record.now = estate.record.now + DAY
    local report = assert(macsec.rotate_all({ estate.client() }, {
      older_than = 60, dry_run = true, configure = print,
    }))
    assert.same({ one }, ids(report.done))
    assert.matches("set up the router", table.concat(report.done[1].actions, "\n"))
    for _, name in ipairs(estate.requests) do
      assert.matches("^Describe", name)
    end
    assert.matches("1 to rotate %(dry run: nothing was changed%)", tostring(report))
  end)

  it("lets no failure stop anything else", function()
    local estate = new_estate()
    local one, two = estate.connection(), estate.connection()
    local closed = estate.client "closed"
    closed:close()
    function estate.hook(send, request, name)
      if name == "denied" then
        return fault(400, "AccessDeniedException", "not for you")
      elseif request.headers["x-amz-target"]:find("AssociateMacSecKey") and request.body:find(one, 1, true) then
        return fault(400, "DirectConnectClientException", "not today")
      end
      return send(request)
    end
    local report = assert(macsec.rotate_all({
      a_closed = closed, denied = estate.client "denied", fine = estate.client "fine",
    }, {
      on_progress = function()
        error("boo")
      end,
    }))
    assert.same({ two }, ids(report.done))
    local failed = {}
    for _, entry in ipairs(report.failed) do
      failed[#failed + 1] = entry.client .. " " .. entry.error.code
    end
    table.sort(failed)
    assert.same({ "a_closed ConfigError", "denied AccessDeniedException", "fine DirectConnectClientException" }, failed)
    assert.equal(1, #report.warnings)
    assert.matches("on_progress raised an error: .*boo", report.warnings[1].reason)
    assert.matches("Failed\n.*not today", tostring(report))
  end)

  it("takes a port that two clients show once, and clients of several regions side by side", function()
    local estate = new_estate()
    local one = estate.connection()
    local far = assert(estate.client("far", "eu-west-1"):create_connection {
      location = emulated.mac_sec_location(estate.client("far", "eu-west-1")), bandwidth = "10Gbps",
      connectionName = "f", requestMACSec = true,
    }).connectionId
    estate.record.now = estate.record.now + DAY
    local report = assert(macsec.rotate_all { estate.client "a", estate.client "b", estate.client("far", "eu-west-1") })
    assert.same(sorted(one, far), ids(report.done))
    assert.equal(1, #estate.keys(one))
    local regions = {}
    for _, entry in ipairs(report.done) do
      regions[entry.connectionId] = entry.region
    end
    assert.same({ [one] = "us-east-1", [far] = "eu-west-1" }, regions)
  end)

  it("hands each key to configure, and shows no secret", function()
    local estate = new_estate()
    local one = estate.connection()
    local secrets = {}
    local report = assert(macsec.rotate_all({ estate.client() }, { configure = function(ckn, cak, port)
      assert.equal(one, port.connectionId)
      secrets[#secrets + 1] = cak:reveal()
      assert.is_string(ckn)
    end }))
    assert.equal(1, #secrets)
    for _, text in ipairs { tostring(report), assert(dxconnect.json(report, { reveal = true })) } do
      assert.is_nil(text:find(secrets[1], 1, true))
    end
    local failed = assert(macsec.rotate_all({ estate.client() }, { older_than = 0, configure = function(_, cak)
      secrets[2] = cak:reveal()
      error("the router said " .. secrets[2])
    end })).failed
    assert.matches("configure failed", failed[1].error.message)
    assert.is_nil(tostring(failed[1].error):find(secrets[2], 1, true))
  end)

  it("says where a rotation may have broken off", function()
    local estate = new_estate()
    local one = estate.connection()
    estate.add(one, "01")
    estate.record.now = estate.record.now + 90 * DAY
    estate.add(one, "02")
    local report = assert(macsec.rotate_all({ estate.client() }, { older_than = 30 * DAY }))
    assert.same({ one }, ids(report.skipped))
    assert.same({ one }, ids(report.warnings))
  end)

  describe("asked to check secrets", function()
    -- Answers for Secrets Manager; everything else goes to the emulator. Returns the requests that came for it.
    local function with_secrets(estate, answer)
      local asked = {}
      function estate.hook(send, request)
        if request.headers["x-amz-target"] == "secretsmanager.DescribeSecret" then
          asked[#asked + 1] = request
          return answer(request)
        end
        return send(request)
      end
      return asked
    end

    it("warns of keys whose secret is scheduled for deletion, in the secret's region", function()
      local estate = new_estate()
      local one, two = estate.connection(), estate.connection()
      estate.add(one, "01")
      estate.add(two, "02")
      local doomed = estate.keys(one)[1].secretARN
      local asked = with_secrets(estate, function(request)
        local is_doomed = request.body:find(doomed, 1, true)
        return world.ok(is_doomed and '{"ARN":"x","DeletedDate":1.7000352E9}' or '{"ARN":"y"}')
      end)
      local report = assert(macsec.rotate_all({ lab = estate.client() }, { check_secrets = true }))
      assert.equal(2, #asked)
      assert.matches("^https://secretsmanager%.us%-east%-1%.amazonaws%.com/", asked[1].url)
      assert.equal(1, #report.warnings)
      assert.equal("lab", report.warnings[1].client)
      assert.equal(one, report.warnings[1].connectionId)
      assert.matches(("01"):rep(32) .. " is scheduled for deletion on 2023%-11%-15T08:00:00Z",
        report.warnings[1].reason)
      assert.is_nil(report.warnings[1].error)
      assert.matches("Warnings\n.*scheduled for deletion", tostring(report))
    end)

    it("takes a denial as a warning", function()
      local estate = new_estate()
      local one = estate.connection()
      with_secrets(estate, function()
        return fault(400, "AccessDeniedException", "no")
      end)
      local report = assert(macsec.rotate_all({ estate.client() }, { check_secrets = true }))
      assert.same({ one }, ids(report.done))
      assert.same({}, report.failed)
      assert.same({ one }, ids(report.warnings))
      assert.equal("AccessDeniedException", report.warnings[1].error.code)
    end)

    it("asks no other service without it", function()
      local estate = new_estate()
      estate.add(estate.connection(), "01")
      local asked = with_secrets(estate, error)
      assert(macsec.rotate_all { estate.client() })
      assert.equal(0, #asked)
    end)
  end)

  it("refuses options that are wrong, and raises for what are no clients", function()
    local estate = new_estate()
    local client = estate.client()
    for _, options in ipairs { { older = 1 }, { older_than = "90 days" }, { older_than = -1 }, { ports = "dxcon-1" },
      { ports = { 5 } }, { configure = true }, { check_secrets = 1 } } do
      local report, err = macsec.rotate_all({ client }, options)
      assert.is_nil(report)
      assert.equal("ConfigError", err.code)
    end
    assert.equal(0, #estate.requests)
    for _, misuse in ipairs {
      function() macsec.rotate_all() end,
      function() macsec.rotate_all(client) end,
      function() macsec.rotate_all { "client" } end,
      function() macsec.rotate_all({ client }, "x") end,
    } do
      local fine, message = pcall(misuse)
      assert.is_false(fine)
      assert.matches("rotate_all_spec.lua:%d+: rotate_all", message)
    end
    assert.same({}, assert(macsec.rotate_all {}).done)
  end)

  it("carries on after a failure at any request, and leaves no port without a key that works", function()
    local function lost()
      return nil, "lost", "reset"
    end
    local function lost_on_the_way_back(send, request)
      send(request)
      return nil, "lost", "reset"
    end
    local function refused()
      return fault(400, "DirectConnectClientException", "not today")
    end

    -- Rotates two ports with the n-th request going wrong, then once more. Whether there was an n-th request.
    local function story(n, fail)
      local estate = new_estate()
      local one, two = estate.connection(), estate.connection()
      estate.add(one, "01")
      estate.add(two, "02")
      estate.record.now = estate.record.now + 90 * DAY
      local number, went_wrong = 0, false
      function estate.hook(send, request)
        number = number + 1
        if number == n then
          went_wrong = true
          return fail(send, request)
        end
        return send(request)
      end
      local options = { older_than = 0, delay = 60 }
      local report = assert(macsec.rotate_all({ estate.client() }, options))
      estate.hook = nil
      assert.is_true(#report.done + #report.failed >= 1)
      estate.record.now = estate.record.now + DAY
      local again = assert(macsec.rotate_all({ estate.client() }, options))
      assert.same(sorted(one, two), ids(again.done), tostring(again))
      for _, id in ipairs { one, two } do
        assert.equal(1, #estate.keys(id))
        assert.equal("associated", estate.keys(id)[1].state)
        assert.is_true(estate.least[id] >= 1, "request " .. n)
      end
      return went_wrong
    end

    for _, fail in ipairs { lost, lost_on_the_way_back, refused } do
      local n = 1
      while story(n, fail) do
        n = n + 1
      end
      assert.is_true(n > 15, n)
    end
  end)
end)
