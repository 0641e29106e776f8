--- The reference against the model: the editor's annotations and the pages, both written by .ci/docs/generate.lua.

local dxconnect = require "dxconnect"
local guide = require "dxconnect.help.guide"
local options = require "dxconnect.config.options"
local shell = require "spec.support.shell"

local model = dxconnect.model

local function has(text, part)
  assert.truthy(text:find(part, 1, true), "no " .. part)
end

describe("types.lua", function()
  local types = shell.read "lua/dxconnect/types.lua"

  -- The lines between a declaration and the next empty one.
  local function class(name)
    local block = types:match("\n(%-%-%-@class dxconnect%." .. name .. "%f[%W].-)\n\n")
    assert.is_string(block, name)
    return block
  end

  it("is what the generator writes", function()
    local fresh = os.tmpname()
    assert.equal("", (shell.run(("%s .ci/docs/generate.lua types %s"):format(shell.lua, fresh))))
    local text = shell.read(fresh)
    os.remove(fresh)
    assert.is_true(text == types, "run `make docs`")
  end)

  it("is Lua that declares, and does nothing", function()
    has(types, "---@meta dxconnect\n")
    local chunk = assert((loadstring or load)(types))
    for name in pairs(chunk()) do
      assert.is_not_nil(dxconnect[name], name)
    end
    for _, path in ipairs(shell.lines "find lua -name '*.lua'") do
      assert.is_nil(shell.read(path):find("dxconnect%.types[\"']"), path)
    end
  end)

  it("has every operation, with its parameters and result", function()
    local declared = assert((loadstring or load)(types))()
    for name, op in pairs(model.operations) do
      assert.is_function(declared[op.method])
      has(types, ("function Client:%s(params, options) end"):format(op.method))
      has(types, ('name: "%s"|"%s"'):format(name, op.method))
      has(types, op.output and ("---@return dxconnect.%s? result"):format(op.output) or name)
    end
  end)

  it("has every structure with the type of each member", function()
    local scalars = { integer = "integer", long = "integer", timestamp = "number", boolean = "boolean" }
    for name, shape in pairs(model.shapes) do
      if shape.type == "structure" and not shape.exception then
        local block = class(name)
        for _, member in ipairs(shape.order) do
          local kind = model.shapes[shape.members[member].shape].type
          local found = block:match("@field " .. member .. "%?? (%S+)")
          assert.is_string(found, name .. "." .. member)
          assert.is_true(not scalars[kind] or scalars[kind] == found, name .. "." .. member .. ": " .. found)
          assert.is_true(kind ~= "list" or found:find("%[%]$") ~= nil, name .. "." .. member .. ": " .. found)
        end
      elseif shape.enum then
        has(types, "---@alias dxconnect." .. name .. " ")
      end
    end
  end)

  it("takes members of results for optional, those that are required for needed", function()
    assert.is_nil(class("Connection"):find("@field %w+ "))
    assert.is_nil(class("Lags"):find("@field %w+ "))
    has(class("AssociateMacSecKeyRequest"), "@field connectionId string ")
    has(class("AssociateMacSecKeyRequest"), "@field cak? string|dxconnect.Secret ")
    has(class("CreateLagRequest"), "@field numberOfConnections integer ")
  end)

  it("has every state to wait for, setting and code", function()
    for name in pairs(dxconnect.waiters) do
      has(types, ('---| "%s"'):format(name))
    end
    for _, entry in ipairs(options.list) do
      local declaration = " " .. entry.name .. "?"
      assert.is_true(not entry.option or class("ClientOptions"):find(declaration, 1, true) ~= nil, entry.name)
      assert.is_true(not entry.per_call or class("CallOptions"):find(declaration, 1, true) ~= nil, entry.name)
    end
    for _, code in ipairs(guide.codes) do
      has(types, ('"%s"'):format(code[1]))
    end
  end)

  it("has every function and method of the help, with its words", function()
    for _, entry in ipairs(guide.functions) do
      local name = entry.usage:match("^[%w_.:]+"):gsub("^newer:", "inventory:")
      if not ("waiters model routers inventory.rules loop inventory secret"):find(entry.name, 1, true) then
        local declared = name:gsub("^(%l)(%l+):", function(first, rest)
          return first:upper() .. rest .. ":"
        end)
        has(types, ("function %s("):format(declared))
        has(types, (entry.about:gsub("^%l", string.upper)))
      end
    end
  end)
end)
