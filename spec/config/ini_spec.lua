local growth = require "spec.support.growth"
local ini = require "dxconnect.config.ini"

-- The sections as plain tables: kind/name = {key = value}, nested ones as tables.
local function plain(sections)
  local found = {}
  for kind, group in pairs(sections) do
    for name, properties in pairs(group) do
      local section = {}
      for key, property in pairs(properties) do
        section[key] = property.has_nested and property.nested or property.value
      end
      found[kind .. "/" .. name] = section
    end
  end
  return found
end

local function config(text)
  return plain(assert(ini.parse(text, "config")))
end

local function credentials(text)
  return plain(assert(ini.parse(text, "credentials", true)))
end

describe("ini", function()
  local cases = {
    { "an empty file", "", {} },
    { "an empty section", "[profile a]", { ["profile/a"] = {} } },
    { "white space around names", "[ profile \ta \t]", { ["profile/a"] = {} } },
    { "a tab behind the prefix", "[profile\ta]", { ["profile/a"] = {} } },
    { "Windows line ends", "[profile a]\r\nk = v\r\n\r\nl = w\r\n", { ["profile/a"] = { k = "v", l = "w" } } },
    { "equals signs in values", "[profile a]\nk = v=w==", { ["profile/a"] = { k = "v=w==" } } },
    { "any bytes in values", "[profile a]\nk = \240\159\152\130\255",
      { ["profile/a"] = { k = "\240\159\152\130\255" } } },
    { "white space around keys and values", "[profile a]\nk \t=  \tv w \t", { ["profile/a"] = { k = "v w" } } },
    { "keys in any case", "[profile a]\nReGiOn = Eu", { ["profile/a"] = { region = "Eu" } } },
    { "empty values", "[profile a]\nk =\nl = ", { ["profile/a"] = { k = "", l = "" } } },
    { "blank lines", "\t \n[profile a]\n\t\n \nk = v\n\t \n[profile b]\n \t",
      { ["profile/a"] = { k = "v" }, ["profile/b"] = {} } },
    { "comments of both kinds", "# x = y\n; [z\n[profile a] # c ; d\nk = v # c ; d\nl = w ; c\nm = x\t# c",
      { ["profile/a"] = { k = "v", l = "w", m = "x" } } },
    { "empty comments", ";\n[profile a];\nk = v ;\n#", { ["profile/a"] = { k = "v" } } },
    { "comments right behind a header", "[profile a]; c\n[profile b]# c", { ["profile/a"] = {}, ["profile/b"] = {} } },
    { "comment signs without white space as part of a value", "[profile a]\nk = v; x\nl = w# x\nm = #x",
      { ["profile/a"] = { k = "v; x", l = "w# x", m = "" } } },
    { "indented comments", "[profile a]\n  # c\nk = v\n  # c\n\t; c\nl = w", { ["profile/a"] = { k = "v", l = "w" } } },
    { "continuation lines", "[profile a]\nk = v\n \t -w \t \n x # y", { ["profile/a"] = { k = "v\n-w\nx # y" } } },
    { "sections that come again, merged", "[profile a]\nk = v\nl = 1\n[profile b]\n[profile a]\nk = w",
      { ["profile/a"] = { k = "w", l = "1" }, ["profile/b"] = {} } },
    { "keys that come again, the last one counting", "[profile a]\nk = v\nK = w", { ["profile/a"] = { k = "w" } } },
    { "[default]", "[default]\nk = v", { ["profile/default"] = { k = "v" } } },
    { "[profile default] rather than [default]", "[profile default]\nk = v\n[default]\nl = w\n[profile default]\nm = x",
      { ["profile/default"] = { k = "v", m = "x" } } },
    { "[profile default] behind [default]", "[default]\nl = w\n[profile default]\nk = v",
      { ["profile/default"] = { k = "v" } } },
    { "sections without the prefix as none", "[a]\nk = v\n[profilea]\nk = v", {} },
    { "names in quotes", "[profile \"a\"]\nk = v\n[profile 'b c']\nk = w\n[sso-session \"d#e\"]\nk = x",
      { ["profile/a"] = { k = "v" }, ["profile/b c"] = { k = "w" }, ["sso-session/d#e"] = { k = "x" } } },
    { "names in quotes that don't match as none", "[profile \"a']\n[profile \"]\n[profile \"\"]\n[profile a\"b]", {} },
    { "names of any characters", "[profile \195\169,$]\nk = v", { ["profile/\195\169,$"] = { k = "v" } } },
    { "a byte order mark as nothing", "\239\187\191[profile a]\nk = v", { ["profile/a"] = { k = "v" } } },
    { "text behind a header's bracket as nothing", "[profile a] x ]\nk = v", { ["profile/a"] = { k = "v" } } },
    { "keys that are indented below their header",
      "[profile a]\n  k = v\n  l = w\n    x\n\n s3 =\n   m = n\nz = y\n[profile b]\n\tk = v\n  [c]\n  k = v",
      { ["profile/a"] = { k = "v", l = "w\nx", s3 = { m = "n" }, z = "y" },
        ["profile/b"] = { k = "v\n[c]\nk = v" } } },
    { "a header that is indented as the keys before it", "[profile a]\n  k = v\n  [profile b]\n  k = w",
      { ["profile/a"] = { k = "v" }, ["profile/b"] = { k = "w" } } },
    { "unquoted names with blanks as none", "[profile a]\nk = v\n[profile in valid]\nx = 1\n[profile b]\nk = w",
      { ["profile/a"] = { k = "v" }, ["profile/b"] = { k = "w" } } },
    { "keys with blanks as none", "[profile a]\nin valid = v", { ["profile/a"] = {} } },
    { "all signs of names", "[profile aZ09-_/.%@:+]\naZ09-_/.%@:+ = v",
      { ["profile/aZ09-_/.%@:+"] = { ["az09-_/.%@:+"] = "v" } } },
    { "sso-session and services", "[sso-session corp]\nk = v\n[services s]\nsts =\n  endpoint_url = http://a",
      { ["sso-session/corp"] = { k = "v" }, ["services/s"] = { sts = { endpoint_url = "http://a" } } } },
    { "properties below a property",
      "[profile a]\ns3 =\n  Region = v\n\n  \n  x y = z\n  # c\n  l = w # c\n  m =\nk = v",
      { ["profile/a"] = { s3 = { region = "v", l = "w", m = "" }, k = "v" } } },
    { "properties below one with a comment", "[profile a]\ns3 = # c\n  k = v",
      { ["profile/a"] = { s3 = { k = "v" } } } },
  }
  for _, case in ipairs(cases) do
    it("reads " .. case[1], function()
      assert.same(case[3], config(case[2]))
    end)
  end

  it("reads the credentials file's sections as profiles, without a prefix", function()
    assert.same({ ["profile/a"] = { k = "v" }, ["profile/in valid"] = { k = "v" }, ["profile/default"] = { l = "w" } },
      credentials("[ a ]\nk = v\n[profile b]\nk = v\n[in valid]\nk = v\n[default]\nl = w"))
  end)

  it("takes long runs of blanks as quickly as others", function()
    local blanks = (" "):rep(1000000)
    assert.same({ ["profile/a"] = { k = "v", l = "x" .. blanks .. "y" } },
      config(("[%profile a%]%\n%\nk%=%v%\nl = x%y\n"):gsub("%%", blanks)))
    assert.is_nil((ini.parse("[profile a" .. blanks .. "x", "config")))
  end)

  it("reads continued values, sections and keys in time proportional to their number", function()
    for _, line in ipairs { " continued\n", "[profile a%d]\nk = v\n", "k%d = v\n", "s = \n  k%d = v\n" } do
      local function make(n)
        local lines = { "[profile a]\nk = v\n" }
        for i = 1, n do
          lines[#lines + 1] = line:gsub("%%d", i)
        end
        return table.concat(lines)
      end
      local ratio = growth.ratio(function(text)
        assert(ini.parse(text, "config"))
      end, make, 1500)
      assert.is_true(ratio < growth.LINEAR, ("%s%.0f"):format(line, ratio))
    end
  end)

  it("tells which sections it passed over, and why", function()
    local text = "[profile a]\n[network]\nk = v\n[profile x y]\n[a" .. ("x"):rep(200) .. "]"
    local _, passed_over = ini.parse(text, "config")
    assert.equal(3, #passed_over)
    assert.same({ "network", 2, "profile x y", 4 },
      { passed_over[1].header, passed_over[1].line, passed_over[2].header, passed_over[2].line })
    assert.matches("word profile", passed_over[1].why)
    assert.matches("quotes", passed_over[2].why)
    assert.equal(128, #passed_over[3].header)
    _, passed_over = ini.parse("[profile a]", "credentials", true)
    assert.matches("without the word profile", passed_over[1].why)
    _, passed_over = ini.parse(("[x]\n"):rep(1000), "config")
    assert.is_true(#passed_over < 100)
  end)

  it("keeps the line of each property", function()
    local sections = assert(ini.parse("\n[profile a]\n\nk = v", "config"))
    assert.equal(4, sections.profile.a.k.line)
  end)

  local malformed = {
    { "a header without its bracket", "[profile hush", 1, "bracket" },
    { "a property before any section", "hush = hush", 1, "section" },
    { "a continuation before any section", "\n hush", 2, "no property" },
    { "a continuation right behind a header", "[profile a]\nk = v\n[profile a]\n hush", 4, "no property" },
    { "a property without a name", "[profile a]\n= hush", 2, "name" },
    { "a line without an equals sign", "[profile a]\nk = v\nhush : hush", 3, "equals" },
    { "a line below a property without an equals sign", "[profile a]\ns3 =\n  hush", 3, "equals" },
    { "a line below a property without a name", "[profile a]\ns3 =\n  = hush", 3, "name" },
    { "a malformed line in a section that counts for nothing", "[plugins]\nhush", 2, "equals" },
  }
  for _, case in ipairs(malformed) do
    it("tells file and line of " .. case[1] .. ", not what it says", function()
      local sections, message = ini.parse(case[2], "/etc/aws")
      assert.is_nil(sections)
      assert.truthy(message:find("/etc/aws: line " .. case[3] .. " ", 1, true), message)
      assert.truthy(message:find(case[4], 1, true), message)
      assert.is_nil(message:find("hush", 1, true))
    end)
  end
end)
