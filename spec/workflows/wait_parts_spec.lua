--- Waits for what is part of a resource: BGP peers and sessions of an interface, MACsec keys and encryption of a port.

local world = require "spec.support.world"

local ok, fault = world.ok, world.fault

describe("client:wait_until", function()
  describe("of BGP", function()
    local function interface(peers, state)
      return ok(('{"virtualInterfaces":[{"virtualInterfaceId":"v-1","virtualInterfaceState":"%s","bgpPeers":[%s]}]}')
        :format(state or "available", peers))
    end
    local function peer(id, state, status)
      return ('{"bgpPeerId":"%s","bgpPeerState":"%s","bgpStatus":"%s"}'):format(id, state, status or "down")
    end

    it("waits for one peer, or for every peer", function()
      local script = {
        interface(peer("p-1", "pending") .. "," .. peer("p-2", "pending")),
        interface(peer("p-1", "available") .. "," .. peer("p-2", "pending")),
        interface(peer("p-1", "available") .. "," .. peer("p-2", "available")),
      }
      local client, record = world.client(script)
      local one = assert(client:wait_until("bgp_peer_available", { virtualInterfaceId = "v-1", bgpPeerId = "p-1" }))
      assert.equal("p-1", one.bgpPeerId)
      assert.equal(2, #record.requests)
      assert.equal('{"virtualInterfaceId":"v-1"}', record.requests[1].body)
      client, record = world.client(script)
      local all = assert(client:wait_until("bgp_peer_available", { virtualInterfaceId = "v-1" }))
      assert.same({ "p-1", "p-2" }, { all[1].bgpPeerId, all[2].bgpPeerId })
      assert.equal(3, #record.requests)
    end)

    it("takes a peer that left the interface, or left with it, as deleted", function()
      local client = world.client {
        interface(peer("p-1", "deleting") .. "," .. peer("p-2", "available")), interface(peer("p-2", "available")),
      }
      local params = { virtualInterfaceId = "v-1", bgpPeerId = "p-1" }
      assert.equal("p-1", assert(client:wait_until("bgp_peer_deleted", params)).bgpPeerId)
      client = world.client { interface(peer("p-2", "available")) }
      local _, err = client:wait_until("bgp_peer_available", params)
      assert.equal("not_found", err.reason)
      client = world.client { fault(400, "DirectConnectClientException", "v-1 does not exist") }
      assert.same({}, client:wait_until("bgp_peer_deleted", params))
    end)

    it("waits for sessions to come up, through down and unknown, on an interface that is down", function()
      local client, record = world.client {
        interface(peer("p-1", "available", "down"), "down"), interface(peer("p-1", "available", "unknown"), "down"),
        interface(peer("p-1", "available", "UP")),
      }
      assert.equal("p-1", assert(client:wait_until("bgp_status_up", { virtualInterfaceId = "v-1" })).bgpPeerId)
      assert.equal(3, #record.requests)
    end)

    it("gives a session up whose peer or interface leaves", function()
      for _, answer in ipairs {
        interface(peer("p-1", "deleting")), interface(peer("p-1", "available"), "deleting"),
        interface(peer("p-1", "available"), "rejected"),
      } do
        local client = world.client { answer }
        local _, err = client:wait_until("bgp_status_up", { virtualInterfaceId = "v-1" })
        assert.equal("WaiterFailedError", err.code)
        assert.matches("p%-1", err.message)
      end
      local client = world.client { interface "" }
      local _, err = client:wait_until("bgp_status_up", { virtualInterfaceId = "v-1" })
      assert.equal("not_found", err.reason)
    end)
  end)

  describe("of MACsec", function()
    local ckn = ("ab"):rep(32)

    local function key(state, name, arn)
      return ('{"ckn":"%s","secretARN":"%s","state":"%s"}'):format(name or ckn, arn or "arn:1", state)
    end
    local function port(kind, keys, more)
      local list, id = "connections", "connectionId"
      if kind == "lag" then
        list, id = "lags", "lagId"
      elseif kind == "interconnect" then
        list, id = "interconnects", "interconnectId"
      end
      return ok(('{"%s":[{"%s":"x-1","%sState":"available","macSecKeys":[%s]%s}]}'):format(list, id, kind, keys or "",
        more and "," .. more or ""))
    end

    -- A service on which x-1 is one kind of port; the script is of answers about it.
    local function service(kind, script)
      local n = 0
      return world.client { function(request)
        local target = request.headers["x-amz-target"]
        if target:lower():find("describe" .. kind) then
          n = math.min(n + 1, #script)
          return script[n]
        elseif target:find("Lags") then
          return ok '{"lags":[]}'
        end
        return fault(400, "DirectConnectClientException", "Could not find it")
      end }
    end

    for _, kind in ipairs { "connection", "lag", "interconnect" } do
      it("finds the port, be it a connection, LAG or interconnect: a " .. kind, function()
        local client = service(kind, { port(kind, key "associating"), port(kind, key "associated") })
        local found = assert(client:wait_until("mac_sec_key_associated", { connectionId = "x-1", ckn = ckn:upper() }))
        assert.equal(ckn, found.ckn)
        client = service(kind, { port(kind, "", '"portEncryptionStatus":"Encryption Down"'),
          port(kind, "", '"portEncryptionStatus":"Encryption Up"') })
        local up = assert(client:wait_until("port_encryption_up", { connectionId = "x-1" }))
        assert.equal("x-1", up.connectionId or up.lagId or up.interconnectId)
      end)
    end

    it("fails where no port has the id", function()
      for _, state in ipairs { "mac_sec_key_associated", "port_encryption_up" } do
        local client, record = service("none", {})
        local _, err = client:wait_until(state, { connectionId = "x-1" })
        assert.equal("not_found", err.reason)
        assert.equal(3, #record.requests)
      end
      local client = service("none", {})
      assert.same({}, client:wait_until("mac_sec_key_disassociated", { connectionId = "x-1" }))
    end)

    it("names a key by CKN or ARN, and without one means every key", function()
      local other = ("cd"):rep(32)
      local script = {
        port("connection", key "associating" .. "," .. key("associating", other, "arn:2")),
        port("connection", key "associated" .. "," .. key("associating", other, "arn:2")),
        port("connection", key "associated" .. "," .. key("associated", other, "arn:2")),
      }
      for params, expected in pairs { [{ ckn = ckn }] = 2, [{ secretARN = "arn:2" }] = 3, [{}] = 3 } do
        params.connectionId = "x-1"
        local client, record = service("connection", script)
        assert(client:wait_until("mac_sec_key_associated", params))
        assert.equal(expected, #record.requests)
      end
    end)

    it("takes a key that is no longer listed as disassociated, and as nothing else", function()
      local script = { port("connection", key "disassociating"), port("connection", "") }
      local client = service("connection", script)
      assert.equal(ckn, assert(client:wait_until("mac_sec_key_disassociated", { connectionId = "x-1" })).ckn)
      client = service("connection", { script[2] })
      local _, err = client:wait_until("mac_sec_key_associated", { connectionId = "x-1", ckn = ckn })
      assert.equal("not_found", err.reason)
    end)

    it("returns what is left of a key that is still listed", function()
      local client = service("connection", { port("connection", key "disassociated") })
      assert.equal("disassociated", assert(client:wait_until("mac_sec_key_disassociated", {
        connectionId = "x-1", ckn = ckn,
      })).state)
    end)

    it("sees a pair that is associated once more, not what is left of it from before", function()
      local client = service("connection", {
        port("connection", key "disassociated" .. "," .. key "associating"),
        port("connection", key "disassociated" .. "," .. key "associated"),
      })
      assert.equal("associated", assert(client:wait_until("mac_sec_key_associated", {
        connectionId = "x-1", ckn = ckn,
      })).state)
    end)

    it("fails for a key on its way out", function()
      local client = service("connection", { port("connection", key "disassociating") })
      local _, err = client:wait_until("mac_sec_key_associated", { connectionId = "x-1", ckn = ckn })
      assert.equal("WaiterFailedError", err.code)
      assert.equal("disassociating", err.state)
    end)

    it("waits for encryption through down, and gives up where it can't come", function()
      local down = '"portEncryptionStatus":"Encryption Down"'
      local client = service("connection", {
        ok('{"connections":[{"connectionId":"x-1","connectionState":"down",' .. down .. '}]}'),
        port("connection", "", '"portEncryptionStatus":"encryption up"'),
      })
      assert(client:wait_until("port_encryption_up", { connectionId = "x-1" }))
      for _, more in ipairs { down .. ',"encryptionMode":"no_encrypt"', down .. ',"macSecCapable":false' } do
        client = service("connection", { port("connection", "", more) })
        local _, err = client:wait_until("port_encryption_up", { connectionId = "x-1" })
        assert.equal("WaiterFailedError", err.code)
      end
    end)

    it("takes a LAG to encrypt when every connection of it in use does", function()
      local function lag(...)
        local members = {}
        for i, status in ipairs { ... } do
          local is_new = status == "new"
          members[i] = ('{"connectionId":"m-%d","connectionState":"%s","portEncryptionStatus":"Encryption %s"}')
            :format(i, is_new and "requested" or "available", is_new and "Down" or status)
        end
        return port("lag", "", ('"connections":[%s]'):format(table.concat(members, ",")))
      end
      local client, record = service("lag", { lag(), lag("Down", "Up"), lag("Up", "Down"), lag("Up", "Up", "new") })
      assert.equal("x-1", assert(client:wait_until("port_encryption_up", { connectionId = "x-1" })).lagId)
      assert.equal(6, #record.requests)
    end)
  end)
end)
