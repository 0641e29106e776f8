--- Clients in a world of their own, for the specs of settings and credentials: environment, files, programs, clock and
-- network are what the spec says, and everything that is done to them is on record.
--   local client, record = scene.client{ env = {…}, config = "[default]\n…", answer = function(request, record) … end }

local dxconnect = require "dxconnect"

local HOME = "/home/me"

--- What the clock of a scene shows at first: 2023-11-14T22:13:20Z.
local NOW = 1700000000

local scene = { NOW = NOW, HOME = HOME }

--- The options of a client in a scene, and its record.
-- @tparam table stage `env` variables; `config`, `credentials` the shared files' texts; `files` further ones by path;
-- `answer(request, record)` the network, a function transport; `run(command)` the programs; `options` of the client
-- @treturn table options
-- @treturn table record `{now, requests, sleeps, events, written, read, commands}`
function scene.options(stage)
  local record = { now = NOW, requests = {}, sleeps = {}, events = {}, written = {}, read = {}, commands = {} }
  record.files = {
    [HOME .. "/.aws/config"] = stage.config,
    [HOME .. "/.aws/credentials"] = stage.credentials,
  }
  for path, content in pairs(stage.files or {}) do
    record.files[path] = content
  end
  record.env = { HOME = HOME, AWS_REGION = "us-east-1" }
  for name, value in pairs(stage.env or {}) do
    record.env[name] = value or nil
  end
  local options = {
    system = {
      getenv = function(name)
        return record.env[name]
      end,
      clock = function()
        return record.now
      end,
      sleep = function(seconds)
        record.sleeps[#record.sleeps + 1] = seconds
        record.now = record.now + seconds
      end,
      random = function()
        return 0.5
      end,
      read_file = function(path)
        record.read[#record.read + 1] = path
        if record.files[path] then
          return record.files[path]
        end
        return nil, path .. ": No such file or directory"
      end,
      write_file = function(path, content)
        record.written[#record.written + 1] = path
        record.files[path] = content
        return true
      end,
      run = function(command)
        record.commands[#record.commands + 1] = command
        if stage.run then
          return stage.run(command, record)
        end
        return nil, "the process ended with status 127"
      end,
    },
    logger = function(event)
      record.events[#record.events + 1] = event
    end,
    transport = function(request)
      record.requests[#record.requests + 1] = request
      if stage.answer then
        return stage.answer(request, record)
      end
      return nil, "nobody there", "connect"
    end,
  }
  for name, value in pairs(stage.options or {}) do
    options[name] = value
  end
  return options, record
end

--- A client in a scene.
-- @return client, record
function scene.client(stage)
  local options, record = scene.options(stage or {})
  return assert(dxconnect.client(options)), record
end

--- What a client in a scene that can't be made gives: error, record.
function scene.refused(stage)
  local options, record = scene.options(stage or {})
  local client, err = dxconnect.client(options)
  assert(client == nil, "a client was made")
  return err, record
end

--- A form's fields.
function scene.form(body)
  local fields = {}
  for name, value in body:gmatch("([^&=]+)=([^&]*)") do
    fields[name] = value:gsub("%+", " "):gsub("%%(%x%x)", function(digits)
      return string.char(tonumber(digits, 16))
    end)
  end
  return fields
end

--- What STS answers: keys named after `id`, for a role of an account.
-- @tparam string id
-- @tparam[opt] table fields `{account, expiration, action}`
function scene.role_keys(id, fields)
  fields = fields or {}
  local action = fields.action or "AssumeRole"
  return {
    status = 200,
    headers = { ["content-type"] = "text/xml" },
    body = ([[
<%sResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <%sResult>
    <SourceIdentity>somebody</SourceIdentity>
    <AssumedRoleUser>
      <AssumedRoleId>AROAEXAMPLE:session</AssumedRoleId>
      <Arn>arn:aws:sts::%s:assumed-role/network/session</Arn>
    </AssumedRoleUser>
    <Credentials>
      <AccessKeyId>ASIA%s</AccessKeyId>
      <SecretAccessKey>secret/%s&amp;</SecretAccessKey>
      <SessionToken>token+%s</SessionToken>
      <Expiration>%s</Expiration>
    </Credentials>
  </%sResult>
</%sResponse>]]):format(action, action, fields.account or "111122223333", id, id, id,
      fields.expiration or "2023-11-14T23:13:20Z", action, action),
  }
end

--- What STS answers when it refuses; the message holds what must not be repeated.
function scene.role_refusal(status, code)
  return {
    status = status,
    body = ("<ErrorResponse><Error><Code>%s</Code><Message>hush-hush</Message></Error></ErrorResponse>"):format(code),
  }
end

--- Every text in a value, however deep, for looking for secrets.
function scene.texts(value, seen)
  seen = seen or {}
  if type(value) ~= "table" then
    return tostring(value)
  elseif seen[value] then
    return ""
  end
  seen[value] = true
  local parts = { tostring(value) }
  for key, inner in pairs(value) do
    parts[#parts + 1] = scene.texts(key, seen) .. "=" .. scene.texts(inner, seen)
  end
  return table.concat(parts, "\n")
end

return scene
