--- moto's server, where Python has it, takes and answers calls over real HTTP; elsewhere a line says so.

local dxconnect = require "dxconnect"

local CREDENTIALS = { access_key_id = "AKIDEXAMPLE", secret_access_key = "example" }

-- The server's port and process, or nil.
local function start()
  local pipe = io.popen("env -u LD_PRELOAD python3 -B spec/support/moto_server.py 2>/dev/null & echo")
  pipe:read("*l")
  local port, pid = (pipe:read("*l") or ""):match("^(%d+) (%d+)$")
  return port, pid, pipe
end

local port, pid, pipe = start()
if not port then
  pipe:close()
  print("moto's server is not installed: nothing is sent to it")
  return
end

describe("moto's server", function()
  local client

  setup(function()
    client = assert(dxconnect.client {
      region = "us-east-1", endpoint_url = "http://127.0.0.1:" .. port, credentials = CREDENTIALS,
      system = { getenv = function() end },
    })
  end)

  teardown(function()
    client:close()
    os.execute("kill " .. pid)
    pipe:close()
  end)

  local function ordered(changes)
    local params = { location = "EqDC2", bandwidth = "10Gbps", connectionName = "one", requestMACSec = true }
    for name, value in pairs(changes or {}) do
      params[name] = value
    end
    return assert(client:create_connection(params))
  end

  it("orders, shows, changes and deletes a connection", function()
    local connection, _, meta = client:create_connection {
      location = "EqDC2", bandwidth = "10Gbps", connectionName = "größer \"1\"", tags = { { key = "k", value = "" } },
    }
    assert.equal(200, meta.status)
    assert.is_string(meta.request_id)
    assert.equal("größer \"1\"", connection.connectionName)
    assert.same({ { key = "k", value = "" } }, connection.tags)
    assert.is_true(connection.loaIssueTime > 1600000000)
    local shown = assert(client:describe_connections { connectionId = connection.connectionId })
    assert.same({ connection }, shown.connections)
    assert.equal("should_encrypt", assert(client:update_connection {
      connectionId = connection.connectionId, encryptionMode = "should_encrypt",
    }).encryptionMode)
    assert.equal("deleted", assert(client:delete_connection {
      connectionId = connection.connectionId,
    }).connectionState)
  end)

  it("associates a key with a connection, and takes it off again", function()
    local connection = ordered()
    local ckn = ("0f"):rep(32)
    local result = assert(client:associate_mac_sec_key {
      connectionId = connection.connectionId, ckn = ckn, cak = dxconnect.secret(("1e"):rep(32)),
    })
    assert.equal(connection.connectionId, result.connectionId)
    local key = result.macSecKeys[#result.macSecKeys] -- moto's connections come with one of its own
    assert.equal(ckn, key.ckn)
    assert.equal("associated", key.state)
    result = assert(client:disassociate_mac_sec_key {
      connectionId = connection.connectionId, secretARN = key.secretARN,
    })
    assert.equal(connection.connectionId, result.connectionId)
  end)

  it("bundles connections in a LAG, and tags it", function()
    local lag = assert(client:create_lag {
      numberOfConnections = 2, location = "EqDC2", connectionsBandwidth = "10Gbps", lagName = "l",
    })
    assert.equal(2, #lag.connections)
    assert.equal(lag.lagId, assert(client:describe_lags { lagId = lag.lagId }).lags[1].lagId)
    assert(client:tag_resource { resourceArn = lag.lagId, tags = { { key = "a", value = "b" }, { key = "c" } } })
    assert(client:untag_resource { resourceArn = lag.lagId, tagKeys = { "c" } })
    local tags = assert(client:describe_tags { resourceArns = { lag.lagId } }).resourceTags
    assert.same({ { key = "a", value = "b" } }, tags[1].tags)
  end)

  it("says in an error what it does not find", function()
    local result, err = client:delete_connection { connectionId = "dxcon-nowhere" }
    assert.is_nil(result)
    assert.equal("service", err.kind)
    assert.equal("ConnectionNotFound", err.code)
    assert.equal(400, err.status)
    assert.matches("dxcon%-nowhere", err.message)
  end)

  it("shows every connection, the module's iterators too", function()
    ordered { connectionName = "two" }
    local names = {}
    for connection in client:items("describe_connections") do
      names[connection.connectionName] = true
    end
    assert.is_true(names.two)
  end)
end)
