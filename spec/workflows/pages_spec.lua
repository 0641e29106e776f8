local dxconnect = require "dxconnect"
local faultd = require "spec.support.faultd"
local nginx = require "spec.support.nginx"
local world = require "spec.support.world"
local yields = require "spec.support.yields"

local ok, fault = world.ok, world.fault

local TURNS = 1000 -- after which something that should happen in other tasks has not

-- Pages of lags with these numbers of items; tokens lead from one to the next.
local function lags(...)
  local answers, n = {}, 0
  local sizes = { ... }
  for i, size in ipairs(sizes) do
    local list = {}
    for k = 1, size do
      n = n + 1
      list[k] = ('{"lagId":"dxlag-%d"}'):format(n)
    end
    local token = i < #sizes and (',"nextToken":"t%d"'):format(i) or ""
    answers[i] = ok(('{"lags":[%s]%s}'):format(table.concat(list, ","), token))
  end
  return answers
end

local function ids(iterate, ...)
  local found = {}
  for item in iterate(...) do
    found[#found + 1] = item.lagId
  end
  return found
end

-- What is raised while all of it is walked through.
local function raised(client, method, ...)
  local arguments = { ... }
  local fine, err = pcall(function()
    for _ in client[method](client, (table.unpack or unpack)(arguments)) do end -- luacheck: ignore 113
  end)
  assert.is_false(fine)
  return err
end

describe("client:pages", function()
  it("gives each page, the operation's result, and asks for the next with the token", function()
    local client, record = world.client(lags(2, 1))
    local sizes = {}
    for page in client:pages("describe_lags") do
      sizes[#sizes + 1] = #page.lags
      assert.matches("dxlag", tostring(page))
    end
    assert.same({ 2, 1 }, sizes)
    assert.equal("{}", record.requests[1].body)
    assert.equal('{"nextToken":"t1"}', record.requests[2].body)
    assert.equal(2, #record.requests)
  end)

  it("asks for nothing before the first step, and for no page that nobody takes", function()
    local client, record = world.client(lags(1, 1, 1))
    local step = client:pages("DescribeLags")
    assert.equal(0, #record.requests)
    step()
    assert.equal(1, #record.requests)
  end)

  it("keeps the given parameters, and leaves the table as it was", function()
    local client, record = world.client(lags(1, 1))
    local params = { maxResults = 50, nextToken = "mine" }
    for _ in client:pages("describe_lags", params, { headers = { ["x-mine"] = "1" } }) do end -- luacheck: ignore 542
    assert.same({ maxResults = 50, nextToken = "mine" }, params)
    assert.matches('"nextToken":"mine"', record.requests[1].body)
    assert.matches('"nextToken":"t1"', record.requests[2].body)
    for i = 1, 2 do
      assert.matches('"maxResults":50', record.requests[i].body)
      assert.equal("1", record.requests[i].headers["x-mine"])
    end
  end)

  it("ends at an empty token", function()
    local client, record = world.client { ok('{"lags":[],"nextToken":""}') }
    for _ in client:pages("describe_lags") do end -- luacheck: ignore 542
    assert.equal(1, #record.requests)
  end)

  it("ends where the operation can't take the token that it gave", function()
    for method, body in pairs {
      describe_locations = '{"locations":[],"nextToken":"more"}',
      describe_connections_on_interconnect = '{"connections":[],"nextToken":"more"}',
    } do
      local client, record = world.client { ok(body) }
      local params = method:find("interconnect") and { interconnectId = "dxcon-1" } or nil
      for _ in client:pages(method, params) do end -- luacheck: ignore 542
      assert.equal(1, #record.requests)
    end
  end)

  it("works for every list of the model, and pages for thirteen", function()
    local paging = 0
    for name, op in pairs(dxconnect.model.operations) do
      if op.retry == "read" and op.items then
        paging = paging + (op.pages and 1 or 0)
        local client, record = world.client {
          ok(('{"%s":[],"nextToken":"a"}'):format(op.items)), ok(('{"%s":[]}'):format(op.items)),
        }
        local params = {}
        for _, member in ipairs(dxconnect.model.shapes[op.input] and dxconnect.model.shapes[op.input].required or {}) do
          params[member] = ("x"):rep(22)
        end
        if name:find("GatewayA[st]") and not name:find("Proposals") then
          params.directConnectGatewayId = "x"
        end
        if op.name == "DescribeTags" then
          params = { resourceArns = { "arn" } }
        end
        local count = 0
        for page in client:pages(name, params) do
          assert.is_table(page[op.items])
          count = count + 1
        end
        assert.equal(op.pages and 2 or 1, count)
        assert.equal(count, #record.requests)
      end
    end
    assert.equal(13, paging)
  end)

  it("raises a ResponseError where a token comes again, be it after several others", function()
    for _, script in ipairs {
      { ok('{"lags":[],"nextToken":"a"}') },
      { ok('{"lags":[],"nextToken":"a"}'), ok('{"lags":[],"nextToken":"b"}'), ok('{"lags":[],"nextToken":"a"}') },
    } do
      local client, record = world.client(script)
      local err = raised(client, "pages", "describe_lags")
      assert.equal("ResponseError", err.code)
      assert.equal("response", err.kind)
      assert.equal("DescribeLags", err.operation)
      assert.equal(math.max(#script, 2), #record.requests)
    end
    local client, record = world.client { ok('{"lags":[],"nextToken":"mine"}') }
    assert.equal("ResponseError", raised(client, "pages", "describe_lags", { nextToken = "mine" }).code)
    assert.equal(1, #record.requests)
  end)

  it("raises a call's error as it is, again at each further step", function()
    local client = world.client { lags(1, 1)[1], fault(400, "DirectConnectClientException", "no") }
    local step = client:pages("describe_lags")
    assert.is_table(step())
    for _ = 1, 2 do
      local fine, err = pcall(step)
      assert.is_false(fine)
      assert.equal("DirectConnectClientException", err.code)
      assert.equal("no", err.message)
    end
  end)

  it("raises for what is no list, what is no operation and bad parameters", function()
    local client, record = world.client { ok("{}") }
    for name, code in pairs {
      describe_loa = "ParamValidationError",
      GetResiliencyGroup = "ParamValidationError",
      associate_mac_sec_key = "ParamValidationError", -- its answer has a list, but it is no list
      create_lag = "ParamValidationError",
      describe_lag = "UnknownOperationError",
    } do
      for _, method in ipairs { "pages", "items" } do
        local err = raised(client, method, name)
        assert.equal("params", err.kind)
        assert.equal(code, err.code)
      end
    end
    assert.matches("describe_lags", raised(client, "pages", "describe_lag").message)
    assert.equal("ParamValidationError", raised(client, "pages", "describe_lags", { lagid = "x" }).code)
    assert.equal("UnknownOperationError", raised(client, "pages", 7).code)
    assert.equal(0, #record.requests)
  end)

  it("raises for misuse with the caller's line", function()
    local client = world.client { ok("{}") }
    for _, misuse in ipairs {
      function() client.pages("describe_lags") end,
      function() client:pages("describe_lags", "dxlag-1") end,
      function() client:items("describe_lags", nil, 1) end,
    } do
      local fine, message = pcall(misuse)
      assert.is_false(fine)
      assert.matches("^[^:]*pages_spec.lua:%d+: ", message)
    end
  end)

  it("takes a list that the model does not know yet, when asked to", function()
    local client, record = world.client {
      ok('{"things":[{"id":1},{"id":2}],"nextToken":"n"}'), ok('{"things":[{"id":3}]}'),
    }
    local found = {}
    for thing in client:items("describe_new_things", { kind = "x" }, { unmodeled = true }) do
      found[#found + 1] = thing.id
    end
    assert.same({ 1, 2, 3 }, found)
    assert.equal("OvertureService.DescribeNewThings", record.requests[1].headers["x-amz-target"])
    assert.matches('"nextToken":"n"', record.requests[2].body)
  end)
end)

describe("client:items", function()
  it("gives the items of all pages, empty ones passed over", function()
    local client, record = world.client(lags(2, 0, 0, 1, 0))
    assert.same({ "dxlag-1", "dxlag-2", "dxlag-3" }, ids(client.items, client, "describe_lags"))
    assert.equal(5, #record.requests)
  end)

  it("gives nothing where the answer has no list", function()
    local client = world.client { ok("{}") }
    assert.same({}, ids(client.items, client, "describe_lags"))
  end)

  it("gives the items before an error, then raises it", function()
    local client = world.client { lags(2, 1)[1], fault(400, "DirectConnectClientException", "no") }
    local seen = 0
    local fine, err = pcall(function()
      for _ in client:items("describe_lags") do
        seen = seen + 1
      end
    end)
    assert.is_false(fine)
    assert.equal("DirectConnectClientException", err.code)
    assert.equal(2, seen)
  end)

  it("works from coroutines of one's own, inside tasks too", function()
    local function generate(client)
      return coroutine.wrap(function()
        for lag in client:items("describe_lags") do
          coroutine.yield(lag)
        end
      end)
    end
    local expected = { "dxlag-1", "dxlag-2", "dxlag-3" }
    local client = world.client(lags(2, 1))
    assert.same(expected, ids(generate, client))
    local server = faultd.start { faultd.ok(lags(2, 1)[1].body), faultd.ok(lags(2, 1)[2].body) }
    finally(function() server:stop() end)
    local real = world.client({}, { transport = "curl", endpoint_url = server.url })
    local results = dxconnect.parallel { function() return ids(generate, real) end }
    assert.same({ { result = expected } }, results)
  end)
end)

describe("inside a task", function()
  -- A client whose requests take a turn of the other tasks each.
  local function slow_client(script)
    local client, record
    client, record = world.client({ function()
      client.system.sleep(0)
      return script[math.min(#record.requests, #script)]
    end }, { system = {} })
    return client, record
  end

  -- A turn for the other tasks, until there were n requests or it is too late.
  local function await_requests(client, record, n)
    local turns = 0
    while #record.requests < n and turns < TURNS do
      client.system.sleep(0)
      turns = turns + 1
    end
    return #record.requests >= n
  end

  local function in_task(f)
    local entry = dxconnect.parallel({ f })[1]
    assert.is_nil(entry.error, tostring(entry.error))
    return entry.result
  end

  it("the next page is fetched while the one before is worked on, and no further one", function()
    local client, record = slow_client(lags(1, 1, 1))
    local pages = in_task(function()
      local n = 0
      for _ in client:pages("describe_lags") do
        n = n + 1
        assert.is_true(await_requests(client, record, math.min(n + 1, 3)))
        assert.equal(math.min(n + 1, 3), #record.requests)
      end
      return n
    end)
    assert.equal(3, pages)
    assert.equal(3, #record.requests)
  end)

  it("so it is for items", function()
    local client, record = slow_client(lags(2, 1))
    in_task(function()
      local step = client:items("describe_lags")
      assert.equal("dxlag-1", step().lagId)
      assert.is_true(await_requests(client, record, 2))
      assert.equal("dxlag-2", step().lagId)
      assert.equal("dxlag-3", step().lagId)
      assert.is_nil(step())
    end)
    assert.equal(2, #record.requests)
  end)

  it("an error of a page fetched ahead is raised at its turn", function()
    local client = slow_client { lags(1, 1)[1], fault(400, "DirectConnectClientException", "no") }
    in_task(function()
      local step = client:pages("describe_lags")
      assert.is_table(step())
      client.system.sleep(0)
      local fine, err = pcall(step)
      assert.is_false(fine)
      assert.equal("DirectConnectClientException", err.code)
    end)
  end)

  -- A client over real sockets, and a set of the codes that its logger was told.
  local function real_client(server)
    local codes = {}
    return world.client({}, {
      transport = "curl", endpoint_url = server.url, system = {}, timeout = 30, max_attempts = 1,
      logger = function(event)
        codes[event.code or ""] = true
      end,
    }), codes
  end

  it("a page fetched ahead is broken off when the task ends before it", function()
    local server = faultd.start { faultd.ok(lags(1, 1)[1].body), "hang" }
    finally(function() server:stop() end)
    local client, codes = real_client(server)
    in_task(function()
      client:pages("describe_lags")()
      while #server:requests() < 2 do
        client.system.sleep(0.001)
      end
    end)
    assert.is_true(server:await_closed(1))
    assert.equal(2, #server:requests())
    assert.is_nil(codes.TimeoutError) -- nobody waited for it
  end)

  it("a run that is broken off takes the page fetched ahead with it", function()
    local page = faultd.ok(lags(1, 1)[1].body)
    local server = faultd.start { page, page, "hang" }
    finally(function() server:stop() end)
    local client, codes = real_client(server)
    local fine, err = pcall(client.map, client, "describe_lags", { {} }, {
      on_progress = function()
        local step = client:pages("describe_lags")
        step()
        while #server:requests() < 3 do
          client.system.sleep(0.001)
        end
        error("stop", 0)
      end,
    })
    assert.same({ false, "stop" }, { fine, err })
    assert.is_true(server:await_closed(1))
    assert.equal(3, #server:requests())
    assert.is_nil(codes.TimeoutError)
  end)

  it("several tasks share one iterator, and each item goes to one of them", function()
    local client = slow_client(lags(3, 1, 2, 0, 5))
    local step = client:items("describe_lags")
    local seen, tasks = {}, {}
    for i = 1, 4 do
      tasks[i] = function()
        local lag = step() -- not by the generic for, through which Lua 5.1 does not yield
        while lag do
          assert.is_nil(seen[lag.lagId])
          seen[lag.lagId] = true
          client.system.sleep(0)
          lag = step()
        end
        return true
      end
    end
    for _, entry in ipairs(dxconnect.parallel(tasks)) do
      assert.same({ result = true }, entry)
    end
    local count = 0
    for _ in pairs(seen) do
      count = count + 1
    end
    assert.equal(11, count)
  end)

  it("a page that was fetched ahead by a task that ended is fetched again", function()
    local client, record = slow_client(lags(1, 1))
    local step = client:pages("describe_lags")
    in_task(function()
      assert.is_table(step())
    end)
    assert.equal("dxlag-2", step().lags[1].lagId)
    assert.is_nil(step())
    -- where pcall can't be yielded through, the request ahead was answered before the task ended
    assert.equal(yields.through_pcall and 3 or 2, #record.requests)
  end)
end)

describe("inside nginx #nginx", function()
  it("the next page is fetched while the one before is worked on", function()
    local server, port = nginx.start_eval()
    finally(function() server:stop() end)
    assert.equal("2 2", (nginx.eval(port, [[
      local dxconnect = require "dxconnect"
      local requests = 0
      local client = assert(dxconnect.client {
        region = "us-east-1", credentials = { access_key_id = "a", secret_access_key = "b" },
        transport = function()
          requests = requests + 1
          ngx.sleep(0.001)
          return { status = 200, headers = {}, body = requests == 1 and '{"lags":[],"nextToken":"n"}' or '{"lags":[]}' }
        end,
      })
      local seen = {}
      local entry = dxconnect.parallel { function()
        for _ in client:pages "describe_lags" do
          local turns = 0
          while requests < 2 and turns < 1000 do
            ngx.sleep(0.001)
            turns = turns + 1
          end
          seen[#seen + 1] = requests
        end
      end }
      return entry[1].error and tostring(entry[1].error) or table.concat(seen, " ")
    ]])))
    assert.equal("", server:log())
  end)
end)

describe("client:all", function()
  it("joins every page into one result, with the whole list and no token", function()
    local client, record = world.client(lags(2, 0, 1, 3))
    local params = {}
    local result, err, meta = client:all("describe_lags", params)
    assert.is_nil(err)
    assert.equal(200, meta.status)
    local found = {}
    for i, lag in ipairs(result.lags) do
      found[i] = lag.lagId
    end
    assert.same({ "dxlag-1", "dxlag-2", "dxlag-3", "dxlag-4", "dxlag-5", "dxlag-6" }, found)
    assert.is_nil(result.nextToken)
    assert.same({}, params)
    assert.equal(4, #record.requests)
    assert.matches("dxlag%-6", tostring(result))
  end)

  it("takes a list that has no pages, one that is empty, and one that a page lacks", function()
    local client = world.client { ok '{"virtualGateways":[{"virtualGatewayId":"vgw-1"}]}' }
    assert.equal(1, #assert(client:all("DescribeVirtualGateways")).virtualGateways)
    client = world.client(lags(0))
    assert.same({}, assert(client:all("describe_lags")).lags)
    client = world.client { ok '{"nextToken":"a"}', ok '{"lags":[{"lagId":"l"}],"nextToken":"b"}', ok "{}" }
    assert.equal("l", assert(client:all("describe_lags")).lags[1].lagId)
  end)

  it("returns the error of any page, of a token that came before, and of what has no list", function()
    local answers = lags(1, 1, 1)
    answers[2] = fault(400, "AccessDeniedException", "no")
    local result, err = world.client(answers):all("describe_lags")
    assert.is_nil(result)
    assert.equal("AccessDeniedException", err.code)
    local again = ok '{"lags":[],"nextToken":"a"}'
    result, err = world.client({ again, again }):all("describe_lags")
    assert.is_nil(result)
    assert.equal("ResponseError", err.code)
    for _, name in ipairs { "describe_loa", "create_lag" } do
      result, err = world.client(lags(1)):all(name)
      assert.is_nil(result)
      assert.equal("ParamValidationError", err.code)
    end
    result, err = world.client(lags(1)):all("describe_lag")
    assert.is_nil(result)
    assert.equal("UnknownOperationError", err.code)
  end)

  it("raises for misuse with the caller's line", function()
    local client = world.client(lags(1))
    local fine, message = pcall(function()
      client:all("describe_lags", "x")
    end)
    assert.is_false(fine)
    assert.matches("pages_spec.lua:%d+: all: params must be a table", message)
  end)
end)
