local http_date = require "dxconnect.text.http_date"

describe("http_date", function()
  it("reads the date of an answer", function()
    assert.equal(784111777, http_date.parse("Sun, 06 Nov 1994 08:49:37 GMT"))
    assert.equal(0, http_date.parse("Thu, 01 Jan 1970 00:00:00 GMT"))
    assert.equal(1835395200, http_date.parse("Tue, 29 Feb 2028 00:00:00 GMT"))
  end)

  it("refuses anything else", function()
    for _, text in ipairs { "", "yesterday", "Sun, 06 Foo 1994 08:49:37 GMT", "1994-11-06T08:49:37Z" } do
      assert.is_nil(http_date.parse(text))
    end
    assert.is_nil(http_date.parse(nil))
  end)
end)
