--- What create_once takes for the thing that was asked for, and what not.

local creates = require "spec.support.creates"
local ledger = require "spec.support.ledger"
local world = require "spec.support.world"

local count, id_of, new_service, with = creates.count, creates.id_of, creates.new_service, creates.with

describe("what is made once", function()
  for _, case in ipairs(creates.all) do
    local name, list, params, change = case[1], case[2], case[3], case[4]
    local is_token = name == "CreateResiliencyGroup"

    describe("by " .. name, function()
      if not is_token then
        it("does not count what is deleted or on its way out", function()
          local states = { "deleting", "deleted", "rejected", "Deleted" }
          if list:find("Association") then
            states = { "disassociating", "disassociated", "deleted" }
          end
          for _, state in ipairs(states) do
            local service, client = new_service()
            assert(client:create_once(name, params, { token = "t" }))
            service:set_state(list, state)
            local _, err, meta = client:create_once(name, params, { token = "t" })
            assert.is_nil(err)
            assert.is_nil(meta.found)
            assert.equal(2, count(service, list))
          end
        end)
      end

      if change then
        it("refuses to take something else with the same natural key for it", function()
          local service, client = new_service()
          assert(client:call(name, params))
          for _, token in ipairs { "t", false } do
            if not token then -- only after a failure does it look
              service:order { on = "^" .. name .. "$", when = "before" }
            end
            local result, err = client:create_once(name, with(params, change), { token = token or nil })
            assert.is_nil(result)
            assert.equal("conflict", err.reason)
            assert.equal("params", err.kind)
            assert.equal(1, #err.problems)
            assert.matches(next(change):match("^asn") or next(change), err.problems[1].path)
            assert.is_nil(tostring(err):find("key%-?%w*%-key"))
            assert.is_nil(tostring(err):find("a-secret-key", 1, true))
            assert.is_nil(tostring(err):find("not-that-key", 1, true))
          end
          assert.equal(1, count(service, list))
        end)
      elseif not is_token then
        it("tells two tokens apart", function()
          local service, client = new_service()
          local first = assert(client:create_once(name, params, { token = "t" }))
          local second, _, meta = client:create_once(name, params, { token = "u" })
          assert.is_nil(meta.found)
          assert.is_not.equal(id_of(first, list), id_of(second, list))
          assert.equal(2, count(service, list))
        end)
      end
    end)
  end

  local connection, private = creates.params.CreateConnection, creates.params.CreatePrivateVirtualInterface

  describe("its tags", function()
    it("are the caller's and one of its own, which tells nothing of the token", function()
      local service, client = new_service()
      assert(client:create_once("create_connection", connection, { token = "my words" }))
      local tags = service.connections[1].tags
      assert.equal(2, #tags)
      assert.same({ key = "team", value = "net" }, tags[1])
      assert.equal("dxconnect:create-once", tags[2].key)
      assert.is_nil(tags[2].value:find("words"))
      assert.is_true(#tags[2].value <= 256)
    end)

    it("are 50 at most", function()
      local service, client = new_service()
      local function tagged(n)
        local tags = {}
        for i = 1, n do
          tags[i] = { key = "k" .. i, value = "" }
        end
        return with(connection, { tags = tags })
      end
      local _, err = client:create_once("create_connection", tagged(50), { token = "t" })
      assert.equal("ParamValidationError", err.code)
      assert.equal("tags", err.problems[1].path)
      assert.matches("49", err.message)
      assert.equal(0, #service.requests)
      assert(client:create_once("create_connection", tagged(49), { token = "t" }))
      assert.equal(50, #service.connections[1].tags)
    end)

    it("may be those of what was made before, unless they mark something else", function()
      local service, client = new_service()
      local made = assert(client:create_once("create_connection", connection, { token = "t" }))
      local again = with(connection, { tags = made.tags })
      local _, _, meta = client:create_once("create_connection", again, { token = "t" })
      assert.is_true(meta.found)
      local _, err = client:create_once("create_connection", again, { token = "u" })
      assert.equal("tags[2].key", err.problems[1].path)
      assert.equal(1, #service.connections)
    end)
  end)

  it("derives a client token from the token, and leaves one that is given", function()
    local service, client = new_service()
    local params = creates.params.CreateResiliencyGroup
    assert(client:create_once("create_resiliency_group", params, { token = ("x"):rep(500) }))
    assert(client:create_once("create_resiliency_group", params, { token = ("x"):rep(500) }))
    assert(client:create_once("create_resiliency_group", params, { token = "other" }))
    assert(client:create_once("create_resiliency_group", with(params, { clientToken = "mine" }), { token = "t" }))
    local tokens = {}
    for i, group in ipairs(service.resiliencyGroups) do
      tokens[i] = group.clientToken
      assert.is_true(#group.clientToken <= 128)
    end
    assert.equal(3, #tokens)
    assert.equal("mine", tokens[3])
  end)

  describe("among proposals", function()
    local name = "CreateDirectConnectGatewayAssociationProposal"
    local params = creates.params[name]
    local other = { addAllowedPrefixesToDirectConnectGateway = { { cidr = "10.0.0.0/16" } } }

    it("takes an accepted one for its own in a rerun only, and only where it asks for the same", function()
      local service, client = new_service()
      assert(client:create_once(name, params, { token = "t" }))
      service:set_state("directConnectGatewayAssociationProposals", "accepted")
      local _, _, meta = client:create_once(name, params, { token = "t" })
      assert.is_true(meta.found)
      assert(client:create_once(name, with(params, other), { token = "u" }))
      assert.equal(2, #service.directConnectGatewayAssociationProposals)
      service:set_state("directConnectGatewayAssociationProposals", "accepted")
      service:order { on = "^CreateDirect", when = "before" }
      assert(client:create_once(name, params))
      assert.equal(3, #service.directConnectGatewayAssociationProposals)
    end)
  end)

  describe("among BGP peers", function()
    it("goes by the address family, of which there may be several", function()
      local service, client = new_service()
      local function peer(asn, family)
        return { virtualInterfaceId = "dxvif-1", newBGPPeer = { asn = asn, addressFamily = family } }
      end
      assert(client:create_bgp_peer(peer(65001)))
      assert(client:create_bgp_peer(peer(65002, "ipv4")))
      local _, _, meta = client:create_once("CreateBGPPeer", peer(65002), { token = "t" })
      assert.is_true(meta.found)
      _, _, meta = client:create_once("CreateBGPPeer", peer(65003, "ipv6"), { token = "t" })
      assert.is_nil(meta.found)
      assert.equal(3, #service.bgpPeers)
    end)

    it("needs to know the interface", function()
      local service, client = new_service()
      local _, err = client:create_once("CreateBGPPeer", { newBGPPeer = { asn = 65001 } }, { token = "t" })
      assert.equal("virtualInterfaceId", err.problems[1].path)
      assert.equal(0, #service.requests)
    end)
  end)

  it("compares a key that is a secret without showing it", function()
    local service, client = new_service()
    local secret = require("dxconnect").secret
    local function once(key)
      local params = ledger.copy(private)
      params.newPrivateVirtualInterface.authKey = secret(key)
      return client:create_once("create_private_virtual_interface", params, { token = "t" })
    end
    assert(client:create_private_virtual_interface(private))
    local _, _, meta = once("a-secret-key")
    assert.is_true(meta.found)
    local _, err = once("b-secret-key")
    assert.equal("newPrivateVirtualInterface.authKey", err.problems[1].path)
    assert.is_nil(tostring(err):find("-secret-key", 1, true))
    assert.equal(1, count(service, "virtualInterfaces"))
  end)

  it("does not take an interface of another connection or kind", function()
    local service, client = new_service()
    assert(client:create_private_virtual_interface(private))
    service.virtualInterfaces[2].virtualInterfaceType = "Transit"
    local _, err = client:create_once("create_private_virtual_interface", private, { token = "t" })
    assert.equal("conflict", err.reason)
    local _, _, meta = client:create_once("create_private_virtual_interface",
      with(private, { connectionId = "dxcon-2" }), { token = "t" })
    assert.is_nil(meta.found)
  end)

  it("goes by the connection also where the service shows interfaces of others", function()
    local others = '{"virtualInterfaces":[{"connectionId":"dxcon-8","vlan":101,"virtualInterfaceState":"available"}]}'
    local client, record = world.client { world.ok(others), world.ok('{"virtualInterfaceId":"dxvif-1"}') }
    local result, _, meta = client:create_once("create_private_virtual_interface", private, { token = "t" })
    assert.equal("dxvif-1", result.virtualInterfaceId)
    assert.is_nil(meta.found)
    assert.equal(2, #record.requests)
  end)
end)
