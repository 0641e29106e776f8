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

local function chain_of(...)
  local makers = {}
  for i, source in ipairs { ... } do
    makers[i] = function()
      return source
    end
  end
  return chain.new({}, makers)
end

local keys = { access_key_id = "AKID" }

describe("chain", function()
  it("gives what the first source that is configured gives, and asks that one from then on", function()
    local first, second, third = provider("one", nil, nil, "not set"), provider("two", keys), provider("three", keys)
    local c = chain_of(first, second, third)
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
    local c = chain_of(fixed)
    c:get()
    assert.is_true(c.fixed)
  end)

  it("does not go past a source that is configured and fails", function()
    local err = errors.credentials("broken")
    local failing, other = provider("one", nil, err), provider("two", keys)
    local c = chain_of(failing, other)
    local found, got = c:get()
    assert.is_nil(found)
    assert.equal(err, got)
    assert.equal(0, other.calls)
  end)

  it("lists what was tried, and why each did not serve, where none is configured", function()
    local c = chain_of(provider("one", nil, nil, "not set"), provider("two"))
    local found, err = c:get()
    assert.is_nil(found)
    assert.equal("NoCredentialsError", err.code)
    assert.equal("no credentials found; tried: one (not set); two (not configured)", err.message)
  end)

  it("makes a source's provider when it comes to it, and once", function()
    local made = {}
    local function maker(name, ...)
      local source = provider(name, ...)
      return function()
        made[#made + 1] = name
        return source
      end
    end
    local c = chain.new({}, { maker("one"), maker("two", keys), maker("three", keys) })
    assert.same({}, made)
    assert.equal(keys, c:get())
    assert.equal(keys, c:get())
    assert.same({ "one", "two" }, made)
  end)

  it("fails where a provider can't be made, and tries again when asked again", function()
    local broken, source = errors.credentials("can't be loaded"), provider("two", keys)
    local c = chain.new({}, {
      function()
        return provider("one")
      end,
      function()
        if broken then
          return nil, broken
        end
        return source
      end,
    })
    local found, err = c:get()
    assert.is_nil(found)
    assert.equal(broken, err)
    broken = nil
    assert.equal(keys, c:get())
  end)

  it("closes the sources that it came to", function()
    local one, two, three = provider("one"), provider("two", keys), provider("three")
    local c = chain_of(one, two, three)
    c:get()
    c:close()
    assert.is_true(one.closed)
    assert.is_true(two.closed)
    assert.is_nil(three.closed)
  end)

  it("names the directive of nginx where it runs inside", function()
    rawset(_G, "ngx", { get_phase = function() return "content" end })
    finally(function()
      rawset(_G, "ngx", nil)
    end)
    local _, err = chain_of():get()
    assert.matches("directive env", err.message)
    assert.truthy(err.message:find("dxconnect.config.capture()", 1, true))
  end)
end)
