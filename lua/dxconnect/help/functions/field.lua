--- Words for MACsec, field work and inventories; see init.lua.

return {
  {
    name = "rotate_mac_sec_key",
    group = "macsec",
    usage = "client:rotate_mac_sec_key({connectionId, secretARN | ckn, cak}, options) -> port | nil, err",
    about = "a new MACsec key in, the old ones out, traffic encrypted throughout",
    text = [[
Associates the new key (made here where none is given), waits until it is in use, hands CKN and CAK to
options.configure(ckn, cak, port), waits for encryption where the mode asks for it, then removes the old keys. A failure
leaves the old key; run again, it carries on. configure stops it by raising, or by returning false or nil and words.
Other options: dry_run (actions is the plan), require_encryption_up (by default only under must_encrypt), timeout, delay
and on_poll of the waits. The port comes with actions (what was done, in words), ckn, and cak where it was made.]],
    example = [[
local port = assert(client:rotate_mac_sec_key({
  connectionId = "dxlag-ffabc123",
}, {
  configure = function(ckn, cak) return set_up_router(ckn, cak:reveal()) end,
}))]],
  },
  {
    name = "macsec.generate",
    group = "macsec",
    usage = "dxconnect.macsec.generate() -> {ckn, cak}",
    about = "a new CKN and CAK from the operating system's random source",
    text = [[The CAK is a secret: it goes wherever a string member does, and cak:reveal() shows it.]],
    example = [[local key = dxconnect.macsec.generate()]],
  },
  {
    name = "macsec.audit",
    group = "macsec",
    usage = "dxconnect.macsec.audit(clients) -> ports",
    about = "every port that can do MACsec, its keys and what is wrong with them",
    text = [[
clients: a list of them, or a table of names to clients. Each port: {client, account, region, connectionId | lagId |
interconnectId, encryptionMode, portEncryptionStatus, macSecKeys, problems}.
problems are "no key", "stuck" (more than an hour on its way), "down", "one key" (under must_encrypt); a client that
fails has an entry with error. Printed, the list is a table.]],
    example = [[print(dxconnect.macsec.audit{ client })]],
  },
  {
    name = "macsec.rotate_all",
    group = "macsec",
    usage = "dxconnect.macsec.rotate_all(clients, options) -> report | nil, err",
    about = "new MACsec keys for all ports of several clients that are due",
    text = [[
Due are ports whose newest key is older than older_than seconds, or that have no key that works. Clients side by side,
one port at a time in each; members as their LAG. The report has done, failed, skipped and warnings: lists of {client,
region, connectionId, reason or error, actions}. It prints as the body of a mail, without a secret.
options: older_than, ports (ids), configure(ckn, cak, port), dry_run, on_progress(done, total, entry), timeout (a port),
check_secrets (warn of keys whose secret is scheduled for deletion).]],
    example = [[
print(dxconnect.macsec.rotate_all({ lab = client }, {
  older_than = 90 * 86400, dry_run = true,
}))]],
  },
  {
    name = "secret",
    group = "macsec",
    usage = "dxconnect.secret(value) -> secret",
    about = "a value in locked memory, wiped when it is no longer used; prints as <secret>",
    text = [[Taken wherever a string member is. secret:reveal() shows the value, secret:close() wipes it now.]],
    example = [[local cak = dxconnect.secret(("0f"):rep(32))]],
  },
  {
    name = "secret.from_file",
    group = "macsec",
    usage = "dxconnect.secret.from_file(path, {logger = f}) -> secret | nil, err",
    about = "a secret from a file; one line end at its end is dropped",
    text = [[Warns through the logger where other users could read it.]],
    example = [[local cak = assert(dxconnect.secret.from_file("/run/secrets/cak"))]],
  },
  {
    name = "secret.from_env",
    group = "macsec",
    usage = "dxconnect.secret.from_env(name) -> secret | nil, err",
    about = "a secret from an environment variable",
    text = [[The environment itself keeps its copy.]],
    example = [[local cak = assert(dxconnect.secret.from_env("ROUTER_CAK"))]],
  },
  {
    name = "failover_test",
    group = "field",
    usage = "client:failover_test({virtualInterfaceId, bgpPeers, testDurationInMinutes}, options) -> report | nil, err",
    about = "a BGP failover test with a look before, a watch beside and a wait after it",
    text = [[
Begins only where the interface is available, its peers are up, no test runs, and another path to the same gateway is
up. The start is sent once. The test is stopped where the backup goes down, abort_if says so, or anything fails.
options: require_backup (true), abort_if(state) and on_poll(state) with state = {interface, backup, elapsed}, dry_run,
delay, and those of a call. The report has test, actions, before, during, after, restored, aborted.
err.maybe_applied: the test may be running; err.hint says how to stop it.]],
    example = [[
local report, err = client:failover_test({
  virtualInterfaceId = "dxvif-ffabc123", testDurationInMinutes = 10,
}, {
  abort_if = function(state) return state.elapsed > 300 end,
})
print(report or err)]],
  },
  {
    name = "save_loa",
    group = "field",
    usage = "client:save_loa(id, path, options) -> {path, bytes, type} | nil, err",
    about = "the letter of authorization (LOA-CFA) of a port as a file",
    text = [[
The file is whole or not there, its owner's alone (0600), and replaces no file unless overwrite = true.
options: overwrite, provider_name, and those of a call. Writing blocks, also in a task and in nginx.]],
    example = [[
assert(client:save_loa("dxcon-ffabc123", "loa.pdf"))]],
  },
  {
    name = "save_router_configuration",
    group = "field",
    usage = "client:save_router_configuration(virtualInterfaceId, path, options) -> {path, bytes, type} | nil, err",
    about = "the configuration of a router for a virtual interface as a file",
    text = [[
options: router, the identifier of a router type or words of vendor and platform (dxconnect.routers lists those that
are known; where words fit none or several, err.choices lists them); overwrite, and those of a call.
The file may hold the BGP key: it is its owner's alone.]],
    example = [[
assert(client:save_router_configuration("dxvif-ffabc123", "router.txt", {
  router = "juniper mx",
}))]],
  },
  {
    name = "routers",
    group = "field",
    usage = "dxconnect.routers",
    about = "the router types that are known, for save_router_configuration",
    text = [[A list of {routerTypeIdentifier, vendor, platform, software}; the service has no operation for it.]],
    example = [[print(dxconnect.routers[1].routerTypeIdentifier)]],
  },
  {
    name = "inventory",
    group = "inventory",
    usage = "dxconnect.inventory(options) -> inventory | nil, err",
    about = "everything of several accounts and regions as one value",
    text = [[
options: clients (a client, a list, or a table of names to clients), regions (by default each client's own),
concurrency (16 requests in flight), routes = true reads the routes of interfaces, locations = true keeps locations
without a port. What could not be read is in inventory.errors, and inventory.complete is false then; it is never taken
for gone. inventory.resources and inventory.links are lists. Printed, it is a table for each kind.]],
    example = [[
local inventory = assert(dxconnect.inventory{
  clients = { lab = client }, regions = { "us-east-1", "eu-central-1" },
})
print(inventory)]],
  },
  {
    name = "inventory.load",
    group = "inventory",
    usage = "dxconnect.inventory.load(text) -> inventory | nil, err",
    about = "an inventory from what inventory:json() gave",
    text = [[A newer version of the format, a cut text and one that is no JSON are errors.]],
    example = [[
local older = assert(dxconnect.inventory.load(inventory:json()))]],
  },
  {
    name = "inventory.rules",
    group = "inventory",
    usage = "dxconnect.inventory.rules",
    about = "the rules of inventory:assess, as data",
    text = [[A list of {name, severity, words, find}; find(inventory, context) returns a rule's findings.]],
    example = [[
for _, rule in ipairs(dxconnect.inventory.rules) do
  print(rule.name, rule.words)
end]],
  },
  {
    name = "inventory:find",
    group = "inventory",
    usage = "inventory:find(id) -> resource | nil",
    about = "the resource with an id",
    text = [[
A resource is {kind, id, name, state, client, account, region, tags, data}; data is the service's own table.]],
    example = [[print(inventory:find("dxcon-ffabc123"))]],
  },
  {
    name = "inventory:each",
    group = "inventory",
    usage = "inventory:each(filter) -> iterator",
    about = "the resources that fit every filter",
    text = [[
filter has kind, state, client, region, account, name, id, and tags, a table of keys. Each is a value, a function of
the value, or, after ~, a Lua pattern.]],
    example = [[
for port in inventory:each{ kind = "connection", name = "~^core" } do
  print(port.id, port.state)
end]],
  },
  {
    name = "inventory:linked",
    group = "inventory",
    usage = "inventory:linked(resource or id, kind of link) -> resources",
    about = "the resources that are linked with one, in either direction",
    text = [[
Kinds of links: at (port, location), member (connection, LAG), hosted_on (hosted connection, parent), on (interface,
port), peer (peer, interface), key (key, port), attached (interface, gateway), associated (gateway, what it joins),
grouped (port, resiliency group). Without a kind, all.]],
    example = [[print(#inventory:linked("dxcon-ffabc123", "on"))]],
  },
  {
    name = "inventory:json",
    group = "inventory",
    usage = "inventory:json() -> text",
    about = "the inventory as a file to keep",
    text = [[Secrets are hidden in it. The same estate gives the same bytes. dxconnect.inventory.load reads it.]],
    example = [[local text = inventory:json()]],
  },
  {
    name = "inventory:csv",
    group = "inventory",
    usage = "inventory:csv() -> text",
    about = "a line of CSV for each resource",
    text = [[Columns are kind, id, name, state, client, account, region and tags.]],
    example = [[print(inventory:csv())]],
  },
  {
    name = "inventory:dot",
    group = "inventory",
    usage = "inventory:dot() -> text",
    about = "resources and links as a graph for Graphviz",
    text = [[Resources are nodes, links are edges; colours tell states.]],
    example = [[print(inventory:dot())]],
  },
  {
    name = "inventory:svg",
    group = "inventory",
    usage = "inventory:svg() -> text",
    about = "a picture of the estate that needs nothing beside it",
    text = [[Titles and colours tell states. A browser opens it.]],
    example = [[local picture = inventory:svg()]],
  },
  {
    name = "inventory:diff",
    group = "inventory",
    usage = "newer:diff(older) -> changes",
    about = "what changed between two inventories",
    text = [[
A list of {change = "added", "removed" or "changed", kind, id, name, path, before, after} that prints a line each.
What either inventory could not read is no change; volatile members and the order of tags are left out; no secret is
shown.]],
    example = [[print(inventory:diff(older))]],
  },
  {
    name = "inventory:assess",
    group = "inventory",
    usage = "inventory:assess(options) -> findings | nil, err",
    about = "what a careful engineer would point at",
    text = [[
A list of {severity = "critical", "warning" or "note", rule, id, message, hint}, worst first, that prints as a table.
options: target, the level of resiliency to reach ("maximum", "high" unless told, "basic"), and targets, a table of
gateway or group ids to levels.]],
    example = [[print(inventory:assess{ target = "high" })]],
  },
  {
    name = "inventory:resiliency",
    group = "inventory",
    usage = "inventory:resiliency(gateway) -> {level, paths, locations, devices, why}",
    about = "the level of resiliency of a gateway's paths",
    text = [[
level is "maximum" (two locations with two devices each), "high" (two locations), "basic" (two devices at one
location), "none" or "unknown", where devices or locations are not told.]],
    example = [[print(inventory:resiliency("5f294f92-bafb-4011-916d-9b0bec1a2b3c").level)]],
  },
  {
    name = "inventory:metrics",
    group = "inventory",
    usage = "inventory:metrics() -> text",
    about = "the inventory as Prometheus text",
    text = [[States, sessions, keys and their age, prefix pools, quotas, findings. No label holds a secret.]],
    example = [[print(inventory:metrics())]],
  },
  {
    name = "watch",
    group = "inventory",
    usage = "dxconnect.watch(options) -> watch | nil, err",
    about = "reads again and again, and tells what changed",
    text = [[
options: those of dxconnect.inventory, interval in seconds (30), on_change(change, inventory, watch), on_error(entry,
watch), kinds (a list), shared_dict (inside nginx, the lua_shared_dict whose lock lets one worker watch). The first
reading is no change. watch:stop() ends it, watch.inventory is the newest complete one. In a task and in nginx it
returns at once; elsewhere when it was stopped from within.]],
    example = [[
dxconnect.watch{
  clients = client, interval = 60,
  on_change = function(change, _, watch)
    print(change)
    watch:stop()
  end,
}]],
  },
  {
    name = "watch:stop",
    group = "inventory",
    usage = "watch:stop()",
    about = "ends a watch",
    text = [[No callback is called any more.]],
    example = [[watch:stop()]],
  },
}
