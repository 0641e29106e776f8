--- What dxconnect sends, reads, refuses and signs, judged by botocore where Python has it; elsewhere a line says so.

local cases = require "spec.support.cases"
local dxconnect = require "dxconnect"
local names = require "dxconnect.operations"
local official = require "spec.support.official"
local samples = require "spec.support.samples"
local shell = require "spec.support.shell"
local world = require "spec.support.world"

local model = dxconnect.model
local KEYS = { "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "tok/en==" }

if select(2, shell.run("python3 -c 'import botocore'")) ~= 0 then
  print("botocore is not installed: dxconnect is not compared with it")
  return
end

-- What the judge has to say of the cases; each is a table with its kind in `what`.
local function judge(list)
  local lines = {}
  for i, case in ipairs(list) do
    lines[i] = cases.json(case)
  end
  local model_path, path = os.tmpname(), os.tmpname()
  shell.write(model_path, official.text())
  shell.write(path, table.concat(lines, "\n") .. "\n")
  local pipe = io.popen(("env -u LD_PRELOAD python3 -B spec/support/judge.py %s %s 2>&1"):format(model_path, path))
  local said = pipe:read("*a")
  pipe:close()
  os.remove(model_path)
  os.remove(path)
  return said
end

local function agrees(list)
  assert.is_true(#list > 0)
  assert.equal(("judged %d\n"):format(#list), judge(list))
end

local function pick(random, list)
  return list[random(#list)]
end

local function sent_cases(random)
  local client, record = world.client({ world.ok() }, {
    credentials = { access_key_id = KEYS[1], secret_access_key = KEYS[2], session_token = KEYS[3] },
  })
  local list = {}
  for _ = 1, 6 do
    for _, op in ipairs(names.operations) do
      local params = samples.params(random, model, model.operations[op.name])
      if op.token then
        params[op.token] = params[op.token] or "token"
      end
      local request = assert(client:prepare(op.name, params))
      list[#list + 1] = {
        what = "sent", operation = op.name, params = params, headers = request.headers, body = request.body,
        url = request.url, keys = KEYS, region = "us-east-1", seconds = record.now,
      }
    end
  end
  return list
end

local function read_cases(random)
  local body
  local client = world.client { function()
    return world.ok(body)
  end }
  local list = {}
  for _ = 1, 6 do
    for _, op in ipairs(names.operations) do
      local params = samples.params(random, model, model.operations[op.name])
      body = samples.answer(random, model, model.operations[op.name])
      local result = assert(client:call(op.name, params))
      list[#list + 1] = { what = "read", operation = op.name, body = body, result = result }
    end
  end
  return list
end

local function failed_cases(random)
  local answer
  local client = world.client({ function()
    return answer
  end }, { max_attempts = 1 })
  local list = {}
  for _ = 1, 100 do
    local code = pick(random, { "DirectConnectClientException", "TooManyTagsException", "Throttling", "X" })
    local text = pick(random, { "no", "é€😀", "", "Could not find Lag with ID dxlag-1", "a \\\" b" })
    answer = {
      status = pick(random, { 400, 403, 404, 429, 500, 503 }),
      headers = {},
      body = ('{"__type":"%s%s%s","%s":"%s"}'):format(pick(random, { "", "ns#", "com.amazonaws.directconnect#" }), code,
        pick(random, { "", ":", ":http://x/y" }), pick(random, { "message", "Message" }), text),
    }
    local _, err = client:describe_lags()
    list[#list + 1] = {
      what = "failed", status = answer.status, headers = answer.headers, body = answer.body, code = err.code,
      message = err.message,
    }
  end
  return list
end

-- Takes things out of valid parameters, or puts wrong ones in.
local function spoil(random, params)
  local wrong = { 5, 1.5, true, "x", "", -1, 2 ^ 40, ("é"):rep(2000), { { x = 1 } }, { x = 1 } }
  local at = params
  while true do
    local keys = {}
    for key in pairs(at) do
      keys[#keys + 1] = key
    end
    table.sort(keys)
    local key = keys[random(#keys + 1)]
    if key == nil then
      if at[1] == nil then
        at.bogus = pick(random, wrong)
      end
      return
    elseif type(at[key]) ~= "table" or random(3) == 1 then
      if random(3) == 1 and type(key) == "string" then
        at[key] = nil
      else
        at[key] = pick(random, wrong)
      end
      return
    end
    at = at[key]
  end
end

local function refused_cases(random)
  local client = world.client { world.ok() }
  local list = {}
  for _ = 1, 8 do
    for _, op in ipairs(names.operations) do
      if model.operations[op.name].input then
        local params = samples.params(random, model, model.operations[op.name])
        for _ = 1, random(3) do
          spoil(random, params)
        end
        local _, err = client:prepare(op.name, params)
        local paths = {}
        for i, problem in ipairs(err and err.problems or {}) do
          paths[i] = problem.path
        end
        list[#list + 1] = { what = "refused", operation = op.name, params = params, paths = paths }
      end
    end
  end
  return list
end

local function random_url(random)
  local path = pick(random, { "", "/" })
  for _ = 1, random(0, 4) do
    path = path:gsub("/$", "") .. "/"
      .. pick(random, { "a", ".", "..", "", "%C3%A9", "b%20c", "d~e", "f+g", "%2F", "h:i@j" })
  end
  local query = {}
  for i = 1, random(0, 4) do
    query[i] = pick(random, { "a", "A", "b", "a-b", "%C3%A9", "a%3Db" })
      .. pick(random, { "", "=", "=1", "=%20", "=x~y", "=%2B" })
  end
  return pick(random, { "https://", "http://" }) .. pick(random, { "example.amazonaws.com", "H", "127.0.0.1", "[::1]" })
    .. pick(random, { "", ":80", ":443", ":8080" }) .. path .. (#query > 0 and "?" or "") .. table.concat(query, "&")
end

local function signed_cases(random)
  local list = {}
  for _ = 1, 400 do
    local request = {
      method = pick(random, { "GET", "POST", "PUT", "DELETE" }), url = random_url(random), headers = {},
      body = pick(random, { "", "{}", "é\0\255", ("x"):rep(3000) }),
    }
    for _ = 1, random(0, 4) do
      request.headers[pick(random, { "X-Foo", "content-type", "My-Header1", "User-Agent", "X-Amz-Target", "Range" })] =
        pick(random, { "a", " a  b ", '"x   y"', "", "é", "a,b" })
    end
    local seconds = pick(random, { 0, 951782400, 1440938160, 1709164800, 4102444799 })
    local token = pick(random, { KEYS[3], false }) or nil
    local signed = assert(dxconnect.sign(request, {
      region = "eu-west-1", service = "service",
      credentials = { access_key_id = KEYS[1], secret_access_key = KEYS[2], session_token = token },
      clock = function()
        return seconds
      end,
    }))
    list[#list + 1] = {
      what = "signed", method = request.method, url = request.url, headers = request.headers, body = request.body,
      keys = { KEYS[1], KEYS[2], token }, region = "eu-west-1", service = "service", seconds = seconds,
      authorization = signed.headers.authorization,
    }
  end
  return list
end

describe("botocore", function()
  it("has the same operations, members and types", function()
    agrees { { what = "known" } }
  end)

  it("would send the same bodies and headers, and sign them so", function()
    agrees(sent_cases(samples.random(1)))
  end)

  it("would return the same results", function()
    agrees(read_cases(samples.random(2)))
  end)

  it("would report the same errors of the service", function()
    agrees(failed_cases(samples.random(3)))
  end)

  it("would find no problem in parameters that is not found here", function()
    agrees(refused_cases(samples.random(4)))
  end)

  it("would sign any request the same", function()
    agrees(signed_cases(samples.random(5)))
  end)

  it("is a judge that says no", function()
    local list = sent_cases(samples.random(6))
    list[1].body = '{"not":"so"}'
    list[2].headers.authorization = list[2].headers.authorization:gsub("Signature=.", "Signature=x")
    local said = judge {
      list[1], list[2], list[3],
      { what = "read", operation = "DescribeLags", body = '{"lags":[{"lagId":"a"}]}', result = { lags = {} } },
      { what = "read", operation = "DescribeLags", body = '{"lags":[]}', result = { lags = {} } },
      { what = "failed", status = 400, headers = {}, body = '{"__type":"A"}', code = "HTTP400", message = "" },
      { what = "refused", operation = "DeleteLag", params = {}, paths = { "lag" } },
    }
    local kinds = {}
    for kind in said:gmatch("([^\n]+)\n") do
      kinds[#kinds + 1] = kind:match("^%a+: %a+") or kind:match("^%a+ ?%d*")
    end
    assert.same({ "sent: body", "sent: signature", "read", "failed", "refused: missing", "judged 7" }, kinds)
  end)
end)
