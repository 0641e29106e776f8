local worlds = require "dxconnect.emulator.world"

describe("the emulator's world", function()
  local now, state, world

  before_each(function()
    now = 1000
    state = worlds.new_state(function()
      return now
    end, false)
    world = worlds.view(state, "us-east-1", "111122223333")
  end)

  local function add()
    return world:add("connection", { connectionId = world:new_id("dxcon"), tags = {} })
  end

  local function pass(seconds)
    now = now + seconds
    worlds.advance(state)
  end

  it("moves records through their states, each step counted from the one before", function()
    local record = add()
    world:move(record, "a", { 10, "b", 20, "c", 30, world.GONE })
    assert.equal("a", record.connectionState)
    pass(10)
    assert.equal("b", record.connectionState)
    pass(19)
    assert.equal("b", record.connectionState)
    pass(1)
    assert.equal("c", record.connectionState)
    assert.equal(record, world:find("connection", record.connectionId))
    pass(30)
    assert.is_nil(world:find("connection", record.connectionId))
  end)

  it("does at its own time what passed unseen, in order", function()
    local seen = {}
    local first, second = add(), add()
    local function note(record)
      seen[#seen + 1] = { record, world:now() }
    end
    world:move(first, "a", { 10, note, 10, note })
    world:move(second, "a", { 15, note })
    pass(1000)
    assert.same({ { first, 1010 }, { second, 1015 }, { first, 1020 } }, seen)
    assert.equal(2000, world:now())
  end)

  it("forgets where a record was going when it is moved anew, or halted", function()
    local record = add()
    world:move(record, "a", { 10, "b" })
    world:move(record, "c", { 20, "d" })
    pass(10)
    assert.equal("c", record.connectionState)
    world:halt(record)
    pass(100)
    assert.equal("c", record.connectionState)
  end)

  it("lets a step move the record elsewhere", function()
    local record = add()
    world:move(record, "a", {
      10, function()
        world:move(record, "x", { 5, "y" })
      end,
      10, "never",
    })
    pass(10)
    assert.equal("x", record.connectionState)
    pass(100)
    assert.equal("y", record.connectionState)
  end)

  it("moves other members beside the state, and parts that are no resources", function()
    local record, part = add(), {}
    world:move(record, "a", { 10, "b" })
    world:move(record, "up", { 5, "down" }, "portEncryptionStatus")
    world:move(part, "x", { 5, "y" }, "state")
    pass(5)
    assert.equal("a", record.connectionState)
    assert.equal("down", record.portEncryptionStatus)
    assert.equal("y", part.state)
    pass(5)
    assert.equal("b", record.connectionState)
  end)

  it("does not go back when its clock does", function()
    local record = add()
    world:move(record, "a", { 10, "b" })
    pass(10)
    pass(-500)
    assert.equal("b", record.connectionState)
    assert.equal(510, world:now())
  end)

  it("knows what is changing over", function()
    local record = add()
    world:check_settled(record)
    world:make_busy(record, 10)
    assert.has_error(function()
      world:check_settled(record)
    end)
    pass(10)
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

  it("keeps kinds apart, and regions where a kind has them", function()
    local elsewhere = worlds.view(state, "eu-west-1", "111122223333")
    local record = add()
    assert.is_nil(elsewhere:find("connection", record.connectionId))
    assert.is_nil(world:find("lag", record.connectionId))
    local gateway = world:add("gateway", { directConnectGatewayId = "g" })
    assert.equal(gateway, elsewhere:get("gateway", "g"))
    assert.same({ gateway }, elsewhere:list("gateway"))
    assert.equal(gateway, elsewhere:find_arn("arn:aws:directconnect::111122223333:dx-gateway/g"))
  end)

  it("keeps the order of records when some go", function()
    local list = {}
    for i = 1, 5 do
      list[i] = add()
    end
    world:remove(list[2])
    world:remove(list[2])
    table.remove(list, 2)
    assert.same(list, world:list("connection"))
  end)
end)
