local credentials_value = require "dxconnect.credentials.value"

describe("keys", function()
  it("are a table with the source in words", function()
    local found = assert(credentials_value.new({
      access_key_id = "AKIDEXAMPLE1", secret_access_key = "s", session_token = "t", account_id = "1", expiration = 5,
    }, "somewhere"))
    assert.equal("AKIDEXAMPLE1", found.access_key_id)
    assert.equal("s", found.secret_access_key)
    assert.equal("t", found.session_token)
    assert.equal("1", found.account_id)
    assert.equal(5, found.expiration)
    assert.equal("somewhere", found.source)
  end)

  it("hide their secrets when printed", function()
    local found = assert(credentials_value.new({
      access_key_id = "AKIDEXAMPLE1", secret_access_key = "hush", session_token = "hush",
    }, "somewhere"))
    assert.equal("credentials AKID…PLE1 (somewhere)", tostring(found))
    found = assert(credentials_value.new({ access_key_id = "hush", secret_access_key = "s" }, "somewhere"))
    assert.is_nil(tostring(found):find("hush", 1, true))
  end)

  it("count empty tokens and accounts as absent", function()
    local found = assert(credentials_value.new({
      access_key_id = "A", secret_access_key = "s", session_token = "", account_id = "",
    }, "somewhere"))
    assert.is_nil(found.session_token)
    assert.is_nil(found.account_id)
  end)

  it("name what is wrong as the source calls it, and not its value", function()
    local found, err = credentials_value.new({ access_key_id = "A", secret_access_key = "hu\nsh" }, "somewhere", {
      secret_access_key = "SecretAccessKey",
    })
    assert.is_nil(found)
    assert.equal("credentials", err.kind)
    assert.equal("somewhere: SecretAccessKey must be a string without control characters", err.message)
  end)
end)
