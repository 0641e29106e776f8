--- Runs every Lua snippet of the README against a served, seeded emulator, each as a file and all of them pasted into
-- the REPL; and those of the guides, in order, against one in process. Holds tables and links against what is there.

local command = require "spec.support.command"
local dxconnect = require "dxconnect"
local emulatord = require "spec.support.emulatord"
local options = require "dxconnect.config.options"
local shell = require "spec.support.shell"

local GUIDES = shell.lines("ls examples/guides/*.md")

-- The snippets of a page, with the line that each begins at, and whether it needs more than the emulator has.
local function snippets(path)
  local list, line = {}, 0
  local code
  for text in (shell.read(path) .. "\n"):gmatch("([^\n]*)\n") do
    line = line + 1
    if text == "```lua" then
      code = { line = line + 1 }
    elseif text == "```" and code then
      list[#list + 1] = {
        line = code.line, text = table.concat(code, "\n"), needs_more = (code[1] or ""):find("^%-%- needs: ") ~= nil,
      }
      code = nil
    elseif code then
      code[#code + 1] = text
    end
  end
  return list
end

-- A world for them: what the README calls `client`, and its `dxconnect`, work on an emulator whose clock moves when
-- somebody sleeps. The things that it names by id are there, under ids that the emulator gave them.
local function new_world()
  local now = os.time()
  local system = {
    getenv = function() end,
    read_file = function()
      return nil, "no files here"
    end,
    clock = function()
      return now
    end,
    sleep = function(seconds)
      now = now + seconds
    end,
  }
  local emulator = dxconnect.emulator { clock = system.clock }
  local function client(given)
    local all = {
      region = "us-east-1",
      transport = emulator.transport,
      credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = "example" },
      system = system,
    }
    for name, value in pairs(given or {}) do
      all[name] = value
    end
    all.profile, all.logger = nil, nil
    return dxconnect.client(all)
  end
  local default = assert(client())
  local module = setmetatable({ client = client }, {
    __index = function(_, name)
      if dxconnect.model.operations[name] or type(name) == "string" and default[name] and name:find("_") then
        return function(params, call_options)
          return default[name](default, params, call_options)
        end
      end
      return dxconnect[name]
    end,
  })

  local location
  for _, place in ipairs(assert(default:describe_locations()).locations) do
    if #(place.availableMacSecPortSpeeds or {}) > 0 then
      location = location or place.locationCode
    end
  end
  local connection = assert(default:create_connection {
    location = location, bandwidth = "10Gbps", connectionName = "readme", requestMACSec = true,
  })
  local lag = assert(default:create_lag {
    location = location, connectionsBandwidth = "10Gbps", numberOfConnections = 1, lagName = "readme",
    requestMACSec = true,
  })
  assert(default:wait_until("connection_available", { connectionId = connection.connectionId }))
  assert(default:wait_until("lag_available", { lagId = lag.lagId }))

  local ids = {
    ["dxcon-ffabc123"] = connection.connectionId,
    ["dxlag-ffabc123"] = lag.lagId,
    EqDC2 = location,
  }
  local environment = setmetatable({
    dxconnect = module,
    client = default,
    print = function(...)
      for i = 1, select("#", ...) do
        tostring((select(i, ...)))
      end
    end,
    require = function(name)
      return name == "dxconnect" and module or require(name)
    end,
  }, { __index = _G })
  return environment, ids
end

local function load_in(text, name, environment)
  if setfenv then
    return setfenv(assert(loadstring(text, name)), environment)
  end
  return assert(load(text, name, "t", environment))
end

