local dxconnect = require "dxconnect"
local scene = require "spec.support.scene"

local CONFIG = "[default]\ncredential_process = print-keys --for 'me & you'"

local function credentials(output, config)
  local client, record = scene.client {
    config = config or CONFIG,
    run = function()
      if type(output) == "table" then
        return output[1], output[2]
      end
      return output
    end,
  }
  local found, err = client:credentials()
  return found, err, record
end

describe("credentials of a process", function()
  it("are what it prints", function()
    local found, _, record = credentials([[{"Version":1,"AccessKeyId":"AKID","SecretAccessKey":"s","SessionToken":"t",
      "Expiration":"2023-11-15T00:00:00Z","AccountId":"111122223333","More":[]}]])
    assert.same({ "print-keys --for 'me & you'" }, record.commands)
    assert.equal("AKID", found.access_key_id)
    assert.equal("s", found.secret_access_key)
    assert.equal("t", found.session_token)
    assert.equal("111122223333", found.account_id)
    assert.equal(1700006400, found.expiration)
    assert.equal("credential_process of profile default", found.source)
  end)

  it("may lack token, end and account", function()
    local found = assert(credentials('{"Version":1,"AccessKeyId":"AKID","SecretAccessKey":"s","SessionToken":null}'))
    assert.is_nil(found.session_token)
    assert.is_nil(found.expiration)
    assert.is_nil(found.account_id)
  end)

  it("take the account from the profile where the process tells none", function()
    local config = CONFIG .. "\naws_account_id = 444455556666"
    assert.equal("444455556666",
      credentials('{"Version":1,"AccessKeyId":"AKID","SecretAccessKey":"s"}', config).account_id)
    assert.equal("012345678901",
      credentials('{"Version":1,"AccessKeyId":"A","SecretAccessKey":"s","AccountId":12345678901}', config).account_id)
  end)

  it("come within the call's time, or not at all", function()
    local options = scene.options { config = "[default]\ncredential_process = sleep 60" }
    options.system.run, options.system.clock, options.system.sleep = nil, nil, nil
    local client = assert(dxconnect.client(options))
    local result, err = client:describe_lags({}, { total_timeout = 0.2 })
    assert.is_nil(result)
    assert.matches("did not end within 0%.%d+ seconds", err.message)
    options.timeout = 0.2
    result, err = assert(dxconnect.client(options)):credentials()
    assert.is_nil(result)
    assert.matches("did not end within 0%.2 seconds", err.message)
  end)

  it("are asked for again ahead of their end, and only then", function()
    local n = 0
    local client, record = scene.client {
      config = CONFIG,
      run = function()
        n = n + 1
        local output = '{"Version":1,"AccessKeyId":"AKID%d","SecretAccessKey":"s","Expiration":"2023-11-14T23:13:20Z"}'
        return output:format(n)
      end,
    }
    assert.equal("AKID1", client:credentials().access_key_id)
    assert.equal("AKID1", client:credentials().access_key_id)
    record.now = record.now + 2701
    assert.equal("AKID2", client:credentials().access_key_id)
    assert.equal(2, n)
  end)

  local bad = {
    ["is no JSON"] = "hush",
    ["is no object"] = '["hush"]',
    ["is empty"] = "",
    ["has no Version"] = '{"AccessKeyId":"AKID","SecretAccessKey":"hush"}',
    ["has another Version"] = '{"Version":2,"AccessKeyId":"AKID","SecretAccessKey":"hush"}',
    ["has a Version of text"] = '{"Version":"1","AccessKeyId":"AKID","SecretAccessKey":"hush"}',
    ["has no AccessKeyId"] = '{"Version":1,"SecretAccessKey":"hush"}',
    ["has no SecretAccessKey"] = '{"Version":1,"AccessKeyId":"AKID","Other":"hush"}',
    ["has a SecretAccessKey that is no text"] = '{"Version":1,"AccessKeyId":"AKID","SecretAccessKey":["hush"]}',
    ["has an end that is no time"] = '{"Version":1,"AccessKeyId":"AKID","SecretAccessKey":"hush","Expiration":"hush"}',
    ["has an end that is over"] =
      '{"Version":1,"AccessKeyId":"AKID","SecretAccessKey":"hush","Expiration":"2023-11-14T22:13:20Z"}',
  }
  for what, output in pairs(bad) do
    it("are an error that repeats nothing where its output " .. what, function()
      local found, err, record = credentials(output)
      assert.is_nil(found)
      assert.equal("credentials", err.kind)
      assert.equal("CredentialsError", err.code)
      assert.truthy(err.message:find("credential_process of profile default", 1, true))
      assert.is_nil(scene.texts(err):find("hush", 1, true))
      assert.is_nil(scene.texts(record.events):find("hush", 1, true))
    end)
  end

  it("are an error with the status where it fails, and later sources are not asked", function()
    local client, record = scene.client {
      config = CONFIG,
      env = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI = "/x" },
      run = function() return nil, "the process ended with status 3" end,
    }
    local _, err = client:credentials()
    assert.equal("CredentialsError", err.code)
    assert.matches("status 3", err.message)
    assert.equal(0, #record.requests)
  end)

  it("are an error without the words of a replaced run", function()
    local _, err = credentials { nil, "it printed hush" }
    assert.equal("CredentialsError", err.code)
    assert.is_nil(scene.texts(err):find("hush", 1, true))
    local client = scene.client { config = CONFIG, run = function() error("hush") end }
    local found
    found, err = client:credentials()
    assert.is_nil(found)
    assert.equal("CredentialsError", err.code)
    assert.is_nil(scene.texts(err):find("hush", 1, true))
  end)

  it("come from a real program, through the shell", function()
    local options = scene.options {
      config = [[
[default]
credential_process = k=AKID; printf '{"Version":1,"AccessKeyId":"%s","SecretAccessKey":"%s"}' "$k" $(echo s | tr s S)
[profile broken]
credential_process = echo hush; exit 7]],
    }
    options.system.run = nil
    local client = assert(dxconnect.client(options))
    local found = assert(client:credentials())
    assert.equal("AKID", found.access_key_id)
    assert.equal("S", found.secret_access_key)
    options.profile = "broken"
    local _, err = assert(dxconnect.client(options)):credentials()
    assert.matches("status 7", err.message)
    assert.is_nil(scene.texts(err):find("hush", 1, true))
  end)
end)
