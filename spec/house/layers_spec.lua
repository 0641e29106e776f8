--- What may know of what: the layers of the C core and of the modules, and who touches the outside world.

local shell = require "spec.support.shell"

-- The project's own headers, with those that bring Lua in.
local brings_lua = {}
local function includes_lua(text)
  for header in text:gmatch('#include ["<]([^">]+)[">]') do
    if header == "lua.h" or header == "lauxlib.h" or header == "lualib.h" or brings_lua[header] then
      return true
    end
  end
  return false
end

describe("the C core", function()
  local headers, sources = shell.lines("find csrc -name '*.h'"), shell.lines("find csrc -name '*.c'")

  setup(function()
    for _ = 1, #headers do -- until nothing changes, whatever their order
      for _, path in ipairs(headers) do
        brings_lua[(path:gsub("^csrc/", ""))] = includes_lua(shell.read(path)) or nil
      end
    end
  end)

  it("knows of Lua in csrc/lua only", function()
    assert.is_true(brings_lua["lua/compat.h"])
    assert.is_nil(brings_lua["sign/sigv4.h"])
    local bindings = 0
    for _, path in ipairs(sources) do
      if includes_lua(shell.read(path)) then
        bindings = bindings + 1
        assert.matches("^csrc/lua/", path)
      end
    end
    assert.is_true(bindings > 5 and bindings < #sources)
  end)

  it("allocates nothing by hand in its bindings, where Lua may leave at any call", function()
    for _, path in ipairs(sources) do
      local text = shell.read(path)
      if includes_lua(text) then
        assert.is_nil(text:find("[^%w_][mcr]e?alloc%("), path)
      end
    end
  end)

  local build = (os.getenv("DXCONNECT_BUILD") or "build") .. "/" .. shell.lua

  -- Which object uses which, by their symbols: uses["net/loop"]["net/poller"]. Objects left over from an older tree,
  -- whose source is gone, don't count.
  local function read_uses()
    local home, uses, is_source = {}, {}, {}
    for _, path in ipairs(sources) do
      is_source[path] = true
    end
    local lines = shell.lines(("find %s/obj -name '*.o' | xargs env -u LD_PRELOAD nm -A -g"):format(build))
    local function each(defined, f)
      for _, line in ipairs(lines) do
        local object, kind, symbol = line:match("/obj/(.-)%.o:[%x ]*(%a) (dx_[%w_]+)$")
        if object and is_source["csrc/" .. object .. ".c"] and (kind ~= "U") == defined then
          f(object, symbol)
        end
      end
    end
    each(true, function(object, symbol)
      home[symbol] = object
    end)
    each(false, function(object, symbol)
      uses[object] = uses[object] or {}
      uses[object][home[symbol] or symbol] = true
    end)
    return uses
  end

  it("uses lower layers only", function()
    local allowed = {
      base = { base = true },
      sign = { base = true, sign = true },
      net = { base = true, sign = true, net = true },
      model = { base = true, model = true },
      lua = { base = true, sign = true, net = true, model = true, lua = true },
    }
    local count = 0
    for name, used in pairs(read_uses()) do
      for other in pairs(used) do
        assert.is_true(allowed[name:match("^%w+")][other:match("^%w+")] == true, name .. " uses " .. other)
        count = count + 1
      end
    end
    assert.is_true(count > 50)
  end)

  -- The bindings are left out: what reads and writes JSON calls itself, as values nest.
  it("has no circle of objects below the bindings", function()
    local uses, state = read_uses(), {}
    local function visit(name, path)
      assert.are_not.equal("open", state[name], path .. " > " .. name)
      if not state[name] then
        state[name] = "open"
        for other in pairs(uses[name] or {}) do
          visit(other, path .. " > " .. name)
        end
        state[name] = "done"
      end
    end
    local count = 0
    for name in pairs(uses) do
      if not name:find("^lua/") then
        visit(name, "")
        count = count + 1
      end
    end
    assert.is_true(count > 10)
  end)

  it("shows its entry to the outside, and nothing else", function()
    assert.same({ "luaopen_dxconnect_core" },
      shell.lines(("env -u LD_PRELOAD nm -D --defined-only %s/dxconnect/core.so | awk '$2 == \"T\" { print $3 }'")
        :format(build)))
  end)
end)

describe("the modules", function()
  local harmless = { type = true, stderr = true } -- a default of what prints to a terminal

  it("touch the outside world in one place", function()
    for _, path in ipairs(shell.lines("find lua -name '*.lua' ! -path lua/dxconnect/system.lua")) do
      for line in shell.read(path):gmatch("[^\n]+") do
        local code = line:gsub("%-%-.*", "")
        for library, name in code:gmatch("%f[%w_.:](%a+)%.(%a+)") do
          assert.is_false(library == "os" or (library == "io" and not harmless[name]), path .. ": " .. line)
        end
        assert.is_nil(code:find("math.random", 1, true), path .. ": " .. line)
      end
    end
  end)
end)

describe("the layers of modules", function()
  -- Lowest first: each may use those before it, and its own. Rooms of one layer may use each other, in no circle.
  local LAYERS = {
    "core", "version text errors check resources", "system secret operations endpoint retry", "async", "config",
    "transport", "credentials", "call sign", "client", "workflows", "inventory emulator help", "init command",
  }

  local layer_of, uses = {}, {}

  local function room_of(module)
    return module == "dxconnect" and "init" or module:match("^dxconnect%.([%w_]+)")
  end

  setup(function()
    for i, names in ipairs(LAYERS) do
      for name in names:gmatch("%S+") do
        layer_of[name] = i
      end
    end
    local paths = {}
    for _, path in ipairs(shell.lines("find lua -name '*.lua'")) do
      paths[path:gsub("^lua/", ""):gsub("%.lua$", ""):gsub("/init$", ""):gsub("/", ".")] = path
    end
    -- Wherever a module's name stands as a string, it may be loaded: by require at the top, in a function, by a table.
    for module, path in pairs(paths) do
      uses[module] = {}
      local code = shell.read(path):gsub("%-%-[^\n]*", "")
      for name in code:gmatch("[\"'](dxconnect%.[%w_.]*[%w_])%.?[\"']") do
        uses[module][name] = (paths[name] or name == "dxconnect.core") and name ~= module or nil
      end
      uses[module].dxconnect = code:find("require[ (]*[\"']dxconnect[\"']") and true or nil
    end
  end)

  it("are used from above only", function()
    local wrong = {}
    for module, used in pairs(uses) do
      for name in pairs(used) do
        local from, to = room_of(module), room_of(name)
        if from ~= to then
          local above, below = layer_of[from], layer_of[to]
          if not (above and below) or below > above then
            wrong[#wrong + 1] = module .. " uses " .. name
          end
        end
      end
    end
    table.sort(wrong)
    assert.same({}, wrong)
  end)

  -- The circles of a graph `{[name] = {[name] = true}}`, each as the names along it.
  local function circles(graph)
    local found, state, path = {}, {}, {}
    local function visit(name)
      state[name] = "open"
      path[#path + 1] = name
      for to in pairs(graph[name] or {}) do
        if state[to] == "open" then
          local first = #path
          while path[first] ~= to do
            first = first - 1
          end
          found[#found + 1] = table.concat(path, " > ", first) .. " > " .. to
        elseif not state[to] then
          visit(to)
        end
      end
      path[#path] = nil
      state[name] = "done"
    end
    for name in pairs(graph) do
      if not state[name] then
        visit(name)
      end
    end
    table.sort(found)
    return found
  end

  it("have no circle of modules", function()
    local graph = {}
    for module, used in pairs(uses) do
      graph[module] = {}
      for name in pairs(used) do
        graph[module][name] = true
      end
    end
    assert.same({}, circles(graph))
  end)

  it("have no circle of rooms", function()
    local graph = {}
    for module, used in pairs(uses) do
      local from = room_of(module)
      graph[from] = graph[from] or {}
      for name in pairs(used) do
        local to = room_of(name)
        graph[from][to] = from ~= to or nil
      end
    end
    assert.same({}, circles(graph))
  end)
end)
