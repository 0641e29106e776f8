local retry = require "dxconnect.retry"

describe("retry", function()
  describe("outcome", function()
    local cases = {
      { "refused", { "transport", "connect", nil, false }, { transient = true } },
      { "lost after sending", { "transport", "reset", nil, true }, { transient = true, ambiguous = true } },
      { "timed out after sending", { "transport", "timeout", nil, true }, { transient = true, ambiguous = true } },
      { "an untrusted certificate", { "transport", "tls", nil, false }, {} },
      { "an unusable 200", { "response", "ResponseError", 200 }, { transient = true, ambiguous = true } },
      { "500", { "service", "HTTP500", 500 }, { transient = true, ambiguous = true } },
      { "504", { "service", "HTTP504", 504 }, { transient = true, ambiguous = true } },
      { "501", { "service", "HTTP501", 501 }, { ambiguous = true } },
      { "429 without a code", { "service", "HTTP429", 429 }, { throttling = true } },
      { "throttling with status 400", { "service", "ThrottlingException", 400 }, { throttling = true } },
      { "throttling with status 503", { "service", "SlowDown", 503 }, { throttling = true } },
      { "the server's exception with status 400", { "service", "DirectConnectServerException", 400 },
        { transient = true, ambiguous = true } },
      { "the client's exception", { "service", "DirectConnectClientException", 400 }, {} },
      { "a quota", { "service", "LimitExceededException", 400 }, {} },
      { "a quota with status 500", { "service", "LimitExceededException", 500 }, {} },
      { "a wrong clock", { "service", "RequestTimeTooSkewed", 403 }, { clock = true } },
      { "an expired token", { "service", "ExpiredTokenException", 400 }, { expired = true } },
    }
    for _, case in ipairs(cases) do
      it("of " .. case[1], function()
        local what = retry.outcome((table.unpack or unpack)(case[2], 1, 4))
        for _, field in ipairs { "transient", "ambiguous", "throttling", "clock", "expired" } do
          assert.equal(case[3][field] or false, what[field] or false, field)
        end
      end)
    end
  end)

  it("lets an operation that must not repeat out again only where the first had no effect", function()
    assert.is_true(retry.may_resend("once", { transient = true }))
    assert.is_false(retry.may_resend("once", { transient = true, ambiguous = true }))
    for _, class in ipairs { "read", "repeatable", "token" } do
      assert.is_true(retry.may_resend(class, { transient = true, ambiguous = true }))
    end
  end)

  describe("delay", function()
    it("doubles from 50 ms with full jitter, up to 20 s", function()
      assert.equal(0, retry.delay(1, {}, 0))
      assert.equal(0.025, retry.delay(1, {}, 0.5))
      assert.equal(0.1, retry.delay(3, {}, 0.5))
      assert.equal(10, retry.delay(30, {}, 0.5))
    end)

    it("starts from one second when throttled", function()
      assert.equal(0.5, retry.delay(1, { throttling = true }, 0.5))
      assert.equal(2, retry.delay(3, { throttling = true }, 0.5))
    end)

    it("waits as long as the service asks, within limits", function()
      assert.equal(2, retry.delay(1, {}, 0.5, 2))
      assert.equal(5.025, retry.delay(1, {}, 0.5, 3600))
      assert.equal(0.025, retry.delay(1, {}, 0.5, 0))
      assert.equal(7, retry.delay(1, {}, 0.5, nil, 7))
      assert.equal(20, retry.delay(1, {}, 0.5, nil, 86400))
    end)
  end)

  it("blames the clock only for more than four minutes", function()
    assert.is_nil(retry.skew(1000, nil))
    assert.is_nil(retry.skew(1000, 1240))
    assert.equal(241, retry.skew(1000, 1241))
    assert.equal(-300, retry.skew(1000, 700))
  end)

  describe("bucket", function()
    it("stops retries when it is empty", function()
      local bucket = retry.new_bucket()
      local taken = 0
      while bucket:take({ transient = true }) do
        taken = taken + 1
      end
      assert.equal(35, taken) -- 500 / 14
      assert.equal(5, bucket:take({ throttling = true })) -- 10 were left
      assert.equal(5, bucket:take({ throttling = true }))
      assert.is_nil(bucket:take({ throttling = true }))
    end)

    it("refills on success, never beyond its capacity", function()
      local bucket = retry.new_bucket()
      local cost = bucket:take({ transient = true })
      bucket:refund(cost)
      assert.equal(500, bucket.tokens)
      bucket:take({ throttling = true })
      bucket:refund(nil)
      assert.equal(496, bucket.tokens)
    end)
  end)
end)
