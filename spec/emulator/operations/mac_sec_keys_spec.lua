local emulated = require "spec.support.emulated"

local failure = emulated.failure

local function pair(byte)
  return { ckn = byte:rep(32), cak = byte:reverse():rep(32) }
end

describe("MACsec keys in the emulator", function()
  local client, emulator, record, id

  before_each(function()
    client, emulator, record = emulated.world()
    id = emulated.connection(client, record)
  end)

  local function associate(byte, port)
    local key = pair(byte)
    return client:associate_mac_sec_key { connectionId = port or id, ckn = key.ckn, cak = key.cak }
  end

  local function described()
    return assert(client:describe_connections { connectionId = id }).connections[1]
  end

  it("associate, and encrypt from then on", function()
    local result = assert(associate("0a"))
    assert.equal(id, result.connectionId)
    local key = result.macSecKeys[1]
    assert.equal(("0a"):rep(32), key.ckn)
    assert.equal("associating", key.state)
    assert.equal("2023-11-14T23:13:20Z", key.startOn)
    assert.matches("^arn:aws:secretsmanager:us%-east%-1:111122223333:secret:directconnect!prod/", key.secretARN)
    assert.is_nil(key.cak)
    assert.equal("Encryption Down", described().portEncryptionStatus)
    record.now = record.now + 60
    assert.equal("associated", described().macSecKeys[1].state)
    assert.equal("Encryption Up", described().portEncryptionStatus)
  end)

  it("disassociate, show so for a while, and are gone; the secret stays", function()
    local arn = assert(associate("0a")).macSecKeys[1].secretARN
    record.now = record.now + 60
    local result = assert(client:disassociate_mac_sec_key { connectionId = id, secretARN = arn })
    assert.equal("disassociating", result.macSecKeys[1].state)
    assert.equal("Encryption Down", described().portEncryptionStatus)
    record.now = record.now + 60
    assert.equal("disassociated", described().macSecKeys[1].state)
    record.now = record.now + 60
    assert.same({}, described().macSecKeys)
    result = assert(client:associate_mac_sec_key { connectionId = id, secretARN = arn })
    assert.equal(arn, result.macSecKeys[1].secretARN)
    assert.equal(("0a"):rep(32), result.macSecKeys[1].ckn)
  end)

  it("come back at once where they just left", function()
    local arn = assert(associate("0a")).macSecKeys[1].secretARN
    record.now = record.now + 60
    assert(client:disassociate_mac_sec_key { connectionId = id, secretARN = arn })
    record.now = record.now + 60
    local keys = assert(client:associate_mac_sec_key { connectionId = id, secretARN = arn }).macSecKeys
    assert.equal(1, #keys)
    assert.equal("associating", keys[1].state)
    record.now = record.now + 3600
    assert.equal("associated", described().macSecKeys[1].state)
  end)

  it("can be disassociated twice, which changes nothing", function()
    local arn = assert(associate("0a")).macSecKeys[1].secretARN
    record.now = record.now + 60
    assert(client:disassociate_mac_sec_key { connectionId = id, secretARN = arn })
    record.now = record.now + 30
    local result = assert(client:disassociate_mac_sec_key { connectionId = id, secretARN = arn })
    assert.equal("disassociating", result.macSecKeys[1].state)
    record.now = record.now + 30
    assert.equal("disassociated", described().macSecKeys[1].state)
  end)

  it("are three at most", function()
    for _, byte in ipairs { "0a", "0b", "0c" } do
      assert(associate(byte))
      record.now = record.now + 60
    end
    local _, err = associate("0d")
    assert.equal("DirectConnectClientException", err.code)
    assert.equal("quota", err.reason)
    record.now = record.now + 60
    local keys = described().macSecKeys
    assert(client:disassociate_mac_sec_key { connectionId = id, secretARN = keys[1].secretARN })
    assert.matches("maximum number of MACsec keys: 3", failure(associate("0d")))
    record.now = record.now + 60
    assert.equal(4, #assert(associate("0d")).macSecKeys)
    record.now = record.now + 60
    assert.equal(3, #described().macSecKeys)
  end)

  it("are refused twice, unknown, or where there is no MACsec", function()
    assert(associate("0a"))
    assert.matches("is already associated", failure(associate("0A")))
    local arn = described().macSecKeys[1].secretARN
    assert.matches("is already associated",
      failure(client:associate_mac_sec_key { connectionId = id, secretARN = arn }))
    assert.equal("DirectConnectClientException: MACsec secret arn:x does not exist",
      failure(client:associate_mac_sec_key { connectionId = id, secretARN = "arn:x" }))
    assert.matches("secret ARN arn:x does not exist on " .. id:gsub("%-", "%%-"),
      failure(client:disassociate_mac_sec_key { connectionId = id, secretARN = "arn:x" }))
    assert.equal("DirectConnectClientException: Could not find Connection with ID dxcon-nowhere",
      failure(associate("0b", "dxcon-nowhere")))
    assert.equal("DirectConnectClientException: Could not find Lag with ID dxlag-nowhere",
      failure(associate("0b", "dxlag-nowhere")))
    record.now = record.now + 60
    local plain = emulated.connection(client, record, { requestMACSec = false })
    assert.matches("is not capable of MACsec", failure(associate("0b", plain)))
    assert(client:delete_connection { connectionId = id })
    assert.matches("is being deleted", failure(associate("0b")))
  end)

  it("let the mode fall back when the last one goes", function()
    assert(associate("0a"))
    record.now = record.now + 60
    assert(associate("0b"))
    record.now = record.now + 60
    local arns = { described().macSecKeys[1].secretARN, described().macSecKeys[2].secretARN }
    assert(client:update_connection { connectionId = id, encryptionMode = "must_encrypt" })
    assert(client:disassociate_mac_sec_key { connectionId = id, secretARN = arns[1] })
    assert.equal("must_encrypt", described().encryptionMode)
    record.now = record.now + 60
    assert(client:disassociate_mac_sec_key { connectionId = id, secretARN = arns[2] })
    assert.equal("should_encrypt", described().encryptionMode)
  end)

  it("of a LAG are those of all its connections", function()
    local lag = assert(client:create_lag {
      location = "EqDC2", connectionsBandwidth = "100Gbps", numberOfConnections = 2, lagName = "l",
      requestMACSec = true,
    })
    record.now = record.now + 3600
    local arn = assert(associate("0a", lag.lagId)).macSecKeys[1].secretARN
    record.now = record.now + 60
    lag = assert(client:describe_lags()).lags[1]
    assert.equal("associated", lag.macSecKeys[1].state)
    for _, connection in ipairs(lag.connections) do
      assert.same(lag.macSecKeys, connection.macSecKeys)
      assert.equal("Encryption Up", connection.portEncryptionStatus)
    end
    assert.matches("its keys are those of the Lag", failure(associate("0b", lag.connections[1].connectionId)))
    assert(client:update_lag { lagId = lag.lagId, encryptionMode = "must_encrypt" })
    assert(client:disassociate_mac_sec_key { connectionId = lag.lagId, secretARN = arn })
    lag = assert(client:describe_lags()).lags[1]
    assert.equal("should_encrypt", lag.encryptionMode)
    assert.equal("should_encrypt", lag.connections[1].encryptionMode)
  end)

  it("are on interconnects too", function()
    local interconnect = assert(client:create_interconnect {
      interconnectName = "i", bandwidth = "100Gbps", location = "EqDC2", requestMACSec = true,
    })
    record.now = record.now + 3600
    assert(associate("0a", interconnect.interconnectId))
    record.now = record.now + 60
    interconnect = assert(client:describe_interconnects()).interconnects[1]
    assert.equal("associated", interconnect.macSecKeys[1].state)
    assert.equal("Encryption Up", interconnect.portEncryptionStatus)
  end)

  it("leave encryption down when a test holds it there, or no light is on the line", function()
    assert(associate("0a"))
    record.now = record.now + 60
    emulator:set(id, { connectionState = "down" })
    assert.equal("Encryption Down", described().portEncryptionStatus)
    emulator:set(id, { connectionState = "available", portEncryptionStatus = "Encryption Down" })
    assert.equal("Encryption Down", described().portEncryptionStatus)
    emulator:set(id, { portEncryptionStatus = "Encryption Up" })
    assert.equal("Encryption Up", described().portEncryptionStatus)
  end)

  it("get stuck when a test sets their state", function()
    local arn = assert(associate("0a")).macSecKeys[1].secretARN
    emulator:set(arn, { state = "associating" })
    record.now = record.now + 86400
    assert.equal("associating", described().macSecKeys[1].state)
    assert(client:disassociate_mac_sec_key { connectionId = id, secretARN = arn })
    record.now = record.now + 120
    assert.same({}, described().macSecKeys)
  end)
end)
