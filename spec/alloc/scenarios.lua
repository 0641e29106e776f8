--- What is run while allocations fail: see runner.c. Arguments: the folder of the core, the URLs of a server that
-- answers over HTTP and over TLS, its certificate authority's file, and a file for secrets.

local build, http_url, https_url, ca_bundle, scratch = ...

package.cpath = build .. "/?.so;" .. package.cpath
package.path = "./lua/?.lua;./lua/?/init.lua;./?.lua;" .. package.path

if jit then
  jit.off() -- LuaJIT itself crashes where its compiler has no memory
end

-- ---- judging what came

-- What Lua raises; `require` puts the file in front of it, and the buffers of Lua 5.3 say it in their own words.
local function is_no_memory(message)
  return message == "not enough memory"
    or type(message) == "string" and (message:find("^error loading module [^\n]*\n\tnot enough memory$") ~= nil
      or message:find("not enough memory for buffer allocation$") ~= nil)
end

-- An error of ours: a table with kind and code that prints as a line.
local function is_error(err)
  return type(err) == "table" and type(err.kind) == "string" and type(err.code) == "string" and err.code ~= ""
    and type(tostring(err)) == "string"
end

-- A check: what was returned is what `expected` says; or there was no memory, after a disturbance. Errors may be of the
-- kinds given, where the libraries below do not say that it was memory.
local function check(expected, kinds)
  return function(ok, is_disturbed, first, second)
    if not ok then
      return not (is_disturbed and is_no_memory(first)) and "it raised " .. tostring(first) or nil
    elseif first == nil and second ~= nil and is_disturbed then
      if type(second) == "string" then
        return not second:find("memory", 1, true) and "it said: " .. second or nil
      elseif not is_error(second) then
        return "it returned nil and a " .. type(second)
      elseif not (kinds or {})[second.kind] and not tostring(second):find("memory", 1, true) then
        return "it returned the error: " .. tostring(second)
      end
      return nil
    end
    local problem = first == nil and tostring(second) or expected(first, is_disturbed)
    return problem and "the result is wrong: " .. problem or nil
  end
end

local function equals(wanted)
  return function(value)
    return value ~= wanted and ("%s instead of %s"):format(tostring(value), tostring(wanted)) or nil
  end
end

-- Lua 5.1 and LuaJIT do not try a module again that failed to load, until they are told to.
local function forget_modules()
  if _VERSION == "Lua 5.1" then
    for name in pairs(package.loaded) do
      if name:find("^dxconnect") then
        package.loaded[name] = nil
      end
    end
  end
end

-- ---- parts, loaded when first used, so that loading can fail too

local function core()
  return require "dxconnect.core"
end

local function dxconnect()
  return require "dxconnect"
end

local nothing = {
  getenv = function() end,
  read_file = function()
    return nil, "no files here"
  end,
  sleep = function() end,
}

local function client(options)
  local all = {
    region = "us-east-1",
    credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = "verysecretkey", session_token = "atoken" },
    system = nothing,
    max_attempts = 1,
    timeout = 10,
  }
  for name, value in pairs(options) do
    all[name] = value
  end
  return dxconnect().client(all)
end

local function answers(body, status)
  return function()
    return { status = status or 200, headers = { ["x-amzn-requestid"] = "r-1" }, body = body }
  end
end

local cak = ("0123456789abcdef"):rep(4)

local operations

local function operation(name)
  operations = operations or core().operations()
  for _, op in ipairs(operations) do
    if op.name == name then
      return op
    end
  end
end

local function interface(n)
  local prefixes = {}
  for i = 1, n do
    prefixes[i] = { cidr = "192.0.2." .. i .. "/32" }
  end
  return {
    connectionId = "dxcon-ffabc123",
    newPublicVirtualInterface = {
      virtualInterfaceName = "a \"name\" with \1 and \195\164",
      vlan = 101,
      asn = 65000,
      authKey = dxconnect().secret("asecretkey"),
      amazonAddress = "192.0.2.1/30",
      customerAddress = "192.0.2.2/30",
      addressFamily = "ipv4",
      routeFilterPrefixes = prefixes,
      tags = { { key = "k", value = "v" } },
    },
  }
