--- MACsec keys: making them, and auditing the ports that have them.

local client_list = require "dxconnect.workflows.client_list"
local core = require "dxconnect.core"
local errors = require "dxconnect.errors"
local port_lookup = require "dxconnect.workflows.port_lookup"
local ports = require "dxconnect.resources.ports"
local rotate_all = require "dxconnect.workflows.rotate_all"
local types = require "dxconnect.text.types"

local KEY_BYTES = 32 -- of a CKN and of a CAK, each twice as many hexadecimal digits

local key_type = types.new "MACsec key"
local problems_type = types.list "problems"
local keys_type = types.shape "MacSecKeyList"
local entry_type = types.new "audited port"

--- Makes a CKN and a CAK from the operating system's random source. The CAK is a secret from its first byte on.
-- @treturn[1] table `{ckn = string, cak = secret}`
-- @treturn[2] nil
-- @treturn[2] table error of kind "config", where the system gives no memory that can be locked
local function generate()
  local cak, message = core.secret_random_hex(KEY_BYTES)
  if not cak then
    return nil, errors.config("no key can be made: " .. message)
  end
  return setmetatable({ ckn = core.hex(core.random_bytes(KEY_BYTES)), cak = cak }, key_type)
end

local function entry_of(port, owner, now)
  return setmetatable({
    client = owner.name,
    account = port.ownerAccount,
    region = port.region or owner.region,
    connectionId = port.connectionId,
    interconnectId = port.interconnectId,
    lagId = not ports.is_member(port) and port.lagId or nil,
    encryptionMode = port.encryptionMode,
    portEncryptionStatus = ports.encryption_status(port),
    macSecKeys = port.macSecKeys or setmetatable({}, keys_type),
    problems = setmetatable(ports.problems(port, now), problems_type),
  }, entry_type)
end

-- ---- the printed table

local HEADS = { "CLIENT", "ACCOUNT", "REGION", "PORT", "MODE", "ENCRYPTION", "KEY", "STATE", "SINCE", "PROBLEMS" }
local CKN_SHOWN = 12 -- digits

local function one_line(value)
  return (tostring(value):gsub("%c", " "))
end

local function key_name(key)
  if type(key.ckn) == "string" and #key.ckn > CKN_SHOWN then
    return key.ckn:sub(1, CKN_SHOWN) .. "..."
  end
  return key.ckn or key.secretARN or "-"
end

-- The lines of a port, one for each key.
local function rows_of(entry)
  local rows = {}
  local first = { entry.client or "-", entry.account or "-", entry.region or "-" }
  if entry.error then
    first[4] = "error: " .. tostring(entry.error)
    return { first }
  end
  for i = 1, math.max(#entry.macSecKeys, 1) do
    local key = entry.macSecKeys[i] or {}
    local row = i == 1 and first or { "", "", "" }
    row[4] = i == 1 and (ports.id(entry) or "-") or ""
    row[5] = i == 1 and (entry.encryptionMode or "-") or ""
    row[6] = i == 1 and (entry.portEncryptionStatus or "-") or ""
    row[7], row[8], row[9] = key_name(key), key.state or "-", key.startOn or "-"
    row[10] = i == 1 and table.concat(entry.problems, ", ") or ""
    rows[i] = row
  end
  return rows
end

-- Takes the columns of clients and accounts out where no entry has one.
local function without_unused(rows, list)
  for column, member in pairs { [2] = "account", [1] = "client" } do
    local is_used = false
    for _, entry in ipairs(list) do
      is_used = is_used or entry[member] ~= nil
    end
    for _, row in ipairs(is_used and {} or rows) do
      row[column] = false
    end
  end
  for i, row in ipairs(rows) do
    local kept = {}
    for column = 1, #HEADS do
      if row[column] then
        kept[#kept + 1] = row[column]
      end
    end
    rows[i] = kept
  end
  return rows
end

local function table_text(list)
  local rows = { { (table.unpack or unpack)(HEADS) } } -- luacheck: ignore 113
  for _, entry in ipairs(list) do
    for _, row in ipairs(rows_of(entry)) do
      rows[#rows + 1] = row
    end
  end
  rows = without_unused(rows, list)
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

local list_type = types.list("audited ports", {
  text = table_text,
  columns = { "client", "account", "region", "connectionId", "interconnectId", "lagId", "encryptionMode",
    "portEncryptionStatus", "problems" },
})

-- ---- audits

-- The entries of one client: its ports, and an error where some can't be listed.
local function entries_of(owner)
  local list, failure = port_lookup.list(owner.client)
  local entries, now = {}, owner.client.system.clock()
  for i, port in ipairs(list) do
    entries[i] = entry_of(port, owner, now)
  end
  if failure then
    entries[#entries + 1] = setmetatable({ client = owner.name, region = owner.region, error = failure }, entry_type)
  end
  return entries
end

--- Lists every port of every client: connections, interconnects and LAGs, their keys and what is wrong with them.
-- @tparam table clients a list of them, or a table of names to clients
-- @treturn table list, in the order of the clients, of `{client, account, region, connectionId | interconnectId |
--   lagId, encryptionMode, portEncryptionStatus, macSecKeys, problems}`; a client that fails has an entry
--   `{client, region, error}`. Printed, a table
local function audit(clients)
  local owners, tasks = client_list.read("audit", clients, 2), {}
  for i, owner in ipairs(owners) do
    tasks[i] = function()
      return entries_of(owner)
    end
  end
  local list = setmetatable({}, list_type)
  for _, answer in ipairs(port_lookup.side_by_side(tasks)) do
    for _, entry in ipairs(answer.result or { { error = answer.error } }) do
      list[#list + 1] = entry
    end
  end
  return list
end

return {
  generate = generate,
  audit = audit,
  rotate_all = rotate_all.rotate_all,
}
