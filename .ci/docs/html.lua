--- Pieces of a page, made with cosmo's templates. Every text is escaped on its way in; only what these functions made
-- is taken as it is.

local cosmo = require "cosmo"

local html_mt = {} -- marks what is HTML already

local escapes = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;", ["'"] = "&#39;" }

local function is_html(value)
  return type(value) == "table" and getmetatable(value) == html_mt
end

local function escape(text)
  return (tostring(text):gsub("[&<>\"']", escapes))
end

-- Values for a template: texts escaped, HTML as it is, lists and tables likewise.
local function safe(value)
  if is_html(value) then
    return value.text
  elseif type(value) ~= "table" then
    return escape(value)
  end
  local copy = {}
  for name, inner in pairs(value) do
    copy[name] = safe(inner)
  end
  return copy
end

local function fill(template, values)
  return setmetatable({ text = cosmo.fill(template, safe(values)) }, html_mt)
end

local function join(parts)
  local texts = {}
  for i, part in ipairs(parts) do
    texts[i] = safe(part)
  end
  return setmetatable({ text = table.concat(texts) }, html_mt)
end

local function link(href, text)
  return fill('<a href="$href">$text</a>', { href = href, text = text })
end

local function heading(id, text)
  return fill('<h2 id="$id">$text</h2>\n', { id = id, text = text })
end

local function paragraph(text)
  return fill("<p>$text</p>\n", { text = text })
end

local function code(text)
  return fill("<pre><code>$text</code></pre>\n", { text = text })
end

local function labels(list)
  local items = {}
  for i, text in ipairs(list) do
    items[i] = { text = text }
  end
  return fill('<ul class="labels">$items[[<li>$text</li>]]</ul>\n', { items = items })
end

--- A table. Each row is a list of cells; `id` makes it an anchor.
local function rows_of(head, rows)
  local columns, body = {}, {}
  for i, text in ipairs(head) do
    columns[i] = { text = text }
  end
  for i, row in ipairs(rows) do
    local cells = {}
    for j, cell in ipairs(row) do
      cells[j] = { cell = cell }
    end
    body[i] = { id = row.id and fill(' id="$id"', { id = row.id }) or "", cells = cells }
  end
  return fill([=[
<table><thead><tr>$columns[[<th>$text</th>]]</tr></thead>
<tbody>$body[[<tr$id>$cells[[<td>$cell</td>]]</tr>
]]</tbody></table>
]=], { columns = columns, body = body })
end

local PAGE = [=[
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title - dxconnect</title>
<link rel="stylesheet" href="style.css">
</head>
<body>
<header>
<div class="bar"><a href="index.html">dxconnect</a>
<label><input id="search" type="search" placeholder="Search: an operation, a member, a word" aria-label="Search">
</label></div>
<div id="found" aria-live="polite"></div>
</header>
<main>
<h1>$title</h1>
<p class="kind">$kind</p>
$body
</main>
<footer>dxconnect $version. <a href="index.html">All pages</a></footer>
<script src="index.js"></script>
<script src="search.js"></script>
</body>
</html>
]=]

--- A whole page.
-- @tparam table values `title`, `kind`, `body`, `version`
-- @treturn string
local function page(values)
  return fill(PAGE, values).text
end

return {
  is_html = is_html, escape = escape, join = join, link = link, heading = heading, paragraph = paragraph, code = code,
  labels = labels, table = rows_of, page = page,
}
