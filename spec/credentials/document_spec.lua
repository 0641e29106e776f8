local document = require "dxconnect.credentials.document"
local growth = require "spec.support.growth"

describe("document", function()
  it("reads an object, without what is null", function()
    local found = document.read '{"a":"x","b":null,"c":{"d":null,"e":1},"f":[]}'
    assert.equal("x", found.a)
    assert.is_nil(found.b)
    assert.same({ e = 1 }, found.c)
  end)

  it("reads nothing else", function()
    for _, text in ipairs { "", "x", "1", "null", '"a"', "[1]", '{"a":', ("["):rep(100) .. ("]"):rep(100), "{}x" } do
      assert.is_nil(document.read(text))
    end
    assert.is_nil(document.read(("{\"a\":"):rep(100) .. "1" .. ("}"):rep(100)))
    assert.is_nil(document.read(nil))
  end)

  it("reads no numbers that are none", function()
    for _, text in ipairs { '{"a":NaN}', '{"a":Infinity}', '{"a":0x10}' } do
      assert.is_nil(document.read(text))
    end
  end)

  it("has lifetimes in seconds", function()
    local found = document.read '{"a":900,"b":"900","c":0,"d":-1,"e":1e300,"f":"soon","g":{}}'
    assert.equal(900, document.lifetime(found, "a"))
    assert.equal(900, document.lifetime(found, "b"))
    for _, name in ipairs { "c", "d", "e", "f", "g", "h" } do
      assert.is_nil(document.lifetime(found, name))
    end
  end)

  it("has the fields of credentials under names of its own", function()
    local names = { access_key_id = "Id", expiration = "Ends" }
    assert.same({ access_key_id = "AKID" }, document.fields({ Id = "AKID", Token = "t" }, names))
  end)

  it("writes what it reads", function()
    assert.same({ a = "x/y", b = { c = true } }, document.read(document.write { a = "x/y", b = { c = true } }))
  end)

  it("has texts that are not empty", function()
    local found = document.read '{"a":"x","b":"","c":1}'
    assert.equal("x", document.text(found, "a"))
    assert.is_nil(document.text(found, "b"))
    assert.is_nil(document.text(found, "c"))
    assert.is_nil(document.text(found, "d"))
  end)

  it("does not mind how others set up the decoder that all share", function()
    local json = require "cjson"
    json.decode_max_depth(1)
    finally(function()
      json.decode_max_depth(1000)
    end)
    assert.same({ a = { b = { c = 1 } } }, document.read '{"a":{"b":{"c":1}}}')
  end)

  it("reads and writes in time proportional to the size", function()
    for _, piece in ipairs { '"k%d":null,', '"k%d":{"a":[null,"x"]},', '"k%d":"\\u00e9\\n",' } do
      local ratio = growth.ratio(function(text)
        document.write(assert(document.read(text)))
      end, function(n)
        local parts = {}
        for i = 1, n do
          parts[i] = piece:gsub("%%d", i)
        end
        return "{" .. table.concat(parts) .. '"z":1}'
      end, 2000)
      assert.is_true(ratio < growth.LINEAR, ("%s %.0f"):format(piece, ratio))
    end
  end)
end)
