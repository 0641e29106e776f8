local cjson = require "cjson"
local dxconnect = require "dxconnect"
local emulatord = require "spec.support.emulatord"
local socket = require "socket"

describe("the emulator driven over HTTP", function()
  local served

  before_each(function()
    served = emulatord.start()
  end)

  after_each(function()
    served:stop()
  end)

  -- Asks for a path; returns status, the decoded answer and its text.
  local function ask(method, path, body)
    local connection = assert(socket.connect("127.0.0.1", served.port))
    connection:settimeout(20)
    assert(connection:send(("%s %s HTTP/1.0\r\ncontent-length: %d\r\n\r\n%s"):format(method, path, #(body or ""),
      body or "")))
    local text = assert(connection:receive("*a"))
    connection:close()
    local status, content = text:match("^HTTP/1.1 (%d+) .-\r\n\r\n(.*)$")
    assert.is_truthy(text:lower():find("content-type: application/json", 1, true), text)
    return tonumber(status), cjson.decode(content), content
  end

  local function client()
    return assert(dxconnect.client {
      region = "us-east-1", endpoint_url = served.url, credentials = emulatord.keys, max_attempts = 1, timeout = 20,
      system = { getenv = function() end },
    })
  end

  it("says that it is well, by three names", function()
    for _, path in ipairs { "/_dxconnect/health", "/_localstack/health" } do
      local status, answer = ask("GET", path)
      assert.equal(200, status)
      assert.equal("ok", answer.status)
      assert.equal("running", answer.services.directconnect)
    end
  end)

  it("is seeded, shows its state, takes it up again, and is emptied", function()
    assert.equal(200, (ask("POST", "/_dxconnect/seed", '"estate"')))
    local count = #assert(client():describe_connections()).connections
    assert.is_true(count > 0)
    local _, _, state = ask("GET", "/_dxconnect/state")
    assert.equal(200, (ask("GET", "/moto-api/data.json")))
    for _, path in ipairs { "/_dxconnect/reset", "/moto-api/reset", "/_localstack/state/reset" } do
      assert.equal(200, (ask("POST", "/_dxconnect/seed", '"estate"')))
      assert.equal(200, (ask("POST", path)))
      assert.equal(0, #assert(client():describe_connections()).connections)
    end
    assert.equal(200, (ask("POST", "/_dxconnect/state", state)))
    assert.equal(count, #assert(client():describe_connections()).connections)
    assert.equal(200, (ask("POST", "/_dxconnect/seed", '{"connection":[{"connectionId":"dxcon-mine",'
      .. '"connectionState":"down"}]}')))
    assert.equal("down", assert(client():describe_connections { connectionId = "dxcon-mine" }).connections[1]
      .connectionState)
  end)

  it("moves its clock ahead, never back", function()
    local _, before = ask("GET", "/_dxconnect/health")
    local status, answer = ask("POST", "/_dxconnect/clock", '{"advance": 3600}')
    assert.equal(200, status)
    assert.is_true(answer.time >= before.time + 3600)
    assert.equal(200, (ask("POST", "/_dxconnect/clock", ('{"set": %.0f}'):format(before.time + 7200))))
    for _, body in ipairs {
      '{"advance": -1}', ('{"set": %.0f}'):format(before.time), "{}", '{"advance": "x"}', "nonsense", "[]",
      '{"advance": 1, "set": 1}',
    } do
      assert.equal(400, (ask("POST", "/_dxconnect/clock", body)), body)
    end
    assert.is_table(client():describe_lags()) -- whose own date is not refused for it
  end)

  it("takes faults, lists them, and calls them off", function()
    assert.equal(200, (ask("POST", "/_dxconnect/faults",
      '{"operation": "describe_lags", "match": {"lagId": "dxlag-1"}, "code": "Odd", "status": 418, "times": 5}')))
    local _, listed = ask("GET", "/_dxconnect/faults")
    assert.equal("DescribeLags", listed.faults[1].operation)
    assert.is_table(client():describe_lags())
    local _, err = client():describe_lags { lagId = "dxlag-1" }
    assert.same({ "Odd", 418 }, { err.code, err.status })
    assert.equal(200, (ask("DELETE", "/_dxconnect/faults")))
    _, err = client():describe_lags { lagId = "dxlag-1" }
    assert.equal("DirectConnectClientException", err.code)
    local status, refused = ask("POST", "/_dxconnect/faults", '{"operatoin": "x"}')
    assert.equal(400, status)
    assert.matches("did you mean operation", refused.error.message)
  end)

  it("lists the last requests, secrets hidden", function()
    client():associate_mac_sec_key { connectionId = "dxcon-x", ckn = ("ab"):rep(32), cak = ("cd"):rep(32) }
    local _, answer, text = ask("GET", "/_dxconnect/requests")
    local last = answer.requests[#answer.requests]
    assert.equal("AssociateMacSecKey", last.operation)
    assert.equal("<hidden>", last.params.cak)
    assert.is_nil(text:find(("cd"):rep(32), 1, true))
  end)

  it("shows and changes a resource", function()
    ask("POST", "/_dxconnect/seed", '"estate"')
    local id = assert(client():describe_connections()).connections[1].connectionId
    local status, answer = ask("PATCH", "/_dxconnect/resources/" .. id, '{"connectionState": "down"}')
    assert.equal(200, status)
    assert.equal("down", answer.connectionState)
    assert.equal("down", select(2, ask("GET", "/_dxconnect/resources/" .. id)).connectionState)
    assert.equal(400, (ask("PATCH", "/_dxconnect/resources/" .. id, '{"connectionState": "sideways"}')))
    assert.equal(400, (ask("PATCH", "/_dxconnect/resources/" .. id, "[")))
    assert.equal(404, (ask("PATCH", "/_dxconnect/resources/dxcon-none", '{"connectionState": "down"}')))
    assert.equal(404, (ask("GET", "/_dxconnect/resources/dxcon-none")))
  end)

  it("shows each resource as it is now, whatever is special in its id", function()
    ask("POST", "/_dxconnect/seed", '"estate"')
    local arn
    for _, connection in ipairs(assert(client():describe_connections()).connections) do
      local status, shown = ask("GET", "/_dxconnect/resources/" .. connection.connectionId)
      assert.equal(200, status)
      assert.equal(connection.connectionName, shown.connectionName)
      assert.equal(connection.connectionState, shown.connectionState)
      arn = arn or connection.macSecKeys and connection.macSecKeys[1] and connection.macSecKeys[1].secretARN
    end
    local _, key, text = ask("GET", "/_dxconnect/resources/" .. arn:gsub("%W", function(byte)
      return ("%%%02X"):format(byte:byte())
    end))
    assert.equal(arn, key.secretARN)
    assert.is_nil(key.cak, text)
  end)

  it("refuses paths that aren't there, and wrong methods, as JSON", function()
    local status, answer = ask("GET", "/nowhere")
    assert.equal(404, status)
    assert.is_string(answer.error.message)
    status, answer = ask("GET", "/_dxconnect/reset")
    assert.equal(405, status)
    assert.matches("POST", answer.error.message)
    for _, body in ipairs { "", "5", "{", '"no such estate"', '{"connection": 5}' } do
      assert.equal(400, (ask("POST", "/_dxconnect/seed", body)), body)
      assert.equal(400, (ask("POST", "/_dxconnect/state", body)), body)
    end
  end)

  it("refuses a state or a time that it could not live with, and lives on", function()
    assert.equal(200, (ask("POST", "/_dxconnect/seed", '"estate"')))
    local _, _, state = ask("GET", "/_dxconnect/state")
    for name, entry in pairs {
      agreements = "1", client_tokens = "true", devices = "{}", partners = "5", secrets = '"x"', sessions = "7",
      virtual_gateways = "1",
    } do
      local bad, count = state:gsub(('"%s":[{%%[]'):format(name), ('"%s":{"a":%s}, "was":{'):format(name, entry), 1)
      assert.equal(1, count, name)
      assert.equal(400, (ask("POST", "/_dxconnect/state", bad)), name)
    end
    local bad, count = state:gsub('"time":[%d.e+]+', '"time":1e300')
    assert.equal(1, count)
    assert.equal(400, (ask("POST", "/_dxconnect/state", bad)))
    for _, body in ipairs { '{"set":1e308}', '{"advance":1e18}', '{"set":253402300801}' } do
      assert.equal(400, (ask("POST", "/_dxconnect/clock", body)), body)
    end
    assert.equal(200, (ask("GET", "/_dxconnect/state")))
    assert.is_table(client():describe_connections())
  end)
end)
