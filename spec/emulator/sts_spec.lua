local dxconnect = require "dxconnect"
local emulated = require "spec.support.emulated"

local ONE = { access_key_id = "AKIDONE", secret_access_key = "one", account_id = "111122223333" }

describe("sts in the emulator", function()
  local function world(credentials)
    local _, emulator, record = emulated.world({ credentials = credentials }, { credentials = ONE })
    local function client(options)
      local settings = {
        region = "us-east-1", credentials = ONE, transport = emulator.transport,
        system = {
          getenv = function() end, clock = record.clock, sleep = record.sleep,
          read_file = function()
            return nil, "no files here"
          end,
        },
      }
      for name, value in pairs(options or {}) do
        settings[name] = value
      end
      return assert(dxconnect.client(settings))
    end
    return client, emulator, record
  end

  local function identity(client)
    local answer, err = client:send {
      service = "sts", method = "POST", path = "/", body = "Action=GetCallerIdentity&Version=2011-06-15",
      headers = { ["content-type"] = "application/x-www-form-urlencoded; charset=utf-8" },
    }
    if not answer then
      return nil, err
    end
    return answer.body:match("<Account>(%d+)</Account>"), answer.body:match("<Arn>(.-)</Arn>")
  end

  it("tells who the caller is", function()
    local client = world(ONE)
    local account, arn = identity(client())
    assert.equal("111122223333", account)
    assert.equal("arn:aws:iam::111122223333:user/emulator", arn)
    local anybody = world()
    assert.equal("111122223333", (identity(anybody())))
  end)

  it("gives keys for a role, which are known from then on, with the role's account", function()
    local client, emulator = world(ONE)
    local role = client { role_arn = "arn:aws:iam::444455556666:role/team/network" }
    local made = assert(role:create_connection { location = "EqDC2", bandwidth = "10Gbps", connectionName = "c" })
    assert.equal("444455556666", made.ownerAccount)
    local account, arn = identity(role)
    assert.equal("444455556666", account)
    assert.matches("^arn:aws:sts::444455556666:assumed%-role/network/", arn)
    assert.same({}, assert(client():describe_connections()).connections)
    local other = assert(dxconnect.emulator { credentials = ONE })
    assert.is_true(other:restore(emulator:snapshot()))
  end)

  it("lets the keys lapse", function()
    local client, emulator, record = world(ONE)
    local role = client { role_arn = "arn:aws:iam::111122223333:role/network", duration_seconds = 900 }
    local keys = assert(role:credentials())
    record.now = record.now + 901
    local _, err = client { credentials = {
      access_key_id = keys.access_key_id, secret_access_key = keys.secret_access_key,
      session_token = keys.session_token,
    } }:describe_lags({}, { max_attempts = 1 })
    assert.equal("ExpiredTokenException", err.code)
    assert.is_truthy(emulator)
  end)

  it("refuses what it can't do, in its own form", function()
    local client = world(ONE)
    local function ask(body)
      local answer, err = client { max_attempts = 1 }:send {
        service = "sts", method = "POST", path = "/", body = body,
        headers = { ["content-type"] = "application/x-www-form-urlencoded" },
      }
      return answer and answer.body or err.code .. ": " .. err.message
    end
    assert.matches("InvalidAction", ask "Action=Nothing")
    assert.matches("ValidationError", ask "Action=AssumeRole&RoleArn=x&RoleSessionName=name")
    assert.matches("ValidationError", ask "Action=AssumeRole&RoleArn=arn:aws:iam::111122223333:role/r")
    assert.matches("ValidationError",
      ask "Action=AssumeRole&RoleArn=arn:aws:iam::111122223333:role/r&RoleSessionName=name&DurationSeconds=1")
  end)

  it("checks signatures as everywhere", function()
    local client = world(ONE)
    local _, err = identity(client {
      credentials = { access_key_id = "AKIDONE", secret_access_key = "wrong" }, max_attempts = 1,
    })
    assert.matches("InvalidSignatureException", tostring(err))
  end)
end)