end

local long_answer
do
  local items = {}
  for i = 1, 120 do
    items[i] = ('{"connectionId":"dxcon-%d","connectionName":"n\\u00e4me","region":"us-east-1","vlan":%d,'
      .. '"loaIssueTime":1.5e9,"unknown":{"deep":[1,2.5,true,null,"x"]},"tags":[{"key":"k","value":"v"}]}'):format(i, i)
  end
  long_answer = '{"connections":[' .. table.concat(items, ",") .. "]}"
end

-- Clients that stay open from run to run, and what they are asked.
local kept = {}

local function kept_client(url)
  if not kept[url] then
    local made, err = client { endpoint_url = url, ca_bundle = ca_bundle }
    if not made then
      return nil, err
    end
    kept[url] = made
  end
  return kept[url]
end

local transport_kinds = { transport = true }

local function new_client(url)
  return client { endpoint_url = url, ca_bundle = ca_bundle }
end

local function new_client_call(url)
  local made, err = new_client(url)
  if not made then
    return nil, err
  end
  local result
  result, err = made:describe_locations()
  made:close()
  return result and result.locations[1].locationCode, err
end

-- So many calls, three at once: over connections that stay, over new ones, or over fewer than there are calls at once.
local function tasks(count, get_client, url, limit)
  local made, err = get_client(url)
  if not made then
    return nil, err
  end
  local functions = {}
  for i = 1, count do
    functions[i] = function()
      if limit then
        core().loop():limit(limit)
      end
      local result, problem = made:describe_locations()
      return result and result.locations[1].locationCode, problem
    end
  end
  local results = dxconnect().parallel(functions, { concurrency = 3 })
  if get_client ~= kept_client then
    made:close()
  end
  return results
end

local function check_tasks(count)
  return function(results, is_disturbed)
    for i = 1, count do
      local item = results[i]
      if type(item) ~= "table" then
        return "no result of task " .. i
      elseif item.result ~= "A1" and not (is_disturbed and (is_no_memory(item.error) or is_error(item.error)
          and (item.error.kind == "transport" or tostring(item.error):find("memory", 1, true)))) then
        return ("task %d: %s, %s"):format(i, tostring(item.result), tostring(item.error))
      end
    end
  end
end

