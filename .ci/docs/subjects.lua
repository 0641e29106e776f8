--- Pages on a subject: the emulator, inventories, files, the command, retries; and what other pages take from there.

local delays = require "dxconnect.emulator.delays"
local dxconnect = require "dxconnect"
local guide = require "dxconnect.help.guide"
local json = require "dxconnect.text.json"
local operations = require "dxconnect.operations"
local quotas = require "dxconnect.resources.quotas"
local rules = require "dxconnect.inventory.rules"
local volatile = require "dxconnect.resources.volatile"

local NOW = 1767225600 -- the time in the examples of files, so that they are the same each time

local service_errors = {
  DirectConnectClientException = "the service takes the request for wrong; the message says why, and reason where it "
    .. "is known",
  DirectConnectServerException = "the service failed; sending it again may help",
  DuplicateTagKeysException = "a tag key is there twice",
  TooManyTagsException = "a resource can have 50 tags",
}

local function method_of(name)
  return operations.find(name).method
end

local function name_of(method)
  local op = operations.find(method)
  return op and op.name
end

-- Every reason that an error can have.
local function reasons()
  local list = {}
  for name in pairs(require("dxconnect.resources.reasons").hints) do
    list[#list + 1] = name
  end
  table.sort(list)
  return list
end

local function sorted_rows(map, cells)
  local rows = {}
  for name, value in pairs(map) do
    rows[#rows + 1] = cells(name, value)
  end
  table.sort(rows, function(a, b)
    return a[1] < b[1]
  end)
  return rows
end

-- ---- the emulator

local fault_rows = {
  { "operation", "the operation that it concerns, in either spelling; any, where left out" },
  { "match", "members that must be equal; in Lua also a function of the params" },
  { "times", "how often it happens; 1 unless told" },
  { "skip", "calls that pass before" },
  { "throttle", "true answers that there were too many requests" },
  { "status", "status of the answer" },
  { "code", "code of the error" },
  { "message", "text of the error" },
  { "body", "body of the answer, such as a proxy's page" },
  { "headers", "headers of the answer" },
  { "lost", "true: no answer arrives" },
  { "latency", "seconds before the answer" },
  { "applied", "whether the operation takes effect all the same: yes unless told where the answer is lost or late, no "
    .. "where an error is answered" },
}

local endpoints = {
  { "GET /_dxconnect/health", "whether it runs, its version and its time" },
  { "GET /_dxconnect/state", "everything that exists, as a file of the format dxconnect-state" },
  { "POST /_dxconnect/state", "takes up such a file in place of what there is" },
  { "POST /_dxconnect/reset", "empties it, its faults and its log, and sets the clock back" },
  { "POST /_dxconnect/seed", "fills it: \"estate\", or an object of lists of resources by kind" },
  { "POST /_dxconnect/clock", "moves its time: {\"advance\": seconds} or {\"set\": Unix seconds}; never backwards" },
  { "GET /_dxconnect/faults", "the faults that are still to come" },
  { "POST /_dxconnect/faults", "orders a fault: an object of the members below" },
  { "DELETE /_dxconnect/faults", "calls all faults off" },
  { "GET /_dxconnect/requests", "the last requests, secrets hidden" },
  { "GET /_dxconnect/resources/ID", "a resource" },
  { "PATCH /_dxconnect/resources/ID", "sets members of a resource" },
  { "POST /moto-api/reset", "another name of reset" },
  { "GET /moto-api/data.json", "another name of state" },
  { "GET /_localstack/health", "another name of health" },
  { "POST /_localstack/state/reset", "another name of reset" },
}

local function emulator_page()
  local delay_rows = {}
  for _, row in ipairs(sorted_rows(delays, function(kind, states)
    local parts = sorted_rows(states, function(state, seconds)
      return { ("%s %d"):format(state, seconds) }
    end)
    for i, part in ipairs(parts) do
      parts[i] = part[1]
    end
    return { kind, table.concat(parts, ", ") }
  end)) do
    delay_rows[#delay_rows + 1] = row
  end
  return {
    file = "emulator.html", title = "The emulator",
    about = "A Direct Connect of one's own for tests, in process by dxconnect.emulator, or served over HTTP by "
      .. "emulator:serve and the command's verb emulator.",
    {
      id = "endpoints", title = "Control over HTTP", head = { "Request", "What it does" }, rows = endpoints,
      text = "Served, it answers these beside the service itself, so that tests in any language can drive it. All "
        .. "bodies are JSON. A path that is not there is 404, a wrong method 405.",
    },
    {
      id = "faults", title = "Faults", head = { "Member", "Meaning" }, rows = fault_rows,
      text = "emulator:fault takes such a table, POST /_dxconnect/faults such an object.",
      code = 'emulator:fault{ operation = "create_lag", lost = true }',
    },
    {
      id = "quotas", title = "Quotas", head = { "Name", "Number" },
      text = "The option quotas sets some by these names, and false lifts all of them.",
      rows = sorted_rows(quotas, function(name, number)
        return { name, tostring(number) }
      end),
      code = "dxconnect.emulator{ quotas = { gateways = 2 } }",
    },
    {
      id = "delays", title = "Delays", head = { "Kind", "Seconds in each state" }, rows = delay_rows,
      text = "How long states take. The option delays sets some: {kind = {state = seconds}}. A state that is not here "
        .. "lasts until a call ends it.",
      code = "dxconnect.emulator{ delays = { connection = { pending = 5 } } }",
    },
  }
end

-- ---- inventories

local metric_rows = {
  { "dxconnect_up", "client, region, operation", "1 where the list could be read, else 0" },
  { "dxconnect_resource_state", "kind, id, name, state", "always 1; the state is a label" },
  { "dxconnect_bgp_up", "id, interface, address_family", "1 where the session is up, else 0" },
  { "dxconnect_encryption_up", "id, name", "1 where the port encrypts, else 0" },
  { "dxconnect_mac_sec_keys", "id, state", "MACsec keys of a port" },
  { "dxconnect_mac_sec_key_age_seconds", "id, ckn, state", "how long ago a key took effect" },
  { "dxconnect_prefix_pool_size", "id, address_family", "prefixes in the pool of a port" },
  { "dxconnect_prefix_pool_unallocated", "id, address_family", "those that no interface has taken" },
  { "dxconnect_quota_used", "id, quota", "how much of a quota is used" },
  { "dxconnect_quota_allowed", "id, quota", "how much a quota allows" },
  { "dxconnect_findings", "rule, severity", "findings of inventory:assess" },
  { "dxconnect_read_timestamp_seconds", "", "when it was read; ages are as of then" },
}

local ALERTS = [[
groups:
  - name: dxconnect
    rules:
      - alert: DirectConnectDown
        expr: dxconnect_resource_state{kind=~"connection|lag|virtual_interface", state="down"} == 1
        for: 5m
      - alert: BgpDown
        expr: dxconnect_bgp_up == 0
        for: 5m
      - alert: EncryptionDown
        expr: dxconnect_encryption_up == 0
        for: 5m
      - alert: MacSecKeyOld
        expr: dxconnect_mac_sec_key_age_seconds > 90 * 86400
      - alert: PrefixPoolNearlyEmpty
        expr: dxconnect_prefix_pool_unallocated / dxconnect_prefix_pool_size < 0.1
      - alert: QuotaNearlyUsed
        expr: dxconnect_quota_used / dxconnect_quota_allowed > 0.8
      - alert: InventoryIncomplete
        expr: dxconnect_up == 0
      - alert: InventoryOld
        expr: time() - dxconnect_read_timestamp_seconds > 3600]]

local function inventory_page()
  local rule_rows, volatile_rows = {}, {}
  for i, rule in ipairs(rules) do
    rule_rows[i] = { rule.name, rule.severity, rule.words }
  end
  for i, name in ipairs(volatile) do
    volatile_rows[i] = { name }
  end
  return {
    file = "inventory.html", title = "Inventories",
    about = "dxconnect.inventory reads the whole estate; rules judge it, metrics show it, and two can be compared.",
    {
      id = "rules", title = "Rules", head = { "Rule", "Severity", "Holds where" }, rows = rule_rows,
      text = "inventory:assess points at what breaks one of these.",
    },
    {
      id = "metrics", title = "Metrics", head = { "Name", "Labels", "Meaning" }, rows = metric_rows,
      text = "inventory:metrics and `dxconnect metrics` print them as Prometheus text.",
    },
    { id = "alerts", title = "Alerts to start from", text = "A file of rules for Prometheus.", code = ALERTS },
    {
      id = "volatile", title = "Volatile members", head = { "Member" }, rows = volatile_rows,
      text = "Members that change without anything having changed: inventory:diff leaves them out.",
    },
  }
end

-- ---- files

local function pretty(text)
  return assert(json.encode(assert(json.decode(text)), { pretty = true, reveal = true }))
end

local function read_and_remove(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("*a")
  file:close()
  os.remove(path)
  return text
end

local function clock()
  return NOW
end

local function formats_page()
  local emulator = dxconnect.emulator { clock = clock }
  assert(emulator:seed { gateway = { { directConnectGatewayId = "5f294f92-bafb-4011-916d-9b0bec1a2b3c" } } })
  local path = os.tmpname()
  assert(emulator:save(path))
  local state = read_and_remove(path)
  os.remove(path)
  local record = assert(dxconnect.record(emulator.transport, path))
  local client = assert(dxconnect.client {
    region = "us-east-1", transport = record, system = { clock = clock },
    credentials = { access_key_id = "test", secret_access_key = "test" },
  })
  assert(client:describe_direct_connect_gateways())
  record:done()
  local tape = read_and_remove(path)
  client = assert(dxconnect.client {
    region = "us-east-1", transport = emulator.transport, system = { clock = clock },
    credentials = { access_key_id = "test", secret_access_key = "test" },
  })
  local inventory = assert(dxconnect.inventory { clients = { lab = client } })
  return {
    file = "formats.html", title = "Files and formats",
    about = "Inventories, emulator states and tapes are JSON that names its format and version. A newer version, a cut "
      .. "file and one that is no JSON are errors when it is read.",
    {
      id = "dxconnect-inventory", title = "dxconnect-inventory",
      text = "What inventory:json writes and inventory.load reads: resources and links, what could not be read, and "
        .. "which lists were. Secrets are hidden. Here one with a single gateway.",
      code = pretty(inventory:json()),
    },
    {
      id = "dxconnect-state", title = "dxconnect-state",
      text = "What emulator:save writes and the option state of dxconnect.emulator takes up: every record, by kind, "
        .. "with the time and what happens next. BGP keys are in it: it is its owner's alone.",
      code = pretty(state),
    },
    {
      id = "dxconnect-tape", title = "dxconnect-tape",
      text = "What dxconnect.record writes and dxconnect.replay reads: a line with format and version, then an "
        .. "exchange a line. No secret, key id, signature, token or account number is in it.",
      code = tape,
    },
  }
end

-- ---- the command, and retries

local function command_page()
  local rows = {}
  for i, verb in ipairs(guide.verbs) do
    rows[i] = { verb[1], verb[2] }
  end
  return {
    file = "command.html", title = "The command", about = "dxconnect VERB: what the library does, on the command line.",
    {
      id = "verbs", title = "Verbs", head = { "Verb", "What it does" }, rows = rows,
      text = "`dxconnect VERB --help` tells the options of each.",
    },
    {
      id = "status", title = "Exit status", head = { "Status", "Meaning" },
      rows = {
        { "0", "done" }, { "1", "an error, in one line on standard error" }, { "2", "wrong usage or parameters" },
        { "3", "assess and diff found something" }, { "130", "interrupted by Ctrl-C" },
      },
      text = "Nothing that bills or interrupts traffic is sent without --yes, or a yes typed on a terminal. Secrets "
        .. "are hidden unless --reveal is given.",
    },
  }
end

local function retries_page()
  local rows = {}
  for _, name in ipairs { "read", "repeatable", "token", "once" } do
    rows[#rows + 1] = { name, guide.retries[name] }
  end
  return {
    file = "retries.html", title = "Retries", about = guide.retries_text[1],
    { id = "kinds", title = "What may be sent twice", head = { "Word", "Meaning" }, rows = rows,
      text = guide.retries_text[2] },
  }
end

local function list()
  return { emulator_page(), inventory_page(), formats_page(), command_page(), retries_page() }
end

local function first_links()
  return {
    { "errors.html", "Errors", "what err and meta hold, and the codes" },
    { "settings.html", "Settings", "options of a client, with variables and profile keys" },
    { "function-waiters.html", "States to wait for", "what each means, and how long a wait may take" },
    { "retries.html", "Retries", "what may be sent twice" },
    { "emulator.html", "The emulator", "control over HTTP, faults, quotas, delays" },
    { "inventory.html", "Inventories", "rules, metrics, alerts, volatile members" },
    { "formats.html", "Files and formats", "inventories, states and tapes, with an example each" },
    { "command.html", "The command", "verbs and exit status" },
  }
end

local where_settings_are_from = "What is left out comes from the environment, then the profile, then a default; "
  .. "client:explain tells where each value came from."

return {
  where_settings_are_from = where_settings_are_from,
  service_errors = service_errors,
  method_of = method_of,
  name_of = name_of,
  reasons = reasons,
  list = list,
  first_links = first_links,
  first_example = [[
local dxconnect = require "dxconnect"

local client = assert(dxconnect.client{ region = "us-east-1", profile = "network" })
local result, err = client:describe_lags{ lagId = "dxlag-ffabc123" }
print(result or err)]],
}
