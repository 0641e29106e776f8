local scene = require "spec.support.scene"

local function credentials(given)
  local client, record = scene.client { options = { credentials = given } }
  local found, err = client:credentials()
  return found, err, client, record
end

local full = {
  access_key_id = "AKIDEXAMPLE", secret_access_key = "s/e+c=", session_token = "t", account_id = "111122223333",
  expiration = scene.NOW + 3600,
}

local function ok()
  return { status = 200, body = "{}" }
end

describe("credentials of the option", function()
  it("are those of the table, with a source", function()
    local found = assert(credentials(full))
    for name, value in pairs(full) do
      assert.equal(value, found[name])
    end
    assert.equal("option credentials", found.source)
  end)

  it("go before everything else", function()
    local client, record = scene.client {
      env = { AWS_ACCESS_KEY_ID = "ENV", AWS_SECRET_ACCESS_KEY = "s" },
      config = "[profile a]\ncredential_process = p",
      options = { credentials = full, profile = "a" },
    }
    assert.equal("AKIDEXAMPLE", client:credentials().access_key_id)
    assert.equal(0, #record.commands)
  end)

  it("need no session token", function()
    local found = assert(credentials { access_key_id = "AKID", secret_access_key = "s", session_token = "" })
    assert.is_nil(found.session_token)
    assert.is_nil(found.expiration)
  end)

  it("are kept as they were when the client was made", function()
    local given = { access_key_id = "AKID", secret_access_key = "s" }
    local client = scene.client { options = { credentials = given } }
    given.access_key_id = "other"
    assert.equal("AKID", client:credentials().access_key_id)
    client:credentials().access_key_id = "changed"
    assert.equal("AKID", client:credentials().access_key_id)
  end)

  -- what is given, what the message must name
  local bad = {
    { {}, "access_key_id" },
    { { access_key_id = "AKID" }, "secret_access_key" },
    { { access_key_id = "AKID", secret_access_key = "" }, "secret_access_key" },
    { { access_key_id = "AKID", secret_access_key = 12345 }, "secret_access_key" },
    { { access_key_id = "AKID\r\nx: y", secret_access_key = "hush" }, "access_key_id" },
    { { access_key_id = "AKID", secret_access_key = "hush", session_token = {} }, "session_token" },
    { { access_key_id = "AKID", secret_access_key = "hush", account_id = 1 }, "account_id" },
    { { access_key_id = "AKID", secret_access_key = "hush", expiration = "tomorrow" }, "expiration" },
    { { access_key_id = "AKID", secret_access_key = "hush", expiration = 0 / 0 }, "expiration" },
    { { access_key = "AKID", secret_access_key = "hush" }, "access_key_id" },
    { { access_key_id = "AKID", secret_key = "hush" }, "secret_access_key" },
  }
  for i, case in ipairs(bad) do
    it(("are refused where %s is not what it should be (%d)"):format(case[2], i), function()
      local err = scene.refused { options = { credentials = case[1] } }
      assert.equal("credentials", err.kind)
      assert.equal("CredentialsError", err.code)
      assert.truthy(err.message:find(case[2], 1, true), err.message)
      assert.is_nil(scene.texts(err):find("hush", 1, true))
      assert.is_nil(scene.texts(err):find("12345", 1, true))
    end)
  end

  it("of a table that raises when it is read are an error, however they are given", function()
    local evil = setmetatable({}, {
      __index = function() error("boo") end,
      __pairs = function() error("boo") end,
    })
    local err = scene.refused { options = { credentials = evil } }
    assert.equal("CredentialsError", err.code)
    local client = scene.client { options = { credentials = function() return evil end } }
    local result
    result, err = client:describe_lags()
    assert.is_nil(result)
    assert.equal("CredentialsError", err.code)
  end)

  it("that have expired are an error, and nothing is sent", function()
    local client, record = scene.client {
      answer = ok,
      options = { credentials = { access_key_id = "AKID", secret_access_key = "hush", expiration = scene.NOW - 1 } },
    }
    local result, err = client:describe_lags()
    assert.is_nil(result)
    assert.equal("CredentialsError", err.code)
    assert.matches("expired", err.message)
    assert.equal("DescribeLags", err.operation)
    assert.equal(0, #record.requests)
  end)

  it("that the service calls expired are not asked for again", function()
    local client, record = scene.client {
      answer = function() return { status = 400, body = '{"__type":"ExpiredTokenException"}' } end,
      options = { credentials = full },
    }
    local _, err = client:describe_lags()
    assert.equal("ExpiredTokenException", err.code)
    assert.equal(1, #record.requests)
  end)

  describe("that are a function", function()
    it("come from calling it, not before the first call", function()
      local calls = 0
      local client = scene.client {
        options = {
          credentials = function()
            calls = calls + 1
            return full
          end,
        },
      }
      assert.equal(0, calls)
      assert.equal("AKIDEXAMPLE", client:credentials().access_key_id)
      assert.matches("function", client:credentials().source)
      assert.equal(1, calls)
    end)

    it("are asked for again ahead of their end", function()
      local calls = 0
      local client, record = scene.client { options = {} }
      client:close()
      client, record = scene.client {
        options = {
          credentials = function()
            calls = calls + 1
            return { access_key_id = "AKID" .. calls, secret_access_key = "s", expiration = record.now + 3600 }
          end,
        },
      }
      assert.equal("AKID1", client:credentials().access_key_id)
      record.now = record.now + 2699
      assert.equal("AKID1", client:credentials().access_key_id)
      record.now = record.now + 2
      assert.equal("AKID2", client:credentials().access_key_id)
    end)

    it("are asked for once more where the service calls them expired", function()
      local calls = 0
      local client, record = scene.client {
        answer = function(request)
          if request.headers.authorization:find("AKID1", 1, true) then
            return { status = 400, body = '{"__type":"ExpiredTokenException"}' }
          end
          return ok()
        end,
        options = {
          credentials = function()
            calls = calls + 1
            return { access_key_id = "AKID" .. calls, secret_access_key = "s" }
          end,
        },
      }
      assert(client:describe_lags())
      assert.equal(2, #record.requests)
      assert.equal(2, calls)
    end)

    it("repeat its message where there are none", function()
      local found, err, _, record = credentials(function() return nil, "the vault is sealed" end)
      assert.is_nil(found)
      assert.equal("CredentialsError", err.code)
      assert.truthy(err.message:find("the vault is sealed", 1, true))
      assert.equal(0, #record.requests)
      _, err = credentials(function() end)
      assert.equal("credentials", err.kind)
    end)

    it("make an error of what it raises", function()
      local _, err = credentials(function() error("the vault burns", 0) end)
      assert.equal("CredentialsError", err.code)
      assert.truthy(err.message:find("the vault burns", 1, true))
      _, err = credentials(function() error({ message = "the vault is gone" }) end)
      assert.truthy(err.message:find("the vault is gone", 1, true))
      _, err = credentials(function() error(setmetatable({}, { __tostring = function() error "no" end })) end)
      assert.equal("CredentialsError", err.code)
    end)

    it("are checked like a table", function()
      for _, given in ipairs { "hush", 5, true, {}, { access_key_id = "AKID", secret_access_key = "hush\n" } } do
        local found, err = credentials(function() return given end)
        assert.is_nil(found)
        assert.equal("CredentialsError", err.code)
        assert.is_nil(scene.texts(err):find("hush", 1, true))
      end
    end)
  end)
end)
