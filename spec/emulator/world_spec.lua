local ordered = require "dxconnect.emulator.ordered"
local states = require "dxconnect.emulator.state"
local timeline = require "dxconnect.emulator.timeline"

describe("the emulator's world", function()
  local now, state, world

  before_each(function()
    now = 1000
    state = states.new(function()
      return now
    end, { delays = { connection = { requested = 10, pending = 20, deleting = 30, deleted = 40 } } })
    world = states.view(state, "us-east-1", "111122223333")
  end)

  local function add()
    return world:add("connection", { connectionId = world:new_id("dxcon"), tags = {}, macSecKeys = {} })
  end

  local function pass(seconds)
    now = now + seconds
    states.advance(state)
  end

  it("moves records through their states, each step counted from the one before", function()
    local record = add()
    world:walk(record, { "requested", "pending", "available", "@gone" })
    assert.equal("requested", record.connectionState)
    pass(10)
    assert.equal("pending", record.connectionState)
    pass(19)
    assert.equal("pending", record.connectionState)
    assert.equal(record, world:find("connection", record.connectionId))
    pass(1)
    assert.is_nil(world:find("connection", record.connectionId))
  end)

  it("does at its own time what passed unseen, in order", function()
    local seen = {}
    local first, second = add(), add()
    function timeline.actions.note(view, record)
      seen[#seen + 1] = { record, view:now() }
    end
    world:walk(first, { "requested", "@note", "@note" })
    world:walk(second, { "pending", "@note" }, 15)
    pass(1000)
    timeline.actions.note = nil
    assert.same({ { first, 1010 }, { second, 1015 }, { first, 1020 } }, seen)
    assert.equal(2000, world:now())
  end)

  it("forgets where a record was going when it is moved anew, or halted", function()
    local record = add()
    world:walk(record, { "requested", "available" })
    world:walk(record, { "pending", "deleting" })
    pass(10)
    assert.equal("pending", record.connectionState)
    world:halt(record)
    pass(100)
    assert.equal("pending", record.connectionState)
  end)

  it("lets a step move the record elsewhere", function()
    local record = add()
    function timeline.actions.turn(view, target)
      view:walk(target, { "pending", "available" })
    end
    world:walk(record, { "requested", "@turn", "deleted" })
    pass(10)
    assert.equal("pending", record.connectionState)
    pass(100)
    timeline.actions.turn = nil
    assert.equal("available", record.connectionState)
  end)

  it("moves parts that are no resources, and takes them out of their record", function()
    local record = add()
    local key = world:add_part(record, "macSecKeys", { secretARN = "arn:x" })
    world:walk(key, { "disassociating", "disassociated", "@gone" })
    assert.same({ key }, record.macSecKeys)
    pass(60)
    assert.equal("disassociated", key.state)
    pass(60)
    assert.same({}, record.macSecKeys)
  end)

  it("does not go back when its clock does", function()
    local record = add()
    world:walk(record, { "requested", "pending" })
    pass(10)
    pass(-500)
    assert.equal("pending", record.connectionState)
    assert.equal(510, world:now())
  end)

  it("knows what is moving", function()
    local record = add()
    world:check_settled(record)
    world:make_busy(record)
    assert.has_error(function()
      world:check_settled(record)
    end)
    pass(60)
    world:check_settled(record)
  end)

  it("makes ids in the service's form, and does not repeat itself", function()
    local seen = {}
    for _ = 1, 5000 do
      local id = world:new_id("dxvif")
      assert.matches("^dxvif%-%l%l%w%w%w%w%w%w$", id)
      assert.is_nil(seen[id])
      seen[id] = true
    end
  end)

  local function listed(view, kind)
    local list = {}
    for record in view:list(kind):each() do
      list[#list + 1] = record
    end
    return list
  end

  it("keeps kinds apart, and regions where a kind has them", function()
    local elsewhere = states.view(state, "eu-west-1", "111122223333")
    local record = add()
    assert.is_nil(elsewhere:find("connection", record.connectionId))
    assert.is_nil(world:find("lag", record.connectionId))
    local gateway = world:add("gateway", { directConnectGatewayId = "g" })
    assert.equal(gateway, elsewhere:get("gateway", "g"))
    assert.same({ gateway }, listed(elsewhere, "gateway"))
    assert.equal(gateway, elsewhere:find_arn("arn:aws:directconnect::111122223333:dx-gateway/g"))
  end)

  it("keeps the order of records when some go", function()
    local list = {}
    for i = 1, 50 do
      list[i] = add()
    end
    for _ = 1, 30 do
      world:remove(list[2])
      world:remove(list[2])
      table.remove(list, 2)
    end
    assert.same(list, listed(world, "connection"))
  end)

  it("finds records by the members that are indexed, also after these changed", function()
    local record = add()
    world:put(record, "_parent", "dxcon-a")
    assert.equal(record, world:each_by("connection", "_parent", "dxcon-a")())
    world:put(record, "_parent", "dxcon-b")
    assert.is_nil(world:each_by("connection", "_parent", "dxcon-a")())
    assert.equal(record, world:each_by("connection", "_parent", "dxcon-b")())
  end)
end)

describe("the emulator's ordered records", function()
  it("take one back where it was, and walk on behind any", function()
    local list, records = ordered.new(), {}
    for i = 1, 40 do
      records[i] = { _sequence = i * 10 }
      list:add(records[i])
    end
    for i = 1, 40, 2 do
      list:remove(records[i])
    end
    assert.equal(20, list.count)
    list:add(records[7])
    local after = {}
    for record in list:each(50) do
      after[#after + 1] = record._sequence
    end
    assert.same({ 60, 70, 80, 100 }, { after[1], after[2], after[3], after[4] })
  end)
end)
