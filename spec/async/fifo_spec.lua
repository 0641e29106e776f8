local fifo = require "dxconnect.async.fifo"

describe("a queue", function()
  it("gives first what came first", function()
    local queue = fifo.new()
    queue:push("a")
    queue:push("b")
    assert.equal("a", queue:pop())
    queue:push("c")
    assert.equal("b", queue:pop())
    assert.equal("c", queue:pop())
    assert.is_nil(queue:pop())
  end)

  it("counts what it holds, emptied and filled again too", function()
    local queue = fifo.new()
    assert.equal(0, queue:count())
    for round = 1, 3 do
      queue:push(round)
      queue:push(round)
      assert.equal(2, queue:count())
      queue:pop()
      assert.equal(1, queue:count())
      queue:pop()
      assert.equal(0, queue:count())
      assert.is_nil(queue:pop())
      assert.equal(0, queue:count())
    end
  end)

  it("keeps nothing of what it gave away", function()
    local queue = fifo.new()
    local kept = setmetatable({}, { __mode = "v" })
    kept[1] = {}
    queue:push(kept[1])
    queue:pop()
    collectgarbage()
    collectgarbage()
    assert.is_nil(kept[1])
  end)

  it("passes over places that hold nothing", function()
    local queue = fifo.new()
    for i = 1, 5 do
      queue:push(i)
    end
    queue[queue.first], queue[queue.first + 2] = nil, nil
    assert.same({ 2, 4, 5 }, { queue:pop(), queue:pop(), queue:pop() })
    assert.is_nil(queue:pop())
    assert.equal(0, queue:count())
  end)
end)
