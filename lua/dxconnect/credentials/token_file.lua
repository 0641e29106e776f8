--- The caches of sign-in tokens that the AWS CLI keeps and that we share with it: a JSON document a session.

local document = require "dxconnect.credentials.document"
local shared_files = require "dxconnect.config.files"

-- An empty list and an empty object look the same once read; better left out than written as the other one.
local function without_empty(t)
  local copy = {}
  for key, value in pairs(t) do
    if type(value) ~= "table" then
      copy[key] = value
    elseif next(value) ~= nil then
      copy[key] = without_empty(value)
    end
  end
  return copy
end

--- Reads a token's file.
-- @tparam table system
-- @tparam string path may begin with ~
-- @treturn ?table the document; nil where there is none or it is no document
local function load(system, path)
  local text = system.read_file(shared_files.expand_home(system, path))
  return type(text) == "string" and document.read(text) or nil
end

--- Writes a token's file, atomically and readable by its owner alone. Failing to is no error: the token works, only
-- the next process has to renew it again.
-- @tparam table system
-- @tparam string path
-- @tparam table token
local function save(system, path, token)
  system.write_file(shared_files.expand_home(system, path), document.write(without_empty(token)))
end

return {
  load = load,
  save = save,
}
