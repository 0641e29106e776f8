local creates = require "spec.support.creates"
local ledger = require "spec.support.ledger"
local names = require "dxconnect.operations"
local world = require "spec.support.world"

local count, id_of, new_service = creates.count, creates.id_of, creates.new_service

describe("create_once", function()
  it("is tried below with every create of the model", function()
    local tried = {}
    for _, case in ipairs(creates.all) do
      tried[case[1]] = true
    end
    for _, op in ipairs(names.operations) do
      assert.equal(op.name:find("^Create") ~= nil or op.name:find("^Allocate") ~= nil, tried[op.name] or false, op.name)
    end
  end)

  for _, case in ipairs(creates.all) do
    local name, list, params = case[1], case[2], case[3]
    local is_token = name == "CreateResiliencyGroup"

    describe("with " .. name, function()
      it("answers as the operation does, and finds it again by the token", function()
        local service, client = new_service()
        local plain_service, plain = new_service()
        local expected = assert(plain:call(name, params))
        local result, err, meta = client:create_once(name, params, { token = "t" })
        assert.is_nil(err)
        assert.is_nil(meta.found)
        local found
        found, err, meta = client:create_once(names.find(name).method, params, { token = "t" })
        assert.is_nil(err)
        if not is_token then
          assert.is_true(meta.found)
        end
        assert.equal(id_of(expected, list), id_of(result, list))
        assert.equal(id_of(result, list), id_of(found, list))
        for member in pairs(expected) do
          assert.is_not_nil(found[member], member)
        end
        assert.matches("%w", tostring(found))
        assert.is_nil(tostring(found):find("^table"))
        assert.equal(1, count(service, list))
        assert.equal(1, count(plain_service, list))
      end)

      it("makes one where the answer is lost, with and without a token", function()
        for _, token in ipairs { "t", false } do
          local service, client = new_service()
          service:order { on = "^" .. name .. "$", when = "after" }
          local result = assert(client:create_once(name, params, { token = token or nil }))
          assert.is_string(id_of(result, list))
          assert.equal(1, count(service, list))
        end
      end)

      it("makes one where the request is lost", function()
        for _, token in ipairs { "t", false } do
          local service, client = new_service { max_attempts = 1 }
          service:order { on = "^" .. name .. "$", when = "before" }
          assert(client:create_once(name, params, { token = token or nil }))
          assert.equal(1, count(service, list))
        end
      end)

      it("makes one for every fault and request at which it strikes, with a rerun", function()
        local replies = {
          false, { status = 500 }, { status = 503 }, { status = 200, body = "<html>" },
          { status = 400, body = '{"__type":"DirectConnectServerException","message":"x"}' },
          { status = 429 },
        }
        for at = 0, 4 do
          for _, reply in ipairs(replies) do
            for _, when in ipairs { "before", "after" } do
              local service, client = new_service { max_attempts = 1 }
              local is_refused = reply and reply.status == 429
              service:order { skip = at, times = 2, when = is_refused and "before" or when, reply = reply or nil }
              local result, err = client:create_once(name, params, { token = "t" })
              service.faults = {}
              assert.is_true(count(service, list) <= 1)
              if not result then
                assert.is_string(err.code)
                result = assert(client:create_once(name, params, { token = "t" }))
              end
              assert.is_string(id_of(result, list))
              assert.equal(1, count(service, list))
            end
          end
        end
      end)

      if not is_token then
        it("says maybe_applied where looking fails too", function()
          local service, client = new_service()
          service:order { on = "^" .. name .. "$", when = "after" }
          service:order { on = "^Describe", times = 100, when = "before", reply = { status = 500 } }
          local result, err = client:create_once(name, params)
          assert.is_nil(result)
          assert.is_true(err.maybe_applied)
          assert.equal(name, err.operation)
          assert.equal("HTTP500", err.cause.code)
          assert.matches(names.find(name).look_with, err.hint)
          assert.equal(1, count(service, list))
        end)

        it("sends nothing where looking first fails", function()
          local service, client = new_service()
          service:order { on = "^Describe", times = 100, when = "before", reply = { status = 500 } }
          local result, err = client:create_once(name, params, { token = "t" })
          assert.is_nil(result)
          assert.equal("HTTP500", err.code)
          assert.is_nil(err.maybe_applied)
          assert.equal(0, service:count("^" .. name .. "$"))
        end)
      end

      it("changes nothing that the caller gave", function()
        local _, client = new_service()
        local given, options = ledger.copy(params), { token = "t", timeout = 9 }
        assert(client:create_once(name, given, options))
        assert.same(params, given)
        assert.same({ token = "t", timeout = 9 }, options)
      end)
    end)
  end

  local connection = creates.params.CreateConnection

  it("returns nothing after an error, which assert then raises", function()
    for _, create in ipairs(creates.all) do
      local client = world.client { world.fault(400, "DirectConnectClientException", "no") }
      assert.equal(2, select("#", client:create_once(create[1], create[3])))
    end
  end)

  it("looks over all pages before it sends", function()
    local service, client = new_service()
    for _ = 1, 7 do
      assert(client:create_connection(connection))
    end
    local made = assert(client:create_once("create_connection", connection, { token = "t" }))
    assert.equal("dxcon-9", made.connectionId)
    service.requests = {}
    local _, _, meta = client:create_once("create_connection", connection, { token = "t" })
    assert.is_true(meta.found)
    assert.equal(4, #service.requests)
  end)

  it("does not follow pages that repeat", function()
    local client, record = world.client { world.ok('{"connections":[],"nextToken":"again"}') }
    local _, err = client:create_once("create_connection", connection, { token = "t" })
    assert.equal("ResponseError", err.code)
    assert.equal(2, #record.requests)
  end)

  it("waits for what does not show at once, instead of sending again", function()
    local service, client, record = new_service()
    service:order { on = "^CreateConnection$", when = "after" }
    service:order { on = "^DescribeConnections$", times = 2, when = "before", reply = { status = 200, body = "{}" } }
    local result, _, meta = client:create_once("create_connection", connection)
    assert.equal("dxcon-2", result.connectionId)
    assert.is_true(meta.found)
    assert.equal(1, #service.connections)
    assert.same({ 1, 2 }, record.sleeps)
    local waits = 0
    for _, event in ipairs(record.events) do
      waits = waits + (event.type == "wait" and event.operation == "CreateConnection" and 1 or 0)
    end
    assert.equal(2, waits)
  end)

  it("finds the first where the second was refused because of it", function()
    local service, client = new_service()
    local name = "CreatePrivateVirtualInterface"
    service:order { on = "^CreatePrivate", when = "after" }
    service:order { on = "^DescribeVirtual", times = 4, when = "before", reply = { status = 200, body = "{}" } }
    service:order { on = "^CreatePrivate", when = "before",
      reply = { status = 400, body = '{"__type":"DirectConnectClientException","message":"VLAN already in use"}' } }
    local result, err, meta = client:create_once(name, creates.params[name])
    assert.is_nil(err)
    assert.is_true(meta.found)
    assert.equal(101, result.vlan)
    assert.equal(1, count(service, "virtualInterfaces"))
  end)

  it("gives up after the second ambiguous failure, never sending a third", function()
    local service, client = new_service()
    service:order { on = "^CreateConnection$", times = 9, when = "before" }
    local result, err = client:create_once("create_connection", connection, { token = "t" })
    assert.is_nil(result)
    assert.is_true(err.maybe_applied)
    assert.is_false(err.retryable)
    assert.matches("same token", err.hint)
    local sent = 0
    for _, request in ipairs(service.requests) do
      sent = sent + (request.name == "CreateConnection" and 1 or 0)
    end
    assert.equal(2, sent)
  end)

  it("returns a refusal as it is", function()
    local service, client = new_service()
    service:order { on = "^CreateConnection$", when = "before",
      reply = { status = 400, body = '{"__type":"DirectConnectClientException","message":"no"}' } }
    local _, err = client:create_once("create_connection", connection, { token = "t" })
    assert.equal("DirectConnectClientException", err.code)
    assert.is_nil(err.maybe_applied)
    assert.equal(0, #service.connections)
  end)

  it("keeps the client token over a lost answer when there is but one attempt", function()
    local service, client = new_service { max_attempts = 1 }
    service:order { on = "^CreateResiliencyGroup$", when = "after" }
    assert(client:create_once("create_resiliency_group", creates.params.CreateResiliencyGroup))
    assert.equal(1, #service.resiliencyGroups)
    assert.equal(2, #service.requests)
  end)

  describe("asks for confirmation", function()
    local asked, service, client
    local function asking(answer)
      asked = {}
      service, client = new_service {
        confirm = function(operation, label)
          asked[#asked + 1] = operation .. " " .. label
          return answer
        end,
      }
    end

    it("only right before it creates, and once", function()
      asking(true)
      service:order { on = "^CreateConnection$", when = "before" }
      assert(client:create_once("create_connection", connection, { token = "t" }))
      assert.equal(1, service:count "^CreateConnection$")
      assert.same({ "CreateConnection bills" }, asked)
      assert(client:create_once("create_connection", connection, { token = "t" }))
      assert.equal(1, #asked)
    end)

    it("and creates nothing without it", function()
      asking(false)
      local _, err = client:create_once("create_connection", connection, { token = "t" })
      assert.equal("NotConfirmedError", err.code)
      assert.equal(0, #service.connections)
    end)
  end)

  describe("refuses", function()
    it("what is no create, and unknown operations", function()
      local service, client = new_service()
      for _, name in ipairs { "describe_lags", "DeleteLag", "associate_mac_sec_key", "AssociateHostedConnection" } do
        local result, err = client:create_once(name, {}, { token = "t" })
        assert.is_nil(result)
        assert.equal("ParamValidationError", err.code)
        assert.equal(names.find(name).name, err.operation)
      end
      local _, err = client:create_once("create_conection", {})
      assert.equal("UnknownOperationError", err.code)
      assert.matches("create_connection", err.message)
      _, err = client:create_once(42)
      assert.equal("UnknownOperationError", err.code)
      assert.equal(0, #service.requests)
    end)

    it("bad parameters, tokens and options before anything is sent", function()
      local service, client = new_service()
      local _, err = client:create_once("create_connection", { location = 5 }, { token = "t" })
      assert.equal("ParamValidationError", err.code)
      assert.equal(3, #err.problems)
      for _, token in ipairs { "", 42, {}, true } do
        _, err = client:create_once("create_connection", connection, { token = token })
        assert.equal("ParamValidationError", err.code)
        assert.equal("options.token", err.problems[1].path)
      end
      _, err = client:create_once("create_connection", connection, { token = "t", time_out = 3 })
      assert.equal("ConfigError", err.code)
      assert.equal(0, #service.requests)
      for _, misuse in ipairs { { "x" }, { {}, "x" } } do
        local raised, message = pcall(function()
          client:create_once("create_connection", misuse[1], misuse[2])
        end)
        assert.is_false(raised)
        assert.matches("create_once_spec.lua:%d+:", message)
      end
    end)

    it("to work on a closed client", function()
      local _, client = new_service()
      client:close()
      local _, err = client:create_once("create_connection", connection, { token = "t" })
      assert.equal("config", err.kind)
    end)
  end)

  it("passes options of the call on, the region's included", function()
    local urls, transport = {}, ledger.new().transport
    local client = world.client({}, {
      transport = function(request)
        urls[request.url] = request.timeout
        return transport(request)
      end,
    })
    assert(client:create_once("create_connection", connection, { token = "t", region = "eu-west-1", timeout = 7 }))
    assert.same({ ["https://directconnect.eu-west-1.amazonaws.com/"] = 7 }, urls)
  end)

  it("works inside parallel", function()
    local service, client = new_service()
    service:order { on = "^CreateConnection$", when = "after", times = 3 }
    local tasks = {}
    for i = 1, 5 do
      tasks[i] = function()
        return client:create_once("create_connection", connection, { token = "t" .. i })
      end
    end
    for _, entry in ipairs(require("dxconnect").parallel(tasks)) do
      assert.is_string(entry.result.connectionId)
    end
    assert.equal(5, #service.connections)
  end)
end)
