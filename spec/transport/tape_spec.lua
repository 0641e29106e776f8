--- Tapes: what goes over the wire into a file that is safe to show, and back from it.

local core = require "dxconnect.core"
local dxconnect = require "dxconnect"
local emulated = require "spec.support.emulated"
local shell = require "spec.support.shell"
local world = require "spec.support.world"

local ok, fault = world.ok, world.fault

local SECRET_KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
local CAK = ("5e"):rep(32)

local path

local function content()
  local file = assert(io.open(path, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

local function write(text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end

local function lines()
  local list = {}
  for line in content():gmatch("[^\n]+") do
    list[#list + 1] = assert(core.json_decode(line))
  end
  return list
end

local function client_over(transport, options)
  options = options or {}
  options.region = options.region or "us-east-1"
  options.credentials = options.credentials
    or { access_key_id = "AKIDEXAMPLE", secret_access_key = SECRET_KEY, session_token = "session-token-1" }
  options.transport = transport
  options.system = options.system or { getenv = function() end, random = function() return 0.5 end }
  return assert(dxconnect.client(options))
end

-- A recording client over a script of answers.
local function recording(script, options)
  local count = 0
  local record = assert(dxconnect.record(function(request)
    count = count + 1
    local entry = script[math.min(count, #script)]
    if type(entry) == "function" then
      return entry(request)
    elseif entry.lost then
      return nil, entry.message or "lost", entry.lost
    end
    return entry
  end, path))
  return client_over(record, options), record
end

local function replaying(options)
  local replay = assert(dxconnect.replay(path))
  return client_over(replay, options), replay
end

describe("a tape", function()
  before_each(function()
    path = os.tmpname()
  end)

  after_each(function()
    os.remove(path)
  end)

  it("brings back what was recorded, exchange by exchange, in equal calls' order", function()
    local answer = ok('{"lags":[{"lagId":"dxlag-1","numberOfConnections":2}]}', { ["x-amzn-requestid"] = "r-1" })
    local script = { answer, ok('{"lags":[]}'), ok('{"connections":[]}') }
    local client, record = recording(script)
    assert(client:describe_lags { lagId = "dxlag-1" })
    assert(client:describe_lags { lagId = "dxlag-1" })
    assert(client:describe_connections())
    assert.is_true(record:done())
    local head = lines()[1]
    assert.equal("dxconnect-tape", head.format)
    assert.equal(1, head.version)
    assert.equal(4, #lines())
    local replay
    client, replay = replaying()
    assert.same({ connections = {} }, assert(client:describe_connections()))
    local result, _, meta = client:describe_lags { lagId = "dxlag-1" }
    assert.equal(2, result.lags[1].numberOfConnections)
    assert.equal("r-1", meta.request_id)
    local done, err = replay:done()
    assert.is_nil(done)
    assert.equal("ConfigError", err.code)
    assert.matches('1 exchange of the tape was left over: DescribeLags {"lagId":"dxlag-1"}', err.message, 1, true)
    assert.same({ lags = {} }, assert(client:describe_lags { lagId = "dxlag-1" }))
    assert.is_true(replay:done())
    assert.equal(0, #shell.lines("find " .. path .. " -perm /077"))
  end)

  it("holds no secret, key id, signature, token or account number", function()
    local signature
    local client, record = recording {
      function(request)
        signature = request.headers.authorization:match("Signature=(%x+)")
        return fault(400, "DirectConnectClientException", "bad " .. CAK .. " of 111122223333, signed " .. signature)
      end,
      ok('{"virtualInterfaceId":"dxvif-1","authKey":"bgp-secret-1","customerRouterConfig":"password 7 x",'
        .. '"ownerAccount":"444455556666","bgpPeers":[{"authKey":"bgp-secret-2"}]}'),
      ok('{"connections":[{"connectionId":"dxcon-1","ownerAccount":"111122223333"}],"nextToken":"opaque-page-token"}'),
      ok("<html>bgp-secret-1 cak</html>", { ["set-cookie"] = "session=cookie-secret", ["x-note"] = "111122223333" }),
    }
    client:associate_mac_sec_key { connectionId = "dxcon-1", ckn = ("ab"):rep(32), cak = CAK }
    assert(client:create_private_virtual_interface { connectionId = "dxcon-1", newPrivateVirtualInterface = {
      virtualInterfaceName = "n", vlan = 1, asn = 65000, virtualGatewayId = "v", authKey = "bgp-secret-0",
    } })
    assert(client:describe_connections())
    client:describe_connections { nextToken = "opaque-page-token" }
    assert.is_true(record:done())
    local text = content()
    for _, secret in ipairs {
      CAK, SECRET_KEY, "AKIDEXAMPLE", "session%-token%-1", "bgp%-secret", "password 7", "opaque%-page",
      "cookie%-secret", "111122223333", "444455556666", signature, "authorization",
    } do
      assert.is_nil(text:find(secret), secret)
    end
    local exchanges = lines()
    assert.equal("000000000001", exchanges[2].answer.json.message:match("%d%d%d%d%d%d%d%d%d%d%d%d"))
    assert.equal("000000000002", exchanges[3].answer.json.ownerAccount)
    assert.equal("000000000001", exchanges[4].answer.json.connections[1].ownerAccount)
    client = replaying()
    local _, err = client:associate_mac_sec_key {
      connectionId = "dxcon-1", ckn = ("ab"):rep(32), cak = ("cd"):rep(32),
    }
    assert.equal("DirectConnectClientException", err.code)
    local page = assert(client:describe_connections())
    assert.equal("000000000001", page.connections[1].ownerAccount)
    _, err = client:describe_connections { nextToken = page.nextToken }
    assert.equal("ResponseError", err.code)
  end)

  it("matches whatever the account numbers are, and without client tokens that were made here", function()
    local client = recording { ok('{"resourceTags":[]}'), ok('{"resiliencyGroup":{}}') }
    local function params(account)
      return { resourceArns = { "arn:aws:directconnect:us-east-1:" .. account .. ":dxcon/dxcon-1" } }
    end
    assert(client:describe_tags(params "111122223333"))
    local group = { resiliencyGroupName = "g", intendedResiliencyModel = "high-resiliency" }
    assert(client:create_resiliency_group(group))
    local replay
    client, replay = replaying()
    assert(client:describe_tags(params "999988887777"))
    assert(client:create_resiliency_group(group))
    assert.is_true(replay:done())
  end)

  it("keeps bytes, and their length where an account or secret is in them", function()
    local bytes = "%PDF\0\255 account 111122223333 end"
    local client = recording {
      ok('{"loaContent":"' .. core.base64(bytes) .. '","loaContentType":"application/pdf"}'),
      { status = 200, headers = { ["content-type"] = "application/octet-stream" }, body = bytes },
    }
    local get = { service = "s3", method = "GET", path = "/bucket/key", query = { versionId = "7" } }
    assert(client:describe_loa { connectionId = "dxcon-1" })
    assert(client:send(get))
    assert.is_nil(content():find("111122223333", 1, true))
    client = replaying()
    local expected = bytes:gsub("111122223333", "000000000001")
    assert.equal(expected, assert(client:describe_loa { connectionId = "dxcon-1" }).loaContent)
    assert.equal(expected, assert(client:send(get)).body)
  end)

  it("brings back errors, time-outs, lost answers and answers that can't be read, and is over in no time", function()
    local now, slept = 1700000000, 0
    local script = {
      fault(500), { lost = "timeout" }, { lost = "reset", message = "the peer hung up" }, ok("<html>"),
      ok('{"lags":['), function() error "boom" end, ok('{"lags":[]}'),
    }
    local options = { max_attempts = 9, system = {
      getenv = function() end, random = function() return 0.75 end,
      clock = function() return now end,
      sleep = function(seconds) now, slept = now + seconds, slept + seconds end,
    } }
    local client = recording(script, options)
    assert(client:describe_lags())
    local waited = slept
    assert.is_true(waited > 1)
    local events = {}
    client = replaying { max_attempts = 9, logger = function(event)
      events[#events + 1] = event.type == "retry" and event.code or nil
    end, system = { getenv = function() end, random = function() return 0.75 end } }
    local _, _, meta = client:describe_lags()
    assert.equal(7, meta.attempts)
    assert.is_true(meta.elapsed >= waited * 0.9) -- by the tape's clock
    assert.same({ "HTTP500", "TimeoutError", "ConnectionError", "ResponseError", "ResponseError", "ConnectionError" },
      events)
  end)

  it("keeps whether a request may have been sent", function()
    local client = recording { { lost = "connect" }, { lost = "reset" } }
    local order = { location = "l", bandwidth = "1Gbps", connectionName = "c" }
    local function outcomes(over)
      local list = {}
      for i = 1, 2 do
        local _, err = over:create_connection(order, { max_attempts = 1 })
        list[i] = err.code .. tostring(err.maybe_applied)
      end
      return list
    end
    local expected = outcomes(client)
    assert.same({ "ConnectionErrornil", "ConnectionErrortrue" }, expected)
    assert.same(expected, outcomes((replaying())))
  end)

  it("refuses what was not recorded, and names the nearest", function()
    local client = recording { ok('{"lags":[]}') }
    assert(client:describe_lags { lagId = "dxlag-1" })
    assert(client:describe_lags { lagId = "dxlag-2", maxResults = 5 })
    client = replaying()
    local _, err = client:describe_lags { lagId = "dxlag-3" }
    assert.equal("ConfigError", err.code)
    assert.is_nil(err.attempts and err.attempts > 0 or nil)
    assert.matches('no exchange left for DescribeLags {"lagId":"dxlag-3"}; the nearest one is DescribeLags '
      .. '{"lagId":"dxlag-1"}', err.message, 1, true)
    _, err = client:describe_lags { lagId = "dxlag-3", maxResults = 5 }
    assert.matches('the nearest one is DescribeLags {"lagId":"dxlag-2","maxResults":5}', err.message, 1, true)
    _, err = client:describe_loa { connectionId = "dxcon-1" }
    assert.matches("the nearest one is DescribeLags", err.message, 1, true)
    assert(client:describe_lags { lagId = "dxlag-1" })
    assert(client:describe_lags { lagId = "dxlag-2", maxResults = 5 })
    _, err = client:describe_lags { lagId = "dxlag-1" }
    assert.matches("all of them were used", err.message, 1, true)
  end)

  it("prefers the exchange of the same region", function()
    local n = 0
    local client = recording { function()
      n = n + 1
      return ok('{"lags":[{"lagId":"dxlag-' .. n .. '"}]}')
    end }
    assert(client:describe_lags(nil, { region = "eu-west-1" }))
    assert(client:describe_lags(nil, { region = "us-east-1" }))
    client = replaying()
    assert.equal("dxlag-2", assert(client:describe_lags(nil, { region = "us-east-1" })).lags[1].lagId)
    assert.equal("dxlag-1", assert(client:describe_lags(nil, { region = "ap-south-1" })).lags[1].lagId)
  end)

  it("records exchanges for credentials, and brings them back with stand-ins", function()
    local variables = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI = "http://127.0.0.1:5/creds",
      AWS_CONTAINER_AUTHORIZATION_TOKEN = "bearer-token-1", AWS_EC2_METADATA_DISABLED = "true",
    }
    local system = { getenv = function(name) return variables[name] end, read_file = function() return nil, "none" end }
    local record = assert(dxconnect.record(function(request)
      if request.url:find("/creds", 1, true) then
        return { status = 200, body = '{"AccessKeyId":"ASIAQQQQQQQQEXAMPLE1","SecretAccessKey":"container-secret-1",'
          .. '"Token":"container-token-1","Expiration":"2099-01-01T00:00:00Z","AccountId":"111122223333"}' }
      elseif request.body:find("^Action=AssumeRole") then
        return { status = 200, body = "<AssumeRoleResponse><Credentials><AccessKeyId>ASIAQQQQQQQQEXAMPLE2</AccessKeyId>"
          .. "<SecretAccessKey>role-secret-1</SecretAccessKey><SessionToken>role-token-1</SessionToken>"
          .. "<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials><AssumedRoleUser><Arn>"
          .. "arn:aws:sts::111122223333:assumed-role/r/s</Arn></AssumedRoleUser></AssumeRoleResponse>" }
      end
      return { status = 200, body = '{"lags":[]}' }
    end, path))
    local function make(transport)
      return assert(dxconnect.client {
        region = "us-east-1", transport = transport, system = system,
        role_arn = "arn:aws:iam::111122223333:role/r", role_session_name = "session",
      })
    end
    assert(make(record):describe_lags())
    local text = content()
    for _, secret in ipairs { "ASIAQQQQ", "container%-secret", "container%-token", "bearer%-token", "role%-secret",
      "role%-token", "111122223333" } do
      assert.is_nil(text:find(secret), secret)
    end
    local replay = assert(dxconnect.replay(path))
    local client = make(replay)
    assert(client:describe_lags())
    assert.is_true(replay:done())
    assert.equal("stand-in", client:credentials().secret_access_key)
  end)

  it("goes over an emulator, and waits in no time", function()
    local _, emulator, of_world = emulated.world()
    local record = assert(dxconnect.record(emulator.transport, path))
    local function story(client)
      local lag = assert(client:create_lag {
        numberOfConnections = 1, location = "EqDC2", connectionsBandwidth = "10Gbps", lagName = "l",
      })
      local ready = assert(client:wait_until("lag_available", { lagId = lag.lagId }))
      return ready.lagState
    end
    assert.equal("available", story(emulated.client(emulator, of_world, { transport = record })))
    local recorded = of_world.now
    local client, replay = replaying { region = "us-east-1" }
    assert.equal("available", story(client))
    assert.is_true(math.abs(replay.clock() - recorded) < 300)
    assert.is_true(replay:done())
  end)

  it("is refused where it is newer, cut, damaged, no tape or not there", function()
    local client = recording { ok('{"lags":[]}') }
    assert(client:describe_lags())
    local good = content()
    for _, text in ipairs {
      "", "\n", "{}\n", "no tape", good:gsub('"version":1', '"version":2', 1), good:sub(1, -2), good:sub(1, #good - 20),
      good .. "{}\n", good .. "x\n", '{"format":"dxconnect-state","version":1}\n',
    } do
      write(text)
      local replay, err = dxconnect.replay(path)
      assert.is_nil(replay)
      assert.equal("ConfigError", err.code)
    end
    local replay, err = dxconnect.replay("/nowhere/tape")
    assert.is_nil(replay)
    assert.matches("/nowhere/tape", err.message)
    replay, err = dxconnect.replay(path, { speed = 2 })
    assert.is_nil(replay)
    assert.equal("ConfigError", err.code)
  end)

  it("overwrites another tape, and no other file", function()
    write("important\n")
    local record, err = dxconnect.record(function() end, path)
    assert.is_nil(record)
    write(("x"):rep(17 * 2 ^ 20)) -- more than is read
    assert.is_nil((dxconnect.record(function() end, path)))
    assert.equal(17 * 2 ^ 20, #content())
    write("important\n")
    assert.equal("ConfigError", err.code)
    assert.equal("important\n", content())
    write("")
    assert(dxconnect.record(function() end, path)):done()
    assert(dxconnect.record(function() end, path)):done()
    record, err = dxconnect.record(function() end, "/nowhere/tape")
    assert.is_nil(record)
    assert.equal("ConfigError", err.code)
    record, err = dxconnect.record("pigeon", path)
    assert.is_nil(record)
    assert.equal("ConfigError", err.code)
  end)

  it("records what a real transport carries", function()
    local record = assert(dxconnect.record(nil, path, { max_attempts = 1 }))
    local client = client_over(record, { endpoint_url = "http://127.0.0.1:9", max_attempts = 1 })
    local _, err = client:describe_lags()
    assert.equal("ConnectionError", err.code)
    _, err = replaying({ max_attempts = 1 }):describe_lags()
    assert.equal("ConnectionError", err.code)
    assert.is_nil(err.maybe_applied)
  end)
end)
