--- What a word of `dxconnect.help(word)` means: this file finds it, and `help/render.lua` tells about it, from the
-- model and the words under `help/`.

local core = require "dxconnect.core"
local guide = require "dxconnect.help.guide"
local layout = require "dxconnect.help.layout"
local render = require "dxconnect.help.render"
local words = require "dxconnect.help.words"

local NOTHING = "There is nothing about %s.\nhelp() lists what there is."
local NAME_MAX = 512 -- bytes; nothing has a longer name

-- All spellings of a name alike: snake_case, camelCase, the command line's hyphens, with or without a prefix.
local function squash(name)
  return (name:lower():gsub("^dxconnect%.", ""):gsub("^client[:%.]", ""):gsub("[^%w]", ""))
end

local function entries(model)
  local list = {}
  local function add(name, tell, subject)
    list[#list + 1] = { name = name, tell = tell, subject = subject }
  end
  for _, op in pairs(model.operations) do
    add(op.method, render.operation, op)
    add(op.name, render.operation, op)
  end
  add("waiters", render.waiters)
  for _, entry in ipairs(guide.functions) do
    add(entry.name, function()
      return render.guide_function(entry)
    end)
  end
  for name, page in pairs(render.pages) do
    add(name, page)
  end
  for _, topic in ipairs(words.topics(model)) do
    add(topic.name, render.topic, topic)
  end
  for _, item in ipairs(render.waiter_list()) do
    add(item.name, render.waiter, item)
  end
  for _, entry in ipairs(render.settings()) do
    add(entry.name, function()
      return render.option(entry)
    end)
  end
  local shapes = {}
  for name in pairs(model.shapes) do
    shapes[#shapes + 1] = name
  end
  table.sort(shapes)
  for _, name in ipairs(shapes) do
    add(name, render.shape, model.shapes[name])
  end
  return list
end

-- The entry of that very name, or else the first whose name is the same in another spelling. A plain word means a
-- member rather than the string or number that the model has under its name.
local function find(list, word)
  local squashed, near = squash(word), nil
  for _, entry in ipairs(list) do
    local is_simple = entry.tell == render.shape and entry.subject.type ~= "structure"
    if entry.name == word then
      return entry
    elseif not near and not is_simple and squash(entry.name) == squashed then
      near = entry
    end
  end
  return near
end

-- Everything that has all of the words in its name, its text or a member's name.
local function search(model, text)
  local wanted = {}
  for word in text:lower():gmatch("%S+") do
    wanted[#wanted + 1] = word
  end
  local function has(...)
    local all = table.concat({ ... }, "\n"):lower()
    local squashed = squash(all)
    for _, word in ipairs(wanted) do
      local plain = squash(word)
      if not all:find(word, 1, true) and not (#plain > 2 and squashed:find(plain, 1, true)) then
        return false
      end
    end
    return true
  end
  local rows, names = {}, {}
  local function add(found, name, about)
    rows[#rows + 1] = found and { name, about } or nil
  end
  for _, op in pairs(model.operations) do
    local taken = {}
    for name in pairs(words.members_within(model, op.input)) do
      taken[#taken + 1] = name
    end
    local about = words.about(op)
    add(has(op.name, op.method, about, op.topic or "", table.concat(taken, "\n")), op.method,
      words.first_sentence(about))
  end
  table.sort(rows, function(a, b)
    return a[1] < b[1]
  end)
  for _, entry in ipairs(guide.functions) do
    add(has(entry.name, entry.about, entry.text), entry.name, entry.about)
  end
  for _, entry in ipairs(render.settings()) do
    add(has(entry.name, entry.about), entry.name, entry.about)
  end
  for _, item in ipairs(render.waiter_list()) do
    add(has(item.name, item.meaning or ""), item.name, item.meaning or "")
  end
  for _, code in ipairs(guide.codes) do
    add(has(code[1], code[3]), "errors", code[1] .. ": " .. code[3])
  end
  for _, verb in ipairs(guide.verbs) do
    add(has("dxconnect " .. verb[1], verb[2]), "command", "dxconnect " .. verb[1] .. ": " .. verb[2])
  end
  for name, page in pairs(render.pages) do
    add(has(page()), name, "the page on " .. name)
  end
  for name, shape in pairs(model.shapes) do
    local found = has(name)
    for member in pairs(shape.members or {}) do
      found = found or has(member)
    end
    names[#names + 1] = found and name or nil
  end
  table.sort(names)
  if #names > 0 then
    rows[#rows + 1] = { "shapes", table.concat(names, ", ") }
  end
  return rows
end

-- A word as it can be repeated: short, without control characters.
local function echo(word)
  local shown = word:sub(1, 60):gsub("[%c\128-\255]", "?")
  return '"' .. shown .. (#word > 60 and "..." or "") .. '"'
end

local function nearest(list, word)
  local names = {}
  for i, entry in ipairs(list) do
    names[i] = entry.name
  end
  return core.nearest(word, names)
end

-- What members of that name have to be and mean, each text once; nil where no structure has one.
local function member_page(model, word)
  local squashed, name, texts, seen = squash(word), nil, {}, {}
  for _, shape in pairs(model.shapes) do
    for member, entry in pairs(shape.members or {}) do
      if squash(member) == squashed then
        name = member
        local text = render.member(model, shape.name, member, entry, true)
        texts[#texts + 1] = not seen[text] and layout.wrap(text, "  ") or nil
        seen[text] = true
      end
    end
  end
  table.sort(texts)
  return name and ("%s  (parameter, or member of a result)\n\n%s"):format(name, table.concat(texts, "\n"))
end

local model, list -- made at first use

local function lookup(word)
  list = list or entries(model)
  local entry = find(list, word)
  if entry then
    return entry.tell(model, entry.subject)
  end
  local rows = #word >= 2 and search(model, word) or {}
  if #rows > 0 then
    local page = member_page(model, word)
    return (page and page .. "\n\nIt occurs in\n" or ("Nothing is called %s; it occurs in\n"):format(echo(word)))
      .. layout.columns(rows)
  end
  local near = #word <= 200 and nearest(list, word)
  if near then
    local text = "There is no %s; the nearest name is %s: help(%q) tells more."
    return layout.wrap(text:format(echo(word), near, near), "")
  end
  return NOTHING:format(echo(word))
end

--- Text about what has that name.
-- @param name
-- @treturn string
local function text_about(name)
  model = model or core.model()
  if type(name) ~= "string" then
    return ("help takes a name, got a %s. help() lists what there is."):format(type(name))
  elseif #name > NAME_MAX then
    return NOTHING:format(echo(name))
  end
  local word = name:gsub("^%s+", ""):gsub("%s+$", ""):gsub("%(.*%)$", "")
  if word:find("^%s*$") or squash(word) == "dxconnect" and not word:find("[:%.]") then
    return render.overview(model)
  end
  return lookup(word)
end

return { text = text_about }
