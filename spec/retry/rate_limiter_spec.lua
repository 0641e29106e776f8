local rate_limiter = require "dxconnect.retry.rate_limiter"

describe("rate_limiter", function()
  it("lets everything pass until the service throttles", function()
    local limiter = rate_limiter.new(100)
    for i = 1, 50 do
      assert.equal(0, limiter:take(100 + i / 10))
      limiter:answered(100 + i / 10, false)
    end
  end)

  it("slows down when throttled and recovers afterwards", function()
    local limiter = rate_limiter.new(0)
    for i = 1, 40 do
      limiter:take(i / 10)
      limiter:answered(i / 10, false)
    end
    limiter:answered(4.1, true)
    local rate = limiter.fill_rate
    local waited = 0
    for _ = 1, 20 do
      waited = waited + limiter:take(4.1)
    end
    assert.is_true(waited > 0)
    for i = 1, 300 do
      limiter:answered(4.1 + i / 10, false)
    end
    assert.is_true(limiter.fill_rate > rate)
  end)
end)
