--- Lists over all their pages: `client:pages`, `client:items` and `client:all`.
-- What pages, and by which members, is the model's to say. Inside a task the next page is fetched while the one before
-- is worked on. Several tasks may take from one iterator: each page, and each item, goes to one of them.

local async = require "dxconnect.async"
local check = require "dxconnect.check"
local errors = require "dxconnect.errors"
local operations = require "dxconnect.operations"

-- What operations outside the model page by, as far as one can tell.
local UNMODELED_PAGES = { input = "nextToken", output = "nextToken" }

-- ---- cursors: where in a list we are

local cursor_methods = {}
local cursor_mt = { __index = cursor_methods }

local function new_cursor(client, op, params, options)
  local copy = {}
  for name, value in next, params or {} do
    copy[name] = value
  end
  local pages = op.pages or (op.id == nil and UNMODELED_PAGES) or nil
  local seen = {}
  if pages and copy[pages.input] ~= nil then
    seen[copy[pages.input]] = true
  end
  return setmetatable({
    client = client,
    op = op,
    pages = pages,
    params = copy,
    options = options,
    seen = seen, -- tokens
    lock = async.lock(),
  }, cursor_mt)
end

local function request(cursor)
  return cursor.client:call(cursor.op.name, cursor.params, cursor.options)
end

-- The answer to the next request, which may be under way already.
local function receive(cursor)
  local ahead = cursor.ahead
  if ahead then
    cursor.ahead = nil
    local ok, result, err = ahead:await()
    if ok then
      return result, err
    elseif ok == false then
      error(result, 0)
    end
    -- the task that began it is gone: it has to be made again
  end
  return request(cursor)
end

-- Makes the next request that for the page after this one, or ends the list.
local function turn(cursor, page)
  local pages = cursor.pages
  local token = pages and type(page) == "table" and page[pages.output]
  if type(token) ~= "string" or token == "" then
    cursor.ended = true
  elseif cursor.seen[token] then
    cursor.err = errors.response("the service gave a token for another page that it gave before: a loop", {
      operation = cursor.op.name,
    })
  else
    cursor.seen[token] = true
    cursor.params[pages.input] = token
  end
end

--- The next page.
-- @treturn[1] table page
-- @treturn[1] nil
-- @treturn[1] ?table meta of the call; nil where it was fetched ahead
-- @treturn[2] nil after the last one
-- @treturn[2] ?table error, the same at each further call
function cursor_methods:advance()
  if self.err or self.ended then
    return nil, self.err
  end
  local page, err, meta = receive(self)
  if page == nil then
    self.err = err
    return nil, err
  end
  turn(self, page)
  return page, nil, meta
end

-- Begins the next request ahead of its use, inside a task.
local function look_ahead(cursor)
  if not (cursor.ended or cursor.err) then
    cursor.ahead = async.begin(function()
      return request(cursor)
    end)
  end
end

-- What a generic for takes. From Lua 5.4 on the fourth value hears of its end.
local function iterator(cursor, step)
  if _VERSION == "Lua 5.4" and async.current() then
    return step, nil, nil, setmetatable({}, {
      __close = function()
        if cursor.ahead then
          cursor.ahead:cancel()
          cursor.ahead = nil
        end
      end,
    })
  end
  return step
end

-- ---- which operations are lists

-- The name of the list in an answer of an operation outside the model.
local function only_list(page)
  local found
  for name, value in pairs(page) do
    if type(value) == "table" and (value[1] ~= nil or next(value) == nil) then
      if found then
        return nil
      end
      found = name
    end
  end
  return found
end

-- The member of a page that is the list; nil where there is none.
local function list_name(cursor, page)
  if cursor.op.id == nil and type(page) == "table" then
    return only_list(page)
  end
  return cursor.op.items
end

local function items_of(cursor, page)
  local name = list_name(cursor, page)
  return name and page[name] or {}
end

local function resolve(name, options)
  local op, err = operations.resolve(name, options and options.unmodeled)
  if op and op.id and not (op.retry == "read" and op.items) then
    op, err = nil, errors.param(op.name, "", "it has no list: call it with client:" .. op.method .. "(params)")
  end
  return op, err
end

local function open(client, name, params, options)
  local op, err = resolve(name, options)
  if not op then
    error(err, 0)
  end
  return new_cursor(client, op, params, options)
end

-- ---- the methods

