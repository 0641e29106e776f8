--- The reference against the model: the editor's annotations and the pages, both written by .ci/docs/generate.lua.

local dxconnect = require "dxconnect"
local guide = require "dxconnect.help.guide"
local options = require "dxconnect.config.options"
local shell = require "spec.support.shell"

package.path = "./.ci/docs/?.lua;" .. package.path
local editor = require "editor"

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
    local text = editor.render(model, editor.declarations(shell.read))
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

describe("the help's first page", function()
  it("is what the generator writes, and what the model has", function()
    assert.is_true(editor.overview(model) == shell.read "lua/dxconnect/help/overview.lua", "run `make docs`")
    assert.equal(require("dxconnect.help.lookup").text(""), dxconnect.help())
  end)

  it("is made anew for other operations", function()
    local saved = require "dxconnect.help.overview"
    local methods, text = saved.methods, saved.text
    saved.methods, saved.text = "describe_lags", "old"
    local fresh = dxconnect.help()
    saved.methods, saved.text = methods, text
    assert.equal(text, fresh)
  end)
end)

describe("the example of each operation", function()
  local examples = require "examples"

  it("runs as it stands", function()
    for name, op in pairs(model.operations) do
      local text = examples.program(model, op)
      has(text, "client:" .. op.method)
      local environment = setmetatable({ print = function() end }, { __index = _G })
      local chunk = setfenv and setfenv(assert(loadstring(text, name)), environment)
        or load(text, "=" .. name, "t", environment)
      local ok, problem = pcall(chunk)
      assert.is_true(ok, name .. ": " .. tostring(problem))
    end
  end)
end)

describe("the pages #luajit", function()
  local folder, pages, names

  setup(function()
    folder = shell.output("mktemp -d"):gsub("%s+$", "")
    local build = os.getenv("DXCONNECT_BUILD") or "build"
    local said, status = shell.run(("DXCONNECT_BUILD=%s luajit .ci/docs/generate.lua html %s"):format(build, folder))
    assert.equal(0, status, said)
    pages, names = {}, {}
    for _, path in ipairs(shell.lines("ls " .. folder)) do
      pages[path] = shell.read(folder .. "/" .. path)
      names[#names + 1] = path:match("%.html$") and path or nil
    end
  end)

  teardown(function()
    os.execute("rm -rf " .. shell.quote(folder))
  end)

  it("are there for every operation, shape, function, error and setting, with what the model says", function()
    for _, op in pairs(model.operations) do
      local page = pages[("operation-%s.html"):format(op.method)]
      for _, part in ipairs { 'id="parameters"', 'id="result"', 'id="errors"', 'id="example"', op.name } do
        has(page, part)
      end
      for _, member in ipairs(op.input and model.shapes[op.input].order or {}) do
        has(page, ('<tr id="%s">'):format(member))
      end
      for _, member in ipairs(op.output and model.shapes[op.output].order or {}) do
        has(page, ('<tr id="result-%s">'):format(member))
      end
      for _, code in ipairs(op.errors) do
        has(page, ("error-%s.html"):format(code))
      end
    end
    for name, shape in pairs(model.shapes) do
      local page = pages[(shape.exception and "error-%s.html" or "shape-%s.html"):format(name)]
      for _, member in ipairs(shape.exception and {} or shape.order or {}) do
        has(page, ('<tr id="%s">'):format(member))
      end
    end
    for _, entry in ipairs(guide.functions) do
      has(pages[("function-%s.html"):format((entry.name:gsub("[^%w_]", "-")))], 'id="example"')
    end
    for _, code in ipairs(guide.codes) do
      assert.is_string(pages[("error-%s.html"):format(code[1])])
    end
    for _, entry in ipairs(options.list) do
      for _, variable in ipairs(entry.env or {}) do
        has(pages[("setting-%s.html"):format(entry.name)], variable)
      end
    end
    for name in pairs(dxconnect.waiters) do
      has(pages["function-waiters.html"], ('<tr id="%s">'):format(name))
    end
  end)

  it("show the emulator's control, rules, metrics and formats as they are", function()
    local control = shell.read "lua/dxconnect/emulator/control.lua"
    for path in control:gmatch('%["(/[%w_/.-]+)"%]') do
      has(pages["emulator.html"], path)
    end
    for _, map in ipairs { require "dxconnect.resources.quotas", (require "dxconnect.emulator.delays") } do
      for name in pairs(map) do
        has(pages["emulator.html"], name)
      end
    end
    for option in shell.read("lua/dxconnect/emulator/faults.lua"):match("option_types = (%b{})"):gmatch("(%w+) =") do
      has(pages["emulator.html"], ("<td>%s</td>"):format(option))
    end
    for _, rule in ipairs(dxconnect.inventory.rules) do
      has(pages["inventory.html"], ("<td>%s</td>"):format(rule.name))
    end
    for family in shell.read("lua/dxconnect/inventory/metrics.lua"):gmatch('family%("(dxconnect_%w+_?[%w_]*[^_"])"') do
      has(pages["inventory.html"], family)
    end
    for _, name in ipairs(require "dxconnect.resources.volatile") do
      has(pages["inventory.html"], ("<td>%s</td>"):format(name))
    end
    for _, format in ipairs { "dxconnect-inventory", "dxconnect-state", "dxconnect-tape" } do
      has(pages["formats.html"], format .. "&quot;")
    end
  end)

  it("tell each metric with its labels", function()
    local emulator = dxconnect.emulator()
    assert(emulator:seed "estate")
    local client = assert(dxconnect.client {
      region = "us-east-1", transport = emulator.transport,
      credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = "example" },
    })
    local count, text = 0, assert(dxconnect.inventory { clients = client }):metrics()
    for name, labels in text:gmatch("\n(dxconnect_[%w_]+)(%b{})") do
      local given = {}
      for label in labels:gsub('"[^"]*"', ""):gmatch("[%w_]+") do
        given[#given + 1] = label
      end
      has(pages["inventory.html"], ("<td>%s</td><td>%s</td>"):format(name, table.concat(given, ", ")))
      count = count + 1
    end
    assert.is_true(count > 20)
  end)

  it("have no dead link, and no two anchors of one name", function()
    local anchors, links = {}, {}
    for _, name in ipairs(names) do
      anchors[name] = {}
      for id in pages[name]:gmatch(' id="([^"]*)"') do
        assert.is_nil(anchors[name][id], name .. "#" .. id)
        anchors[name][id] = true
      end
      for _, attribute in ipairs { "href", "src" } do
        for target in pages[name]:gmatch(attribute .. '="([^"]*)"') do
          links[target] = name
        end
      end
    end
    for target in pages["index.js"]:gmatch('"([%w_%-]+%.html[^"]*)"') do
      links[target] = "index.js"
    end
    local count = 0
    for target, from in pairs(links) do
      local file, anchor = target:match("^([^#]+)#?(.*)$")
      assert.is_string(pages[file], from .. ": " .. target)
      assert.is_true(anchor == "" or anchors[file][anchor], from .. ": " .. target)
      count = count + 1
    end
    assert.is_true(count > 1000)
  end)

  it("name no module that is not public, and load nothing from elsewhere", function()
    for _, name in ipairs(names) do
      assert.is_nil(pages[name]:find("dxconnect%.[%l_]+%.[%l_]+%.lua"), name)
      assert.is_nil(pages[name]:find("core.so", 1, true), name)
      assert.is_nil(pages[name]:find('="http', 1, true), name)
    end
    assert.is_nil(pages["search.js"]:find("fetch", 1, true))
    has(pages["index.js"], "describe_lags")
  end)
end)