describe("README's snippets", function()
  randomize(false) -- in the order of the page

  local served
  local list = snippets "README.md"

  setup(function()
    served = emulatord.start [[
      emulator:seed "estate"
      local start = require("dxconnect.core").clock()
      emulator.state.clock = function()
        return start + (require("dxconnect.core").clock() - start) * 600
      end
    ]]
  end)

  teardown(function()
    served:stop()
  end)

  it("are many", function()
    assert.is_true(#list > 12)
  end)

  for _, snippet in ipairs(list) do
    it("run as a file: line " .. snippet.line, function()
      assert.is_truthy((loadstring or load)(snippet.text)) -- luacheck: globals loadstring
      if not snippet.needs_more then
        local path = os.tmpname()
        shell.write(path, snippet.text)
        local said, status = shell.run(command.prefix(served) .. " " .. shell.lua .. " " .. path)
        os.remove(path)
        assert.equal(0, status, said)
      end
    end)
  end

  it("run pasted into the REPL", function()
    local lines = {}
    for _, snippet in ipairs(list) do
      if not snippet.needs_more then
        lines[#lines + 1] = snippet.text
      end
    end
    local _, said, status = command.run(served, "repl", table.concat(lines, "\n\n") .. "\n")
    assert.same({ "", 0 }, { said, status })
  end)
end)

for _, path in ipairs(GUIDES) do
  describe("the snippets of " .. path, function()
    randomize(false) -- each follows on those before it

    local environment, ids

    setup(function()
      environment, ids = new_world()
    end)

    for _, snippet in ipairs(snippets(path)) do
      it("run: line " .. snippet.line, function()
        local text = snippet.text
        for written, real in pairs(ids) do
          text = text:gsub((written:gsub("%p", "%%%0")), real)
        end
        local chunk = load_in(text, "=" .. path .. ":" .. snippet.line, environment)
        if not snippet.needs_more then
          chunk()
        end
      end)
    end
  end)
end

describe("README", function()
  local readme = shell.read("README.md")

  it("is read in an hour", function()
    assert.is_true(#shell.lines("cat README.md; echo") <= 400)
  end)

  it("shows the problems of the mistakes that it makes as they are told", function()
    local mistakes = readme:match("(%b{})\nassert%(result == nil and err.kind == \"params\"%)")
    local params = load_in("return " .. mistakes, "=mistakes", {})()
    local _, err = new_world().client:associate_mac_sec_key(params)
    local lines = {}
    for i, problem in ipairs(err.problems) do
      lines[i] = problem.path .. ": " .. problem.message
    end
    assert.truthy(readme:find("\n```\n" .. table.concat(lines, "\n") .. "\n```\n", 1, true))
  end)

  it("names every example and every guide", function()
    for _, path in ipairs(shell.lines("ls -d examples/*.lua examples/openresty/")) do
      assert.truthy(readme:find("`" .. path .. "`", 1, true), path)
    end
    for _, path in ipairs(GUIDES) do
      assert.truthy(readme:find("](" .. path .. ")", 1, true), path)
    end
  end)

  it("names every setting with its variables, profile key and default, in its guide", function()
    local guide = shell.read("examples/guides/configuration.md")
    for _, entry in ipairs(options.list) do
      local row = guide:match("\n| (`" .. entry.name .. "`[^\n]*)\n")
      assert.is_string(row, entry.name)
      for _, name in ipairs(entry.env or {}) do
        assert.truthy(row:find("`" .. name .. "`", 1, true), name)
      end
      for _, value in pairs { entry.key or entry.name, entry.default } do
        assert.truthy(row:find("`" .. tostring(value) .. "`", 1, true), entry.name)
      end
    end
  end)

  it("leads to headings and pages that are there, as do the guides", function()
    local pages = { "README.md", (table.unpack or unpack)(GUIDES) } -- luacheck: ignore
    for _, page in ipairs(pages) do
      local text, anchors = shell.read(page), {}
      for heading in text:gmatch("\n#+ ([^\n]+)") do
        anchors[heading:lower():gsub("[^%w%s-]", ""):gsub("%s", "-")] = true
      end
      for target in text:gmatch("%]%(([^)]+)%)") do
        if target:sub(1, 1) == "#" then
          assert.is_true(anchors[target:sub(2)], page .. target)
        else
          assert.is_truthy(io.open(target), page .. " " .. target)
        end
      end
    end
  end)
end)
