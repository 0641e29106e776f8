local errors = require "dxconnect.errors"
local make = require "dxconnect.credentials.make"

describe("make", function()
  local name = "dxconnect.credentials.made_up"

  after_each(function()
    package.preload[name], package.loaded[name] = nil, nil
  end)

  it("hands on what the module's constructor returns", function()
    package.preload[name] = function()
      return {
        new = function(...)
          return { given = { ... } }, "second"
        end,
      }
    end
    local provider, second = make("made_up", "new", "context", 2)
    assert.same({ "context", 2 }, provider.given)
    assert.equal("second", second)
  end)

  it("returns an error of one line where the module can't be loaded", function()
    local provider, err = make("made_up", "new", {})
    assert.is_nil(provider)
    assert.is_true(errors.is(err))
    assert.equal("CredentialsError", err.code)
    assert.matches("^the source made_up can't be loaded: ", err.message)
    assert.is_nil(tostring(err):find("\n", 1, true))
  end)
end)
