local pdf = require "dxconnect.emulator.pdf"

describe("a PDF of the emulator", function()
  it("says where each of its parts begins", function()
    local text = pdf.page { "one", "two" }
    local start = tonumber(text:match("startxref\n(%d+)\n%%%%EOF\n$"))
    assert.equal("xref\n0 6\n", text:sub(start + 1, start + 9))
    local number = 0
    for offset, kind in text:sub(start + 10):gmatch("(%d%d%d%d%d%d%d%d%d%d) %d%d%d%d%d (%l) \n") do
      if kind == "n" then
        local head = ("%d 0 obj\n"):format(number)
        assert.equal(head, text:sub(tonumber(offset) + 1, tonumber(offset) + #head))
      end
      number = number + 1
    end
    assert.equal(6, number)
    local length, stream = text:match("/Length (%d+) >>\nstream\n(.-)\nendstream")
    assert.equal(tonumber(length), #stream)
  end)

  it("keeps what is special in its strings", function()
    assert.truthy(pdf.page({ "a (b) \\ c é" }):find("(a \\(b\\) \\\\ c ??) Tj", 1, true))
  end)
end)
