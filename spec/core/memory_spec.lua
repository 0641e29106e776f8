--- Many calls and many clients: memory and descriptors end where they began.

local dxconnect = require "dxconnect"
local faultd = require "spec.support.faultd"
local process = require "spec.support.process"
local world = require "spec.support.world"

local LOCATIONS = '{"locations":[{"locationCode":"A1","locationName":"somewhere","availablePortSpeeds":["1Gbps"]}]}'
local CAK = ("0"):rep(64)

local quiet = {
  getenv = function() end,
  read_file = function()
    return nil, "no files here"
  end,
  sleep = function() end,
}

local server

after_each(function()
  if server then
    server:stop()
    server = nil
  end
end)

local function new_client(options)
  return assert(dxconnect.client {
    region = "us-east-1",
    endpoint_url = server.url,
    ca_bundle = faultd.certificate("ca"),
    credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = "secret" },
    timeout = 10,
    max_attempts = options and options.max_attempts,
    system = quiet,
  })
end

describe("memory #slow", function()
  it("stays where it was over 50,000 calls with errors among them", function()
    local n = 0
    local answers = {
      function()
        return { status = 200, headers = { ["x-amzn-requestid"] = "r-" .. n }, body = LOCATIONS }
      end,
      function()
        return { status = 400, body = '{"__type":"DirectConnectClientException","message":"no ' .. n .. '"}' }
      end,
      function()
        return { status = 500, body = "<html>" .. n }
      end,
      function()
        return { status = 200, body = '{"locations":[{"a":"\\u00e4' .. n }
      end,
      function()
        return nil, "lost " .. n, "reset"
      end,
      function()
        error("oops " .. n)
      end,
      function()
        return { status = 400, body = '{"__type":"ThrottlingException"}' }
      end,
      function()
        return { status = 200, body = LOCATIONS }
      end,
    }
    local client = world.client({}, {
      max_attempts = 2,
      logger = function() end,
      system = quiet,
      transport = function()
        n = n + 1
        return answers[n % #answers + 1]()
      end,
    })
    local good, bad = 0, 0
    local function call(i)
      local result, err
      if i % 5 == 0 then
        result, err = client:associate_mac_sec_key { connectionId = "dxcon-" .. i, ckn = CAK, cak = CAK }
      elseif i % 7 == 0 then
        result, err = client:describe_connections { connectionID = i }
      else
        result, err = client:describe_locations()
      end
      if result then
        good = good + 1
      else
        bad = bad + 1
        assert(#tostring(err) > 0)
      end
    end
    for i = 1, 5000 do
      call(i)
    end
    local growth = process.growth_of(function()
      for i = 1, 50000 do
        call(i)
      end
    end)
    assert.is_true(good > 10000 and bad > 10000)
    assert.is_true(growth < process.SLACK, "grown by " .. growth .. " kB")
  end)

  for _, scheme in ipairs { "http", "https" } do
    it("stays where it was over calls that break, one by one and in tasks, over " .. scheme, function()
      local good = faultd.ok(LOCATIONS)
      server = faultd.start({ good, good, "reset", good, faultd.ok('{"locations":[{'), good .. " close", "close" },
        { cycle = true, tls = scheme == "https" and "good" or nil })
      local client = new_client { max_attempts = 1 }
      local function calls(count)
        local functions = {}
        for i = 1, 30 do
          functions[i] = function()
            return client:describe_locations()
          end
        end
        for _ = 1, count do
          for _ = 1, 10 do
            client:describe_locations()
          end
          dxconnect.parallel(functions, { concurrency = 6 })
        end
      end
      calls(10)
      client:close()
      local descriptors = process.descriptors()
      client = new_client { max_attempts = 1 }
      local growth = process.growth_of(function()
        calls(25)
      end)
      client:close()
      assert.is_true(process.descriptors_down_to(descriptors) <= descriptors)
      assert.is_true(growth < process.SLACK, "grown by " .. growth .. " kB")
    end)
  end

  it("stays where it was over 1,500 clients made, used and dropped", function()
    server = faultd.start({ faultd.ok(LOCATIONS) })
    local function clients(count)
      for i = 1, count do
        local client = new_client()
        assert(client:describe_locations())
        if i % 3 == 0 then
          client:close()
        end
        client = nil -- luacheck: ignore
        if i % 50 == 0 then
          collectgarbage()
        end
      end
      collectgarbage()
      collectgarbage()
    end
    clients(100)
    local descriptors = process.descriptors()
    local growth = process.growth_of(function()
      clients(1500)
    end)
    assert.is_true(process.descriptors_down_to(descriptors) <= descriptors)
    assert.is_true(growth < process.SLACK, "grown by " .. growth .. " kB")
  end)
end)