--- An iterator over a list's pages, each the operation's result. Lists without paging have a single page.
-- Errors are raised, as tables: here for an operation that has no list, at the step otherwise.
-- @tparam table client
-- @tparam string name of the operation, in either spelling
-- @tparam[opt] table params stay as they are; a nextToken in them is where to begin
-- @tparam[opt] table options of each call
-- @treturn function iterator
local function pages(client, name, params, options)
  check.arguments("pages", params, options, 3)
  local cursor = open(client, name, params, options)
  return iterator(cursor, function()
    local page, err = cursor.lock:guard(function()
      local page, err = cursor:advance()
      if page ~= nil then
        look_ahead(cursor)
      end
      return page, err
    end)
    if err then
      error(err, 0)
    end
    return page
  end)
end

-- Goes on to the next page that has items.
local function refill(cursor)
  while cursor.list[cursor.at + 1] == nil do -- another task may have been faster
    local page, err = cursor:advance()
    if page == nil then
      return nil, err
    end
    cursor.list, cursor.at = items_of(cursor, page), 0
    look_ahead(cursor)
  end
  return true
end

--- An iterator over a list's items, over all pages.
-- Errors are raised, as of `pages`.
-- @tparam table client
-- @tparam string name of the operation, in either spelling
-- @tparam[opt] table params stay as they are
-- @tparam[opt] table options of each call
-- @treturn function iterator
local function items(client, name, params, options)
  check.arguments("items", params, options, 3)
  local cursor = open(client, name, params, options)
  cursor.list, cursor.at = {}, 0
  local function go_on()
    return refill(cursor)
  end
  return iterator(cursor, function()
    local at = cursor.at + 1
    local item = cursor.list[at]
    while item == nil do
      local more, err = cursor.lock:guard(go_on)
      if err then
        error(err, 0)
      elseif not more then
        return nil
      end
      at = cursor.at + 1
      item = cursor.list[at]
    end
    cursor.at = at
    return item
  end)
end

--- Every page of a list joined into one result.
-- @tparam table client
-- @tparam string name of the operation, in either spelling
-- @tparam[opt] table params stay as they are
-- @tparam[opt] table options of each call
-- @treturn[1] table the operation's result with the whole list, and no token
-- @treturn[1] nil
-- @treturn[1] ?table meta of the last call
-- @treturn[2] nil
-- @treturn[2] table error
local function all(client, name, params, options)
  check.arguments("all", params, options, 3)
  local op, err = resolve(name, options)
  if not op then
    return nil, err
  end
  local cursor = new_cursor(client, op, params, options)
  local result, member, meta
  while true do
    local page, problem, its_meta = cursor:advance()
    if problem then
      return nil, problem
    elseif page == nil then
      break
    end
    meta = its_meta
    if not result then
      result, member = page, list_name(cursor, page)
    elseif member and result[member] == nil then
      result[member] = page[member]
    elseif member then
      local list = result[member]
      for _, item in ipairs(page[member] or {}) do
        list[#list + 1] = item
      end
    end
  end
  if cursor.pages then
    result[cursor.pages.output] = nil
  end
  return result, nil, meta
end

--- All items of a list at once, for the module's own use: errors are returned.
-- @tparam table client
-- @tparam string name of an operation with a list
-- @tparam[opt] table params
-- @tparam[opt] table options of each call
-- @tparam[opt] integer max_pages after which it gives up
-- @treturn[1] table list
-- @treturn[1] integer number of pages; where it is more than max_pages, the list is not whole
-- @treturn[2] nil
-- @treturn[2] table error
local function collect(client, name, params, options, max_pages)
  local op, problem = resolve(name, options)
  if not op then
    return nil, problem
  end
  local cursor = new_cursor(client, op, params, options)
  local list, count = nil, 0
  while true do
    local page, err = cursor:advance()
    if err then
      return nil, err
    elseif page == nil then
      return list or {}, count
    end
    count = count + 1
    local its_items = items_of(cursor, page)
    for _, item in ipairs(list and its_items or {}) do
      list[#list + 1] = item
    end
    list = list or its_items -- the first page's list keeps its type
    if count == max_pages and not (cursor.ended or cursor.err) then
      return list, count + 1
    end
  end
end

return {
  cursor = new_cursor,
  pages = pages,
  items = items,
  all = all,
  collect = collect,
}