return {
  {
    name = "loading dxconnect.core",
    fresh = "state",
    run = function()
      forget_modules()
      return core()
    end,
    check = check(function(loaded)
      return loaded.sha256("abc"):byte(1) ~= 186 and "it does not work" or nil
    end),
  },
  {
    name = "loading dxconnect",
    fresh = "state",
    run = function()
      forget_modules()
      return dxconnect()
    end,
    check = check(function(loaded)
      return type(loaded.describe_locations) ~= "function" and "it does not work" or nil
    end),
  },
  {
    name = "marshalling",
    run = function()
      local ex = core().exchange()
      local done, problems = ex:marshal(operation("CreatePublicVirtualInterface").id, interface(40))
      return done and #ex:request().body, problems
    end,
    check = check(function(size)
      return size <= 1000 and "a body of " .. tostring(size) or nil
    end),
  },
  {
    name = "reporting bad parameters",
    run = function()
      local params = interface(3)
      params.connectionId, params.conectionId = nil, "x"
      params.newPublicVirtualInterface.vlan = 5000
      params.newPublicVirtualInterface.tags = { { key = {}, wrong = 1 }, 7 }
      local made, err = client { transport = answers "{}" }
      if not made then
        return nil, err
      end
      local _, problem = made:create_public_virtual_interface(params)
      return problem.problems and tostring(problem) ~= "" and #problem.problems or nil, problem
    end,
    check = check(function(count)
      return count ~= 6 and "problems: " .. tostring(count) or nil
    end),
  },
  {
    name = "marshalling without a model",
    run = function()
      local ex = core().exchange()
      local done, problems = ex:marshal_any("NewThing", { a = { 1, 2.5, "x\n", { b = true } }, cak = "verysecret" })
      return done and ex:request().body, problems
    end,
    check = check(function(body)
      return not body:find('"a":[1,2.5,"x\\n",{"b":true}]', 1, true) and body or nil
    end),
  },
  {
    name = "signing",
    run = function()
      local signer, message = core().signer("AKIDEXAMPLE", "secret", "token", "us-east-1", "directconnect")
      if not signer then
        return nil, message
      end
      local target
      target, message = core().endpoint("https://directconnect.us-east-1.amazonaws.com/", "agent/1")
      if not target then
        return nil, message
      end
      local ex = core().exchange()
      local done
      done, message = ex:marshal(operation("DescribeLocations").id, {})
      if not done then
        return nil, message
      end
      done, message = ex:sign(target, signer, 1700000000, "id", 1, 3, { ["x-more"] = { "a", "b" } })
      local request = done and ex:request()
      signer:close()
      return request and request.headers.authorization:match("Signature=(%x+)$"), message
    end,
    check = check(function(signature)
      return #signature ~= 64 and signature or nil
    end),
  },
  {
    name = "signing any request",
    run = function()
      local request, err = dxconnect().sign({
        method = "GET",
        url = "https://example.org/a%20b/../c?b=2&a=%2f&a=1",
        headers = { ["X-One"] = " a  b ", host = "example.org" },
      }, {
        region = "us-east-1",
        service = "s3",
        credentials = { access_key_id = "A", secret_access_key = "S" },
        clock = function()
          return 1700000000
        end,
      })
      return request and tostring(request):match("^GET [^\n]+"), err
    end,
    check = check(equals("GET https://example.org/a%20b/../c?<hidden>")),
  },
  {
    name = "reading a long answer",
    run = function()
      local ex = core().exchange()
      local done, message = ex:respond(200, { a = { "b", "c" } }, long_answer)
      if not done then
        return nil, message
      end
      local result, _, _, problem = ex:finish(operation("DescribeConnections").id)
      return result and result.connections[120].unknown.deep[2], problem
    end,
    check = check(equals(2.5)),
  },
  {
    name = "reading an answer in pieces",
    run = function()
      local text = "HTTP/1.1 200 OK\r\nX-A: " .. ("a"):rep(600) .. "\r\nTransfer-Encoding: chunked\r\n\r\n"
        .. ("%x\r\n"):format(#long_answer) .. long_answer .. "\r\n0\r\nX-B: 1\r\n\r\n"
      local ex = core().exchange()
      local reader = core().reader(ex, "POST")
      local is_over, result
      for at = 1, #text, 500 do
        is_over, result = reader:feed(ex, text:sub(at, at + 499))
        if is_over == nil then
          return nil, result
        end
      end
      return is_over and result and ex:status() == 200 and #ex:header("x-a") == 600 and ex:body() == long_answer
    end,
    check = check(equals(true)),
  },
  {
    name = "reading an error",
    run = function()
      local made, err = client {
        transport = answers('{"__type":"ns#DirectConnectClientException","message":"Could not find x"}', 400),
      }
      if not made then
        return nil, err
      end
      local _, problem = made:describe_locations()
      return problem.kind == "service" and problem.code .. " " .. tostring(problem.reason) or nil, problem
    end,
    check = check(equals("DirectConnectClientException not_found")),
  },
  {
    name = "reading an unusable answer",
    run = function()
      local made, err = client { transport = answers('{"locations":[{"a":"' .. ("x"):rep(300) .. '\\u00e4"') }
      if not made then
        return nil, err
      end
      local _, problem = made:describe_locations()
      return problem.kind == "response" and problem.code or nil, problem
    end,
    check = check(equals("ResponseError")),
  },
  {
    name = "numbers and bytes",
    run = function()
      return core().decode(operation("DescribeLoa").id, '{"loaContent":"' .. ("QUJD"):rep(200) .. '","x":0.1'
        .. ("0"):rep(100) .. "}")
    end,
    check = check(function(result)
      return (result.loaContent ~= ("ABC"):rep(200) or result.x ~= 0.1) and "other values" or nil
    end),
  },
  {
    name = "values as JSON, and columns of a text",
    run = function()
      local value = { list = { 1, { b = 1, a = { x = "y" }, authKey = "z" } }, text = ("é"):rep(100) }
      return (assert(core().json_encode(value, true))) .. tostring((core().text_width(value.text)))
    end,
    check = check(function(text)
      return not text:find('"authKey": "<hidden>"', 1, true) and "other text" or nil
    end),
  },
  {
    name = "a client, made and closed",
    run = function()
      local made, err = client { endpoint_url = http_url, proxy = "http://u:p@127.0.0.1:9", no_proxy = "127.0.0.1" }
      if not made then
        return nil, err
      end
      local text = tostring(made) .. tostring(made:explain()) .. tostring(made:credentials())
      made:close()
      return #text > 100
    end,
    check = check(equals(true), { config = true }),
  },
  {
    name = "prepare",
    run = function()
      local made, err = client { transport = answers "{}" }
      if not made then
        return nil, err
      end
      local request
      request, err = made:prepare("associate_mac_sec_key", {
        connectionId = "dxcon-ffabc123",
        ckn = cak,
        cak = cak,
      })
      return request and tostring(request):find(cak, 1, true) == nil, err
    end,
    check = check(equals(true)),
  },
  {
    name = "secrets",
    run = function()
      local secret = dxconnect().secret
      local value, err = secret(cak)
      if not value then
        return nil, err
      end
      local other
      other, err = secret.from_file(scratch)
      if not other then
        return nil, err
      end
      local random
      random, err = core().secret_random_hex(32)
      if not random then
        return nil, err
      end
      local same, text = value == other, value:reveal()
      value:close()
      return same and text == cak and #random:reveal() == 64 and tostring(value) == "<secret>"
    end,
    check = check(equals(true)),
  },
  {
    name = "digests, base64 and keys",
    run = function()
      local c = core()
      local text = c.base64(("x"):rep(3000))
      return c.hex(c.sha256(c.unbase64(text))):sub(1, 8) .. c.hex(c.hmac_sha256("k", "v")):sub(1, 8)
        .. c.hex(c.sha1("x")):sub(1, 4) .. #c.uuid() .. #c.random_bytes(300)
    end,
    check = check(function(text)
      return #text ~= 25 and text or nil
    end),
  },
  {
    name = "the model, names and results printed",
    run = function()
      dxconnect()
      local found, err = core().decode(operation("DescribeConnections").id, long_answer)
      if not found then
        return nil, err
      end
      return #tostring(found) > 1000 and core().model().shapes.Connection
        and core().nearest("regiom", { "region", "profile" })
    end,
    check = check(equals("region")),
  },
  {
    name = "a call over a kept connection",
    run = function()
      local made, err = kept_client(http_url)
      if not made then
        return nil, err
      end
      local result
      result, err = made:associate_mac_sec_key { connectionId = "dxcon-ffabc123", ckn = cak,
        cak = dxconnect().secret(cak) }
      return result and #result.locations, err
    end,
    check = check(equals(1), transport_kinds),
  },
  {
    name = "a call over a new connection",
    run = function()
      return new_client_call(http_url)
    end,
    check = check(equals("A1"), transport_kinds),
  },
  {
    name = "a call over a new TLS connection",
    run = function()
      return new_client_call(https_url)
    end,
    check = check(equals("A1"), transport_kinds),
  },
  {
    name = "calls in tasks",
    run = function()
      return tasks(6, kept_client, http_url)
    end,
    check = check(check_tasks(6), transport_kinds),
  },
  {
    name = "calls in tasks over new TLS connections",
    run = function()
      return tasks(2, new_client, https_url)
    end,
    check = check(check_tasks(2), transport_kinds),
  },
  {
    name = "calls in tasks that wait for room",
    run = function()
      return tasks(6, new_client, http_url, 1)
    end,
    check = check(check_tasks(6), transport_kinds),
  },
  {
    name = "the first call of a process",
    fresh = "process",
    run = function()
      forget_modules()
      return new_client_call(https_url)
    end,
    check = check(equals("A1"), { transport = true, config = true }),
  },
}
