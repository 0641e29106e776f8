local dxconnect = require "dxconnect"
local estates = require "spec.support.estates"

local ARN = "arn:aws:directconnect:us-east-1:111122223333:resiliency-group/dxrg-0000000000000000"

local function count_of(list, wanted)
  local count = 0
  for _, value in ipairs(list) do
    count = count + (value == wanted and 1 or 0)
  end
  return count
end

describe("dxconnect.inventory", function()
  it("refuses wrong options, all at once", function()
    local inventory, err = dxconnect.inventory { clients = 1, region = "x", regions = "x", concurrency = 0, routes = 1 }
    assert.is_nil(inventory)
    assert.equal("params", err.kind)
    assert.equal("ParamValidationError", err.code)
    assert.is_true(#err.problems >= 5, tostring(err))
    assert.matches("did you mean regions", tostring(err))
    for _, options in ipairs { 1, "x", {}, { clients = {} }, { clients = { 1 } }, { clients = { a = {} } } } do
      inventory, err = dxconnect.inventory(options)
      assert.is_nil(inventory)
      assert.equal("params", err.kind)
    end
    assert.is_nil((dxconnect.inventory()))
  end)

  it("takes a client, a list, or a table of names", function()
    local client = estates.client { DescribeConnections = { estates.port "dxcon-1" } }
    local other = estates.client({}, { profile = nil })
    assert.equal("client 1", dxconnect.inventory { clients = client }:find("dxcon-1").client)
    assert.equal("client 2", dxconnect.inventory { clients = { other, client } }:find("dxcon-1").client)
    assert.equal("prod", dxconnect.inventory { clients = { prod = client, test = other } }:find("dxcon-1").client)
  end)

  it("asks each list once in each region, gateways once, and what hangs on a gateway by gateway", function()
    local client, requests = estates.client {
      DescribeConnections = { estates.port "dxcon-1" },
      DescribeDirectConnectGateways = { estates.gateway "gw-1", estates.gateway "gw-2" },
    }
    local inventory = dxconnect.inventory { clients = client, regions = { "us-east-1", "eu-west-1", "us-east-1" } }
    assert.is_true(inventory.complete)
    assert.equal(2, count_of(requests, "DescribeConnections"))
    assert.equal(2, count_of(requests, "DescribeVirtualInterfaces"))
    assert.equal(1, count_of(requests, "DescribeDirectConnectGateways"))
    assert.equal(2, count_of(requests, "DescribeDirectConnectGatewayAssociations"))
    assert.equal(2, count_of(requests, "DescribeDirectConnectGatewayAttachments"))
    assert.equal(0, count_of(requests, "DescribeTags"))
    assert.equal(0, count_of(requests, "ListVirtualInterfaceRoutes"))
  end)

  it("asks for hosted connections where they can be, routes where told, tags of groups together", function()
    local client, requests = estates.client {
      DescribeInterconnects = { { interconnectId = "dxcon-i", location = "EqDC2", interconnectState = "available" } },
      DescribeLags = {
        { lagId = "dxlag-1", allowsHostedConnections = true, location = "EqDC2" },
        { lagId = "dxlag-2", allowsHostedConnections = false, location = "EqDC2" },
      },
      DescribeHostedConnections = function(params)
        return params.connectionId == "dxlag-1" and { estates.port("dxcon-h", { vlan = 7 }) } or {}
      end,
      DescribeVirtualInterfaces = { estates.interface("dxvif-1", "dxlag-1", "gw-1") },
      ListVirtualInterfaceRoutes = { { prefix = "10.0.0.0/8" } },
      ListResiliencyGroups = {
        { resiliencyGroupId = "dxrg-00000000000000001", resiliencyGroupArn = ARN .. "1" },
        { resiliencyGroupId = "dxrg-00000000000000002", resiliencyGroupArn = ARN .. "2" },
      },
      DescribeTags = {
        { resourceArn = ARN .. "2", tags = { { key = "env", value = "prod" } } },
      },
    }
    local inventory = dxconnect.inventory { clients = client, routes = true }
    assert.equal(2, count_of(requests, "DescribeHostedConnections"))
    assert.equal(1, count_of(requests, "DescribeTags"))
    assert.equal("prod", inventory:find("dxrg-00000000000000002").tags.env)
    assert.equal("dxlag-1", inventory:linked("dxcon-h", "hosted_on")[1].id)
    assert.equal("10.0.0.0/8", inventory:find("dxvif-1").routes[1].prefix)
  end)

  it("takes a refusal for want of partnership as an empty list, any other as an error", function()
    local no_partner = {
      __type = "DirectConnectClientException",
      message = "Account  111122223333 is not an authorized Direct  Connect partner in eu-west-1.",
    }
    local client = estates.client { DescribeInterconnects = no_partner }
    no_partner.message = no_partner.message:gsub("  ", " ")
    assert.is_true(dxconnect.inventory { clients = client }.complete)
    local denied = estates.client { DescribeInterconnects = { __type = "AccessDeniedException", message = "no" } }
    assert.is_false(dxconnect.inventory { clients = denied }.complete)
  end)

  it("tells every list that failed, and keeps what the others gave", function()
    local operations = {
      "DescribeConnections", "DescribeInterconnects", "DescribeLags", "DescribeVirtualInterfaces",
      "DescribeVirtualGateways", "ListResiliencyGroups", "DescribeDirectConnectGateways",
      "DescribeDirectConnectGatewayAssociations", "DescribeDirectConnectGatewayAttachments", "DescribeLocations",
    }
    for _, failing in ipairs(operations) do
      local lists = {
        DescribeConnections = { estates.port "dxcon-1" },
        DescribeLags = { { lagId = "dxlag-1", location = "EqDC2" } },
        DescribeDirectConnectGateways = { estates.gateway "gw-1" },
      }
      lists[failing] = { __type = "DirectConnectServerException", message = "try later" }
      local inventory = estates.inventory(lists)
      assert.is_false(inventory.complete, failing)
      assert.equal(failing, inventory.errors[1].operation)
      assert.equal("us-east-1", inventory.errors[1].region)
      assert.equal("main", inventory.errors[1].client)
      assert.equal("DirectConnectServerException", inventory.errors[1].error.code)
      assert.is_truthy(inventory:find(failing == "DescribeConnections" and "dxlag-1" or "dxcon-1"), failing)
      assert.matches(failing, inventory:metrics())
    end
  end)

  it("keeps the pages before the one that failed", function()
    local calls = 0
    local client = assert(dxconnect.client {
      region = "us-east-1", credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = "example" },
      max_attempts = 1,
      transport = function(request)
        if request.headers["x-amz-target"]:find("DescribeConnections$") then
          calls = calls + 1
          if calls > 1 then
            return { status = 400, headers = {}, body = '{"__type":"AccessDeniedException"}' }
          end
          return { status = 200, headers = {}, body = '{"connections":[{"connectionId":"dxcon-1"}],"nextToken":"t"}' }
        end
        return { status = 200, headers = {}, body = "{}" }
      end,
    })
    local inventory = dxconnect.inventory { clients = client }
    assert.is_false(inventory.complete)
    assert.is_truthy(inventory:find("dxcon-1"))
  end)

  it("takes a closed client, and one without a region or credentials, as one that could not be read", function()
    local client = estates.client {}
    client:close()
    local inventory = assert(dxconnect.inventory { clients = { gone = client } })
    assert.is_false(inventory.complete)
    assert.equal("gone", inventory.errors[1].client)
    assert.equal("config", inventory.errors[1].error.kind)
  end)

  it("has each resource once, though several clients and regions list it", function()
    local first = estates.client {
      DescribeDirectConnectGateways = { estates.gateway "gw-1" }, DescribeConnections = { estates.port "dxcon-1" },
    }
    local second = estates.client {
      DescribeDirectConnectGateways = { estates.gateway "gw-1" }, DescribeConnections = { estates.port "dxcon-1" },
    }
    local inventory = dxconnect.inventory {
      clients = { a = first, b = second }, regions = { "us-east-1", "eu-west-1" },
    }
    local seen = {}
    for _, resource in ipairs(inventory.resources) do
      assert.is_nil(seen[resource.id])
      seen[resource.id] = true
    end
    assert.equal("a", inventory:find("dxcon-1").client)
    assert.is_nil(inventory:find("gw-1").region)
  end)

  it("gives the same texts for the same estate", function()
    local lists = {
      DescribeConnections = { estates.port "dxcon-1", estates.port "dxcon-2" },
      DescribeVirtualInterfaces = { estates.interface("dxvif-1", "dxcon-1", "gw-1") },
      DescribeDirectConnectGateways = { estates.gateway "gw-1" },
      DescribeDirectConnectGatewayAssociations = { estates.association("gw-1", "vgw-1") },
    }
    local clock = function()
      return 1800000000
    end
    local client = estates.client(lists, { system = { clock = clock } })
    local a = dxconnect.inventory { clients = client }
    local b = dxconnect.inventory { clients = client, concurrency = 1 }
    for _, method in ipairs { "json", "csv", "dot", "svg", "metrics" } do
      assert.equal(a[method](a), b[method](b), method)
    end
    assert.equal(tostring(a), tostring(b))
  end)

  it("passes over what is missing or of another type", function()
    local inventory = estates.inventory {
      DescribeConnections = {
        { connectionName = "without an id" },
        { connectionId = "dxcon-1" },
        { connectionId = "dxcon-2", unknownMember = { 1, 2 } },
      },
      DescribeVirtualInterfaces = { { virtualInterfaceId = "dxvif-1" } },
      DescribeDirectConnectGateways = { { directConnectGatewayId = "gw-1" } },
      DescribeDirectConnectGatewayAssociations = { { associationState = "associated" } },
      DescribeDirectConnectGatewayAttachments = { {} },
      DescribeLags = { { lagId = "dxlag-1", minimumLinks = 2 } },
    }
    assert.is_truthy(inventory:find("dxcon-2"))
    assert.is_truthy(inventory:find("dxlag-1"))
    for _, method in ipairs { "json", "csv", "dot", "svg", "metrics", "assess" } do
      assert.is_truthy(inventory[method](inventory), method)
    end
    assert.is_string(tostring(inventory))
  end)
end)
