--- The pages of the reference: what each says, from the model and the words of the help. html.lua has the templates.

local example = require "examples"
local formats = require "formats"
local guide = require "dxconnect.help.guide"
local html = require "html"
local members = require "dxconnect.help.members"
local render = require "dxconnect.help.render"
local subjects = require "subjects"
local version = require "dxconnect.version"
local words = require "dxconnect.help.words"

local function sorted_names(map)
  local names = {}
  for name in pairs(map) do
    names[#names + 1] = name
  end
  table.sort(names)
  return names
end

-- ---- files and links

local function file_of(kind, name)
  return kind .. "-" .. name:gsub("[^%w_]", "-") .. ".html"
end

local known = {} -- what prose links to: word = file

local function collect_known(model)
  for _, op in pairs(model.operations) do
    known[op.method] = file_of("operation", op.method)
  end
  for _, entry in ipairs(guide.functions) do
    local href = file_of("function", entry.name)
    known[entry.name] = (entry.name:find("[_.:]")) and href or nil
    known[entry.usage:match("^[%w_.:]+")] = href
  end
  for _, code in ipairs(guide.codes) do
    known[code[1]] = file_of("error", code[1])
  end
  for name, shape in pairs(model.shapes) do
    if shape.exception then
      known[name] = file_of("error", name)
    end
  end
  for _, entry in ipairs(render.settings()) do
    known[entry.name] = entry.name:find("_", 1, true) and file_of("setting", entry.name) or nil
  end
end

-- A text with links to what it names.
local function linked(text)
  local parts, at = {}, 1
  while true do
    local first, last, word = text:find("([%a_][%w_.:]*)", at)
    if not first then
      parts[#parts + 1] = text:sub(at)
      return html.join(parts)
    end
    local name = word:gsub("[.:]+$", "")
    parts[#parts + 1] = text:sub(at, first - 1)
    parts[#parts + 1] = known[name] and html.link(known[name], name) or name
    parts[#parts + 1] = word:sub(#name + 1)
    at = last + 1
  end
end

-- ---- pages as they are collected

local pages, index

local function add(name, title, kind, about, parts, anchors)
  for i, part in ipairs(parts) do
    parts[i] = html.is_html(part) and part or html.paragraph(linked(part))
  end
  pages[name] = html.page { title = title, kind = kind, body = html.join(parts), version = version }
  index[#index + 1] = { title, name, kind, about }
  for _, anchor in ipairs(anchors or {}) do
    index[#index + 1] = { anchor[1], name .. "#" .. anchor[1], kind .. " " .. title, anchor[2] }
  end
end

-- ---- operations and shapes

local function shape_link(model, name, text)
  local shape = words.structure_in(model, name) or model.shapes[name]
  return html.link(file_of(shape.exception and "error" or "shape", shape.name), text)
end

-- `prefix` tells the anchors of two tables on one page apart.
local function members_table(model, shape, is_result, prefix)
  local rows, anchors = {}, {}
  for i, name in ipairs(shape.order) do
    local member = shape.members[name]
    local meaning = members.meaning(shape.name, name) or ""
    rows[i] = {
      id = (prefix or "") .. name, name, shape_link(model, member.shape, words.type_text(model, member.shape)),
      table.concat(words.constraints(model, member, is_result), ", "), linked(meaning),
    }
    anchors[i] = { name, meaning }
  end
  if #rows == 0 then
    return html.paragraph("None."), anchors
  end
  local parts = { html.table({ "Member", "Type", "Constraints", "Meaning" }, rows) }
  for _, rule in ipairs(not is_result and shape.rules or {}) do
    parts[#parts + 1] = html.paragraph(words.rule_text(rule))
  end
  return html.join(parts), anchors
end

local function operation_page(model, op)
  local parts, anchors = { words.about(op), html.labels(words.labels(op)) }, nil
  if op.deprecated then
    local instead = op.use_instead and model.operations[op.use_instead].method
    parts[#parts + 1] = "Deprecated" .. (instead and ": use " .. instead .. "." or ".")
  end
  parts[#parts + 1] = ("The service calls it %s. Its request: %s."):format(op.name, guide.retries[op.retry] or op.retry)
  parts[#parts + 1] = html.heading("parameters", "Parameters")
  if op.input then
    parts[#parts + 1], anchors = members_table(model, model.shapes[op.input], false)
    parts[#parts + 1] = html.paragraph(html.join { "As a shape: ", shape_link(model, op.input, op.input), "." })
  else
    parts[#parts + 1] = "None."
  end
  parts[#parts + 1] = html.heading("result", "Result")
  if op.output then
    parts[#parts + 1] = (members_table(model, model.shapes[op.output], true, "result-"))
    parts[#parts + 1] = html.paragraph(html.join { "As a shape: ", shape_link(model, op.output, op.output), "." })
  else
    parts[#parts + 1] = "Nothing."
  end
  if op.items and op.retry == "read" then
    parts[#parts + 1] = ("client:items goes through %s%s; client:all returns the whole list."):format(op.items,
      op.pages and ", page by page" or "")
  end
  parts[#parts + 1] = html.heading("errors", "Errors")
  local rows = {}
  for i, name in ipairs(op.errors) do
    rows[i] = { html.link(file_of("error", name), name), linked(subjects.service_errors[name] or "") }
  end
  parts[#parts + 1] = #rows > 0 and html.table({ "Code", "Meaning" }, rows) or "None of its own."
  parts[#parts + 1] = html.paragraph(html.join {
    "And those that every call can fail with: ", html.link("errors.html", "errors"), ".",
  })
  parts[#parts + 1] = html.heading("example", "Example")
  parts[#parts + 1] = html.paragraph("It runs as it stands, against the emulator.")
  parts[#parts + 1] = html.code(example.program(model, op))
  add(file_of("operation", op.method), op.method, "operation", words.first_sentence(words.about(op)), parts, anchors)
end

local function shape_page(model, shape)
  local parts, anchors = {}, nil
  if shape.type == "structure" then
    parts[1], anchors = members_table(model, shape, false)
  else
    local limits = table.concat(words.limits(shape, {}), ", ")
    parts[1] = html.paragraph(html.join { "Type: ", shape.type == "list"
      and shape_link(model, shape.member, words.type_text(model, shape.name)) or words.type_text(model, shape.name),
      limits ~= "" and ". Allowed: " .. limits .. "." or "." })
  end
  local used = words.users(model, shape)
  if #used > 0 then
    parts[#parts + 1] = html.heading("used", "Used by")
    local links = {}
    for _, name in ipairs(used) do
      links[#links + 1] = #links > 0 and ", " or ""
      links[#links + 1] = model.shapes[name] and shape_link(model, name, name)
        or html.link(file_of("operation", name), name)
    end
    parts[#parts + 1] = html.paragraph(html.join(links))
  end
  local about = shape.type == "structure" and table.concat(shape.order, ", ") or words.type_text(model, shape.name)
  add(file_of("shape", shape.name), shape.name, "shape", about, parts, anchors)
end

-- ---- functions, errors, settings

local function function_page(entry, declarations)
  local parts = { entry.about:gsub("^%l", string.upper) .. ".", html.code(entry.usage) }
  if entry.text ~= "" then
    parts[#parts + 1] = entry.text
  end
  local declared = declarations[entry.usage:match("^[%w_.:]+"):gsub("^client:", "Client:"):gsub("^newer:", "Inventory:")
    :gsub("^(%l)(%l+):", function(first, rest)
      return first:upper() .. rest .. ":"
    end)]
  if declared then
    for _, part in ipairs {
      { "parameters", "Parameters", declared.params }, { "returns", "Returns", declared.returns },
    } do
      if #part[3] > 0 then
        parts[#parts + 1] = html.heading(part[1], part[2])
        parts[#parts + 1] = html.table({ "Name", "Type" }, part[3])
      end
    end
    for _, class in ipairs(declared.classes) do
      parts[#parts + 1] = html.heading(class.name:gsub("%W", "-"), class.name)
      parts[#parts + 1] = class.about and html.paragraph(class.about) or nil
      parts[#parts + 1] = html.table({ "Member", "Type", "Meaning" }, class.fields)
    end
  end
  if entry.name == "waiters" then
    local rows = {}
    for i, item in ipairs(render.waiter_list()) do
      rows[i] = { id = item.name, item.name, item.meaning or "", "up to " .. render.duration(item.waiter.timeout),
        linked(subjects.method_of(item.waiter.operation)) }
    end
    parts[#parts + 1] = html.heading("states", "States")
    parts[#parts + 1] = html.table({ "State", "Meaning", "Waits", "Asks" }, rows)
    for _, row in ipairs(rows) do
      index[#index + 1] = { row[1], file_of("function", "waiters") .. "#" .. row[1], "state to wait for", row[2] }
    end
  end
  parts[#parts + 1] = html.heading("example", "Example")
  parts[#parts + 1] = html.code(entry.example)
  add(file_of("function", entry.name), entry.usage:match("^[%w_.:]+"):gsub("^newer:", "inventory:"), "function",
    entry.about, parts)
end

local function error_pages(model)
  local rows, own = {}, {}
  for i, code in ipairs(guide.codes) do
    own[i] = { html.link(file_of("error", code[1]), code[1]), code[2], linked(code[3]) }
    add(file_of("error", code[1]), code[1], "error", code[3], {
      code[3]:gsub("^%l", string.upper) .. ".", "Its kind is " .. code[2] .. ".",
      html.paragraph(html.join { "What an error holds: ", html.link("errors.html", "errors"), "." }),
    })
  end
  for _, name in ipairs(sorted_names(model.shapes)) do
    if model.shapes[name].exception then
      local about = subjects.service_errors[name] or "An error of the service."
      rows[#rows + 1] = { html.link(file_of("error", name), name), linked(about) }
      local users = {}
      for _, method in ipairs(sorted_names(known)) do
        local op = model.operations[subjects.name_of(method) or ""]
        for _, one in ipairs(op and op.errors or {}) do
          users[#users + 1] = one == name and method or nil
        end
      end
      add(file_of("error", name), name, "error of the service", about, {
        about, "Its kind is service. reason and hint say what it is about, where its text tells.",
        html.heading("used", "Operations"), table.concat(users, ", "),
      })
    end
  end
  add("errors.html", "Errors", "errors", "what err holds, and its codes", {
    guide.errors_text, html.table({ "Member", "Meaning" }, guide.error_fields),
    html.heading("own", "Codes of our own"), html.table({ "Code", "Kind", "Meaning" }, own),
    html.heading("service", "Codes of the service"), html.table({ "Code", "Meaning" }, rows),
    html.heading("reasons", "Reasons"),
    "A service error's reason, where code or text tell it, is one of: "
      .. table.concat(subjects.reasons(), ", ") .. ".",
    html.heading("meta", "meta"), "The third value of a call holds what is known besides the result.",
    html.table({ "Member", "Meaning" }, guide.meta_fields),
  })
end

local function setting_pages()
  local rows = {}
  for i, entry in ipairs(render.settings()) do
    rows[i] = { html.link(file_of("setting", entry.name), entry.name), linked(entry.about) }
    add(file_of("setting", entry.name), entry.name, "setting", entry.about, {
      entry.about:gsub("^%l", string.upper) .. ".", html.table({ "Property", "Value" }, render.setting_rows(entry)),
      entry.hint and entry.hint:gsub("^%l", string.upper) .. "." or subjects.where_settings_are_from,
    })
  end
  add("settings.html", "Settings", "settings", "options of a client, with variables and profile keys", {
    "Options of dxconnect.client, and what only environment and profile set.",
    html.table({ "Setting", "Meaning" }, rows),
  })
end

-- ---- pages on a subject, and the first page

local function subject_pages()
  for _, subject in ipairs(subjects.list()) do
    local parts, anchors = { subject.about }, {}
    for _, section in ipairs(subject) do
      parts[#parts + 1] = html.heading(section.id, section.title)
      anchors[#anchors + 1] = { section.id, section.title }
      parts[#parts + 1] = section.text
      if section.rows then
        for _, row in ipairs(section.rows) do
          for i = 2, #row do
            row[i] = linked(row[i])
          end
        end
        parts[#parts + 1] = html.table(section.head, section.rows)
      end
      parts[#parts + 1] = section.code and html.code(section.code) or nil
    end
    add(subject.file, subject.title, "page", subject.about, parts, anchors)
  end
end

local function first_page(model)
  local parts = {
    "The AWS Direct Connect API as a Lua module. Every operation of the service is a method of a client, and a "
      .. "function of the module on a client made at first use.",
    html.code(subjects.first_example),
  }
  local links = {}
  for _, page in ipairs(subjects.first_links()) do
    links[#links + 1] = { html.link(page[1], page[2]), page[3] }
  end
  parts[#parts + 1] = html.table({ "Page", "About" }, links)
  for _, topic in ipairs(words.topics(model)) do
    local rows = {}
    for _, name in ipairs(sorted_names(model.operations)) do
      local op = model.operations[name]
      if op.topic == topic.name then
        rows[#rows + 1] = { html.link(file_of("operation", op.method), op.method),
          words.first_sentence(words.about(op)), table.concat(words.labels(op), ", ") }
      end
    end
    parts[#parts + 1] = html.heading("topic-" .. topic.name, topic.title)
    parts[#parts + 1] = html.table({ "Operation", "What it does", "Labels" }, rows)
  end
  for _, group in ipairs(guide.groups) do
    local rows = {}
    for _, entry in ipairs(guide.functions) do
      if entry.group == group.name then
        rows[#rows + 1] = { html.link(file_of("function", entry.name), entry.usage:match("^[%w_.:]+")), entry.about }
      end
    end
    parts[#parts + 1] = html.heading("group-" .. group.name, group.title)
    parts[#parts + 1] = html.table({ "Function", "What it does" }, rows)
  end
  local rows = {}
  for _, name in ipairs(sorted_names(model.shapes)) do
    local shape = model.shapes[name]
    if shape.type == "structure" and not shape.exception then
      rows[#rows + 1] = html.join { html.link(file_of("shape", name), name), " " }
    end
  end
  parts[#parts + 1] = html.heading("shapes", "Structures")
  parts[#parts + 1] = html.paragraph(html.join(rows))
  add("index.html", "Reference of dxconnect", "index", "everything, by topic", parts)
end

--- Makes every file of the reference.
-- @tparam table model
-- @tparam function read returns a file's content
-- @tparam string declarations of functions and their types, under annotations/
-- @treturn table name of a file = its content
local function render_pages(model, read, declarations)
  pages, index = {}, {}
  collect_known(model)
  first_page(model)
  for _, name in ipairs(sorted_names(model.operations)) do
    operation_page(model, model.operations[name])
  end
  local declared = formats.declarations(declarations)
  for _, entry in ipairs(guide.functions) do
    function_page(entry, declared)
  end
  error_pages(model)
  setting_pages()
  subject_pages()
  for _, name in ipairs(sorted_names(model.shapes)) do
    if not model.shapes[name].exception then
      shape_page(model, model.shapes[name])
    end
  end
  local json = require "dxconnect.text.json"
  pages["index.js"] = "window.dxconnectIndex = " .. assert(json.encode(index)):gsub("</", "<\\/") .. ";\n"
  for _, name in ipairs { "style.css", "search.js" } do
    pages[name] = read(".ci/docs/assets/" .. name)
  end
  return pages
end

return { render = render_pages }
