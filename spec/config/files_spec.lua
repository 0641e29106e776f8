local shared_files = require "dxconnect.config.files"

local function world(files, env)
  return {
    read_file = function(path)
      if files[path] then
        return files[path]
      end
      return nil, "no such file"
    end,
    getenv = function(name)
      return (env or {})[name]
    end,
    home = function() end,
  }
end

local function read(config, credentials)
  return assert(shared_files.read(world { c = config, s = credentials }, "c", "s"))
end

describe("shared_files", function()
  it("lays the credentials file over the config file, key by key", function()
    local profile = read("[profile a]\nk = 1\nl = 1", "[a]\nk = 2\nm = 2\n[b]\nk = 3"):section("profile", "a")
    assert.equal("2", profile:get("k"))
    assert.equal("1", profile:get("l"))
    assert.equal("2", profile:get("m"))
    assert.is_true(profile:is_of_credentials_file("k"))
    assert.is_false(profile:is_of_credentials_file("l"))
    assert.is_false(profile:is_of_credentials_file("nothing"))
  end)

  it("tells profile and file of a key", function()
    local profile = read("[profile a]\nl = 1", "[a]\nk = 2"):section("profile", "a")
    assert.equal("profile a in s", profile:origin("k"))
    assert.equal("profile a in c", profile:origin("l"))
  end)

  it("knows profiles that only one of the files has", function()
    local files = read("[profile a]", "[b]")
    assert.is_table(files:section("profile", "a"))
    assert.is_table(files:section("profile", "b"))
    assert.is_nil(files:section("profile", "c"))
    assert.is_nil(files:section("services", "a"))
  end)

  it("keeps [default] of the credentials file beside [profile default]", function()
    local profile = read("[default]\nx = 1\n[profile default]\ny = 2", "[default]\nz = 3"):section("profile", "default")
    assert.is_nil(profile:get("x"))
    assert.equal("2", profile:get("y"))
    assert.equal("3", profile:get("z"))
  end)

  it("counts blank values as absent", function()
    local profile = read("[profile a]\nk =\nl = \t\ns =\n  n =\n  o = 1"):section("profile", "a")
    assert.is_nil(profile:get("k"))
    assert.is_nil(profile:get("l"))
    assert.is_nil(profile:nested("s", "n"))
    assert.equal("1", profile:nested("s", "o"))
  end)

  it("keeps nested properties out of the profile's own", function()
    local profile = read("[profile a]\ns3 =\n  region = x"):section("profile", "a")
    assert.is_nil(profile:get("region"))
    assert.is_nil(profile:get("s3"))
    assert.equal("x", profile:nested("s3", "region"))
    assert.is_nil(profile:nested("region", "s3"))
  end)

  it("counts a file that isn't there as empty", function()
    local files = assert(shared_files.read(world {}, "c", "s"))
    assert.is_nil(files:section("profile", "default"))
    assert.equal("", files:hints("profile"))
  end)

  it("tells why a file can't be read where something is missing", function()
    local system = world {}
    system.read_file = function(path)
      return nil, path == "c" and "c: Permission denied" or "s: No such file or directory"
    end
    local files = assert(shared_files.read(system, "c", "s"))
    assert.equal("; a file can't be read: c: Permission denied", files:hints("profile", "x"))
  end)

  it("refuses a file without an end", function()
    local system = world {}
    for _, message in ipairs { "c: it is larger than 16 MiB", "c: nothing was written to it in time" } do
      system.read_file = function()
        return nil, message
      end
      local files, problem = shared_files.read(system, "c", "s")
      assert.is_nil(files)
      assert.equal(message, problem)
    end
  end)

  it("hints at the nearest name and at sections passed over", function()
    local files = read("[profile network]\n[work]\n[a]\n[b]\n[c]\n[d]")
    assert.matches('^; did you mean network%?; line 2 of c passes over %[work%]: [^;]+; .*; 2 more',
      files:hints("profile", "netwrk"))
    assert.is_nil(files:hints("services", "netwrk"):find("did you mean", 1, true))
  end)

  it("passes a malformed line's message on", function()
    local files, message = shared_files.read(world { c = "", s = "[a]\nhush" }, "c", "s")
    assert.is_nil(files)
    assert.matches("^s: line 2 ", message)
  end)

  it("shows no lines that continue a value", function()
    assert.equal("a", shared_files.first_line("a"))
    assert.equal("a…", shared_files.first_line("a\nhush"))
    assert.equal("…", shared_files.first_line("\nhush"))
  end)

  it("replaces ~ by the home directory", function()
    local function expand(path, env)
      return shared_files.expand_home(world({}, env), path)
    end
    assert.equal("/home/me/.aws/config", expand("~/.aws/config", { HOME = "/home/me", USERPROFILE = "x" }))
    assert.equal("/home/me", expand("~", { HOME = "/home/me" }))
    assert.equal("C:\\Users\\me\\x", expand("~\\x", { HOME = "", USERPROFILE = "C:\\Users\\me" }))
    assert.equal("C:\\me/x", expand("~/x", { HOMEDRIVE = "C:", HOMEPATH = "\\me" }))
    assert.equal("~/x", expand("~/x", {}))
    local system = world({})
    system.home = function() return "/home/of/the/database" end
    assert.equal("/home/of/the/database/x", shared_files.expand_home(system, "~/x"))
    assert.equal("~other/x", expand("~other/x", { HOME = "/home/me" }))
    assert.equal("a/~/x", expand("a/~/x", { HOME = "/home/me" }))
  end)
end)
