local proxy = require "dxconnect.transport.proxy"

describe("dxconnect.transport.proxy", function()
  it("takes a proxy's URL apart, its user and password ready to be sent", function()
    assert.same({ scheme = "http", host = "proxy.example", port = 3128, authorization = "Basic dTpwOkA=" },
      proxy.parse("http://u:p%3A%40@proxy.example:3128"))
    assert.same({ scheme = "http", host = "10.0.0.1", port = 80 }, proxy.parse("10.0.0.1"))
  end)

  it("says nothing of a URL that it can't read", function()
    local parsed, message = proxy.parse("http://user:secret@:x:y")
    assert.is_nil(parsed)
    assert.is_nil(message:find("secret", 1, true))
  end)

  local cases = {
    { "example.com", 443, "example.com", true },
    { "a.Example.com", 443, "example.com", true },
    { "a.example.com", 443, ".example.com", true },
    { "example.com", 443, ".example.com", true },
    { "a.example.com", 443, "*.example.com", true },
    { "notexample.com", 443, "example.com", false },
    { "example.com", 443, "other.com, *", true },
    { "example.com", 443, "a.com example.com", true },
    { "example.com", 443, "example.com:443", true },
    { "example.com", 80, "example.com:443", false },
    { "169.254.169.254", 80, "169.254.0.0/16", true },
    { "169.253.169.254", 80, "169.254.0.0/16", false },
    { "10.0.0.1", 80, "0.0.1", false },
    { "10.0.0.1", 80, "10.0.0.1", true },
    { "[fd00:ec2::254]", 80, "fd00:ec2::254", true },
    { "[::1]", 80, "[::1]", true },
    { "[::1]", 80, "0:0:0:0:0:0:0:1", true },
    { "[FD00:0ec2::254]", 80, "fd00:ec2:0::254", true },
    { "[fd00:ec2::254]", 80, "fd00:ec2::/32", true },
    { "[fd00:ec3::254]", 80, "fd00:ec2::/32", false },
    { "[fd00:ec2:8000::1]", 80, "[fd00:ec2::]/33", false },
    { "[fd00:ec2:7fff::1]", 80, "fd00:ec2::/33", true },
    { "[fd00:ec2::1]", 80, "::/0", true },
    { "[fd00:ec2::1]", 80, "fd00:ec2::1/129", false },
    { "[fd00:ec2::1]", 80, "fd00:::1/16", false },
    { "[::ffff:10.0.0.1]", 80, "::ffff:a00:1", true },
    { "10.0.0.1", 80, "::/0", false },
    { "10.0.0.1", 80, "0.0.0.0/0", true },
    { "10.0.0.1", 80, "10.0.0.0/33", false },
    { "10.0.0.255", 80, "10.0.0.128/25", true },
    { "10.0.0.127", 80, "10.0.0.128/25", false },
    { "example.com.", 443, "example.com", true },
    { "example.com", 443, "", false },
  }
  for _, case in ipairs(cases) do
    it(("reaches %s:%d %s the proxy under %q"):format(case[1], case[2], case[4] and "without" or "through", case[3]),
      function()
        assert.equal(case[4], proxy.excepted(case[1], case[2], case[3]))
      end)
  end
end)
