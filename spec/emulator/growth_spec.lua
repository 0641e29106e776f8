--- The emulator's cost as it fills: a create and a page cost the same, however much there is.

local dxconnect = require "dxconnect"
local growth = require "spec.support.growth"
local world = require "spec.support.world"

local function new_client()
  local emulator = dxconnect.emulator { quotas = false }
  local client = assert(dxconnect.client {
    region = "us-east-1", credentials = world.KEYS, transport = emulator.transport,
    system = {
      getenv = function() end,
      read_file = function()
        return nil, "no files here"
      end,
    },
  })
  return client, emulator
end

local function new_port(client, emulator)
  local id = assert(client:create_connection {
    location = "EqDC2", bandwidth = "10Gbps", connectionName = "c",
  }).connectionId
  assert.is_true(emulator:advance(3600))
  return id
end

local function fill(client, port, n)
  for vlan = 1, n do
    assert(client:create_private_virtual_interface {
      connectionId = port,
      newPrivateVirtualInterface = { virtualInterfaceName = "v", vlan = vlan, asn = 65001, virtualGatewayId = "vgw-1" },
    })
  end
end

describe("the emulator", function()
  it("makes interfaces on one port in time that grows with their number", function()
    local ratio = growth.ratio(function(n)
      local client, emulator = new_client()
      fill(client, new_port(client, emulator), n)
    end, function(n)
      return n
    end, 25)
    assert.is_true(ratio < growth.LINEAR, ratio)
  end)

  it("gives a page of one in time that doesn't grow with what there is", function()
    local ratio = growth.ratio(function(filled)
      for _ = 1, 20 do
        assert(filled.client:describe_virtual_interfaces { maxResults = 1, nextToken = filled.token })
        assert(filled.client:describe_virtual_interfaces { maxResults = 1, connectionId = filled.port })
      end
    end, function(n)
      local client, emulator = new_client()
      local port = new_port(client, emulator)
      fill(client, port, n)
      local token
      for _ = 1, 3 do
        token = assert(client:describe_virtual_interfaces { maxResults = 10, nextToken = token }).nextToken
      end
      return { client = client, port = port, token = token }
    end, 40)
    assert.is_true(ratio < 4, ratio)
  end)

  it("holds ten thousand interfaces in a hundred megabytes, of which the collector takes half", function()
    local client, emulator = new_client()
    local port = new_port(client, emulator)
    local function used()
      collectgarbage()
      collectgarbage()
      return collectgarbage("count")
    end
    fill(client, port, 100)
    local before = used()
    for vlan = 101, 1100 do
      assert(client:create_private_virtual_interface {
        connectionId = port,
        newPrivateVirtualInterface = {
          virtualInterfaceName = "v", vlan = vlan, asn = 65001, virtualGatewayId = "vgw-1",
        },
      })
    end
    local each = (used() - before) / 1000 -- KiB
    assert.is_true(each < (_VERSION == "Lua 5.1" and 5.2 or 4.8), each)
    assert.is_table(emulator:get(port))
  end)

  it("deletes connections in time that grows with their number", function()
    local ratio = growth.ratio(function(n)
      local client, ids = new_client(), {}
      for i = 1, n do
        ids[i] = assert(client:create_connection {
          location = "EqDC2", bandwidth = "10Gbps", connectionName = "c",
        }).connectionId
      end
      for _, id in ipairs(ids) do
        assert(client:delete_connection { connectionId = id })
      end
    end, function(n)
      return n
    end, 25)
    assert.is_true(ratio < growth.LINEAR, ratio)
  end)
end)
