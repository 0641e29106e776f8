local dxconnect = require "dxconnect"
local emulated = require "spec.support.emulated"
local world = require "spec.support.world"

local ok, fault = world.ok, world.fault
local macsec = dxconnect.macsec

describe("macsec.generate", function()
  it("makes a CKN of 64 hexadecimal digits, and a CAK that is a secret of as many", function()
    local key = macsec.generate()
    assert.matches("^%x+$", key.ckn)
    assert.equal(64, #key.ckn)
    assert.equal("<secret>", tostring(key.cak))
    assert.matches("^%x+$", key.cak:reveal())
    assert.equal(64, #key.cak:reveal())
  end)

  it("makes another one each time", function()
    local seen = {}
    for _ = 1, 20 do
      local key = macsec.generate()
      for _, text in ipairs { key.ckn, key.cak:reveal() } do
        assert.is_nil(seen[text])
        seen[text] = true
      end
    end
  end)

  it("makes what associate_mac_sec_key takes", function()
    local client, record = world.client { ok '{"connectionId":"dxcon-1","macSecKeys":[]}' }
    local key = macsec.generate()
    assert(client:associate_mac_sec_key { connectionId = "dxcon-1", ckn = key.ckn, cak = key.cak })
    assert.truthy(record.requests[1].body:find(key.cak:reveal(), 1, true))
  end)
end)

local function key(state, start, name)
  return ('{"ckn":"%s","secretARN":"arn:%s","state":"%s","startOn":"%s"}'):format((name or "ab"):rep(32), name or "ab",
    state, start or "2023-11-14T22:00:00Z")
end

local HOUR_AGO = "2023-11-14T21:13:19Z" -- and a second: worlds begin at 22:13:20

-- A client whose account has these ports, as JSON.
local function account(ports, options)
  return world.client({ function(request)
    local kind = request.headers["x-amz-target"]:match("Describe(%a+)$"):lower()
    local answer = ports[kind]
    if type(answer) == "table" then
      return answer
    end
    return ok(('{"%s":[%s]}'):format(kind, answer or ""))
  end }, options)
end

local function connection(keys, more)
  return ('{"connectionId":"dxcon-1","region":"us-east-1","connectionState":"available","macSecCapable":true,'
    .. '"encryptionMode":"should_encrypt","portEncryptionStatus":"Encryption Up","macSecKeys":[%s]%s}'):format(keys,
    more and "," .. more or "")
end

-- The problems of the only port of an account.
local function problems(port)
  local list = macsec.audit { (account { connections = port }) }
  assert.equal(1, #list)
  assert.is_nil(list[1].error)
  return list[1].problems
end

describe("macsec.audit", function()
  it("tells of every port what there is to know", function()
    local client = account {
      connections = connection(key "associated"),
      interconnects = '{"interconnectId":"dxcon-2","macSecCapable":true,"encryptionMode":"must_encrypt",'
        .. '"portEncryptionStatus":"Encryption Down","macSecKeys":[]}',
      lags = '{"lagId":"dxlag-1","region":"eu-west-1","lagState":"available","macSecCapable":true,'
        .. '"encryptionMode":"should_encrypt","macSecKeys":[' .. key "associated" .. '],"connections":['
        .. '{"connectionId":"dxcon-3","connectionState":"available","portEncryptionStatus":"Encryption Up"}]}',
    }
    local list = macsec.audit { client }
    assert.equal(3, #list)
    assert.same({
      region = "us-east-1", connectionId = "dxcon-1", encryptionMode = "should_encrypt",
      portEncryptionStatus = "Encryption Up", problems = {},
      macSecKeys = {
        { ckn = ("ab"):rep(32), secretARN = "arn:ab", state = "associated", startOn = "2023-11-14T22:00:00Z" },
      },
    }, list[1])
    assert.same({
      region = "us-east-1", interconnectId = "dxcon-2", encryptionMode = "must_encrypt",
      portEncryptionStatus = "Encryption Down", problems = { "no key", "down" }, macSecKeys = {},
    }, list[2])
    assert.equal("dxlag-1", list[3].lagId)
    assert.equal("eu-west-1", list[3].region)
    assert.equal("Encryption Up", list[3].portEncryptionStatus)
    assert.same({}, list[3].problems)
  end)

  it("looks at all pages", function()
    local client = account {
      connections = connection(key "associated"),
    }
    local pages = { ok '{"lags":[{"lagId":"dxlag-1"}],"nextToken":"n"}', ok '{"lags":[{"lagId":"dxlag-2"}]}' }
    local paged, record = world.client { function(request)
      if request.headers["x-amz-target"]:find("DescribeLags") then
        return request.body:find("nextToken") and pages[2] or pages[1]
      end
      return ok "{}"
    end }
    local ids = {}
    for i, port in ipairs(macsec.audit { client, paged }) do
      ids[i] = port.connectionId or port.lagId
    end
    assert.same({ "dxcon-1", "dxlag-1", "dxlag-2" }, ids)
    assert.equal(4, #record.requests)
  end)

  describe("names the problem", function()
    it("no key: none, or none that stays", function()
      assert.same({ "no key" }, problems(connection ""))
      assert.same({ "no key" }, problems(connection(key "disassociating")))
      assert.same({ "no key" }, problems(connection(key "disassociated")))
      assert.same({}, problems(connection(key "associating")))
    end)

    it("stuck: more than an hour on its way", function()
      for _, state in ipairs { "associating", "disassociating", "Associating" } do
        assert.same({ "stuck" }, problems(connection(key(state, HOUR_AGO) .. "," .. key("associated", nil, "cd"))))
        assert.same({}, problems(connection(key(state, "2023-11-14T21:13:20Z") .. "," .. key("associated", nil, "cd"))))
      end
      assert.same({}, problems(connection(key("associated", HOUR_AGO))))
      for _, start in ipairs { "2023-11-14 20:00:00", "2023-11-14T20:00:00.123+00:00", "2023-11-13", "1699990000",
        "Tue, 14 Nov 2023 20:00:00 GMT" } do
        assert.same({ "stuck" }, problems(connection(key("associating", start))), start)
      end
      assert.same({}, problems(connection(key("associating", "soon"))))
    end)

    it("down: the port does not encrypt, or has no light", function()
      local port = connection(key "associated")
      assert.same({ "down" }, problems((port:gsub("Encryption Up", "Encryption Down"))))
      assert.same({ "down" }, problems((port:gsub("available", "down"))))
    end)

    it("one key: under must_encrypt", function()
      local function must(keys)
        return (connection(keys):gsub("should_encrypt", "must_encrypt"))
      end
      assert.same({ "one key" }, problems(must(key "associated")))
      assert.same({ "one key" }, problems(must(key "associated" .. "," .. key("disassociating", nil, "cd"))))
      assert.same({}, problems(must(key "associated" .. "," .. key("associated", nil, "cd"))))
      assert.same({}, problems(connection(key "associated")))
    end)

    it("several at once", function()
      local port = connection(key("associating", HOUR_AGO)):gsub("should_encrypt", "must_encrypt")
        :gsub("Encryption Up", "Encryption Down")
      assert.same({ "stuck", "down", "one key" }, problems(port))
    end)

    it("none of a port that can't do MACsec, nor of one that is a LAG's", function()
      local hosted = '{"connectionId":"dxcon-1","connectionState":"available"}'
      assert.same({}, problems(hosted))
      assert.same({}, problems((connection(""):gsub("true", "false"))))
      assert.same({}, problems(connection("", '"lagId":"dxlag-1"')))
      assert.same({ "no key" }, problems(connection("", '"lagId":""')))
    end)

    it("none of a port that is gone or about to be", function()
      for _, state in ipairs { "deleting", "deleted", "rejected" } do
        assert.same({}, problems((connection(""):gsub("available", state))), state)
      end
    end)
  end)

  it("tells what a LAG's connections do where the LAG itself does not say", function()
    local function lag(...)
      local members = {}
      for i, status in ipairs { ... } do
        members[i] = ('{"connectionId":"m%d","connectionState":"available","portEncryptionStatus":"%s"}'):format(i,
          status)
      end
      local client = account { lags = ('{"lagId":"dxlag-1","lagState":"available","macSecCapable":true,'
        .. '"macSecKeys":[%s],"connections":[%s]}'):format(key "associated", table.concat(members, ",")) }
      return macsec.audit { client }[1]
    end
    assert.same({ "down" }, lag("Encryption Up", "Encryption Down").problems)
    assert.equal("Encryption Up", lag("Encryption Up", "Encryption Up").portEncryptionStatus)
    assert.is_nil(lag().portEncryptionStatus)
  end)

  it("goes on where a client fails, and keeps what else that one shows", function()
    local refused = fault(400, "AccessDeniedException", "not for you")
    local broken = account({ connections = refused, interconnects = refused, lags = refused }, { region = "eu-west-1" })
    local partly = account { interconnects = refused, connections = connection(key "associated") }
    local closed = account {}
    closed:close()
    local fine = account { lags = '{"lagId":"dxlag-9"}' }
    local list = macsec.audit { broken, partly, closed, fine }
    assert.equal(5, #list)
    assert.equal("eu-west-1", list[1].region)
    assert.equal("AccessDeniedException", list[1].error.code)
    assert.equal("dxcon-1", list[2].connectionId)
    assert.equal("AccessDeniedException", list[3].error.code)
    assert.equal("config", list[4].error.kind)
    assert.equal("dxlag-9", list[5].lagId)
  end)

  it("is a table when it is printed", function()
    local client = account {
      connections = connection(key "associated" .. "," .. key("associating", HOUR_AGO, "cd")),
      interconnects = fault(400, "AccessDeniedException", "not for you"),
      lags = '{"lagId":"dxlag-1","macSecCapable":true}',
    }
    local lines = {}
    for line in (tostring(macsec.audit { client }) .. "\n"):gmatch("(.-)\n") do
      lines[#lines + 1] = line
    end
    assert.equal(5, #lines)
    assert.matches("^REGION +PORT +MODE +ENCRYPTION +KEY +STATE +SINCE +PROBLEMS$", lines[1])
    assert.matches("^us%-east%-1 +dxcon%-1 +should_encrypt +Encryption Up +abababababab%.%.%. +associated"
      .. " +2023%-11%-14T22:00:00Z +stuck$", lines[2])
    assert.matches("^ +cdcdcdcdcdcd%.%.%. +associating +2023%-11%-14T21:13:19Z$", lines[3])
    assert.matches("^us%-east%-1 +dxlag%-1 +%- +%- +%- +%- +%- +no key$", lines[4])
    assert.matches("^us%-east%-1 +error: .*AccessDeniedException.*not for you", lines[5])
    assert.equal(lines[1]:find("PORT"), lines[2]:find("dxcon"))
    assert.equal(lines[1]:find("SINCE"), lines[3]:find("2023"))
  end)

  it("names the client by its name or its profile, and the account", function()
    local owned = connection(key "associated", '"ownerAccount":"111122223333"')
    local production, lab = account { connections = owned }, account { connections = owned }
    local broken = account { connections = fault(400, "AccessDeniedException", "no") }
    local list = macsec.audit { production = production, lab = lab, zone = broken }
    local rows = {}
    for i, entry in ipairs(list) do
      rows[i] = { entry.client, entry.account, entry.connectionId or entry.error.code }
    end
    assert.same({ { "lab", "111122223333", "dxcon-1" }, { "production", "111122223333", "dxcon-1" },
      { "zone", nil, "AccessDeniedException" } }, rows)
    local text = tostring(list)
    assert.matches("^CLIENT +ACCOUNT +REGION +PORT", text)
    assert.matches("\nlab +111122223333 +us%-east%-1 +dxcon%-1", text)
    assert.matches("\nzone +%- +us%-east%-1 +error: .*AccessDenied", text)
    local profiled = account({ connections = owned }, { profile = "network", system = {
      getenv = function() end,
      read_file = function(path)
        return path:find("config$") and "[profile network]\nregion = us-east-1\n" or nil
      end,
    } })
    assert.equal("network", macsec.audit({ profiled })[1].client)
    assert.is_nil(macsec.audit({ production })[1].client)
  end)

  it("works on the emulator, clients side by side", function()
    local client, emulator = emulated.world()
    local id = assert(client:create_connection {
      location = emulated.mac_sec_location(client), bandwidth = "10Gbps", connectionName = "c", requestMACSec = true,
    }).connectionId
    assert(client:wait_until("connection_available", { connectionId = id }))
    assert.same({ "no key", "down" }, macsec.audit { client }[1].problems)
    local made = macsec.generate()
    assert(client:associate_mac_sec_key { connectionId = id, ckn = made.ckn, cak = made.cak })
    assert(client:wait_until("mac_sec_key_associated", { connectionId = id }))
    local other = assert(dxconnect.client {
      region = "eu-central-1", transport = emulator.transport, system = client.system,
      credentials = world.KEYS,
    })
    local list = macsec.audit { other, client }
    assert.equal(1, #list)
    assert.equal(id, list[1].connectionId)
    assert.same({}, list[1].problems)
  end)

  it("raises for misuse with the caller's line, and says what to do", function()
    local client = account {}
    for _, misuse in ipairs {
      function() macsec.audit() end,
      function() macsec.audit(client) end,
      function() macsec.audit { "client" } end,
      function() macsec.audit { {} } end,
    } do
      local fine, message = pcall(misuse)
      assert.is_false(fine)
      assert.matches("^[^:]*macsec_spec.lua:%d+: ", message)
    end
    assert.matches("audit{ client }", select(2, pcall(macsec.audit, client)), 1, true)
    assert.same({}, macsec.audit {})
  end)
end)
