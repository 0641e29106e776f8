local trim = require "dxconnect.text.trim"

describe("trim", function()
  it("drops white space before and behind, and keeps that within", function()
    assert.equal("a b", trim " \t\r\n a b\n ")
    assert.equal("a", trim "a")
    assert.equal("\0", trim " \0 ")
    assert.equal("", trim "")
    assert.equal("", trim " \t\n ")
  end)

  it("takes long runs of blanks as quickly as others", function()
    local blanks = (" "):rep(1000000)
    assert.equal("", trim(blanks))
    assert.equal("x" .. blanks .. "y", trim(blanks .. "x" .. blanks .. "y" .. blanks))
  end)
end)
