--- create_once by processes that are killed at every request boundary, against an emulator served over HTTP, and once
-- more with the same token.

local cjson = require("cjson").new()
local dxconnect = require "dxconnect"
local emulatord = require "spec.support.emulatord"

local MOST_REQUESTS = 6 -- no create needs more, killed or not

local served, client

local function quote(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

-- Runs the child. Returns what it printed, nil where it was killed.
local function run(operation, params, token, when, n)
  local lua = jit and "luajit" or "lua" .. _VERSION:match("%d%.%d")
  local words = { quote(served.url), operation, quote(cjson.encode(params)), quote(token), when, n }
  local command = ("LUA_PATH=%s LUA_CPATH=%s exec %s spec/support/create_once_child.lua %s"):format(
    quote(package.path), quote(package.cpath), lua, table.concat(words, " "))
  local pipe = assert(io.popen(command))
  local line = pipe:read("*l")
  pipe:close()
  return line
end

setup(function()
  served = emulatord.start("")
  client = assert(dxconnect.client {
    region = "us-east-1",
    endpoint_url = served.url,
    credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" },
  })
end)

teardown(function()
  client:close()
  served:stop()
end)

-- How many of what an operation shows have the name.
local function count(operation, params, member, name)
  local n = 0
  for item in client:items(operation, params) do
    n = n + (item[member] == name and 1 or 0)
  end
  return n
end

local port = { location = "EqDC2", bandwidth = "10Gbps" }

local function with(params, more)
  local all = {}
  for _, t in ipairs { params, more } do
    for name, value in pairs(t) do
      all[name] = value
    end
  end
  return all
end

local interconnect -- to allocate connections on

local function an_interconnect()
  interconnect = interconnect
    or assert(client:create_interconnect(with(port, { interconnectName = "parent" }))).interconnectId
  return interconnect
end

local vlan = 100

local function hosted(member)
  return function(name)
    vlan = vlan + 1
    return { [member] = an_interconnect(), ownerAccount = "999999999999", bandwidth = "50Mbps", connectionName = name,
      vlan = vlan }, { connectionId = an_interconnect() }
  end
end

-- Operation, what shows it, the member with its name, and a function from name to params (and those of the look).
local creates = {
  { "CreateConnection", "DescribeConnections", "connectionName", function(name)
    return with(port, { connectionName = name, tags = { { key = "team", value = "net" } } })
  end },
  { "CreateInterconnect", "DescribeInterconnects", "interconnectName", function(name)
    return with(port, { interconnectName = name })
  end },
  { "CreateLag", "DescribeLags", "lagName", function(name)
    return { location = "EqDC2", connectionsBandwidth = "10Gbps", numberOfConnections = 1, lagName = name }
  end },
  { "AllocateHostedConnection", "DescribeHostedConnections", "connectionName", hosted("connectionId") },
  { "AllocateConnectionOnInterconnect", "DescribeHostedConnections", "connectionName", hosted("interconnectId") },
}

describe("create_once, killed", function()
  for _, create in ipairs(creates) do
    local operation, show, member, params_of = create[1], create[2], create[3], create[4]

    it("at every request of " .. operation .. ", leaves one after a rerun", function()
      local killed = 0
      for _, when in ipairs { "before", "after" } do
        local n, line = 0, nil
        while not line and n < MOST_REQUESTS do
          n = n + 1
          local name = ("%s %s %d"):format(operation, when, n)
          local params, filter = params_of(name)
          line = run(operation, params, name, when, n)
          assert.is_true(count(show, filter, member, name) <= 1)
          if not line then
            killed = killed + 1
            local again = run(operation, params, name)
            assert.matches("^dx", again)
            assert.equal(when == "after" and n >= 2, again:find(" true$") ~= nil, again)
          end
          assert.equal(1, count(show, filter, member, name))
          assert.matches("^dx%S+ true$", run(operation, params, name))
        end
        assert.matches("^dx%S+ nil$", line)
      end
      assert.is_true(killed >= 4)
    end)
  end
end)
