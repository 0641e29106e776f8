--- Checking and writing parameters: what may be sent is JSON that lua-cjson reads as the same parameters; what may not
-- has problems with path and words, and no value of a secret member. An input chooses the operation and is its
-- parameters as JSON.

local cjson = require("cjson").new()
local core = require "dxconnect.core"
local judge = require "spec.fuzz.judge"

local NEEDLE = "5ec7e7c0deb10b"

local operations = core.operations()
local secret_members = core.secret_members()

-- Puts a needle into every secret member.
local function plant(value)
  if type(value) ~= "table" then
    return
  end
  for key, item in pairs(value) do
    plant(item)
    for _, name in ipairs(secret_members) do
      if key == name and type(item) == "string" then
        value[key] = item .. NEEDLE
      end
    end
  end
end

-- Empty tables are lists or objects, as the shape has it; client tokens are filled in.
local function has_all(given, sent)
  if type(given) ~= "table" or type(sent) ~= "table" then
    return judge.same(given, sent)
  end
  for key, value in pairs(given) do
    if not has_all(value, sent[key]) then
      return false
    end
  end
  return true
end

return function(input)
  local first, second = input:byte(1, 2)
  local op = operations[(first or 0) % #operations + 1]
  local params = core.decode(nil, input:sub(3))
  if type(params) ~= "table" or input:find(NEEDLE, 1, true) then
    return
  end
  setmetatable(params, nil)
  plant(params)
  local ex = core.exchange()
  local ok, problems
  if (second or 0) % 3 == 2 then
    ok, problems = ex:marshal_any("NewOperation", params)
  else
    ok, problems = ex:marshal(op.id, params, nil, (second or 0) % 3 == 1)
  end
  if ok then
    local body = ex:request().body
    local read, sent = pcall(cjson.decode, body)
    judge.holds(read, "lua-cjson does not read %q", body)
    judge.holds(type(sent) == "table" and has_all(params, sent), "something else is sent: %q", body)
    judge.holds(not ex:redact(body):find(NEEDLE, 1, true), "a secret is not taken out of %q", body)
  else
    judge.holds(#problems > 0 and #problems <= 101, "%d problems", #problems)
    for _, problem in ipairs(problems) do
      judge.holds(type(problem.path) == "string" and type(problem.message) == "string", "a problem without words")
      judge.holds(not problem.message:find(NEEDLE, 1, true), "a secret in %q", problem.message)
    end
  end
end
