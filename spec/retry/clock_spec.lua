local clocks = require "dxconnect.retry.clock"

local NOW = 1700000000 -- Tue, 14 Nov 2023 22:13:20 GMT
local DATE = "Tue, 14 Nov 2023 22:13:20 GMT"
local DAY = 86400

describe("the service's clock", function()
  it("follows the date of an answer, ahead or behind", function()
    local clock = clocks.new()
    for _, offset in ipairs { 90, -90, 3600, -3600, 0, 2, -1 } do
      assert.is_true(clock:learn(NOW + offset, NOW, 0))
      assert.equal(offset, clock.offset)
    end
  end)

  it("keeps what fits into the time that the exchange took", function()
    local clock = clocks.new()
    for date = NOW - 60, NOW do
      assert.is_true(clock:learn(date, NOW + 0.4, 60))
      assert.equal(0, clock.offset)
    end
    clock:learn(NOW - 62, NOW, 60)
    assert.equal(-2, clock.offset)
  end)

  it("reads no date of a cache, of an endless exchange, or that is none", function()
    local clock = clocks.new()
    assert.equal(NOW, clock:read(DATE, nil, 0))
    assert.equal(NOW, clock:read(DATE, nil, 900))
    assert.is_nil(clock:read(DATE, "0", 0))
    assert.is_nil(clock:read(DATE, nil, 900.1))
    assert.is_nil(clock:read(nil, nil, 0))
    assert.is_nil(clock:read("yesterday", nil, 0))
    assert.is_nil(clock:read("yesterday", nil, 0))
  end)

  it("takes over no date more than a day from both our clock and what was learned", function()
    local clock = clocks.new()
    assert.is_false(clock:learn(NOW + DAY + 1, NOW, 0))
    assert.is_false(clock:learn(NOW - DAY - 1, NOW, 0))
    assert.equal(0, clock.offset)
    assert.is_true(clock:learn(NOW + DAY, NOW, 0))
    assert.is_true(clock:learn(NOW + DAY + 60, NOW, 0)) -- near to what was learned
    assert.equal(DAY + 60, clock.offset)
    assert.is_true(clock:learn(NOW, NOW, 0)) -- near to ours
    assert.equal(0, clock.offset)
  end)

  it("explains a refusal only above four minutes", function()
    assert.is_false(clocks.explains(NOW + 240, NOW))
    assert.is_true(clocks.explains(NOW + 241, NOW))
    assert.is_true(clocks.explains(NOW - 241, NOW))
  end)

  it("tries only times that can be signed", function()
    assert.equal(5 * DAY, clocks.trial(NOW + 5 * DAY, NOW))
    assert.is_nil(clocks.trial(-62135596800, NOW))
    assert.is_nil(clocks.trial(253402300799, NOW))
  end)
end)
