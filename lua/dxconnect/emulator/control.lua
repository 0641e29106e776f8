--- The emulator driven over HTTP, by tests in any language: `/_dxconnect/…`, and the paths that fixtures written for
-- other emulators use. Every answer is JSON.

local errors = require "dxconnect.errors"
local faults = require "dxconnect.emulator.faults"
local json = require "dxconnect.text.json"
local version = require "dxconnect.version"

local CONTENT_TYPE = "application/json"

local function answer(status, value)
  local body, problem = json.encode(value, { reveal = true })
  if not body then
    status, body = 500, json.encode { error = { message = problem } }
  end
  return { status = status, headers = { ["content-type"] = CONTENT_TYPE }, body = body .. "\n" }
end

local function refusal(status, message)
  return answer(status, { error = { message = message } })
end

local function done(ok, problem)
  if ok then
    return answer(200, { status = "ok" })
  end
  return refusal(400, errors.message_of(problem))
end

-- The body as JSON; nil and the refusal where it isn't.
local function body_of(request)
  local value, problem = json.decode(request.body)
  if value == nil then
    return nil, refusal(400, "the body is not JSON: " .. tostring(problem))
  end
  return value
end

-- Tables of JSON without the types that reading gave them.
local function plain(value)
  if type(value) ~= "table" then
    return value
  end
  local copy = {}
  for name, inner in next, value do
    copy[name] = plain(inner)
  end
  return copy
end

-- ---- what can be asked for

local function health(emulator)
  return answer(200, {
    status = "ok", version = version, time = emulator:now(), services = { directconnect = "running" },
  })
end

local function read_state(emulator)
  return answer(200, emulator:snapshot())
end

local function write_state(emulator, request)
  local data, refused = body_of(request)
  if data == nil then
    return refused
  end
  return done(emulator:restore(data))
end

local function reset(emulator)
  emulator:reset()
  return done(true)
end

local function seed(emulator, request)
  local what, refused = body_of(request)
  if what == nil then
    return refused
  elseif type(what) ~= "string" and type(what) ~= "table" then
    return refusal(400, "expected a name, or an object of resources by kind")
  end
  return done(emulator:seed(plain(what)))
end

local function set_clock(emulator, request)
  local body, refused = body_of(request)
  if body == nil then
    return refused
  end
  local advance, time = type(body) == "table" and body.advance, type(body) == "table" and body.set
  if (advance == nil or advance == false) == (time == nil or time == false) then
    return refusal(400, 'expected {"advance": seconds} or {"set": Unix seconds}')
  end
  local ok, problem
  if advance then
    ok, problem = emulator:advance(advance)
  else
    ok, problem = emulator:set_time(time)
  end
  if not ok then
    return refusal(400, errors.message_of(problem))
  end
  return answer(200, { status = "ok", time = emulator:now() })
end

local function list_faults(emulator)
  return answer(200, { faults = emulator.faults:list() })
end

local function order_fault(emulator, request)
  local body, refused = body_of(request)
  if body == nil then
    return refused
  end
  local fault = plain(body)
  local problem = faults.problem_of(fault)
  if problem then
    return refusal(400, (problem:gsub("^emulator:fault: ", "")))
  end
  emulator:fault(fault)
  return done(true)
end

local function clear_faults(emulator)
  emulator:clear_faults()
  return done(true)
end

local function list_requests(emulator)
  return answer(200, { requests = emulator:requests() })
end

-- %xx undone.
local function unescape(text)
  return (text:gsub("%%(%x%x)", function(digits)
    return string.char(tonumber(digits, 16))
  end))
end

local function show_resource(emulator, _, id)
  local resource = emulator:get(unescape(id))
  if not resource then
    return refusal(404, "there is nothing with that id")
  end
  return answer(200, resource)
end

local function patch_resource(emulator, request, id)
  local body, refused = body_of(request)
  if body == nil then
    return refused
  elseif type(body) ~= "table" then
    return refusal(400, "expected an object of members")
  end
  local ok, problem, is_absent = emulator:patch(unescape(id), plain(body))
  if not ok then
    return refusal(is_absent and 404 or 400, (tostring(problem):gsub("^emulator: ", "")))
  end
  return show_resource(emulator, request, id)
end

local routes = {
  ["/_dxconnect/health"] = { GET = health },
  ["/_dxconnect/state"] = { GET = read_state, POST = write_state },
  ["/_dxconnect/reset"] = { POST = reset },
  ["/_dxconnect/seed"] = { POST = seed },
  ["/_dxconnect/clock"] = { POST = set_clock },
  ["/_dxconnect/faults"] = { GET = list_faults, POST = order_fault, DELETE = clear_faults },
  ["/_dxconnect/requests"] = { GET = list_requests },
}
-- Names that other emulators have for the same.
routes["/moto-api/reset"] = routes["/_dxconnect/reset"]
routes["/moto-api/data.json"] = { GET = read_state }
routes["/_localstack/health"] = routes["/_dxconnect/health"]
routes["/_localstack/state/reset"] = routes["/_dxconnect/reset"]

local resource_route = { GET = show_resource, PATCH = patch_resource }

local function allowed(methods)
  local names = {}
  for name in pairs(methods) do
    names[#names + 1] = name
  end
  table.sort(names)
  return table.concat(names, ", ")
end

--- Answers a request for a path that is not the service's own.
-- @tparam table emulator
-- @tparam table request `{method, path, headers, body}`
-- @treturn ?table response; nil where the request is the service's to answer
-- @treturn ?boolean whether the emulator's state may have changed
local function control(emulator, request)
  if request.path == "/" or request.path == "" then
    return nil
  end
  local methods, id = routes[request.path], nil
  if not methods then
    id = request.path:match("^/_dxconnect/resources/([^/]+)$")
    methods = id and resource_route
  end
  if not methods then
    return refusal(404, "there is nothing at " .. errors.shown(request.path))
  elseif not methods[request.method] then
    local response = refusal(405, ("%s takes %s"):format(request.path, allowed(methods)))
    response.headers.allow = allowed(methods)
    return response
  end
  return methods[request.method](emulator, request, id), request.method ~= "GET"
end

return { answer = control }
