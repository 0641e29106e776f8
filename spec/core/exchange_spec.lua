local core = require "dxconnect.core"
local growth = require "spec.support.growth"

local function loaded(request)
  local ex = core.exchange()
  assert(ex:load(request))
  return ex
end

describe("an exchange", function()
  describe("loaded with a request", function()
    it("shows it as plain strings, names in lower case, with its host", function()
      local request = loaded({ method = "PUT", url = "http://Host.example:8080/a?b=c#d", body = "x\0y",
        headers = { ["X-One"] = "1", ["x-list"] = { "a", "b", "c" }, ["X-Number"] = 6 } }):request()
      assert.equal("PUT", request.method)
      assert.equal("http://Host.example:8080/a?b=c", request.url)
      assert.equal("x\0y", request.body)
      assert.same({ host = "host.example:8080", ["x-one"] = "1", ["x-list"] = { "a", "b", "c" }, ["x-number"] = "6" },
        request.headers)
    end)

    it("does without headers and body", function()
      local request = loaded({ method = "GET", url = "https://h" }):request()
      assert.equal("", request.body)
      assert.same({ host = "h" }, request.headers)
    end)

    it("keeps a host that is given, and leaves lengths to the transport", function()
      local request = loaded({ method = "GET", url = "https://h/",
        headers = { Host = "other", ["Content-Length"] = "99" } }):request()
      assert.same({ host = "other" }, request.headers)
    end)

    it("refuses with a message what could not be sent as it is", function()
      for pattern, list in pairs {
        ["^method: "] = { { method = 3 }, { method = "" }, { method = "A B" }, { method = ("A"):rep(16) },
          { method = false } },
        ["^url: "] = { { url = 3 }, { url = "h" }, { url = "file:///etc/passwd" }, { url = "http://h/\r\nx" },
          { url = "http://h/a b" }, { url = "http://h\0" }, { url = "http://h:0/" }, { url = "http://[::1/" } },
        ["^body: "] = { { body = 3 }, { body = {} } },
        ["^headers: "] = { { headers = "x" }, { headers = { "x" } } },
        ["^x: "] = { { headers = { x = "a\nb" } }, { headers = { x = "a\rb" } }, { headers = { x = "a\0" } },
          { headers = { x = { "a", "b\n c" } } }, { headers = { x = true } }, { headers = { x = { { } } } } },
        ["^a header: "] = { { headers = { [""] = "a" } }, { headers = { ["a\nb"] = "c" } },
          { headers = { ["a:b"] = "c" } } },
        ["^transfer%-encoding: "] = { { headers = { ["transfer-encoding"] = "chunked" } } },
      } do
        for _, bad in ipairs(list) do
          local request = { method = "GET", url = "http://h/" }
          for name, value in pairs(bad) do
            request[name] = value or nil
          end
          if bad.method == false then
            request.method = nil
          end
          local ex = core.exchange()
          local ok, message = ex:load(request)
          assert.is_nil(ok)
          assert.truthy(message:find(pattern), message)
          assert.equal("", ex:request().url)
        end
      end
    end)

    it("never repeats a refused value", function()
      local _, message = core.exchange():load { method = "GET", url = "http://h/", headers = { x = "secret\n" } }
      assert.is_nil(message:find("secret", 1, true))
    end)

    it("prints without what may be secret", function()
      local text = tostring(loaded({ method = "GET", url = "http://me:word@h/p?token=abc", body = "grant",
        headers = { authorization = "Bearer one", ["x-aws-ec2-metadata-token"] = "two", accept = "three",
          ["x-amz-security-token"] = { "four", "five" } } }):request())
      for _, secret in ipairs { "word", "abc", "grant", "Bearer", "one", "two", "four", "five" } do
        assert.is_nil(text:find(secret, 1, true), secret)
      end
      assert.truthy(text:find("^GET http://<hidden>@h/p%?<hidden>\naccept: three\nauthorization: <hidden>\n"))
      assert.truthy(text:find("(a body of 5 bytes)", 1, true))
    end)

    it("prints whatever its user made of it", function()
      local request = loaded({ method = "GET", url = "http://h/" }):request()
      request.headers, request.url, request.method, request.body = { true, {}, x = 1 }, "nowhere", nil, nil
      assert.equal("? <hidden>\nx: <hidden>", tostring(request))
      request.headers, request.url = nil, nil
      assert.is_string(tostring(request))
    end)

    it("forgets it when cleared, and can be loaded again", function()
      local ex = loaded { method = "GET", url = "http://h/", body = "x", headers = { a = "b" } }
      ex:clear()
      assert.equal("", ex:request().url)
      assert.same({}, ex:request().headers)
      assert(ex:load { method = "POST", url = "http://g/" })
      assert.equal("", ex:request().body)
      assert.same({ host = "g" }, ex:request().headers)
    end)
  end)

  describe("taking secrets out of a text", function()
    local cases = {
      { "key abcdef!", "key <hidden>!", "abcdef" },
      { "ABCDEF abcdef", "<hidden> <hidden>", "abcDEF" },
      { "abc", "abc", "abc" }, -- too short to be told from other words
      { "xabcdefx", "x<hidden>x", "abcd", "abcdef" }, -- one begins the other
      { "xabcdefx", "x<hidden>x", "abcdef", "cdef" },
      { "xabcdefghx", "x<hidden>x", "abcdef", "defgh" }, -- they overlap
      { "xabcdefghijx", "x<hidden>x", "ghij", "abcdef", "defgh" },
      { "abcdefgh", "<hidden><hidden>", "abcd", "efgh" },
      { "abcd", "abcd", "abcde" },
      { "", "", "abcde" },
    }
    for _, case in ipairs(cases) do
      it(("makes %q of %q"):format(case[2], case[1]), function()
        assert.equal(case[2], core.exchange():redact(case[1], (table.unpack or unpack)(case, 3))) -- luacheck: ignore
      end)
    end
  end)

  it("with more secrets than are remembered shows nothing of a text", function()
    for _, case in ipairs { { 16, "say <hidden>" }, { 17, "<hidden>" } } do
      local ex, secrets = core.exchange(), {}
      for i = 1, case[1] do
        secrets[i] = { cak = ("secret number %d"):format(i + 100) }
      end
      assert.is_true(ex:marshal_any("NewOperation", { list = secrets }))
      assert.equal(case[2], ex:redact("say secret number " .. case[1] + 100))
      assert.equal("", ex:redact(""))
      ex:clear()
      assert.equal("say it", ex:redact("say it"))
    end
  end)

  describe("given an answer", function()
    it("shows status, headers and body", function()
      local ex = core.exchange()
      assert.equal(0, ex:status())
      assert.is_true(ex:respond(503, { ["X-A"] = "1", ["Set-Cookie"] = { "a", "b" }, n = 5 }, "body\0"))
      assert.equal(503, ex:status())
      assert.equal("1", ex:header("x-a"))
      assert.equal("1", ex:header("X-A"))
      assert.equal("a", ex:header("set-cookie"))
      assert.is_nil(ex:header("x"))
      assert.is_nil(ex:header(("x"):rep(500)))
      assert.same({ ["x-a"] = "1", ["set-cookie"] = "a, b", n = "5" }, ex:headers())
      assert.equal("body\0", ex:body())
    end)

    it("does without headers and body", function()
      local ex = core.exchange()
      assert.is_true(ex:respond(204))
      assert.same({}, ex:headers())
      assert.equal("", ex:body())
    end)

    it("refuses what is not one", function()
      for _, bad in ipairs { { 0 }, { 99 }, { 1000 }, { 0 / 0 }, { 200, "x" }, { 200, { a = "b\nc" } },
        { 200, { a = true } }, { 200, {}, 3 }, { 200, {}, {} }, { 200, { "x" } } } do
        local ex = core.exchange()
        local ok, message = ex:respond(bad[1], bad[2], bad[3])
        assert.is_nil(ok)
        assert.is_string(message)
        assert.equal(0, ex:status())
        assert.same({}, ex:headers())
      end
    end)

    it("takes time in proportion to its headers, be they of one name or of many", function()
      for _, name in ipairs { "a", "b%d" } do
        local cost = growth.ratio(function(list)
          local ex = core.exchange()
          assert(ex:respond(200, list, ""))
          assert.is_table((ex:headers()))
          assert(ex:load { method = "POST", url = "http://a", headers = list })
          assert.is_string(tostring(core.as_request(ex:request())))
        end, function(n)
          local list = {}
          for i = 1, n do
            local key = name:format(i)
            list[key] = list[key] or {}
            table.insert(list[key], "")
          end
          return list
        end, 3000)
        assert.is_true(cost < growth.LINEAR, name .. ": " .. cost)
      end
    end)

    it("joins values of one name", function()
      local ex = core.exchange()
      assert(ex:respond(200, { a = { "1", "2", "3" }, b = "4", c = { "5", "6" }, d = { "7" } }))
      assert.same({ a = "1, 2, 3", b = "4", c = "5, 6", d = "7" }, ex:headers())
    end)

    it("has only the last one", function()
      local ex = core.exchange()
      assert(ex:respond(200, { a = "1" }, "one"))
      assert(ex:respond(201, { b = "2" }, "two"))
      assert.same({ b = "2" }, ex:headers())
      assert.equal("two", ex:body())
      ex:clear()
      assert.equal(0, ex:status())
      assert.equal("", ex:body())
    end)
  end)
end)
