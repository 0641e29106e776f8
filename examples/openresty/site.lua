--- The site: one worker reads the estate of all accounts again and again, and leaves what it saw in a shared dict.
-- Every worker answers from there. Where something could not be read, the page says so, and shows what was seen last in
-- grey, with its age: it never says that all is well where it could not look.

local dxconnect = require "dxconnect"

local json = require("cjson").new()

local CHANGES = 20 -- kept
local LATE = 4 -- readings that may be missed until what is shown is old
local ROWS = 1000 -- of the table
local WORST = 6 -- findings shown at once

local site = {}

-- ---- text

local entities = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;", ["'"] = "&#39;" }

local function escape(value)
  return (tostring(value):gsub("[%z\1-\31\127]", " "):gsub("[&<>\"']", entities))
end

local function clock_of(seconds)
  return os.date("!%H:%M:%S UTC", seconds)
end

local function age_of(seconds)
  if seconds < 120 then
    return ("%d s"):format(seconds)
  elseif seconds < 7200 then
    return ("%d min"):format(seconds / 60)
  end
  return ("%d h"):format(seconds / 3600)
end

-- lua-cjson writes an empty table as an object, so lists are put together here.
local function json_list(list, encode)
  local texts = {}
  for i, item in ipairs(list) do
    texts[i] = encode(item)
  end
  return "[" .. table.concat(texts, ",") .. "]"
end

-- The picture without its style, which is a file of its own: the page allows no inline style.
local function picture_of(inventory, options)
  return (inventory:svg(options):gsub("<style>.-</style>", "", 1))
end

local function pictures_of(inventory, stale)
  return '<div class="wide">' .. picture_of(inventory, { addresses = true, stale = stale })
    .. '</div><div class="narrow">' .. picture_of(inventory, { addresses = true, stacked = true, stale = stale })
    .. "</div>"
end

-- ---- parts of the page, made when the estate was read

local SIGNS = { critical = "✕", warning = "!", note = "i" }

local function address_of(inventory, id)
  return inventory:find(id) and ('<a href="#%s">%s</a>'):format(escape(id), escape(id)) or escape(id)
end

