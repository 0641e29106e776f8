--- MACsec keys: making them, and auditing the ports that have them. Rotating one is in rotation.lua.

local async = require "dxconnect.async"
local core = require "dxconnect.core"
local errors = require "dxconnect.errors"
local pages = require "dxconnect.workflows.pages"
local ports = require "dxconnect.resources.ports"

local KEY_BYTES = 32 -- of a CKN and of a CAK, each twice as many hexadecimal digits

local LISTS = { "describe_connections", "describe_interconnects", "describe_lags" }

--- Makes a CKN and a CAK from the operating system's random source. The CAK is a secret from its first byte on.
-- @treturn[1] table `{ckn = string, cak = secret}`
-- @treturn[2] nil
-- @treturn[2] table error of kind "config", where the system gives no memory that can be locked
local function generate()
  local cak, message = core.secret_random_hex(KEY_BYTES)
  if not cak then
    return nil, errors.config("no key can be made: " .. message)
  end
  return { ckn = core.hex(core.random_bytes(KEY_BYTES)), cak = cak }
end

local function entry_of(port, region, now)
  return {
    region = port.region or region,
    connectionId = port.connectionId,
    interconnectId = port.interconnectId,
    lagId = not ports.is_member(port) and port.lagId or nil,
    encryptionMode = port.encryptionMode,
    portEncryptionStatus = ports.encryption_status(port),
    macSecKeys = port.macSecKeys or {},
    problems = ports.problems(port, now),
  }
end

-- ---- the printed table

local COLUMNS = { "REGION", "PORT", "MODE", "ENCRYPTION", "KEY", "STATE", "SINCE", "PROBLEMS" }
local CKN_SHOWN = 12 -- digits

local function one_line(value)
  return (tostring(value):gsub("%c", " "))
end

-- The lines of a port, one for each key.
local function rows_of(entry)
  if entry.error then
    return { { entry.region or "-", "error: " .. tostring(entry.error) } }
  end
  local rows = {}
  local keys = entry.macSecKeys
  for i = 1, math.max(#keys, 1) do
    local key = keys[i] or {}
    local row = { "", "", "", "", "-", "-", "-", "" }
    if i == 1 then
      row[1], row[2] = entry.region or "-", ports.id(entry) or "-"
      row[3], row[4] = entry.encryptionMode or "-", entry.portEncryptionStatus or "-"
      row[8] = table.concat(entry.problems, ", ")
    end
    if key.ckn then
      row[5] = #key.ckn > CKN_SHOWN and key.ckn:sub(1, CKN_SHOWN) .. "..." or key.ckn
    elseif key.secretARN then
      row[5] = key.secretARN
    end
    row[6], row[7] = key.state or "-", key.startOn or "-"
    rows[i] = row
  end
  return rows
end

local function table_text(list)
  local rows = { COLUMNS }
  for _, entry in ipairs(list) do
    for _, row in ipairs(rows_of(entry)) do
      rows[#rows + 1] = row
    end
  end
  local widths = {}
  for _, row in ipairs(rows) do
    for i, cell in ipairs(row) do
      row[i] = one_line(cell)
      if i < #row then -- the last cell has the rest of the line to itself
        widths[i] = math.max(widths[i] or 0, #row[i])
      end
    end
  end
  local lines = {}
  for i, row in ipairs(rows) do
    local cells = {}
    for k, cell in ipairs(row) do
      cells[k] = k < #row and cell .. (" "):rep(widths[k] - #cell) or cell
    end
    lines[i] = (table.concat(cells, "  "):gsub("%s+$", ""))
  end
  return table.concat(lines, "\n")
end

local list_mt = { __name = "dxconnect.audit", __tostring = table_text }

-- ---- audits

-- The entries of one client: its ports, and an error where some can't be listed.
local function entries_of(client)
  local region = client:explain().region.value
  local tasks = {}
  for i, method in ipairs(LISTS) do
    tasks[i] = function()
      return pages.collect(client, method)
    end
  end
  local entries, failure = {}, nil
  local now = client.system.clock()
  for _, answer in ipairs(async.parallel(tasks)) do
    failure = failure or answer.error
    for _, port in ipairs(answer.result or {}) do
      entries[#entries + 1] = entry_of(port, region, now)
    end
  end
  if failure then
    entries[#entries + 1] = { region = region, error = failure }
  end
  return entries
end

local function check_clients(clients)
  if type(clients) ~= "table" then
    error("audit: expected a list of clients, got a " .. type(clients), 3)
  elseif getmetatable(clients) ~= nil and clients.describe_connections then
    error("audit: expected a list of clients, got a client: macsec.audit{ client }", 3)
  end
  for i = 1, #clients do
    if type(clients[i]) ~= "table" or not clients[i].describe_connections then
      error(("audit: item %d is no client but a %s"):format(i, type(clients[i])), 3)
    end
  end
end

--- Lists every port of every client: connections, interconnects and LAGs, their keys and what is wrong with them.
-- @tparam {table,...} clients
-- @treturn table list, in the order of the clients, of `{region, connectionId | interconnectId | lagId, encryptionMode,
--   portEncryptionStatus, macSecKeys, problems}`; a client that fails has an entry `{region, error}`. Printed, a table
local function audit(clients)
  check_clients(clients)
  local tasks = {}
  for i = 1, #clients do
    tasks[i] = function()
      return entries_of(clients[i])
    end
  end
  local list = setmetatable({}, list_mt)
  for _, answer in ipairs(async.parallel(tasks)) do
    for _, entry in ipairs(answer.result or { { error = answer.error } }) do
      list[#list + 1] = entry
    end
  end
  return list
end

return {
  generate = generate,
  audit = audit,
}
