--- The emulator's state as data: saved, taken up again, seeded, emptied.

local core = require "dxconnect.core"
local dxconnect = require "dxconnect"
local emulated = require "spec.support.emulated"

local function path_of(name)
  return os.tmpname() .. name
end

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

describe("the emulator's state", function()
  local client, emulator, record, path

  before_each(function()
    client, emulator, record = emulated.world()
    path = path_of(".json")
  end)

  after_each(function()
    os.remove(path)
  end)

  local function order()
    return assert(client:create_connection {
      location = "EqDC2", bandwidth = "10Gbps", connectionName = "one", requestMACSec = true,
    }).connectionId
  end

  -- An emulator that takes a file up, and a client of it.
  local function take_up(options)
    local given = { clock = record.clock, sleep = record.sleep, state = path }
    for name, value in pairs(options or {}) do
      given[name] = value
    end
    local other, err = dxconnect.emulator(given)
    return other and emulated.client(other, record), other, err
  end

  it("is saved and taken up, and goes on as it would have", function()
    local id = order()
    record.now = record.now + 130
    assert.is_true(emulator:save(path))
    local other_client, other = take_up()
    assert.same(emulator:get(id), other:get(id))
    record.now = record.now + 169
    assert.equal("pending", other:get(id).connectionState)
    record.now = record.now + 1
    assert.equal("available", other:get(id).connectionState)
    local key = { connectionId = id, ckn = ("0a"):rep(32), cak = ("0b"):rep(32) }
    assert.same(assert(client:associate_mac_sec_key(key)), assert(other_client:associate_mac_sec_key(key)))
  end)

  it("holds its time: the world is as it was saved, however long ago", function()
    local id = order()
    local saved_at = record.now
    assert.is_true(emulator:save(path))
    record.now = record.now + 1e6
    local _, other = take_up()
    assert.equal("requested", other:get(id).connectionState)
    assert.equal(saved_at, other:now())
    record.now = record.now + 120
    assert.equal("pending", other:get(id).connectionState)
  end)

  it("is JSON with its format and version, in which lists stay lists", function()
    order()
    assert.is_true(emulator:save(path))
    local text = read(path)
    assert.matches('"format":"dxconnect%-state"', text)
    assert.matches('"version":1[,}]', text)
    assert.matches('"tags":%[%]', text)
    assert.matches('"macSecKeys":%[%]', text)
    assert.matches('"secrets":{}', text)
  end)

  it("gives the same bytes twice", function()
    order()
    assert.is_true(emulator:save(path))
    local first = read(path)
    local _, other = take_up()
    assert.is_true(other:save(path))
    assert.equal(first, read(path))
  end)

  it("holds no CAK", function()
    local id = order()
    record.now = record.now + 3600
    assert(client:associate_mac_sec_key { connectionId = id, ckn = ("0a"):rep(32), cak = ("0b"):rep(32) })
    assert.is_true(emulator:save(path))
    assert.is_nil(read(path):find(("0b"):rep(32), 1, true))
  end)

  it("that is newer, cut, of another format or no JSON is refused, and the file is left alone", function()
    order()
    assert.is_true(emulator:save(path))
    local good = read(path)
    for _, bad in ipairs {
      (good:gsub('"version":1', '"version":2')), good:sub(1, math.floor(#good / 2)), "", "[]", "null", "5", "{}",
      '{"format":"x"}',
      '{"format":"dxconnect-state","version":1}', "<html>", (good:gsub('"sequence":%d+,', "")),
      (good:gsub('"connectionId":"[^"]*",', "")), (good:gsub('"macSecKeys":%[%],', "")),
      (good:gsub('"_move":{[^}]*}', '"_move":5')), (good:gsub('"at":[%d.]+', '"at":"x"')),
      (good:gsub('"requested"', '5')),
    } do
      assert.is_true(core.write_file(path, bad))
      local _, other, err = take_up()
      assert.is_nil(other, bad)
      assert.equal("config", err.kind)
      assert.truthy(err.message:find(path, 1, true), err.message)
      assert.equal(bad, read(path))
    end
  end)

  it("that isn't there, or can't be written, is an error", function()
    os.remove(path)
    local _, other, err = take_up()
    assert.is_nil(other)
    assert.equal("config", err.kind)
    local ok, problem = emulator:save("/nowhere/at/all")
    assert.is_nil(ok)
    assert.equal("config", problem.kind)
  end)

  it("is handed over as a table, which is a copy", function()
    local id = order()
    local data = emulator:snapshot()
    data.resources.connection[1].connectionName = "mine"
    assert.equal("one", emulator:get(id).connectionName)
    assert.is_true(emulator:restore(data))
    assert.equal("mine", emulator:get(id).connectionName)
    local ok, err = emulator:restore { format = "dxconnect-state", version = 9 }
    assert.is_nil(ok)
    assert.matches("newer", err.message)
    assert.equal("mine", emulator:get(id).connectionName)
  end)

  it("is emptied by reset, with faults, log and clock", function()
    local id = order()
    emulator:fault { lost = true }
    assert.is_true(emulator:advance(500))
    emulator:reset()
    assert.is_nil(emulator:get(id))
    assert.equal(record.now, emulator:now())
    assert.equal(0, emulator:count())
    assert.same({}, emulator:requests())
    assert(client:describe_connections())
    assert.equal(id, order())
  end)

  it("moves ahead in time, never back, and no client's date is refused for it", function()
    local id = order()
    assert.is_true(emulator:advance(3600))
    assert.equal("available", emulator:get(id).connectionState)
    assert.equal("available", assert(client:describe_connections()).connections[1].connectionState)
    assert.is_true(emulator:set_time(emulator:now() + 100))
    for _, time in ipairs { emulator:now() - 1, 0 / 0, "x" } do
      local ok, err = emulator:set_time(time)
      assert.is_nil(ok)
      assert.equal("config", err.kind)
    end
    assert.is_nil((emulator:advance(-1)))
    assert.is_nil((emulator:advance(math.huge)))
  end)
end)

describe("the emulator's log", function()
  it("holds the last requests, secrets hidden", function()
    local client, emulator, record = emulated.world()
    local id = emulated.connection(client, record)
    assert(client:associate_mac_sec_key { connectionId = id, ckn = ("0a"):rep(32), cak = ("0b"):rep(32) })
    assert.is_nil((client:describe_lags { lagId = "dxlag-x" }))
    local log = emulator:requests()
    assert.equal(3, #log)
    assert.equal("AssociateMacSecKey", log[2].operation)
    assert.equal("<hidden>", log[2].params.cak)
    assert.equal(200, log[2].status)
    assert.equal("DirectConnectClientException", log[3].code)
    assert.equal("us-east-1", log[3].region)
    for _ = 1, 250 do
      assert(client:describe_lags())
    end
    assert.equal(200, #emulator:requests())
  end)
end)
