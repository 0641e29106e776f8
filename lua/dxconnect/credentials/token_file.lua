--- The caches of sign-in tokens that the AWS CLI keeps and that we share with it: a JSON document a session.

local document = require "dxconnect.credentials.document"
local shared_files = require "dxconnect.config.files"

local methods = {}
local mt = { __index = methods }

-- What JSON can hold of a token. An empty list and an empty object look the same once read; better left out than
-- written as the other one.
local function writable(t)
  local copy = {}
  for key, value in pairs(t) do
    if type(value) == "table" then
      copy[key] = next(value) ~= nil and writable(value) or nil
    elseif type(value) ~= "number" or value - value == 0 then
      copy[key] = value
    end
  end
  return copy
end

--- Reads the token. One that could not be written back counts, as long as the file is still the one it renews.
-- @tparam[opt] number seconds that the file may keep us waiting
-- @treturn[1] table the document
-- @treturn[2] nil where there is none or it is no document
-- @treturn[2] ?string why the file can't be read, where it is there
function methods:load(seconds)
  local text, message = self.system.read_file(self.path, seconds)
  if self.unwritten and text == self.text then
    return self.unwritten
  end
  self.text, self.unwritten = text, nil
  if text then
    return document.read(text)
  end
  message = shared_files.reason(self.path, message)
  return nil, not message:find("[Nn]o such file") and message or nil
end

--- Writes the token, atomically and readable by its owner alone. Failing to is no error: the token works, and is kept
-- here; only another process has to sign in anew.
-- @tparam table token
function methods:save(token)
  local ok, text = pcall(document.write, writable(token))
  local is_written = ok and self.system.write_file(self.path, text)
  self.unwritten = not is_written and token or nil
end

--- A token's file.
-- @tparam table system
-- @tparam string path may begin with ~
-- @treturn table
local function new(system, path)
  return setmetatable({ system = system, path = shared_files.expand_home(system, path) }, mt)
end

return { new = new }
