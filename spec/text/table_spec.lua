local core = require "dxconnect.core"
local dxconnect = require "dxconnect"
local growth = require "spec.support.growth"
local operations = require "dxconnect.operations"
local table_text = require "dxconnect.text.table"
local types = require "dxconnect.text.types"

local function lines(text)
  local list = {}
  for line in (text .. "\n"):gmatch("([^\n]*)\n") do
    list[#list + 1] = line
  end
  return list
end

local function connections(list)
  return types.mark(list, "ConnectionList")
end

describe("dxconnect.table", function()
  it("shows the main columns of the list's shape", function()
    assert.same({
      "connectionId  connectionName  connectionState  bandwidth  location  lagId  region",
      "dxcon-a       first           available        10Gbps     EqDC2",
      "dxcon-bcdef   second          down                                  dxlag  us-east-1",
    }, lines(dxconnect.table(connections {
      { connectionId = "dxcon-a", connectionName = "first", connectionState = "available", bandwidth = "10Gbps",
        location = "EqDC2" },
      { connectionId = "dxcon-bcdef", connectionName = "second", connectionState = "down", lagId = "dxlag",
        region = "us-east-1" },
    }, { width = 100 })))
  end)

  it("has main columns that exist for every list of a result", function()
    local columns = require "dxconnect.text.columns"
    for name, main in pairs(columns.main) do
      local info = assert(types.of_shape(name), name)
      for i = 2, #main do
        assert.is_table(info.members[main[i]:match("^[^.]+")], name .. "." .. main[i])
      end
    end
    for _, op in ipairs(operations.operations) do
      local output = types.of_shape(core.model().operations[op.name].output or "")
      local member = output and op.items and output.members[op.items]
      local list = member and setmetatable({}, types.shape(member.shape))
      if list and types.of_shape(types.of_shape(member.shape).item).kind == "structure" then
        assert.is_true(#columns.of(list) > 0, member.shape)
      end
    end
  end)

  it("takes columns by name and path, a tag by its key", function()
    local list = connections {
      { connectionId = "a", tags = { { key = "env", value = "prod" }, { key = "a.b", value = "dotted" } },
        macSecKeys = { { ckn = "01" } } },
      { connectionId = "b", tags = {} },
    }
    assert.same({
      "connectionId  tags.env  tags.a.b  macSecKeys.1.ckn  tags",
      "a             prod      dotted    01                env=prod, a.b=dotted",
      "b",
    }, lines(dxconnect.table(list, { columns = { "connectionId", "tags.env", "tags.a.b", "macSecKeys.1.ckn", "tags" },
      width = 100 })))
    assert.same({ "tags.env  x", "prod      1" },
      lines(dxconnect.table({ { tags = { env = "prod" }, x = 1 } }, { columns = { "tags.env", "x" } })))
  end)

  it("shows plain tables by all of their plain members, and other lists by their values", function()
    assert.same({ "a  b", "1", "   x" }, lines(dxconnect.table { { a = 1, c = {} }, { b = "x" } }))
    assert.same({ "value", "x", "y" }, lines(dxconnect.table { "x", "y" }))
    assert.equal("", dxconnect.table {})
    assert.matches("^connectionId", dxconnect.table(connections {}))
  end)

  it("takes the list out of a result that holds one", function()
    local result = assert(core.decode(operations.find("DescribeLags").id, '{"lags":[{"lagId":"dxlag-1"}]}'))
    assert.matches("dxlag%-1", dxconnect.table(result))
  end)

  it("shows times as ISO 8601, bytes by their number, and hides secrets", function()
    local list = connections { { loaIssueTime = 1767323045, connectionId = "a" } }
    assert.same({ "loaIssueTime", "2026-01-02T03:04:05Z" },
      lines(dxconnect.table(list, { columns = { "loaIssueTime" } })))
    local interfaces = types.mark({ { authKey = "hush" } }, "VirtualInterfaceList")
    assert.same({ "authKey", "<hidden>" }, lines(dxconnect.table(interfaces, { columns = { "authKey" } })))
    assert.same({ "authKey", "hush" }, lines(dxconnect.table(interfaces, { columns = { "authKey" }, reveal = true })))
    local secrets = { { key = dxconnect.secret("hushhush"), tags = { { key = "cak", value = "hush" } } } }
    assert.is_nil(dxconnect.table(secrets, { columns = { "key", "tags", "tags.cak" } }):find("hush", 1, true))
    assert.matches("hushhush", dxconnect.table(secrets, { columns = { "key" }, reveal = true }))
  end)

  describe("within a width", function()
    local id = "dxcon-" .. ("f"):rep(30)
    local list = connections {
      { connectionId = id, connectionName = ("name "):rep(20), connectionState = "available", bandwidth = "10Gbps",
        location = "EqDC2", region = "us-east-1" },
    }

    it("cuts names, never ids, and names the columns that it leaves out", function()
      for width = 40, 130 do
        local text = dxconnect.table(list, { width = width })
        assert.matches(id, text, 1, true)
        for _, line in ipairs(lines(text)) do
          assert.is_true(core.text_width(line) <= width, line)
        end
      end
      local text = dxconnect.table(list, { width = 80 })
      assert.matches("name name.*…", text)
      assert.matches("%(no room for: location, lagId, region%)", text)
      assert.is_nil(dxconnect.table(list, { width = 1000 }):find("no room", 1, true))
    end)

    it("keeps the first column whatever it takes", function()
      assert.equal(id, lines(dxconnect.table(list, { width = 10 }))[2])
    end)

    it("counts wide and combining characters as a terminal does", function()
      for text, width in pairs { ["日本語"] = 6, ["e\204\129"] = 1, ["👍"] = 2, ["👍🏽"] = 2, ["👨‍👩‍👧"] = 2, ["🇩🇪"] = 2,
        ["❤️"] = 2, ["한국"] = 4, ["ｱ"] = 1, ["é"] = 1, [""] = 0 } do
        assert.equal(width, (core.text_width(text)), text)
        local row = lines(dxconnect.table({ { a = text, b = "|" } }, { columns = { "a", "b" } }))[2]
        assert.equal(text .. (" "):rep(math.max(1 - width, 0) + 2) .. "|", row)
      end
      local cut = lines(dxconnect.table({ { name = ("日本"):rep(10), x = "|" } }, {
        columns = { "name", "x" }, width = 16,
      }))
      assert.equal("日本日本日本…  |", cut[2]:gsub(" +|", "  |"))
      assert.is_nil(core.text_width("\255"))
    end)
  end)

  it("lets no control character reach the terminal", function()
    local text = dxconnect.table({ { name = "a\27[31m\n\0b\194\155c\226\128\174d\255" }, { name = "x\127\194\133" } })
    assert.is_nil(text:gsub("\n", ""):find("[%z\1-\31\127\255]"))
    assert.is_nil(text:find("\194[\128-\159]"))
    assert.is_nil(text:find("\226\128\174", 1, true))
  end)

  it("tells what is wrong with a list or an option", function()
    for words, case in pairs {
      ["expected a list, got a string"] = { "x" }, ["expected a list, got another table"] = { { a = 1 } },
      ["expected a list, got a nil"] = {}, ["there is no option widht; did you mean width"] = { {}, { widht = 1 } },
      ["width: expected a number"] = { {}, { width = "80" } },
      ["width: expected a whole number"] = { {}, { width = 0 } },
      ["columns: expected a table"] = { {}, { columns = "a" } },
      ["columns: expected at least"] = { {}, { columns = {} } },
      ["columns%[2%]: expected a member's name"] = { {}, { columns = { "a", 1 } } },
      ["reveal: expected a boolean"] = { {}, { reveal = "yes" } },
      ["Connection has no member connectionid; did you mean connectionId"] =
        { connections { { connectionId = "a" } }, { columns = { "connectionid" } } },
    } do
      local text, err = dxconnect.table(case[1], case[2])
      assert.is_nil(text)
      assert.equal("ParamValidationError", err.code)
      assert.matches(words, err.message)
    end
    assert.is_string(dxconnect.table(connections { { newer = 1 } }, { columns = { "newer" } }))
  end)

  it("takes time in proportion to what it shows", function()
    local cost = growth.ratio(function(list)
      table_text.render(list, { width = 60 })
    end, function(n)
      local list = {}
      for i = 1, n do
        list[i] = { connectionId = "dxcon-" .. i, connectionName = ("x"):rep(i % 100), location = "EqDC2" }
      end
      return connections(list)
    end, 500)
    assert.is_true(cost < growth.LINEAR)
    cost = growth.ratio(function(list)
      table_text.render(list, { width = 60 })
    end, function(n)
      return { { name = ("日"):rep(n), other_name = ("x\27"):rep(n) } }
    end, 20000)
    assert.is_true(cost < growth.LINEAR)
  end)

  it("costs in proportion to the number of columns", function()
    local list = { { c1 = 1 }, { c1 = 2 } }
    local cost = growth.ratio(function(columns)
      assert(table_text.render(list, { columns = columns, width = 80 }))
    end, function(n)
      local columns = {}
      for k = 1, n do
        columns[k] = "c" .. k
      end
      return columns
    end, 100)
    assert.is_true(cost < growth.LINEAR)
  end)
end)