local function findings_list(inventory, findings, first, last)
  local out = {}
  for i = first, math.min(last, #findings) do
    local finding = findings[i]
    out[#out + 1] = ('<li class="%s"><strong>%s %s</strong> %s <span class="hint">%s</span> %s</li>'):format(
      finding.severity, SIGNS[finding.severity], finding.severity, escape(finding.message), escape(finding.hint),
      finding.id and address_of(inventory, finding.id) or "")
  end
  return #out > 0 and "<ol>" .. table.concat(out) .. "</ol>" or nil
end

-- The worst findings, and the others behind a click. What could not be read is told above the picture.
local function findings_html(inventory, findings)
  local list = {}
  for _, finding in ipairs(findings) do
    list[#list + 1] = finding.rule ~= "incomplete" and finding or nil
  end
  return ('<div class="worst">%s</div><details><summary>Further findings</summary><div class="rest">%s</div></details>')
    :format(findings_list(inventory, list, 1, WORST) or inventory.complete and "<p>✓ nothing was found</p>"
    or "<p>? nothing was found in what could be read</p>", findings_list(inventory, list, WORST + 1, ROWS) or "none")
end

local function table_html(inventory)
  local out = {}
  for i, resource in ipairs(inventory.resources) do
    if i > ROWS then
      out[#out + 1] = ('<tr><td colspan="6">%d more: <a href="inventory.json">inventory.json</a></td></tr>'):format(
        #inventory.resources - ROWS)
      break
    end
    local cells = {}
    for column, value in ipairs {
      resource.kind:gsub("_", " "), resource.name or "", "", resource.state or "", resource.client,
      resource.region or "",
    } do
      cells[column] = "<td>" .. escape(value) .. "</td>"
    end
    cells[3] = "<td><code>" .. address_of(inventory, resource.id) .. "</code></td>"
    out[#out + 1] = "<tr>" .. table.concat(cells) .. "</tr>"
  end
  return '<table><thead><tr><th scope="col">What</th><th scope="col">Name</th><th scope="col">Id</th>'
    .. '<th scope="col">State</th><th scope="col">Client</th><th scope="col">Region</th></tr></thead><tbody>'
    .. table.concat(out) .. "</tbody></table>"
end

-- One line for each place, with the first of its errors.
local function problems_html(inventory)
  local places, counts = {}, {}
  for _, entry in ipairs(inventory.errors) do
    local place = entry.client .. ", " .. entry.region
    if not counts[place] then
      places[#places + 1] = { name = place, error = entry.error }
    end
    counts[place] = (counts[place] or 0) + 1
  end
  local out = {}
  for i, place in ipairs(places) do
    local count = counts[place.name]
    out[i] = ('<p class="problem" role="alert">✕ not read: %s: %s: %s</p>'):format(escape(place.name),
      count == 1 and "1 list" or count .. " lists", escape(place.error))
  end
  return table.concat(out)
end

local function is_all_unread(inventory)
  return not inventory.complete and #inventory.resources == 0
end

-- ---- reading, in one worker

local function keep(name, value)
  assert(ngx.shared.site:set(name, value))
end

local function findings_json(findings)
  return json_list(findings, function(finding)
    return json.encode {
      severity = finding.severity, rule = finding.rule, id = finding.id, message = finding.message,
      hint = finding.hint,
    }
  end)
end

local function keep_inventory(inventory)
  local findings = inventory:assess()
  local read_at = inventory:read_at()
  local when = clock_of(read_at)
  local old = pictures_of(inventory, "as it was seen at " .. when .. ": the state now is unknown")
  keep("json", inventory:json())
  keep("metrics", inventory:metrics())
  keep("findings", findings_json(findings))
  keep("latest", json.encode {
    read_at = read_at, complete = inventory.complete, unread = is_all_unread(inventory),
    picture = pictures_of(inventory), old = old, table = table_html(inventory), problems = problems_html(inventory),
    findings = findings_html(inventory, findings), errors = #inventory.errors,
  })
  if inventory.complete then
    keep("good", json.encode { read_at = read_at, old = old })
    keep("good_json", ngx.shared.site:get("json"))
  end
end

-- An error of its own says why a picture is old; the watch goes on.
local function on_read(inventory)
  local ok, problem = pcall(keep_inventory, inventory)
  if not ok then
    ngx.log(ngx.ERR, "no picture: ", tostring(problem))
  end
end

local function on_change(change)
  local changes = json.decode(ngx.shared.site:get("changes") or "[]")
  table.insert(changes, 1, { at = ngx.time(), id = change.id, text = tostring(change) })
  changes[CHANGES + 1] = nil
  keep("changes", json.encode(changes))
end

local function words_of(text)
  local words = {}
  for word in (text or ""):gmatch("[^%s,]+") do
    words[#words + 1] = word
  end
  return words
end

--- Makes the clients: one for each profile of DXCONNECT_PROFILES, or the default one. For init_by_lua.
-- @treturn table `{clients, regions, interval, default}`
function site.settings()
  local names = words_of(os.getenv("DXCONNECT_PROFILES"))
  local regions = words_of(os.getenv("DXCONNECT_REGIONS"))
  local clients, default = {}, nil
  for _, name in ipairs(#names > 0 and names or { "default" }) do
    local client = assert(dxconnect.client { profile = #names > 0 and name or nil, total_timeout = 10 })
    clients[name], default = client, default or client
  end
  return {
    clients = clients, regions = #regions > 0 and regions or nil, default = default,
    interval = tonumber(os.getenv("DXCONNECT_INTERVAL") or "") or 30,
  }
end

--- Begins to watch. For init_worker_by_lua, in every worker: a lock in the shared dict chooses the one that reads.
-- @tparam table settings
function site.watch(settings)
  assert(dxconnect.watch {
    clients = settings.clients, regions = settings.regions, interval = settings.interval, shared_dict = "site",
    on_read = on_read, on_change = on_change,
  })
end

-- ---- answering, in every worker

local function latest_of(settings)
  local text = ngx.shared.site:get("latest")
  local latest = text and json.decode(text)
  if latest then
    latest.age = math.max(ngx.time() - latest.read_at, 0)
    latest.is_late = latest.age > LATE * settings.interval + 10
  end
  return latest
end

local function changes_html()
  local out = {}
  for _, change in ipairs(json.decode(ngx.shared.site:get("changes") or "[]")) do
    out[#out + 1] = ('<li><time>%s</time> %s</li>'):format(clock_of(change.at), escape(change.text))
  end
  return #out > 0 and "<ol>" .. table.concat(out) .. "</ol>" or "<p>none since the site was started</p>"
end

local function stale_html(read_at)
  return ('<p class="problem unknown" role="alert">? Stale: seen %s ago, at %s. The state now is unknown.</p>'):format(
    age_of(math.max(ngx.time() - read_at, 0)), clock_of(read_at))
end

-- What the picture shows: status, picture.
local function show(latest)
  local good = json.decode(ngx.shared.site:get("good") or "null")
  good = type(good) == "table" and good or nil
  if latest.is_late then
    return stale_html(latest.read_at), latest.old
  elseif latest.unread then
    return good and stale_html(good.read_at) .. latest.problems or latest.problems
      .. '<p class="problem unknown" role="alert">? Nothing could be read: the state is unknown.</p>',
      good and good.old or latest.picture
  elseif not latest.complete then
    return ('<p class="problem unknown" role="alert">? Read in part %s ago: the state of what could not be read is '
      .. "unknown.</p>"):format(age_of(latest.age)) .. latest.problems,
      latest.picture .. (good and "<h2>As all of it was seen last</h2>" .. stale_html(good.read_at) .. good.old or "")
  end
  return ('<p class="when">Read %s ago.</p>'):format(age_of(latest.age)), latest.picture
end

--- The part of the page that changes.
-- @tparam table settings
-- @treturn ?string HTML; nil before the first reading
function site.fragment(settings)
  local latest = latest_of(settings)
  if not latest then
    return nil
  end
  local status, picture = show(latest)
  local doubt = latest.is_late and '<p class="problem unknown">? as of then</p>' or ""
  return ('<div class="status">%s</div><div class="picture" role="group" aria-label="Picture" tabindex="0">%s</div>'
    .. '<section class="findings"><h2>Findings</h2>%s%s</section><section class="changes"><h2>Last changes</h2>%s'
    .. '</section><details><summary>The same as a table</summary><div class="table">%s</div></details>'):format(status,
    picture, doubt, latest.findings, changes_html(), latest.table)
end

--- What `/inventory.json`, `/findings.json` and `/metrics` answer.
-- @tparam table settings
-- @tparam string name "json", "findings" or "metrics"
-- @treturn ?string nil where there is nothing that says how things are now
function site.text(settings, name)
  local latest = latest_of(settings)
  if not latest or latest.is_late and name == "metrics" then
    return nil
  elseif name == "findings" then
    return ('{"read_at":%d,"complete":%s,"stale":%s,"findings":%s}\n'):format(latest.read_at,
      tostring(latest.complete), tostring(latest.is_late), ngx.shared.site:get("findings"))
  end
  return ngx.shared.site:get(name)
end

-- ---- one resource

local loaded = {} -- this worker's, by name: {text, inventory}

local function inventory_of(name)
  local text = ngx.shared.site:get(name)
  local known = loaded[name]
  if text and not (known and known.text == text) then
    known = { text = text, inventory = dxconnect.inventory.load(text) }
    loaded[name] = known
  end
  return known and known.inventory
end

-- A resource as it was seen last, and the inventory that it is in.
local function seen_last(id)
  local placeholder, place
  for _, name in ipairs { "json", "good_json" } do
    local inventory = inventory_of(name)
    local resource = inventory and inventory:find(id)
    if resource and not resource.placeholder then
      return resource, inventory
    end
    placeholder, place = placeholder or resource, place or resource and inventory
  end
  return placeholder, place
end

local function members_html(value)
  if type(value) ~= "table" then
    return escape(value)
  end
  local names, out = {}, {}
  for name in pairs(value) do
    names[#names + 1] = name
  end
  table.sort(names, function(a, b)
    return type(a) == type(b) and a < b or type(a) == "number" and type(b) ~= "number"
  end)
  for i, name in ipairs(names) do
    out[i] = ("<dt>%s</dt><dd>%s</dd>"):format(escape(name), members_html(value[name]))
  end
  return #out > 0 and "<dl>" .. table.concat(out) .. "</dl>" or "none"
end

--- All that is known of a resource, as HTML. Its secrets are hidden: the inventory that is kept has none.
-- @tparam string id
-- @treturn ?string
function site.resource(id)
  local resource, inventory = seen_last(id)
  if not resource then
    return nil
  end
  local links = {}
  for i, link in ipairs(inventory:links_of(resource)) do
    links[i] = ("<li>%s → %s: %s%s</li>"):format(address_of(inventory, link.from), address_of(inventory, link.to),
      escape(link.kind), link.state and ", " .. escape(link.state) or "")
  end
  local facts = {
    kind = resource.kind, id = resource.id, name = resource.name, state = resource.state, client = resource.client,
    account = resource.account, region = resource.region, tags = resource.tags, routes = resource.routes,
  }
  return ('<h2>%s</h2><p class="when">as seen at %s</p>%s<h3>Links</h3><ul>%s</ul><h3>As the service tells it</h3>%s')
    :format(escape(resource.name or resource.id), clock_of(inventory:read_at() or 0), members_html(facts),
    #links > 0 and table.concat(links) or "<li>none</li>", members_html(resource.data))
end

-- ---- a call in the request itself

local shown = {
  "connectionId", "connectionName", "connectionState", "location", "bandwidth", "lagId", "macSecCapable",
  "encryptionMode", "portEncryptionStatus",
}

--- All connections and their MACsec keys, as JSON: `{"connections": [{…, "macSecKeys": […]}]}`.
-- @tparam table client
-- @treturn[1] string
-- @treturn[2] nil
-- @treturn[2] table error
function site.connections_json(client)
  local list = {}
  local ok, err = pcall(function()
    for connection in client:items("describe_connections") do
      list[#list + 1] = connection
    end
  end)
  if not ok then
    return nil, err
  end
  return '{"connections":' .. json_list(list, function(connection)
    local fields = {}
    for _, name in ipairs(shown) do
      fields[name] = connection[name]
    end
    local keys = json_list(connection.macSecKeys or {}, function(key)
      return json.encode({ ckn = key.ckn, secretARN = key.secretARN, state = key.state, startOn = key.startOn })
    end)
    return json.encode(fields):sub(1, -2) .. ',"macSecKeys":' .. keys .. "}"
  end) .. "}"
end

--- An error as JSON: `{"error": {"code", "message"}}`.
function site.error_json(err)
  local code = type(err) == "table" and err.code or "Error"
  return json.encode({ error = { code = code, message = tostring(err) } })
end

--- The style of the pictures.
function site.style()
  local empty = '{"format":"dxconnect-inventory","version":1,"resources":[],"links":[],"errors":[],"reads":[]}'
  return assert(dxconnect.inventory.load(empty)):svg():match("<style>(.-)</style>")
end

--- The page, of its file.
-- @tparam string path
-- @tparam table settings
-- @treturn string
function site.page(path, settings)
  local file = assert(io.open(path))
  local page = file:read("*a")
  file:close()
  local names = {}
  for name in pairs(settings.clients) do
    names[#names + 1] = name
  end
  table.sort(names)
  return (page:gsub("@ACCOUNTS@", function()
    return escape(#names == 1 and settings.default:explain().region.value or table.concat(names, ", "))
  end))
end

return site
