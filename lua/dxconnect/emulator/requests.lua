--- What the emulator was asked: the last requests with what came of them, secrets hidden.

local core = require "dxconnect.core"

local KEPT = 200
local HIDDEN = "<hidden>"

local secret_members = {}
for _, name in ipairs(core.secret_members()) do
  secret_members[name] = true
end

local methods = {}
local mt = { __index = methods }

local function hidden(value)
  if type(value) ~= "table" then
    return value
  end
  local copy = {}
  for name, one in pairs(value) do
    copy[name] = secret_members[name] and HIDDEN or hidden(one)
  end
  return copy
end

--- Notes a request.
-- @tparam table entry `{time, operation, region, account, params, status, code, request_id, lost}`, where known
function methods:add(entry)
  entry.params = hidden(entry.params)
  self.last = self.last + 1
  self[self.last] = entry
  self[self.last - KEPT] = nil
end

--- The last requests, oldest first.
-- @treturn table
function methods:list()
  local list = {}
  for i = math.max(1, self.last - KEPT + 1), self.last do
    list[#list + 1] = hidden(self[i])
  end
  return list
end

--- Makes an empty log.
local function new()
  return setmetatable({ last = 0 }, mt)
end

return { new = new }
