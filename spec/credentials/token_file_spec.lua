local token_file = require "dxconnect.credentials.token_file"

local function world(files)
  return {
    files = files or {},
    getenv = function(name)
      return name == "HOME" and "/home/me" or nil
    end,
    read_file = function(path)
      return files[path], path .. ": No such file or directory"
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
    assert.same({ a = 1 }, token_file.new(system, "~/.aws/x.json"):load())
  end)

  it("reads nothing where there is no file or no document", function()
    local system = world { ["/a"] = "x" }
    assert.is_nil(token_file.new(system, "/a"):load())
    assert.is_nil(token_file.new(system, "/b"):load())
  end)

  it("writes a document, without lists and objects that are empty", function()
    local system = world {}
    token_file.new(system, "~/x.json"):save({ a = "b", c = {}, d = { e = {}, f = { "g" } } })
    assert.same({ a = "b", d = { f = { "g" } } }, token_file.new(system, "/home/me/x.json"):load())
  end)

  it("does not mind where that fails", function()
    local system = world {}
    system.write_file = function() return nil, "full" end
    local file = token_file.new(system, "/x")
    file:save({ a = 1 })
    assert.is_nil(token_file.new(system, "/x"):load())
  end)

  it("keeps what it could not write until the file is another", function()
    local system = world { ["/x"] = '{"a":1}' }
    system.write_file = function() return nil, "full" end
    local file = token_file.new(system, "/x")
    assert.same({ a = 1 }, file:load())
    file:save({ a = 2 })
    assert.same({ a = 2 }, file:load())
    system.files["/x"] = '{"a":3}'
    assert.same({ a = 3 }, file:load())
    system.files["/x"] = '{"a":1}'
    assert.same({ a = 1 }, file:load())
  end)

  it("writes what it read, but for what JSON can't hold", function()
    local system = world { ["/x"] = '{"a":1e999,"b":[' .. ("null,"):rep(500) .. '1],"c":"d"}' }
    local file = token_file.new(system, "/x")
    file:save(assert(file:load()))
    local written = assert(file:load())
    assert.is_nil(written.a)
    assert.equal("d", written.c)
  end)

  it("tells why a file that is there can't be read", function()
    local system = world {}
    assert.is_nil(select(2, token_file.new(system, "/x"):load()))
    system.read_file = function() return nil, "/x: Permission denied" end
    assert.equal("Permission denied", select(2, token_file.new(system, "/x"):load()))
  end)
end)
