local cjson = require "cjson"
local dxconnect = require "dxconnect"
local emulated = require "spec.support.emulated"

-- A signed request with another body or other headers; the emulator knows no keys here, so the signature may be stale.
local function ask(emulator, client, method, body, headers)
  local request = assert(client:prepare("describe_locations"))
  request.headers["x-amz-target"] = "OvertureService." .. method
  request.body = body
  for name, value in pairs(headers or {}) do
    request.headers[name] = value ~= "" and value or nil
  end
  local response = emulator.transport(request)
  local answer = cjson.decode(response.body)
  return answer.__type and answer.__type .. ": " .. answer.message or answer, response
end

describe("the emulator's service", function()
  local client, emulator

  before_each(function()
    client, emulator = emulated.world()
  end)

  it("answers with an id, a date and its content type", function()
    local _, response = ask(emulator, client, "DescribeLags", "{}")
    assert.equal(200, response.status)
    assert.equal("application/x-amz-json-1.1", response.headers["content-type"])
    assert.equal("Tue, 14 Nov 2023 22:13:20 GMT", response.headers.date)
    assert.matches("^%x+%-%x+%-%x+%-%x+%-%x+$", response.headers["x-amzn-requestid"])
    assert.equal('{"lags":[]}', response.body)
  end)

  it("takes header names in any case", function()
    local request = assert(client:prepare("describe_lags"))
    local headers = {}
    for name, value in pairs(request.headers) do
      headers[name:upper()] = value
    end
    request.headers = headers
    assert.equal(200, emulator.transport(request).status)
  end)

  it("knows its operations only, and how they are called", function()
    assert.matches("^UnknownOperationException", ask(emulator, client, "DescribeNothing", "{}"))
    assert.matches("^UnknownOperationException",
      ask(emulator, client, "DescribeLags", "{}", { ["x-amz-target"] = "" }))
    assert.matches("^UnknownOperationException",
      ask(emulator, client, "DescribeLags", "{}", { ["content-type"] = "application/json" }))
    local request = assert(client:prepare("describe_lags"))
    request.method = "GET"
    assert.equal(400, emulator.transport(request).status)
  end)

  it("refuses bodies that are no JSON objects", function()
    for _, body in ipairs { "", "{", "[]", " [ ]", "1", '"x"', "null", "{} {}", '{"lagId":NaN}' } do
      assert.matches("^SerializationException", (ask(emulator, client, "DescribeLags", body)))
    end
  end)

  it("refuses members of another type", function()
    for body, wanted in pairs {
      ['{"location":1}'] = "NUMBER_VALUE can not be converted to a String",
      ['{"location":{}}'] = "START_OBJECT can not be converted to a String",
      ['{"requestMACSec":"true"}'] = "STRING_VALUE can not be converted to a Boolean",
      ['{"tags":"x"}'] = "STRING_VALUE can not be converted to a list",
      ['{"tags":{"key":"x"}}'] = "START_OBJECT can not be converted to a list",
      ['{"tags":["x"]}'] = "STRING_VALUE can not be converted to a structure",
      ['{"tags":[null]}'] = "NULL can not be converted to an item of a list",
    } do
      assert.equal("SerializationException: " .. wanted, (ask(emulator, client, "CreateConnection", body)))
    end
    for _, number in ipairs { "1.5", '"1"', "true", "1e400", "-1e400" } do
      assert.matches("^SerializationException",
        (ask(emulator, client, "DescribeLags", '{"maxResults":' .. number .. "}")))
    end
  end)

  it("refuses integers that nothing holds", function()
    assert.matches("Exception: ", (ask(emulator, client, "DescribeLags", '{"maxResults":1e300}')))
  end)

  it("takes null as absent, and lets members alone that it does not know", function()
    local result = ask(emulator, client, "DescribeLags", '{"lagId":null,"maxResults":5.0,"newer":{"x":[1]}}')
    assert.same({}, result.lags)
  end)

  it("names every member that is missing or breaks a constraint", function()
    assert.equal("ValidationException: 2 validation errors detected: Value at 'location' failed to satisfy constraint: "
      .. "Member must not be null; Value at 'bandwidth' failed to satisfy constraint: Member must not be null",
      ask(emulator, client, "CreateConnection", '{"connectionName":"x"}'))
    assert.matches("^ValidationException: 1 validation error detected: Value at 'tags%.1%.member%.key'",
      ask(emulator, client, "TagResource", '{"resourceArn":"x","tags":[{"key":""}]}'))
    assert.matches("Value at 'billingMode' failed .* Member must satisfy enum value set: %[PayAsYouGo, FlatRateTier1",
      ask(emulator, client, "CreateConnection",
        '{"location":"EqDC2","bandwidth":"10Gbps","connectionName":"x","billingMode":"Free"}'))
  end)

  it("takes fifty tags at most, each key once", function()
    local tags = {}
    for i = 1, 51 do
      tags[i] = ('{"key":"k%d"}'):format(i)
    end
    local body = '{"location":"EqDC2","bandwidth":"10Gbps","connectionName":"x","tags":[%s]}'
    assert.matches("^TooManyTagsException",
      ask(emulator, client, "CreateConnection", body:format(table.concat(tags, ","))))
    assert.matches("^DuplicateTagKeysException",
      ask(emulator, client, "CreateConnection", body:format(tags[1] .. "," .. tags[1])))
    assert.equal("requested", ask(emulator, client, "CreateConnection", body:format(tags[1])).connectionState)
  end)

  it("states its rules in prose", function()
    local hex = ("0a"):rep(32)
    assert.matches("^DirectConnectClientException: specify exactly one of secretARN or ckn and cak",
      ask(emulator, client, "AssociateMacSecKey",
        ('{"connectionId":"dxcon-x","secretARN":"x","ckn":"%s","cak":"%s"}'):format(hex, hex)))
  end)

  it("repeats no secret", function()
    local text = ask(emulator, client, "AssociateMacSecKey", '{"connectionId":"dxcon-x","ckn":"00","cak":"hush-hush"}')
    assert.matches("^DirectConnectClientException: ckn must be 64 hexadecimal digits", text)
    assert.is_nil(text:find("hush", 1, true))
  end)

  it("has every operation of the model", function()
    local count = 0
    for name in pairs(dxconnect.model.operations) do
      local answer, response = ask(emulator, client, name, "{}")
      assert.is_true(response.status == 200 or response.status == 400, name)
      assert.truthy(answer)
      count = count + 1
    end
    assert.is_true(count >= 73)
  end)
end)
