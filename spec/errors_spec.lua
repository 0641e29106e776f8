local errors = require "dxconnect.errors"

describe("errors", function()
  it("prints on one line, whatever the texts hold", function()
    local err = errors.new("service", "DirectConnectClientException", "no such\r\nconnection", {
      operation = "DescribeLoa", status = 400, request_id = "r-1", attempts = 3,
    })
    assert.equal("DescribeLoa: DirectConnectClientException: no such connection "
      .. "(HTTP status 400, request id r-1, 3 attempts)", tostring(err))
  end)

  it("keeps every problem with its path", function()
    local problems = { { path = "ckn", message = "bad" }, { path = "", message = "worse" } }
    local err = errors.params("AssociateMacSecKey", problems)
    assert.equal("params", err.kind)
    assert.equal("ParamValidationError", err.code)
    assert.same(problems, err.problems)
    assert.equal("ckn: bad; worse", err.message)
  end)

  it("gives each kind of transport failure its code", function()
    for kind, code in pairs {
      connect = "ConnectionError", reset = "ConnectionError", tls = "TLSError", timeout = "TimeoutError",
      cancelled = "CancelledError", nonsense = "ConnectionError",
    } do
      assert.equal(code, errors.transport("x", kind).code)
    end
  end)

  it("suggests the nearest operation", function()
    assert.matches("did you mean describe_lags%?", errors.unknown_operation("describe_lag", "describe_lags").message)
  end)

  it("repeats no endless name of an operation", function()
    assert.equal("there is no operation without a name", errors.unknown_operation("").message)
    assert.equal("there is no operation a b", errors.unknown_operation("a\nb").message)
    assert.equal("there is no operation " .. ("x"):rep(127) .. "...",
      errors.unknown_operation(("x"):rep(127) .. "é" .. ("y"):rep(500)).message)
  end)

  it("are text beside other text", function()
    local err = errors.config("no region")
    assert.equal("error: " .. tostring(err), "error: " .. err)
    assert.equal(tostring(err) .. 5, err .. 5)
    assert.equal(tostring(err) .. tostring(err), err .. err)
    assert.has_error(function() return err .. {} end)
  end)

  it("lets an interrupt of the interpreter through, and nothing else", function()
    assert.same({ true, 1, nil, 3 }, { errors.protected(function(...) return ... end, 1, nil, 3) })
    local ok, message = errors.protected(error, "no", 0)
    assert.is_false(ok)
    assert.equal("no", message)
    assert.is_false((errors.protected(error, {})))
    local raised, what = pcall(errors.protected, error, "x.lua:1: interrupted!", 0)
    assert.is_false(raised)
    assert.equal("x.lua:1: interrupted!", what)
  end)

  it("knows its own", function()
    assert.is_true(errors.is(errors.config("x")))
    assert.is_false(errors.is({ kind = "config" }))
  end)

  it("are copied to others that say the same", function()
    local err = errors.credentials("broken", nil, { status = 500 })
    local copy = errors.copy(err)
    assert.is_true(errors.is(copy))
    assert.same(err, copy)
    copy.operation = "mine"
    assert.is_nil(err.operation)
  end)

  it("take the words of whatever a user's function says or raises", function()
    assert.equal("no", errors.message_of("no"))
    assert.equal("5", errors.message_of(5))
    assert.equal("no", errors.message_of({ message = "no" }))
    assert.equal("no", errors.message_of(errors.credentials("no")))
    assert.equal("true", errors.message_of(true))
    assert.equal("said", errors.message_of(setmetatable({}, { __tostring = function() return "said" end })))
    assert.equal("a table", errors.message_of(setmetatable({}, { __tostring = function() error("no") end })))
  end)
end)
