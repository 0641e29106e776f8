local ledger = require "spec.support.ledger"
local names = require "dxconnect.names"
local world = require "spec.support.world"

local private = {
  virtualInterfaceName = "v", vlan = 101, asn = 65000, virtualGatewayId = "vgw-1", addressFamily = "ipv4",
  customerAddress = "10.0.0.1/30", amazonAddress = "10.0.0.2/30", authKey = "a-secret-key",
  tags = { { key = "team", value = "net" } },
}
local public = {
  virtualInterfaceName = "p", vlan = 102, asn = 65000, addressFamily = "ipv4", customerAddress = "198.51.100.1/30",
  amazonAddress = "198.51.100.2/30", routeFilterPrefixes = { { cidr = "198.51.100.0/24" } },
}
local transit = { virtualInterfaceName = "t", vlan = 103, asnLong = 4200000001, directConnectGatewayId = "gw-1" }

-- Every create of the model: parameters, the list where it is kept, another value that contradicts a natural key.
local creates = {
  { "AllocateConnectionOnInterconnect", "connections", {
    bandwidth = "50Mbps", connectionName = "c", ownerAccount = "111122223333", interconnectId = "dxcon-9", vlan = 7,
  }, { ownerAccount = "999999999999" } },
  { "AllocateHostedConnection", "connections", {
    connectionId = "dxcon-9", ownerAccount = "111122223333", bandwidth = "50Mbps", connectionName = "c", vlan = 7,
  } },
  { "AllocatePrivateVirtualInterface", "virtualInterfaces", {
    connectionId = "dxcon-1", ownerAccount = "111122223333",
    newPrivateVirtualInterfaceAllocation = { virtualInterfaceName = "v", vlan = 101, asn = 65000, mtu = 8500 },
  }, { mtu = 1500 } },
  { "AllocatePublicVirtualInterface", "virtualInterfaces", {
    connectionId = "dxcon-1", ownerAccount = "111122223333", newPublicVirtualInterfaceAllocation = public,
  }, { routeFilterPrefixes = { { cidr = "203.0.113.0/24" } } } },
  { "AllocateTransitVirtualInterface", "virtualInterfaces", {
    connectionId = "dxcon-1", ownerAccount = "111122223333",
    newTransitVirtualInterfaceAllocation = { virtualInterfaceName = "t", vlan = 103, asnLong = 4200000001 },
  }, { asnLong = 4200000002 } },
  { "CreateBGPPeer", "bgpPeers", {
    virtualInterfaceId = "dxvif-1", newBGPPeer = { addressFamily = "ipv6", asn = 65001, authKey = "another-key" },
  }, { asn = 65002 } },
  { "CreateConnection", "connections", {
    location = "EqDC2", bandwidth = "10Gbps", connectionName = "one", tags = { { key = "team", value = "net" } },
  } },
  { "CreateDirectConnectGateway", "directConnectGateways", { directConnectGatewayName = "gw" } },
  { "CreateDirectConnectGatewayAssociation", "directConnectGatewayAssociations", {
    directConnectGatewayId = "gw-1", gatewayId = "tgw-1",
    addAllowedPrefixesToDirectConnectGateway = { { cidr = "10.0.0.0/8" } },
  }, { addAllowedPrefixesToDirectConnectGateway = { { cidr = "10.0.0.0/16" } } } },
  { "CreateDirectConnectGatewayAssociationProposal", "directConnectGatewayAssociationProposals", {
    directConnectGatewayId = "gw-1", gatewayId = "vgw-1", directConnectGatewayOwnerAccount = "111122223333",
    addAllowedPrefixesToDirectConnectGateway = { { cidr = "10.0.0.0/8" }, { cidr = "172.16.0.0/12" } },
  }, { addAllowedPrefixesToDirectConnectGateway = { { cidr = "10.0.0.0/16" } } } },
  { "CreateInterconnect", "interconnects", { interconnectName = "i", bandwidth = "10Gbps", location = "EqDC2" } },
  { "CreateLag", "lags", {
    numberOfConnections = 2, location = "EqDC2", connectionsBandwidth = "10Gbps", lagName = "l",
  } },
  { "CreatePrivateVirtualInterface", "virtualInterfaces", {
    connectionId = "dxcon-1", newPrivateVirtualInterface = private,
  }, { authKey = "not-that-key" } },
  { "CreatePublicVirtualInterface", "virtualInterfaces", {
    connectionId = "dxcon-1", newPublicVirtualInterface = public,
  }, { customerAddress = "198.51.100.9/30" } },
  { "CreateResiliencyGroup", "resiliencyGroups", {
    resiliencyGroupName = "g", intendedResiliencyModel = "high-resiliency",
  } },
  { "CreateTransitVirtualInterface", "virtualInterfaces", {
    connectionId = "dxcon-1", newTransitVirtualInterface = transit,
  }, { virtualInterfaceName = "another" } },
}

