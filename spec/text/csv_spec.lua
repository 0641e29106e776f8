local dxconnect = require "dxconnect"
local growth = require "spec.support.growth"
local csv = require "dxconnect.text.csv"
local types = require "dxconnect.text.types"

describe("dxconnect.csv", function()
  it("has a head with the names as given, and quotes what needs it", function()
    assert.equal('name,"a,b"\r\nplain,1\r\n"with ""quotes""",true\r\n"line\r\nend",\r\n"a,b",1.5\r\n',
      dxconnect.csv({ { name = "plain", ["a,b"] = 1 }, { name = 'with "quotes"', ["a,b"] = true },
        { name = "line\r\nend" }, { name = "a,b", ["a,b"] = 1.5 } }, { columns = { "name", "a,b" } }))
  end)

  it("has the main columns of the list's shape, tags by key, and cells unaltered", function()
    local list = types.mark({
      { connectionId = "dxcon-1", connectionName = "=\27cmd\t日本 ", loaIssueTime = 1767323045,
        tags = { { key = "env", value = "prod" } } },
    }, "ConnectionList")
    assert.matches("^connectionId,connectionName,connectionState,", dxconnect.csv(list))
    assert.equal("connectionId,connectionName,loaIssueTime,tags.env,tags\r\n"
      .. 'dxcon-1,=\27cmd\t日本 ,1767323045,prod,"[{""key"":""env"",""value"":""prod""}]"\r\n',
      dxconnect.csv(list, { columns = { "connectionId", "connectionName", "loaIssueTime", "tags.env", "tags" } }))
  end)

  it("hides secrets unless told", function()
    local list = types.mark({ { authKey = "hush", bgpPeers = { { authKey = "hush" } } } }, "VirtualInterfaceList")
    local options = { columns = { "authKey", "bgpPeers", "bgpPeers.1.authKey" } }
    assert.is_nil(dxconnect.csv(list, options):find("hush", 1, true))
    options.reveal = true
    assert.equal(3, select(2, dxconnect.csv(list, options):gsub("hush", "")))
    local kept = { { value = dxconnect.secret("hushhush") } }
    assert.equal("value\r\n<hidden>\r\n", dxconnect.csv(kept, { columns = { "value" } }))
    assert.equal("value\r\nhushhush\r\n", dxconnect.csv(kept, { columns = { "value" }, reveal = true }))
  end)

  it("writes bytes as base64", function()
    local list = { types.mark({ loaContent = "\255\0" }, "Loa") }
    assert.equal("loaContent\r\n/wA=\r\n", dxconnect.csv(list, { columns = { "loaContent" } }))
  end)

  it("tells what is wrong", function()
    for words, case in pairs {
      ["expected a list"] = { 1 }, ["there is no option width"] = { {}, { width = 80 } },
      ["%[1%]%.a: JSON can't hold a function"] = { { { a = print } }, { columns = { "a" } } },
    } do
      local text, err = dxconnect.csv(case[1], case[2])
      assert.is_nil(text)
      assert.equal("ParamValidationError", err.code)
      assert.matches(words, err.message)
    end
  end)

  it("takes time in proportion to what it writes", function()
    local cost = growth.ratio(csv.render, function(n)
      local list = {}
      for i = 1, n do
        list[i] = { name = "x", other = 'a "b"', n = i }
      end
      return list
    end, 3000)
    assert.is_true(cost < growth.LINEAR)
  end)
end)
