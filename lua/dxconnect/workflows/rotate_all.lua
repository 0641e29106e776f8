--- `dxconnect.macsec.rotate_all`: new MACsec keys for all ports of several clients that are due.
-- Clients side by side, in each one port at a time. One that fails stops no other. Each rotation is that of rotate_key,
-- so a run after one that was killed carries on, and no port is without a working key.

local check = require "dxconnect.check"
local client_list = require "dxconnect.workflows.client_list"
local errors = require "dxconnect.errors"
local own_options = require "dxconnect.workflows.own_options"
local port_lookup = require "dxconnect.workflows.port_lookup"
local ports = require "dxconnect.resources.ports"
local states = require "dxconnect.resources.states"
local timestamp = require "dxconnect.text.timestamp"
local types = require "dxconnect.text.types"

local DAY = 86400

local option_types = {
  older_than = "seconds", ports = "table", configure = "function", dry_run = "boolean", on_progress = "function",
  timeout = "seconds", check_secrets = "boolean", delay = "seconds", require_encryption_up = "boolean",
}

local entry_type = types.new "rotation"
local list_types = {
  done = types.list("rotations done", { columns = { "client", "region", "connectionId", "reason" } }),
  failed = types.list("rotations failed", { columns = { "client", "region", "connectionId", "error" } }),
  skipped = types.list("ports skipped", { columns = { "client", "region", "connectionId", "reason" } }),
  warnings = types.list("warnings", { columns = { "client", "region", "connectionId", "reason", "error" } }),
}

local function plural(n, one, many)
  return ("%d %s"):format(n, n == 1 and one or many or one)
end

-- ---- which ports are due

-- Since when the newest key is on a port; nil where no key tells.
local function newest_start(keys)
  local newest
  for _, key in ipairs(keys) do
    local start = ports.key_state(key) ~= "disassociating" and ports.start_of(key)
    if start and (not newest or start > newest) then
      newest = start
    end
  end
  return newest
end

local function age_text(seconds)
  seconds = math.max(seconds, 0)
  return seconds < 2 * DAY and ("%.0f hours"):format(seconds / 3600) or ("%.0f days"):format(seconds / DAY)
end

-- Whether the keys of a port are due, and why or why not.
local function is_due(port, older_than, now)
  local keys = ports.keys(port)
  local working = 0
  for _, key in ipairs(keys) do
    working = working + (ports.key_state(key) == "associated" and 1 or 0)
  end
  if working == 0 then
    return true, "no key that works"
  elseif not older_than then
    return false, "not due: it has a key that works"
  end
  local start = newest_start(keys)
  if not start then
    return false, "not due: no key tells its age"
  end
  local age = now - start
  if age > older_than then
    return true, ("the newest key is %s old"):format(age_text(age))
  end
  return false, ("not due: the newest key is %s old"):format(age_text(age))
end

