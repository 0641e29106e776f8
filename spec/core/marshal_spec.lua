--- Parameters on their way to a request: what is sent, and every problem of what can't be.

local core = require "dxconnect.core"
local dxconnect = require "dxconnect"
local world = require "spec.support.world"

local client = world.client { world.ok() }

local function body(name, params, options)
  return assert(client:prepare(name, params, options)).body
end

-- The problems of a call, each as "path: message".
local function problems(name, params, options)
  local request, err = client:prepare(name, params, options)
  assert.is_nil(request)
  assert.equal("params", err.kind)
  assert.equal("ParamValidationError", err.code)
  local list = {}
  for i, problem in ipairs(err.problems) do
    list[i] = problem.path .. ": " .. problem.message
  end
  return list, err
end

local function tagged(tags)
  return { resourceArn = "a", tags = tags }
end

local function private(members)
  members.virtualInterfaceName = members.virtualInterfaceName or "n"
  members.vlan = members.vlan == nil and 101 or members.vlan
  members.virtualGatewayId = members.virtualGatewayId or "vgw-1"
  return { connectionId = "dxcon-1", newPrivateVirtualInterface = members }
end

local unmodeled = { unmodeled = true }
local OTHER_KEYS = "tags: expected a list of tables, as { { key = ..., value = ... } }, got a table with other keys "
  .. "than 1, 2, 3, ..."
local hex = ("0aF"):rep(21) .. "9"

