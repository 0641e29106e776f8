local core = require "dxconnect.core"
local dxconnect = require "dxconnect"
local shell = require "spec.support.shell"

local VALUE = "0123456789abcdef"

local function with_file(content, use, mode)
  local path = os.tmpname()
  shell.write(path, content)
  os.execute("chmod " .. (mode or "600") .. " " .. path)
  local ok, message = pcall(use, path)
  os.remove(path)
  assert(ok, message)
end

describe("dxconnect.secret", function()
  it("keeps a value that only reveal gives back", function()
    local secret = assert(dxconnect.secret(VALUE))
    assert.equal(VALUE, secret:reveal())
    assert.equal("<secret>", tostring(secret))
    assert.equal("a\0b", dxconnect.secret("a\0b"):reveal())
    assert.equal("", dxconnect.secret(""):reveal())
    assert.equal(100000, #dxconnect.secret(("x"):rep(100000)):reveal())
  end)

  it("does not leak by concatenation, length, indexing or its metatable", function()
    local secret = assert(dxconnect.secret(VALUE))
    for _, use in ipairs {
      function() return "x" .. secret end,
      function() return #secret end,
      function() return secret + 1 end,
    } do
      local ok, message = pcall(use)
      assert.is_false(ok)
      assert.is_nil(message:find(VALUE, 1, true))
    end
    assert.is_nil(secret.value)
    assert.is_string(getmetatable(secret))
    assert.is_false(pcall(setmetatable, secret, {}))
  end)

  it("can be compared, by value", function()
    assert.is_true(dxconnect.secret(VALUE) == dxconnect.secret(VALUE))
    assert.is_false(dxconnect.secret(VALUE) == dxconnect.secret("0123456789abcdeX"))
    assert.is_false(dxconnect.secret(VALUE) == dxconnect.secret(VALUE .. "0"))
    assert.is_false(dxconnect.secret(VALUE) == VALUE)
  end)

  it("has no value after it was closed", function()
    local secret = assert(dxconnect.secret(VALUE))
    secret:close()
    secret:close()
    local value, message = secret:reveal()
    assert.is_nil(value)
    assert.is_string(message)
    assert.equal("<secret>", tostring(secret))
    assert.is_false(secret == dxconnect.secret(VALUE))
  end)

  it("takes strings and secrets; anything else is an error", function()
    local secret = assert(dxconnect.secret(VALUE))
    assert.equal(VALUE, dxconnect.secret(secret):reveal())
    for _, bad in ipairs { 3, true, {}, print, io.stdout } do
      local made, err = dxconnect.secret(bad)
      assert.is_nil(made)
      assert.equal("params", err.kind)
    end
    assert.is_nil((dxconnect.secret(nil)))
    assert.is_nil((dxconnect.secret(("x"):rep(2000000))))
  end)

  it("can't be more than fits, but many can be", function()
    local all = {}
    for i = 1, 3000 do -- more pages than may be locked
      all[i] = assert(dxconnect.secret(VALUE .. i))
    end
    assert.equal(VALUE .. 3000, all[3000]:reveal())
    assert.equal(VALUE .. 1, all[1]:reveal())
  end)

  describe("from a file", function()
    it("has its content without one line end at its end", function()
      for content, value in pairs {
        [VALUE] = VALUE, [VALUE .. "\n"] = VALUE, [VALUE .. "\r\n"] = VALUE, [VALUE .. "\n\n"] = VALUE .. "\n",
        [VALUE .. "\r"] = VALUE .. "\r", ["a\nb\n"] = "a\nb", [(VALUE):rep(2000)] = (VALUE):rep(2000),
        [("x"):rep(4096)] = ("x"):rep(4096), [("x"):rep(4096) .. "\n"] = ("x"):rep(4096),
      } do
        with_file(content, function(path)
          assert.equal(value, dxconnect.secret.from_file(path):reveal())
        end)
      end
    end)

    it("tells the logger when others can read it", function()
      local events = {}
      local function logger(event)
        events[#events + 1] = event
        error("ignored")
      end
      with_file(VALUE, function(path)
        assert(dxconnect.secret.from_file(path, { logger = logger }))
      end)
      assert.equal(0, #events)
      for _, mode in ipairs { "640", "604", "644" } do
        with_file(VALUE, function(path)
          assert(dxconnect.secret.from_file(path, { logger = logger }))
          assert(dxconnect.secret.from_file(path))
          assert.truthy(events[#events].message:find(path, 1, true))
        end, mode)
      end
      assert.equal(3, #events)
      assert.is_nil(events[1].message:find(VALUE, 1, true))
    end)

    it("is an error where there is none", function()
      for _, path in ipairs { "/no/such/file", "/", "", "/dev/null", "a\0b", false } do
        local secret, err = dxconnect.secret.from_file(path)
        assert.is_nil(secret)
        assert.equal("config", err.kind)
        assert.is_string(tostring(err))
      end
      assert.is_nil((dxconnect.secret.from_file()))
      with_file("\n", function(path)
        assert.is_nil((dxconnect.secret.from_file(path)))
      end)
      with_file(("x"):rep(1200000), function(path)
        assert.is_nil((dxconnect.secret.from_file(path)))
      end)
    end)
  end)

  describe("from the environment", function()
    it("has the variable's value", function()
      assert.equal(os.getenv("PATH"), dxconnect.secret.from_env("PATH"):reveal())
    end)

    it("is an error where it is not set", function()
      for _, name in ipairs { "DXCONNECT_NO_SUCH_VARIABLE", "", "a\0b", false } do
        local secret, err = dxconnect.secret.from_env(name)
        assert.is_nil(secret)
        assert.equal("config", err.kind)
      end
    end)
  end)

  it("can be made of random hexadecimal digits", function()
    local a, b = core.secret_random_hex(32), core.secret_random_hex(32)
    assert.truthy(a:reveal():find("^" .. ("[0-9a-f]"):rep(64) .. "$"))
    assert.is_false(a == b)
  end)
end)