local function deep_copy(value)
  if type(value) ~= "table" then
    return value
  end
  local made = {}
  for k, v in pairs(value) do
    made[k] = deep_copy(v)
  end
  return made
end

local function with(params, changes)
  local made = deep_copy(params)
  for name, value in pairs(changes) do
    local at = made
    for member, inner in pairs(made) do
      if member:find("^new") and type(inner) == "table" then
        at = inner
      end
    end
    if made[name] ~= nil then
      at = made
    end
    at[name] = value
  end
  return made
end

-- A service with one interface to add peers to, and a client of it.
local function new_service(options)
  local service = ledger.new()
  service:keep("virtualInterfaces", { connectionId = "dxcon-0", vlan = 1, virtualInterfaceType = "private" })
  options = options or {}
  options.transport = service.transport
  local client, record = world.client({}, options)
  return service, client, record
end

-- How many of a kind there are, the interface of new_service not counted.
local function count(service, list)
  return #service[list] - (list == "virtualInterfaces" and 1 or 0)
end

-- The identifier of a result, wherever it is nested.
local function id_of(result, list)
  local thing = result
  for _, member in ipairs { "virtualInterface", "directConnectGateway", "directConnectGatewayAssociation",
    "directConnectGatewayAssociationProposal", "resiliencyGroup" } do
    thing = result[member] or thing
  end
  if list == "bgpPeers" then
    thing = thing.bgpPeers[1]
  end
  for _, id in ipairs { "bgpPeerId", "virtualInterfaceId", "proposalId", "associationId", "resiliencyGroupId", "lagId",
    "interconnectId", "connectionId", "directConnectGatewayId" } do
    if thing[id] then
      return thing[id]
    end
  end
end

