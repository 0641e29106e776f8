local samples = require "spec.support.samples"
local timers = require "dxconnect.async.timers"

describe("timers", function()
  it("give what is due, the earliest first", function()
    local queue = timers.new()
    queue:add(3, "c")
    queue:add(1, "a")
    queue:add(2, "b")
    assert.equal(1, queue:next_due())
    assert.is_nil(queue:take(0.5))
    assert.equal("a", queue:take(2.5))
    assert.equal("b", queue:take(2.5))
    assert.is_nil(queue:take(2.5))
    assert.equal(3, queue:next_due())
    assert.equal("c", queue:take(3))
    assert.is_nil(queue:next_due())
  end)

  it("give first what was added first among equals", function()
    local queue = timers.new()
    for i = 1, 20 do
      queue:add(7, i)
    end
    for i = 1, 20 do
      assert.equal(i, queue:take(7))
    end
  end)

  it("forget what was taken out", function()
    local queue = timers.new()
    local first = queue:add(1, "a")
    local second = queue:add(2, "b")
    queue:add(3, "c")
    first.value = nil
    second.value = nil
    assert.equal(3, queue:next_due())
    assert.equal("c", queue:take(9))
    assert.is_nil(queue:take(9))
  end)

  it("keep their order whatever is added and taken out", function()
    local random = samples.random(7)
    local queue, expected = timers.new(), {}
    for i = 1, 500 do
      local entry = queue:add(random(100), i)
      if random(3) == 1 then
        entry.value = nil
      else
        expected[#expected + 1] = entry
      end
    end
    table.sort(expected, function(a, b)
      return a.at < b.at or (a.at == b.at and a.order < b.order)
    end)
    for _, entry in ipairs(expected) do
      assert.equal(entry.value, queue:take(100))
    end
    assert.is_nil(queue:next_due())
  end)
end)
