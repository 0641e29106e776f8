local scene = require "spec.support.scene"

local function credentials(config, stage)
  stage = stage or {}
  stage.config = config
  stage.answer = stage.answer or function(request)
    local form = scene.form(request.body)
    return scene.role_keys(form.RoleArn:match("/(.*)$"))
  end
  local client, record = scene.client(stage)
  local found, err = client:credentials()
  return found, err, record
end

-- What was asked of STS: the roles with the key that signed, in order.
local function assumed(record)
  local list = {}
  for i, request in ipairs(record.requests) do
    local signer = (request.headers.authorization or ""):match("Credential=([^/]+)/")
    list[i] = scene.form(request.body).RoleArn .. " by " .. tostring(signer)
  end
  return list
end

local base = "[profile base]\naws_access_key_id = BASE\naws_secret_access_key = s\n"

describe("credentials of a profile", function()
  it("are its keys", function()
    local found, _, record = credentials(
      "[default]\naws_access_key_id = AKID\naws_secret_access_key = s/=+\naws_session_token = t\naws_account_id = 1")
    assert.equal("AKID", found.access_key_id)
    assert.equal("s/=+", found.secret_access_key)
    assert.equal("t", found.session_token)
    assert.equal("1", found.account_id)
    assert.equal("profile default in /home/me/.aws/config", found.source)
    assert.equal(0, #record.requests)
  end)

  it("are those of the credentials file rather than those of the config file", function()
    local found = credentials("[default]\naws_access_key_id = A\naws_secret_access_key = a", {
      credentials = "[default]\naws_access_key_id = B\naws_secret_access_key = b\naws_security_token = t",
    })
    assert.equal("B", found.access_key_id)
    assert.equal("b", found.secret_access_key)
    assert.equal("t", found.session_token)
    assert.equal("profile default in /home/me/.aws/credentials", found.source)
  end)

  it("have no session token that belongs to the keys of the other file", function()
    local keys = "[default]\naws_access_key_id = %s\naws_secret_access_key = s\n"
    local found = credentials(keys:format("A") .. "aws_session_token = t", { credentials = keys:format("B") })
    assert.equal("B", found.access_key_id)
    assert.is_nil(found.session_token)
    found = credentials(keys:format("A") .. "aws_session_token = t", {
      credentials = "[default]\naws_account_id = 1\naws_security_token = u",
    })
    assert.equal("A", found.access_key_id)
    assert.equal("t", found.session_token)
    assert.equal("1", found.account_id)
  end)

  it("are those of the profile that was asked for", function()
    local config = base .. "[default]\naws_access_key_id = D\naws_secret_access_key = s"
    assert.equal("D", credentials(config).access_key_id)
    assert.equal("BASE", credentials(config, { env = { AWS_PROFILE = "base" } }).access_key_id)
    assert.equal("BASE", credentials(config, { options = { profile = "base" } }).access_key_id)
  end)

  it("are not looked for in other profiles", function()
    local found, err = credentials(base)
    assert.is_nil(found)
    assert.equal("NoCredentialsError", err.code)
  end)

  describe("with a role", function()
    it("come from STS, asked with the keys of the source profile", function()
      local found, _, record = credentials(base .. "[default]\nrole_arn = arn:aws:iam::1:role/a\nsource_profile = base")
      assert.equal("ASIAa", found.access_key_id)
      assert.matches("arn:aws:iam::1:role/a", found.source)
      assert.matches("default", found.source)
      assert.same({ "arn:aws:iam::1:role/a by BASE" }, assumed(record))
    end)

    it("come through chains of roles, however deep", function()
      local config = { base, "[profile r0]\nrole_arn = arn:aws:iam::1:role/0\nsource_profile = base\n" }
      local expected = { "arn:aws:iam::1:role/0 by BASE" }
      for i = 1, 300 do
        local section = "[profile r%d]\nrole_arn = arn:aws:iam::1:role/%d\nsource_profile = r%d\n"
        config[#config + 1] = section:format(i, i, i - 1)
        expected[#expected + 1] = ("arn:aws:iam::1:role/%d by ASIA%d"):format(i, i - 1)
      end
      local found, _, record = credentials(table.concat(config), { options = { profile = "r300" } })
      assert.equal("ASIA300", found.access_key_id)
      assert.same(expected, assumed(record))
    end)

    it("may name their own profile as the source of its keys", function()
      local found, _, record = credentials("[default]\naws_access_key_id = SELF\naws_secret_access_key = s\n"
        .. "role_arn = arn:aws:iam::1:role/a\nsource_profile = default")
      assert.equal("ASIAa", found.access_key_id)
      assert.same({ "arn:aws:iam::1:role/a by SELF" }, assumed(record))
    end)

    it("take a source profile's keys rather than its role", function()
      local _, _, record = credentials("[profile b]\naws_access_key_id = KEYS\naws_secret_access_key = s\n"
        .. "role_arn = arn:aws:iam::1:role/b\nsource_profile = x\n"
        .. "[default]\nrole_arn = arn:aws:iam::1:role/a\nsource_profile = b")
      assert.same({ "arn:aws:iam::1:role/a by KEYS" }, assumed(record))
    end)

    it("take every kind of source", function()
      local found, _, record = credentials("[profile p]\ncredential_process = x\n"
        .. "[default]\nrole_arn = arn:aws:iam::1:role/a\nsource_profile = p", {
        run = function() return '{"Version":1,"AccessKeyId":"PROC","SecretAccessKey":"s","SessionToken":"t"}' end,
      })
      assert.equal("ASIAa", found.access_key_id)
      assert.same({ "arn:aws:iam::1:role/a by PROC" }, assumed(record))
      assert.equal("t", record.requests[1].headers["x-amz-security-token"])
    end)

    it("take the environment as credential_source", function()
      local found, _, record = credentials(
        "[profile a]\nrole_arn = arn:aws:iam::1:role/a\ncredential_source = Environment", {
          env = { AWS_ACCESS_KEY_ID = "ENV", AWS_SECRET_ACCESS_KEY = "s" }, options = { profile = "a" },
        })
      assert.equal("ASIAa", found.access_key_id)
      assert.same({ "arn:aws:iam::1:role/a by ENV" }, assumed(record))
    end)

    it("take the container as credential_source", function()
      local config = "[default]\nrole_arn = arn:aws:iam::1:role/a\ncredential_source = EcsContainer"
      local found, _, record = credentials(config, {
        env = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI = "/v2" },
        answer = function(request)
          if request.url == "http://169.254.170.2/v2" then
            return { status = 200, body = '{"AccessKeyId":"ECS","SecretAccessKey":"s","Token":"t"}' }
          end
          return scene.role_keys("a")
        end,
      })
      assert.equal("ASIAa", found.access_key_id)
      assert.equal(2, #record.requests)
      assert.matches("Credential=ECS/", record.requests[2].headers.authorization)
    end)

    it("take the instance as credential_source", function()
      local found, _, record = credentials(
        "[default]\nrole_arn = arn:aws:iam::1:role/a\ncredential_source = Ec2InstanceMetadata", {
          answer = function(request)
            if request.url:find("/api/token", 1, true) then
              return { status = 200, body = "token" }
            elseif request.url:find("/security%-credentials/$") then
              return { status = 200, body = "role" }
            elseif request.url:find("/security-credentials/role", 1, true) then
              return { status = 200, body = '{"Code":"Success","AccessKeyId":"EC2","SecretAccessKey":"s","Token":"t",'
                .. '"Expiration":"2023-11-15T00:00:00Z"}' }
            end
            return scene.role_keys("a")
          end,
        })
      assert.equal("ASIAa", found.access_key_id)
      assert.matches("Credential=EC2/", record.requests[4].headers.authorization)
    end)
  end)

  -- what is contradictory, partial or wrong: name, config, what the message must hold
  local role = "role_arn = arn:aws:iam::1:role/a\n"
  local bad = {
    { "a key alone", "[default]\naws_access_key_id = AKID", "aws_secret_access_key" },
    { "a secret key alone", "[default]\naws_secret_access_key = hush", "aws_access_key_id" },
    { "a role without a source", "[default]\n" .. role, "source_profile", "credential_source" },
    { "a role with both sources",
      base .. "[default]\n" .. role .. "source_profile = base\ncredential_source = Environment",
      "source_profile", "credential_source" },
    { "a source_profile without a role", base .. "[default]\nsource_profile = base", "source_profile", "role_arn" },
    { "a credential_source without a role", "[default]\ncredential_source = Environment", "credential_source",
      "role_arn" },
    { "single sign-on without account and role", "[default]\nsso_session = corp", "sso_session", "sso_account_id",
      "sso_role_name" },
    { "an unknown credential_source", "[default]\n" .. role .. "credential_source = Moon", "credential_source", "Moon",
      "Ec2InstanceMetadata" },
    { "a credential_source without credentials", "[default]\n" .. role .. "credential_source = Environment",
      "credential_source", "AWS_ACCESS_KEY_ID" },
    { "a source_profile that does not exist", "[default]\n" .. role .. "source_profile = nowhere", "source_profile",
      "nowhere" },
    { "a source_profile without credentials", "[profile b]\nregion = x\n[default]\n" .. role .. "source_profile = b",
      "source_profile", '"b"' },
    { "a source_profile with half a pair of keys",
      "[profile b]\naws_access_key_id = x\n[default]\n" .. role .. "source_profile = b", "profile b",
      "aws_secret_access_key" },
    { "a profile that is its own source without keys", "[default]\n" .. role .. "source_profile = default", "loop",
      "default -> default" },
    { "sources that go round in a loop", "[default]\n" .. role .. "source_profile = b\n[profile b]\n" .. role
      .. "source_profile = c\n[profile c]\n" .. role .. "source_profile = b", "loop", "default -> b -> c -> b" },
    { "a duration that is no number", base .. "[default]\n" .. role .. "source_profile = base\nduration_seconds = 1h",
      "duration_seconds" },
    { "a web identity without a role", "[default]\nweb_identity_token_file = /t", "web_identity_token_file",
      "role_arn" },
  }
  for _, case in ipairs(bad) do
    it("are an error for " .. case[1], function()
      local found, err, record = credentials(case[2], { env = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI = "/later" } })
      assert.is_nil(found)
      assert.equal("credentials", err.kind)
      assert.equal("CredentialsError", err.code)
      for i = 3, #case do
        assert.truthy(err.message:find(case[i], 1, true), err.message)
      end
      assert.is_nil(scene.texts(err):find("hush", 1, true))
      assert.equal(0, #record.requests)
    end)
  end

  it("are an error without a line that slipped into another setting", function()
    local slip = "\n  aws_secret_access_key = hush\n"
    local function refused()
      return scene.role_refusal(400, "ValidationError")
    end
    for i, config in ipairs {
      "[default]\nrole_arn = r\nsource_profile = b" .. slip,
      "[default]\nrole_arn = r\ncredential_source = Environment" .. slip,
      "[default]\nsso_account_id = 1\nsso_role_name = r\nsso_session = s" .. slip,
      "[default]\nrole_arn = r\nweb_identity_token_file = /t" .. slip,
      "[default]\nsource_profile = b\nrole_arn = r" .. slip .. base:gsub("base", "b"),
    } do
      local found, err = credentials(config, { answer = refused })
      assert.is_nil(found)
      assert.equal("CredentialsError", err.code, i)
      assert.is_nil(scene.texts(err):find("hush", 1, true), err.message)
    end
  end)

  it("go by their order where a profile describes several", function()
    local all = "[default]\ncredential_process = p\naws_access_key_id = CONFIG\naws_secret_access_key = s\n"
    local stage = { run = function() return '{"Version":1,"AccessKeyId":"PROC","SecretAccessKey":"s"}' end }
    assert.equal("PROC", credentials(all, stage).access_key_id)
    stage.credentials = "[default]\naws_access_key_id = FILE\naws_secret_access_key = s\n"
    assert.equal("FILE", credentials(all, stage).access_key_id)
    stage.files = { ["/t"] = "web.token" }
    all = all .. "role_arn = arn:aws:iam::1:role/web\nweb_identity_token_file = /t"
    assert.equal("ASIAweb", credentials(all, stage).access_key_id)
  end)
end)
