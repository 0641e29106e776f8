-- Tests of a program that uses Direct Connect, for busted: with a tape of real answers, and with hand-made ones.
--
--   busted examples/tape_spec.lua
--
-- Here the tape is recorded from an emulator. With `dxconnect.record(nil, path)` it is recorded from the service: once,
-- by hand; the file holds no secret and no account number, so that it can be committed beside the tests.

local dxconnect = require "dxconnect"

local keys = { access_key_id = "test", secret_access_key = "test" }

-- What is tested: the names of the ports that are not available.
local function unavailable_ports(client)
  local names = {}
  for connection in client:items("describe_connections") do
    if connection.connectionState ~= "available" then
      names[#names + 1] = connection.connectionName
    end
  end
  return names
end

local function client_over(transport)
  return assert(dxconnect.client{ region = "us-east-1", credentials = keys, transport = transport })
end

describe("unavailable_ports", function()
  local path = os.tmpname()

  setup(function()
    local record = assert(dxconnect.record(dxconnect.emulator().transport, path))
    local client = client_over(record)
    assert(client:create_connection{ location = "EqDC2", bandwidth = "10Gbps", connectionName = "ordered today" })
    unavailable_ports(client)
    assert(record:done())
  end)

  teardown(function()
    os.remove(path)
  end)

  it("names a port that was ordered, from a tape", function()
    local replay = assert(dxconnect.replay(path))
    local client = client_over(replay)
    assert(client:create_connection{ location = "EqDC2", bandwidth = "10Gbps", connectionName = "ordered today" })
    assert.same({ "ordered today" }, unavailable_ports(client))
    assert(replay:done())
  end)

  it("names a port that is down, from a hand-made answer", function()
    local stub = dxconnect.stub()
    stub:add("describe_connections", nil, {
      connections = {
        { connectionName = "london", connectionState = "available" },
        { connectionName = "paris", connectionState = "down" },
      },
    })
    assert.same({ "paris" }, unavailable_ports(client_over(stub)))
    assert(stub:done())
  end)

  it("raises what the service answers", function()
    local stub = dxconnect.stub()
    stub:add_error("describe_connections", "DirectConnectClientException", "not today")
    local ok, err = pcall(unavailable_ports, client_over(stub))
    assert.is_false(ok)
    assert.equal("not today", err.message)
  end)
end)
