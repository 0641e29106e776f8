local dxconnect = require "dxconnect"
local emulated = require "spec.support.emulated"
local shell = require "spec.support.shell"
local world = require "spec.support.world"

local ok, fault = world.ok, world.fault

local directory

before_each(function()
  directory = os.tmpname()
  os.remove(directory)
  assert(os.execute("mkdir " .. directory))
end)

after_each(function()
  os.execute("rm -rf " .. directory)
end)

local function files()
  return shell.output("LC_ALL=C ls -A " .. directory)
end

local PDF = "%PDF-1.4\n\0\255\r\n"
local LOA = ok '{"loaContent":"JVBERi0xLjQKAP8NCg==","loaContentType":"application/pdf"}'

describe("client:save_loa", function()
  it("writes the exact bytes into a file that only its owner can read", function()
    local client, record = world.client { LOA }
    local path = directory .. "/loa.pdf"
    local saved = assert(client:save_loa("dxcon-1", path, { provider_name = "EqDC" }))
    assert.same({ path = path, bytes = #PDF, type = "application/pdf" }, saved)
    assert.matches("loa.pdf", tostring(saved))
    assert.equal(PDF, shell.read(path))
    assert.truthy(shell.output("ls -l " .. path):find("^%-rw%-%-%-%-%-%-%-"))
    assert.matches("DescribeLoa$", record.requests[1].headers["x-amz-target"])
    assert.same({ connectionId = "dxcon-1", providerName = "EqDC" },
      require("cjson").decode(record.requests[1].body))
    assert.equal("loa.pdf\n", files())
  end)

  it("never writes over what is there, unless it is told to", function()
    local client = world.client { LOA }
    os.execute(("cd %s && echo old > file && ln -s file link && ln -s nowhere dangling && mkdir folder"):format(
      directory))
    for _, name in ipairs { "file", "link", "dangling", "folder" } do
      local saved, err = client:save_loa("dxcon-1", directory .. "/" .. name)
      assert.is_nil(saved)
      assert.equal("config", err.kind)
      assert.equal("DescribeLoa", err.operation)
      assert.matches("exists.*overwrite = true", tostring(err))
    end
    assert.equal("old\n", shell.read(directory .. "/file"))
    assert(client:save_loa("dxcon-1", directory .. "/link", { overwrite = true }))
    assert.equal(PDF, shell.read(directory .. "/link"))
    assert.equal("old\n", shell.read(directory .. "/file"))
    assert(client:save_loa("dxcon-1", directory .. "/file", { overwrite = true }))
    assert.equal(PDF, shell.read(directory .. "/file"))
    assert.is_nil((client:save_loa("dxcon-1", directory .. "/folder", { overwrite = true })))
    assert.equal("dangling\nfile\nfolder\nlink\n", files())
  end)

  it("writes nothing where the call fails, or the answer has no content", function()
    for _, case in ipairs {
      { fault(400, "DirectConnectClientException", "Could not find Connection with ID dxcon-1"), "service" },
      { ok '{"loaContentType":"application/pdf"}', "response" },
      { ok '{"loaContent":""}', "response" },
      { ok "{", "response" },
      { { lost = "reset" }, "transport" },
    } do
      local client = world.client({ case[1] }, { max_attempts = 1 })
      local saved, err = client:save_loa("dxcon-1", directory .. "/loa.pdf")
      assert.is_nil(saved)
      assert.equal(case[2], err.kind)
      assert.equal("", files())
    end
  end)

  it("leaves nothing behind where the file can't be written", function()
    local client = world.client { LOA }
    for _, path in ipairs { directory .. "/none/loa.pdf", "/proc/loa.pdf", directory .. "/" .. ("x"):rep(300),
      directory .. "/a\0b", directory .. "/" } do
      local saved, err = client:save_loa("dxcon-1", path)
      assert.is_nil(saved)
      assert.equal("config", err.kind)
    end
    assert.equal("", files())
    -- a full disk: no file may have a byte
    local script = ([[
      local dxconnect = require "dxconnect"
      local client = assert(dxconnect.client { region = "us-east-1", credentials = { access_key_id = "a",
        secret_access_key = "b" }, config_file = "/dev/null", shared_credentials_file = "/dev/null",
        transport = function()
          return { status = 200, headers = {}, body = '{"loaContent":"JVBERi0xLjQKAP8NCg=="}' }
        end })
      print(client:save_loa("dxcon-1", "%s/loa.pdf"))]]):format(directory)
    local command = ("trap '' XFSZ; ulimit -f 0; LUA_PATH=%s LUA_CPATH=%s exec %s -e %s"):format(
      shell.quote(package.path), shell.quote(package.cpath), shell.lua, shell.quote(script))
    assert.matches("^nil\tDescribeLoa: ConfigError", shell.output(command .. " | cat"))
    assert.equal("", files())
  end)

  it("leaves a whole file, the old one or the new, where the process is killed at any moment", function()
    local path = directory .. "/file"
    local script = ([[
      local core = require "dxconnect.core"
      for i = 1, math.huge do
        assert(core.write_file(%q, (i %% 2 == 0 and "a" or "b"):rep(1000000), "replace"))
      end]]):format(path)
    shell.write(path, ("a"):rep(1000000)) -- a busy machine may kill before the first write
    for round = 1, 5 do
      shell.output(("LUA_PATH=%s LUA_CPATH=%s timeout -s KILL 0.%d %s -e %s"):format(shell.quote(package.path),
        shell.quote(package.cpath), round + 1, shell.lua, shell.quote(script)))
      local content = shell.read(path)
      assert.equal(1000000, #content)
      assert.is_nil(content:find(content:sub(1, 1) == "a" and "b" or "a", 1, true))
    end
  end)

  it("writes through the client's own system, and tells it whether it may replace a file", function()
    local calls = {}
    local client = world.client({ LOA }, { system = {
      getenv = function() end,
      write_file = function(...)
        calls[#calls + 1] = { ... }
        if #calls == 3 then
          error("no disk")
        end
        return true
      end,
    } })
    assert(client:save_loa("dxcon-1", "a"))
    assert(client:save_loa("dxcon-1", "b", { overwrite = true }))
    assert.same({ { "a", PDF, "new" }, { "b", PDF, "replace" } }, calls)
    local saved, err = client:save_loa("dxcon-1", "c")
    assert.is_nil(saved)
    assert.matches("no disk", err.message)
  end)

  it("tells what is wrong with its arguments before it asks anybody", function()
    local client, record = world.client { LOA }
    local _, err = client:save_loa(nil, 5)
    assert.equal("ParamValidationError", err.code)
    assert.same({ "connectionId", "path" }, { err.problems[1].path, err.problems[2].path })
    _, err = client:save_loa("dxcon-1", "x", { overwite = true })
    assert.equal("ConfigError", err.code)
    assert.matches("overwrite", err.message)
    _, err = client:save_loa("dxcon-1", "x", { overwrite = 1 })
    assert.equal("ConfigError", err.code)
    assert.equal(0, #record.requests)
    local fine, message = pcall(function()
      client:save_loa("dxcon-1", "x", "overwrite")
    end)
    assert.is_false(fine)
    assert.matches("save_file_spec.lua:%d+: save_loa: options", message)
  end)

  it("takes connections, LAGs and interconnects, in tasks side by side", function()
    local client, _, record = emulated.world()
    local ids = {
      assert(client:create_connection { location = "EqDC2", bandwidth = "10Gbps", connectionName = "c" }).connectionId,
      assert(client:create_lag {
        location = "EqDC2", connectionsBandwidth = "10Gbps", numberOfConnections = 1, lagName = "l",
      }).lagId,
      assert(client:create_interconnect { location = "EqDC2", bandwidth = "10Gbps", interconnectName = "i" })
        .interconnectId,
    }
    record.now = record.now + 86400
    local tasks = {}
    for i, id in ipairs(ids) do
      tasks[i] = function()
        return client:save_loa(id, directory .. "/" .. id .. ".pdf")
      end
    end
    for i, entry in ipairs(dxconnect.parallel(tasks)) do
      assert.is_nil(entry.error, tostring(entry.error))
      local content = shell.read(entry.result.path)
      assert.equal(entry.result.bytes, #content)
      assert.matches("^%%PDF", content)
      assert.truthy(content:find(ids[i], 1, true))
    end
  end)
end)

describe("client:save_router_configuration", function()
  local CONFIGURATION = ok('{"customerRouterConfig":"router bgp 65001\\n password s3cret\\n","router":{},'
    .. '"virtualInterfaceId":"dxvif-1"}')

  -- The router type that was asked for; nil and the error where none was.
  local function asked(router)
    local client, record = world.client { CONFIGURATION }
    local saved, err = client:save_router_configuration("dxvif-1", directory .. "/config", {
      router = router, overwrite = true,
    })
    if not saved then
      assert.equal(0, #record.requests)
      return nil, err
    end
    return record.requests[1].body:match('"routerTypeIdentifier":"([^"]+)"') or "none"
  end

  it("writes the configuration, which may hold the key of BGP, for its owner alone", function()
    local client = world.client { CONFIGURATION }
    local path = directory .. "/config"
    local saved = assert(client:save_router_configuration("dxvif-1", path))
    assert.same({ path = path, bytes = 34, type = "text/plain" }, saved)
    assert.equal("router bgp 65001\n password s3cret\n", shell.read(path))
    assert.truthy(shell.output("ls -l " .. path):find("^%-rw%-%-%-%-%-%-%-"))
    local again, err = client:save_router_configuration("dxvif-1", path)
    assert.is_nil(again)
    assert.is_nil(tostring(err):find("s3cret", 1, true))
  end)

  it("takes the identifier of a router type, one that is not known included, or words", function()
    assert.equal("none", asked(nil))
    for _, router in ipairs(dxconnect.routers) do
      assert.equal(router.routerTypeIdentifier, asked(router.routerTypeIdentifier))
      assert.equal(router.routerTypeIdentifier, asked(router.vendor .. " " .. router.platform))
    end
    assert.equal("NewVendor-BigBox-OS99", asked "NewVendor-BigBox-OS99")
    assert.equal("CiscoSystemsInc-Nexus9KSeriesSwitches-NXOS93", asked "cisco nexus 9k")
    assert.equal("PaloAltoNetworks-PA3000and5000series-PANOS803", asked "Palo Alto")
    assert.equal("JuniperNetworksInc-MMXSeriesRouters-JunOS95", asked "juniper MX")
  end)

  it("lists the choices where words fit several, or none", function()
    local _, err = asked "cisco"
    assert.equal("ParamValidationError", err.code)
    assert.equal(5, #err.choices)
    assert.equal("Cisco Systems, Inc.", err.choices[1].vendor)
    assert.matches("CiscoSystemsInc%-2900", tostring(err.choices[1]))
    assert.matches("5 router types.*CiscoSystemsInc%-Nexus9K", tostring(err))
    for _, words in ipairs { "nokia", "", " ", "cisco mx" } do
      _, err = asked(words)
      assert.equal(#dxconnect.routers, #err.choices, words)
    end
  end)

  it("works on the emulator with every router type", function()
    local client, _, record = emulated.world()
    local id = assert(client:create_private_virtual_interface {
      connectionId = emulated.connection(client, record),
      newPrivateVirtualInterface = {
        virtualInterfaceName = "one", vlan = 101, asn = 65001, authKey = "bgp-secret", virtualGatewayId = "vgw-1",
      },
    }).virtualInterfaceId
    for _, router in ipairs(dxconnect.routers) do
      local path = directory .. "/" .. router.routerTypeIdentifier
      assert(client:save_router_configuration(id, path, { router = router.routerTypeIdentifier }))
      assert.matches("bgp%-secret", shell.read(path))
    end
    assert.matches("JuniperNetworksInc", tostring(dxconnect.routers))
  end)
end)
