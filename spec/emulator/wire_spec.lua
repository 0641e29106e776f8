local core = require "dxconnect.core"
local names = require "dxconnect.operations"
local service_error = require "dxconnect.emulator.service_error"
local wire = require "dxconnect.emulator.wire"

local function operation(name)
  local op = core.model().operations[name]
  op.id = names.find(name).id
  return op
end

describe("the emulator's wire", function()
  describe("writes answers, which", function()
    local function write(result)
      return wire.write(operation "DescribeConnections", { connections = { result } })
    end

    it("have the model's order and types", function()
      assert.equal('{"connections":[{"connectionName":"a\\"b","vlan":101,"loaIssueTime":1700000000,'
        .. '"jumboFrameCapable":false,"tags":[],"macSecKeys":[{"state":"x"}]}]}', write {
        macSecKeys = { { state = "x" } }, vlan = 101.0, tags = {}, connectionName = 'a"b', jumboFrameCapable = false,
        loaIssueTime = 1700000000.0, _private = print,
      })
      assert.equal('{"connections":[{"loaIssueTime":1700000000.250}]}', write { loaIssueTime = 1700000000.25 })
      assert.equal('{"loaContent":"AP8="}', wire.write(operation "DescribeLoa", { loaContent = "\0\255" }))
      assert.equal("{}", wire.write(operation "TagResource", {}))
      assert.equal('{"connections":[]}', wire.write(operation "DescribeConnections", { connections = {} }))
    end)

    it("have nothing that the model does not have", function()
      for text, record in pairs {
        ["Connections.connections%[%]: Connection has no member conectionId"] = { conectionId = "x" },
        ["connectionId: expected a string, got a number"] = { connectionId = 5 },
        ["vlan: expected an integer, got 1.5"] = { vlan = 1.5 },
        ["vlan: expected a number, got a string"] = { vlan = "1" },
        ["jumboFrameCapable: expected a boolean, got a string"] = { jumboFrameCapable = "no" },
        ["tags: expected a list"] = { tags = { key = "x" } },
        ["tags: expected a table, got a string"] = { tags = "x" },
        ["macSecKeys%[%]: MacSecKey has no member cak"] = { macSecKeys = { { cak = "x" } } },
        ["loaIssueTime: expected a number, got a string"] = { loaIssueTime = "now" },
      } do
        assert.error_matches(function()
          write(record)
        end, text)
      end
    end)
  end)

  describe("reads requests, which", function()
    local function read(name, body)
      local ok, value = pcall(wire.read, operation(name), body)
      assert.is_true(ok or service_error.is(value))
      return ok and value or value.code .. ": " .. value.message
    end

    it("have the types of the model", function()
      local params = read("CreatePrivateVirtualInterface", [[{"connectionId":"dxcon-x","unknown":1,
        "newPrivateVirtualInterface":{"virtualInterfaceName":"v","vlan":101,"asn":65000,"mtu":1500.0,
        "enableSiteLink":true,"directConnectGatewayId":"g","tags":[{"key":"a","value":null}]}}]])
      assert.same({
        connectionId = "dxcon-x",
        newPrivateVirtualInterface = {
          virtualInterfaceName = "v", vlan = 101, asn = 65000, mtu = 1500, enableSiteLink = true,
          directConnectGatewayId = "g", tags = { { key = "a" } },
        },
      }, params)
      if math.type then
        assert.equal("integer", math.type(params.newPrivateVirtualInterface.mtu))
      end
    end)

    it("may be empty where the operation takes nothing", function()
      assert.same({}, read("DescribeLocations", "{}"))
      assert.matches("^SerializationException", read("DescribeLocations", ""))
    end)
  end)
end)
