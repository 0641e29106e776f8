local dxconnect = require "dxconnect"
local describes = require "dxconnect.workflows.describes"
local kinds = require("dxconnect.resources.kinds").kinds
local schedule = require "dxconnect.async"
local faultd = require "spec.support.faultd"
local nginx = require "spec.support.nginx"
local world = require "spec.support.world"
local yields = require "spec.support.yields"

local ok, fault = world.ok, world.fault

-- A service with connections, each available from a time on, seen through a client whose calls take a turn of the
-- other tasks each. `service.hook(request, params)`, where set, may answer in its place.
local function new_service(from, page_size)
  local service = { from = from }
  local client, record
  local function list(first)
    local items, last = {}, first + (page_size or 1000) - 1
    for i = first, math.min(last, #from) do
      items[#items + 1] = ('{"connectionId":"c-%d","connectionState":"%s"}'):format(i,
        record.now >= service.from[i] and "available" or "pending")
    end
    return items, last < #from and last + 1
  end
  client, record = world.client({ function(request)
    schedule.sleep(0)
    if service.hook then
      local answer, message, kind = service.hook(request)
      if answer or kind then
        return answer, message, kind
      end
    end
    local id = request.body:match('"connectionId":"c%-(%d+)"')
    local items, following
    if id then
      items = { ('{"connectionId":"c-%s","connectionState":"%s"}'):format(id,
        record.now >= service.from[tonumber(id)] and "available" or "pending") }
    else
      items, following = list(tonumber(request.body:match('"nextToken":"(%d+)"') or 1))
    end
    return ok(('{"connections":[%s]%s}'):format(table.concat(items, ","), following and (',"nextToken":"%d"')
      :format(following) or ""))
  end })
  return client, record, service
end

-- How many requests there were of a kind.
local function count(record, pattern)
  local n = 0
  for _, request in ipairs(record.requests) do
    n = n + (request.body:find(pattern) and 1 or 0)
  end
  return n
end

-- Gives the other tasks their turns until there were n requests; where they ended before, that fails.
local function await_requests(record, n)
  local turns = 0
  while #record.requests < n do
    turns = turns + 1
    assert(turns < 10000, "the others make no request")
    schedule.sleep(0)
  end
end

local LIST, PAGE, BY_ID = "^{}$", "nextToken", "connectionId"

-- Waits for each of these connections at once.
local function wait_for(client, ids, options)
  local tasks = {}
  for i, id in ipairs(ids) do
    tasks[i] = function()
      return client:wait_until("connection_available", { connectionId = id }, options or { delay = 10 })
    end
  end
  return dxconnect.parallel(tasks)
end

local function ids(n)
  local list = {}
  for i = 1, n do
    list[i] = "c-" .. i
  end
  return list
end

local function assert_all(results, expected)
  for i, entry in ipairs(results) do
    assert.is_nil(entry.error, tostring(entry.error))
    assert.equal(expected[i], entry.result.connectionId)
  end
  assert.equal(#expected, #results)
end

-- Describes of two connections, of one group, in a task; then f(poll, other).
local function with_two(client, f)
  local entry = dxconnect.parallel({ function()
    local opened = {}
    for i = 1, 2 do
      opened[i] = describes.open(client, kinds.connection, { connectionId = "c-" .. i }, nil, {
        delay = 10, limit = math.huge,
      })
    end
    f(opened[1], opened[2])
    opened[1]:close()
    opened[2]:close()
    return true
  end })[1]
  assert.is_nil(entry.error, tostring(entry.error))
end

describe("describes", function()
  it("plan the next look for the same moment", function()
    with_two(new_service { 0, 0 }, function(first, second)
      assert.equal(6, first:next_wait(100, 0.1))
      assert.equal(5, second:next_wait(101, 0.9)) -- that moment
      assert.equal(14, second:next_wait(102, 0.9)) -- it would be too soon
      assert.equal(14, first:next_wait(102, 0.1))
    end)
  end)

  it("take the answer that another one got, but none that came right after their last one", function()
    local client, record = new_service { 0, 0 }
    with_two(client, function(first, second)
      local function look(poll, id)
        local list = assert(poll:look())
        assert.equal(id, list[1].connectionId)
        return #record.requests
      end
      assert.equal(1, look(first, "c-1"))
      assert.equal(1, look(second, "c-2"))
      record.now = record.now + 4
      assert.equal(2, look(second, "c-2"))
      assert.equal(3, look(first, "c-1"))
      record.now = record.now + 5
      assert.equal(4, look(first, "c-1"))
      assert.equal(4, look(second, "c-2"))
    end)
  end)

  it("that nobody closed leave no answers behind for good", function()
    local client = new_service { 0, 0 }
    local function open(params)
      return describes.open(client, kinds.connection, params, nil, { delay = 1, limit = math.huge })
    end
    local kept = setmetatable({}, { __mode = "k" })
    local function lose_one()
      kept[assert(open({ connectionId = "c-1" }):look())] = true
    end
    lose_one()
    for _ = 1, 2 do
      collectgarbage()
      for _ = 1, 64 do
        open({ connectionId = "c-2" }):close()
      end
    end
    collectgarbage()
    assert.is_nil(next(kept))
  end)
end)

describe("waits side by side", function()
  it("are served by one list of all, a hundred of them by about one a delay", function()
    local from = {}
    for i = 1, 100 do
      from[i] = 1700000000 + i -- from one second on to a hundred
    end
    local client, record = new_service(from)
    assert_all(wait_for(client, ids(100)), ids(100))
    assert.equal(0, count(record, BY_ID))
    assert.is_true(#record.requests <= 25, #record.requests .. " requests")
  end)

  it("ask by id where one is left, or was alone", function()
    local client, record = new_service { 0, 1700000000 + 25 }
    assert_all(wait_for(client, ids(2)), ids(2))
    assert.equal(1, count(record, LIST))
    assert.is_true(count(record, BY_ID) >= 1)
    client, record = new_service { 0 }
    assert_all(wait_for(client, ids(1)), ids(1))
    assert.equal(0, count(record, LIST))
  end)

  it("outside of tasks ask by id", function()
    local client, record = new_service { 0 }
    assert(client:wait_until("connection_available", { connectionId = "c-1" }))
    assert.equal(1, count(record, BY_ID))
  end)

  it("ask by id where the list has more pages than there are waits", function()
    local from = {}
    for i = 1, 9 do
      from[i] = i <= 3 and 1700000000 + 15 or 0
    end
    local client, record = new_service(from, 2) -- five pages
    assert_all(wait_for(client, ids(3)), ids(3))
    assert.equal(1, count(record, LIST))
    assert.equal(2, count(record, PAGE))
    assert.is_true(count(record, BY_ID) >= 3)
    client, record = new_service({ 0, 0, 0, 0, 0, 0, 0, 0, 0 }, 2)
    assert_all(wait_for(client, ids(9)), ids(9))
    assert.equal(1, count(record, LIST))
    assert.equal(0, count(record, BY_ID))
  end)

  it("ask by id where the list is refused, once", function()
    local client, record, service = new_service { 1700000015, 1700000015, 1700000015 }
    function service.hook(request)
      return request.body == "{}" and fault(400, "AccessDeniedException", "only by id")
    end
    assert_all(wait_for(client, ids(3)), ids(3))
    assert.equal(1, count(record, LIST))
  end)

  it("ask for what a list lacks by its id before they call it missing", function()
    local client, record, service = new_service { 0, 0, 0 }
    function service.hook(request)
      return request.body == "{}" and ok '{"connections":[{"connectionId":"c-1","connectionState":"available"}]}'
    end
    assert_all(wait_for(client, ids(3)), ids(3))
    assert.equal(1, count(record, LIST))
    assert.equal(2, count(record, BY_ID))
  end)

  it("take what a list lacks as gone where they wait for that", function()
    local client, record, service = new_service {}
    function service.hook()
      return ok '{"connections":[]}'
    end
    local tasks = {}
    for i = 1, 20 do
      tasks[i] = function()
        return client:wait_until("connection_deleted", { connectionId = "c-" .. i })
      end
    end
    for _, entry in ipairs(dxconnect.parallel(tasks)) do
      assert.same({ result = {} }, entry)
    end
    assert.is_true(#record.requests <= 4, #record.requests .. " requests")
    assert.equal(0, count(record, BY_ID))
  end)

  it("never take an answer that was asked for before they began", function()
    local client, record, service = new_service { 1700000000 + 40, 1700000000 + 40 }
    local stale = ok('{"connections":[{"connectionId":"c-1","connectionState":"available"},'
      .. '{"connectionId":"c-2","connectionState":"available"},{"connectionId":"c-3","connectionState":"deleted"}]}')
    function service.hook()
      return #record.requests == 1 and stale
    end
    local results = dxconnect.parallel {
      function() return client:wait_until("connection_available", { connectionId = "c-1" }, { delay = 10 }) end,
      function() return client:wait_until("connection_available", { connectionId = "c-2" }, { delay = 10 }) end,
      function()
        await_requests(record, 1) -- until a list with the last c-3 is under way
        service.from[3] = 0
        return client:wait_until("connection_available", { connectionId = "c-3" }, { delay = 10 })
      end,
    }
    assert_all(results, ids(3))
  end)

  it("look no longer than the one in the greatest hurry may, and don't take its time-out for theirs", function()
    for _, timeouts in ipairs { { 1000, 10 }, { 10, 1000 } } do
      local client, record, service = new_service { 0, 0 }
      function service.hook(request)
        if #record.requests == 1 then
          record.now = record.now + request.timeout
          return nil, "slow", "timeout"
        end
      end
      local tasks = {}
      for i, timeout in ipairs(timeouts) do
        tasks[i] = function()
          return client:wait_until("connection_available", { connectionId = "c-" .. i }, {
            delay = 10, timeout = timeout,
          })
        end
      end
      for i, entry in ipairs(dxconnect.parallel(tasks)) do
        if timeouts[i] == 1000 or not entry.error then
          assert.equal("c-" .. i, entry.result and entry.result.connectionId or tostring(entry.error))
        else
          assert.equal("WaiterTimeoutError", entry.error.code)
        end
      end
      assert.is_true(record.requests[1].timeout <= 20)
    end
  end)

  it("share a failure", function()
    local client, record, service = new_service { 0, 0, 0, 0, 0 }
    function service.hook()
      return fault(503)
    end
    for _, entry in ipairs(wait_for(client, ids(5))) do
      assert.equal("HTTP503", entry.error.code)
    end
    assert.is_true(#record.requests <= 6, #record.requests .. " requests") -- of one call or two, three attempts each
  end)

  it("of several clients, operations, options or filters share nothing", function()
    local first, first_record = new_service { 0 }
    local second, second_record = new_service { 0 }
    local lags = ok '{"lags":[{"lagId":"l-1","lagState":"available"}]}'
    local third, third_record, service = new_service { 0 }
    function service.hook(request)
      return request.headers["x-amz-target"]:find("Lags") and lags
    end
    local one = { connectionId = "c-1" }
    for _, entry in ipairs(dxconnect.parallel {
      function() return first:wait_until("connection_available", one) end,
      function() return second:wait_until("connection_available", one) end,
      function() return third:wait_until("connection_available", one) end,
      function() return third:wait_until("connection_available", one, { region = "eu-west-1" }) end,
      function() return third:wait_until("lag_available", { lagId = "l-1" }) end,
    }) do
      assert.is_nil(entry.error)
    end
    assert.equal(1, #first_record.requests)
    assert.equal(1, #second_record.requests)
    assert.equal(3, #third_record.requests)
    local regions = {}
    for _, request in ipairs(third_record.requests) do
      regions[request.url:match("directconnect%.([^.]+)")] = true
    end
    assert.same({ ["us-east-1"] = true, ["eu-west-1"] = true }, regions)
  end)

  it("share one answer for equal parameters, also such that name several", function()
    local interfaces = ok('{"virtualInterfaces":[{"virtualInterfaceId":"v-1","virtualInterfaceState":"available"},'
      .. '{"virtualInterfaceId":"v-2","virtualInterfaceState":"available"}]}')
    local client, record, service = new_service {}
    function service.hook()
      return interfaces
    end
    local tasks = {}
    for i = 1, 10 do
      tasks[i] = function()
        return client:wait_until("virtual_interface_available", { connectionId = i % 2 == 0 and "a" or "b" })
      end
    end
    for _, entry in ipairs(dxconnect.parallel(tasks)) do
      assert.equal(2, #entry.result)
    end
    assert.equal(2, #record.requests)
  end)

  it("for associations of one gateway go over to its list once they have seen them", function()
    local client, record, service = new_service {}
    local function association(i)
      return ('{"associationId":"a-%d","directConnectGatewayId":"g","associationState":"%s"}'):format(i,
        record.now >= 1700000060 and "associated" or "associating")
    end
    function service.hook(request)
      local id = request.body:match('"associationId":"a%-(%d+)"')
      local items = {}
      for i = id or 1, id or 20 do
        items[#items + 1] = association(i)
      end
      return ok(('{"directConnectGatewayAssociations":[%s]}'):format(table.concat(items, ",")))
    end
    local tasks = {}
    for i = 1, 20 do
      tasks[i] = function()
        return client:wait_until("gateway_association_associated", { associationId = "a-" .. i }, { delay = 10 })
      end
    end
    for i, entry in ipairs(dxconnect.parallel(tasks)) do
      assert.equal("a-" .. i, entry.result.associationId)
    end
    if not yields.through_pcall then
      return -- a transport and a sleep of the user's own block there, so that one wait ends before the next begins
    end
    assert.is_true(count(record, '"associationId"') <= 21) -- each once, and the last one that is left
    assert.is_true(count(record, '"directConnectGatewayId":"g"') <= 15, #record.requests .. " requests")
  end)

  it("that are broken off leave the others able to go on", function()
    local client, record, service = new_service { 1700000000 + 30, 1700000000 + 30 }
    assert.is_false((pcall(client.map, client, "describe_lags", { {}, {} }, {
      on_progress = function()
        error("stop")
      end,
    })))
    service.hook = function(request)
      if request.headers["x-amz-target"]:find("Lags") then
        return ok '{"lags":[]}'
      end
    end
    assert.is_false((pcall(schedule.each, 2, 2, function(i)
      if i == 2 then
        await_requests(record, 3)
        error("stop") -- while the other one asks
      end
      client:wait_until("connection_available", { connectionId = "c-1" })
    end)))
    assert_all(wait_for(client, ids(2)), ids(2))
  end)

  it("see summaries of resiliency groups in a list, and return them whole", function()
    local client, record, service = new_service {}
    local function id(i)
      return ("dxrg-%017d"):format(i)
    end
    function service.hook(request)
      local state = record.now >= 1700000020 and "available" or "pending"
      local named = request.body:match("dxrg%-0*(%d+)")
      if named then
        return ok(('{"resiliencyGroup":{"resiliencyGroupId":"%s","state":"%s","tags":[{"key":"a"}]}}'):format(
          id(tonumber(named)), state))
      end
      local items = {}
      for i = 1, 10 do
        items[i] = ('{"resiliencyGroupId":"%s","state":"%s"}'):format(id(i), state)
      end
      return ok(('{"items":[%s]}'):format(table.concat(items, ",")))
    end
    local tasks = {}
    for i = 1, 10 do
      tasks[i] = function()
        return client:wait_until("resiliency_group_available", { resiliencyGroupId = id(i) }, { delay = 5 })
      end
    end
    for i, entry in ipairs(dxconnect.parallel(tasks)) do
      assert.same({ resiliencyGroupId = id(i), state = "available", tags = { { key = "a" } } }, entry.result)
    end
    assert.is_true(#record.requests <= 10 + 8, #record.requests .. " requests")
  end)

  it("share what they look at over real connections", function()
    local function list(state)
      local items = {}
      for i = 1, 50 do
        items[i] = ('{"connectionId":"c-%d","connectionState":"%s"}'):format(i, state)
      end
      return faultd.ok(('{"connections":[%s]}'):format(table.concat(items, ",")))
    end
    local server = faultd.start { list "pending", list "pending", list "pending", list "pending", list "available" }
    finally(function() server:stop() end)
    local client = world.client({}, { transport = "curl", endpoint_url = server.url, system = {} })
    assert_all(wait_for(client, ids(50), { delay = 0.02 }), ids(50))
    assert.is_true(#server:requests() <= 20, #server:requests() .. " requests")
    for _, request in ipairs(server:requests()) do
      assert.equal("{}", request.body)
    end
  end)

  it("work in coroutines of one's own inside tasks", function()
    local client = new_service { 1700000000 + 20, 1700000000 + 20 }
    local tasks = {}
    for i = 1, 2 do
      tasks[i] = function()
        return coroutine.wrap(function()
          return client:wait_until("connection_available", { connectionId = "c-" .. i }, { delay = 10 })
        end)()
      end
    end
    assert_all(dxconnect.parallel(tasks), ids(2))
  end)
end)

describe("waits inside nginx #nginx", function()
  it("share what they look at, those of several requests as well", function()
    local server, port = nginx.start_eval()
    finally(function() server:stop() end)
    local code = [[
      local dxconnect = require "dxconnect"
      shared.client = shared.client or assert(dxconnect.client {
        region = "us-east-1", credentials = { access_key_id = "a", secret_access_key = "b" },
        transport = function()
          shared.requests = (shared.requests or 0) + 1
          ngx.sleep(0.01)
          local items = {}
          for i = 1, 40 do
            items[i] = ('{"connectionId":"c-%d","connectionState":"%s"}'):format(i,
              shared.requests > 3 and "available" or "pending")
          end
          return { status = 200, headers = {}, body = '{"connections":[' .. table.concat(items, ",") .. "]}" }
        end,
      })
      local tasks = {}
      for i = FIRST, FIRST + 19 do
        tasks[#tasks + 1] = function()
          return shared.client:wait_until("connection_available", { connectionId = "c-" .. i }, { delay = 0.05 })
        end
      end
      local done = 0
      for i, entry in ipairs(dxconnect.parallel(tasks)) do
        if entry.error then return tostring(entry.error) end
        done = done + (entry.result.connectionId == "c-" .. i + FIRST - 1 and 1 or 0)
      end
      return done .. " " .. shared.requests
    ]]
    local answers = { nginx.eval(port, (code:gsub("FIRST", "1")), (code:gsub("FIRST", "21"))) }
    for _, answer in ipairs(answers) do
      local done, requests = answer:match("^(%d+) (%d+)$")
      assert.equal("20", done, answer)
      assert.is_true(tonumber(requests) <= 20, requests)
    end
    assert.equal("", server:log())
  end)
end)
