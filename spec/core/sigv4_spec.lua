local core = require "dxconnect.core"
local published = require "spec.fixtures.sigv4"

local function request(case)
  return {
    method = case.method or "GET",
    url = "https://" .. (case.host or "example.amazonaws.com") .. (case.path or "/"),
    headers = case.headers,
    body = case.body,
    access_key_id = "AKIDEXAMPLE",
    secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    session_token = case.token,
    region = "us-east-1",
    service = case.service or "service",
    epoch = case.epoch or 1440938160,
  }
end

local function canonical(case)
  return assert(core.canonical_request(request(case)))
end

-- A line of the canonical request: 2 is the path, 3 the query, headers follow.
local function line(case, n)
  local i = 0
  for text in (canonical(case) .. "\n"):gmatch("(.-)\n") do
    i = i + 1
    if i == n then
      return text
    end
  end
end

describe("Signature Version 4", function()
  describe("in the published case", function()
    for _, case in ipairs(published.cases) do
      it(case[1], function()
        local headers = assert(core.sign(request(case)))
        assert.equal(("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/%s/aws4_request, "
          .. "SignedHeaders=%s, Signature=%s"):format(case.service or "service", case.signed or "host;x-amz-date",
          case.signature), headers.authorization)
        assert.equal(case.signature, core.signature(request(case)))
      end)
    end
  end)

  it("shows its stages", function()
    assert.equal("GET\n/\n\nhost:example.amazonaws.com\nx-amz-date:20150830T123600Z\n\nhost;x-amz-date\n"
      .. "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", canonical {})
    assert.equal("AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/service/aws4_request\n"
      .. "bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63", core.string_to_sign(request {}))
  end)

  describe("of a path", function()
    local cases = {
      { "/a/./b/../c", "/a/c" }, { "/../../a", "/a" }, { "/a/..", "/" }, { "/a/../", "/" }, { "/a/b/..", "/a" },
      { "/a//b///", "/a/b/" }, { "/...", "/..." }, { "/a/.", "/a" }, { "/%2E%2E/a", "/%252E%252E/a" },
      { "/a%20b", "/a%2520b" }, { "/a b", "/a%20b" }, { "/*;=,'()", "/%2A%3B%3D%2C%27%28%29" },
      { "/caf\195\169", "/caf%C3%A9" }, { "", "/" }, { "#fragment", "/" }, { "/a#fragment?x", "/a" },
    }
    for _, case in ipairs(cases) do
      it(("%q is %s"):format(case[1], case[2]), function()
        assert.equal(case[2], line({ path = case[1] }, 2))
      end)
    end

    it("leaves it as it is for S3, and names the body's digest", function()
      assert.equal("/a//./b%20c/../%7E", line({ path = "/a//./b%20c/../%7E", service = "s3" }, 2))
      local headers = assert(core.sign(request { service = "s3", body = "x" }))
      assert.equal(core.hex(core.sha256("x")), headers["x-amz-content-sha256"])
      assert.truthy(headers.authorization:find("SignedHeaders=host;x-amz-content-sha256;x-amz-date,", 1, true))
    end)
  end)

  describe("of a query", function()
    local cases = {
      { "b=2&a=1", "a=1&b=2" }, { "a=2&a=1&a", "a=&a=1&a=2" }, { "a-b=1&a=2", "a=2&a-b=1" }, { "a=b=c", "a=b%3Dc" },
      { "a=%7e%2f", "a=~%2F" }, { "a=b c", "a=b%20c" }, { "a=b+c", "a=b%2Bc" }, { "a=100%", "a=100%25" },
      { "a=%zz", "a=%25zz" }, { "\195\169=1&z", "%C3%A9=1&z=" }, { "A=1&a=2&B=3", "A=1&B=3&a=2" }, { "a", "a=" },
      { "a=/?:@", "a=%2F%3F%3A%40" }, { "", "" },
    }
    for _, case in ipairs(cases) do
      it(("%q is %q"):format(case[1], case[2]), function()
        assert.equal(case[2], line({ path = "/?" .. case[1] }, 3))
      end)
    end
  end)

  describe("of a host", function()
    local cases = {
      { "EXAMPLE.com", "example.com" }, { "h:443", "h" }, { "h:80", "h:80" }, { "h:8443", "h:8443" },
      { "[::1]:443", "[::1]" }, { "[::1]:8080", "[::1]:8080" }, { "user:pass@h", "h" }, { "h:", "h" },
    }
    for _, case in ipairs(cases) do
      it(("%s is %s"):format(case[1], case[2]), function()
        assert.equal("host:" .. case[2], line({ host = case[1] }, 4))
      end)
    end

    it("drops the other port that is a default only with http", function()
      local plain = request {}
      plain.url = "http://h:80/"
      assert.truthy(core.canonical_request(plain):find("\nhost:h\n", 1, true))
      plain.url = "http://h:443/"
      assert.truthy(core.canonical_request(plain):find("\nhost:h:443\n", 1, true))
    end)

    it("is the Host header where one is given", function()
      assert.equal("host:other", line({ headers = { HOST = "other" } }, 4))
    end)
  end)

  describe("of headers", function()
    it("trims values and folds white space", function()
      assert.equal("a:b c d", line({ headers = { A = "\t b  c \t d " } }, 4))
    end)

    it("takes numbers, and joins lists in their order", function()
      assert.equal("a:2,1,x y", line({ headers = { A = { 2, "1", " x  y" } } }, 4))
    end)

    it("leaves out what changes on the way", function()
      local text = canonical { headers = { ["User-Agent"] = "x", Connection = "close", ["X-Amzn-Trace-Id"] = "1",
        Expect = "100-continue", ["Transfer-Encoding"] = "chunked" } }
      assert.truthy(text:find("\nhost;x-amz-date\n", 1, true))
    end)

    it("replaces an old date and signature, and an old token by the new one", function()
      local case = { headers = { ["X-Amz-Date"] = "old", Authorization = "old", ["X-Amz-Security-Token"] = "old" },
        token = "new" }
      local text = canonical(case)
      assert.is_nil(text:find("old", 1, true))
      assert.truthy(text:find("\nx-amz-security-token:new\n", 1, true))
      local headers = assert(core.sign(request(case)))
      assert.same({ "authorization", "host", "x-amz-date", "x-amz-security-token" }, (function()
        local names = {}
        for name in pairs(headers) do
          names[#names + 1] = name
        end
        table.sort(names)
        return names
      end)())
    end)

    it("believes a digest of the body that is given", function()
      assert.truthy(canonical { headers = { ["X-Amz-Content-Sha256"] = "UNSIGNED-PAYLOAD" }, body = "x" }
        :find("\nUNSIGNED%-PAYLOAD$"))
    end)
  end)

  it("dates by the UTC calendar", function()
    for epoch, date in pairs {
      [0] = "19700101T000000Z", [951782399] = "20000228T235959Z", [951782400] = "20000229T000000Z",
      [1709251199.9] = "20240229T235959Z", [1709251200] = "20240301T000000Z", [4107542400] = "21000301T000000Z",
      [253402300799] = "99991231T235959Z", [1735689599] = "20241231T235959Z",
    } do
      assert.equal(date, core.sign(request { epoch = epoch })["x-amz-date"])
    end
  end)

  it("refuses what can't be signed with a message", function()
    local function refused(change, pattern)
      local bad = request {}
      for name, value in pairs(change) do
        bad[name] = value
      end
      local headers, message = core.sign(bad)
      assert.is_nil(headers)
      assert.truthy(message:find(pattern), message)
    end
    refused({ url = "ftp://h/" }, "^url: ")
    refused({ url = "https://h/a\nb" }, "^url: ")
    refused({ url = "https:///" }, "^url: ")
    refused({ url = "https://h:99999/" }, "^url: ")
    refused({ url = "https://a b/" }, "^url: ")
    refused({ method = "GE T" }, "^method: ")
    refused({ headers = { A = "b\nc" } }, "^A: ")
    refused({ headers = { A = "b\r\nc: d" } }, "^A: ")
    refused({ headers = { A = "b\0" } }, "^A: ")
    refused({ headers = { A = "b\r\n" } }, "^A: ")
    refused({ headers = { ["a b"] = "c" } }, "name")
    refused({ headers = { ["a\r\nb"] = "c" } }, "name")
    refused({ headers = { A = true } }, "^A: ")
    refused({ headers = { A = { {} } } }, "^A: ")
    refused({ headers = { "A" } }, "^headers: ")
    refused({ headers = "A" }, "^headers: ")
    refused({ epoch = -1 }, "clock")
    refused({ epoch = 0 / 0 }, "clock")
    refused({ epoch = math.huge }, "clock")
    refused({ epoch = "x" }, "clock")
    refused({ region = "" }, "region")
    refused({ region = "a/b" }, "region")
    refused({ service = false }, "service")
    refused({ access_key_id = "" }, "access key id")
    refused({ secret_access_key = false }, "secret access key")
    refused({ session_token = "a\nb" }, "session token")
  end)

  describe("of a call", function()
    local keys = { id = "AKIDEXAMPLE", secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" }
    local id = "6c1b2f0e-8a2d-4b7e-9d1c-3f5a7b9c1d2e"

    local function exchange()
      local ex = core.exchange()
      assert(ex:marshal_any("DescribeLags", { lagId = "dxlag-ffabc123" }))
      return ex
    end

    local function signed(token, extra, url)
      local ex = exchange()
      local target = assert(core.endpoint(url or "https://directconnect.us-east-1.amazonaws.com", "agent/1"))
      local signer = assert(core.signer(keys.id, keys.secret, token, "us-east-1", "directconnect"))
      assert(ex:sign(target, signer, 1440938160, id, 2, 3, extra))
      return ex:request()
    end

    it("has an id of its own, in a forked process too #luajit", function()
      -- LuaJIT alone can fork without a library.
      local code = [[
        package.cpath = "./build/luajit/?.so;" .. package.cpath
        local core, ffi = require "dxconnect.core", require "ffi"
        ffi.cdef "int fork(void); void _exit(int); int waitpid(int, int *, int);"
        local target = core.endpoint("http://localhost", "agent")
        local function say(n)
          for _ = 1, n do
            local ex = core.exchange()
            assert(ex:marshal_any("DescribeLags", {}) and ex:sign(target, nil, 0, nil, 1, 1))
            io.write(ex:request().headers["amz-sdk-invocation-id"], "\n")
          end
          io.flush()
        end
        say(3)
        local child = ffi.C.fork()
        say(40)
        if child == 0 then
          ffi.C._exit(0)
        end
        ffi.C.waitpid(child, nil, 0)]]
      local pipe = assert(io.popen(("env -u LD_PRELOAD luajit -e '%s'"):format(code)))
      local n, seen = 0, {}
      for invocation in pipe:lines() do
        assert.truthy(invocation:find("^%x+%-%x+%-4%x+%-[89ab]%x+%-%x+$") and #invocation == 36, invocation)
        assert.is_nil(seen[invocation])
        n, seen[invocation] = n + 1, true
      end
      pipe:close()
      assert.equal(83, n)
    end)

    it("has the headers of official clients", function()
      local request_headers = signed("token").headers
      assert.truthy(request_headers.authorization)
      request_headers.authorization = nil
      assert.same({
        host = "directconnect.us-east-1.amazonaws.com",
        ["content-type"] = "application/x-amz-json-1.1",
        ["x-amz-target"] = "OvertureService.DescribeLags",
        ["x-amz-date"] = "20150830T123600Z",
        ["x-amz-security-token"] = "token",
        ["user-agent"] = "agent/1",
        ["amz-sdk-invocation-id"] = id,
        ["amz-sdk-request"] = "attempt=2; max=3",
      }, request_headers)
    end)

    it("is signed as any request with these headers is", function()
      for _, url in ipairs { "https://directconnect.us-east-1.amazonaws.com", "http://127.0.0.1:8080/a/../%7E/" } do
        for _, token in ipairs { false, "to/ken+==" } do
          for _, extra in ipairs { false, {}, { ["X-Mine"] = { "b", "a" }, ["Aa"] = " x  y " },
            { ["User-Agent"] = "mine", Host = "other" } } do
            local got = signed(token or nil, extra or nil, url)
            local expected = assert(core.sign {
              method = got.method, url = got.url, headers = got.headers, body = got.body,
              access_key_id = keys.id, secret_access_key = keys.secret, session_token = token or nil,
              region = "us-east-1", service = "directconnect", epoch = 1440938160,
            })
            assert.equal(expected.authorization, got.headers.authorization)
          end
        end
      end
    end)

    it("signs with the key of each day", function()
      local ex = exchange()
      local target = assert(core.endpoint("https://h", "agent/1"))
      local signer = assert(core.signer(keys.id, keys.secret, nil, "us-east-1", "directconnect"))
      local seen = {}
      for _, epoch in ipairs { 1440938160, 1441024560, 1440938160 } do
        assert(ex:sign(target, signer, epoch, id, 1, 3))
        seen[#seen + 1] = ex:request().headers.authorization
      end
      assert.equal(seen[1], seen[3])
      assert.truthy(seen[2]:find("/20150831/", 1, true))
    end)

    it("takes secrets as keys, and none where it is not to be signed", function()
      local ex = exchange()
      local target = assert(core.endpoint("https://h", "agent/1"))
      local plain = assert(core.signer(keys.id, keys.secret, "t", "us-east-1", "directconnect"))
      local hidden = assert(core.signer(keys.id, core.secret(keys.secret), core.secret("t"), "us-east-1",
        "directconnect"))
      assert(ex:sign(target, plain, 1440938160, id, 1, 3))
      local expected = ex:request().headers.authorization
      assert(ex:sign(target, hidden, 1440938160, id, 1, 3))
      assert.equal(expected, ex:request().headers.authorization)
      assert(ex:sign(target, nil, 1440938160, id, 1, 3))
      assert.is_nil(ex:request().headers.authorization)
      assert.is_nil(ex:request().headers["x-amz-date"])
    end)

    it("forgets the answer before", function()
      local ex = exchange()
      local target = assert(core.endpoint("https://h", "agent/1"))
      assert(ex:respond(500, { a = "b" }, "body"))
      assert(ex:sign(target, nil, 1440938160, id, 1, 3))
      assert.equal(0, ex:status())
      assert.equal("", ex:body())
    end)

    it("refuses further headers that are its own, or hold a line end", function()
      for name, value in pairs { Authorization = "x", ["content-length"] = "3", ["X-Amz-Target"] = "x",
        ["amz-sdk-request"] = "x", ["transfer-encoding"] = "chunked", ["x-ok"] = "a\nb", ["x\nb"] = "c" } do
        local ex = exchange()
        local target = assert(core.endpoint("https://h", "agent/1"))
        local ok, message = ex:sign(target, nil, 1440938160, id, 1, 3, { [name] = value })
        assert.is_nil(ok)
        assert.is_string(message)
      end
    end)

    it("refuses endpoints that it could not send to as signed", function()
      for _, url in ipairs { "", "h", "ftp://h", "https://", "https://u:p@h", "https://h?a=b", "https://h/a b",
        "https://h:x", "https://h\n" } do
        local target, message = core.endpoint(url, "agent/1")
        assert.is_nil(target)
        assert.is_string(message)
        assert.is_nil(message:find("u:p", 1, true))
      end
      assert.is_nil((core.endpoint("https://h", "agent\n")))
    end)

    it("ends with the signer", function()
      local ex = exchange()
      local signer = assert(core.signer(keys.id, keys.secret, nil, "us-east-1", "directconnect"))
      signer:close()
      signer:close()
      local ok, message = ex:sign(assert(core.endpoint("https://h", "a")), signer, 1440938160, id, 1, 3)
      assert.is_nil(ok)
      assert.truthy(message:find("closed"))
    end)
  end)
end)
