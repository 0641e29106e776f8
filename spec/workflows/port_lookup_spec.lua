local port_lookup = require "dxconnect.workflows.port_lookup"
local world = require "spec.support.world"

local ok, fault = world.ok, world.fault

describe("ports, looked up by id", function()
  -- A client on which one operation knows the port.
  local function service(operation, body, other)
    return world.client { function(request)
      return request.headers["x-amz-target"]:find(operation) and ok(body) or other
        or fault(400, "DirectConnectClientException", "Could not find it")
    end }
  end

  it("are found whichever kind they are, in one look where the id is of the usual form", function()
    local client, record = service("DescribeLags", '{"lags":[{"lagId":"dxlag-1"}]}')
    local port = port_lookup.describe(client, "dxlag-1")
    assert.equal("dxlag-1", port.lagId)
    assert.matches("dxlag%-1", tostring(port))
    assert.equal(1, #record.requests)
    client, record = service("DescribeConnections", '{"connections":[{"connectionId":"dxcon-1"}]}')
    assert.equal("dxcon-1", port_lookup.describe(client, "dxcon-1").connectionId)
    assert.equal(1, #record.requests)
    client, record = service("DescribeInterconnects", '{"interconnects":[{"interconnectId":"dxcon-1"}]}')
    assert.equal("dxcon-1", port_lookup.describe(client, "dxcon-1").interconnectId)
    assert.equal(2, #record.requests)
    client = service("DescribeLags", '{"lags":[{"lagId":"strange"}]}', ok "{}")
    assert.equal("strange", port_lookup.describe(client, "strange").lagId)
  end)

  it("are not found, in the service's words where it has some", function()
    local _, err = port_lookup.describe(service("Nothing", "{}"), "dxcon-1")
    assert.equal("DirectConnectClientException", err.code)
    assert.equal("not_found", err.reason)
    _, err = port_lookup.describe(service("Nothing", "{}", ok "{}"), "dxcon-1")
    assert.equal("not_found", err.reason)
    assert.matches("dxcon%-1", err.message)
  end)

  it("give another error as it is, at once", function()
    local client, record = service("Nothing", "{}", fault(400, "AccessDeniedException", "no"))
    local _, err = port_lookup.describe(client, "dxcon-1")
    assert.equal("AccessDeniedException", err.code)
    assert.equal(1, #record.requests)
  end)
end)
