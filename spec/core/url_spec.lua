local core = require "dxconnect.core"

describe("URLs", function()
  it("are taken apart", function()
    local url = core.url("https://Example.com:8443/a/b?c=d#e")
    assert.same({ scheme = "https", host = "Example.com", port = 8443, path = "/a/b?c=d",
      authority = "Example.com:8443" }, url)
    assert.same("/", core.url("http://x").path)
    assert.same(80, core.url("http://x").port)
    assert.same("/?q", core.url("http://x?q").path)
    assert.same("[::1]", core.url("http://[::1]:80/").host)
    assert.same("u:p@w", core.url("http://u:p@w@host:80").userinfo)
  end)

  it("that are none are refused", function()
    for _, text in ipairs {
      "", "x", "http://", "http:///x", "http://x:0", "http://x:65536", "http://a:b:c/", "http://a b/",
    } do
      assert.is_nil(core.url(text))
    end
  end)
end)
