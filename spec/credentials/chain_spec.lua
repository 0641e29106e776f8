local chain = require "dxconnect.credentials.chain"
local errors = require "dxconnect.errors"

-- A provider that gives what it is told to, and counts.
local function provider(name, ...)
  local returns = { ... }
  return {
    name = name,
    calls = 0,
    get = function(self, refused)
      self.calls, self.refused = self.calls + 1, refused
      return returns[1], returns[2], returns[3]
    end,
    close = function(self)
      self.closed = true
    end,
  }
end

local keys = { access_key_id = "AKID" }

describe("chain", function()
  it("gives what the first source that is configured gives, and asks that one from then on", function()
    local first, second, third = provider("one", nil, nil, "not set"), provider("two", keys), provider("three", keys)
    local c = chain.new({}, { first, second, third })
    assert.equal(keys, c:get())
    assert.equal(keys, c:get("refused"))
    assert.equal(1, first.calls)
    assert.equal(2, second.calls)
    assert.equal("refused", second.refused)
    assert.equal(0, third.calls)
  end)

  it("is fixed where that source is", function()
    local fixed = provider("one", keys)
    fixed.fixed = true
    local c = chain.new({}, { fixed })
    c:get()
    assert.is_true(c.fixed)
  end)

  it("does not go past a source that is configured and fails", function()
    local err = errors.credentials("broken")
    local failing, other = provider("one", nil, err), provider("two", keys)
    local c = chain.new({}, { failing, other })
    local found, got = c:get()
    assert.is_nil(found)
    assert.equal(err, got)
    assert.equal(0, other.calls)
  end)

  it("lists what was tried, and why each did not serve, where none is configured", function()
    local c = chain.new({}, { provider("one", nil, nil, "not set"), provider("two") })
    local found, err = c:get()
    assert.is_nil(found)
    assert.equal("NoCredentialsError", err.code)
    assert.equal("no credentials found; tried: one (not set); two (not configured)", err.message)
  end)

  it("closes all its sources", function()
    local one, two = provider("one"), provider("two")
    chain.new({}, { one, two }):close()
    assert.is_true(one.closed)
    assert.is_true(two.closed)
  end)

  it("names the directive of nginx where it runs inside", function()
    rawset(_G, "ngx", { get_phase = function() return "content" end })
    finally(function()
      rawset(_G, "ngx", nil)
    end)
    local _, err = chain.new({}, {}):get()
    assert.matches("directive env", err.message)
    assert.truthy(err.message:find("dxconnect.config.capture()", 1, true))
  end)
end)
