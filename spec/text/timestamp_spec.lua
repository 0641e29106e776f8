local timestamp = require "dxconnect.text.timestamp"

describe("timestamp", function()
  local times = {
    ["1970-01-01T00:00:00Z"] = 0,
    ["2023-11-14T22:13:20Z"] = 1700000000,
    ["2023-11-14T22:13:20"] = 1700000000,
    ["2023-11-14T22:13:20UTC"] = 1700000000,
    ["2023-11-14t22:13:20z"] = 1700000000,
    ["2023-11-14 22:13:20 Z"] = 1700000000,
    ["2023-11-14T22:13:20+00:00"] = 1700000000,
    ["2023-11-15T00:13:20+02:00"] = 1700000000,
    ["2023-11-14T16:43:20-0530"] = 1700000000,
    ["2023-11-14T22:13:20.250Z"] = 1700000000.25,
    ["2023-11-14T22:13:20.0000000Z"] = 1700000000,
    ["2023-11-14T22:13:20,25Z"] = 1700000000.25,
    ["2023-11-14T22:13:20 GMT"] = 1700000000,
    ["2023-11-15T00:13:20+02"] = 1700000000,
    ["2023-11-14T22:13Z"] = 1699999980,
    ["2023-11-14T22:13-03"] = 1700010780,
    ["2023-11-14T22Z"] = 1699999200,
    ["20231114T221320Z"] = 1700000000,
    ["20231114T221320.25+0000"] = 1700000000.25,
    ["20231114T2213Z"] = 1699999980,
    ["20231114T22Z"] = 1699999200,
    ["20231114T22:13:20"] = 1700000000,
    ["2000-02-29T00:00:00Z"] = 951782400,
    ["2024-02-29T23:59:60Z"] = 1709251200,
    ["2099-12-31T23:59:59Z"] = 4102444799,
    ["1969-12-31T23:59:59Z"] = -1,
  }
  for text, seconds in pairs(times) do
    it("reads " .. text, function()
      assert.equal(seconds, timestamp.parse(text))
    end)
  end

  for _, text in ipairs {
    "", "never", "1700000000", "2023-11-14", "2023-13-01T00:00:00Z", "2023-00-01T00:00:00Z", "2023-02-29T00:00:00Z",
    "2100-02-29T00:00:00Z", "2023-11-31T00:00:00Z", "2023-11-14T24:00:00Z", "2023-11-14T22:60:00Z",
    "2023-11-14T22:13:20PST", "2023-11-14T2Z", "2023-11-14TZ", "20231114", "2023-1114T22:13:20Z", "2023-11-14T22:13:2",
    "2023-11-14T22:13:20+2x", "2023-11-14T22:13:20+2", "x2023-11-14T22:13:20Z",
    "2023-11-14T22:13:20" .. (" "):rep(100) .. "Z",
  } do
    it("reads no time in '" .. text .. "'", function()
      assert.is_nil(timestamp.parse(text))
    end)
  end

  it("reads no time in what is no text", function()
    assert.is_nil(timestamp.parse(nil))
    assert.is_nil(timestamp.parse(1700000000))
    assert.is_nil(timestamp.parse({}))
  end)

  it("writes what it reads, to the second", function()
    for _, text in ipairs {
      "1970-01-01T00:00:00Z", "2000-02-29T12:00:00Z", "2023-12-31T23:59:59Z", "2024-03-01T00:00:00Z",
      "2100-03-01T00:00:00Z",
    } do
      assert.equal(text, timestamp.format(timestamp.parse(text)))
    end
    assert.equal("2023-11-14T22:13:20Z", timestamp.format(1700000000.9))
  end)
end)

describe("timestamp.parse_http", function()
  it("reads the date of an answer", function()
    assert.equal(784111777, timestamp.parse_http("Sun, 06 Nov 1994 08:49:37 GMT"))
    assert.equal(0, timestamp.parse_http("Thu, 01 Jan 1970 00:00:00 GMT"))
    assert.equal(1835395200, timestamp.parse_http("Tue, 29 Feb 2028 00:00:00 GMT"))
  end)

  it("refuses anything else", function()
    for _, text in ipairs { "", "yesterday", "Sun, 06 Foo 1994 08:49:37 GMT", "1994-11-06T08:49:37Z" } do
      assert.is_nil(timestamp.parse_http(text))
    end
    assert.is_nil(timestamp.parse_http(nil))
  end)
end)
