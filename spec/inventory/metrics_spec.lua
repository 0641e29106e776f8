local estates = require "spec.support.estates"
local shell = require "spec.support.shell"

local function metrics()
  local lists = {
    DescribeConnections = { estates.port("dxcon-1", {
      connectionName = 'a "quoted" \\ name\nin two lines', macSecCapable = true, encryptionMode = "must_encrypt",
      portEncryptionStatus = "Encryption Up", prefixPoolSizeIpv4 = 1000, prefixPoolUnallocatedCountIpv4 = 900,
      macSecKeys = { { ckn = ("ab"):rep(32), state = "associated", startOn = "2026-01-01T00:00:00Z" } },
    }) },
    DescribeVirtualInterfaces = { estates.interface("dxvif-1", "dxcon-1", "gw-1", { authKey = "secret-key-1" }) },
    DescribeLags = { __type = "AccessDeniedException", message = "no" },
  }
  return estates.inventory(lists):metrics()
end

describe("inventory:metrics", function()
  it("tells what is up, what could be read, keys, pools, quotas and findings", function()
    local text = metrics()
    for _, line in ipairs {
      'dxconnect_up{client="main",region="us-east-1",operation="DescribeConnections"} 1',
      'dxconnect_up{client="main",region="us-east-1",operation="DescribeLags"} 0',
      'dxconnect_resource_state{kind="virtual_interface",id="dxvif-1",name="name of dxvif-1",state="available"} 1',
      'dxconnect_bgp_up{id="peer-dxvif-1",interface="dxvif-1",address_family="ipv4"} 1',
      'dxconnect_mac_sec_keys{id="dxcon-1",state="associated"} 1',
      'dxconnect_prefix_pool_size{id="dxcon-1",address_family="ipv4"} 1000',
      'dxconnect_prefix_pool_unallocated{id="dxcon-1",address_family="ipv4"} 900',
      'dxconnect_quota_used{id="dxcon-1",quota="interfaces_per_port"} 1',
      'dxconnect_quota_allowed{id="dxcon-1",quota="interfaces_per_port"} 51',
      'dxconnect_findings{rule="incomplete",severity="warning"} 1',
      "# TYPE dxconnect_up gauge",
    } do
      assert.is_truthy(text:find(line, 1, true), line .. "\n" .. text)
    end
    assert.matches('dxconnect_encryption_up{id="dxcon%-1"[^\n]*} 1\n', text)
    assert.matches("\ndxconnect_read_timestamp_seconds %d+", text)
    assert.matches("\ndxconnect_mac_sec_key_age_seconds{[^\n]*} %d+\n", text)
    assert.is_truthy(text:find('name="a \\"quoted\\" \\\\ name\\nin two lines"', 1, true))
    assert.is_nil(text:find("secret-key-1", 1, true))
  end)

  it("names each family once, with help and type before its samples", function()
    local seen = {}
    for kind, name in metrics():gmatch("# (%u+) ([%w_]+) ") do
      assert.is_nil(seen[kind .. name])
      seen[kind .. name] = true
    end
    assert.is_true(seen["HELPdxconnect_up"] and seen["TYPEdxconnect_up"])
  end)

  if shell.lines("command -v promtool || true")[1] then
    it("passes promtool, but for the names of metrics about MACsec, in which it sees a unit", function()
      local path = os.tmpname()
      local file = assert(io.open(path, "w"))
      file:write(metrics())
      file:close()
      local said = shell.lines("promtool check metrics <" .. path .. " 2>&1")
      os.remove(path)
      for _, line in ipairs(said) do
        assert.matches("^dxconnect_mac_sec_[%w_]+ metric names should not contain abbreviated units$", line)
      end
    end)
  end
end)
