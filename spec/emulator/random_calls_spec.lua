--- The emulator under calls of every kind, valid by the model and otherwise random, on what earlier ones made: each is
-- answered by a result of its shape, or in the service's words.

local dxconnect = require "dxconnect"
local emulated = require "spec.support.emulated"
local samples = require "spec.support.samples"

local CALLS = 1500

-- Values that lead further than random texts do.
local sensible = {
  location = { "EqDC2", "CSVA1" },
  bandwidth = { "1Gbps", "10Gbps", "500Mbps", "100Gbps" },
  connectionsBandwidth = { "10Gbps", "100Gbps" },
  numberOfConnections = { 1, 2 },
  encryptionMode = { "no_encrypt", "should_encrypt", "must_encrypt" },
  ownerAccount = { "123456789012" },
  maxResults = { 1, 2, 50 },
  vlan = { 1, 2, 3, 4, 5, 6, 7, 8 },
  nextToken = { "" },
  cidr = { "10.0.0.0/8", "2001:db8::/32" },
}

-- Members whose ids may stand in others.
local sources = {
  connectionId = { "connectionId", "lagId", "interconnectId" },
  parentConnectionId = { "interconnectId", "lagId" },
  connectionIds = { "connectionId" },
  connectionIdentifiers = { "connectionId" },
  gatewayId = { "virtualGatewayId" },
}

local makers = {
  "CreateConnection", "CreateLag", "CreateInterconnect", "CreatePrivateVirtualInterface", "CreateDirectConnectGateway",
  "CreateTransitVirtualInterface", "AssociateMacSecKey", "CreateResiliencyGroup",
}

-- Names of a table in the same order on every run.
local function names_of(value)
  local names = {}
  for name in pairs(value) do
    names[#names + 1] = name
  end
  table.sort(names)
  return names
end

describe("the emulator", function()
  it("has an answer to everything", function()
    local random = samples.random(20261124)
    local client, _, record = emulated.world({}, { max_attempts = 1 })
    local names, ids = names_of(dxconnect.model.operations), {}

    local function collect(value, member)
      if type(value) == "table" then
        for _, name in ipairs(names_of(value)) do
          collect(value[name], name)
        end
      elseif type(value) == "string" and type(member) == "string" and (member:find("Id$") or member == "secretARN") then
        ids[member] = ids[member] or {}
        table.insert(ids[member], value)
      end
    end

    local function improve(value, member)
      if type(value) == "table" then
        for _, name in ipairs(names_of(value)) do
          value[name] = improve(value[name], type(name) == "number" and member or name)
        end
        return value
      elseif sensible[member] and random(10) > 1 then
        return sensible[member][random(#sensible[member])]
      end
      local from = sources[member] or { member }
      local list = ids[from[random(#from)]]
      if list and random(8) > 1 then
        return list[random(math.max(1, #list - 40), #list)]
      end
      return value
    end

    local answered, succeeded = {}, 0
    for _ = 1, CALLS do
      local name = random(3) == 1 and makers[random(#makers)] or names[random(#names)]
      local params = improve(samples.params(random, dxconnect.model, dxconnect.model.operations[name]))
      record.now = record.now + random(90)
      local result, err = client:call(name, params)
      if result then
        collect(result)
        succeeded = succeeded + 1
      else
        assert.is_true(err.kind == "params" or err.kind == "service" and err.status == 400, tostring(err))
      end
      answered[name] = true
    end
    for _, name in ipairs(names) do
      assert.is_true(answered[name], name)
    end
    assert.is_true(succeeded > CALLS / 5)
  end)
end)
