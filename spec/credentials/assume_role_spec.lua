local scene = require "spec.support.scene"
local timestamp = require "dxconnect.text.timestamp"

local BASE = "[profile base]\naws_access_key_id = BASE\naws_secret_access_key = hush-base-hush\n"

local function client(settings, stage)
  stage = stage or {}
  stage.config = BASE .. "[default]\nrole_arn = arn:aws:iam::111122223333:role/team/a\nsource_profile = base\n"
    .. (settings or "")
  stage.answer = stage.answer or function() return scene.role_keys("a") end
  return scene.client(stage)
end

describe("an assumed role", function()
  it("is asked for with everything the profile says of it", function()
    local settings = "external_id = a&b=c %\nduration_seconds = 900\nrole_session_name = me@work\nmfa_serial = arn:mfa"
    local c, record = client(settings, {
      options = { mfa_prompt = function(serial) return serial == "arn:mfa" and "123456" end },
    })
    local found = assert(c:credentials())
    assert.equal("ASIAa", found.access_key_id)
    assert.equal("secret/a&", found.secret_access_key)
    assert.equal("token+a", found.session_token)
    assert.equal("111122223333", found.account_id)
    assert.equal(1700003600, found.expiration)
    assert.same({
      Action = "AssumeRole", Version = "2011-06-15", RoleArn = "arn:aws:iam::111122223333:role/team/a",
      RoleSessionName = "me@work", DurationSeconds = "900", ExternalId = "a&b=c %", SerialNumber = "arn:mfa",
      TokenCode = "123456",
    }, scene.form(record.requests[1].body))
  end)

  it("has a session name of its own where the profile says none, and nothing it need not say", function()
    local c, record = client()
    assert(c:credentials())
    local form = scene.form(record.requests[1].body)
    assert.equal("dxconnect-1700000000", form.RoleSessionName)
    assert.is_nil(form.DurationSeconds)
    assert.is_nil(form.ExternalId)
    assert.is_nil(form.SerialNumber)
  end)

  it("is assumed anew ahead of its end, in one session", function()
    local n = 0
    local c, record = client(nil, {
      answer = function()
        n = n + 1
        return scene.role_keys(n, { expiration = n == 1 and "2023-11-14T23:13:20Z" or "2023-11-15T00:13:20Z" })
      end,
    })
    assert.equal("ASIA1", c:credentials().access_key_id)
    record.now = record.now + 3000
    assert.equal("ASIA2", c:credentials().access_key_id)
    local first, second = scene.form(record.requests[1].body), scene.form(record.requests[2].body)
    assert.equal(first.RoleSessionName, second.RoleSessionName)
  end)

  it("asks again for those roles of a chain alone that come to their end", function()
    local roles = {}
    local c, record = scene.client {
      config = BASE .. "[profile one]\nrole_arn = arn:aws:iam::1:role/one\nsource_profile = base\n"
        .. "[profile two]\nrole_arn = arn:aws:iam::1:role/two\nsource_profile = one\n"
        .. "[default]\nrole_arn = arn:aws:iam::1:role/three\nsource_profile = two",
      answer = function(request, record)
        local role = scene.form(request.body).RoleArn:match("/(.*)")
        roles[#roles + 1] = role
        local life = ({ one = 1800, two = 43200, three = 3600 })[role]
        return scene.role_keys(role, { expiration = timestamp.format(record.now + life) })
      end,
    }
    assert(c:credentials())
    record.now = record.now + 3000
    assert(c:credentials())
    assert.equal("one two three three", table.concat(roles, " "))
    record.now = record.now + 40000
    assert(c:credentials())
    assert.equal("one two three three one two three", table.concat(roles, " "))
  end)

  it("renews the source's credentials where STS calls them expired", function()
    local n = 0
    local c, record = scene.client {
      config = "[profile p]\ncredential_process = x\n[default]\nrole_arn = arn:aws:iam::1:role/a\nsource_profile = p",
      run = function()
        n = n + 1
        return ('{"Version":1,"AccessKeyId":"PROC%d","SecretAccessKey":"s"}'):format(n)
      end,
      answer = function(request)
        if request.headers.authorization:find("PROC1", 1, true) then
          return scene.role_refusal(403, "ExpiredToken")
        end
        return scene.role_keys("a")
      end,
    }
    assert.equal("ASIAa", c:credentials().access_key_id)
    assert.equal(2, #record.requests)
  end)

  it("reports that renewed source credentials do not help either", function()
    local c, record = client(nil, { answer = function() return scene.role_refusal(403, "ExpiredToken") end })
    local found, err = c:credentials()
    assert.is_nil(found)
    assert.matches("ExpiredToken", err.message)
    assert.equal(1, #record.requests)
  end)

  describe("with MFA", function()
    it("asks at the first call and at each renewal, not before", function()
      local asked = 0
      local c, record = client("mfa_serial = arn:mfa", {
        options = {
          mfa_prompt = function()
            asked = asked + 1
            return 12345
          end,
        },
      })
      assert.equal(0, asked)
      assert(c:credentials())
      assert(c:credentials())
      assert.equal(1, asked)
      assert.equal("012345", scene.form(record.requests[1].body).TokenCode)
      record.now = record.now + 3000
      assert(c:credentials())
      assert.equal(2, asked)
    end)

    it("drops white space around the code", function()
      local c, record = client("mfa_serial = arn:mfa", {
        options = { mfa_prompt = function() return " 123 456\n" end },
      })
      assert(c:credentials())
      assert.equal("123456", scene.form(record.requests[1].body).TokenCode)
    end)

    it("says what is missing without a prompt", function()
      local c, record = client("mfa_serial = arn:mfa")
      local found, err = c:credentials()
      assert.is_nil(found)
      assert.equal("CredentialsError", err.code)
      assert.matches("mfa_prompt", err.message)
      assert.equal(0, #record.requests)
    end)

    for what, prompt in pairs {
      ["returns nothing"] = function() end,
      ["returns a reason"] = function() return nil, "no device at hand" end,
      ["raises"] = function() error("no device at hand", 0) end,
      ["returns a table"] = function() return {} end,
    } do
      it("is an error where the prompt " .. what, function()
        local c, record = client("mfa_serial = arn:mfa", { options = { mfa_prompt = prompt } })
        local found, err = c:credentials()
        assert.is_nil(found)
        assert.equal("CredentialsError", err.code)
        assert.matches("mfa_prompt", err.message)
        if what == "raises" or what == "returns a reason" then
          assert.matches("no device at hand", err.message)
        end
        assert.equal(0, #record.requests)
      end)
    end
  end)
end)

describe("the option role_arn", function()
  local ROLE = "arn:aws:iam::222233334444:role/network"

  it("is assumed with what the options credentials give, by everything the options say of it", function()
    local c, record = scene.client {
      options = {
        credentials = { access_key_id = "AKIDBASE", secret_access_key = "hush" },
        role_arn = ROLE, external_id = "a&b", role_session_name = "me@work", duration_seconds = 900,
      },
      answer = function() return scene.role_keys("a", { account = "222233334444" }) end,
    }
    local found = assert(c:credentials())
    assert.equal("ASIAa", found.access_key_id)
    assert.equal("222233334444", found.account_id)
    assert.matches("role_arn", found.source)
    assert.same({
      Action = "AssumeRole", Version = "2011-06-15", RoleArn = ROLE, RoleSessionName = "me@work",
      DurationSeconds = "900", ExternalId = "a&b",
    }, scene.form(record.requests[1].body))
    assert.matches("Credential=AKIDBASE/", record.requests[1].headers.authorization)
  end)

  it("is assumed on top of the chain, of a profile's own role too", function()
    local c, record = client(nil, {
      options = { role_arn = ROLE },
      answer = function(request)
        return scene.role_keys(scene.form(request.body).RoleArn:match("%w+$"))
      end,
    })
    assert.equal("ASIAnetwork", assert(c:credentials()).access_key_id)
    assert.equal(2, #record.requests)
    assert.matches("Credential=BASE/", record.requests[1].headers.authorization)
    assert.matches("Credential=ASIAa/", record.requests[2].headers.authorization)
  end)

  it("is assumed anew ahead of its end, and what it is assumed with is kept meanwhile", function()
    local n = 0
    local c, record = scene.client {
      env = { AWS_ACCESS_KEY_ID = "AKIDENV", AWS_SECRET_ACCESS_KEY = "s" },
      options = { role_arn = ROLE },
      answer = function(_, r)
        n = n + 1
        return scene.role_keys(n, { expiration = timestamp.format(r.now + 3600) })
      end,
    }
    assert.equal("ASIA1", c:credentials().access_key_id)
    assert.equal("ASIA1", c:credentials().access_key_id)
    record.now = record.now + 3000
    assert.equal("ASIA2", c:credentials().access_key_id)
    assert.equal(2, #record.requests)
  end)

  it("is named where it is refused, or where nothing is found to assume it with", function()
    local c = scene.client {
      options = { role_arn = ROLE, credentials = { access_key_id = "A", secret_access_key = "hush" } },
      answer = function() return scene.role_refusal(403, "AccessDenied") end,
    }
    local found, err = c:credentials()
    assert.is_nil(found)
    assert.matches("AccessDenied", err.message)
    assert.truthy(err.message:find(ROLE, 1, true))
    assert.is_nil(scene.texts(err):find("hush", 1, true))
    c = scene.client { options = { role_arn = ROLE }, env = { AWS_EC2_METADATA_DISABLED = "true" } }
    found, err = c:credentials()
    assert.is_nil(found)
    assert.equal("NoCredentialsError", err.code)
  end)

  it("is needed by its companions, and not taken from environment or profile", function()
    for _, name in ipairs { "external_id", "role_session_name", "duration_seconds" } do
      local err = scene.refused { options = { [name] = name == "duration_seconds" and 900 or "word" } }
      assert.equal("ConfigError", err.code)
      assert.matches("^" .. name .. " .*role_arn", err.message)
    end
    local err = scene.refused { options = { role_arn = "network" } }
    assert.matches("role_arn %(from option%): expected the ARN of a role", err.message)
    local c = scene.client {
      env = { AWS_ROLE_ARN = ROLE, AWS_ACCESS_KEY_ID = "AKIDENV", AWS_SECRET_ACCESS_KEY = "s" },
    }
    assert.equal("AKIDENV", assert(c:credentials()).access_key_id)
    assert.is_nil(c:explain().role_arn.value)
  end)
end)
