--- Calls of a client whose clock is wrong, and of one that is told wrong dates.

local world = require "spec.support.world"

local ok, fault = world.ok, world.fault

-- The world's clock stands at Tue, 14 Nov 2023 22:13:20 GMT.
local NOW = "20231114T221320Z"

local function refusal(date)
  return fault(403, "RequestTimeTooSkewed", "x", { date = date })
end

local function dates(record)
  local list = {}
  for i, request in ipairs(record.requests) do
    list[i] = request.headers["x-amz-date"]
  end
  return list
end

-- A service whose clock is right, whatever ours says: it refuses what is more than five minutes off.
local function right_service(request, record)
  local y, mo, d, h, mi, s = request.headers["x-amz-date"]:match("^(%d%d%d%d)(%d%d)(%d%d)T(%d%d)(%d%d)(%d%d)Z$")
  local seconds = require("dxconnect.text.timestamp").seconds
  local signed = seconds(tonumber(y), tonumber(mo), tonumber(d), tonumber(h), tonumber(mi), tonumber(s))
  local is_good = math.abs(signed - record.now) <= 300
  return is_good and ok("{}") or refusal(os.date("!%a, %d %b %Y %H:%M:%S GMT", math.floor(record.now)))
end

describe("the clock of calls", function()
  it("is taken from every answer", function()
    local client, record = world.client {
      ok("{}", { date = "Tue, 14 Nov 2023 22:14:20 GMT" }), ok("<html>", { date = "Tue, 14 Nov 2023 22:12:20 GMT" }),
      fault(500, nil, nil, { date = "Tue, 14 Nov 2023 22:15:20 GMT" }), ok("{}"),
    }
    for _ = 1, 4 do
      client:describe_lags(nil, { max_attempts = 1 })
    end
    assert.same({ NOW, "20231114T221420Z", "20231114T221220Z", "20231114T221520Z" }, dates(record))
    assert.equal("20231114T221520Z", assert(client:prepare("describe_lags")).headers["x-amz-date"])
  end)

  it("is not taken from a cache's answer, one that took too long, or a date more than a day off", function()
    for _, headers in ipairs {
      { date = "Tue, 14 Nov 2023 22:14:20 GMT", age = "0" }, { date = "Thu, 16 Nov 2023 22:14:20 GMT" },
      { date = "Mon, 01 Jan 0001 00:00:00 GMT" }, { date = "Fri, 31 Dec 9999 23:59:59 GMT" }, { date = "soon" }, {},
    } do
      local client, record = world.client { ok("{}", headers) }
      assert(client:describe_lags())
      assert(client:describe_lags())
      assert.same({ NOW, NOW }, dates(record))
    end
    local client, record = world.client { function(_, r)
      r.now = r.now + 901
      return ok("{}", { date = "Tue, 14 Nov 2023 22:13:20 GMT" })
    end }
    assert(client:describe_lags())
    record.now = record.now - 901
    assert(client:describe_lags())
    assert.same({ NOW, NOW }, dates(record))
  end)

  it("is left alone where that is asked for", function()
    local client, record = world.client({ refusal "Tue, 14 Nov 2023 23:13:20 GMT" },
      { disable_clock_skew_correction = true })
    for _ = 1, 2 do
      local _, err = client:describe_lags()
      assert.equal("RequestTimeTooSkewed", err.code)
    end
    assert.same({ NOW, NOW }, dates(record))
  end)

  it("is tried at a date more than a day off once, and kept if that succeeds", function()
    local client, record = world.client { refusal "Sun, 26 Nov 2023 22:13:20 GMT", ok("{}") }
    assert(client:describe_lags())
    assert(client:describe_lags())
    assert.same({ NOW, "20231126T221320Z", "20231126T221320Z" }, dates(record))
    client, record = world.client { refusal "Sun, 26 Nov 2023 22:13:20 GMT",
      fault(500, nil, nil, { date = "Sun, 26 Nov 2023 22:13:20 GMT" }), ok("{}") }
    assert(client:describe_lags())
    assert(client:describe_lags())
    assert.same({ NOW, "20231126T221320Z", NOW, NOW }, dates(record))
  end)

  it("is used for no more than one retry, and needs no attempt for what an earlier answer taught", function()
    local client, record = world.client({ refusal "Sun, 26 Nov 2023 22:13:20 GMT" }, { max_attempts = 9 })
    assert.is_nil((client:describe_lags()))
    assert.equal(2, #record.requests)
    assert.is_nil((client:describe_lags()))
    assert.same({ NOW, "20231126T221320Z", NOW, "20231126T221320Z" }, dates(record))
  end)

  it("makes no later call fail, whatever date an answer had", function()
    for _, date in ipairs {
      "Mon, 01 Jan 0000 00:00:00 GMT", "Mon, 01 Jan 0001 00:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT",
      "Tue, 14 Nov 2023 12:13:20 GMT", "Tue, 14 Nov 2023 22:17:00 GMT", "Wed, 15 Nov 2023 10:13:20 GMT",
      "Mon, 13 Nov 2023 22:13:21 GMT", "Fri, 31 Dec 9998 23:59:59 GMT", "Fri, 31 Dec 9999 23:59:59 GMT",
    } do
      for _, first in ipairs {
        ok("{}", { date = date }), ok("<html>", { date = date }), refusal(date), fault(500, nil, nil, { date = date }),
      } do
        for _, attempts in ipairs { 1, 3 } do
          local client = world.client({ first, right_service }, { max_attempts = attempts })
          client:describe_lags()
          for _ = 1, 3 do
            local result, err = client:describe_lags()
            assert.is_table(result, date .. ": " .. tostring(err))
          end
        end
      end
    end
  end)

  it("is forgotten where a refusal without a date may be due to it", function()
    local client, record = world.client({
      ok("{}", { date = "Tue, 14 Nov 2023 23:13:20 GMT" }), refusal(), ok("{}"),
    }, { max_attempts = 1 })
    assert(client:describe_lags())
    assert(client:describe_lags())
    assert.same({ NOW, "20231114T231320Z", NOW }, dates(record))
  end)
end)