describe("parameters", function()
  describe("are sent", function()
    it("as {} where there are none", function()
      assert.equal("{}", body("describe_locations"))
      assert.equal("{}", body("describe_locations", {}))
      assert.equal("{}", body("describe_lags", {}))
    end)

    it("with empty lists as [], false as false, and members in the model's order", function()
      assert.equal('{"associationId":"a","addAllowedPrefixesToDirectConnectGateway":[]}',
        body("update_direct_connect_gateway_association",
          { addAllowedPrefixesToDirectConnectGateway = {}, associationId = "a" }))
      assert.equal('{"virtualInterfaceId":"v","enableSiteLink":false}',
        body("update_virtual_interface_attributes", { enableSiteLink = false, virtualInterfaceId = "v" }))
    end)

    it("with strings escaped as JSON wants it, and otherwise byte for byte", function()
      assert.equal('{"lagId":"\\"\\\\/\\n\\r\\t\\u0000\\u0001\\u001f\127é€😀"}',
        body("describe_lags", { lagId = '"\\/\n\r\t\0\1\31\127é€😀' }))
    end)

    it("with integers whole, also where they come as floats", function()
      for _, case in ipairs {
        { 1, "1" }, { 0, "0" }, { -1, "-1" }, { 10.0, "10" }, { -0.0, "0" }, { 2 ^ 31, "2147483648" },
        { 2 ^ 53, "9007199254740992" }, { -2 ^ 63, "-9223372036854775808" },
      } do
        assert.equal('{"maxResults":' .. case[2] .. "}", body("describe_lags", { maxResults = case[1] }))
      end
    end)

    it("with integers of 64 bits where Lua has them", function()
      local digits = math.maxinteger and "9007199254740993" or "9007199254740992"
      local n = tonumber("9007199254740993")
      assert.equal('{"maxResults":' .. digits .. "}", body("describe_lags", { maxResults = n }))
      assert.equal('{"new":{"asn":[' .. digits .. "]}}", body("describe_lags", { new = { asn = { n } } }, unmodeled))
      if math.maxinteger then
        assert.equal('{"maxResults":9223372036854775807}', body("describe_lags", { maxResults = math.maxinteger }))
        assert.equal('{"maxResults":-9223372036854775808}', body("describe_lags", { maxResults = math.mininteger }))
      else
        assert.same({ "maxResults: expected an integer, got 9.223372036854776e+18" },
          (problems("describe_lags", { maxResults = 2 ^ 63 })))
      end
    end)

    it("with ranges and lengths at their ends, in code points", function()
      for _, vlan in ipairs { 1, 4094 } do
        assert.is_string(body("create_private_virtual_interface", private { vlan = vlan }))
      end
      for _, members in ipairs {
        { asn = 1 }, { asn = 2147483646 }, { asnLong = 4294967294 }, { mtu = 1500 }, { mtu = 8500 },
        { authKey = "123456" }, { authKey = ("€"):rep(80) },
      } do
        assert.is_string(body("create_private_virtual_interface", private(members)))
      end
      assert.is_string(body("tag_resource", tagged { { key = ("é"):rep(128), value = ("😀"):rep(256) } }))
      for _, asn in ipairs { 64512, 65534, 4200000000, 4294967294 } do
        assert.is_string(body("create_direct_connect_gateway", { directConnectGatewayName = "g", amazonSideAsn = asn }))
      end
    end)

    it("with values that the model does not list, and without looking at patterns", function()
      assert.equal('{"connectionId":"c","encryptionMode":"quantum"}',
        body("update_connection", { connectionId = "c", encryptionMode = "quantum" }))
      assert.is_string(body("get_resiliency_group", { resiliencyGroupId = ("?"):rep(22) }))
      assert.is_string(body("describe_lags", { lagId = "no id at all" }))
    end)

    it("with secrets wherever a string goes", function()
      assert.equal('{"connectionId":"dxcon-1","ckn":"' .. hex .. '","cak":"' .. hex .. '"}',
        body("associate_mac_sec_key", {
          connectionId = dxconnect.secret("dxcon-1"), ckn = hex, cak = dxconnect.secret(hex),
        }))
    end)

    it("without a look at metatables, which may do anything", function()
      local trap = {
        __index = function()
          error("read")
        end,
        __pairs = function()
          error("walked")
        end,
        __len = function()
          error("counted")
        end,
        __tostring = function()
          error("printed")
        end,
        __name = 5,
      }
      assert.equal('{"lagId":"l"}', body("describe_lags", setmetatable({ lagId = "l" }, trap)))
      assert.equal('{"resourceArn":"a","tags":[{"key":"k"}]}',
        body("tag_resource", setmetatable(tagged(setmetatable({ setmetatable({ key = "k" }, trap) }, trap)), trap)))
      assert.same({ "lagId: expected a string, got a table" },
        (problems("describe_lags", { lagId = setmetatable({}, trap) })))
    end)
  end)

  describe("are refused", function()
    local cycle = {}
    cycle[1] = cycle
    local closed = dxconnect.secret("x")
    closed:close()

    local cases = {
      -- types
      { "a string for an integer", "create_private_virtual_interface", private { vlan = "101" },
        { 'newPrivateVirtualInterface.vlan: expected an integer, got "101"' } },
      { "a fraction", "describe_lags", { maxResults = 1.5 }, { "maxResults: expected an integer, got 1.5" } },
      { "what is no number", "describe_lags", { maxResults = 0 / 0 }, { "maxResults: expected an integer, got nan" } },
      { "infinity", "describe_lags", { maxResults = 1 / 0 }, { "maxResults: expected an integer, got infinity" } },
      { "less than any number", "describe_lags", { maxResults = -1 / 0 },
        { "maxResults: expected an integer, got -infinity" } },
      { "2^63", "describe_lags", { maxResults = 2 ^ 63 },
        { "maxResults: expected an integer, got 9.223372036854776e+18" } },
      { "a boolean for an integer", "describe_lags", { maxResults = true },
        { "maxResults: expected an integer, got true" } },
      { "a number for a string", "describe_lags", { lagId = 5 }, { "lagId: expected a string, got 5" } },
      { "false for a string", "describe_lags", { lagId = false }, { "lagId: expected a string, got false" } },
      { "a function", "describe_lags", { lagId = print }, { "lagId: expected a string, got a function" } },
      { "a thread", "describe_lags", { lagId = coroutine.create(function() end) },
        { "lagId: expected a string, got a thread" } },
      { "a userdata", "describe_lags", { lagId = io.stdout }, { "lagId: expected a string, got a userdata" } },
      { "a secret for an integer", "describe_lags", { maxResults = dxconnect.secret("5") },
        { "maxResults: expected an integer, got a secret" } },
      { "a word for a boolean", "update_virtual_interface_attributes",
        { virtualInterfaceId = "v", enableSiteLink = "no" },
        { 'enableSiteLink: expected a boolean, got "no"' } },
      { "a string for a structure", "create_private_virtual_interface",
        { connectionId = "c", newPrivateVirtualInterface = "x" },
        { 'newPrivateVirtualInterface: expected a table, got "x"' } },
      { "a string for a list", "tag_resource", tagged "x",
        { 'tags: expected a list of tables, as { { key = ..., value = ... } }, got "x"' } },
      { "a closed secret", "associate_mac_sec_key", { connectionId = "c", ckn = hex, cak = closed },
        { "cak: the secret is closed: its value is gone" } },
      -- strings
      { "broken UTF-8", "describe_lags", { lagId = "a\255" }, { "lagId: expected a string in valid UTF-8" } },
      { "UTF-8 cut short", "describe_lags", { lagId = "\226\130" }, { "lagId: expected a string in valid UTF-8" } },
      { "half a surrogate pair", "describe_lags", { lagId = "\237\160\128" },
        { "lagId: expected a string in valid UTF-8" } },
      { "overlong UTF-8", "describe_lags", { lagId = "\192\175" }, { "lagId: expected a string in valid UTF-8" } },
      { "a string beyond all bounds", "describe_lags", { lagId = ("x"):rep(17 * 1024 * 1024) },
        { ": more than a request can hold" } },
      -- lengths and ranges
      { "a string too long, in code points", "tag_resource", tagged { { key = ("é"):rep(129) }, { key = "" } },
        { "tags[1].key: expected 1 to 128 characters, got 129", "tags[2].key: expected 1 to 128 characters, got 0" } },
      { "a list too short", "tag_resource", tagged {}, { "tags: expected 1 to 50 items, got 0" } },
      { "an integer out of its range", "create_private_virtual_interface", private { vlan = 4095 },
        { "newPrivateVirtualInterface.vlan: expected 1 to 4094, got 4095" } },
      { "an integer between its ranges", "create_direct_connect_gateway",
        { directConnectGatewayName = "g", amazonSideAsn = 65535 },
        { "amazonSideAsn: expected 64512 to 65534 or 4200000000 to 4294967294, got 65535" } },
      { "another MTU", "update_virtual_interface_attributes", { virtualInterfaceId = "v", mtu = 9001 },
        { "mtu: expected 1500 or 8500, got 9001" } },
      { "a test of no minutes", "start_bgp_failover_test", { virtualInterfaceId = "v", testDurationInMinutes = 0 },
        { "testDurationInMinutes: expected 1 to 4320, got 0" } },
      { "a negative size", "create_private_virtual_interface", private { prefixPoolAllocatedCountIpv4 = -1 },
        { "newPrivateVirtualInterface.prefixPoolAllocatedCountIpv4: expected at least 0, got -1" } },
      -- tables
      { "a list with holes", "tag_resource", tagged { [1] = { key = "a" }, [3] = { key = "b" } },
        { "tags: expected a list, got one with holes" } },
      { "a list with names", "tag_resource", tagged { { key = "a" }, x = 1 },
        { OTHER_KEYS } },
      { "a list of fractions", "tag_resource", tagged { [1.5] = {} },
        { OTHER_KEYS } },
      { "a list far away", "tag_resource", tagged { [2 ^ 40] = {} },
        { OTHER_KEYS } },
      { "a list that holds itself", "tag_resource", tagged(cycle),
        { "tags[1].key: missing: required", "tags[1][1]: expected members by name, got a table without one" } },
      { "a list for a structure", "describe_lags", { "dxlag-1" },
        { "[1]: expected members by name, got a string without one" } },
      { "a function as a key", "describe_lags", { [print] = 1 },
        { ": expected members by name, got a function as a key" } },
      -- members
      { "a required member missing", "delete_lag", {}, { "lagId: missing: required" } },
      { "one misspelt, as missing and unknown", "delete_lag", { lagID = "x" },
        { "lagId: missing: required", "lagID: unknown member (a string), did you mean lagId?" } },
      { "one unlike any", "describe_lags", { zebra = {} }, { "zebra: unknown member (a table)" } },
      { "all problems at once, those of unknown members by their names", "create_private_virtual_interface",
        { connectionId = 5, newPrivateVirtualInterface = { vlan = 0, b = 1, a = 2, directConnectGatewayId = true } },
        {
          "connectionId: expected a string, got 5",
          "newPrivateVirtualInterface.virtualInterfaceName: missing: required",
          "newPrivateVirtualInterface.vlan: expected 1 to 4094, got 0",
          "newPrivateVirtualInterface.directConnectGatewayId: expected a string, got true",
          "newPrivateVirtualInterface.a: unknown member (a number)",
          "newPrivateVirtualInterface.b: unknown member (a number)",
        } },
    }

    for _, case in ipairs(cases) do
      it(case[1], function()
        assert.same(case[4], (problems(case[2], case[3])))
      end)
    end

    if jit then
      it("a number of LuaJIT's own", function()
        assert.same({ "maxResults: expected an integer, got a cdata" },
          (problems("describe_lags", { maxResults = require("ffi").new("int64_t", 5) })))
      end)
    end

    it("a hundred problems and more, without losing count", function()
      local tags = {}
      for i = 1, 350 do
        tags[i] = {}
      end
      local found = problems("tag_resource", tagged(tags))
      assert.is_true(#found > 100)
      assert.equal("tags: expected 1 to 50 items, got 350", found[1])
      assert.equal("tags[99].key: missing: required", found[100])
      assert.matches("^: and %d+ more problems$", found[#found])
      assert.equal(351, #found - 1 + tonumber(found[#found]:match("%d+")))
    end)

    it("in one readable line", function()
      local _, err = problems("describe_lags", { ["a\n\27b"] = 1, lagId = 5, [("long"):rep(50)] = 2 })
      local text = tostring(err)
      assert.is_nil(text:find("%c"))
      assert.equal("DescribeLags: ParamValidationError: lagId: expected a string, got 5; a\\x0a\\x1bb: unknown member "
        .. "(a number); " .. ("long"):rep(16) .. "...: unknown member (a number)", text)
    end)
  end)

  describe("with either/or rules", function()
    local transit = { virtualInterfaceName = "n", vlan = 1, asn = 65000, directConnectGatewayId = "g" }
    local function with(base, changes)
      local all = {}
      for name, value in pairs(base) do
        all[name] = value
      end
      for name, value in pairs(changes) do
        all[name] = value or nil
      end
      return all
    end
    local public = { virtualInterfaceName = "n", vlan = 1, asn = 65000 }
    local addresses = { amazonAddress = "192.0.2.1/30", customerAddress = "192.0.2.2/30", routeFilterPrefixes = {} }
    addresses.routeFilterPrefixes[1] = { cidr = "192.0.2.0/24" }

    -- operation, parameters, and the problem; none: they are fine
    local cases = {
      { "associate_mac_sec_key", { connectionId = "c", secretARN = "s" } },
      { "associate_mac_sec_key", { connectionId = "c", ckn = hex, cak = hex } },
      { "associate_mac_sec_key", { connectionId = "c" }, "give either secretARN or both ckn and cak" },
      { "associate_mac_sec_key", { connectionId = "c", ckn = hex },
        "give either secretARN or both ckn and cak; missing: cak" },
      { "associate_mac_sec_key", { connectionId = "c", cak = hex },
        "give either secretARN or both ckn and cak; missing: ckn" },
      { "associate_mac_sec_key", { connectionId = "c", cak = hex, ckn = hex, secretARN = "s" },
        "give either secretARN or both ckn and cak, not both" },
      { "associate_mac_sec_key", { connectionId = "c", ckn = hex, secretARN = "s" },
        "give either secretARN or both ckn and cak, not both" },
      { "create_private_virtual_interface", private { virtualGatewayId = "v", directConnectGatewayId = "d" },
        "give either virtualGatewayId or directConnectGatewayId, not both" },
      { "create_private_virtual_interface", private { asn = 1, asnLong = 1 }, "give asn or asnLong, not both" },
      { "create_private_virtual_interface", private { addressFamily = "ipv6", amazonAddress = "a" },
        "not allowed when addressFamily is ipv6" },
      { "create_private_virtual_interface", private { addressFamily = "ipv4", amazonAddress = "a" } },
      { "create_transit_virtual_interface", { connectionId = "c", newTransitVirtualInterface = transit } },
      { "create_transit_virtual_interface",
        { connectionId = "c", newTransitVirtualInterface = with(transit, { asn = false }) },
        "give either asn or asnLong" },
      { "create_transit_virtual_interface",
        { connectionId = "c", newTransitVirtualInterface = with(transit, { directConnectGatewayId = false }) },
        "missing: required" },
      { "create_public_virtual_interface", { connectionId = "c", newPublicVirtualInterface = public } },
      { "create_public_virtual_interface",
        { connectionId = "c", newPublicVirtualInterface = with(public, { addressFamily = "ipv4" }) },
        "missing: required when addressFamily is ipv4" },
      { "create_public_virtual_interface",
        { connectionId = "c", newPublicVirtualInterface = with(with(public, addresses), { addressFamily = "ipv4" }) } },
      { "create_direct_connect_gateway_association", { directConnectGatewayId = "d", gatewayId = "g" } },
      { "create_direct_connect_gateway_association", { directConnectGatewayId = "d" },
        "give either gatewayId or virtualGatewayId" },
      { "create_direct_connect_gateway_association",
        { directConnectGatewayId = "d", gatewayId = "g", virtualGatewayId = "v" },
        "give either gatewayId or virtualGatewayId, not both" },
      { "delete_direct_connect_gateway_association", { associationId = "a" } },
      { "delete_direct_connect_gateway_association", { directConnectGatewayId = "d", virtualGatewayId = "v" } },
      { "delete_direct_connect_gateway_association", { directConnectGatewayId = "d" },
        "give at least one of associationId or both directConnectGatewayId and virtualGatewayId; "
          .. "missing: virtualGatewayId" },
      { "describe_direct_connect_gateway_associations", {},
        "give at least one of associationId, associatedGatewayId, directConnectGatewayId or virtualGatewayId" },
      { "describe_direct_connect_gateway_associations", { associatedGatewayId = "g" } },
      { "describe_direct_connect_gateway_attachments", { maxResults = 5 },
        "give at least one of directConnectGatewayId or virtualInterfaceId" },
      { "describe_direct_connect_gateway_attachments", { virtualInterfaceId = "v" } },
      { "delete_bgp_peer", { bgpPeerId = "p" } },
      { "delete_bgp_peer", { asn = 5, customerAddress = "c" } },
      { "delete_bgp_peer", { asnLong = 5, customerAddress = "c" } },
      { "delete_bgp_peer", { asn = 5 },
        "give at least one of bgpPeerId, both asn and customerAddress or both asnLong and customerAddress; "
          .. "missing: customerAddress" },
    }

    for i, case in ipairs(cases) do
      it(("%s: %s (%d)"):format(case[1], case[3] or "fine", i), function()
        local request, err = client:prepare(case[1], case[2])
        if not case[3] then
          assert.is_nil(err and tostring(err))
          assert.is_table(request)
          return
        end
        assert.is_nil(request)
        assert.equal(case[3], err.problems[1].message)
        assert.equal(case[3] ~= "missing: required", err.problems[1].rule ~= nil)
      end)
    end

    it("name the kind of rule in a field, which members' own problems don't have", function()
      local _, err = client:prepare("associate_mac_sec_key", { ckn = hex })
      local kinds = {}
      for _, problem in ipairs(err.problems) do
        kinds[#kinds + 1] = problem.path .. "=" .. tostring(problem.rule)
      end
      assert.same({ "connectionId=nil", "=one" }, kinds)
    end)
  end)

  describe("that are meant otherwise", function()
    local flat = { connectionId = "c", virtualInterfaceName = "n", vlan = 1, virtualGatewayId = "v" }

    local cases = {
      { "an ASN that takes the other member", "create_bgp_peer",
        { virtualInterfaceId = "v", newBGPPeer = { asn = 4200000000 } },
        "newBGPPeer.asn: expected 1 to 2147483646, got 4200000000: give it as asnLong" },
      { "an ASN that takes no member", "create_bgp_peer",
        { virtualInterfaceId = "v", newBGPPeer = { asn = 2 ^ 32 - 1 } },
        "newBGPPeer.asn: expected 1 to 2147483646, got 4294967295" },
      { "another number out of its range", "create_private_virtual_interface", private { vlan = 4095 },
        "newPrivateVirtualInterface.vlan: expected 1 to 4094, got 4095" },
      { "tags by their keys", "tag_resource", { resourceArn = "a", tags = { env = "prod" } },
        OTHER_KEYS },
      { "one tag", "tag_resource", { resourceArn = "a", tags = { key = "env", value = "prod" } },
        OTHER_KEYS },
      { "tags as a text", "tag_resource", { resourceArn = "a", tags = "env" },
        'tags: expected a list of tables, as { { key = ..., value = ... } }, got "env"' },
      { "a tag as a text", "tag_resource", { resourceArn = "a", tags = { "env" } },
        'tags[1]: expected a table as { key = ..., value = ... }, got "env"' },
      { "members of a structure given beside it", "create_private_virtual_interface", flat,
        "newPrivateVirtualInterface: missing: required",
        "virtualGatewayId: unknown member (a string): it belongs into newPrivateVirtualInterface",
        "virtualInterfaceName: unknown member (a string): it belongs into newPrivateVirtualInterface",
        "vlan: unknown member (a number): it belongs into newPrivateVirtualInterface" },
      { "a member given in a structure beside it", "create_bgp_peer",
        { newBGPPeer = { asn = 1, virtualInterfaceId = "v" } },
        "newBGPPeer.virtualInterfaceId: unknown member (a string): it belongs beside newBGPPeer" },
      { "a connection's id where an ARN belongs", "tag_resource",
        { resourceArn = "dxcon-ffabc123", tags = { { key = "a" } } },
        "resourceArn: expected an ARN, as arn:aws:directconnect:REGION:ACCOUNT:dxcon/dxcon-ffabc123, got an id" },
      { "ids in a list of ARNs", "describe_tags",
        { resourceArns = { "arn:aws:x", "dxlag-1", "5f294f92-bafb-4011-916d-9b0bec6d0e7f" } },
        "resourceArns[2]: expected an ARN, as arn:aws:directconnect:REGION:ACCOUNT:dxlag/dxlag-1, got an id",
        "resourceArns[3]: expected an ARN, as arn:aws:directconnect:REGION:ACCOUNT:dx-gateway/"
          .. "5f294f92-bafb-4011-916d-9b0bec6d0e7f, got an id" },
      { "the id of a port as a secret's ARN", "associate_mac_sec_key", { connectionId = "c", secretARN = "dxcon-1" },
        "secretARN: expected an ARN, got an id" },
    }

    for _, case in ipairs(cases) do
      it("are told so: " .. case[1], function()
        local expected = {}
        for i = 4, #case do
          expected[i - 3] = case[i]
        end
        assert.same(expected, (problems(case[2], case[3])))
      end)
    end
  end)

  describe("that are secret", function()
    local SECRET = "hush-hush"

    local cases = {
      { "of the wrong length", { "associate_mac_sec_key", { connectionId = "c", ckn = hex, cak = SECRET } },
        "cak: expected exactly 64 hexadecimal digits, got 9 characters" },
      { "with another character",
        { "associate_mac_sec_key", { connectionId = "c", ckn = hex, cak = SECRET .. hex:sub(1, 55) } },
        "cak: expected exactly 64 hexadecimal digits, got another character among them" },
      { "in a secret", { "associate_mac_sec_key", { connectionId = "c", ckn = hex, cak = dxconnect.secret(SECRET) } },
        "cak: expected exactly 64 hexadecimal digits, got 9 characters" },
      { "in a table", { "associate_mac_sec_key", { connectionId = "c", ckn = hex, cak = { [SECRET] = SECRET } } },
        "cak: expected a string, got a table" },
      { "as a number", { "associate_mac_sec_key", { connectionId = "c", ckn = hex, cak = 4711 } },
        "cak: expected a string, got a number" },
      { "of a BGP session",
        { "create_bgp_peer", { virtualInterfaceId = "v", newBGPPeer = { authKey = "hush-hush\255" } } },
        "newBGPPeer.authKey: expected a string in valid UTF-8" },
      { "misspelt", { "create_bgp_peer", { virtualInterfaceId = "v", newBGPPeer = { authkey = SECRET } } },
        "newBGPPeer.authkey: unknown member (a string), did you mean authKey?" },
      { "below an unknown member", { "describe_lags", { kak = { a = { SECRET } } } }, "kak: unknown member (a table)" },
      { "broken, in a member newer than the model", { "describe_lags", { new = { SECRET .. "\255" } }, unmodeled },
        "new[1]: expected valid UTF-8" },
      { "as a key below a secret", { "describe_lags", { new = { authKey = { [SECRET] = { x = print } } } }, unmodeled },
        "new.authKey: expected a string, a number, a boolean or a table, got a function" },
    }

    for _, case in ipairs(cases) do
      it(case[1] .. " are told by their type", function()
        local found, err = problems(case[2][1], case[2][2], case[2][3])
        assert.same({ case[3] }, found)
        assert.is_nil(tostring(err):find(SECRET, 1, true))
        assert.is_nil(tostring(err):find("4711", 1, true))
      end)
    end
  end)

  describe("that the model does not know", function()
    local function sent(params)
      return body("describe_lags", params, unmodeled)
    end

    it("are sent when asked to, the known ones checked all the same", function()
      assert.equal('{"lagId":"l","new":true}', sent { new = true, lagId = "l" })
      assert.same({ "maxResults: expected an integer, got \"5\"" },
        (problems("describe_lags", { new = true, maxResults = "5" }, unmodeled)))
    end)

    it("are lists, objects, numbers and strings by what they are", function()
      for value, json in pairs { [1.5] = "1.5", [2 ^ 40] = "1099511627776", [-1] = "-1", [1e100] = "1e+100",
        ["é\n"] = '"é\\n"' } do
        assert.equal('{"new":' .. json .. "}", sent { new = value })
      end
      assert.equal('{"new":[]}', sent { new = {} })
      assert.equal('{"new":[1,[],{"a":[false]}]}', sent { new = { 1, {}, { a = { false } } } })
      assert.equal('{"new":"s3cret"}', sent { new = dxconnect.secret("s3cret") })
    end)

    it("may hold a table twice, but not themselves", function()
      local twice = { 1 }
      assert.equal('{"new":[[1],[1]]}', sent { new = { twice, twice } })
      local loop = {}
      loop.again = { loop }
      assert.same({ "new.again[1]: a table that contains itself" },
        (problems("describe_lags", { new = loop }, unmodeled)))
    end)

    it("may be deep, but not without end", function()
      local deep = {}
      for _ = 1, 60 do
        deep = { deep }
      end
      assert.is_string(sent { new = deep })
      for _ = 1, 10 do
        deep = { deep }
      end
      local found = problems("describe_lags", { new = deep }, unmodeled)
      assert.matches("nested too deep$", found[1])
    end)

    it("may not outgrow a request, however small they look #slow", function()
      local tower = {}
      for _ = 1, 60 do
        tower = { tower, tower }
      end
      assert.same({ ": more than a request can hold" }, (problems("describe_lags", { new = tower }, unmodeled)))
    end)

    it("are refused where JSON has nothing for them", function()
      for _, case in ipairs {
        { 0 / 0, "new: expected a finite number" }, { -1 / 0, "new: expected a finite number" },
        { print, "new: expected a string, a number, a boolean or a table, got a function" },
        { { 1, nil, 3 }, "new: expected a list, got one with holes" },
        { { [0] = 1 }, "new: expected a list, got a table with other keys than 1, 2, 3, ..." },
        { { ["\255"] = 1 }, "new.\\xff: the name is not valid UTF-8" },
      } do
        assert.same({ case[2] }, (problems("describe_lags", { new = case[1] }, unmodeled)))
      end
      assert.is_nil((client:prepare("describe_lags", { new = { 1, a = 2 } }, unmodeled)))
    end)

    it("go with operations that it does not know", function()
      assert.equal("{}", body("DescribeNewThings", nil, unmodeled))
      assert.equal('{"a":[{"b":1}]}', body("describe_new_things", { a = { { b = 1 } } }, unmodeled))
      assert.same({ ": expected members by name, got another key" }, (problems("DescribeNewThings", { 1 }, unmodeled)))
      assert.is_table(core.decode(nil, body("DescribeNewThings", { q = '"' }, unmodeled)))
    end)
  end)
end)
