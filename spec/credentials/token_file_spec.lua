local token_file = require "dxconnect.credentials.token_file"

local function world(files)
  return {
    files = files or {},
    getenv = function(name)
      return name == "HOME" and "/home/me" or nil
    end,
    read_file = function(path)
      return files[path]
    end,
    write_file = function(path, content)
      files[path] = content
      return true
    end,
  }
end

describe("token_file", function()
  it("reads a document in the home directory", function()
    local system = world { ["/home/me/.aws/x.json"] = '{"a":1}' }
    assert.same({ a = 1 }, token_file.load(system, "~/.aws/x.json"))
  end)

  it("reads nothing where there is no file or no document", function()
    local system = world { ["/a"] = "x" }
    assert.is_nil(token_file.load(system, "/a"))
    assert.is_nil(token_file.load(system, "/b"))
  end)

  it("writes a document, without lists and objects that are empty", function()
    local system = world {}
    token_file.save(system, "~/x.json", { a = "b", c = {}, d = { e = {}, f = { "g" } } })
    assert.same({ a = "b", d = { f = { "g" } } }, token_file.load(system, "/home/me/x.json"))
  end)

  it("does not mind where that fails", function()
    local system = world {}
    system.write_file = function() return nil, "full" end
    token_file.save(system, "/x", { a = 1 })
    assert.is_nil(token_file.load(system, "/x"))
  end)
end)