describe("create_once", function()
  it("is tried below with every create of the model", function()
    local tried = {}
    for _, case in ipairs(creates) do
      tried[case[1]] = true
    end
    for _, op in ipairs(names.operations) do
      assert.equal(op.name:find("^Create") ~= nil or op.name:find("^Allocate") ~= nil, tried[op.name] or false, op.name)
    end
  end)

  for _, case in ipairs(creates) do
    local name, list, params, change = case[1], case[2], case[3], case[4]
    local is_token = name == "CreateResiliencyGroup"

    describe("with " .. name, function()
      it("answers as the operation does, and finds it again by the token", function()
        local service, client = new_service()
        local plain_service, plain = new_service()
        local expected = assert(plain:call(name, params))
        local result, err, meta = client:create_once(name, params, { token = "t" })
        assert.is_nil(err)
        assert.is_nil(meta.found)
        local found
        found, err, meta = client:create_once(names.find(name).method, params, { token = "t" })
        assert.is_nil(err)
        if not is_token then
          assert.is_true(meta.found)
        end
        assert.equal(id_of(expected, list), id_of(result, list))
        assert.equal(id_of(result, list), id_of(found, list))
        for member in pairs(expected) do
          assert.is_not_nil(found[member], member)
        end
        assert.matches("%w", tostring(found))
        assert.is_nil(tostring(found):find("^table"))
        assert.equal(1, count(service, list))
        assert.equal(1, count(plain_service, list))
      end)

      it("makes one where the answer is lost, with and without a token", function()
        for _, token in ipairs { "t", false } do
          local service, client = new_service()
          service:order { on = "^" .. name .. "$", when = "after" }
          local result = assert(client:create_once(name, params, { token = token or nil }))
          assert.is_string(id_of(result, list))
          assert.equal(1, count(service, list))
        end
      end)

      it("makes one where the request is lost", function()
        for _, token in ipairs { "t", false } do
          local service, client = new_service { max_attempts = 1 }
          service:order { on = "^" .. name .. "$", when = "before" }
          assert(client:create_once(name, params, { token = token or nil }))
          assert.equal(1, count(service, list))
        end
      end)

      it("makes one for every fault and request at which it strikes, with a rerun", function()
        local replies = {
          false, { status = 500 }, { status = 503 }, { status = 200, body = "<html>" },
          { status = 400, body = '{"__type":"DirectConnectServerException","message":"x"}' },
          { status = 429 },
        }
        for at = 0, 4 do
          for _, reply in ipairs(replies) do
            for _, when in ipairs { "before", "after" } do
              local service, client = new_service { max_attempts = 1 }
              local is_refused = reply and reply.status == 429
              service:order { skip = at, times = 2, when = is_refused and "before" or when, reply = reply or nil }
              local result, err = client:create_once(name, params, { token = "t" })
              service.faults = {}
              assert.is_true(count(service, list) <= 1)
              if not result then
                assert.is_string(err.code)
                result = assert(client:create_once(name, params, { token = "t" }))
              end
              assert.is_string(id_of(result, list))
              assert.equal(1, count(service, list))
            end
          end
        end
      end)

      if not is_token then
        it("says maybe_applied where looking fails too", function()
          local service, client = new_service()
          service:order { on = "^" .. name .. "$", when = "after" }
          service:order { on = "^Describe", times = 100, when = "before", reply = { status = 500 } }
          local result, err = client:create_once(name, params)
          assert.is_nil(result)
          assert.is_true(err.maybe_applied)
          assert.equal(name, err.operation)
          assert.equal("HTTP500", err.cause.code)
          assert.matches(names.find(name).look_with, err.hint)
          assert.equal(1, count(service, list))
        end)

        it("sends nothing where looking first fails", function()
          local service, client = new_service()
          service:order { on = "^Describe", times = 100, when = "before", reply = { status = 500 } }
          local result, err = client:create_once(name, params, { token = "t" })
          assert.is_nil(result)
          assert.equal("HTTP500", err.code)
          assert.is_nil(err.maybe_applied)
          assert.equal(0, service:count("^" .. name .. "$"))
        end)

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

      it("changes nothing that the caller gave", function()
        local _, client = new_service()
        local given, options = deep_copy(params), { token = "t", timeout = 9 }
        assert(client:create_once(name, given, options))
        assert.same(params, given)
        assert.same({ token = "t", timeout = 9 }, options)
      end)

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

  local connection = creates[7][3]

  it("looks over all pages before it sends", function()
    local service, client = new_service()
    for _ = 1, 7 do
      assert(client:create_connection(connection))
    end
    local made = assert(client:create_once("create_connection", connection, { token = "t" }))
    assert.equal("dxcon-9", made.connectionId)
    service.requests = {}
    local _, _, meta = client:create_once("create_connection", connection, { token = "t" })
    assert.is_true(meta.found)
    assert.equal(4, #service.requests)
  end)

  it("does not follow pages that repeat", function()
    local client, record = world.client { world.ok('{"connections":[],"nextToken":"again"}') }
    local _, err = client:create_once("create_connection", connection, { token = "t" })
    assert.equal("ResponseError", err.code)
    assert.equal(2, #record.requests)
  end)

  it("waits for what does not show at once, instead of sending again", function()
    local service, client, record = new_service()
    service:order { on = "^CreateConnection$", when = "after" }
    service:order { on = "^DescribeConnections$", times = 2, when = "before", reply = { status = 200, body = "{}" } }
    local result, _, meta = client:create_once("create_connection", connection)
    assert.equal("dxcon-2", result.connectionId)
    assert.is_true(meta.found)
    assert.equal(1, #service.connections)
    assert.same({ 1, 2 }, record.sleeps)
    local waits = 0
    for _, event in ipairs(record.events) do
      waits = waits + (event.type == "wait" and event.operation == "CreateConnection" and 1 or 0)
    end
    assert.equal(2, waits)
  end)

  it("finds the first where the second was refused because of it", function()
    local service, client = new_service()
    local interface = creates[13]
    service:order { on = "^CreatePrivate", when = "after" }
    service:order { on = "^DescribeVirtual", times = 4, when = "before", reply = { status = 200, body = "{}" } }
    service:order { on = "^CreatePrivate", when = "before",
      reply = { status = 400, body = '{"__type":"DirectConnectClientException","message":"VLAN already in use"}' } }
    local result, err, meta = client:create_once(interface[1], interface[3])
    assert.is_nil(err)
    assert.is_true(meta.found)
    assert.equal(101, result.vlan)
    assert.equal(1, count(service, "virtualInterfaces"))
  end)

  it("gives up after the second ambiguous failure, never sending a third", function()
    local service, client = new_service()
    service:order { on = "^CreateConnection$", times = 9, when = "before" }
    local result, err = client:create_once("create_connection", connection, { token = "t" })
    assert.is_nil(result)
    assert.is_true(err.maybe_applied)
    assert.is_false(err.retryable)
    assert.matches("same token", err.hint)
    local sent = 0
    for _, request in ipairs(service.requests) do
      sent = sent + (request.name == "CreateConnection" and 1 or 0)
    end
    assert.equal(2, sent)
  end)

  it("returns a refusal as it is", function()
    local service, client = new_service()
    service:order { on = "^CreateConnection$", when = "before",
      reply = { status = 400, body = '{"__type":"DirectConnectClientException","message":"no"}' } }
    local _, err = client:create_once("create_connection", connection, { token = "t" })
    assert.equal("DirectConnectClientException", err.code)
    assert.is_nil(err.maybe_applied)
    assert.equal(0, #service.connections)
  end)

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
    local params = creates[15][3]
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

  it("keeps the client token over a lost answer when there is but one attempt", function()
    local service, client = new_service { max_attempts = 1 }
    service:order { on = "^CreateResiliencyGroup$", when = "after" }
    assert(client:create_once("create_resiliency_group", creates[15][3]))
    assert.equal(1, #service.resiliencyGroups)
    assert.equal(2, #service.requests)
  end)

  describe("among proposals", function()
    local proposal = creates[10]

    it("takes an accepted one for its own in a rerun only, and only where it asks for the same", function()
      local service, client = new_service()
      assert(client:create_once(proposal[1], proposal[3], { token = "t" }))
      service:set_state("directConnectGatewayAssociationProposals", "accepted")
      local _, _, meta = client:create_once(proposal[1], proposal[3], { token = "t" })
      assert.is_true(meta.found)
      assert(client:create_once(proposal[1], with(proposal[3], proposal[4]), { token = "u" }))
      assert.equal(2, #service.directConnectGatewayAssociationProposals)
      service:set_state("directConnectGatewayAssociationProposals", "accepted")
      service:order { on = "^CreateDirect", when = "before" }
      assert(client:create_once(proposal[1], proposal[3]))
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
      local params = deep_copy(creates[13][3])
      params.newPrivateVirtualInterface.authKey = secret(key)
      return client:create_once("create_private_virtual_interface", params, { token = "t" })
    end
    assert(client:create_private_virtual_interface(creates[13][3]))
    local _, _, meta = once("a-secret-key")
    assert.is_true(meta.found)
    local _, err = once("b-secret-key")
    assert.equal("newPrivateVirtualInterface.authKey", err.problems[1].path)
    assert.is_nil(tostring(err):find("-secret-key", 1, true))
    assert.equal(1, count(service, "virtualInterfaces"))
  end)

  it("does not take an interface of another connection or kind", function()
    local service, client = new_service()
    assert(client:create_private_virtual_interface(creates[13][3]))
    service.virtualInterfaces[2].virtualInterfaceType = "Transit"
    local _, err = client:create_once("create_private_virtual_interface", creates[13][3], { token = "t" })
    assert.equal("conflict", err.reason)
    local _, _, meta = client:create_once("create_private_virtual_interface",
      with(creates[13][3], { connectionId = "dxcon-2" }), { token = "t" })
    assert.is_nil(meta.found)
  end)

  it("goes by the connection also where the service shows interfaces of others", function()
    local others = '{"virtualInterfaces":[{"connectionId":"dxcon-8","vlan":101,"virtualInterfaceState":"available"}]}'
    local client, record = world.client { world.ok(others), world.ok('{"virtualInterfaceId":"dxvif-1"}') }
    local result, _, meta = client:create_once("create_private_virtual_interface", creates[13][3], { token = "t" })
    assert.equal("dxvif-1", result.virtualInterfaceId)
    assert.is_nil(meta.found)
    assert.equal(2, #record.requests)
  end)

  describe("asks for confirmation", function()
    local asked, service, client
    local function asking(answer)
      asked = {}
      service, client = new_service {
        confirm = function(operation, label)
          asked[#asked + 1] = operation .. " " .. label
          return answer
        end,
      }
    end

    it("only right before it creates, and once", function()
      asking(true)
      service:order { on = "^CreateConnection$", when = "before" }
      assert(client:create_once("create_connection", connection, { token = "t" }))
      assert.equal(1, service:count "^CreateConnection$")
      assert.same({ "CreateConnection bills" }, asked)
      assert(client:create_once("create_connection", connection, { token = "t" }))
      assert.equal(1, #asked)
    end)

    it("and creates nothing without it", function()
      asking(false)
      local _, err = client:create_once("create_connection", connection, { token = "t" })
      assert.equal("NotConfirmedError", err.code)
      assert.equal(0, #service.connections)
    end)
  end)

  describe("refuses", function()
    it("what is no create, and unknown operations", function()
      local service, client = new_service()
      for _, name in ipairs { "describe_lags", "DeleteLag", "associate_mac_sec_key", "AssociateHostedConnection" } do
        local result, err = client:create_once(name, {}, { token = "t" })
        assert.is_nil(result)
        assert.equal("ParamValidationError", err.code)
        assert.equal(names.find(name).name, err.operation)
      end
      local _, err = client:create_once("create_conection", {})
      assert.equal("UnknownOperationError", err.code)
      assert.matches("create_connection", err.message)
      _, err = client:create_once(42)
      assert.equal("UnknownOperationError", err.code)
      assert.equal(0, #service.requests)
    end)

    it("bad parameters, tokens and options before anything is sent", function()
      local service, client = new_service()
      local _, err = client:create_once("create_connection", { location = 5 }, { token = "t" })
      assert.equal("ParamValidationError", err.code)
      assert.equal(3, #err.problems)
      for _, token in ipairs { "", 42, {}, true } do
        _, err = client:create_once("create_connection", connection, { token = token })
        assert.equal("ParamValidationError", err.code)
        assert.equal("options.token", err.problems[1].path)
      end
      _, err = client:create_once("create_connection", connection, { token = "t", time_out = 3 })
      assert.equal("ConfigError", err.code)
      assert.equal(0, #service.requests)
      for _, misuse in ipairs { { "x" }, { {}, "x" } } do
        local raised, message = pcall(function()
          client:create_once("create_connection", misuse[1], misuse[2])
        end)
        assert.is_false(raised)
        assert.matches("create_once_spec.lua:%d+:", message)
      end
    end)

    it("to work on a closed client", function()
      local _, client = new_service()
      client:close()
      local _, err = client:create_once("create_connection", connection, { token = "t" })
      assert.equal("config", err.kind)
    end)
  end)

  it("passes options of the call on, the region's included", function()
    local urls, transport = {}, ledger.new().transport
    local client = world.client({}, {
      transport = function(request)
        urls[request.url] = request.timeout
        return transport(request)
      end,
    })
    assert(client:create_once("create_connection", connection, { token = "t", region = "eu-west-1", timeout = 7 }))
    assert.same({ ["https://directconnect.eu-west-1.amazonaws.com/"] = 7 }, urls)
  end)

  it("works inside parallel", function()
    local service, client = new_service()
    service:order { on = "^CreateConnection$", when = "after", times = 3 }
    local tasks = {}
    for i = 1, 5 do
      tasks[i] = function()
        return client:create_once("create_connection", connection, { token = "t" .. i })
      end
    end
    for _, entry in ipairs(require("dxconnect").parallel(tasks)) do
      assert.is_string(entry.result.connectionId)
    end
    assert.equal(5, #service.connections)
  end)
end)
