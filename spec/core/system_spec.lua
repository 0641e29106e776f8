local core = require "dxconnect.core"
local shell = require "spec.support.shell"

describe("the core's system functions", function()
  it("tell the time", function()
    assert.is_true(math.abs(core.clock() - os.time()) <= 30)
    local before = core.monotonic()
    assert.is_true(core.monotonic() >= before)
  end)

  it("wait, and not for nothing", function()
    local before = core.monotonic()
    core.sleep(0.02)
    assert.is_true(core.monotonic() - before >= 0.02)
    core.sleep(0)
    core.sleep(-1)
    core.sleep(0 / 0)
    assert.is_true(core.monotonic() - before < 5)
  end)

  it("give random bytes that differ", function()
    assert.equal(0, #core.random_bytes(0))
    assert.equal(1000, #core.random_bytes(1000))
    assert.are_not.equal(core.random_bytes(16), core.random_bytes(16))
    local uuid = core.uuid()
    assert.truthy(uuid:find("^%x%x%x%x%x%x%x%x%-%x%x%x%x%-4%x%x%x%-[89ab]%x%x%x%-%x%x%x%x%x%x%x%x%x%x%x%x$"))
    assert.are_not.equal(uuid, core.uuid())
  end)

  it("know a terminal from a file", function()
    local file = assert(io.tmpfile())
    assert.is_false(core.is_tty(file))
    file:close()
    assert.is_false(core.is_tty(file))
    assert.is_false(core.is_tty(-1))
    assert.is_false(core.is_tty("x"))
    assert.is_false(core.is_tty())
  end)

  describe("read a file", function()
    local directory

    before_each(function()
      directory = os.tmpname()
      os.remove(directory)
      assert(os.execute("mkdir " .. directory))
    end)

    after_each(function()
      os.execute("rm -rf " .. directory)
    end)

    it("as a whole, or say why not", function()
      shell.write(directory .. "/file", "one\0two\n")
      assert.equal("one\0two\n", core.read_file(directory .. "/file"))
      assert.equal("", core.read_file("/dev/null"))
      local content, message = core.read_file(directory .. "/none")
      assert.is_nil(content)
      assert.equal(directory .. "/none: No such file or directory", message)
      content, message = core.read_file(directory)
      assert.is_nil(content)
      assert.equal(directory .. ": Is a directory", message)
      assert.is_nil((core.read_file(directory .. "\0")))
    end)

    it("of 16 MiB, and refuse a larger one by name", function()
      local path = directory .. "/large"
      assert(os.execute(("truncate -s %d %s"):format(2 ^ 24, path)))
      assert.equal(2 ^ 24, #core.read_file(path))
      assert(os.execute(("truncate -s %d %s"):format(2 ^ 24 + 1, path)))
      local _, message = core.read_file(path)
      assert.equal(path .. ": it is larger than 16 MiB", message)
      _, message = core.read_file("/dev/zero")
      assert.equal("/dev/zero: it is larger than 16 MiB", message)
      _, message = core.secret_from_file("/dev/zero")
      assert.equal("it is larger than a secret may be (1 MB)", message)
    end)

    it("that is a FIFO, once somebody writes to it, or until the time is up", function()
      local path = directory .. "/fifo"
      assert(os.execute("mkfifo " .. path))
      for _, reader in ipairs { core.read_file, core.secret_from_file } do
        local content, message = reader(path, 0.01)
        assert.is_nil(content)
        assert.matches("nothing was written to it in time$", message)
        assert.is_nil((reader(path, 0 / 0)))
        os.execute(("printf 'some\\n' >%s &"):format(path))
        content = assert(reader(path, 60))
        local text = type(content) == "string" and content or content:reveal()
        assert.equal("some", (text:gsub("\n", "")))
      end
    end)
  end)

  describe("write a file", function()
    local directory

    before_each(function()
      directory = os.tmpname()
      os.remove(directory)
      assert(os.execute("mkdir " .. directory))
    end)

    after_each(function()
      os.execute("rm -rf " .. directory)
    end)

    it("that only its owner can read, replacing what was there", function()
      local path = directory .. "/file"
      assert.is_true(core.write_file(path, "one\0two"))
      assert.equal("one\0two", shell.read(path))
      os.execute("chmod 644 " .. path)
      assert.is_true(core.write_file(path, ""))
      assert.equal("", shell.read(path))
      assert.truthy(shell.output("ls -l " .. path):find("^%-rw%-%-%-%-%-%-%-"))
      assert.equal("file\n", shell.output("ls -A " .. directory))
    end)

    it("behind a symbolic link, which stays", function()
      os.execute(("ln -s target %s/link && echo old > %s/target"):format(directory, directory))
      assert.is_true(core.write_file(directory .. "/link", "new"))
      assert.equal("new", shell.read(directory .. "/target"))
      assert.truthy(shell.output("ls -l " .. directory .. "/link"):find("^l"))
    end)

    it("replacing the link itself, where that is asked for", function()
      os.execute(("ln -s target %s/link && echo old > %s/target"):format(directory, directory))
      assert.is_true(core.write_file(directory .. "/link", "new", "replace"))
      assert.equal("new", shell.read(directory .. "/link"))
      assert.equal("old\n", shell.read(directory .. "/target"))
      assert.truthy(shell.output("ls -l " .. directory .. "/link"):find("^%-rw%-%-%-%-%-%-%-"))
    end)

    it("never over what is there, where that is asked for: a file, a link, a dangling one, a folder", function()
      os.execute(("cd %s && echo old > file && ln -s file link && ln -s nowhere dangling && mkdir folder"):format(
        directory))
      for _, name in ipairs { "file", "link", "dangling", "folder" } do
        local ok, message = core.write_file(directory .. "/" .. name, "new", "new")
        assert.is_nil(ok)
        assert.matches("exists", message)
      end
      assert.equal("old\n", shell.read(directory .. "/file"))
      assert.equal("dangling\nfile\nfolder\nlink\n", shell.output("LC_ALL=C ls -A " .. directory))
      local path = directory .. "/" .. ("x"):rep(250) -- the temporary file has a shorter name
      assert.is_true(core.write_file(path, "new", "new"))
      assert.equal("new", shell.read(path))
      assert.truthy(shell.output("ls -l " .. path):find("^%-rw%-%-%-%-%-%-%-"))
      assert.is_false((pcall(core.write_file, path, "new", "other")))
    end)

    it("never over a FIFO, which stays one", function()
      local path = directory .. "/fifo"
      assert(os.execute(("mkfifo %s && ln -s fifo %s/link"):format(path, directory)))
      for _, mode in ipairs { "update", "replace" } do
        local ok, message = core.write_file(path, "new", mode)
        assert.is_nil(ok)
        assert.matches("fifo: it is not a regular file$", message)
      end
      assert.is_nil((core.write_file(directory .. "/link", "new")))
      assert.truthy(shell.output("ls -l " .. path):find("^p"))
      assert.equal("fifo\nlink\n", shell.output("LC_ALL=C ls -A " .. directory))
    end)

    it("or leave nothing behind", function()
      local cases = { directory .. "/none/file", directory, directory .. "/" .. ("x"):rep(300), "a\0b", "" }
      for _, path in ipairs(cases) do
        local ok, message = core.write_file(path, "x")
        assert.is_nil(ok)
        assert.is_string(message)
      end
      assert.equal("", shell.output("ls -A " .. directory))
      assert.equal("", shell.output("ls -d " .. directory .. ".??????  2>/dev/null"))
    end)
  end)

  it("digest", function()
    assert.equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", core.hex(core.sha256("abc")))
    assert.equal("a9993e364706816aba3e25717850c26c9cd0d89d", core.hex(core.sha1("abc")))
    assert.equal("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
      core.hex(core.hmac_sha256("Jefe", "what do ya want for nothing?")))
    assert.equal("b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad",
      core.hex(core.hmac_sha256("", "")))
    assert.equal("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
      core.hex(core.hmac_sha256(("\170"):rep(131), "Test Using Larger Than Block-Size Key - Hash Key First")))
    assert.equal("", core.hex(""))
  end)

  it("encode and decode base64", function()
    for text, encoded in pairs { [""] = "", f = "Zg==", fo = "Zm8=", foo = "Zm9v", foob = "Zm9vYg==",
      ["\251\255\0"] = "+/8A" } do
      assert.equal(encoded, core.base64(text))
      assert.equal(text, core.unbase64(encoded))
      assert.equal((encoded:gsub("+", "-"):gsub("/", "_"):gsub("=", "")), core.base64url(text))
    end
    for _, bad in ipairs { "Z", "Zg", "Zg=", "Zg===", "Z===", "Zm9v!", "Zm=v", "====", "Zm9\n" } do
      local text, message = core.unbase64(bad)
      assert.is_nil(text, bad)
      assert.is_string(message)
    end
  end)

  it("give everyone their own text, though finalizers that run meanwhile ask for others", function()
    local ran = 0
    local function leave_garbage()
      local function finalize()
        ran = ran + 1
        core.hex(("y"):rep(ran % 5000))
      end
      if newproxy then -- Lua 5.1 finalizes no table
        getmetatable(newproxy(true)).__gc = finalize
      else
        setmetatable({}, { __gc = finalize })
      end
    end
    local i = 0
    repeat -- until the collector has come round, which takes the longer the more there is
      i = i + 1
      leave_garbage()
      local text = ("x"):rep(1000 + i % 7)
      assert(core.hex(text) == ("78"):rep(#text))
    until i >= 3000 and ran > 1000 or i > 10000000
    assert.is_true(ran > 1000)
  end)

  describe("sign with ES256", function()
    local function integer(bytes)
      bytes = bytes:gsub("^%z+", "")
      bytes = bytes:byte(1) >= 128 and "\0" .. bytes or bytes
      return "\2" .. string.char(#bytes) .. bytes
    end

    -- Whether openssl, the program, takes a signature for one of the key's.
    local function verified(pem, signature, data)
      local base = os.tmpname()
      local body = integer(signature:sub(1, 32)) .. integer(signature:sub(33))
      assert(core.write_file(base .. ".pem", pem))
      assert(core.write_file(base .. ".sig", "\48" .. string.char(#body) .. body))
      assert(core.write_file(base .. ".data", data))
      local said = shell.output(("openssl pkey -in %s.pem -pubout -out %s.pub 2>&1; "
        .. "openssl dgst -sha256 -verify %s.pub -signature %s.sig %s.data 2>&1"):format(base, base, base, base, base))
      os.execute("rm -f " .. base .. " " .. base .. ".*")
      return said:find("Verified OK", 1, true) ~= nil
    end

    local function key(curve)
      return shell.output("openssl ecparam -name " .. (curve or "prime256v1") .. " -genkey -noout 2>/dev/null")
    end

    it("so that others can verify it", function()
      local pem = key()
      for _, data in ipairs { "", "data" } do
        local signature = assert(core.es256(pem, data))
        assert.equal(64, #signature)
        assert.is_true(verified(pem, signature, data))
        assert.is_false(verified(pem, signature, data .. "x"))
      end
    end)

    it("and give the public key's coordinates", function()
      local pem = key()
      local path = os.tmpname()
      assert(core.write_file(path, pem))
      local point = shell.output("openssl pkey -in " .. path .. " -pubout -outform DER"):sub(-64)
      os.remove(path)
      assert.same({ core.base64url(point:sub(1, 32)), core.base64url(point:sub(33)) }, { core.es256_jwk(pem) })
    end)

    it("with a key in DER or in PKCS #8 too", function()
      local pem = key()
      local der = core.unbase64((pem:gsub("%-%-%-%-%-[^\n]*\n", ""):gsub("\n", "")))
      assert.same({ core.es256_jwk(pem) }, { core.es256_jwk(der) })
      assert.is_true(verified(pem, core.es256(der, "data"), "data"))
      local pkcs8 = shell.output("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 2>/dev/null")
      assert.equal(64, #core.es256(pkcs8, ""))
    end)

    it("only with a key of its curve", function()
      for _, bad in ipairs { "", "x", "\48", ("\48\130"):rep(10), key("secp384r1"),
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        shell.output("openssl genpkey -algorithm ed25519 2>/dev/null") } do
        local signature, message = core.es256(bad, "data")
        assert.is_nil(signature)
        assert.is_string(message)
        assert.is_nil((core.es256_jwk(bad)))
      end
    end)
  end)
end)
