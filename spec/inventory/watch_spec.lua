local dxconnect = require "dxconnect"
local estates = require "spec.support.estates"

local FAILED = { __type = "AccessDeniedException", message = "no" }

-- Watches an estate that shows each of `readings` in turn, until the one after the last. Returns what was told.
local function watched(readings, options)
  local told, reads = {}, 0
  local function now()
    local last = readings[#readings]
    return readings[reads] or {
      DescribeConnections = last.DescribeConnections,
      DescribeLags = { { lagId = "dxlag-end" }, (last.DescribeLags or {})[1] },
    }
  end
  local client = estates.client(setmetatable({
    DescribeConnections = function() -- every reading begins with this list
      reads = reads + 1
      return now().DescribeConnections
    end,
  }, { __index = function(_, operation)
    return now()[operation]
  end }))
  local all = { clients = { main = client }, interval = 1e-3 }
  for name, value in pairs(options or {}) do
    all[name] = value
  end
  function all.on_change(change, inventory, watch)
    assert.is_table(inventory.resources)
    if change.id == "dxlag-end" then
      return watch:stop()
    end
    told[#told + 1] = ("%d %s %s %s"):format(reads, change.change, change.id, tostring(change.after))
  end
  all.on_error = all.on_error or function(entry)
    told[#told + 1] = ("%d error %s"):format(reads, entry.operation)
  end
  return told, assert(dxconnect.watch(all))
end

local function ports(...)
  local list = {}
  for i, state in ipairs { ... } do
    list[i] = state and estates.port("dxcon-" .. i, { connectionState = state }) or nil
  end
  return { DescribeConnections = list }
end

describe("dxconnect.watch", function()
  it("tells each reading, after its changes", function()
    local order = {}
    local client = estates.client { DescribeConnections = function()
      return { #order > 0 and estates.port "dxcon-2" or estates.port "dxcon-1" }
    end }
    assert(dxconnect.watch {
      clients = client, interval = 1e-3,
      on_change = function(change)
        order[#order + 1] = change.change .. " " .. change.kind
      end,
      on_read = function(inventory, watch)
        order[#order + 1] = inventory.resources[1].id
        if #order > 1 then
          watch:stop()
        end
      end,
    })
    assert.equal("dxcon-1", order[1])
    assert.equal("dxcon-2", order[#order])
    assert.matches("added connection", table.concat(order, ","))
  end)

  it("tells each change once, in order; the first reading is none", function()
    local told, watch = watched { ports("available"), ports("available"), ports("down"), ports("down", "pending") }
    assert.same({ "3 changed dxcon-1 down", "4 added dxcon-2 pending" }, told)
    assert.is_true(watch.inventory.complete)
  end)

  it("takes a list that could not be read for no change, and compares it when it is seen next", function()
    local cut = { DescribeConnections = FAILED }
    assert.same({ "2 error DescribeConnections", "3 changed dxcon-1 down" },
      (watched { ports("available"), cut, ports("down") }))
    assert.same({ "2 error DescribeConnections", "3 error DescribeConnections" },
      (watched { ports("available"), cut, cut, ports("available") }))
    local told = watched { ports("available", "available"), cut, ports("available") }
    assert.same({ "2 error DescribeConnections", "3 removed dxcon-2 nil" }, told)
  end)

  it("keeps the newest complete inventory", function()
    local _, watch = watched({ ports("available"), { DescribeConnections = FAILED } }, { on_error = function(_, its)
      its:stop()
    end })
    assert.equal("available", watch.inventory:find("dxcon-1").state)
  end)

  it("tells of the kinds that were asked for", function()
    local told = watched({
      ports("available"),
      { DescribeConnections = { estates.port "dxcon-9" },
        DescribeLags = { { lagId = "dxlag-1", lagState = "pending" } } },
    }, { kinds = { "lag" } })
    assert.same({ "2 added dxlag-1 pending" }, told)
  end)

  it("runs beside other tasks, and stops at once", function()
    local client = estates.client(ports("available"))
    local results = dxconnect.parallel {
      function()
        local watch = assert(dxconnect.watch { clients = client, interval = 3600 })
        assert.matches("running", tostring(watch))
        while not watch.inventory do
          dxconnect.sleep(1e-3)
        end
        watch:stop()
        return "stopped"
      end,
    }
    assert.equal("stopped", results[1].result)
  end)

  it("refuses wrong options, all at once", function()
    local watch, err = dxconnect.watch { clients = 1, interval = -1, on_change = 5, kinds = { "ports" }, intervall = 1 }
    assert.is_nil(watch)
    assert.equal("params", err.kind)
    assert.is_true(#err.problems >= 5, tostring(err))
    assert.is_nil((dxconnect.watch()))
    assert.is_nil((dxconnect.watch(5)))
  end)
end)