-- Why a port has no keys to rotate; nil where it has.
local function why_not(port)
  local state = ports.state(port)
  if states.is_leaving(state) then
    return "it is " .. state
  elseif ports.is_member(port) then
    return "a member of LAG " .. port.lagId
  elseif not ports.can_encrypt(port) then
    return "without MACsec"
  elseif not states.is_deployed(state) and not (state == "pending" and #ports.keys(port) > 0) then
    return "it is " .. state -- one that is pending while a key is put on or taken off has keys
  end
end

-- ---- the ports of all clients

local function entry_of(owner, port, fields)
  local entry = {
    client = owner.name,
    region = port and port.region or owner.region,
    connectionId = port and ports.id(port),
  }
  for name, value in pairs(fields) do
    entry[name] = value
  end
  return setmetatable(entry, entry_type)
end

local function add(report, list, entry)
  table.insert(report[list], entry)
  return entry
end

-- The ids that were asked for, the LAG of each member among them. Nil where all ports are meant.
local function wanted_ids(fleet, listings)
  if not fleet.options.ports then
    return nil
  end
  local wanted = {}
  for _, id in ipairs(fleet.options.ports) do
    wanted[id] = true
  end
  for _, listing in ipairs(listings) do
    for _, port in ipairs(listing.ports) do
      if ports.is_member(port) and wanted[ports.id(port)] then
        wanted[port.lagId] = true
      end
    end
  end
  return wanted
end

-- Sorts the ports of a client: those that are due into its queue, the others into the report.
local function sort_ports(fleet, owner, list, wanted, seen)
  local now = owner.client.system.clock()
  for _, port in ipairs(list) do
    local id = ports.id(port)
    if id and not seen[id] and (not wanted or wanted[id]) then
      seen[id] = true
      local reason = why_not(port)
      if reason then
        add(fleet.report, "skipped", entry_of(owner, port, { reason = reason }))
      else
        local due, why = is_due(port, fleet.options.older_than, now)
        local item = { owner = owner, port = port, reason = why }
        table.insert(fleet.looked_at, item)
        if due then
          table.insert(owner.queue, item)
          fleet.total = fleet.total + 1
        else
          add(fleet.report, "skipped", entry_of(owner, port, { reason = why }))
        end
      end
    end
  end
end

local function read_ports(fleet)
  local tasks = {}
  for i, owner in ipairs(fleet.owners) do
    tasks[i] = function()
      local list, failure = port_lookup.list(owner.client)
      return { ports = list, failure = failure }
    end
  end
  local listings = {}
  for i, answer in ipairs(port_lookup.side_by_side(tasks)) do
    listings[i] = answer.result or { ports = {}, failure = answer.error }
  end
  local wanted, seen = wanted_ids(fleet, listings), {}
  for i, owner in ipairs(fleet.owners) do
    owner.queue = {}
    sort_ports(fleet, owner, listings[i].ports, wanted, seen)
    if listings[i].failure then
      add(fleet.report, "failed", entry_of(owner, nil, { error = listings[i].failure }))
    end
  end
  for _, id in ipairs(fleet.options.ports or {}) do
    if not seen[id] then
      seen[id] = true
      add(fleet.report, "failed", setmetatable({
        connectionId = id,
        error = errors.waiter("WaiterFailedError", "no client has a port " .. errors.shown(id), {
          reason = "not_found",
        }),
      }, entry_type))
    end
  end
end

-- ---- rotating

local function tell(fleet, entry)
  fleet.finished = fleet.finished + 1
  if not fleet.options.on_progress then
    return
  end
  local ok, raised = errors.protected(fleet.options.on_progress, fleet.finished, fleet.total, entry)
  if not ok and not fleet.has_warned then
    fleet.has_warned = true
    add(fleet.report, "warnings", setmetatable({
      reason = "on_progress raised an error: " .. errors.message_of(raised),
    }, entry_type))
  end
end

local function rotate(fleet, item)
  local options = fleet.options
  local port, err = item.owner.client:rotate_mac_sec_key({ connectionId = ports.id(item.port) }, {
    configure = options.configure,
    dry_run = options.dry_run,
    timeout = options.timeout,
    delay = options.delay,
    require_encryption_up = options.require_encryption_up,
  })
  if not port then
    return add(fleet.report, "failed", entry_of(item.owner, item.port, { error = err, actions = err.actions }))
  end
  local entry = entry_of(item.owner, item.port, { reason = item.reason, actions = port.actions })
  item.port = port
  return add(fleet.report, "done", entry)
end

local function rotate_ports(fleet)
  local tasks = {}
  for i, owner in ipairs(fleet.owners) do
    tasks[i] = function()
      for _, item in ipairs(owner.queue) do
        tell(fleet, rotate(fleet, item))
      end
    end
  end
  for i, answer in ipairs(port_lookup.side_by_side(tasks)) do
    if answer.error then -- the ports that are left are not lost in silence
      add(fleet.report, "failed", entry_of(fleet.owners[i], nil, { error = answer.error }))
    end
  end
end

-- ---- warnings

local function add_warning(fleet, item, fields)
  add(fleet.report, "warnings", entry_of(item.owner, item.port, fields))
end

-- Warns of a rotation that did not come to its end: a young key beside one that is old enough to go.
local function warn_of_remains(fleet)
  local older_than = fleet.options.older_than
  for _, item in ipairs(older_than and fleet.looked_at or {}) do
    local now, old, young = item.owner.client.system.clock(), 0, 0
    for _, key in ipairs(ports.keys(item.port)) do
      local start = ports.key_state(key) == "associated" and ports.start_of(key)
      old = old + (start and now - start > older_than and 1 or 0)
      young = young + (start and now - start <= older_than and 1 or 0)
    end
    if old > 0 and young > 0 and not fleet.options.dry_run then
      add_warning(fleet, item, {
        reason = ("%s old enough to go beside a newer one: a rotation may have broken off"):format(
          plural(old, "key", "keys")),
      })
    end
  end
end

-- The region of a secret, by its ARN; nil where it tells none.
local function region_of(arn)
  return arn:match("^arn:[^:]*:secretsmanager:([^:]+):")
end

local function check_secret(fleet, item, key)
  local answer, err = item.owner.client:send({
    service = "secretsmanager",
    target = "secretsmanager.DescribeSecret",
    params = { SecretId = key.secretARN },
  }, { region = region_of(key.secretARN), repeatable = true })
  if not answer then
    add_warning(fleet, item, {
      reason = ("the secret of key %s could not be looked at"):format(key.ckn or key.secretARN),
      error = err,
    })
  elseif answer.DeletedDate ~= nil then
    local date = type(answer.DeletedDate) == "number" and timestamp.format(answer.DeletedDate)
      or tostring(answer.DeletedDate)
    add_warning(fleet, item, {
      reason = ("the secret of key %s is scheduled for deletion on %s"):format(key.ckn or key.secretARN, date),
      secretARN = key.secretARN,
    })
  end
end

local function check_secrets(fleet)
  local tasks = {}
  for i, owner in ipairs(fleet.owners) do
    tasks[i] = function()
      for _, item in ipairs(fleet.looked_at) do
        for _, key in ipairs(item.owner == owner and ports.keys(item.port) or {}) do
          if type(key.secretARN) == "string" and key.secretARN ~= "" then
            check_secret(fleet, item, key)
          end
        end
      end
    end
  end
  port_lookup.side_by_side(tasks)
end

-- ---- the report

local titles = { { "done", "Done" }, { "failed", "Failed" }, { "skipped", "Skipped" }, { "warnings", "Warnings" } }

local function one_line(value)
  return (tostring(value):gsub("%c+", " "))
end

local function entry_lines(entry, lines)
  local words = {}
  for _, name in ipairs { "client", "region", "connectionId" } do
    words[#words + 1] = entry[name] ~= nil and one_line(entry[name]) or nil
  end
  local what = entry.reason and one_line(entry.reason)
  if entry.error then
    what = (what and what .. ": " or "") .. one_line(entry.error)
  end
  lines[#lines + 1] = ("  %s%s%s"):format(table.concat(words, " "), #words > 0 and ": " or "", what or "")
  for _, action in ipairs(entry.actions or {}) do
    lines[#lines + 1] = "    - " .. one_line(action)
  end
end

local function report_text(report)
  local lines = { ("MACsec keys: %d %s, %d failed, %d skipped, %s"):format(#report.done,
    report.dry_run and "to rotate (dry run: nothing was changed)" or "rotated", #report.failed, #report.skipped,
    plural(#report.warnings, "warning", "warnings")) }
  for _, pair in ipairs(titles) do
    local list = report[pair[1]]
    if #list > 0 then
      lines[#lines + 1] = ""
      lines[#lines + 1] = pair[1] == "done" and report.dry_run and "To rotate" or pair[2]
      for _, entry in ipairs(list) do
        entry_lines(entry, lines)
      end
    end
  end
  return table.concat(lines, "\n")
end

local report_type = types.new("rotation report", { text = report_text })

local function new_report(dry_run)
  local report = { dry_run = dry_run or nil }
  for name, list_type in pairs(list_types) do
    report[name] = setmetatable({}, list_type)
  end
  return setmetatable(report, report_type)
end

-- ---- the function

local function check_ports(list)
  for i, id in ipairs(list or {}) do
    if type(id) ~= "string" or id == "" then
      return nil, errors.config(("ports[%d]: expected the id of a port, got %s"):format(i,
        id == "" and "an empty string" or "a " .. type(id)))
    end
  end
  return true
end

--- Rotates the MACsec keys of all ports that are due.
-- @tparam table clients a list of them, or a table of names to clients
-- @tparam[opt] table options `older_than`: seconds since the newest key's startOn; without it, only ports without a key
--   that works are due; `ports`: a list of ids; `configure`, `dry_run`, `timeout`, `delay`, `require_encryption_up` as
--   of rotate_mac_sec_key, `timeout` for each port; `on_progress(done, total, entry)`; `check_secrets`: warn of keys
--   whose secret is scheduled for deletion
-- @treturn[1] table `{done, failed, skipped, warnings}`: lists of `{client, region, connectionId, reason or error,
--   actions}`. Prints as a report
-- @treturn[2] nil
-- @treturn[2] table error of kind "config", for options that are wrong
local function rotate_all(clients, options)
  local owners = client_list.read("rotate_all", clients, 2)
  check.is_table_or_nil("rotate_all: options", options)
  local own, err = own_options.split("rotate_all", option_types, options)
  local ok = own
  if own then
    ok, err = check_ports(own.ports)
  end
  if not ok then
    return nil, err
  end
  local fleet = {
    owners = owners,
    options = own,
    report = new_report(own.dry_run),
    looked_at = {}, -- ports that can have keys
    total = 0, -- ports that are due
    finished = 0,
  }
  read_ports(fleet)
  rotate_ports(fleet)
  warn_of_remains(fleet)
  if own.check_secrets then
    check_secrets(fleet)
  end
  return fleet.report
end

return { rotate_all = rotate_all }
