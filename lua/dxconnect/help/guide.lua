--- The help's pages on what is no operation: topics, functions, and what all calls have in common.

-- Topics of the model, in the order of the overview, with their titles.
local topics = {
  { name = "connection", title = "Connections" },
  { name = "lag", title = "Link aggregation groups (LAGs)" },
  { name = "interconnect", title = "Interconnects, for partners" },
  { name = "macsec", title = "MACsec keys" },
  { name = "virtual_interface", title = "Virtual interfaces" },
  { name = "bgp", title = "BGP sessions and failover tests" },
  { name = "gateway", title = "Direct Connect gateways and virtual gateways" },
  { name = "resiliency_group", title = "Resiliency groups" },
  { name = "tag", title = "Tags" },
  { name = "account", title = "Locations, agreements" },
}

-- Functions, in the order of the overview: name, how it is called, one line, then as much text as it takes.
local functions = {
  {
    name = "client",
    usage = "dxconnect.client(options) -> client | nil, err",
    about = "a client with settings, credentials and connections of its own",
    text = [[
What options leave out comes from the environment, then the profile, then a default; help("options") lists them.
Making a client sends nothing. Without a client, dxconnect.OPERATION(params) works on one made at first use.]],
    example = [[local client = assert(dxconnect.client{ region = "eu-central-1", profile = "network" })]],
  },
  {
    name = "call",
    usage = "client:call(name, params, options) -> result, nil, meta | nil, err",
    about = "any operation by its name, in either spelling",
    text = [[
options.unmodeled = true sends an operation, or members, that this version does not know yet; what it knows is still
checked. meta is {request_id, status, attempts, elapsed, headers}.]],
    example = [[local lags, err = client:call("DescribeLags", { lagId = "dxlag-ffabc123" })]],
  },
  {
    name = "prepare",
    usage = "client:prepare(name, params) -> {method, url, headers, body} | nil, err",
    about = "the signed request, not sent",
    text = [[Its strings hold the secrets that belong in them; printing the table hides them.]],
    example = [[print(client:prepare("describe_locations"))]],
  },
  {
    name = "send",
    usage = "client:send(request, options) -> result, nil, meta | nil, err",
    about = "one signed call to another AWS service",
    text = [[
A JSON RPC call is {service, target, params, version}, any other request {service, method, path or url, query, headers,
body}; options are {region, endpoint_url, repeatable} and those of any call. The client's credentials, retries, clock,
time-outs, transport and logger serve here, too. Unless it is repeatable, the request is sent again only where it surely
had no effect. A JSON answer is decoded, any other is {status, headers, body}.]],
    example = [[
local events, err = client:send({
  service = "health", target = "AWSHealth_20160804.DescribeEvents",
  params = { filter = { services = { "DIRECTCONNECT" } } },
}, { region = "us-east-1", repeatable = true })]],
  },
  {
    name = "pages",
    usage = "client:pages(name, params, options) -> iterator",
    about = "a list, page by page",
    text = [[
A page is the operation's result. A failure is raised, as the usual error table. Inside a task the next page is fetched
while the one before is worked on.]],
    example = [[
for page in client:pages("describe_connections") do
  print(#page.connections)
end]],
  },
  {
    name = "items",
    usage = "client:items(name, params, options) -> iterator",
    about = "a list, item by item, over all pages",
    text = [[A failure is raised, as the usual error table. Lists that do not page work as well.]],
    example = [[
for interface in client:items("describe_virtual_interfaces") do
  print(interface.virtualInterfaceId, interface.virtualInterfaceState)
end]],
  },
  {
    name = "all",
    usage = "client:all(operation, params, options) -> result | nil, err, meta",
    about = "every page of a list joined into one result",
    text = [[The result of the operation with the whole list and no token.]],
    example = [[
local result, err = client:all("describe_connections")]],
  },
  {
    name = "batch",
    usage = "client:batch({{name, params, options}, ...}, options) -> results",
    about = "many calls in flight at once, results in order",
    text = [[
results[i] is {result = ...} or {error = ...}.
options: concurrency (16), stop_on_error, on_progress(done, total, item).]],
    example = [[
local results = client:batch({ { "describe_lags" }, { "describe_connections" } }, { concurrency = 2 })]],
  },
  {
    name = "map",
    usage = "client:map(name, {params, ...}, options) -> results",
    about = "one operation over a list of parameters, like batch",
    text = [[options as those of batch.]],
    example = [[
local results = client:map("delete_virtual_interface", {
  { virtualInterfaceId = "dxvif-ffabc123" },
  { virtualInterfaceId = "dxvif-ffabc456" },
})]],
  },
  {
    name = "progress",
    usage = "dxconnect.progress(file) -> function for on_progress",
    about = "a progress bar for batch and map",
    text = [[Drawn over and over on a terminal, standard error by default; into a file goes its last line only.]],
    example = [[
client:map("delete_virtual_interface", list, { on_progress = dxconnect.progress() })]],
  },
  {
    name = "parallel",
    usage = "dxconnect.parallel({f, ...}, options) -> results",
    about = "functions side by side; calls of all clients in them overlap",
    text = [[
results[i] is {result = ...} or {error = ...}; returning nil, err is an error, and so is what a function raises.
Options as of batch.]],
    example = [[
local results = dxconnect.parallel{
  function() return frankfurt:describe_connections() end,
  function() return virginia:describe_connections() end,
}]],
  },
  {
    name = "wait_until",
    usage = "client:wait_until(state, params, options) -> resource | nil, err",
    about = "polls until a resource has reached a state",
    text = [[
dxconnect.waiters lists the states. params are what the operation takes that describes the resource; of mac_sec_key_...
and port_encryption_up {connectionId}, which may be that of a LAG or interconnect, for a key with its ckn or secretARN;
of bgp_... {virtualInterfaceId, bgpPeerId}. options: delay and timeout in seconds, on_poll(resource, state, elapsed).
A resource that goes down ends the wait and is returned; one whose state cannot lead there, or that is not found, is
WaiterFailedError; ..._deleted returns what is gone as last seen, or {}. Many waits in tasks share their requests.]],
    example = [[
local connection = assert(client:wait_until("connection_available", { connectionId = "dxcon-ffabc123" }))]],
  },
  {
    name = "waiters",
    usage = "dxconnect.waiters[state] -> {operation, delay, timeout}",
    about = "the states that wait_until knows",
    text = [[RESOURCE_STATE, such as lag_available, mac_sec_key_associated, virtual_interface_deleted, bgp_status_up.]],
    example = [[for name, waiter in pairs(dxconnect.waiters) do print(name, waiter.timeout) end]],
  },
  {
    name = "create_once",
    usage = "client:create_once(name, params, {token = text}) -> resource, nil, meta | nil, err",
    about = "a create operation that nothing doubles: no fault, no crash, no second run",
    text = [[
The resource is marked with the token, or recognised by what makes it unique, and looked for before anything is sent.
meta.found is true where it was there already. Without a token, faults within this one call are covered.
What has the same key but is another thing is an error with reason = "conflict".]],
    example = [[
local connection = assert(client:create_once("create_connection", {
  location = "EqDC2", bandwidth = "10Gbps", connectionName = "berlin-1",
}, { token = "berlin-1 of 2026" }))]],
  },
  {
    name = "failover_test",
    usage = "client:failover_test({virtualInterfaceId, bgpPeers, testDurationInMinutes}, options) -> report | nil, err",
    about = "a BGP failover test with a look before, a watch beside and a wait after it",
    text = [[
Begins only where the interface is available, its peers are up, no test runs, and another path to the same gateway is
up. The start is sent once. The test is stopped where the backup goes down, abort_if says so, or anything fails.
options: require_backup (true), abort_if(state) and on_poll(state) with state = {interface, backup, elapsed}, dry_run,
delay, and those of a call. The report has test, actions, before, during, after, restored, aborted.
err.maybe_applied: the test may be running; err.hint says how to stop it.]],
    example = [[
local report, err = client:failover_test({ virtualInterfaceId = "dxvif-ffabc123", testDurationInMinutes = 10 }, {
  abort_if = function(state) return state.elapsed > 300 end,
})
print(report or err)]],
  },
  {
    name = "save_loa",
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
    usage = "client:save_router_configuration(virtualInterfaceId, path, options) -> {path, bytes, type} | nil, err",
    about = "the configuration of a router for a virtual interface as a file",
    text = [[
options: router, the identifier of a router type or words of vendor and platform (dxconnect.routers lists those that
are known; where words fit none or several, err.choices lists them); overwrite, and those of a call.
The file may hold the BGP key: it is its owner's alone.]],
    example = [[
assert(client:save_router_configuration("dxvif-ffabc123", "router.txt", { router = "juniper mx" }))]],
  },
  {
    name = "rotate_mac_sec_key",
    usage = "client:rotate_mac_sec_key({connectionId, secretARN | ckn, cak}, options) -> port | nil, err",
    about = "a new MACsec key in, the old ones out, traffic encrypted throughout",
    text = [[
Associates the new key (made here where none is given), waits until it is in use, hands CKN and CAK to
options.configure(ckn, cak, port), waits for encryption where the mode asks for it, then removes the old keys. A failure
leaves the old key; run again, it carries on. configure stops it by raising, or by returning false or nil and words.
Other options: dry_run (actions is the plan), require_encryption_up (by default only under must_encrypt), timeout, delay
and on_poll of the waits. The port comes with actions (what was done, in words), ckn, and cak where it was made.]],
    example = [[
local port = assert(client:rotate_mac_sec_key({ connectionId = "dxlag-ffabc123" }, {
  configure = function(ckn, cak) return set_up_router(ckn, cak:reveal()) end,
}))]],
  },
  {
    name = "macsec.generate",
    usage = "dxconnect.macsec.generate() -> {ckn, cak}",
    about = "a new CKN and CAK from the operating system's random source",
    text = [[The CAK is a secret: it goes wherever a string member does, and cak:reveal() shows it.]],
    example = [[local key = dxconnect.macsec.generate()]],
  },
  {
    name = "macsec.audit",
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
    usage = "dxconnect.macsec.rotate_all(clients, options) -> report | nil, err",
    about = "new MACsec keys for all ports of several clients that are due",
    text = [[
Due are ports whose newest key is older than older_than seconds, or that have no key that works. Clients side by side,
one port at a time in each; members as their LAG. The report has done, failed, skipped and warnings: lists of {client,
region, connectionId, reason or error, actions}. It prints as the body of a mail, without a secret.
options: older_than, ports (ids), configure(ckn, cak, port), dry_run, on_progress(done, total, entry), timeout (a port),
check_secrets (warn of keys whose secret is scheduled for deletion).]],
    example = [[
print(dxconnect.macsec.rotate_all({ lab = client }, { older_than = 90 * 86400, dry_run = true }))]],
  },
  {
    name = "secret",
    usage = "dxconnect.secret(value) -> secret",
    about = "a value in locked memory, wiped when it is no longer used; prints as <secret>",
    text = [[Taken wherever a string member is. secret:reveal() shows the value, secret:close() wipes it now.]],
    example = [[local cak = dxconnect.secret(("0f"):rep(32))]],
  },
  {
    name = "secret.from_file",
    usage = "dxconnect.secret.from_file(path, {logger = f}) -> secret | nil, err",
    about = "a secret from a file; one line end at its end is dropped",
    text = [[Warns through the logger where other users could read it.]],
    example = [[local cak = assert(dxconnect.secret.from_file("/run/secrets/cak"))]],
  },
  {
    name = "secret.from_env",
    usage = "dxconnect.secret.from_env(name) -> secret | nil, err",
    about = "a secret from an environment variable",
    text = [[The environment itself keeps its copy.]],
    example = [[local cak = assert(dxconnect.secret.from_env("ROUTER_CAK"))]],
  },
  {
    name = "credentials",
    usage = "client:credentials() -> credentials | nil, err",
    about = "the keys in use and where they came from",
    text = [[
{access_key_id, secret_access_key, session_token, expiration, account_id, source}, hidden when printed. The client
option of the same name takes such a table, or a function that returns one.]],
    example = [[print(assert(client:credentials()).source)]],
  },
  {
    name = "explain",
    usage = "client:explain() -> settings",
    about = "every setting, its value and where it came from",
    text = [[t[name] is {value, origin}, secrets hidden. Look there first when a client does not do what you expect.]],
    example = [[print(client:explain())]],
  },
  {
    name = "close",
    usage = "client:close()",
    about = "ends a client's connections and wipes its keys",
    text = [[So does collecting the client. The calls of a closed one return a config error.]],
    example = [[client:close()]],
  },
  {
    name = "endpoint",
    usage = "dxconnect.endpoint(options) -> url | nil, err",
    about = "where a client with these options would send its calls",
    text = [[Takes a client's options.]],
    example = [[print(dxconnect.endpoint{ region = "us-gov-west-1", use_fips_endpoint = true })]],
  },
  {
    name = "sign",
    usage = "dxconnect.sign({method, url, headers, body}, {region, service, credentials, clock}) -> request | nil, err",
    about = "Signature Version 4 for any HTTP request",
    text = [[Returns a new request with the signature's headers added.]],
    example = [[
local request = dxconnect.sign({ method = "GET", url = "https://sts.us-east-1.amazonaws.com/" }, {
  region = "us-east-1", service = "sts", credentials = client:credentials(),
})]],
  },
  {
    name = "json",
    usage = "dxconnect.json(value, options) -> text",
    about = "JSON of a result, or of any table",
    text = [[
options: pretty = true for lines of their own, reveal = true shows secrets, which are "<hidden>" otherwise. Empty lists
of results are [], their empty structures {}. What JSON can't hold is an error.]],
    example = [[print(dxconnect.json(client:describe_lags(), { pretty = true }))]],
  },
  {
    name = "table",
    usage = "dxconnect.table(list, options) -> text",
    about = "a list as a table of columns",
    text = [[
options: columns, a list of members or paths ("tags.env" takes the tag of that key), the main ones unless told; width,
the terminal's unless told; reveal = true shows secrets. Names are cut to fit, ids never.]],
    example = [[
print(dxconnect.table(client:describe_connections(), { columns = { "connectionId", "tags.env" } }))]],
  },
  {
    name = "csv",
    usage = "dxconnect.csv(list, options) -> text",
    about = "a list as CSV",
    text = [[options: columns and reveal, as those of table. Cells are unaltered, what is a table in them is JSON.]],
    example = [[print(dxconnect.csv(client:describe_virtual_interfaces()))]],
  },
  {
    name = "log",
    usage = "dxconnect.log(file, { level }) -> logger",
    about = "a logger that prints a line for each attempt, retry, wait and renewal",
    text = [[Secrets never reach a logger. level = "wire" adds each request and answer, without them.]],
    example = [[local client = dxconnect.client{ region = "us-east-1", logger = dxconnect.log(io.stderr) }]],
  },
  {
    name = "loop",
    usage = "dxconnect.loop: spawn(f), pollfd(), events(), timeout(), step()",
    about = "the scheduler, driven by an event loop of yours",
    text = [[
An event loop watches the descriptor pollfd() for reading, and calls step() when it is readable and when timeout()
seconds have passed. Calls in spawned functions overlap. examples/ has it under cqueues and luv.]],
    example = [[dxconnect.loop.spawn(function() print(client:describe_lags()) end)]],
  },
  {
    name = "sleep",
    usage = "dxconnect.sleep(seconds)",
    about = "waits: in a task, inside nginx, or blocking, whichever fits",
    text = [[
Other tasks run meanwhile. In a task that called a client whose system.sleep was replaced, it waits by that.]],
    example = [[dxconnect.sleep(5)]],
  },
  {
    name = "transport",
    usage = "dxconnect.transport(\"curl\" or \"resty\", options) -> function | nil, err",
    about = "the real transport as a function, for a transport of your own to call",
    text = [[
transport({method, url, headers, body, connect_timeout, timeout}) returns {status, headers, body}, or nil, message,
kind. Options are a client's.]],
    example = [[
local real = assert(dxconnect.transport("curl"))
local client = dxconnect.client{ transport = function(request) return real(request) end }]],
  },
  {
    name = "config.capture",
    usage = "dxconnect.config.capture()",
    about = "keeps the environment, for nginx's init_by_lua",
    text = [[Workers of nginx do not see the environment that it was started with.]],
    example = [[dxconnect.config.capture()]],
  },
  {
    name = "record",
    usage = "dxconnect.record(transport, path, options) -> transport | nil, err",
    about = "a transport that keeps what goes over the wire in a file",
    text = [[
Without a transport the real one is recorded, with options of a client. The file is JSON, an exchange a line, and safe
to commit: no secret, key id, signature, token or account number is in it. record:done() closes it, and tells whether
everything was written. dxconnect.replay brings it back.]],
    example = [[
local record = dxconnect.record(nil, "ports.tape")
local client = dxconnect.client{ transport = record }]],
  },
  {
    name = "replay",
    usage = "dxconnect.replay(path, options) -> transport | nil, err",
    about = "a transport that answers from what was recorded",
    text = [[
Calls match by operation and params; account numbers and client tokens that were made here don't count. Equal calls are
answered in order, and waits take no time. A call that was not recorded is an error that names the nearest one;
replay:done() returns true, or nil, err where something was left over.]],
    example = [[
local replay = assert(dxconnect.replay("ports.tape"))
local client = dxconnect.client{ region = "us-east-1", transport = replay, credentials = keys }]],
  },
  {
    name = "stub",
    usage = "dxconnect.stub() -> transport",
    about = "a transport of hand-made answers",
    text = [[
stub:add(operation, params or nil, result) and stub:add_error(operation, code, message) add an answer for one call,
checked against the service model; stub:done() returns true, or nil, err where nobody asked for one.]],
    example = [[
local stub = dxconnect.stub():add("describe_lags", nil, { lags = {} })
local client = dxconnect.client{ region = "us-east-1", transport = stub, credentials = keys }]],
  },
  {
    name = "emulator",
    usage = "dxconnect.emulator({credentials, clock, region, state, quotas, delays}) -> emulator | nil, err",
    about = "a Direct Connect of one's own, for tests",
    text = [[
emulator.transport is a client's transport; emulator:serve{port = 0, on_ready = function(url) ... end} serves it over
HTTP on loopback. seed("estate") or seed{kind = {resource, ...}} fills it, set(id, members) changes what is there,
fault{...} orders a fault, advance(seconds) moves its time, reset() empties it. save(path) and the option state keep its
world. quotas = false lifts the service's quotas, a table sets them; delays = {kind = {state = seconds}}.]],
    example = [[
local emulator = dxconnect.emulator()
local client = dxconnect.client{
  region = "us-east-1", transport = emulator.transport,
  credentials = { access_key_id = "test", secret_access_key = "test" },
}]],
  },
  {
    name = "model",
    usage = "dxconnect.model.operations[name], dxconnect.model.shapes[name]",
    about = "operations and shapes as data",
    text = [[
Operations have input, output, errors, labels, retry, pages, topic; structures have members, order, required.]],
    example = [[print(dxconnect.model.operations.CreateLag.labels.bills)]],
  },
  {
    name = "help",
    usage = "dxconnect.help(), dxconnect.help(name) -> text",
    about = "this text",
    text = [[
name is an operation in either spelling, a topic, a shape, a function, an option, "errors", "retries", "options",
or a word to look for.]],
    example = [[print(dxconnect.help("associate_mac_sec_key"))]],
  },
}

-- What all calls have in common.
local pages = {
  errors = [[
Errors

A call that fails returns nil, err. err is a table that prints as one line. It has, as far as they are known:
  kind           params, config, credentials, transport, service, response, waiter
  code           the service's own code, or one of those below; always there
  message        what went wrong
  operation      the service's name of the operation
  status         the answer's HTTP status
  request_id     what AWS support asks for
  attempts       how often it was sent
  retryable      sending it later may help
  throttling     it was too much at once
  maybe_applied  the service may have carried it out, though no answer arrived; see help("retries")
  reason, hint   not_found, transitioning, already_done, quota, conflict, ..., and what to do
  problems       of params: list of {path, message}
  cause          the error behind this one

Codes of our own
  params       ParamValidationError, UnknownOperationError, NotConfirmedError
  config       ConfigError, NoRegionError
  credentials  NoCredentialsError, CredentialsError
  transport    ConnectionError, TimeoutError, TLSError, CancelledError
  response     ResponseError
  waiter       WaiterTimeoutError, WaiterFailedError]],
  retries = [[
Retries

Up to three attempts (max_attempts) with growing random waits, when the first surely had no effect, or when the
operation can be sent twice without harm. Each operation's help says which it is:
  read        sends again after any transient failure
  repeatable  likewise: the second time means "already so"
  token       likewise: a client token makes the repeat harmless
  once        sent again only when the first surely had no effect: it never left, or was refused or throttled
Where such a call fails after it may have arrived, the error says maybe_applied = true: look before you send again, or
use create_once, which looks for you.]],
}

return { topics = topics, functions = functions, pages = pages }
